/* Rank correlations of a study: read, judged and compiled into copulas. */
#include "engine/copula.h"
#include "tests/harness.h"
#include "tests/small_study.h"

#include <math.h>

#define EFFECT "transport.activity, scale: {uniform: {low: 10 %, high: 30 %}}"
#define RAMP   "    ramp: {shape: step, start: 2015, years: 0}\n"

/* a and b for the network, c and d for each city (d in north only), e for each nation, f with two
 * distributions under one name. */
static const char measures[] =
    "measures:\n"
    "  a:\n" RAMP "    effects: [{driver: " EFFECT "}]\n"
    "  b:\n" RAMP "    effects: [{driver: " EFFECT "}]\n"
    "  c:\n" RAMP "    parameters: city\n    effects: [{driver: " EFFECT "}]\n"
    "  d:\n" RAMP "    parameters: city\n    cities: [north]\n    effects: [{driver: " EFFECT "}]\n"
    "  e:\n" RAMP "    parameters: nation\n    effects: [{driver: " EFFECT "}]\n"
    "  f:\n" RAMP "    effects:\n"
    "      - driver: transport.activity\n"
    "        scale: {default: {uniform: {low: 0 %, high: 1 %}}, west: {uniform: {low: 1 %, high: 2 %}}}\n";
static const char packages[] =
    "packages:\n  reference: {measures: []}\n  all: {measures: [a, b, c, d, e, f]}\n";

static char study_text[4096];

/* The small study with these measures and `correlations` in study.yaml, from line 10 on. */
static void open_with(small *s, const char *correlations)
{
    snprintf(study_text, sizeof study_text, "%scorrelations:\n%s", small_files[0][1], correlations);
    const char *const files[][2] = {
        {"study.yaml", study_text}, {"measures.yaml", measures}, {"packages.yaml", packages}};
    small_open_with(s, files, 3);
}

static void refused(const char *correlations, const char *line)
{
    small s;
    open_with(&s, correlations);
    CU_ASSERT_EQUAL(s.status, TJ_ERR_INPUT);
    CU_ASSERT_EQUAL(s.diags.errors, 1);
    CU_ASSERT(small_says(&s, line));
    for (size_t i = 0; i < s.diags.count && !small_says(&s, line); i++) {
        char found[1024];
        tj_diag_format(&s.diags.items[i], found, sizeof found);
        printf("found %s\n", found);
    }
    small_close(&s);
}

#define A               "a.transport.activity.scale"
#define B               "b.transport.activity.scale"
#define C               "c.transport.activity.scale"
#define D               "d.transport.activity.scale"
#define E               "e.transport.activity.scale"
#define F               "f.transport.activity.scale"
#define PAIR(a, b, rho) "  - {parameters: [" a ", " b "], rho: " rho "}\n"

static size_t count_of(const small *s, tj_section section)
{
    size_t count;
    tj_plan_section(s->compiled.plan, section, &count);
    return count;
}

static void none(void)
{
    small s;
    small_open(&s, NULL, NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    CU_ASSERT(count_of(&s, TJ_SECTION_COPULAS) == 0 && count_of(&s, TJ_SECTION_MEMBERS) == 0);
    small_close(&s);
}

static void network(void)
{
    small s;
    open_with(&s, PAIR(B, A, "0.5"));
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    CU_ASSERT_EQUAL_FATAL(count_of(&s, TJ_SECTION_COPULAS), 1);
    const tj_plan_copula *copula = tj_plan_section(s.compiled.plan, TJ_SECTION_COPULAS, NULL);
    const tj_plan_member *members = tj_plan_section(s.compiled.plan, TJ_SECTION_MEMBERS, NULL);
    CU_ASSERT(copula->size == 2 && copula->members_count == 2);
    CU_ASSERT(members[0].row == 0 && members[1].row == 1);
    CU_ASSERT_STRING_EQUAL(s.compiled.params[members[0].param], B); /* named first */
    CU_ASSERT_STRING_EQUAL(s.compiled.params[members[1].param], A);
    const double *l = tj_plan_numbers(s.compiled.plan, copula->factor);
    double r = 2 * sin(acos(-1) / 12);
    CU_ASSERT(l[0] == 1 && l[1] == 0);
    CU_ASSERT_DOUBLE_EQUAL(l[2], r, 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(l[3], sqrt(1 - r * r), 1e-15);
    small_close(&s);
}

/* c is drawn in three cities, d in north: one copula, north's. e and back-cast are of nation and city. */
static void instances(void)
{
    small s;
    open_with(&s, PAIR(C, D, "-0.3"));
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    CU_ASSERT_EQUAL(count_of(&s, TJ_SECTION_COPULAS), 1);
    const tj_plan_member *members = tj_plan_section(s.compiled.plan, TJ_SECTION_MEMBERS, NULL);
    CU_ASSERT_STRING_EQUAL(s.compiled.params[members[0].param], C "@north");
    CU_ASSERT_STRING_EQUAL(s.compiled.params[members[1].param], D "@north");
    small_close(&s);
    open_with(&s, PAIR("backcast", C, "0.3"));
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    members = tj_plan_section(s.compiled.plan, TJ_SECTION_MEMBERS, NULL);
    CU_ASSERT_EQUAL(count_of(&s, TJ_SECTION_COPULAS), 1);
    CU_ASSERT_STRING_EQUAL(s.compiled.params[members[0].param], "backcast@west");
    CU_ASSERT_STRING_EQUAL(s.compiled.params[members[1].param], C "@west");
    small_close(&s);
}

/* f has a distribution of its own in west under the same name: both follow row 1. */
static void one_stream(void)
{
    small s;
    open_with(&s, PAIR(A, F, "0.5"));
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    CU_ASSERT_EQUAL_FATAL(count_of(&s, TJ_SECTION_MEMBERS), 3);
    const tj_plan_member *members = tj_plan_section(s.compiled.plan, TJ_SECTION_MEMBERS, NULL);
    CU_ASSERT(members[0].row == 0 && members[1].row == 1 && members[2].row == 1);
    small_close(&s);
}

/* {a, f} and {b, ...} do not touch: two copulas. Singular is fine: rho = 1 in a triangle. */
static void components(void)
{
    small s;
    open_with(&s, PAIR(A, F, "0.5") PAIR("backcast", C, "1") PAIR(C, D, "1") PAIR("backcast", D, "1"));
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    CU_ASSERT_EQUAL(count_of(&s, TJ_SECTION_COPULAS), 3); /* network, west: backcast c, north: c d */
    small_close(&s);
}

static void messages(void)
{
    refused(PAIR("a.transport.activity.scael", B, "0.5"),
            "study.yaml:11:19: error: unknown uncertain parameter 'a.transport.activity.scael'; did you mean "
            "'" A "'? allowed: backcast, " A ", " B ", " C ", " D ", " E ", " F);
    refused(PAIR(C "@north", D, "0.5"),
            "study.yaml:11:19: error: parameter '" C "@north': a correlation holds in every instance; leave "
            "out '@north'");
    refused(PAIR(A, B, "1.2"), "study.yaml:11:81: error: rho: found '1.2', expected -1 to 1");
    refused(PAIR(A, B, "0.2") PAIR(B, A, "0.3"),
            "study.yaml:12:18: error: '" B "' and '" A "' are correlated twice; the first time in line 11, "
            "column 18");
    refused(PAIR(A, C, "0.5"), "study.yaml:11:18: error: '" A "' is drawn by network and '" C
                               "' by city: only parameters that are shared alike can be correlated");
    refused(PAIR(A, E, "0.5"), "study.yaml:11:18: error: '" A "' is drawn by network and '" E
                               "' by nation: only parameters that are shared alike can be correlated");
    /* of three alike the least eigenvalue is 1 + 2 r, r = 2 sin(-0.9 pi / 6) = -0.907981 */
    refused(PAIR(A, B, "-0.9") PAIR(B, F, "-0.9") PAIR(A, F, "-0.9"),
            "study.yaml:11:19: error: the correlations of " A ", " B ", " F
            " contradict one another: the smallest eigenvalue of their matrix is -0.816, expected 0 or more");
}

static void forms(void)
{
    refused("  - {parameters: [" A "], rho: 0.5}\n",
            "study.yaml:11:18: error: found a list, expected two parameters: [a, b]");
    refused("  - {parameters: [" A ", " A "], rho: 0.5}\n",
            "study.yaml:11:47: error: '" A "' stands twice; it stands in line 11, column 19 already");
    refused("  - {parameters: [" A ", " B "]}\n",
            "study.yaml:11:5: error: key 'rho' is missing in a correlation");
    refused("  - {parameters: [" A ", " B "], rho: 50 %}\n",
            "study.yaml:11:81: error: found '50 %', expected a bare number without a unit");
}

int main(void)
{
    static const tj_test tests[] = {
        {"a study without correlations has no copula", none},
        {"two parameters of the network are one copula, in the order of the study", network},
        {"parameters of cities are correlated within each city that has both", instances},
        {"parameters of one name follow one row", one_stream},
        {"correlations that do not touch are copulas apart", components},
        {"what cannot be correlated is refused by its message", messages},
        {"a correlation names two different parameters and a bare number", forms},
    };
    return TJ_RUN("correlations", tests);
}
