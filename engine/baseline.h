/* Baseline: how much of the doubt about a target is not knowing the base year.
 *
 * Place in the path of the data: inside reduce, from one target's draws to two numbers, without simulating
 * again. */
#ifndef TJ_ENGINE_BASELINE_H
#define TJ_ENGINE_BASELINE_H

#include <stddef.h>

/* Share of the variance of gap[n], in percent of the base year or of a budget, that is due to the errors of
 * the base: Var(E[gap | base]) / Var(gap), the first-order Sobol index of the back-cast and the level
 * together. Given level L and base B, both by draw, the gap to a percentage of B is 100 (X L / B - level
 * allowed) with X independent of both, and the gap to a budget 100 (X L / budget - 1), so that its mean
 * given the base is linear in L / B, in L: the share is the adjusted square of one correlation, exact for
 * every distribution. For the larger of two excesses (neutral) it is the best linear share.
 * base NULL: a budget. 0 where the base is known; NaN where the gap is the same in all draws or undefined in
 * one. `se` is the Monte Carlo standard error, 2 R (1 - R^2) / sqrt n. */
void tj_baseline_share(size_t n, const double *gap, const double *base, const double *level, double *share,
                       double *se);

#endif
