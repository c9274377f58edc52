/* A sweep against plain evaluation: every combination of six measures as a package of its own. */
#include "engine/ensemble.h"
#include "engine/sweep.h"
#include "tests/harness.h"
#include "tests/random_plan.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MEASURES = 6, PACKAGES = 1 << MEASURES, DRAWS = 150, SEEDS = 8, MOST = 4096 };

/* The fields of every package under every background, as plain evaluation has them. */
typedef struct plain {
    const tj_plan *plan;
    const tj_plan_settings *settings;
    double *field[TJ_FIELDS]; /* [background][package][field] */
    tj_status status;
} plain;

static tj_status take(void *context, const tj_unit_result *unit)
{
    plain *p = context;
    size_t at = (size_t)unit->background * PACKAGES + (size_t)unit->package;
    for (int f = 0; f < TJ_FIELDS; f++) {
        size_t length = tj_field_length(p->plan, (tj_field_id)f, DRAWS);
        if (unit->field[f] != NULL)
            memcpy(p->field[f] + at * length, unit->field[f], length * sizeof(double));
    }
    return TJ_OK;
}

static void evaluate(plain *p, const tj_plan *plan)
{
    *p = (plain){.plan = plan, .settings = tj_plan_get_settings(plan)};
    for (int f = 0; f < TJ_FIELDS; f++) {
        if (!tj_field_asked(TJ_OUTPUTS_DEFAULT, (tj_field_id)f))
            continue;
        size_t length = tj_field_length(plan, (tj_field_id)f, DRAWS);
        p->field[f] = calloc((size_t)p->settings->n_backgrounds * PACKAGES * length + 1, sizeof(double));
        assert(p->field[f] != NULL);
    }
    tj_run run = {
        .plan = plan, .backend = &tj_backend_lanes, .draws = DRAWS, .threads = 2, .unit = take, .context = p};
    tj_run_report report;
    p->status = tj_ensemble_run(&run, &report);
}

static void forget(plain *p)
{
    for (int f = 0; f < TJ_FIELDS; f++)
        free(p->field[f]);
}

static const double *field_of(const plain *p, tj_field_id field, int32_t background, size_t package)
{
    size_t at = (size_t)background * PACKAGES + package;
    return p->field[field] + at * tj_field_length(p->plan, field, DRAWS);
}

/* ---- comparing rows ---- */

typedef struct comparing {
    const plain *plain;
    size_t rows[TJ_SWEEP_KINDS], values, left_out;
    const tj_sweep *sweep;
    double *kept; /* all values in order, to compare sweeps with one another */
    size_t n_kept;
    size_t evaluations, plain_evaluations;
    double worst;
} comparing;

static double expected(const comparing *c, const tj_sweep_row *row, size_t mask)
{
    const plain *p = c->plain;
    int32_t n_years = p->settings->n_years, n_cities = p->settings->n_cities;
    if (row->kind == TJ_SWEEP_PROBABILITY)
        return field_of(p, TJ_FIELD_TARGET_PROBABILITY, row->background, mask)[row->item];
    if (row->kind == TJ_SWEEP_MEAN && row->item < n_cities)
        return field_of(p, TJ_FIELD_TOTAL_MEAN, row->background, mask)[row->item * n_years + row->year];
    if (row->kind == TJ_SWEEP_MEAN) /* group 0 is the network */
        return field_of(p, TJ_FIELD_GROUP_MEAN, row->background, mask)[row->year];
    size_t n_quantiles = (size_t)p->settings->n_quantiles;
    size_t q = (size_t)row->quantile;
    if (row->kind == TJ_SWEEP_QUANTILE)
        return field_of(p, TJ_FIELD_TOTAL_QUANTILE, row->background,
                        mask)[(size_t)(row->item * n_years + row->year) * n_quantiles + q];
    if (row->kind == TJ_SWEEP_CUMULATIVE_QUANTILE)
        return field_of(p, TJ_FIELD_CUMULATIVE_QUANTILE, row->background,
                        mask)[(size_t)row->item * n_quantiles + q];
    double sum = 0;
    for (int32_t city = 0; city < n_cities; city++)
        if (row->item == city || row->item == n_cities)
            sum += field_of(p, TJ_FIELD_CUMULATIVE_MEAN, row->background, mask)[city];
    return sum;
}

/* Quantiles differ by no more than the sweep says: it is known at its end. */
static int note(comparing *c, double difference)
{
    c->worst = difference > c->worst ? difference : c->worst;
    return 1;
}

static int same(comparing *c, const tj_sweep_row *row, size_t mask)
{
    double x = row->values[mask], y = expected(c, row, mask);
    if (isnan(x) || isnan(y))
        return isnan(x) && (isnan(y) || row->item == c->plain->settings->n_cities);
    if (row->kind == TJ_SWEEP_QUANTILE || row->kind == TJ_SWEEP_CUMULATIVE_QUANTILE)
        return note(c, fabs(x - y) / (fabs(y) + 1e-30));
    if (row->kind == TJ_SWEEP_PROBABILITY)
        return fabs(x - y) <= (row->near == 0 ? 1e-15 : (double)row->near / DRAWS);
    return fabs(x - y) <= 1e-11 * (fabs(y) + 1);
}

static tj_status compare(void *context, const tj_sweep_row *row)
{
    comparing *c = context;
    int alike = 1;
    for (size_t mask = 0; mask < PACKAGES; mask++) {
        if (!tj_sweep_keeps(c->sweep, (uint32_t)mask)) {
            c->left_out++;
            CU_ASSERT(isnan(row->values[mask]));
            continue;
        }
        alike &= same(c, row, mask);
        c->values++;
    }
    CU_ASSERT(alike);
    if (!alike)
        printf("kind %d background %d item %d year %d near %d\n", row->kind, row->background, row->item,
               row->year, (int)row->near);
    c->rows[row->kind]++;
    return TJ_OK;
}

static tj_status keep(void *context, const tj_sweep_row *row)
{
    comparing *c = context;
    assert(c->n_kept < MOST);
    memcpy(c->kept + c->n_kept++ * PACKAGES, row->values, PACKAGES * sizeof(double));
    return TJ_OK;
}

/* ---- sweeps ---- */

static const int32_t in_order[MEASURES] = {0, 1, 2, 3, 4, 5};
static const uint8_t every[8] = {1, 1, 1, 1, 1, 1, 1, 1};

static tj_sweep sweep_of(const tj_plan *plan, int threads)
{
    return (tj_sweep){.library = tj_library_of(plan, MEASURES, NULL),
                      .measures = in_order,
                      .n_measures = MEASURES,
                      .cities = every,
                      .backgrounds = every,
                      .quantiles = tj_plan_section(plan, TJ_SECTION_QUANTILES, NULL),
                      .n_quantiles = (size_t)tj_plan_get_settings(plan)->n_quantiles,
                      .draws = DRAWS,
                      .threads = threads};
}

static void compare_seed(uint64_t seed, int scales, comparing *c, const tj_sweep_rule *rules, size_t n_rules,
                         size_t *ran)
{
    tj_plan *plan = tj_random_plan(
        &(tj_random_shape){.seed = seed, .subsets = MEASURES, .scales = scales, .physical = seed % 8 == 0});
    plain p;
    tj_sweep_report report;
    evaluate(&p, plan);
    tj_sweep sweep = sweep_of(plan, 2);
    sweep.rules = rules;
    sweep.n_rules = n_rules;
    sweep.row = compare;
    sweep.context = c;
    c->plain = &p;
    c->sweep = &sweep;
    if (p.status == TJ_OK) {
        c->worst = 0;
        CU_ASSERT_EQUAL(tj_sweep_run(&sweep, &report), TJ_OK);
        CU_ASSERT(c->worst <= report.quantile_error);
        CU_ASSERT(report.quantile_error < 2e-6);
        c->evaluations += report.evaluations;
        c->plain_evaluations += report.plain;
        ++*ran;
    }
    forget(&p);
    tj_plan_free(plan);
}

static void every_combination_is_as_evaluated_by_itself(void)
{
    comparing c = {0};
    size_t ran = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        compare_seed(seed, 0, &c, NULL, 0, &ran);
    CU_ASSERT(ran > SEEDS / 2);
    CU_ASSERT(c.rows[TJ_SWEEP_PROBABILITY] > SEEDS && c.rows[TJ_SWEEP_MEAN] > SEEDS);
    CU_ASSERT(c.rows[TJ_SWEEP_CUMULATIVE] > SEEDS);
    CU_ASSERT(c.rows[TJ_SWEEP_QUANTILE] > SEEDS && c.rows[TJ_SWEEP_CUMULATIVE_QUANTILE] > SEEDS);
}

/* Scales make products of factors: far fewer variants than combinations. */
static void products_of_scales_are_as_evaluated_one_by_one(void)
{
    comparing c = {0};
    size_t ran = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        compare_seed(seed, 1, &c, NULL, 0, &ran);
    CU_ASSERT_EQUAL(ran, SEEDS);
    CU_ASSERT(c.rows[TJ_SWEEP_PROBABILITY] > SEEDS / 2);
    CU_ASSERT(3 * c.evaluations < c.plain_evaluations);
}

static void combinations_that_break_a_rule_have_no_value(void)
{
    /* measure 0 needs 1; 2 and 3 exclude each other; 4 can never be */
    static const tj_sweep_rule rules[] = {{1, 2}, {4 | 8, 0}, {16, 0}};
    comparing c = {0};
    size_t ran = 0, rows;
    compare_seed(2, 0, &c, rules, 3, &ran);
    rows = 0;
    for (int kind = 0; kind < TJ_SWEEP_KINDS; kind++)
        rows += c.rows[kind];
    CU_ASSERT_EQUAL(ran, 1);
    /* of four pairs of 0 and 1 three are kept, of 2 and 3 three, of 4 one, of 5 two: 18 of 64 */
    CU_ASSERT_EQUAL(c.values, 18 * rows);
    CU_ASSERT_EQUAL(c.left_out, 46 * rows);
}

static void the_bits_do_not_depend_on_threads(void)
{
    for (uint64_t seed = 1; seed <= 8; seed++) {
        tj_plan *plan =
            tj_random_plan(&(tj_random_shape){.seed = seed, .subsets = MEASURES, .physical = seed % 8 == 0});
        comparing c[2] = {{0}, {0}};
        tj_sweep_report report;
        tj_status status = TJ_OK;
        for (int k = 0; k < 2; k++) {
            c[k].kept = calloc((size_t)MOST * PACKAGES, sizeof(double));
            tj_sweep sweep = sweep_of(plan, 1 + 2 * k);
            sweep.row = keep;
            sweep.context = &c[k];
            tj_status now = tj_sweep_run(&sweep, &report);
            CU_ASSERT(k == 0 || now == status);
            status = now;
        }
        CU_ASSERT_EQUAL(c[0].n_kept, c[1].n_kept);
        CU_ASSERT(status != TJ_OK || c[0].n_kept > 0);
        CU_ASSERT_EQUAL(memcmp(c[0].kept, c[1].kept, c[0].n_kept * PACKAGES * sizeof(double)), 0);
        free(c[0].kept);
        free(c[1].kept);
        tj_plan_free(plan);
    }
}

int main(void)
{
    static const tj_test tests[] = {
        {"every combination is as evaluated by itself", every_combination_is_as_evaluated_by_itself},
        {"products of scales are as evaluated one by one", products_of_scales_are_as_evaluated_one_by_one},
        {"combinations that break a rule have no value", combinations_that_break_a_rule_have_no_value},
        {"the bits do not depend on threads", the_bits_do_not_depend_on_threads},
    };
    return TJ_RUN("sweep", tests);
}
