/* Landfills in the lanes backend: two years worked by hand, then the laws. Years 2000 .. 2060, H = 2002. */
#include "engine/fault.h"
#include "tests/harness.h"
#include "tests/physical_maker.h"

#include <math.h>

enum { H = 2, YEARS = 61 };

static void near(double x, double expected)
{
    CU_ASSERT_DOUBLE_EQUAL(x, expected, 1e-10 * fmax(1, fabs(expected)));
}

/* One landfill; rows: methane, kappa. */
static tj_maker *one_landfill(double inventory, int32_t wastes)
{
    const double history[3] = {NAN, NAN, inventory};
    tj_maker *maker = tj_maker_create(2000, 2060, 1, 2);
    tj_maker_city(maker, 2002);
    tj_maker_landfill(maker, 0, history, wastes);
    tj_maker_row(maker, TJ_ROW_METHANE, 0, 0);
    tj_maker_row(maker, TJ_ROW_KAPPA, 0, 0);
    return maker;
}

/* Deposits of 1000, 2000 and 3000 t in 2000 .. 2002, ddoc 0.1, k = 0.1, then 500 t a year.
 * Pile at the end of 2001: 100 e^-0.1 + 200; decomposed in 2002: that times (1 - e^-0.1); CH4 = decomposed 0.5 16/12
 * (1 - 0.2)(1 - 0.1), CO2e 28 times that; kappa lifts it to 1000. In 2003 the pile of 2002 decomposes. */
static void worked(void)
{
    static const double deposits[3] = {1000, 2000, 3000};
    tj_maker *maker = one_landfill(1000, 1);
    tj_played played;
    tj_plan_cell *cell = tj_maker_get_cell(maker, 0);
    int32_t deposit = cell->deposit, recovery = cell->recovery, oxidation = cell->oxidation;
    int32_t numbers = tj_maker_numbers(maker, deposits, 3);
    cell = tj_maker_get_cell(maker, 0);
    cell->pile = TJ_NONE;
    cell->deposits = numbers;
    cell->deposits_first_year = 2000;
    tj_maker_set_level(maker, deposit, 500);
    tj_maker_set_level(maker, recovery, 0.2);
    tj_maker_set_level(maker, oxidation, 0.1);
    tj_play_made(&played, maker, 0, 2);
    double e = exp(-0.1), carbon = 0.5 * 16 / 12 * 0.8 * 0.9, pile = 100 * e + 200;
    double kappa = 1000 / (28 * pile * (1 - e) * carbon);
    near(tj_played_row(&played, 1, H, 0), kappa);
    near(tj_played_row(&played, 0, H, 0), 1000.0 / 28);
    pile = pile * e + 300;
    near(tj_played_cell(&played, 0, H + 1, 0), kappa * 28 * pile * (1 - e) * carbon);
    pile = pile * e + 50;
    near(tj_played_cell(&played, 0, H + 2, 0), kappa * 28 * pile * (1 - e) * carbon);
    near(tj_played_row(&played, 0, H + 2, 0), kappa * pile * (1 - e) * carbon);
    tj_played_end(&played);
}

/* A given pile of 400 t DDOCm at the end of H, of which 30 t (300 t of waste, ddoc 0.1) were deposited in H: before
 * that (400 - 30)/e^-0.1 stood there, which kappa sets against 1000. Later years start from the 400. */
static void given_pile(void)
{
    tj_maker *maker = one_landfill(1000, 1);
    tj_played played;
    int32_t numbers = tj_maker_numbers(maker, &(double){400}, 1);
    tj_maker_get_cell(maker, 0)->pile = numbers;
    tj_maker_set_level(maker, tj_maker_get_cell(maker, 0)->deposit, 300);
    tj_play_made(&played, maker, 0, 2);
    double e = exp(-0.1), before = (400 - 30) / e;
    near(tj_played_cell(&played, 0, H + 1, 0), 1000 * 400 / before);
    near(tj_played_cell(&played, 0, H + 2, 0), 1000 * (400 * e + 30) / before);
    tj_played_end(&played);
}

/* With quick decay and no more deposits, methane integrates to the degradable carbon of the pile times F 16/12,
 * whatever the classes; kappa divided out. Three classes of 100, 200 and 300 t, of which nothing came in H. */
static void whole_carbon(void)
{
    static const double piles[3] = {100, 200, 300};
    tj_maker *maker = one_landfill(1000, 3);
    tj_played played;
    double sum = 0;
    int32_t numbers = tj_maker_numbers(maker, piles, 3);
    tj_maker_get_cell(maker, 0)->pile = numbers;
    for (int32_t k = 0; k < 3; k++)
        tj_maker_get_waste(maker, 0, k)->decay = 0.7 + 0.1 * k;
    tj_play_made(&played, maker, 0, 2);
    for (int y = H + 1; y < YEARS; y++)
        sum += tj_played_row(&played, 0, y, 0) / tj_played_row(&played, 1, y, 0);
    near(sum, 600 * 0.5 * 16 / 12);
    tj_played_end(&played);
}

/* All gas recovered from 2010 on: nothing is left from then on, and before it all is as without. */
static void recovered(void)
{
    tj_maker *maker = one_landfill(1000, 2);
    tj_played played;
    int32_t numbers = tj_maker_numbers(maker, (const double[2]){400, 100}, 2);
    tj_maker_get_cell(maker, 0)->pile = numbers;
    tj_plan_effect effect = tj_maker_effect(maker, TJ_OP_FLOOR, tj_maker_get_cell(maker, 0)->recovery, 1);
    effect.ramp = tj_maker_step(maker, 2010, 1);
    tj_maker_add(maker, 1, 0, &effect);
    tj_play_made(&played, maker, 1, 2);
    for (int y = H + 1; y < YEARS; y++) {
        if (y >= 10) {
            CU_ASSERT(tj_played_cell(&played, 0, y, 0) == 0);
            continue;
        }
        near(tj_played_cell(&played, 0, y, 0), 1000 * exp(-0.1 * (y - H)));
    }
    tj_played_end(&played);
}

/* A landfill without waste against an inventory that is not zero is a fault; against a zero it stays zero. */
static void empty(void)
{
    for (int zero = 0; zero < 2; zero++) {
        tj_plan *plan = tj_maker_finish(one_landfill(zero ? 0 : 1000, 1));
        tj_draws draws;
        tj_prepared *prepared = NULL;
        CU_ASSERT(tj_draws_init(&draws, plan, 2, 1) == TJ_OK);
        CU_ASSERT(tj_backend_lanes.prepare(plan, &draws, 1, &prepared) == (zero ? TJ_OK : TJ_ERR_UNDEFINED));
        tj_backend_lanes.prepared_free(prepared);
        int32_t cell = TJ_NONE, year = TJ_NONE;
        CU_ASSERT(tj_fault_find(plan, 0, 2, &cell, &year) == (zero ? TJ_OK : TJ_ERR_UNDEFINED));
        CU_ASSERT_EQUAL(cell, zero ? TJ_NONE : 0);
        CU_ASSERT_EQUAL(year, zero ? TJ_NONE : H);
        tj_draws_free(&draws);
        tj_plan_free(plan);
    }
}

/* Recovery of gas is drawn from 0 to 1.02 and held at 1: in a draw out of fifty there is no methane in H. The first
 * has some, so that the others have to be looked at. */
static void seldom_empty(void)
{
    int32_t numbers, cell = TJ_NONE, year = TJ_NONE;
    tj_maker *maker = one_landfill(1000, 1);
    numbers = tj_maker_numbers(maker, (const double[2]){400, 100}, 2);
    tj_maker_get_cell(maker, 0)->pile = numbers;
    tj_plan_driver *recovery = tj_maker_get_driver(maker, tj_maker_get_cell(maker, 0)->recovery);
    recovery->reference = TJ_REF_GROWTH;
    recovery->start = tj_maker_param(maker, "recovery", TJ_DIST_UNIFORM, 0, 1.02, 0, 0);
    recovery->rate = tj_fixed(0);
    tj_plan *plan = tj_maker_finish(maker);
    CU_ASSERT_EQUAL(tj_fault_find(plan, 0, 1, &cell, &year), TJ_OK);
    CU_ASSERT_EQUAL(cell, TJ_NONE);
    CU_ASSERT_EQUAL(tj_fault_find(plan, 0, 500, &cell, &year), TJ_ERR_UNDEFINED);
    CU_ASSERT_EQUAL(cell, 0);
    CU_ASSERT_EQUAL(year, H);
    tj_plan_free(plan);
}

static const tj_test tests[] = {
    {"two years of decay after given deposits are those worked by hand", worked},
    {"a given pile holds the deposits of H", given_pile},
    {"methane integrates to the degradable carbon", whole_carbon},
    {"recovered gas does not escape", recovered},
    {"an empty landfill is a fault where the inventory has emissions", empty},
    {"a fault in few draws is found", seldom_empty},
};

int main(void)
{
    return TJ_RUN("landfill", tests);
}
