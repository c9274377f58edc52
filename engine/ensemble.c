/* Running an ensemble: waves of units over threads, handed over in order; see ensemble.h.
 *
 * A wave is a bounded number of units. Its cities are shared out over the threads; in a city the units are computed one
 * after another, the reference package first, and each distinct part once (engine/batch.h). Blocks of draws and rows
 * of statistics of a unit are tasks: threads that have no city, or none any more, do those of the others. Who does a task does
 * not show in the bits. While a wave is computed, the calling thread first hands over the wave before. */
#include "engine/ensemble.h"

#include "engine/ensemble_parts.h"
#include "engine/reduce.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Units in a wave: packages that are computed together share their parts, but fresh memory costs time, so there
 * should be some waves to use it again, and their results should not crowd the cache. */
enum { LEAST_UNITS = 4, MOST_UNITS = 24, LEAST_WAVES = 2, WAVE_BYTES = 128 << 20 };

/* Units that are done and wait to be handed over. */
typedef struct pending_units {
    tj_flight *flights;
    size_t first, end; /* unit indexes */
} pending_units;

/* Units that are computed together. */
typedef struct wave_units {
    tj_flight *flights; /* those of one background behind one another */
    size_t count;
    int32_t background_first, background_end; /* of these, with their references */
} wave_units;

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
                            .history = flight != e->references ? e->references->field : NULL};
    tj_reduce_group(&r, (int32_t)(row % n_years), work);
}

static void run_groups(tj_ensemble *e, tj_flight *flights, size_t count)
{
    const tj_plan_settings *s = tj_plan_get_settings(e->plan);
    size_t rows = (size_t)s->n_groups * (size_t)s->n_years;
#pragma omp parallel for num_threads(e->threads) schedule(dynamic, 4)
    for (size_t i = 0; i < count * rows; i++)
        run_group_row(e, &flights[i / rows], i % rows, e->workers[tj_ensemble_thread()].work);
}

/* ---- handing over ---- */

size_t tj_run_packages(const tj_run *run)
{
    return run->packages != NULL ? run->n_packages : (size_t)tj_plan_get_settings(run->plan)->n_packages;
}

static size_t units_count(const tj_run *run)
{
    return tj_run_packages(run) * (size_t)tj_plan_get_settings(run->plan)->n_backgrounds;
}

static int32_t unit_background(const tj_run *run, size_t unit)
{
    return (int32_t)(unit / tj_run_packages(run));
}

int32_t tj_run_package(const tj_run *run, size_t index)
{
    return run->packages != NULL ? run->packages[index] : (int32_t)index;
}

static int32_t unit_package(const tj_run *run, size_t unit)
{
    return tj_run_package(run, unit % tj_run_packages(run));
}

static int is_reference(const tj_run *run, size_t unit)
{
    return unit_package(run, unit) == tj_plan_get_settings(run->plan)->reference_package;
}

/* On the calling thread. */
static tj_status tell_progress(tj_ensemble *e)
{
    size_t pieces;
    if (e->run->progress == NULL)
        return TJ_OK;
#pragma omp atomic read
    pieces = e->pieces;
    double done = (double)pieces / (double)tj_plan_get_settings(e->plan)->n_cities;
    return e->run->progress(e->run->context, done, units_count(e->run)) != 0 ? TJ_ERR_INTERRUPTED : TJ_OK;
}

void tj_ensemble_count(tj_ensemble *e, const tj_flight *flight, const tj_worker *home)
{
    if (!flight->whole &&
        (flight->package != tj_plan_get_settings(e->plan)->reference_package || e->lists_reference)) {
#pragma omp atomic
        e->pieces++;
    }
    tj_status status = home == e->workers ? tell_progress(e) : TJ_OK;
    if (status != TJ_OK)
        tj_ensemble_fail(e, 0, status, NULL);
}

static tj_status hand_over_unit(tj_ensemble *e, const tj_flight *flight)
{
    tj_unit_result result = {.background = flight->background, .package = flight->package};
    for (int f = 0; f < TJ_FIELDS; f++)
        result.field[f] = flight->field[f];
    tj_status status = e->run->unit(e->run->context, &result);
    return status == TJ_OK ? tell_progress(e) : status;
}

static void hand_over(tj_ensemble *e, const pending_units *pending)
{
    const tj_flight *next = pending->flights;
    tj_status status = TJ_OK;
    for (size_t unit = pending->first; unit < pending->end && status == TJ_OK; unit++) {
        const tj_flight *flight =
            is_reference(e->run, unit) ? &e->references[unit_background(e->run, unit)] : next++;
        status = hand_over_unit(e, flight);
    }
    if (status != TJ_OK)
        tj_ensemble_fail(e, 0, status, NULL);
}

/* ---- waves ---- */

/* What the wave has of a background in a city. */
static tj_city_work work_of(const tj_ensemble *e, const wave_units *wave, int32_t background, int32_t city)
{
    size_t begin = 0, end;
    while (begin < wave->count && wave->flights[begin].background != background)
        begin++;
    for (end = begin; end < wave->count && wave->flights[end].background == background;)
        end++;
    return (tj_city_work){.city = city,
                          .background = background,
                          .reference = &e->references[background],
                          .flights = wave->flights + begin,
                          .count = end - begin};
}

/* The number-th piece of work of the backgrounds first .. end - 1. */
static void run_piece(tj_ensemble *e, const wave_units *wave, int32_t first, int32_t end, int32_t number,
                      tj_worker *home)
{
    tj_city_work work = work_of(e, wave, first + number % (end - first), e->cities[number / (end - first)]);
    if (tj_ensemble_key(e, &work, 0, 0) < tj_ensemble_failed(e))
        tj_ensemble_run_city(e, &work, home);
}

/* Cities of the backgrounds first .. end - 1 of a wave. Each owner takes the next; who has none left does tasks of the
 * others' until all is done. The calling thread first hands over what is pending. */
static void run_cities(tj_ensemble *e, const wave_units *wave, int32_t first, int32_t end,
                       const pending_units *pending)
{
    int32_t count = (end - first) * tj_plan_get_settings(e->plan)->n_cities, next = 0;
#pragma omp parallel num_threads(e->threads)
    {
        int thread = tj_ensemble_thread();
        int32_t piece = thread < tj_ensemble_owners(e) ? 0 : count;
#pragma omp master
        if (pending != NULL)
            hand_over(e, pending);
        while (piece < count) {
#pragma omp atomic capture
            piece = next++;
            if (piece < count)
                run_piece(e, wave, first, end, piece, &e->workers[thread]);
        }
    }
}

/* Where the backgrounds begin that need the first reference's history, and it is being made in this wave. */
static int32_t after_history(const tj_ensemble *e, const wave_units *wave)
{
    int makes = !e->references->whole && wave->background_first == 0;
    return makes && wave->background_end > 0 ? 1 : wave->background_first;
}

static void finish_wave(tj_ensemble *e, const wave_units *wave)
{
    for (size_t i = 0; i < wave->count; i++)
        wave->flights[i].past_known = 1;
    for (int32_t b = wave->background_first; b < wave->background_end; b++) {
        if (!e->references[b].whole)
            run_groups(e, &e->references[b], 1);
        e->references[b].whole = 1;
    }
    run_groups(e, wave->flights, wave->count);
}

/* Computes a wave in parallel; meanwhile the calling thread hands over what is pending (may be NULL). */
static tj_status run_wave(tj_ensemble *e, const wave_units *wave, const pending_units *pending)
{
    int32_t first = wave->background_first, rest = after_history(e, wave);
    assert(wave->count <= e->most_units);
    if (rest > first)
        run_cities(e, wave, first, rest, pending);
    run_cities(e, wave, rest, wave->background_end, rest > first ? NULL : pending);
    if (e->failed != SIZE_MAX)
        return e->status;
    finish_wave(e, wave);
    return TJ_OK;
}

static tj_status make_references(tj_ensemble *e, tj_flight *references)
{
    const tj_plan_settings *s = tj_plan_get_settings(e->plan);
    tj_status status = TJ_OK;
    for (int32_t b = 0; b < s->n_backgrounds && status == TJ_OK; b++) {
        references[b].background = b;
        references[b].package = s->reference_package;
        status = tj_flight_init(e, &references[b], NULL);
    }
    e->references = references;
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
    pending_units pending = {NULL, 0, 0};
    tj_status status = TJ_OK;
    for (size_t i = 0; i < n_flights && status == TJ_OK; i++)
        status = tj_flight_init(e, &flights[i], i < wave ? NULL : &flights[i - wave]);
    for (size_t unit = 0, turn = 0; unit < units_count(e->run) && status == TJ_OK; turn = !turn) {
        tj_flight *set = flights + turn * wave;
        size_t count, end = gather(e->run, unit, set, wave, &count);
        const wave_units next = {set, count, unit_background(e->run, unit),
                                 unit_background(e->run, end - 1) + 1};
        status = run_wave(e, &next, &pending);
        pending = (pending_units){set, unit, end};
        unit = end;
    }
    const wave_units none = {NULL, 0, 0, 0};
    return status == TJ_OK ? run_wave(e, &none, &pending) : status;
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
        if (tj_field_asked(run->outputs, (tj_field_id)f))
            doubles += 2 * tj_field_length(run->plan, (tj_field_id)f, run->draws);
    return doubles * sizeof(double);
}

/* Evenly spread over the waves; one where every draw is kept, since those are what fills the memory. */
static size_t wave_size(const tj_run *run)
{
    size_t backgrounds = (size_t)tj_plan_get_settings(run->plan)->n_backgrounds;
    size_t units = units_count(run), most = WAVE_BYTES / unit_bytes(run);
    if (tj_dim_asked(run->outputs, TJ_DIM_DRAW))
        return 1;
    for (size_t unit = 0; unit < tj_run_packages(run); unit++)
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
    assert(tj_field_asked(run->outputs, TJ_FIELD_TOTAL_MEAN));
    const tj_plan_settings *s = tj_plan_get_settings(run->plan);
    double begin = now();
    size_t wave = wave_size(run), n_references = (size_t)s->n_backgrounds;
    size_t n_flights = units_count(run) > wave ? 2 * wave : wave;
    tj_ensemble e;
    tj_status status = tj_ensemble_open(&e, run, wave);
    for (size_t unit = 0; unit < tj_run_packages(run) && !e.lists_reference; unit++)
        e.lists_reference = is_reference(run, unit);
    tj_flight *flights = calloc(n_references + n_flights, sizeof *flights);
    if (flights == NULL)
        status = TJ_ERR_MEMORY;
    if (status == TJ_OK)
        status = make_references(&e, flights);
    if (status == TJ_OK)
        status = run_units(&e, flights + n_references, n_flights, wave);
    for (size_t i = 0; i < n_references + n_flights && flights != NULL; i++)
        tj_flight_free(&flights[i]);
    free(flights);
    for (int t = 0; t < e.threads && e.workers != NULL; t++)
        e.bytes += (e.workers[t].capacity + e.workers[t].uses_capacity) * sizeof(double);
    *report = (tj_run_report){
        .threads = e.threads, .peak_bytes = e.bytes, .fault_cell = e.fault_cell, .fault_year = e.fault_year};
    tj_ensemble_close(&e);
    report->seconds = now() - begin;
    return status;
}
