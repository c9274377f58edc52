/* Passes over all units, timed; see totals.h. */
#include "bench/totals.h"

#include "bench/machine.h"
#include "engine/ensemble_parts.h"

#include <stdlib.h>
#include <string.h>

enum { WAVE = 30 };

/* Copies the projected years of a unit's totals behind those before; returns where the next go. */
static double *keep(const bench_case *bench, const tj_flight *flight, double *to)
{
    const tj_plan_settings *s = tj_plan_get_settings(bench->plan);
    size_t n = bench->draws.count, series = (size_t)s->n_years * n;
    for (int32_t c = 0; c < s->n_cities; c++) {
        size_t first = (size_t)(tj_plan_get_city(bench->plan, c)->last_inventory + 1) * n;
        memcpy(to, flight->total + (size_t)c * series + first, (series - first) * sizeof *to);
        to += series - first;
    }
    return to;
}

/* All units, a wave at a time, into the same flights, as a comparison of packages is made. */
static tj_status run_all(const bench_case *bench, tj_ensemble *e, tj_flight *flights, double *to)
{
    const tj_plan_settings *s = tj_plan_get_settings(bench->plan);
    int32_t units = s->n_backgrounds * s->n_packages;
    tj_status status = TJ_OK;
    for (int32_t unit = 0; unit < units && status == TJ_OK; unit += WAVE) {
        size_t count = (size_t)(units - unit < WAVE ? units - unit : WAVE);
        for (size_t i = 0; i < count; i++) {
            flights[i].background = (unit + (int32_t)i) / s->n_packages;
            flights[i].package = (unit + (int32_t)i) % s->n_packages;
        }
        const tj_wave wave = {flights, count, flights[0].background, flights[count - 1].background + 1};
        status = tj_ensemble_wave(e, &wave, NULL);
        for (size_t i = 0; i < count && to != NULL; i++)
            to = keep(bench, &flights[i], to);
    }
    return status;
}

double bench_totals(const bench_case *bench, int threads, double *to)
{
    tj_run run = {
        .plan = bench->plan, .backend = &tj_backend_lanes, .draws = bench->draws.count, .threads = threads};
    tj_flight flights[WAVE] = {0};
    tj_ensemble e;
    tj_status status = tj_ensemble_open(&e, &run, WAVE);
    for (size_t i = 0; i < WAVE && status == TJ_OK; i++)
        status = tj_flight_init(&e, &flights[i], 0, NULL);
    if (status == TJ_OK) /* as a peer's arrays are: there before the clock starts */
        status = run_all(bench, &e, flights, NULL);
    double begin = bench_now();
    if (status == TJ_OK)
        status = run_all(bench, &e, flights, to);
    double seconds = bench_now() - begin;
    for (size_t i = 0; i < WAVE; i++)
        tj_flight_free(&flights[i]);
    tj_ensemble_close(&e);
    return status == TJ_OK ? seconds : -1.0;
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
