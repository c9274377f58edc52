/* Sweeping: background by background and city by city; see sweep.h.
 *
 * A city's targets are counted and its means summed while its variants are at hand; the rows of means and of
 * the network, which need only the small sums, come after the last city. */
#include "engine/sweep.h"

#include "engine/sweep_parts.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LARGE_BITS = 9, SHARED = 1 << 15 }; /* bits of a piece, numbers of a row, that threads share */

/* What is kept of a background. */
typedef struct whole {
    tj_sweep_run_state *run;
    int32_t background;
    int32_t *years, n_years;
    tj_sweep_sums **sums; /* by city and part */
    double **past;        /* by city: mean of the years of `years` that are history; NaN where absent */
    double *row;          /* 2^measures */
} whole;

static size_t combinations(const tj_sweep *sweep)
{
    return (size_t)1 << sweep->n_measures;
}

/* ---- years ---- */

static void note_year(int8_t *wanted, int32_t n_years, double year)
{
    if (year >= 0 && year < n_years)
        wanted[(int32_t)year] = 1;
}

int32_t tj_sweep_years(const tj_sweep *sweep, int32_t *years)
{
    const tj_plan *plan = sweep->library.plan;
    const tj_plan_settings *s = tj_plan_get_settings(plan);
    const tj_plan_target *targets = tj_plan_section(plan, TJ_SECTION_TARGETS, NULL);
    int32_t count = 0;
    int8_t *wanted = calloc((size_t)s->n_years + 1, 1);
    for (int32_t i = 0; i < s->n_targets && wanted != NULL; i++) {
        const tj_plan_target *t = &targets[i];
        if (!t->assessable || !sweep->cities[t->city])
            continue;
        note_year(wanted, s->n_years, t->kind == TJ_TARGET_PATH ? -1 : t->year);
        const double *pair = t->milestones_count > 0 ? tj_plan_numbers(plan, t->milestones_first) : NULL;
        for (int32_t m = 0; m < t->milestones_count; m++)
            note_year(wanted, s->n_years, pair[2 * m]);
    }
    for (int32_t y = 0; y < s->n_years && wanted != NULL; y++)
        if (wanted[y])
            years[count++] = y;
    free(wanted);
    return count;
}

/* ---- rows ---- */

/* Where the number of a subset comes from, 12 bits of the combination at a time. */
typedef struct numbering {
    uint32_t low[4096], high[4096];
} numbering;

static void number(numbering *n, int n_bits, const uint8_t *bit)
{
    for (uint32_t mask = 0; mask < 4096; mask++) {
        n->low[mask] = n->high[mask] = 0;
        for (int i = 0; i < n_bits; i++) {
            if (bit[i] < 12)
                n->low[mask] |= (mask >> bit[i] & 1) << i;
            else
                n->high[mask] |= (mask >> (bit[i] - 12) & 1) << i;
        }
    }
}

static uint32_t number_of(const numbering *n, size_t mask)
{
    return n->low[mask & 4095] | n->high[mask >> 12];
}

static tj_status send(whole *w, tj_sweep_row *row)
{
    const tj_sweep *sweep = w->run->sweep;
    size_t all = combinations(sweep);
#pragma omp parallel for num_threads(w->run->threads) schedule(static) if (all >= SHARED)
    for (size_t mask = 0; mask < all; mask++)
        if (sweep->n_rules > 0 && !tj_sweep_keeps(sweep, (uint32_t)mask))
            w->row[mask] = NAN;
    row->background = w->background;
    row->values = w->row;
    return sweep->row(sweep->context, row);
}

static tj_status step(whole *w)
{
    const tj_sweep *sweep = w->run->sweep;
    w->run->done++;
    if (sweep->progress != NULL && sweep->progress(sweep->context, w->run->done, w->run->all) != 0)
        return TJ_ERR_INTERRUPTED;
    return TJ_OK;
}

static tj_status send_count(whole *w, int32_t target, const tj_sweep_count *count)
{
    size_t all = combinations(w->run->sweep);
    numbering *n = malloc(sizeof *n);
    double known = (double)count->verdict.known;
    if (n == NULL)
        return TJ_ERR_MEMORY;
    number(n, count->split.n_low + count->split.n_high, count->split.bit);
#pragma omp parallel for num_threads(w->run->threads) schedule(static) if (all >= SHARED)
    for (size_t mask = 0; mask < all; mask++)
        w->row[mask] = known > 0 ? count->met[number_of(n, mask)] / known : NAN;
    free(n);
    tj_sweep_row row = {.kind = TJ_SWEEP_PROBABILITY,
                        .item = target,
                        .year = TJ_NONE,
                        .near = count->near,
                        .distinct = (uint64_t)1 << (count->split.n_low + count->split.n_high)};
    return send(w, &row);
}

/* Adds a part's sums over draws to the row: of a wanted year, or of all years. */
static void add_sums(whole *w, const tj_sweep_sums *sums, const double *table, numbering *n)
{
    size_t all = combinations(w->run->sweep);
    number(n, sums->n_bits, sums->bit);
#pragma omp parallel for num_threads(w->run->threads) schedule(static) if (all >= SHARED)
    for (size_t mask = 0; mask < all; mask++)
        w->row[mask] += table[number_of(n, mask)];
}

static int has_total(const whole *w, int32_t city, int32_t year)
{
    const tj_plan *plan = w->run->plan;
    return tj_plan_bytes(plan, tj_plan_get_city(plan, city)->total_status)[year] != TJ_ABSENT;
}

/* Adds the mean of a city in wanted year i, or over all its projected years (i = n_years). */
static void add_city(whole *w, int32_t c, int32_t i, numbering *n)
{
    const tj_sweep_city *city = &w->run->cities[c];
    if (i < w->n_years && w->years[i] < city->first_year) {
        for (size_t mask = 0; mask < combinations(w->run->sweep); mask++)
            w->row[mask] += w->past[c][i] * (double)w->run->draws.count;
        return;
    }
    for (int32_t p = 0; p < city->n_parts; p++) {
        const tj_sweep_sums *sums = &w->sums[c][p];
        add_sums(w, sums, i < w->n_years ? sums->year + ((size_t)i << sums->n_bits) : sums->all, n);
    }
}

/* Mean of one city, or of the wanted cities together (item n_cities): NaN where one of them has no value. */
static tj_status send_mean(whole *w, int32_t item, int32_t i, numbering *n)
{
    const tj_sweep *sweep = w->run->sweep;
    int32_t n_cities = tj_plan_get_settings(w->run->plan)->n_cities;
    size_t all = combinations(sweep);
    int known = 1;
    memset(w->row, 0, all * sizeof *w->row);
    for (int32_t c = 0; c < n_cities; c++) {
        if (!sweep->cities[c] || (item != c && item != n_cities))
            continue;
        known = known && (i < w->n_years ? has_total(w, c, w->years[i]) : w->run->cities[c].n_projected > 0);
        if (known)
            add_city(w, c, i, n);
    }
#pragma omp parallel for num_threads(w->run->threads) schedule(static) if (all >= SHARED)
    for (size_t mask = 0; mask < all; mask++)
        w->row[mask] = known ? w->row[mask] / (double)w->run->draws.count : NAN;
    tj_sweep_row row = {.kind = i < w->n_years ? TJ_SWEEP_MEAN : TJ_SWEEP_CUMULATIVE,
                        .item = item,
                        .year = i < w->n_years ? w->years[i] : TJ_NONE};
    return send(w, &row);
}

static tj_status send_means(whole *w)
{
    int32_t n_cities = tj_plan_get_settings(w->run->plan)->n_cities;
    tj_status status = TJ_OK;
    numbering *n = malloc(sizeof *n);
    if (n == NULL)
        return TJ_ERR_MEMORY;
    for (int32_t item = 0; item <= n_cities && status == TJ_OK; item++) {
        if (item < n_cities && !w->run->sweep->cities[item])
            continue;
        for (int32_t i = 0; i <= w->n_years && status == TJ_OK; i++)
            status = send_mean(w, item, i, n);
    }
    free(n);
    return status;
}

/* ---- one city ---- */

static size_t targets_of(const tj_plan *plan, int32_t city)
{
    const tj_plan_target *targets = tj_plan_section(plan, TJ_SECTION_TARGETS, NULL);
    size_t count = 0;
    for (int32_t i = 0; i < tj_plan_get_settings(plan)->n_targets; i++)
        count += targets[i].city == city && targets[i].assessable;
    return count;
}

static tj_status open_city(whole *w, tj_sweep_city *city)
{
    size_t n_years = (size_t)tj_plan_get_settings(w->run->plan)->n_years;
    size_t cells = (size_t)tj_plan_get_city(w->run->plan, city->city)->cells_count;
    tj_status status = TJ_OK;
    city->history = calloc(cells * n_years * w->run->draws.count + 1, sizeof *city->history);
    w->sums[city->city] = calloc((size_t)city->n_parts + 1, sizeof **w->sums);
    w->past[city->city] = calloc((size_t)w->n_years + 1, sizeof **w->past);
    if (city->history == NULL || w->sums[city->city] == NULL || w->past[city->city] == NULL)
        return TJ_ERR_MEMORY;
    for (int32_t p = 0; p < city->n_parts && status == TJ_OK; p++) {
        tj_sweep_part *part = &city->parts[p];
        size_t rows = (size_t)part->n_variants * (size_t)part->component->n_cells * (size_t)city->n_projected;
        part->values = aligned_alloc(64, (rows + 1) * TJ_SWEEP_LANES * sizeof *part->values);
        status = part->values == NULL ? TJ_ERR_MEMORY
                                      : tj_sweep_sums_open(&w->sums[city->city][p], part, w->n_years);
    }
    return status;
}

static void close_city(tj_sweep_city *city)
{
    for (int32_t p = 0; p < city->n_parts; p++) {
        free(city->parts[p].values);
        city->parts[p].values = NULL;
    }
    free(city->history);
    city->history = NULL;
}

/* Means of the wanted years that are history: no combination changes them. */
static void take_past(whole *w, const tj_sweep_city *city)
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

static tj_status open_counts(whole *w, const tj_sweep_city *city, tj_sweep_count *counts, int32_t *target)
{
    const tj_plan_target *targets = tj_plan_section(w->run->plan, TJ_SECTION_TARGETS, NULL);
    tj_status status = TJ_OK;
    size_t k = 0;
    for (int32_t i = 0; i < tj_plan_get_settings(w->run->plan)->n_targets && status == TJ_OK; i++) {
        if (targets[i].city != city->city || !targets[i].assessable)
            continue;
        target[k] = i;
        status = tj_sweep_verdict_make(w->run, city, i, &counts[k].verdict);
        if (status == TJ_OK)
            status = tj_sweep_count_open(&counts[k], city);
        k++;
    }
    return status;
}

/* One piece of a stretch: a target's counts, then a part's sums. */
static tj_status work_piece(whole *w, const tj_sweep_city *city, tj_sweep_count *counts, size_t n,
                            size_t piece, int threads)
{
    if (piece < n)
        return tj_sweep_count_stretch(city, &counts[piece], threads);
    int32_t part = (int32_t)(piece - n);
    return tj_sweep_sums_stretch(w->run->plan, city, part, w->years, w->n_years, &w->sums[city->city][part],
                                 threads);
}

/* Is a piece work enough for all threads? */
static int is_large(const whole *w, const tj_sweep_city *city, const tj_sweep_count *counts, size_t n,
                    size_t piece)
{
    return (piece < n ? counts[piece].split.n_high : w->sums[city->city][piece - n].n_bits) >= LARGE_BITS;
}

/* Threads share a large piece; of the others each takes one at a time. */
static tj_status work_stretch(whole *w, tj_sweep_city *city, size_t at, tj_sweep_count *counts, size_t n)
{
    tj_status status = tj_sweep_stretch(w->run, w->background, city, at);
    size_t pieces = n + (size_t)city->n_parts;
    int failed = 0;
    if (status != TJ_OK)
        return status;
#pragma omp parallel for num_threads(w->run->threads) schedule(dynamic) reduction(+ : failed)
    for (size_t piece = 0; piece < pieces; piece++)
        if (!is_large(w, city, counts, n, piece))
            failed += work_piece(w, city, counts, n, piece, 1) != TJ_OK;
    for (size_t piece = 0; piece < pieces; piece++)
        if (is_large(w, city, counts, n, piece))
            failed += work_piece(w, city, counts, n, piece, w->run->threads) != TJ_OK;
    return failed > 0 ? TJ_ERR_MEMORY : step(w);
}

static tj_status work_city(whole *w, tj_sweep_city *city)
{
    size_t n = targets_of(w->run->plan, city->city);
    tj_sweep_count *counts = calloc(n + 1, sizeof *counts);
    int32_t *target = calloc(n + 1, sizeof *target);
    tj_status status = counts == NULL || target == NULL ? TJ_ERR_MEMORY : open_city(w, city);
    if (status == TJ_OK)
        status = tj_sweep_history(w->run, w->background, city);
    if (status == TJ_OK) {
        take_past(w, city);
        status = open_counts(w, city, counts, target);
    }
    for (size_t at = 0; at < w->run->draws.count && status == TJ_OK; at += TJ_SWEEP_LANES)
        status = work_stretch(w, city, at, counts, n);
    for (size_t k = 0; k < n && status == TJ_OK; k++)
        status = send_count(w, target[k], &counts[k]);
    for (size_t k = 0; k < n && counts != NULL; k++)
        tj_sweep_count_close(&counts[k]);
    free(counts);
    free(target);
    close_city(city);
    return status;
}

/* ---- one background ---- */

static void close_whole(whole *w)
{
    for (int32_t c = 0; c < tj_plan_get_settings(w->run->plan)->n_cities; c++) {
        for (int32_t p = 0; w->sums != NULL && w->sums[c] != NULL && p < w->run->cities[c].n_parts; p++)
            tj_sweep_sums_close(&w->sums[c][p]);
        if (w->sums != NULL)
            free(w->sums[c]);
        if (w->past != NULL)
            free(w->past[c]);
    }
    free(w->sums);
    free(w->past);
    free(w->years);
    free(w->row);
}

static tj_status work_background(tj_sweep_run_state *run, int32_t background)
{
    const tj_plan_settings *s = tj_plan_get_settings(run->plan);
    whole w = {.run = run, .background = background};
    w.years = calloc((size_t)s->n_years + 1, sizeof *w.years);
    w.sums = calloc((size_t)s->n_cities, sizeof *w.sums);
    w.past = calloc((size_t)s->n_cities, sizeof *w.past);
    w.row = malloc(combinations(run->sweep) * sizeof *w.row);
    tj_status status =
        w.years == NULL || w.sums == NULL || w.past == NULL || w.row == NULL ? TJ_ERR_MEMORY : TJ_OK;
    if (status == TJ_OK)
        w.n_years = tj_sweep_years(run->sweep, w.years);
    for (int32_t c = 0; c < s->n_cities && status == TJ_OK; c++)
        if (run->sweep->cities[c])
            status = work_city(&w, &run->cities[c]);
    if (status == TJ_OK)
        status = send_means(&w);
    close_whole(&w);
    return status;
}

static double now(void)
{
    struct timespec time;
    timespec_get(&time, TIME_UTC);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void count_left_out(const tj_sweep *sweep, tj_sweep_report *report)
{
    for (size_t mask = 0; sweep->n_rules > 0 && mask < combinations(sweep); mask++)
        report->left_out += !tj_sweep_keeps(sweep, (uint32_t)mask);
}

tj_status tj_sweep_run(const tj_sweep *sweep, tj_sweep_report *report)
{
    const tj_plan_settings *s = tj_plan_get_settings(sweep->library.plan);
    double begun = now();
    size_t backgrounds = 0, cities = 0;
    assert(sweep->n_measures >= 0 && sweep->n_measures <= TJ_SWEEP_MEASURES && sweep->row != NULL);
    *report = (tj_sweep_report){.fault_city = TJ_NONE, .fault_cell = TJ_NONE, .fault_year = TJ_NONE};
    tj_sweep_run_state run = {.sweep = sweep, .library = sweep->library, .report = report};
    tj_arena_init(&run.arena);
    tj_status status = tj_sweep_open(&run);
    for (int32_t b = 0; b < s->n_backgrounds; b++)
        backgrounds += sweep->backgrounds[b] != 0;
    for (int32_t c = 0; c < s->n_cities; c++)
        cities += sweep->cities[c] != 0;
    run.all = backgrounds * cities * ((sweep->draws + TJ_SWEEP_LANES - 1) / TJ_SWEEP_LANES);
    for (int32_t b = 0; b < s->n_backgrounds && status == TJ_OK; b++)
        if (sweep->backgrounds[b])
            status = work_background(&run, b);
    if (status == TJ_OK)
        count_left_out(sweep, report);
    report->threads = run.threads;
    tj_sweep_close(&run);
    report->seconds = now() - begun;
    return status;
}
