/* trend.csv: what a person or `trajekt calibrate` writes there is what the plan does, and its faults are told.
 * The study is that of tests/small_study.h with one file more. */
#include "engine/threefry.h"
#include "scenarios/calibrate_table.h"
#include "tests/harness.h"
#include "tests/small_study.h"

#define HEADER "city,sector,growth,growth_sd,delta,rho,sigma,shock,observations,places,source\n"

/* The small study with a trend.csv. */
static void trended_open(small *t, const char *trend)
{
    const char *const file[][2] = {{"trend.csv", trend}};
    small_open_with(t, file, 1);
}

/* 1 where one of the messages holds `text`. */
static int says(const char *trend, const char *text)
{
    char line[1024];
    int found = 0;
    small t;
    trended_open(&t, trend);
    CU_ASSERT_EQUAL(t.status, TJ_ERR_INPUT);
    for (size_t i = 0; i < t.diags.count; i++) {
        tj_diag_format(&t.diags.items[i], line, sizeof line);
        found |= strstr(line, text) != NULL;
    }
    small_close(&t);
    return found;
}

static const tj_plan_cell *cell_of(const small *t, int city, int index)
{
    return tj_plan_get_cell(t->compiled.plan, tj_plan_get_city(t->compiled.plan, city)->cells_first + index);
}

static void rows_replace_the_default(void)
{
    small t;
    trended_open(&t, HEADER "north,transport,-0.02,0.005,0.9,0.8,0.1,0.03,100,12,s\n"
                            "north,heat,-0.02,0.005,1,1,0.2,0,,,\n"
                            "south,transport,-0.01,0,1,1,0.3,0.03,,,\n");
    CU_ASSERT_EQUAL_FATAL(t.status, TJ_OK);
    const tj_plan_cell *a = cell_of(&t, 0, 0), *b = cell_of(&t, 0, 1), *c = cell_of(&t, 1, 0);
    CU_ASSERT(a->delta.value == 0.9 && a->rho.value == 0.8 && a->sigma.value == 0.1);
    CU_ASSERT(a->shock.value == 0.03 && a->keeps_mean == 1);
    CU_ASSERT_EQUAL(a->shock_stream, tj_stream("transport.shock@AAA"));
    CU_ASSERT_EQUAL(a->shock_stream, c->shock_stream); /* one shock for the country */
    CU_ASSERT(a->noise_stream != c->noise_stream);
    CU_ASSERT(a->growth.param != TJ_NONE && a->growth.param == b->growth.param); /* one rate for the city */
    CU_ASSERT_STRING_EQUAL(t.compiled.params[a->growth.param], "growth@north");
    CU_ASSERT(c->growth.param == TJ_NONE && c->growth.value == -0.01);
    small_close(&t);
}

static void without_a_row_the_default_stays(void)
{
    small with;
    small without;
    trended_open(&with, HEADER "north,transport,-0.02,0,1,1,0.1,0,,,\n");
    small_open(&without, NULL, NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(with.status, TJ_OK);
    CU_ASSERT_EQUAL_FATAL(without.status, TJ_OK);
    for (int city = 0; city < 3; city++) {
        const tj_plan_cell *a = cell_of(&with, city, 1);
        const tj_plan_cell *b = tj_plan_get_cell(
            without.compiled.plan, tj_plan_get_city(without.compiled.plan, city)->cells_first + 1);
        CU_ASSERT(a->growth.value == b->growth.value && a->sigma.value == b->sigma.value);
        CU_ASSERT(a->keeps_mean == 0 && a->shock.value == 0 && a->shock.param == TJ_NONE);
    }
    small_close(&without);
    small_close(&with);
}

static void faults_are_told(void)
{
    CU_ASSERT(says(HEADER "north,transport,-0.02,0,1,1.2,0.1,0,,,\n",
                   "trend.csv:2:27: error: rho: found 1.2, expected a number from 0 to 1"));
    CU_ASSERT(says(HEADER "north,transport,-2 %,0,1,1,0.1,0,,,\n", "expected a number alone"));
    CU_ASSERT(says(HEADER "nort,transport,0,0,1,1,0.1,0,,,\n", "'north'"));
    CU_ASSERT(says(HEADER "north,transprt,0,0,1,1,0.1,0,,,\n", "'transport'"));
    CU_ASSERT(says(HEADER "north,heat,0,0,1,1,0.1,0,,,\nnorth,heat,0,0,1,1,0.1,0,,,\n",
                   "north, heat is given twice, first in line 2"));
    CU_ASSERT(says("city,sector,growth\nnorth,heat,0\n", "column 'growth_sd' is missing"));
}

/* The made study has five places in all: too few to learn from. */
static void too_few_places_give_no_rows(void)
{
    small s;
    tj_calibrated_table table;
    small_open(&s, NULL, NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    CU_ASSERT_EQUAL(tj_calibrate_study(&s.study, &table), TJ_OK);
    CU_ASSERT_EQUAL(table.count, 0);
    CU_ASSERT_STRING_EQUAL(table.poor, "AAA");
    tj_calibrated_free(&table);
    small_close(&s);
}

int main(void)
{
    const tj_test tests[] = {
        {"a row takes the place of the default", rows_replace_the_default},
        {"without a row the default stays", without_a_row_the_default_stays},
        {"faults are told with their place", faults_are_told},
        {"too few places give no rows", too_few_places_give_no_rows},
    };
    return TJ_RUN("trend_file", tests);
}
