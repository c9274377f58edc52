/* Targets: hand-worked verdicts of every kind. Years 2000 .. 2010, base 2000, last inventory 2004. */
#include "engine/target.h"
#include "tests/harness.h"
#include "tests/plan_maker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { YEARS = 11, FIRST = 2000, OUTCOMES = 6 };

static const double history[] = {100, 100, 100, 100, 100};

/* One city with one sector, and one target on it. */
typedef struct bench {
    tj_maker *maker;
    tj_plan *plan;
    double outcome[OUTCOMES][4], work[3 * 4];
    tj_verdict verdict;
} bench;

static tj_plan_target target_of(tj_target_kind kind, int year, double value)
{
    return (tj_plan_target){.kind = (int32_t)kind,
                            .assessable = 1,
                            .base = 0,
                            .year = year - FIRST,
                            .first = TJ_NONE,
                            .value = value,
                            .share = NAN};
}

static void begin(bench *b)
{
    b->maker = tj_maker_create(FIRST, FIRST + YEARS - 1, 1, 1);
    tj_maker_city(b->maker, 2004);
    tj_maker_trend(b->maker, 0, history, 0);
    b->verdict = (tj_verdict){b->outcome[0], b->outcome[1], b->outcome[2],
                              b->outcome[3], b->outcome[4], b->outcome[5]};
}

static void judge(bench *b, const tj_plan_target *target, size_t n, const double *series,
                  const double *removals)
{
    tj_maker_target(b->maker, target);
    b->plan = tj_maker_finish(b->maker);
    const tj_plan_target *stored = tj_plan_section(b->plan, TJ_SECTION_TARGETS, NULL);
    tj_target_case judged = {b->plan, stored, n, series, removals};
    tj_target_judge(&judged, b->work, &b->verdict);
    tj_plan_free(b->plan);
}

/* Judges one series of one draw. */
static void judge_one(bench *b, tj_plan_target target, const double *series)
{
    begin(b);
    judge(b, &target, 1, series, NULL);
}

/* Level 60. 2000-2004: 100; then 90 80 55 60 60 60.
 * Met: 60 <= 60. Under the level in 2007 (55) and ever after: first 2007, index 7. The line falls from 100 in
 * 2000 by 5 a year to 60 in 2008: 75 70 65 60 in 2005 .. 2008; overshoot 15 + 10 + 0 + 0 = 25, and the
 * 10 under the line in 2007 are no credit. */
static void a_reduction_is_met_at_its_level(void)
{
    static const double series[] = {100, 100, 100, 100, 100, 90, 80, 55, 60, 60, 60};
    bench b;
    judge_one(&b, target_of(TJ_TARGET_REDUCTION, 2008, 0.4), series);
    CU_ASSERT_EQUAL(b.verdict.met[0], 1);
    CU_ASSERT_EQUAL(b.verdict.gap[0], 0);
    CU_ASSERT_EQUAL(b.verdict.gap_percent[0], 0);
    CU_ASSERT_EQUAL(b.verdict.first[0], 7);
    CU_ASSERT_DOUBLE_EQUAL(b.verdict.overshoot[0], 25, 1e-12);
    CU_ASSERT(isnan(b.verdict.use[0]));
}

/* E(2000) = 200, level 120, E(2008) = 126: 6 t above, 3 points of the base year. Two draws at once: the
 * other stays at 200, gap 80, 40 points, never met. */
static void a_gap_is_what_is_above_the_level(void)
{
    static const double series[] = {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200,
                                    200, 200, 200, 200, 200, 126, 200, 110, 200, 110, 200};
    bench b;
    begin(&b);
    tj_plan_target target = target_of(TJ_TARGET_REDUCTION, 2008, 0.4);
    judge(&b, &target, 2, series, NULL);
    CU_ASSERT_EQUAL(b.verdict.met[0], 0);
    CU_ASSERT_DOUBLE_EQUAL(b.verdict.gap[0], 6, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(b.verdict.gap_percent[0], 3, 1e-12);
    CU_ASSERT_EQUAL(b.verdict.first[0], 9);
    CU_ASSERT_EQUAL(b.verdict.met[1], 0);
    CU_ASSERT_DOUBLE_EQUAL(b.verdict.gap[1], 80, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(b.verdict.gap_percent[1], 40, 1e-12);
    CU_ASSERT(isinf(b.verdict.first[1]));
}

/* Under the level of 60 in 2005, above it in 2006, under it from 2009 on: for good is 2009. */
static void met_for_good_means_ever_after(void)
{
    static const double series[] = {100, 100, 100, 100, 100, 50, 70, 50, 61, 60, 10};
    bench b;
    judge_one(&b, target_of(TJ_TARGET_REDUCTION, 2007, 0.4), series);
    CU_ASSERT_EQUAL(b.verdict.met[0], 1);
    CU_ASSERT_EQUAL(b.verdict.first[0], 9);
}

/* The tolerance is 1e-9 of 100 = 1e-7 t. */
static void rounding_does_not_miss_a_target(void)
{
    double series[] = {100, 100, 100, 100, 100, 60, 60, 60, 60 + 5e-8, 60, 60};
    bench b;
    judge_one(&b, target_of(TJ_TARGET_REDUCTION, 2008, 0.4), series);
    CU_ASSERT_EQUAL(b.verdict.met[0], 1);
    series[8] = 60 + 5e-7;
    judge_one(&b, target_of(TJ_TARGET_REDUCTION, 2008, 0.4), series);
    CU_ASSERT_EQUAL(b.verdict.met[0], 0);
}

/* Down by 60 % leaves 40 %; 0.25 and 0.75 are exact, so the numbers are the same. */
static void remaining_is_the_complement_of_reduction(void)
{
    static const double series[] = {100, 95, 120, 100, 90, 80, 70, 30, 26, 24, 24};
    bench reduced, left;
    judge_one(&reduced, target_of(TJ_TARGET_REDUCTION, 2009, 0.75), series);
    judge_one(&left, target_of(TJ_TARGET_REMAINING, 2009, 0.25), series);
    CU_ASSERT_EQUAL(reduced.verdict.gap[0], -1);
    for (int i = 0; i < 5; i++)
        CU_ASSERT_EQUAL(reduced.outcome[i][0], left.outcome[i][0]);
}

/* q = 0.85, base 100: gross at most 15, removals count up to a = 1 - q = 15.
 * Draw 0: E 14, removals 14 -> gross -1, net 0: met, gap 0.
 * Draw 1: E 14, removals 10 -> gross -1, net 4: missed by 4.
 * Draw 2: E 20, removals 30 -> gross 5, net 20 - 15 = 5: missed by 5, removals past 15 do not help.
 * Draw 3: E 18, removals 15 -> gross 3, net 3: gap 3. */
static void neutral_needs_both_the_cut_and_the_balance(void)
{
    static const double last[4] = {14, 14, 20, 18}, taken[4] = {14, 10, 30, 15}, gap[4] = {0, 4, 5, 3};
    double series[YEARS * 4], removals[YEARS * 4];
    for (int i = 0; i < YEARS * 4; i++) {
        series[i] = i / 4 < 10 ? 100 : last[i % 4];
        removals[i] = taken[i % 4];
    }
    bench b;
    begin(&b);
    tj_plan_target target = target_of(TJ_TARGET_NEUTRAL, 2010, 0.85);
    judge(&b, &target, 4, series, removals);
    for (int d = 0; d < 4; d++) {
        CU_ASSERT_DOUBLE_EQUAL(b.verdict.gap[d], gap[d], 1e-12);
        CU_ASSERT_EQUAL(b.verdict.met[d], d == 0);
        CU_ASSERT(d == 0 ? b.verdict.first[d] == 10 : isinf(b.verdict.first[d]));
    }
}

/* a = 5 % given: of 14 t taken out only 5 count, 14 - 5 = 9 are left; without any removals 14 are;
 * where they are not known, nothing is. */
static void removals_count_up_to_the_allowed_share(void)
{
    double series[YEARS], removals[YEARS];
    for (int y = 0; y < YEARS; y++) {
        series[y] = y < 10 ? 100 : 14;
        removals[y] = 14;
    }
    tj_plan_target target = target_of(TJ_TARGET_NEUTRAL, 2010, 0.85);
    target.share = 0.05;
    bench b;
    begin(&b);
    judge(&b, &target, 1, series, removals);
    CU_ASSERT_DOUBLE_EQUAL(b.verdict.gap[0], 9, 1e-12);
    begin(&b);
    judge(&b, &target, 1, series, NULL);
    CU_ASSERT_DOUBLE_EQUAL(b.verdict.gap[0], 14, 1e-12);
    removals[10] = NAN;
    begin(&b);
    judge(&b, &target, 1, series, removals);
    CU_ASSERT(isnan(b.verdict.met[0]) && isnan(b.verdict.gap[0]));
}

/* Milestones: 20 % below in 2006 (80), 60 % in 2010 (40). Line: 100 in 2000 to 80 in 2006, a fall of 10/3
 * a year, so 250/3 = 83.33 in 2005; then 10 a year: 70 60 50 40.
 * E 2005 .. 2010: 90 81 70 55 50 30. Milestone 2006 missed (81 > 80), so not met; gap is that of the last,
 * 30 - 40 = -10; on the path from 2007 on (70 <= 70); overshoot 90 - 83.33 + 1 = 7.67. */
static void a_path_is_met_in_every_milestone_year(void)
{
    static const double series[] = {100, 100, 100, 100, 100, 90, 81, 70, 55, 50, 30};
    static const double pairs[] = {6, 0.2, 10, 0.6};
    bench b;
    begin(&b);
    tj_plan_target target = target_of(TJ_TARGET_PATH, 2010, 0);
    target.milestones_first = tj_maker_numbers(b.maker, pairs, 4);
    target.milestones_count = 2;
    double better[YEARS];
    memcpy(better, series, sizeof better);
    better[6] = 80;
    judge(&b, &target, 1, series, NULL);
    CU_ASSERT_EQUAL(b.verdict.met[0], 0);
    CU_ASSERT_DOUBLE_EQUAL(b.verdict.gap[0], -10, 1e-12);
    CU_ASSERT_EQUAL(b.verdict.first[0], 7);
    CU_ASSERT_DOUBLE_EQUAL(b.verdict.overshoot[0], 90 - 250.0 / 3 + 1, 1e-12);
    begin(&b);
    target.milestones_first = tj_maker_numbers(b.maker, pairs, 4);
    judge(&b, &target, 1, better, NULL);
    CU_ASSERT_EQUAL(b.verdict.met[0], 1);
    CU_ASSERT_EQUAL(b.verdict.first[0], 6);
    begin(&b);
    static const double beyond[] = {6, 0.2, 11, 0.6}; /* the last milestone lies past the horizon */
    target.milestones_first = tj_maker_numbers(b.maker, beyond, 4);
    judge(&b, &target, 1, better, NULL);
    CU_ASSERT(isnan(b.verdict.met[0]) && isnan(b.verdict.first[0]));
}

/* 500 t over 2003 .. 2007; E 100 100 90 90 90 = 470, two of them inventory years: 30 t left, 6 % of the
 * budget, 94 % used, within it from H on. With 100 more in 2007: 570, 70 over, 14 %; the sum reaches 380
 * in 2006 and breaks the budget in 2007 for good. */
static void a_budget_is_a_sum_over_years(void)
{
    double series[] = {100, 100, 100, 100, 100, 90, 90, 90, 500, 500, 500};
    tj_plan_target target = target_of(TJ_TARGET_BUDGET, 2007, 500);
    target.first = 3;
    target.base = TJ_NONE;
    bench b;
    judge_one(&b, target, series);
    CU_ASSERT_EQUAL(b.verdict.met[0], 1);
    CU_ASSERT_DOUBLE_EQUAL(b.verdict.gap[0], -30, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(b.verdict.gap_percent[0], -6, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(b.verdict.use[0], 0.94, 1e-12);
    CU_ASSERT_EQUAL(b.verdict.overshoot[0], 0);
    CU_ASSERT_EQUAL(b.verdict.first[0], 4);
    series[7] = 190;
    judge_one(&b, target, series);
    CU_ASSERT_EQUAL(b.verdict.met[0], 0);
    CU_ASSERT_DOUBLE_EQUAL(b.verdict.overshoot[0], 70, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(b.verdict.gap_percent[0], 14, 1e-12);
    CU_ASSERT(isinf(b.verdict.first[0]));
}

static int all_undefined(const bench *b)
{
    int undefined = 1;
    for (int i = 0; i < OUTCOMES; i++)
        undefined &= isnan(b->outcome[i][0]) != 0;
    return undefined;
}

static void what_cannot_be_judged_is_undefined_not_missed(void)
{
    double series[] = {100, 100, 100, 100, 100, 90, 90, 90, 90, 90, 90};
    bench b;
    judge_one(&b, target_of(TJ_TARGET_REDUCTION, 2011, 0.4), series); /* past the horizon */
    CU_ASSERT(all_undefined(&b));
    tj_plan_target target = target_of(TJ_TARGET_REDUCTION, 2008, 0.4);
    target.base = -10; /* before the first year */
    judge_one(&b, target, series);
    CU_ASSERT(all_undefined(&b));
    target = target_of(TJ_TARGET_REDUCTION, 2008, 0.4);
    target.assessable = 0;
    target.view = TJ_NONE;
    judge_one(&b, target, series);
    CU_ASSERT(all_undefined(&b));
    series[0] = 0; /* a percentage of nothing */
    judge_one(&b, target_of(TJ_TARGET_REDUCTION, 2008, 0.4), series);
    CU_ASSERT(all_undefined(&b));
}

/* A second sector without a value in 2000 makes the base partial: no target can be judged against it.
 * A budget that begins in 2000 has a gap, one that begins in 2001 has none. */
static void a_partial_year_judges_nothing(void)
{
    static const double gap[] = {NAN, 1, 1, 1, 1};
    double series[YEARS];
    for (int y = 0; y < YEARS; y++)
        series[y] = 10;
    tj_plan_target targets[3] = {target_of(TJ_TARGET_REDUCTION, 2008, 0.4),
                                 target_of(TJ_TARGET_BUDGET, 2008, 500),
                                 target_of(TJ_TARGET_BUDGET, 2008, 500)};
    targets[1].first = 0;
    targets[2].first = 1;
    for (int i = 0; i < 3; i++) {
        bench b;
        begin(&b);
        tj_maker_trend(b.maker, 1, gap, 0);
        judge(&b, &targets[i], 1, series, NULL);
        CU_ASSERT(i == 2 ? b.verdict.met[0] == 1 : isnan(b.verdict.met[0]));
        CU_ASSERT(i == 2 ? b.verdict.gap[0] == 80 - 500 : isnan(b.verdict.gap[0]));
    }
}

/* Cells 100 and 10 with weights 0.5 and 1: 0.5 * 100 + 10 = 60. The memo cell weighs nothing. */
static void a_view_is_a_weighted_sum_of_territorial_cells(void)
{
    static const double small[] = {10, 10, 10, 10, 10}, weights[] = {0.5, 1, 1};
    double cells[3 * YEARS], buffer[2], out[1];
    tj_maker *maker = tj_maker_create(FIRST, FIRST + YEARS - 1, 1, 1);
    tj_maker_city(maker, 2004);
    tj_maker_trend(maker, 0, history, 0);
    tj_maker_trend(maker, 1, small, 0);
    int32_t memo = tj_maker_trend(maker, 2, small, 0);
    tj_maker_get_cell(maker, memo)->account = TJ_MEMO;
    int32_t view = tj_maker_view(maker, 0, weights);
    tj_plan *plan = tj_maker_finish(maker);
    tj_draws draws = {.count = 1};
    for (int i = 0; i < 3 * YEARS; i++)
        cells[i] = i < YEARS ? 100 : 10;
    tj_view_sum(plan, &draws, view, cells, NULL, 5, 1, buffer, out);
    CU_ASSERT_EQUAL(out[0], 60);
    tj_view_sum(plan, &draws, 0, cells, NULL, 5, 1, buffer, out);
    CU_ASSERT_EQUAL(out[0], 110);
    tj_plan_free(plan);
}

/* The history holds 100; the city's level is 2 and its back-cast factor 1.5, so the cell's value in 2000 is
 * 300; a view with a factor of its own, 0.5, sees 100 * 2 * 0.5 = 100 there and 200 in measured 2001. */
static void a_view_may_have_a_backcast_error_of_its_own(void)
{
    static const double weights[] = {1};
    double cells[YEARS], buffer[2], out[1];
    tj_maker *maker = tj_maker_create(FIRST, FIRST + YEARS - 1, 1, 1);
    tj_maker_city(maker, 2004);
    tj_maker_get_city(maker, 0)->level = tj_fixed(2);
    tj_maker_get_city(maker, 0)->backcast = tj_fixed(1.5);
    int32_t cell = tj_maker_trend(maker, 0, history, 0);
    tj_maker_set_status(maker, cell, 2000, TJ_BACKCAST);
    int32_t view = tj_maker_view(maker, 0, weights);
    tj_maker_get_view(maker, view)->backcast_own = 1;
    tj_maker_get_view(maker, view)->backcast = tj_fixed(0.5);
    tj_plan *plan = tj_maker_finish(maker);
    tj_draws draws = {.count = 1};
    for (int y = 0; y < YEARS; y++)
        cells[y] = y == 0 ? 300 : 200;
    tj_view_sum(plan, &draws, view, cells, NULL, 0, 1, buffer, out);
    CU_ASSERT_EQUAL(out[0], 100);
    tj_view_sum(plan, &draws, view, cells, NULL, 1, 1, buffer, out);
    CU_ASSERT_EQUAL(out[0], 200);
    tj_view_sum(plan, &draws, 0, cells, NULL, 0, 1, buffer, out);
    CU_ASSERT_EQUAL(out[0], 300);
    tj_plan_free(plan);
}

int main(void)
{
    static const tj_test tests[] = {
        {"a reduction is met at its level", a_reduction_is_met_at_its_level},
        {"a gap is what is above the level", a_gap_is_what_is_above_the_level},
        {"met for good means ever after", met_for_good_means_ever_after},
        {"rounding does not miss a target", rounding_does_not_miss_a_target},
        {"remaining is the complement of reduction", remaining_is_the_complement_of_reduction},
        {"neutral needs both the cut and the balance", neutral_needs_both_the_cut_and_the_balance},
        {"removals count up to the allowed share", removals_count_up_to_the_allowed_share},
        {"a path is met in every milestone year", a_path_is_met_in_every_milestone_year},
        {"a budget is a sum over years", a_budget_is_a_sum_over_years},
        {"what cannot be judged is undefined, not missed", what_cannot_be_judged_is_undefined_not_missed},
        {"a partial year judges nothing", a_partial_year_judges_nothing},
        {"a view is a weighted sum of territorial cells", a_view_is_a_weighted_sum_of_territorial_cells},
        {"a view may have a back-cast error of its own", a_view_may_have_a_backcast_error_of_its_own},
    };
    return TJ_RUN("target", tests);
}
