/* trajekt hindcast: how good would the forecasts have been? Hides the years after each origin, calibrates on
 * what was known then, projects, and scores what happened beside plain forecasts. */
#include "io/cli/load.h"
#include "io/cli/options.h"
#include "io/cli/out_file.h"
#include "io/cli/words.h"
#include "scenarios/hindcast.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { OPT_ORIGINS = TJ_OPT_OWN, OPT_CSV, OPT_DRAWS, OPT_SEED };
enum { MOST_DRAWS = 1000000, DRAWS = 1000 };

typedef struct hindcast_options {
    tj_common common;
    const char *csv;
    int origins[TJ_MOST_NAMES];
    tj_hindcast_options run;
} hindcast_options;

/* ---- sheets ---- */

static const tj_sheet_column all_columns[] = {
    {"origin", NULL, 1, 0},    {"horizon", NULL, 1, 0},    {"forecast", NULL, 0, 0},
    {"count", NULL, 1, 0},     {"mean_error", NULL, 1, 4}, {"median_error", NULL, 1, 4},
    {"bias", NULL, 1, 4},      {"crps", NULL, 1, 4},       {"cover50", NULL, 1, 3},
    {"cover90", NULL, 1, 3},   {"width50", NULL, 1, 3},    {"width90", NULL, 1, 3},
    {"pinball05", NULL, 1, 4}, {"pinball25", NULL, 1, 4},  {"pinball50", NULL, 1, 4},
    {"pinball75", NULL, 1, 4}, {"pinball95", NULL, 1, 4},  {"pit_0_10", NULL, 1, 3},
    {"pit_10_20", NULL, 1, 3}, {"pit_20_30", NULL, 1, 3},  {"pit_30_40", NULL, 1, 3},
    {"pit_40_50", NULL, 1, 3}, {"pit_50_60", NULL, 1, 3},  {"pit_60_70", NULL, 1, 3},
    {"pit_70_80", NULL, 1, 3}, {"pit_80_90", NULL, 1, 3},  {"pit_90_100", NULL, 1, 3},
};
static const tj_sheet_column main_columns[] = {
    {"origin", "Origin", 1, 0}, {"horizon", "ahead", 1, 0},    {"forecast", "Forecast", 0, 0},
    {"count", "n", 1, 0},       {"mean", "mean |e|", 1, 4},    {"median", "median", 1, 4},
    {"bias", "bias", 1, 4},     {"crps", "CRPS", 1, 4},        {"in50", "in 50 %", 1, 3},
    {"in90", "in 90 %", 1, 3},  {"width50", "width 50", 1, 3}, {"width90", "width 90", 1, 3},
};
static const tj_sheet_column pit_columns[] = {
    {"origin", "Origin", 1, 0}, {"pit0", "0-10", 1, 3}, {"pit1", "-20", 1, 3},    {"pit2", "-30", 1, 3},
    {"pit3", "-40", 1, 3},      {"pit4", "-50", 1, 3},  {"pit5", "-60", 1, 3},    {"pit6", "-70", 1, 3},
    {"pit7", "-80", 1, 3},      {"pit8", "-90", 1, 3},  {"pit9", "-100 %", 1, 3},
};
static const tj_sheet_column pinball_columns[] = {
    {"origin", "Origin", 1, 0}, {"forecast", "Forecast", 0, 0}, {"p05", "5 %", 1, 4},  {"p25", "25 %", 1, 4},
    {"p50", "50 %", 1, 4},      {"p75", "75 %", 1, 4},          {"p95", "95 %", 1, 4},
};
static const tj_sheet_column csv_columns[] = {
    {"municipality_code", NULL, 0, 0},
    {"origin", NULL, 1, 0},
    {"year", NULL, 1, 0},
    {"q05", NULL, 1, 0},
    {"q25", NULL, 1, 0},
    {"q50", NULL, 1, 0},
    {"q75", NULL, 1, 0},
    {"q95", NULL, 1, 0},
};
#define COLUMNS(columns) columns, sizeof(columns) / sizeof *(columns)

/* A word in the sheet's language, which is English where programs read it. */
static void word_cell(tj_sheet *sheet, const char *word)
{
    tj_sheet_text(sheet, tj_say_heading(word, sheet->language));
}

/* An origin or a number of years ahead; 0: all. */
static void years_cell(tj_sheet *sheet, int years)
{
    if (years == 0)
        word_cell(sheet, "all");
    else
        tj_sheet_format(sheet, "%d", years);
}

static void score_cells(tj_sheet *sheet, const tj_scores *s)
{
    const double scores[] = {(double)s->count, s->mean_error, s->median_error, s->bias,   s->crps,
                             s->cover50,       s->cover90,    s->width50,      s->width90};
    for (size_t i = 0; i < sizeof scores / sizeof *scores; i++)
        tj_sheet_number(sheet, scores[i]);
}

/* Calls row for each forecaster over an origin (0: all) and horizon (0: all) that has forecasts. */
typedef void (*score_row)(tj_sheet *sheet, int origin, int horizon, int forecaster, const tj_scores *scores);

static tj_status add_rows(tj_sheet *sheet, const tj_hindcast *hindcast, int origin, int horizon,
                          int forecasters, score_row row)
{
    tj_status status = TJ_OK;
    for (int f = 0; f < forecasters && status == TJ_OK; f++) {
        tj_scores scores;
        status = tj_hindcast_scores(hindcast, (tj_forecaster)f, origin, horizon, &scores);
        if (status == TJ_OK && scores.count > 0)
            row(sheet, origin, horizon, f, &scores);
    }
    return status;
}

static void main_row(tj_sheet *sheet, int origin, int horizon, int forecaster, const tj_scores *scores)
{
    years_cell(sheet, origin);
    years_cell(sheet, horizon);
    word_cell(sheet, tj_forecasters[forecaster].name);
    score_cells(sheet, scores);
}

static void all_row(tj_sheet *sheet, int origin, int horizon, int forecaster, const tj_scores *scores)
{
    main_row(sheet, origin, horizon, forecaster, scores);
    for (int k = 0; k < TJ_HINDCAST_LEVELS; k++)
        tj_sheet_number(sheet, scores->pinball[k]);
    for (int k = 0; k < TJ_HINDCAST_BINS; k++)
        tj_sheet_number(sheet, scores->pit[k]);
}

static void pit_row(tj_sheet *sheet, int origin, int horizon, int forecaster, const tj_scores *scores)
{
    (void)horizon;
    (void)forecaster;
    years_cell(sheet, origin);
    for (int k = 0; k < TJ_HINDCAST_BINS; k++)
        tj_sheet_number(sheet, scores->pit[k]);
}

static void pinball_row(tj_sheet *sheet, int origin, int horizon, int forecaster, const tj_scores *scores)
{
    (void)horizon;
    years_cell(sheet, origin);
    word_cell(sheet, tj_forecasters[forecaster].name);
    for (int k = 0; k < TJ_HINDCAST_LEVELS; k++)
        tj_sheet_number(sheet, scores->pinball[k]);
}

/* Each origin, then all of them where there are several. */
static tj_status add_origins(tj_sheet *sheet, const hindcast_options *o, const tj_hindcast *hindcast,
                             int forecasters, score_row row)
{
    tj_status status = TJ_OK;
    for (size_t i = 0; i < o->run.n_origins && status == TJ_OK; i++)
        status = add_rows(sheet, hindcast, o->origins[i], 0, forecasters, row);
    if (status == TJ_OK && o->run.n_origins > 1)
        status = add_rows(sheet, hindcast, 0, 0, forecasters, row);
    return status;
}

/* Each number of years ahead that any origin has, by origin. */
static tj_status add_horizons(tj_sheet *sheet, const hindcast_options *o, const tj_hindcast *hindcast,
                              int forecasters, score_row row)
{
    tj_status status = TJ_OK;
    int most = 0;
    for (size_t i = 0; i < hindcast->count; i++) {
        int ahead = hindcast->items[i].year - hindcast->items[i].origin;
        most = ahead > most ? ahead : most;
    }
    for (size_t i = 0; i < o->run.n_origins; i++)
        for (int horizon = 1; horizon <= most && status == TJ_OK; horizon++)
            status = add_rows(sheet, hindcast, o->origins[i], horizon, forecasters, row);
    return status;
}

/* ---- output ---- */

static tj_status print_sheet(tj_sheet *sheet, tj_phrase title, tj_status status)
{
    if (status == TJ_OK && !sheet->memory_short) {
        printf("%s\n\n", tj_say(title, sheet->language));
        tj_sheet_print(sheet, stdout, 0);
        printf("\n");
    }
    status = sheet->memory_short ? TJ_ERR_MEMORY : status;
    tj_sheet_free(sheet);
    return status;
}

/* A table for people: which rows it has, of how many forecasters. */
typedef struct page_table {
    tj_phrase title;
    const tj_sheet_column *columns;
    size_t n_columns;
    tj_status (*add)(tj_sheet *sheet, const hindcast_options *o, const tj_hindcast *hindcast, int forecasters,
                     score_row row);
    int forecasters;
    score_row row;
} page_table;

static const page_table page_tables[] = {
    {TJ_SAY_SCORES, COLUMNS(main_columns), add_origins, TJ_FORECASTERS, main_row},
    {TJ_SAY_SCORES_AHEAD, COLUMNS(main_columns), add_horizons, 1, main_row},
    {TJ_SAY_PINBALL, COLUMNS(pinball_columns), add_origins, TJ_FORECASTERS, pinball_row},
    {TJ_SAY_PLACES_HIT, COLUMNS(pit_columns), add_origins, 1, pit_row},
};

static tj_status print_tables(const hindcast_options *o, const tj_hindcast *hindcast)
{
    tj_status status = TJ_OK;
    for (size_t i = 0; i < sizeof page_tables / sizeof *page_tables && status == TJ_OK; i++) {
        const page_table *table = &page_tables[i];
        tj_sheet sheet;
        tj_sheet_init(&sheet, table->columns, table->n_columns);
        sheet.language = o->common.language;
        status = table->add(&sheet, o, hindcast, table->forecasters, table->row);
        status = print_sheet(&sheet, table->title, status);
    }
    return status;
}

/* One sheet of everything, for programs. */
static tj_status print_all(const hindcast_options *o, const tj_hindcast *hindcast)
{
    tj_sheet sheet;
    tj_sheet_init(&sheet, COLUMNS(all_columns));
    tj_status status = add_origins(&sheet, o, hindcast, TJ_FORECASTERS, all_row);
    if (status == TJ_OK)
        status = add_horizons(&sheet, o, hindcast, TJ_FORECASTERS, all_row);
    if (status == TJ_OK)
        status = o->common.format->write(&sheet, stdout);
    tj_sheet_free(&sheet);
    return status;
}

static void fill_csv(tj_sheet *sheet, const tj_hindcast *hindcast)
{
    for (size_t i = 0; i < hindcast->count; i++) {
        const tj_forecast *f = &hindcast->items[i];
        tj_sheet_text(sheet, f->code);
        tj_sheet_number(sheet, f->origin);
        tj_sheet_number(sheet, f->year);
        for (int k = 0; k < TJ_HINDCAST_LEVELS; k++)
            tj_sheet_number(sheet, exp(f->judged[TJ_FORECAST_ENGINE].quantile[k]));
    }
}

static tj_exit write_csv(const char *path, const tj_hindcast *hindcast)
{
    tj_sheet sheet;
    tj_sheet_init(&sheet, COLUMNS(csv_columns));
    fill_csv(&sheet, hindcast);
    tj_exit code = tj_out_file(path, tj_format_find("csv"), &sheet, NULL);
    tj_sheet_free(&sheet);
    return code;
}

/* ---- the command ---- */

static tj_exit report(const hindcast_options *o, const tj_hindcast *hindcast)
{
    if (hindcast->uncalibrated > 0) {
        fprintf(stderr, tj_say(TJ_SAY_LEFT_OUT, o->common.language), hindcast->uncalibrated);
        fputc('\n', stderr);
    }
    if (hindcast->count == 0)
        return tj_fail(TJ_EXIT_STUDY,
                       "%s has no place that can be judged at these origins: a hindcast needs "
                       "at least 11 places with 3 years before an origin and one after it",
                       o->common.path);
    tj_exit code = o->csv == NULL ? TJ_EXIT_OK : write_csv(o->csv, hindcast);
    if (code != TJ_EXIT_OK)
        return code;
    return tj_exit_of(strcmp(o->common.format->name, "table") == 0 ? print_tables(o, hindcast)
                                                                   : print_all(o, hindcast));
}

static tj_exit hindcast_study(const hindcast_options *o)
{
    tj_loaded loaded;
    tj_hindcast hindcast = {0};
    tj_loaded_init(&loaded);
    tj_exit code = tj_loaded_read(&loaded, o->common.path);
    tj_loaded_say(&loaded, TJ_WARNING);
    if (code == TJ_EXIT_OK) {
        tj_status status = tj_hindcast_run(&loaded.study, &o->run, &hindcast);
        code = status == TJ_OK ? report(o, &hindcast)
                               : tj_fail(tj_exit_of(status), "the hindcast could not be simulated");
    }
    tj_hindcast_free(&hindcast);
    tj_loaded_free(&loaded);
    return code;
}

static const struct argp_option options[] = {
    {"origins", OPT_ORIGINS, "Y,Z", 0, "last years known, e.g. 2010,2015,2018,2020 (the default)", 0},
    {"csv", OPT_CSV, "FILE", 0, "also write each place's quantiles in t CO2e to FILE", 0},
    {"draws", OPT_DRAWS, "N", 0, "draws of each forecast (1000)", 0},
    {"seed", OPT_SEED, "N", 0, "seed of the draws (1)", 0},
    {"threads", TJ_OPT_THREADS, "N", 0,
     "threads (as many as there are cores); the numbers do not depend on it", 0},
    {"format", TJ_OPT_FORMAT, "FORMAT", 0, "table (default), csv or json", 0},
    {"language", TJ_OPT_LANGUAGE, "LANGUAGE", 0, "en (default), fr or sv", 0},
    {0},
};

static void parse_origins(struct argp_state *state, char *argument, hindcast_options *o)
{
    tj_name_list years = {.count = 0};
    tj_option_names(state, argument, &years);
    for (o->run.n_origins = 0; o->run.n_origins < years.count; o->run.n_origins++)
        o->origins[o->run.n_origins] =
            (int)tj_option_count(state, "--origins", years.names[o->run.n_origins], 1000, 3000);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    hindcast_options *o = state->input;
    switch (key) {
    case OPT_ORIGINS:
        parse_origins(state, argument, o);
        return 0;
    case OPT_CSV:
        o->csv = argument;
        return 0;
    case OPT_DRAWS:
        o->run.draws = (size_t)tj_option_count(state, "--draws", argument, 1, MOST_DRAWS);
        return 0;
    case OPT_SEED:
        o->run.seed = tj_option_count(state, "--seed", argument, 0, UINT64_MAX);
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
        .doc = "Hides the years after each origin, calibrates every place of the study (cities and pool) "
               "on the others as known then, projects with the same engine, and scores what happened.\v"
               "Examples:\n"
               "  trajekt hindcast scenarios/sweden\n"
               "  trajekt hindcast my-study --origins 2015,2018 --csv forecasts.csv\n\n"
               "Beside it: persistence (the last value kept), linear and exponential trends of the last "
               "years (those within 3 years of the last, at least 3 values), exponential-all over all "
               "years."};
    hindcast_options o = {.common = TJ_COMMON(TJ_WHICH_STUDY),
                          .origins = {2010, 2015, 2018, 2020},
                          .run = {.n_origins = 4, .draws = DRAWS, .seed = 1}};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    o.run.origins = o.origins;
    o.run.threads = o.common.threads;
    return hindcast_study(&o);
}

const tj_command tj_cmd_hindcast = {"hindcast", "STUDY",
                                    "scores what forecasts of the past would have been worth", run};
