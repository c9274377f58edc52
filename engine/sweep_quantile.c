/* Quantiles of a city's total, for every subset of the measures that matter to it.
 *
 * A total is R(a) + P(a) Y(b), as in counting, and R(a) a sum of one row of draws from each of a few tables: of
 * a part's subsets, or of those of a few small parts together. Rows are made in double precision a stretch at a
 * time and kept in single precision; a combination's total is then some additions for a draw. Neighbouring
 * combinations have neighbouring quantiles, which engine/sweep_pick.c makes the most of. */
#include "engine/kernel.h"
#include "engine/sweep_parts.h"
#include "engine/sweep_pick.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = TJ_SWEEP_LANES, JOINED = 8, HIGH = 64, QUANTILES = TJ_SWEEP_QUANTILES };

/* ---- laying out ---- */

static int bits_in(uint32_t mask)
{
    return __builtin_popcount(mask);
}

/* Least position among the high ones of a table's bits: the lower, the sooner its row changes. */
static int soonest(const tj_sweep_split *split, uint32_t mask)
{
    for (int i = 0; i < split->n_high; i++)
        if (mask >> split->bit[split->n_low + i] & 1)
            return i;
    return split->n_high;
}

/* Tables whose rows change seldom come first, so that sums over them serve for long. */
static void order_tables(tj_sweep_spread *s)
{
    for (int i = 1; i < s->n_tables; i++) {
        for (int k = i; k > 0; k--) {
            tj_sweep_table *a = &s->table[k - 1], *b = &s->table[k], kept = *a;
            if (soonest(&s->split, a->mask) >= soonest(&s->split, b->mask))
                break;
            *a = *b;
            *b = kept;
        }
    }
}

static void add_part(tj_sweep_spread *s, int32_t part, uint32_t mask)
{
    tj_sweep_table *least = NULL;
    for (int i = 0; i < s->n_tables; i++) {
        tj_sweep_table *t = &s->table[i];
        int bits = bits_in(t->mask | mask);
        int may = bits <= JOINED || s->n_tables == TJ_SWEEP_TABLES;
        if (may && (least == NULL || bits < bits_in(least->mask | mask)))
            least = t;
    }
    if (least == NULL) {
        least = &s->table[s->n_tables++];
        *least = (tj_sweep_table){0};
    }
    least->mask |= mask;
    s->table_of[part] = (int)(least - s->table);
}

static void number_bits(tj_sweep_table *t)
{
    for (int i = 0; i < TJ_SWEEP_MEASURES; i++)
        if (t->mask >> i & 1)
            t->bit[t->n_bits++] = (uint8_t)i;
}

/* Which table each part belongs to; parts of the low term have theirs apart. */
static void lay_out(const tj_sweep_city *city, tj_sweep_spread *s)
{
    const tj_sweep_condition *c = &s->verdict.condition[0];
    uint32_t low_part_mask = 0;
    for (size_t i = 0; i < c->n_terms; i++) {
        const tj_sweep_term *t = &c->terms[i];
        if (tj_sweep_is_low(city, &s->split, t))
            low_part_mask |= city->parts[t->part].mask;
        else if (s->table_of[t->part] == TJ_NONE)
            add_part(s, t->part, city->parts[t->part].mask);
    }
    s->low.mask = s->split.low_mask;
    s->factor.mask = s->split.low_part == TJ_NONE ? 0 : low_part_mask & ~s->split.low_mask;
    number_bits(&s->low);
    number_bits(&s->factor);
    for (int i = 0; i < s->n_tables; i++)
        number_bits(&s->table[i]);
}

/* Sorting moves tables, so that parts find theirs by what was noted on it. */
static void sort_tables(const tj_sweep_city *city, tj_sweep_spread *s)
{
    int at[TJ_SWEEP_TABLES];
    for (int i = 0; i < s->n_tables; i++)
        s->table[i].number = i;
    order_tables(s);
    for (int i = 0; i < s->n_tables; i++)
        at[s->table[i].number] = i;
    for (int32_t p = 0; p < city->n_parts; p++)
        if (s->table_of[p] != TJ_NONE)
            s->table_of[p] = at[s->table_of[p]];
}

static size_t rows_of(const tj_sweep_table *t)
{
    return (size_t)1 << t->n_bits;
}

size_t tj_sweep_spread_room(const tj_sweep_spread *s)
{
    size_t rows = rows_of(&s->low) + rows_of(&s->factor);
    for (int i = 0; i < s->n_tables; i++)
        rows += rows_of(&s->table[i]);
    return rows * s->stride * sizeof(float);
}

/* Every low and every factor row is there, if only of zeros and ones: the sums know no exceptions. */
tj_status tj_sweep_spread_allocate(tj_sweep_spread *s)
{
    tj_sweep_table *all[TJ_SWEEP_TABLES + 2] = {&s->low, &s->factor};
    for (int i = 0; i < s->n_tables; i++)
        all[2 + i] = &s->table[i];
    for (int i = 0; i < s->n_tables + 2; i++) {
        all[i]->rows = aligned_alloc(64, rows_of(all[i]) * s->stride * sizeof(float));
        if (all[i]->rows == NULL)
            return TJ_ERR_MEMORY;
    }
    return TJ_OK;
}

tj_status tj_sweep_spread_open(tj_sweep_spread *s, tj_sweep_city *city, size_t draws)
{
    tj_status status = tj_sweep_settle(city, &s->verdict.condition[0]);
    s->draws = draws;
    s->stride = tj_pick_stride(draws);
    s->table_of = malloc(((size_t)city->n_parts + 1) * sizeof *s->table_of);
    if (s->table_of == NULL || status != TJ_OK)
        return TJ_ERR_MEMORY;
    for (int32_t p = 0; p < city->n_parts; p++)
        s->table_of[p] = TJ_NONE;
    tj_sweep_split_make(city, &s->verdict, &s->split);
    lay_out(city, s);
    sort_tables(city, s);
    return TJ_OK;
}

void tj_sweep_spread_close(tj_sweep_spread *s)
{
    free(s->low.rows);
    free(s->factor.rows);
    for (int i = 0; i < s->n_tables; i++)
        free(s->table[i].rows);
    free(s->table_of);
    tj_sweep_verdict_free(&s->verdict);
    *s = (tj_sweep_spread){0};
}

double tj_sweep_spread_error(const tj_sweep_spread *s)
{
    return (s->n_tables + 6) * 0x1p-24;
}

/* ---- filling, a stretch at a time ---- */

typedef enum filled { TABLE, LOW, FACTOR } filled;

static void fill_row(const tj_sweep_city *city, const tj_sweep_spread *s, const tj_sweep_table *t,
                     filled what, uint32_t subset)
{
    const tj_sweep_condition *c = &s->verdict.condition[0];
    uint32_t mask = tj_sweep_mask_of(subset, t->n_bits, t->bit);
    double x[LANES] = {0};
    float *row = t->rows + (size_t)subset * s->stride + city->at;
    for (int d = 0; d < LANES && what == FACTOR; d++)
        x[d] = 1;
    for (size_t i = 0; i < c->n_terms; i++) {
        const tj_sweep_term *term = &c->terms[i];
        int is_low = tj_sweep_is_low(city, &s->split, term);
        if (is_low && what == FACTOR)
            tj_sweep_factor(city, &s->split, term, mask, x);
        else if (is_low ? what == LOW : what == TABLE && &s->table[s->table_of[term->part]] == t)
            tj_sweep_add_term(city, term, mask, x);
    }
    for (size_t d = 0; d < city->n; d++)
        row[d] = (float)x[d];
}

static void fill(const tj_sweep_city *city, const tj_sweep_spread *s, const tj_sweep_table *t, filled what,
                 int threads)
{
    size_t rows = rows_of(t);
#pragma omp parallel for num_threads(threads) schedule(static) if (rows > 1)
    for (size_t r = 0; r < rows; r++) {
        fill_row(city, s, t, what, (uint32_t)r);
        for (size_t d = s->draws; d < s->stride && city->at == 0; d++)
            t->rows[r * s->stride + d] = 0;
    }
}

void tj_sweep_spread_stretch(const tj_sweep_city *city, tj_sweep_spread *s, int threads)
{
    fill(city, s, &s->low, LOW, threads);
    fill(city, s, &s->factor, FACTOR, threads);
    for (int i = 0; i < s->n_tables; i++)
        fill(city, s, &s->table[i], TABLE, threads);
}

/* ---- picking ---- */

/* Of one thread. */
typedef struct worker {
    const tj_sweep_spread *spread;
    const tj_ranks *ranks;
    tj_picker picker;
    float *x, *sum; /* [stride]; [table][stride]: sums over the tables up to this one */
    double *value;  /* [2^n_low][quantile] of the high subset before; then of this one */
    tj_pick_width width[3][QUANTILES];
} worker;

static tj_status begin(worker *w, const tj_sweep_spread *s, const tj_ranks *ranks)
{
    *w = (worker){.spread = s, .ranks = ranks};
    size_t lows = (size_t)1 << s->split.n_low;
    w->x = aligned_alloc(64, s->stride * sizeof *w->x);
    w->sum = aligned_alloc(64, ((size_t)s->n_tables + 1) * s->stride * sizeof *w->sum);
    w->value = malloc(2 * lows * ranks->count * sizeof *w->value);
    tj_status status = tj_picker_init(&w->picker, ranks);
    return w->x == NULL || w->sum == NULL || w->value == NULL ? TJ_ERR_MEMORY : status;
}

static void end(worker *w)
{
    tj_picker_free(&w->picker);
    free(w->x);
    free(w->sum);
    free(w->value);
}

TJ_CLONES static void add_rows(size_t n, const float *restrict a, const float *restrict b,
                               float *restrict out)
{
#pragma omp simd
    for (size_t d = 0; d < n; d++)
        out[d] = a[d] + b[d];
}

TJ_CLONES static void total_row(size_t n, const float *restrict rest, const float *restrict factor,
                                const float *restrict low, float *restrict out)
{
#pragma omp simd
    for (size_t d = 0; d < n; d++)
        out[d] = rest[d] + factor[d] * low[d];
}

static const float *row_for(const tj_sweep_spread *s, const tj_sweep_table *t, uint32_t mask)
{
    size_t subset = 0;
    for (int i = 0; i < t->n_bits; i++)
        subset |= (size_t)(mask >> t->bit[i] & 1) << i;
    return t->rows + subset * s->stride;
}

/* R(a); only what `changed` bits move is added again. */
static const float *rest_of(const worker *w, uint32_t mask, uint32_t changed)
{
    const tj_sweep_spread *s = w->spread;
    int moved = 0;
    for (int i = 0; i < s->n_tables; i++) {
        float *to = w->sum + (size_t)(i + 1) * s->stride;
        moved |= (s->table[i].mask & changed) != 0;
        if (moved || changed == UINT32_MAX)
            add_rows(s->stride, to - s->stride, row_for(s, &s->table[i], mask), to);
    }
    return w->sum + (size_t)s->n_tables * s->stride;
}

/* The quantiles of one combination. `before`, `now`: values of all low subsets, of the high subset before and of
 * this one. With both, the parent's step from one to the other tells this one's; else the parent itself. */
static void pick_all(worker *w, const double *before, double *now, size_t b)
{
    size_t n = w->ranks->count, parent = b & (b - 1);
    int kind = before == NULL ? 0 : b == 0 ? 1 : 2;
    for (size_t q = 0; q < n; q++) {
        double guess = NAN;
        if (kind == 0 && b > 0)
            guess = now[parent * n + q];
        else if (kind == 1)
            guess = before[q];
        else if (kind == 2)
            guess = before[b * n + q] + (now[parent * n + q] - before[parent * n + q]);
        now[b * n + q] = tj_pick(&w->picker, w->x, q, guess, &w->width[kind][q]);
    }
}

/* Picks for HIGH high subsets from `first` on, one bit changing at a time. */
static void pick_high(worker *w, size_t first, size_t count, float *out)
{
    const tj_sweep_spread *s = w->spread;
    size_t lows = (size_t)1 << s->split.n_low, n = w->ranks->count, all = lows << s->split.n_high;
    double *now = w->value, *before = NULL;
    uint32_t mask = 0;
    memset(w->sum, 0, s->stride * sizeof *w->sum);
    for (size_t i = 0; i < count; i++) {
        size_t a = first + (i ^ i >> 1);
        uint32_t old = mask;
        mask = tj_sweep_mask_high(&s->split, (uint32_t)a);
        const float *rest = rest_of(w, mask, i == 0 ? UINT32_MAX : mask ^ old);
        const float *factor = row_for(s, &s->factor, mask);
        for (size_t b = 0; b < lows; b++) {
            total_row(s->stride, rest, factor, s->low.rows + b * s->stride, w->x);
            for (size_t d = s->draws; d < s->stride; d++)
                w->x[d] = INFINITY;
            pick_all(w, before, now, b);
            for (size_t q = 0; q < n; q++)
                out[q * all + a * lows + b] = (float)now[b * n + q];
        }
        before = now;
        now = now == w->value ? w->value + lows * n : w->value;
    }
}

tj_status tj_sweep_spread_pick(const tj_sweep_spread *s, const tj_ranks *ranks, int threads, size_t first,
                               size_t count, float *out)
{
    size_t together = count < HIGH ? count : HIGH;
    int failed = 0;
    assert(ranks->n == s->draws && ranks->count <= QUANTILES && (count & (count - 1)) == 0);
#pragma omp parallel num_threads(threads) reduction(+ : failed)
    {
        worker w;
        int short_of = begin(&w, s, ranks) != TJ_OK;
        failed += short_of;
#pragma omp for schedule(dynamic)
        for (size_t at = first; at < first + count; at += together)
            if (!short_of)
                pick_high(&w, at, together, out);
        end(&w);
    }
    return failed > 0 ? TJ_ERR_MEMORY : TJ_OK;
}
