/* Robust statistics: location and scale that a few odd places cannot move.
 *
 * Invariant: results depend on the multiset of values only, never on their order. */
#ifndef TJ_SCENARIOS_ROBUST_H
#define TJ_SCENARIOS_ROBUST_H

#include <stddef.h>

/* Median of x[n], n > 0, no NaN; x is reordered. Linear time on the data that places make. */
double tj_robust_median(size_t n, double *x);

/* 1.4826 median |x - centre|, the standard deviation of normal data; x is overwritten. */
double tj_robust_scale(size_t n, double *x, double centre);

/* A value and what it counts for. */
typedef struct tj_weighted {
    double value, weight;
} tj_weighted;

/* The least value with at least half of the weight at or below it; n > 0; x is sorted. */
double tj_robust_weighted_median(size_t n, tj_weighted *x);

/* x held within width of centre. */
double tj_robust_clip(double x, double centre, double width);

#endif
