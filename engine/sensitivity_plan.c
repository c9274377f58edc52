/* Evaluating a plan's targets on mixed samples; see sensitivity_plan.h.
 *
 * Invariant: `mix` is the only table that is simulated; its rows are copies of A's or B's. What is prepared
 * from A serves as long as nothing before the measures comes from B. */
#include "engine/sensitivity_plan.h"

#include "engine/base.h"
#include "engine/reduce_target.h"
#include "engine/threefry.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct tj_plan_model {
    tj_plan_question question;
    const tj_plan_inputs *inputs;
    tj_sensitivity_model model;
    uint8_t *reach;
    tj_draws sample[2], mix;
    tj_prepared *prepared; /* of A */
    tj_scratch *scratch;
    double *cells, *total, *removals, *work;
};

/* The key of sample B: any other than A's will do. */
static uint64_t other_seed(uint64_t seed)
{
    return seed + 0x9E3779B97F4A7C15u;
}

static const tj_plan_target *target_of(const tj_plan_model *m, size_t output)
{
    const tj_plan_target *targets = tj_plan_section(m->question.plan, TJ_SECTION_TARGETS, NULL);
    return &targets[m->question.targets[output]];
}

/* ---- what reaches a target ---- */

/* One output's row of the reach, and for all parameters whether any place of the plan is known. */
typedef struct marking {
    const tj_plan_inputs *inputs;
    uint8_t *row; /* NULL: only `known` is wanted */
    uint8_t *known;
} marking;

static void mark(const marking *to, tj_term term)
{
    if (term.param == TJ_NONE)
        return;
    if (to->row != NULL)
        to->row[to->inputs->input_of[term.param]] = 1;
    to->known[term.param] = 1;
}

static void mark_city(const tj_plan *plan, int32_t city_index, const marking *to)
{
    const tj_plan_city *city = tj_plan_get_city(plan, city_index);
    mark(to, city->level);
    mark(to, city->backcast);
    for (int32_t k = city->cells_first; k < city->cells_first + city->cells_count; k++) {
        const tj_plan_cell *cell = tj_plan_get_cell(plan, k);
        mark(to, cell->growth);
        mark(to, cell->delta);
        mark(to, cell->rho);
        mark(to, cell->sigma);
        mark(to, cell->shock);
        if (to->row != NULL && (cell->method == TJ_METHOD_TREND || tj_base_has_memory(cell)))
            to->row[0] = 1;
        for (int32_t d = cell->drivers_first; d < cell->drivers_first + cell->drivers_count; d++) {
            const tj_plan_driver *driver = tj_plan_get_driver(plan, d);
            mark(to, driver->start);
            mark(to, driver->rate);
            mark(to, driver->spread);
        }
    }
}

static void mark_effects(const tj_plan *plan, int32_t package, int32_t city, const marking *to)
{
    const tj_plan_effect *effects = tj_plan_section(plan, TJ_SECTION_EFFECTS, NULL);
    const tj_term *terms = tj_plan_section(plan, TJ_SECTION_TERMS, NULL);
    tj_plan_slice slice = tj_plan_get_slice(plan, package, city);
    for (int32_t i = slice.first; i < slice.first + slice.count; i++) {
        mark(to, effects[i].magnitude);
        mark(to, effects[i].ratio);
        mark(to, effects[i].eligible);
        mark(to, effects[i].adherence);
        mark(to, effects[i].rebound);
        for (int32_t f = 0; f < effects[i].factors_count; f++)
            mark(to, terms[effects[i].factors_first + f]);
    }
}

static void mark_view(const tj_plan *plan, int32_t view, const marking *to)
{
    const tj_plan_view *views = tj_plan_section(plan, TJ_SECTION_VIEWS, NULL);
    if (views[view].backcast_own)
        mark(to, views[view].backcast);
}

/* Parameters that stand in no place known here are taken to reach every target. */
static tj_status mark_reach(tj_plan_model *m)
{
    const tj_plan *plan = m->question.plan;
    const tj_plan_settings *s = tj_plan_get_settings(plan);
    size_t n_inputs = m->inputs->count, n_params;
    tj_plan_section(plan, TJ_SECTION_PARAMS, &n_params);
    uint8_t *known = calloc(n_params + 1, 1);
    if (known == NULL)
        return TJ_ERR_MEMORY;
    marking to = {.inputs = m->inputs, .known = known};
    for (int32_t c = 0; c < s->n_cities; c++) {
        mark_city(plan, c, &to);
        for (int32_t p = 0; p < s->n_packages; p++)
            mark_effects(plan, p, c, &to);
    }
    for (int32_t v = 0; v < s->n_views; v++)
        mark_view(plan, v, &to);
    for (size_t o = 0; o < m->question.n_targets; o++) {
        const tj_plan_target *target = target_of(m, o);
        to.row = m->reach + o * n_inputs;
        mark_city(plan, target->city, &to);
        mark_effects(plan, m->question.package, target->city, &to);
        mark_view(plan, target->view, &to);
        for (size_t p = 0; p < n_params; p++)
            if (!known[p])
                to.row[m->inputs->input_of[p]] = 1;
    }
    free(known);
    return TJ_OK;
}

/* ---- samples ---- */

static tj_status draw_sample(const tj_plan_question *q, uint64_t seed, tj_draws *draws)
{
    size_t n_params;
    const tj_plan_param *params = tj_plan_section(q->plan, TJ_SECTION_PARAMS, &n_params);
    *draws = (tj_draws){.count = q->n, .n_params = n_params, .seed = seed};
    if (n_params > SIZE_MAX / sizeof(double) / q->n)
        return TJ_ERR_MEMORY;
    draws->value = malloc((n_params * q->n + 1) * sizeof *draws->value);
    if (draws->value == NULL)
        return TJ_ERR_MEMORY;
    for (size_t i = 0; i < n_params; i++)
        tj_uniform_lanes(seed, params[i].stream, 0, 0, q->n, draws->value + i * q->n);
    return tj_draws_from_uniforms(draws, q->plan, q->threads);
}

/* Fills the mix; returns 1 where something before the measures comes from B. */
static int mix_samples(tj_plan_model *m, const uint8_t *from_b)
{
    size_t n = m->mix.count;
    int before = 0;
    for (size_t p = 0; p < m->mix.n_params; p++) {
        const tj_draws *from = &m->sample[from_b[m->inputs->input_of[p]]];
        memcpy(m->mix.value + p * n, from->value + p * n, n * sizeof *m->mix.value);
    }
    m->mix.seed = m->sample[from_b[0]].seed;
    for (size_t i = 0; i < m->inputs->count; i++)
        before |= from_b[i] && m->inputs->items[i].before;
    return before;
}

/* ---- targets ---- */

static void take_output(tj_plan_model *m, const tj_reduction *r, size_t output, double *out)
{
    size_t n = m->mix.count;
    const tj_plan_target *target = target_of(m, output);
    tj_verdict v;
    const double *series = tj_reduce_verdict(r, m->question.targets[output], m->work, &v), *from = NULL;
    if (m->question.of == TJ_OF_GAP)
        from = v.gap;
    else if (m->question.of == TJ_OF_GAP_PERCENT)
        from = v.gap_percent;
    else if (m->question.of == TJ_OF_MET)
        from = v.met;
    else if (target->year >= 0 && target->year < tj_plan_get_settings(r->plan)->n_years)
        from = series + (size_t)target->year * n;
    for (size_t d = 0; d < n; d++)
        out[d] = from != NULL ? from[d] : NAN;
}

/* Simulates one city and takes the outputs of its targets. */
static tj_status evaluate_city(tj_plan_model *m, int32_t city, const tj_prepared *prepared, double *out)
{
    const tj_plan_question *q = &m->question;
    tj_block block = {.background = q->background, .package = q->package, .city = city, .n = q->n};
    tj_status status =
        q->backend->simulate(q->plan, &m->mix, prepared, &block, m->scratch, q->n, m->cells, NULL);
    if (status != TJ_OK)
        return status;
    const tj_reduction r = {.plan = q->plan,
                            .draws = &m->mix,
                            .background = q->background,
                            .city = city,
                            .cells = m->cells,
                            .stride = q->n,
                            .total = m->total,
                            .removals = m->removals};
    tj_reduce_sums(&r, 0, q->n);
    for (size_t o = 0; o < q->n_targets; o++)
        if (target_of(m, o)->city == city)
            take_output(m, &r, o, out + o * q->n);
    return TJ_OK;
}

static int has_target(const tj_plan_model *m, int32_t city)
{
    int found = 0;
    for (size_t o = 0; o < m->question.n_targets; o++)
        found |= target_of(m, o)->city == city;
    return found;
}

static tj_status evaluate(void *context, const uint8_t *from_b, double *out)
{
    tj_plan_model *m = context;
    const tj_plan_question *q = &m->question;
    tj_prepared *prepared = m->prepared;
    tj_status status = TJ_OK;
    int anew = mix_samples(m, from_b) && q->backend->prepare != NULL;
    if (anew)
        status = q->backend->prepare(q->plan, &m->mix, q->threads, &prepared);
    for (int32_t c = 0; c < tj_plan_get_settings(q->plan)->n_cities && status == TJ_OK; c++)
        if (has_target(m, c))
            status = evaluate_city(m, c, prepared, out);
    if (anew && prepared != NULL)
        q->backend->prepared_free(prepared);
    return status;
}

/* ---- making ---- */

static tj_status make_buffers(tj_plan_model *m)
{
    const tj_plan_question *q = &m->question;
    size_t series = (size_t)tj_plan_get_settings(q->plan)->n_years * q->n;
    int32_t most = 0;
    for (int32_t c = 0; c < tj_plan_get_settings(q->plan)->n_cities; c++)
        most = tj_plan_get_city(q->plan, c)->cells_count > most ? tj_plan_get_city(q->plan, c)->cells_count
                                                                : most;
    m->reach = calloc(q->n_targets * m->inputs->count + 1, 1);
    m->mix = (tj_draws){.count = q->n, .n_params = m->sample[0].n_params, .seed = m->sample[0].seed};
    m->mix.value = malloc((m->mix.n_params * q->n + 1) * sizeof *m->mix.value);
    m->cells = malloc(((size_t)most * series + 1) * sizeof *m->cells);
    m->total = malloc(series * sizeof *m->total);
    m->removals = malloc(series * sizeof *m->removals);
    m->work = malloc(tj_reduce_target_work(q->plan, q->n) * sizeof *m->work);
    int whole = m->reach != NULL && m->mix.value != NULL && m->cells != NULL && m->total != NULL &&
                m->removals != NULL && m->work != NULL;
    return whole ? mark_reach(m) : TJ_ERR_MEMORY;
}

static tj_status make(tj_plan_model *m)
{
    const tj_plan_question *q = &m->question;
    uint64_t seed = tj_plan_get_settings(q->plan)->seed;
    tj_status status = draw_sample(q, seed, &m->sample[0]);
    if (status == TJ_OK)
        status = draw_sample(q, other_seed(seed), &m->sample[1]);
    if (status == TJ_OK)
        status = make_buffers(m);
    if (status == TJ_OK && q->backend->prepare != NULL)
        status = q->backend->prepare(q->plan, &m->sample[0], q->threads, &m->prepared);
    if (status != TJ_OK)
        return status;
    m->scratch = q->backend->scratch_create(q->plan, &m->mix);
    m->model = (tj_sensitivity_model){.n = q->n,
                                      .n_inputs = m->inputs->count,
                                      .n_outputs = q->n_targets,
                                      .reach = m->reach,
                                      .evaluate = evaluate,
                                      .context = m};
    return m->scratch == NULL ? TJ_ERR_MEMORY : TJ_OK;
}

tj_status tj_plan_model_create(const tj_plan_question *question, const tj_plan_inputs *inputs,
                               tj_plan_model **model)
{
    tj_plan_model *made = calloc(1, sizeof *made);
    tj_status status = TJ_ERR_MEMORY;
    assert(question->n > 0 && question->n <= UINT32_MAX && question->n_targets > 0);
    *model = NULL;
    if (made != NULL) {
        made->question = *question;
        made->inputs = inputs;
        status = make(made);
    }
    if (status == TJ_OK)
        *model = made;
    else
        tj_plan_model_free(made);
    return status;
}

void tj_plan_model_free(tj_plan_model *m)
{
    if (m == NULL)
        return;
    const tj_backend *backend = m->question.backend;
    if (m->scratch != NULL)
        backend->scratch_free(m->scratch);
    if (m->prepared != NULL)
        backend->prepared_free(m->prepared);
    for (int i = 0; i < 2; i++)
        tj_draws_free(&m->sample[i]);
    tj_draws_free(&m->mix);
    free(m->reach);
    free(m->cells);
    free(m->total);
    free(m->removals);
    free(m->work);
    free(m);
}

const tj_sensitivity_model *tj_plan_model_get(const tj_plan_model *model)
{
    return &model->model;
}
