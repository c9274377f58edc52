/* Standard errors of designed samples, from the spread of independent replicates. */
#include "engine/design.h"
#include "engine/ensemble.h"
#include "engine/quantile.h"
#include "engine/threefry.h"
#include "tests/harness.h"
#include "tests/plan_maker.h"

#include <math.h>
#include <string.h>

static const double half[] = {0.5};

static tj_ranks ranks_of(size_t n, size_t count, const double *p, size_t replicates)
{
    tj_ranks ranks;
    CU_ASSERT_EQUAL_FATAL(tj_ranks_init(&ranks, n, count, p), TJ_OK);
    if (replicates > 1)
        CU_ASSERT_EQUAL_FATAL(tj_ranks_replicate(&ranks, replicates), TJ_OK);
    return ranks;
}

/* Replicates (1, 3), (2, 8), (6, 4): means 2, 5, 5 and medians the same; their sd is sqrt(3), and
 * sqrt(3) / sqrt(3) = 1. The whole: mean 4, median of 1 2 3 4 6 8 = 3.5. */
static void by_hand(void)
{
    static const double x[] = {1, 3, 2, 8, 6, 4};
    tj_ranks ranks = ranks_of(6, 1, half, 3);
    double work[12], quantile, se;
    tj_summary s;
    tj_summarise(&ranks, x, work, &s, &quantile, &se);
    CU_ASSERT(s.mean == 4 && quantile == 3.5);
    CU_ASSERT_DOUBLE_EQUAL(s.mean_se, 1, 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(se, 1, 1e-15);
    tj_mean_of(&ranks, x, &s);
    CU_ASSERT_DOUBLE_EQUAL(s.mean_se, 1, 1e-15);
    tj_ranks_free(&ranks);
    double same[6] = {7, 7, 7, 7, 7, 7}, undefined[6] = {1, 2, 3, NAN, 5, 6};
    ranks = ranks_of(6, 1, half, 3);
    tj_summarise(&ranks, same, work, &s, &quantile, &se);
    CU_ASSERT(s.mean_se == 0 && se == 0);
    tj_summarise(&ranks, undefined, work, &s, &quantile, &se);
    CU_ASSERT(s.undefined == 1 && isnan(s.mean) && isnan(s.mean_se) && isnan(quantile) && isnan(se));
    tj_ranks_free(&ranks);
}

/* Forty quantiles are worked through in several goes; each is what it would be alone. */
static void many(void)
{
    enum { N = 640, Q = 40 };
    double x[N], p[Q], work[2 * N], all[2][Q], alone[2];
    tj_uniform_lanes(3, 4, 0, 0, N, x);
    for (int i = 0; i < Q; i++)
        p[i] = (i + 1) / (Q + 1.0);
    tj_ranks ranks = ranks_of(N, Q, p, 16), plain = ranks_of(N, Q, p, 1);
    tj_summary s, t;
    tj_summarise(&ranks, x, work, &s, all[0], all[1]);
    for (int i = 0; i < Q; i++) {
        tj_ranks one = ranks_of(N, 1, &p[i], 16);
        tj_summarise(&one, x, work, &s, &alone[0], &alone[1]);
        CU_ASSERT(all[0][i] == alone[0] && all[1][i] == alone[1]);
        tj_ranks_free(&one);
    }
    double values[Q];
    tj_summarise(&plain, x, work, &t, values, NULL);
    CU_ASSERT_EQUAL(memcmp(values, all[0], sizeof values), 0); /* quantiles are of the whole sample */
    CU_ASSERT_EQUAL(s.mean, t.mean);
    tj_ranks_free(&ranks);
    tj_ranks_free(&plain);
}

/* The error that a sample states, against the spread of the means of 400 samples: u + v + u v. */
static void honest(void)
{
    enum { N = 1024, SEEDS = 400 };
    double before = 1;
    for (int design = 0; design < TJ_DESIGNS; design++) {
        static double u[2][N];
        double stated = 0, sum = 0, squares = 0;
        tj_ranks ranks = ranks_of(N, 1, half, tj_designs[design].replicates);
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            for (size_t k = 0; k < 2; k++) {
                tj_column_at at = {.seed = seed, .stream = 50 + k, .dimension = k};
                tj_designs[design].column(&at, N, u[k]);
            }
            for (size_t i = 0; i < N; i++)
                u[0][i] += u[1][i] + u[0][i] * u[1][i];
            tj_summary s;
            tj_mean_of(&ranks, u[0], &s);
            stated += s.mean_se * s.mean_se / SEEDS;
            sum += s.mean - 1.25;
            squares += (s.mean - 1.25) * (s.mean - 1.25);
        }
        double spread = sqrt(squares / SEEDS);
        CU_ASSERT_DOUBLE_EQUAL(sqrt(stated) / spread, 1, 0.15);
        CU_ASSERT(fabs(sum / SEEDS) < 4 * spread / sqrt(SEEDS)); /* and nothing is biased */
        CU_ASSERT(spread < before / 3);
        before = spread;
        tj_ranks_free(&ranks);
    }
}

/* ---- a run ---- */

enum { DRAWS = 64, YEARS = 11 };

typedef struct seen {
    double probability, probability_se, mean, mean_se, draw[DRAWS];
} seen;

static tj_status take(void *context, const tj_unit_result *result)
{
    seen *s = context;
    s->probability = result->field[TJ_FIELD_TARGET_PROBABILITY][0];
    s->probability_se = result->field[TJ_FIELD_TARGET_PROBABILITY_SE][0];
    s->mean = result->field[TJ_FIELD_TOTAL_MEAN][YEARS - 1];
    s->mean_se = result->field[TJ_FIELD_TOTAL_MEAN_SE][YEARS - 1];
    memcpy(s->draw, result->field[TJ_FIELD_TOTAL_DRAW] + (YEARS - 1) * DRAWS, sizeof s->draw);
    return TJ_OK;
}

/* Emissions of 100 that fall by an uncertain rate; the target is a fifth less in the last year. */
static void run_design(int design, seen *s)
{
    static const double history[] = {100};
    tj_maker *maker = tj_maker_create(2020, 2030, 1, 1);
    tj_term rate = tj_maker_param(maker, "rate", TJ_DIST_NORMAL, -0.02, 0.02, 0, 0);
    tj_maker_city(maker, 2020);
    tj_maker_get_cell(maker, tj_maker_trend(maker, 0, history, 0))->growth = rate;
    tj_plan_target target = {
        .kind = TJ_TARGET_REDUCTION, .assessable = 1, .base = 0, .year = YEARS - 1, .value = 0.2};
    tj_maker_target(maker, &target);
    tj_maker_settings(maker)->design = design;
    tj_plan *plan = tj_maker_finish(maker);
    tj_run run = {.plan = plan,
                  .backend = tj_backends[0],
                  .draws = DRAWS,
                  .threads = 2,
                  .outputs = TJ_OUTPUTS_ALL,
                  .unit = take,
                  .context = s};
    tj_run_report report;
    CU_ASSERT_EQUAL_FATAL(tj_ensemble_run(&run, &report), TJ_OK);
    tj_plan_free(plan);
}

static void whole_run(void)
{
    for (int design = TJ_DESIGN_LATIN; design < TJ_DESIGNS; design++) {
        seen s;
        run_design(design, &s);
        double share[TJ_REPLICATES] = {0}, mean[TJ_REPLICATES] = {0};
        for (size_t d = 0; d < DRAWS; d++) {
            share[d / 4] += (s.draw[d] <= 80) / 4.0;
            mean[d / 4] += s.draw[d] / 4;
        }
        CU_ASSERT_DOUBLE_EQUAL(s.probability_se, tj_spread_error(TJ_REPLICATES, share), 1e-15);
        CU_ASSERT_DOUBLE_EQUAL(s.mean_se, tj_spread_error(TJ_REPLICATES, mean), 1e-12);
        CU_ASSERT(s.probability_se > 0 && s.probability > 0.3 && s.probability < 0.7);
    }
    seen s;
    run_design(TJ_DESIGN_MONTE_CARLO, &s);
    CU_ASSERT_EQUAL(s.probability_se, sqrt(s.probability * (1 - s.probability) / DRAWS));
}

int main(void)
{
    static const tj_test tests[] = {
        {"errors are the spread of the replicates' own values over the root of their number", by_hand},
        {"any number of quantiles has the errors each would have alone", many},
        {"stated errors are the true ones, and fall from plain to Latin to Sobol", honest},
        {"a run states the replicates' errors of means and probabilities", whole_run},
    };
    return TJ_RUN("replicates", tests);
}
