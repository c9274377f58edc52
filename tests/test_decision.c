/* Expected values of information on choices that are worked by hand. */
#include "engine/decision.h"
#include "engine/lanes.h"
#include "engine/threefry.h"
#include "tests/harness.h"

#include <math.h>

enum { N = 8192 };

static double first[N], second[N], idle[N], loss[2 * N];

static void draw(void)
{
    tj_uniform_lanes(4, tj_stream("first"), 0, 0, N, first);
    tj_uniform_lanes(4, tj_stream("second"), 0, 0, N, second);
    tj_uniform_lanes(4, tj_stream("idle"), 0, 0, N, idle);
}

/* Three draws. Option 0 loses 1, 5, 3 (mean 3), option 1 loses 4, 1, 4 (mean 3): the first of equals is best,
 * its draws could save 0, 4, 0: EVPI 4 / 3, sd = sqrt((2 (4/3)^2 + (8/3)^2) / 2), se = sd / sqrt 3 = 4 / 3. */
static void by_hand(void)
{
    static const double three[] = {1, 5, 3, 4, 1, 4};
    const tj_losses losses = {3, 2, three};
    tj_evpi evpi;
    tj_evpi_of(&losses, &evpi);
    CU_ASSERT_EQUAL(evpi.best, 0);
    CU_ASSERT_DOUBLE_EQUAL(evpi.value, 4 / 3.0, 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(evpi.se, 4 / 3.0, 1e-15);
    CU_ASSERT_EQUAL(tj_loss_mean(&losses, 1), 3);
}

/* Option 0 loses 0, option 1 z + 0.5 w, both standard normal: E max(0, -x) = sd / sqrt(2 pi).
 * All: sqrt 1.25 = 1.118 gives 0.4460; z alone 0.3989; w alone 0.1995; both less the sampled mean. */
static void normal_choice(void)
{
    tj_evpi evpi;
    tj_evppi z, w, none;
    const tj_losses losses = {N, 2, loss};
    draw();
    for (size_t d = 0; d < N; d++) {
        loss[d] = 0;
        loss[N + d] = tj_normal_inverse(first[d]) + 0.5 * tj_normal_inverse(second[d]);
    }
    tj_evpi_of(&losses, &evpi);
    CU_ASSERT(evpi.se > 0.005 && evpi.se < 0.01);
    CU_ASSERT_DOUBLE_EQUAL(evpi.value, 0.4460, 4 * evpi.se);
    CU_ASSERT_EQUAL(tj_evppi_of(&losses, first, 1, 100, &z), TJ_OK);
    CU_ASSERT_EQUAL(tj_evppi_of(&losses, second, 1, 100, &w), TJ_OK);
    CU_ASSERT_EQUAL(tj_evppi_of(&losses, idle, 1, 100, &none), TJ_OK);
    CU_ASSERT_DOUBLE_EQUAL(z.value, 0.3989, 0.03);
    CU_ASSERT_DOUBLE_EQUAL(w.value, 0.1995, 0.03);
    CU_ASSERT(z.value > 5 * z.chance && w.value > 5 * w.chance);
    CU_ASSERT(none.value < 1.5 * none.chance && none.chance < 0.03);
    CU_ASSERT(z.value <= evpi.value && w.value <= z.value);
}

/* A choice that nothing can change: option 1 always loses more. */
static void settled(void)
{
    tj_evpi evpi;
    tj_evppi one;
    const tj_losses losses = {N, 2, loss};
    draw();
    for (size_t d = 0; d < N; d++) {
        loss[d] = 3 * first[d];
        loss[N + d] = 3 * first[d] + 10;
    }
    tj_evpi_of(&losses, &evpi);
    CU_ASSERT(evpi.best == 0 && evpi.value == 0 && evpi.se == 0);
    CU_ASSERT_EQUAL(tj_evppi_of(&losses, first, 1, 20, &one), TJ_OK);
    CU_ASSERT(one.value == 0 && one.chance == 0);
}

/* Option 1 saves 1 where u > 1/2 and costs 1 elsewhere: knowing u is worth 1/2, and a spline finds nearly so. */
static void step(void)
{
    tj_evpi evpi;
    tj_evppi one;
    const tj_losses losses = {N, 2, loss};
    draw();
    for (size_t d = 0; d < N; d++) {
        loss[d] = 0;
        loss[N + d] = first[d] > 0.5 ? -1 : 1;
    }
    tj_evpi_of(&losses, &evpi);
    CU_ASSERT_EQUAL(tj_evppi_of(&losses, first, 1, 20, &one), TJ_OK);
    CU_ASSERT_DOUBLE_EQUAL(one.value, evpi.value, 0.03);
}

static void undefined(void)
{
    static const double u[] = {0.1, 0.5, 0.9}, some[] = {1, NAN, 3, 4, 1, 4};
    const tj_losses losses = {3, 2, some};
    tj_evpi evpi;
    tj_evppi one;
    tj_evpi_of(&losses, &evpi);
    CU_ASSERT(isnan(evpi.value) && isnan(evpi.se));
    CU_ASSERT_EQUAL(tj_evppi_of(&losses, u, 1, 3, &one), TJ_OK);
    CU_ASSERT(isnan(one.value));
}

/* The same sample and seed, the same bits; few draws leave the spline fewer columns. */
static void repeated(void)
{
    static const double u[] = {0.2, 0.7, 0.4}, some[] = {1, 5, 3, 4, 1, 4};
    const tj_losses losses = {3, 2, some};
    tj_evppi a, b;
    CU_ASSERT_EQUAL(tj_evppi_of(&losses, u, 1, 50, &a), TJ_OK);
    CU_ASSERT_EQUAL(tj_evppi_of(&losses, u, 1, 50, &b), TJ_OK);
    CU_ASSERT_EQUAL(a.value, b.value);
    CU_ASSERT_EQUAL(a.chance, b.chance);
    CU_ASSERT_DOUBLE_EQUAL(a.value, 4 / 3.0, 1e-9); /* three draws are fitted exactly: all is known */
}

int main(void)
{
    static const tj_test tests[] = {
        {"three draws by hand", by_hand},
        {"a choice between 0 and a normal loss has its known values", normal_choice},
        {"where one option is always better, knowing is worth nothing", settled},
        {"a threshold is found", step},
        {"an undefined loss makes values undefined", undefined},
        {"values depend on the sample and the seed alone", repeated},
    };
    return TJ_RUN("decision", tests);
}
