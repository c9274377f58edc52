/* Stocks of units in the lanes backend: three years worked by hand, then the laws. Years 2000 .. 2040, H = 2002
 * unless said otherwise; draws differ where lifetimes are uncertain. */
#include "engine/lanes.h"
#include "tests/harness.h"
#include "tests/physical_maker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { H = 2, YEARS = 41, DRAWS = 3 };

static const double inventory[3] = {NAN, NAN, 800};

static void near(double x, double expected)
{
    CU_ASSERT_DOUBLE_EQUAL(x, expected, 1e-10 * fmax(1, fabs(expected)));
}

/* S(a) with lambda 10, beta 2. */
static double left(int age)
{
    return tj_exp(-age * age / 100.0);
}

/* A city with one stock cell of two carriers and one fleet of `count` technologies on carrier 0, in two packages;
 * rows: units by technology, then sales by technology, then energy by carrier, then kappa. */
static tj_maker *one_fleet(double demand, int32_t count)
{
    tj_maker *maker = tj_maker_create(2000, 2040, 1, 2);
    tj_maker_city(maker, 2002);
    tj_maker_users(maker, 0, inventory, TJ_METHOD_STOCK, 2);
    tj_maker_fleet(maker, 0, TJ_FLEET_UNITS, demand, 10, count);
    return maker;
}

static void add_rows(tj_maker *maker, int32_t count)
{
    for (int32_t k = 0; k < count; k++)
        tj_maker_row(maker, TJ_ROW_UNITS, 0, k);
    for (int32_t k = 0; k < count; k++)
        tj_maker_row(maker, TJ_ROW_SALES, 0, k);
    tj_maker_row(maker, TJ_ROW_ENERGY, 0, 0);
    tj_maker_row(maker, TJ_ROW_ENERGY, 0, 1);
    tj_maker_row(maker, TJ_ROW_KAPPA, 0, 0);
}

/* ---- by hand ---- */

/* 100 units: ages 0, 1, 2 weigh 2, 1, 1, so 50, 25, 25. lambda 10, beta 2: S(1)/S(0) = e^-0.01, S(2)/S(1) =
 * e^-0.03, S(3)/S(2) = e^-0.05. eta was 0.9 in 2000, 0.85 in 2001, 0.8 in 2002, is 0.7 in 2003 and 0.6 in 2004.
 * H: 10 (50 0.8 + 25 0.85 + 25 0.9) = 837.5 MWh, EF 1: kappa = 800/837.5.
 * 2003: 50 e^-0.01, 25 e^-0.03, 25 e^-0.05 left; sales fill up to 100. 2004 alike. */
static void three_years(void)
{
    static const double weights[3] = {2, 1, 1};
    tj_maker *maker = one_fleet(100, 1);
    double eta[YEARS] = {0.9, 0.85, 0.8, 0.7};
    tj_played played;
    for (int y = 4; y < YEARS; y++)
        eta[y] = 0.6;
    int32_t driver = tj_maker_burner(maker, 0, 0, 0, 1, 1);
    tj_maker_set_path(maker, driver, 0, eta);
    tj_maker_get_technology(maker, 0, 0)->ages = tj_maker_numbers(maker, weights, 3);
    tj_maker_get_technology(maker, 0, 0)->n_ages = 3;
    add_rows(maker, 1);
    tj_play_made(&played, maker, 0, DRAWS);
    double n0 = 50, n1 = 25, n2 = 25, kappa = 800 / 837.5;
    near(tj_played_row(&played, 4, H, 0), kappa);
    near(tj_played_row(&played, 2, H, 0), 800);
    near(tj_played_row(&played, 1, H, 0), 0);
    n0 *= exp(-0.01), n1 *= exp(-0.03), n2 *= exp(-0.05);
    double z = 100 - n0 - n1 - n2;
    near(tj_played_row(&played, 1, H + 1, 0), z);
    near(tj_played_cell(&played, 0, H + 1, 0), kappa * 10 * (z * 0.7 + n0 * 0.8 + n1 * 0.85 + n2 * 0.9));
    n0 *= exp(-0.03), n1 *= exp(-0.05), n2 *= exp(-0.07), z *= exp(-0.01);
    double y = 100 - z - n0 - n1 - n2;
    near(tj_played_row(&played, 1, H + 2, 0), y);
    near(tj_played_row(&played, 0, H + 2, 0), 100);
    near(tj_played_cell(&played, 0, H + 2, 0),
         kappa * 10 * (y * 0.6 + z * 0.7 + n0 * 0.8 + n1 * 0.85 + n2 * 0.9));
    tj_played_end(&played);
}

/* Two technologies with 50 units aged 0 and 50 aged 1 each; nothing dies (survival lifts every ratio to 1).
 * Demand falls from 200 to 120. Scrappage first takes 10 % of technology 0, which leaves 45 and 45: survivors are
 * 190, 70 too many: they retire early, and none does in a year after. Of the 95 that are the oldest, the fraction 70/95 of each technology goes. */
static void oldest_first(void)
{
    static const double weights[2] = {1, 1};
    tj_maker *maker = one_fleet(200, 2);
    tj_played played;
    double demand[YEARS], scrappage[YEARS] = {0};
    for (int y = 0; y < YEARS; y++)
        demand[y] = y <= H ? 200 : 120;
    scrappage[H + 1] = 0.1;
    for (int32_t k = 0; k < 2; k++) {
        tj_maker_burner(maker, 0, k, k, 1, 1);
        tj_maker_get_technology(maker, 0, k)->ages = tj_maker_numbers(maker, weights, 2);
        tj_maker_get_technology(maker, 0, k)->n_ages = 2;
    }
    tj_maker_set_path(maker, tj_maker_get_fleet(maker, 0)->demand, 0, demand);
    tj_maker_set_path(maker, tj_maker_get_technology(maker, 0, 0)->scrappage, 0, scrappage);
    tj_maker_set_level(maker, tj_maker_get_fleet(maker, 0)->survival, 1e9);
    add_rows(maker, 2);
    int32_t retired = tj_maker_row(maker, TJ_ROW_RETIRED, 0, 0);
    tj_play_made(&played, maker, 0, DRAWS);
    near(tj_played_row(&played, retired, H, 0), 0);
    near(tj_played_row(&played, retired, H + 1, 0), 70);
    near(tj_played_row(&played, retired, H + 2, 0), 0);
    near(tj_played_row(&played, 0, H + 1, 0), 45 + 45 * (1 - 70.0 / 95));
    near(tj_played_row(&played, 1, H + 1, 0), 50 + 50 * (1 - 70.0 / 95));
    near(tj_played_row(&played, 2, H + 1, 0), 0);
    near(tj_played_row(&played, 0, H + 1, 0) + tj_played_row(&played, 1, H + 1, 0), 120);
    tj_played_end(&played);
}

/* A plug-in: 60 % of the activity on carrier 0 with eta 0.5, 40 % on carrier 1 with eta 0.2; carrier 1 comes by a
 * network, so scope 1 in H is 100 10 0.6 0.5 = 300, kappa = 800/300, and its energy 100 10 0.4 0.2 kappa. */
static void two_carriers(void)
{
    tj_maker *maker = one_fleet(100, 1);
    tj_played played;
    tj_maker_burner(maker, 0, 0, 0, 0.5, 0.6);
    tj_maker_burner(maker, 0, 0, 1, 0.2, 0.4);
    tj_maker_network(maker, 0, 1, TJ_NONE);
    add_rows(maker, 1);
    int32_t scope2 = tj_maker_row(maker, TJ_ROW_SCOPE2, 0, 0);
    tj_maker_set_level(maker, tj_maker_get_carrier(maker, 0, 1)->factor, 0.05);
    tj_play_made(&played, maker, 0, DRAWS);
    for (int y = H; y < YEARS; y++) {
        near(tj_played_row(&played, 2, y, 0), 800);
        near(tj_played_row(&played, 3, y, 0), 80 * 800 / 300.0);
        near(tj_played_row(&played, scope2, y, 0), 4 * 800 / 300.0);
        if (y > H)
            near(tj_played_cell(&played, 0, y, 0), 800);
    }
    tj_played_end(&played);
}

/* ---- laws ---- */

/* Lifetimes that differ by draw, and by technology. */
static tj_maker *uncertain_fleet(void)
{
    tj_maker *maker = one_fleet(1000, 3);
    for (int32_t k = 0; k < 3; k++) {
        char name[16];
        snprintf(name, sizeof name, "lambda%d", k);
        tj_maker_get_technology(maker, 0, k)->lambda =
            tj_maker_param(maker, name, TJ_DIST_UNIFORM, 5, 12, 0, 0);
        tj_maker_get_technology(maker, 0, k)->market_year = 1970 + 10 * k;
        tj_maker_burner(maker, 0, k, k % 2, 0.5 + 0.1 * k, 1);
    }
    return maker;
}

/* With one survival curve for all, constant demand and sales shares, the units end at the shares of the sales. */
static void shares_of_sales(void)
{
    static const double sold[3] = {0.2, 0.3, 0.5};
    tj_maker *maker = one_fleet(1000, 3);
    tj_played played;
    for (int32_t k = 0; k < 3; k++) {
        tj_maker_burner(maker, 0, k, 0, 1, 1);
        tj_maker_set_level(maker, tj_maker_get_technology(maker, 0, k)->sales, sold[k]);
        tj_maker_get_technology(maker, 0, k)->lambda = tj_fixed(6);
    }
    add_rows(maker, 3);
    tj_play_made(&played, maker, 0, DRAWS);
    for (int32_t k = 0; k < 3; k++)
        CU_ASSERT_DOUBLE_EQUAL(tj_played_row(&played, k, YEARS - 1, 0), 1000 * sold[k], 1e-6);
    tj_played_end(&played);
}

/* Units are what there was, less what went, plus what was sold: together always the demand. */
static void conserved(void)
{
    tj_maker *maker = uncertain_fleet();
    tj_played played;
    add_rows(maker, 3);
    tj_play_made(&played, maker, 0, DRAWS);
    for (int y = H; y < YEARS; y++) {
        for (size_t d = 0; d < DRAWS; d++) {
            double units = 0;
            for (int32_t k = 0; k < 3; k++) {
                double now = tj_played_row(&played, k, y, d);
                units += now;
                if (y > H)
                    CU_ASSERT(now <=
                              (tj_played_row(&played, k, y - 1, d) + tj_played_row(&played, 3 + k, y, d)) *
                                  (1 + 1e-14));
                CU_ASSERT(now >= 0 && tj_played_row(&played, 3 + k, y, d) >= 0);
            }
            near(units, 1000);
        }
    }
    CU_ASSERT(tj_played_row(&played, 0, H + 9, 0) != tj_played_row(&played, 0, H + 9, 1));
    tj_played_end(&played);
}

/* A fossil technology and a clean one; cap 0 on the fossil sales from 2010 on. No sale from then on, and what there
 * was in 2009, sold or old, decays by its own survival curve: by cohorts from all sales before. */
static void ban(void)
{
    tj_maker *maker = one_fleet(1000, 2);
    tj_played played;
    enum { BAN = 10 };
    for (int32_t k = 0; k < 2; k++)
        tj_maker_burner(maker, 0, k, k, 1, 1);
    tj_plan_effect effect = tj_maker_effect(maker, TJ_OP_CAP, tj_maker_get_technology(maker, 0, 0)->sales, 0);
    effect.ramp = tj_maker_step(maker, 2000 + BAN, 1);
    tj_maker_add(maker, 1, 0, &effect);
    add_rows(maker, 2);
    tj_play_made(&played, maker, 1, DRAWS);
    double sum = 0, start[64];
    int ages = 0;
    for (; left(ages) >= 1e-6; ages++)
        sum += left(ages);
    for (int a = 0; a < ages; a++)
        start[a] = 500 * left(a) / sum;
    for (int y = BAN; y < YEARS; y++) {
        double units = 0;
        CU_ASSERT(tj_played_row(&played, 2, y, 0) == 0);
        for (int a = 0; a < ages; a++)
            units += start[a] * left(a + y - H) / left(a);
        for (int v = H + 1; v < BAN; v++)
            units += tj_played_row(&played, 2, v, 0) * left(y - v);
        CU_ASSERT_DOUBLE_EQUAL(tj_played_row(&played, 0, y, 0), units, 1e-9 * units + 1e-200);
    }
    near(tj_played_row(&played, 3, BAN, 0),
         1000 - tj_played_row(&played, 0, BAN, 0) -
             (tj_played_row(&played, 1, BAN, 0) - tj_played_row(&played, 3, BAN, 0)));
    tj_played_end(&played);
}

/* An effect of strength 0, and one whose ramp is 0, change no bit; neither do rows, nor the size of a block. */
static void same_bits(void)
{
    tj_maker *maker = uncertain_fleet();
    tj_plan_effect effect = tj_maker_effect(maker, TJ_OP_SCALE, tj_maker_get_fleet(maker, 0)->activity, 0.5);
    tj_plan_effect late = tj_maker_effect(maker, TJ_OP_SCALE, tj_maker_get_fleet(maker, 0)->activity, 0.5);
    tj_played one, other;
    tj_runner runner;
    enum { MANY = 150 };
    effect.strength = 0;
    late.ramp = tj_maker_flat(maker, 0);
    tj_maker_add(maker, 1, 0, &effect);
    tj_maker_add(maker, 1, 0, &late);
    add_rows(maker, 3);
    tj_plan *plan = tj_maker_finish(maker);
    tj_runner_open(&runner, &tj_backend_lanes, plan, MANY);
    size_t length = tj_runner_length(&runner, 0);
    tj_play(&one, &runner, 0, 0, 0, MANY, 0);
    for (int round = 0; round < 4; round++) {
        tj_play(&other, &runner, 0, round & 1, 0, round < 2 ? MANY : 7, round > 0);
        CU_ASSERT(memcmp(one.out + (size_t)H * MANY, other.out + (size_t)H * MANY,
                         (length - (size_t)H * MANY) * sizeof *one.out) == 0);
        tj_played_free(&other);
    }
    tj_played_free(&one);
    tj_runner_close(&runner);
    tj_plan_free(plan);
}

static const tj_test tests[] = {
    {"three years of a fleet are those worked by hand", three_years},
    {"what is too much goes oldest first, pooled over technologies, after scrappage", oldest_first},
    {"a technology on two carriers uses both, and scope 1 knows the one that is burnt", two_carriers},
    {"constant sales shares become the shares of the units", shares_of_sales},
    {"units are conserved and survivors never exceed what was sold", conserved},
    {"a ban leaves no sale, and the fossil units decay by the survival curve", ban},
    {"no measure, no ramp, rows or blocks change a bit", same_bits},
};

int main(void)
{
    return TJ_RUN("stock", tests);
}
