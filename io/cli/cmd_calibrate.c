/* trajekt calibrate: growth and noise of every sector, learned from the histories of other places. */
#include "io/cli/load.h"
#include "io/cli/options.h"
#include "io/cli/out_file.h"
#include "scenarios/calibrate_table.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct calibrate_options {
    tj_common common;
    const char *output;
} calibrate_options;

static const tj_sheet_column columns[] = {
    {"city", "City", 0, 0},      {"sector", "Sector", 0, 0}, {"growth", NULL, 1, 4},
    {"growth_sd", "± sd", 1, 4}, {"delta", NULL, 1, 2},      {"rho", NULL, 1, 2},
    {"sigma", NULL, 1, 3},       {"shock", NULL, 1, 3},      {"observations", "changes", 1, 0},
    {"places", NULL, 1, 0},      {"source", NULL, 0, 0},
};

/* Six significant digits: more is not known, and the file stays readable. */
static double rounded(double x)
{
    char text[64];
    snprintf(text, sizeof text, "%.6g", x);
    return strtod(text, NULL);
}

static void fill(tj_sheet *sheet, const tj_calibrated_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        const tj_calibrated *row = &table->rows[i];
        const double numbers[] = {row->trend.growth, row->trend.growth_sd, row->trend.delta,
                                  row->trend.rho,    row->trend.sigma,     row->trend.shock};
        tj_sheet_text(sheet, row->city);
        tj_sheet_text(sheet, row->sector);
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            tj_sheet_number(sheet, rounded(numbers[k]));
        tj_sheet_number(sheet, (double)row->observations);
        tj_sheet_number(sheet, (double)row->places);
        tj_sheet_format(sheet, "trajekt calibrate: other places of %s up to %d", row->lender, row->last);
    }
}

static tj_exit write_table(const calibrate_options *o, const tj_calibrated_table *table)
{
    tj_sheet sheet;
    tj_sheet_init(&sheet, columns, sizeof columns / sizeof columns[0]);
    fill(&sheet, table);
    tj_exit code =
        o->output != NULL
            ? tj_out_file(o->output, tj_format_find("csv"), &sheet,
                          "# Made by `trajekt calibrate`; meaning and method: docs/calibration.md\n")
            : tj_exit_of(o->common.format->write(&sheet, stdout));
    tj_sheet_free(&sheet);
    return code;
}

static tj_exit calibrate_study(const calibrate_options *o)
{
    tj_loaded loaded;
    tj_calibrated_table table = {0};
    tj_loaded_init(&loaded);
    tj_exit code = tj_loaded_read(&loaded, o->common.path);
    tj_loaded_say(&loaded, TJ_WARNING);
    if (code == TJ_EXIT_OK)
        code = tj_exit_of(tj_calibrate_study(&loaded.study, &table));
    if (code == TJ_EXIT_OK && table.poor != NULL && table.count > 0)
        fprintf(stderr, "Left out: %s, with fewer than %d other places of 3 years, or no national series.\n",
                table.poor, TJ_FEWEST_PLACES);
    if (code == TJ_EXIT_OK && table.count == 0)
        code = tj_fail(TJ_EXIT_STUDY,
                       "%s has too few histories: a country needs at least %d other places with 3 years",
                       o->common.path, TJ_FEWEST_PLACES);
    if (code == TJ_EXIT_OK)
        code = write_table(o, &table);
    tj_calibrated_free(&table);
    tj_loaded_free(&loaded);
    return code;
}

static const struct argp_option options[] = {
    {"output", 'o', "FILE", 0, "write the rows to FILE, e.g. STUDY/trend.csv, where the study takes them up",
     0},
    {"format", TJ_OPT_FORMAT, "FORMAT", 0, "on the screen: table (default), csv or json", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    calibrate_options *o = state->input;
    switch (key) {
    case 'o':
        o->output = argument;
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
        .args_doc = "STUDY",
        .doc = "Estimates growth and noise of every sector of every city (with memory: noise) from its "
               "history and from the other places of its country (cities and pool).\v"
               "Examples:\n"
               "  trajekt calibrate my-study\n"
               "  trajekt calibrate my-study -o my-study/trend.csv\n\n"
               "growth: yearly change of the logarithm, with its standard deviation; sigma and rho: the "
               "city's own yearly noise and its persistence; shock: noise that all places of the country "
               "share."};
    calibrate_options o = {.common = TJ_COMMON(TJ_WHICH_STUDY)};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    return calibrate_study(&o);
}

const tj_command tj_cmd_calibrate = {"calibrate", "STUDY",
                                     "learns growth and noise from the histories of other places", run};
