/* The uncertain inputs of a plan; see sensitivity_plan.h.
 *
 * Invariant: every parameter belongs to exactly one input. Parameters that cannot be drawn apart are joined:
 * those of one stream have the same uniforms, those of one copula are correlated. */
#include "engine/sensitivity_plan.h"

#include "engine/threefry.h"

#include <assert.h>
#include <stdlib.h>

/* ---- joining: root[i] is the smallest parameter of i's input ---- */

static int32_t root_of(int32_t *root, int32_t i)
{
    while (root[i] != i)
        i = root[i] = root[root[i]];
    return i;
}

static void join(int32_t *root, int32_t i, int32_t j)
{
    i = root_of(root, i);
    j = root_of(root, j);
    root[i > j ? i : j] = i > j ? j : i;
}

static void join_streams(const tj_plan_param *params, size_t n, int32_t *root)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (params[i].stream == params[j].stream)
                join(root, (int32_t)i, (int32_t)j);
}

/* Rows of a copula whose factor is not zero go together. */
static void join_copulas(const tj_plan *plan, int32_t *root)
{
    size_t n_copulas;
    const tj_plan_copula *copulas = tj_plan_section(plan, TJ_SECTION_COPULAS, &n_copulas);
    const tj_plan_member *all = tj_plan_section(plan, TJ_SECTION_MEMBERS, NULL);
    for (size_t c = 0; c < n_copulas; c++) {
        const tj_plan_member *members = all + copulas[c].members_first;
        const double *factor = tj_plan_numbers(plan, copulas[c].factor);
        for (int32_t i = 0; i < copulas[c].members_count; i++)
            for (int32_t j = 0; j < i; j++)
                if (factor[members[i].row * copulas[c].size + members[j].row] != 0)
                    join(root, members[i].param, members[j].param);
    }
}

/* ---- which change what is prepared ---- */

enum { IN_EFFECT = 1, IN_BASE = 2 };

static void mark(uint8_t *places, const tj_term *terms, size_t count, uint8_t place)
{
    for (size_t i = 0; i < count; i++)
        if (terms[i].param != TJ_NONE)
            places[terms[i].param] |= place;
}

static void mark_places(const tj_plan *plan, uint8_t *places)
{
    const tj_plan_settings *s = tj_plan_get_settings(plan);
    size_t n_effects, n_terms;
    const tj_plan_effect *effects = tj_plan_section(plan, TJ_SECTION_EFFECTS, &n_effects);
    const tj_term *factors = tj_plan_section(plan, TJ_SECTION_TERMS, &n_terms);
    for (size_t i = 0; i < n_effects; i++) {
        const tj_plan_effect *e = &effects[i];
        const tj_term terms[] = {e->magnitude, e->ratio, e->eligible, e->adherence, e->rebound};
        mark(places, terms, sizeof terms / sizeof *terms, IN_EFFECT);
        mark(places, factors + (e->factors_count > 0 ? e->factors_first : 0), (size_t)e->factors_count,
             IN_EFFECT);
    }
    for (int32_t c = 0; c < s->n_cells; c++) {
        const tj_plan_cell *cell = tj_plan_get_cell(plan, c);
        const tj_plan_city *city = tj_plan_get_city(plan, cell->city);
        const tj_term terms[] = {cell->growth, cell->delta, cell->rho,     cell->sigma,
                                 cell->shock,  city->level, city->backcast};
        mark(places, terms, sizeof terms / sizeof *terms, IN_BASE);
    }
    for (int32_t d = 0; d < s->n_drivers; d++) {
        const tj_plan_driver *driver = tj_plan_get_driver(plan, d);
        const tj_term terms[] = {driver->start, driver->rate, driver->spread};
        mark(places, terms, sizeof terms / sizeof *terms, IN_BASE);
    }
}

/* All but parameters that stand in effects of measures and nowhere else: what is not known is prepared. */
static tj_status mark_before(const tj_plan *plan, size_t n_params, tj_plan_inputs *inputs)
{
    uint8_t *places = calloc(n_params + 1, 1);
    if (places == NULL)
        return TJ_ERR_MEMORY;
    mark_places(plan, places);
    for (size_t p = 0; p < n_params; p++)
        inputs->items[inputs->input_of[p]].before |= places[p] != IN_EFFECT;
    free(places);
    return TJ_OK;
}

/* ---- the list ---- */

/* Numbers the inputs by their roots and lists their parameters. */
static void list(const tj_plan_param *params, size_t n, int32_t *root, tj_plan_inputs *inputs)
{
    int32_t listed = 0;
    inputs->count = 1;
    inputs->items[0] = (tj_plan_input){.before = 1};
    for (size_t i = 0; i < n; i++) {
        if (root_of(root, (int32_t)i) != (int32_t)i)
            continue;
        tj_plan_input *input = &inputs->items[inputs->count];
        *input = (tj_plan_input){.first = listed};
        for (size_t j = i; j < n; j++) {
            if (root_of(root, (int32_t)j) != (int32_t)i)
                continue;
            int is_new = 1;
            for (int32_t k = input->first; k < listed; k++)
                is_new &= params[inputs->params[k]].stream != params[j].stream;
            input->streams += is_new;
            inputs->input_of[j] = (int32_t)inputs->count;
            inputs->params[listed++] = (int32_t)j;
        }
        input->count = listed - input->first;
        inputs->count++;
    }
    assert((size_t)listed == n);
}

tj_status tj_plan_inputs_init(tj_plan_inputs *inputs, const tj_plan *plan)
{
    size_t n;
    const tj_plan_param *params = tj_plan_section(plan, TJ_SECTION_PARAMS, &n);
    tj_status status = TJ_ERR_MEMORY;
    int32_t *root = malloc((n + 1) * sizeof *root);
    *inputs = (tj_plan_inputs){.items = malloc((n + 1) * sizeof *inputs->items),
                               .params = malloc((n + 1) * sizeof *inputs->params),
                               .input_of = malloc((n + 1) * sizeof *inputs->input_of)};
    if (root != NULL && inputs->items != NULL && inputs->params != NULL && inputs->input_of != NULL) {
        for (size_t i = 0; i < n; i++)
            root[i] = (int32_t)i;
        join_streams(params, n, root);
        join_copulas(plan, root);
        list(params, n, root, inputs);
        status = mark_before(plan, n, inputs);
    }
    free(root);
    if (status != TJ_OK)
        tj_plan_inputs_free(inputs);
    return status;
}

void tj_plan_inputs_free(tj_plan_inputs *inputs)
{
    if (inputs == NULL)
        return;
    free(inputs->items);
    free(inputs->params);
    free(inputs->input_of);
    *inputs = (tj_plan_inputs){0};
}

void tj_plan_input_uniforms(const tj_plan *plan, const tj_plan_inputs *inputs, size_t input, size_t n,
                            double *u)
{
    const tj_plan_param *params = tj_plan_section(plan, TJ_SECTION_PARAMS, NULL);
    assert(input < inputs->count && inputs->items[input].streams == 1);
    const tj_plan_param *param = &params[inputs->params[inputs->items[input].first]];
    tj_uniform_lanes(tj_plan_get_settings(plan)->seed, param->stream, 0, 0, n, u);
}
