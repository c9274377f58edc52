/* Laws of sectors with memory, through every backend: what is sold is what there is, what is left never grows,
 * and what was deposited comes out. */
#include "tests/harness.h"
#include "tests/physical_maker.h"
#include "tests/random_plan.h"

#include <math.h>

enum { PLANS = 30, DRAWS = 4, H = 2, LAST = 100 };

/* Package `package` of a plan made by hand, its rows included; the plan is kept for tj_played. */
static tj_played play(const tj_backend *backend, const tj_plan *plan, int32_t package)
{
    tj_played played;
    tj_runner runner;
    tj_runner_open(&runner, backend, plan, DRAWS);
    tj_play(&played, &runner, 0, package, 0, DRAWS, 1);
    tj_runner_close(&runner);
    return played;
}

/* Years 2000 .. 2100, H = 2002, one cell with this inventory. */
static tj_maker *begin(tj_method method, double inventory)
{
    const double history[H + 1] = {NAN, NAN, inventory};
    tj_maker *maker = tj_maker_create(2000, 2000 + LAST, 1, 2);
    tj_maker_city(maker, 2002);
    if (method == TJ_METHOD_LANDFILL)
        tj_maker_landfill(maker, 0, history, 2);
    else
        tj_maker_users(maker, 0, history, method, 1);
    return maker;
}

/* ---- on random plans ---- */

static const tj_plan_row *row_of(const tj_played *played, const tj_plan_city *city, int32_t slot)
{
    const tj_plan_row *rows = tj_plan_section(played->plan, TJ_SECTION_ROWS, NULL);
    return &rows[city->rows_first + slot];
}

/* The slot of the sales of the technology whose units have this slot is the next one (tj_maker_rows). */
static int check_units(const tj_played *played, const tj_plan_city *city, int32_t slot)
{
    CU_ASSERT_EQUAL_FATAL(row_of(played, city, slot + 1)->kind, TJ_ROW_SALES);
    for (int y = city->last_inventory + 1; y < tj_plan_get_settings(played->plan)->n_years; y++)
        for (size_t d = 0; d < DRAWS; d++) {
            double before = tj_played_row(played, slot, y - 1, d), now = tj_played_row(played, slot, y, d);
            double sold = tj_played_row(played, slot + 1, y, d);
            CU_ASSERT(isnan(now) || (sold <= now * (1 + 1e-12) && now <= (before + sold) * (1 + 1e-12)));
        }
    return 1;
}

/* Something to check in a row of this kind: the row's number in the city. Returns how often it was put to the test. */
typedef int check_row(const tj_played *played, const tj_plan_city *city, int32_t slot);

/* Checks the first city's rows of a kind, on random plans through every backend; returns the sum of the answers. */
static int on_random_plans(tj_row_kind kind, check_row *check)
{
    int checked = 0;
    for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++)
        for (uint64_t seed = 1; seed <= PLANS; seed++) {
            tj_plan *plan = tj_random_plan(&(tj_random_shape){.seed = seed, .physical = 1, .no_overlaps = 1});
            const tj_plan_city *city = tj_plan_get_city(plan, 0);
            tj_played played = play(*backend, plan, 0);
            for (int32_t r = 0; r < city->rows_count; r++)
                if (row_of(&played, city, r)->kind == (int32_t)kind)
                    checked += check(&played, city, r);
            tj_played_free(&played);
            tj_plan_free(plan);
        }
    return checked;
}

static void no_unit_from_nowhere(void)
{
    CU_ASSERT(on_random_plans(TJ_ROW_UNITS, check_units) > PLANS);
}

/* Units and sales of a whole fleet in a year and draw. */
static void sum_fleet(const tj_played *played, const tj_plan_city *city, int32_t fleet, int y, size_t d,
                      double *units, double *sales)
{
    const tj_plan_technology *technologies = tj_plan_section(played->plan, TJ_SECTION_TECHNOLOGIES, NULL);
    *units = *sales = 0;
    for (int32_t r = 0; r < city->rows_count; r++) {
        const tj_plan_row *row = row_of(played, city, r);
        if (row->kind == TJ_ROW_UNITS && technologies[row->item].fleet == fleet)
            *units += tj_played_row(played, r, y, d);
        if (row->kind == TJ_ROW_SALES && technologies[row->item].fleet == fleet)
            *sales += tj_played_row(played, r, y, d);
    }
}

/* What leaves early was there before, and nothing is sold in that year; returns the years that have any. */
static int check_retired(const tj_played *played, const tj_plan_city *city, int32_t slot)
{
    int32_t fleet = row_of(played, city, slot)->item;
    int years = 0;
    for (int y = city->last_inventory + 1; y < tj_plan_get_settings(played->plan)->n_years; y++)
        for (size_t d = 0; d < DRAWS; d++) {
            double retired = tj_played_row(played, slot, y, d), before, now, sold, ignored;
            if (isnan(retired))
                continue;
            sum_fleet(played, city, fleet, y - 1, d, &before, &ignored);
            sum_fleet(played, city, fleet, y, d, &now, &sold);
            CU_ASSERT(retired >= 0);
            CU_ASSERT(retired == 0 || sold == 0);
            CU_ASSERT(now + retired <= (before + sold) * (1 + 1e-12));
            years += retired > 0;
        }
    return years;
}

static void who_leaves_early_was_there(void)
{
    CU_ASSERT(on_random_plans(TJ_ROW_RETIRED, check_retired) > 0);
}

/* ---- on plans made for them ---- */

/* Half and half in H, sold 80 to 20: after a hundred years the fleet is what is sold. */
static void shares_of_sales(void)
{
    for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++) {
        tj_maker *maker = begin(TJ_METHOD_STOCK, 0);
        int32_t fleet = tj_maker_fleet(maker, 0, TJ_FLEET_UNITS, 1000, 1, 2);
        for (int32_t k = 0; k < 2; k++)
            tj_maker_set_level(maker, tj_maker_get_technology(maker, fleet, k)->sales, k == 0 ? 0.8 : 0.2);
        tj_maker_rows(maker);
        tj_plan *plan = tj_maker_finish(maker);
        tj_played played = play(*backend, plan, 0);
        /* rows: energy, scope 2, units and sales of each */
        CU_ASSERT_DOUBLE_EQUAL(tj_played_row(&played, 2, H, 0), 500, 1e-9);
        CU_ASSERT_DOUBLE_EQUAL(tj_played_row(&played, 2, LAST, 0), 800, 1e-3);
        for (int y = H; y <= LAST; y++)
            CU_ASSERT_DOUBLE_EQUAL(tj_played_row(&played, 2, y, 0) + tj_played_row(&played, 4, y, 0), 1000,
                                   1e-9);
        tj_played_free(&played);
        tj_plan_free(plan);
    }
}

/* All are new in H; banned from 2003 on, they die by Weibull's curve with lambda 10, beta 2. */
static void ban(void)
{
    for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++) {
        tj_maker *maker = begin(TJ_METHOD_STOCK, 0);
        int32_t fleet = tj_maker_fleet(maker, 0, TJ_FLEET_UNITS, 1000, 1, 2);
        for (int32_t k = 0; k < 2; k++)
            tj_maker_get_technology(maker, fleet, k)->market_year = 2002;
        tj_plan_effect cap =
            tj_maker_effect(maker, TJ_OP_CAP, tj_maker_get_technology(maker, fleet, 0)->sales, 0);
        tj_maker_add(maker, 1, 0, &cap);
        tj_maker_rows(maker);
        tj_plan *plan = tj_maker_finish(maker);
        tj_played played = play(*backend, plan, 1);
        for (int y = H + 1; y <= LAST; y++) {
            double curve = 500 * exp(-(y - H) * (y - H) / 100.0);
            CU_ASSERT_DOUBLE_EQUAL(tj_played_row(&played, 2, y, 0), curve, 1e-12 * curve + 1e-300);
            CU_ASSERT_EQUAL(tj_played_row(&played, 3, y, 0), 0);
        }
        tj_played_free(&played);
        tj_plan_free(plan);
    }
}

/* 3 % a year of floor of which a fifth is done: 80 % of it is left to renovate, and no more. */
static void renovation(void)
{
    for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++) {
        double sum = 0;
        tj_maker *maker = begin(TJ_METHOD_BUILDING, 0);
        int32_t fleet = tj_maker_fleet(maker, 0, TJ_FLEET_FLOOR, 1000, 0.1, 1);
        tj_maker_get_fleet(maker, fleet)->renovated = 0.2;
        tj_maker_set_level(maker, tj_maker_get_fleet(maker, fleet)->rate, 0.03);
        tj_maker_rows(maker);
        tj_plan *plan = tj_maker_finish(maker);
        tj_played played = play(*backend, plan, 0);
        for (int y = H; y <= LAST; y++) {
            sum += tj_played_row(&played, 4, y, 0); /* energy, scope 2, units, sales, renovated */
            CU_ASSERT(sum <= 800 * (1 + 1e-12));
        }
        CU_ASSERT_DOUBLE_EQUAL(sum, 800, 1e-9);
        tj_played_free(&played);
        tj_plan_free(plan);
    }
}

/* Nothing is deposited any more: of piles of 300 and 500 t DDOCm with decay 0.1 and 0.3, CH4 of 16/12 * 1/2 a
 * tonne comes out, but for what is left in 2100. */
static void carbon(void)
{
    for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++) {
        const double pile[2] = {300, 500};
        double sum = 0;
        tj_maker *maker = begin(TJ_METHOD_LANDFILL, 10);
        tj_maker_get_cell(maker, 0)->pile = tj_maker_numbers(maker, pile, 2);
        tj_maker_get_waste(maker, 0, 1)->decay = 0.3;
        tj_maker_rows(maker);
        tj_plan *plan = tj_maker_finish(maker);
        tj_played played = play(*backend, plan, 0);
        for (int y = H + 1; y <= LAST; y++)
            sum += tj_played_row(&played, 1, y, 0) / tj_played_row(&played, 0, y, 0); /* methane, kappa */
        double left = 300 * exp(-0.1 * (LAST - H)) + 500 * exp(-0.3 * (LAST - H));
        CU_ASSERT_DOUBLE_EQUAL(sum, (800 - left) * 0.5 * 16 / 12, 1e-9);
        tj_played_free(&played);
        tj_plan_free(plan);
    }
}

/* Emissions of a sector are its burnt carriers' energy times their factors, 0.25 and 0.75, in every year. */
static void energy(void)
{
    for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++) {
        const double history[H + 1] = {NAN, NAN, 70};
        tj_maker *maker = tj_maker_create(2000, 2000 + LAST, 1, 2);
        tj_maker_city(maker, 2002);
        tj_maker_users(maker, 0, history, TJ_METHOD_STOCK, 2);
        int32_t fleet = tj_maker_fleet(maker, 0, TJ_FLEET_UNITS, 1000, 2, 2);
        tj_maker_burner(maker, fleet, 0, 0, 1, 1);
        tj_maker_burner(maker, fleet, 1, 0, 0.5, 0.4);
        tj_maker_burner(maker, fleet, 1, 1, 0.3, 0.6);
        for (int32_t f = 0; f < 2; f++)
            tj_maker_set_level(maker, tj_maker_get_carrier(maker, 0, f)->factor, f == 0 ? 0.25 : 0.75);
        tj_plan_effect shift =
            tj_maker_effect(maker, TJ_OP_TOWARD, tj_maker_get_technology(maker, fleet, 0)->sales, 0.1);
        tj_maker_add(maker, 1, 0, &shift);
        tj_maker_rows(maker);
        tj_plan *plan = tj_maker_finish(maker);
        tj_played played = play(*backend, plan, 1);
        for (int y = H; y <= LAST; y++)
            CU_ASSERT_DOUBLE_EQUAL(0.25 * tj_played_row(&played, 0, y, 0) +
                                       0.75 * tj_played_row(&played, 1, y, 0),
                                   tj_played_cell(&played, 0, y, 0), 1e-10);
        tj_played_free(&played);
        tj_plan_free(plan);
    }
}

int main(void)
{
    static const tj_test tests[] = {
        {"units are at least what is sold and at most what was there and is sold", no_unit_from_nowhere},
        {"what leaves early was there, and nothing is sold in that year", who_leaves_early_was_there},
        {"a fleet of constant demand comes to the shares of its sales, and keeps its number",
         shares_of_sales},
        {"after a ban the stock decays by the survival curve", ban},
        {"renovation never exceeds the floor that is left", renovation},
        {"landfill methane comes to the carbon that was there", carbon},
        {"a sector's emissions are its carriers' energy times their factors", energy},
    };
    return TJ_RUN("laws_physical", tests);
}
