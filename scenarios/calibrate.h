/* Calibration: what the histories of a country's places teach about growth and noise.
 *
 * Pure estimates on arrays, no study; docs/calibration.md gives the formulas and their grounds. Nothing
 * after the last year is read, and a place left out is not read at all.
 *
 * The model: the totals of all places grow at one rate, each place's own rate persists a little; a sector
 * of a place wanders about that path by its own noise, whose spread falls with the sector's size and
 * which leaves its mean on the path, and by a shock that all places of the country share. */
#ifndef TJ_SCENARIOS_CALIBRATE_H
#define TJ_SCENARIOS_CALIBRATE_H

#include "engine/status.h"

#include <stddef.h>

enum { TJ_FEWEST_PLACES = 10 }; /* a statistic over places needs as many */

#define TJ_NOBODY ((size_t)-1)

/* Histories of the places of one country; borrowed. */
typedef struct tj_histories {
    size_t n_places, n_sectors, n_years;
    const int *years; /* ascending */
    const double *x;  /* [place][sector][year], t CO2e; NaN where absent */
} tj_histories;

/* Growth of totals, per year. */
typedef struct tj_rate {
    double rate;        /* median over places of the recency-weighted slope of the log total; NaN: too few */
    double persistence; /* share of a place's own deviation from it that lasted, in [0, 1] */
    double spread;      /* robust standard deviation of the places' slopes */
    size_t places;      /* with a slope */
} tj_rate;

/* Noise of one sector. sigma(x) = sigma (x / size)^-power. All zero where nothing can be learned. */
typedef struct tj_noise {
    double sigma, rho;           /* own noise of a place of the typical size: yearly log sigma, persistence */
    double log_size, power;      /* logarithm of the typical size in t; 0 <= power <= 1/2 */
    double shock;                /* log sigma of the shared shock of a year */
    size_t places, observations; /* places and changes between neighbouring years used */
} tj_noise;

typedef struct tj_calibrator tj_calibrator;

/* Prepares estimates from the years up to `last`. Reads nothing later. NULL when memory is short; the
 * caller owns it. Read-only afterwards, so threads may share it. */
tj_calibrator *tj_calibrator_create(const tj_histories *histories, int last);
void tj_calibrator_free(tj_calibrator *calibrator); /* NULL is fine */

/* Estimates without place `left_out` (TJ_NOBODY: from all): *rate and noise[n_sectors]. */
tj_status tj_calibrate(const tj_calibrator *calibrator, size_t left_out, tj_rate *rate, tj_noise *noise);

/* A place's own recency-weighted slope of the log total up to the last year; NaN with fewer than 3 years. */
double tj_calibrator_slope(const tj_calibrator *calibrator, size_t place);

/* The trend of one sector of one place (engine/plan.h): own slope shrunk towards the rate, noise by size. */
typedef struct tj_trend {
    double growth, growth_sd, delta, rho, sigma, shock;
} tj_trend;

/* own: the place's slope, NaN where it has none; x: the sector's last value, t CO2e, > 0. */
tj_trend tj_trend_of(const tj_rate *rate, const tj_noise *noise, double own, double x);

#endif
