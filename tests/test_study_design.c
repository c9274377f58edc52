/* Designs of a study: named, and held to what they can do. */
#include "engine/design.h"
#include "tests/harness.h"
#include "tests/small_study.h"

static void design_is(const char *text, int design)
{
    small s;
    small_open(&s, "study.yaml", "draws: 100\nseed: 7\ndesign: monte-carlo\n", text);
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    CU_ASSERT_EQUAL(tj_plan_get_settings(s.compiled.plan)->design, design);
    CU_ASSERT_PTR_EQUAL(tj_design_of(s.compiled.plan), &tj_designs[design]);
    small_close(&s);
}

static void named(void)
{
    design_is("", TJ_DESIGN_MONTE_CARLO);
    design_is("design: monte-carlo\ndraws: 7\n", TJ_DESIGN_MONTE_CARLO);
    design_is("design: latin-hypercube\ndraws: 48\n", TJ_DESIGN_LATIN);
    design_is("design: sobol\ndraws: 2048\n", TJ_DESIGN_SOBOL);
}

static void refused(const char *text, const char *line)
{
    small s;
    small_open(&s, "study.yaml", "draws: 100\nseed: 7\ndesign: monte-carlo\n", text);
    CU_ASSERT_EQUAL(s.status, TJ_ERR_INPUT);
    CU_ASSERT_EQUAL(s.diags.errors, 1);
    CU_ASSERT(small_says(&s, line));
    small_close(&s);
}

static void messages(void)
{
    refused("design: sobel\n",
            "study.yaml:7:9: error: unknown design 'sobel'; did you mean 'sobol'? allowed: "
            "monte-carlo, latin-hypercube, sobol");
    refused(
        "draws: 1000\ndesign: sobol\n",
        "study.yaml:7:8: error: draws: found 1000; the design 'sobol' needs a power of two from 16 on: the "
        "next is 1024");
    refused("draws: 8\ndesign: sobol\n",
            "study.yaml:7:8: error: draws: found 8; the design 'sobol' needs a power of two from 16 on: the "
            "next is 16");
    refused("draws: 1000\ndesign: latin-hypercube\n",
            "study.yaml:7:8: error: draws: found 1000; the design 'latin-hypercube' needs a multiple of 16: "
            "the next is 1008");
    refused(
        "design: sobol\n", /* 1000 draws where nothing is said */
        "study.yaml:7:9: error: draws: found 1000; the design 'sobol' needs a power of two from 16 on: the "
        "next is 1024");
}

/* As many uncertain measures as fill the dimensions beside the back-cast, and one more. */
static void filled(int count, const char *design, small *s)
{
    static char measures[400000], packages[40000], study[1024];
    size_t m = 0, p = 0;
    m += (size_t)snprintf(measures, sizeof measures, "measures:\n");
    p += (size_t)snprintf(packages, sizeof packages,
                          "packages:\n  reference: {measures: []}\n  all:\n    measures:\n");
    for (int i = 0; i < count; i++) {
        m += (size_t)snprintf(measures + m, sizeof measures - m,
                              "  m%d:\n    ramp: {shape: step, start: 2015, years: 0}\n    effects:\n"
                              "      - {driver: heat.intensity, scale: {uniform: {low: 0 %%, high: 1 %%}}}\n",
                              i);
        p += (size_t)snprintf(packages + p, sizeof packages - p, "      - m%d\n", i);
    }
    snprintf(
        study, sizeof study,
        "trajekt: 1\nbase_year: 1990\nhorizon: 2030\nreference_package: reference\ndraws: 16\ndesign: %s\n",
        design);
    const char *const files[][2] = {
        {"study.yaml", study}, {"measures.yaml", measures}, {"packages.yaml", packages}};
    small_open_with(s, files, 3);
}

static void dimensions(void)
{
    small s;
    filled(1023, "sobol", &s);
    CU_ASSERT_EQUAL(s.status, TJ_OK);
    small_close(&s);
    filled(1024, "latin-hypercube", &s);
    CU_ASSERT_EQUAL(s.status, TJ_OK);
    small_close(&s);
    filled(1024, "sobol", &s);
    CU_ASSERT_EQUAL(s.status, TJ_ERR_INPUT);
    CU_ASSERT(small_says(&s,
                         "study.yaml:6:9: error: the design 'sobol' has room for 1024 uncertain parameters; "
                         "the study has 1025 ('latin-hypercube' has no limit)"));
    small_close(&s);
}

int main(void)
{
    static const tj_test tests[] = {
        {"a study names its design, plain Monte Carlo where it does not", named},
        {"unknown designs and impossible numbers of draws are refused with the nearest right one", messages},
        {"Sobol is refused where its dimensions do not suffice", dimensions},
    };
    return TJ_RUN("study_design", tests);
}
