/* Order statistics of an ensemble: exact quantiles (Hyndman & Fan 1996, type 7), means and
 * their Monte Carlo standard errors.
 *
 * Invariant: a summary depends on the values and their order only, never on threads, blocks or
 * vector width. The ranks that a sample size and a list of probabilities need are found once
 * (tj_ranks) and serve every summary of a run. */
#ifndef TJ_ENGINE_QUANTILE_H
#define TJ_ENGINE_QUANTILE_H

#include "engine/status.h"

#include <stddef.h>

/* Where one quantile and its error lie in the sorted sample; positions count from 0. */
typedef struct tj_rank {
    double p;
    double fraction;     /* quantile = x[below] + fraction * (x[above] - x[below]) */
    size_t below, above; /* floor((n - 1) p) and the next, or the same at the end */
    size_t lower, upper; /* l - 1 and u - 1: error = (x[upper] - x[lower]) / (2 * 1.959964) */
} tj_rank;

/* The ranks for samples of n values; read-only once made, shared by threads. */
typedef struct tj_ranks {
    size_t n, count;
    tj_rank *rank;  /* count, ascending in p; owned */
    size_t *wanted; /* every position that a rank names, ascending, each once; owned */
    size_t n_wanted;
    size_t replicates;     /* 1: independent draws; else consecutive replicates of n / replicates draws */
    struct tj_ranks *each; /* ranks of one replicate; NULL where there is but one; owned */
} tj_ranks;

typedef struct tj_summary {
    double mean, mean_se; /* se = sd / sqrt(n), sd with n - 1 (NaN for n < 2); of replicates as below */
    size_t undefined;     /* number of NaN draws; any makes mean and quantiles NaN */
} tj_summary;

/* Ranks of probabilities p[count], ascending in [0, 1], in samples of n >= 1 values. l = Q(0.025) and
 * u = Q(0.975) + 1 of the binomial (n, p), clamped to 1 .. n. TJ_ERR_MEMORY leaves nothing to free. */
tj_status tj_ranks_init(tj_ranks *ranks, size_t n, size_t count, const double *p);
void tj_ranks_free(tj_ranks *ranks);

/* From here on the sample consists of `replicates` independent randomisations of equal length, one after the
 * other: errors of means and quantiles are the standard deviation of the replicates' own means and quantiles
 * over sqrt(replicates). Means and quantiles stay those of the whole sample. On failure tj_ranks_free is still
 * due. */
tj_status tj_ranks_replicate(tj_ranks *ranks, size_t replicates);

/* Summarises x[ranks->n]: quantile[ranks->count] and, unless NULL, se[ranks->count].
 * work[2 * ranks->n] is overwritten; x is not. Linear time on the data that models make. */
void tj_summarise(const tj_ranks *ranks, const double *x, double *work, tj_summary *summary, double *quantile,
                  double *se);

/* Mean and its standard error alone: no sorting, no work. The first takes the draws as independent. */
void tj_mean(size_t n, const double *x, tj_summary *summary);
void tj_mean_of(const tj_ranks *ranks, const double *x, tj_summary *summary);

/* Standard error of the mean of `count` independent values, relative to x[0]: sd / sqrt(count). */
double tj_spread_error(size_t count, const double *x);

#endif
