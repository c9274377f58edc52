/* Passes over all units, timed; see totals.h. */
#include "bench/totals.h"

#include "bench/machine.h"
#include "engine/totals.h"

#include <string.h>

/* A pass takes a few thousandths of a second, a peer's a hundred times that: passes are repeated, and their mean is taken,
 * so that waking a thread does not count for one side only. */
static const double LEAST_SECONDS = 0.1;

/* Where totals are copied to; NULL: they are dropped. */
typedef struct copy {
    const bench_case *bench;
    double *to;
} copy;

/* Units of the cities before, of one package. */
static size_t city_start(const bench_case *bench, int32_t city)
{
    const tj_plan_settings *s = tj_plan_get_settings(bench->plan);
    size_t years = 0;
    for (int32_t c = 0; c < city; c++)
        years += (size_t)(s->n_years - tj_plan_get_city(bench->plan, c)->last_inventory - 1);
    return years * bench->draws.count;
}

static tj_status take(void *context, int thread, const tj_totals_part *part)
{
    const copy *c = context;
    (void)thread;
    if (c->to == NULL)
        return TJ_OK;
    const tj_plan_settings *s = tj_plan_get_settings(c->bench->plan);
    size_t unit = (size_t)part->background * (size_t)s->n_packages + (size_t)part->package;
    double *to = c->to + unit * city_start(c->bench, s->n_cities) + city_start(c->bench, part->city);
    for (int32_t y = 0; y < part->end_year - part->first_year; y++)
        memcpy(to + (size_t)y * c->bench->draws.count + part->first, part->total + (size_t)y * part->stride,
               part->n * sizeof *to);
    return TJ_OK;
}

double bench_totals(const bench_case *bench, int threads, double *to)
{
    const tj_run run = {
        .plan = bench->plan, .backend = &tj_backend_lanes, .draws = bench->draws.count, .threads = threads};
    copy c = {bench, NULL};
    const tj_totals_run wanted = {.run = &run,
                                  .background_end = tj_plan_get_settings(bench->plan)->n_backgrounds,
                                  .part = take,
                                  .context = &c};
    tj_totals *totals;
    tj_status status = tj_totals_open(&wanted, &totals);
    if (status == TJ_OK) /* as a peer's arrays are: there before the clock starts */
        status = tj_totals_give(totals);
    c.to = to;
    double begin = bench_now(), seconds = 0;
    int passes = 0;
    while (status == TJ_OK && (passes == 0 || (to == NULL && seconds < LEAST_SECONDS))) {
        status = tj_totals_give(totals);
        seconds = bench_now() - begin;
        passes++;
    }
    tj_totals_close(totals);
    return status == TJ_OK ? seconds / passes : -1.0;
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
