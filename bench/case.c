/* Reading and preparing the study that is measured; see case.h. */
#include "bench/case.h"

#include "engine/base.h"
#include "io/readers/study_reader.h"

#include <stdio.h>

static void say(bench_case *bench)
{
    tj_diags_sort(&bench->diags);
    for (size_t i = 0; i < bench->diags.count; i++) {
        char line[1024];
        tj_diag_format(&bench->diags.items[i], line, sizeof line);
        if (bench->diags.items[i].severity == TJ_ERROR)
            fprintf(stderr, "%s\n", line);
    }
}

/* Operations that the equations ask for on one draw: products, sums, and no comparison. */
static double effect_operations(const tj_plan_effect *effect)
{
    static const double each[TJ_OPS] = {
        [TJ_OP_SCALE] = 3, [TJ_OP_SHIFT] = 7, [TJ_OP_TOWARD] = 6,
        [TJ_OP_ADD] = 2,   [TJ_OP_CAP] = 4,   [TJ_OP_FLOOR] = 4,
    };
    return each[effect->op];
}

/* One year of a cell without measures: base * ratio * (activity * intensity), and into the total. */
static double cell_operations(const tj_plan_cell *cell)
{
    if (cell->method == TJ_METHOD_SINK)
        return 2;
    return cell->method == TJ_METHOD_TREND ? 4 : 4 + 2 * cell->n_carriers;
}

/* Counts what one city under one (background, package) takes. */
static void count_city(bench_case *bench, int32_t package, int32_t city)
{
    const tj_plan_settings *s = tj_plan_get_settings(bench->plan);
    const tj_plan_city *c = tj_plan_get_city(bench->plan, city);
    const tj_plan_effect *effects = tj_plan_section(bench->plan, TJ_SECTION_EFFECTS, NULL);
    tj_plan_slice slice = tj_plan_get_slice(bench->plan, package, city);
    double n = (double)bench->draws.count;
    for (int32_t y = c->last_inventory + 1; y < s->n_years; y++) {
        bench->units += bench->draws.count;
        for (int32_t k = 0; k < c->cells_count; k++) {
            bench->operations += n * cell_operations(tj_plan_get_cell(bench->plan, c->cells_first + k));
            bench->bytes += n * 3 * sizeof(double); /* base in, cell out, cell into the total */
        }
        bench->bytes += n * sizeof(double); /* the total out */
        for (int32_t e = slice.first; e < slice.first + slice.count; e++) {
            if (tj_plan_numbers(bench->plan, effects[e].ramp)[y] != 0)
                bench->operations += n * effect_operations(&effects[e]);
        }
    }
}

static void count(bench_case *bench)
{
    const tj_plan_settings *s = tj_plan_get_settings(bench->plan);
    for (int32_t p = 0; p < s->n_packages; p++)
        for (int32_t c = 0; c < s->n_cities; c++)
            count_city(bench, p, c);
    bench->units *= (size_t)s->n_backgrounds;
    bench->operations *= s->n_backgrounds;
    bench->bytes *= s->n_backgrounds;
}

int bench_case_open(bench_case *bench, const char *study, size_t draws)
{
    *bench = (bench_case){0};
    tj_diags_init(&bench->diags);
    tj_study_init(&bench->study);
    tj_status status = tj_study_read(study, &bench->diags, &bench->study);
    if (status == TJ_OK)
        status = tj_compile(&bench->study, &bench->diags, &bench->compiled);
    if (status != TJ_OK) {
        say(bench);
        return 0;
    }
    bench->plan = bench->compiled.plan;
    if (draws == 0)
        draws = (size_t)tj_plan_get_settings(bench->plan)->draws;
    status = tj_draws_init(&bench->draws, bench->plan, draws, 0);
    if (status == TJ_OK)
        status = tj_base_prepare(bench->plan, &bench->draws, 0, &bench->prepared);
    if (status != TJ_OK) {
        fprintf(stderr, "the study could not be prepared\n");
        return 0;
    }
    count(bench);
    return 1;
}

void bench_case_close(bench_case *bench)
{
    tj_base_free(bench->prepared);
    tj_draws_free(&bench->draws);
    tj_compiled_free(&bench->compiled);
    tj_study_free(&bench->study);
    tj_diags_free(&bench->diags);
}
