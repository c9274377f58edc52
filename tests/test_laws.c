/* Laws that hold for every plan, on random plans and through every backend. */
#include "tests/harness.h"
#include "tests/plan_maker.h"
#include "tests/random_plan.h"
#include "tests/runner.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PLANS = 40, DRAWS = 5, N = 4, YEARS = 6 };

/* ---- comparing two plans ---- */

/* Every third random plan has sectors with memory. */
static int physical(uint64_t seed)
{
    return seed % 3 == 0;
}

/* What city `city` of a plan gives under (background, package), its physical rows after its cells; *status
 * tells whether it is defined. */
static double *trajectories(const tj_backend *backend, const tj_plan *plan, int32_t background,
                            int32_t package, int32_t city, size_t block, tj_status *status, size_t *length)
{
    tj_runner runner;
    tj_runner_open(&runner, backend, plan, DRAWS);
    size_t cells = tj_runner_length(&runner, city);
    *length = cells + tj_runner_rows_length(&runner, city);
    double *out = malloc(*length * sizeof *out);
    assert(out != NULL);
    *status = tj_runner_run_rows(&runner, background, package, city, block, out, out + cells);
    tj_runner_close(&runner);
    return out;
}

/* Largest difference relative to the largest value; absent where the other is absent, else infinite. */
static double difference(const double *a, const double *b, size_t length)
{
    double largest = 0, scale = 1e-300;
    for (size_t i = 0; i < length; i++) {
        if (isnan(a[i]) != isnan(b[i]))
            return INFINITY;
        if (isnan(a[i]))
            continue;
        largest = fmax(largest, fabs(a[i] - b[i]));
        scale = fmax(scale, fabs(a[i]));
    }
    return largest / scale;
}

/* One unit of two plans, which may differ in the indexes of package and city. */
typedef struct pair {
    const tj_plan *plan[2];
    int32_t background, package[2], city[2];
    size_t block[2];
} pair;

/* tolerance 0: to the bit. */
static void agree(const tj_backend *backend, const pair *p, double tolerance)
{
    tj_status status[2];
    size_t length[2];
    double *out[2];
    for (int k = 0; k < 2; k++)
        out[k] = trajectories(backend, p->plan[k], p->background, p->package[k], p->city[k], p->block[k],
                              &status[k], &length[k]);
    CU_ASSERT_EQUAL(status[0], status[1]);
    CU_ASSERT_EQUAL_FATAL(length[0], length[1]);
    if (status[0] == TJ_OK && status[1] == TJ_OK) {
        CU_ASSERT(difference(out[0], out[1], length[0]) <= tolerance);
        if (tolerance == 0)
            CU_ASSERT_EQUAL(memcmp(out[0], out[1], length[0] * sizeof(double)), 0);
    }
    free(out[0]);
    free(out[1]);
}

/* All units of `plan[0]`; packages and cities of plan[1] lie so many places further (the reference at 0). */
static void agree_all(const tj_backend *backend, const tj_plan *a, const tj_plan *b, int32_t package_shift,
                      int32_t city_shift, double tolerance)
{
    const tj_plan_settings *s = tj_plan_get_settings(a);
    for (int32_t i = 0; i < s->n_backgrounds * s->n_packages * s->n_cities; i++) {
        int32_t package = i / s->n_cities % s->n_packages, city = i % s->n_cities;
        const pair p = {{a, b},
                        i / s->n_cities / s->n_packages,
                        {package, package > 0 ? package + package_shift : 0},
                        {city, city + city_shift},
                        {DRAWS, DRAWS}};
        agree(backend, &p, tolerance);
    }
}

/* Runs agree_all between plans of two shapes for many seeds, in every backend. */
static void shapes_agree(tj_random_shape one, tj_random_shape other, double tolerance)
{
    for (uint64_t seed = 1; seed <= PLANS; seed++) {
        one.seed = other.seed = seed;
        one.physical = other.physical = physical(seed);
        tj_plan *a = tj_random_plan(&one), *b = tj_random_plan(&other);
        for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++)
            agree_all(*backend, a, b, other.extra_package, other.extra_city, tolerance);
        tj_plan_free(a);
        tj_plan_free(b);
    }
}

/* ---- laws on random plans ---- */

static void no_measures(void)
{
    for (uint64_t seed = 1; seed <= PLANS; seed++) {
        tj_plan *plan =
            tj_random_plan(&(tj_random_shape){.seed = seed, .no_effects = 1, .physical = physical(seed)});
        tj_plan *full = tj_random_plan(&(tj_random_shape){.seed = seed, .physical = physical(seed)});
        const tj_plan_settings *s = tj_plan_get_settings(plan);
        for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++)
            for (int32_t c = 0; c < s->n_cities; c++) {
                const pair p = {{plan, full}, s->n_backgrounds - 1, {1, 0}, {c, c}, {DRAWS, DRAWS}};
                agree(*backend, &p, 0);
            }
        tj_plan_free(plan);
        tj_plan_free(full);
    }
}

static void strength_zero(void)
{
    shapes_agree((tj_random_shape){.zero_strength = 1}, (tj_random_shape){.no_effects = 1}, 0);
}

static void order_written(void)
{
    shapes_agree((tj_random_shape){0}, (tj_random_shape){.backwards = 1}, 0);
}

/* Sums and products are taken in the order of ranks, so that another order differs in rounding alone.
 * Overlap groups break ties by rank, on purpose, and are left out. */
static void order_of_names(void)
{
    shapes_agree((tj_random_shape){.no_overlaps = 1}, (tj_random_shape){.no_overlaps = 1, .rank_turn = 1},
                 1e-12);
}

static void another_city(void)
{
    shapes_agree((tj_random_shape){0}, (tj_random_shape){.extra_city = 1}, 0);
}

static void another_package(void)
{
    shapes_agree((tj_random_shape){0}, (tj_random_shape){.extra_package = 1}, 0);
}

/* Removals may be negative: a sink that turns. Everything else is not. A row is written from H on. */
static int fits(const tj_plan *plan, const tj_plan_city *city, int32_t item, int32_t year, double value)
{
    const tj_plan_row *rows = tj_plan_section(plan, TJ_SECTION_ROWS, NULL);
    int32_t row = item - city->cells_count;
    const tj_plan_cell *cell =
        tj_plan_get_cell(plan, row < 0 ? city->cells_first + item : rows[city->rows_first + row].cell);
    if (tj_plan_bytes(plan, cell->status)[year] == TJ_ABSENT || (row >= 0 && year < city->last_inventory))
        return isnan(value);
    return isfinite(value) && (value >= 0 || (row < 0 && cell->method == TJ_METHOD_SINK));
}

static void written(void)
{
    int undefined = 0, units = 0;
    for (uint64_t seed = 1; seed <= PLANS; seed++) {
        tj_plan *plan = tj_random_plan(&(tj_random_shape){.seed = seed, .physical = physical(seed)});
        const tj_plan_settings *s = tj_plan_get_settings(plan);
        for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++)
            for (int32_t i = 0; i < s->n_cities * s->n_packages; i++) {
                int32_t c = i % s->n_cities;
                const tj_plan_city *city = tj_plan_get_city(plan, c);
                tj_status status;
                size_t length;
                double *out = trajectories(*backend, plan, 0, i / s->n_cities, c, DRAWS, &status, &length);
                undefined += status == TJ_ERR_UNDEFINED;
                units++;
                for (size_t at = 0; status == TJ_OK && at < length; at++) {
                    int32_t year = (int32_t)(at / DRAWS) % s->n_years;
                    int32_t item = (int32_t)(at / DRAWS) / s->n_years;
                    CU_ASSERT(fits(plan, city, item, year, out[at]));
                }
                free(out);
            }
        tj_plan_free(plan);
    }
    CU_ASSERT(undefined < units / 20);
}

static void blocks(void)
{
    for (uint64_t seed = 1; seed <= PLANS; seed++) {
        tj_plan *plan = tj_random_plan(&(tj_random_shape){.seed = seed, .physical = physical(seed)});
        const tj_plan_settings *s = tj_plan_get_settings(plan);
        for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++)
            for (size_t block = 1; block < DRAWS; block++) {
                const pair p = {
                    {plan, plan}, 0, {s->n_packages - 1, s->n_packages - 1}, {0, 0}, {DRAWS, block}};
                agree(*backend, &p, 0);
            }
        tj_plan_free(plan);
    }
}

/* ---- laws on plans made for them ---- */

static const double hundred[YEARS] = {100, 100, 0, 0, 0, 0};

/* Sum of cells of city 0 in the last year, first draw, under package 1; NaN where undefined. The plan is
 * freed. */
static double last_value(const tj_backend *backend, tj_plan *plan, int32_t cell, int32_t cells)
{
    tj_status status;
    size_t length;
    double sum = 0, *out = trajectories(backend, plan, 0, 1, 0, DRAWS, &status, &length);
    for (int32_t k = cell; status == TJ_OK && k < cell + cells; k++)
        sum += out[(k * YEARS + YEARS - 1) * DRAWS];
    free(out);
    tj_plan_free(plan);
    return status == TJ_OK ? sum : NAN;
}

/* A trend cell, or the last share of an intensity cell whose emissions are that share's. */
static double with_one_effect(const tj_backend *backend, tj_op op, double magnitude, double strength,
                              int shares)
{
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 2);
    tj_maker_city(maker, 2001);
    int32_t cell = shares ? tj_maker_intensity(maker, 0, hundred, N) : tj_maker_trend(maker, 0, hundred, 0);
    for (int k = 0; shares && k < N - 1; k++)
        tj_maker_set_level(maker, tj_maker_driver(maker, cell, 2 + N + k), 0);
    tj_plan_effect e =
        tj_maker_effect(maker, op, tj_maker_driver(maker, cell, shares ? 1 + N : 0), magnitude);
    e.strength = strength;
    tj_maker_add(maker, 1, 0, &e);
    return last_value(backend, tj_maker_finish(maker), cell, 1);
}

static void monotone(void)
{
    for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++)
        for (int k = 0; k < 40; k++) {
            tj_random r = tj_random_from(7, (uint64_t)k, 0, 0);
            tj_op op = k % 2 ? TJ_OP_SCALE : TJ_OP_ADD;
            double magnitude = tj_random_between(&r, 0.05, 0.9), sign = op == TJ_OP_ADD ? 1 : -1;
            double before = -sign * INFINITY;
            for (int step = 0; step <= 10; step++) {
                double x = with_one_effect(*backend, op, magnitude, step / 10.0, k % 4 > 1);
                CU_ASSERT(sign * (x - before) >= -1e-12 * 100);
                before = x;
            }
            CU_ASSERT(sign * (before - 100) > 1); /* and it does something */
        }
}

/* Share `read` of N under random effects on the whole. */
static double random_share(const tj_backend *backend, uint64_t seed, int32_t read)
{
    tj_random r = tj_random_from(seed, 1, 0, 0);
    tj_maker *maker = tj_maker_create(2000, 2005, 1, 2);
    const double quarter[YEARS] = {1.0 / N, 1.0 / N, 0, 0, 0, 0};
    tj_maker_city(maker, 2001);
    int32_t cell = tj_maker_intensity(maker, 0, quarter, N);
    for (int k = 0; k < N; k++)
        tj_maker_set_level(maker, tj_maker_driver(maker, cell, 2 + N + k), k == read);
    for (int k = 1 + tj_random_below(&r, 8); k > 0; k--) {
        int from = tj_random_below(&r, N), to = (from + 1 + tj_random_below(&r, N - 1)) % N;
        tj_op op = (tj_op)tj_random_below(&r, TJ_OPS);
        double low = op == TJ_OP_ADD || op == TJ_OP_SCALE ? -0.6 : 0;
        tj_plan_effect e = tj_maker_effect(maker, op, tj_maker_driver(maker, cell, 2 + from),
                                           tj_random_between(&r, low, 0.9));
        e.to_driver = op == TJ_OP_SHIFT ? tj_maker_driver(maker, cell, 2 + to) : TJ_NONE;
        e.strength = tj_random_chance(&r, 0.4) ? 1 : tj_random_between(&r, 0, 1);
        e.measure = k;
        tj_maker_add(maker, 1, 0, &e);
    }
    return last_value(backend, tj_maker_finish(maker), cell, 1);
}

/* Effects that leave no share to take what is freed are undefined for every share alike, and rare. */
static void whole(void)
{
    for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++) {
        int undefined = 0;
        for (uint64_t seed = 0; seed < 300; seed++) {
            double share[N], sum = 0;
            for (int32_t k = 0; k < N; k++) {
                share[k] = random_share(*backend, seed, k);
                sum += share[k];
            }
            undefined += isnan(share[0]);
            for (int32_t k = 0; k < N; k++)
                CU_ASSERT(isnan(share[0]) ? isnan(share[k]) : share[k] >= 0 && share[k] <= 1 + 1e-14);
            CU_ASSERT(isnan(share[0]) || fabs(sum - 1) <= 1e-14);
        }
        CU_ASSERT(undefined < 10);
    }
}

/* Random shifts between three sectors of equal size. */
static void conserved(void)
{
    for (const tj_backend *const *backend = tj_backends; *backend != NULL; backend++)
        for (uint64_t seed = 0; seed < 100; seed++) {
            tj_random r = tj_random_from(seed, 2, 0, 0);
            tj_maker *maker = tj_maker_create(2000, 2005, 1, 2);
            tj_maker_city(maker, 2001);
            for (int32_t s = 0; s < 3; s++)
                tj_maker_trend(maker, s, hundred, 0);
            for (int k = 0; k < 5; k++) {
                int32_t from = tj_random_below(&r, 3), to = (from + 1 + tj_random_below(&r, 2)) % 3;
                tj_plan_effect e = tj_maker_effect(maker, TJ_OP_SHIFT, tj_maker_driver(maker, from, 0),
                                                   tj_random_between(&r, 0, 0.9));
                e.to_driver = tj_maker_driver(maker, to, 0);
                tj_maker_add(maker, 1, 0, &e);
            }
            CU_ASSERT_DOUBLE_EQUAL(last_value(*backend, tj_maker_finish(maker), 0, 3), 300, 1e-10);
        }
}

int main(void)
{
    static const tj_test tests[] = {
        {"a package without measures is the reference, to the bit", no_measures},
        {"strength 0 is absence, to the bit", strength_zero},
        {"the order in which measures are written changes nothing", order_written},
        {"the names of measures change nothing but rounding", order_of_names},
        {"another city changes no other city's numbers", another_city},
        {"another package changes no other package's numbers", another_package},
        {"every year that is not absent is written, and no other", written},
        {"the numbers do not depend on the blocks of draws", blocks},
        {"a lone scale or add is monotone in its strength", monotone},
        {"shares stay in [0, 1] and sum to one", whole},
        {"shifts at ratio 1 conserve the activity", conserved},
    };
    return TJ_RUN("laws", tests);
}
