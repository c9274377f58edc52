/* One city of a wave: its units are computed one after another, each distinct part once; see ensemble_parts.h. */
#include "engine/core.h"
#include "engine/ensemble_parts.h"
#include "engine/reduce.h"

#include <stdlib.h>
#include <string.h>

/* Rows of statistics of a task: a year with its physical rows takes long, a year of the history no time. */
enum { ROWS = 4 };

size_t tj_ensemble_key(const tj_ensemble *e, const tj_city_work *work, size_t unit, size_t block)
{
    size_t backgrounds = (size_t)tj_plan_get_settings(e->plan)->n_backgrounds;
    size_t before = (size_t)work->city * backgrounds + (size_t)work->background;
    return 1 + (before * (e->most_units + 1) + unit) * e->n_blocks + block;
}

static size_t units_of(const tj_city_work *work)
{
    return work->count + 1;
}

/* The reference comes first: what others have in common with it is there. */
static tj_flight *unit_of(const tj_city_work *work, size_t i)
{
    return i == 0 ? work->reference : &work->flights[i - 1];
}

/* 1 where the unit's results are there from a wave before, and only what others share of it is wanted. */
static int is_whole(const tj_city_work *work, size_t i)
{
    return i == 0 && work->reference->whole;
}

/* The number of a fleet within its city. */
static int32_t fleet_number(const tj_plan *plan, const tj_plan_city *city, const tj_plan_fleet *fleet)
{
    const tj_plan_fleet *fleets = tj_plan_section(plan, TJ_SECTION_FLEETS, NULL);
    int32_t number = 0;
    for (int32_t k = city->cells_first; k < fleet->cell; k++)
        number += tj_plan_get_cell(plan, k)->fleets_count;
    return number + (int32_t)(fleet - fleets) - tj_plan_get_cell(plan, fleet->cell)->fleets_first;
}

/* The fields of an earlier unit, or NULL for unit i itself. */
static double *const *fields_of(const tj_city_work *work, int32_t first, size_t i)
{
    return first < (int32_t)i ? unit_of(work, (size_t)first)->field : NULL;
}

/* Where the statistics of unit i's cells and physical rows are already. */
static void find_twins(const tj_ensemble *e, const tj_city_work *work, size_t i, tj_worker *worker)
{
    const tj_plan_row *rows = tj_plan_section(e->plan, TJ_SECTION_ROWS, NULL);
    const tj_plan_city *city = tj_plan_get_city(e->plan, work->city);
    const int32_t *first = worker->batch.first + i * (size_t)worker->batch.n_cells;
    const int32_t *fleet_first = worker->batch.fleet_first + i * (size_t)worker->batch.n_fleets;
    int32_t slots = 0; /* close together, so that they are still in the caches when they are reduced */
    for (int32_t k = 0; k < city->cells_count; k++)
        worker->twin[k] = fields_of(work, first[k], i);
    for (int32_t r = 0; r < city->rows_count; r++) {
        const tj_plan_row *row = &rows[city->rows_first + r];
        const tj_plan_fleet *fleet = tj_core_of_row(e->plan, row);
        double *const *twin = worker->twin[row->cell - city->cells_first];
        if (fleet != NULL)
            twin = fields_of(work, fleet_first[fleet_number(e->plan, city, fleet)], i);
        worker->row_twin[row->slot] = twin;
        worker->row_slot[row->slot] = twin != NULL ? TJ_NONE : slots++;
    }
}

/* 1 where the sums of removals are those of the unit before. */
static int removals_held(const tj_ensemble *e, const tj_city_work *work, const tj_batch *batch, size_t i)
{
    const tj_plan_city *c = tj_plan_get_city(e->plan, work->city);
    const int32_t *slot = batch->slot + i * (size_t)batch->n_cells;
    int held = i > 0 && !is_whole(work, i - 1);
    for (int32_t k = 0; k < c->cells_count && held; k++)
        if (tj_plan_get_cell(e->plan, c->cells_first + k)->account == TJ_REMOVALS)
            held = slot[k] == slot[k - batch->n_cells];
    return held;
}

/* Unit i of the work with its cells in the worker's. */
static tj_reduction reduction_of(const tj_ensemble *e, const tj_city_work *work, size_t i,
                                 const tj_worker *worker)
{
    const tj_flight *flight = unit_of(work, i);
    size_t at = (size_t)work->city * (size_t)tj_plan_get_settings(e->plan)->n_years * e->draws.count;
    tj_reduction r = {.plan = e->plan,
                      .draws = &e->draws,
                      .ranks = &e->ranks,
                      .background = flight->background,
                      .city = work->city,
                      .cells = worker->cells,
                      .stride = e->draws.count,
                      .slot = worker->batch.slot + i * (size_t)worker->batch.n_cells,
                      .total = flight->total + at,
                      .reference = e->references[flight->background].total + at,
                      .field = flight->field,
                      .history = flight != e->references ? e->references->field : NULL,
                      .past_known = flight->past_known};
    if (flight->lender != NULL)
        r.past_known |= flight->lender->past_known;
    return r;
}

/* The first year in which an effect in force of the package in the city reaches anything. */
static int32_t begin_of(const tj_plan *plan, int32_t package, int32_t city)
{
    const tj_plan_effect *effects = tj_plan_section(plan, TJ_SECTION_EFFECTS, NULL);
    tj_plan_slice slice = tj_plan_get_slice(plan, package, city);
    int32_t begin = tj_plan_get_settings(plan)->n_years;
    for (int32_t e = slice.first; e < slice.first + slice.count; e++) {
        const double *ramp = tj_plan_numbers(plan, effects[e].ramp);
        int32_t year = 0;
        while (year < begin && (effects[e].strength == 0.0 || ramp[year] == 0.0))
            year++;
        begin = year;
    }
    return begin;
}

/* Up to the year before any measure begins, a unit is as the reference package. */
static void tell_alike(const tj_ensemble *e, const tj_city_work *work, size_t i, tj_reduction *r)
{
    const tj_flight *reference = &e->references[work->background];
    int32_t own = begin_of(e->plan, unit_of(work, i)->package, work->city);
    int32_t its = begin_of(e->plan, reference->package, work->city);
    r->reference_field = unit_of(work, i) != reference ? reference->field : NULL;
    r->alike_until = (own < its ? own : its) - 1;
}

/* Simulates one block; returns 1 if that went well. */
static int simulate_block(tj_ensemble *e, const tj_city_work *work, size_t i, size_t block,
                          const tj_reduction *r, tj_scratch *scratch, const tj_worker *home)
{
    const tj_batch *batch = &home->batch;
    size_t key = tj_ensemble_key(e, work, i, block), first = block * e->block;
    if (key > tj_ensemble_failed(e))
        return 0;
    tj_kept_uses uses = {.rows = home->uses + first,
                         .stride = r->stride,
                         .at = batch->use_at + i * (size_t)batch->n_fleets,
                         .held = home->fleet_held};
    tj_block at = {.background = r->background,
                   .package = unit_of(work, i)->package,
                   .city = r->city,
                   .first = first,
                   .n = tj_ensemble_draws(e, block),
                   .slot = r->slot,
                   .held = home->held,
                   .row_slot = r->row_slot,
                   .rows_first = r->reference_field != NULL ? r->alike_until + 1 : 0,
                   .uses = batch->n_uses > 0 ? &uses : NULL};
    tj_status status =
        e->run->backend->simulate(e->plan, &e->draws, e->prepared, &at, scratch, r->stride,
                                  home->cells + first, r->rows != NULL ? home->rows + first : NULL);
    if (status != TJ_OK)
        tj_ensemble_fail(e, key, status, scratch);
    return status == TJ_OK;
}

/* Simulates and reduces one unit; other threads may do some of its tasks. */
static void run_unit(tj_ensemble *e, const tj_city_work *work, size_t i, tj_worker *home)
{
    tj_reduction r = reduction_of(e, work, i, home);
    tj_worker_tell_held(home, &home->batch, (int32_t)i, TJ_HELD_NOTHING);
    find_twins(e, work, i, home);
    tell_alike(e, work, i, &r);
    r.removals = home->removals;
    r.removals_known = removals_held(e, work, &home->batch, i);
    r.twin = (double *const *const *)home->twin;
    r.row_twin = (double *const *const *)home->row_twin;
    if (tj_plan_get_city(e->plan, work->city)->rows_count > 0 && !is_whole(work, i) &&
        r.field[TJ_FIELD_PHYSICAL_MEAN] != NULL)
        r.rows = home->rows;
    r.row_slot = home->row_slot;
#pragma omp taskloop grainsize(1) default(shared)
    for (size_t block = 0; block < e->n_blocks; block++)
        if (simulate_block(e, work, i, block, &r, e->workers[tj_ensemble_thread()].scratch, home) &&
            !is_whole(work, i)) /* of such a unit only what others share is wanted */
            tj_reduce_sums(&r, block * e->block, tj_ensemble_draws(e, block)); /* while it is in the cache */
    if (tj_ensemble_failed(e) != SIZE_MAX || is_whole(work, i))
        return;
    size_t rows = tj_reduce_rows(&r);
#pragma omp taskloop grainsize(ROWS) default(shared)
    for (size_t row = 0; row < rows; row++)
        tj_reduce_row(&r, row, e->workers[tj_ensemble_thread()].work);
}

void tj_ensemble_run_city(tj_ensemble *e, const tj_city_work *work, tj_worker *home)
{
    size_t n_years = (size_t)tj_plan_get_settings(e->plan)->n_years, n = e->draws.count;
    for (size_t i = 0; i < units_of(work); i++)
        home->packages[i] = unit_of(work, i)->package;
    tj_batch_sort(&home->batch, e->plan, e->part, work->city, home->packages, units_of(work));
    tj_status status =
        tj_worker_reserve(home, (size_t)home->batch.n_slots * n_years * n, (size_t)home->batch.n_uses * n);
    if (status != TJ_OK) {
        tj_ensemble_fail(e, tj_ensemble_key(e, work, 0, 0), status, NULL);
        return;
    }
    for (size_t i = 0; i < units_of(work) && tj_ensemble_failed(e) >= tj_ensemble_key(e, work, i, 0); i++) {
        run_unit(e, work, i, home);
        tj_ensemble_count(e, unit_of(work, i), home);
    }
}
