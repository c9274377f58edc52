/* Summaries of an ensemble against a plain sort, against tables, and by hand. */
#include "engine/quantile.h"

#include "engine/lanes.h"
#include "engine/threefry.h"
#include "tests/harness.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 5000 };

static const double five[] = {0.05, 0.25, 0.5, 0.75, 0.95};

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ---- samples of every shape that the buckets may meet ---- */

static double normal(double z)
{
    return 1e6 + 1e4 * z;
}
static double signed_small(double z)
{
    return 1e-3 * z;
}
static double skewed(double z)
{
    return tj_exp(z);
}
static double many_powers(double z)
{
    return tj_exp(60 * z);
}
static double all_powers(double z)
{
    return (z < 0 ? -1 : 1) * tj_exp(200 * z);
}
static double tied(double z)
{
    return floor(2 * z);
}
static double outlier(double z)
{
    return z > 2.5 ? 1e300 : z;
}
static double opposite_ends(double z)
{
    return z > 0 ? 1.7e308 - z : -1.7e308 - z;
}
static double neighbours(double z)
{
    return 1 + 0x1p-52 * floor(10 * z);
}
static double subnormal(double z)
{
    return 0x1p-1070 * floor(3 * z);
}
static double mostly_zero(double z)
{
    return z > 1 ? z : 0;
}
static double infinite(double z)
{
    return z > 1 ? INFINITY : z < -2 ? -INFINITY : z;
}

static double (*const shapes[])(double) = {normal,     signed_small, skewed,      many_powers,
                                           all_powers, tied,         outlier,     opposite_ends,
                                           neighbours, subnormal,    mostly_zero, infinite};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

static void sample(size_t shape, size_t n, double *x)
{
    tj_uniform_lanes(5, shape, 0, 0, n, x);
    for (size_t i = 0; i < n; i++)
        x[i] = shapes[shape](tj_normal_inverse(x[i]));
}

/* Type 7, written straight from its definition on a sorted sample. */
static double type_seven(size_t n, const double *sorted, double p)
{
    double h = (double)(n - 1) * p;
    size_t j = (size_t)floor(h);
    double g = h - (double)j;
    return g > 0 && sorted[j] < sorted[j + 1] ? sorted[j] + g * (sorted[j + 1] - sorted[j]) : sorted[j];
}

/* 1 if the summary of a shape's sample is that of the sorted sample, to the bit, and x is untouched. */
static int agrees(size_t shape, size_t n, size_t count, const double *p)
{
    static double x[MOST], sorted[MOST], work[2 * MOST];
    double q[8], se[8], alone[8];
    tj_ranks ranks;
    tj_summary s;
    if (tj_ranks_init(&ranks, n, count, p) != TJ_OK)
        return 0;
    sample(shape, n, x);
    tj_summarise(&ranks, x, work, &s, q, se);
    tj_summarise(&ranks, x, work, &s, alone, NULL);
    sample(shape, n, sorted);
    int same = memcmp(x, sorted, n * sizeof *x) == 0 && s.undefined == 0;
    qsort(sorted, n, sizeof *sorted, ascending);
    for (size_t i = 0; i < count; i++) {
        const tj_rank *r = &ranks.rank[i];
        double width = (sorted[r->upper] - sorted[r->lower]) / (2 * 1.959964);
        same = same && q[i] == type_seven(n, sorted, p[i]) && q[i] == alone[i];
        same = same && (se[i] == width || (isnan(se[i]) && isnan(width)));
    }
    tj_ranks_free(&ranks);
    return same;
}

static void every_shape(void)
{
    static const size_t sizes[] = {1, 2, 3, 15, 16, 17, 24, 25, 100, 511, 513, 1000, MOST};
    static const double ends[] = {0, 0.001, 0.1, 0.5, 0.9, 0.999, 1};
    for (size_t shape = 0; shape < SHAPES; shape++)
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            CU_ASSERT(agrees(shape, sizes[i], 5, five));
            CU_ASSERT(agrees(shape, sizes[i], 7, ends));
        }
}

/* By the binomial's quantile function (SciPy 1.10, binom.ppf): l = Q(0.025), u = Q(0.975) + 1. */
static void rank_tables(void)
{
    static const struct {
        size_t n, l[5], u[5];
    } rows[] = {
        {10, {1, 1, 2, 5, 8}, {3, 6, 9, 10, 10}},
        {1000, {37, 223, 469, 723, 936}, {65, 278, 532, 778, 964}},
        {100000, {4865, 24732, 49690, 74731, 94864}, {5137, 25270, 50311, 75269, 95136}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tj_ranks ranks;
        CU_ASSERT_EQUAL_FATAL(tj_ranks_init(&ranks, rows[i].n, 5, five), TJ_OK);
        for (size_t k = 0; k < 5; k++) {
            CU_ASSERT_EQUAL(ranks.rank[k].lower + 1, rows[i].l[k]);
            CU_ASSERT_EQUAL(ranks.rank[k].upper + 1, rows[i].u[k]);
        }
        tj_ranks_free(&ranks);
    }
}

/* The quantile lies between its two ranks, and all positions are wanted, in order, once. */
static void rank_order(void)
{
    for (size_t n = 1; n < 400; n++) {
        tj_ranks ranks;
        CU_ASSERT_EQUAL_FATAL(tj_ranks_init(&ranks, n, 5, five), TJ_OK);
        size_t wrong = 0;
        for (size_t k = 0; k < 5; k++) {
            const tj_rank *r = &ranks.rank[k];
            wrong += r->lower > r->below || r->upper < r->below || r->above >= n || r->upper >= n;
        }
        for (size_t i = 1; i < ranks.n_wanted; i++)
            wrong += ranks.wanted[i - 1] >= ranks.wanted[i];
        CU_ASSERT_EQUAL(wrong, 0);
        tj_ranks_free(&ranks);
    }
}

/* 1, 2, 4, 9: mean 4, squares 9 + 4 + 0 + 25 = 38, sd = sqrt(38/3), se = sqrt(38/3)/2 = 1.77951...;
 * the 50 % quantile is at h = 1.5: 2 + 0.5 (4 - 2) = 3; the 25 % one at h = 0.75: 1 + 0.75 = 1.75. */
static void by_hand(void)
{
    static const double x[] = {9, 1, 4, 2}, p[] = {0.25, 0.5};
    double work[8], q[2];
    tj_ranks ranks;
    tj_summary s, alone;
    CU_ASSERT_EQUAL_FATAL(tj_ranks_init(&ranks, 4, 2, p), TJ_OK);
    tj_summarise(&ranks, x, work, &s, q, NULL);
    CU_ASSERT_EQUAL(s.mean, 4);
    CU_ASSERT_DOUBLE_EQUAL(s.mean_se, 1.7795130420052185, 1e-15);
    CU_ASSERT_EQUAL(q[0], 1.75);
    CU_ASSERT_EQUAL(q[1], 3);
    tj_mean(4, x, &alone);
    CU_ASSERT_EQUAL(alone.mean, s.mean);
    CU_ASSERT_EQUAL(alone.mean_se, s.mean_se);
    tj_ranks_free(&ranks);
    tj_ranks_free(NULL);
}

static void undefined(void)
{
    static double x[100], work[200];
    double q[5], se[5];
    tj_ranks ranks;
    tj_summary s;
    CU_ASSERT_EQUAL_FATAL(tj_ranks_init(&ranks, 100, 5, five), TJ_OK);
    sample(0, 100, x);
    x[0] = x[57] = x[99] = NAN;
    tj_summarise(&ranks, x, work, &s, q, se);
    CU_ASSERT_EQUAL(s.undefined, 3);
    CU_ASSERT(isnan(s.mean) && isnan(s.mean_se));
    for (int i = 0; i < 5; i++)
        CU_ASSERT(isnan(q[i]) && isnan(se[i]));
    tj_mean(100, x, &s);
    CU_ASSERT(s.undefined == 3 && isnan(s.mean));
    tj_ranks_free(&ranks);
}

static void constant(void)
{
    static double x[1000], work[2000];
    double q[5], se[5];
    tj_ranks ranks;
    tj_summary s;
    CU_ASSERT_EQUAL_FATAL(tj_ranks_init(&ranks, 1000, 5, five), TJ_OK);
    for (int i = 0; i < 1000; i++)
        x[i] = 0.1;
    tj_summarise(&ranks, x, work, &s, q, se);
    CU_ASSERT(s.mean == 0.1 && s.mean_se == 0);
    for (int i = 0; i < 5; i++)
        CU_ASSERT(q[i] == 0.1 && se[i] == 0);
    tj_mean(1, x, &s);
    CU_ASSERT(s.mean == 0.1 && isnan(s.mean_se));
    tj_ranks_free(&ranks);
}

/* Against long doubles; the ensemble lies far from 0 compared with its spread. */
static void moments(void)
{
    static double x[MOST];
    for (size_t shape = 0; shape < 3; shape++) {
        sample(shape, MOST, x);
        long double sum = 0, squares = 0;
        for (size_t i = 0; i < MOST; i++)
            sum += x[i];
        for (size_t i = 0; i < MOST; i++)
            squares += (x[i] - sum / MOST) * (x[i] - sum / MOST);
        double mean = (double)(sum / MOST), se = (double)sqrtl(squares / (MOST - 1) / MOST);
        tj_summary s;
        tj_mean(MOST, x, &s);
        CU_ASSERT_DOUBLE_EQUAL(s.mean, mean, 1e-13 * fabs(mean) + 1e-15 * se);
        CU_ASSERT_DOUBLE_EQUAL(s.mean_se, se, 1e-12 * se);
    }
}

int main(void)
{
    static const tj_test tests[] = {
        {"quantiles are those of the sorted sample to the bit, whatever its shape and size", every_shape},
        {"the ranks of a quantile's error are the binomial's", rank_tables},
        {"a quantile lies between the ranks of its error", rank_order},
        {"a sample of four gives the numbers worked by hand", by_hand},
        {"undefined draws are counted and make every statistic undefined", undefined},
        {"what does not vary has its own value as mean and quantile, and no error", constant},
        {"mean and error agree with long doubles", moments},
    };
    return TJ_RUN("quantile", tests);
}
