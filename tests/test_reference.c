/* The reference backend on cases worked by hand: sector methods, operators, overlaps. Shares of a
 * whole are in test_reference_shares.c. Years 2000 .. 2005, H = 2002. */
#include "engine/lanes.h"
#include "engine/threefry.h"
#include "tests/harness.h"
#include "tests/plan_maker.h"
#include "tests/runner.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { H = 2, YEARS = 6, DRAWS = 3 };

static const double hundred[YEARS] = {80, NAN, 100, 0, 0, 0};

/* One value of city 0: cell, year index, draw. The plan is freed. */
typedef struct result {
    double value[4][YEARS][DRAWS];
} result;

static result run(tj_plan *plan, int32_t background, int32_t package)
{
    result r;
    tj_runner runner;
    tj_runner_open(&runner, tj_backend_find("reference"), plan, DRAWS);
    assert(tj_runner_length(&runner, 0) * sizeof(double) <= sizeof r.value);
    tj_status status = tj_runner_run(&runner, background, package, 0, 2, &r.value[0][0][0]);
    CU_ASSERT_EQUAL(status, TJ_OK);
    tj_runner_close(&runner);
    tj_plan_free(plan);
    return r;
}

static void near(double x, double expected)
{
    CU_ASSERT_DOUBLE_EQUAL(x, expected, 1e-12 * fmax(1, fabs(expected)));
}

/* ---- sector methods ---- */

static void history(void)
{
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 1);
    int32_t city = tj_maker_city(maker, 2002), cell = tj_maker_trend(maker, 0, hundred, 0);
    tj_maker_get_city(maker, city)->level = tj_fixed(1.5);
    tj_maker_get_city(maker, city)->backcast = tj_fixed(1.2);
    tj_maker_set_status(maker, cell, 2000, TJ_BACKCAST);
    result r = run(tj_maker_finish(maker), 0, 0);
    near(r.value[0][0][0], 80 * 1.5 * 1.2);
    CU_ASSERT(isnan(r.value[0][1][0])); /* a gap is left untouched */
    near(r.value[0][H][0], 150);
    near(r.value[0][H + 1][0], 150); /* the level multiplies the projection too */
}

static void damped_trend(void)
{
    tj_maker *maker = tj_maker_create(2000, 2005, 2, 1);
    tj_maker_city(maker, 2002);
    int32_t cell = tj_maker_trend(maker, 0, hundred, 0.1);
    const double ratio[YEARS] = {1, 1, 1, 0.9, 0.8, 0.7};
    tj_maker_get_cell(maker, cell)->delta = tj_fixed(0.5);
    tj_maker_set_ratio(maker, cell, 1, ratio);
    result r = run(tj_maker_finish(maker), 1, 0);
    /* 0.1 (1), 0.1 (1 + 1/2), 0.1 (1 + 1/2 + 1/4), times the background */
    near(r.value[0][3][0], 90 * exp(0.1));
    near(r.value[0][4][0], 80 * exp(0.15));
    near(r.value[0][5][0], 70 * exp(0.175));
}

static void noise(void)
{
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 1);
    tj_maker_city(maker, 2002);
    int32_t cell = tj_maker_trend(maker, 0, hundred, 0);
    tj_plan_cell *record = tj_maker_get_cell(maker, cell);
    record->rho = tj_fixed(0.5);
    record->sigma = tj_fixed(0.2);
    record->noise_stream = tj_stream("s.noise@c");
    tj_maker_settings(maker)->seed = 77;
    result r = run(tj_maker_finish(maker), 0, 0);
    for (uint32_t d = 0; d < DRAWS; d++) {
        double first = 0.2 * tj_normal_inverse(tj_uniform(77, tj_stream("s.noise@c"), d, 2003));
        double second =
            0.5 * first + 0.2 * tj_normal_inverse(tj_uniform(77, tj_stream("s.noise@c"), d, 2004));
        near(r.value[0][3][d], 100 * exp(first));
        near(r.value[0][4][d], 100 * exp(second));
    }
}

/* A city with 100 t in its last year, a shared shock of 0.1, and own noise about its mean where sigma > 0. */
static result run_shocked(int last, double sigma)
{
    const double history_of[YEARS] = {80, NAN, 100, 100, 0, 0};
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 1);
    tj_maker_city(maker, last);
    tj_plan_cell *record = tj_maker_get_cell(maker, tj_maker_trend(maker, 0, history_of, 0));
    record->shock = tj_fixed(0.1);
    record->shock_stream = tj_stream("s.shock@N");
    record->noise_stream = tj_stream("s.noise@c");
    record->rho = tj_fixed(0.5);
    record->sigma = tj_fixed(sigma);
    record->keeps_mean = 1;
    tj_maker_settings(maker)->seed = 77;
    return run(tj_maker_finish(maker), 0, 0);
}

/* n(t) = n(t-1) + 0.1 z'(t), with the same z' in a city that begins a year later; own noise with rho 0.5 and
 * sigma 0.2 has variance 0.04, then 0.25 0.04 + 0.04 = 0.05, and half of it is taken off. */
static void shared_shock(void)
{
    result early = run_shocked(2002, 0.2), late = run_shocked(2003, 0);
    for (uint32_t d = 0; d < DRAWS; d++) {
        double z[3], own[3];
        for (uint32_t t = 0; t < 3; t++) {
            z[t] = 0.1 * tj_normal_inverse(tj_uniform(77, tj_stream("s.shock@N"), d, 2003 + t));
            own[t] = 0.2 * tj_normal_inverse(tj_uniform(77, tj_stream("s.noise@c"), d, 2003 + t));
        }
        near(early.value[0][3][d], 100 * exp(own[0] + z[0] - 0.02));
        near(early.value[0][4][d], 100 * exp(0.5 * own[0] + own[1] + z[0] + z[1] - 0.025));
        near(late.value[0][4][d], 100 * exp(z[1]));
        near(late.value[0][5][d], 100 * exp(z[1] + z[2]));
    }
}

static void true_zero(void)
{
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 1);
    const double none[YEARS] = {5, 0, 0, 0, 0, 0};
    tj_maker_city(maker, 2002);
    int32_t cell = tj_maker_trend(maker, 0, none, 0.3);
    tj_maker_get_cell(maker, cell)->sigma = tj_fixed(0.5);
    result r = run(tj_maker_finish(maker), 0, 0);
    CU_ASSERT_EQUAL(r.value[0][5][1], 0);
}

static void intensity(void)
{
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 1);
    const double activity[YEARS] = {10, 10, 10, 20, 20, 40};
    tj_maker_city(maker, 2002);
    int32_t cell = tj_maker_intensity(maker, 0, hundred, 2);
    tj_maker_set_path(maker, tj_maker_driver(maker, cell, 0), 0, activity);
    tj_maker_set_level(maker, tj_maker_driver(maker, cell, 1), 2);
    tj_maker_set_level(maker, tj_maker_driver(maker, cell, 4), 0.2);
    tj_maker_set_level(maker, tj_maker_driver(maker, cell, 5), 0.4);
    tj_maker_get_driver(maker, tj_maker_driver(maker, cell, 0))->spread = tj_fixed(0.5);
    result r = run(tj_maker_finish(maker), 0, 0);
    /* H: 10 * 2 * (0.2 + 0.4) / 2 = 6, kappa = 100 / 6; then A = 10 + (20 - 10) / 2 = 15, 25 in 2005 */
    near(r.value[0][3][0], 150);
    near(r.value[0][5][0], 250);
}

/* A path of 10, 20, 30, 50 from H on, read at half and at twice its pace, from H or from 2003; one draw's activity is
 * its emission over ten. */
static void paced(void)
{
    static const struct {
        double pace, spread;
        int32_t from;
        double expected[3];
    } cases[] = {
        {0.5, 1, 0, {15, 20, 25}},       {2, 1, 0, {30, 50, 50}}, {0.5, 1, 3, {20, 25, 30}},
        {0.5, 0.5, 0, {12.5, 15, 17.5}}, {1, 1, 0, {20, 30, 50}}, {0.5, 1, 9, {20, 30, 50}},
    };
    const double activity[YEARS] = {5, 7, 10, 20, 30, 50};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        tj_maker *maker = tj_maker_create(2000, 2005, 1, 1);
        tj_maker_city(maker, 2002);
        int32_t cell = tj_maker_intensity(maker, 0, hundred, 1);
        tj_maker_set_path(maker, tj_maker_driver(maker, cell, 0), 0, activity);
        tj_plan_driver *driver = tj_maker_get_driver(maker, tj_maker_driver(maker, cell, 0));
        driver->reference = TJ_REF_PACED;
        driver->rate = tj_fixed(cases[k].pace);
        driver->spread = tj_fixed(cases[k].spread);
        driver->paced_from = cases[k].from;
        result r = run(tj_maker_finish(maker), 0, 0);
        for (int y = 0; y < 3; y++)
            near(r.value[0][H + 1 + y][0], 10 * cases[k].expected[y]);
    }
}

static void growth(void)
{
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 1);
    tj_maker_city(maker, 2002);
    int32_t cell = tj_maker_intensity(maker, 0, hundred, 1);
    tj_term start = tj_maker_param(maker, "start", TJ_DIST_UNIFORM, 5, 9, 0, 0);
    tj_plan_driver *driver = tj_maker_get_driver(maker, tj_maker_driver(maker, cell, 0));
    driver->reference = TJ_REF_GROWTH;
    driver->start = start;
    driver->rate = tj_fixed(0.1);
    result r = run(tj_maker_finish(maker), 0, 0);
    for (int d = 0; d < DRAWS; d++) /* kappa takes the start out of every draw */
        near(r.value[0][5][d], 100 * 1.1 * 1.1 * 1.1);
}

static void nothing_burnt(void)
{
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 1);
    const double none[YEARS] = {0, 0, 0, 0, 0, 0};
    tj_maker_city(maker, 2002);
    int32_t both = tj_maker_intensity(maker, 0, none, 1), modelled = tj_maker_intensity(maker, 1, none, 1);
    const double later[YEARS] = {0, 0, 0, 3, 3, 3};
    tj_maker_set_path(maker, tj_maker_driver(maker, both, 0), 0, later);
    tj_maker_set_level(maker, tj_maker_driver(maker, modelled, 0), 7);
    result r = run(tj_maker_finish(maker), 0, 0);
    near(r.value[0][4][0], 3); /* 0 against 0: kappa = 1 */
    near(r.value[1][4][0], 0); /* an inventory of 0: kappa = 0 */
}

static void uncalibrated(void)
{
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 1);
    tj_maker_city(maker, 2002);
    tj_maker_trend(maker, 0, hundred, 0);
    int32_t cell = tj_maker_intensity(maker, 1, hundred, 1);
    tj_maker_set_level(maker, tj_maker_driver(maker, cell, 0), 0);
    tj_plan *plan = tj_maker_finish(maker);
    tj_runner runner;
    double out[2 * YEARS];
    tj_runner_open(&runner, tj_backend_find("reference"), plan, 1);
    CU_ASSERT_EQUAL(tj_runner_run(&runner, 0, 0, 0, 1, out), TJ_ERR_UNDEFINED);
    CU_ASSERT_EQUAL(runner.fault_cell, 1);
    CU_ASSERT_EQUAL(runner.fault_year, H);
    tj_runner_close(&runner);
    tj_plan_free(plan);
}

static void sink(void)
{
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 1);
    const double removal[YEARS] = {10, 10, 10, 30, 30, -500};
    tj_maker_city(maker, 2002);
    int32_t cell = tj_maker_sink(maker, 0, hundred, 0);
    tj_maker_set_path(maker, tj_maker_driver(maker, cell, 0), 0, removal);
    tj_maker_get_cell(maker, cell)->account = TJ_REMOVALS;
    result r = run(tj_maker_finish(maker), 0, 0);
    near(r.value[0][3][0], 30 + (100 - 10));
    near(r.value[0][5][0], -500 + (100 - 10));
}

/* ---- operators: two trend cells of 100 t, so that activities read as percent ---- */

static tj_maker *two_cells(void)
{
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 2);
    tj_maker_city(maker, 2002);
    tj_maker_trend(maker, 0, hundred, 0);
    tj_maker_trend(maker, 1, hundred, 0);
    return maker;
}

/* An effect on driver `driver` (0 and 1: activity, intensity of cell 0; 2 and 3 of cell 1). */
static void effect(tj_maker *maker, tj_op op, int32_t driver, double magnitude, double w)
{
    tj_plan_effect e = tj_maker_effect(maker, op, driver, magnitude);
    e.strength = w;
    tj_maker_add(maker, 1, 0, &e);
}

static void sided(tj_maker *maker, tj_side side, double magnitude, double w)
{
    tj_plan_effect e = tj_maker_effect(maker, TJ_OP_TOWARD, 0, magnitude);
    e.side = side;
    e.strength = w;
    tj_maker_add(maker, 1, 0, &e);
}

static void shift(tj_maker *maker, int32_t from, int32_t to, double magnitude, double ratio)
{
    tj_plan_effect e = tj_maker_effect(maker, TJ_OP_SHIFT, from, magnitude);
    e.to_driver = to;
    e.ratio = tj_fixed(ratio);
    tj_maker_add(maker, 1, 0, &e);
}

/* Cells 0 and 1 in the last year. */
static void gives(tj_maker *maker, double first, double second)
{
    result r = run(tj_maker_finish(maker), 0, 1);
    near(r.value[0][H][0], 100);
    near(r.value[0][5][0], first);
    near(r.value[1][5][0], second);
}

static void scales(void)
{
    tj_maker *maker = two_cells();
    effect(maker, TJ_OP_SCALE, 0, 0.1, 1);
    effect(maker, TJ_OP_SCALE, 0, 0.4, 0.5);
    effect(maker, TJ_OP_SCALE, 1, -0.5, 1); /* on intensity: adds a half */
    effect(maker, TJ_OP_SCALE, 2, 3, 1);    /* a factor is at least 0 */
    effect(maker, TJ_OP_SCALE, 2, 3, 1);
    gives(maker, 100 * 0.9 * 0.8 * 1.5, 0);
}

static void shifts(void)
{
    tj_maker *maker = two_cells();
    effect(maker, TJ_OP_SCALE, 0, 0.5, 1); /* 0.5 left to shift */
    shift(maker, 0, 2, 0.2, 3);            /* moves 0.1, arrives as 0.3 */
    shift(maker, 2, 0, 0.5, 1);            /* takes from the 1 before the arrival */
    gives(maker, 100 * (0.5 - 0.1 + 0.5), 100 * (1 - 0.5 + 0.3));
}

static void shifts_past_the_whole(void)
{
    tj_maker *maker = two_cells();
    shift(maker, 0, 2, 0.8, 1);
    shift(maker, 0, 3, 0.6, 1);
    /* 1.4 asked of 1: 0.8/1.4 to the activity and 0.6/1.4 to the intensity of the other cell */
    gives(maker, 0, 100 * (1 + 0.8 / 1.4) * (1 + 0.6 / 1.4));
}

static void towards(void)
{
    tj_maker *maker = two_cells();
    effect(maker, TJ_OP_TOWARD, 0, 0.5, 0.8);
    effect(maker, TJ_OP_TOWARD, 0, 2, 0.6); /* weights past 1: (0.8 * 0.5 + 0.6 * 2) / 1.4 */
    effect(maker, TJ_OP_TOWARD, 2, 0.5, 0.4);
    effect(maker, TJ_OP_TOWARD, 2, 3, 0.1); /* 1 - 0.5 * 0.4 + 2 * 0.1 */
    gives(maker, 100 * 1.6 / 1.4, 100);
}

static void sides(void)
{
    tj_maker *maker = two_cells();
    sided(maker, TJ_SIDE_DOWN, 1.5, 0.5);
    sided(maker, TJ_SIDE_UP, 0.5, 0.5); /* neither moves the driver */
    gives(maker, 100, 100);
    maker = two_cells();
    sided(maker, TJ_SIDE_DOWN, 0.5, 0.2);
    sided(maker, TJ_SIDE_UP, 1.5, 0.4); /* 1 - 0.5 * 0.2 + 0.5 * 0.4 */
    gives(maker, 110, 100);
}

static void classes_in_order(void)
{
    tj_maker *maker = two_cells();
    effect(maker, TJ_OP_FLOOR, 0, 0.75, 1);
    effect(maker, TJ_OP_CAP, 0, 0.7, 1);
    effect(maker, TJ_OP_ADD, 0, 0.3, 1);
    effect(maker, TJ_OP_SCALE, 0, 0.5, 1); /* 0.5, 0.8, 0.7, 0.75 */
    effect(maker, TJ_OP_CAP, 2, 0.5, 0.5); /* 0.75 */
    effect(maker, TJ_OP_CAP, 2, 0.8, 1);   /* 0.8: the least counts, 0.75 */
    effect(maker, TJ_OP_FLOOR, 2, 1.75, 0.5);
    effect(maker, TJ_OP_FLOOR, 2, 0.9, 1); /* 0.75 + 1 * 0.5 against 0.9 */
    gives(maker, 75, 125);
}

static void never_below_zero(void)
{
    tj_maker *maker = two_cells();
    effect(maker, TJ_OP_ADD, 0, -0.7, 1);
    effect(maker, TJ_OP_ADD, 0, -0.7, 1);
    gives(maker, 0, 100);
}

static void weights(void)
{
    const tj_term factors[2] = {tj_fixed(2), tj_fixed(1.5)};
    tj_maker *maker = two_cells();
    tj_plan_effect e = tj_maker_effect(maker, TJ_OP_SCALE, 0, 0.5);
    e.strength = 0.5, e.eligible = tj_fixed(0.8), e.adherence = tj_fixed(0.5), e.rebound = tj_fixed(0.25);
    tj_maker_synergies(maker, &e, factors, 2);
    tj_maker_add(maker, 1, 0, &e); /* w = 0.5 * 0.8 * 0.5 * 0.75 * 2 * 1.5 = 0.45 */
    e = tj_maker_effect(maker, TJ_OP_CAP, 2, 0.6);
    tj_maker_synergies(maker, &e, factors, 2);
    tj_maker_add(maker, 1, 0, &e); /* w = 3 is held at 1 */
    gives(maker, 100 * (1 - 0.5 * 0.45), 60);
}

static void ramps(void)
{
    tj_maker *maker = two_cells();
    tj_plan_effect e = tj_maker_effect(maker, TJ_OP_SCALE, 0, 0.4);
    e.ramp = tj_maker_linear(maker, 2002, 4);
    tj_maker_add(maker, 1, 0, &e);
    result r = run(tj_maker_finish(maker), 0, 1);
    near(r.value[0][3][0], 90);
    near(r.value[0][5][0], 70);
}

static void absent_at_strength_zero(void)
{
    tj_maker *maker = two_cells();
    effect(maker, TJ_OP_CAP, 0, 0, 0);
    gives(maker, 100, 100);
}

/* ---- overlaps ---- */

static void overlapping(tj_maker *maker, tj_op op, int32_t driver, double magnitude, int32_t measure)
{
    tj_plan_effect e = tj_maker_effect(maker, op, driver, magnitude);
    e.measure = measure;
    e.overlap = 0;
    e.to_driver = op == TJ_OP_SHIFT ? 2 : TJ_NONE;
    tj_maker_add(maker, 1, 0, &e);
}

static void largest_counts(void)
{
    tj_maker *maker = two_cells();
    overlapping(maker, TJ_OP_SCALE, 0, 0.3, 0);
    overlapping(maker, TJ_OP_SCALE, 0, 0.2, 1);
    overlapping(maker, TJ_OP_ADD, 0, -0.2, 1); /* together 1 - 0.2 - 0.2: measure 1 wins with 0.4 */
    overlapping(maker, TJ_OP_SCALE, 2, 0.3, 0);
    effect(maker, TJ_OP_SCALE, 0, 0.5, 1); /* outside the group: always counts */
    gives(maker, 100 * (0.8 * 0.5 - 0.2), 70);
}

static void ties_to_the_smaller(void)
{
    tj_maker *maker = two_cells();
    overlapping(maker, TJ_OP_ADD, 0, 0.25, 4);
    overlapping(maker, TJ_OP_SCALE, 0, 0.25, 3); /* 0.25 each: measure 3 */
    gives(maker, 75, 100);
}

static void shift_dropped_whole(void)
{
    tj_maker *maker = two_cells();
    overlapping(maker, TJ_OP_SHIFT, 0, 0.2, 0);
    overlapping(maker, TJ_OP_SCALE, 0, 0.3, 1);
    gives(maker, 70, 100);
    maker = two_cells();
    overlapping(maker, TJ_OP_SHIFT, 0, 0.4, 1); /* or kept whole, by what it takes */
    overlapping(maker, TJ_OP_SCALE, 0, 0.3, 0);
    gives(maker, 60, 140);
}

int main(void)
{
    static const tj_test tests[] = {
        {"history carries level and back-cast factors and keeps its gaps", history},
        {"a trend is damped and follows its background", damped_trend},
        {"yearly noise is an autoregression on addressed normals", noise},
        {"a shared shock is one number a year for all, and noise that keeps the mean loses half its variance",
         shared_shock},
        {"a true zero stays zero", true_zero},
        {"intensity is calibrated in H and a spread acts on the change", intensity},
        {"a path is read at its pace, from H or from the last year known", paced},
        {"a growth rate is compounded from an uncertain start", growth},
        {"calibration knows a zero", nothing_burnt},
        {"a modelled zero against an inventory is undefined and named", uncalibrated},
        {"a sink keeps its difference in H and may turn negative", sink},
        {"scales multiply", scales},
        {"shifts take from what was there before any shift", shifts},
        {"shifts that ask for more than all are scaled back", shifts_past_the_whole},
        {"towards are a mean once their weights pass 1", towards},
        {"a side lets a driver move one way only", sides},
        {"classes follow their order whatever the order written", classes_in_order},
        {"an unsigned driver is never below zero", never_below_zero},
        {"reach, rebound and synergies make the weight", weights},
        {"a ramp gives the reach of each year", ramps},
        {"strength 0 is absence", absent_at_strength_zero},
        {"in an overlap group the largest effect on a driver counts", largest_counts},
        {"equal effects leave the smaller identifier", ties_to_the_smaller},
        {"a shift is kept or dropped whole, by what it takes", shift_dropped_whole},
    };
    return TJ_RUN("reference", tests);
}
