/* The designs: strata, marginals, discrepancy, and what their draws depend on. */
#include "engine/design.h"

#include "engine/draws.h"
#include "engine/threefry.h"
#include "tests/harness.h"
#include "tests/plan_maker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = 4096, M = N / TJ_REPLICATES };

/* A plan of one parameter of each kind, `extra` more standing before them, by a design. */
typedef struct sample {
    tj_plan *plan;
    tj_draws draws;
    tj_term term[TJ_DIST_KINDS];
} sample;

static const double values[] = {1, 2, 4}, weights[] = {1, 1, 2};
static const tj_dist dists[TJ_DIST_KINDS] = {
    [TJ_DIST_NORMAL] = {.kind = TJ_DIST_NORMAL, .p = {10, 2}},
    [TJ_DIST_LOGNORMAL] = {.kind = TJ_DIST_LOGNORMAL, .p = {0, 0.5}},
    [TJ_DIST_UNIFORM] = {.kind = TJ_DIST_UNIFORM, .p = {-1, 3}},
    [TJ_DIST_TRIANGULAR] = {.kind = TJ_DIST_TRIANGULAR, .p = {0, 1, 4}},
    [TJ_DIST_PERT] = {.kind = TJ_DIST_PERT, .p = {0, 1, 4}},
    [TJ_DIST_BETA] = {.kind = TJ_DIST_BETA, .p = {2, 3, 0, 1}},
    [TJ_DIST_DISCRETE] = {.kind = TJ_DIST_DISCRETE, .values = values, .weights = weights, .count = 3},
};
/* Standard deviations: of the lognormal exp(1/8) sqrt(e^(1/4) - 1), of the discrete one sqrt(1.6875). */
static const double spread[TJ_DIST_KINDS] = {0, 2, 0.6039, 1.1547, 0.8498, 0.7127, 0.2, 1.2990};

static void open_sample(sample *s, int design, size_t extra, int threads)
{
    static const char *const names[TJ_DIST_KINDS] = {"fixed", "n", "l", "u", "t", "p", "b", "d"};
    static const char *const more[] = {"x", "y", "z"};
    static const double history[] = {100, 90};
    tj_maker *maker = tj_maker_create(2019, 2025, 1, 1);
    for (size_t i = 0; i < extra; i++)
        tj_maker_param(maker, more[i], TJ_DIST_UNIFORM, 0, 1, 0, 0);
    for (int k = TJ_DIST_NORMAL; k < TJ_DIST_DISCRETE; k++)
        s->term[k] = tj_maker_param(maker, names[k], (tj_dist_kind)k, dists[k].p[0], dists[k].p[1],
                                    dists[k].p[2], dists[k].p[3]);
    s->term[TJ_DIST_DISCRETE] = tj_maker_discrete(maker, "d", values, weights, 3);
    tj_maker_city(maker, 2020);
    tj_maker_trend(maker, 0, history, 0);
    tj_maker_settings(maker)->design = design;
    s->plan = tj_maker_finish(maker);
    CU_ASSERT_EQUAL_FATAL(tj_draws_init(&s->draws, s->plan, N, threads), TJ_OK);
}

static void close_sample(sample *s)
{
    tj_draws_free(&s->draws);
    tj_plan_free(s->plan);
}

static const double *row(const sample *s, int kind)
{
    return s->draws.value + (size_t)s->term[kind].param * N;
}

static double mean_of(const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < N; i++)
        sum += x[i];
    return sum / N;
}

/* Plain: four standard errors. Strata of 1 / M leave less than a fifth of one. */
static void moments(void)
{
    for (int design = 0; design < TJ_DESIGNS; design++) {
        sample s;
        open_sample(&s, design, 0, 2);
        for (int k = TJ_DIST_NORMAL; k < TJ_DIST_KINDS; k++) {
            double error = 4 * spread[k] / sqrt(N) * (design == TJ_DESIGN_MONTE_CARLO ? 1 : 0.05), sum = 0;
            double mean = tj_dists[k].mean(&dists[k]);
            CU_ASSERT_DOUBLE_EQUAL(mean_of(row(&s, k)), mean, error);
            for (size_t i = 0; i < N; i++)
                sum += (row(&s, k)[i] - mean) * (row(&s, k)[i] - mean);
            CU_ASSERT_DOUBLE_EQUAL(sqrt(sum / N), spread[k],
                                   spread[k] * (design == TJ_DESIGN_MONTE_CARLO ? 0.08 : 0.02));
        }
        close_sample(&s);
    }
}

/* Draws up to the p-quantile are p of all: within one of p M in every replicate of a designed sample. */
static void marginals(void)
{
    for (int design = TJ_DESIGN_LATIN; design < TJ_DESIGNS; design++) {
        sample s;
        open_sample(&s, design, 0, 2);
        for (int k = TJ_DIST_NORMAL; k < TJ_DIST_DISCRETE; k++)
            for (double p = 0.05; p < 1; p += 0.15) {
                double x;
                tj_dists[k].inverse(&dists[k], 1, &p, &x);
                for (size_t r = 0; r < TJ_REPLICATES; r++) {
                    size_t below = 0;
                    for (size_t i = 0; i < M; i++)
                        below += row(&s, k)[r * M + i] <= x;
                    CU_ASSERT(fabs((double)below - p * M) <= 1);
                }
            }
        close_sample(&s);
    }
}

static void column(int design, size_t dimension, size_t n, double *u)
{
    tj_column_at at = {.seed = 5, .stream = tj_stream("column") + dimension, .dimension = dimension};
    tj_designs[design].column(&at, n, u);
}

static void strata(void)
{
    static double u[N];
    for (size_t n = TJ_REPLICATES; n <= N; n += 240) {
        size_t m = n / TJ_REPLICATES, wrong = 0;
        column(TJ_DESIGN_LATIN, 0, n, u);
        for (size_t r = 0; r < TJ_REPLICATES; r++) {
            unsigned char seen[M] = {0};
            for (size_t i = 0; i < m; i++)
                seen[(size_t)(u[r * m + i] * (double)m)]++;
            for (size_t i = 0; i < m; i++)
                wrong += seen[i] != 1;
        }
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

/* Every order of three strata about as often: 6 orders in 16 x 500 replicates, 4 deviations of 1333. */
static void orders(void)
{
    enum { SEEDS = 500 };
    double u[3 * TJ_REPLICATES], count[27] = {0};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        tj_column_at at = {.seed = seed, .stream = 11};
        tj_designs[TJ_DESIGN_LATIN].column(&at, 3 * TJ_REPLICATES, u);
        for (size_t r = 0; r < TJ_REPLICATES; r++)
            count[(int)(3 * u[3 * r]) * 9 + (int)(3 * u[3 * r + 1]) * 3 + (int)(3 * u[3 * r + 2])]++;
    }
    int seen = 0;
    for (int i = 0; i < 27; i++)
        if (count[i] > 0) {
            seen++;
            CU_ASSERT_DOUBLE_EQUAL(count[i], SEEDS * TJ_REPLICATES / 6.0, 134);
        }
    CU_ASSERT_EQUAL(seen, 6);
}

/* Squared L2 star discrepancy (Warnock 1972) of m points in D dimensions, u[k * stride + i]. */
enum { D = 4 };
static double discrepancy(const double *u, size_t stride, size_t m)
{
    double one = 0, two = 0;
    for (size_t i = 0; i < m; i++) {
        double product = 1;
        for (size_t k = 0; k < D; k++)
            product *= 1 - u[k * stride + i] * u[k * stride + i];
        one += product;
        for (size_t j = 0; j < m; j++) {
            product = 1;
            for (size_t k = 0; k < D; k++)
                product *= 1 - fmax(u[k * stride + i], u[k * stride + j]);
            two += product;
        }
    }
    double n = (double)m;
    return pow(3, -D) - one / n * pow(2, 1 - D) + two / n / n;
}

static double mean_discrepancy(int design, size_t m)
{
    static double u[D * N];
    double sum = 0;
    for (size_t k = 0; k < D; k++)
        column(design, k, m * TJ_REPLICATES, u + k * N);
    for (size_t r = 0; r < TJ_REPLICATES; r++)
        sum += discrepancy(u + r * m, N, m);
    return sum / TJ_REPLICATES;
}

/* Of independent points it is (2^-D - 3^-D) / m on average. */
static void discrepancies(void)
{
    double before = 1;
    for (size_t m = 16; m <= M; m *= 4) {
        double plain = mean_discrepancy(TJ_DESIGN_MONTE_CARLO, m);
        double latin = mean_discrepancy(TJ_DESIGN_LATIN, m), sobol = mean_discrepancy(TJ_DESIGN_SOBOL, m);
        CU_ASSERT_DOUBLE_EQUAL(plain * (double)m, 0.0625 - 1.0 / 81, 0.025);
        CU_ASSERT(sobol < latin && latin < plain);
        CU_ASSERT(sobol < before / 5);
        before = sobol;
    }
}

/* Adding parameters changes nothing in a Latin hypercube; in a Sobol net the dimension moves with the order. */
static void others(void)
{
    sample alone, among;
    for (int design = 0; design < TJ_DESIGNS; design++) {
        open_sample(&alone, design, 0, 1);
        open_sample(&among, design, 3, 3);
        for (int k = TJ_DIST_NORMAL; k < TJ_DIST_KINDS; k++)
            CU_ASSERT_EQUAL(memcmp(row(&alone, k), row(&among, k), N * sizeof(double)) == 0,
                            design != TJ_DESIGN_SOBOL);
        close_sample(&among);
        open_sample(&among, design, 0, 4);
        CU_ASSERT_EQUAL(memcmp(alone.draws.value, among.draws.value, 7 * N * sizeof(double)), 0);
        close_sample(&among);
        close_sample(&alone);
    }
}

/* Parameters of one stream are one dimension: the next is not pushed on. */
static void one_stream(void)
{
    static const double history[] = {100, 90};
    tj_plan *plan[2];
    tj_draws draws[2];
    for (int twice = 0; twice < 2; twice++) {
        tj_maker *maker = tj_maker_create(2019, 2025, 1, 1);
        for (int i = 0; i <= twice; i++)
            tj_maker_param(maker, "a", TJ_DIST_UNIFORM, 0, 1 + i, 0, 0);
        tj_maker_param(maker, "b", TJ_DIST_UNIFORM, 0, 1, 0, 0);
        tj_maker_city(maker, 2020);
        tj_maker_trend(maker, 0, history, 0);
        tj_maker_settings(maker)->design = TJ_DESIGN_SOBOL;
        plan[twice] = tj_maker_finish(maker);
        CU_ASSERT_EQUAL_FATAL(tj_draws_init(&draws[twice], plan[twice], 64, 1), TJ_OK);
    }
    for (size_t d = 0; d < 64; d++) {
        CU_ASSERT_EQUAL(draws[0].value[64 + d], draws[1].value[128 + d]);
        CU_ASSERT_EQUAL(2 * draws[1].value[d], draws[1].value[64 + d]);
    }
    for (int i = 0; i < 2; i++) {
        tj_draws_free(&draws[i]);
        tj_plan_free(plan[i]);
    }
}

static void numbers(void)
{
    static const size_t rows[][4] = {
        {1, 1, 16, 16}, {16, 16, 16, 16}, {17, 17, 32, 32}, {1000, 1000, 1008, 1024}};
    for (size_t i = 0; i < 4; i++)
        for (int design = 0; design < TJ_DESIGNS; design++)
            CU_ASSERT_EQUAL(tj_designs[design].draws(rows[i][0]), rows[i][design + 1]);
    for (int design = 0; design < TJ_DESIGNS; design++)
        CU_ASSERT(strlen(tj_designs[design].name) > 0 && strlen(tj_designs[design].sentence) > 0);
}

int main(void)
{
    static const tj_test tests[] = {
        {"every distribution has its mean and spread under every design", moments},
        {"every replicate of a design has its share of draws below any quantile", marginals},
        {"a Latin hypercube has one draw in each stratum", strata},
        {"its strata come in every order alike", orders},
        {"discrepancy falls from plain to Latin to Sobol, and with the number of points", discrepancies},
        {"other parameters and threads change no draw, but for the dimensions of Sobol", others},
        {"parameters of one stream are one dimension", one_stream},
        {"each design says which numbers of draws it can make", numbers},
    };
    return TJ_RUN("design", tests);
}
