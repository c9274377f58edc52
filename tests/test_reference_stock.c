/* Sectors with memory worked by hand, in the reference and every other backend: fleets, floor, networks,
 * landfills, and their physical rows. Years 2000 .. 2005, H = 2002. A fleet with lambda = 1 / ln 2 and beta = 1
 * loses half of its units each year. */
#include "engine/lanes.h"
#include "engine/threefry.h"
#include "tests/harness.h"
#include "tests/physical_maker.h"
#include "tests/runner.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { H = 2, YEARS = 6, CELLS = 3, ROWS = 24 };

/* City 0 in one draw: emissions by cell, physical rows by slot. */
typedef struct result {
    double cell[CELLS][YEARS], row[ROWS][YEARS];
    tj_plan_row rows[ROWS];
    int32_t n_rows;
} result;

static void simulate(const tj_backend *backend, const tj_plan *plan, int32_t package, result *r)
{
    tj_runner runner;
    tj_runner_open(&runner, backend, plan, 1);
    assert(tj_runner_length(&runner, 0) <= CELLS * YEARS &&
           tj_runner_rows_length(&runner, 0) <= ROWS * YEARS);
    tj_status status = tj_runner_run_rows(&runner, 0, package, 0, 1, r->cell[0], r->row[0]);
    CU_ASSERT_EQUAL(status, TJ_OK);
    tj_runner_close(&runner);
}

static void same(const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        CU_ASSERT(isnan(a[i]) ? isnan(b[i]) : fabs(a[i] - b[i]) <= 1e-12 * fmax(1, fabs(a[i])));
}

/* What the reference gives; the other backends give the same. Adds the rows and frees the maker. */
static result run(tj_maker *maker, int32_t package)
{
    result r, other;
    tj_maker_rows(maker);
    tj_plan *plan = tj_maker_finish(maker);
    const tj_plan_city *city = tj_plan_get_city(plan, 0);
    const tj_plan_row *rows = tj_plan_section(plan, TJ_SECTION_ROWS, NULL);
    r.n_rows = city->rows_count;
    memcpy(r.rows, rows, (size_t)r.n_rows * sizeof *rows);
    simulate(tj_backend_find("reference"), plan, package, &r);
    for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++) {
        simulate(*backend, plan, package, &other);
        same(r.cell[0], other.cell[0], (size_t)city->cells_count * YEARS);
        same(r.row[0], other.row[0], (size_t)city->rows_count * YEARS);
    }
    tj_plan_free(plan);
    return r;
}

static double row(const result *r, tj_row_kind kind, int32_t cell, int32_t item, int32_t year)
{
    for (int32_t k = 0; k < r->n_rows; k++)
        if (r->rows[k].kind == (int32_t)kind && r->rows[k].cell == cell && r->rows[k].item == item)
            return r->row[r->rows[k].slot][year];
    CU_FAIL("no such row");
    return NAN;
}

static void near(double x, double expected)
{
    CU_ASSERT_DOUBLE_EQUAL(x, expected, 1e-12 * fmax(1, fabs(expected)));
}

/* A city whose cell 0 has this inventory in every year up to H, and so many carriers. */
static tj_maker *begin(tj_method method, double inventory, int32_t carriers, int packages)
{
    const double history[H + 1] = {inventory, inventory, inventory};
    tj_maker *maker = tj_maker_create(2000, 2005, 1, packages);
    tj_maker_city(maker, 2002);
    tj_maker_users(maker, 0, history, method, carriers);
    return maker;
}

static tj_maker *empty_city(void)
{
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 1);
    tj_maker_city(maker, 2002);
    return maker;
}

static void set_factor(tj_maker *maker, int32_t f, double factor)
{
    tj_maker_set_level(maker, tj_maker_get_carrier(maker, 0, f)->factor, factor);
}

/* A fleet of the cell whose units are new in H and last for ever. */
static int32_t add_fleet(tj_maker *maker, int32_t cell, double demand, double activity, int32_t count)
{
    int32_t floor = tj_maker_get_cell(maker, cell)->method == TJ_METHOD_BUILDING;
    int32_t fleet =
        tj_maker_fleet(maker, cell, floor ? TJ_FLEET_FLOOR : TJ_FLEET_UNITS, demand, activity, count);
    for (int32_t k = 0; k < count; k++) {
        tj_maker_get_technology(maker, fleet, k)->lambda = tj_fixed(1000);
        tj_maker_get_technology(maker, fleet, k)->beta = tj_fixed(1000);
        tj_maker_get_technology(maker, fleet, k)->market_year = 2002;
    }
    return fleet;
}

static void set_ages(tj_maker *maker, int32_t k, const double *weights, int32_t n)
{
    tj_plan_technology *technology = tj_maker_get_technology(maker, 0, k);
    technology->ages = tj_maker_numbers(maker, weights, (size_t)n);
    technology->n_ages = n;
}

static void halve_yearly(tj_maker *maker, int32_t technology)
{
    tj_maker_get_technology(maker, 0, technology)->lambda = tj_fixed(1 / log(2));
    tj_maker_get_technology(maker, 0, technology)->beta = tj_fixed(1);
}

/* ---- fleets ---- */

/* 80 units of 40, 20, 10, 10 by age, half lost a year; eta by year 4, 3, 2, 1, 0.5, 0.25, and 4 before.
 *   2002: 40*2 + 20*3 + 10*4 + 10*4 = 220; times 10 km and 0.5 t: 1100, so kappa = 550/1100 = 1/2
 *   2003: 20, 10, 5, 5 are left, 40 sold: 40*1 + 20*2 + 10*3 + 5*4 + 5*4 = 150; times 1/2 10: 750 MWh, 375 t
 *   2004: 20, 10, 5, 2.5, 2.5 are left, 40 sold: 40*0.5 + 20*1 + 10*2 + 5*3 + 2.5*4 + 2.5*4 = 95: 475 MWh */
static void vintages(void)
{
    const double weights[4] = {4, 2, 1, 1}, eta[YEARS] = {4, 3, 2, 1, 0.5, 0.25};
    tj_maker *maker = begin(TJ_METHOD_STOCK, 550, 1, 1);
    set_factor(maker, 0, 0.5);
    add_fleet(maker, 0, 80, 10, 1);
    set_ages(maker, 0, weights, 4);
    halve_yearly(maker, 0);
    tj_maker_set_path(maker, tj_maker_burner(maker, 0, 0, 0, 1, 1), 0, eta);
    result r = run(maker, 0);
    near(row(&r, TJ_ROW_KAPPA, 0, 0, H), 0.5);
    near(row(&r, TJ_ROW_KAPPA, 0, 0, 5), 0.5);
    near(row(&r, TJ_ROW_ENERGY, 0, 0, H), 1100);
    near(row(&r, TJ_ROW_ENERGY, 0, 0, 3), 750);
    near(r.cell[0][H], 550);
    near(r.cell[0][3], 375);
    near(r.cell[0][4], 237.5);
    near(row(&r, TJ_ROW_UNITS, 0, 0, 4), 80);
    CU_ASSERT_EQUAL(row(&r, TJ_ROW_SALES, 0, 0, H), 0);
    near(row(&r, TJ_ROW_SALES, 0, 0, 4), 40);
    CU_ASSERT(isnan(row(&r, TJ_ROW_UNITS, 0, 0, H - 1)));
}

/* Stationary, sold from 2000 on: 70 units are 40, 20, 10 by age. 35 are lost, eta falls from 1 to 0.2 in 2003:
 * 35 + 35 * 0.2 = 42. In 2004 17.5 of each are left: 17.5 + 52.5 * 0.2 = 28. */
static void stationary(void)
{
    tj_maker *maker = begin(TJ_METHOD_STOCK, 70, 1, 1);
    const double eta[YEARS] = {1, 1, 1, 0.2, 0.2, 0.2};

    add_fleet(maker, 0, 70, 1, 1);
    halve_yearly(maker, 0);
    tj_maker_get_technology(maker, 0, 0)->market_year = 2000;
    tj_maker_set_path(maker, tj_maker_burner(maker, 0, 0, 0, 1, 1), 0, eta);
    result r = run(maker, 0);
    near(row(&r, TJ_ROW_SALES, 0, 0, 3), 35);
    near(r.cell[0][3], 42);
    near(r.cell[0][4], 28);
}

/* lambda = 2, beta = 2: S(1) = exp(-1/4), S(2) = exp(-1), S(2)/S(1) = exp(-3/4). Of 100 new ones of 2002
 * 100 exp(-1/4) are left in 2003 and 100 exp(-1) in 2004; of those sold in 2003 exp(-1/4) in 2004. */
static void weibull(void)
{
    tj_maker *maker = begin(TJ_METHOD_STOCK, 0, 0, 1);
    add_fleet(maker, 0, 100, 1, 1);
    tj_maker_get_technology(maker, 0, 0)->lambda = tj_fixed(2);
    tj_maker_get_technology(maker, 0, 0)->beta = tj_fixed(2);
    result r = run(maker, 0);
    double sold = 100 * (1 - exp(-0.25));
    near(row(&r, TJ_ROW_SALES, 0, 0, 3), sold);
    near(row(&r, TJ_ROW_SALES, 0, 0, 4), 100 - 100 * exp(-1.0) - sold * exp(-0.25));
}

/* Half survive by the curve, of these 0.8 by the driver, 0.75 are not scrapped: 100 * 0.3 are left. A driver of
 * 3 makes survival certain, and scrappage takes its quarter. */
static void scrappage_and_survival(void)
{
    for (int k = 0; k < 2; k++) {
        tj_maker *maker = begin(TJ_METHOD_STOCK, 0, 0, 1);
        add_fleet(maker, 0, 100, 1, 1);
        halve_yearly(maker, 0);
        tj_maker_set_level(maker, tj_maker_get_technology(maker, 0, 0)->scrappage, 0.25);
        tj_maker_set_level(maker, tj_maker_get_fleet(maker, 0)->survival, k == 0 ? 0.8 : 3);
        result r = run(maker, 0);
        near(row(&r, TJ_ROW_SALES, 0, 0, 3), k == 0 ? 70 : 25);
    }
}

/* 100 immortal units: A 10, 20, 20 and B 20, 10, 20 by age. Demand falls to 45 in 2003: of 55 too many the 40 of
 * age 3 go, and 15 of the 30 of age 2, half of each: A 10 + 10, B 20 + 5. Nothing is sold. */
static void retirement(void)
{
    const double ages_a[3] = {1, 2, 2}, ages_b[3] = {2, 1, 2};
    const double demand[YEARS] = {100, 100, 100, 45, 45, 50};
    tj_maker *maker = begin(TJ_METHOD_STOCK, 0, 0, 1);
    add_fleet(maker, 0, 100, 1, 2);
    set_ages(maker, 0, ages_a, 3);
    set_ages(maker, 1, ages_b, 3);
    tj_maker_set_path(maker, tj_maker_get_fleet(maker, 0)->demand, 0, demand);
    result r = run(maker, 0);
    near(row(&r, TJ_ROW_UNITS, 0, 0, 3), 20);
    near(row(&r, TJ_ROW_UNITS, 0, 1, 3), 25);
    near(row(&r, TJ_ROW_RETIRED, 0, 0, H), 0);
    near(row(&r, TJ_ROW_RETIRED, 0, 0, 3), 55);
    near(row(&r, TJ_ROW_RETIRED, 0, 0, 4), 0);
    near(row(&r, TJ_ROW_SALES, 0, 0, 3), 0);
    near(row(&r, TJ_ROW_SALES, 0, 0, 5), 2.5);
    near(row(&r, TJ_ROW_UNITS, 0, 1, 5), 27.5);
}

/* A ban from 2003 on: the 40 diesels of 2002 halve yearly, electric ones make up the 80. */
static void ban(void)
{
    tj_maker *maker = begin(TJ_METHOD_STOCK, 40, 2, 2);

    set_factor(maker, 1, 0.25);
    tj_maker_network(maker, 0, 1, TJ_NONE);
    add_fleet(maker, 0, 80, 1, 2);
    halve_yearly(maker, 0);
    halve_yearly(maker, 1);
    tj_maker_burner(maker, 0, 0, 0, 1, 1);
    tj_maker_burner(maker, 0, 1, 1, 0.5, 1);
    tj_plan_effect e = tj_maker_effect(maker, TJ_OP_CAP, tj_maker_get_technology(maker, 0, 0)->sales, 0);
    tj_maker_add(maker, 1, 0, &e);
    result r = run(maker, 1);
    near(r.cell[0][3], 20);
    near(r.cell[0][5], 5);
    near(row(&r, TJ_ROW_UNITS, 0, 1, 5), 75);
    CU_ASSERT_EQUAL(row(&r, TJ_ROW_SALES, 0, 0, 3), 0);
    near(row(&r, TJ_ROW_SCOPE2, 0, 0, 5), 75 * 0.5 * 0.25);
}

/* A measure on eta from 2003 on changes only what is sold then: 40 old at 1, 40 new at 0.5. */
static void measure_on_vintages(void)
{
    tj_maker *maker = begin(TJ_METHOD_STOCK, 80, 1, 2);

    add_fleet(maker, 0, 80, 1, 1);
    halve_yearly(maker, 0);
    tj_plan_effect e = tj_maker_effect(maker, TJ_OP_SCALE, tj_maker_burner(maker, 0, 0, 0, 1, 1), 0.5);
    tj_maker_add(maker, 1, 0, &e);
    result r = run(maker, 1);
    near(r.cell[0][H], 80);
    near(r.cell[0][3], 60);
}

/* Plug-in: half of 10 * 100 km electric at 0.2, half on petrol at 0.6: 100 and 300 MWh. Petrol at 0.25 gives
 * 75 t, the inventory 150: kappa 2. The level factor 1.5 goes on energy, scope 2 and tonnes, not on units. */
static void two_carriers(void)
{
    tj_maker *maker = begin(TJ_METHOD_STOCK, 150, 2, 1);
    tj_maker_get_city(maker, 0)->level = tj_fixed(1.5);
    set_factor(maker, 0, 0.1);
    tj_maker_network(maker, 0, 0, TJ_NONE);
    set_factor(maker, 1, 0.25);
    add_fleet(maker, 0, 10, 100, 1);
    tj_maker_burner(maker, 0, 0, 0, 0.2, 0.5);
    tj_maker_burner(maker, 0, 0, 1, 0.6, 0.5);
    result r = run(maker, 0);
    near(row(&r, TJ_ROW_KAPPA, 0, 0, 4), 2);
    near(row(&r, TJ_ROW_ENERGY, 0, 0, 4), 300);
    near(row(&r, TJ_ROW_ENERGY, 0, 1, 4), 900);
    near(row(&r, TJ_ROW_SCOPE2, 0, 0, 4), 30);
    near(row(&r, TJ_ROW_UNITS, 0, 0, 4), 10);
    near(r.cell[0][4], 225);
}

/* Two fleets of a cell: 10 units of 3 MWh and 5 of 2 on one carrier, 40 t modelled, inventory 20: kappa 1/2 for
 * both. In 2004 the second has 10 units: 0.5 (30 + 20) = 25. */
static void two_fleets(void)
{
    const double demand[YEARS] = {5, 5, 5, 5, 10, 10};
    tj_maker *maker = begin(TJ_METHOD_STOCK, 20, 1, 1);

    add_fleet(maker, 0, 10, 3, 1);
    tj_maker_burner(maker, 0, 0, 0, 1, 1);
    add_fleet(maker, 0, 5, 2, 1);
    tj_maker_burner(maker, 1, 0, 0, 1, 1);
    tj_maker_set_path(maker, tj_maker_get_fleet(maker, 1)->demand, 0, demand);
    result r = run(maker, 0);
    near(r.cell[0][3], 20);
    near(r.cell[0][4], 25);
}

/* ---- floor ---- */

/* A cell of floor with one heating system that turns 1 MWh into 1 MWh and 1 t. */
static tj_maker *floor_of(double area, double heat)
{
    tj_maker *maker = begin(TJ_METHOD_BUILDING, area * heat, 1, 1);

    add_fleet(maker, 0, area, heat, 1);
    tj_maker_burner(maker, 0, 0, 0, 1, 1);
    return maker;
}

/* 100 m2 of 2 MWh; a tenth of the old floor is demolished a year, a quarter renovated to 60 %:
 *   old 90, 81, 72.9; h 2 - 2 * 0.25 * 0.4 = 1.8, 1.6, 1.4
 *   A 100, 110, 85: 10 m2 built at 0.5, then 19 at 0.4; in 2005 new floor shrinks from 29 to 12.1
 *   2003: 90 * 1.8 + 10 * 0.5 = 167;  2004: 81 * 1.6 + 5 + 7.6 = 142.2
 *   2005: 72.9 * 1.4 + 12.6 * 12.1 / 29 */
static void building(void)
{
    const double area[YEARS] = {100, 100, 100, 100, 110, 85}, code[YEARS] = {1, 1, 1, 0.5, 0.4, 0.3};
    tj_maker *maker = floor_of(100, 2);
    const tj_plan_fleet fleet = *tj_maker_get_fleet(maker, 0);
    tj_maker_set_path(maker, fleet.demand, 0, area);
    tj_maker_set_path(maker, fleet.code, 0, code);
    tj_maker_set_level(maker, fleet.demolition, 0.1);
    tj_maker_set_level(maker, fleet.rate, 0.25);
    tj_maker_set_level(maker, fleet.depth, 0.4);
    result r = run(maker, 0);
    near(r.cell[0][3], 167);
    near(r.cell[0][4], 142.2);
    near(r.cell[0][5], 72.9 * 1.4 + 12.6 * 12.1 / 29);
    near(row(&r, TJ_ROW_RENOVATED, 0, 0, H), 0);
    near(row(&r, TJ_ROW_RENOVATED, 0, 0, 3), 22.5);
    near(row(&r, TJ_ROW_RENOVATED, 0, 0, 4), 20.25);
    near(row(&r, TJ_ROW_UNITS, 0, 0, 5), 85);
}

/* Nine tenths are renovated in H: only a tenth is left, whatever the rate. A(2004) = 80 is less than what is
 * old: the rest is 80, and stays 80 when A grows again. */
static void renovation_ends(void)
{
    const double area[YEARS] = {100, 100, 100, 100, 80, 100};
    tj_maker *maker = floor_of(100, 2);
    const tj_plan_fleet fleet = *tj_maker_get_fleet(maker, 0);
    tj_maker_get_fleet(maker, 0)->renovated = 0.9;
    tj_maker_set_path(maker, fleet.demand, 0, area);
    tj_maker_set_level(maker, fleet.rate, 0.25);
    tj_maker_set_level(maker, fleet.depth, 0.5);
    result r = run(maker, 0);
    near(r.cell[0][3], 100 * (2 - 2 * 0.1 * 0.5));
    near(r.cell[0][4], 80 * 1.9);
    near(r.cell[0][5], 80 * 1.9);
    near(row(&r, TJ_ROW_RENOVATED, 0, 0, 3), 10);
    near(row(&r, TJ_ROW_RENOVATED, 0, 0, 4), 0);
}

/* ---- networks ---- */

/* Own noise of the homes about its mean, a shared shock of the network. */
static void set_noise(tj_maker *maker, int32_t homes, int32_t supply)
{
    tj_plan_cell *a = tj_maker_get_cell(maker, homes), *b = tj_maker_get_cell(maker, supply);
    tj_maker_settings(maker)->seed = 5;
    a->rho = tj_fixed(1);
    a->sigma = tj_fixed(0.2);
    a->noise_stream = 77;
    a->keeps_mean = 1;
    b->rho = tj_fixed(1);
    b->shock = tj_fixed(0.1);
    b->shock_stream = 78;
}

/* 100 MWh used, a fifth lost. Waste, 0.6 of the output, 0.34/0.85 = 0.4 t per MWh, half of it fossil; wood, 0.4
 * of it, 0.36/0.9 = 0.4, none fossil.
 *   2002: 0.6 * 0.5 * 0.4 = 0.12 t fossil per MWh of output, 0.15 delivered, 15 t; inventory 30: kappa 2
 *   2003: half is captured: 0.15 delivered with kappa, 15 t; captured (0.12 + 0.16) / 2 = 0.14 of output, 0.175
 *   delivered, 17.5 t, with kappa 35 t, beside the 5 t that the sink takes out. With half of the plants in the
 *   city kappa is 4, so that the city's tonnes are the same and the delivered factor is twice as high.
 * Where kappas wander, the homes' of 2003 is exp(0.2 z - 0.02) times that of H, the network's exp(0.1 z'). */
static void run_supply(double in_city, int wander)
{
    double used = wander ? exp(0.2 * tj_normal_inverse(tj_uniform(5, 77, 0, 2003)) - 0.02) : 1;
    double factor_now = wander ? exp(0.1 * tj_normal_inverse(tj_uniform(5, 78, 0, 2003))) : 1;
    const double thirty[H + 1] = {30, 30, 30}, five[H + 1] = {5, 5, 5}, none[H + 1] = {0};
    const double capture[YEARS] = {0, 0, 0, 0.5, 0.5, 0.5};
    const double share[2] = {0.6, 0.4}, factor[2] = {0.34, 0.36}, efficiency[2] = {0.85, 0.9};
    tj_maker *maker = empty_city();
    int32_t supply = tj_maker_supply(maker, 0, thirty, 2);
    for (int32_t k = 0; k < 2; k++) {
        tj_plan_source *source = tj_maker_get_source(maker, supply, k);
        source->factor = factor[k];
        source->efficiency = efficiency[k];
        tj_maker_set_level(maker, source->share, share[k]);
        tj_maker_set_level(maker, source->fossil, k == 0 ? 0.5 : 0);
        tj_maker_set_path(maker, source->capture, 0, capture);
    }
    tj_maker_get_cell(maker, supply)->losses = 0.2;
    tj_maker_get_cell(maker, supply)->in_city = in_city;
    tj_maker_get_cell(maker, supply)->removal_cell = supply + 1;
    tj_maker_sink(maker, 1, five, 5);
    int32_t homes = tj_maker_users(maker, 2, none, TJ_METHOD_STOCK, 1);
    tj_maker_network(maker, homes, 0, supply);
    tj_maker_burner(maker, add_fleet(maker, homes, 10, 10, 1), 0, 0, 1, 1);
    if (wander)
        set_noise(maker, homes, supply);
    result r = run(maker, 0);
    near(row(&r, TJ_ROW_KAPPA, supply, 0, H), 2 / in_city);
    near(row(&r, TJ_ROW_KAPPA, supply, 0, 3), 2 / in_city);
    near(row(&r, TJ_ROW_KAPPA, homes, 0, H), 1);
    near(row(&r, TJ_ROW_ENERGY, homes, 0, H), 100);
    near(row(&r, TJ_ROW_FACTOR, supply, 0, H), 0.3 / in_city);
    near(row(&r, TJ_ROW_ENERGY, homes, 0, 3), 100 * used);
    near(row(&r, TJ_ROW_FACTOR, supply, 0, 3), 0.15 / in_city * factor_now);
    near(row(&r, TJ_ROW_SCOPE2, homes, 0, 3), 15 / in_city * used * factor_now);
    near(r.cell[supply][H], 30);
    near(r.cell[supply][3], 15 * used * factor_now);
    near(r.cell[1][H], 5);
    near(r.cell[1][3], 5 + 35 * used * factor_now);
    near(r.cell[homes][3], 0);
}

static void supply(void)
{
    run_supply(1, 0);
    run_supply(0.5, 0);
}

static void wandering(void)
{
    run_supply(1, 1);
    run_supply(0.5, 1);
}

/* A = 10, I = 2, half burnt at 0.4 and half from a network at 0.1: 4 t burnt, inventory 8, kappa 2: 20 MWh of
 * each, 2 t of scope 2. */
static void intensity_with_network(void)
{
    const double eight[H + 1] = {8, 8, 8}, levels[6] = {10, 2, 0.5, 0.5, 0.4, 0.1};
    tj_maker *maker = empty_city();
    int32_t cell = tj_maker_intensity(maker, 0, eight, 2);
    for (int32_t k = 0; k < 6; k++)
        tj_maker_set_level(maker, tj_maker_driver(maker, cell, k), levels[k]);
    tj_maker_list_carriers(maker, cell);
    tj_maker_network(maker, cell, 1, TJ_NONE);
    result r = run(maker, 0);
    near(r.cell[0][4], 8);
    near(row(&r, TJ_ROW_KAPPA, 0, 0, 4), 2);
    near(row(&r, TJ_ROW_ENERGY, 0, 0, 4), 20);
    near(row(&r, TJ_ROW_ENERGY, 0, 1, 4), 20);
    near(row(&r, TJ_ROW_SCOPE2, 0, 0, 4), 2);
}

/* ---- landfills ---- */

static void set_deposits(tj_maker *maker, int32_t cell, int32_t first_year, const double *tonnes, size_t n)
{
    tj_plan_cell *record = tj_maker_get_cell(maker, cell);
    record->pile = TJ_NONE;
    record->deposits = tj_maker_numbers(maker, tonnes, n);
    record->deposits_first_year = first_year;
}

/* Half decays a year; 8 t DDOCm were deposited in each of 2000 .. 2002, 4 are after it: the pile is 8, 12, 14,
 * 11, 9.5, and 6, 7, 5.5, 4.75 decompose in 2002 .. 2005. CH4 is 0.5 * 16/12 of it, a tenth is oxidised: 3.6 t in
 * H, times 30 108 t; inventory 60: kappa 60/108, 2 t of CH4. A quarter is recovered from 2004 on. The pile of H,
 * as data, gives the same: (14 - 8) / 0.5 was there a year before. With 108 t besides in H and half of it after, and
 * an inventory of 120, kappa is the same and 60 t are added in H, 30 t after. */
static void run_landfill(int given, double besides)
{
    const double other[YEARS] = {besides, besides, besides, besides / 2, besides / 2, besides / 2};
    const double all[H + 1] = {60 + besides * 60 / 108, 60 + besides * 60 / 108, 60 + besides * 60 / 108};

    const double deposit[YEARS] = {9, 9, given ? 16 : 9, 8, 8, 8};
    const double recovery[YEARS] = {0, 0, 0, 0, 0.25, 0.25}, tonnes[3] = {16, 16, 16}, pile[1] = {14};
    tj_maker *maker = empty_city();
    int32_t cell = tj_maker_landfill(maker, 0, all, 1);
    tj_maker_get_waste(maker, cell, 0)->ddoc = 0.5;
    tj_maker_get_waste(maker, cell, 0)->decay = log(2);
    tj_maker_get_cell(maker, cell)->gwp = 30;
    if (given)
        tj_maker_get_cell(maker, cell)->pile = tj_maker_numbers(maker, pile, 1);
    else
        set_deposits(maker, cell, 2000, tonnes, 3);
    tj_maker_set_path(maker, tj_maker_get_cell(maker, cell)->deposit, 0, deposit);
    tj_maker_set_path(maker, tj_maker_get_cell(maker, cell)->recovery, 0, recovery);
    tj_maker_set_level(maker, tj_maker_get_cell(maker, cell)->oxidation, 0.1);
    tj_maker_set_path(maker, tj_maker_get_cell(maker, cell)->other, 0, other);
    result r = run(maker, 0);
    double added = besides / 2 * 60 / 108;
    near(row(&r, TJ_ROW_KAPPA, 0, 0, H), 60.0 / 108);
    near(row(&r, TJ_ROW_METHANE, 0, 0, H), 2);
    near(r.cell[0][3], 60 * 7 / 6.0 + added);
    near(r.cell[0][4], 60 * 5.5 / 6 * 0.75 + added);
    near(r.cell[0][5], 60 * 4.75 / 6 * 0.75 + added);
}

static void landfill(void)
{
    run_landfill(0, 0);
    run_landfill(1, 0);
    run_landfill(0, 108);
}

/* Shares by the year of deposit, before the axis that of its first year: the slow class, which loses a quarter
 * a year, takes all of 16 t in 1999 and half of 8 t in 2001; what goes elsewhere does not decay.
 * Piles at the end of 2001: 16 * (3/4)^2 + 4 = 13; decomposed in 2002 3.25; with 4 t of 2002 13 * 3/4 + 4 =
 * 13.75, decomposed in 2003 3.4375. CH4 is 2/3 of it; the inventory is 4.875 t: kappa 2.25. */
static void classes_by_year(void)
{
    const double share[2][YEARS] = {{1, 0.5, 0.5, 0.5, 0.5, 0.5}, {0, 0.5, 0.5, 0.5, 0.5, 0.5}};
    const double tonnes[4] = {16, 0, 8, 8}, decay[2] = {-log(0.75), 0},
                 history[H + 1] = {4.875, 4.875, 4.875};
    tj_maker *maker = empty_city();
    int32_t cell = tj_maker_landfill(maker, 0, history, 2);
    for (int32_t k = 0; k < 2; k++) {
        tj_maker_set_path(maker, tj_maker_get_waste(maker, cell, k)->share, 0, share[k]);
        tj_maker_get_waste(maker, cell, k)->ddoc = 1;
        tj_maker_get_waste(maker, cell, k)->decay = decay[k];
    }
    tj_maker_get_cell(maker, cell)->gwp = 1;
    set_deposits(maker, cell, 1999, tonnes, 4);
    result r = run(maker, 0);
    near(row(&r, TJ_ROW_KAPPA, 0, 0, H), 2.25);
    near(r.cell[0][3], 4.875 * 3.4375 / 3.25);
}

/* ---- calibration ---- */

/* 0 against 0 is kappa 1; an inventory of 5 t that nothing burns is undefined, in H, in that cell. */
static void nothing_burnt(void)
{
    for (int k = 0; k < 2; k++) {
        tj_maker *maker = begin(TJ_METHOD_STOCK, 5.0 * k, 0, 1);
        add_fleet(maker, 0, 10, 1, 1);
        tj_plan *plan = tj_maker_finish(maker);
        double out[YEARS];
        tj_runner runner;
        tj_runner_open(&runner, tj_backend_find("reference"), plan, 1);
        CU_ASSERT_EQUAL(tj_runner_run(&runner, 0, 0, 0, 1, out), k == 0 ? TJ_OK : TJ_ERR_UNDEFINED);
        CU_ASSERT(k == 0 ? out[3] == 0 : runner.fault_cell == 0 && runner.fault_year == H);
        tj_runner_close(&runner);
        tj_plan_free(plan);
    }
}

int main(void)
{
    static const tj_test tests[] = {
        {"units have the efficiency of the year they were sold in", vintages},
        {"a stationary fleet has the curve's ages back to the market year", stationary},
        {"survival is Weibull's", weibull},
        {"scrappage and the survival driver multiply survival, which is at most certain",
         scrappage_and_survival},
        {"too many units are retired oldest first, technologies pooled", retirement},
        {"after a ban nothing is sold and the rest dies out", ban},
        {"a measure on efficiency changes only what is sold from then on", measure_on_vintages},
        {"a plug-in runs on two carriers", two_carriers},
        {"fleets of a cell share its kappa", two_fleets},
        {"old floor is demolished and renovated, new floor meets the code", building},
        {"no more floor is renovated than is left", renovation_ends},
        {"plants emit by source, and capture makes removals of the biogenic part", supply},
        {"kappa wanders after H, and with it energy, factors and what is captured", wandering},
        {"an intensity sector burns only what is burnt here", intensity_with_network},
        {"landfills decay from the year after deposition", landfill},
        {"waste is of its class by the year of deposit", classes_by_year},
        {"nothing burnt fits no inventory but 0", nothing_burnt},
    };
    return TJ_RUN("reference_stock", tests);
}
