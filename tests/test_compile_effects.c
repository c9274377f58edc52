/* Measures compiled into effects: shares, overlap groups, synergies, ramps of their own, and the names of what is
 * drawn. The small study with other measures; package 1 is `all`, city 0 is north. */
#include "tests/harness.h"
#include "tests/small_study.h"

#include <math.h>

static const char measures[] =
    "measures:\n"
    "  charge:\n"
    "    ramp: {shape: step, start: 2015, years: 0}\n"
    "    overlaps: restraint\n"
    "    eligible: 60 %\n"
    "    adherence: 90 %\n"
    "    rebound: 10 %\n"
    "    synergy: [{with: buses, factor: {uniform: {low: 1 1, high: 1.2 1}}}, {with: unused, factor: 2 1}]\n"
    "    effects:\n"
    "      - {driver: transport.activity, scale: {uniform: {low: 10 %, high: 30 %}}}\n"
    "      - {driver: transport.activity, scale: {uniform: {low: 1 %, high: 2 %}}, eligible: 50 %,\n"
    "         ramp: {shape: step, start: 2018, years: 0}}\n"
    "      - {driver: heat.activity, scale: {south: 5 %}}\n"
    "  parking:\n"
    "    ramp: {shape: step, start: 2015, years: 0}\n"
    "    overlaps: restraint\n"
    "    effects: [{driver: transport.activity, scale: 20 %}]\n"
    "  buses:\n"
    "    ramp: {shape: step, start: 2005, years: 0, until: 2020}\n"
    "    parameters: city\n"
    "    effects: [{driver: transport.intensity, scale: {uniform: {low: 1 %, high: 2 %}}}]\n"
    "  unused:\n"
    "    ramp: {shape: step, start: 2015, years: 0}\n"
    "    effects: [{driver: heat.intensity, scale: 1 %}]\n";

static void open_all(small *s, const char *charge)
{
    char packages[256];
    snprintf(packages, sizeof packages,
             "packages:\n  reference: {measures: []}\n  all: {measures: [%s, parking, buses]}\n", charge);
    const char *const files[][2] = {{"measures.yaml", measures}, {"packages.yaml", packages}};
    small_open_with(s, files, 2);
    CU_ASSERT_EQUAL_FATAL(s->status, TJ_OK);
}

static const tj_plan_effect *effects_of(const small *s, int city, int32_t *count)
{
    const tj_plan_effect *all = tj_plan_section(s->compiled.plan, TJ_SECTION_EFFECTS, NULL);
    tj_plan_slice slice = tj_plan_get_slice(s->compiled.plan, 1, city);
    *count = slice.count;
    return all + slice.first;
}

static int drawn_as(const small *s, tj_term term, const char *name)
{
    return term.param != TJ_NONE && strcmp(s->compiled.params[term.param], name) == 0;
}

/* In north: charge twice and parking on transport.activity, then buses; charge on heat is for south only. */
static void names_and_shares(void)
{
    small s;
    int32_t count;
    open_all(&s, "charge");
    const tj_plan_effect *e = effects_of(&s, 0, &count);
    CU_ASSERT_EQUAL_FATAL(count, 4);
    CU_ASSERT(drawn_as(&s, e[0].magnitude, "charge.transport.activity.scale"));
    CU_ASSERT(drawn_as(&s, e[1].magnitude, "charge.transport.activity.scale.2"));
    CU_ASSERT(drawn_as(&s, e[3].magnitude, "buses.transport.intensity.scale@north"));
    CU_ASSERT(e[0].eligible.value == 0.6 && e[0].adherence.value == 0.9 && e[0].rebound.value == 0.1);
    CU_ASSERT_EQUAL(e[1].eligible.value, 0.5); /* the effect's own before the measure's */
    CU_ASSERT(e[2].eligible.value == 1 && e[2].adherence.value == 1 && e[2].rebound.value == 0);
    effects_of(&s, 1, &count);
    CU_ASSERT_EQUAL(count, 5);
    small_close(&s);
}

static void overlaps_and_synergies(void)
{
    small s;
    int32_t count;
    open_all(&s, "charge");
    const tj_plan_effect *e = effects_of(&s, 0, &count);
    const tj_term *terms = tj_plan_section(s.compiled.plan, TJ_SECTION_TERMS, NULL);
    CU_ASSERT(e[0].overlap != TJ_NONE && e[0].overlap == e[1].overlap && e[0].overlap == e[2].overlap);
    CU_ASSERT_EQUAL(e[3].overlap, TJ_NONE);
    CU_ASSERT_EQUAL(e[0].factors_count, 1); /* buses; `unused` is not in the package */
    CU_ASSERT(drawn_as(&s, terms[e[0].factors_first], "charge.synergy.buses"));
    CU_ASSERT_EQUAL(terms[e[0].factors_first].partner, e[3].measure);
    CU_ASSERT_EQUAL(e[2].factors_count, 0);
    small_close(&s);
}

static double ramp(const small *s, const tj_plan_effect *effect, int year)
{
    return tj_plan_numbers(s->compiled.plan, effect->ramp)[year - 1990];
}

/* A package that starts charge three years later moves its second effect's own ramp from 2018 to 2021. */
static void own_ramps_move_with_the_start(void)
{
    small s;
    int32_t count;
    open_all(&s, "charge");
    const tj_plan_effect *e = effects_of(&s, 0, &count);
    CU_ASSERT(ramp(&s, &e[0], 2014) == 0 && ramp(&s, &e[0], 2015) == 1);
    CU_ASSERT(ramp(&s, &e[1], 2017) == 0 && ramp(&s, &e[1], 2018) == 1);
    small_close(&s);
    open_all(&s, "{measure: charge, start: 2018}");
    e = effects_of(&s, 0, &count);
    CU_ASSERT(ramp(&s, &e[0], 2017) == 0 && ramp(&s, &e[0], 2018) == 1);
    CU_ASSERT(ramp(&s, &e[1], 2020) == 0 && ramp(&s, &e[1], 2021) == 1);
    small_close(&s);
}

static void an_end_after_completion_is_said(void)
{
    small s;
    open_all(&s, "charge");
    CU_ASSERT(small_says(
        &s, "measures.yaml:19:55: warning: measure 'buses' was complete in 'north' in 2010: its end "
            "after that year is not modelled"));
    small_close(&s);
}

int main(void)
{
    static const tj_test tests[] = {
        {"what is drawn has its name, and shares are the effect's own before the measure's",
         names_and_shares},
        {"overlap groups and synergies hold among the measures in use", overlaps_and_synergies},
        {"an effect's own ramp moves with the measure's start", own_ramps_move_with_the_start},
        {"an end after completion is said", an_end_after_completion_is_said},
    };
    return TJ_RUN("compile_effects", tests);
}
