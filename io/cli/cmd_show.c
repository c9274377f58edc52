/* trajekt show: a result for people (pages) or for programs (tidy tables). */
#include "io/cli/early.h"
#include "io/cli/page_parts.h"
#include "io/cli/terminal.h"
#include "io/cli/text.h"
#include "io/cli/words.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_TARGETS = TJ_OPT_OWN, OPT_ERRORS, OPT_PHYSICAL, OPT_FULL };

/* More cities than this are shown at one look, unless they are asked for by name or in full. */
enum { FEW_CITIES = 3 };

typedef struct show_options {
    tj_common common;
    int targets, errors, physical, full;
    int early; /* say on stderr which fleets shrink faster than they wear out */
} show_options;

/* The study's title in the language of the pages, else the one that every result has. */
static const char *title_of(const tj_view *view)
{
    char name[16];
    snprintf(name, sizeof name, "title_%s", view->language);
    const char *title = tj_results_attribute(view->results, name);
    if (title == NULL)
        title = tj_results_attribute(view->results, "title");
    return title != NULL ? title : "";
}

static void print_about(const tj_view *view, FILE *out)
{
    const char *draws = tj_results_attribute(view->results, "draws");
    const char *seed = tj_results_attribute(view->results, "seed");
    fprintf(out, "%s%s%s", tj_style_begin(out, TJ_BOLD), title_of(view), tj_style_begin(out, TJ_PLAIN));
    if (draws != NULL && seed != NULL) {
        fputs("  (", out);
        fprintf(out, tj_say(TJ_SAY_RUN, view->language), draws, seed);
        fputc(')', out);
    }
    fputc('\n', out);
}

static void print_background(const tj_view *view, size_t background, FILE *out)
{
    fputs(tj_style_begin(out, TJ_BOLD), out);
    fprintf(out, tj_say(TJ_SAY_BACKGROUND, view->language), tj_view_label(view, "background", background));
    fprintf(out, "%s\n", tj_style_begin(out, TJ_PLAIN));
}

static int has_targets(const tj_view *view)
{
    return tj_field_asked(tj_results_outputs(view->results), TJ_FIELD_TARGET_PROBABILITY);
}

static void print_verdicts(tj_view *view, const tj_shown *shown, FILE *out)
{
    if (!has_targets(view))
        return;
    for (size_t b = 0; b < view->n_backgrounds; b++) {
        fprintf(out, "\n%s", tj_style_begin(out, TJ_BOLD));
        fprintf(out, tj_say(TJ_SAY_IN_SHORT, view->language), tj_view_label(view, "background", b));
        fprintf(out, "%s\n", tj_style_begin(out, TJ_PLAIN));
        for (size_t c = 0; c < shown->cities.count; c++)
            tj_page_verdict(view, shown, b, shown->cities.items[c], out);
    }
}

static void print_legend(const tj_view *view, const tj_shown *shown, FILE *out)
{
    char text[512];
    const char *headline = tj_view_label(view, "package", tj_view_headline(view, &shown->packages));
    fputs(tj_style_begin(out, TJ_DIM), out);
    snprintf(text, sizeof text, tj_say(TJ_SAY_LEGEND, view->language), view->interval);
    tj_text_wrap(out, text, 0, 0, 100);
    snprintf(text, sizeof text, tj_say(TJ_SAY_LINE, view->language), headline, view->interval);
    tj_text_wrap(out, text, 0, 0, 100);
    if (shown->errors)
        tj_text_wrap(out, tj_say(TJ_SAY_ERRORS, view->language), 0, 0, 100);
    fputs(tj_style_begin(out, TJ_PLAIN), out);
}

static void print_others(const tj_view *view, const tj_shown *shown, FILE *out)
{
    char names[1024] = "";
    size_t used = 0;
    for (size_t b = 0; b < view->n_backgrounds && used < sizeof names; b++) {
        int chosen = 0;
        for (size_t i = 0; i < shown->backgrounds.count; i++)
            chosen |= shown->backgrounds.items[i] == b;
        if (!chosen)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used > 0 ? ", " : "",
                                     tj_results_id(view->results, "background", b));
    }
    if (used > 0) {
        fprintf(out, tj_say(TJ_SAY_OTHER, view->language), names);
        fputc('\n', out);
    }
}

/* The network and its countries; nothing where cities were chosen, no country where there is but one. */
static size_t groups_shown(const tj_view *view, const tj_shown *shown)
{
    if (shown->cities.count < view->n_cities || view->n_cities == 1)
        return 0;
    return view->n_groups == 2 ? 1 : view->n_groups;
}

/* All cities at one look, for the first background. */
static void print_table(tj_view *view, const tj_shown *shown, FILE *out)
{
    char text[512];
    print_about(view, out);
    snprintf(text, sizeof text, tj_say(TJ_SAY_INTERVALS, view->language), view->interval);
    fputs(tj_style_begin(out, TJ_DIM), out);
    tj_text_wrap(out, text, 0, 0, 100);
    fputs(tj_style_begin(out, TJ_PLAIN), out);
    for (size_t b = 0; b < shown->backgrounds.count; b++) {
        fputc('\n', out);
        print_background(view, shown->backgrounds.items[b], out);
        tj_page_table(view, shown, shown->backgrounds.items[b], groups_shown(view, shown), out);
    }
    print_verdicts(view, shown, out);
    print_others(view, shown, out);
    fprintf(out, "%s\n", tj_say(has_targets(view) ? TJ_SAY_IN_FULL : TJ_SAY_IN_FULL_BARE, view->language));
}

static void print_pages(tj_view *view, const tj_shown *shown, FILE *out)
{
    print_about(view, out);
    print_legend(view, shown, out);
    for (size_t b = 0; b < shown->backgrounds.count; b++) {
        size_t background = shown->backgrounds.items[b];
        fputc('\n', out);
        print_background(view, background, out);
        for (size_t c = 0; c < shown->cities.count; c++)
            tj_page_city(view, shown, background, shown->cities.items[c], out);
        for (size_t g = 0; g < groups_shown(view, shown); g++)
            tj_page_group(view, shown, background, g, out);
    }
    print_verdicts(view, shown, out);
    print_others(view, shown, out);
}

/* Every target in detail, of the first background unless others are asked for; of many cities, three packages. */
static void print_targets(tj_view *view, const tj_shown *shown, FILE *out)
{
    char text[1024];
    print_about(view, out);
    fputs(tj_style_begin(out, TJ_DIM), out);
    snprintf(text, sizeof text, tj_say(TJ_SAY_DETAIL, view->language), view->interval);
    tj_text_wrap(out, text, 0, 0, 100);
    if (shown->few && shown->packages.count > TJ_FEW_PACKAGES)
        tj_text_wrap(out, tj_say(TJ_SAY_DETAIL_FEW, view->language), 0, 0, 100);
    if (shown->errors)
        tj_text_wrap(out, tj_say(TJ_SAY_ERRORS, view->language), 0, 0, 100);
    fputs(tj_style_begin(out, TJ_PLAIN), out);
    for (size_t b = 0; b < shown->backgrounds.count; b++) {
        fputc('\n', out);
        print_background(view, shown->backgrounds.items[b], out);
        for (size_t c = 0; c < shown->cities.count; c++)
            tj_page_detail(view, shown, shown->backgrounds.items[b], shown->cities.items[c], out);
    }
    print_others(view, shown, out);
}

/* One package in full: the headline, or those that were asked for. */
static void print_physical(const show_options *o, tj_view *view, const tj_shown *shown, FILE *out)
{
    size_t headline = tj_view_headline(view, &shown->packages);
    int any = 0;
    print_about(view, out);
    fprintf(out, tj_say(TJ_SAY_MEDIANS, view->language), view->interval);
    fputc('\n', out);
    for (size_t b = 0; b < shown->backgrounds.count; b++) {
        fputc('\n', out);
        print_background(view, shown->backgrounds.items[b], out);
        for (size_t c = 0; c < shown->cities.count; c++)
            for (size_t p = 0; p < shown->packages.count; p++) {
                size_t package = shown->packages.items[p];
                if (o->common.packages.count > 0 || package == headline)
                    any |= tj_page_physical(view, shown->backgrounds.items[b], package,
                                            shown->cities.items[c], out);
            }
    }
    if (!any)
        fprintf(out, "%s\n", tj_say(TJ_SAY_NO_PHYSICAL, view->language));
}

static tj_exit choose(const show_options *o, tj_view *view, tj_shown *shown)
{
    tj_exit code = tj_view_choose(view, "city", &o->common.cities, &shown->cities);
    if (code == TJ_EXIT_OK)
        code = tj_view_choose(view, "package", &o->common.packages, &shown->packages);
    if (code == TJ_EXIT_OK)
        code = tj_view_choose(view, "background", &o->common.backgrounds, &shown->backgrounds);
    if (code == TJ_EXIT_OK && shown->packages.count == 0)
        return tj_fail(TJ_EXIT_FORMAT, "the result holds no package that was simulated");
    return code;
}

static void print_page(const show_options *o, tj_view *view, tj_shown *shown, FILE *out)
{
    int many = !o->full && o->common.cities.count == 0 && shown->cities.count > FEW_CITIES;
    if (o->common.backgrounds.count == 0)
        shown->backgrounds.count = 1; /* the first in full, the others in the verdicts */
    shown->few = many;
    if (o->targets)
        print_targets(view, shown, out);
    else if (o->physical)
        print_physical(o, view, shown, out);
    else if (many && !o->errors)
        print_table(view, shown, out);
    else
        print_pages(view, shown, out);
}

static tj_exit print(const show_options *o, tj_view *view, tj_shown *shown)
{
    if (strcmp(o->common.format->name, "table") == 0) {
        print_page(o, view, shown, stdout);
        return TJ_EXIT_OK;
    }
    tj_sheet table;
    if (o->targets)
        tj_tidy_targets(view, shown, &table);
    else if (o->physical)
        tj_tidy_physical(view, shown, &table);
    else
        tj_tidy_totals(view, shown, &table);
    tj_status status = o->common.format->write(&table, stdout);
    tj_sheet_free(&table);
    return tj_exit_of(status);
}

static tj_exit show(const show_options *o)
{
    tj_view view;
    tj_shown shown;
    memset(&shown, 0, sizeof shown);
    shown.errors = o->errors;
    tj_exit code = tj_view_open(&view, o->common.path, o->common.language);
    if (code == TJ_EXIT_OK && (o->targets || o->physical))
        code = tj_view_needs(&view, o->targets ? TJ_OUTPUT_TARGETS : TJ_OUTPUT_PHYSICAL, o->common.path);
    if (code == TJ_EXIT_OK)
        code = choose(o, &view, &shown);
    if (code == TJ_EXIT_OK)
        code = print(o, &view, &shown);
    if (code == TJ_EXIT_OK && o->early)
        tj_early_say_results(&view, stderr);
    free(shown.cities.items);
    free(shown.packages.items);
    free(shown.backgrounds.items);
    tj_view_close(&view);
    return code;
}

tj_exit tj_show_summary(const char *path)
{
    show_options o = {.common = TJ_COMMON(TJ_WHICH_RESULT), .early = 1};
    o.common.path = path;
    return show(&o);
}

static const struct argp_option options[] = {
    {"city", TJ_OPT_CITIES, "A,B", 0, "only these cities, by identifier or name, a page each", 0},
    {"full", OPT_FULL, NULL, 0, "a page for every city, and all packages, also where cities are many", 0},
    {"package", TJ_OPT_PACKAGES, "A,B", 0, "only these packages", 0},
    {"background", TJ_OPT_BACKGROUNDS, "A,B", 0,
     "these backgrounds in full (pages: the first; csv, json: all)", 0},
    {"targets", OPT_TARGETS, NULL, 0,
     "every judged target in detail: gap, first year, overshoot, budget use (csv, json: and all errors)", 0},
    {"physical", OPT_PHYSICAL, NULL, 0,
     "energy, vehicles, heating, renovation and plants (pages: of one package)", 0},
    {"errors", OPT_ERRORS, NULL, 0, "the Monte Carlo standard error of every number on the pages", 0},
    {"language", TJ_OPT_LANGUAGE, "LANGUAGE", 0, "en (default), fr or sv", 0},
    {"format", TJ_OPT_FORMAT, "FORMAT", 0, "table (default), csv or json: every year, in tonnes", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    show_options *o = state->input;
    switch (key) {
    case OPT_TARGETS:
        o->targets = 1;
        return 0;
    case OPT_FULL:
        o->full = 1;
        return 0;
    case OPT_PHYSICAL:
        o->physical = 1;
        return 0;
    case OPT_ERRORS:
        o->errors = 1;
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
        .doc =
            "Shows a result: for each city its past, its future under each package, and how likely each "
            "target is to be reached. More than three cities come as a table; a page for each is asked for "
            "by --city or --full.\v"
            "Examples:\n"
            "  trajekt show results.h5\n"
            "  trajekt show results.h5 --city umea --language sv\n"
            "  trajekt show results.h5 --targets --city umea\n"
            "  trajekt show results.h5 --physical --city umea --package adopted\n"
            "  trajekt show results.h5 --targets --format csv > targets.csv"};
    show_options o = {.common = TJ_COMMON(TJ_WHICH_RESULT)};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    return show(&o);
}

const tj_command tj_cmd_show = {"show", "RESULTS", "shows a result, for people or as csv and json", run};
