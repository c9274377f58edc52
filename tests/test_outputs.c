/* A run that is asked for fewer groups of fields computes only these, and gives them the bits that it gives all. */
#include "engine/ensemble.h"
#include "tests/harness.h"
#include "tests/random_plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { DRAWS = 21, SEEDS = 8, SUBSETS = 3 };

/* All units of a run, behind one another: the fields that were handed over. */
typedef struct seen {
    const tj_plan *plan;
    tj_output_set outputs;
    double *field[TJ_FIELDS]; /* [unit][tj_field_length] */
    size_t units, wrong;      /* fields that are there or not, and should not or should */
} seen;

static tj_status take(void *context, const tj_unit_result *unit)
{
    seen *s = context;
    for (int f = 0; f < TJ_FIELDS; f++) {
        size_t length = tj_field_length(s->plan, (tj_field_id)f, DRAWS);
        s->wrong += (unit->field[f] != NULL) != tj_field_asked(s->outputs, (tj_field_id)f);
        if (unit->field[f] == NULL)
            continue;
        s->field[f] = realloc(s->field[f], (s->units + 1) * (length + 1) * sizeof(double));
        assert(s->field[f] != NULL);
        memcpy(s->field[f] + s->units * length, unit->field[f], length * sizeof(double));
    }
    s->units++;
    return TJ_OK;
}

static tj_run run_of(const tj_plan *plan, const tj_backend *backend, tj_output_set outputs, seen *s)
{
    *s = (seen){.plan = plan, .outputs = outputs};
    return (tj_run){.plan = plan,
                    .backend = backend,
                    .draws = DRAWS,
                    .threads = 1,
                    .outputs = outputs,
                    .unit = take,
                    .context = s};
}

static tj_status play(const tj_plan *plan, const tj_backend *backend, tj_output_set outputs, seen *s)
{
    tj_run_report report;
    const tj_run run = run_of(plan, backend, outputs, s);
    return tj_ensemble_run(&run, &report);
}

static void forget(seen *s)
{
    for (int f = 0; f < TJ_FIELDS; f++)
        free(s->field[f]);
}

/* Totals, and each other group with an even chance. */
static tj_output_set some_outputs(uint64_t seed, uint64_t turn)
{
    tj_random random = tj_random_from(seed, turn, 17, 0);
    tj_output_set set = TJ_OUTPUT_BIT(TJ_OUTPUT_TOTALS);
    for (int i = 0; i < TJ_OUTPUTS; i++)
        set |= tj_random_chance(&random, 0.5) ? TJ_OUTPUT_BIT(i) : 0;
    return set;
}

static size_t differing(const seen *few, const seen *all)
{
    size_t found = few->units != all->units;
    for (int f = 0; f < TJ_FIELDS && found == 0; f++)
        if (few->field[f] != NULL)
            found +=
                memcmp(few->field[f], all->field[f],
                       few->units * tj_field_length(few->plan, (tj_field_id)f, DRAWS) * sizeof(double)) != 0;
    return found;
}

/* Fields of a subset against those of a run of everything; returns 1 where the plan has values. */
static int compare(const tj_plan *plan, const tj_backend *backend, uint64_t seed)
{
    seen all;
    tj_status status = play(plan, backend, TJ_OUTPUTS_ALL, &all);
    CU_ASSERT_EQUAL(all.wrong, 0);
    for (uint64_t turn = 0; turn < SUBSETS; turn++) {
        seen few;
        CU_ASSERT_EQUAL(play(plan, backend, some_outputs(seed, turn), &few), status);
        CU_ASSERT_EQUAL(few.wrong, 0);
        CU_ASSERT(status != TJ_OK || differing(&few, &all) == 0);
        forget(&few);
    }
    forget(&all);
    return status == TJ_OK;
}

static void fewer_outputs_have_the_bits_of_all(void)
{
    int compared = 0;
    for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++)
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            tj_plan *plan = tj_random_plan(&(tj_random_shape){
                .seed = seed, .physical = seed % 2 == 0, .subsets = seed % 4 == 0 ? 3 : 0});
            compared += compare(plan, *backend, seed);
            tj_plan_free(plan);
        }
    CU_ASSERT(compared > SEEDS);
}

static void none_asked_for_is_the_default(void)
{
    tj_plan *plan = tj_random_plan(&(tj_random_shape){.seed = 2, .physical = 1});
    seen none, four;
    CU_ASSERT_EQUAL(play(plan, tj_backends[0], 0, &none), TJ_OK);
    CU_ASSERT_EQUAL(play(plan, tj_backends[0], TJ_OUTPUTS_DEFAULT, &four), TJ_OK);
    CU_ASSERT_EQUAL(none.wrong + four.wrong, 0);
    CU_ASSERT_EQUAL(differing(&four, &none), 0);
    CU_ASSERT_PTR_NOT_NULL(none.field[TJ_FIELD_PHYSICAL_MEAN]);
    CU_ASSERT_PTR_NULL(none.field[TJ_FIELD_TOTAL_DRAW]);
    forget(&none);
    forget(&four);
    tj_plan_free(plan);
}

/* ---- what is not asked for is not computed ---- */

/* A plan that has something of every output. */
static tj_plan *full_plan(void)
{
    for (uint64_t seed = 1;; seed++) {
        tj_plan *plan = tj_random_plan(&(tj_random_shape){.seed = seed, .physical = 1});
        if (tj_plan_get_settings(plan)->n_rows > 0 && tj_plan_get_settings(plan)->n_targets > 0)
            return plan;
        tj_plan_free(plan);
    }
}

static int rows_wanted; /* by a block of the spy, ever */

static tj_status spy_on_rows(const tj_plan *plan, const tj_draws *draws, const tj_prepared *prepared,
                             const tj_block *block, tj_scratch *scratch, size_t stride, double *out,
                             double *rows)
{
    rows_wanted |= rows != NULL;
    return tj_backend_lanes.simulate(plan, draws, prepared, block, scratch, stride, out, rows);
}

static void physical_rows_are_simulated_only_where_asked_for(void)
{
    tj_plan *plan = full_plan();
    tj_backend spy = tj_backend_lanes;
    seen s;
    spy.simulate = spy_on_rows;
    rows_wanted = 0;
    CU_ASSERT_EQUAL(play(plan, &spy, TJ_OUTPUTS_ALL & ~TJ_OUTPUT_BIT(TJ_OUTPUT_PHYSICAL), &s), TJ_OK);
    CU_ASSERT_EQUAL(rows_wanted, 0);
    forget(&s);
    CU_ASSERT_EQUAL(play(plan, &spy, TJ_OUTPUT_BIT(TJ_OUTPUT_TOTALS) | TJ_OUTPUT_BIT(TJ_OUTPUT_PHYSICAL), &s),
                    TJ_OK);
    CU_ASSERT_EQUAL(rows_wanted, 1);
    forget(&s);
    tj_plan_free(plan);
}

/* Each group that is left out leaves out the room for its fields; physical rows that for their draws too. */
static void less_is_held_of_fewer_outputs(void)
{
    tj_plan *plan = full_plan();
    const tj_plan_settings *settings = tj_plan_get_settings(plan);
    size_t bytes[TJ_OUTPUTS];
    tj_output_set set = 0;
    for (int i = 0; i < TJ_OUTPUTS; i++) {
        seen s;
        tj_run_report report;
        set |= TJ_OUTPUT_BIT(i);
        tj_run run = run_of(plan, tj_backends[0], set, &s);
        run.n_packages = 1;
        run.packages = &settings->reference_package; /* as many units in flight, whatever is asked for */
        CU_ASSERT_EQUAL(tj_ensemble_run(&run, &report), TJ_OK);
        bytes[i] = report.peak_bytes;
        CU_ASSERT(i == 0 || bytes[i] > bytes[i - 1]);
        forget(&s);
    }
    size_t most = 0;
    for (int32_t c = 0; c < settings->n_cities; c++) {
        size_t rows = (size_t)tj_plan_get_city(plan, c)->rows_count;
        most = rows > most ? rows : most;
    }
    size_t draws = most * (size_t)settings->n_years * DRAWS * sizeof(double);
    CU_ASSERT(bytes[TJ_OUTPUT_PHYSICAL] - bytes[TJ_OUTPUT_SECTORS] > draws);
    tj_plan_free(plan);
}

int main(void)
{
    static const tj_test tests[] = {
        {"fewer outputs have the bits of all", fewer_outputs_have_the_bits_of_all},
        {"none asked for is the default", none_asked_for_is_the_default},
        {"physical rows are simulated only where asked for",
         physical_rows_are_simulated_only_where_asked_for},
        {"less is held of fewer outputs", less_is_held_of_fewer_outputs},
    };
    return TJ_RUN("outputs", tests);
}
