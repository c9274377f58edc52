/* Distributions given by two quantiles, from the text of a study to the quantiles themselves. */
#include "tests/harness.h"
#include "tests/read_texts.h"

#include <math.h>

#define EFFECT(scale) "measures:\n  m:\n    effects:\n      - {driver: t.a, scale: " scale "}\n"

static tj_dist read_scale(const char *text)
{
    tj_study study;
    const char *said = read_with("measures.yaml", text, &study);
    CU_ASSERT_STRING_EQUAL(said, "");
    CU_ASSERT_EQUAL_FATAL(study.measures_count, 1);
    tj_dist dist = study.measures[0].effects[0].magnitude.items[0].value.dist;
    tj_study_free(&study);
    return dist;
}

static void has(const tj_dist *dist, double p, double x)
{
    double found;
    tj_dists[dist->kind].inverse(dist, 1, &p, &found);
    CU_ASSERT_DOUBLE_EQUAL(found, x, 1e-14 * fabs(x) + 1e-16);
}

/* z(95 %) = 1.6448536: mean 7.5 %, sd 4.5 / 1.6448536 = 2.735806 %. */
static void normal(void)
{
    tj_dist d = read_scale(EFFECT("{normal: {p5: 3 %, p95: 12 %}}"));
    CU_ASSERT_EQUAL(d.kind, TJ_DIST_NORMAL);
    CU_ASSERT_DOUBLE_EQUAL(d.p[0], 0.075, 1e-16);
    CU_ASSERT_DOUBLE_EQUAL(d.p[1], 0.02735806, 1e-8);
    has(&d, 0.05, 0.03);
    has(&d, 0.95, 0.12);
}

/* The median is the geometric mean: 3 % x 12 % = (6 %)^2; sigma = log(2) / 1.6448536 = 0.4214036. */
static void lognormal(void)
{
    tj_dist d = read_scale(EFFECT("{lognormal: {p5: 3 %, p95: 12 %}}"));
    CU_ASSERT_EQUAL(d.kind, TJ_DIST_LOGNORMAL);
    CU_ASSERT_DOUBLE_EQUAL(d.p[0], log(0.06), 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(d.p[1], 0.4214036, 1e-7);
    has(&d, 0.05, 0.03);
    has(&d, 0.95, 0.12);
}

/* 9 % over 0.6 of the range: 15 % wide, a fifth of it below 3 %. */
static void uniform(void)
{
    tj_dist d = read_scale(EFFECT("{uniform: {p20: 3 %, p80: 12 %}}"));
    CU_ASSERT_EQUAL(d.kind, TJ_DIST_UNIFORM);
    CU_ASSERT_DOUBLE_EQUAL(d.p[0], 0, 1e-16);
    CU_ASSERT_DOUBLE_EQUAL(d.p[1], 0.15, 1e-16);
    has(&d, 0.2, 0.03);
    has(&d, 0.8, 0.12);
}

static void any_two(void)
{
    tj_dist d = read_scale(EFFECT("{normal: {p99: 10 %, p50: 4 %}}"));
    CU_ASSERT_DOUBLE_EQUAL(d.p[0], 0.04, 1e-16);
    has(&d, 0.99, 0.1);
    d = read_scale(EFFECT("{uniform: {p1: 0.01 1, p2: 20 ‰}}"));
    has(&d, 0.01, 0.01);
    has(&d, 0.02, 0.02);
}

static void refused(void)
{
    static const char place[] = "measures.yaml:4:";
    static const char *const rows[][2] = {
        {EFFECT("{lognormal: {p5: -3 %, p95: 12 %}}"),
         "42: error: impossible lognormal distribution: the quantiles of a lognormal must be positive"},
        {EFFECT("{normal: {p5: 3 %, p95: 3 %}}"),
         "39: error: impossible normal distribution: the lower quantile must be below the upper one"},
        {EFFECT("{uniform: {p5: 3 %}}"),
         "40: error: found 1 keys in a uniform distribution, expected two percentiles, such as p5 and p95"},
        {EFFECT("{normal: {p5: 3 %, mean: 4 %}}"),
         "49: error: found 'mean' in a normal distribution, expected a percentile from p1 to p99"},
        {EFFECT("{normal: {p5: 3 %, p95: 4 t}}"),
         "54: error: found '4 t' (in t), expected the unit before it in a normal distribution (in 1)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[256];
        snprintf(line, sizeof line, "%s%s", place, rows[i][1]);
        SAYS(faults("measures.yaml", rows[i][0]), line);
    }
    /* three-point distributions are not fixed by two quantiles */
    CU_ASSERT_PTR_NOT_NULL(strstr(faults("measures.yaml", EFFECT("{pert: {p5: 3 %, p95: 4 %}}")),
                                  "unknown key 'p5' in a pert distribution"));
}

int main(void)
{
    static const tj_test tests[] = {
        {"a normal has the two quantiles that were written", normal},
        {"a lognormal has them", lognormal},
        {"a uniform has them", uniform},
        {"any two percentiles will do, in any order and unit", any_two},
        {"what no distribution can have is refused by its message", refused},
    };
    return TJ_RUN("two_quantiles", tests);
}
