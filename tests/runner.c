/* Runs a backend over the draws of one city; see runner.h. */
#include "tests/runner.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

void tj_runner_open(tj_runner *runner, const tj_backend *backend, const tj_plan *plan, size_t draws)
{
    *runner = (tj_runner){.backend = backend, .plan = plan, .fault_cell = TJ_NONE, .fault_year = TJ_NONE};
    tj_status status = tj_draws_init(&runner->draws, plan, draws, 1);
    assert(status == TJ_OK);
    if (backend->prepare != NULL)
        status = backend->prepare(plan, &runner->draws, 1, &runner->prepared);
    assert(status == TJ_OK);
    (void)status;
    runner->scratch = backend->scratch_create(plan, &runner->draws);
    assert(runner->scratch != NULL);
}

void tj_runner_close(tj_runner *runner)
{
    runner->backend->scratch_free(runner->scratch);
    if (runner->backend->prepared_free != NULL)
        runner->backend->prepared_free(runner->prepared);
    tj_draws_free(&runner->draws);
}

size_t tj_runner_length(const tj_runner *runner, int32_t city)
{
    size_t cells = (size_t)tj_plan_get_city(runner->plan, city)->cells_count;
    return cells * (size_t)tj_plan_get_settings(runner->plan)->n_years * runner->draws.count;
}

size_t tj_runner_rows_length(const tj_runner *runner, int32_t city)
{
    size_t rows = (size_t)tj_plan_get_city(runner->plan, city)->rows_count;
    return rows * (size_t)tj_plan_get_settings(runner->plan)->n_years * runner->draws.count;
}

tj_status tj_runner_run_rows(tj_runner *runner, int32_t background, int32_t package, int32_t city,
                             size_t block, double *out, double *rows)
{
    size_t count = runner->draws.count;
    tj_status status = TJ_OK;
    for (size_t i = 0; i < tj_runner_length(runner, city); i++)
        out[i] = NAN;
    for (size_t i = 0; rows != NULL && i < tj_runner_rows_length(runner, city); i++)
        rows[i] = NAN;
    for (size_t first = 0; status == TJ_OK && first < count; first += block) {
        size_t n = count - first < block ? count - first : block;
        const tj_block part = {
            .background = background, .package = package, .city = city, .first = first, .n = n};
        status =
            runner->backend->simulate(runner->plan, &runner->draws, runner->prepared, &part, runner->scratch,
                                      count, out + first, rows != NULL ? rows + first : NULL);
    }
    if (status == TJ_ERR_UNDEFINED)
        runner->backend->fault(runner->scratch, &runner->fault_cell, &runner->fault_year);
    return status;
}

tj_status tj_runner_run(tj_runner *runner, int32_t background, int32_t package, int32_t city, size_t block,
                        double *out)
{
    return tj_runner_run_rows(runner, background, package, city, block, out, NULL);
}

double *tj_runner_all(tj_runner *runner, int32_t background, int32_t package, int32_t city)
{
    double *out = malloc(tj_runner_length(runner, city) * sizeof *out);
    assert(out != NULL);
    tj_status status = tj_runner_run(runner, background, package, city, runner->draws.count, out);
    assert(status == TJ_OK);
    (void)status;
    return out;
}

static void compare_plan(const tj_backend *backend, const tj_random_shape *shape, size_t draws,
                         tj_compare_city *compare)
{
    tj_plan *plan = tj_random_plan(shape);
    const tj_plan_settings *s = tj_plan_get_settings(plan);
    tj_runner truth, other;
    tj_runner_open(&truth, tj_backend_find("reference"), plan, draws);
    tj_runner_open(&other, backend, plan, draws);
    for (int32_t b = 0; b < s->n_backgrounds; b++)
        for (int32_t p = 0; p < s->n_packages; p++)
            for (int32_t c = 0; c < s->n_cities; c++)
                compare(&truth, &other, b, p, c, shape->seed);
    tj_runner_close(&truth);
    tj_runner_close(&other);
    tj_plan_free(plan);
}

void tj_runner_agree(tj_random_shape shape, int plans, size_t draws, tj_compare_city *compare)
{
    int compared = 0;
    for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++) {
        if (*backend == tj_backend_find("reference"))
            continue;
        compared++;
        for (shape.seed = 1; shape.seed <= (uint64_t)plans; shape.seed++)
            compare_plan(*backend, &shape, draws, compare);
    }
    assert(compared > 0);
    (void)compared;
}
