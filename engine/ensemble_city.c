/* One city of a wave: its units are computed one after another, each distinct part once; see ensemble_parts.h. */
#include "engine/ensemble_parts.h"
#include "engine/reduce.h"

#include <stdlib.h>
#include <string.h>

size_t tj_ensemble_key(const tj_ensemble *e, const tj_city_work *item, size_t unit, size_t block)
{
    return 1 + (item->number * e->most_units + unit) * e->n_blocks + block;
}

/* What the cells hold of unit i before it is computed: all that a unit before has alike. */
static void tell_held(const tj_batch *batch, size_t i, unsigned char *held)
{
    const int32_t *first = batch->first + i * (size_t)batch->n_cells;
    for (int32_t k = 0; k < batch->n_cells; k++) {
        held[k] = i == 0 ? TJ_HELD_NOTHING : TJ_HELD_HISTORY;
        if (first[k] < (int32_t)i)
            held[k] = TJ_HELD_ALL;
    }
}

/* Where the statistics of unit i's cells are already: with a unit before, or with the reference. */
static void find_twins(const tj_ensemble *e, const tj_city_work *item, size_t i, tj_worker *worker)
{
    const tj_batch *batch = &worker->batch;
    const tj_flight *flight = &item->flights[i];
    int is_reference = flight->package == tj_plan_get_settings(e->plan)->reference_package;
    for (int32_t k = 0; k < batch->n_cells; k++) {
        size_t at = i * (size_t)batch->n_cells + (size_t)k;
        worker->twin[k] = NULL;
        if (!is_reference && batch->as_reference[at])
            worker->twin[k] = e->references[flight->background].field;
        else if (batch->first[at] < (int32_t)i)
            worker->twin[k] = item->flights[batch->first[at]].field;
        worker->no_rows[k] = worker->twin[k] != NULL;
    }
}

/* 1 where the sums of removals are those of the unit before. */
static int removals_held(const tj_ensemble *e, const tj_batch *batch, int32_t city, size_t i)
{
    const tj_plan_city *c = tj_plan_get_city(e->plan, city);
    const int32_t *slot = batch->slot + i * (size_t)batch->n_cells;
    int held = i > 0;
    for (int32_t k = 0; k < c->cells_count && held; k++)
        if (tj_plan_get_cell(e->plan, c->cells_first + k)->account == TJ_REMOVALS)
            held = slot[k] == slot[k - batch->n_cells];
    return held;
}

/* Unit i of the item with its cells in the worker's; `stride` draws a row. */
static tj_reduction reduction_of(const tj_ensemble *e, const tj_city_work *item, size_t i, size_t stride,
                                 const tj_batch *batch, const tj_worker *worker)
{
    const tj_flight *flight = &item->flights[i];
    size_t at = (size_t)item->city * (size_t)tj_plan_get_settings(e->plan)->n_years * e->draws.count;
    tj_reduction r = {.plan = e->plan,
                      .draws = &e->draws,
                      .ranks = &e->ranks,
                      .background = flight->background,
                      .city = item->city,
                      .cells = worker->cells,
                      .stride = stride,
                      .slot = batch->slot + i * (size_t)batch->n_cells,
                      .total = flight->total + at,
                      .field = flight->field,
                      .history = e->history,
                      .past_known = flight->past_known};
    if (flight->lender != NULL)
        r.past_known |= flight->lender->past_known;
    if (e->references != NULL)
        r.reference = e->references[flight->background].total + at;
    return r;
}

static size_t block_size(const tj_ensemble *e, size_t block)
{
    size_t left = e->draws.count - block * e->block;
    return left < e->block ? left : e->block;
}

/* Simulates one block and sums it while it is in the cache. */
static void run_block(tj_ensemble *e, const tj_city_work *item, size_t i, size_t block, const tj_reduction *r,
                      tj_scratch *scratch, const tj_worker *home)
{
    size_t key = tj_ensemble_key(e, item, i, block), first = block * e->block;
    if (key > tj_ensemble_failed(e))
        return;
    tj_block at = {.background = r->background,
                   .package = item->flights[i].package,
                   .city = r->city,
                   .first = first,
                   .n = block_size(e, block),
                   .slot = r->slot,
                   .held = home->held,
                   .no_rows = r->rows != NULL ? home->no_rows : NULL};
    tj_status status = e->run->backend->simulate(e->plan, &e->draws, e->prepared, &at, scratch, r->stride,
                                                 home->cells + (first - r->cells_first),
                                                 r->rows != NULL ? home->rows + first : NULL);
    if (status != TJ_OK)
        tj_ensemble_fail(e, key, status, scratch);
    else
        tj_reduce_sums(r, first, at.n);
}

/* Simulates and reduces one unit with `inner` threads, whose workers follow `home`. */
static void run_unit(tj_ensemble *e, const tj_city_work *item, size_t i, tj_worker *home, int inner)
{
    tj_reduction r = reduction_of(e, item, i, e->draws.count, &home->batch, home);
    tell_held(&home->batch, i, home->held);
    find_twins(e, item, i, home);
    r.removals = home->removals;
    r.removals_known = removals_held(e, &home->batch, item->city, i);
    r.twin = (double *const *const *)home->twin;
    if (tj_plan_get_city(e->plan, item->city)->rows_count > 0)
        r.rows = home->rows;
#pragma omp parallel for num_threads(inner) schedule(dynamic)
    for (size_t block = 0; block < e->n_blocks; block++)
        run_block(e, item, i, block, &r, home[tj_ensemble_thread()].scratch, home);
    if (tj_ensemble_failed(e) != SIZE_MAX)
        return;
    size_t rows = tj_reduce_rows(&r);
#pragma omp parallel for num_threads(inner) schedule(dynamic)
    for (size_t row = 0; row < rows; row++)
        tj_reduce_row(&r, row, home[tj_ensemble_thread()].work);
}

/* Only the totals of all units, in one block, whose parts stay in the cache. */
static void run_totals(tj_ensemble *e, const tj_city_work *item, size_t block, const tj_batch *batch,
                       tj_worker *worker)
{
    for (size_t i = 0; i < item->count; i++) {
        tj_reduction r = reduction_of(e, item, i, e->block, batch, worker);
        r.cells_first = block * e->block;
        tell_held(batch, i, worker->held);
        run_block(e, item, i, block, &r, worker->scratch, worker);
    }
}

/* Room for the cells of the batch: all draws where statistics are wanted, else a block's for each thread. */
static tj_status reserve_cells(const tj_ensemble *e, tj_worker *home, int with_fields, int inner)
{
    size_t rows = (size_t)home->batch.n_slots * (size_t)tj_plan_get_settings(e->plan)->n_years;
    if (with_fields)
        return tj_worker_reserve(home, rows * e->draws.count);
    tj_status status = TJ_OK;
    for (int t = 0; t < inner && status == TJ_OK; t++)
        status = tj_worker_reserve(&home[t], rows * e->block);
    return status;
}

void tj_ensemble_run_city(tj_ensemble *e, const tj_city_work *item, tj_worker *home, int inner)
{
    int with_fields = item->flights[0].values != NULL;
    for (size_t i = 0; i < item->count; i++)
        home->packages[i] = item->flights[i].package;
    tj_batch_sort(&home->batch, e->plan, e->part, item->city, home->packages, item->count);
    tj_status status = reserve_cells(e, home, with_fields, inner);
    if (status != TJ_OK)
        tj_ensemble_fail(e, tj_ensemble_key(e, item, 0, 0), status, NULL);
    for (size_t i = 0;
         i < item->count && with_fields && tj_ensemble_failed(e) >= tj_ensemble_key(e, item, i, 0); i++)
        run_unit(e, item, i, home, inner);
    if (with_fields || status != TJ_OK)
        return;
#pragma omp parallel for num_threads(inner) schedule(dynamic)
    for (size_t block = 0; block < e->n_blocks; block++)
        run_totals(e, item, block, &home->batch, &home[tj_ensemble_thread()]);
}
