/* Order statistics of an ensemble: exact quantiles (Hyndman & Fan 1996, type 7), means and
 * their Monte Carlo standard errors. */
#ifndef TJ_ENGINE_QUANTILE_H
#define TJ_ENGINE_QUANTILE_H

#include <stddef.h>

typedef struct tj_summary {
    double mean, mean_se; /* se = sd / sqrt(n), sd with n - 1 */
    size_t undefined;     /* number of NaN draws; any makes mean and quantiles NaN */
} tj_summary;

/* Summarises x[n]. quantile[k] and se[k] (se may be NULL) for probabilities p[nq], ascending.
 * The error of a quantile is (x_(u) - x_(l)) / (2 * 1.959964) with the ranks of the binomial
 * order-statistic interval. Sums run in a fixed order. work[n] is overwritten; x is not. */
void tj_summarise(size_t n, const double *x, size_t nq, const double *p, double *work, tj_summary *summary,
                  double *quantile, double *se);

#endif
