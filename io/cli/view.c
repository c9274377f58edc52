/* A result file as the pages look at it; see view.h. */
#include "io/cli/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The outermost pair of quantiles within 90 %, else the outermost there is; and the median. */
static void find_interval(tj_view *view)
{
    const double *q = tj_results_quantiles(view->results);
    size_t n = view->n_quantiles;
    view->low = 0;
    view->high = n - 1;
    view->mid = 0;
    for (size_t i = 0; i < n; i++) {
        if (fabs(q[i] - 0.05) < 1e-9)
            view->low = i;
        if (fabs(q[i] - 0.95) < 1e-9)
            view->high = i;
        if (fabs(q[i] - 0.5) < fabs(q[view->mid] - 0.5))
            view->mid = i;
    }
    view->interval = 100 * (q[view->high] - q[view->low]);
}

static void measure(tj_view *view)
{
    const tj_results *r = view->results;
    view->n_cities = tj_results_length(r, TJ_DIM_CITY);
    view->n_groups = tj_results_length(r, TJ_DIM_GROUP);
    view->n_years = tj_results_length(r, TJ_DIM_YEAR);
    view->n_targets = tj_results_length(r, TJ_DIM_TARGET);
    view->n_quantiles = tj_results_length(r, TJ_DIM_QUANTILE);
    view->n_backgrounds = tj_results_backgrounds(r);
    view->n_packages = tj_results_packages(r);
    view->years = tj_results_years(r);
}

tj_exit tj_view_open(tj_view *view, const char *path, const char *language)
{
    char details[1024] = "";
    memset(view, 0, sizeof *view);
    view->language = language;
    tj_status status = tj_results_open(path, &view->results, details, sizeof details);
    if (status != TJ_OK)
        return tj_fail(tj_exit_of(status), "%s", details);
    measure(view);
    if (view->n_cities == 0 || view->n_years == 0 || view->n_quantiles == 0 || view->n_packages == 0)
        return tj_fail(TJ_EXIT_FORMAT, "%s holds no cities, years, quantiles or packages", path);
    find_interval(view);
    const char *base = tj_results_attribute(view->results, "base_year");
    view->base_year = base != NULL ? atoi(base) : view->years[0];
    view->blocks = calloc(TJ_FIELDS * view->n_backgrounds * view->n_packages, sizeof *view->blocks);
    return view->blocks != NULL ? TJ_EXIT_OK : tj_fail(TJ_EXIT_MEMORY, "memory ran out");
}

void tj_view_close(tj_view *view)
{
    size_t count = TJ_FIELDS * view->n_backgrounds * view->n_packages;
    for (size_t i = 0; view->blocks != NULL && i < count; i++)
        free(view->blocks[i]);
    free(view->blocks);
    tj_results_close(view->results);
}

static size_t axis_length(const tj_view *view, const char *axis)
{
    return strcmp(axis, "city") == 0      ? view->n_cities
           : strcmp(axis, "package") == 0 ? view->n_packages
                                          : view->n_backgrounds;
}

/* 1: `name` is the item's identifier or its label in any language. */
static int is_named(const tj_view *view, const char *axis, size_t i, const char *name)
{
    static const char *const languages[] = {"en", "fr", "sv"};
    if (strcmp(tj_results_id(view->results, axis, i), name) == 0)
        return 1;
    for (size_t k = 0; k < 3; k++) {
        const char *label = tj_results_label(view->results, axis, i, languages[k]);
        if (label != NULL && strcasecmp(label, name) == 0)
            return 1;
    }
    return 0;
}

static int was_run(const tj_view *view, const char *axis, size_t i)
{
    return strcmp(axis, "package") != 0 || tj_results_item_number(view->results, axis, i, "run") != 0;
}

static tj_exit unknown(const tj_view *view, const char *axis, const char *name)
{
    const char *names[1024];
    size_t count = axis_length(view, axis) < 1024 ? axis_length(view, axis) : 1024;
    for (size_t i = 0; i < count; i++)
        names[i] = tj_results_id(view->results, axis, i);
    return tj_fail_unknown(axis, name, names, count);
}

tj_exit tj_view_choose(const tj_view *view, const char *axis, const tj_name_list *names, tj_choice *choice)
{
    size_t length = axis_length(view, axis);
    unsigned char *wanted = calloc(length + 1, 1);
    choice->count = 0;
    choice->items = calloc(length + 1, sizeof *choice->items);
    if (choice->items == NULL || wanted == NULL) {
        free(wanted);
        return tj_fail(TJ_EXIT_MEMORY, "memory ran out");
    }
    tj_exit code = TJ_EXIT_OK;
    for (size_t k = 0; k < names->count && code == TJ_EXIT_OK; k++) {
        size_t i = 0;
        while (i < length && !is_named(view, axis, i, names->names[k]))
            i++;
        if (i == length)
            code = unknown(view, axis, names->names[k]);
        else if (!was_run(view, axis, i))
            code = tj_fail(TJ_EXIT_USAGE, "package '%s' was left out of this run", names->names[k]);
        wanted[i] = 1;
    }
    for (size_t i = 0; i < length; i++)
        if (names->count > 0 ? wanted[i] : was_run(view, axis, i))
            choice->items[choice->count++] = i;
    free(wanted);
    return code;
}

tj_exit tj_view_needs(const tj_view *view, tj_output output, const char *path)
{
    tj_output_set held = tj_results_outputs(view->results);
    char all[TJ_OUTPUT_TEXT];
    if (held & TJ_OUTPUT_BIT(output))
        return TJ_EXIT_OK;
    tj_output_names(held | TJ_OUTPUT_BIT(output), ',', all);
    return tj_fail(TJ_EXIT_USAGE, "%s does not hold the output '%s'; run the study again with --outputs=%s",
                   path, tj_outputs[output].name, all);
}

const double *tj_view_block(tj_view *view, tj_field_id field, size_t background, size_t package)
{
    size_t at = ((size_t)field * view->n_backgrounds + background) * view->n_packages + package;
    if (view->blocks[at] == NULL &&
        tj_results_field(view->results, field, background, package, &view->blocks[at]) != TJ_OK)
        return NULL;
    return view->blocks[at];
}

const char *tj_view_label(const tj_view *view, const char *axis, size_t index)
{
    const char *label = tj_results_label(view->results, axis, index, view->language);
    return label != NULL ? label : tj_results_id(view->results, axis, index);
}

int tj_view_year(const tj_view *view, int year)
{
    int index = year - view->years[0];
    return index >= 0 && (size_t)index < view->n_years ? index : -1;
}

int tj_view_target_of(const tj_view *view, size_t target, size_t city)
{
    const char *id = tj_results_item_text(view->results, "target", target, "city");
    return id != NULL && strcmp(id, tj_results_id(view->results, "city", city)) == 0 &&
           tj_results_item_number(view->results, "target", target, "active") != 0;
}

int tj_view_assessed(const tj_view *view, size_t target)
{
    const char *status = tj_results_item_text(view->results, "target", target, "status");
    return status != NULL && strcmp(status, "assessed") == 0;
}

/* How much a target says about where a city is going: its nation's before its own, so that cities can be
 * compared; then the later; then a level in a year, a path, neutrality. A budget where there is nothing else. */
static double rank_of(const tj_view *view, size_t target, size_t city)
{
    const char *kind = tj_results_item_text(view->results, "target", target, "kind");
    const char *by = tj_results_item_text(view->results, "target", target, "by");
    const char *country = tj_results_item_text(view->results, "city", city, "country");
    if (kind == NULL)
        return -INFINITY;
    if (strcmp(kind, "budget") == 0)
        return -1 / tj_results_item_number(view->results, "target", target, "year");
    double nation = by != NULL && country != NULL && strcmp(by, country) == 0 ? 10000 : 0;
    double level = strcmp(kind, "neutral") == 0 ? 0 : strcmp(kind, "path") == 0 ? 0.25 : 0.5;
    return nation + level + tj_results_item_number(view->results, "target", target, "year");
}

size_t tj_view_main_target(const tj_view *view, size_t city)
{
    size_t best = view->n_targets;
    double most = -INFINITY;
    for (size_t t = 0; t < view->n_targets; t++) {
        if (!tj_view_target_of(view, t, city) || !tj_view_assessed(view, t))
            continue;
        double rank = rank_of(view, t, city);
        if (rank > most) {
            most = rank;
            best = t;
        }
    }
    return best;
}

size_t tj_view_headline(const tj_view *view, const tj_choice *packages)
{
    const char *reference = tj_results_attribute(view->results, "reference_package");
    for (size_t i = 0; i < packages->count; i++)
        if (reference == NULL ||
            strcmp(tj_results_id(view->results, "package", packages->items[i]), reference) != 0)
            return packages->items[i];
    return packages->items[0];
}
