/* Calibration: preparation, and growth; the noise is in calibrate_noise.c. See calibrate.h. */
#include "scenarios/calibrate.h"

#include "engine/lanes.h"
#include "scenarios/calibrate_parts.h"
#include "scenarios/lower.h"
#include "scenarios/robust.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double CLIP = 2.0; /* robust standard deviations at which a deviation is held */

/* ---- preparation: totals and slopes of each place, from its own history alone ---- */

/* Total of a place in a year: the sum of the sectors that it has in any known year; NaN where one of them is
 * absent or all are zero. */
static double total_of(const tj_histories *h, size_t known, size_t place, size_t year)
{
    double sum = 0;
    for (size_t s = 0; s < h->n_sectors; s++) {
        const double *x = h->x + (place * h->n_sectors + s) * h->n_years;
        int has = 0;
        for (size_t y = 0; y < known; y++)
            has |= !isnan(x[y]);
        if (has)
            sum += x[year];
    }
    return sum > 0 ? sum : NAN;
}

/* Slope of a log series by place up to year index `last`; NaN with fewer than 3 years. `log_x` steps by
 * n_places from year to year. work[n_years]. */
static double slope_up_to(const tj_calibrator *c, const double *log_x, size_t last, double *work)
{
    double slope = NAN;
    int end = c->years[last];
    for (size_t y = 0; y <= last; y++) {
        double l = log_x[y * c->n_places];
        work[y] = isnan(l) ? NAN : tj_exp(l);
    }
    tj_slope(last + 1, c->years, work, end, &slope);
    return slope;
}

static void prepare_place(tj_calibrator *c, const tj_histories *h, size_t place, double *work)
{
    size_t n = c->n_places;
    for (size_t s = 0; s < c->n_sectors; s++) {
        double *log_x = c->log_x + s * c->n_years * n + place;
        const double *x = h->x + (place * h->n_sectors + s) * h->n_years;
        for (size_t y = 0; y < c->n_years; y++)
            log_x[y * n] = x[y] > 0 ? tj_log(x[y]) : NAN;
        c->sector_slope[s * n + place] = slope_up_to(c, log_x, c->n_years - 1, work);
    }
    for (size_t y = 0; y < c->n_years; y++) {
        double total = total_of(h, c->n_years, place, y);
        c->log_total[y * n + place] = isnan(total) ? NAN : tj_log(total);
    }
    for (size_t y = 0; y < c->n_years; y++)
        c->slope[y * n + place] = slope_up_to(c, c->log_total + place, y, work);
}

tj_calibrator *tj_calibrator_create(const tj_histories *h, int last)
{
    tj_calibrator *c = calloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    c->n_places = h->n_places;
    c->n_sectors = h->n_sectors;
    while (c->n_years < h->n_years && h->years[c->n_years] <= last)
        c->n_years++;
    size_t series = c->n_years * c->n_places;
    c->years = calloc(c->n_years + 1, sizeof *c->years);
    c->memory =
        calloc((c->n_sectors + 2) * series + c->n_sectors * c->n_places + c->n_years + 1, sizeof *c->memory);
    if (c->years == NULL || c->memory == NULL) {
        tj_calibrator_free(c);
        return NULL;
    }
    memcpy(c->years, h->years, c->n_years * sizeof *c->years);
    c->log_x = c->memory;
    c->log_total = c->log_x + c->n_sectors * series;
    c->slope = c->log_total + series;
    c->sector_slope = c->slope + series;
    for (size_t place = 0; place < c->n_places && c->n_years > 0; place++)
        prepare_place(c, h, place, c->sector_slope + c->n_sectors * c->n_places);
    return c;
}

void tj_calibrator_free(tj_calibrator *c)
{
    if (c == NULL)
        return;
    free(c->years);
    free(c->memory);
    free(c);
}

double tj_calibrator_slope(const tj_calibrator *c, size_t place)
{
    assert(place < c->n_places);
    return c->n_years == 0 ? NAN : c->slope[(c->n_years - 1) * c->n_places + place];
}

/* ---- growth ---- */

/* Year index of the last total of a place, or -1. */
static int last_total(const tj_calibrator *c, size_t place)
{
    int y = (int)c->n_years - 1;
    while (y >= 0 && isnan(tj_known_total(c, (size_t)y)[place]))
        y--;
    return y;
}

/* Pairs (slope up to year m, yearly change from m to the place's last year); returns how many. */
static size_t split_at(const tj_calibrator *c, size_t m, size_t left_out, double *before, double *after)
{
    size_t n = 0;
    for (size_t p = 0; p < c->n_places; p++) {
        int last = last_total(c, p);
        double from = tj_known_total(c, m)[p], slope = c->slope[m * c->n_places + p];
        if (p == left_out || last <= (int)m || isnan(from) || isnan(slope))
            continue;
        before[n] = slope;
        after[n++] = (tj_known_total(c, (size_t)last)[p] - from) / (double)(c->years[last] - c->years[m]);
    }
    return n;
}

/* Deviations from the median, held within CLIP robust standard deviations. work[n]. */
static double deviations(size_t n, double *x, double *work)
{
    memcpy(work, x, n * sizeof *x);
    double middle = tj_robust_median(n, work);
    memcpy(work, x, n * sizeof *x);
    double scale = tj_robust_scale(n, work, middle);
    for (size_t i = 0; i < n; i++)
        x[i] = tj_robust_clip(x[i], middle, CLIP * scale) - middle;
    return scale;
}

/* How much of a place's deviation from the common slope lasted: the regression of later on earlier
 * deviations, averaged over the years at which the known years can be split. */
static double persistence(const tj_calibrator *c, size_t left_out, double *work)
{
    double *before = work, *after = work + c->n_places, *spare = after + c->n_places, sum = 0;
    int splits = 0;
    for (size_t m = 0; m + 1 < c->n_years; m++) {
        size_t n = split_at(c, m, left_out, before, after);
        if (n < TJ_FEWEST_PLACES || deviations(n, before, spare) == 0)
            continue;
        deviations(n, after, spare);
        double product = 0, square = 0;
        for (size_t i = 0; i < n; i++) {
            product += before[i] * after[i];
            square += before[i] * before[i];
        }
        sum += product / square;
        splits++;
    }
    return splits == 0 ? 0 : fmin(fmax(sum / splits, 0), 1);
}

static tj_rate rate_of(const tj_calibrator *c, size_t left_out, double *work)
{
    tj_rate rate = {.rate = NAN};
    for (size_t p = 0; p < c->n_places && c->n_years > 0; p++) {
        int last = last_total(c, p);
        if (p != left_out && last >= 0 && !isnan(c->slope[(size_t)last * c->n_places + p]))
            work[rate.places++] = c->slope[(size_t)last * c->n_places + p];
    }
    if (rate.places < TJ_FEWEST_PLACES)
        return rate;
    rate.rate = tj_robust_median(rate.places, work);
    rate.spread = tj_robust_scale(rate.places, work, rate.rate);
    rate.persistence = persistence(c, left_out, work);
    return rate;
}

/* Posterior standard deviation of a place's rate: between-place variance persistence * spread^2, of which the
 * place's own history settles the share `persistence`. */
static double growth_sd(const tj_rate *rate)
{
    return sqrt(rate->persistence * (1 - rate->persistence)) * rate->spread;
}

tj_status tj_calibrate(const tj_calibrator *c, size_t left_out, tj_rate *rate, tj_noise *noise)
{
    double *work = calloc(6 * c->n_places + 1, sizeof *work);
    if (work == NULL)
        return TJ_ERR_MEMORY;
    *rate = rate_of(c, left_out, work);
    for (size_t s = 0; s < c->n_sectors; s++)
        noise[s] = tj_calibrate_noise(c, s, left_out, growth_sd(rate), work);
    free(work);
    return TJ_OK;
}

tj_trend tj_trend_of(const tj_rate *rate, const tj_noise *noise, double own, double x)
{
    assert(x > 0);
    double deviation = isnan(own) ? 0 : own - rate->rate, size = fmax(tj_log(x), 0);
    double sd = isnan(own) ? sqrt(rate->persistence) * rate->spread : growth_sd(rate);
    return (tj_trend){.growth = rate->rate + rate->persistence * deviation,
                      .growth_sd = sd,
                      .delta = 1,
                      .rho = noise->rho,
                      .sigma = noise->sigma * tj_exp(-noise->power * (size - noise->log_size)),
                      .shock = noise->shock};
}
