/* Old units kept as one: they part lane by lane, and no lane sees another's parting. */
#include "engine/legacy.h"
#include "tests/harness.h"
#include "tests/random_plan.h"
#include "tests/runner.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { N = 3, AGES = 3, YEARS = 2 };

static void near(double value, double expected)
{
    CU_ASSERT_DOUBLE_EQUAL(value, expected, 1e-12 * expected);
}

/* Three ages in H with the weights 0.5, 0.3, 0.2 of 100, 200 and 300 units; a year leaves 0.99 of age 1, then 0.9, 0.8,
 * 0.7. Rows are TJ_FLEET_LANES apart. */
typedef struct fleet {
    double ratio[AGES + YEARS], weight[AGES], left[AGES], past[AGES];
    double rows[9][TJ_FLEET_LANES];
    tj_plan_technology record;
    tj_lifetime lifetime;
    tj_technology technology;
    tj_burn burn;
} fleet;

static void start(fleet *f)
{
    static const double units[N] = {100, 200, 300};
    *f = (fleet){.ratio = {1, 0.99, 0.9, 0.8, 0.7}, .weight = {0.5, 0.3, 0.2}, .past = {3, 2, 1}};
    f->record.burners_count = 1;
    f->lifetime = (tj_lifetime){AGES, AGES + YEARS, f->ratio, f->weight};
    f->burn = (tj_burn){.past = f->past, .energy = f->rows[8]};
    f->technology = (tj_technology){.record = &f->record,
                                    .lifetime = &f->lifetime,
                                    .cohorts = f->rows[0],
                                    .units = f->rows[7],
                                    .legacy = {.left = f->left, .units = f->rows[5], .alive = f->rows[6]}};
    tj_legacy_start(N, &f->technology, units);
}

static double sum(const fleet *f, int lane)
{
    double units = 0;
    for (int v = f->technology.oldest; v < AGES; v++)
        units += f->rows[v][lane];
    return units;
}

/* The cohorts of ages 2 and 1 lose 0.2 and 0.1 in the next year, that of age 0 but 0.01: it is not taken. */
static void who_is_certain_to_lose_is_kept(void)
{
    fleet f;
    start(&f);
    CU_ASSERT_EQUAL(f.technology.legacy.count, 2);
    CU_ASSERT_EQUAL(f.technology.oldest, 2);
    tj_legacy_add(N, &f.technology, &f.burn);
    near(f.technology.units[1], 200 * (0.2 + 0.3));
    near(f.burn.energy[1], 200 * (0.2 * 3 + 0.3 * 2));
}

/* After a year under survivals of 1, 0.5 and 1: 0.2 * 0.8 and 0.3 * 0.9 are left of the units of H. */
static void a_year_takes_by_age_and_by_lane(void)
{
    static const double survival[N] = {1, 0.5, 1};
    fleet f;
    start(&f);
    tj_legacy_age(N, &f.technology, AGES, survival, NULL);
    tj_legacy_add(N, &f.technology, &f.burn);
    near(f.technology.units[0], 100 * (0.16 + 0.27));
    near(f.technology.units[1], 200 * (0.16 + 0.27) * 0.5);
    near(f.burn.energy[2], 300 * (0.16 * 3 + 0.27 * 2));
    CU_ASSERT_EQUAL(f.technology.oldest, 2);
}

/* Lane 0 would keep 1.2 * 0.9 of a cohort, lane 2 scraps: both have their cohorts of H in rows before the year takes from
 * them, lane 1 stays. */
static void lanes_part_alone(void)
{
    static const double survival[N] = {1.2, 1, 1}, scrappage[N] = {0, 0, 0.1};
    fleet f;
    start(&f);
    tj_legacy_age(N, &f.technology, AGES, survival, scrappage);
    CU_ASSERT_EQUAL(f.technology.oldest, 0);
    near(f.rows[0][0], 100 * 0.2);
    near(f.rows[1][0], 100 * 0.3);
    near(f.rows[0][2], 300 * 0.2);
    CU_ASSERT_EQUAL(f.rows[0][1], 0);
    tj_legacy_add(N, &f.technology, &f.burn);
    CU_ASSERT_EQUAL(f.technology.units[0], 0);
    near(f.technology.units[1], 200 * (0.16 + 0.27));
    CU_ASSERT_EQUAL(f.technology.units[2], 0);
}

/* Nothing is lost or doubled when the last lane parts, and nobody is kept any more. */
static void the_last_lane_ends_it(void)
{
    static const double first[N] = {1, 0, 0}, rest[N] = {0, 1, 1};
    fleet f;
    start(&f);
    tj_legacy_part(N, &f.technology, first);
    CU_ASSERT_EQUAL(f.technology.legacy.count, 2);
    tj_legacy_part(N, &f.technology, rest);
    CU_ASSERT_EQUAL(f.technology.legacy.count, 0);
    for (int lane = 0; lane < N; lane++)
        near(sum(&f, lane), 100 * (lane + 1) * (0.2 + 0.3));
}

/* ---- on random plans ---- */

enum { PLANS = 40, DRAWS = 70 };

/* Does something retire early in some draws and not in others? */
static int parts_some(const tj_runner *runner, int32_t city, const double *rows)
{
    const tj_plan_row *all = tj_plan_section(runner->plan, TJ_SECTION_ROWS, NULL);
    const tj_plan_city *c = tj_plan_get_city(runner->plan, city);
    int32_t n_years = tj_plan_get_settings(runner->plan)->n_years;
    int some = 0;
    for (int32_t i = 0; i < c->rows_count; i++) {
        const tj_plan_row *row = &all[c->rows_first + i];
        for (int32_t y = c->last_inventory + 1; y < n_years && row->kind == TJ_ROW_RETIRED; y++) {
            const double *x = rows + (size_t)(row->slot * n_years + y) * DRAWS;
            int early = 0;
            for (int d = 0; d < DRAWS; d++)
                early += x[d] > 0;
            some |= early > 0 && early < DRAWS;
        }
    }
    return some;
}

static int compare_city(tj_runner *runner, int32_t package, int32_t city)
{
    size_t length = tj_runner_length(runner, city), rows_length = tj_runner_rows_length(runner, city);
    double *values[4];
    for (int i = 0; i < 4; i++)
        values[i] = malloc(((i < 2 ? length : rows_length) + 1) * sizeof(double));
    assert(values[0] != NULL && values[1] != NULL && values[2] != NULL && values[3] != NULL);
    tj_status all = tj_runner_run_rows(runner, 0, package, city, DRAWS, values[0], values[2]);
    tj_status each = tj_runner_run_rows(runner, 0, package, city, 1, values[1], values[3]);
    int parted = 0;
    CU_ASSERT_EQUAL(all, each);
    if (all == TJ_OK) {
        CU_ASSERT(memcmp(values[0], values[1], length * sizeof(double)) == 0);
        CU_ASSERT(memcmp(values[2], values[3], rows_length * sizeof(double)) == 0);
        parted = parts_some(runner, city, values[2]);
    }
    for (int i = 0; i < 4; i++)
        free(values[i]);
    return parted;
}

/* All draws in stretches against each draw by itself, where some draws retire early and others do not. */
static void no_lane_sees_another(void)
{
    int parted = 0;
    for (uint64_t seed = 1; seed <= PLANS; seed++) {
        tj_plan *plan = tj_random_plan(&(tj_random_shape){.seed = seed, .physical = 1});
        const tj_plan_settings *s = tj_plan_get_settings(plan);
        tj_runner runner;
        tj_runner_open(&runner, &tj_backend_lanes, plan, DRAWS);
        for (int32_t c = 0; c < s->n_cities; c++)
            parted += compare_city(&runner, (int32_t)(seed % (uint64_t)s->n_packages), c);
        tj_runner_close(&runner);
        tj_plan_free(plan);
    }
    CU_ASSERT(parted > 0);
}

int main(void)
{
    static const tj_test tests[] = {
        {"cohorts that are certain to lose are kept as one", who_is_certain_to_lose_is_kept},
        {"a year takes by age and by lane", a_year_takes_by_age_and_by_lane},
        {"lanes part alone, with what they had", lanes_part_alone},
        {"the last lane ends it, and nothing is lost", the_last_lane_ends_it},
        {"no lane sees another's parting", no_lane_sees_another},
    };
    return TJ_RUN("legacy", tests);
}
