/* The mathematics of a Gaussian copula given by rank correlations.
 *
 * Matrices are symmetric, n * n, row by row. Basic operations and square roots only: the same bits
 * everywhere. */
#ifndef TJ_ENGINE_COPULA_H
#define TJ_ENGINE_COPULA_H

#include <stddef.h>

/* The least eigenvalue that a correlation matrix may have: rounding puts singular ones just below 0. */
#define TJ_COPULA_LEAST (-1e-10)

/* The correlation of normal scores whose ranks have Spearman's rho in [-1, 1]: 2 sin(pi rho / 6) (Pearson
 * 1907). Exact at -1, 0 and 1. */
double tj_copula_pearson(double rho);

/* The smallest eigenvalue, by Jacobi's rotations; the matrix is overwritten. */
double tj_copula_least_eigenvalue(size_t n, double *matrix);

/* The lower Cholesky factor in place, zeros above the diagonal. A pivot that is zero but for rounding
 * makes its column zero: that row follows from the ones before it. */
void tj_copula_factor(size_t n, double *matrix);

/* Is row `row` of a factor its own normal score alone? */
int tj_copula_alone(const double *factor, size_t n, size_t row);

#endif
