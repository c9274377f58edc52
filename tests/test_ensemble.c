/* Running an ensemble: order, pairing, memory and failure on a backend that writes known numbers, and the
 * same bits from any number of threads and any block on random plans. */
#include "engine/ensemble.h"
#include "tests/harness.h"
#include "tests/plan_maker.h"
#include "tests/random_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- a backend whose numbers can be checked by eye ---- */

struct tj_scratch {
    int32_t cell, year;
};

/* With this cell index a draw of 70 or more fails, in package 1. */
enum { FAULTY = 3, FAULT_DRAW = 70, FAULT_YEAR = 2 };

static tj_scratch *known_scratch(const tj_plan *plan, const tj_draws *draws)
{
    (void)plan, (void)draws;
    return calloc(1, sizeof(tj_scratch));
}

static void known_free(tj_scratch *scratch)
{
    free(scratch);
}

/* History is 100; later 100 + 10 package + 1000 background + cell + draw. */
static tj_status known_simulate(const tj_plan *plan, const tj_draws *draws, const tj_prepared *prepared,
                                const tj_block *block, tj_scratch *scratch, size_t stride, double *out,
                                double *rows)
{
    (void)draws, (void)prepared, (void)scratch, (void)rows;
    const tj_plan_city *city = tj_plan_get_city(plan, block->city);
    int32_t n_years = tj_plan_get_settings(plan)->n_years;
    for (int32_t k = 0; k < city->cells_count; k++) {
        for (int32_t y = 0; y < n_years; y++) {
            double base = 10 * block->package + 1000 * block->background + city->cells_first + k;
            int32_t slot = block->slot != NULL && y > city->last_inventory ? block->slot[k] : k;
            double *row = out + (size_t)(slot * n_years + y) * stride;
            for (size_t d = 0; d < block->n; d++)
                row[d] = y <= city->last_inventory ? 100 : 100 + base + (double)(block->first + d);
        }
    }
    return TJ_OK;
}

static tj_status faulty_simulate(const tj_plan *plan, const tj_draws *draws, const tj_prepared *prepared,
                                 const tj_block *block, tj_scratch *scratch, size_t stride, double *out,
                                 double *rows)
{
    const tj_plan_city *city = tj_plan_get_city(plan, block->city);
    if (block->package == 1 && city->cells_first + city->cells_count > FAULTY &&
        block->first + block->n > FAULT_DRAW) {
        *scratch = (tj_scratch){city->cells_first > FAULTY ? city->cells_first : FAULTY, FAULT_YEAR};
        return TJ_ERR_UNDEFINED;
    }
    return known_simulate(plan, draws, prepared, block, scratch, stride, out, rows);
}

static void known_fault(const tj_scratch *scratch, int32_t *cell, int32_t *year)
{
    *cell = scratch->cell;
    *year = scratch->year;
}

static const tj_backend known = {.name = "known",
                                 .sentence = "numbers known beforehand",
                                 .scratch_create = known_scratch,
                                 .scratch_free = known_free,
                                 .simulate = known_simulate};
static const tj_backend faulty = {.name = "faulty",
                                  .sentence = "fails in package 1",
                                  .scratch_create = known_scratch,
                                  .scratch_free = known_free,
                                  .simulate = faulty_simulate,
                                  .fault = known_fault};

/* ---- what a sink sees ---- */

typedef struct seen {
    const tj_plan *plan;
    size_t draws, units, stop_after;
    double progressed;
    int fell; /* the progress, at any time */
    int32_t background[256], package[256];
    double *values[256]; /* all fields of a unit, one after the other */
    size_t length;
} seen;

static tj_status take(void *context, const tj_unit_result *result)
{
    seen *s = context;
    s->background[s->units] = result->background;
    s->package[s->units] = result->package;
    s->length = 0;
    for (int f = 0; f < TJ_FIELDS; f++)
        s->length += result->field[f] ? tj_field_length(s->plan, (tj_field_id)f, s->draws) : 0;
    double *next = s->values[s->units++] = malloc((s->length + 1) * sizeof *next);
    for (int f = 0; f < TJ_FIELDS; f++) {
        size_t length = result->field[f] ? tj_field_length(s->plan, (tj_field_id)f, s->draws) : 0;
        if (length > 0)
            memcpy(next, result->field[f], length * sizeof *next);
        next += length;
    }
    return s->units == s->stop_after ? TJ_ERR_IO : TJ_OK;
}

static int count_progress(void *context, double done, size_t all)
{
    seen *s = context;
    s->fell |= done < s->progressed;
    s->progressed = done;
    return done > (double)all;
}

static int stop_at_three(void *context, double done, size_t all)
{
    seen *s = context;
    (void)all;
    s->progressed = done;
    return done >= 3;
}

static void forget(seen *s)
{
    for (size_t i = 0; i < s->units; i++)
        free(s->values[i]);
}

/* Doubles of the fields before `field`. */
static size_t offset_of(const seen *s, tj_field_id field)
{
    size_t offset = 0;
    for (int f = 0; f < (int)field; f++)
        offset += tj_field_length(s->plan, (tj_field_id)f, s->draws);
    return offset;
}

/* Two cities with two cells each, 2000 .. 2004, last inventory 2002. Every package has an effect of its own on
 * every cell, as the numbers of the known backend say. */
static tj_plan *small_plan(int backgrounds, int packages)
{
    static const double history[] = {100, 100, 100};
    tj_maker *maker = tj_maker_create(2000, 2004, backgrounds, packages);
    for (int c = 0; c < 2; c++) {
        tj_maker_city(maker, 2002);
        for (int k = 0; k < 2; k++) {
            int32_t cell = tj_maker_trend(maker, k, history, 0);
            for (int p = 1; p < packages; p++) {
                tj_plan_effect effect =
                    tj_maker_effect(maker, TJ_OP_SCALE, tj_maker_driver(maker, cell, 0), 0.001 * p);
                tj_maker_add(maker, p, c, &effect);
            }
        }
    }
    return tj_maker_finish(maker);
}

static tj_run run_of(const tj_plan *plan, const tj_backend *backend, size_t draws, seen *s)
{
    *s = (seen){.plan = plan, .draws = draws};
    return (tj_run){.plan = plan,
                    .backend = backend,
                    .draws = draws,
                    .threads = 2,
                    .unit = take,
                    .progress = count_progress,
                    .context = s};
}

/* ---- tests ---- */

static void units_come_in_order_with_their_numbers(void)
{
    tj_plan *plan = small_plan(2, 25);
    seen s;
    tj_run_report report;
    tj_run run = run_of(plan, &known, 101, &s);
    CU_ASSERT_EQUAL(tj_ensemble_run(&run, &report), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(s.units, 50);
    CU_ASSERT_EQUAL(s.progressed, 50);
    CU_ASSERT(!s.fell);
    CU_ASSERT_EQUAL(report.threads, 2);
    for (size_t u = 0; u < 50; u++) {
        CU_ASSERT_EQUAL(s.background[u], (int)u / 25);
        CU_ASSERT_EQUAL(s.package[u], (int)u % 25);
        /* City 1, 2004: cells 2 and 3, draws 0 .. 100: median and mean 2 * (100 + 10 p + 1000 b + 50) + 5. */
        double expected = 2 * (150 + 10 * (double)(u % 25) + 1000 * (double)(u / 25)) + 5;
        CU_ASSERT_EQUAL(s.values[u][offset_of(&s, TJ_FIELD_TOTAL_MEAN) + 9], expected);
        CU_ASSERT_EQUAL(s.values[u][offset_of(&s, TJ_FIELD_TOTAL_QUANTILE) + 9 * 5 + 2], expected);
        /* Avoided: the reference is package 0, so -20 p in every draw; for two cities -40 p. */
        CU_ASSERT_EQUAL(s.values[u][offset_of(&s, TJ_FIELD_AVOIDED_MEAN) + 9], -20.0 * (double)(u % 25));
        CU_ASSERT_EQUAL(s.values[u][offset_of(&s, TJ_FIELD_GROUP_AVOIDED_MEAN) + 4],
                        -40.0 * (double)(u % 25));
        CU_ASSERT_EQUAL(s.values[u][offset_of(&s, TJ_FIELD_GROUP_MEAN) + 4], 2 * expected - 4);
    }
    forget(&s);
    tj_plan_free(plan);
}

static void a_choice_of_packages_gives_the_same_numbers(void)
{
    static const int32_t chosen[] = {1, 3};
    tj_plan *plan = small_plan(2, 5);
    seen all, some;
    tj_run_report report;
    tj_run run = run_of(plan, &known, 50, &all);
    CU_ASSERT_EQUAL(tj_ensemble_run(&run, &report), TJ_OK);
    run = run_of(plan, &known, 50, &some);
    run.packages = chosen;
    run.n_packages = 2;
    CU_ASSERT_EQUAL(tj_ensemble_run(&run, &report), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(some.units, 4);
    for (size_t u = 0; u < 4; u++) {
        size_t same = u / 2 * 5 + (size_t)chosen[u % 2];
        CU_ASSERT_EQUAL(some.package[u], chosen[u % 2]);
        CU_ASSERT(memcmp(some.values[u], all.values[same], all.length * sizeof(double)) == 0);
    }
    forget(&all);
    forget(&some);
    tj_plan_free(plan);
}

static void memory_does_not_grow_with_packages(void)
{
    size_t bytes[2];
    for (int i = 0; i < 2; i++) {
        tj_plan *plan = small_plan(1, i == 0 ? 121 : 241);
        seen s;
        tj_run_report report;
        tj_run run = run_of(plan, &known, 20, &s);
        run.threads = 1;
        CU_ASSERT_EQUAL(tj_ensemble_run(&run, &report), TJ_OK);
        bytes[i] = report.peak_bytes;
        forget(&s);
        tj_plan_free(plan);
    }
    CU_ASSERT(bytes[0] > 0);
    CU_ASSERT_EQUAL(bytes[0], bytes[1]);
}

static void a_run_stops_when_it_is_told_to(void)
{
    tj_plan *plan = small_plan(1, 30);
    seen s;
    tj_run_report report;
    tj_run run = run_of(plan, &known, 20, &s);
    s.stop_after = 2; /* the sink refuses the second unit */
    CU_ASSERT_EQUAL(tj_ensemble_run(&run, &report), TJ_ERR_IO);
    CU_ASSERT_EQUAL(s.units, 2);
    forget(&s);
    run = run_of(plan, &known, 20, &s);
    run.progress = stop_at_three;
    CU_ASSERT_EQUAL(tj_ensemble_run(&run, &report), TJ_ERR_INTERRUPTED);
    CU_ASSERT(s.units < 30 && s.progressed < 30);
    forget(&s);
    tj_plan_free(plan);
}

/* Package 1 fails in city 1 alone, whatever the threads: cell 3, year 2. */
static void a_failure_names_its_place(void)
{
    tj_plan *plan = small_plan(2, 4);
    for (int threads = 1; threads <= 3; threads++) {
        seen s;
        tj_run_report report;
        tj_run run = run_of(plan, &faulty, 100, &s);
        run.threads = threads;
        run.block = 16;
        CU_ASSERT_EQUAL(tj_ensemble_run(&run, &report), TJ_ERR_UNDEFINED);
        CU_ASSERT_EQUAL(report.fault_cell, FAULTY);
        CU_ASSERT_EQUAL(report.fault_year, FAULT_YEAR);
        CU_ASSERT_EQUAL(s.units, 0);
        forget(&s);
    }
    tj_plan_free(plan);
}

static tj_scratch *no_scratch(const tj_plan *plan, const tj_draws *draws)
{
    (void)plan, (void)draws;
    return NULL;
}

static void short_memory_is_a_status(void)
{
    tj_backend poor = known;
    poor.scratch_create = no_scratch;
    tj_plan *plan = small_plan(2, 4);
    seen s;
    tj_run_report report;
    tj_paired paired;
    tj_run run = run_of(plan, &poor, 100, &s);
    CU_ASSERT_EQUAL(tj_ensemble_run(&run, &report), TJ_ERR_MEMORY);
    CU_ASSERT_EQUAL(s.units, 0);
    CU_ASSERT_EQUAL(tj_ensemble_compare(&run, 0, 1, 2, &paired), TJ_ERR_MEMORY);
    CU_ASSERT_PTR_NULL(paired.mean);
    tj_plan_free(plan);
}

/* 2004, city 0: package 2 minus package 0 is 2 cells * 20 = 40 in every draw, 80 for the network; it is
 * never below; the other way round always. Years of the history do not differ. */
static void packages_are_compared_in_pairs(void)
{
    tj_plan *plan = small_plan(2, 3);
    seen s;
    tj_run run = run_of(plan, &known, 64, &s);
    tj_paired more, less;
    CU_ASSERT_EQUAL_FATAL(tj_ensemble_compare(&run, 1, 2, 0, &more), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(tj_ensemble_compare(&run, 1, 0, 2, &less), TJ_OK);
    CU_ASSERT_EQUAL(more.mean[4], 40);
    CU_ASSERT_EQUAL(more.mean_se[4], 0);
    CU_ASSERT_EQUAL(more.quantile[4 * 5 + 2], 40);
    CU_ASSERT_EQUAL(more.quantile_se[4 * 5 + 2], 0);
    CU_ASSERT_EQUAL(more.below[4], 0);
    CU_ASSERT_EQUAL(less.below[4], 1);
    CU_ASSERT_EQUAL(more.mean[2 * 5 + 4], 80);
    for (int row = 0; row < 15; row++)
        CU_ASSERT_EQUAL(more.mean[row], -less.mean[row]);
    CU_ASSERT_EQUAL(more.mean[2], 0);
    tj_paired_free(&more);
    tj_paired_free(&less);
    tj_plan_free(plan);
}

/* Fewer packages than backgrounds: waves of references are the largest. */
static void many_backgrounds_need_no_packages(void)
{
    tj_plan *plan = small_plan(30, 1);
    seen s;
    tj_run_report report;
    tj_run run = run_of(plan, &known, 20, &s);
    CU_ASSERT_EQUAL(tj_ensemble_run(&run, &report), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(s.units, 30);
    /* City 0, 2004: 2 * (100 + 1000 b + 9.5) + 1. */
    CU_ASSERT_EQUAL(s.values[29][offset_of(&s, TJ_FIELD_TOTAL_MEAN) + 4], 58220);
    forget(&s);
    tj_plan_free(plan);
}

static void without_kept_draws_there_are_none(void)
{
    tj_plan *plan = small_plan(1, 1);
    seen kept, dropped;
    tj_run_report report;
    tj_run run = run_of(plan, &known, 10, &kept);
    run.outputs = TJ_OUTPUTS_ALL;
    CU_ASSERT_EQUAL(tj_ensemble_run(&run, &report), TJ_OK);
    run = run_of(plan, &known, 10, &dropped);
    CU_ASSERT_EQUAL(tj_ensemble_run(&run, &report), TJ_OK);
    /* totals 2 cities * 5 years * 10 draws, sectors twice as many */
    CU_ASSERT_EQUAL(kept.length - dropped.length, 300);
    CU_ASSERT_EQUAL(kept.values[0][offset_of(&kept, TJ_FIELD_SECTOR_DRAW) + 4 * 10 + 7], 107);
    forget(&kept);
    forget(&dropped);
    tj_plan_free(plan);
}

/* ---- the same bits ---- */

static tj_status run_random(const tj_plan *plan, size_t draws, int threads, size_t block, seen *s)
{
    tj_run_report report;
    tj_run run = run_of(plan, tj_backends[0], draws, s);
    run.threads = threads;
    run.block = block;
    run.outputs = TJ_OUTPUTS_ALL;
    return tj_ensemble_run(&run, &report);
}

static void compare_runs(const seen *a, const seen *b)
{
    CU_ASSERT_EQUAL_FATAL(a->units, b->units);
    CU_ASSERT_EQUAL_FATAL(a->length, b->length);
    for (size_t u = 0; u < a->units; u++)
        CU_ASSERT(memcmp(a->values[u], b->values[u], a->length * sizeof(double)) == 0);
}

/* Draws 90: blocks of 7 (last of 6), 64 and 1000; one to three threads, with many pairs and with few. */
static void bits_do_not_depend_on_threads_and_blocks(void)
{
    static const size_t blocks[] = {7, 64, 1000};
    int compared = 0;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        tj_plan *plan = tj_random_plan(&(tj_random_shape){.seed = seed});
        seen first;
        tj_status status = run_random(plan, 90, 1, 0, &first);
        for (int threads = 1; threads <= 3; threads++) {
            for (int i = 0; i < 3; i++) {
                seen other;
                CU_ASSERT_EQUAL(run_random(plan, 90, threads, blocks[i], &other), status);
                if (status == TJ_OK)
                    compare_runs(&first, &other);
                compared += status == TJ_OK;
                forget(&other);
            }
        }
        forget(&first);
        tj_plan_free(plan);
    }
    CU_ASSERT(compared >= 27);
}

/* One pair and eleven threads: the pair's blocks and rows are shared instead. */
static void one_city_is_shared_among_threads(void)
{
    static const double history[] = {100, 90, 110};
    tj_maker *maker = tj_maker_create(2000, 2010, 1, 1);
    tj_maker_city(maker, 2002);
    int32_t cell = tj_maker_trend(maker, 0, history, -0.02);
    tj_term sigma = tj_maker_param(maker, "sigma", TJ_DIST_UNIFORM, 0.01, 0.2, 0, 0);
    tj_maker_get_cell(maker, cell)->sigma = sigma;
    tj_plan *plan = tj_maker_finish(maker);
    seen serial, shared;
    CU_ASSERT_EQUAL(run_random(plan, 200, 1, 200, &serial), TJ_OK);
    CU_ASSERT_EQUAL(run_random(plan, 200, 11, 13, &shared), TJ_OK);
    compare_runs(&serial, &shared);
    CU_ASSERT(serial.values[0][offset_of(&serial, TJ_FIELD_TOTAL_MEAN_SE) + 10] > 0);
    forget(&serial);
    forget(&shared);
    tj_plan_free(plan);
}

int main(void)
{
    static const tj_test tests[] = {
        {"units come in order with their numbers", units_come_in_order_with_their_numbers},
        {"a choice of packages gives the same numbers", a_choice_of_packages_gives_the_same_numbers},
        {"memory does not grow with packages", memory_does_not_grow_with_packages},
        {"a run stops when it is told to", a_run_stops_when_it_is_told_to},
        {"a failure names its place", a_failure_names_its_place},
        {"short memory is a status", short_memory_is_a_status},
        {"packages are compared in pairs", packages_are_compared_in_pairs},
        {"many backgrounds need no packages", many_backgrounds_need_no_packages},
        {"without kept draws there are none", without_kept_draws_there_are_none},
        {"bits do not depend on threads and blocks", bits_do_not_depend_on_threads_and_blocks},
        {"one city is shared among threads", one_city_is_shared_among_threads},
    };
    return TJ_RUN("ensemble", tests);
}
