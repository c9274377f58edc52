/* Every backend against the reference on random plans with fleets, buildings, heat networks and landfills:
 * emissions and physical rows, all backgrounds, packages, cities and draws, in blocks of odd sizes. */
#include "tests/harness.h"
#include "tests/random_plan.h"
#include "tests/runner.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { PLANS = 100, DRAWS = 11 };

/* Relative to the largest value of the cell or row in that draw. */
static const double tolerance = 1e-11;

/* A city's cells and physical rows, [item][year][draw]. */
typedef struct city_run {
    double *cells, *rows; /* owned */
    tj_status status;
} city_run;

static city_run simulate(tj_runner *runner, int32_t background, int32_t package, int32_t city, size_t block)
{
    city_run run = {malloc(tj_runner_length(runner, city) * sizeof(double)),
                    malloc((tj_runner_rows_length(runner, city) + 1) * sizeof(double)), TJ_OK};
    assert(run.cells != NULL && run.rows != NULL);
    run.status = tj_runner_run_rows(runner, background, package, city, block, run.cells, run.rows);
    return run;
}

static void city_run_free(city_run *run)
{
    free(run->cells);
    free(run->rows);
}

static double largest(const double *x, size_t years, size_t draw)
{
    double most = 0;
    for (size_t y = 0; y < years; y++)
        most = isnan(x[y * DRAWS + draw]) ? most : fmax(most, fabs(x[y * DRAWS + draw]));
    return most;
}

/* Largest difference of one item in one draw; infinite where one is absent. */
static double difference(const double *a, const double *b, size_t years, size_t draw)
{
    double most = 0;
    for (size_t i = draw; i < years * DRAWS; i += DRAWS) {
        if (isnan(a[i]) != isnan(b[i]))
            return INFINITY;
        most = isnan(a[i]) ? most : fmax(most, fabs(a[i] - b[i]));
    }
    return most;
}

/* What a row is measured by: sales and what retires, which are differences of units, by all units of the cell; units by them
 * too, and energy by that of all carriers, since a technology that is hardly sold is a difference of shares. */
static double row_scale(const tj_plan *plan, const tj_plan_city *city, int32_t row, const double *values,
                        size_t draw)
{
    size_t years = (size_t)tj_plan_get_settings(plan)->n_years;
    const tj_plan_row *rows = tj_plan_section(plan, TJ_SECTION_ROWS, NULL);
    rows += city->rows_first;
    int32_t kind =
        rows[row].kind == TJ_ROW_SALES || rows[row].kind == TJ_ROW_RETIRED ? TJ_ROW_UNITS : rows[row].kind;
    double scale = 0;
    for (int32_t k = 0; k < city->rows_count; k++)
        if (rows[k].kind == kind && rows[k].cell == rows[row].cell)
            scale = fmax(scale, largest(values + (size_t)k * years * DRAWS, years, draw));
    return scale;
}

/* The case is named where it is too large, so that it can be looked at. */
static int small_enough(double difference, double scale, const char *what, int32_t item)
{
    if (difference <= tolerance * scale)
        return 1;
    printf("%s %d: %g of %g\n", what, item, difference, scale);
    return 0;
}

static int same(const tj_plan *plan, int32_t city, const city_run *a, const city_run *b)
{
    const tj_plan_city *record = tj_plan_get_city(plan, city);
    const tj_plan_row *rows = tj_plan_section(plan, TJ_SECTION_ROWS, NULL);
    size_t years = (size_t)tj_plan_get_settings(plan)->n_years;
    int fine = 1;
    for (size_t draw = 0; fine && draw < DRAWS; draw++) {
        for (int32_t k = 0; k < record->cells_count; k++) {
            size_t at = (size_t)k * years * DRAWS;
            int32_t method = tj_plan_get_cell(plan, record->cells_first + k)->method;
            fine &= small_enough(difference(a->cells + at, b->cells + at, years, draw),
                                 largest(a->cells + at, years, draw), "cell of method", method);
        }
        for (int32_t k = 0; k < record->rows_count; k++) {
            size_t at = (size_t)k * years * DRAWS;
            fine &= small_enough(difference(a->rows + at, b->rows + at, years, draw),
                                 row_scale(plan, record, k, a->rows, draw), "row of kind",
                                 rows[record->rows_first + k].kind);
        }
    }
    return fine;
}

static void compare(tj_runner *truth, tj_runner *other, int32_t background, int32_t package, int32_t city,
                    uint64_t seed)
{
    static const size_t blocks[4] = {DRAWS, 1, 8, 3};
    city_run a = simulate(truth, background, package, city, DRAWS);
    city_run b = simulate(other, background, package, city, blocks[seed % 4]);
    int fine = a.status == b.status && (a.status != TJ_OK || same(truth->plan, city, &a, &b));
    if (!fine)
        printf("seed %d background %d package %d city %d: status %d and %d\n", (int)seed, background, package,
               city, a.status, b.status);
    CU_ASSERT(fine);
    city_run_free(&a);
    city_run_free(&b);
}

static void agreement(void)
{
    tj_runner_agree((tj_random_shape){.physical = 1}, PLANS, DRAWS, compare);
}

/* ---- what the plans hold ---- */

enum { PARTS = 17 };

/* How often something is there, over all plans. */
typedef struct tally {
    int methods[TJ_METHODS], rows[TJ_ROW_KINDS];
    int given_ages, two_carriers, piles, deposits, listed, captured;
    int effects[PARTS]; /* on the drivers that are listed in count_effects */
} tally;

static void count_cells(const tj_plan *plan, tally *t)
{
    const tj_plan_settings *s = tj_plan_get_settings(plan);
    for (int32_t c = 0; c < s->n_cells; c++) {
        const tj_plan_cell *cell = tj_plan_get_cell(plan, c);
        t->methods[cell->method]++;
        t->piles += cell->method == TJ_METHOD_LANDFILL && cell->pile != TJ_NONE;
        t->deposits += cell->method == TJ_METHOD_LANDFILL && cell->deposits != TJ_NONE;
        t->listed += cell->method == TJ_METHOD_INTENSITY && cell->carriers_count > 0;
        t->captured += cell->method == TJ_METHOD_SUPPLY && cell->removal_cell != TJ_NONE;
    }
    const tj_plan_row *rows = tj_plan_section(plan, TJ_SECTION_ROWS, NULL);
    for (int32_t r = 0; r < s->n_rows; r++)
        t->rows[rows[r].kind]++;
}

/* Effects of the plan on a driver. */
static int effects_on(const tj_plan *plan, int32_t driver)
{
    size_t count;
    int found = 0;
    const tj_plan_effect *effects = tj_plan_section(plan, TJ_SECTION_EFFECTS, &count);
    for (size_t i = 0; i < count; i++)
        found += effects[i].driver == driver || effects[i].to_driver == driver;
    return driver == TJ_NONE ? 0 : found;
}

static void count_effects(const tj_plan *plan, tally *t)
{
    size_t n;
    const tj_plan_fleet *fleets = tj_plan_section(plan, TJ_SECTION_FLEETS, &n);
    for (size_t i = 0; i < n; i++) {
        const tj_plan_fleet *f = &fleets[i];
        const int32_t drivers[7] = {f->demand, f->activity, f->survival, f->demolition,
                                    f->code,   f->rate,     f->depth};
        for (int k = 0; k < 7; k++)
            t->effects[k] += effects_on(plan, drivers[k]);
    }
    const tj_plan_technology *technologies = tj_plan_section(plan, TJ_SECTION_TECHNOLOGIES, &n);
    for (size_t i = 0; i < n; i++) {
        t->effects[7] += effects_on(plan, technologies[i].sales);
        t->effects[8] += effects_on(plan, technologies[i].scrappage);
        t->given_ages += technologies[i].ages != TJ_NONE;
        t->two_carriers += technologies[i].burners_count == 2;
    }
    const tj_plan_burner *burners = tj_plan_section(plan, TJ_SECTION_BURNERS, &n);
    for (size_t i = 0; i < n; i++)
        t->effects[9] += effects_on(plan, burners[i].driver);
    const tj_plan_source *sources = tj_plan_section(plan, TJ_SECTION_SOURCES, &n);
    for (size_t i = 0; i < n; i++) {
        t->effects[10] += effects_on(plan, sources[i].share);
        t->effects[11] += effects_on(plan, sources[i].capture);
        t->effects[12] += effects_on(plan, sources[i].fossil);
    }
    const tj_plan_waste *wastes = tj_plan_section(plan, TJ_SECTION_WASTES, &n);
    for (size_t i = 0; i < n; i++) {
        const tj_plan_cell *cell = tj_plan_get_cell(plan, wastes[i].cell);
        t->effects[13] += effects_on(plan, wastes[i].share);
        t->effects[14] += effects_on(plan, cell->deposit);
        t->effects[15] += effects_on(plan, cell->recovery);
        t->effects[16] += effects_on(plan, cell->oxidation);
    }
}

static void coverage(void)
{
    tally t = {0};
    for (int seed = 1; seed <= PLANS; seed++) {
        tj_plan *plan = tj_random_plan(&(tj_random_shape){.seed = (uint64_t)seed, .physical = 1});
        count_cells(plan, &t);
        count_effects(plan, &t);
        tj_plan_free(plan);
    }
    for (int k = 0; k < TJ_METHODS; k++)
        CU_ASSERT(t.methods[k] > PLANS);
    for (int k = 0; k < TJ_ROW_KINDS; k++)
        CU_ASSERT(t.rows[k] > PLANS);
    for (int k = 0; k < PARTS; k++)
        CU_ASSERT(t.effects[k] > PLANS / 4);
    CU_ASSERT(t.given_ages > PLANS && t.two_carriers > PLANS && t.listed > PLANS / 2);
    CU_ASSERT(t.piles > PLANS / 2 && t.deposits > PLANS / 2 && t.captured > PLANS / 2);
}

int main(void)
{
    static const tj_test tests[] = {
        {"random plans hold sectors with memory, and measures on all their drivers", coverage},
        {"every backend agrees with the reference on sectors with memory", agreement},
    };
    return TJ_RUN("agreement_physical", tests);
}
