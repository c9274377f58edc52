/* Judging targets: one pass over the years, all draws of a year at a time.
 *
 * Invariant: a NaN that enters an outcome stays in it, so a draw is undefined as soon as a year that
 * it needs has no complete value. All kinds share the pass; a kind is one record that says how far
 * emissions are above what is allowed. */
#include "engine/target.h"

#include "engine/kernel.h"

#include <assert.h>
#include <math.h>

static const double TOLERANCE = 1e-9; /* of the base year's emissions, or of the budget */

/* A target being judged. */
typedef struct judge {
    const tj_target_case *of;
    const tj_plan_target *target;
    const uint8_t *status; /* of the view, by year */
    const double *base;    /* n, emissions of the base year; NULL for a budget */
    double *sum;           /* n, budget: emissions from its first year on */
    double *tolerance;     /* n, t */
    int32_t last_inventory, end, n_years;
} judge;

typedef struct kind_record {
    tj_target_kind kind;
    int by_milestones; /* judged in every milestone year, on its line */
    /* Share of the base year that is allowed in the end year. */
    double (*left)(const tj_plan_target *target);
    /* Emissions of `year` above what is allowed, to out[n]. */
    void (*excess)(const judge *judge, int32_t year, double *out);
} kind_record;

int tj_status_complete(uint8_t status)
{
    return status != TJ_ABSENT && status != TJ_PARTIAL;
}

/* ---- views ---- */

TJ_CLONES static void add_weighted(size_t n, double weight, const double *restrict x, double *restrict out)
{
#pragma omp simd
    for (size_t d = 0; d < n; d++)
        out[d] += weight * x[d];
}

/* A back-cast value of a cell with the view's own error. */
static void own_backcast(const tj_plan *plan, const tj_draws *draws, const tj_plan_view *view, double value,
                         size_t n, double *buffer)
{
    const tj_plan_city *city = tj_plan_get_city(plan, view->city);
    const double *level = tj_term_lanes(draws, city->level, 0, n, buffer);
    const double *own = tj_term_lanes(draws, view->backcast, 0, n, buffer + n);
    for (size_t d = 0; d < n; d++)
        buffer[d] = value * level[d] * own[d];
}

void tj_view_sum(const tj_plan *plan, const tj_draws *draws, int32_t view, const double *cells,
                 const int32_t *slot, int32_t year, size_t n, double *buffer, double *out)
{
    const tj_plan_view *views = tj_plan_section(plan, TJ_SECTION_VIEWS, NULL);
    const tj_plan_view *v = &views[view];
    const tj_plan_city *city = tj_plan_get_city(plan, v->city);
    size_t n_years = (size_t)tj_plan_get_settings(plan)->n_years;
    int absent = tj_plan_bytes(plan, v->status)[year] == TJ_ABSENT;
    for (size_t d = 0; d < n; d++)
        out[d] = absent ? NAN : 0;
    for (int32_t k = 0; k < city->cells_count && !absent; k++) {
        const tj_plan_cell *cell = tj_plan_get_cell(plan, city->cells_first + k);
        double weight = tj_plan_numbers(plan, v->weights)[k];
        uint8_t status = tj_plan_bytes(plan, cell->status)[year];
        if (cell->account != TJ_TERRITORIAL || weight == 0 || status == TJ_ABSENT)
            continue;
        if (v->backcast_own && status == TJ_BACKCAST) {
            own_backcast(plan, draws, v, tj_plan_numbers(plan, cell->history)[year], n, buffer);
            add_weighted(n, weight, buffer, out);
        } else {
            size_t row = (size_t)(slot != NULL && year > city->last_inventory ? slot[k] : k) * n_years;
            add_weighted(n, weight, cells + (row + (size_t)year) * n, out);
        }
    }
}

/* ---- what is allowed ---- */

static double left_after_reduction(const tj_plan_target *target)
{
    return 1 - target->value;
}

static double left_remaining(const tj_plan_target *target)
{
    return target->value;
}

static int32_t milestones(const judge *j)
{
    return j->target->kind == TJ_TARGET_PATH ? j->target->milestones_count : 1;
}

static const kind_record *record_of(const judge *j);

/* Year index of milestone i and the share of the base year left then; a target without milestones has
 * one, its own year. */
static void milestone(const judge *j, int32_t i, int32_t *year, double *left)
{
    *year = j->target->year;
    *left = 0;
    if (j->target->kind == TJ_TARGET_PATH) {
        const double *pair = tj_plan_numbers(j->of->plan, j->target->milestones_first) + 2 * i;
        *year = (int32_t)pair[0];
        *left = 1 - pair[1];
    } else if (record_of(j)->left != NULL) {
        *left = record_of(j)->left(j->target);
    }
}

/* The target's line: the share of the base year that is left in `year`, from 1 in the base year straight
 * from milestone to milestone, flat after the last. */
static double line(const judge *j, int32_t year)
{
    int32_t before = j->target->base;
    double share = 1;
    for (int32_t i = 0; i < milestones(j) && year > before; i++) {
        int32_t at;
        double left;
        milestone(j, i, &at, &left);
        if (year < at)
            return share + (left - share) * (year - before) / (at - before);
        before = at;
        share = left;
    }
    return share;
}

static const double *lanes_of(const judge *j, const double *series, int32_t year)
{
    return series + (size_t)year * j->of->n;
}

TJ_CLONES static void above_lanes(size_t n, const double *restrict x, double share,
                                  const double *restrict base, double *restrict out)
{
#pragma omp simd
    for (size_t d = 0; d < n; d++)
        out[d] = x[d] - share * base[d];
}

static void above_share(const judge *j, int32_t year, double share, double *out)
{
    above_lanes(j->of->n, lanes_of(j, j->of->series, year), share, j->base, out);
}

static void excess_over_level(const judge *j, int32_t year, double *out)
{
    above_share(j, year, record_of(j)->left(j->target), out);
}

static void excess_over_path(const judge *j, int32_t year, double *out)
{
    above_share(j, year, line(j, year), out);
}

/* The larger of `out` and what removals, up to share * base, leave of x. */
TJ_CLONES static void balance_lanes(size_t n, const double *restrict x, const double *restrict removals,
                                    double share, const double *restrict base, double *restrict out)
{
#pragma omp simd
    for (size_t d = 0; d < n; d++) {
        double most = share * base[d];
        double net = x[d] - (removals[d] > most ? most : removals[d]);
        out[d] = (net > out[d]) | (net != net) ? net : out[d];
    }
}

/* The larger of gross emissions over (1 - q) E(B) and what removals, up to a E(B), do not balance. */
static void excess_over_neutral(const judge *j, int32_t year, double *out)
{
    const double *x = lanes_of(j, j->of->series, year);
    const double *removals = j->of->removals ? lanes_of(j, j->of->removals, year) : NULL;
    double share = isnan(j->target->share) ? 1 - j->target->value : j->target->share;
    above_share(j, year, left_after_reduction(j->target), out);
    if (removals != NULL) {
        balance_lanes(j->of->n, x, removals, share, j->base, out);
        return;
    }
    for (size_t d = 0; d < j->of->n; d++) {
        double most = share * j->base[d];
        double net = x[d] - (0 > most ? most : 0);
        out[d] = net > out[d] || isnan(net) ? net : out[d];
    }
}

/* The sum runs along with the pass, so it holds the years up to this one. */
static void excess_over_budget(const judge *j, int32_t year, double *out)
{
    (void)year;
    for (size_t d = 0; d < j->of->n; d++)
        out[d] = j->sum[d] - j->target->value;
}

static const kind_record kinds[TJ_TARGET_KINDS] = {
    [TJ_TARGET_REDUCTION] = {TJ_TARGET_REDUCTION, 0, left_after_reduction, excess_over_level},
    [TJ_TARGET_REMAINING] = {TJ_TARGET_REMAINING, 0, left_remaining, excess_over_level},
    [TJ_TARGET_NEUTRAL] = {TJ_TARGET_NEUTRAL, 0, left_after_reduction, excess_over_neutral},
    [TJ_TARGET_PATH] = {TJ_TARGET_PATH, 1, NULL, excess_over_path},
    [TJ_TARGET_BUDGET] = {TJ_TARGET_BUDGET, 0, NULL, excess_over_budget},
};

static const kind_record *record_of(const judge *j)
{
    return &kinds[j->target->kind];
}

/* ---- the pass over the years ---- */

static int is_budget(const judge *j)
{
    return j->target->kind == TJ_TARGET_BUDGET;
}

static int inside(const judge *j, int32_t year)
{
    return year >= 0 && year < j->n_years;
}

/* Is there a base and an end to judge by, whatever the draw? */
static int judgeable(const judge *j)
{
    for (int32_t i = 0; i < milestones(j); i++) {
        int32_t at;
        double left;
        milestone(j, i, &at, &left);
        if (!inside(j, at))
            return 0;
    }
    if (is_budget(j))
        return inside(j, j->target->first);
    return inside(j, j->target->base) && tj_status_complete(j->status[j->target->base]);
}

static int judged_in(const judge *j, int32_t year)
{
    int found = 0;
    for (int32_t i = 0; i < milestones(j); i++) {
        int32_t at;
        double left;
        milestone(j, i, &at, &left);
        found |= at == year;
    }
    return found;
}

static void fill(size_t n, double value, double *out)
{
    for (size_t d = 0; d < n; d++)
        out[d] = value;
}

static void add_to_budget(const judge *j, int32_t year)
{
    const double *x = lanes_of(j, j->of->series, year);
    int complete = tj_status_complete(j->status[year]);
    for (size_t d = 0; d < j->of->n; d++)
        j->sum[d] += complete ? x[d] : NAN;
}

TJ_CLONES static void meet_lanes(size_t n, const double *restrict excess, const double *restrict tolerance,
                                 double *restrict met)
{
#pragma omp simd
    for (size_t d = 0; d < n; d++) {
        double held = excess[d] <= tolerance[d] ? met[d] : 0 * met[d];
        met[d] = excess[d] != excess[d] ? (double)NAN : held;
    }
}

/* `first` is the year since which the condition has held without a break. */
TJ_CLONES static void first_lanes(size_t n, double year, const double *restrict excess,
                                  const double *restrict tolerance, double *restrict first)
{
#pragma omp simd
    for (size_t d = 0; d < n; d++) {
        double since = first[d] < year ? first[d] : year;
        double now = excess[d] <= tolerance[d] ? since : (double)INFINITY;
        first[d] = (excess[d] != excess[d]) | (first[d] != first[d]) ? (double)NAN : now;
    }
}

TJ_CLONES static void overshoot_lanes(size_t n, const double *restrict excess, double *restrict overshoot)
{
#pragma omp simd
    for (size_t d = 0; d < n; d++)
        overshoot[d] += excess[d] > 0 ? excess[d] : 0;
}

static void add_overshoot(const judge *j, int32_t year, double *excess, double *overshoot)
{
    above_share(j, year, line(j, year), excess);
    if (tj_status_complete(j->status[year]))
        overshoot_lanes(j->of->n, excess, overshoot);
    else
        fill(j->of->n, NAN, overshoot);
}

/* What the pass starts from. */
static void start(judge *j, const tj_verdict *v)
{
    size_t n = j->of->n;
    j->base = is_budget(j) ? NULL : lanes_of(j, j->of->series, j->target->base);
    for (size_t d = 0; d < n; d++)
        j->tolerance[d] = TOLERANCE * (is_budget(j) ? fabs(j->target->value) : j->base[d]);
    fill(n, 1, v->met);
    fill(n, INFINITY, v->first);
    fill(n, 0, v->overshoot);
    fill(n, 0, j->sum);
}

static void judge_year(const judge *j, int32_t year, double *excess, const tj_verdict *v)
{
    int judged = judged_in(j, year);
    if (is_budget(j) && year >= j->target->first && year <= j->end)
        add_to_budget(j, year);
    if (!judged && year < j->last_inventory)
        return;
    if (is_budget(j) || tj_status_complete(j->status[year]))
        record_of(j)->excess(j, year, excess);
    else
        fill(j->of->n, NAN, excess);
    if (judged)
        meet_lanes(j->of->n, excess, j->tolerance, v->met);
    for (size_t d = 0; d < j->of->n && year == j->end; d++)
        v->gap[d] = excess[d];
    if (year >= j->last_inventory)
        first_lanes(j->of->n, year, excess, j->tolerance, v->first);
    if (year > j->last_inventory && year <= j->end && !is_budget(j))
        add_overshoot(j, year, excess, v->overshoot);
}

/* What follows from the gap; a draw whose base year is not above zero has no verdict. */
static void conclude(const judge *j, const tj_verdict *v)
{
    double budget = j->target->value;
    for (size_t d = 0; d < j->of->n; d++) {
        if (is_budget(j)) {
            v->gap_percent[d] = budget > 0 ? 100 * v->gap[d] / budget : NAN;
            v->use[d] = budget > 0 ? (v->gap[d] + budget) / budget : NAN;
            v->overshoot[d] = v->gap[d] > 0 || isnan(v->gap[d]) ? v->gap[d] : 0;
        } else if (j->base[d] > 0) {
            v->gap_percent[d] = 100 * v->gap[d] / j->base[d];
        } else {
            v->met[d] = v->gap[d] = v->first[d] = v->overshoot[d] = NAN;
        }
    }
}

/* Who is judged on what, until when. */
static void begin(judge *j)
{
    const tj_plan *plan = j->of->plan;
    const tj_plan_view *views = tj_plan_section(plan, TJ_SECTION_VIEWS, NULL);
    j->status = tj_plan_bytes(plan, views[j->target->view].status);
    j->last_inventory = tj_plan_get_city(plan, j->target->city)->last_inventory;
    j->n_years = tj_plan_get_settings(plan)->n_years;
    j->end = j->target->year;
    if (record_of(j)->by_milestones) {
        double left;
        milestone(j, milestones(j) - 1, &j->end, &left);
    }
}

void tj_target_judge(const tj_target_case *target, double *work, const tj_verdict *v)
{
    size_t n = target->n;
    judge j = {.of = target, .target = target->target, .sum = work + n, .tolerance = work + 2 * n};
    assert((unsigned)target->target->kind < TJ_TARGET_KINDS);
    assert(record_of(&j)->kind == (tj_target_kind)target->target->kind);
    double *const outcomes[] = {v->met, v->gap, v->gap_percent, v->first, v->overshoot, v->use};
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        fill(n, NAN, outcomes[i]);
    if (!target->target->assessable)
        return;
    begin(&j);
    if (!judgeable(&j))
        return;
    start(&j, v);
    for (int32_t year = 0; year < j.n_years; year++)
        judge_year(&j, year, work, v);
    conclude(&j, v);
}
