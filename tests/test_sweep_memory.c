/* Sweeps of many measures that count together: in chunks, and in as many passes as the memory asks for. */
#include "engine/ensemble.h"
#include "engine/sweep.h"
#include "tests/harness.h"
#include "tests/random_plan.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One more than a chunk of variants needs: 2^11 subsets. */
enum { MEASURES = 11, PACKAGES = 1 << MEASURES, DRAWS = 6, ROWS = 4096 };

static const int32_t in_order[MEASURES] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
static const uint8_t every[8] = {1, 1, 1, 1, 1, 1, 1, 1};

/* ---- plain evaluation ---- */

typedef struct plain {
    double *probability, *mean; /* [background][package][target], [..][city * years] */
    size_t targets, means;
} plain;

static tj_status take(void *context, const tj_unit_result *unit)
{
    plain *p = context;
    size_t at = (size_t)unit->background * PACKAGES + (size_t)unit->package;
    memcpy(p->probability + at * p->targets, unit->field[TJ_FIELD_TARGET_PROBABILITY],
           p->targets * sizeof(double));
    memcpy(p->mean + at * p->means, unit->field[TJ_FIELD_TOTAL_MEAN], p->means * sizeof(double));
    return TJ_OK;
}

static tj_status evaluate(plain *p, const tj_plan *plan)
{
    size_t units = (size_t)tj_plan_get_settings(plan)->n_backgrounds * PACKAGES;
    p->targets = tj_field_length(plan, TJ_FIELD_TARGET_PROBABILITY, DRAWS);
    p->means = tj_field_length(plan, TJ_FIELD_TOTAL_MEAN, DRAWS);
    p->probability = calloc(units * p->targets + 1, sizeof(double));
    p->mean = calloc(units * p->means + 1, sizeof(double));
    assert(p->probability != NULL && p->mean != NULL);
    tj_run run = {
        .plan = plan, .backend = &tj_backend_lanes, .draws = DRAWS, .threads = 2, .unit = take, .context = p};
    tj_run_report report;
    return tj_ensemble_run(&run, &report);
}

/* ---- sweeps ---- */

/* Every row of a sweep, found again by what it is of: passes change their order. */
typedef struct rows {
    tj_sweep_row row[ROWS];
    double *values[ROWS];
    size_t count;
} rows;

static tj_status keep(void *context, const tj_sweep_row *row)
{
    rows *r = context;
    assert(r->count < ROWS);
    r->values[r->count] = malloc(PACKAGES * sizeof(double));
    assert(r->values[r->count] != NULL);
    memcpy(r->values[r->count], row->values, PACKAGES * sizeof(double));
    r->row[r->count++] = *row;
    return TJ_OK;
}

static const double *find(const rows *r, const tj_sweep_row *like)
{
    for (size_t i = 0; i < r->count; i++) {
        const tj_sweep_row *own = &r->row[i];
        if (own->kind == like->kind && own->background == like->background && own->item == like->item &&
            own->year == like->year && own->quantile == like->quantile)
            return r->values[i];
    }
    return NULL;
}

static void forget(rows *r)
{
    for (size_t i = 0; i < r->count; i++)
        free(r->values[i]);
    r->count = 0;
}

static tj_sweep sweep_of(const tj_plan *plan, rows *to)
{
    return (tj_sweep){.library = tj_library_of(plan, MEASURES, NULL),
                      .measures = in_order,
                      .n_measures = MEASURES,
                      .cities = every,
                      .backgrounds = every,
                      .quantiles = tj_plan_section(plan, TJ_SECTION_QUANTILES, NULL),
                      .n_quantiles = (size_t)tj_plan_get_settings(plan)->n_quantiles,
                      .draws = DRAWS,
                      .threads = 2,
                      .row = keep,
                      .context = to};
}

static tj_plan *plan_of(uint64_t seed)
{
    return tj_random_plan(&(tj_random_shape){.seed = seed, .subsets = MEASURES});
}

/* ---- what is true ---- */

static int as_plain(const plain *p, const tj_plan *plan, const rows *r)
{
    int32_t n_years = tj_plan_get_settings(plan)->n_years, n_cities = tj_plan_get_settings(plan)->n_cities;
    int same = 1;
    for (size_t i = 0; i < r->count; i++) {
        const tj_sweep_row *row = &r->row[i];
        for (size_t mask = 0; mask < PACKAGES; mask++) {
            size_t at = (size_t)row->background * PACKAGES + mask;
            double x = r->values[i][mask], y = x;
            if (row->kind == TJ_SWEEP_PROBABILITY)
                y = p->probability[at * p->targets + (size_t)row->item];
            else if (row->kind == TJ_SWEEP_MEAN && row->item < n_cities)
                y = p->mean[at * p->means + (size_t)(row->item * n_years + row->year)];
            double allowed =
                row->kind == TJ_SWEEP_PROBABILITY ? (double)row->near / DRAWS + 1e-15 : 1e-11 * (fabs(y) + 1);
            same &= isnan(x) ? isnan(y) : fabs(x - y) <= allowed;
        }
    }
    return same;
}

static void many_measures_together_are_as_evaluated_one_by_one(void)
{
    tj_plan *plan = plan_of(2);
    rows r = {.count = 0};
    plain p;
    tj_sweep_report report = {0};
    tj_sweep sweep = sweep_of(plan, &r);
    CU_ASSERT_EQUAL(evaluate(&p, plan), TJ_OK);
    CU_ASSERT_EQUAL(tj_sweep_run(&sweep, &report), TJ_OK);
    CU_ASSERT(r.count > 0 && as_plain(&p, plan, &r));
    CU_ASSERT(1 << report.together > 1024); /* more variants of a component than one plan of them holds */
    free(p.probability);
    free(p.mean);
    forget(&r);
    tj_plan_free(plan);
}

static void little_memory_takes_more_passes_and_gives_the_same_bits(void)
{
    size_t most = 0;
    for (uint64_t seed = 3; seed <= 3; seed++) {
        tj_plan *plan = plan_of(seed);
        static rows whole, parts;
        tj_sweep_report report;
        tj_sweep sweep = sweep_of(plan, &whole);
        if (tj_sweep_run(&sweep, &report) == TJ_OK) {
            CU_ASSERT_EQUAL(report.passes, 1);
            sweep.context = &parts;
            sweep.memory = 1;
            CU_ASSERT_EQUAL(tj_sweep_run(&sweep, &report), TJ_ERR_MEMORY);
            /* each city in turn asks for what it needs */
            while (sweep.memory < report.need) {
                sweep.memory = report.need;
                forget(&parts);
                (void)tj_sweep_run(&sweep, &report);
            }
            CU_ASSERT_EQUAL(parts.count, whole.count);
            for (size_t i = 0; i < parts.count; i++) {
                const double *other = find(&whole, &parts.row[i]);
                CU_ASSERT(other != NULL && memcmp(other, parts.values[i], PACKAGES * sizeof(double)) == 0);
            }
            most = report.passes > most ? report.passes : most;
        }
        forget(&whole);
        forget(&parts);
        tj_plan_free(plan);
    }
    CU_ASSERT(most > 2);
}

static void what_is_too_large_is_refused_before_anything_is_simulated(void)
{
    tj_plan *plan = plan_of(1);
    rows *r = calloc(1, sizeof *r);
    tj_sweep_report report;
    assert(r != NULL);
    tj_sweep sweep = sweep_of(plan, r);
    sweep.memory =
        100000; /* 2^11 numbers of a row alone take 16 384 bytes, 2^11 variants of 128 draws 2 MiB */
    CU_ASSERT_EQUAL(tj_sweep_run(&sweep, &report), TJ_ERR_MEMORY);
    CU_ASSERT(report.fault_city >= 0);
    CU_ASSERT(report.need > ((size_t)1 << report.together) * 1024);
    CU_ASSERT_EQUAL(r->count, 0);
    free(r);
    tj_plan_free(plan);
}

/* How long it would take is judged by the work: that of 128 draws is one piece, and threads share it. */
static void what_is_refused_says_how_long_it_would_take(void)
{
    tj_plan *plan = plan_of(1);
    rows *r = calloc(1, sizeof *r);
    tj_sweep_report one, two, more;
    assert(r != NULL);
    tj_sweep sweep = sweep_of(plan, r);
    sweep.memory = 100000;
    sweep.n_quantiles = 0; /* they are picked from all draws at once */
    sweep.threads = 1;
    CU_ASSERT_EQUAL(tj_sweep_run(&sweep, &one), TJ_ERR_MEMORY);
    sweep.threads = 2;
    CU_ASSERT_EQUAL(tj_sweep_run(&sweep, &two), TJ_ERR_MEMORY);
    sweep.draws = 256;
    CU_ASSERT_EQUAL(tj_sweep_run(&sweep, &more), TJ_ERR_MEMORY);
    CU_ASSERT(one.expected >
              1e-6 * (double)((1 << one.together) - 1)); /* a subset takes microseconds at least */
    CU_ASSERT_DOUBLE_EQUAL(two.expected, one.expected / 2, 1e-12 * one.expected);
    CU_ASSERT_DOUBLE_EQUAL(more.expected, 2 * two.expected, 1e-12 * one.expected);
    sweep.memory = 0;
    sweep.draws = DRAWS;
    CU_ASSERT(tj_sweep_run(&sweep, &one) == TJ_OK && one.expected == 0);
    forget(r);
    free(r);
    tj_plan_free(plan);
}

int main(void)
{
    static const tj_test tests[] = {
        {"many measures together are as evaluated one by one",
         many_measures_together_are_as_evaluated_one_by_one},
        {"little memory takes more passes and gives the same bits",
         little_memory_takes_more_passes_and_gives_the_same_bits},
        {"what is too large is refused before anything is simulated",
         what_is_too_large_is_refused_before_anything_is_simulated},
        {"what is refused says how long it would take", what_is_refused_says_how_long_it_would_take},
    };
    return TJ_RUN("sweep_memory", tests);
}
