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

enum { DEFAULT_BLOCK = 256, LEAST_BLOCK = 32, LINE = 8 }; /* a cache line in doubles */

/* Room for doubles, counted. */
static double *reserve(tj_ensemble *e, size_t count)
{
    double *room = malloc((count > 0 ? count : 1) * sizeof *room);
    if (room != NULL)
        e->bytes += count * sizeof *room;
    return room;
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

/* Cities that each owner should have in a wave: what a city has in common is found before it is shared, and each owner
 * takes room. */
enum { CITIES_PER_OWNER = 2 };

int tj_ensemble_owners(const tj_ensemble *e)
{
    int most = tj_plan_get_settings(e->plan)->n_cities / CITIES_PER_OWNER;
    most = most < e->threads ? most : e->threads;
    return most > 1 ? most : 1;
}

/* `home`: of an owner. */
static tj_status make_worker(tj_ensemble *e, tj_worker *worker, int home)
{
    size_t series = (size_t)tj_plan_get_settings(e->plan)->n_years * e->draws.count;
    tj_status status = tj_batch_init(&worker->batch, e->plan, e->most_units + 1);
    worker->scratch = e->run->backend->scratch_create(e->plan, &e->draws);
    worker->work = reserve(e, tj_reduce_work(e->plan, e->draws.count));
    worker->packages = malloc((e->most_units + 1) * sizeof *worker->packages);
    worker->held = calloc(tj_plan_most_cells(e->plan) + 1, 1);
    worker->fleet_held = calloc((size_t)worker->batch.most_fleets + 1, 1);
    worker->row_slot = calloc(most_rows(e->plan) + 1, sizeof *worker->row_slot);
    worker->row_twin = calloc(most_rows(e->plan) + 1, sizeof *worker->row_twin);
    worker->twin = calloc(tj_plan_most_cells(e->plan) + 1, sizeof *worker->twin);
    worker->removals = reserve(e, home ? series : 0);
    worker->rows = reserve(
        e, home && tj_field_asked(e->run->outputs, TJ_FIELD_PHYSICAL_MEAN) ? most_rows(e->plan) * series : 0);
    int whole = worker->scratch != NULL && worker->work != NULL && worker->packages != NULL &&
                worker->held != NULL && worker->twin != NULL && worker->fleet_held != NULL &&
                worker->row_slot != NULL && worker->row_twin != NULL && worker->removals != NULL &&
                worker->rows != NULL;
    return whole ? status : TJ_ERR_MEMORY;
}

static tj_status make_workers(tj_ensemble *e)
{
    e->workers = calloc((size_t)e->threads, sizeof *e->workers);
    tj_status status = e->workers == NULL ? TJ_ERR_MEMORY : TJ_OK;
    for (int t = 0; t < e->threads && status == TJ_OK; t++)
        status = make_worker(e, &e->workers[t], t < tj_ensemble_owners(e));
    return status;
}

static void worker_free(const tj_ensemble *e, tj_worker *worker)
{
    if (worker->scratch != NULL)
        e->run->backend->scratch_free(worker->scratch);
    tj_batch_free(&worker->batch);
    free(worker->work);
    free(worker->packages);
    free(worker->cells);
    free(worker->removals);
    free(worker->rows);
    free(worker->held);
    free(worker->twin);
    free(worker->uses);
    free(worker->fleet_held);
    free(worker->row_slot);
    free(worker->row_twin);
}

tj_status tj_room_reserve(double **room, size_t *capacity, size_t doubles)
{
    if (doubles <= *capacity)
        return TJ_OK;
    size_t whole = (doubles + LINE - 1) / LINE * LINE;
    free(*room);
    *room = aligned_alloc(LINE * sizeof **room, whole * sizeof **room);
    *capacity = *room != NULL ? whole : 0;
    return *room != NULL ? TJ_OK : TJ_ERR_MEMORY;
}

tj_status tj_worker_reserve(tj_worker *worker, size_t cells, size_t uses)
{
    tj_status status = tj_room_reserve(&worker->cells, &worker->capacity, cells);
    return status == TJ_OK ? tj_room_reserve(&worker->uses, &worker->uses_capacity, uses) : status;
}

void tj_worker_tell_held(tj_worker *worker, const tj_batch *batch, int32_t i, tj_held at_first)
{
    const int32_t *first = batch->first + i * batch->n_cells;
    const int32_t *fleet_first = batch->fleet_first + i * batch->n_fleets;
    for (int32_t k = 0; k < batch->n_cells; k++) {
        worker->held[k] = (unsigned char)(i == 0 ? at_first : TJ_HELD_HISTORY);
        if (first[k] < i)
            worker->held[k] = TJ_HELD_ALL;
    }
    for (int32_t f = 0; f < batch->n_fleets; f++)
        worker->fleet_held[f] = fleet_first[f] < i;
}

size_t tj_ensemble_draws(const tj_ensemble *e, size_t block)
{
    size_t left = e->draws.count - block * e->block;
    return left < e->block ? left : e->block;
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

/* Many threads that share one city want many blocks. */
static size_t default_block(const tj_ensemble *e)
{
    size_t sharing = ((size_t)e->threads - 1) / (size_t)tj_ensemble_owners(e) + 1;
    size_t share = e->run->draws / (2 * sharing) / LEAST_BLOCK * LEAST_BLOCK;
    if (sharing == 1 || share >= DEFAULT_BLOCK)
        return DEFAULT_BLOCK;
    return share > LEAST_BLOCK ? share : LEAST_BLOCK;
}

/* How long a city takes, roughly: its physical rows and its cells, by projected year. */
static int64_t length_of(const tj_plan *plan, int32_t city)
{
    const tj_plan_city *c = tj_plan_get_city(plan, city);
    return (int64_t)(c->rows_count + c->cells_count) *
           (tj_plan_get_settings(plan)->n_years - c->last_inventory);
}

static void order_cities(tj_ensemble *e)
{
    for (int32_t c = 0; c < tj_plan_get_settings(e->plan)->n_cities; c++) {
        int32_t at = c;
        for (; at > 0 && length_of(e->plan, e->cities[at - 1]) < length_of(e->plan, c); at--)
            e->cities[at] = e->cities[at - 1];
        e->cities[at] = c;
    }
}

tj_status tj_ensemble_open(tj_ensemble *e, const tj_run *run, size_t units)
{
    assert(run->plan != NULL && run->backend != NULL && run->draws > 0);
    *e = (tj_ensemble){.run = run,
                       .plan = run->plan,
                       .most_units = units,
                       .failed = SIZE_MAX,
                       .fault_cell = TJ_NONE,
                       .fault_year = TJ_NONE};
    e->threads = tj_ensemble_threads(run);
    e->block = run->block > 0 ? run->block : default_block(e);
    e->n_blocks = (run->draws + e->block - 1) / e->block;
    e->part = malloc(((size_t)tj_plan_get_settings(e->plan)->n_cells + 1) * sizeof *e->part);
    e->cities = malloc(((size_t)tj_plan_get_settings(e->plan)->n_cities + 1) * sizeof *e->cities);
    tj_status status = e->part == NULL || e->cities == NULL ? TJ_ERR_MEMORY : TJ_OK;
    if (status == TJ_OK) {
        order_cities(e);
        tj_batch_parts(e->plan, e->part);
        status = tj_draws_init(&e->draws, e->plan, run->draws, e->threads);
    }
    if (status == TJ_OK) {
        e->bytes += e->draws.n_params * e->draws.count * sizeof(double);
        status = tj_ranks_of(&e->ranks, e->plan, run->draws);
    }
    if (status == TJ_OK && run->backend->prepare != NULL)
        status = run->backend->prepare(e->plan, &e->draws, e->threads, &e->prepared);
    return status == TJ_OK ? make_workers(e) : status;
}

void tj_ensemble_close(tj_ensemble *e)
{
    for (int t = 0; t < e->threads && e->workers != NULL; t++)
        worker_free(e, &e->workers[t]);
    free(e->workers);
    free(e->part);
    free(e->cities);
    if (e->prepared != NULL)
        e->run->backend->prepared_free(e->prepared);
    tj_ranks_free(&e->ranks);
    tj_draws_free(&e->draws);
}

tj_status tj_flight_init(tj_ensemble *e, tj_flight *flight, const tj_flight *lender)
{
    const tj_plan_settings *s = tj_plan_get_settings(e->plan);
    size_t n = e->draws.count, length = 0;
    *flight = (tj_flight){.background = flight->background, .package = flight->package, .lender = lender};
    flight->total = lender != NULL ? lender->total : reserve(e, (size_t)s->n_cities * (size_t)s->n_years * n);
    for (int f = 0; f < TJ_FIELDS; f++)
        if (tj_field_asked(e->run->outputs, (tj_field_id)f))
            length += tj_field_length(e->plan, (tj_field_id)f, n);
    flight->values = reserve(e, length);
    if (flight->total == NULL || flight->values == NULL)
        return TJ_ERR_MEMORY;
    double *next = flight->values;
    for (int f = 0; f < TJ_FIELDS; f++) {
        if (!tj_field_asked(e->run->outputs, (tj_field_id)f))
            continue;
        flight->field[f] = next;
        next += tj_field_length(e->plan, (tj_field_id)f, n);
    }
    for (size_t i = 0; i < length; i++)
        flight->values[i] = NAN;
    return TJ_OK;
}

void tj_flight_free(tj_flight *flight)
{
    if (flight == NULL)
        return;
    if (flight->lender == NULL)
        free(flight->total);
    free(flight->values);
}

/* ---- threads ---- */

int tj_ensemble_thread(void)
{
#ifdef _OPENMP
    return omp_get_thread_num();
#else
    return 0;
#endif
}

size_t tj_ensemble_failed(const tj_ensemble *e)
{
    size_t key;
#pragma omp atomic read
    key = e->failed;
    return key;
}

void tj_ensemble_fail(tj_ensemble *e, size_t key, tj_status status, const tj_scratch *scratch)
{
#pragma omp critical(tj_ensemble_failure)
    if (key < tj_ensemble_failed(e)) {
#pragma omp atomic write
        e->failed = key;
        e->status = status;
        if (status == TJ_ERR_UNDEFINED && scratch != NULL && e->run->backend->fault != NULL)
            e->run->backend->fault(scratch, &e->fault_cell, &e->fault_year);
    }
}
