/* Hindcast: how good would the forecasts of this engine have been?
 *
 * For each origin the years after it are hidden; every place is calibrated on the others as they were then,
 * projected by the lanes backend, and judged against what happened, beside four plain forecasts.
 * Invariant: a forecast depends on nothing after its origin, and its parameters on no value of its own
 * place; the numbers do not depend on threads. */
#ifndef TJ_SCENARIOS_HINDCAST_H
#define TJ_SCENARIOS_HINDCAST_H

#include "scenarios/calibrate_places.h"
#include "scenarios/hindcast_score.h"

#include <stdint.h>

/* Ways to forecast: one record each. */
typedef enum tj_forecaster {
    TJ_FORECAST_ENGINE = 0,
    TJ_FORECAST_PERSISTENCE,
    TJ_FORECAST_LINEAR,
    TJ_FORECAST_EXPONENTIAL,
    TJ_FORECAST_EXPONENTIAL_ALL,
    TJ_FORECASTERS
} tj_forecaster;

typedef struct tj_forecaster_record {
    const char *name, *sentence;
} tj_forecaster_record;
extern const tj_forecaster_record tj_forecasters[TJ_FORECASTERS];

typedef struct tj_hindcast_options {
    const int *origins;
    size_t n_origins;
    size_t draws;
    uint64_t seed;
    int threads; /* below 1: as many as OpenMP offers */
} tj_hindcast_options;

/* One place, origin and later year with a value. */
typedef struct tj_forecast {
    const char *code, *name; /* point into the study */
    int origin, year;
    tj_judged judged[TJ_FORECASTERS];
} tj_forecast;

typedef struct tj_hindcast {
    tj_forecast *items; /* owned; by country, origin, place, year */
    size_t count;
    size_t uncalibrated; /* pairs of a country and an origin with too few places or no national slope */
} tj_hindcast;

/* On success the caller owns *hindcast (tj_hindcast_free); the study must outlive it. */
tj_status tj_hindcast_run(const tj_study *study, const tj_hindcast_options *options, tj_hindcast *hindcast);
void tj_hindcast_free(tj_hindcast *hindcast); /* NULL is fine */

/* Scores of one forecaster over the forecasts of an origin (0: all) and a horizon in years (0: all). */
tj_status tj_hindcast_scores(const tj_hindcast *hindcast, tj_forecaster forecaster, int origin, int horizon,
                             tj_scores *scores);

/* The plain forecasts of a history x[n] > 0 of `years` (ascending, n > 0) for a later year. */
double tj_plain_forecast(tj_forecaster forecaster, size_t n, const int *years, const double *x, int year);

#endif
