/* Laws of the lanes backend: it agrees with the scalar reference, and nothing shows in the bits that
 * must not. */
#include "tests/harness.h"
#include "tests/plan_maker.h"
#include "tests/random_plan.h"
#include "tests/runner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DRAWS = 40, PLANS = 12 };

/* ---- agreement ---- */

static int near(double a, double b, double scale)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * (1 + scale);
}

/* Largest size among the values that are there: cancelling makes a small number as uncertain as its terms. */
static double largest(const double *x, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fabs(x[i]) > most ? fabs(x[i]) : most;
    return most;
}

static size_t differing(tj_runner *a, tj_runner *b, int32_t background, int32_t package, int32_t city)
{
    size_t n = tj_runner_length(a, city), wrong = 0;
    double *x = malloc(n * sizeof *x), *y = malloc(n * sizeof *y);
    tj_status one = tj_runner_run(a, background, package, city, DRAWS, x);
    tj_status two = tj_runner_run(b, background, package, city, DRAWS, y);
    CU_ASSERT_EQUAL(one, two);
    if (one == TJ_OK && two == TJ_OK) {
        double scale = largest(y, n);
        for (size_t i = 0; i < n; i++)
            wrong += !near(x[i], y[i], scale);
    }
    free(x);
    free(y);
    return wrong;
}

static void agrees(void)
{
    for (uint64_t seed = 1; seed <= PLANS; seed++) {
        tj_random_shape shape = {.seed = seed};
        tj_plan *plan = tj_random_plan(&shape);
        const tj_plan_settings *settings = tj_plan_get_settings(plan);
        tj_runner lanes, reference;
        tj_runner_open(&lanes, &tj_backend_lanes, plan, DRAWS);
        tj_runner_open(&reference, &tj_backend_reference, plan, DRAWS);
        for (int32_t b = 0; b < settings->n_backgrounds; b++)
            for (int32_t p = 0; p < settings->n_packages; p++)
                for (int32_t c = 0; c < settings->n_cities; c++)
                    CU_ASSERT_EQUAL(differing(&lanes, &reference, b, p, c), 0);
        tj_runner_close(&lanes);
        tj_runner_close(&reference);
        tj_plan_free(plan);
    }
}

int main(void)
{
    static const tj_test tests[] = {
        {"lanes and reference agree on random plans", agrees},
    };
    return TJ_RUN("simulate", tests);
}
