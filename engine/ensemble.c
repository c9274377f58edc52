/* Running an ensemble: waves of units over threads, handed over in order; see ensemble.h.
 *
 * A wave is a bounded number of units. Its cities are shared out over the threads; in a city the units are
 * computed one after another and each distinct part once (engine/batch.h). Where there are few cities for the
 * threads, one city at a time shares its blocks of draws and its rows instead. Both ways call the same functions
 * on the same rows, so the bits are the same. While a wave is computed, the calling thread first hands over the
 * wave before. */
#include "engine/ensemble.h"

#include "engine/ensemble_parts.h"
#include "engine/reduce.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef _OPENMP
#    include <omp.h>
#endif

/* Units in a wave: packages that are computed together share their parts, but fresh memory costs time, so there
 * should be some waves to use it again, and their results should not crowd the cache. */
enum { LEAST_UNITS = 4, MOST_UNITS = 24, LEAST_WAVES = 4, WAVE_BYTES = 64 << 20 };

/* Years of totals that are summed while the rows of the parts are in the cache. */
enum { YEARS_AT_A_TIME = 4 };

static int thread_number(void)
{
#ifdef _OPENMP
    return omp_get_thread_num();
#else
    return 0;
#endif
}

/* ---- failure ---- */

static size_t failed_key(const tj_ensemble *e)
{
    size_t key;
#pragma omp atomic read
    key = e->failed;
    return key;
}

/* Keeps the failure that comes first in the order of the work. `scratch` may name the place. */
static void fail(tj_ensemble *e, size_t key, tj_status status, const tj_scratch *scratch)
{
#pragma omp critical(tj_ensemble_failure)
    if (key < failed_key(e)) {
#pragma omp atomic write
        e->failed = key;
        e->status = status;
        if (status == TJ_ERR_UNDEFINED && scratch != NULL && e->run->backend->fault != NULL)
            e->run->backend->fault(scratch, &e->fault_cell, &e->fault_year);
    }
}

/* ---- one city of a batch ---- */

/* Units of a wave under one background, in one city. */
typedef struct work_item {
    tj_flight *flights;
    size_t count, number;
    int32_t city;
} work_item;

/* Keys order the blocks of a wave's units after the hand-over, whose failure is 0. */
static size_t key_of(const tj_ensemble *e, const work_item *item, size_t unit, size_t block)
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
static void find_twins(const tj_ensemble *e, const work_item *item, size_t i, tj_worker *worker)
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
static tj_reduction reduction_of(const tj_ensemble *e, const work_item *item, size_t i, size_t stride,
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

/* Simulates one block. */
static void run_block(tj_ensemble *e, const work_item *item, size_t i, size_t block, const tj_reduction *r,
                      tj_scratch *scratch, const tj_worker *home)
{
    size_t key = key_of(e, item, i, block), first = block * e->block;
    if (key > failed_key(e))
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
        fail(e, key, status, scratch);
}

/* Simulates and reduces one unit with `inner` threads, whose workers follow `home`. */
static void run_unit(tj_ensemble *e, const work_item *item, size_t i, tj_worker *home, int inner)
{
    int32_t n_years = tj_plan_get_settings(e->plan)->n_years;
    tj_reduction r = reduction_of(e, item, i, e->draws.count, &home->batch, home);
    tell_held(&home->batch, i, home->held);
    find_twins(e, item, i, home);
    r.removals = home->removals;
    r.removals_known = removals_held(e, &home->batch, item->city, i);
    r.twin = (double *const *const *)home->twin;
    if (tj_plan_get_city(e->plan, item->city)->rows_count > 0)
        r.rows = home->rows;
#pragma omp parallel for num_threads(inner) schedule(dynamic)
    for (size_t block = 0; block < e->n_blocks; block++) {
        run_block(e, item, i, block, &r, home[thread_number()].scratch, home);
        if (failed_key(e) == SIZE_MAX)
            tj_reduce_sums(&r, 0, n_years, block * e->block, block_size(e, block));
    }
    if (failed_key(e) != SIZE_MAX)
        return;
    size_t rows = tj_reduce_rows(&r);
#pragma omp parallel for num_threads(inner) schedule(dynamic)
    for (size_t row = 0; row < rows; row++)
        tj_reduce_row(&r, row, home[thread_number()].work);
}

/* Only the totals of all units, in one block: all parts first, then a few years at a time the totals, which find the
 * parts' rows in the cache. */
static void run_totals(tj_ensemble *e, const work_item *item, size_t block, const tj_batch *batch,
                       tj_worker *worker)
{
    int32_t n_years = tj_plan_get_settings(e->plan)->n_years;
    size_t first = block * e->block, n = block_size(e, block);
    for (size_t i = 0; i < item->count; i++) {
        tj_reduction r = reduction_of(e, item, i, e->block, batch, worker);
        r.cells_first = first;
        tell_held(batch, i, worker->held);
        run_block(e, item, i, block, &r, worker->scratch, worker);
    }
    for (int32_t year = 0; year < n_years && failed_key(e) == SIZE_MAX; year += YEARS_AT_A_TIME) {
        int32_t end = year + YEARS_AT_A_TIME < n_years ? year + YEARS_AT_A_TIME : n_years;
        for (size_t i = 0; i < item->count; i++) {
            tj_reduction r = reduction_of(e, item, i, e->block, batch, worker);
            r.cells_first = first;
            tj_reduce_sums(&r, year, end, first, n);
        }
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

static void run_item(tj_ensemble *e, const work_item *item, tj_worker *home, int inner)
{
    int with_fields = item->flights[0].values != NULL;
    for (size_t i = 0; i < item->count; i++)
        home->packages[i] = item->flights[i].package;
    tj_batch_sort(&home->batch, e->plan, e->part, item->city, home->packages, item->count);
    tj_status status = reserve_cells(e, home, with_fields, inner);
    if (status != TJ_OK)
        fail(e, key_of(e, item, 0, 0), status, NULL);
    for (size_t i = 0; i < item->count && with_fields && failed_key(e) >= key_of(e, item, i, 0); i++)
        run_unit(e, item, i, home, inner);
    if (with_fields || status != TJ_OK)
        return;
#pragma omp parallel for num_threads(inner) schedule(dynamic)
    for (size_t block = 0; block < e->n_blocks; block++)
        run_totals(e, item, block, &home->batch, &home[thread_number()]);
}

/* ---- groups ---- */

static void run_group_row(const tj_ensemble *e, tj_flight *flight, size_t row, double *work)
{
    size_t n_years = (size_t)tj_plan_get_settings(e->plan)->n_years;
    tj_group_reduction r = {.plan = e->plan,
                            .ranks = &e->ranks,
                            .group = (int32_t)(row / n_years),
                            .total = flight->total,
                            .reference = e->references[flight->background].total,
                            .field = flight->field,
                            .history = e->history};
    tj_reduce_group(&r, (int32_t)(row % n_years), work);
}

static void run_groups(tj_ensemble *e, tj_flight *flights, size_t count)
{
    const tj_plan_settings *s = tj_plan_get_settings(e->plan);
    size_t rows = (size_t)s->n_groups * (size_t)s->n_years;
#pragma omp parallel for num_threads(e->threads) schedule(dynamic, 4)
    for (size_t i = 0; i < count * rows; i++)
        run_group_row(e, &flights[i / rows], i % rows, e->workers[thread_number()].work);
}

/* ---- handing over ---- */

static size_t packages_count(const tj_run *run)
{
    return run->packages != NULL ? run->n_packages : (size_t)tj_plan_get_settings(run->plan)->n_packages;
}

static size_t units_count(const tj_run *run)
{
    return packages_count(run) * (size_t)tj_plan_get_settings(run->plan)->n_backgrounds;
}

static int32_t unit_background(const tj_run *run, size_t unit)
{
    return (int32_t)(unit / packages_count(run));
}

static int32_t unit_package(const tj_run *run, size_t unit)
{
    size_t index = unit % packages_count(run);
    return run->packages != NULL ? run->packages[index] : (int32_t)index;
}

static int is_reference(const tj_run *run, size_t unit)
{
    return unit_package(run, unit) == tj_plan_get_settings(run->plan)->reference_package;
}

static tj_status hand_over_unit(const tj_ensemble *e, const tj_flight *flight, size_t done)
{
    tj_unit_result result = {.background = flight->background, .package = flight->package};
    for (int f = 0; f < TJ_FIELDS; f++)
        result.field[f] = flight->field[f];
    tj_status status = e->run->unit(e->run->context, &result);
    if (status == TJ_OK && e->run->progress != NULL &&
        e->run->progress(e->run->context, done, units_count(e->run)) != 0)
        status = TJ_ERR_INTERRUPTED;
    return status;
}

static void hand_over(tj_ensemble *e, const tj_pending *pending)
{
    const tj_flight *next = pending->flights;
    tj_status status = TJ_OK;
    for (size_t unit = pending->first; unit < pending->end && status == TJ_OK; unit++) {
        const tj_flight *flight =
            is_reference(e->run, unit) ? &e->references[unit_background(e->run, unit)] : next++;
        status = hand_over_unit(e, flight, unit + 1);
    }
    if (status != TJ_OK)
        fail(e, 0, status, NULL);
}

/* ---- waves ---- */

/* The number-th item of a wave: cities, and within a city the backgrounds, which follow one another. */
static work_item item_of(tj_flight *flights, size_t count, size_t backgrounds, size_t number)
{
    size_t begin = 0, end;
    for (size_t skip = number % backgrounds + 1;; begin = end) {
        end = begin;
        while (end < count && flights[end].background == flights[begin].background)
            end++;
        if (--skip == 0)
            break;
    }
    return (work_item){flights + begin, end - begin, number, (int32_t)(number / backgrounds)};
}

tj_status tj_ensemble_wave(tj_ensemble *e, tj_flight *flights, size_t count, const tj_pending *pending)
{
    size_t backgrounds = count > 0;
    for (size_t i = 1; i < count; i++)
        backgrounds += flights[i].background != flights[i - 1].background;
    size_t items = backgrounds * (size_t)tj_plan_get_settings(e->plan)->n_cities;
    int outer = tj_ensemble_outer(e), inner = e->threads / outer;
    assert(count <= e->most_units);
#pragma omp parallel num_threads(outer)
    {
#pragma omp master
        if (pending != NULL)
            hand_over(e, pending);
#pragma omp for schedule(dynamic)
        for (size_t number = 0; number < items; number++) {
            work_item item = item_of(flights, count, backgrounds, number);
            if (key_of(e, &item, 0, 0) < failed_key(e))
                run_item(e, &item, &e->workers[thread_number()], inner);
        }
    }
    for (size_t i = 0; i < count; i++)
        flights[i].past_known = e->failed == SIZE_MAX;
    if (e->failed == SIZE_MAX && e->references != NULL)
        run_groups(e, flights, count);
    return e->failed == SIZE_MAX ? TJ_OK : e->status;
}

/* The reference package under every background: the first gives the history of all. */
static tj_status run_references(tj_ensemble *e, tj_flight *references)
{
    const tj_plan_settings *s = tj_plan_get_settings(e->plan);
    tj_status status = TJ_OK;
    for (int32_t b = 0; b < s->n_backgrounds && status == TJ_OK; b++) {
        status = tj_flight_init(e, &references[b], 1, NULL);
        references[b].background = b;
        references[b].package = s->reference_package;
    }
    e->references = references;
    if (status == TJ_OK)
        status = tj_ensemble_wave(e, references, 1, NULL);
    e->history = references[0].field;
    if (status == TJ_OK)
        status = tj_ensemble_wave(e, references + 1, (size_t)s->n_backgrounds - 1, NULL);
    return status;
}

/* Fills flights with the next units that are not the reference; returns the unit after the last. */
static size_t gather(const tj_run *run, size_t unit, tj_flight *flights, size_t most, size_t *count)
{
    *count = 0;
    for (; unit < units_count(run) && *count < most; unit++) {
        if (is_reference(run, unit))
            continue;
        flights[*count].background = unit_background(run, unit);
        flights[*count].package = unit_package(run, unit);
        ++*count;
    }
    return unit;
}

/* Two sets of `wave` flights take turns: one is computed while the other, whose totals nobody needs any more, is
 * handed over. */
static tj_status run_units(tj_ensemble *e, tj_flight *flights, size_t n_flights, size_t wave)
{
    tj_pending pending = {NULL, 0, 0};
    tj_status status = TJ_OK;
    for (size_t i = 0; i < n_flights && status == TJ_OK; i++)
        status = tj_flight_init(e, &flights[i], 1, i < wave ? NULL : &flights[i - wave]);
    for (size_t unit = 0, turn = 0; unit < units_count(e->run) && status == TJ_OK; turn = !turn) {
        tj_flight *set = flights + turn * wave;
        size_t count, end = gather(e->run, unit, set, wave, &count);
        status = tj_ensemble_wave(e, set, count, &pending);
        pending = (tj_pending){set, unit, end};
        unit = end;
    }
    return status == TJ_OK ? tj_ensemble_wave(e, NULL, 0, &pending) : status;
}

static double now(void)
{
    struct timespec time;
    timespec_get(&time, TIME_UTC);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* What one unit more in a wave takes: its totals, and its results while they wait to be handed over. */
static size_t unit_bytes(const tj_run *run)
{
    const tj_plan_settings *s = tj_plan_get_settings(run->plan);
    size_t doubles = (size_t)s->n_cities * (size_t)s->n_years * run->draws;
    for (int f = 0; f < TJ_FIELDS; f++)
        if (tj_fields[f].need != TJ_FIELD_KEEP_DRAWS)
            doubles += 2 * tj_field_length(run->plan, (tj_field_id)f, run->draws);
    return doubles * sizeof(double);
}

/* Evenly spread over the waves; one where every draw is kept, since those are what fills the memory. */
static size_t wave_size(const tj_run *run)
{
    size_t backgrounds = (size_t)tj_plan_get_settings(run->plan)->n_backgrounds;
    size_t units = units_count(run), most = WAVE_BYTES / unit_bytes(run);
    if (run->keep_draws)
        return 1;
    for (size_t unit = 0; unit < packages_count(run); unit++)
        units -= is_reference(run, unit) ? backgrounds : 0;
    most = most < units / LEAST_WAVES ? most : units / LEAST_WAVES;
    most = most < MOST_UNITS ? most : MOST_UNITS;
    most = most > LEAST_UNITS ? most : LEAST_UNITS;
    size_t waves = (units + most - 1) / most;
    return waves > 0 ? (units + waves - 1) / waves : 1;
}

tj_status tj_ensemble_run(const tj_run *run, tj_run_report *report)
{
    assert(run->unit != NULL && units_count(run) > 0);
    const tj_plan_settings *s = tj_plan_get_settings(run->plan);
    double begin = now();
    size_t wave = wave_size(run), n_references = (size_t)s->n_backgrounds;
    size_t n_flights = units_count(run) > wave ? 2 * wave : wave;
    tj_ensemble e;
    tj_status status = tj_ensemble_open(&e, run, wave > n_references ? wave : n_references);
    tj_flight *flights = calloc(n_references + n_flights, sizeof *flights);
    if (flights == NULL)
        status = TJ_ERR_MEMORY;
    if (status == TJ_OK)
        status = run_references(&e, flights);
    if (status == TJ_OK)
        status = run_units(&e, flights + n_references, n_flights, wave);
    for (size_t i = 0; i < n_references + n_flights && flights != NULL; i++)
        tj_flight_free(&flights[i]);
    free(flights);
    for (int t = 0; t < e.threads && e.workers != NULL; t++)
        e.bytes += e.workers[t].capacity * sizeof(double);
    *report = (tj_run_report){
        .threads = e.threads, .peak_bytes = e.bytes, .fault_cell = e.fault_cell, .fault_year = e.fault_year};
    tj_ensemble_close(&e);
    report->seconds = now() - begin;
    return status;
}
