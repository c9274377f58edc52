/* Error against the number of draws, for each design: tj_convergence [STUDY PACKAGE CITY YEAR TARGET [SEEDS]].
 *
 * Without a study it looks at a function of five uniforms whose mean is 1, (1/2 + u_1) ... (1/2 + u_5).
 *
 * With a study it runs one package (and the reference) under the first background. Either is done with many
 * seeds, and gives tables for docs/uncertainty.md: the root mean square distance, over the seeds, from the mean of all runs with the most
 * draws, and beside it the error that the runs themselves state. */
#include "engine/design.h"
#include "engine/ensemble.h"
#include "engine/quantile.h"
#include "io/readers/study_reader.h"
#include "scenarios/compile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZES = 5, SEEDS_MOST = 256 };
static const size_t sizes[SIZES] = {64, 256, 1024, 4096, 16384};

/* What is looked at: the median of the city's total, the probability of its target, and the mean of what the
 * city avoids against the reference. */
enum { MEDIAN, PROBABILITY, AVOIDED, WATCHED };
static const char *const titles[WATCHED] = {"median of the total", "probability of the target",
                                            "mean avoided"};
static const double shown_in[WATCHED] = {1e3, 0.01, 1e3};
static const char *const units[WATCHED] = {"kt", "points", "kt"};

typedef struct watch {
    const tj_plan *plan;
    size_t year_row, target;
    int32_t package;
    double value[WATCHED], se[WATCHED];
} watch;

typedef struct table {
    double value[TJ_DESIGNS][SIZES][SEEDS_MOST][WATCHED], se[TJ_DESIGNS][SIZES][SEEDS_MOST][WATCHED];
} table;

static tj_status take(void *context, const tj_unit_result *result)
{
    watch *w = context;
    size_t nq = (size_t)tj_plan_get_settings(w->plan)->n_quantiles, mid = 0;
    const double *p = tj_plan_section(w->plan, TJ_SECTION_QUANTILES, NULL);
    if (result->package != w->package)
        return TJ_OK;
    while (p[mid] != 0.5)
        mid++;
    w->value[MEDIAN] = result->field[TJ_FIELD_TOTAL_QUANTILE][w->year_row * nq + mid];
    w->se[MEDIAN] = result->field[TJ_FIELD_TOTAL_QUANTILE_SE][w->year_row * nq + mid];
    w->value[PROBABILITY] = result->field[TJ_FIELD_TARGET_PROBABILITY][w->target];
    w->se[PROBABILITY] = result->field[TJ_FIELD_TARGET_PROBABILITY_SE][w->target];
    w->value[AVOIDED] = result->field[TJ_FIELD_AVOIDED_MEAN][w->year_row];
    w->se[AVOIDED] = result->field[TJ_FIELD_AVOIDED_MEAN_SE][w->year_row];
    return TJ_OK;
}

static void give_up(const char *why, const char *name)
{
    fprintf(stderr, "convergence: %s '%s'\n", why, name);
    exit(1);
}

/* Finds the names in the compiled study. */
static watch watch_of(const tj_study *study, const tj_compiled *compiled, char **names)
{
    const tj_plan_settings *s = tj_plan_get_settings(compiled->plan);
    watch w = {.plan = compiled->plan, .package = TJ_NONE, .target = SIZE_MAX};
    int32_t city = TJ_NONE;
    for (int32_t p = 0; p < s->n_packages; p++)
        if (strcmp(study->packages[compiled->packages[p]].id.text, names[0]) == 0)
            w.package = p;
    for (int32_t c = 0; c < s->n_cities; c++)
        if (strcmp(study->cities[compiled->cities[c]].id.text, names[1]) == 0)
            city = c;
    for (size_t t = 0; t < (size_t)s->n_targets; t++)
        if (strcmp(compiled->targets[t].id, names[3]) == 0)
            w.target = t;
    int year = atoi(names[2]) - s->first_year;
    if (w.package < 0)
        give_up("no package", names[0]);
    if (city < 0)
        give_up("no city", names[1]);
    if (w.target == SIZE_MAX)
        give_up("no target", names[3]);
    if (year < 0 || year >= s->n_years)
        give_up("no year", names[2]);
    w.year_row = (size_t)city * (size_t)s->n_years + (size_t)year;
    return w;
}

/* One run of the study as it stands. */
static watch run_once(tj_study *study, size_t draws, int design, int64_t seed, char **names)
{
    const tj_mark here = {.file = "convergence"};
    study->draws = (tj_integer){(int64_t)draws, here};
    study->seed = (tj_seed){(uint64_t)seed, here};
    study->design = (tj_name){tj_designs[design].name, here};
    study->backgrounds_used.count = study->backgrounds_used.count > 0;
    tj_diags diags;
    tj_compiled compiled;
    tj_diags_init(&diags);
    if (tj_compile(study, &diags, &compiled) != TJ_OK)
        give_up("does not compile:", "STUDY");
    watch w = watch_of(study, &compiled, names);
    int32_t packages[2] = {tj_plan_get_settings(compiled.plan)->reference_package, w.package};
    tj_run run = {.plan = compiled.plan,
                  .backend = tj_backends[0],
                  .draws = draws,
                  .packages = packages,
                  .n_packages = 2,
                  .unit = take,
                  .context = &w};
    tj_run_report report;
    if (packages[0] >= packages[1] || tj_ensemble_run(&run, &report) != TJ_OK)
        give_up("does not run:", names[0]);
    tj_compiled_free(&compiled);
    tj_diags_free(&diags);
    return w;
}

static void fill(table *t, tj_study *study, int seeds, char **names)
{
    for (int design = 0; design < TJ_DESIGNS; design++)
        for (int n = 0; n < SIZES; n++)
            for (int seed = 0; seed < seeds; seed++) {
                watch w = run_once(study, sizes[n], design, seed + 1, names);
                memcpy(t->value[design][n][seed], w.value, sizeof w.value);
                memcpy(t->se[design][n][seed], w.se, sizeof w.se);
            }
}

/* Mean over the designs and seeds with the most draws. */
static double best(const table *t, int seeds, int what)
{
    double sum = 0;
    for (int design = 0; design < TJ_DESIGNS; design++)
        for (int seed = 0; seed < seeds; seed++)
            sum += t->value[design][SIZES - 1][seed][what];
    return sum / (TJ_DESIGNS * seeds);
}

static void print_heading(void)
{
    printf("| draws |");
    for (int design = 0; design < TJ_DESIGNS; design++)
        printf(" %s |", tj_designs[design].name);
    printf("\n|---|---|---|---|\n");
}

static void print_row(const table *t, int n, int seeds, int what, double truth)
{
    printf("| %zu |", sizes[n]);
    for (int design = 0; design < TJ_DESIGNS; design++) {
        double squares = 0, stated = 0;
        for (int seed = 0; seed < seeds; seed++) {
            double off = t->value[design][n][seed][what] - truth;
            squares += off * off;
            stated += t->se[design][n][seed][what] * t->se[design][n][seed][what];
        }
        printf(" %.3g (%.3g) |", sqrt(squares / seeds) / shown_in[what],
               sqrt(stated / seeds) / shown_in[what]);
    }
    putchar('\n');
}

/* ---- a function without noise ---- */

enum { UNIFORMS = 5, FUNCTION_SEEDS = 200 };

static double product(double u[UNIFORMS][16384], size_t i)
{
    double value = 1;
    for (int k = 0; k < UNIFORMS; k++)
        value *= 0.5 + u[k][i];
    return value;
}

/* Error and stated error of the mean of n draws. */
static void print_function_cell(int design, size_t n)
{
    static const double median[] = {0.5};
    static double u[UNIFORMS][16384];
    double squares = 0, stated = 0;
    tj_ranks ranks;
    tj_summary summary;
    if (tj_ranks_init(&ranks, n, 1, median) != TJ_OK ||
        (tj_designs[design].replicates > 1 &&
         tj_ranks_replicate(&ranks, tj_designs[design].replicates) != TJ_OK))
        give_up("no memory for", "ranks");
    for (uint64_t seed = 1; seed <= FUNCTION_SEEDS; seed++) {
        for (size_t k = 0; k < UNIFORMS; k++) {
            tj_column_at at = {.seed = seed, .stream = 70 + k, .dimension = k};
            tj_designs[design].column(&at, n, u[k]);
        }
        for (size_t i = 0; i < n; i++)
            u[0][i] = product(u, i);
        tj_mean_of(&ranks, u[0], &summary);
        squares += (summary.mean - 1) * (summary.mean - 1);
        stated += summary.mean_se * summary.mean_se;
    }
    tj_ranks_free(&ranks);
    printf(" %.2g (%.2g) |", sqrt(squares / FUNCTION_SEEDS), sqrt(stated / FUNCTION_SEEDS));
}

static void print_function(void)
{
    print_heading();
    for (int n = 0; n < SIZES; n++) {
        printf("| %zu |", sizes[n]);
        for (int design = 0; design < TJ_DESIGNS; design++)
            print_function_cell(design, sizes[n]);
        putchar('\n');
    }
}

/* ---- a study ---- */

static void print_study(const char *path, int seeds, char **names)
{
    tj_diags diags;
    tj_study study;
    tj_diags_init(&diags);
    table *t = calloc(1, sizeof *t);
    if (t == NULL || tj_study_read(path, &diags, &study) != TJ_OK)
        give_up("cannot be read:", path);
    fill(t, &study, seeds, names);
    for (int what = 0; what < WATCHED; what++) {
        double truth = best(t, seeds, what);
        printf("\n%s: %.4g %s\n\n", titles[what], truth / shown_in[what], units[what]);
        print_heading();
        for (int n = 0; n < SIZES; n++)
            print_row(t, n, seeds, what, truth);
    }
    free(t);
    tj_study_free(&study);
    tj_diags_free(&diags);
}

int main(int argc, char **argv)
{
    int seeds = argc > 6 ? atoi(argv[6]) : 20;
    if ((argc > 1 && argc < 6) || seeds < 1 || seeds > SEEDS_MOST) {
        fprintf(stderr, "usage: tj_convergence [STUDY PACKAGE CITY YEAR TARGET [SEEDS]]\n");
        return 2;
    }
    if (argc == 1)
        print_function();
    else
        print_study(argv[1], seeds, argv + 2);
    return 0;
}
