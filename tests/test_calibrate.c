/* Calibration: robust statistics by hand, known parameters recovered from simulated pools, and nothing read
 * that must not be: a place left out, a year after the last. */
#include "engine/lanes.h"
#include "scenarios/calibrate.h"
#include "scenarios/robust.h"
#include "tests/harness.h"
#include "tests/random_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 120, SECTORS = 2, YEARS = 34, FIRST = 1990 };

/* ---- robust statistics ---- */

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void medians(void)
{
    tj_random r = tj_random_from(5, 'M', 0, 0);
    for (size_t n = 1; n < 60; n++) {
        double x[60], sorted[60];
        for (size_t i = 0; i < n; i++)
            x[i] = sorted[i] = tj_random_below(&r, 9); /* many ties */
        qsort(sorted, n, sizeof *sorted, ascending);
        double expected = n % 2 == 1 ? sorted[n / 2] : 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]);
        CU_ASSERT_EQUAL(tj_robust_median(n, x), expected);
    }
}

static void scales(void)
{
    double x[5] = {1, 2, 4, 7, 100}; /* about 4: 3, 2, 0, 3, 96: median 3 */
    CU_ASSERT_DOUBLE_EQUAL(tj_robust_scale(5, x, 4), 1.4826 * 3, 1e-12);
    tj_weighted w[4] = {{5, 1}, {1, 2}, {3, 2}, {9, 1}}; /* weights 2, 4 of 6 at or below 1, 3 */
    CU_ASSERT_EQUAL(tj_robust_weighted_median(4, w), 3);
    CU_ASSERT_EQUAL(tj_robust_clip(7, 1, 2), 3);
    CU_ASSERT_EQUAL(tj_robust_clip(-7, 1, 2), -1);
}

/* ---- simulated pools ---- */

typedef struct truth {
    double growth, rate_sd, sigma, rho, power, shock;
} truth;

typedef struct pool {
    int years[YEARS];
    double x[PLACES * SECTORS * YEARS];
    tj_histories histories;
} pool;

static double normal(tj_random *r)
{
    return tj_normal_inverse(tj_random_between(r, 1e-9, 1 - 1e-9));
}

/* Both sectors of a place have its rate; sector 0 is large and quiet, so that totals show the rate. */
static void make_pool(pool *p, const truth *t, uint64_t seed)
{
    tj_random r = tj_random_from(seed, 'P', 0, 0);
    double shock[YEARS] = {0};
    for (int y = 1; y < YEARS; y++)
        shock[y] = shock[y - 1] + t->shock * normal(&r);
    for (int place = 0; place < PLACES; place++) {
        double rate = t->growth + t->rate_sd * normal(&r), log_size = tj_random_between(&r, 5, 11), u = 0;
        double sigma = t->sigma * exp(-t->power * (log_size - 8));
        if (t->rho < 1)
            u = sigma / sqrt(1 - t->rho * t->rho) * normal(&r);
        for (int y = 0; y < YEARS; y++) {
            double *x = p->x + place * SECTORS * YEARS + y;
            x[0] = exp(13 + rate * y + 0.005 * normal(&r));
            x[YEARS] = exp(log_size + rate * y + u + shock[y]);
            u = t->rho * u + sigma * normal(&r);
        }
    }
    for (int y = 0; y < YEARS; y++)
        p->years[y] = FIRST + y;
    p->histories = (tj_histories){PLACES, SECTORS, YEARS, p->years, p->x};
}

static void estimate(const pool *p, int last, size_t left_out, tj_rate *rate, tj_noise noise[SECTORS])
{
    tj_calibrator *c = tj_calibrator_create(&p->histories, last);
    CU_ASSERT_PTR_NOT_NULL_FATAL(c);
    CU_ASSERT_EQUAL(tj_calibrate(c, left_out, rate, noise), TJ_OK);
    tj_calibrator_free(c);
}

/* Averages over a few pools, so that a bias shows and chance does not. A place that is known stands off its
 * path already: from there a process that returns with rho spreads as the engine's u(H) = 0 does with
 * sqrt(rho) and sigma sqrt(2 / (1 + rho)), since 2 s^2 (1 - rho^n) is what both have after n years. */
static void recovers(const truth *t)
{
    static pool p;
    truth mean = {0};
    const int pools = 8;
    for (int k = 0; k < pools; k++) {
        tj_rate rate;
        tj_noise noise[SECTORS];
        make_pool(&p, t, 100 + (uint64_t)k);
        estimate(&p, FIRST + YEARS, TJ_NOBODY, &rate, noise);
        mean.growth += rate.rate / pools;
        mean.sigma += noise[1].sigma * exp(-noise[1].power * (8 - noise[1].log_size)) / pools;
        mean.rho += noise[1].rho / pools;
        mean.power += noise[1].power / pools;
        mean.shock += noise[1].shock / pools;
        CU_ASSERT_EQUAL(noise[1].observations, PLACES * (YEARS - 1));
        CU_ASSERT_EQUAL(noise[1].places, PLACES);
    }
    CU_ASSERT_DOUBLE_EQUAL(mean.growth, t->growth, 0.003);
    CU_ASSERT_DOUBLE_EQUAL(mean.sigma, t->sigma * sqrt(2 / (1 + t->rho)), 0.1 * t->sigma);
    CU_ASSERT_DOUBLE_EQUAL(mean.rho, sqrt(t->rho), 0.02);
    CU_ASSERT_DOUBLE_EQUAL(mean.power, t->power, 0.03);
    CU_ASSERT_DOUBLE_EQUAL(mean.shock, t->shock, 0.15 * t->shock + 0.12 * t->sigma);
}

static void a_random_walk(void)
{
    recovers(&(truth){.growth = -0.03, .rate_sd = 0.002, .sigma = 0.2, .rho = 1, .power = 0, .shock = 0});
}

static void noise_that_falls_with_size(void)
{
    recovers(&(truth){.growth = 0.01, .rate_sd = 0.002, .sigma = 0.1, .rho = 1, .power = 0.3, .shock = 0});
}

static void a_shared_shock(void)
{
    recovers(
        &(truth){.growth = -0.02, .rate_sd = 0.001, .sigma = 0.08, .rho = 1, .power = 0.2, .shock = 0.06});
}

static void noise_that_returns(void)
{
    recovers(&(truth){.growth = -0.02, .rate_sd = 0, .sigma = 0.1, .rho = 0.8, .power = 0, .shock = 0});
}

/* Rates that differ and stay last wholly; with nothing but chance between places, nothing lasts. */
static void persistence(void)
{
    static pool p;
    tj_rate rate;
    tj_noise noise[SECTORS];
    make_pool(&p, &(truth){.growth = -0.02, .rate_sd = 0.03, .sigma = 0.01, .rho = 1}, 3);
    estimate(&p, FIRST + YEARS, TJ_NOBODY, &rate, noise);
    CU_ASSERT(rate.persistence > 0.8);
    CU_ASSERT_DOUBLE_EQUAL(rate.spread, 0.03, 0.006);
    make_pool(&p, &(truth){.growth = -0.02, .rate_sd = 0, .sigma = 0.01, .rho = 1}, 4);
    estimate(&p, FIRST + YEARS, TJ_NOBODY, &rate, noise);
    CU_ASSERT(rate.persistence < 0.2);
}

/* ---- what is not read ---- */

static const truth usual = {-0.02, 0.01, 0.15, 0.95, 0.2, 0.04};

static void left_out(void)
{
    static pool p, poisoned;
    tj_rate a, b, all;
    tj_noise na[SECTORS], nb[SECTORS], nall[SECTORS];
    enum { OUT = 17 };
    make_pool(&p, &usual, 9);
    poisoned = p;
    poisoned.histories.x = poisoned.x;
    poisoned.histories.years = poisoned.years;
    for (int i = 0; i < SECTORS * YEARS; i++)
        poisoned.x[OUT * SECTORS * YEARS + i] = i % 3 == 0 ? NAN : i % 3 == 1 ? 0 : 1e12 * i;
    estimate(&p, 2015, OUT, &a, na);
    estimate(&poisoned, 2015, OUT, &b, nb);
    CU_ASSERT(memcmp(&a, &b, sizeof a) == 0 && memcmp(na, nb, sizeof na) == 0);
    estimate(&p, 2015, TJ_NOBODY, &all, nall);
    CU_ASSERT(memcmp(&a, &all, sizeof a) != 0); /* leaving out is not a no-op */
    CU_ASSERT_EQUAL(a.places, PLACES - 1);
}

static void years_after_the_last(void)
{
    static pool p, poisoned;
    tj_rate a, b;
    tj_noise na[SECTORS], nb[SECTORS];
    make_pool(&p, &usual, 10);
    poisoned = p;
    poisoned.histories.x = poisoned.x;
    poisoned.histories.years = poisoned.years;
    for (int i = 0; i < PLACES * SECTORS * YEARS; i++)
        if (FIRST + i % YEARS > 2010)
            poisoned.x[i] = i % 2 == 0 ? NAN : -1e9;
    estimate(&p, 2010, 3, &a, na);
    estimate(&poisoned, 2010, 3, &b, nb);
    CU_ASSERT(memcmp(&a, &b, sizeof a) == 0 && memcmp(na, nb, sizeof na) == 0);
    tj_calibrator *known = tj_calibrator_create(&poisoned.histories, 2010);
    CU_ASSERT(isfinite(tj_calibrator_slope(known, 3)));
    tj_calibrator_free(known);
}

static void too_few(void)
{
    static pool p;
    tj_rate rate;
    tj_noise noise[SECTORS];
    make_pool(&p, &usual, 11);
    p.histories.n_places = TJ_FEWEST_PLACES;
    estimate(&p, 2010, TJ_NOBODY, &rate, noise);
    CU_ASSERT(!isnan(rate.rate) && noise[1].sigma > 0);
    estimate(&p, 2010, 0, &rate, noise);
    CU_ASSERT(isnan(rate.rate));
    CU_ASSERT(noise[1].sigma == 0 && noise[1].shock == 0 && noise[1].places == 0);
    estimate(&p, FIRST - 1, TJ_NOBODY, &rate, noise); /* nothing known yet */
    CU_ASSERT(isnan(rate.rate) && rate.places == 0);
}

/* ---- one place ---- */

static void shrinkage(void)
{
    const tj_rate rate = {.rate = -0.02, .persistence = 0.25, .spread = 0.04, .places = 50};
    const tj_noise noise = {.sigma = 0.2, .rho = 0.9, .log_size = 5, .power = 0.5, .shock = 0.03};
    tj_trend t = tj_trend_of(&rate, &noise, -0.06, exp(7));
    CU_ASSERT_DOUBLE_EQUAL(t.growth, -0.03, 1e-15);                       /* -0.02 - 0.04 / 4 */
    CU_ASSERT_DOUBLE_EQUAL(t.growth_sd, 0.04 * sqrt(0.25 * 0.75), 1e-15); /* what the place does not settle */
    CU_ASSERT_DOUBLE_EQUAL(t.sigma, 0.2 * exp(-1), 1e-14);                /* e^2 times the typical size */
    CU_ASSERT(t.rho == 0.9 && t.shock == 0.03 && t.delta == 1);
    t = tj_trend_of(&rate, &noise, NAN, 0.5);
    CU_ASSERT_DOUBLE_EQUAL(t.growth, -0.02, 0);             /* no history: the country's rate */
    CU_ASSERT_DOUBLE_EQUAL(t.growth_sd, 0.02, 1e-15);       /* 0.04 sqrt(0.25) */
    CU_ASSERT_DOUBLE_EQUAL(t.sigma, 0.2 * exp(2.5), 1e-13); /* below a tonne counts as a tonne */
}

int main(void)
{
    const tj_test tests[] = {
        {"the median by selection is the median by sorting", medians},
        {"robust scale, weighted median and clipping, by hand", scales},
        {"a random walk of known spread is recovered", a_random_walk},
        {"noise that falls with size is recovered", noise_that_falls_with_size},
        {"a shared shock is told from the places' own noise", a_shared_shock},
        {"noise that returns is told from noise that stays", noise_that_returns},
        {"own rates count for as much as they last", persistence},
        {"a place left out is not read", left_out},
        {"years after the last are not read", years_after_the_last},
        {"too few places teach nothing", too_few},
        {"a place's trend is its own slope shrunk, its noise that of its size", shrinkage},
    };
    return TJ_RUN("calibrate", tests);
}
