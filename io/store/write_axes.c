/* Axes of a result: dimensions, their coordinate values, identifiers and labels in three languages.
 *
 * A coordinate is what a person selects by: a city's label in its own language, an identifier
 * elsewhere. `<axis>_id` is always the identifier. An axis without items is left out. */
#include "io/store/write.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const languages[] = {"en", "fr", "sv"};

typedef struct axis_item {
    const char *id;
    const char *coordinate; /* NULL: the identifier */
    tj_label label;
} axis_item;

typedef struct axis {
    const char *name;
    const char *long_name;
    axis_item (*item)(const tj_writer *w, size_t i);
} axis;

static axis_item background_item(const tj_writer *w, size_t i)
{
    const tj_background *b = &w->study->backgrounds[w->compiled->backgrounds[i]];
    return (axis_item){.id = b->id.text, .label = b->label};
}

static axis_item package_item(const tj_writer *w, size_t i)
{
    const tj_package *p = &w->study->packages[w->compiled->packages[i]];
    return (axis_item){.id = p->id.text, .label = p->label};
}

/* In the language of the city's country, so that people find it under the name they use. */
static axis_item city_item(const tj_writer *w, size_t i)
{
    static const struct {
        const char *country, *language;
    } own[] = {{"FRA", "fr"}, {"SWE", "sv"}};
    const tj_city *c = &w->study->cities[w->compiled->cities[i]];
    const char *language = "en";
    for (size_t k = 0; k < sizeof own / sizeof *own && c->country.text != NULL; k++)
        if (strcmp(c->country.text, own[k].country) == 0)
            language = own[k].language;
    return (axis_item){
        .id = c->id.text, .coordinate = tj_label_in(&c->label, language, c->id.text), .label = c->label};
}

static axis_item group_item(const tj_writer *w, size_t i)
{
    const tj_group_info *g = &w->compiled->groups[i];
    return (axis_item){.id = g->id, .label = g->label};
}

static axis_item sector_item(const tj_writer *w, size_t i)
{
    const tj_sector *s = &w->study->sectors[w->compiled->sectors[i]];
    return (axis_item){.id = s->id.text, .label = s->label};
}

static axis_item gas_item(const tj_writer *w, size_t i)
{
    const char *name = w->compiled->gases[i];
    return (axis_item){.id = name};
}

static axis_item target_item(const tj_writer *w, size_t i)
{
    const tj_target_info *t = &w->compiled->targets[i];
    return (axis_item){.id = t->id, .label = t->target->label};
}

static axis_item row_item(const tj_writer *w, size_t i)
{
    const tj_row_info *r = &w->compiled->rows[i];
    return (axis_item){.id = r->id, .label = r->label};
}

static const axis axes[] = {
    {"background", "national background", background_item},
    {"package", "package of measures", package_item},
    {"city", "city", city_item},
    {"group", "group of cities: the network and its countries", group_item},
    {"sector", "emission sector", sector_item},
    {"gas", "greenhouse gas; co2e is what the source does not split", gas_item},
    {"target", "target applied to a city", target_item},
    {"row", "physical result of a city", row_item},
};

enum { AXES = sizeof axes / sizeof *axes };

/* The inventory has sectors, whatever is computed of them. */
static int is_used(const tj_writer *w, tj_dim dim)
{
    return dim == TJ_DIM_SECTOR || tj_dim_asked(w->outputs, dim);
}

size_t tj_writer_length(const tj_writer *w, const char *name)
{
    const tj_plan_settings *settings = tj_plan_get_settings(w->compiled->plan);
    if (strcmp(name, "background") == 0)
        return (size_t)settings->n_backgrounds;
    if (strcmp(name, "package") == 0)
        return (size_t)settings->n_packages;
    for (tj_dim dim = TJ_DIM_END + 1; dim < TJ_DIMS; dim++)
        if (strcmp(tj_dim_name(dim), name) == 0)
            return is_used(w, dim) ? tj_dim_length(w->compiled->plan, dim, w->draws) : 0;
    assert(!"an axis of the file");
    return 0;
}

/* A label may stand for two cities (a municipality and its metropolitan area): then identifiers select. */
static void keep_unique(const char **values, size_t count, const axis *a, const tj_writer *w)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(values[i], values[j]) == 0) {
                for (size_t k = 0; k < count; k++)
                    values[k] = a->item(w, k).id;
                return;
            }
}

static void text_axis(tj_writer *w, const axis *a)
{
    size_t count = tj_writer_length(w, a->name);
    if (count == 0)
        return;
    const char **values = calloc(count, sizeof *values);
    if (values == NULL) {
        tj_writer_no_memory(w);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        axis_item item = a->item(w, i);
        values[i] = item.coordinate != NULL ? item.coordinate : item.id;
    }
    keep_unique(values, count, a, w);
    tj_cf_spec spec = {.name = a->name, .type = TJ_CF_TEXT, .dims = {a->name}, .long_name = a->long_name};
    tj_cf_coordinate(w->cf, &spec, count, values);
    free(values);
}

static void int_axis(tj_writer *w, const char *name, const char *long_name, int first)
{
    size_t count = tj_writer_length(w, name);
    if (count == 0)
        return;
    int32_t *values = calloc(count, sizeof *values);
    if (values == NULL) {
        tj_writer_no_memory(w);
        return;
    }
    for (size_t i = 0; i < count; i++)
        values[i] = first + (int32_t)i;
    tj_cf_spec spec = {.name = name, .type = TJ_CF_INT, .dims = {name}, .long_name = long_name};
    tj_cf_coordinate(w->cf, &spec, count, values);
    free(values);
}

void tj_writer_axes(tj_writer *w)
{
    for (size_t a = 0; a < AXES; a++)
        text_axis(w, &axes[a]);
    int_axis(w, "year", "calendar year", tj_plan_get_settings(w->compiled->plan)->first_year);
    size_t count;
    const double *quantiles = tj_plan_section(w->compiled->plan, TJ_SECTION_QUANTILES, &count);
    tj_cf_spec spec = {.name = "quantile",
                       .type = TJ_CF_DOUBLE,
                       .dims = {"quantile"},
                       .long_name = "probability of the quantile over the draws",
                       .units = "1"};
    tj_cf_coordinate(w->cf, &spec, count, quantiles);
    int_axis(w, "draw", "number of the draw, from 0", 0);
}

/* ---- identifiers and labels ---- */

static void names(tj_writer *w, const axis *a, const char *suffix, const char *long_name,
                  const char *language)
{
    size_t count = tj_writer_length(w, a->name);
    char name[64], sentence[128];
    const char **values = calloc(count, sizeof *values);
    if (values == NULL) {
        tj_writer_no_memory(w);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        axis_item item = a->item(w, i);
        values[i] = language == NULL ? item.id : tj_label_in(&item.label, language, item.id);
    }
    snprintf(name, sizeof name, "%s_%s", a->name, suffix);
    snprintf(sentence, sizeof sentence, "%s of the %s", long_name, a->name);
    tj_cf_spec spec = {.name = name, .type = TJ_CF_TEXT, .dims = {a->name}, .long_name = sentence};
    tj_cf_variable(w->cf, &spec, values);
    free(values);
}

void tj_writer_names(tj_writer *w)
{
    for (size_t a = 0; a < AXES; a++) {
        if (tj_writer_length(w, axes[a].name) == 0)
            continue;
        names(w, &axes[a], "id", "identifier", NULL);
        for (size_t k = 0; k < sizeof languages / sizeof *languages; k++) {
            char suffix[16], sentence[32];
            snprintf(suffix, sizeof suffix, "label_%s", languages[k]);
            snprintf(sentence, sizeof sentence, "label (%s)", languages[k]);
            names(w, &axes[a], suffix, sentence, languages[k]);
        }
    }
}
