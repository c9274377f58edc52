/* Draws of every parameter, made once; see draws.h.
 *
 * Invariant: row `param` is a function of the plan's seed and of that parameter's record alone, so
 * rows are made in any order by any thread, and a longer table begins with the shorter one. */
#include "engine/draws.h"

#include "engine/threefry.h"

#include <assert.h>
#include <omp.h>
#include <stdlib.h>

/* One parameter's row: uniforms, turned in place into its distribution. */
static void draw_row(const tj_plan *plan, const tj_plan_param *param, uint64_t seed, size_t count,
                     double *row)
{
    tj_dist dist = {.kind = (tj_dist_kind)param->kind};
    for (int i = 0; i < 4; i++)
        dist.p[i] = param->p[i];
    if (dist.kind == TJ_DIST_DISCRETE) {
        dist.count = (size_t)param->values_count;
        dist.values = tj_plan_numbers(plan, param->values_first);
        dist.weights = dist.values + dist.count;
    }
    assert(tj_dists[dist.kind].fault(&dist) == NULL);
    tj_uniform_lanes(seed, param->stream, 0, 0, count, row);
    tj_dists[dist.kind].inverse(&dist, count, row, row);
}

tj_status tj_draws_init(tj_draws *draws, const tj_plan *plan, size_t count, int threads)
{
    size_t n_params;
    const tj_plan_param *params = tj_plan_section(plan, TJ_SECTION_PARAMS, &n_params);
    *draws = (tj_draws){.count = count, .n_params = n_params, .seed = tj_plan_get_settings(plan)->seed};
    assert(count > 0 && count <= UINT32_MAX);
    if (n_params > SIZE_MAX / sizeof(double) / count)
        return TJ_ERR_MEMORY;
    if (n_params == 0)
        return TJ_OK;
    draws->value = malloc(n_params * count * sizeof(double));
    if (draws->value == NULL)
        return TJ_ERR_MEMORY;
    if (threads <= 0)
        threads = omp_get_max_threads();
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t i = 0; i < n_params; i++)
        draw_row(plan, &params[i], draws->seed, count, draws->value + i * count);
    return TJ_OK;
}

void tj_draws_free(tj_draws *draws)
{
    if (draws == NULL)
        return;
    free(draws->value);
    *draws = (tj_draws){0};
}

const double *tj_term_lanes(const tj_draws *draws, tj_term term, size_t first, size_t n, double *buffer)
{
    if (term.param != TJ_NONE) {
        assert((size_t)term.param < draws->n_params && first + n <= draws->count);
        return draws->value + (size_t)term.param * draws->count + first;
    }
    for (size_t i = 0; i < n; i++)
        buffer[i] = term.value;
    return buffer;
}

double tj_term_draw(const tj_draws *draws, tj_term term, size_t draw)
{
    if (term.param == TJ_NONE)
        return term.value;
    assert((size_t)term.param < draws->n_params && draw < draws->count);
    return draws->value[(size_t)term.param * draws->count + draw];
}
