/* The worth of knowing: expected value of information for the choice between options.
 *
 * Place in the path of the data: losses by option and draw -> what knowing everything, or one input, would
 * save on average. An option p loses loss[p * n + draw]; the best option now, b, has the smallest mean.
 *     EVPI    = mean(loss_b) - mean(min_p loss_p), never negative
 *     EVPPI_i = mean(loss_b) - mean(min_p E[loss_p | x_i])
 * The conditional means come from a regression of the losses on a natural cubic spline of the input's uniform
 * (Strong, Oakley & Brennan 2014). */
#ifndef TJ_ENGINE_DECISION_H
#define TJ_ENGINE_DECISION_H

#include "engine/status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct tj_losses {
    size_t n, options;
    const double *loss; /* options * n */
} tj_losses;

typedef struct tj_evpi {
    double value, se; /* NaN where a loss is undefined in a draw */
    size_t best;      /* the option to choose now; the first of equals */
} tj_evpi;

void tj_evpi_of(const tj_losses *losses, tj_evpi *evpi);

/* Mean loss of an option. */
double tj_loss_mean(const tj_losses *losses, size_t option);

enum { TJ_SPLINE = 6 }; /* columns of the spline, and its knots */

typedef struct tj_evppi {
    double value;
    /* What an input without any influence would seem to be worth: the 95 % point of `value` over shuffles of
     * the draws. A value that is not above it cannot be told from 0: fitted minima flatter themselves. */
    double chance;
} tj_evppi;

/* `u` is the input's uniform by draw, n >= 3. Shuffles are addressed by the seed. */
tj_status tj_evppi_of(const tj_losses *losses, const double *u, uint64_t seed, size_t shuffles,
                      tj_evppi *evppi);

#endif
