/* Physical rows and cells with memory through the ensemble: what a unit reports is what the reference backend computes,
 * whatever was taken over from other packages, and no thread, block or company of packages changes a bit. */
#include "engine/ensemble.h"
#include "tests/harness.h"
#include "tests/physical_maker.h"
#include "tests/random_plan.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PLANS = 12, DRAWS = 40 };

/* Fields of all units, in order. */
typedef struct kept {
    const tj_plan *plan;
    double *mean, *total; /* [unit][row or city][year] */
    size_t rows, cities, units;
} kept;

static tj_status keep(void *context, const tj_unit_result *unit)
{
    kept *k = context;
    memcpy(k->mean + k->units * k->rows, unit->field[TJ_FIELD_PHYSICAL_MEAN], k->rows * sizeof *k->mean);
    memcpy(k->total + k->units * k->cities, unit->field[TJ_FIELD_TOTAL_MEAN], k->cities * sizeof *k->total);
    k->units++;
    return TJ_OK;
}

static tj_status run(const tj_plan *plan, const tj_backend *backend, int threads, size_t block, kept *k)
{
    const tj_plan_settings *s = tj_plan_get_settings(plan);
    size_t units = (size_t)s->n_packages * (size_t)s->n_backgrounds;
    tj_run_report report;
    *k = (kept){.plan = plan,
                .rows = tj_field_length(plan, TJ_FIELD_PHYSICAL_MEAN, DRAWS),
                .cities = tj_field_length(plan, TJ_FIELD_TOTAL_MEAN, DRAWS)};
    k->mean = malloc(units * k->rows * sizeof *k->mean);
    k->total = malloc(units * k->cities * sizeof *k->total);
    assert(k->mean != NULL && k->total != NULL);
    const tj_run how = {.plan = plan,
                        .backend = backend,
                        .draws = DRAWS,
                        .threads = threads,
                        .block = block,
                        .unit = keep,
                        .context = k};
    return tj_ensemble_run(&how, &report);
}

static void forget(kept *k)
{
    free(k->mean);
    free(k->total);
}

/* Every other plan has a package for each subset of a few measures, so that neighbours have much in common. */
static tj_plan *plan_of(uint64_t seed)
{
    return tj_random_plan(&(tj_random_shape){.seed = seed, .physical = 1, .subsets = seed % 2 == 0 ? 3 : 0});
}

static int same_bytes(const kept *a, const kept *b)
{
    return a->units == b->units && memcmp(a->mean, b->mean, a->units * a->rows * sizeof *a->mean) == 0 &&
           memcmp(a->total, b->total, a->units * a->cities * sizeof *a->total) == 0;
}

/* Values count as equal where both are none, or their difference is rounding of the largest. */
static size_t differing(const double *a, const double *b, size_t n)
{
    double scale = 0;
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        scale = isnan(a[i]) ? scale : fmax(scale, fabs(a[i]));
    for (size_t i = 0; i < n; i++)
        found += isnan(a[i]) != isnan(b[i]) || fabs(a[i] - b[i]) > 1e-10 * scale;
    return found;
}

static void threads_and_blocks(void)
{
    size_t compared = 0;
    for (uint64_t seed = 1; seed <= PLANS; seed++) {
        tj_plan *plan = plan_of(seed);
        kept one, two, odd;
        tj_status status = run(plan, &tj_backend_lanes, 1, 0, &one);
        CU_ASSERT_EQUAL(run(plan, &tj_backend_lanes, 3, 0, &two), status);
        CU_ASSERT_EQUAL(run(plan, &tj_backend_lanes, 2, 7, &odd), status);
        if (status == TJ_OK)
            CU_ASSERT(same_bytes(&one, &two) && same_bytes(&one, &odd));
        compared += status == TJ_OK;
        forget(&one);
        forget(&two);
        forget(&odd);
        tj_plan_free(plan);
    }
    CU_ASSERT(compared > PLANS / 2);
}

/* The reference computes every cell of every package anew. */
static void as_the_reference(void)
{
    size_t compared = 0, numbers = 0;
    for (uint64_t seed = 1; seed <= PLANS; seed++) {
        tj_plan *plan = plan_of(seed);
        kept fast, truth;
        tj_status status = run(plan, &tj_backend_lanes, 1, 0, &fast);
        CU_ASSERT_EQUAL(run(plan, &tj_backend_reference, 1, 0, &truth), status);
        for (size_t u = 0; status == TJ_OK && u < fast.units; u++) {
            CU_ASSERT_EQUAL(differing(fast.mean + u * fast.rows, truth.mean + u * fast.rows, fast.rows), 0);
            CU_ASSERT_EQUAL(
                differing(fast.total + u * fast.cities, truth.total + u * fast.cities, fast.cities), 0);
            for (size_t i = 0; i < fast.rows; i++)
                numbers += !isnan(fast.mean[u * fast.rows + i]);
        }
        compared += status == TJ_OK;
        forget(&fast);
        forget(&truth);
        tj_plan_free(plan);
    }
    CU_ASSERT(compared > PLANS / 2 && numbers > 1000);
}

/* In H the model begins: what there is at its end is known, what was bought in it is not, and is no zero. */
static void flows_begin_after_the_last_inventory(void)
{
    int units = 0, sales = 0;
    for (uint64_t seed = 1; seed <= PLANS; seed++) {
        tj_plan *plan = plan_of(seed);
        kept fast;
        tj_status status = run(plan, &tj_backend_lanes, 1, 0, &fast);
        const tj_plan_row *rows = tj_plan_section(plan, TJ_SECTION_ROWS, NULL);
        const tj_plan_settings *s = tj_plan_get_settings(plan);
        for (int32_t i = 0; status == TJ_OK && i < s->n_rows; i++) {
            const tj_plan_cell *cell = tj_plan_get_cell(plan, rows[i].cell);
            int32_t last = tj_plan_get_city(plan, cell->city)->last_inventory;
            const double *mean = fast.mean + (size_t)i * (size_t)s->n_years + last;
            if (tj_plan_bytes(plan, cell->status)[last] == TJ_ABSENT || last + 1 == s->n_years)
                continue;
            if (rows[i].kind == TJ_ROW_SALES) {
                CU_ASSERT(isnan(mean[0]) && !isnan(mean[1]));
                sales++;
            } else if (rows[i].kind == TJ_ROW_UNITS) {
                CU_ASSERT(!isnan(mean[0]) && !isnan(mean[1]));
                units++;
            }
        }
        forget(&fast);
        tj_plan_free(plan);
    }
    CU_ASSERT(units > 0 && sales > 0);
}

/* Packages one by one, each beside the reference only, give the bytes of the whole study: what is taken over from a
 * package before does not show. */
static void company(void)
{
    for (uint64_t seed = 1; seed <= PLANS; seed++) {
        tj_plan *plan = plan_of(seed);
        const tj_plan_settings *s = tj_plan_get_settings(plan);
        kept all;
        tj_status status = run(plan, &tj_backend_lanes, 1, 0, &all);
        for (int32_t p = 0; status == TJ_OK && p < s->n_packages; p++) {
            kept alone = {.plan = plan, .rows = all.rows, .cities = all.cities};
            tj_run_report report;
            alone.mean = malloc((size_t)s->n_backgrounds * all.rows * sizeof *alone.mean);
            alone.total = malloc((size_t)s->n_backgrounds * all.cities * sizeof *alone.total);
            assert(alone.mean != NULL && alone.total != NULL);
            const tj_run how = {.plan = plan,
                                .backend = &tj_backend_lanes,
                                .draws = DRAWS,
                                .threads = 1,
                                .packages = &p,
                                .n_packages = 1,
                                .unit = keep,
                                .context = &alone};
            CU_ASSERT_EQUAL(tj_ensemble_run(&how, &report), TJ_OK);
            for (int32_t b = 0; b < s->n_backgrounds; b++) {
                size_t unit = (size_t)(b * s->n_packages + p);
                CU_ASSERT(memcmp(alone.mean + (size_t)b * all.rows, all.mean + unit * all.rows,
                                 all.rows * sizeof *all.mean) == 0);
                CU_ASSERT(memcmp(alone.total + (size_t)b * all.cities, all.total + unit * all.cities,
                                 all.cities * sizeof *all.total) == 0);
            }
            forget(&alone);
        }
        forget(&all);
        tj_plan_free(plan);
    }
}

/* A package whose effects on a city are those of the one before takes over its emissions and its rows. */
static void taken_over(void)
{
    size_t compared = 0;
    for (uint64_t seed = 1; seed <= PLANS; seed++) {
        tj_plan *plan = tj_random_plan(&(tj_random_shape){.seed = seed, .physical = 1});
        const tj_plan_settings *s = tj_plan_get_settings(plan);
        tj_plan_slice *slices = (tj_plan_slice *)tj_plan_section(plan, TJ_SECTION_SLICES, NULL);
        int32_t last = s->n_packages - 1;
        if (last < 2 || last == s->reference_package || last - 1 == s->reference_package) {
            tj_plan_free(plan);
            continue;
        }
        memcpy(slices + last * s->n_cities, slices + (last - 1) * s->n_cities,
               (size_t)s->n_cities * sizeof *slices);
        kept all;
        if (run(plan, &tj_backend_lanes, 1, 0, &all) == TJ_OK) {
            const double *mean = all.mean + (size_t)last * all.rows;
            const double *total = all.total + (size_t)last * all.cities;
            CU_ASSERT(memcmp(mean, mean - all.rows, all.rows * sizeof *mean) == 0);
            CU_ASSERT(memcmp(total, total - all.cities, all.cities * sizeof *total) == 0);
            compared++;
        }
        forget(&all);
        tj_plan_free(plan);
    }
    CU_ASSERT(compared > 3);
}

static const tj_test tests[] = {
    {"threads and blocks change no bit", threads_and_blocks},
    {"what a unit reports is what the reference backend computes", as_the_reference},
    {"what happens in a year is missing in the last inventory year", flows_begin_after_the_last_inventory},
    {"the company of other packages changes no bit", company},
    {"a package like the one before takes over its emissions and rows", taken_over},
};

int main(void)
{
    return TJ_RUN("ensemble_physical", tests);
}
