/* The compiler on a small study whose numbers can be worked by hand (tests/small_study.h). */
#include "tests/harness.h"
#include "tests/small_study.h"

#include <math.h>

#define NEAR(a, b) CU_ASSERT_DOUBLE_EQUAL(a, b, 5e-5)

static const tj_plan_cell *cell_of(const small *s, int city, int index)
{
    return tj_plan_get_cell(s->compiled.plan, tj_plan_get_city(s->compiled.plan, city)->cells_first + index);
}

static double history(const small *s, int city, int index, int year)
{
    return tj_plan_numbers(s->compiled.plan, cell_of(s, city, index)->history)[year - 1990];
}

static int status(const small *s, int city, int index, int year)
{
    return tj_plan_bytes(s->compiled.plan, cell_of(s, city, index)->status)[year - 1990];
}

static void axes(void)
{
    small s;
    small_open(&s, NULL, NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    const tj_plan_settings *p = tj_plan_get_settings(s.compiled.plan);
    CU_ASSERT_EQUAL(p->first_year, 1990);
    CU_ASSERT_EQUAL(p->n_years, 41);
    CU_ASSERT_EQUAL(p->n_cities, 3);
    CU_ASSERT_EQUAL(p->n_cells, 7);  /* three in north, two in south, two in west */
    CU_ASSERT_EQUAL(p->n_groups, 3); /* network, AAA, BBB */
    CU_ASSERT_EQUAL(p->draws, 100);
    CU_ASSERT_EQUAL(tj_plan_get_city(s.compiled.plan, 0)->last_inventory, 20);
    CU_ASSERT_EQUAL(tj_plan_get_city(s.compiled.plan, 2)->last_inventory, 10);
    small_close(&s);
}

static void missing_is_never_zero(void)
{
    small s;
    small_open(&s, NULL, NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    CU_ASSERT(isnan(history(&s, 0, 0, 1995)));
    CU_ASSERT_EQUAL(status(&s, 0, 0, 1995), TJ_ABSENT);
    CU_ASSERT_EQUAL(history(&s, 1, 1, 2010), 0.0); /* NO is a true zero */
    CU_ASSERT_EQUAL(status(&s, 1, 1, 2010), TJ_MEASURED);
    CU_ASSERT_EQUAL(status(&s, 0, 0, 2011), TJ_PROJECTED);
    /* a group exists in 1990, where every city has a value, and from the largest H, 2010, on */
    const tj_plan_group *groups = tj_plan_section(s.compiled.plan, TJ_SECTION_GROUPS, NULL);
    const uint8_t *network = tj_plan_bytes(s.compiled.plan, groups[0].status);
    CU_ASSERT_EQUAL(network[0], TJ_BACKCAST);
    CU_ASSERT_EQUAL(network[10], TJ_ABSENT);    /* south has no 2000 */
    CU_ASSERT_EQUAL(network[20], TJ_PROJECTED); /* west is projected by then */
    small_close(&s);
}

static void backcast(void)
{
    small s;
    small_open(&s, NULL, NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    NEAR(history(&s, 2, 0, 1990), 40.0); /* 80 * 50/100 */
    NEAR(history(&s, 2, 1, 1990), 60.0); /* 30 * 90/45 */
    CU_ASSERT_EQUAL(status(&s, 2, 0, 1990), TJ_BACKCAST);
    /* Aland's nation is flat from 1990 to 2000, so the back-cast is the value of 2000:
     * p1 (100 + 50)/200, p2 (200 + 50)/200, p3 (400 + 80)/200; l = ln 0.75, ln 1.25, ln 2.4;
     * median ln 1.25 = 0.22314; deviations 0.51083, 0, 0.65233; sigma = 1.4826 * 0.51083 */
    const tj_plan_city *west = tj_plan_get_city(s.compiled.plan, 2);
    const tj_plan_param *params = tj_plan_section(s.compiled.plan, TJ_SECTION_PARAMS, NULL);
    CU_ASSERT_NOT_EQUAL_FATAL(west->backcast.param, TJ_NONE);
    CU_ASSERT_STRING_EQUAL(s.compiled.params[west->backcast.param], "backcast@west");
    CU_ASSERT_EQUAL(params[west->backcast.param].kind, TJ_DIST_LOGNORMAL);
    NEAR(params[west->backcast.param].p[0], -0.22314);
    NEAR(params[west->backcast.param].p[1], 0.75735);
    CU_ASSERT_EQUAL(s.compiled.quality[2].backcast_pairs, 3);
    CU_ASSERT_EQUAL(s.compiled.quality[2].backcast_first_year, 2000);
    NEAR(s.compiled.quality[2].base[1], 1.0);
    NEAR(s.compiled.quality[2].last[2], 1.0);
    small_close(&s);
}

static void per_head(void)
{
    /* persons of west double against a nation that stays: 1990 had half as many to emit */
    small s;
    small_open(&s, "population.csv", "north,2010,1000,persons,measured,s\n",
               "west,1990,100,persons,measured,s\nwest,2000,200,persons,measured,s\n"
               "BBB,1990,9,persons,measured,s\nBBB,2000,9,persons,measured,s\n");
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    NEAR(history(&s, 2, 0, 1990), 20.0); /* 80 * 50/100 * (100/200)/(9/9) */
    small_close(&s);
}

static void default_trend(void)
{
    small s;
    small_open(&s, NULL, NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    /* transport: slopes of the pool 0, ln 2/10, ln 4/10; north's own ln 2/10; no residuals */
    NEAR(cell_of(&s, 0, 0)->growth.value, 0.06931);
    NEAR(cell_of(&s, 0, 0)->sigma.value, 0.0);
    /* heat: pool -ln 2/10 (two of three); north's own by weights 2^(-20/3), 2^(-10/3), 1:
     * sums t -1.0719, l 3.71245, tl -0.27314 / tt 12.5815 = -0.02171; 0.25 own + 0.75 pool */
    NEAR(cell_of(&s, 0, 1)->growth.value, 0.25 * -0.02171 + 0.75 * -0.06931);
    NEAR(cell_of(&s, 1, 0)->growth.value, 0.06931); /* two own years: the pool alone */
    /* west: the nation's own slope up to 2000: weights 2^(-10/3), 2^(-5/3), 1 on ln 50, ln 50, ln 100:
     * tl 1.25824 / tt 13.13532 */
    NEAR(cell_of(&s, 2, 0)->growth.value, 0.09579);
    CU_ASSERT_EQUAL(cell_of(&s, 0, 0)->rho.value, 1.0);
    CU_ASSERT_EQUAL(cell_of(&s, 0, 0)->delta.value, 1.0);
    small_close(&s);
}

static void background_ratio(void)
{
    small s;
    small_open(&s, NULL, NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    const double *ratio = tj_plan_numbers(s.compiled.plan, cell_of(&s, 0, 0)->ratio);
    for (int y = 0; y < 41; y++)
        CU_ASSERT_EQUAL(ratio[y], 1.0); /* current policies against themselves */
    NEAR(ratio[41 + 20], 1.0);
    NEAR(ratio[41 + 25], 0.7 / 0.9);
    NEAR(ratio[41 + 30], 0.4 / 0.8);
    NEAR(ratio[41 + 40], 0.5); /* flat outside the points */
    small_close(&s);
}

/* The ramp of the first effect of package `both` in north, in calendar year `year`. */
static double ramp(const small *s, int year)
{
    tj_plan_slice slice = tj_plan_get_slice(s->compiled.plan, 1, 0);
    const tj_plan_effect *effects = tj_plan_section(s->compiled.plan, TJ_SECTION_EFFECTS, NULL);
    return tj_plan_numbers(s->compiled.plan, effects[slice.first].ramp)[year - 1990];
}

static void ramps(void)
{
    static const struct {
        const char *written;
        int year;
        double r;
    } cases[] = {
        {"{shape: linear, start: 2010, years: 10}", 2010, 0.0},
        {"{shape: linear, start: 2010, years: 10}", 2015, 0.5},
        {"{shape: linear, start: 2010, years: 10}", 2025, 1.0},
        /* under way: (7/10 - 5/10)/(1 - 5/10) in 2012 */
        {"{shape: linear, start: 2005, years: 10}", 2012, 0.4},
        {"{shape: linear, start: 1995, years: 10}", 2020, 0.0}, /* complete before H */
        {"{shape: step, start: 2012, years: 3}", 2014, 0.0},
        {"{shape: step, start: 2012, years: 3}", 2015, 1.0},
        {"{shape: step, start: 2012, years: 0}", 2012, 1.0},
        {"{shape: smooth, start: 2010, years: 4}", 2011, 3.0 / 16 - 2.0 / 64},
        /* s(y) = 1/(1 + e^-y): (s(-2.5) - s(-5))/(s(5) - s(-5)) = (0.075858 - 0.006693)/0.986614 */
        {"{shape: logistic, start: 2010, years: 4}", 2011, 0.070104},
        {"{shape: logistic, start: 2010, years: 4, k: 2}", 2012, 0.5},
        /* F(T) = (1 - e^-0.4T)/(1 + 39 e^-0.4T), p 0.01, q 0.39: F(5) 0.137727, F(10) 0.572641 */
        {"{shape: bass, start: 2010, years: 10, p: 0.01, q: 0.39}", 2015, 0.240512},
        {"{shape: linear, start: 2011, years: 2, until: 2020}", 2020, 1.0},
        {"{shape: linear, start: 2011, years: 2, until: 2020}", 2021, 0.0},
        {"{shape: linear, start: 2011, years: 2, until: 2020, fade: 4}", 2021, 0.75},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        small s;
        small_open(&s, "measures.yaml", "{shape: linear, start: 2010, years: 10}", cases[i].written);
        CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
        NEAR(ramp(&s, cases[i].year), cases[i].r);
        small_close(&s);
    }
}

static void overrides(void)
{
    small s;
    small_open(&s, "packages.yaml", "[charge, buses]",
               "[{measure: charge, strength: 60 %, start: 2012}, {measure: charge, cities: [north], "
               "strength: 30 %}, "
               "{measure: buses, strength: 0 %}]");
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    const tj_plan_effect *effects = tj_plan_section(s.compiled.plan, TJ_SECTION_EFFECTS, NULL);
    tj_plan_slice north = tj_plan_get_slice(s.compiled.plan, 1, 0),
                  south = tj_plan_get_slice(s.compiled.plan, 1, 1);
    CU_ASSERT_EQUAL(north.count, 1); /* strength 0 is absence */
    NEAR(effects[north.first].strength, 0.3);
    NEAR(effects[south.first].strength, 0.6);
    NEAR(ramp(&s, 2017), 0.5); /* the start of the item for all cities holds in north too */
    small_close(&s);
}

static void order_in_files(void)
{
    small a, b;
    small_open(&a, NULL, NULL, NULL);
    small_open(&b, "packages.yaml", "[charge, buses]", "[buses, charge]");
    CU_ASSERT_EQUAL_FATAL(a.status, TJ_OK);
    CU_ASSERT_EQUAL_FATAL(b.status, TJ_OK);
    CU_ASSERT_EQUAL(tj_plan_size(a.compiled.plan), tj_plan_size(b.compiled.plan));
    CU_ASSERT_EQUAL(memcmp(a.compiled.plan, b.compiled.plan, tj_plan_size(a.compiled.plan)), 0);
    small_close(&a);
    small_close(&b);
}

static void assess(const char *from, const char *to, const char *id, const char *reason)
{
    small s;
    small_open(&s, "targets.yaml", from, to);
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    int n = tj_plan_get_settings(s.compiled.plan)->n_targets, seen = 0;
    for (int i = 0; i < n; i++) {
        if (strcmp(s.compiled.targets[i].id, id) != 0)
            continue;
        seen = 1;
        if (reason == NULL)
            CU_ASSERT_PTR_NULL(s.compiled.targets[i].reason);
        if (reason != NULL && s.compiled.targets[i].reason != NULL)
            CU_ASSERT_STRING_EQUAL(s.compiled.targets[i].reason, reason);
        CU_ASSERT_EQUAL(s.compiled.targets[i].reason == NULL, reason == NULL);
    }
    CU_ASSERT(seen);
    small_close(&s);
}

static void assessable(void)
{
    assess("", "", "half@north", NULL);
    assess("", "", "half@west", NULL);
    assess("base_year: 1990", "base_year: 2005", "half@north", "there is no inventory of its base year 2005");
    assess("base_year: 1990", "base_year: 2000", "half@south", "there is no inventory of its base year 2000");
    assess("year: 2030", "year: 2031", "half@north", "its year 2031 is past the horizon 2030");
    assess("source: s", "basis: consumption\n    source: s", "half@north",
           "the basis 'consumption' is not modelled, only territorial emissions are");
    assess("source: s", "quantity: final-energy\n    source: s", "half@north",
           "the quantity 'final-energy' is not modelled");
    assess("source: s", "not_assessable: because\n    source: s", "half@north", "because");
    assess("source: s", "not_assessable: {sv: eftersom, en: because}\n    source: s", "half@north",
           "because");
    assess("source: s", "not_assessable: {sv: eftersom}\n    source: s", "half@north", "eftersom");
    assess("source: s", "coverage: {ets: outside}\n    source: s", "half@north",
           "the ETS share of 'heat' is not known");
    assess("source: s", "coverage: {sectors: [transport], ets: outside}\n    source: s", "half@north", NULL);
    assess("source: s", "coverage: {sectors: [heat]}\n    source: s", "half@west",
           "the error of back-casting 'heat' alone rests on 3 places, fewer than 20");
}

static void fewer_cities(void)
{
    /* only west: no chosen city has removals, which drivers.csv still describes */
    small s;
    small_open(&s, "study.yaml", "seed: 7\n", "seed: 7\ncities: [west]\n");
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    CU_ASSERT_EQUAL(tj_plan_get_settings(s.compiled.plan)->n_cities, 1);
    small_close(&s);
}

int main(void)
{
    static const tj_test tests[] = {
        {"the axes are those of the files", axes},
        {"a year without a row is absent, NO is zero, totals know it", missing_is_never_zero},
        {"a missing base year follows the nation, with the pool's error", backcast},
        {"the back-cast is per head where all four populations are known", per_head},
        {"growth is a quarter own and three quarters the pool's", default_trend},
        {"a background acts by its ratio to current policies", background_ratio},
        {"ramps reach what is left of them after the last inventory", ramps},
        {"a city's item overrides the one for all field by field", overrides},
        {"the order of measures in a file never matters", order_in_files},
        {"a target that cannot be judged says why", assessable},
        {"some of the cities make a study of their own", fewer_cities},
    };
    return TJ_RUN("compile", tests);
}
