/* The choice that a study states: what its packages cost in each year, and every fault by its message. */
#include "tests/harness.h"
#include "tests/small_study.h"

#include <math.h>

#define SEED     "seed: 7\n"
#define DECISION "decision: {price: 100 EUR/t, packages: [reference, both]}\n"

/* Two changes: the decision, and a cost for `buses`. */
static void open_with_costs(small *s, const char *charge_cost)
{
    static char measures[4096];
    for (int i = 0; i < SMALL_FILES; i++) {
        const char *bytes = small_files[i][1];
        s->texts[i] = (tj_text){small_files[i][0], bytes, strlen(bytes)};
        if (strcmp(small_files[i][0], "measures.yaml") == 0) {
            const char *buses = strstr(bytes, "  buses:\n");
            const char *rest = buses + strlen("  buses:\n");
            snprintf(measures, sizeof measures,
                     "measures:\n  charge:\n%s%.*s  buses:\n    cost: 2 MEUR/year\n%s", charge_cost,
                     (int)(buses - bytes - 20), bytes + 20, rest);
            s->texts[i] = (tj_text){small_files[i][0], measures, strlen(measures)};
        }
        if (strcmp(small_files[i][0], "study.yaml") == 0) {
            static char study[1024];
            snprintf(study, sizeof study, "%s" DECISION, bytes);
            s->texts[i] = (tj_text){small_files[i][0], study, strlen(study)};
        }
    }
    tj_diags_init(&s->diags);
    s->changed = NULL;
    memset(&s->compiled, 0, sizeof s->compiled);
    s->status = tj_study_read_texts(s->texts, SMALL_FILES, &s->diags, &s->study);
    if (s->status == TJ_OK)
        s->status = tj_compile(&s->study, &s->diags, &s->compiled);
}

/* In north (H 2010): charge 1 MEUR/year with a ramp from 2010 to 2020, buses 2 MEUR/year from 2015 on: 2012
 * has 0.2, 2016 0.6 + 2, 2030 3 MEUR; the reference costs nothing. */
static void costs(void)
{
    small s;
    open_with_costs(&s, "    cost: 1 MEUR/year\n");
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    const tj_decision_info *d = &s.compiled.decision;
    int cities = tj_plan_get_settings(s.compiled.plan)->n_cities;
    int years = tj_plan_get_settings(s.compiled.plan)->n_years;
    int first = tj_plan_get_settings(s.compiled.plan)->first_year;
    CU_ASSERT_EQUAL_FATAL(d->n_packages, 2);
    CU_ASSERT(d->packages[0] == 0 && d->packages[1] == 1);
    CU_ASSERT_EQUAL(d->price, 100);
    CU_ASSERT_PTR_NULL(d->uncosted);
    const double *north = d->cost + (size_t)(cities * years);
    CU_ASSERT_EQUAL(d->cost[2030 - first], 0);
    CU_ASSERT_DOUBLE_EQUAL(north[2012 - first], 0.2e6, 1e-6);
    CU_ASSERT_DOUBLE_EQUAL(north[2016 - first], 2.6e6, 1e-6);
    CU_ASSERT_DOUBLE_EQUAL(north[2030 - first], 3e6, 1e-6);
    small_close(&s);
}

static void unknown_cost(void)
{
    small s;
    open_with_costs(&s, "");
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    CU_ASSERT_STRING_EQUAL(s.compiled.decision.uncosted, "charge");
    int cities = tj_plan_get_settings(s.compiled.plan)->n_cities;
    int years = tj_plan_get_settings(s.compiled.plan)->n_years;
    CU_ASSERT(isnan(s.compiled.decision.cost[cities * years]));
    CU_ASSERT_EQUAL(s.compiled.decision.cost[0], 0);
    CU_ASSERT(small_says(&s, "study.yaml:10:11: note: decision: no cost is given for charge"));
    small_close(&s);
}

static void none(void)
{
    small s;
    small_open(&s, NULL, NULL, NULL);
    CU_ASSERT_EQUAL(s.status, TJ_OK);
    CU_ASSERT_EQUAL(s.compiled.decision.n_packages, 0);
    small_close(&s);
}

static void says(const char *decision, const char *line)
{
    small s;
    char to[512];
    snprintf(to, sizeof to, SEED "%s\n", decision);
    small_open(&s, "study.yaml", SEED, to);
    CU_ASSERT_EQUAL(s.status, TJ_ERR_INPUT);
    CU_ASSERT(small_says(&s, line));
    small_close(&s);
}

static void messages(void)
{
    says("decision: {price: 100 EUR/t, packages: [both, refrence]}",
         "study.yaml:9:47: error: unknown package 'refrence'; did you mean 'reference'? allowed: reference, "
         "both");
    says("decision: {price: 100 EUR/t, packages: [both]}",
         "study.yaml:9:11: error: decision: a choice needs two packages or more, found 1");
    says("decision: {price: 100 EUR/year, packages: [both, reference]}",
         "study.yaml:9:19: error: decision, price: found '100 EUR/year', a quantity in EUR/year; expected a "
         "quantity in EUR/t");
    says("decision: {price: -1 EUR/t, packages: [both, reference]}",
         "study.yaml:9:19: error: decision, price: '-1 EUR/t' is below 0 EUR/t");
    says("decision: {price: {uniform: {low: 1 EUR/t, high: 2 EUR/t}}, packages: [both, reference]}",
         "study.yaml:9:19: error: decision, price: found a distribution, expected a number");
    says("decision: {packages: [both, reference]}",
         "study.yaml:9:11: error: key 'price' is missing in a decision");
    says("decision: {price: 1 EUR/t, packages: [both, both]}",
         "study.yaml:9:45: error: 'both' stands twice; it stands in line 9, column 39 already");
    says("decision: {price: 1 EUR/t, pakages: [both, reference]}",
         "study.yaml:9:28: error: unknown key 'pakages' in a decision; did you mean 'packages'? allowed: "
         "price, "
         "packages");
}

int main(void)
{
    static const tj_test tests[] = {
        {"a package costs what its measures cost, by their ramps", costs},
        {"a measure without a cost makes the sum unknown and is named", unknown_cost},
        {"a study need not state a choice", none},
        {"each fault has its message", messages},
    };
    return TJ_RUN("decision_study", tests);
}
