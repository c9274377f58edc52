/* Totals in flight: every total once and only once, of the same bits as an ensemble keeps, whatever the threads, the
 * blocks and the way, by tally or by cells; failures are handed back. */
#include "engine/totals.h"
#include "tests/harness.h"
#include "tests/plan_maker.h"
#include "tests/random_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS = 12, FEW = 6 };

/* ---- what should be ---- */

typedef struct truth {
    const tj_plan *plan;
    size_t draws;
    double *total; /* [background][package][city][year][draw] */
} truth;

static size_t unit_length(const truth *t)
{
    const tj_plan_settings *s = tj_plan_get_settings(t->plan);
    return (size_t)s->n_cities * (size_t)s->n_years * t->draws;
}

static size_t unit_index(const truth *t, int32_t background, int32_t package)
{
    return (size_t)background * (size_t)tj_plan_get_settings(t->plan)->n_packages + (size_t)package;
}

static tj_status keep_unit(void *context, const tj_unit_result *unit)
{
    const truth *t = context;
    memcpy(t->total + unit_index(t, unit->background, unit->package) * unit_length(t),
           unit->field[TJ_FIELD_TOTAL_DRAW], unit_length(t) * sizeof *t->total);
    return TJ_OK;
}

static tj_status find_truth(truth *t, const tj_plan *plan, const tj_backend *backend, size_t draws)
{
    const tj_plan_settings *s = tj_plan_get_settings(plan);
    tj_run_report report;
    *t = (truth){plan, draws, NULL};
    t->total = malloc((size_t)s->n_backgrounds * (size_t)s->n_packages * unit_length(t) * sizeof *t->total);
    tj_run run = {.plan = plan,
                  .backend = backend,
                  .draws = draws,
                  .threads = 1,
                  .outputs = TJ_OUTPUTS_ALL,
                  .unit = keep_unit,
                  .context = t};
    return tj_ensemble_run(&run, &report);
}

/* ---- what is handed over ---- */

typedef struct seen {
    const truth *truth;
    unsigned char *times; /* as truth.total: how often each total came */
    size_t differing;
    int threads;
} seen;

static tj_status look(void *context, int thread, const tj_totals_part *part)
{
    seen *s = context;
    const tj_plan_settings *settings = tj_plan_get_settings(s->truth->plan);
    size_t unit = unit_index(s->truth, part->background, part->package) * unit_length(s->truth), wrong = 0;
    for (int32_t y = part->first_year; y < part->end_year; y++) {
        size_t row = (size_t)part->city * (size_t)settings->n_years + (size_t)y;
        for (size_t d = 0; d < part->n; d++) {
            size_t at = unit + row * s->truth->draws + part->first + d;
            double x = part->total[(size_t)(y - part->first_year) * part->stride + d];
            s->times[at]++; /* nobody else has this total */
            wrong +=
                memcmp(&x, &s->truth->total[at], sizeof x) != 0 && !(isnan(x) && isnan(s->truth->total[at]));
        }
    }
#pragma omp atomic
    s->differing += wrong;
    if (thread < 0 || thread >= s->threads)
#pragma omp atomic
        s->differing++;
    return TJ_OK;
}

static int is_wanted(const tj_totals_run *wanted, int32_t background, int32_t package, int32_t city,
                     int32_t year)
{
    const tj_run *run = wanted->run;
    int listed = run->packages == NULL;
    for (size_t i = 0; i < run->n_packages; i++)
        listed |= run->packages[i] == package;
    return listed && background >= wanted->background_first && background < wanted->background_end &&
           (wanted->history || year > tj_plan_get_city(run->plan, city)->last_inventory);
}

/* How many totals did not come exactly as often as they should. */
static size_t miscounted(const seen *s, const tj_totals_run *wanted, unsigned char times)
{
    const tj_plan_settings *settings = tj_plan_get_settings(s->truth->plan);
    const unsigned char *next = s->times;
    size_t wrong = 0;
    for (int32_t b = 0; b < settings->n_backgrounds; b++)
        for (int32_t p = 0; p < settings->n_packages; p++)
            for (int32_t c = 0; c < settings->n_cities; c++)
                for (int32_t y = 0; y < settings->n_years; y++)
                    for (size_t d = 0; d < s->truth->draws; d++)
                        wrong += *next++ != (is_wanted(wanted, b, p, c, y) ? times : 0);
    return wrong;
}

/* Twice with the same totals, as the second round finds rooms that the first has used. */
static void hold_to(const truth *t, const tj_run *run, const tj_totals_run *like)
{
    const tj_plan_settings *settings = tj_plan_get_settings(t->plan);
    size_t units = (size_t)settings->n_backgrounds * (size_t)settings->n_packages;
    seen s = {.truth = t, .times = calloc(units * unit_length(t), 1), .threads = run->threads};
    tj_totals_run wanted = *like;
    tj_totals *totals;
    wanted.run = run;
    wanted.part = look;
    wanted.context = &s;
    CU_ASSERT_EQUAL_FATAL(tj_totals_open(&wanted, &totals), TJ_OK);
    for (unsigned char times = 1; times <= 2; times++) {
        CU_ASSERT_EQUAL(tj_totals_give(totals), TJ_OK);
        CU_ASSERT_EQUAL(miscounted(&s, &wanted, times), 0);
    }
    CU_ASSERT_EQUAL(s.differing, 0);
    tj_totals_close(totals);
    free(s.times);
}

/* ---- laws ---- */

static size_t tallies;

/* The lanes, and how many cities they tallied. */
static tj_status create_counted(const tj_prepared *prepared, tj_scratch *scratch, const tj_tally_case *wanted,
                                tj_tally **tally)
{
    tj_status status = tj_backend_lanes.tally->create(prepared, scratch, wanted, tally);
#pragma omp atomic
    tallies += *tally != NULL;
    return status;
}

static void on_random_plans(tj_random_shape shape, uint64_t seeds, const tj_backend *backend)
{
    static const size_t draws[] = {1, 7, 40, 64, 65, 127, 200, 300};
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        shape.seed = seed;
        tj_plan *plan = tj_random_plan(&shape);
        const tj_plan_settings *s = tj_plan_get_settings(plan);
        truth t;
        if (find_truth(&t, plan, backend, draws[seed % 8]) == TJ_OK) {
            const tj_run run = {.plan = plan,
                                .backend = backend,
                                .draws = t.draws,
                                .threads = 1 + (int)(seed % 3),
                                .block = seed % 4 == 0 ? 0 : 20 * (seed % 4) + 10};
            tj_run some = run;
            const int32_t last = s->n_packages - 1;
            some.packages = &last;
            some.n_packages = 1;
            hold_to(&t, &run, &(tj_totals_run){.background_end = s->n_backgrounds});
            hold_to(&t, &run, &(tj_totals_run){.background_end = 1, .history = 1});
            hold_to(&t, &some,
                    &(tj_totals_run){.background_first = s->n_backgrounds - 1,
                                     .background_end = s->n_backgrounds,
                                     .history = seed % 2 == 0});
        }
        free(t.total);
        tj_plan_free(plan);
    }
}

static void totals_are_those_that_an_ensemble_keeps(void)
{
    for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++) {
        on_random_plans((tj_random_shape){0}, FEW, *backend);
        on_random_plans((tj_random_shape){.physical = 1}, FEW, *backend);
    }
}

/* Most cities are tallied: if none were, the law would hold for the wrong reason. */
static void tallied_totals_are_the_same_to_the_bit(void)
{
    tj_tally_methods methods = *tj_backend_lanes.tally;
    tj_backend lanes = tj_backend_lanes;
    methods.create = create_counted;
    lanes.tally = &methods;
    tallies = 0;
    on_random_plans((tj_random_shape){.scales = 1, .trends = 1}, SEEDS, &lanes);
    on_random_plans((tj_random_shape){.scales = 1, .trends = 1, .no_overlaps = 1}, SEEDS, &lanes);
    CU_ASSERT(tallies > 2 * SEEDS);
    tallies = 0;
    on_random_plans((tj_random_shape){.trends = 1}, SEEDS, &lanes);
    CU_ASSERT(tallies > 0);
}

/* More packages than are worked on together. */
static void many_packages_go_by_turns(void)
{
    tj_plan *plan = tj_random_plan(&(tj_random_shape){.seed = 5, .subsets = 5, .scales = 1, .trends = 1});
    const tj_plan_settings *s = tj_plan_get_settings(plan);
    truth t;
    CU_ASSERT_FATAL(s->n_packages >= 32);
    CU_ASSERT_EQUAL_FATAL(find_truth(&t, plan, &tj_backend_lanes, 70), TJ_OK);
    const tj_run run = {.plan = plan, .backend = &tj_backend_lanes, .draws = 70, .threads = 2};
    hold_to(&t, &run, &(tj_totals_run){.background_end = s->n_backgrounds});
    free(t.total);
    tj_plan_free(plan);
}

/* ---- failures ---- */

static tj_status refuse(void *context, int thread, const tj_totals_part *part)
{
    (void)context, (void)thread, (void)part;
    return TJ_ERR_IO;
}

static void a_part_that_fails_stops_the_run(void)
{
    for (int trends = 0; trends < 2; trends++) {
        tj_plan *plan = tj_random_plan(&(tj_random_shape){.seed = 3, .scales = trends, .trends = trends});
        const tj_run run = {.plan = plan, .backend = &tj_backend_lanes, .draws = 100, .threads = 2};
        const tj_totals_run wanted = {.run = &run, .background_end = 1, .part = refuse};
        int32_t cell, year;
        tj_totals *totals;
        CU_ASSERT_EQUAL_FATAL(tj_totals_open(&wanted, &totals), TJ_OK);
        CU_ASSERT_EQUAL(tj_totals_give(totals), TJ_ERR_IO);
        tj_totals_fault(totals, &cell, &year);
        CU_ASSERT_EQUAL(cell, TJ_NONE);
        tj_totals_close(totals);
        tj_plan_free(plan);
    }
}

static tj_status no_tally(const tj_prepared *prepared, tj_scratch *scratch, const tj_tally_case *wanted,
                          tj_tally **tally)
{
    (void)prepared, (void)scratch, (void)wanted;
    *tally = NULL;
    return TJ_ERR_MEMORY;
}

static tj_status undefined_from_draw_70(const tj_plan *plan, const tj_draws *draws,
                                        const tj_prepared *prepared, const tj_block *block,
                                        tj_scratch *scratch, size_t stride, double *out, double *rows)
{
    tj_status status = tj_backend_lanes.simulate(plan, draws, prepared, block, scratch, stride, out, rows);
    return block->first + block->n > 70 ? TJ_ERR_UNDEFINED : status;
}

static void place(const tj_scratch *scratch, int32_t *cell, int32_t *year)
{
    (void)scratch;
    *cell = 3;
    *year = 7;
}

static tj_status pass(void *context, int thread, const tj_totals_part *part)
{
    (void)context, (void)thread, (void)part;
    return TJ_OK;
}

static void simulations_that_fail_say_where(void)
{
    tj_plan *plan = tj_random_plan(&(tj_random_shape){.seed = 3, .scales = 1, .trends = 1});
    tj_tally_methods methods = *tj_backend_lanes.tally;
    tj_backend poor = tj_backend_lanes, faulty = tj_backend_lanes;
    int32_t cell, year;
    methods.create = no_tally;
    poor.tally = &methods;
    faulty.tally = NULL;
    faulty.simulate = undefined_from_draw_70;
    faulty.fault = place;
    const tj_backend *backends[] = {&poor, &faulty};
    for (int i = 0; i < 2; i++) {
        const tj_run run = {.plan = plan, .backend = backends[i], .draws = 100, .threads = 2, .block = 16};
        const tj_totals_run wanted = {.run = &run, .background_end = 1, .part = pass};
        tj_totals *totals;
        CU_ASSERT_EQUAL_FATAL(tj_totals_open(&wanted, &totals), TJ_OK);
        CU_ASSERT_EQUAL(tj_totals_give(totals), i == 0 ? TJ_ERR_MEMORY : TJ_ERR_UNDEFINED);
        tj_totals_fault(totals, &cell, &year);
        CU_ASSERT_EQUAL(cell, i == 0 ? TJ_NONE : 3);
        CU_ASSERT_EQUAL(year, i == 0 ? TJ_NONE : 7);
        tj_totals_close(totals);
    }
    tj_plan_free(plan);
}

int main(void)
{
    static const tj_test tests[] = {
        {"totals are those that an ensemble keeps", totals_are_those_that_an_ensemble_keeps},
        {"tallied totals are the same to the bit", tallied_totals_are_the_same_to_the_bit},
        {"many packages go by turns", many_packages_go_by_turns},
        {"a part that fails stops the run", a_part_that_fails_stops_the_run},
        {"simulations that fail say where", simulations_that_fail_say_where},
    };
    return TJ_RUN("totals", tests);
}
