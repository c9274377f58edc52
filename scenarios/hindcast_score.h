/* Scores of forecasts against what happened. Pure numbers; all errors are of logarithms, so that places of
 * every size weigh alike. docs/calibration.md gives the formulas and their sources. */
#ifndef TJ_SCENARIOS_HINDCAST_SCORE_H
#define TJ_SCENARIOS_HINDCAST_SCORE_H

#include <stddef.h>

enum { TJ_HINDCAST_LEVELS = 5, TJ_HINDCAST_BINS = 10 }; /* levels: 0.05, 0.25, 0.5, 0.75, 0.95 */

/* One forecast and what came true, as logarithms. */
typedef struct tj_judged {
    double observed;
    double quantile[TJ_HINDCAST_LEVELS]; /* of the forecast; a single number five times for a plain one */
    double crps;
    double pit; /* share of the draws below the observed value; NaN for a plain one */
} tj_judged;

/* Sorts draws[n] and judges them; n > 0. */
tj_judged tj_judge_draws(size_t n, double *draws, double observed);

/* A forecast that is one number. */
tj_judged tj_judge_point(double forecast, double observed);

/* Means over forecasts; NaN where there are none, and where a plain forecast has no such thing. */
typedef struct tj_scores {
    size_t count;
    double mean_error, median_error; /* of |median - observed| */
    double bias;                     /* mean of median - observed: positive is too high */
    double crps;
    double pinball[TJ_HINDCAST_LEVELS];
    double cover50, cover90, width50, width90; /* of the central intervals */
    double pit[TJ_HINDCAST_BINS];              /* share of forecasts in each tenth */
} tj_scores;

/* Scores of judged[n]; work[n]. */
tj_scores tj_hindcast_score(size_t n, const tj_judged *judged, double *work);

/* max(p (y - q), (1 - p) (q - y)). */
double tj_pinball(double p, double quantile, double observed);

#endif
