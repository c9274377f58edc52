/* One city of a sweep under one background, from its history to its rows; see sweep_parts.h. */
#include "engine/sweep_parts.h"

#include <math.h>
#include <stdlib.h>

enum { LARGE_BITS = 9, SLAB = 4096 }; /* bits of a piece that threads share; high subsets picked at once */

/* What is made of a city while its variants are at hand: all of it, or as much as the memory holds at once. */
typedef struct work {
    tj_sweep_count *counts;
    int32_t *target; /* of a count */
    size_t n_counts;
    tj_sweep_spread *spreads;
    size_t n_spreads;
    int sums;                         /* 1: means are summed */
    size_t room;                      /* bytes of counts and tables */
    int32_t next_target, next_spread; /* where the next work begins */
    int32_t *n_rows;                  /* by part: before the last piece was added */
} work;

/* ---- progress, in about microseconds of one thread ---- */

static size_t combinations_of(const tj_sweep_city *city)
{
    return (size_t)1 << __builtin_popcount(city->mask);
}

static size_t pick_weight(const tj_sweep_whole *w, const tj_sweep_city *city)
{
    const tj_sweep *sweep = w->run->sweep;
    return 1 + combinations_of(city) * sweep->n_quantiles * (sweep->draws + 500) / 2500;
}

size_t tj_sweep_variant_weight(const tj_sweep_city *city, int32_t variant)
{
    size_t weight = 0;
    for (int32_t p = 0; p < city->n_parts; p++)
        if (variant < city->parts[p].n_variants)
            weight += city->parts[p].component->product ? 30 : 400;
    return weight;
}

/* Of a stretch once its variants are simulated. */
static size_t stretch_weight(const tj_sweep_city *city, size_t targets)
{
    return 1 + combinations_of(city) * targets / 250;
}

/* Of simulating the variants of a stretch. */
static size_t variants_weight(const tj_sweep_city *city)
{
    size_t weight = 0;
    for (int32_t p = 0; p < city->n_parts; p++)
        weight += (size_t)(city->parts[p].n_variants - 1) * (city->parts[p].component->product ? 30 : 400);
    return weight;
}

static size_t stretches(const tj_sweep_whole *w)
{
    return (w->run->sweep->draws + TJ_SWEEP_LANES - 1) / TJ_SWEEP_LANES;
}

tj_status tj_sweep_step(tj_sweep_run_state *run, size_t weight)
{
    const tj_sweep *sweep = run->sweep;
    run->done += weight;
    if (sweep->progress != NULL && sweep->progress(sweep->context, run->done, run->all) != 0)
        return TJ_ERR_INTERRUPTED;
    return TJ_OK;
}

static size_t targets_of(const tj_plan *plan, int32_t city)
{
    const tj_plan_target *targets = tj_plan_section(plan, TJ_SECTION_TARGETS, NULL);
    size_t count = 0;
    for (int32_t i = 0; i < tj_plan_get_settings(plan)->n_targets; i++)
        count += targets[i].city == city && targets[i].assessable;
    return count;
}

static tj_status open_city(tj_sweep_whole *w, tj_sweep_city *city)
{
    size_t n_years = (size_t)tj_plan_get_settings(w->run->plan)->n_years;
    size_t cells = (size_t)tj_plan_get_city(w->run->plan, city->city)->cells_count;
    tj_status status = TJ_OK;
    city->history = calloc(cells * n_years * w->run->draws.count + 1, sizeof *city->history);
    w->sums[city->city] = calloc((size_t)city->n_parts + 1, sizeof **w->sums);
    w->past[city->city] = calloc((size_t)w->n_years + 1, sizeof **w->past);
    if (city->history == NULL || w->sums[city->city] == NULL || w->past[city->city] == NULL)
        return TJ_ERR_MEMORY;
    for (int32_t p = 0; p < city->n_parts && status == TJ_OK; p++)
        status = tj_sweep_sums_open(&w->sums[city->city][p], &city->parts[p], w->n_years);
    return status;
}

static void close_city(tj_sweep_city *city)
{
    tj_sweep_values_close(city);
    free(city->history);
    city->history = NULL;
}

/* Means of the wanted years that are history: no combination changes them. */
static void take_past(tj_sweep_whole *w, const tj_sweep_city *city)
{
    const tj_plan *plan = w->run->plan;
    const tj_plan_city *record = tj_plan_get_city(plan, city->city);
    size_t n_years = (size_t)tj_plan_get_settings(plan)->n_years, n = w->run->draws.count;
    for (int32_t i = 0; i < w->n_years; i++) {
        double sum = 0;
        for (int32_t k = 0; k < record->cells_count && w->years[i] < city->first_year; k++) {
            const tj_plan_cell *cell = tj_plan_get_cell(plan, record->cells_first + k);
            const double *row = city->history + ((size_t)k * n_years + (size_t)w->years[i]) * n;
            for (size_t d = 0; d < n && cell->account == TJ_TERRITORIAL; d++)
                sum += row[d];
        }
        w->past[city->city][i] = sum / (double)n;
    }
}

/* Years of the projection in which the city's total is picked, i of the wanted; n_years: all projected. */
static int is_picked(const tj_sweep_whole *w, const tj_sweep_city *city, int32_t i)
{
    if (w->ranks.count == 0)
        return 0;
    if (i == w->n_years)
        return tj_sweep_has_sum(w, city->city);
    return w->years[i] >= city->first_year && tj_sweep_has_total(w, city->city, w->years[i]);
}

size_t tj_sweep_city_weight(const tj_sweep_whole *w, const tj_sweep_city *city)
{
    size_t picks = 0, targets = targets_of(w->run->plan, city->city);
    for (int32_t i = 0; i <= w->n_years; i++)
        picks += (size_t)is_picked(w, city, i);
    return stretches(w) * (variants_weight(city) + stretch_weight(city, targets)) +
           picks * pick_weight(w, city);
}

/* ---- how much of it at once ---- */

static void note_rows(const tj_sweep_city *city, work *k)
{
    for (int32_t p = 0; p < city->n_parts; p++)
        k->n_rows[p] = city->parts[p].n_rows;
}

/* Has the memory no room for the piece added last? The first piece is always taken: its room was asked for. */
static int is_full(const tj_sweep_whole *w, const tj_sweep_city *city, const work *k, size_t piece)
{
    size_t limit = w->run->sweep->memory;
    if (limit == 0 || k->n_counts + k->n_spreads <= 1)
        return 0;
    return k->room + piece + tj_sweep_values_room(city) + w->kept > limit;
}

static void take_back(tj_sweep_city *city, const work *k)
{
    for (int32_t p = 0; p < city->n_parts; p++)
        tj_sweep_forget(&city->parts[p], k->n_rows[p]);
}

/* Adds counts of targets until the memory is full or there are no more. */
static tj_status add_counts(tj_sweep_whole *w, tj_sweep_city *city, work *k)
{
    const tj_plan_target *targets = tj_plan_section(w->run->plan, TJ_SECTION_TARGETS, NULL);
    tj_status status = TJ_OK;
    for (; k->next_target < tj_plan_get_settings(w->run->plan)->n_targets; k->next_target++) {
        if (targets[k->next_target].city != city->city || !targets[k->next_target].assessable)
            continue;
        tj_sweep_count *count = &k->counts[k->n_counts];
        k->target[k->n_counts++] = k->next_target;
        note_rows(city, k);
        status = tj_sweep_verdict_make(w->run, city, k->next_target, &count->verdict);
        if (status == TJ_OK)
            status = tj_sweep_count_open(count, city);
        if (status != TJ_OK)
            return status;
        if (is_full(w, city, k, tj_sweep_count_room(count))) {
            tj_sweep_count_close(count);
            k->n_counts--;
            take_back(city, k);
            return TJ_OK;
        }
        k->room += tj_sweep_count_room(count);
        status = tj_sweep_count_allocate(count);
        if (status != TJ_OK)
            return status;
    }
    return TJ_OK;
}

/* The same with the tables of totals. */
static tj_status add_spreads(tj_sweep_whole *w, tj_sweep_city *city, work *k)
{
    for (; k->next_spread <= w->n_years; k->next_spread++) {
        int32_t i = k->next_spread;
        if (!is_picked(w, city, i))
            continue;
        tj_sweep_spread *spread = &k->spreads[k->n_spreads++];
        spread->year = i;
        note_rows(city, k);
        tj_status status =
            tj_sweep_total_make(w->run, city, i < w->n_years ? w->years[i] : TJ_NONE, &spread->verdict);
        if (status == TJ_OK)
            status = tj_sweep_spread_open(spread, city, w->run->draws.count);
        if (status != TJ_OK)
            return status;
        if (is_full(w, city, k, tj_sweep_spread_room(spread))) {
            tj_sweep_spread_close(spread);
            k->n_spreads--;
            take_back(city, k);
            return TJ_OK;
        }
        k->room += tj_sweep_spread_room(spread);
        status = tj_sweep_spread_allocate(spread);
        if (status != TJ_OK)
            return status;
    }
    return TJ_OK;
}

static int is_done(const tj_sweep_whole *w, const work *k)
{
    return k->next_target == tj_plan_get_settings(w->run->plan)->n_targets && k->next_spread > w->n_years;
}

/* Begins at k->next_target and k->next_spread. */
static tj_status open_work(tj_sweep_whole *w, tj_sweep_city *city, work *k)
{
    size_t n = targets_of(w->run->plan, city->city);
    k->counts = calloc(n + 1, sizeof *k->counts);
    k->target = calloc(n + 1, sizeof *k->target);
    k->spreads = calloc((size_t)w->n_years + 1, sizeof *k->spreads);
    k->n_rows = calloc((size_t)city->n_parts + 1, sizeof *k->n_rows);
    if (k->counts == NULL || k->target == NULL || k->spreads == NULL || k->n_rows == NULL)
        return TJ_ERR_MEMORY;
    tj_status status = add_counts(w, city, k);
    if (status == TJ_OK && k->next_target == tj_plan_get_settings(w->run->plan)->n_targets)
        status = add_spreads(w, city, k);
    return status == TJ_OK ? tj_sweep_values_open(city) : status;
}

static void close_work(tj_sweep_city *city, work *k)
{
    for (size_t i = 0; i < k->n_counts; i++)
        tj_sweep_count_close(&k->counts[i]);
    for (size_t i = 0; i < k->n_spreads; i++)
        tj_sweep_spread_close(&k->spreads[i]);
    free(k->counts);
    free(k->target);
    free(k->spreads);
    free(k->n_rows);
    tj_sweep_values_close(city);
    for (int32_t p = 0; p < city->n_parts; p++)
        tj_sweep_forget(&city->parts[p], 0);
}

/* ---- one stretch ---- */

/* One piece of a stretch: a target's counts, then a part's sums. */
static tj_status work_piece(tj_sweep_whole *w, const tj_sweep_city *city, work *k, size_t piece, int threads)
{
    if (piece < k->n_counts)
        return tj_sweep_count_stretch(city, &k->counts[piece], threads);
    int32_t part = (int32_t)(piece - k->n_counts);
    return tj_sweep_sums_stretch(w->run->plan, city, part, w->years, w->n_years, &w->sums[city->city][part],
                                 threads);
}

/* Is a piece work enough for all threads? */
static int is_large(const tj_sweep_whole *w, const tj_sweep_city *city, const work *k, size_t piece)
{
    int bits =
        piece < k->n_counts ? k->counts[piece].split.n_high : w->sums[city->city][piece - k->n_counts].n_bits;
    return bits >= LARGE_BITS;
}

/* Threads share a large piece; of the others each takes one at a time. */
static tj_status work_stretch(tj_sweep_whole *w, tj_sweep_city *city, size_t at, work *k)
{
    tj_sweep_sums *sums = k->sums ? w->sums[city->city] : NULL;
    double begun = tj_sweep_now();
    tj_status status = tj_sweep_stretch(w->run, w->background, city, at, w->years, w->n_years, sums);
    w->run->report->simulating += tj_sweep_now() - begun;
    size_t pieces = k->n_counts + (k->sums ? (size_t)city->n_parts : 0);
    int failed = 0;
    if (status != TJ_OK)
        return status;
#pragma omp parallel for num_threads(w->run->threads) schedule(dynamic) reduction(+ : failed)
    for (size_t piece = 0; piece < pieces; piece++)
        if (!is_large(w, city, k, piece))
            failed += work_piece(w, city, k, piece, 1) != TJ_OK;
    for (size_t piece = 0; piece < pieces; piece++)
        if (is_large(w, city, k, piece))
            failed += work_piece(w, city, k, piece, w->run->threads) != TJ_OK;
    for (size_t i = 0; i < k->n_spreads; i++)
        tj_sweep_spread_stretch(city, &k->spreads[i], w->run->threads);
    return failed > 0 ? TJ_ERR_MEMORY : tj_sweep_step(w->run, stretch_weight(city, k->n_counts));
}

/* ---- quantiles ---- */

/* Picks a slab at a time, so that who waits sees it move and can stop it. */
static tj_status pick(tj_sweep_whole *w, const tj_sweep_city *city, const tj_sweep_spread *spread)
{
    size_t all = (size_t)1 << spread->split.n_high, left = pick_weight(w, city), slabs = all / SLAB + 1;
    float *found = malloc((all << spread->split.n_low) * w->ranks.count * sizeof *found);
    tj_status status = found == NULL ? TJ_ERR_MEMORY : TJ_OK;
    double error = tj_sweep_spread_error(spread), *most = &w->run->report->quantile_error;
    *most = error > *most ? error : *most;
    for (size_t first = 0; first < all && status == TJ_OK; first += SLAB) {
        size_t weight = first + SLAB < all ? left / slabs : left;
        left -= weight;
        status = tj_sweep_spread_pick(spread, &w->ranks, w->run->threads, first,
                                      all - first < SLAB ? all - first : SLAB, found);
        if (status == TJ_OK)
            status = tj_sweep_step(w->run, weight);
    }
    if (status == TJ_OK)
        status = tj_sweep_send_spread(w, city, spread, found);
    free(found);
    return status;
}

/* Quantiles of a year that no combination changes: of history, or none. */
static tj_status send_past(tj_sweep_whole *w, const tj_sweep_city *city, int32_t i)
{
    const tj_plan_city *record = tj_plan_get_city(w->run->plan, city->city);
    size_t n = w->run->draws.count, n_years = (size_t)tj_plan_get_settings(w->run->plan)->n_years;
    double *x = calloc(3 * n, sizeof *x), quantile[TJ_SWEEP_QUANTILES];
    tj_summary summary;
    if (x == NULL)
        return TJ_ERR_MEMORY;
    for (size_t q = 0; q < w->ranks.count; q++)
        quantile[q] = NAN;
    for (int32_t k = 0; k < record->cells_count && i < w->n_years; k++) {
        const tj_plan_cell *cell = tj_plan_get_cell(w->run->plan, record->cells_first + k);
        const double *row = city->history + ((size_t)k * n_years + (size_t)w->years[i]) * n;
        for (size_t d = 0; d < n && cell->account == TJ_TERRITORIAL; d++)
            x[d] += row[d];
    }
    if (i < w->n_years && tj_sweep_has_total(w, city->city, w->years[i]))
        tj_summarise(&w->ranks, x, x + n, &summary, quantile, NULL);
    free(x);
    return tj_sweep_send_constant(w, city, i, quantile);
}

static tj_status send_quantiles(tj_sweep_whole *w, const tj_sweep_city *city, work *k)
{
    tj_status status = TJ_OK;
    for (int32_t i = 0; i <= w->n_years && k->sums && w->ranks.count > 0 && status == TJ_OK; i++)
        if (!is_picked(w, city, i))
            status = send_past(w, city, i);
    for (size_t i = 0; i < k->n_spreads && status == TJ_OK; i++)
        status = pick(w, city, &k->spreads[i]);
    return status;
}

/* ---- all of it ---- */

/* As much as the memory holds at once, from its simulation to its rows. */
static tj_status work_once(tj_sweep_whole *w, tj_sweep_city *city, work *k)
{
    tj_status status = open_work(w, city, k);
    for (size_t at = 0; at < w->run->draws.count && status == TJ_OK; at += TJ_SWEEP_LANES)
        status = work_stretch(w, city, at, k);
    for (size_t i = 0; i < k->n_counts && status == TJ_OK; i++)
        status = tj_sweep_send_count(w, k->target[i], &k->counts[i]);
    if (status == TJ_OK)
        status = send_quantiles(w, city, k);
    close_work(city, k);
    return status;
}

tj_status tj_sweep_work_city(tj_sweep_whole *w, tj_sweep_city *city)
{
    work k = {.sums = 1};
    size_t passes = 0;
    tj_status status = open_city(w, city);
    double begun = tj_sweep_now();
    if (status == TJ_OK)
        status = tj_sweep_history(w->run, w->background, city);
    w->run->report->simulating += tj_sweep_now() - begun;
    if (status == TJ_OK)
        take_past(w, city);
    for (; status == TJ_OK && !(passes > 0 && is_done(w, &k)); passes++) {
        if (passes > 0)
            w->run->all += stretches(w) * variants_weight(city);
        k = (work){.sums = passes == 0, .next_target = k.next_target, .next_spread = k.next_spread};
        status = work_once(w, city, &k);
    }
    if (passes > w->run->report->passes)
        w->run->report->passes = passes;
    close_city(city);
    return status;
}
