/* Statistics of cities and groups. Years 2000 .. 2004, base 2000, last inventory 2002, four draws.
 *
 * City 0: sector 0 (cell A), sector 1 (cell B), removals sector 2 (cell R). City 1: sector 0 (cell C). */
#include "engine/reduce.h"
#include "tests/harness.h"
#include "tests/plan_maker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 2000, YEARS = 5, N = 4, CITIES = 2, NQ = 5, MEDIAN = 2 };

typedef struct bench {
    tj_maker *maker;
    tj_plan *plan;
    tj_draws draws;
    tj_ranks ranks;
    double cells[CITIES][3][YEARS][N];
    double total[CITIES][YEARS][N], reference[CITIES][YEARS][N], removals[CITIES][YEARS][N];
    double *field[TJ_FIELDS], *work;
} bench;

/* The plan, to be changed by the test before `ready`; every cell is 10 in every draw. */
static void begin(bench *b)
{
    static const double history[] = {10, 10, 10};
    memset(b, 0, sizeof *b);
    b->maker = tj_maker_create(FIRST, FIRST + YEARS - 1, 1, 1);
    tj_maker_settings(b->maker)->n_gases = 2;
    tj_maker_city(b->maker, 2002);
    tj_maker_trend(b->maker, 0, history, 0);
    tj_maker_trend(b->maker, 1, history, 0);
    tj_maker_get_cell(b->maker, tj_maker_sink(b->maker, 2, history, 10))->account = TJ_REMOVALS;
    tj_maker_city(b->maker, 2002);
    tj_maker_trend(b->maker, 0, history, 0);
    for (int c = 0; c < CITIES; c++)
        for (int k = 0; k < 3; k++)
            for (int i = 0; i < YEARS * N; i++)
                b->cells[c][k][i / N][i % N] = 10;
}

static void ready(bench *b)
{
    b->plan = tj_maker_finish(b->maker);
    b->draws.count = N;
    size_t count;
    const double *p = tj_plan_section(b->plan, TJ_SECTION_QUANTILES, &count);
    CU_ASSERT_EQUAL_FATAL(tj_ranks_init(&b->ranks, N, count, p), TJ_OK);
    for (int f = 0; f < TJ_FIELDS; f++)
        b->field[f] = calloc(tj_field_length(b->plan, (tj_field_id)f, N) + 1, sizeof(double));
    b->work = malloc(tj_reduce_work(b->plan, N) * sizeof(double));
}

static void end(bench *b)
{
    for (int f = 0; f < TJ_FIELDS; f++)
        free(b->field[f]);
    free(b->work);
    tj_ranks_free(&b->ranks);
    tj_plan_free(b->plan);
}

static tj_reduction reduction(bench *b, int32_t city, double *const *history)
{
    return (tj_reduction){.plan = b->plan,
                          .draws = &b->draws,
                          .ranks = &b->ranks,
                          .city = city,
                          .cells = b->cells[city][0][0],
                          .stride = N,
                          .total = b->total[city][0],
                          .removals = b->removals[city][0],
                          .reference = b->reference[city][0],
                          .field = b->field,
                          .history = history};
}

/* Both cities, then the groups. */
static void run(bench *b, double *const *history)
{
    for (int32_t c = 0; c < CITIES; c++) {
        tj_reduction r = reduction(b, c, history);
        tj_reduce_sums(&r, 0, N);
        for (size_t row = tj_reduce_rows(&r); row-- > 0;)
            tj_reduce_row(&r, row, b->work);
    }
    tj_group_reduction g = {b->plan, &b->ranks, 0, b->total[0][0], b->reference[0][0], b->field, history};
    for (int32_t y = 0; y < YEARS; y++)
        tj_reduce_group(&g, y, b->work);
}

static void set(double lanes[N], double a, double b, double c, double d)
{
    lanes[0] = a;
    lanes[1] = b;
    lanes[2] = c;
    lanes[3] = d;
}

static double median(const bench *b, tj_field_id field, int row)
{
    return b->field[field][row * NQ + MEDIAN];
}

/* A 2004: 10 20 30 40; B: 40 30 20 10, so the total is 50 in every draw, although neither sector is known:
 * median of a sector 25, mean 25, se of the mean = sqrt(((15^2 + 5^2) * 2 / 3) / 4) = 6.4549722; the
 * total 50 without error. Per head 50 / 1000. */
static void totals_are_summed_draw_by_draw(void)
{
    bench b;
    begin(&b);
    set(b.cells[0][0][4], 10, 20, 30, 40);
    set(b.cells[0][1][4], 40, 30, 20, 10);
    ready(&b);
    run(&b, NULL);
    CU_ASSERT_EQUAL(median(&b, TJ_FIELD_SECTOR_QUANTILE, 4), 25);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_SECTOR_MEAN][4], 25);
    CU_ASSERT_DOUBLE_EQUAL(b.field[TJ_FIELD_SECTOR_MEAN_SE][4], sqrt(500.0 / 3 / 4), 1e-12);
    CU_ASSERT(b.field[TJ_FIELD_SECTOR_QUANTILE_SE][4 * NQ + MEDIAN] > 0);
    for (int q = 0; q < NQ; q++) {
        CU_ASSERT_EQUAL(b.field[TJ_FIELD_TOTAL_QUANTILE][4 * NQ + q], 50);
        CU_ASSERT_EQUAL(b.field[TJ_FIELD_TOTAL_QUANTILE_SE][4 * NQ + q], 0);
        CU_ASSERT_EQUAL(b.field[TJ_FIELD_PER_CAPITA_QUANTILE][4 * NQ + q], 0.05);
    }
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_TOTAL_MEAN][4], 50);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_TOTAL_MEAN_SE][4], 0);
    end(&b);
}

static void removals_stand_apart_from_the_total(void)
{
    bench b;
    begin(&b);
    set(b.cells[0][2][4], 1, 2, 3, 4);
    ready(&b);
    run(&b, NULL);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_TOTAL_MEAN][4], 20);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_REMOVALS_MEAN][4], 2.5);
    CU_ASSERT_EQUAL(median(&b, TJ_FIELD_REMOVALS_QUANTILE, 4), 2.5);
    CU_ASSERT(isnan(b.field[TJ_FIELD_REMOVALS_MEAN][YEARS + 4])); /* city 1 has no such sector: not zero */
    end(&b);
}

/* Base 20 in draws 0, 1 and 40 in draws 2, 3 (cell A 10 10 30 30, B 10); 2004: 10 each, total 20.
 * Changes 0 0 -0.5 -0.5: mean -0.25, median -0.25. City 1 is 10 for sure then and 5 6 7 8 in 2004:
 * changes -0.5 .. -0.2, median -0.35. */
static void changes_are_against_the_base_of_the_same_draw(void)
{
    bench b;
    begin(&b);
    set(b.cells[0][0][0], 10, 10, 30, 30);
    set(b.cells[1][0][4], 5, 6, 7, 8);
    ready(&b);
    run(&b, NULL);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_CHANGE_MEAN][4], -0.25);
    CU_ASSERT_EQUAL(median(&b, TJ_FIELD_CHANGE_QUANTILE, 4), -0.25);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_CHANGE_MEAN][0], 0);
    CU_ASSERT_DOUBLE_EQUAL(median(&b, TJ_FIELD_CHANGE_QUANTILE, YEARS + 4), -0.35, 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(b.field[TJ_FIELD_CHANGE_MEAN][YEARS + 4], -0.35, 1e-15);
    end(&b);
}

/* Reference 30 31 32 33, this 10 20 30 40 (total, city 1): avoided 20 11 2 -7, median 6.5, mean 6.5. The
 * sum over 2003 and 2004 is 10 + {10 20 30 40}: median 35. */
static void avoided_emissions_are_paired(void)
{
    bench b;
    begin(&b);
    set(b.cells[1][0][4], 10, 20, 30, 40);
    set(b.reference[1][4], 30, 31, 32, 33);
    ready(&b);
    run(&b, NULL);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_AVOIDED_MEAN][YEARS + 4], 6.5);
    CU_ASSERT_EQUAL(median(&b, TJ_FIELD_AVOIDED_QUANTILE, YEARS + 4), 6.5);
    CU_ASSERT_EQUAL(median(&b, TJ_FIELD_CUMULATIVE_QUANTILE, 1), 35);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_CUMULATIVE_MEAN][1], 35);
    end(&b);
}

/* B has no value in 2001: the total of 2001 is partial, reported as what is there (10) and not compared. */
static void what_is_missing_stays_missing(void)
{
    bench b;
    begin(&b);
    tj_maker_set_status(b.maker, 1, 2001, TJ_ABSENT);
    tj_maker_set_status(b.maker, 3, 2001, TJ_ABSENT);
    set(b.cells[0][1][1], NAN, NAN, NAN, NAN);
    ready(&b);
    run(&b, NULL);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_TOTAL_MEAN][1], 10);
    CU_ASSERT(isnan(b.field[TJ_FIELD_CHANGE_MEAN][1]));
    CU_ASSERT(isnan(median(&b, TJ_FIELD_CHANGE_QUANTILE, 1)));
    CU_ASSERT(isnan(b.field[TJ_FIELD_SECTOR_MEAN][YEARS + 1]));  /* sector 1 in 2001 */
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_SECTOR_MEAN][YEARS], 10);   /* in 2000 */
    CU_ASSERT(isnan(b.field[TJ_FIELD_TOTAL_MEAN][YEARS + 1]));   /* city 1: nothing at all in 2001 */
    CU_ASSERT(isnan(b.field[TJ_FIELD_SECTOR_MEAN][4 * YEARS]));  /* city 1 has no sector 1 */
    CU_ASSERT(isnan(b.field[TJ_FIELD_GAS_MEAN][2 * YEARS + 1])); /* city 1, gas 0, 2001 */
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_GROUP_MEAN][1], 10);
    CU_ASSERT(isnan(b.field[TJ_FIELD_GROUP_CHANGE_MEAN][1]));
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_GROUP_CHANGE_MEAN][2], 0);
    end(&b);
}

static void an_unknown_population_gives_no_emissions_per_head(void)
{
    static const double persons[] = {1000, 1000, 1000, 1000, NAN};
    bench b;
    begin(&b);
    int32_t population = tj_maker_numbers(b.maker, persons, YEARS);
    tj_maker_get_city(b.maker, 1)->population = population;
    ready(&b);
    run(&b, NULL);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_PER_CAPITA_MEAN][YEARS + 3], 0.01);
    CU_ASSERT(isnan(b.field[TJ_FIELD_PER_CAPITA_MEAN][YEARS + 4]));
    CU_ASSERT(isnan(median(&b, TJ_FIELD_PER_CAPITA_QUANTILE, YEARS + 4)));
    end(&b);
}

/* Shares of gas 0: 75 % of A in 2000 .. 2002, all of B; A is 20 in 2004, B 10: gas 0 is 15 + 10 = 25,
 * gas 1 the rest, 5. The share of 2002 holds after it. */
static void gases_share_out_the_means(void)
{
    static const double part[] = {0.5, 0.5, 0.5, 0.5, 0.75, 0.25, 0, 0, 0, 0};
    static const double whole[] = {1, 0, 1, 0, 1, 0, 0, 0, 0, 0};
    bench b;
    begin(&b);
    int32_t shares = tj_maker_numbers(b.maker, part, 2 * YEARS);
    tj_maker_get_cell(b.maker, 0)->gas_shares = shares;
    shares = tj_maker_numbers(b.maker, whole, 2 * YEARS);
    tj_maker_get_cell(b.maker, 1)->gas_shares = shares;
    set(b.cells[0][0][4], 5, 15, 25, 35);
    ready(&b);
    run(&b, NULL);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_GAS_MEAN][4], 25);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_GAS_MEAN][YEARS + 4], 5);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_GAS_MEAN][0], 15); /* 2000: half of 10, and 10 */
    end(&b);
}

/* City 0: 20 30 40 50, city 1: 40 30 20 10: sums 60 60 60 60. The sum of the medians would say the same, the
 * sum of the upper quantiles would not: it is 60 too. Reference 100 everywhere: 40 avoided. */
static void a_group_is_the_sum_of_its_cities_in_each_draw(void)
{
    bench b;
    begin(&b);
    set(b.cells[0][0][4], 10, 20, 30, 40);
    set(b.cells[1][0][4], 40, 30, 20, 10);
    set(b.reference[0][4], 70, 70, 70, 70);
    set(b.reference[1][4], 30, 30, 30, 30);
    ready(&b);
    run(&b, NULL);
    for (int q = 0; q < NQ; q++) {
        CU_ASSERT_EQUAL(b.field[TJ_FIELD_GROUP_QUANTILE][4 * NQ + q], 60);
        CU_ASSERT_EQUAL(b.field[TJ_FIELD_GROUP_CHANGE_QUANTILE][4 * NQ + q], 1);
        CU_ASSERT_EQUAL(b.field[TJ_FIELD_GROUP_AVOIDED_QUANTILE][4 * NQ + q], 40);
    }
    end(&b);
}

/* Years up to H taken over from another unit are what this unit would have found itself. */
static void a_shared_history_changes_no_number(void)
{
    bench first, second;
    begin(&first);
    set(first.cells[0][0][1], 1, 2, 3, 5);
    set(first.cells[0][0][0], 4, 3, 2, 7);
    begin(&second);
    memcpy(second.cells, first.cells, sizeof first.cells);
    ready(&first);
    ready(&second);
    run(&first, NULL);
    memcpy(first.reference, first.total, sizeof first.total);
    memcpy(second.reference, first.total, sizeof first.total);
    run(&first, NULL);
    run(&second, first.field);
    for (int f = 0; f < TJ_FIELDS; f++) {
        size_t size = tj_field_length(first.plan, (tj_field_id)f, N) * sizeof(double);
        CU_ASSERT(memcmp(first.field[f], second.field[f], size) == 0);
    }
    end(&first);
    end(&second);
}

/* Level 12 of base 20 (both cells 10). 2002 .. 2004 of cell A, with B = 0 from 2003 on:
 * draw 0: 12 12: first 2003; draw 1: 13 11: 2004; draw 2: 12 12: 2003; draw 3: 30 30: never.
 * Probability 3/4, se sqrt(3/16/4) = 0.2165; gaps 0 -1 0 18: median 0, mean 4.25.
 * First years 2003 2003 2004: median 2003; 95 %: position 1.9, 2003 + 0.9 = 2003.9; never 1/4. */
static void target_rows_count_the_draws(void)
{
    bench b;
    begin(&b);
    tj_plan_target target = {.kind = TJ_TARGET_REDUCTION, .assessable = 1, .year = 4, .value = 0.4};
    tj_maker_target(b.maker, &target);
    target.assessable = 0;
    tj_maker_target(b.maker, &target);
    set(b.cells[0][0][3], 12, 13, 12, 30);
    set(b.cells[0][0][4], 12, 11, 12, 30);
    set(b.cells[0][1][3], 0, 0, 0, 0);
    set(b.cells[0][1][4], 0, 0, 0, 0);
    ready(&b);
    run(&b, NULL);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_TARGET_PROBABILITY][0], 0.75);
    CU_ASSERT_DOUBLE_EQUAL(b.field[TJ_FIELD_TARGET_PROBABILITY_SE][0], sqrt(3.0 / 64), 1e-15);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_TARGET_UNDEFINED][0], 0);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_TARGET_GAP_MEAN][0], 4.25);
    CU_ASSERT_EQUAL(median(&b, TJ_FIELD_TARGET_GAP_QUANTILE, 0), 0);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_TARGET_NEVER][0], 0.25);
    CU_ASSERT_EQUAL(median(&b, TJ_FIELD_TARGET_FIRST_YEAR_QUANTILE, 0), 2003);
    CU_ASSERT_DOUBLE_EQUAL(b.field[TJ_FIELD_TARGET_FIRST_YEAR_QUANTILE][4], 2003.9, 1e-9);
    CU_ASSERT(isnan(b.field[TJ_FIELD_TARGET_BUDGET_USE_MEAN][0]));
    CU_ASSERT(isnan(b.field[TJ_FIELD_TARGET_PROBABILITY][1])); /* carried, not judged */
    CU_ASSERT(isnan(b.field[TJ_FIELD_TARGET_UNDEFINED][1]));
    end(&b);
}

/* The base of draws 0 and 1 is zero: no percentage, no verdict; of the other two one is met. */
static void draws_without_a_verdict_are_counted_apart(void)
{
    bench b;
    begin(&b);
    tj_plan_target target = {
        .kind = TJ_TARGET_REDUCTION, .assessable = 1, .city = 1, .view = 1, .year = 4, .value = 0.5};
    tj_maker_target(b.maker, &target);
    set(b.cells[1][0][0], 0, 0, 10, 10);
    set(b.cells[1][0][4], 0, 0, 5, 6);
    ready(&b);
    run(&b, NULL);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_TARGET_UNDEFINED][0], 2);
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_TARGET_PROBABILITY][0], 0.5);
    CU_ASSERT(isnan(median(&b, TJ_FIELD_TARGET_GAP_QUANTILE, 0)));
    CU_ASSERT(isnan(b.field[TJ_FIELD_CHANGE_MEAN][YEARS + 4]));
    CU_ASSERT_EQUAL(b.field[TJ_FIELD_TARGET_NEVER][0], 0.5);
    end(&b);
}

static void every_draw_is_kept_on_request(void)
{
    bench b;
    begin(&b);
    set(b.cells[0][0][4], 1, 2, 3, 4);
    ready(&b);
    run(&b, NULL);
    for (int d = 0; d < N; d++) {
        CU_ASSERT_EQUAL(b.field[TJ_FIELD_TOTAL_DRAW][4 * N + d], 11 + d);
        CU_ASSERT_EQUAL(b.field[TJ_FIELD_SECTOR_DRAW][4 * N + d], 1 + d);
        CU_ASSERT(isnan(b.field[TJ_FIELD_SECTOR_DRAW][(4 * YEARS + 4) * N + d])); /* city 1, sector 1 */
    }
    end(&b);
}

int main(void)
{
    static const tj_test tests[] = {
        {"totals are summed draw by draw", totals_are_summed_draw_by_draw},
        {"removals stand apart from the total", removals_stand_apart_from_the_total},
        {"changes are against the base of the same draw", changes_are_against_the_base_of_the_same_draw},
        {"avoided emissions are paired", avoided_emissions_are_paired},
        {"what is missing stays missing", what_is_missing_stays_missing},
        {"an unknown population gives no emissions per head",
         an_unknown_population_gives_no_emissions_per_head},
        {"gases share out the means", gases_share_out_the_means},
        {"a group is the sum of its cities in each draw", a_group_is_the_sum_of_its_cities_in_each_draw},
        {"a shared history changes no number", a_shared_history_changes_no_number},
        {"target rows count the draws", target_rows_count_the_draws},
        {"draws without a verdict are counted apart", draws_without_a_verdict_are_counted_apart},
        {"every draw is kept on request", every_draw_is_kept_on_request},
    };
    return TJ_RUN("reduce", tests);
}
