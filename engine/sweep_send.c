/* Rows of a sweep: what was found by subset, laid out by combination; see sweep_parts.h. */
#include "engine/sweep_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHARED = 1 << 15 }; /* numbers of a row that threads share */

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

static tj_status send(tj_sweep_whole *w, tj_sweep_row *row)
{
    const tj_sweep *sweep = w->run->sweep;
    size_t all = tj_sweep_combinations(sweep);
#pragma omp parallel for num_threads(w->run->threads) schedule(static) if (all >= SHARED)
    for (size_t mask = 0; mask < all; mask++)
        if (sweep->n_rules > 0 && !tj_sweep_keeps(sweep, (uint32_t)mask))
            w->row[mask] = NAN;
    row->background = w->background;
    row->values = w->row;
    return sweep->row(sweep->context, row);
}

tj_status tj_sweep_send_count(tj_sweep_whole *w, int32_t target, const tj_sweep_count *count)
{
    size_t all = tj_sweep_combinations(w->run->sweep);
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

/* ---- quantiles ---- */

static tj_sweep_row quantile_row(const tj_sweep_whole *w, const tj_sweep_city *city, int32_t year, size_t q)
{
    int single = year < w->n_years;
    return (tj_sweep_row){.kind = single ? TJ_SWEEP_QUANTILE : TJ_SWEEP_CUMULATIVE_QUANTILE,
                          .item = city->city,
                          .year = single ? w->years[year] : TJ_NONE,
                          .quantile = (int32_t)q};
}

tj_status tj_sweep_send_spread(tj_sweep_whole *w, const tj_sweep_city *city, const tj_sweep_spread *spread,
                               const float *quantiles)
{
    size_t all = tj_sweep_combinations(w->run->sweep),
           bits = (size_t)spread->split.n_low + (size_t)spread->split.n_high;
    tj_status status = TJ_OK;
    numbering *n = malloc(sizeof *n);
    if (n == NULL)
        return TJ_ERR_MEMORY;
    number(n, (int)bits, spread->split.bit);
    for (size_t q = 0; q < w->ranks.count && status == TJ_OK; q++) {
        const float *own = quantiles + (q << bits);
#pragma omp parallel for num_threads(w->run->threads) schedule(static) if (all >= SHARED)
        for (size_t mask = 0; mask < all; mask++)
            w->row[mask] = own[number_of(n, mask)];
        tj_sweep_row row = quantile_row(w, city, spread->year, q);
        status = send(w, &row);
    }
    free(n);
    return status;
}

tj_status tj_sweep_send_constant(tj_sweep_whole *w, const tj_sweep_city *city, int32_t year,
                                 const double *quantiles)
{
    tj_status status = TJ_OK;
    for (size_t q = 0; q < w->ranks.count && status == TJ_OK; q++) {
        for (size_t mask = 0; mask < tj_sweep_combinations(w->run->sweep); mask++)
            w->row[mask] = quantiles[q];
        tj_sweep_row row = quantile_row(w, city, year, q);
        status = send(w, &row);
    }
    return status;
}

/* ---- means ---- */

/* Adds a part's sums over draws to the row: of a wanted year, or of all years. */
static void add_sums(tj_sweep_whole *w, const tj_sweep_sums *sums, const double *table, numbering *n)
{
    size_t all = tj_sweep_combinations(w->run->sweep);
    number(n, sums->n_bits, sums->bit);
#pragma omp parallel for num_threads(w->run->threads) schedule(static) if (all >= SHARED)
    for (size_t mask = 0; mask < all; mask++)
        w->row[mask] += table[number_of(n, mask)];
}

int tj_sweep_has_total(const tj_sweep_whole *w, int32_t city, int32_t year)
{
    const tj_plan *plan = w->run->plan;
    return tj_plan_bytes(plan, tj_plan_get_city(plan, city)->total_status)[year] != TJ_ABSENT;
}

int tj_sweep_has_sum(const tj_sweep_whole *w, int32_t city)
{
    const tj_sweep_city *of = &w->run->cities[city];
    int all = of->n_projected > 0;
    for (int32_t y = of->first_year; y < of->first_year + of->n_projected; y++)
        all = all && tj_sweep_has_total(w, city, y);
    return all;
}

/* Adds the mean of a city in wanted year i, or over all its projected years (i = n_years). */
static void add_city(tj_sweep_whole *w, int32_t c, int32_t i, numbering *n)
{
    const tj_sweep_city *city = &w->run->cities[c];
    if (i < w->n_years && w->years[i] < city->first_year) {
        for (size_t mask = 0; mask < tj_sweep_combinations(w->run->sweep); mask++)
            w->row[mask] += w->past[c][i] * (double)w->run->draws.count;
        return;
    }
    for (int32_t p = 0; p < city->n_parts; p++) {
        const tj_sweep_sums *sums = &w->sums[c][p];
        add_sums(w, sums, i < w->n_years ? sums->year + ((size_t)i << sums->n_bits) : sums->all, n);
    }
}

/* Mean of one city, or of the wanted cities together (item n_cities): NaN where one of them has no value. */
static tj_status send_mean(tj_sweep_whole *w, int32_t item, int32_t i, numbering *n)
{
    const tj_sweep *sweep = w->run->sweep;
    int32_t n_cities = tj_plan_get_settings(w->run->plan)->n_cities;
    size_t all = tj_sweep_combinations(sweep);
    int known = 1;
    memset(w->row, 0, all * sizeof *w->row);
    for (int32_t c = 0; c < n_cities; c++) {
        if (!sweep->cities[c] || (item != c && item != n_cities))
            continue;
        known = known && (i < w->n_years ? tj_sweep_has_total(w, c, w->years[i]) : tj_sweep_has_sum(w, c));
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

tj_status tj_sweep_send_means(tj_sweep_whole *w)
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
