/* What one package has computed serves the next: which cells and stocks are the same, and that a run which uses it gives the
 * bits of one that does not. */
#include "engine/batch.h"
#include "engine/ensemble.h"
#include "tests/harness.h"
#include "tests/physical_maker.h"
#include "tests/plan_maker.h"
#include "tests/random_plan.h"

#include <stdlib.h>
#include <string.h>

/* One city, 2000 .. 2006, H = 2002: two trend cells and two intensity cells of two carriers, 0 .. 3. */
static tj_maker *made(int packages)
{
    static const double history[] = {100, 100, 100};
    tj_maker *maker = tj_maker_create(2000, 2006, 1, packages);
    tj_maker_city(maker, 2002);
    for (int k = 0; k < 2; k++)
        tj_maker_trend(maker, k, history, 0);
    for (int k = 2; k < 4; k++)
        tj_maker_intensity(maker, k, history, 2);
    return maker;
}

static void scale(tj_maker *maker, int package, int32_t cell, double magnitude, double strength, int from)
{
    tj_plan_effect effect = tj_maker_effect(maker, TJ_OP_SCALE, tj_maker_driver(maker, cell, 0), magnitude);
    effect.strength = strength;
    effect.ramp = tj_maker_step(maker, from, 1);
    tj_maker_add(maker, package, 0, &effect);
}

static void check(const tj_plan *plan, int a, int b, const char *expected)
{
    for (int k = 0; k < 4; k++)
        CU_ASSERT_EQUAL(tj_batch_alike(plan, 0, k, a, b), expected[k] == '=');
}

static void cells_are_alike_where_effects_are(void)
{
    tj_maker *maker = made(6);
    scale(maker, 1, 0, 0.1, 1, 2004);
    scale(maker, 2, 0, 0.1, 1, 2004); /* its ramp is written elsewhere, and the same */
    scale(maker, 2, 2, 0.2, 0, 2004); /* strength 0 is absence */
    scale(maker, 3, 0, 0.1, 1, 2005);
    scale(maker, 4, 0, 0.2, 1, 2004);
    scale(maker, 5, 0, 0.1, 1, 2004);
    scale(maker, 5, 0, 0.1, 1, 2004);
    tj_plan *plan = tj_maker_finish(maker);
    check(plan, 0, 0, "====");
    check(plan, 1, 2, "====");
    check(plan, 0, 1, "-===");
    check(plan, 1, 3, "-==="); /* another ramp */
    check(plan, 1, 4, "-==="); /* another magnitude */
    check(plan, 1, 5, "-==="); /* once more */
    check(plan, 5, 1, "-===");
    tj_plan_free(plan);
}

/* ---- sorting ---- */

/* Packages 1 and 2 move something from cell 2 to cell 3; package 3 scales cell 3. */
static tj_plan *exchanging(void)
{
    tj_maker *maker = made(4);
    for (int p = 1; p < 3; p++) {
        tj_plan_effect effect = tj_maker_effect(maker, TJ_OP_SHIFT, tj_maker_driver(maker, 2, 0), 0.5);
        effect.to_driver = tj_maker_driver(maker, 3, 0);
        tj_maker_add(maker, p, 0, &effect);
    }
    scale(maker, 3, 3, 0.1, 1, 2004);
    return tj_maker_finish(maker);
}

static void cells_that_exchange_make_one_part(void)
{
    tj_plan *plan = exchanging();
    int32_t part[4];
    tj_batch_parts(plan, part);
    static const int32_t expected[] = {0, 1, 2, 2};
    CU_ASSERT(memcmp(part, expected, sizeof part) == 0);
    tj_plan_free(plan);
}

static void check_batch(const tj_batch *batch, int i, const int32_t *first, const int32_t *slot)
{
    for (int k = 0; k < 4; k++) {
        CU_ASSERT_EQUAL(batch->first[4 * i + k], first[k]);
        CU_ASSERT_EQUAL(batch->slot[4 * i + k], slot[k]);
    }
}

/* Cell 2 is the same under 3 and 0, but counts with cell 3, so the part of both is computed anew. */
static void a_part_is_computed_once_for_all_who_have_it(void)
{
    tj_plan *plan = exchanging();
    tj_batch batch;
    int32_t part[4];
    tj_batch_parts(plan, part);
    CU_ASSERT_EQUAL_FATAL(tj_batch_init(&batch, plan, 4), TJ_OK);
    tj_batch_sort(&batch, plan, part, 0, (const int32_t[]){1, 2, 3, 0}, 4);
    CU_ASSERT_EQUAL(batch.n_slots, 8);
    check_batch(&batch, 0, (const int32_t[]){0, 0, 0, 0}, (const int32_t[]){0, 1, 2, 3});
    check_batch(&batch, 1, (const int32_t[]){0, 0, 0, 0}, (const int32_t[]){0, 1, 2, 3});
    check_batch(&batch, 2, (const int32_t[]){0, 0, 2, 2}, (const int32_t[]){0, 1, 4, 5});
    check_batch(&batch, 3, (const int32_t[]){0, 0, 3, 3}, (const int32_t[]){0, 1, 6, 7});
    tj_batch_free(&batch);
    tj_plan_free(plan);
}

/* ---- fleets ---- */

static void shift(tj_maker *maker, int package, int32_t from, int32_t to)
{
    tj_plan_effect effect = tj_maker_effect(maker, TJ_OP_SHIFT, from, 0.1);
    effect.to_driver = to;
    tj_maker_add(maker, package, 0, &effect);
}

static void scale_driver(tj_maker *maker, int package, int32_t driver, double strength)
{
    tj_plan_effect effect = tj_maker_effect(maker, TJ_OP_SCALE, driver, 0.1);
    effect.strength = strength;
    tj_maker_add(maker, package, 0, &effect);
}

/* A city of 2000 .. 2006, H = 2002, with a trend cell and a cell of two fleets: one that burns two carriers, one that burns
 * the second of them twice. */
static tj_plan *driven(void)
{
    static const double history[] = {100, 100, 100};
    tj_maker *maker = tj_maker_create(2000, 2006, 1, 9);
    tj_maker_city(maker, 2002);
    tj_maker_trend(maker, 0, history, 0);
    int32_t cell = tj_maker_users(maker, 1, history, TJ_METHOD_STOCK, 2), fleet[2];
    for (int i = 0; i < 2; i++) {
        fleet[i] = tj_maker_fleet(maker, cell, TJ_FLEET_UNITS, 1000, 10, 2);
        for (int k = 0; k < 2; k++)
            tj_maker_burner(maker, fleet[i], k, i == 0 ? k : 1, 0.5, 1);
    }
    int32_t demand = tj_maker_get_fleet(maker, fleet[0])->demand, trend = tj_maker_driver(maker, 0, 0);
    int32_t activity = tj_maker_get_fleet(maker, fleet[0])->activity;
    scale_driver(maker, 1, activity, 1); /* how far it is driven */
    scale_driver(maker, 2, demand, 1);
    scale_driver(maker, 3, demand, 1);
    scale_driver(maker, 3, activity, 1);
    scale_driver(maker, 4, demand, 0); /* strength 0 is absence */
    scale_driver(maker, 4, activity, 0.5);
    shift(maker, 5, trend, demand);
    shift(maker, 6, trend, demand); /* what comes differs, since the trend cell's driver does */
    scale_driver(maker, 6, trend, 1);
    shift(maker, 7, tj_maker_get_technology(maker, fleet[0], 0)->sales,
          tj_maker_get_technology(maker, fleet[0], 1)->sales);
    scale_driver(maker, 8, tj_maker_get_technology(maker, fleet[1], 1)->scrappage, 1);
    return tj_maker_finish(maker);
}

static void a_stock_is_computed_once_for_all_who_have_it(void)
{
    static const int32_t expected[2][9] = {{0, 0, 2, 2, 0, 5, 6, 7, 0}, {0, 0, 0, 0, 0, 0, 0, 0, 8}};
    static const int32_t packages[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    tj_plan *plan = driven();
    tj_batch batch;
    int32_t part[2], rows = 0, years = 2006 - 2002 + 1;
    tj_batch_parts(plan, part);
    CU_ASSERT_EQUAL_FATAL(tj_batch_init(&batch, plan, 9), TJ_OK);
    tj_batch_sort(&batch, plan, part, 0, packages, 9);
    CU_ASSERT_EQUAL_FATAL(batch.n_fleets, 2);
    for (int f = 0; f < 2; f++)
        for (int i = 0; i < 9; i++) {
            int32_t first = expected[f][i];
            CU_ASSERT_EQUAL(batch.fleet_first[2 * i + f], first);
            CU_ASSERT_EQUAL(batch.use_at[2 * i + f], first == i ? rows : batch.use_at[2 * first + f]);
            rows += first == i ? years * (f == 0 ? 2 : 1) : 0;
        }
    CU_ASSERT_EQUAL(batch.n_uses, rows);
    tj_batch_free(&batch);
    tj_plan_free(plan);
}

/* ---- the bits ---- */

typedef struct seen {
    const tj_plan *plan;
    double *values; /* of the unit that is looked for, all fields */
    int32_t background, package;
} seen;

enum { DRAWS = 60 };

static tj_status take(void *context, const tj_unit_result *unit)
{
    seen *s = context;
    size_t length = 0;
    if (unit->background != s->background || unit->package != s->package)
        return TJ_OK;
    for (int f = 0; f < TJ_FIELDS; f++)
        length += tj_field_length(s->plan, (tj_field_id)f, DRAWS);
    double *next = s->values = malloc(length * sizeof *next);
    for (int f = 0; f < TJ_FIELDS; f++) {
        memcpy(next, unit->field[f], tj_field_length(s->plan, (tj_field_id)f, DRAWS) * sizeof *next);
        next += tj_field_length(s->plan, (tj_field_id)f, DRAWS);
    }
    s->values = next - length;
    return TJ_OK;
}

static tj_status run(const tj_plan *plan, seen *s, const int32_t *only)
{
    tj_run run = {.plan = plan,
                  .backend = &tj_backend_lanes,
                  .draws = DRAWS,
                  .threads = 1,
                  .block = 32,
                  .outputs = TJ_OUTPUTS_ALL,
                  .packages = only,
                  .n_packages = only != NULL,
                  .unit = take,
                  .context = s};
    tj_run_report report;
    return tj_ensemble_run(&run, &report);
}

/* A package by itself finds nothing of another in the cells but the reference; among all it does. */
static void a_package_has_its_bits_in_any_company(void)
{
    int compared = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        tj_plan *plan = tj_random_plan(&(tj_random_shape){.seed = seed});
        const tj_plan_settings *settings = tj_plan_get_settings(plan);
        for (int32_t p = 0; p < settings->n_packages; p++) {
            seen alone = {.plan = plan, .background = settings->n_backgrounds - 1, .package = p}, all = alone;
            tj_status one = run(plan, &alone, &p), many = run(plan, &all, NULL);
            if (one == TJ_OK && many == TJ_OK) {
                size_t length = 0;
                for (int f = 0; f < TJ_FIELDS; f++)
                    length += tj_field_length(plan, (tj_field_id)f, DRAWS);
                CU_ASSERT(memcmp(alone.values, all.values, length * sizeof(double)) == 0);
                compared++;
            }
            free(alone.values);
            free(all.values);
        }
        tj_plan_free(plan);
    }
    CU_ASSERT(compared >= 20);
}

int main(void)
{
    static const tj_test tests[] = {
        {"cells are alike where the effects in force on them are", cells_are_alike_where_effects_are},
        {"cells that exchange something make one part", cells_that_exchange_make_one_part},
        {"a part is computed once for all who have it", a_part_is_computed_once_for_all_who_have_it},
        {"a stock is computed once for all who have it", a_stock_is_computed_once_for_all_who_have_it},
        {"a package has its bits in any company", a_package_has_its_bits_in_any_company},
    };
    return TJ_RUN("batch", tests);
}
