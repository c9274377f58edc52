/* Floor and its heating stock in the lanes backend: three years worked by hand, then the laws. Years 2000 .. 2050,
 * H = 2002. */
#include "tests/harness.h"
#include "tests/physical_maker.h"

#include <math.h>

enum { H = 2, YEARS = 51, GAS = 0, HEAT = 1 };

static const double inventory[3] = {NAN, NAN, 500};

static void near(double x, double expected)
{
    CU_ASSERT_DOUBLE_EQUAL(x, expected, 1e-10 * fmax(1, fabs(expected)));
}

/* 1000 m2 at 0.1 MWh per m2 in H, heated by gas boilers with eta 1.25 and a network with eta 1, half and half.
 * Rows: energy of gas and of the network, units of both, renovated m2, kappa. */
static tj_maker *one_building(int32_t packages)
{
    tj_maker *maker = tj_maker_create(2000, 2050, 1, packages);
    tj_maker_city(maker, 2002);
    tj_maker_users(maker, 0, inventory, TJ_METHOD_BUILDING, 2);
    tj_maker_fleet(maker, 0, TJ_FLEET_FLOOR, 1000, 0.1, 2);
    tj_maker_burner(maker, 0, 0, GAS, 1.25, 1);
    tj_maker_burner(maker, 0, 1, HEAT, 1, 1);
    tj_maker_network(maker, 0, HEAT, TJ_NONE);
    for (int32_t f = 0; f < 2; f++)
        tj_maker_row(maker, TJ_ROW_ENERGY, 0, f);
    for (int32_t k = 0; k < 2; k++)
        tj_maker_row(maker, TJ_ROW_UNITS, 0, k);
    tj_maker_row(maker, TJ_ROW_RENOVATED, 0, 0);
    tj_maker_row(maker, TJ_ROW_KAPPA, 0, 0);
    return maker;
}

/* All heat of a year, MWh before kappa, from what gas and network give: both serve half of the floor. */
static double heat(const tj_played *played, int year)
{
    double kappa = tj_played_row(played, 5, year, 0);
    return (tj_played_row(played, 0, year, 0) / 1.25 + tj_played_row(played, 1, year, 0)) / kappa;
}

/* H: 1000 0.1 = 100 MWh, gas 50 1.25 = 62.5, kappa = 500/62.5 = 8.
 * 2003: demolition 10 %: old 900; floor 1100: 200 new at 0.05. Renovated 20 % of old at depth 50 %: h = 0.1 - 0.1
 * 0.2 0.5 = 0.09. Heat 900 0.09 + 200 0.05 = 91; 0.2 900 = 180 m2 renovated.
 * 2004: old 810, floor 1000: new falls from 200 to 190 at the mean 0.05. No renovation. Heat 72.9 + 9.5 = 82.4. */
static void three_years(void)
{
    tj_maker *maker = one_building(1);
    const tj_plan_fleet fleet = *tj_maker_get_fleet(maker, 0);
    double area[YEARS], rate[YEARS] = {0}, code[YEARS];
    tj_played played;
    for (int y = 0; y < YEARS; y++) {
        area[y] = y == H + 1 ? 1100 : 1000;
        code[y] = y == H + 1 ? 0.05 : 0.7;
    }
    rate[H + 1] = 0.2;
    tj_maker_set_path(maker, fleet.demand, 0, area);
    tj_maker_set_path(maker, fleet.rate, 0, rate);
    tj_maker_set_path(maker, fleet.code, 0, code);
    tj_maker_set_level(maker, fleet.demolition, 0.1);
    tj_maker_set_level(maker, fleet.depth, 0.5);
    tj_play_made(&played, maker, 0, 2);
    near(tj_played_row(&played, 5, H, 0), 8);
    near(tj_played_row(&played, 0, H, 0), 500);
    near(tj_played_row(&played, 1, H, 0), 400);
    near(tj_played_row(&played, 4, H, 0), 0);
    near(heat(&played, H + 1), 91);
    near(tj_played_cell(&played, 0, H + 1, 0), 8 * 45.5 * 1.25);
    near(tj_played_row(&played, 4, H + 1, 0), 180);
    near(tj_played_row(&played, 2, H + 1, 0) + tj_played_row(&played, 3, H + 1, 0), 1100);
    near(heat(&played, H + 2), 82.4);
    near(tj_played_row(&played, 2, H + 2, 0), 500);
    tj_played_end(&played);
}

/* Renovation at 4 % a year from 30 % on ends at 100 % of the old floor: 70 % of it is renovated, h falls by that
 * times the depth, and never more. The number of systems stays. */
static void all_renovated(void)
{
    tj_maker *maker = one_building(1);
    tj_played played;
    double sum = 0;
    tj_maker_get_fleet(maker, 0)->renovated = 0.3;
    tj_maker_set_level(maker, tj_maker_get_fleet(maker, 0)->rate, 0.04);
    tj_maker_set_level(maker, tj_maker_get_fleet(maker, 0)->depth, 0.6);
    tj_play_made(&played, maker, 0, 2);
    for (int y = H; y < YEARS; y++) {
        sum += tj_played_row(&played, 4, y, 0);
        CU_ASSERT(sum <= 700 * (1 + 1e-14));
        near(heat(&played, y), 100 - 0.1 * sum * 0.6);
        near(tj_played_row(&played, 2, y, 0), 500);
    }
    near(sum, 700);
    near(tj_played_row(&played, 4, YEARS - 1, 0), 0);
    tj_played_end(&played);
}

/* Floor is conserved: what heating systems serve is A in every year, whatever is built, torn down or scrapped. */
static void floor_conserved(void)
{
    tj_maker *maker = one_building(1);
    tj_played played;
    double area[YEARS];
    for (int y = 0; y < YEARS; y++)
        area[y] = 1000 + 200 * ((y * 7) % 5 - 2);
    area[H] = 1000;
    tj_maker_set_path(maker, tj_maker_get_fleet(maker, 0)->demand, 0, area);
    tj_maker_set_level(maker, tj_maker_get_fleet(maker, 0)->demolition, 0.03);
    tj_maker_set_level(maker, tj_maker_get_fleet(maker, 0)->code, 0.04);
    tj_maker_set_level(maker, tj_maker_get_technology(maker, 0, 0)->scrappage, 0.05);
    tj_play_made(&played, maker, 0, 2);
    for (int y = H; y < YEARS; y++) {
        near(tj_played_row(&played, 2, y, 0) + tj_played_row(&played, 3, y, 0), area[y]);
        CU_ASSERT(heat(&played, y) <= 0.1 * area[y] + 1e-9 && heat(&played, y) >= 0.04 * area[y] * 0.99);
    }
    tj_played_end(&played);
}

/* A boiler ban with all boilers scrapped: no gas, no emissions, and all heat comes by the network. */
static void boilers_scrapped(void)
{
    tj_maker *maker = one_building(2);
    tj_played played;
    const tj_plan_technology boiler = *tj_maker_get_technology(maker, 0, 0);
    tj_plan_effect ban = tj_maker_effect(maker, TJ_OP_CAP, boiler.sales, 0);
    tj_plan_effect scrap = tj_maker_effect(maker, TJ_OP_TOWARD, boiler.scrappage, 1);
    tj_maker_add(maker, 1, 0, &ban);
    tj_maker_add(maker, 1, 0, &scrap);
    tj_play_made(&played, maker, 1, 2);
    for (int y = H + 1; y < YEARS; y++) {
        CU_ASSERT(tj_played_cell(&played, 0, y, 0) == 0);
        CU_ASSERT(tj_played_row(&played, 2, y, 0) == 0);
        near(tj_played_row(&played, 1, y, 0), 800);
    }
    tj_played_end(&played);
}

/* No floor has no heat and no emissions, not a division by nothing. */
static void no_floor(void)
{
    tj_maker *maker = one_building(1);
    tj_played played;
    double area[YEARS];
    for (int y = 0; y < YEARS; y++)
        area[y] = y <= H ? 1000 : 0;
    tj_maker_set_path(maker, tj_maker_get_fleet(maker, 0)->demand, 0, area);
    tj_play_made(&played, maker, 0, 2);
    for (int y = H + 1; y < YEARS; y++)
        CU_ASSERT(tj_played_cell(&played, 0, y, 0) == 0);
    tj_played_end(&played);
}

static const tj_test tests[] = {
    {"three years of floor are those worked by hand", three_years},
    {"renovation never exceeds the floor that is left", all_renovated},
    {"every m2 is heated by one system, whatever is built or torn down", floor_conserved},
    {"boilers that may not be sold and are scrapped leave nothing burnt", boilers_scrapped},
    {"a building that is gone emits nothing", no_floor},
};

int main(void)
{
    return TJ_RUN("building", tests);
}
