/* Verdicts of all draws -> the statistics of a target.
 *
 * Invariant: probabilities are shares of the draws that have a verdict; the others are counted apart
 * and are never a miss. */
#include "engine/reduce_target.h"

#include "engine/baseline.h"
#include "engine/reduce_row.h"

#include <assert.h>
#include <math.h>

enum { REPLICATES_MOST = 64 };
enum { OUTCOMES = 6, JUDGE_WORK = 3 };

size_t tj_reduce_target_work(const tj_plan *plan, size_t n)
{
    size_t lanes = OUTCOMES + JUDGE_WORK + (size_t)tj_plan_get_settings(plan)->n_years;
    return lanes * n;
}

/* The series that the target looks at: the city's total, or a view's sum made in `made`. */
static const double *view_series(const tj_reduction *r, const tj_plan_target *target, double *buffer,
                                 double *made)
{
    size_t n = r->draws->count;
    if (target->view == r->city)
        return r->total;
    for (int32_t year = 0; year < tj_plan_get_settings(r->plan)->n_years; year++)
        tj_view_sum(r->plan, r->draws, target->view, r->cells, r->slot, year, n, buffer,
                    made + (size_t)year * n);
    return made;
}

static int has_removals(const tj_reduction *r)
{
    const tj_plan_city *city = tj_plan_get_city(r->plan, r->city);
    int found = 0;
    for (int32_t k = 0; k < city->cells_count; k++)
        found |= tj_plan_get_cell(r->plan, city->cells_first + k)->account == TJ_REMOVALS;
    return found;
}

/* Spread of the replicates' own probabilities; undefined where one of them has no verdict. */
static double replicated_error(const tj_ranks *ranks, const double *met)
{
    double own[REPLICATES_MOST];
    size_t m = ranks->each->n;
    assert(ranks->replicates <= REPLICATES_MOST);
    for (size_t r = 0; r < ranks->replicates; r++) {
        size_t known = 0, reached = 0;
        for (size_t d = r * m; d < (r + 1) * m; d++) {
            known += !isnan(met[d]);
            reached += met[d] == 1;
        }
        own[r] = known > 0 ? (double)reached / (double)known : NAN;
    }
    return tj_spread_error(ranks->replicates, own);
}

static void put_probability(const tj_reduction *r, size_t row, const double *met)
{
    size_t n = r->draws->count, known = 0, reached = 0;
    for (size_t d = 0; d < n; d++) {
        known += !isnan(met[d]);
        reached += met[d] == 1;
    }
    double p = known > 0 ? (double)reached / (double)known : NAN;
    r->field[TJ_FIELD_TARGET_PROBABILITY][row] = p;
    r->field[TJ_FIELD_TARGET_PROBABILITY_SE][row] = r->ranks->replicates > 1 ? replicated_error(r->ranks, met)
                                                    : known > 0 ? sqrt(p * (1 - p) / (double)known)
                                                                : NAN;
    r->field[TJ_FIELD_TARGET_UNDEFINED][row] = (double)(n - known);
}

/* The order statistic at `position` (from 0) of years counted by index. */
static double year_at(const double *count, int32_t n_years, double position)
{
    double below = 0;
    int32_t year = 0;
    while (year < n_years - 1 && below + count[year] <= position)
        below += count[year++];
    return year;
}

/* Type 7 quantiles of the first years, from how often each year occurs. */
static void put_first_year(const tj_reduction *r, size_t row, const double *first, double *count)
{
    const tj_plan_settings *s = tj_plan_get_settings(r->plan);
    double known = 0, reached = 0;
    for (int32_t year = 0; year < s->n_years; year++)
        count[year] = 0;
    for (size_t d = 0; d < r->draws->count; d++) {
        known += !isnan(first[d]);
        if (isfinite(first[d])) {
            count[(int32_t)first[d]]++;
            reached++;
        }
    }
    r->field[TJ_FIELD_TARGET_NEVER][row] = known > 0 ? (known - reached) / known : NAN;
    for (size_t q = 0; q < r->ranks->count; q++) {
        double h = (reached - 1) * r->ranks->rank[q].p, low = floor(h);
        double x = year_at(count, s->n_years, low),
               y = year_at(count, s->n_years, fmin(low + 1, reached - 1));
        r->field[TJ_FIELD_TARGET_FIRST_YEAR_QUANTILE][row * r->ranks->count + q] =
            reached > 0 ? s->first_year + x + (h - low) * (y - x) : NAN;
    }
}

/* A target that is carried, not judged. */
static void put_nothing(const tj_reduction *r, size_t row)
{
    static const tj_field_id quantities[] = {TJ_FIELD_TARGET_GAP_QUANTILE,
                                             TJ_FIELD_TARGET_GAP_PERCENT_QUANTILE,
                                             TJ_FIELD_TARGET_OVERSHOOT_QUANTILE};
    static const tj_field_id singles[] = {TJ_FIELD_TARGET_PROBABILITY,     TJ_FIELD_TARGET_PROBABILITY_SE,
                                          TJ_FIELD_TARGET_UNDEFINED,       TJ_FIELD_TARGET_NEVER,
                                          TJ_FIELD_TARGET_BUDGET_USE_MEAN, TJ_FIELD_TARGET_BUDGET_USE_MEAN_SE,
                                          TJ_FIELD_TARGET_BASELINE_SHARE,  TJ_FIELD_TARGET_BASELINE_SHARE_SE};
    for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++)
        tj_row_missing(r->ranks, r->field, quantities[i], row);
    for (size_t i = 0; i < sizeof singles / sizeof *singles; i++)
        r->field[singles[i]][row] = NAN;
    for (size_t q = 0; q < r->ranks->count; q++)
        r->field[TJ_FIELD_TARGET_FIRST_YEAR_QUANTILE][row * r->ranks->count + q] = NAN;
}

const double *tj_reduce_verdict(const tj_reduction *r, int32_t index, double *work, tj_verdict *v)
{
    const tj_plan_target *targets = tj_plan_section(r->plan, TJ_SECTION_TARGETS, NULL);
    size_t n = r->draws->count;
    double *judging = work + OUTCOMES * n;
    *v = (tj_verdict){work, work + n, work + 2 * n, work + 3 * n, work + 4 * n, work + 5 * n};
    tj_target_case judged = {.plan = r->plan, .target = &targets[index], .n = n};
    judged.series = view_series(r, judged.target, judging, judging + JUDGE_WORK * n);
    judged.removals = has_removals(r) ? r->removals : NULL;
    tj_target_judge(&judged, judging, v);
    return judged.series;
}

/* How much of the doubt is the base year. buffer is n. */
/* Spread of the replicates' own shares. */
static double replicated_baseline_error(const tj_ranks *ranks, const double *gap, const double *base,
                                        const double *level)
{
    double own[REPLICATES_MOST], unused;
    size_t m = ranks->each->n;
    assert(ranks->replicates <= REPLICATES_MOST);
    for (size_t r = 0; r < ranks->replicates; r++)
        tj_baseline_share(m, gap + r * m, base != NULL ? base + r * m : NULL, level + r * m, &own[r],
                          &unused);
    return tj_spread_error(ranks->replicates, own);
}

static void put_baseline(const tj_reduction *r, const tj_plan_target *target, size_t row,
                         const double *series, double *buffer, const double *gap_percent)
{
    const tj_plan_city *city = tj_plan_get_city(r->plan, r->city);
    size_t n = r->draws->count;
    const double *level = tj_term_lanes(r->draws, city->level, 0, n, buffer);
    int has_base = target->kind != TJ_TARGET_BUDGET && target->base >= 0 &&
                   target->base < tj_plan_get_settings(r->plan)->n_years;
    const double *base = has_base ? series + (size_t)target->base * n : NULL;
    tj_baseline_share(n, gap_percent, base, level, &r->field[TJ_FIELD_TARGET_BASELINE_SHARE][row],
                      &r->field[TJ_FIELD_TARGET_BASELINE_SHARE_SE][row]);
    if (r->ranks->replicates > 1)
        r->field[TJ_FIELD_TARGET_BASELINE_SHARE_SE][row] =
            replicated_baseline_error(r->ranks, gap_percent, base, level);
}

void tj_reduce_target(const tj_reduction *r, int32_t index, double *work)
{
    const tj_plan_target *target = tj_plan_section(r->plan, TJ_SECTION_TARGETS, NULL);
    size_t n = r->draws->count, row = (size_t)index;
    target += index;
    if (target->city != r->city)
        return;
    if (!target->assessable) {
        put_nothing(r, row);
        return;
    }
    tj_verdict v;
    double *judging = work + OUTCOMES * n, *spare = judging + JUDGE_WORK * n;
    const double *series = tj_reduce_verdict(r, index, work, &v);
    put_baseline(r, target, row, series, judging, v.gap_percent);
    put_probability(r, row, v.met);
    tj_row_put(r->ranks, r->field, TJ_FIELD_TARGET_GAP_QUANTILE, row, v.gap, judging);
    tj_row_put(r->ranks, r->field, TJ_FIELD_TARGET_GAP_PERCENT_QUANTILE, row, v.gap_percent, judging);
    tj_row_put(r->ranks, r->field, TJ_FIELD_TARGET_OVERSHOOT_QUANTILE, row, v.overshoot, judging);
    put_first_year(r, row, v.first, spare);
    tj_summary use;
    tj_mean_of(r->ranks, v.use, &use);
    r->field[TJ_FIELD_TARGET_BUDGET_USE_MEAN][row] = use.mean;
    r->field[TJ_FIELD_TARGET_BUDGET_USE_MEAN_SE][row] = use.mean_se;
}
