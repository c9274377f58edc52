/* Gaussian copulas: the matrix, its factor, and what they do to draws. */
#include "engine/copula.h"

#include "engine/draws.h"
#include "engine/lanes.h"
#include "engine/threefry.h"
#include "tests/harness.h"
#include "tests/plan_maker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The formula with libm's sine, and Spearman's rho back: 6 / pi asin(r / 2). */
static void pearson(void)
{
    for (int i = -100; i <= 100; i++) {
        double rho = i / 100.0, r = tj_copula_pearson(rho);
        CU_ASSERT_DOUBLE_EQUAL(r, 2 * sin(acos(-1) * rho / 6), 4e-16);
        CU_ASSERT_DOUBLE_EQUAL(6 / acos(-1) * asin(r / 2), rho, 4e-16);
        CU_ASSERT_EQUAL(tj_copula_pearson(-rho), -r);
    }
    CU_ASSERT_EQUAL(tj_copula_pearson(0), 0);
    CU_ASSERT_EQUAL(tj_copula_pearson(1), 1);
    CU_ASSERT_EQUAL(tj_copula_pearson(-1), -1);
}

/* All correlations r: 1 - r (twice) and 1 + 2 r. A chain a-b, b-c of r: 1 - r sqrt 2, 1, 1 + r sqrt 2. */
static void eigenvalues(void)
{
    for (double r = -0.5; r < 1; r += 0.1) {
        double alike[9] = {1, r, r, r, 1, r, r, r, 1}, chain[9] = {1, r, 0, r, 1, r, 0, r, 1};
        CU_ASSERT_DOUBLE_EQUAL(tj_copula_least_eigenvalue(3, alike), fmin(1 - r, 1 + 2 * r), 1e-15);
        CU_ASSERT_DOUBLE_EQUAL(tj_copula_least_eigenvalue(3, chain), 1 - fabs(r) * sqrt(2), 1e-15);
    }
    double one[1] = {1}, two[4] = {1, -1, -1, 1};
    CU_ASSERT_EQUAL(tj_copula_least_eigenvalue(1, one), 1);
    CU_ASSERT_DOUBLE_EQUAL(tj_copula_least_eigenvalue(2, two), 0, 1e-16);
}

/* L L' is the matrix; L of (1 r; r 1) is (1 0; r sqrt(1 - r^2)). */
static void factors(void)
{
    double two[4] = {1, 0.6, 0.6, 1};
    tj_copula_factor(2, two);
    CU_ASSERT(two[0] == 1 && two[1] == 0 && two[2] == 0.6);
    CU_ASSERT_DOUBLE_EQUAL(two[3], 0.8, 1e-16);
    double a[16] = {1, .5, .2, 0, .5, 1, .3, -.1, .2, .3, 1, .4, 0, -.1, .4, 1}, l[16];
    memcpy(l, a, sizeof l);
    tj_copula_factor(4, l);
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++) {
            double sum = 0;
            for (size_t k = 0; k < 4; k++)
                sum += l[i * 4 + k] * l[j * 4 + k];
            CU_ASSERT_DOUBLE_EQUAL(sum, a[i * 4 + j], 2e-16);
            CU_ASSERT(j <= i || l[i * 4 + j] == 0);
        }
    CU_ASSERT(tj_copula_alone(l, 4, 0) && !tj_copula_alone(l, 4, 1));
}

/* c = a exactly: its row repeats a's and nothing is divided by zero. */
static void singular(void)
{
    double a[9] = {1, 0.5, 1, 0.5, 1, 0.5, 1, 0.5, 1};
    tj_copula_factor(3, a);
    CU_ASSERT(a[6] == 1 && a[8] == 0);
    CU_ASSERT_DOUBLE_EQUAL(a[7], 0, 1e-16);
}

/* ---- draws ---- */

enum { N = 20000 };

static const double spearman[9] = {1, 0.7, -0.4, 0.7, 1, 0, -0.4, 0, 1};

typedef struct sample {
    tj_plan *plan;
    tj_draws draws;
    tj_term term[4]; /* three correlated ones and a second parameter of the second's stream */
} sample;

/* Three parameters of different kinds, with the correlations above (`coupled`) or without. */
static void open_sample(sample *s, int coupled, int threads)
{
    static const double history[] = {100, 90};
    tj_maker *maker = tj_maker_create(2019, 2025, 1, 1);
    s->term[0] = tj_maker_param(maker, "a", TJ_DIST_NORMAL, 3, 2, 0, 0);
    s->term[1] = tj_maker_param(maker, "b", TJ_DIST_LOGNORMAL, 0, 1, 0, 0);
    s->term[2] = tj_maker_param(maker, "c", TJ_DIST_TRIANGULAR, 0, 1, 3, 0);
    s->term[3] = tj_maker_param(maker, "b", TJ_DIST_UNIFORM, 0, 1, 0, 0);
    tj_maker_city(maker, 2020);
    tj_maker_trend(maker, 0, history, 0);
    if (coupled)
        tj_maker_copula(maker, 3, spearman, (const tj_plan_member[]){{0, 0}, {1, 1}, {3, 1}, {2, 2}}, 4);
    s->plan = tj_maker_finish(maker);
    CU_ASSERT_EQUAL_FATAL(tj_draws_init(&s->draws, s->plan, N, threads), TJ_OK);
}

static void close_sample(sample *s)
{
    tj_draws_free(&s->draws);
    tj_plan_free(s->plan);
}

static const double *row(const sample *s, int i)
{
    return s->draws.value + (size_t)s->term[i].param * N;
}

static const double *sorting;
static int by_value(const void *a, const void *b)
{
    double x = sorting[*(const int *)a], y = sorting[*(const int *)b];
    return (x > y) - (x < y);
}

/* Spearman's rho: the correlation of ranks. */
static double rank_correlation(const double *x, const double *y)
{
    static int order[N];
    static double rank[2][N];
    const double *both[2] = {x, y};
    for (int k = 0; k < 2; k++) {
        for (int i = 0; i < N; i++)
            order[i] = i;
        sorting = both[k];
        qsort(order, N, sizeof *order, by_value);
        for (int i = 0; i < N; i++)
            rank[k][order[i]] = i - (N - 1) / 2.0;
    }
    double xy = 0, xx = 0;
    for (int i = 0; i < N; i++) {
        xy += rank[0][i] * rank[1][i];
        xx += rank[0][i] * rank[0][i];
    }
    return xy / xx;
}

/* The standard error of rho is near 1 / sqrt(N) = 0.007; four of them. */
static void reached(void)
{
    sample s;
    open_sample(&s, 1, 2);
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < i; k++)
            CU_ASSERT_DOUBLE_EQUAL(rank_correlation(row(&s, i), row(&s, k)), spearman[i * 3 + k], 0.028);
    CU_ASSERT_DOUBLE_EQUAL(rank_correlation(row(&s, 1), row(&s, 3)), 1, 1e-12);
    close_sample(&s);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov's distance of a correlated row from the uniform: 1.95 / sqrt(N) is passed once in a thousand. */
static void margins(void)
{
    sample s;
    open_sample(&s, 1, 2);
    static double u[N];
    memcpy(u, row(&s, 3), sizeof u);
    qsort(u, N, sizeof *u, ascending);
    double most = 0;
    for (int i = 0; i < N; i++)
        most = fmax(most, fabs(u[i] - (i + 0.5) / N));
    CU_ASSERT(most < 1.95 / sqrt(N));
    close_sample(&s);
}

/* Row 1 by hand: z = r z_a + sqrt(1 - r^2) z_b, r = 2 sin(0.7 pi / 6). */
static void by_hand(void)
{
    sample s;
    open_sample(&s, 1, 2);
    double r = 2 * sin(acos(-1) * 0.7 / 6);
    for (uint32_t d = 0; d < 100; d++) {
        double za = tj_normal_inverse(tj_uniform(1, tj_stream("a"), d, 0));
        double zb = tj_normal_inverse(tj_uniform(1, tj_stream("b"), d, 0));
        CU_ASSERT_DOUBLE_EQUAL(log(row(&s, 1)[d]), r * za + sqrt(1 - r * r) * zb, 1e-13);
    }
    close_sample(&s);
}

static void untouched(void)
{
    sample with, without;
    open_sample(&with, 1, 1);
    open_sample(&without, 0, 1);
    CU_ASSERT_EQUAL(memcmp(row(&with, 0), row(&without, 0), N * sizeof(double)), 0);
    CU_ASSERT_NOT_EQUAL(memcmp(row(&with, 1), row(&without, 1), N * sizeof(double)), 0);
    close_sample(&without);
    open_sample(&without, 1, 4);
    CU_ASSERT_EQUAL(memcmp(with.draws.value, without.draws.value, 4 * N * sizeof(double)), 0);
    close_sample(&without);
    close_sample(&with);
}

int main(void)
{
    static const tj_test tests[] = {
        {"the scores' correlation is 2 sin(pi rho / 6)", pearson},
        {"the smallest eigenvalue is that of matrices known in closed form", eigenvalues},
        {"the factor is lower triangular and gives the matrix back", factors},
        {"a parameter that follows from others has a row without a pivot", singular},
        {"the rank correlations asked for are reached, whatever the distributions", reached},
        {"a correlated parameter keeps its distribution", margins},
        {"a correlated draw is worked by hand from two addressed uniforms", by_hand},
        {"the first of a copula keeps its draws, and threads change nothing", untouched},
    };
    return TJ_RUN("copula", tests);
}
