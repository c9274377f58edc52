/* What targets ask, as conditions on sums of emissions; the rules are those of engine/target.c.
 *
 * A target is met where all its conditions hold. A year up to H is history: there the verdict is known
 * before any combination, and a draw that misses it gets a level that nothing reaches. */
#include "engine/sweep_parts.h"
#include "engine/target.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static const double TOLERANCE = 1e-9, MARGIN = 1e-12; /* of the base year, or of the budget */

typedef struct asking {
    const tj_sweep_run_state *run;
    const tj_plan *plan;
    const tj_sweep_city *city;
    const tj_plan_city *record;
    const tj_plan_target *target;
    const tj_plan_view *view;
    const uint8_t *status; /* of the view by year */
    int32_t last, n_years;
    size_t n;
    double *base, *row, *work; /* n, n, 2 n */
    tj_sweep_verdict *verdict;
    int memory_short;
} asking;

static int inside(const asking *a, int32_t year)
{
    return year >= 0 && year < a->n_years;
}

static int complete(const asking *a, int32_t year)
{
    return inside(a, year) && tj_status_complete(a->status[year]);
}

/* The view's emissions in a year of the history, to out[n]. */
static void history(const asking *a, int32_t year, double *out)
{
    tj_view_sum(a->plan, &a->run->draws, a->target->view, a->city->history, NULL, year, a->n, a->work, out);
}

static tj_sweep_condition *new_condition(asking *a)
{
    tj_sweep_verdict *v = a->verdict;
    assert(v->n_conditions < TJ_SWEEP_CONDITIONS);
    tj_sweep_condition *c = &v->condition[v->n_conditions++];
    *c = (tj_sweep_condition){.level = calloc(a->n, sizeof(double)), .margin = calloc(a->n, sizeof(double))};
    a->memory_short |= c->level == NULL || c->margin == NULL;
    return c;
}

static void add_term(asking *a, tj_sweep_condition *c, int32_t k, int32_t year, double weight)
{
    if (c->n_terms == c->capacity) {
        size_t capacity = 2 * c->capacity + 16;
        tj_sweep_term *larger = realloc(c->terms, capacity * sizeof *larger);
        if (larger == NULL) {
            a->memory_short = 1;
            return;
        }
        c->terms = larger;
        c->capacity = capacity;
    }
    for (int32_t p = 0; p < a->city->n_parts; p++) {
        const tj_component *component = a->city->parts[p].component;
        for (int32_t i = 0; i < component->n_cells; i++) {
            if (component->cells[i] != k)
                continue;
            c->terms[c->n_terms++] =
                (tj_sweep_term){.part = p, .cell = i, .year = year - a->city->first_year, .weight = weight};
            a->verdict->mask |= a->city->parts[p].mask;
        }
    }
}

/* The cells of an account that have a value in a projected year, each with its weight. */
static void add_year(asking *a, tj_sweep_condition *c, int32_t year, tj_account account, double sign)
{
    const double *weights = tj_plan_numbers(a->plan, a->view->weights);
    for (int32_t k = 0; k < a->record->cells_count; k++) {
        const tj_plan_cell *cell = tj_plan_get_cell(a->plan, a->record->cells_first + k);
        double weight = account == TJ_TERRITORIAL ? weights[k] : 1;
        if (cell->account == (int32_t)account && weight != 0 &&
            tj_plan_bytes(a->plan, cell->status)[year] != TJ_ABSENT)
            add_term(a, c, k, year, sign * weight);
    }
}

/* Emissions of `year` at most share of the base year. */
static void ask_share(asking *a, int32_t year, double share)
{
    tj_sweep_condition *c = new_condition(a);
    if (a->memory_short)
        return;
    if (year > a->last)
        add_year(a, c, year, TJ_TERRITORIAL, 1);
    else
        history(a, year, a->row);
    for (size_t d = 0; d < a->n; d++) {
        double tolerance = TOLERANCE * a->base[d];
        c->margin[d] = MARGIN * a->base[d];
        if (year > a->last)
            c->level[d] = share * a->base[d] + tolerance;
        else
            c->level[d] = a->row[d] - share * a->base[d] <= tolerance ? INFINITY : -INFINITY;
    }
}

/* Emissions less removals at most zero; -1 where the removals of the year are unknown. */
static int ask_balance(asking *a, int32_t year)
{
    int found = 0, absent = 0;
    for (int32_t k = 0; k < a->record->cells_count; k++) {
        const tj_plan_cell *cell = tj_plan_get_cell(a->plan, a->record->cells_first + k);
        if (cell->account != TJ_REMOVALS)
            continue;
        found++;
        absent += tj_plan_bytes(a->plan, cell->status)[year] == TJ_ABSENT;
    }
    if (absent > 0)
        return -1;
    tj_sweep_condition *c = new_condition(a);
    if (a->memory_short)
        return 0;
    add_year(a, c, year, TJ_TERRITORIAL, 1);
    if (found > 0)
        add_year(a, c, year, TJ_REMOVALS, -1);
    for (size_t d = 0; d < a->n; d++) {
        c->level[d] = TOLERANCE * a->base[d];
        c->margin[d] = MARGIN * a->base[d];
    }
    return 0;
}

/* net = E - min(removals, allowed): the larger of E - removals and E - allowed. */
static int ask_neutral(asking *a)
{
    const tj_plan_target *t = a->target;
    double left = 1 - t->value, allowed = isnan(t->share) ? 1 - t->value : t->share;
    ask_share(a, t->year, allowed < left ? allowed : left);
    return t->year > a->last ? ask_balance(a, t->year) : -1;
}

static int ask_path(asking *a)
{
    const double *pair = tj_plan_numbers(a->plan, a->target->milestones_first);
    if (a->target->milestones_count > TJ_SWEEP_CONDITIONS)
        return -1;
    for (int32_t i = 0; i < a->target->milestones_count; i++, pair += 2) {
        if (!complete(a, (int32_t)pair[0]))
            return -1;
        ask_share(a, (int32_t)pair[0], 1 - pair[1]);
    }
    return 0;
}

static int ask_budget(asking *a)
{
    const tj_plan_target *t = a->target;
    tj_sweep_condition *c = new_condition(a);
    if (a->memory_short)
        return 0;
    for (size_t d = 0; d < a->n; d++) {
        c->level[d] = t->value + TOLERANCE * fabs(t->value);
        c->margin[d] = MARGIN * fabs(t->value);
    }
    for (int32_t year = t->first; year <= t->year; year++) {
        if (!complete(a, year))
            return -1;
        if (year > a->last) {
            add_year(a, c, year, TJ_TERRITORIAL, 1);
            continue;
        }
        history(a, year, a->row);
        for (size_t d = 0; d < a->n; d++)
            c->level[d] -= a->row[d];
    }
    return 0;
}

static int by_part(const void *x, const void *y)
{
    const tj_sweep_term *a = x, *b = y;
    if (a->part != b->part)
        return a->part < b->part ? -1 : 1;
    if (a->cell != b->cell)
        return a->cell < b->cell ? -1 : 1;
    return (a->year > b->year) - (a->year < b->year);
}

/* Fills the conditions; -1 where no draw has a verdict. */
static int ask(asking *a)
{
    const tj_plan_target *t = a->target;
    if (!t->assessable || !inside(a, t->year))
        return -1;
    if (t->kind == TJ_TARGET_BUDGET)
        return inside(a, t->first) ? ask_budget(a) : -1;
    if (!complete(a, t->base) || t->base > a->last)
        return -1;
    history(a, t->base, a->base);
    if (t->kind == TJ_TARGET_PATH)
        return ask_path(a);
    if (!complete(a, t->year))
        return -1;
    if (t->kind == TJ_TARGET_NEUTRAL)
        return ask_neutral(a);
    ask_share(a, t->year, t->kind == TJ_TARGET_REDUCTION ? 1 - t->value : t->value);
    return 0;
}

/* A draw whose base year is not above zero has no verdict: it never counts as met. */
static void judge_base(asking *a)
{
    tj_sweep_verdict *v = a->verdict;
    v->known = a->n;
    for (size_t d = 0; d < a->n && a->target->kind != TJ_TARGET_BUDGET; d++) {
        if (a->base[d] > 0)
            continue;
        v->known--;
        for (size_t i = 0; i < v->n_conditions; i++)
            v->condition[i].level[d] = -INFINITY;
    }
}

tj_status tj_sweep_verdict_make(const tj_sweep_run_state *run, const tj_sweep_city *city, int32_t index,
                                tj_sweep_verdict *verdict)
{
    const tj_plan_target *targets = tj_plan_section(run->plan, TJ_SECTION_TARGETS, NULL);
    const tj_plan_view *views = tj_plan_section(run->plan, TJ_SECTION_VIEWS, NULL);
    size_t n = run->draws.count;
    double *buffer = malloc(4 * n * sizeof *buffer);
    *verdict = (tj_sweep_verdict){.draws = n};
    if (buffer == NULL)
        return TJ_ERR_MEMORY;
    asking a = {.run = run, .plan = run->plan, .city = city, .target = &targets[index], .n = n};
    a.record = tj_plan_get_city(run->plan, city->city);
    a.view = &views[a.target->view];
    a.status = tj_plan_bytes(run->plan, a.view->status);
    a.last = a.record->last_inventory;
    a.n_years = tj_plan_get_settings(run->plan)->n_years;
    a.base = buffer;
    a.row = buffer + n;
    a.work = buffer + 2 * n;
    a.verdict = verdict;
    if (ask(&a) != 0) {
        tj_sweep_verdict_free(verdict);
    } else if (!a.memory_short) {
        judge_base(&a);
        for (size_t i = 0; i < verdict->n_conditions; i++)
            if (verdict->condition[i].n_terms > 0)
                qsort(verdict->condition[i].terms, verdict->condition[i].n_terms, sizeof(tj_sweep_term),
                      by_part);
    }
    free(buffer);
    return a.memory_short ? TJ_ERR_MEMORY : TJ_OK;
}

tj_status tj_sweep_total_make(const tj_sweep_run_state *run, const tj_sweep_city *city, int32_t year,
                              tj_sweep_verdict *verdict)
{
    *verdict = (tj_sweep_verdict){.draws = run->draws.count, .known = run->draws.count};
    asking a = {.run = run, .plan = run->plan, .city = city, .n = run->draws.count, .verdict = verdict};
    a.record = tj_plan_get_city(run->plan, city->city);
    tj_sweep_condition *c = new_condition(&a);
    for (int32_t k = 0; k < a.record->cells_count; k++) {
        const tj_plan_cell *cell = tj_plan_get_cell(a.plan, a.record->cells_first + k);
        for (int32_t y = city->first_year; y < city->first_year + city->n_projected; y++)
            if ((year == TJ_NONE || y == year) && cell->account == TJ_TERRITORIAL &&
                tj_plan_bytes(a.plan, cell->status)[y] != TJ_ABSENT)
                add_term(&a, c, k, y, 1);
    }
    if (!a.memory_short && c->n_terms > 0)
        qsort(c->terms, c->n_terms, sizeof(tj_sweep_term), by_part);
    return a.memory_short ? TJ_ERR_MEMORY : TJ_OK;
}

void tj_sweep_verdict_free(tj_sweep_verdict *verdict)
{
    for (size_t i = 0; i < verdict->n_conditions; i++) {
        free(verdict->condition[i].terms);
        free(verdict->condition[i].level);
        free(verdict->condition[i].margin);
    }
    *verdict = (tj_sweep_verdict){.draws = verdict->draws};
}
