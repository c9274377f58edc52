/* Every backend against the reference on random plans: all backgrounds, packages, cities and draws,
 * in blocks of odd sizes. */
#include "tests/harness.h"
#include "tests/random_plan.h"
#include "tests/runner.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { PLANS = 300, DRAWS = 67 };

/* Relative to the largest value of the cell in that draw: a sink or a share near zero is a difference of
 * large numbers, and its rounding is theirs. */
static const double tolerance = 1e-12;

/* Largest relative difference of one cell over its years and draws; infinite where one is absent. */
static double cell_difference(const double *a, const double *b, size_t years, size_t draws)
{
    double worst = 0;
    for (size_t d = 0; d < draws; d++) {
        double largest = 0, scale = 1e-300;
        for (size_t y = 0; y < years; y++) {
            double x = a[y * draws + d], other = b[y * draws + d];
            if (isnan(x) != isnan(other))
                return INFINITY;
            if (isnan(x))
                continue;
            largest = fmax(largest, fabs(x - other));
            scale = fmax(scale, fabs(x));
        }
        worst = fmax(worst, largest / scale);
    }
    return worst;
}

/* Which of several faults is named is the backend's choice; that it is one of the city's is not. */
static void names_a_place(const tj_runner *runner, int32_t city)
{
    const tj_plan_city *record = tj_plan_get_city(runner->plan, city);
    CU_ASSERT(runner->fault_cell >= record->cells_first &&
              runner->fault_cell < record->cells_first + record->cells_count);
    CU_ASSERT(runner->fault_year > record->last_inventory &&
              runner->fault_year < tj_plan_get_settings(runner->plan)->n_years);
}

static void compare(tj_runner *truth, tj_runner *other, int32_t background, int32_t package, int32_t city,
                    uint64_t seed)
{
    static const size_t blocks[4] = {DRAWS, 1, 8, 13};
    size_t length = tj_runner_length(truth, city),
           n_years = (size_t)tj_plan_get_settings(truth->plan)->n_years;
    double *a = malloc(length * sizeof *a), *b = malloc(length * sizeof *b);
    assert(a != NULL && b != NULL);
    tj_status expected = tj_runner_run(truth, background, package, city, DRAWS, a);
    tj_status status = tj_runner_run(other, background, package, city, blocks[seed % 4], b);
    CU_ASSERT_EQUAL(status, expected);
    if (status == TJ_ERR_UNDEFINED) {
        names_a_place(truth, city);
        names_a_place(other, city);
    }
    int32_t cells = tj_plan_get_city(truth->plan, city)->cells_count;
    for (int32_t k = 0; expected == TJ_OK && status == TJ_OK && k < cells; k++) {
        size_t at = (size_t)k * n_years * DRAWS;
        double difference = cell_difference(a + at, b + at, n_years, DRAWS);
        if (!(difference <= tolerance)) /* name the case, so that it can be looked at */
            printf("seed %d background %d package %d city %d cell %d: %g\n", (int)seed, background, package,
                   city, k, difference);
        CU_ASSERT(difference <= tolerance);
    }
    free(a);
    free(b);
}

static void agreement(void)
{
    tj_runner_agree((tj_random_shape){0}, PLANS, DRAWS, compare);
}

/* Scales alone, some of them competing: trends take a way of their own. */
static void scales(void)
{
    tj_runner_agree((tj_random_shape){.scales = 1}, PLANS, DRAWS, compare);
}

/* The plans hold what they are meant to exercise. */
static void coverage(void)
{
    int ops[TJ_OPS] = {0}, methods[TJ_METHODS] = {0}, kinds[TJ_DIST_KINDS] = {0},
        targets[TJ_TARGET_KINDS] = {0};
    int overlaps = 0, synergies = 0, growth = 0;
    for (uint64_t seed = 1; seed <= PLANS; seed++) {
        size_t count;
        tj_plan *plan = tj_random_plan(&(tj_random_shape){.seed = seed});
        const tj_plan_effect *effects = tj_plan_section(plan, TJ_SECTION_EFFECTS, &count);
        for (size_t i = 0; i < count; i++) {
            ops[effects[i].op]++;
            overlaps += effects[i].overlap != TJ_NONE;
            synergies += effects[i].factors_count > 0;
        }
        const tj_plan_cell *cells = tj_plan_section(plan, TJ_SECTION_CELLS, &count);
        for (size_t i = 0; i < count; i++)
            methods[cells[i].method]++;
        const tj_plan_param *params = tj_plan_section(plan, TJ_SECTION_PARAMS, &count);
        for (size_t i = 0; i < count; i++)
            kinds[params[i].kind]++;
        const tj_plan_driver *drivers = tj_plan_section(plan, TJ_SECTION_DRIVERS, &count);
        for (size_t i = 0; i < count; i++)
            growth += drivers[i].reference == TJ_REF_GROWTH;
        const tj_plan_target *list = tj_plan_section(plan, TJ_SECTION_TARGETS, &count);
        for (size_t i = 0; i < count; i++)
            targets[list[i].kind]++;
        tj_plan_free(plan);
    }
    for (int k = 0; k < TJ_OPS; k++)
        CU_ASSERT(ops[k] > PLANS);
    for (int k = 0; k <= TJ_METHOD_SINK; k++)
        CU_ASSERT(methods[k] > PLANS / 2);
    for (int k = 0; k < TJ_DIST_KINDS; k++)
        CU_ASSERT(kinds[k] > PLANS / 2);
    for (int k = 0; k < TJ_TARGET_KINDS; k++)
        CU_ASSERT(targets[k] > PLANS / 4);
    CU_ASSERT(overlaps > PLANS && synergies > PLANS && growth > PLANS / 4);
}

int main(void)
{
    static const tj_test tests[] = {
        {"random plans hold every kind of thing", coverage},
        {"every backend agrees with the reference", agreement},
        {"and so where measures only scale", scales},
    };
    return TJ_RUN("agreement", tests);
}
