/* Passes over all units, timed; see totals.h. */
#include "bench/totals.h"

#include "bench/machine.h"
#include "engine/ensemble.h"
#include "engine/reduce.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

/* What one thread works in. */
typedef struct workplace {
    tj_scratch *scratch;
    double *cells, *total, *removals;
} workplace;

enum { BLOCK = 256 };

static size_t most_cells(const tj_plan *plan)
{
    int32_t most = 0;
    for (int32_t c = 0; c < tj_plan_get_settings(plan)->n_cities; c++)
        most = tj_plan_get_city(plan, c)->cells_count > most ? tj_plan_get_city(plan, c)->cells_count : most;
    return (size_t)most;
}

static int workplace_open(workplace *place, const bench_case *bench, const tj_backend *backend)
{
    size_t series = (size_t)tj_plan_get_settings(bench->plan)->n_years * bench->draws.count;
    *place = (workplace){.scratch = backend->scratch_create(bench->plan, &bench->draws),
                         .cells = calloc(most_cells(bench->plan) * series, sizeof(double)),
                         .total = calloc(series, sizeof(double)),
                         .removals = calloc(series, sizeof(double))};
    return place->scratch != NULL && place->cells != NULL && place->total != NULL && place->removals != NULL;
}

static void workplace_close(workplace *place, const tj_backend *backend)
{
    if (place->scratch != NULL)
        backend->scratch_free(place->scratch);
    free(place->cells);
    free(place->total);
    free(place->removals);
}

static tj_status run_city(const bench_case *bench, const tj_backend *backend, workplace *place, tj_block at,
                          double *to)
{
    size_t n = bench->draws.count;
    const tj_plan_settings *s = tj_plan_get_settings(bench->plan);
    tj_status status = TJ_OK;
    for (at.first = 0; at.first < n && status == TJ_OK; at.first += at.n) {
        at.n = n - at.first < BLOCK ? n - at.first : BLOCK;
        status = backend->simulate(bench->plan, &bench->draws, bench->prepared, &at, place->scratch, n,
                                   place->cells + at.first, NULL);
    }
    tj_reduction r = {.plan = bench->plan,
                      .draws = &bench->draws,
                      .background = at.background,
                      .city = at.city,
                      .cells = place->cells,
                      .total = place->total,
                      .removals = place->removals};
    int32_t first = tj_plan_get_city(bench->plan, at.city)->last_inventory + 1;
    for (int32_t y = first; y < s->n_years; y++)
        tj_reduce_sums(&r, y);
    for (size_t i = 0; to != NULL && i < (size_t)(s->n_years - first) * n; i++)
        to[i] = place->total[(size_t)first * n + i];
    return status;
}

/* Where the totals of each city begin among those of one unit; n_cities + 1 numbers. */
static size_t *city_offsets(const bench_case *bench)
{
    const tj_plan_settings *s = tj_plan_get_settings(bench->plan);
    size_t *offset = calloc((size_t)s->n_cities + 1, sizeof *offset);
    for (int32_t c = 0; offset != NULL && c < s->n_cities; c++)
        offset[c + 1] =
            offset[c] +
            (size_t)(s->n_years - tj_plan_get_city(bench->plan, c)->last_inventory - 1) * bench->draws.count;
    return offset;
}

static int run_all(const bench_case *bench, const tj_backend *backend, int threads, workplace *places,
                   const size_t *offset, double *to)
{
    const tj_plan_settings *s = tj_plan_get_settings(bench->plan);
    int32_t n_cities = s->n_cities, items = s->n_backgrounds * s->n_packages * n_cities;
    int failures = 0;
#pragma omp parallel for num_threads(threads) schedule(dynamic) reduction(+ : failures)
    for (int32_t item = 0; item < items; item++) {
        int32_t unit = item / n_cities, city = item % n_cities;
        tj_block at = {.background = unit / s->n_packages, .package = unit % s->n_packages, .city = city};
        double *there = to == NULL ? NULL : to + (size_t)unit * offset[n_cities] + offset[city];
        failures += run_city(bench, backend, &places[omp_get_thread_num()], at, there) != TJ_OK;
    }
    return failures == 0;
}

double bench_totals(const bench_case *bench, const tj_backend *backend, int threads, double *to)
{
    workplace *places = calloc((size_t)threads, sizeof *places);
    size_t *offset = city_offsets(bench);
    int ready = places != NULL && offset != NULL;
    for (int t = 0; t < threads && ready; t++)
        ready = workplace_open(&places[t], bench, backend);
    double begin = bench_now();
    if (ready)
        ready = run_all(bench, backend, threads, places, offset, to);
    double seconds = bench_now() - begin;
    for (int t = 0; t < threads && places != NULL; t++)
        workplace_close(&places[t], backend);
    free(places);
    free(offset);
    return ready ? seconds : -1.0;
}

static tj_status drop(void *context, const tj_unit_result *result)
{
    (void)context;
    (void)result;
    return TJ_OK;
}

double bench_ensemble(const bench_case *bench, int threads)
{
    tj_run run = {.plan = bench->plan,
                  .backend = &tj_backend_lanes,
                  .draws = bench->draws.count,
                  .threads = threads,
                  .unit = drop};
    tj_run_report report;
    return tj_ensemble_run(&run, &report) == TJ_OK ? report.seconds : -1.0;
}
