/* The lanes backend on whole plans: cases worked by hand, and what must not show in its bits. That it
 * agrees with the scalar reference on random plans is test_agreement's. Years 2000 .. 2005, H = 2002. */
#include "engine/base.h"
#include "engine/operators.h"
#include "tests/harness.h"
#include "tests/plan_maker.h"
#include "tests/runner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { H = 2, YEARS = 6, MANY = 2 * TJ_LANES + 88 };

static const double hundred[YEARS] = {80, NAN, 100, 0, 0, 0};

static void near(double x, double expected)
{
    CU_ASSERT_DOUBLE_EQUAL(x, expected, 1e-12 * fmax(1, fabs(expected)));
}

/* A plan of one city with one trend cell at 100 and the reference package; package 1 is the test's. */
static tj_maker *one_trend(void)
{
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 2);
    tj_maker_city(maker, 2002);
    tj_maker_trend(maker, 0, hundred, 0);
    return maker;
}

static void put(tj_maker *maker, tj_op op, int32_t driver, double mu, int32_t measure, int32_t overlap)
{
    tj_plan_effect effect = tj_maker_effect(maker, op, driver, mu);
    effect.measure = measure;
    effect.overlap = overlap;
    tj_maker_add(maker, 1, 0, &effect);
}

/* Value of a cell of city 0 under package 1 in one year index, first draw; the plan is freed. */
static double value_of(tj_maker *maker, int32_t cell, int year)
{
    tj_plan *plan = tj_maker_finish(maker);
    tj_runner runner;
    tj_runner_open(&runner, &tj_backend_lanes, plan, 2);
    double *out = tj_runner_all(&runner, 0, 1, 0), value = out[(cell * YEARS + year) * 2];
    free(out);
    tj_runner_close(&runner);
    tj_plan_free(plan);
    return value;
}

/* ---- by hand ---- */

/* 1, scaled by 0.5: 0.5; half way to 0.9: 0.7; plus 0.2: 0.9; cap 0.6; floor 0.75. Written backwards. */
static void class_order(void)
{
    tj_maker *maker = one_trend();
    tj_plan_effect half = tj_maker_effect(maker, TJ_OP_TOWARD, 0, 0.9);
    half.strength = 0.5;
    put(maker, TJ_OP_FLOOR, 0, 0.75, 0, TJ_NONE);
    put(maker, TJ_OP_CAP, 0, 0.6, 0, TJ_NONE);
    put(maker, TJ_OP_ADD, 0, 0.2, 0, TJ_NONE);
    tj_maker_add(maker, 1, 0, &half);
    put(maker, TJ_OP_SCALE, 0, 0.5, 0, TJ_NONE);
    near(value_of(maker, 0, H + 1), 75);
}

/* 1 - 0.4 * 0.5 * 0.8 * (1 - 0.25) * 1.5 = 0.82 */
static void reach(void)
{
    tj_maker *maker = one_trend();
    const tj_term factor = tj_fixed(1.5);
    tj_plan_effect effect = tj_maker_effect(maker, TJ_OP_SCALE, 1, 0.4);
    effect.strength = 0.5;
    effect.eligible = tj_fixed(0.8);
    effect.rebound = tj_fixed(0.25);
    tj_maker_synergies(maker, &effect, &factor, 1);
    tj_maker_add(maker, 1, 0, &effect);
    near(value_of(maker, 0, H + 1), 100 * (1 - 0.4 * 0.5 * 0.8 * 0.75 * 1.5));
}

/* Measure 0 scales by 0.25, measure 1 takes 0.25 off: a tie, measure 0 keeps its effect. Measure 2, outside
 * the group, halves: 1 * 0.75 * 0.5; had measure 1 won, 0.5 - 0.25. */
static void tie(void)
{
    tj_maker *maker = one_trend();
    put(maker, TJ_OP_ADD, 0, -0.25, 1, 7);
    put(maker, TJ_OP_SCALE, 0, 0.25, 0, 7);
    put(maker, TJ_OP_SCALE, 0, 0.5, 2, TJ_NONE);
    near(value_of(maker, 0, H + 1), 37.5);
}

/* Measure 0 removes 0.2 at once, measure 1 up to 0.6 over three years: 0.2, then 0.4 and 0.6 count. */
static void winner_by_year(void)
{
    const double expected[3] = {80, 60, 40};
    for (int y = 0; y < 3; y++) {
        tj_maker *maker = one_trend();
        tj_plan_effect slow = tj_maker_effect(maker, TJ_OP_SCALE, 0, 0.6);
        slow.measure = 1;
        slow.overlap = 3;
        slow.ramp = tj_maker_linear(maker, 2002, 3);
        tj_maker_add(maker, 1, 0, &slow);
        put(maker, TJ_OP_SCALE, 0, 0.2, 0, 3);
        near(value_of(maker, 0, H + 1 + y), expected[y]);
    }
}

/* A shift of half of cell 0's activity to cell 1 at ratio 0.5, dropped whole when an effect of the same
 * overlap group changes the driver more. */
static void shift_whole(void)
{
    for (int rival = 0; rival <= 1; rival++) {
        for (int cell = 0; cell <= 1; cell++) {
            tj_maker *maker = one_trend();
            tj_maker_trend(maker, 1, hundred, 0);
            tj_plan_effect shift = tj_maker_effect(maker, TJ_OP_SHIFT, tj_maker_driver(maker, 0, 0), 0.5);
            shift.to_driver = tj_maker_driver(maker, 1, 0);
            shift.ratio = tj_fixed(0.5);
            shift.overlap = 1;
            tj_maker_add(maker, 1, 0, &shift);
            if (rival)
                put(maker, TJ_OP_SCALE, tj_maker_driver(maker, 0, 0), 0.75, 1, 1);
            near(value_of(maker, cell, H + 1), rival ? (cell ? 100 : 25) : (cell ? 125 : 50));
        }
    }
}

/* Shares 0.5, 0.5 with factors 1, 3: kappa = 100 / 2. A share added to by 0.25 takes the other down to
 * 0.25: 50 * (0.75 + 0.75). */
static void intensity(void)
{
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 2);
    tj_maker_city(maker, 2002);
    int32_t cell = tj_maker_intensity(maker, 0, hundred, 2);
    tj_maker_set_level(maker, tj_maker_driver(maker, cell, 5), 3);
    put(maker, TJ_OP_ADD, tj_maker_driver(maker, cell, 2), 0.25, 0, TJ_NONE);
    near(value_of(maker, cell, H + 1), 75);
}

/* Sink: 5 removed in H against 3 in the driver, so 2 more in every year; the driver grows to 3 + 4. */
static void sink(void)
{
    const double five[YEARS] = {5, 5, 5, 0, 0, 0};
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 2);
    tj_maker_city(maker, 2002);
    int32_t cell = tj_maker_sink(maker, 0, five, 3);
    put(maker, TJ_OP_ADD, tj_maker_driver(maker, cell, 0), 4, 0, TJ_NONE);
    near(value_of(maker, cell, H + 1), 9);
}

static void true_zero(void)
{
    const double zero[YEARS] = {3, 2, 0, 0, 0, 0};
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 2);
    tj_maker_city(maker, 2002);
    tj_maker_trend(maker, 0, zero, 1e6); /* exp overflows; 0 * inf would not be a number */
    CU_ASSERT_EQUAL(value_of(maker, 0, YEARS - 1), 0);
}

/* ---- what cannot be ---- */

/* Both shares are banned in 2004: the sector's cell and the year are named. */
static void banned(void)
{
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 2);
    tj_maker_city(maker, 2002);
    tj_maker_trend(maker, 0, hundred, 0);
    int32_t cell = tj_maker_intensity(maker, 1, hundred, 2);
    for (int k = 0; k < 2; k++) {
        tj_plan_effect ban = tj_maker_effect(maker, TJ_OP_CAP, tj_maker_driver(maker, cell, 2 + k), 0);
        ban.ramp = tj_maker_step(maker, 2004, 1);
        tj_maker_add(maker, 1, 0, &ban);
    }
    tj_plan *plan = tj_maker_finish(maker);
    tj_runner runner;
    tj_runner_open(&runner, &tj_backend_lanes, plan, 2);
    double *out = malloc(tj_runner_length(&runner, 0) * sizeof *out);
    CU_ASSERT_EQUAL(tj_runner_run(&runner, 0, 1, 0, 2, out), TJ_ERR_UNDEFINED);
    CU_ASSERT_EQUAL(runner.fault_cell, cell);
    CU_ASSERT_EQUAL(runner.fault_year, 4);
    CU_ASSERT_EQUAL(tj_runner_run(&runner, 0, 0, 0, 2, out), TJ_OK); /* and the scratch is as good as new */
    free(out);
    tj_runner_close(&runner);
    tj_plan_free(plan);
}

/* A modelled zero against an inventory of 100 has no kappa; against an inventory of 0 kappa is 1. */
static void no_kappa(void)
{
    const double zero[YEARS] = {0, 0, 0, 0, 0, 0};
    for (int empty = 0; empty <= 1; empty++) {
        tj_maker *maker = tj_maker_create(2000, 2005, 1, 1);
        tj_maker_city(maker, 2002);
        int32_t cell = tj_maker_intensity(maker, 0, empty ? zero : hundred, 1);
        tj_maker_set_level(maker, tj_maker_driver(maker, cell, 0), 0);
        tj_plan *plan = tj_maker_finish(maker);
        tj_draws draws;
        tj_prepared *prepared;
        CU_ASSERT_EQUAL(tj_draws_init(&draws, plan, 3, 1), TJ_OK);
        CU_ASSERT_EQUAL(tj_base_prepare(plan, &draws, 1, &prepared), empty ? TJ_OK : TJ_ERR_UNDEFINED);
        if (empty)
            CU_ASSERT_EQUAL(tj_base_constant(prepared, cell, 0)[2], 1);
        tj_base_free(prepared);
        tj_draws_free(&draws);
        tj_plan_free(plan);
    }
}

/* ---- what must not show in the bits ---- */

/* Uncertain trend with noise, uncertain growth of its activity, intensity cell; package 1 acts on both. */
static tj_plan *uncertain(int coupled)
{
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 2);
    tj_maker_city(maker, 2002);
    int32_t cell = tj_maker_trend(maker, 0, hundred, 0.02), fuels = tj_maker_intensity(maker, 1, hundred, 3);
    tj_maker_get_cell(maker, cell)->sigma = tj_fixed(0.1);
    tj_maker_get_cell(maker, cell)->rho = tj_fixed(0.7);
    tj_plan_driver *activity = tj_maker_get_driver(maker, tj_maker_driver(maker, cell, 0));
    activity->reference = TJ_REF_GROWTH;
    activity->rate = tj_maker_param(maker, "rate", TJ_DIST_NORMAL, 0, 0.02, 0, 0);
    tj_plan_effect effect = tj_maker_effect(maker, TJ_OP_SCALE, tj_maker_driver(maker, cell, 0), 0);
    effect.magnitude = tj_maker_param(maker, "effect", TJ_DIST_UNIFORM, 0.1, 0.9, 0, 0);
    effect.ramp = tj_maker_linear(maker, 2002, 3);
    tj_maker_add(maker, 1, 0, &effect);
    effect.driver = tj_maker_driver(maker, fuels, 1);
    tj_maker_add(maker, 1, 0, &effect);
    for (int k = 0; coupled && k < 2; k++) /* a cap far above couples a cell and does nothing */
        put(maker, TJ_OP_CAP, tj_maker_driver(maker, k ? fuels : cell, 1), 1e9, 5, TJ_NONE);
    return tj_maker_finish(maker);
}

/* All draws of package 1 in blocks of `block`; freed by the caller. */
static double *in_blocks(int coupled, size_t block, size_t *length)
{
    tj_plan *plan = uncertain(coupled);
    tj_runner runner;
    tj_runner_open(&runner, &tj_backend_lanes, plan, MANY);
    *length = tj_runner_length(&runner, 0);
    double *out = malloc(*length * sizeof *out);
    CU_ASSERT_EQUAL(tj_runner_run(&runner, 0, 1, 0, block, out), TJ_OK);
    tj_runner_close(&runner);
    tj_plan_free(plan);
    return out;
}

static void blocks(void)
{
    static const size_t sizes[4] = {TJ_LANES, TJ_LANES + 1, 100, 1};
    for (int coupled = 0; coupled <= 1; coupled++) {
        size_t length;
        double *whole = in_blocks(coupled, MANY, &length);
        for (int k = 0; k < 4; k++) {
            double *parts = in_blocks(coupled, sizes[k], &length);
            CU_ASSERT(memcmp(whole, parts, length * sizeof *whole) == 0);
            free(parts);
        }
        free(whole);
    }
}

static void coupling(void)
{
    size_t length;
    double *alone = in_blocks(0, MANY, &length), *coupled = in_blocks(1, MANY, &length);
    CU_ASSERT(memcmp(alone, coupled, length * sizeof *alone) == 0);
    CU_ASSERT(alone[(H + 3) * MANY] != alone[(H + 3) * MANY + 1]); /* the draws do differ */
    free(alone);
    free(coupled);
}

static void threads(void)
{
    tj_plan *plan = uncertain(0);
    tj_draws draws;
    tj_prepared *one, *three;
    CU_ASSERT_EQUAL(tj_draws_init(&draws, plan, MANY, 1), TJ_OK);
    CU_ASSERT_EQUAL(tj_base_prepare(plan, &draws, 1, &one), TJ_OK);
    CU_ASSERT_EQUAL(tj_base_prepare(plan, &draws, 3, &three), TJ_OK);
    for (int y = H + 1; y < YEARS; y++)
        CU_ASSERT(memcmp(tj_base_trend(one, 0, y), tj_base_trend(three, 0, y), MANY * sizeof(double)) == 0);
    tj_base_free(one);
    tj_base_free(three);
    tj_draws_free(&draws);
    tj_plan_free(plan);
}

int main(void)
{
    static const tj_test tests[] = {
        {"classes come in their order, whatever the order of writing", class_order},
        {"strength, eligible, adherence, rebound and synergies multiply", reach},
        {"a tie in an overlap group goes to the smaller identifier", tie},
        {"an overlap group is decided year by year", winner_by_year},
        {"a shift that loses in its overlap group is dropped whole", shift_whole},
        {"an intensity sector equals its inventory in H and follows its shares", intensity},
        {"a sink keeps its difference to the inventory", sink},
        {"a true zero stays zero whatever the growth", true_zero},
        {"shares that are all banned are undefined, with cell and year", banned},
        {"a modelled zero has no kappa against an inventory, and 1 against none", no_kappa},
        {"the block size does not show in the bits", blocks},
        {"a coupled cell rounds like one by itself", coupling},
        {"the number of threads does not show in the base", threads},
    };
    return TJ_RUN("simulate", tests);
}
