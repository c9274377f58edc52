/* Sums over draws of a part's emissions, for every subset of its measures.
 *
 * The mean of a sum is the sum of means, so a part needs its own subsets only. In a product part a subset is a
 * row's and a column's, and the sum over draws of (reference times row factors) times column factors is a
 * product of two matrices. Sums run over the draws in order; nothing depends on threads. */
#include "engine/kernel.h"
#include "engine/sweep_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = TJ_SWEEP_LANES, ROWS = 16, WIDE = 8, STEP = 4, COLUMN_BITS = 7 };

tj_status tj_sweep_sums_open(tj_sweep_sums *sums, const tj_sweep_part *part, int32_t n_years)
{
    *sums = (tj_sweep_sums){0};
    for (int32_t b = 0; b < part->n_blocks; b++)
        for (int i = 0; i < part->blocks[b].n_bits; i++)
            sums->bit[sums->n_bits++] = part->blocks[b].bit[i];
    sums->year = calloc(((size_t)n_years + 1) << sums->n_bits, sizeof *sums->year);
    sums->all = calloc((size_t)1 << sums->n_bits, sizeof *sums->all);
    return sums->year == NULL || sums->all == NULL ? TJ_ERR_MEMORY : TJ_OK;
}

void tj_sweep_sums_close(tj_sweep_sums *sums)
{
    free(sums->year);
    free(sums->all);
    *sums = (tj_sweep_sums){0};
}

/* One part in one stretch. */
typedef struct summing {
    const tj_plan *plan;
    const tj_sweep_city *city;
    const tj_sweep_part *part;
    const int32_t *years;
    int32_t n_years;
    tj_sweep_sums *sums;
    int32_t split;                /* product: blocks from this one on are columns */
    size_t rows, columns, padded; /* padded: columns, at least WIDE */
} summing;

static void split(summing *s)
{
    int bits = 0, all = s->sums->n_bits;
    s->split = s->part->n_blocks;
    while (s->split > 0 && bits + s->part->blocks[s->split - 1].n_bits <= COLUMN_BITS)
        bits += s->part->blocks[--s->split].n_bits;
    s->columns = (size_t)1 << bits;
    s->rows = (size_t)1 << (all - bits);
    s->padded = s->columns < WIDE ? WIDE : s->columns;
}

static int counts(const summing *s, int32_t cell, int32_t year)
{
    int32_t k = s->part->component->cells[cell];
    const tj_plan_city *city = tj_plan_get_city(s->plan, s->city->city);
    const tj_plan_cell *record = tj_plan_get_cell(s->plan, city->cells_first + k);
    return record->account == TJ_TERRITORIAL && tj_plan_bytes(s->plan, record->status)[year] != TJ_ABSENT;
}

/* Where the sum of a projected year is kept; NULL where the year is not wanted. */
static double *place(const summing *s, int32_t year)
{
    for (int32_t i = 0; i < s->n_years; i++)
        if (s->years[i] == s->city->first_year + year)
            return s->sums->year + ((size_t)i << s->sums->n_bits);
    return NULL;
}

static void put(const summing *s, double *year, size_t subset, double sum)
{
    if (year != NULL)
        year[subset] += sum;
    s->sums->all[subset] += sum;
}

/* ---- parts whose measures form one block ---- */

void tj_sweep_sums_variant(const tj_plan *plan, const tj_sweep_city *city, const tj_sweep_part *part,
                           int32_t variant, const double *cells, size_t stride, const int32_t *years,
                           int32_t n_years, tj_sweep_sums *sums)
{
    summing s = {.plan = plan, .city = city, .part = part, .years = years, .n_years = n_years, .sums = sums};
    size_t plan_years = (size_t)tj_plan_get_settings(plan)->n_years;
    for (int32_t y = 0; y < city->n_projected; y++) {
        double sum = 0;
        for (int32_t i = 0; i < part->component->n_cells; i++) {
            int32_t k = part->component->cells[i], year = city->first_year + y;
            const double *row = cells + ((size_t)k * plan_years + (size_t)year) * stride;
            for (size_t d = 0; d < city->n && counts(&s, i, year); d++)
                sum += row[d];
        }
        put(&s, place(&s, y), (size_t)variant, sum);
    }
}

/* ---- product parts ---- */

/* Products of factors of blocks from .. end - 1 for subsets first .. first + n - 1 of their bits, beginning with
 * `start` (NULL: ones), to out[lane * stride + subset - first]. */
static void factors(const summing *s, int32_t from, int32_t end, int32_t year, const double *start,
                    size_t first, size_t n, size_t stride, double *out)
{
    double x[LANES];
    for (size_t subset = first; subset < first + n; subset++) {
        size_t left = subset;
        for (size_t d = 0; d < LANES; d++)
            x[d] = start == NULL ? 1 : start[d];
        for (int32_t b = from; b < end; b++) {
            const tj_sweep_block *block = &s->part->blocks[b];
            size_t own = left & (((size_t)1 << block->n_bits) - 1);
            left >>= block->n_bits;
            if (own == 0)
                continue;
            const double *row = tj_sweep_row_of(s->part, block->first + (int32_t)own - 1, year);
            for (size_t d = 0; d < LANES; d++)
                x[d] *= row[d];
        }
        for (size_t d = 0; d < LANES; d++)
            out[d * stride + subset - first] = x[d];
    }
}

typedef double eight __attribute__((vector_size(64)));

/* out[row][column] = sum over lanes of u[lane][row] * v[lane][column]; columns a multiple of WIDE. */
TJ_CLONES static void dots_lanes(size_t columns, const double *restrict u, const double *restrict v,
                                 double *restrict out)
{
    for (size_t c = 0; c < columns; c += WIDE) {
        for (size_t r = 0; r < ROWS; r += STEP) {
            eight sum[STEP] = {{0}}, x;
            for (size_t d = 0; d < LANES; d++) {
                memcpy(&x, v + d * columns + c, sizeof x);
                for (size_t k = 0; k < STEP; k++)
                    sum[k] += u[d * ROWS + r + k] * x;
            }
            for (size_t k = 0; k < STEP; k++)
                memcpy(out + (r + k) * columns + c, &sum[k], sizeof x);
        }
    }
}

/* Rows first .. of one tile, in every year. room: LANES * (padded + ROWS) + ROWS * padded doubles. */
static void sum_tile(const summing *s, size_t first, double *room)
{
    double *v = room, *u = v + LANES * s->padded, *out = u + LANES * ROWS;
    size_t n = s->rows - first < ROWS ? s->rows - first : ROWS;
    memset(room, 0, (LANES * (s->padded + ROWS)) * sizeof *room);
    for (int32_t y = 0; y < s->city->n_projected; y++) {
        double *year = place(s, y);
        factors(s, s->split, s->part->n_blocks, y, NULL, 0, s->columns, s->padded, v);
        factors(s, 0, s->split, y, tj_sweep_row_of(s->part, 0, y), first, n, ROWS, u);
        dots_lanes(s->padded, u, v, out);
        for (size_t r = 0; r < n; r++)
            for (size_t c = 0; c < s->columns; c++)
                put(s, year, (first + r) + c * s->rows, out[r * s->padded + c]);
    }
}

static int sum_product(const summing *s, int threads)
{
    int failed = 0;
#pragma omp parallel for num_threads(threads) schedule(dynamic) reduction(+ : failed)
    for (size_t first = 0; first < s->rows; first += ROWS) {
        double *room = malloc((LANES * (s->padded + ROWS) + ROWS * s->padded) * sizeof *room);
        if (room == NULL)
            failed++;
        else
            sum_tile(s, first, room);
        free(room);
    }
    return failed;
}

tj_status tj_sweep_sums_stretch(const tj_plan *plan, const tj_sweep_city *city, int32_t part,
                                const int32_t *years, int32_t n_years, tj_sweep_sums *sums, int threads)
{
    summing s = {.plan = plan,
                 .city = city,
                 .part = &city->parts[part],
                 .years = years,
                 .n_years = n_years,
                 .sums = sums};
    if (!s.part->component->product || s.part->n_rows == 0 ||
        !counts(&s, 0, tj_plan_get_settings(plan)->n_years - 1))
        return TJ_OK;
    split(&s);
    return sum_product(&s, threads) > 0 ? TJ_ERR_MEMORY : TJ_OK;
}
