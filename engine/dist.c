/* Distributions by inverse cumulative distribution; see dist.h.
 *
 * Invariant: a draw depends on the distribution and its own uniform alone, never on its
 * neighbours, so any block of draws has the bits of the whole. One record a kind. */
#include "engine/dist.h"

#include "engine/dist_beta.h"
#include "engine/lanes.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const char not_finite[] = "every parameter must be a finite number";

static int all_finite(size_t n, const double *p)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(p[i]))
            return 0;
    return 1;
}

/* ---- fixed ---- */

static const char *fixed_fault(const tj_dist *d)
{
    return all_finite(1, d->p) ? NULL : "the value must be a finite number";
}

static void fixed_inverse(const tj_dist *d, size_t n, const double *u, double *x)
{
    (void)u;
    for (size_t i = 0; i < n; i++)
        x[i] = d->p[0];
}

static double fixed_mean(const tj_dist *d)
{
    return d->p[0];
}

/* ---- normal: mean, sd ---- */

static const char *normal_fault(const tj_dist *d)
{
    if (!all_finite(2, d->p))
        return not_finite;
    return d->p[1] > 0 ? NULL : "sd must be positive";
}

static void normal_inverse(const tj_dist *d, size_t n, const double *u, double *x)
{
    tj_normal_inverse_lanes(n, u, x);
    for (size_t i = 0; i < n; i++)
        x[i] = d->p[0] + d->p[1] * x[i];
}

/* ---- lognormal: mu, sigma of the logarithm ---- */

static const char *lognormal_fault(const tj_dist *d)
{
    if (!all_finite(2, d->p))
        return not_finite;
    if (!(d->p[1] > 0))
        return "sigma must be positive";
    /* the farthest normal draw is 8.3 deviations out, the mean's logarithm mu + sigma^2 / 2 */
    double far = d->p[1] * (d->p[1] > 18.0 ? 0.5 * d->p[1] : 9.0);
    return fabs(d->p[0]) + far < 700.0 ? NULL : "mu and sigma describe the logarithm: these are too large";
}

static void lognormal_inverse(const tj_dist *d, size_t n, const double *u, double *x)
{
    normal_inverse(d, n, u, x);
    tj_exp_lanes(n, x, x);
}

static double lognormal_mean(const tj_dist *d)
{
    return tj_exp(d->p[0] + 0.5 * d->p[1] * d->p[1]);
}

/* ---- uniform: low, high ---- */

static const char *uniform_fault(const tj_dist *d)
{
    if (!all_finite(2, d->p) || !isfinite(d->p[1] - d->p[0]))
        return not_finite;
    return d->p[0] < d->p[1] ? NULL : "low must be below high";
}

static void uniform_inverse(const tj_dist *d, size_t n, const double *u, double *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = d->p[0] + (d->p[1] - d->p[0]) * u[i];
}

static double uniform_mean(const tj_dist *d)
{
    return 0.5 * d->p[0] + 0.5 * d->p[1];
}

/* ---- triangular and pert: low, mode, high ---- */

static const char *three_point_fault(const tj_dist *d)
{
    double low = d->p[0], mode = d->p[1], high = d->p[2];
    if (!all_finite(3, d->p) || !isfinite(high - low))
        return not_finite;
    return low < high && low <= mode && mode <= high ? NULL : "low must be below high, and mode between them";
}

static void triangular_inverse(const tj_dist *d, size_t n, const double *u, double *x)
{
    double low = d->p[0], high = d->p[2], width = high - low;
    double left = d->p[1] - low, right = high - d->p[1];
    double share = left / width; /* probability below the mode */
    for (size_t i = 0; i < n; i++)
        x[i] = u[i] < share ? low + width * sqrt(u[i] * (left / width))
                            : high - width * sqrt((1.0 - u[i]) * (right / width));
}

static double triangular_mean(const tj_dist *d)
{
    return d->p[0] + ((d->p[1] - d->p[0]) + (d->p[2] - d->p[0])) / 3.0;
}

/* A beta scaled to low .. high. */
static void scaled_beta(const tj_beta *beta, double low, double high, size_t n, const double *u, double *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = low + (high - low) * tj_beta_inverse(beta, u[i]);
}

/* Pert with lambda = 4 is the beta with a = 1 + 4 (mode - low)/(high - low), b = 6 - a. */
static void pert_inverse(const tj_dist *d, size_t n, const double *u, double *x)
{
    double low = d->p[0], high = d->p[2];
    tj_beta beta =
        tj_beta_make(1.0 + 4.0 * (d->p[1] - low) / (high - low), 1.0 + 4.0 * (high - d->p[1]) / (high - low));
    scaled_beta(&beta, low, high, n, u, x);
}

static double pert_mean(const tj_dist *d)
{
    return d->p[0] + (4.0 * (d->p[1] - d->p[0]) + (d->p[2] - d->p[0])) / 6.0;
}

/* ---- beta: a, b, low, high ---- */

static const char *beta_fault(const tj_dist *d)
{
    if (!all_finite(4, d->p) || !isfinite(d->p[3] - d->p[2]))
        return not_finite;
    for (int i = 0; i < 2; i++)
        if (!(d->p[i] >= TJ_BETA_SHAPE_LEAST && d->p[i] <= TJ_BETA_SHAPE_MOST))
            return "a and b must lie between 0.01 and 100000";
    return d->p[2] < d->p[3] ? NULL : "low must be below high";
}

static void beta_inverse(const tj_dist *d, size_t n, const double *u, double *x)
{
    tj_beta beta = tj_beta_make(d->p[0], d->p[1]);
    scaled_beta(&beta, d->p[2], d->p[3], n, u, x);
}

static double beta_mean(const tj_dist *d)
{
    return d->p[2] + (d->p[3] - d->p[2]) * (d->p[0] / (d->p[0] + d->p[1]));
}

/* ---- discrete: values ascending, weights ---- */

static double total_weight(const tj_dist *d)
{
    double total = 0;
    for (size_t i = 0; i < d->count; i++)
        total += d->weights[i];
    return total;
}

static const char *discrete_fault(const tj_dist *d)
{
    if (d->count == 0)
        return "at least one value is needed";
    if (!all_finite(d->count, d->values) || !all_finite(d->count, d->weights))
        return "every value and weight must be a finite number";
    for (size_t i = 0; i < d->count; i++) {
        if (i > 0 && !(d->values[i - 1] < d->values[i]))
            return "values must ascend, each once";
        if (d->weights[i] < 0)
            return "weights must not be negative";
    }
    double total = total_weight(d);
    return total > 0 && isfinite(total) ? NULL : "weights must have a positive, finite sum";
}

/* The first value whose cumulated share of the weights reaches u. */
static double discrete_at(const tj_dist *d, double total, double u)
{
    double sum = 0;
    size_t i = 0, last = d->count - 1;
    for (; i < last; i++) {
        sum += d->weights[i];
        if (sum / total >= u)
            break;
    }
    return d->values[i];
}

static void discrete_inverse(const tj_dist *d, size_t n, const double *u, double *x)
{
    double total = total_weight(d);
    for (size_t i = 0; i < n; i++)
        x[i] = discrete_at(d, total, u[i]);
}

static double discrete_mean(const tj_dist *d)
{
    double sum = 0, total = total_weight(d);
    for (size_t i = 0; i < d->count; i++)
        sum += d->values[i] * (d->weights[i] / total);
    return sum;
}

/* ---- the list ---- */

const tj_dist_record tj_dists[TJ_DIST_KINDS] = {
    {TJ_DIST_FIXED, "fixed", "one value, certain", {"value"}, 1, 0, fixed_fault, fixed_inverse, fixed_mean},
    {TJ_DIST_NORMAL,
     "normal",
     "the bell curve: mean and standard deviation",
     {"mean", "sd"},
     3,
     1,
     normal_fault,
     normal_inverse,
     fixed_mean},
    {TJ_DIST_LOGNORMAL,
     "lognormal",
     "positive and skewed: mean and standard deviation of the logarithm",
     {"mu", "sigma"},
     0,
     1,
     lognormal_fault,
     lognormal_inverse,
     lognormal_mean},
    {TJ_DIST_UNIFORM,
     "uniform",
     "every value between two bounds alike",
     {"low", "high"},
     3,
     1,
     uniform_fault,
     uniform_inverse,
     uniform_mean},
    {TJ_DIST_TRIANGULAR,
     "triangular",
     "straight lines up to the likeliest value and down again",
     {"low", "mode", "high"},
     7,
     0,
     three_point_fault,
     triangular_inverse,
     triangular_mean},
    {TJ_DIST_PERT,
     "pert",
     "smooth, with a likeliest value that weighs four times the bounds",
     {"low", "mode", "high"},
     7,
     0,
     three_point_fault,
     pert_inverse,
     pert_mean},
    {TJ_DIST_BETA,
     "beta",
     "bounded, with shape numbers a and b",
     {"a", "b", "low", "high"},
     12,
     0,
     beta_fault,
     beta_inverse,
     beta_mean},
    {TJ_DIST_DISCRETE,
     "discrete",
     "one of several values, by weight",
     {"values", "weights"},
     1,
     0,
     discrete_fault,
     discrete_inverse,
     discrete_mean},
};

const tj_dist_record *tj_dist_find(const char *name)
{
    for (size_t i = 0; i < TJ_DIST_KINDS; i++)
        if (strcmp(tj_dists[i].name, name) == 0)
            return &tj_dists[i];
    return NULL;
}

const char *tj_dist_from_quantiles(tj_dist_kind kind, double q0, double x0, double q1, double x1,
                                   tj_dist *dist)
{
    assert((unsigned)kind < TJ_DIST_KINDS && tj_dists[kind].by_quantiles);
    if (!(q0 > 0 && q0 < q1 && q1 < 1))
        return "the two probabilities must ascend between 0 and 1";
    if (!isfinite(x0) || !isfinite(x1))
        return not_finite;
    if (!(x0 < x1))
        return "the lower quantile must be below the upper one";
    if (kind == TJ_DIST_LOGNORMAL && !(x0 > 0))
        return "the quantiles of a lognormal must be positive";
    *dist = (tj_dist){.kind = kind};
    if (kind == TJ_DIST_UNIFORM) {
        double width = (x1 - x0) / (q1 - q0);
        dist->p[0] = x0 - q0 * width;
        dist->p[1] = x1 + (1.0 - q1) * width;
    } else {
        double y0 = kind == TJ_DIST_LOGNORMAL ? tj_log(x0) : x0, z0 = tj_normal_inverse(q0);
        double y1 = kind == TJ_DIST_LOGNORMAL ? tj_log(x1) : x1, z1 = tj_normal_inverse(q1);
        dist->p[1] = (y1 - y0) / (z1 - z0);
        dist->p[0] = y0 - z0 * dist->p[1];
    }
    return tj_dists[kind].fault(dist);
}

void tj_dist_range(const tj_dist *dist, double *low, double *high)
{
    /* Which parameters are the bounds; the kinds left out have none, or their values. */
    static const int bounds[TJ_DIST_KINDS][2] = {
        [TJ_DIST_UNIFORM] = {0, 1},
        [TJ_DIST_TRIANGULAR] = {0, 2},
        [TJ_DIST_PERT] = {0, 2},
        [TJ_DIST_BETA] = {2, 3},
    };
    *low = dist->p[bounds[dist->kind][0]];
    *high = dist->p[bounds[dist->kind][1]];
    if (dist->kind == TJ_DIST_DISCRETE) {
        *low = dist->values[0];
        *high = dist->values[dist->count - 1];
    } else if (dist->kind == TJ_DIST_NORMAL || dist->kind == TJ_DIST_LOGNORMAL) {
        *low = dist->kind == TJ_DIST_LOGNORMAL ? 0.0 : -(double)INFINITY;
        *high = (double)INFINITY;
    }
}
