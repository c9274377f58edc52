/* The lane loops of the operators; see operators.h.
 *
 * Products and sums are written in the order in which they are to be rounded. `a > b ? a : b` is
 * the maximum that compiles to one instruction; no lane is ever NaN here, because a plan holds no
 * absent value after a city's last inventory year. */
#include "engine/operators.h"

#include "engine/kernel.h"
#include "engine/plan.h"
#include "engine/wide.h"

#include <math.h>

TJ_INLINE double larger(double a, double b)
{
    return a > b ? a : b;
}

TJ_INLINE double smaller(double a, double b)
{
    return a < b ? a : b;
}

/* ---- rows ---- */

TJ_CLONES void tj_row_fill(size_t n, double value, double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] = value;
}

TJ_CLONES void tj_row_copy(size_t n, const double *restrict a, double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] = a[i];
}

TJ_CLONES void tj_row_multiply(size_t n, const double *restrict a, double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] *= a[i];
}

TJ_CLONES void tj_row_positive(size_t n, double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] = larger(x[i], 0.0);
}

TJ_CLONES void tj_row_fraction(size_t n, double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] = smaller(larger(x[i], 0.0), 1.0);
}

TJ_CLONES void tj_row_product(size_t n, const double *restrict a, double factor, const double *restrict b,
                              double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] = (a[i] * factor) * b[i];
}

TJ_CLONES void tj_row_scaled(size_t n, const double *restrict a, double factor, double last,
                             double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] = (a[i] * factor) * last;
}

TJ_CLONES void tj_row_accumulate(size_t n, const double *restrict a, const double *restrict b,
                                 double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] += a[i] * b[i];
}

TJ_CLONES void tj_row_add_size(size_t n, const double *restrict w, double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] += fabs(w[i]);
}

TJ_CLONES void tj_row_differ(size_t n, const double *restrict a, const double *restrict b,
                             double *restrict flag)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        flag[i] = a[i] != b[i] ? 1.0 : flag[i];
}

TJ_CLONES void tj_row_raise(size_t n, const double *restrict a, double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] = larger(x[i], a[i]);
}

TJ_CLONES double tj_row_largest(size_t n, const double *a)
{
    double largest = 0.0;
#pragma omp simd reduction(max : largest)
    for (size_t i = 0; i < n; i++)
        largest = larger(fabs(a[i]), largest);
    return largest;
}

/* So many numbers at a time stay in registers while the terms pass. */
enum { CHUNK = 4 * WIDE };

TJ_CLONES void tj_row_weigh(size_t n, size_t count, const tj_weighed *terms, double *restrict x)
{
    size_t at = 0;
    for (; at + CHUNK <= n; at += CHUNK) {
        wide sum[4] = {{0}, {0}, {0}, {0}};
        for (const tj_weighed *w = terms; w < terms + count; w++) {
#pragma GCC unroll 4
            for (size_t i = 0; i < 4; i++)
                sum[i] += WIDE_OR(w->a_row, w->a, at + i * WIDE) * WIDE_OR(w->b_row, w->b, at + i * WIDE);
        }
#pragma GCC unroll 4
        for (size_t i = 0; i < 4; i++)
            WIDE_PUT(x, at + i * WIDE, sum[i]);
    }
    for (; at + WIDE <= n; at += WIDE) {
        wide sum = {0};
        for (const tj_weighed *w = terms; w < terms + count; w++)
            sum += WIDE_OR(w->a_row, w->a, at) * WIDE_OR(w->b_row, w->b, at);
        WIDE_PUT(x, at, sum);
    }
    for (; at < n; at++) {
        double sum = 0.0;
        for (const tj_weighed *w = terms; w < terms + count; w++)
            sum += (w->a_row != NULL ? w->a_row[at] : w->a) * (w->b_row != NULL ? w->b_row[at] : w->b);
        x[at] = sum;
    }
}

TJ_CLONES void tj_row_scales(size_t n, const double *start, double value, size_t count,
                             const tj_weighed *terms, double *x)
{
    size_t at = 0;
    for (; at + CHUNK <= n; at += CHUNK) {
        wide product[4];
#pragma GCC unroll 4
        for (size_t i = 0; i < 4; i++)
            product[i] = WIDE_OR(start, value, at + i * WIDE);
        for (const tj_weighed *w = terms; w < terms + count; w++) {
#pragma GCC unroll 4
            for (size_t i = 0; i < 4; i++)
                product[i] *= WIDE_REST(WIDE_AT(w->a_row, at + i * WIDE), w->b);
        }
#pragma GCC unroll 4
        for (size_t i = 0; i < 4; i++)
            WIDE_PUT(x, at + i * WIDE, product[i]);
    }
    for (; at < n; at++) {
        double product = start != NULL ? start[at] : value;
        for (const tj_weighed *w = terms; w < terms + count; w++)
            product *= larger(1.0 - w->a_row[at] * w->b, 0.0);
        x[at] = product;
    }
}

/* Rows of a year lie a row of all draws apart: too far for the processor to see what comes next. */
#define FETCH(row, write)                                                                                    \
    for (size_t f_ = 0; f_ < 4; f_++)                                                                        \
    __builtin_prefetch((row) + f_ * WIDE, write)

TJ_CLONES void tj_row_emit(size_t n, const double *restrict a, const double *restrict b,
                           const double *restrict c, const tj_weighed *last, double *restrict x)
{
    size_t at = 0;
    for (; at + WIDE <= n; at += WIDE)
        WIDE_PUT(x, at,
                 ((WIDE_AT(a, at) * WIDE_AT(b, at)) * WIDE_AT(c, at)) *
                     (WIDE_OR(last->a_row, last->a, at) * WIDE_OR(last->b_row, last->b, at)));
    for (; at < n; at++)
        x[at] = ((a[at] * b[at]) * c[at]) * ((last->a_row != NULL ? last->a_row[at] : last->a) *
                                             (last->b_row != NULL ? last->b_row[at] : last->b));
}

/* Lanes at .. of one sum in a year whose rows begin `row` doubles behind those of the first. */
TJ_INLINE void sum_wide(const tj_sum *sum, size_t count, size_t row, double *x, size_t along, int more)
{
    wide total[4];
#pragma GCC unroll 4
    for (size_t i = 0; i < along; i++)
        total[i] = more ? WIDE_AT(x, i * WIDE) : (wide){0};
    for (size_t t = 0; t < count; t++) {
#pragma GCC unroll 4
        for (size_t i = 0; i < along; i++)
            total[i] += WIDE_AT(sum->rows[t], row + i * WIDE);
    }
#pragma GCC unroll 4
    for (size_t i = 0; i < along; i++)
        WIDE_PUT(x, i * WIDE, total[i]);
}

TJ_CLONES void tj_row_sums(size_t n, size_t years, size_t n_sums, size_t count, const tj_sum *sums,
                           size_t stride, size_t ahead, int more)
{
    for (size_t y = 0; y < years; y++) {
        size_t at = 0;
        for (; at + CHUNK <= n; at += CHUNK)
            for (const tj_sum *sum = sums; sum < sums + n_sums; sum++) {
                FETCH(sum->x + (y + 1 < years ? y + 1 : y) * ahead + at, 1);
                sum_wide(sum, count, y * stride + at, sum->x + y * ahead + at, 4, more);
            }
        for (; at + WIDE <= n; at += WIDE)
            for (const tj_sum *sum = sums; sum < sums + n_sums; sum++)
                sum_wide(sum, count, y * stride + at, sum->x + y * ahead + at, 1, more);
        for (; at < n; at++)
            for (const tj_sum *sum = sums; sum < sums + n_sums; sum++) {
                double total = more ? sum->x[y * ahead + at] : 0.0;
                for (size_t t = 0; t < count; t++)
                    total += sum->rows[t][y * stride + at];
                sum->x[y * ahead + at] = total;
            }
    }
}

/* ---- reach ---- */

TJ_CLONES void tj_row_reach(size_t n, const double *restrict k, double r, int clamp, double *restrict w)
{
    double low = clamp ? 0.0 : -INFINITY, high = clamp ? 1.0 : INFINITY;
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        w[i] = smaller(larger(k[i] * r, low), high);
}

/* ---- classes ---- */

TJ_CLONES void tj_row_add(size_t n, const double *restrict m, double r, double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] += m[i] * r;
}

TJ_CLONES void tj_row_shift_amount(size_t n, const double *restrict x, const double *restrict s,
                                   const double *restrict total, double *restrict amount)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        amount[i] = x[i] * (s[i] / larger(total[i], 1.0));
}

TJ_CLONES void tj_row_shift_left(size_t n, const double *restrict total, double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] *= larger(1.0 - total[i], 0.0);
}

TJ_CLONES void tj_row_toward_pull(size_t n, int side, const double *restrict x, const double *restrict mu,
                                  const double *restrict w, double *restrict sum, double *restrict pull)
{
    double up = side == TJ_SIDE_DOWN ? 0.0 : 1.0, down = side == TJ_SIDE_UP ? 0.0 : 1.0;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double gap = mu[i] - x[i];
        sum[i] += w[i];
        pull[i] += (gap > 0.0 ? gap * up : gap * down) * w[i];
    }
}

TJ_CLONES void tj_row_toward(size_t n, const double *restrict sum, const double *restrict pull,
                             double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] += pull[i] / larger(sum[i], 1.0);
}

TJ_CLONES void tj_row_cap(size_t n, const double *restrict x, const double *restrict mu,
                          const double *restrict w, double *restrict best)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        best[i] = smaller(best[i], x[i] + (smaller(x[i], mu[i]) - x[i]) * w[i]);
}

TJ_CLONES void tj_row_floor(size_t n, const double *restrict x, const double *restrict mu,
                            const double *restrict w, double *restrict best)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        best[i] = larger(best[i], x[i] + (larger(x[i], mu[i]) - x[i]) * w[i]);
}

/* ---- overlaps ---- */

TJ_CLONES void tj_row_contest(size_t n, const double *restrict x, const double *restrict reference,
                              double rank, double *restrict best, double *restrict winner)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double change = fabs(x[i] - reference[i]);
        winner[i] = change > best[i] ? rank : winner[i];
        best[i] = larger(change, best[i]);
    }
}

TJ_CLONES void tj_row_keep(size_t n, const double *restrict winner, double rank, double *restrict w)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        w[i] = winner[i] == rank ? w[i] : 0.0;
}
