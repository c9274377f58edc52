/* Draws of every parameter, made once; see draws.h.
 *
 * Invariant: row `param` is a function of the plan's seed, of that parameter's record and of its copula, so
 * rows are made in any order by any thread; with plain Monte Carlo a longer table begins with the shorter. */
#include "engine/draws.h"

#include "engine/copula.h"
#include "engine/design.h"
#include "engine/lanes.h"

#include <assert.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

static double *row_of(const tj_draws *draws, size_t param)
{
    assert(param < draws->n_params);
    return draws->value + param * draws->count;
}

/* ---- the copula ---- */

/* Normal scores back to uniforms, within the generator's own bounds. */
static void to_uniforms(size_t n, double *z)
{
    for (size_t i = 0; i < n; i++) {
        double u = tj_normal_cdf(z[i]);
        z[i] = u < 0x1p-54 ? 0x1p-54 : u > 1 - 0x1p-53 ? 1 - 0x1p-53 : u;
    }
}

/* One parameter's correlated uniforms: row `row` of L times the independent scores z[size * n]. A row that
 * stands alone keeps the uniforms it has. */
static void correlate(const double *factor, size_t size, size_t row, size_t n, const double *z, double *out)
{
    if (tj_copula_alone(factor, size, row))
        return;
    memset(out, 0, n * sizeof *out);
    for (size_t k = 0; k <= row; k++) {
        double weight = factor[row * size + k];
        for (size_t i = 0; i < n && weight != 0; i++)
            out[i] += weight * z[k * n + i];
    }
    to_uniforms(n, out);
}

static tj_status apply_copula(tj_draws *draws, const tj_plan *plan, const tj_plan_copula *copula, int threads)
{
    const tj_plan_member *members = tj_plan_section(plan, TJ_SECTION_MEMBERS, NULL);
    const double *factor = tj_plan_numbers(plan, copula->factor);
    size_t size = (size_t)copula->size, n = draws->count;
    members += copula->members_first;
    double *z = malloc(size * n * sizeof *z);
    if (z == NULL)
        return TJ_ERR_MEMORY;
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (int32_t i = 0; i < copula->members_count; i++)
        if (i == 0 || members[i].row != members[i - 1].row) /* those of one row are alike */
            tj_normal_inverse_lanes(n, row_of(draws, (size_t)members[i].param),
                                    z + (size_t)members[i].row * n);
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (int32_t i = 0; i < copula->members_count; i++)
        correlate(factor, size, (size_t)members[i].row, n, z, row_of(draws, (size_t)members[i].param));
    free(z);
    return TJ_OK;
}

/* ---- one row ---- */

/* One parameter's uniforms, turned in place into its distribution. */
static void invert_row(const tj_plan *plan, const tj_plan_param *param, size_t count, double *row)
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
    tj_dists[dist.kind].inverse(&dist, count, row, row);
}

/* ---- the table ---- */

tj_status tj_draws_from_uniforms(tj_draws *draws, const tj_plan *plan, int threads)
{
    size_t n_copulas, n_params;
    const tj_plan_param *params = tj_plan_section(plan, TJ_SECTION_PARAMS, &n_params);
    const tj_plan_copula *copulas = tj_plan_section(plan, TJ_SECTION_COPULAS, &n_copulas);
    tj_status status = TJ_OK;
    assert(n_params == draws->n_params);
    if (threads <= 0)
        threads = omp_get_max_threads();
    for (size_t i = 0; i < n_copulas && status == TJ_OK; i++)
        status = apply_copula(draws, plan, &copulas[i], threads);
    if (status != TJ_OK)
        return status;
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t i = 0; i < n_params; i++)
        invert_row(plan, &params[i], draws->count, row_of(draws, i));
    return TJ_OK;
}

/* The place of each parameter's stream among the distinct streams, where the design asks for it: dimension[]
 * is zero otherwise. */
static void number_streams(const tj_design *design, const tj_plan_param *params, size_t count,
                           size_t *dimension)
{
    size_t next = 0;
    for (size_t i = 0; i < count && design->dimensions > 0; i++) {
        size_t k = 0;
        while (params[k].stream != params[i].stream)
            k++;
        dimension[i] = k < i ? dimension[k] : next++;
    }
    assert(design->dimensions == 0 || next <= design->dimensions);
}

static tj_status draw_uniforms(tj_draws *draws, const tj_plan *plan, int threads)
{
    size_t n_params;
    const tj_plan_param *params = tj_plan_section(plan, TJ_SECTION_PARAMS, &n_params);
    const tj_design *design = tj_design_of(plan);
    size_t *dimension = calloc(n_params, sizeof *dimension);
    if (dimension == NULL)
        return TJ_ERR_MEMORY;
    assert(design->draws(draws->count) == draws->count);
    number_streams(design, params, n_params, dimension);
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t i = 0; i < n_params; i++) {
        tj_column_at at = {draws->seed, params[i].stream, dimension[i]};
        design->column(&at, draws->count, row_of(draws, i));
    }
    free(dimension);
    return TJ_OK;
}

tj_status tj_draws_init(tj_draws *draws, const tj_plan *plan, size_t count, int threads)
{
    size_t n_params;
    tj_plan_section(plan, TJ_SECTION_PARAMS, &n_params);
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
    tj_status status = draw_uniforms(draws, plan, threads);
    return status == TJ_OK ? tj_draws_from_uniforms(draws, plan, threads) : status;
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
