/* What holds for every unit of every plan: parts sum to wholes draw by draw, statistics agree with the draws
 * that they summarise, probabilities are shares. Random plans, through every backend. */
#include "engine/ensemble.h"
#include "tests/harness.h"
#include "tests/random_plan.h"

#include <math.h>
#include <stdlib.h>

enum { DRAWS = 41, SEEDS = 8 };

/* One unit at a time, judged inside the sink. */
typedef struct law {
    const tj_plan *plan;
    const tj_plan_settings *settings;
    size_t checked;
    void (*check)(struct law *law, const tj_unit_result *unit);
} law;

static tj_status take(void *context, const tj_unit_result *unit)
{
    law *l = context;
    l->check(l, unit);
    return TJ_OK;
}

static void on_random_plans(void (*check)(law *, const tj_unit_result *))
{
    law l = {.check = check};
    for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++) {
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            tj_plan *plan = tj_random_plan(&(tj_random_shape){.seed = seed});
            l.plan = plan;
            l.settings = tj_plan_get_settings(plan);
            tj_run run = {.plan = plan,
                          .backend = *backend,
                          .draws = DRAWS,
                          .threads = 2,
                          .outputs = TJ_OUTPUTS_ALL,
                          .unit = take,
                          .context = &l};
            tj_run_report report;
            tj_status status = tj_ensemble_run(&run, &report);
            CU_ASSERT(status == TJ_OK || status == TJ_ERR_UNDEFINED);
            tj_plan_free(plan);
        }
    }
    CU_ASSERT(l.checked > 1000);
}

static const uint8_t *total_status(const law *l, int32_t city)
{
    return tj_plan_bytes(l->plan, tj_plan_get_city(l->plan, city)->total_status);
}

/* Sum of the territorial sectors of a city in one year and draw, from the kept draws. */
static double sector_sum(const law *l, const tj_unit_result *unit, int32_t city, int32_t year, size_t draw)
{
    const tj_plan_city *record = tj_plan_get_city(l->plan, city);
    double sum = 0;
    for (int32_t k = 0; k < record->cells_count; k++) {
        const tj_plan_cell *cell = tj_plan_get_cell(l->plan, record->cells_first + k);
        int32_t row = (city * l->settings->n_sectors + cell->sector) * l->settings->n_years + year;
        double x = unit->field[TJ_FIELD_SECTOR_DRAW][(size_t)row * DRAWS + draw];
        if (cell->account == TJ_TERRITORIAL && !isnan(x))
            sum += x;
    }
    return sum;
}

static void check_sectors(law *l, const tj_unit_result *unit)
{
    for (int32_t c = 0; c < l->settings->n_cities; c++) {
        for (int32_t y = 0; y < l->settings->n_years; y++) {
            size_t row = (size_t)(c * l->settings->n_years + y);
            const double *total = unit->field[TJ_FIELD_TOTAL_DRAW] + row * DRAWS;
            int absent = total_status(l, c)[y] == TJ_ABSENT;
            for (size_t d = 0; d < DRAWS; d++)
                CU_ASSERT(absent ? isnan(total[d]) : total[d] == sector_sum(l, unit, c, y, d));
            l->checked++;
        }
    }
}

static void sectors_sum_to_the_total_in_every_draw(void)
{
    on_random_plans(check_sectors);
}

static double network_draw(const law *l, const tj_unit_result *unit, int32_t year, size_t draw)
{
    double sum = 0;
    for (int32_t c = 0; c < l->settings->n_cities; c++) {
        size_t row = (size_t)(c * l->settings->n_years + year);
        if (total_status(l, c)[year] != TJ_ABSENT)
            sum += unit->field[TJ_FIELD_TOTAL_DRAW][row * DRAWS + draw];
    }
    return sum;
}

/* Group 0 holds every city: its mean is that of the sums, and its spread is theirs. */
static void check_network(law *l, const tj_unit_result *unit)
{
    for (int32_t y = 0; y < l->settings->n_years; y++) {
        double sum = 0, low = INFINITY, high = -INFINITY, mean = unit->field[TJ_FIELD_GROUP_MEAN][y];
        for (size_t d = 0; d < DRAWS; d++) {
            double x = network_draw(l, unit, y, d);
            sum += x;
            low = fmin(low, x);
            high = fmax(high, x);
        }
        const double *quantile = unit->field[TJ_FIELD_GROUP_QUANTILE] + y * l->settings->n_quantiles;
        CU_ASSERT(isnan(mean) || fabs(mean - sum / DRAWS) <= 1e-9 * (1 + fabs(high) + fabs(low)));
        CU_ASSERT(isnan(mean) || (quantile[0] >= low && quantile[l->settings->n_quantiles - 1] <= high));
        l->checked++;
    }
}

static void the_network_is_the_sum_of_its_cities_in_every_draw(void)
{
    on_random_plans(check_network);
}

static void check_statistics(law *l, const tj_unit_result *unit)
{
    int32_t nq = l->settings->n_quantiles, rows = l->settings->n_cities * l->settings->n_years;
    const double *total = unit->field[TJ_FIELD_TOTAL_QUANTILE];
    const double *se = unit->field[TJ_FIELD_TOTAL_QUANTILE_SE];
    for (int32_t i = 0; i < rows * nq; i++) {
        CU_ASSERT(i % nq == 0 || isnan(total[i]) || total[i] >= total[i - 1]);
        CU_ASSERT(isnan(total[i]) ? isnan(se[i]) : se[i] >= 0);
    }
    for (int32_t row = 0; row < rows; row++) {
        const double *draw = unit->field[TJ_FIELD_TOTAL_DRAW] + (size_t)row * DRAWS;
        double avoided = unit->field[TJ_FIELD_AVOIDED_MEAN][row];
        CU_ASSERT(isnan(draw[0]) == isnan(unit->field[TJ_FIELD_TOTAL_MEAN][row]));
        CU_ASSERT(isnan(draw[0]) == isnan(avoided));
        if (unit->package == l->settings->reference_package)
            CU_ASSERT(isnan(avoided) || avoided == 0);
        l->checked++;
    }
}

static void statistics_agree_with_the_draws(void)
{
    on_random_plans(check_statistics);
}

static void check_targets(law *l, const tj_unit_result *unit)
{
    for (int32_t i = 0; i < l->settings->n_targets; i++) {
        double p = unit->field[TJ_FIELD_TARGET_PROBABILITY][i];
        double never = unit->field[TJ_FIELD_TARGET_NEVER][i];
        double undefined = unit->field[TJ_FIELD_TARGET_UNDEFINED][i];
        CU_ASSERT(isnan(p) || (p >= 0 && p <= 1));
        CU_ASSERT(isnan(never) || (never >= 0 && never <= 1));
        CU_ASSERT(isnan(undefined) || isnan(p) == (undefined == DRAWS));
        CU_ASSERT(!isnan(undefined) || isnan(p));
        CU_ASSERT(isnan(never) ||
                  isnan(unit->field[TJ_FIELD_TARGET_FIRST_YEAR_QUANTILE][i * l->settings->n_quantiles]) ==
                      (never == 1));
    }
    l->checked += 100;
}

static void probabilities_are_shares_of_the_judged_draws(void)
{
    on_random_plans(check_targets);
}

int main(void)
{
    static const tj_test tests[] = {
        {"sectors sum to the total in every draw", sectors_sum_to_the_total_in_every_draw},
        {"the network is the sum of its cities in every draw",
         the_network_is_the_sum_of_its_cities_in_every_draw},
        {"statistics agree with the draws", statistics_agree_with_the_draws},
        {"probabilities are shares of the judged draws", probabilities_are_shares_of_the_judged_draws},
    };
    return TJ_RUN("ensemble laws", tests);
}
