/* Operators over a row: n lanes of one driver in one year (docs/model.md, "Measures and packages").
 *
 * A row is n doubles, one lane a draw. These are the inner loops of the lanes backend: branch-free,
 * nothing allocated, no lane looks at another, so the bits do not depend on how draws are cut into
 * rows. In the names of arguments: x the driver's value, mu the magnitude, w the reach of the year
 * (strength, eligible, adherence, rebound, synergies and ramp together), s = mu * w. */
#ifndef TJ_ENGINE_OPERATORS_H
#define TJ_ENGINE_OPERATORS_H

#include <stddef.h>

/* Most lanes of a row: 2 KiB, so that a dozen rows stay in the first-level cache. */
enum { TJ_LANES = 256 };

/* ---- rows ---- */

void tj_row_fill(size_t n, double value, double *restrict x);
void tj_row_copy(size_t n, const double *restrict a, double *restrict x);
void tj_row_multiply(size_t n, const double *restrict a, double *restrict x); /* x *= a */
void tj_row_positive(size_t n, double *restrict x);                           /* x = max(0, x) */
void tj_row_fraction(size_t n, double *restrict x);                           /* x clamped to [0, 1] */
/* x = (a * factor) * b */
void tj_row_product(size_t n, const double *restrict a, double factor, const double *restrict b,
                    double *restrict x);
/* x = (a * factor) * last */
void tj_row_scaled(size_t n, const double *restrict a, double factor, double last, double *restrict x);
void tj_row_accumulate(size_t n, const double *restrict a, const double *restrict b,
                       double *restrict x);                                   /* x += a * b */
void tj_row_add_size(size_t n, const double *restrict w, double *restrict x); /* x += |w| */
void tj_row_raise(size_t n, const double *restrict a, double *restrict x);    /* x = max(x, a) */
/* flag = 1 where a and b differ */
void tj_row_differ(size_t n, const double *restrict a, const double *restrict b, double *restrict flag);

/* Asks for a row that is worked on later: it is in no cache, and the processor does not see it come, since rows of a year
 * lie far apart. */
static inline void tj_row_fetch(size_t n, const double *row)
{
    for (size_t i = 0; i < n; i += 64 / sizeof *row)
        __builtin_prefetch(row + i, 1);
}

double tj_row_largest(size_t n, const double *a); /* the largest |a|; 0 of none */

/* One term of a weighted sum: a * b, each a row, or the number where the row is NULL. */
typedef struct tj_weighed {
    const double *a_row, *b_row;
    double a, b;
} tj_weighed;

/* x = sum of the terms, in their order from 0 */
void tj_row_weigh(size_t n, size_t count, const tj_weighed *terms, double *restrict x);
/* scale, of several measures: x = (start, or value where that is NULL) times max(0, 1 - a_row * b) of each
 * term in order, a = mu * k and b the ramp; x may be start */
void tj_row_scales(size_t n, const double *start, double value, size_t count, const tj_weighed *terms,
                   double *x);
/* x = ((a * b) * c) * (the product of `last`) */
void tj_row_emit(size_t n, const double *restrict a, const double *restrict b, const double *restrict c,
                 const tj_weighed *last, double *restrict x);
/* One sum of rows, and where it goes, in the first of several years. */
enum { TJ_SUM_ROWS = 16 };
typedef struct tj_sum {
    const double *rows[TJ_SUM_ROWS];
    double *x;
} tj_sum;

/* Each x = (0, or x where there is `more` in it) + its `count` rows, in their order; a year after the other, all sums of
 * one before the next. A year further is `stride` doubles in the rows and `ahead` in x. */
void tj_row_sums(size_t n, size_t years, size_t n_sums, size_t count, const tj_sum *sums, size_t stride,
                 size_t ahead, int more);

/* ---- reach ---- */

/* w = k * r; clamped to [0, 1] where `clamp` */
void tj_row_reach(size_t n, const double *restrict k, double r, int clamp, double *restrict w);

/* ---- classes ---- */

/* add: x += m * r */
void tj_row_add(size_t n, const double *restrict m, double r, double *restrict x);

/* shift, three steps: what a taker takes, of all that is taken together (total = sum of s); what is
 * left; what arrives. */
void tj_row_shift_amount(size_t n, const double *restrict x, const double *restrict s,
                         const double *restrict total, double *restrict amount);
void tj_row_shift_left(size_t n, const double *restrict total, double *restrict x);

/* toward, two steps: sum += w and pull += (level - x) * w, level by side (tj_side); then
 * x += pull / max(1, sum). */
void tj_row_toward_pull(size_t n, int side, const double *restrict x, const double *restrict mu,
                        const double *restrict w, double *restrict sum, double *restrict pull);
void tj_row_toward(size_t n, const double *restrict sum, const double *restrict pull, double *restrict x);

/* cap, floor: best = min (max) of itself and x + (min (max)(x, mu) - x) * w. */
void tj_row_cap(size_t n, const double *restrict x, const double *restrict mu, const double *restrict w,
                double *restrict best);
void tj_row_floor(size_t n, const double *restrict x, const double *restrict mu, const double *restrict w,
                  double *restrict best);

/* ---- overlaps ---- */

/* Where |x - reference| is above `best`: best is that, and winner is `rank`. */
void tj_row_contest(size_t n, const double *restrict x, const double *restrict reference, double rank,
                    double *restrict best, double *restrict winner);
/* w = 0 where `winner` is not `rank` */
void tj_row_keep(size_t n, const double *restrict winner, double rank, double *restrict w);

#endif
