/* trajekt fit: how long units live, learned from counts of a fleet. Reads a table of counts, fits each technology and
 * says how far to trust it. */
#include "engine/threefry.h"
#include "io/cli/load.h"
#include "io/cli/options.h"
#include "io/readers/read_counts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_TECHNOLOGY = TJ_OPT_OWN, OPT_RESIDUALS };
enum { RESAMPLES = 200, SEED = 1, MOST_TECHNOLOGIES = 256 };

typedef struct fit_options {
    tj_common common;
    tj_name_list technologies;
    int residuals;
} fit_options;

/* ---- sheets ---- */

static const tj_sheet_column summary_columns[] = {
    {"technology", NULL, 0, 0},
    {"lambda", NULL, 1, 3},
    {"lambda_error", NULL, 1, 3},
    {"lambda_bootstrap", NULL, 1, 3},
    {"beta", NULL, 1, 3},
    {"beta_error", NULL, 1, 3},
    {"beta_bootstrap", NULL, 1, 3},
    {"rms_log_error", NULL, 1, 4},
    {"r2", NULL, 1, 4},
    {"data", NULL, 1, 0},
    {"ages", NULL, 1, 0},
    {"verdict", NULL, 0, 0},
};
static const tj_sheet_column point_columns[] = {
    {"technology", NULL, 0, 0}, {"kind", NULL, 0, 0},   {"year", NULL, 1, 0},   {"age", NULL, 1, 0},
    {"observed", NULL, 1, 2},   {"fitted", NULL, 1, 2}, {"weight", NULL, 1, 3}, {"log_error", NULL, 1, 4},
};
static const tj_sheet_column year_columns[] = {
    {"year", "Year", 1, 0},      {"counted", NULL, 1, 0}, {"fitted", NULL, 1, 0},
    {"error", "error, %", 1, 2}, {"ages", NULL, 1, 0},    {"age_error", "their error, %", 1, 2},
};
#define SHEET_INIT(sheet, columns) tj_sheet_init((sheet), (columns), sizeof(columns) / sizeof((columns)[0]))

static double percent_of(double log_error)
{
    return 100 * (exp(log_error) - 1);
}

static void put_summary(tj_sheet *sheet, const char *technology, const tj_fit *fit)
{
    char verdict[256];
    const double numbers[] = {fit->lambda,           fit->error[0],      fit->bootstrap[0], fit->beta,
                              fit->error[1],         fit->bootstrap[1],  fit->rms,          fit->r2,
                              (double)fit->n_points, (double)fit->n_ages};
    tj_sheet_text(sheet, technology);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        tj_sheet_number(sheet, numbers[i]);
    tj_fit_say(fit, verdict, sizeof verdict);
    tj_sheet_text(sheet, verdict);
}

static void put_points(tj_sheet *sheet, const char *technology, const tj_fit *fit)
{
    for (size_t i = 0; i < fit->n_points; i++) {
        const tj_fit_point *point = &fit->points[i];
        tj_sheet_text(sheet, technology);
        tj_sheet_text(sheet, tj_fit_kind_words[point->kind].name);
        tj_sheet_number(sheet, point->year);
        tj_sheet_number(sheet, point->kind == TJ_FIT_AGE ? point->age : NAN);
        tj_sheet_number(sheet, point->observed);
        tj_sheet_number(sheet, point->fitted);
        tj_sheet_number(sheet, point->weight);
        tj_sheet_number(sheet, point->residual);
    }
}

/* One year: the count and the fit, and how far off its ages are together. */
static void put_year(tj_sheet *sheet, const tj_fit *fit, int year)
{
    double counted = NAN, fitted = NAN, error = NAN, squares = 0.0, weights = 0.0;
    size_t ages = 0;
    for (size_t i = 0; i < fit->n_points; i++) {
        const tj_fit_point *point = &fit->points[i];
        if (point->year != year)
            continue;
        if (point->kind == TJ_FIT_COUNT) {
            counted = point->observed;
            fitted = point->fitted;
            error = percent_of(point->residual);
        } else {
            ages++;
            squares += point->weight * point->residual * point->residual;
            weights += point->weight;
        }
    }
    const double numbers[] = {year,
                              counted,
                              fitted,
                              error,
                              ages > 0 ? (double)ages : NAN,
                              ages > 0 ? percent_of(sqrt(squares / weights)) : NAN};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers && !(isnan(counted) && ages == 0); i++)
        tj_sheet_number(sheet, numbers[i]);
}

static void put_years(tj_sheet *sheet, const tj_fit *fit)
{
    int first = fit->points[0].year, last = first;
    for (size_t i = 0; i < fit->n_points; i++) {
        first = fit->points[i].year < first ? fit->points[i].year : first;
        last = fit->points[i].year > last ? fit->points[i].year : last;
    }
    for (int year = first; year <= last; year++)
        put_year(sheet, fit, year);
}

/* ---- output ---- */

static void say_count(FILE *out, size_t count, const char *one, const char *many)
{
    if (count > 0)
        fprintf(out, "  Left out: %zu %s.\n", count, count == 1 ? one : many);
}

/* What was assumed and what was not used. */
static void say_notes(FILE *out, const tj_fit *fit)
{
    if (fit->start > 0)
        fprintf(out, "  The fleet starts from its ages of %d.\n", fit->start);
    else if (fit->assumed > 0)
        fprintf(out,
                "  Assumed: before %d as many were sold each year as in its first %d years, %.6g; ages of an "
                "early "
                "year would do better.\n",
                fit->first_sold, fit->averaged, fit->assumed);
    else
        fprintf(out, "  The fleet starts from nothing before %d, when none were sold.\n", fit->first_sold);
    if (fit->filled > 0)
        fprintf(out, "  Sales of %zu year%s lie on a straight line between their neighbours.\n", fit->filled,
                fit->filled == 1 ? "" : "s");
    say_count(out, fit->early, "count of a year up to the start", "counts of years up to the start");
    say_count(out, fit->late, "count after the last sales", "counts after the last sales");
    say_count(out, fit->unknown, "age whose sales are not known", "ages whose sales are not known");
    say_count(out, fit->zeros, "count or age of 0, which has no logarithm",
              "counts or ages of 0, which have no logarithm");
}

static void print_number(const char *name, const char *unit, double value, double error, double bootstrap)
{
    printf("  %s %.4g%s", name, value, unit);
    if (!isnan(error))
        printf(" ± %.2g (by resampling ± %.2g)", error, bootstrap);
    printf("\n");
}

static tj_status print_fit(const char *technology, const tj_fit *fit)
{
    char verdict[256];
    tj_sheet sheet;
    tj_fit_say(fit, verdict, sizeof verdict);
    printf("%s: %s\n", technology, verdict);
    print_number("lambda", " year", fit->lambda, fit->error[0], fit->bootstrap[0]);
    print_number("beta", "", fit->beta, fit->error[1], fit->bootstrap[1]);
    printf("  %zu data, %zu of them ages; root mean square log error %.4f", fit->n_points, fit->n_ages,
           fit->rms);
    printf(isnan(fit->r2) ? "\n" : ", R² %.4f\n", fit->r2);
    say_notes(stdout, fit);
    if (fit->verdict == TJ_FIT_GOOD || fit->verdict == TJ_FIT_POOR)
        printf("\n    life: {lambda: %.4g year, beta: %.4g}\n", fit->lambda, fit->beta);
    printf("\n");
    SHEET_INIT(&sheet, year_columns);
    put_years(&sheet, fit);
    if (!sheet.memory_short)
        tj_sheet_print(&sheet, stdout, 2);
    tj_status status = sheet.memory_short ? TJ_ERR_MEMORY : TJ_OK;
    tj_sheet_free(&sheet);
    printf("\n");
    return status;
}

/* ---- the command ---- */

static tj_status fit_rows(const tj_counts_row *rows, size_t count, tj_fit *fit)
{
    char name[512];
    tj_fit_row *bare = calloc(count, sizeof *bare);
    snprintf(name, sizeof name, "fit@%s", rows[0].technology.text);
    tj_fit_options options = {RESAMPLES, SEED, tj_stream(name)};
    *fit = (tj_fit){0};
    if (bare == NULL)
        return TJ_ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        bare[i] =
            (tj_fit_row){rows[i].kind, rows[i].year.value, (int)rows[i].age.value, rows[i].value.dist.p[0]};
    tj_status status = tj_fit_run(bare, count, &options, fit);
    free(bare);
    return status;
}

/* One technology: fitted, and shown or added to the sheet. */
static tj_exit fit_one(const fit_options *o, const tj_counts_row *rows, size_t count, tj_sheet *sheet)
{
    const char *technology = rows[0].technology.text;
    char text[512];
    tj_fit fit;
    tj_status status = fit_rows(rows, count, &fit);
    tj_exit code = tj_exit_of(status);
    int table = strcmp(o->common.format->name, "table") == 0;
    if (status == TJ_ERR_UNDEFINED) {
        tj_fit_say(&fit, text, sizeof text);
        tj_fail(code, "%s: %s", technology, text);
    } else if (status == TJ_OK && o->residuals) {
        put_points(sheet, technology, &fit);
    } else if (status == TJ_OK && table) {
        code = tj_exit_of(print_fit(technology, &fit));
    } else if (status == TJ_OK) {
        put_summary(sheet, technology, &fit);
        fprintf(stderr, "%s:\n", technology);
        say_notes(stderr, &fit);
    }
    tj_fit_free(&fit);
    return code;
}

static int is_wanted(const fit_options *o, const char *technology)
{
    for (size_t i = 0; i < o->technologies.count; i++)
        if (strcmp(o->technologies.names[i], technology) == 0)
            return 1;
    return o->technologies.count == 0;
}

/* Rows from `i` on that are of the same technology. */
static size_t rows_alike(const tj_counts *counts, size_t i)
{
    size_t n = 1;
    while (i + n < counts->count &&
           strcmp(counts->items[i + n].technology.text, counts->items[i].technology.text) == 0)
        n++;
    return n;
}

static tj_exit check_names(const fit_options *o, const tj_counts *counts)
{
    const char *names[MOST_TECHNOLOGIES];
    size_t n = 0;
    for (size_t i = 0; i < counts->count && n < MOST_TECHNOLOGIES; i += rows_alike(counts, i))
        names[n++] = counts->items[i].technology.text;
    for (size_t k = 0; k < o->technologies.count; k++) {
        size_t at = 0;
        while (at < counts->count && strcmp(counts->items[at].technology.text, o->technologies.names[k]) != 0)
            at++;
        if (at == counts->count)
            return tj_fail_unknown("technology", o->technologies.names[k], names, n);
    }
    return TJ_EXIT_OK;
}

/* Every technology is tried; the worst that happened is the exit code. */
static tj_exit fit_all(const fit_options *o, const tj_counts *counts)
{
    tj_sheet sheet;
    tj_exit code = TJ_EXIT_OK;
    if (o->residuals)
        SHEET_INIT(&sheet, point_columns);
    else
        SHEET_INIT(&sheet, summary_columns);
    for (size_t i = 0, n; i < counts->count; i += n) {
        n = rows_alike(counts, i);
        if (!is_wanted(o, counts->items[i].technology.text))
            continue;
        tj_exit one = fit_one(o, &counts->items[i], n, &sheet);
        code = one > code ? one : code;
    }
    if (o->residuals || strcmp(o->common.format->name, "table") != 0) {
        tj_exit written = tj_exit_of(o->common.format->write(&sheet, stdout));
        code = written > code ? written : code;
    }
    tj_sheet_free(&sheet);
    return code;
}

static tj_exit fit_file(const fit_options *o)
{
    tj_loaded loaded;
    tj_counts counts;
    tj_loaded_init(&loaded);
    tj_status status = tj_counts_read(o->common.path, &loaded.diags, &counts);
    tj_loaded_say(&loaded, TJ_WARNING);
    tj_exit code = tj_exit_of(status);
    if (status == TJ_ERR_MEMORY)
        tj_fail(code, "memory ran out while %s was read", o->common.path);
    if (status == TJ_OK && counts.count == 0)
        code = tj_fail(TJ_EXIT_STUDY, "%s holds no counts", o->common.path);
    if (code == TJ_EXIT_OK)
        code = check_names(o, &counts);
    if (code == TJ_EXIT_OK)
        code = fit_all(o, &counts);
    tj_counts_free(&counts);
    tj_loaded_free(&loaded);
    return code;
}

static const struct argp_option options[] = {
    {"technology", OPT_TECHNOLOGY, "NAME", 0, "fit these only, separated by commas", 0},
    {"residuals", OPT_RESIDUALS, NULL, 0, "each datum and what the fit says of it, instead of the summary",
     0},
    {"format", TJ_OPT_FORMAT, "FORMAT", 0, "table (default), csv or json", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    fit_options *o = state->input;
    switch (key) {
    case OPT_TECHNOLOGY:
        tj_option_names(state, argument, &o->technologies);
        return 0;
    case OPT_RESIDUALS:
        o->residuals = 1;
        return 0;
    default:
        return tj_common_parse(&o->common, key, argument, state);
    }
}

static tj_exit run(int argc, char **argv)
{
    const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "COUNTS.csv",
        .doc = "Finds the Weibull survival exp(-(age/lambda)^beta) of each technology that explains counts "
               "of its fleet "
               "best, says how well it does, and prints the line to paste into technologies.yaml.\v"
               "Example:\n  trajekt fit cars.csv --technology car-petrol\n\n"
               "Columns: technology, kind (count: units at the end of a year; sold: units sold in it; age: "
               "units of "
               "an age at its end), year, age, value, unit, source. Years may be missing."};
    fit_options o = {.common = TJ_COMMON("which counts? give the file, e.g. cars.csv")};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    return fit_file(&o);
}

const tj_command tj_cmd_fit = {"fit", "COUNTS.csv", "learns how long units live from counts of a fleet", run};
