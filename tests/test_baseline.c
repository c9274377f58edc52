/* How much of the doubt about a target is its base year. */
#include "engine/baseline.h"
#include "engine/lanes.h"
#include "engine/threefry.h"
#include "tests/harness.h"

#include <math.h>

enum { N = 20000 };

static double gap[N], base[N], level[N], future[N];

/* Normal scores of their own stream. */
static double score(const char *name, uint32_t draw)
{
    return tj_normal_inverse(tj_uniform(3, tj_stream(name), draw, 0));
}

/* level e^(0.3 z); base level (60 + 40 e^(s z)), 40 back-cast; future level (50 + 8 z); gap in % to half. */
static void make(double backcast_sd)
{
    for (uint32_t d = 0; d < N; d++) {
        level[d] = tj_exp(0.3 * score("level", d));
        base[d] = level[d] * (60 + 40 * tj_exp(backcast_sd * score("backcast", d)));
        future[d] = level[d] * (50 + 8 * score("future", d));
        gap[d] = 100 * (future[d] - 0.5 * base[d]) / base[d];
    }
}

/* With r = L / B and X the future over the level, gap = 100 (X r - 0.5), X and r independent:
 *   Var E[gap | r] = (50 * 100)^2 Var r,  Var gap = 100^2 (Var r (50^2 + 8^2) + 8^2 (E r)^2) */
static void by_formula(void)
{
    double mean = 0, variance = 0, share, se;
    make(0.4);
    for (int d = 0; d < N; d++)
        mean += level[d] / base[d] / N;
    for (int d = 0; d < N; d++)
        variance += (level[d] / base[d] - mean) * (level[d] / base[d] - mean) / N;
    double expected = 2500 * variance / (variance * 2564 + 64 * mean * mean);
    tj_baseline_share(N, gap, base, level, &share, &se);
    CU_ASSERT(expected > 0.3 && expected < 0.7);
    CU_ASSERT(se > 0.001 && se < 0.02);
    CU_ASSERT_DOUBLE_EQUAL(share, expected, 4 * se);
}

static void level_cancels(void)
{
    double share, se;
    make(0);
    tj_baseline_share(N, gap, base, level, &share, &se);
    CU_ASSERT(share < 0.001);
}

/* The level multiplies what a budget is used by: gap = 100 (50 L + 8 z L - 40) / 40. */
static void budget(void)
{
    double share, se;
    make(0);
    for (int d = 0; d < N; d++)
        gap[d] = 100 * (future[d] - 40) / 40;
    tj_baseline_share(N, gap, NULL, level, &share, &se);
    CU_ASSERT(share > 0.7 && share < 0.85); /* 2500 v / (2564 v + 64 m^2), v / m^2 = e^0.09 - 1: 0.77 */
}

/* Four draws: r = 1, 2, 3, 4 and gap = 1, 3, 2, 4: R = 4 / 5, R^2 = 0.64, adjusted 1 - 0.36 * 3 / 2. */
static void by_hand(void)
{
    static const double four[] = {1, 3, 2, 4}, ones[] = {1, 1, 1, 1}, steps[] = {1, 2, 3, 4};
    double share, se;
    tj_baseline_share(4, four, NULL, steps, &share, &se);
    CU_ASSERT_DOUBLE_EQUAL(share, 0.46, 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(se, 2 * 0.8 * 0.36 / 2, 1e-15);
    tj_baseline_share(4, four, ones, ones, &share, &se);
    CU_ASSERT(share == 0 && se == 0); /* the base is known */
}

static void undefined(void)
{
    static const double same[] = {0.1, 0.1, 0.1}, missing[] = {1, NAN, 2}, steps[] = {1, 2, 3};
    double share, se;
    tj_baseline_share(3, same, NULL, steps, &share, &se);
    CU_ASSERT(isnan(share) && isnan(se));
    tj_baseline_share(3, missing, NULL, steps, &share, &se);
    CU_ASSERT(isnan(share) && isnan(se));
    tj_baseline_share(2, steps, NULL, steps, &share, &se);
    CU_ASSERT(isnan(share));
}

int main(void)
{
    static const tj_test tests[] = {
        {"the share of a back-cast base is the conditional variance", by_formula},
        {"a level that base and target year share is no doubt about a percentage", level_cancels},
        {"a level is doubt about a budget", budget},
        {"four draws by hand; a known base has no share", by_hand},
        {"a gap without variance or value has no share", undefined},
    };
    return TJ_RUN("baseline", tests);
}
