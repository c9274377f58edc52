/* trajekt check: every fault of a study at once, then what its numbers rest on. */
#include "io/cli/early.h"
#include "io/cli/options.h"
#include "io/cli/text.h"
#include "io/cli/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const tj_sheet_column columns[] = {
    {"city", "City", 0, 0},
    {"base_measured", "measured", 1, 0},
    {"base_backcast", "back-cast", 1, 0},
    {"base_assumed", "assumed", 1, 0},
    {"last_year", "last", 1, 0},
    {"last_measured", "measured", 1, 0},
    {"last_backcast", "back-cast", 1, 0},
    {"last_assumed", "assumed", 1, 0},
    {"rows", "rows", 1, 0},
    {"backcast_from", "from", 1, 0},
    {"backcast_sigma", "± log", 1, 2},
    {"backcast_pairs", "pairs", 1, 0},
};

static void percent_cells(tj_sheet *table, const double share[3])
{
    for (int i = 0; i < 3; i++)
        tj_sheet_number(table, round(100 * share[i]));
}

static void year_cell(tj_sheet *table, int year)
{
    if (year > 0)
        tj_sheet_format(table, "%d", year);
    else
        tj_sheet_text(table, NULL);
}

static void fill(tj_sheet *table, const tj_loaded *loaded, const char *language)
{
    const tj_compiled *compiled = &loaded->compiled;
    int n_cities = tj_plan_get_settings(compiled->plan)->n_cities;
    for (int c = 0; c < n_cities; c++) {
        const tj_city *city = &loaded->study.cities[compiled->cities[c]];
        const tj_quality_info *quality = &compiled->quality[c];
        int backcast = !isnan(quality->backcast_sigma);
        tj_sheet_text(table, tj_label_in(&city->label, language, city->id.text));
        percent_cells(table, quality->base);
        year_cell(table, quality->last_year);
        percent_cells(table, quality->last);
        tj_sheet_number(table, quality->rows);
        year_cell(table, backcast ? quality->backcast_first_year : 0);
        tj_sheet_number(table, quality->backcast_sigma);
        tj_sheet_number(table, backcast ? quality->backcast_pairs : NAN);
    }
}

static void say_counts(const tj_loaded *loaded, const char *language)
{
    const tj_compiled *compiled = &loaded->compiled;
    const tj_plan_settings *s = tj_plan_get_settings(compiled->plan);
    int assessed = 0;
    for (int t = 0; t < s->n_targets; t++)
        assessed += strcmp(compiled->targets[t].status, "assessed") == 0;
    fprintf(stderr, tj_say(TJ_SAY_COUNTS, language), s->n_cities, s->n_sectors, loaded->study.measures_count,
            s->n_packages, s->n_backgrounds, s->first_year, s->last_year, s->draws, assessed,
            s->n_targets - assessed);
    fputc('\n', stderr);
}

/* All faults of writing at once, or all faults of meaning: what a half-read study means would be reported wrongly. */
static tj_exit check_study(const tj_common *o, tj_loaded *loaded)
{
    tj_exit code = tj_loaded_read(loaded, o->path);
    int readable = code == TJ_EXIT_OK;
    if (readable)
        code = tj_loaded_compile(loaded);
    tj_loaded_say(loaded, TJ_NOTE);
    if (code == TJ_EXIT_STUDY && !readable)
        fputs("Names, years and ranges are checked once all files can be read.\n", stderr);
    if (code != TJ_EXIT_OK)
        return code;
    say_counts(loaded, o->language);
    code = tj_early_say_study(loaded, o->language, stderr);
    if (code != TJ_EXIT_OK)
        return code;
    tj_sheet table;
    tj_sheet_init(&table, columns, sizeof columns / sizeof columns[0]);
    fill(&table, loaded, o->language);
    table.language = o->language;
    if (strcmp(o->format->name, "table") == 0) {
        printf("\n");
        printf(tj_say(TJ_SAY_ORIGIN, o->language), tj_plan_get_settings(loaded->compiled.plan)->base_year);
        printf("\n");
    }
    tj_status status = o->format->write(&table, stdout);
    tj_sheet_free(&table);
    return tj_exit_of(status);
}

static const struct argp_option options[] = {
    {"format", TJ_OPT_FORMAT, "FORMAT", 0, "the quality table as table (default), csv or json", 0},
    {"language", TJ_OPT_LANGUAGE, "LANGUAGE", 0, "en (default), fr or sv; messages on faults stay English",
     0},
    {0},
};

static tj_exit run(int argc, char **argv)
{
    const struct argp argp = {
        .options = options,
        .parser = tj_common_parser,
        .args_doc = "STUDY",
        .doc = "Lists every fault of the study in folder STUDY at once, with file, line and column; where "
               "there is none, shows what its numbers rest on.\v"
               "Example:\n"
               "  trajekt check scenarios/alliance\n\n"
               "Columns: shares of CO2e that were measured, back-cast or assumed; for a back-cast the year "
               "it starts from, its error (standard deviation of the logarithm) and the number of places "
               "it was measured on."};
    tj_common o = TJ_COMMON(TJ_WHICH_STUDY);
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    tj_loaded loaded;
    tj_loaded_init(&loaded);
    tj_exit code = check_study(&o, &loaded);
    tj_loaded_free(&loaded);
    return code;
}

const tj_command tj_cmd_check = {"check", "STUDY",
                                 "lists every fault of a study, and the quality of its data", run};
