/* The table of draws: addressed, in parallel, and read through terms. */
#include "engine/draws.h"

#include "engine/lanes.h"
#include "engine/threefry.h"
#include "tests/harness.h"
#include "tests/plan_maker.h"

#include <string.h>

static const double values[] = {1, 2, 3}, weights[] = {1, 1, 2};

/* A plan of one city; `extra` uncertain parameters come before the two that are looked at. */
static tj_plan *plan_with(size_t extra, tj_term *normal, tj_term *discrete)
{
    static const char *const names[] = {"p", "q", "r"};
    static const double history[] = {100, 90};
    tj_maker *maker = tj_maker_create(2019, 2025, 1, 1);
    for (size_t i = 0; i < extra; i++)
        tj_maker_param(maker, names[i], TJ_DIST_PERT, 0, 1, 2, 0);
    *normal = tj_maker_param(maker, "wood.scale", TJ_DIST_NORMAL, 10, 2, 0, 0);
    *discrete = tj_maker_discrete(maker, "wood.share", values, weights, 3);
    tj_maker_city(maker, 2020);
    tj_maker_trend(maker, 0, history, -0.01);
    return tj_maker_finish(maker);
}

static void by_formula(void)
{
    enum { N = 500 };
    tj_term normal, discrete;
    tj_plan *plan = plan_with(1, &normal, &discrete);
    tj_draws draws;
    CU_ASSERT_EQUAL_FATAL(tj_draws_init(&draws, plan, N, 1), TJ_OK);
    CU_ASSERT_EQUAL(draws.n_params, 3);
    uint64_t seed = tj_plan_get_settings(plan)->seed;
    size_t wrong = 0;
    for (uint32_t d = 0; d < N; d++) {
        double u = tj_uniform(seed, tj_stream("wood.scale"), d, 0);
        double v = tj_uniform(seed, tj_stream("wood.share"), d, 0);
        wrong += tj_term_draw(&draws, normal, d) != 10 + 2 * tj_normal_inverse(u);
        wrong += tj_term_draw(&draws, discrete, d) != (v <= 0.25 ? 1 : v <= 0.5 ? 2 : 3);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    tj_draws_free(&draws);
    tj_plan_free(plan);
}

static void independent(void)
{
    enum { SHORT = 100, LONG = 257 };
    tj_term n1, d1, n2, d2;
    tj_plan *alone = plan_with(0, &n1, &d1), *among = plan_with(3, &n2, &d2);
    tj_draws a, b;
    CU_ASSERT_EQUAL_FATAL(tj_draws_init(&a, alone, SHORT, 1), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(tj_draws_init(&b, among, LONG, 2), TJ_OK);
    CU_ASSERT_NOT_EQUAL(n1.param, n2.param);
    for (size_t d = 0; d < SHORT; d++) {
        CU_ASSERT_EQUAL(tj_term_draw(&a, n1, d), tj_term_draw(&b, n2, d));
        CU_ASSERT_EQUAL(tj_term_draw(&a, d1, d), tj_term_draw(&b, d2, d));
    }
    tj_draws_free(&a);
    tj_draws_free(&b);
    tj_plan_free(alone);
    tj_plan_free(among);
}

static void threads(void)
{
    enum { N = 300 };
    tj_term normal, discrete;
    tj_plan *plan = plan_with(3, &normal, &discrete);
    tj_draws one, many;
    CU_ASSERT_EQUAL_FATAL(tj_draws_init(&one, plan, N, 1), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(tj_draws_init(&many, plan, N, 4), TJ_OK);
    CU_ASSERT_EQUAL(memcmp(one.value, many.value, one.n_params * N * sizeof(double)), 0);
    tj_draws_free(&one);
    CU_ASSERT_EQUAL_FATAL(tj_draws_init(&one, plan, N, 0), TJ_OK);
    CU_ASSERT_EQUAL(memcmp(one.value, many.value, one.n_params * N * sizeof(double)), 0);
    tj_draws_free(&one);
    tj_draws_free(&many);
    tj_plan_free(plan);
}

static void terms(void)
{
    enum { N = 64 };
    tj_term normal, discrete;
    tj_plan *plan = plan_with(0, &normal, &discrete);
    tj_draws draws;
    CU_ASSERT_EQUAL_FATAL(tj_draws_init(&draws, plan, N, 1), TJ_OK);
    double buffer[8] = {0};
    const double *lanes = tj_term_lanes(&draws, normal, 5, 8, buffer);
    CU_ASSERT_PTR_NOT_EQUAL(lanes, buffer);
    for (size_t i = 0; i < 8; i++)
        CU_ASSERT_EQUAL(lanes[i], tj_term_draw(&draws, normal, 5 + i));
    CU_ASSERT_PTR_EQUAL(tj_term_lanes(&draws, tj_fixed(0.25), 60, 7, buffer), buffer);
    CU_ASSERT_EQUAL(buffer[6], 0.25);
    CU_ASSERT_EQUAL(buffer[7], 0);
    CU_ASSERT_EQUAL(tj_term_draw(&draws, tj_fixed(0.25), 3), 0.25);
    tj_draws_free(&draws);
    tj_draws_free(&draws); /* an empty table is fine */
    tj_draws_free(NULL);
    tj_plan_free(plan);
}

static void certain(void)
{
    static const double history[] = {5};
    tj_maker *maker = tj_maker_create(2020, 2021, 1, 1);
    tj_maker_city(maker, 2020);
    tj_maker_trend(maker, 0, history, 0);
    tj_plan *plan = tj_maker_finish(maker);
    tj_draws draws;
    CU_ASSERT_EQUAL(tj_draws_init(&draws, plan, 10, 2), TJ_OK);
    CU_ASSERT_EQUAL(draws.n_params, 0);
    CU_ASSERT_EQUAL(tj_term_draw(&draws, tj_fixed(-1), 9), -1);
    tj_draws_free(&draws);
    tj_plan_free(plan);
}

int main(void)
{
    static const tj_test tests[] = {
        {"a draw is the quantile of its own addressed uniform", by_formula},
        {"a draw does not depend on the count, the order or the other parameters", independent},
        {"the table has the same bits for any number of threads", threads},
        {"a term gives its parameter's lanes or fills the buffer with its value", terms},
        {"a plan without uncertainty has an empty table", certain},
    };
    return TJ_RUN("draws", tests);
}
