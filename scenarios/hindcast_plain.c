/* The plain forecasts that a hindcast is held against. */
#include "scenarios/hindcast.h"

#include "engine/lanes.h"

#include <assert.h>
#include <math.h>

const tj_forecaster_record tj_forecasters[TJ_FORECASTERS] = {
    [TJ_FORECAST_ENGINE] = {"trajekt", "calibrated on the other places as known at the origin"},
    [TJ_FORECAST_PERSISTENCE] = {"persistence", "the last value kept"},
    [TJ_FORECAST_LINEAR] = {"linear", "the straight trend of the last years, from the last value"},
    [TJ_FORECAST_EXPONENTIAL] = {"exponential",
                                 "the exponential trend of the last years, from the last value"},
    [TJ_FORECAST_EXPONENTIAL_ALL] = {"exponential-all",
                                     "the exponential trend of all years, from the last value"},
};

enum { RECENT_YEARS = 3, FEWEST = 3 };
static const double FLOOR = 0.01; /* of the last value: a straight trend may not cross zero */

/* First index of the years within RECENT_YEARS of the last, or of the last FEWEST where these are fewer. */
static size_t recent_from(size_t n, const int *years)
{
    size_t from = n - 1;
    while (from > 0 && (years[n - 1] - years[from - 1] <= RECENT_YEARS || n - from < FEWEST))
        from--;
    return from;
}

/* Least squares slope of x (or log x) on year over from .. n - 1; 0 with fewer than FEWEST values. */
static double slope_of(size_t from, size_t n, const int *years, const double *x, int logarithm)
{
    double count = (double)(n - from), t_mean = 0, x_mean = 0, tt = 0, tx = 0;
    if (n - from < FEWEST)
        return 0;
    for (size_t i = from; i < n; i++) {
        t_mean += years[i] / count;
        x_mean += (logarithm ? tj_log(x[i]) : x[i]) / count;
    }
    for (size_t i = from; i < n; i++) {
        double t = years[i] - t_mean;
        tt += t * t;
        tx += t * ((logarithm ? tj_log(x[i]) : x[i]) - x_mean);
    }
    return tx / tt;
}

double tj_plain_forecast(tj_forecaster forecaster, size_t n, const int *years, const double *x, int year)
{
    assert(n > 0);
    double last = x[n - 1], ahead = year - years[n - 1];
    size_t recent = recent_from(n, years);
    switch (forecaster) {
    case TJ_FORECAST_LINEAR:
        return fmax(last + slope_of(recent, n, years, x, 0) * ahead, FLOOR * last);
    case TJ_FORECAST_EXPONENTIAL:
        return last * tj_exp(slope_of(recent, n, years, x, 1) * ahead);
    case TJ_FORECAST_EXPONENTIAL_ALL:
        return last * tj_exp(slope_of(0, n, years, x, 1) * ahead);
    default:
        return last;
    }
}
