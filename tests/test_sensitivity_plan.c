/* A plan's inputs and the variance of its targets' gaps, on plans whose indices are worked by hand. */
#include "engine/sensitivity_plan.h"
#include "engine/threefry.h"
#include "tests/harness.h"
#include "tests/plan_maker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = 4096, CITIES = 2 };

/* Two cities, 100 t in 1990 (back-cast) and 2000, no growth. The measure takes m in U(20 %, 40 %) from 2001 on
 * in both; the base's factor b is U(0.8, 1.2) in each city; the second has noise. Target: half by 2001.
 *   gap = 100 (1 - m) - 50 b:  Var = 100^2 0.2^2 / 12 + 50^2 0.4^2 / 12 = 33.3 + 33.3 */
static tj_plan *make(double sigma)
{
    static const double history[] = {100, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 100};
    tj_maker *maker = tj_maker_create(1990, 2001, 1, 2);
    for (int32_t c = 0; c < CITIES; c++) {
        const char name[] = {'b', '@', (char)('0' + c), '\0'};
        int32_t city = tj_maker_city(maker, 2000), cell = tj_maker_trend(maker, 0, history, 0);
        tj_maker_get_city(maker, city)->backcast =
            tj_maker_param(maker, name, TJ_DIST_UNIFORM, 0.8, 1.2, 0, 0);
        tj_maker_set_status(maker, cell, 1990, TJ_BACKCAST);
        tj_maker_get_cell(maker, cell)->sigma = tj_fixed(c == 1 ? sigma : 0);
        tj_plan_effect effect = tj_maker_effect(maker, TJ_OP_SCALE, tj_maker_driver(maker, cell, 0), 0);
        /* the same stream in both cities, in the second with another distribution of the same width */
        effect.magnitude =
            tj_maker_param(maker, "m", TJ_DIST_UNIFORM, c == 0 ? 0.2 : 0.3, c == 0 ? 0.4 : 0.5, 0, 0);
        tj_maker_add(maker, 1, city, &effect);
    }
    for (int32_t c = 0; c < CITIES; c++) {
        const tj_plan_target target = {.city = c,
                                       .view = c,
                                       .kind = TJ_TARGET_REDUCTION,
                                       .assessable = 1,
                                       .base = 0,
                                       .year = 11,
                                       .first = TJ_NONE,
                                       .value = 0.5,
                                       .share = NAN};
        tj_maker_target(maker, &target);
    }
    return tj_maker_finish(maker);
}

typedef struct answer {
    tj_plan_inputs inputs;
    tj_influence influence[CITIES * 8];
    double f_a[CITIES * N];
    size_t evaluations;
} answer;

static void ask(const tj_plan *plan, int32_t package, tj_sensitivity_of of, const char *backend, answer *out)
{
    static const int32_t targets[] = {0, 1};
    const tj_plan_question question = {.plan = plan,
                                       .backend = tj_backend_find(backend),
                                       .package = package,
                                       .targets = targets,
                                       .n_targets = 2,
                                       .of = of,
                                       .n = N};
    tj_plan_model *model;
    tj_resamples resamples;
    CU_ASSERT_EQUAL_FATAL(tj_plan_inputs_init(&out->inputs, plan), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(tj_plan_model_create(&question, &out->inputs, &model), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(tj_resamples_init(&resamples, 9, N, TJ_RESAMPLES), TJ_OK);
    const tj_sensitivity_model *m = tj_plan_model_get(model);
    CU_ASSERT(m->n_inputs <= 8);
    CU_ASSERT_EQUAL(tj_sensitivity_evaluations(m, &out->evaluations), TJ_OK);
    CU_ASSERT_EQUAL(tj_sensitivity_run(m, &resamples, out->f_a, out->influence), TJ_OK);
    tj_resamples_free(&resamples);
    tj_plan_model_free(model);
}

static void found(const tj_plan *plan)
{
    tj_plan_inputs inputs;
    CU_ASSERT_EQUAL(tj_plan_inputs_init(&inputs, plan), TJ_OK);
    /* noise; b@0; m in both cities; b@1 */
    CU_ASSERT_EQUAL(inputs.count, 4);
    CU_ASSERT_EQUAL(inputs.items[2].count, 2);
    CU_ASSERT_EQUAL(inputs.items[2].streams, 1);
    CU_ASSERT(inputs.items[0].before && inputs.items[1].before && !inputs.items[2].before);
    double u[5];
    tj_plan_input_uniforms(plan, &inputs, 2, 5, u);
    CU_ASSERT_EQUAL(u[4], tj_uniform(1, tj_stream("m"), 4, 0));
    tj_plan_inputs_free(&inputs);
    tj_plan_inputs_free(NULL);
}

static void listed(void)
{
    tj_plan *plan = make(0.1);
    found(plan);
    tj_plan_free(plan);
}

static void halves(void)
{
    tj_plan *plan = make(0);
    static answer a;
    ask(plan, 1, TJ_OF_GAP, "lanes", &a);
    CU_ASSERT_EQUAL(a.evaluations, 5); /* A, B, noise, both base years together, the measure */
    for (size_t c = 0; c < CITIES; c++) {
        const tj_influence *of = a.influence + c * a.inputs.count;
        size_t own = c == 0 ? 1 : 3, other = c == 0 ? 3 : 1;
        CU_ASSERT_DOUBLE_EQUAL(of[own].first.value, 0.5, 0.05);
        CU_ASSERT_DOUBLE_EQUAL(of[own].total.value, 0.5, 0.05);
        CU_ASSERT_DOUBLE_EQUAL(of[2].first.value, 0.5, 0.05);
        CU_ASSERT_DOUBLE_EQUAL(of[2].total.value, 0.5, 0.05);
        CU_ASSERT(isnan(of[other].total.value)); /* another city's base year */
        CU_ASSERT_EQUAL(of[0].total.value, 0);   /* sigma 0: no noise */
    }
    /* draw 3 of A, city 0: 100 (1 - m) - 50 b */
    double m = 0.2 + 0.2 * tj_uniform(1, tj_stream("m"), 3, 0);
    double b = 0.8 + 0.4 * tj_uniform(1, tj_stream("b@0"), 3, 0);
    CU_ASSERT_DOUBLE_EQUAL(a.f_a[3], 100 * (1 - m) - 50 * b, 1e-9);
    tj_plan_inputs_free(&a.inputs);
    tj_plan_free(plan);
}

/* In the second city log x has sd 0.1: E = 60 e^(0.1 z), Var 60^2 (e^0.01 (e^0.01 - 1)) = 36.5 before the
 * measure's part; the other two have 33.3 each. */
static void noise(void)
{
    tj_plan *plan = make(0.1);
    static answer a;
    ask(plan, 1, TJ_OF_GAP, "lanes", &a);
    const tj_influence *first = a.influence, *second = a.influence + a.inputs.count;
    CU_ASSERT_EQUAL(first[0].total.value, 0);
    CU_ASSERT_DOUBLE_EQUAL(second[0].first.value, 36.5 / (36.5 + 66.7), 0.05);
    CU_ASSERT_FALSE(tj_index_indistinct(&second[0].first));
    tj_plan_inputs_free(&a.inputs);
    tj_plan_free(plan);
}

/* Without the measure only the base year is left; emissions of the target year have no doubt at all. */
static void reference_package(void)
{
    tj_plan *plan = make(0);
    static answer a;
    ask(plan, 0, TJ_OF_GAP, "lanes", &a);
    CU_ASSERT_DOUBLE_EQUAL(a.influence[1].first.value, 1, 0.1);
    CU_ASSERT_DOUBLE_EQUAL(a.influence[1].total.value, 1, 0.1);
    CU_ASSERT(isnan(a.influence[2].total.value));
    tj_plan_inputs_free(&a.inputs);
    ask(plan, 0, TJ_OF_EMISSIONS, "lanes", &a);
    CU_ASSERT(isnan(a.influence[1].total.value)); /* V = 0: undefined */
    CU_ASSERT_EQUAL(a.f_a[0], 100);
    tj_plan_inputs_free(&a.inputs);
    tj_plan_free(plan);
}

static void backends(void)
{
    tj_plan *plan = make(0.1);
    static answer a, b;
    ask(plan, 1, TJ_OF_GAP_PERCENT, "lanes", &a);
    ask(plan, 1, TJ_OF_GAP_PERCENT, "reference", &b);
    for (size_t i = 0; i < CITIES * a.inputs.count; i++) {
        CU_ASSERT_EQUAL(isnan(a.influence[i].total.value), isnan(b.influence[i].total.value));
        if (!isnan(a.influence[i].total.value))
            CU_ASSERT_DOUBLE_EQUAL(a.influence[i].total.value, b.influence[i].total.value, 1e-9);
    }
    tj_plan_inputs_free(&a.inputs);
    tj_plan_inputs_free(&b.inputs);
    tj_plan_free(plan);
}

int main(void)
{
    static const tj_test tests[] = {
        {"a plan's inputs are its noise and its streams", listed},
        {"two equal causes have half of the variance each, in each city of its own", halves},
        {"noise is an input of the cities that have it", noise},
        {"what a package does not use is no input; no variance, no share", reference_package},
        {"both backends give the same indices", backends},
    };
    return TJ_RUN("sensitivity_plan", tests);
}
