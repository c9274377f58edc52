/* Phase 8: targets. Each is applied to its cities; one that the data cannot judge is carried with the
 * reason, never an error and never a silent no. */
#include "scenarios/lower.h"
#include "scenarios/reason.h"

#include <assert.h>
#include <string.h>

enum { PAIRS_LEAST = 20 };            /* pool pairs for a single sector's back-cast error */
static const double SIGMA_MOST = 1.0; /* of a single sector's back-cast error */

/* The sentence of a reason, with as many arguments as it has. */
static const char *because(tj_lowering *low, tj_reason reason, const char *a, const char *b, const char *c)
{
    char text[512];
    tj_reason_write(reason, (const char *const[TJ_REASON_ARGUMENTS]){a, b, c}, text, sizeof text);
    return tj_lower_text(low, "%s", text);
}

/* ---- a target by itself ---- */

typedef struct kind_needs {
    int base, year, value, milestones;
} kind_needs;

static const kind_needs needs[TJ_TARGET_KINDS] = {
    [TJ_TARGET_REDUCTION] = {1, 1, 1, 0}, [TJ_TARGET_REMAINING] = {1, 1, 1, 0},
    [TJ_TARGET_NEUTRAL] = {1, 1, 1, 0},   [TJ_TARGET_PATH] = {1, 0, 0, 1},
    [TJ_TARGET_BUDGET] = {0, 1, 1, 0},
};

/* The modeller's own reason, in English where that is given; NULL: none. */
static const char *own_reason(const tj_target *target)
{
    const tj_label *own = &target->not_assessable;
    return own->en != NULL ? own->en : own->fr != NULL ? own->fr : own->sv;
}

static int judged(const tj_target *target)
{
    return own_reason(target) == NULL &&
           (target->quantity.text == NULL || strcmp(target->quantity.text, "emissions") == 0) &&
           (target->basis.text == NULL || strcmp(target->basis.text, "territorial") == 0);
}

static void need(tj_lowering *low, const tj_target *target, int wanted, tj_mark mark, const char *key)
{
    if (wanted && mark.file == NULL)
        TJ_LOWER_ERROR(low, target->mark, "target '%s' of kind %s needs '%s'", target->id.text,
                       target->kind.text == NULL ? "reduction" : target->kind.text, key);
}

static void check_milestones(tj_lowering *low, const tj_target *target)
{
    for (size_t i = 0; i < target->milestones_count; i++) {
        const tj_point *point = &target->milestones[i];
        tj_lower_check_fixed(low, &point->value, (tj_dimension){{0}}, 0, 1, "milestone");
        assert(i == 0 ||
               point->year.value > target->milestones[i - 1].year.value); /* a mapping, read in order */
    }
}

static void check_fields(tj_lowering *low, const tj_target *target, int kind)
{
    need(low, target, needs[kind].base, target->base.mark, "base_year");
    need(low, target, needs[kind].year, target->year.mark, "year");
    need(low, target, needs[kind].value, target->value.mark, "value");
    need(low, target, kind == TJ_TARGET_BUDGET, target->first.mark, "first_year");
    if (needs[kind].milestones && target->milestones_count == 0)
        TJ_LOWER_ERROR(low, target->mark, "target '%s' of kind path needs 'milestones'", target->id.text);
    tj_dimension mass = {{0}};
    mass.exponent[TJ_BASE_MASS] = 1;
    if (target->value.mark.file != NULL && target->value.dist.kind != TJ_DIST_FIXED)
        TJ_LOWER_ERROR(low, target->value.mark, "target '%s': found a distribution, expected a number",
                       target->id.text);
    else if (target->value.mark.file != NULL && kind == TJ_TARGET_BUDGET)
        tj_lower_check(low, &target->value, mass, 0, INFINITY, "budget");
    else if (target->value.mark.file != NULL && needs[kind].value)
        tj_lower_check(low, &target->value, (tj_dimension){{0}}, 0, 1, "value");
    if (target->removals_share.mark.file != NULL)
        tj_lower_check_fixed(low, &target->removals_share, (tj_dimension){{0}}, 0, 1, "removals_share");
    if (target->year.mark.file != NULL && target->base.mark.file != NULL &&
        target->year.value <= target->base.value)
        TJ_LOWER_ERROR(low, target->year.mark, "target '%s': its year %d is not after its base year %d",
                       target->id.text, target->year.value, target->base.value);
    check_milestones(low, target);
}

static int check_target(tj_lowering *low, const tj_target *target)
{
    int kind =
        tj_word_resolve(tj_target_words, target->kind, TJ_TARGET_REDUCTION, "kind of target", low->diags);
    tj_word_resolve(tj_ets_words, target->ets, TJ_ETS_ALL, "ets coverage", low->diags);
    for (size_t i = 0; i < target->sectors.count; i++)
        if (tj_study_sector(low->study, target->sectors.items[i].text) < 0)
            tj_lower_unknown_sector(low, target->sectors.items[i]);
    for (size_t i = 0; i < target->cities.count; i++)
        if (tj_study_city(low->study, target->cities.items[i].text) < 0)
            tj_lower_unknown_place(low, target->cities.items[i]);
    for (size_t i = 0; i < target->countries.count; i++)
        if (tj_study_country(low->study, target->countries.items[i].text) < 0)
            tj_lower_unknown_place(low, target->countries.items[i]);
    if (target->cities.count == 0 && target->countries.count == 0)
        TJ_LOWER_ERROR(low, target->mark, "target '%s' is applied to no city: give 'cities' or 'countries'",
                       target->id.text);
    if (judged(target))
        check_fields(low, target, kind);
    return kind;
}

static int applies(const tj_lowering *low, const tj_target *target, int city)
{
    for (size_t i = 0; i < target->cities.count; i++)
        if (strcmp(target->cities.items[i].text, tj_lower_city_id(low, city)) == 0)
            return 1;
    const tj_country *country = tj_lower_country(low, city);
    for (size_t i = 0; country != NULL && i < target->countries.count; i++)
        if (strcmp(target->countries.items[i].text, country->id.text) == 0)
            return 1;
    return 0;
}

/* ---- views: what a target looks at ---- */

static int covers(const tj_target *target, const tj_cell_work *cell)
{
    if (cell->account != TJ_TERRITORIAL)
        return 0;
    for (size_t i = 0; i < target->sectors.count; i++)
        if (strcmp(target->sectors.items[i].text, cell->record->id.text) == 0)
            return 1;
    return target->sectors.count == 0;
}

/* The weight of a cell: 1, or its share inside or outside the EU ETS; NaN where that is not known. */
static double weight_of(const tj_lowering *low, const tj_target *target, const tj_cell_work *cell)
{
    int ets = target->ets.text == NULL ? TJ_ETS_ALL : tj_word_find(tj_ets_words, target->ets.text);
    if (!covers(target, cell))
        return 0.0;
    if (ets <= TJ_ETS_ALL)
        return 1.0;
    const tj_quantity *share = tj_lower_local(low, &cell->record->ets_share, cell->city);
    if (share == NULL)
        return NAN;
    return ets == TJ_ETS_INSIDE ? share->dist.p[0] : 1.0 - share->dist.p[0];
}

static int plain_total(const tj_target *target)
{
    return target->sectors.count == 0 && (target->ets.text == NULL || strcmp(target->ets.text, "all") == 0);
}

/* Status of the weighted sum by year: of the cells with a weight, as for a total. */
static uint8_t view_status(const tj_lowering *low, int city, const double *weights, int y, int whole)
{
    const tj_plan_city *span = &low->cities[city];
    int present = 0, absent = 0, worst = TJ_ABSENT;
    for (int k = 0; k < span->cells_count; k++) {
        const tj_cell_work *cell = &low->cells[span->cells_first + k];
        if (weights[k] == 0)
            continue;
        present += cell->status[y] != TJ_ABSENT;
        absent += cell->status[y] == TJ_ABSENT;
        int rank =
            cell->status[y] == TJ_BACKCAST ? TJ_PROJECTED : cell->status[y]; /* back-cast weighs most */
        int most = worst == TJ_BACKCAST ? TJ_PROJECTED : worst;
        worst = rank > most ? cell->status[y] : worst;
    }
    if (present == 0)
        return TJ_ABSENT;
    return absent > 0 || (whole && low->incomplete[city * low->n_years + y]) ? TJ_PARTIAL : (uint8_t)worst;
}

static int32_t add_view(tj_lowering *low, int city, const double *weights, int whole)
{
    uint8_t *status = tj_lower_alloc(low, (size_t)low->n_years, 1);
    if (status == NULL)
        return TJ_NONE;
    for (int y = 0; y < low->n_years; y++)
        status[y] = view_status(low, city, weights, y, whole);
    tj_plan_view view = {.city = city, .backcast = tj_lower_fixed(1.0)};
    view.weights =
        tj_plan_add(low->builder, TJ_SECTION_NUMBERS, weights, (size_t)low->cities[city].cells_count);
    view.status = tj_plan_add(low->builder, TJ_SECTION_BYTES, status, (size_t)low->n_years);
    return tj_plan_add(low->builder, TJ_SECTION_VIEWS, &view, 1);
}

/* Views 0 .. n_cities - 1: the whole territorial totals. Their statuses are the totals'. */
static void total_views(tj_lowering *low)
{
    for (int c = 0; c < low->n_cities; c++) {
        const tj_plan_city *span = &low->cities[c];
        double *weights = tj_lower_alloc(low, (size_t)span->cells_count + 1, sizeof *weights);
        for (int k = 0; weights != NULL && k < span->cells_count; k++)
            weights[k] = low->cells[span->cells_first + k].account == TJ_TERRITORIAL;
        int32_t view = weights == NULL ? TJ_NONE : add_view(low, c, weights, 1);
        const tj_plan_view *views = tj_plan_items(low->builder, TJ_SECTION_VIEWS, NULL);
        if (view != TJ_NONE)
            low->cities[c].total_status = views[view].status;
    }
}

/* A single back-cast sector has its own error, with the city's draw; "" or why it cannot be judged. */
static const char *own_backcast(tj_lowering *low, int city, const tj_cell_work *cell, tj_plan_view *view)
{
    const tj_country *country = tj_lower_country(low, city);
    const char *pool = country->noise_from.text != NULL ? country->noise_from.text : country->id.text;
    int from = low->first_year + cell->base_from;
    tj_backcast_error error = tj_lower_backcast_error(low, pool, 1, &cell->record, &from);
    if (error.pairs < PAIRS_LEAST)
        return because(low, TJ_REASON_FEW_PLACES, cell->record->id.text,
                       tj_lower_text(low, "%zu", error.pairs), tj_lower_text(low, "%d", PAIRS_LEAST));
    if (error.sigma > SIGMA_MOST)
        return because(low, TJ_REASON_UNCERTAIN, cell->record->id.text,
                       tj_lower_text(low, "%.2f", error.sigma), NULL);
    tj_dist dist = {.kind = TJ_DIST_LOGNORMAL, .p = {-error.median, error.sigma}};
    view->backcast =
        tj_lower_dist(low, &dist, tj_lower_text(low, "backcast@%s", tj_lower_city_id(low, city)));
    view->backcast_own = 1;
    return NULL;
}

/* ---- can it be judged? ---- */

static const char *beforehand(tj_lowering *low, const tj_target *target)
{
    if (own_reason(target) != NULL)
        return own_reason(target);
    if (target->quantity.text != NULL && strcmp(target->quantity.text, "emissions") != 0)
        return because(low, TJ_REASON_QUANTITY, target->quantity.text, NULL, NULL);
    if (target->basis.text != NULL && strcmp(target->basis.text, "territorial") != 0)
        return because(low, TJ_REASON_BASIS, target->basis.text, NULL, NULL);
    if (target->gases.count > 0)
        return because(low, TJ_REASON_GASES, NULL, NULL, NULL);
    return NULL;
}

/* Whether a view has a whole value in a year; why not otherwise. */
static const char *year_fault(tj_lowering *low, const uint8_t *status, int year, tj_role role)
{
    int y = tj_lower_year(low, year);
    const char *what = tj_reason_role(role), *when = tj_lower_text(low, "%d", year);
    if (year > low->last_year)
        return because(low, TJ_REASON_HORIZON, what, when, tj_lower_text(low, "%d", low->last_year));
    if (y == TJ_NONE || status[y] == TJ_ABSENT)
        return because(low, TJ_REASON_NO_INVENTORY, what, when, NULL);
    if (status[y] == TJ_PARTIAL)
        return because(low, TJ_REASON_PARTIAL, what, when, NULL);
    return NULL;
}

static double base_value(const tj_lowering *low, int city, const double *weights, int y)
{
    double sum = 0;
    const tj_plan_city *span = &low->cities[city];
    for (int k = 0; k < span->cells_count; k++)
        if (weights[k] != 0)
            sum += weights[k] * low->cells[span->cells_first + k].history[y];
    return sum;
}

static const char *years_fault(tj_lowering *low, const tj_target *target, int kind, int city,
                               const double *weights, const uint8_t *status)
{
    const char *fault = NULL;
    if (needs[kind].base) {
        fault = year_fault(low, status, target->base.value, TJ_ROLE_BASE);
        int y = tj_lower_year(low, target->base.value);
        if (fault == NULL && y > low->city_last[city])
            fault = because(low, TJ_REASON_NOT_YET, tj_reason_role(TJ_ROLE_BASE),
                            tj_lower_text(low, "%d", target->base.value), NULL);
        if (fault == NULL && base_value(low, city, weights, y) == 0)
            fault = because(low, TJ_REASON_ZERO, NULL, NULL, NULL);
    }
    if (fault == NULL && needs[kind].year)
        fault = year_fault(low, status, target->year.value, TJ_ROLE_YEAR);
    for (size_t i = 0; kind == TJ_TARGET_PATH && fault == NULL && i < target->milestones_count; i++)
        fault = year_fault(low, status, target->milestones[i].year.value, TJ_ROLE_MILESTONE);
    for (int year = target->first.value;
         kind == TJ_TARGET_BUDGET && fault == NULL && year <= target->year.value; year++)
        fault = year_fault(low, status, year, TJ_ROLE_BUDGET);
    return fault;
}

/* ---- one target in one city ---- */

static void fill_kind(tj_lowering *low, const tj_target *target, int kind, tj_plan_target *plan)
{
    plan->base = needs[kind].base ? tj_lower_year(low, target->base.value) : TJ_NONE;
    plan->year = needs[kind].year ? tj_lower_year(low, target->year.value) : TJ_NONE;
    plan->first = kind == TJ_TARGET_BUDGET ? tj_lower_year(low, target->first.value) : TJ_NONE;
    plan->value = needs[kind].value ? target->value.dist.p[0] : 0;
    plan->share =
        target->removals_share.mark.file != NULL ? target->removals_share.dist.p[0] : 1.0 - plan->value;
    for (size_t i = 0; kind == TJ_TARGET_PATH && i < target->milestones_count; i++) {
        double pair[2] = {tj_lower_year(low, target->milestones[i].year.value),
                          target->milestones[i].value.dist.p[0]};
        int32_t at = tj_plan_add(low->builder, TJ_SECTION_NUMBERS, pair, 2);
        plan->milestones_first = plan->milestones_count++ == 0 ? at : plan->milestones_first;
        plan->year = (int32_t)pair[0];
    }
}

/* Fills the plan's target; NULL, or why it cannot be judged. */
static const char *judge(tj_lowering *low, const tj_target *target, int kind, int city, tj_plan_target *plan)
{
    const char *fault = beforehand(low, target);
    const tj_plan_city *span = &low->cities[city];
    double *weights = tj_lower_alloc(low, (size_t)span->cells_count + 1, sizeof *weights);
    const tj_cell_work *single = NULL;
    int covered = 0;
    plan->view = city;
    for (int k = 0; fault == NULL && weights != NULL && k < span->cells_count; k++) {
        const tj_cell_work *cell = &low->cells[span->cells_first + k];
        weights[k] = weight_of(low, target, cell);
        if (isnan(weights[k]))
            fault = because(low, TJ_REASON_ETS, cell->record->id.text, NULL, NULL);
        if (weights[k] != 0) {
            covered++;
            single = cell;
        }
    }
    if (fault == NULL && covered == 0)
        fault = because(low, TJ_REASON_UNCOVERED, NULL, NULL, NULL);
    if (fault != NULL || weights == NULL)
        return fault;
    if (!plain_total(target))
        plan->view = add_view(low, city, weights, 0);
    tj_plan_view *views = tj_plan_items(low->builder, TJ_SECTION_VIEWS, NULL);
    const uint8_t *bytes = tj_plan_items(low->builder, TJ_SECTION_BYTES, NULL);
    if (plan->view == TJ_NONE)
        return "memory is short";
    fault = years_fault(low, target, kind, city, weights, bytes + views[plan->view].status);
    if (fault == NULL && covered == 1 && plan->view >= low->n_cities && single->base_from != TJ_NONE &&
        needs[kind].base && target->base.value == low->base_year)
        fault = own_backcast(low, city, single, &views[plan->view]);
    return fault;
}

static void add_target(tj_lowering *low, const tj_target *target, int kind, int city, size_t index)
{
    tj_plan_target plan = {.city = city, .kind = kind, .base = TJ_NONE, .year = TJ_NONE, .first = TJ_NONE};
    tj_target_info *info = &low->out->targets[index];
    const char *reason = judge(low, target, kind, city, &plan);
    plan.assessable = reason == NULL;
    if (reason == NULL)
        fill_kind(low, target, kind, &plan);
    *info = (tj_target_info){.target = target,
                             .city = city,
                             .id = tj_lower_text(low, "%s@%s", target->id.text, tj_lower_city_id(low, city)),
                             .status = reason == NULL ? "assessed" : "not assessable",
                             .reason = reason,
                             .active = target->active.mark.file == NULL || target->active.value != 0};
    tj_plan_add(low->builder, TJ_SECTION_TARGETS, &plan, 1);
}

void tj_lower_targets(tj_lowering *low)
{
    const tj_study *study = low->study;
    size_t count = 0, before = low->diags->errors;
    low->out->targets =
        tj_lower_alloc(low, study->targets_count * (size_t)low->n_cities + 1, sizeof *low->out->targets);
    total_views(low);
    for (size_t t = 0; !low->memory_short && t < study->targets_count; t++) {
        int kind = check_target(low, &study->targets[t]);
        for (int c = 0; c < low->n_cities; c++)
            if (applies(low, &study->targets[t], c) && low->city_last[c] != TJ_NONE &&
                before == low->diags->errors)
                add_target(low, &study->targets[t], kind, c, count++);
    }
}
