/* trajekt compare: two packages in the same futures, draw by draw.
 *
 * Quantiles of a difference are not differences of quantiles: both packages are simulated again from the
 * study inside the result, with its draws and seed, and each draw's difference is taken. */
#include "engine/ensemble.h"
#include "io/cli/load.h"
#include "io/cli/show.h"
#include "io/cli/text.h"
#include "io/cli/words.h"

#include <argp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_YEARS = TJ_OPT_OWN, MOST_YEARS = 64 };

typedef struct compare_options {
    tj_common common;
    int years[MOST_YEARS];
    size_t n_years;
} compare_options;

typedef struct comparison {
    const compare_options *options;
    tj_view view;
    tj_shown shown;
    tj_loaded loaded;
    const tj_backend *backend;
} comparison;

static const tj_sheet_column columns[] = {
    {"city", "City", 0, 0},      {"background", "Background", 0, 0}, {"year", "Year", 1, 0},
    {"low_t", "low, t", 1, 0},   {"median_t", "median, t", 1, 0},    {"high_t", "high, t", 1, 0},
    {"mean_t", "mean, t", 1, 0}, {"mean_se_t", "± s.e.", 1, 0},      {"below", "lower in", 1, 3},
};

/* Numbers of the file's run over the study's own, so that the draws are the same. */
static tj_exit take_run(comparison *c)
{
    const tj_results *r = c->view.results;
    const char *draws = tj_results_attribute(r, "draws"), *seed = tj_results_attribute(r, "seed");
    const char *engine = tj_results_attribute(r, "engine");
    if (draws == NULL || seed == NULL || engine == NULL)
        return tj_fail(TJ_EXIT_FORMAT, "%s does not say its draws, seed and engine", c->options->common.path);
    const tj_mark file = {.file = c->options->common.path};
    c->loaded.study.draws = (tj_integer){strtoll(draws, NULL, 10), file};
    c->loaded.study.seed = (tj_seed){strtoull(seed, NULL, 10), file};
    c->backend = tj_backend_find(engine);
    return c->backend != NULL ? TJ_EXIT_OK
                              : tj_fail(TJ_EXIT_FORMAT, "%s was made by an unknown engine '%s'",
                                        c->options->common.path, engine);
}

static tj_exit compile_again(comparison *c)
{
    const tj_text *texts;
    size_t count;
    tj_status status = tj_results_texts(c->view.results, &texts, &count);
    if (status != TJ_OK)
        return tj_fail(tj_exit_of(status), "%s does not hold its study", c->options->common.path);
    tj_exit code = tj_loaded_read_texts(&c->loaded, texts, count);
    if (code == TJ_EXIT_OK)
        code = take_run(c);
    if (code == TJ_EXIT_OK)
        code = tj_loaded_compile(&c->loaded);
    if (code != TJ_EXIT_OK)
        tj_loaded_say(&c->loaded, TJ_WARNING);
    return code;
}

static int wants_year(const comparison *c, size_t y)
{
    int year = c->view.years[y], last = c->view.years[c->view.n_years - 1];
    if (c->options->n_years == 0)
        return year == 2030 || year == 2040 || year == 2045 || year == last;
    for (size_t i = 0; i < c->options->n_years; i++)
        if (c->options->years[i] == year)
            return 1;
    return 0;
}

/* Rows of one city or group; its place in the blocks is `row`, cities first. */
static void add_rows(tj_sheet *table, const comparison *c, const tj_paired *paired, const char *name,
                     size_t background, size_t row)
{
    const tj_view *view = &c->view;
    for (size_t y = 0; y < view->n_years; y++) {
        size_t i = row * view->n_years + y, q = i * view->n_quantiles;
        if (!wants_year(c, y))
            continue;
        tj_sheet_text(table, name);
        tj_sheet_text(table, tj_view_label(view, "background", background));
        tj_sheet_number(table, view->years[y]);
        tj_sheet_number(table, paired->quantile[q + view->low]);
        tj_sheet_number(table, paired->quantile[q + view->mid]);
        tj_sheet_number(table, paired->quantile[q + view->high]);
        tj_sheet_number(table, paired->mean[i]);
        tj_sheet_number(table, paired->mean_se[i]);
        tj_sheet_number(table, paired->below[i]);
    }
}

static tj_exit add_background(tj_sheet *table, comparison *c, size_t background, size_t a, size_t b)
{
    const tj_view *view = &c->view;
    const tj_plan *plan = c->loaded.compiled.plan;
    tj_paired paired;
    const tj_run run = {
        .plan = plan, .backend = c->backend, .draws = (size_t)tj_plan_get_settings(plan)->draws};
    tj_status status = tj_ensemble_compare(&run, (int32_t)background, (int32_t)a, (int32_t)b, &paired);
    if (status == TJ_ERR_UNDEFINED)
        return tj_loaded_undefined(&c->loaded, run.draws, TJ_NONE, TJ_NONE);
    if (status != TJ_OK)
        return tj_fail(tj_exit_of(status), "the packages could not be simulated again");
    for (size_t k = 0; k < c->shown.cities.count; k++) {
        size_t city = c->shown.cities.items[k];
        add_rows(table, c, &paired, tj_view_label(view, "city", city), background, city);
    }
    for (size_t g = 0; c->options->common.cities.count == 0 && g < view->n_groups; g++)
        add_rows(table, c, &paired, tj_view_label(view, "group", g), background, view->n_cities + g);
    tj_paired_free(&paired);
    return TJ_EXIT_OK;
}

/* Indexes of the two packages, in the order in which they were named. */
static tj_exit find_packages(const comparison *c, size_t pair[2])
{
    for (size_t i = 0; i < 2; i++) {
        const tj_name_list one = {.names = {c->options->common.packages.names[i]}, .count = 1};
        tj_choice choice = {0};
        tj_exit code = tj_view_choose(&c->view, "package", &one, &choice);
        pair[i] = code == TJ_EXIT_OK ? choice.items[0] : 0;
        free(choice.items);
        if (code != TJ_EXIT_OK)
            return code;
    }
    return TJ_EXIT_OK;
}

static tj_exit check_years(const comparison *c)
{
    for (size_t i = 0; i < c->options->n_years; i++)
        if (tj_view_year(&c->view, c->options->years[i]) < 0)
            return tj_fail(TJ_EXIT_USAGE, "year %d: the result goes from %d to %d", c->options->years[i],
                           c->view.years[0], c->view.years[c->view.n_years - 1]);
    return TJ_EXIT_OK;
}

static void print_head(const comparison *c, const size_t pair[2])
{
    char text[1024];
    snprintf(text, sizeof text, tj_say(TJ_SAY_MINUS, c->view.language),
             tj_view_label(&c->view, "package", pair[0]), tj_view_label(&c->view, "package", pair[1]),
             c->view.interval);
    tj_text_wrap(stdout, text, 0, 0, 100);
    fputc('\n', stdout);
}

static tj_exit compare_packages(comparison *c)
{
    tj_sheet table;
    size_t pair[2];
    tj_exit code = find_packages(c, pair);
    if (code == TJ_EXIT_OK)
        code = check_years(c);
    if (code == TJ_EXIT_OK)
        code = compile_again(c);
    if (code != TJ_EXIT_OK)
        return code;
    tj_sheet_init(&table, columns, sizeof columns / sizeof columns[0]);
    table.language = c->view.language;
    for (size_t i = 0; i < c->shown.backgrounds.count && code == TJ_EXIT_OK; i++)
        code = add_background(&table, c, c->shown.backgrounds.items[i], pair[0], pair[1]);
    if (code == TJ_EXIT_OK && strcmp(c->options->common.format->name, "table") == 0)
        print_head(c, pair);
    if (code == TJ_EXIT_OK)
        code = tj_exit_of(c->options->common.format->write(&table, stdout));
    tj_sheet_free(&table);
    return code;
}

static tj_exit compare(const compare_options *o)
{
    comparison c;
    memset(&c, 0, sizeof c);
    c.options = o;
    tj_loaded_init(&c.loaded);
    tj_exit code = tj_view_open(&c.view, o->common.path, o->common.language);
    if (code == TJ_EXIT_OK)
        code = tj_view_choose(&c.view, "city", &o->common.cities, &c.shown.cities);
    if (code == TJ_EXIT_OK)
        code = tj_view_choose(&c.view, "background", &o->common.backgrounds, &c.shown.backgrounds);
    if (code == TJ_EXIT_OK)
        code = compare_packages(&c);
    free(c.shown.cities.items);
    free(c.shown.backgrounds.items);
    tj_loaded_free(&c.loaded);
    tj_view_close(&c.view);
    return code;
}

static const struct argp_option options[] = {
    {"packages", TJ_OPT_PACKAGES, "A,B", 0, "the two packages: A minus B", 0},
    {"cities", TJ_OPT_CITIES, "A,B", 0, "only these cities, by identifier or name", 0},
    {"background", TJ_OPT_BACKGROUNDS, "A,B", 0, "only these backgrounds", 0},
    {"years", OPT_YEARS, "Y,Z", 0, "these years (2030, 2040, 2045 and the last)", 0},
    {"language", TJ_OPT_LANGUAGE, "LANGUAGE", 0, "en (default), fr or sv", 0},
    {"format", TJ_OPT_FORMAT, "FORMAT", 0, "table (default), csv or json", 0},
    {0},
};

static void parse_years(struct argp_state *state, char *argument, compare_options *o)
{
    tj_name_list years = {.count = 0};
    tj_option_names(state, argument, &years);
    for (o->n_years = 0; o->n_years < years.count; o->n_years++)
        o->years[o->n_years] = (int)tj_option_count(state, "--years", years.names[o->n_years], 1000, 3000);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    compare_options *o = state->input;
    switch (key) {
    case OPT_YEARS:
        parse_years(state, argument, o);
        return 0;
    case ARGP_KEY_END:
        if (o->common.packages.count != 2)
            argp_error(state, "which packages? give two, e.g. --packages adopted,everything");
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
        .args_doc = "RESULTS",
        .doc = "Compares two packages in the same futures: the difference in emissions, draw by draw, with "
               "its interval. The packages are simulated again from the study inside the result.\v"
               "Examples:\n"
               "  trajekt compare results.h5 --packages adopted,reference\n"
               "  trajekt compare results.h5 --packages everything,adopted --cities umea --years 2035"};
    compare_options o = {.common = TJ_COMMON(TJ_WHICH_RESULT)};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    return compare(&o);
}

const tj_command tj_cmd_compare = {"compare", "RESULTS", "compares two packages, draw by draw", run};
