/* Selection of order statistics; a private part of engine/quantile.h. */
#ifndef TJ_ENGINE_SELECT_H
#define TJ_ENGINE_SELECT_H

#include <stddef.h>

/* Puts the order statistics of x[n] at the wanted positions of work: work[wanted[i]] is the value that
 * position has when x is sorted. wanted[n_wanted] ascends and lies below n; low and high are the least and
 * largest of x, which holds no NaN. work[2 n] is overwritten, x is not. */
void tj_select(size_t n, const double *x, double low, double high, size_t n_wanted, const size_t *wanted,
               double *work);

#endif
