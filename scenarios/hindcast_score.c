/* Scores of forecasts; see hindcast_score.h. */
#include "scenarios/hindcast_score.h"

#include "scenarios/robust.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static const double levels[TJ_HINDCAST_LEVELS] = {0.05, 0.25, 0.5, 0.75, 0.95};

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Hyndman & Fan 1996, type 7. */
static double quantile_of(size_t n, const double *sorted, double p)
{
    double h = (double)(n - 1) * p;
    size_t below = (size_t)floor(h), above = below + 1 < n ? below + 1 : below;
    return sorted[below] + (h - (double)below) * (sorted[above] - sorted[below]);
}

/* mean |X - y| - 1/2 mean |X - X'| over all n^2 pairs; by ranks, sum |x_i - x_j| = 2 sum (2 i - n - 1) x_(i). */
static double crps_of(size_t n, const double *sorted, double y)
{
    double distance = 0, spread = 0, count = (double)n;
    for (size_t i = 0; i < n; i++) {
        distance += fabs(sorted[i] - y);
        spread += (2.0 * (double)i + 1 - count) * sorted[i];
    }
    return distance / count - spread / (count * count);
}

tj_judged tj_judge_draws(size_t n, double *draws, double observed)
{
    assert(n > 0);
    tj_judged j = {.observed = observed};
    qsort(draws, n, sizeof *draws, ascending);
    double below = 0;
    for (size_t i = 0; i < n && draws[i] <= observed; i++)
        below += draws[i] < observed ? 1 : 0.5; /* a tie is half below */
    for (int k = 0; k < TJ_HINDCAST_LEVELS; k++)
        j.quantile[k] = quantile_of(n, draws, levels[k]);
    j.pit = below / (double)n;
    j.crps = crps_of(n, draws, observed);
    return j;
}

tj_judged tj_judge_point(double forecast, double observed)
{
    tj_judged j = {.observed = observed, .crps = fabs(forecast - observed), .pit = NAN};
    for (int k = 0; k < TJ_HINDCAST_LEVELS; k++)
        j.quantile[k] = forecast;
    return j;
}

double tj_pinball(double p, double quantile, double observed)
{
    double over = observed - quantile;
    return over >= 0 ? p * over : (p - 1) * over;
}

static int inside(const tj_judged *j, int low, int high)
{
    return j->quantile[low] <= j->observed && j->observed <= j->quantile[high];
}

static void add(tj_scores *s, const tj_judged *j, double share)
{
    s->mean_error += share * fabs(j->quantile[2] - j->observed);
    s->bias += share * (j->quantile[2] - j->observed);
    s->crps += share * j->crps;
    for (int k = 0; k < TJ_HINDCAST_LEVELS; k++)
        s->pinball[k] += share * tj_pinball(levels[k], j->quantile[k], j->observed);
    s->cover50 += share * inside(j, 1, 3);
    s->cover90 += share * inside(j, 0, 4);
    s->width50 += share * (j->quantile[3] - j->quantile[1]);
    s->width90 += share * (j->quantile[4] - j->quantile[0]);
    if (!isnan(j->pit))
        s->pit[(int)fmin(j->pit * TJ_HINDCAST_BINS, TJ_HINDCAST_BINS - 1)] += share;
}

tj_scores tj_hindcast_score(size_t n, const tj_judged *judged, double *work)
{
    tj_scores s = {.count = n};
    double share = 1.0 / (double)n; /* infinite without forecasts: then every score below is NaN */
    int plain = n > 0 && isnan(judged[0].pit);
    for (size_t i = 0; i < n; i++) {
        add(&s, &judged[i], share);
        work[i] = fabs(judged[i].quantile[2] - judged[i].observed);
    }
    s.median_error = n > 0 ? tj_robust_median(n, work) : NAN;
    if (n == 0)
        s.mean_error = s.bias = s.crps = NAN;
    if (n == 0 || plain)
        s.cover50 = s.cover90 = s.width50 = s.width90 = NAN;
    for (int k = 0; n == 0 && k < TJ_HINDCAST_LEVELS; k++)
        s.pinball[k] = NAN;
    for (int k = 0; (n == 0 || plain) && k < TJ_HINDCAST_BINS; k++)
        s.pit[k] = NAN;
    return s;
}
