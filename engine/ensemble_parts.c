/* Buffers of an ensemble's run; see ensemble_parts.h. */
#include "engine/ensemble_parts.h"

#include "engine/design.h"
#include "engine/reduce.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#ifdef _OPENMP
#    include <omp.h>
#endif

enum { DEFAULT_BLOCK = 256 };

/* Room for doubles, counted. */
static double *reserve(tj_ensemble *e, size_t count)
{
    double *room = malloc((count > 0 ? count : 1) * sizeof *room);
    if (room != NULL)
        e->bytes += count * sizeof *room;
    return room;
}

static size_t most_cells(const tj_plan *plan)
{
    int32_t most = 0;
    for (int32_t c = 0; c < tj_plan_get_settings(plan)->n_cities; c++) {
        int32_t count = tj_plan_get_city(plan, c)->cells_count;
        most = count > most ? count : most;
    }
    return (size_t)most;
}

static size_t most_rows(const tj_plan *plan)
{
    int32_t most = 0;
    for (int32_t c = 0; c < tj_plan_get_settings(plan)->n_cities; c++) {
        int32_t count = tj_plan_get_city(plan, c)->rows_count;
        most = count > most ? count : most;
    }
    return (size_t)most;
}

int tj_ensemble_outer(const tj_ensemble *e, size_t items)
{
    assert(items <= e->most_items);
    return items >= 2 * (size_t)e->threads ? e->threads : 1;
}

static tj_status make_workers(tj_ensemble *e, size_t items)
{
    size_t series = (size_t)tj_plan_get_settings(e->plan)->n_years * e->draws.count;
    e->most_items = items;
    int outer = tj_ensemble_outer(e, items);
    e->workers = calloc((size_t)e->threads, sizeof *e->workers);
    for (int t = 0; t < e->threads && e->workers != NULL; t++) {
        tj_worker *worker = &e->workers[t];
        worker->scratch = e->run->backend->scratch_create(e->plan, &e->draws);
        worker->work = reserve(e, tj_reduce_work(e->plan, e->draws.count));
        if (worker->scratch == NULL || worker->work == NULL)
            return TJ_ERR_MEMORY;
        if (t >= outer)
            continue;
        worker->cells = reserve(e, most_cells(e->plan) * series);
        worker->removals = reserve(e, series);
        worker->rows = reserve(e, most_rows(e->plan) * series);
        worker->city = TJ_NONE;
        worker->held = calloc(most_cells(e->plan) + 1, 1);
        worker->same = calloc(most_cells(e->plan) + 1, 1);
        if (worker->cells == NULL || worker->removals == NULL || worker->rows == NULL ||
            worker->held == NULL || worker->same == NULL)
            return TJ_ERR_MEMORY;
    }
    return e->workers == NULL ? TJ_ERR_MEMORY : TJ_OK;
}

int tj_ensemble_threads(const tj_run *run)
{
    assert(run->threads >= 0);
#ifdef _OPENMP
    return run->threads > 0 ? run->threads : omp_get_max_threads();
#else
    return 1;
#endif
}

tj_status tj_ensemble_open(tj_ensemble *e, const tj_run *run, size_t items)
{
    assert(run->plan != NULL && run->backend != NULL && run->draws > 0);
    *e = (tj_ensemble){
        .run = run, .plan = run->plan, .failed = SIZE_MAX, .fault_cell = TJ_NONE, .fault_year = TJ_NONE};
    e->threads = tj_ensemble_threads(run);
    e->block = run->block > 0 ? run->block : DEFAULT_BLOCK;
    e->n_blocks = (run->draws + e->block - 1) / e->block;
    tj_status status = tj_draws_init(&e->draws, e->plan, run->draws, e->threads);
    if (status != TJ_OK)
        return status;
    e->bytes += e->draws.n_params * e->draws.count * sizeof(double);
    size_t count;
    const double *p = tj_plan_section(e->plan, TJ_SECTION_QUANTILES, &count);
    status = tj_ranks_init(&e->ranks, run->draws, count, p);
    if (status == TJ_OK && tj_design_of(e->plan)->replicates > 1)
        status = tj_ranks_replicate(&e->ranks, tj_design_of(e->plan)->replicates);
    if (status == TJ_OK && run->backend->prepare != NULL)
        status = run->backend->prepare(e->plan, &e->draws, e->threads, &e->prepared);
    return status == TJ_OK ? make_workers(e, items) : status;
}

void tj_ensemble_close(tj_ensemble *e)
{
    for (int t = 0; t < e->threads && e->workers != NULL; t++) {
        if (e->workers[t].scratch != NULL)
            e->run->backend->scratch_free(e->workers[t].scratch);
        free(e->workers[t].work);
        free(e->workers[t].cells);
        free(e->workers[t].removals);
        free(e->workers[t].rows);
        free(e->workers[t].held);
        free(e->workers[t].same);
    }
    free(e->workers);
    if (e->prepared != NULL)
        e->run->backend->prepared_free(e->prepared);
    tj_ranks_free(&e->ranks);
    tj_draws_free(&e->draws);
}

static int asked(const tj_run *run, int field)
{
    return run->keep_draws || tj_fields[field].need != TJ_FIELD_KEEP_DRAWS;
}

tj_status tj_flight_init(tj_ensemble *e, tj_flight *flight, int with_fields)
{
    const tj_plan_settings *s = tj_plan_get_settings(e->plan);
    size_t n = e->draws.count, length = 0;
    *flight = (tj_flight){.background = flight->background, .package = flight->package};
    flight->total = reserve(e, (size_t)s->n_cities * (size_t)s->n_years * n);
    for (int f = 0; f < TJ_FIELDS; f++)
        length += asked(e->run, f) ? tj_field_length(e->plan, (tj_field_id)f, n) : 0;
    if (with_fields)
        flight->values = reserve(e, length);
    if (flight->total == NULL || (with_fields && flight->values == NULL))
        return TJ_ERR_MEMORY;
    double *next = flight->values;
    for (int f = 0; f < TJ_FIELDS && with_fields; f++) {
        if (!asked(e->run, f))
            continue;
        flight->field[f] = next;
        next += tj_field_length(e->plan, (tj_field_id)f, n);
    }
    for (size_t i = 0; i < length && with_fields; i++)
        flight->values[i] = NAN;
    return TJ_OK;
}

void tj_flight_free(tj_flight *flight)
{
    if (flight == NULL)
        return;
    free(flight->total);
    free(flight->values);
}
