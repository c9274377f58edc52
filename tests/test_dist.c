/* Distributions: quantile functions against cumulative ones, closed forms and published values; means;
 * and what each kind says about impossible parameters. */
#include "engine/dist.h"

#include "engine/dist_beta.h"
#include "tests/harness.h"

#include <math.h>
#include <string.h>

static const double three[] = {1, 2, 4}, thirds[] = {1, 0, 3};

/* One of each kind, and its standard deviation. */
static const struct {
    tj_dist dist;
    double sd;
} samples[] = {
    {{.kind = TJ_DIST_FIXED, .p = {3.5}}, 0},
    {{.kind = TJ_DIST_NORMAL, .p = {10, 2}}, 2},
    /* variance (e^(sigma^2) - 1) e^(2 mu + sigma^2) = 0.0408108 * 0.0104622 */
    {{.kind = TJ_DIST_LOGNORMAL, .p = {-2.3, 0.2}}, 0.0206634},
    {{.kind = TJ_DIST_UNIFORM, .p = {-1, 5}}, 1.7320508},
    /* (1 + 4 + 25 - 2 - 5 - 10)/18 = 13/18 */
    {{.kind = TJ_DIST_TRIANGULAR, .p = {1, 2, 5}}, 0.8498366},
    /* a = 2, b = 4: variance 16 * 8/(36 * 7) = 0.5079365 */
    {{.kind = TJ_DIST_PERT, .p = {1, 2, 5}}, 0.7126967},
    /* variance 4 * 6/(25 * 6) = 0.16 */
    {{.kind = TJ_DIST_BETA, .p = {2, 3, 0, 2}}, 0.4},
    /* weights 1, 0, 3 on 1, 2, 4: mean 3.25, variance (1 + 48)/4 - 3.25^2 = 1.6875 */
    {{.kind = TJ_DIST_DISCRETE, .values = three, .weights = thirds, .count = 3}, 1.2990381},
};
enum { SAMPLES = sizeof samples / sizeof samples[0] };

static void inverse(const tj_dist *d, size_t n, const double *u, double *x)
{
    tj_dists[d->kind].inverse(d, n, u, x);
}

static double quantile(const tj_dist *d, double u)
{
    double x;
    inverse(d, 1, &u, &x);
    return x;
}

static void listed(void)
{
    CU_ASSERT_EQUAL(SAMPLES, TJ_DIST_KINDS);
    for (int k = 0; k < TJ_DIST_KINDS; k++) {
        const tj_dist_record *r = &tj_dists[k];
        CU_ASSERT_EQUAL((int)r->kind, k);
        CU_ASSERT_EQUAL((int)samples[k].dist.kind, k);
        CU_ASSERT_PTR_EQUAL(tj_dist_find(r->name), r);
        CU_ASSERT(strlen(r->sentence) > 0 && r->parameters[0] != NULL);
        CU_ASSERT_PTR_NULL(r->fault(&samples[k].dist));
    }
    CU_ASSERT_PTR_NULL(tj_dist_find("gaussian"));
}

static void moments(void)
{
    enum { N = 20000 };
    static double u[N], x[N];
    for (size_t k = 0; k < SAMPLES; k++) {
        const tj_dist *d = &samples[k].dist;
        for (size_t i = 0; i < N; i++)
            u[i] = ((double)i + 0.5) / N;
        inverse(d, N, u, x);
        double sum = 0, squares = 0, mean = tj_dists[k].mean(d), falls = 0;
        for (size_t i = 0; i < N; i++) {
            sum += x[i];
            squares += (x[i] - mean) * (x[i] - mean);
            falls += i > 0 && x[i] < x[i - 1];
        }
        CU_ASSERT_DOUBLE_EQUAL(sum / N, mean, 1e-4 * samples[k].sd + 1e-15);
        CU_ASSERT_DOUBLE_EQUAL(sqrt(squares / N), samples[k].sd, 1e-3 * samples[k].sd);
        CU_ASSERT_EQUAL(falls, 0);
    }
}

static void neighbours(void)
{
    enum { N = 100 };
    double u[N], x[N];
    for (size_t k = 0; k < SAMPLES; k++) {
        const tj_dist *d = &samples[k].dist;
        size_t wrong = 0;
        for (size_t i = 0; i < N; i++)
            x[i] = u[i] = (double)(i * 37 % N + 1) / (N + 1);
        inverse(d, N, x, x);
        for (size_t i = 0; i < N; i++)
            wrong += x[i] != quantile(d, u[i]);
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

/* ---- cumulative distributions, independently ---- */

/* Integral of the beta density from 0 to x: Simpson's rule in t, x = t^4, which flattens the end. */
static long double beta_integral(long double a, long double b, long double x)
{
    enum { STEPS = 4000 };
    long double scale = expl(lgammal(a + b) - lgammal(a) - lgammal(b)), end = powl(x, 0.25L), sum = 0;
    for (int i = 1; i <= STEPS; i++) {
        long double t = end * i / STEPS;
        long double f = 4 * powl(t, 4 * a - 1) * powl(1 - powl(t, 4), b - 1);
        sum += f * (i == STEPS ? 1 : i % 2 ? 4 : 2);
    }
    return scale * sum * end / STEPS / 3;
}

static long double cumulative(const tj_dist *d, long double x)
{
    const double *p = d->p;
    switch (d->kind) {
    case TJ_DIST_NORMAL:
        return 0.5L * erfcl(-(x - p[0]) / p[1] * sqrtl(0.5L));
    case TJ_DIST_LOGNORMAL:
        return 0.5L * erfcl(-(logl(x) - p[0]) / p[1] * sqrtl(0.5L));
    case TJ_DIST_UNIFORM:
        return (x - p[0]) / (p[1] - p[0]);
    case TJ_DIST_TRIANGULAR:
        return x < p[1] ? (x - p[0]) * (x - p[0]) / ((p[2] - p[0]) * (p[1] - p[0]))
                        : 1 - (p[2] - x) * (p[2] - x) / ((p[2] - p[0]) * (p[2] - p[1]));
    case TJ_DIST_PERT:
        return beta_integral(1 + 4 * (p[1] - p[0]) / (p[2] - p[0]), 1 + 4 * (p[2] - p[1]) / (p[2] - p[0]),
                             (x - p[0]) / (p[2] - p[0]));
    default:
        return beta_integral(p[0], p[1], (x - p[2]) / (p[3] - p[2]));
    }
}

static void round_trip(void)
{
    for (int k = TJ_DIST_NORMAL; k <= TJ_DIST_BETA; k++)
        for (double u = 0.01; u < 1; u += 0.07)
            CU_ASSERT_DOUBLE_EQUAL((double)cumulative(&samples[k].dist, quantile(&samples[k].dist, u)), u,
                                   1e-12);
}

static double unit_beta(double a, double b, double u)
{
    tj_beta beta = tj_beta_make(a, b);
    return tj_beta_inverse(&beta, u);
}

/* I_x(a, 1) = x^a, I_x(1, b) = 1 - (1 - x)^b, the arc sine law, and I_x(a, a) about 1/2. */
static void beta_closed_forms(void)
{
    static const double shapes[] = {0.05, 0.5, 1, 2.5, 5, 40, 3000};
    for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++)
        for (double u = 1e-6; u < 1; u += 0.0499) {
            double a = shapes[s], x = pow(u, 1 / a), y = -expm1(log1p(-u) / a);
            CU_ASSERT_DOUBLE_EQUAL(unit_beta(a, 1, u), x, 1e-12 * x + 4e-16);
            CU_ASSERT_DOUBLE_EQUAL(unit_beta(1, a, u), y, 1e-12);
            CU_ASSERT_DOUBLE_EQUAL(unit_beta(a, a, 0.5), 0.5, 1e-11);
        }
    for (double u = 0.001; u < 1; u += 0.0333)
        CU_ASSERT_DOUBLE_EQUAL(unit_beta(0.5, 0.5, u), pow(sin(acos(-1) / 2 * u), 2), 1e-13);
}

/* From SciPy 1.10, scipy.stats.beta.ppf(u, a, b). */
static void beta_published(void)
{
    static const double rows[][4] = {
        {2, 5, 0.05, 0.06284989170835438},    {2, 3, 0.95, 0.7513953742698181},
        {0.5, 0.5, 0.3, 0.2061073738537634},  {10, 20, 0.999, 0.611272289639212},
        {1e5, 2e4, 0.3, 0.8327705127645939},  {1, 5, 1e-10, 2.00000000008e-11},
        {1e5, 0.01, 0.2, 0.9999999999999989},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CU_ASSERT_DOUBLE_EQUAL(unit_beta(rows[i][0], rows[i][1], rows[i][2]), rows[i][3], 1e-12 * rows[i][3]);
    CU_ASSERT_DOUBLE_EQUAL(unit_beta(0.01, 0.01, 0.4), 2.004276488633999e-10, 1e-21);
    CU_ASSERT_EQUAL(unit_beta(0.01, 1, 1e-10), 0); /* 1e-1000 is below the smallest number */
}

static void beta_parts(void)
{
    for (double x = 0.01; x < 2e5; x *= 1.37) {
        double want = (double)lgammal(x);
        CU_ASSERT_DOUBLE_EQUAL(tj_log_gamma(x), want, 1e-15 * fmax(4, fabs(want)));
    }
    tj_beta beta = tj_beta_make(2, 3);
    CU_ASSERT(tj_beta_cdf(&beta, 0) == 0 && tj_beta_cdf(&beta, 1) == 1);
    /* I_x(2, 3) = 6 x^2 - 8 x^3 + 3 x^4 */
    CU_ASSERT_DOUBLE_EQUAL(tj_beta_cdf(&beta, 0.5), 0.6875, 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(tj_beta_cdf(&beta, 0.1), 0.0523, 1e-16);
}

static void extremes(void)
{
    static const double ends[] = {0x1p-54, 1 - 0x1p-53};
    for (size_t k = 0; k < SAMPLES; k++) {
        double low, high;
        tj_dist_range(&samples[k].dist, &low, &high);
        for (int e = 0; e < 2; e++) {
            double x = quantile(&samples[k].dist, ends[e]);
            CU_ASSERT(isfinite(x) && x >= low && x <= high);
        }
    }
    double low, high;
    tj_dist_range(&samples[TJ_DIST_NORMAL].dist, &low, &high);
    CU_ASSERT(low == -INFINITY && high == INFINITY);
    tj_dist_range(&samples[TJ_DIST_LOGNORMAL].dist, &low, &high);
    CU_ASSERT(low == 0 && high == INFINITY);
    tj_dist_range(&samples[TJ_DIST_BETA].dist, &low, &high);
    CU_ASSERT(low == 0 && high == 2);
    tj_dist_range(&samples[TJ_DIST_DISCRETE].dist, &low, &high);
    CU_ASSERT(low == 1 && high == 4);
}

/* Shares 1/4, 0, 3/4: the first value up to and at 1/4; a weight of 0 is never drawn. */
static void discrete(void)
{
    const tj_dist *d = &samples[TJ_DIST_DISCRETE].dist;
    CU_ASSERT_EQUAL(quantile(d, 0x1p-54), 1);
    CU_ASSERT_EQUAL(quantile(d, 0.25), 1);
    CU_ASSERT_EQUAL(quantile(d, nextafter(0.25, 1)), 4);
    CU_ASSERT_EQUAL(quantile(d, 1 - 0x1p-53), 4);
}

static void impossible(void)
{
    static const double down[] = {2, 1}, negative[] = {1, -1}, none[] = {0, 0}, up[] = {1, 2};
    static const char finite[] = "every parameter must be a finite number";
    static const char order[] = "low must be below high, and mode between them";
    static const char shape[] = "a and b must lie between 0.01 and 100000";
    static const struct {
        tj_dist dist;
        const char *sentence;
    } rows[] = {
        {{.kind = TJ_DIST_FIXED, .p = {NAN}}, "the value must be a finite number"},
        {{.kind = TJ_DIST_NORMAL, .p = {0, 0}}, "sd must be positive"},
        {{.kind = TJ_DIST_NORMAL, .p = {INFINITY, 1}}, finite},
        {{.kind = TJ_DIST_LOGNORMAL, .p = {0, -1}}, "sigma must be positive"},
        {{.kind = TJ_DIST_LOGNORMAL, .p = {NAN, 1}}, finite},
        {{.kind = TJ_DIST_LOGNORMAL, .p = {900, 1}},
         "mu and sigma describe the logarithm: these are too large"},
        {{.kind = TJ_DIST_UNIFORM, .p = {2, 2}}, "low must be below high"},
        {{.kind = TJ_DIST_UNIFORM, .p = {-1e308, 1e308}}, finite},
        {{.kind = TJ_DIST_TRIANGULAR, .p = {1, 0.5, 2}}, order},
        {{.kind = TJ_DIST_TRIANGULAR, .p = {1, 1, 1}}, order},
        {{.kind = TJ_DIST_PERT, .p = {1, 3, 2}}, order},
        {{.kind = TJ_DIST_PERT, .p = {1, NAN, 2}}, finite},
        {{.kind = TJ_DIST_BETA, .p = {0, 1, 0, 1}}, shape},
        {{.kind = TJ_DIST_BETA, .p = {1, 1e6, 0, 1}}, shape},
        {{.kind = TJ_DIST_BETA, .p = {1, 1, 1, 0}}, "low must be below high"},
        {{.kind = TJ_DIST_BETA, .p = {1, 1, 0, INFINITY}}, finite},
        {{.kind = TJ_DIST_DISCRETE}, "at least one value is needed"},
        {{.kind = TJ_DIST_DISCRETE, .values = down, .weights = up, .count = 2},
         "values must ascend, each once"},
        {{.kind = TJ_DIST_DISCRETE, .values = up, .weights = negative, .count = 2},
         "weights must not be negative"},
        {{.kind = TJ_DIST_DISCRETE, .values = up, .weights = none, .count = 2},
         "weights must have a positive, finite sum"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *said = tj_dists[rows[i].dist.kind].fault(&rows[i].dist);
        CU_ASSERT_PTR_NOT_NULL_FATAL(said);
        CU_ASSERT_STRING_EQUAL(said, rows[i].sentence);
    }
}

static void two_quantiles(void)
{
    static const tj_dist_kind kinds[] = {TJ_DIST_NORMAL, TJ_DIST_LOGNORMAL, TJ_DIST_UNIFORM};
    tj_dist d;
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_PTR_NULL(tj_dist_from_quantiles(kinds[i], 0.05, 0.03, 0.9, 0.12, &d));
        CU_ASSERT_EQUAL(d.kind, kinds[i]);
        CU_ASSERT_DOUBLE_EQUAL(quantile(&d, 0.05), 0.03, 1e-15);
        CU_ASSERT_DOUBLE_EQUAL(quantile(&d, 0.9), 0.12, 1e-15);
    }
    CU_ASSERT_STRING_EQUAL(tj_dist_from_quantiles(TJ_DIST_NORMAL, 0.9, 1, 0.1, 2, &d),
                           "the two probabilities must ascend between 0 and 1");
    CU_ASSERT_STRING_EQUAL(tj_dist_from_quantiles(TJ_DIST_NORMAL, 0.1, 2, 0.9, 2, &d),
                           "the lower quantile must be below the upper one");
    CU_ASSERT_STRING_EQUAL(tj_dist_from_quantiles(TJ_DIST_LOGNORMAL, 0.1, 0, 0.9, 2, &d),
                           "the quantiles of a lognormal must be positive");
    CU_ASSERT_PTR_NOT_NULL(tj_dist_from_quantiles(TJ_DIST_UNIFORM, 0.1, 0, 0.9, INFINITY, &d));
}

int main(void)
{
    static const tj_test tests[] = {
        {"every kind is listed at its index and found by its name", listed},
        {"the mean and spread of a grid of quantiles are the distribution's, and quantiles ascend", moments},
        {"a quantile does not depend on its neighbours, and may replace its uniform", neighbours},
        {"the cumulative probability of a quantile is the uniform", round_trip},
        {"the beta's quantiles are the closed forms where there are any", beta_closed_forms},
        {"the beta's quantiles are the published ones", beta_published},
        {"the gamma and the incomplete beta function are right", beta_parts},
        {"the outermost uniforms give finite values within the range", extremes},
        {"discrete takes the first value whose share reaches the uniform", discrete},
        {"impossible parameters are named in a sentence", impossible},
        {"two quantiles give the distribution that has them", two_quantiles},
    };
    return TJ_RUN("dist", tests);
}
