/* Running an ensemble: waves of units over threads, handed over in order; see ensemble.h.
 *
 * A wave is a bounded number of units. Its (unit, city) pairs are shared out over the threads, city by city,
 * so that a thread finds in its cells what the package before has in common with the next; where
 * there are few pairs, one pair at a time shares its blocks of draws and its rows instead. Both ways call
 * the same functions on the same rows, so the bits are the same. While a wave is computed, the calling
 * thread first hands over the wave before. */
#include "engine/ensemble.h"

#include "engine/alike.h"
#include "engine/ensemble_parts.h"
#include "engine/reduce.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef _OPENMP
#    include <omp.h>
#endif

/* Pairs that a wave should have for each thread, so that none waits long for the last. */
enum { PAIRS_PER_THREAD = 16 };

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

/* ---- one city of one unit ---- */

/* Keys order the blocks of a wave's pairs after the hand-over, whose failure is 0. */
static size_t block_key(const tj_ensemble *e, size_t item, size_t block)
{
    return 1 + item * e->n_blocks + block;
}

/* What the worker's cells hold of the city under the flight's package. */
static void tell_held(const tj_ensemble *e, tj_worker *worker, const tj_flight *flight, int32_t city)
{
    int32_t count = tj_plan_get_city(e->plan, city)->cells_count;
    if (worker->city == city && worker->background == flight->background) {
        tj_alike(e->plan, city, worker->package, flight->package, worker->held);
        for (int32_t k = 0; k < count; k++)
            worker->held[k] = worker->held[k] ? TJ_HELD_ALL : TJ_HELD_HISTORY;
    } else {
        memset(worker->held, worker->city == city ? TJ_HELD_HISTORY : TJ_HELD_NOTHING, (size_t)count);
    }
}

/* 1 where the sums of removals are those of the worker's last unit. */
static int removals_held(const tj_ensemble *e, const tj_worker *worker, int32_t city)
{
    const tj_plan_city *c = tj_plan_get_city(e->plan, city);
    int held = worker->city == city;
    for (int32_t k = 0; k < c->cells_count; k++)
        if (tj_plan_get_cell(e->plan, c->cells_first + k)->account == TJ_REMOVALS)
            held &= worker->held[k] == TJ_HELD_ALL;
    return held;
}

static tj_reduction reduction_of(const tj_ensemble *e, tj_flight *flight, int32_t city,
                                 const tj_worker *worker)
{
    size_t series = (size_t)tj_plan_get_settings(e->plan)->n_years * e->draws.count;
    int32_t reference = tj_plan_get_settings(e->plan)->reference_package;
    tj_reduction r = {.plan = e->plan,
                      .draws = &e->draws,
                      .ranks = &e->ranks,
                      .background = flight->background,
                      .city = city,
                      .cells = worker->cells,
                      .total = flight->total + (size_t)city * series,
                      .removals = worker->removals,
                      .field = flight->field,
                      .history = e->history,
                      .past_known = flight->past_known,
                      .removals_known = removals_held(e, worker, city)};
    if (flight->values != NULL && tj_plan_get_city(e->plan, city)->rows_count > 0)
        r.rows = worker->rows;
    if (e->references == NULL)
        return r;
    r.reference = e->references[flight->background].total + (size_t)city * series;
    if (flight->package == reference)
        return r;
    tj_alike(e->plan, city, reference, flight->package, worker->same);
    r.twin = e->references[flight->background].field;
    r.same = worker->same;
    return r;
}

/* Simulates one block and sums it while it is in the cache. */
static void run_block(tj_ensemble *e, const tj_reduction *r, int32_t package, size_t item, size_t block,
                      tj_scratch *scratch, const tj_worker *home)
{
    size_t key = block_key(e, item, block), first = block * e->block;
    if (key > failed_key(e))
        return;
    size_t left = e->draws.count - first, n = left < e->block ? left : e->block;
    tj_block at = {r->background, package, r->city, first, n, home->held, r->same};
    double *rows = r->rows != NULL ? home->rows + first : NULL;
    tj_status status = e->run->backend->simulate(e->plan, &e->draws, e->prepared, &at, scratch,
                                                 e->draws.count, home->cells + first, rows);
    if (status != TJ_OK) {
        fail(e, key, status, scratch);
        return;
    }
    for (int32_t year = 0; year < tj_plan_get_settings(e->plan)->n_years; year++)
        tj_reduce_sums_of(r, year, first, n);
}

/* Simulates and reduces one pair with `inner` threads, whose workers follow `first`. */
static void run_pair(tj_ensemble *e, tj_flight *flight, int32_t city, size_t item, int first, int inner)
{
    tj_worker *workers = e->workers + first, *home = &workers[0];
    tell_held(e, home, flight, city);
    tj_reduction r = reduction_of(e, flight, city, home);
    home->city = TJ_NONE;
#pragma omp parallel for num_threads(inner) schedule(dynamic)
    for (size_t block = 0; block < e->n_blocks; block++)
        run_block(e, &r, flight->package, item, block, workers[thread_number()].scratch, home);
    if (failed_key(e) != SIZE_MAX)
        return;
    home->city = city;
    home->background = flight->background;
    home->package = flight->package;
    size_t rows = flight->values != NULL ? tj_reduce_rows(&r) : 0;
#pragma omp parallel for num_threads(inner) schedule(dynamic)
    for (size_t row = 0; row < rows; row++)
        tj_reduce_row(&r, row, workers[thread_number()].work);
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

tj_status tj_ensemble_wave(tj_ensemble *e, tj_flight *flights, size_t count, const tj_pending *pending)
{
    size_t n_cities = (size_t)tj_plan_get_settings(e->plan)->n_cities, items = count * n_cities;
    int outer = tj_ensemble_outer(e, items), inner = e->threads / outer;
#pragma omp parallel num_threads(outer)
    {
#pragma omp master
        if (pending != NULL)
            hand_over(e, pending);
#pragma omp for schedule(dynamic)
        for (size_t item = 0; item < items; item++) {
            if (block_key(e, item, 0) < failed_key(e))
                run_pair(e, &flights[item % count], (int32_t)(item / count), item, thread_number(), inner);
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
        status = tj_flight_init(e, &references[b], 1);
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

/* Two sets of `wave` flights take turns: one is computed while the other is handed over. */
static tj_status run_units(tj_ensemble *e, tj_flight *flights, size_t n_flights, size_t wave)
{
    tj_pending pending = {NULL, 0, 0};
    tj_status status = TJ_OK;
    for (size_t i = 0; i < n_flights && status == TJ_OK; i++)
        status = tj_flight_init(e, &flights[i], 1);
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

/* Units in a wave: enough pairs for the threads, never more than there are units; one where every draw
 * is kept, since those are what fills the memory. */
static size_t wave_size(const tj_run *run)
{
    if (run->keep_draws)
        return 1;
    size_t n_cities = (size_t)tj_plan_get_settings(run->plan)->n_cities, units = units_count(run);
    size_t pairs = (size_t)tj_ensemble_threads(run) * PAIRS_PER_THREAD;
    size_t wanted = (pairs + n_cities - 1) / n_cities;
    return wanted < units ? wanted : units;
}

tj_status tj_ensemble_run(const tj_run *run, tj_run_report *report)
{
    assert(run->unit != NULL && units_count(run) > 0);
    const tj_plan_settings *s = tj_plan_get_settings(run->plan);
    double begin = now();
    size_t wave = wave_size(run), n_references = (size_t)s->n_backgrounds;
    size_t n_flights = units_count(run) > wave ? 2 * wave : wave;
    tj_ensemble e;
    size_t largest = wave > n_references ? wave : n_references;
    tj_status status = tj_ensemble_open(&e, run, largest * (size_t)s->n_cities);
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
    *report = (tj_run_report){
        .threads = e.threads, .peak_bytes = e.bytes, .fault_cell = e.fault_cell, .fault_year = e.fault_year};
    tj_ensemble_close(&e);
    report->seconds = now() - begin;
    return status;
}
