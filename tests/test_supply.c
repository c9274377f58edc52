/* Heat networks in the lanes backend: a city worked by hand, then the laws. Years 2000 .. 2030, H = 2002.
 *
 * Cell 0: buildings heated by gas burnt there and by the network. Cell 1: premises by their intensity, with the
 * network and electricity. Cell 2: the network. Cell 3: removals. */
#include "tests/harness.h"
#include "tests/physical_maker.h"

#include <math.h>
#include <string.h>

enum { H = 2, YEARS = 31, DRAWS = 300, FLEET = 0 };

enum {
    ROW_GAS,
    ROW_HEAT,
    ROW_SCOPE2,
    ROW_ENERGY_HEAT,
    ROW_ENERGY_POWER,
    ROW_SCOPE2_POWER,
    ROW_FACTOR,
    ROW_KAPPA
};

static const double burnt[3] = {NAN, NAN, 500};
static const double none[3] = {NAN, NAN, 0};
static const double plants[3] = {NAN, NAN, 300};

static void near(double x, double expected)
{
    CU_ASSERT_DOUBLE_EQUAL(x, expected, 1e-10 * fmax(1, fabs(expected)));
}

/* Source 0 is waste: 0.34 t/MWh, 40 % fossil, efficiency 0.85; source 1 is gas: 0.2 t/MWh. */
static void add_network(tj_maker *maker)
{
    int32_t cell = tj_maker_supply(maker, 2, plants, 2);
    tj_plan_source *waste = tj_maker_get_source(maker, cell, 0);
    waste->factor = 0.34;
    waste->efficiency = 0.85;
    tj_maker_set_level(maker, waste->fossil, 0.4);
    tj_maker_get_cell(maker, cell)->losses = 0.1;
}

/* 1000 m2 at 0.2 MWh, half gas with eta 1.25, half the network; premises 50 units, 30 % network, 70 % power. */
static tj_maker *one_city(int32_t packages)
{
    tj_maker *maker = tj_maker_create(2000, 2030, 1, packages);
    tj_maker_city(maker, 2002);
    tj_maker_users(maker, 0, burnt, TJ_METHOD_BUILDING, 2);
    tj_maker_fleet(maker, 0, TJ_FLEET_FLOOR, 1000, 0.2, 2);
    tj_maker_burner(maker, FLEET, 0, 0, 1.25, 1);
    tj_maker_burner(maker, FLEET, 1, 1, 1, 1);
    tj_maker_network(maker, 0, 1, 2);
    int32_t premises = tj_maker_intensity(maker, 1, none, 2);
    tj_maker_set_level(maker, tj_maker_driver(maker, premises, 0), 50);
    tj_maker_set_level(maker, tj_maker_driver(maker, premises, 2), 0.3);
    tj_maker_set_level(maker, tj_maker_driver(maker, premises, 3), 0.7);
    tj_maker_set_level(maker, tj_maker_driver(maker, premises, 5), 0.03);
    tj_maker_list_carriers(maker, premises);
    tj_maker_network(maker, premises, 0, 2);
    tj_maker_network(maker, premises, 1, TJ_NONE);
    add_network(maker);
    tj_maker_sink(maker, 3, none, 0);
    tj_maker_get_cell(maker, 3)->account = TJ_REMOVALS;
    tj_maker_get_cell(maker, 2)->removal_cell = 3;
    tj_maker_row(maker, TJ_ROW_ENERGY, 0, 0);
    tj_maker_row(maker, TJ_ROW_ENERGY, 0, 1);
    tj_maker_row(maker, TJ_ROW_SCOPE2, 0, 0);
    tj_maker_row(maker, TJ_ROW_ENERGY, 1, 0);
    tj_maker_row(maker, TJ_ROW_ENERGY, 1, 1);
    tj_maker_row(maker, TJ_ROW_SCOPE2, 1, 0);
    tj_maker_row(maker, TJ_ROW_FACTOR, 2, 0);
    tj_maker_row(maker, TJ_ROW_KAPPA, 2, 0);
    return maker;
}

/* Buildings: gas 100 1.25 = 125 MWh, EF 1, kappa = 500/125 = 4; network 4 100 = 400 MWh. Premises burn nothing: kappa
 * 1; network 50 0.3 = 15, power 35 MWh. Use 415. Factor: (0.5 0.34 0.4/0.85 + 0.5 0.2)/0.9 = 0.18/0.9 = 0.2; modelled
 * 83; kappa 300/83. */
static void worked(void)
{
    tj_played played;
    tj_play_made(&played, one_city(1), 0, DRAWS);
    for (int y = H; y < YEARS; y++) {
        near(tj_played_row(&played, ROW_GAS, y, 1), 500);
        near(tj_played_row(&played, ROW_HEAT, y, 1), 400);
        near(tj_played_row(&played, ROW_ENERGY_HEAT, y, 1), 15);
        near(tj_played_row(&played, ROW_ENERGY_POWER, y, 1), 35);
        near(tj_played_row(&played, ROW_KAPPA, y, 1), 300.0 / 83);
        near(tj_played_row(&played, ROW_FACTOR, y, 1), 0.2 * 300 / 83);
        near(tj_played_row(&played, ROW_SCOPE2, y, 1), 400 * 0.2 * 300 / 83);
        near(tj_played_row(&played, ROW_SCOPE2_POWER, y, 1), 15 * 0.2 * 300 / 83 + 35 * 0.03);
        if (y == H)
            continue;
        near(tj_played_cell(&played, 0, y, 1), 500);
        near(tj_played_cell(&played, 1, y, 1), 0);
        near(tj_played_cell(&played, 2, y, 1), 300);
        near(tj_played_cell(&played, 3, y, 1), 0);
    }
    tj_played_end(&played);
}

/* Half of the waste's CO2 captured: 0.5 0.34/0.85 = 0.2 t per MWh made, 0.08 fossil and 0.12 biogenic. The fossil
 * emissions fall to (0.04 + 0.1)/0.18, and use 415/0.9 times 0.06 kappa is taken out. */
static void captured(void)
{
    tj_maker *maker = one_city(2);
    tj_played played;
    tj_plan_effect effect =
        tj_maker_effect(maker, TJ_OP_FLOOR, tj_maker_get_source(maker, 2, 0)->capture, 0.5);
    tj_maker_add(maker, 1, 0, &effect);
    tj_play_made(&played, maker, 1, DRAWS);
    near(tj_played_cell(&played, 2, H + 5, 1), 300 * 0.14 / 0.18);
    near(tj_played_cell(&played, 3, H + 5, 1), 415 / 0.9 * 0.06 * 300 / 83);
    near(tj_played_cell(&played, 0, H + 5, 1), 500);
    tj_played_end(&played);
}

/* The plants stand elsewhere: nothing in the territory, scope 2 as before with the factor as it is. */
static void elsewhere(void)
{
    tj_maker *maker = one_city(1);
    tj_played played;
    tj_maker_get_cell(maker, 2)->in_city = 0;
    ((double *)tj_maker_items(maker, TJ_SECTION_NUMBERS, NULL))[tj_maker_get_cell(maker, 2)->history + H] = 0;
    tj_play_made(&played, maker, 0, DRAWS);
    near(tj_played_cell(&played, 2, H + 3, 1), 0);
    near(tj_played_row(&played, ROW_FACTOR, H + 3, 1), 0.2);
    near(tj_played_row(&played, ROW_SCOPE2, H + 3, 1), 80);
    tj_played_end(&played);
}

/* The same without rows, and a package that reaches no cell with memory: all is taken from what was prepared. */
static void prepared_only(void)
{
    for (int32_t package = 0; package < 2; package++) {
        tj_maker *maker = one_city(2);
        tj_played played;
        tj_plan_effect effect = tj_maker_effect(maker, TJ_OP_ADD, tj_maker_driver(maker, 3, 0), 7);
        tj_maker_add(maker, 1, 0, &effect);
        tj_plan *plan = tj_maker_finish(maker);
        tj_runner runner;
        tj_runner_open(&runner, &tj_backend_lanes, plan, DRAWS);
        tj_play(&played, &runner, 0, package, 0, DRAWS, 0);
        tj_runner_close(&runner);
        for (size_t d = 0; d < DRAWS; d += 23) {
            near(tj_played_cell(&played, 0, H + 4, d), 500);
            near(tj_played_cell(&played, 2, H + 4, d), 300);
            near(tj_played_cell(&played, 3, H + 4, d), 7 * package);
        }
        tj_played_end(&played);
    }
}

/* A measure on any one of the cells gives the same with rows and without: what is prepared is what is computed. Its
 * reach differs by draw. */
static void parts_are_wholes(void)
{
    for (int which = 0; which < 4; which++) {
        tj_maker *maker = one_city(2);
        int32_t driver[4] = {tj_maker_get_fleet(maker, FLEET)->rate, tj_maker_driver(maker, 1, 0),
                             tj_maker_get_source(maker, 2, 1)->share, tj_maker_driver(maker, 3, 0)};
        tj_plan_effect effect = tj_maker_effect(maker, TJ_OP_ADD, driver[which], 0.01);
        tj_played with, without;
        tj_runner runner;
        tj_maker_set_level(maker, tj_maker_get_fleet(maker, FLEET)->depth, 0.5);
        effect.adherence = tj_maker_param(maker, "adherence", TJ_DIST_UNIFORM, 0.2, 1, 0, 0);
        tj_maker_add(maker, 1, 0, &effect);
        tj_plan *plan = tj_maker_finish(maker);
        tj_runner_open(&runner, &tj_backend_lanes, plan, DRAWS);
        tj_play(&with, &runner, 0, 1, 0, DRAWS, 1);
        tj_play(&without, &runner, 0, 1, 0, 37, 0);
        for (int32_t k = 0; k < 4; k++)
            for (int y = H; y < YEARS; y++)
                for (size_t d = 0; d < DRAWS; d++)
                    CU_ASSERT(tj_played_cell(&with, k, y, d) == tj_played_cell(&without, k, y, d));
        CU_ASSERT(tj_played_cell(&with, which == 3 ? 3 : 2, YEARS - 1, 0) !=
                  tj_played_cell(&with, which == 3 ? 3 : 2, YEARS - 1, 1));
        tj_played_free(&with);
        tj_played_free(&without);
        tj_runner_close(&runner);
        tj_plan_free(plan);
    }
}

/* Energy by sector sums to energy by carrier: what the network gives is what its users take, in every year of a
 * renovation; its emissions are use times factor. */
static void energy_adds_up(void)
{
    tj_maker *maker = one_city(2);
    tj_played played;
    tj_plan_effect renovate = tj_maker_effect(maker, TJ_OP_ADD, tj_maker_get_fleet(maker, FLEET)->rate, 0.03);
    tj_maker_set_level(maker, tj_maker_get_fleet(maker, FLEET)->depth, 0.5);
    tj_maker_add(maker, 1, 0, &renovate);
    tj_play_made(&played, maker, 1, DRAWS);
    for (int y = H + 1; y < YEARS; y++) {
        double use = tj_played_row(&played, ROW_HEAT, y, 1) + tj_played_row(&played, ROW_ENERGY_HEAT, y, 1);
        near(tj_played_cell(&played, 2, y, 1), use * tj_played_row(&played, ROW_FACTOR, y, 1));
        near(tj_played_row(&played, ROW_HEAT, y, 1), 400 * (1 - 0.5 * fmin(1, 0.03 * (y - H))));
    }
    tj_played_end(&played);
}

static const tj_test tests[] = {
    {"a network's emissions and factor are those worked by hand", worked},
    {"captured biogenic CO2 is a removal, captured fossil CO2 is not emitted", captured},
    {"plants elsewhere are scope 2 only", elsewhere},
    {"what no measure reaches is taken as prepared", prepared_only},
    {"what is prepared once is what a package computes, to the bit", parts_are_wholes},
    {"energy by sector sums to energy by carrier", energy_adds_up},
};

int main(void)
{
    return TJ_RUN("supply", tests);
}
