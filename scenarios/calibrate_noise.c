/* Calibration: the noise of one sector, from the changes between years of the places that have it.
 *
 * Changes over every gap are used for what they are: a change over five years is one over five years. What
 * all places did together (the median) is taken off before a place's own noise is measured. */
#include "engine/lanes.h"
#include "scenarios/calibrate_parts.h"
#include "scenarios/robust.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RHOS = 51, PAIRS_MOST = 1024 }; /* rho from 0.50 to 1.00; enough for 45 years */
static const double RHO_LEAST = 0.5, RHO_STEP = 0.01;
static const double HALF_PI = 1.5707963267948966;
static const double LEAST_SHARE = 0.1; /* of a spread that is noise, whatever the growth explains */

/* A pair of years and its changes over places. */
typedef struct changes {
    const tj_calibrator *c;
    size_t sector, left_out, i, j; /* from year i to year j */
    size_t n;
    double *value, *size; /* log x(j) - log x(i); log size by which it is scaled */
} changes;

static double gap(const changes *d)
{
    return d->c->years[d->j] - d->c->years[d->i];
}

/* Fills in the changes of places with both years; size is the mean of both logarithms, or the earlier one. */
static size_t gather(changes *d, int earlier)
{
    const double *from = tj_known_sector(d->c, d->sector, d->i), *to = tj_known_sector(d->c, d->sector, d->j);
    d->n = 0;
    for (size_t p = 0; p < d->c->n_places; p++) {
        if (p == d->left_out || isnan(from[p]) || isnan(to[p]))
            continue;
        d->value[d->n] = to[p] - from[p];
        d->size[d->n++] = earlier ? fmax(from[p], 0) : 0.5 * (from[p] + to[p]);
    }
    return d->n;
}

/* The latest year before j that at least TJ_FEWEST_PLACES share with it; 0 where there is none. */
static int neighbour(changes *d)
{
    for (size_t i = d->j; i-- > 0;) {
        d->i = i;
        if (gather(d, 0) >= TJ_FEWEST_PLACES)
            return 1;
    }
    return 0;
}

static double median_of(size_t n, const double *x, double *work)
{
    memcpy(work, x, n * sizeof *x);
    return tj_robust_median(n, work);
}

/* ---- size ---- */

/* Sums of a regression of log |change| / sqrt(gap) on log size. */
typedef struct line {
    double n, x, y, xx, xy;
} line;

static void add_points(const changes *d, double *work, line *sums)
{
    double middle = median_of(d->n, d->value, work), root = sqrt(gap(d));
    for (size_t k = 0; k < d->n; k++) {
        double away = fabs(d->value[k] - middle);
        if (away == 0)
            continue;
        double y = tj_log(away / root), x = d->size[k];
        sums->n += 1;
        sums->x += x;
        sums->y += y;
        sums->xx += x * x;
        sums->xy += x * y;
    }
}

/* The power by which noise falls with size: between 0, parts that move as one, and 1/2, independent parts.
 * The typical size is the mean log size of the changes used. */
static void fit_size(changes *d, double *work, tj_noise *noise)
{
    line sums = {0};
    for (d->j = 1; d->j < d->c->n_years; d->j++) {
        if (!neighbour(d))
            continue;
        add_points(d, work, &sums);
        noise->observations += d->n;
        noise->places = d->n > noise->places ? d->n : noise->places;
    }
    if (sums.n == 0)
        return;
    noise->log_size = sums.x / sums.n;
    double xx = sums.xx - sums.x * noise->log_size, xy = sums.xy - sums.y * noise->log_size;
    noise->power = xx > 0 ? fmin(fmax(-xy / xx, 0), 0.5) : 0;
}

/* ---- spread against gap ---- */

/* Squared robust spread of changes over a gap, scaled to the typical size. */
typedef struct spread {
    double gap, square;
} spread;

static size_t measure_spreads(changes *d, const tj_noise *noise, double *work, spread *pairs)
{
    size_t count = 0;
    for (d->j = 1; d->j < d->c->n_years; d->j++) {
        for (d->i = 0; d->i < d->j && count < PAIRS_MOST; d->i++) {
            if (gather(d, 1) < TJ_FEWEST_PLACES)
                continue;
            double middle = median_of(d->n, d->value, work);
            for (size_t k = 0; k < d->n; k++)
                work[k] = (d->value[k] - middle) * tj_exp(noise->power * (d->size[k] - noise->log_size));
            middle = median_of(d->n, work, work + d->c->n_places);
            double scale = tj_robust_scale(d->n, work, middle);
            if (scale > 0)
                pairs[count++] = (spread){gap(d), scale * scale};
        }
    }
    return count;
}

/* Variance after `gap` years of u(t) = rho u(t-1) + z(t), u(0) = 0. */
static double grown(double rho, double gap)
{
    double sum = 0, power = 1;
    for (int t = 0; t < (int)gap; t++) {
        sum += power;
        power *= rho * rho;
    }
    return sum;
}

/* rho on a grid and sigma that fit the logarithms of the squared spreads best, after what the uncertain rate
 * of a place explains has been taken off. */
static void fit_spreads(size_t count, const spread *pairs, double growth_sd, tj_noise *noise)
{
    double least = INFINITY;
    for (int k = 0; k < RHOS; k++) {
        double rho = RHO_LEAST + RHO_STEP * k, sum = 0, square = 0;
        for (size_t i = 0; i < count; i++) {
            double slope = growth_sd * pairs[i].gap;
            double own = fmax(pairs[i].square - slope * slope, LEAST_SHARE * pairs[i].square);
            double e = tj_log(own / grown(rho, pairs[i].gap));
            sum += e;
            square += e * e;
        }
        double mean = sum / (double)count, loss = square - sum * mean;
        if (loss < least) {
            least = loss;
            noise->rho = fmin(rho, 1);
            noise->sigma = tj_exp(0.5 * mean);
        }
    }
}

/* ---- the shared shock ---- */

/* Weighted by tonnes: what a tonne of the sector lived through. */
static double by_tonnes(const changes *d, tj_weighted *work)
{
    for (size_t k = 0; k < d->n; k++)
        work[k] = (tj_weighted){d->value[k], tj_exp(d->size[k])};
    return tj_robust_weighted_median(d->n, work);
}

/* The place's last positive value of the sector, 0 where it has none. */
static double last_tonnes(const tj_calibrator *c, size_t sector, size_t place)
{
    for (size_t y = c->n_years; y-- > 0;)
        if (!isnan(tj_known_sector(c, sector, y)[place]))
            return tj_exp(tj_known_sector(c, sector, y)[place]);
    return 0;
}

static double common_slope(const tj_calibrator *c, size_t sector, size_t left_out, tj_weighted *work)
{
    const double *slope = c->sector_slope + sector * c->n_places;
    size_t n = 0;
    for (size_t p = 0; p < c->n_places; p++)
        if (p != left_out && !isnan(slope[p]))
            work[n++] = (tj_weighted){slope[p], last_tonnes(c, sector, p)};
    return n < TJ_FEWEST_PLACES ? NAN : tj_robust_weighted_median(n, work);
}

/* Variance, per year, that the places' own noise alone gives a weighted median of normal numbers:
 * (pi / 2) sum w^2 / (sum w / sigma_k)^2. */
static double chance_variance(const changes *d, const tj_noise *noise)
{
    double squares = 0, sharp = 0;
    for (size_t k = 0; k < d->n; k++) {
        double w = tj_exp(d->size[k]);
        squares += w * w;
        sharp += w / (noise->sigma * tj_exp(-noise->power * (d->size[k] - noise->log_size)));
    }
    return HALF_PI * squares / (sharp * sharp);
}

/* Robust spread of the common changes of neighbouring years about the sector's common slope, less what chance
 * among so many places would give. */
static double shared_shock(changes *d, const tj_noise *noise, double *residuals, tj_weighted *work)
{
    double slope = common_slope(d->c, d->sector, d->left_out, work), chance = 0;
    size_t n = 0;
    for (d->j = 1; d->j < d->c->n_years && !isnan(slope); d->j++) {
        if (!neighbour(d))
            continue;
        residuals[n++] = (by_tonnes(d, work) - slope * gap(d)) / sqrt(gap(d));
        chance += noise->sigma > 0 ? chance_variance(d, noise) : 0;
    }
    if (n == 0)
        return 0;
    double scale = tj_robust_scale(n, residuals, 0);
    return sqrt(fmax(scale * scale - chance / (double)n, 0));
}

tj_noise tj_calibrate_noise(const tj_calibrator *c, size_t sector, size_t left_out, double growth_sd,
                            double *work)
{
    tj_noise noise = {.rho = 1};
    spread pairs[PAIRS_MOST];
    double residuals[PAIRS_MOST];
    size_t n = c->n_places;
    changes d = {.c = c, .sector = sector, .left_out = left_out, .value = work, .size = work + n};
    if (c->n_years < 2)
        return noise;
    fit_size(&d, work + 2 * n, &noise);
    size_t count = measure_spreads(&d, &noise, work + 2 * n, pairs);
    if (count > 0)
        fit_spreads(count, pairs, growth_sd, &noise);
    noise.shock = shared_shock(&d, &noise, residuals, (tj_weighted *)(void *)(work + 4 * n));
    return noise;
}
