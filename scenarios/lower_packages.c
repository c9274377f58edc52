/* Phase 7c: packages. A package is a set of measures; a per-city item overrides the all-city one
 * field by field; requires and excludes must hold in every city that a measure reaches. */
#include "scenarios/lower.h"

#include <string.h>

static int names_city(const tj_package_item *item, const char *city)
{
    for (size_t i = 0; i < item->cities.count; i++)
        if (strcmp(item->cities.items[i].text, city) == 0)
            return 1;
    return 0;
}

/* ---- each item by itself ---- */

static void check_item(tj_lowering *low, const tj_package *package, const tj_package_item *item)
{
    const tj_study *study = low->study;
    int measure = tj_study_measure(study, item->measure.text);
    if (measure < 0) {
        const char **ids = tj_lower_alloc(low, study->measures_count + 1, sizeof *ids);
        for (size_t m = 0; ids != NULL && m < study->measures_count; m++)
            ids[m] = study->measures[m].id.text;
        tj_diag_unknown(low->diags, item->measure.mark, "measure", item->measure.text, ids,
                        study->measures_count);
    }
    if (item->strength.mark.file != NULL)
        tj_lower_check_fixed(low, &item->strength, (tj_dimension){{0}}, 0, 1, "strength");
    for (size_t i = 0; i < item->cities.count; i++) {
        tj_name name = item->cities.items[i];
        int city = tj_lower_find_city(low, name.text);
        if (tj_study_city(study, name.text) < 0)
            tj_lower_unknown_place(low, name);
        else if (measure >= 0 && city != TJ_NONE && !tj_lower_reaches(low, &study->measures[measure], city))
            TJ_LOWER_ERROR(low, name.mark, "package '%s': measure '%s' is limited to other places than '%s'",
                           package->id.text, item->measure.text, name.text);
    }
    const tj_ramp *ramp = measure < 0 ? NULL : &study->measures[measure].ramp;
    if (ramp != NULL && item->start.mark.file != NULL && ramp->until.mark.file != NULL &&
        item->start.value > ramp->until.value)
        TJ_LOWER_ERROR(low, item->start.mark, "package '%s': start %d of '%s' is after its until %d",
                       package->id.text, item->start.value, item->measure.text, ramp->until.value);
}

/* The same measure twice for all cities, or twice for one city. */
static void check_twice(tj_lowering *low, const tj_package *package, size_t index)
{
    const tj_package_item *item = &package->items[index];
    for (size_t k = 0; k < index; k++) {
        const tj_package_item *other = &package->items[k];
        if (strcmp(other->measure.text, item->measure.text) != 0)
            continue;
        const char *where = NULL;
        if (item->cities.count == 0 && other->cities.count == 0)
            where = "all cities";
        for (size_t i = 0; i < item->cities.count && where == NULL; i++)
            where = names_city(other, item->cities.items[i].text) ? item->cities.items[i].text : NULL;
        if (where != NULL) {
            TJ_LOWER_ERROR(low, item->mark, "package '%s' has measure '%s' twice for %s, first in line %u",
                           package->id.text, item->measure.text, where, other->mark.line);
            return;
        }
    }
}

/* ---- what is in use in a city ---- */

/* The items of a measure that hold for a city: the one for all cities and the city's own. */
static void items_for(const tj_package *package, const char *measure, const char *city,
                      const tj_package_item **all, const tj_package_item **own)
{
    *all = *own = NULL;
    for (size_t i = 0; i < package->count; i++) {
        const tj_package_item *item = &package->items[i];
        if (strcmp(item->measure.text, measure) != 0)
            continue;
        if (item->cities.count == 0)
            *all = item;
        else if (names_city(item, city))
            *own = item;
    }
}

size_t tj_lower_uses(const tj_lowering *low, const tj_package *package, int city, tj_use *uses)
{
    size_t count = 0;
    for (size_t m = 0; m < low->study->measures_count; m++) {
        const tj_measure *measure = &low->study->measures[m];
        const tj_package_item *all, *own;
        items_for(package, measure->id.text, tj_lower_city_id(low, city), &all, &own);
        if ((all == NULL && own == NULL) || !tj_lower_reaches(low, measure, city))
            continue;
        tj_use use = {.measure = (int)m, .strength = 1.0, .start = measure->ramp.start.value};
        const tj_package_item *in_order[2] = {all, own};
        for (int i = 0; i < 2; i++) {
            if (in_order[i] != NULL && in_order[i]->strength.mark.file != NULL)
                use.strength = in_order[i]->strength.dist.p[0];
            if (in_order[i] != NULL && in_order[i]->start.mark.file != NULL)
                use.start = in_order[i]->start.value;
        }
        if (use.strength > 0)
            uses[count++] = use;
    }
    return count;
}

static int in_use(const tj_lowering *low, const tj_use *uses, size_t count, const char *measure)
{
    for (size_t u = 0; u < count; u++)
        if (strcmp(low->study->measures[uses[u].measure].id.text, measure) == 0)
            return 1;
    return 0;
}

/* A message about one pair is given once for a package, for the first city. */
static int said(const tj_lowering *low, const tj_package *package, const char *text)
{
    for (size_t i = 0; i < low->diags->count; i++)
        if (low->diags->items[i].mark.line == package->mark.line &&
            strncmp(low->diags->items[i].text, text, strlen(text)) == 0)
            return 1;
    return 0;
}

/* Tells a broken pair once for a package: "package 'p': measure 'a' <verb> 'b'<tail> 'city'". */
static void tell_pair(tj_lowering *low, const tj_package *package, const tj_measure *measure,
                      const char *verb, const char *other, const char *tail, int city)
{
    const char *text = tj_lower_text(low, "package '%s': measure '%s' %s '%s'", package->id.text,
                                     measure->id.text, verb, other);
    if (!said(low, package, text))
        TJ_LOWER_ERROR(low, package->mark, "%s%s '%s'", text, tail, tj_lower_city_id(low, city));
}

static void check_pairs(tj_lowering *low, const tj_package *package, int city, const tj_use *uses,
                        size_t count)
{
    for (size_t u = 0; u < count; u++) {
        const tj_measure *measure = &low->study->measures[uses[u].measure];
        for (size_t i = 0; i < measure->requires.count; i++) {
            const char *other = measure->requires.items[i].text;
            if (tj_study_measure(low->study, other) >= 0 && !in_use(low, uses, count, other))
                tell_pair(low, package, measure, "requires", other, ", which is not in the package for",
                          city);
        }
        for (size_t i = 0; i < measure->excludes.count; i++) {
            const char *other = measure->excludes.items[i].text;
            if (in_use(low, uses, count, other))
                tell_pair(low, package, measure, "excludes", other, ", and both are in the package for",
                          city);
        }
    }
}

void tj_lower_effects(tj_lowering *low)
{
    const tj_study *study = low->study;
    size_t before = low->diags->errors;
    tj_lower_measures(low);
    for (size_t p = 0; p < study->packages_count; p++) {
        for (size_t i = 0; i < study->packages[p].count; i++) {
            check_item(low, &study->packages[p], &study->packages[p].items[i]);
            check_twice(low, &study->packages[p], i);
        }
    }
    int sound = before == low->diags->errors;
    tj_use *uses = tj_lower_alloc(low, study->measures_count + 1, sizeof *uses);
    for (int p = 0; !low->memory_short && p < low->n_packages; p++) {
        for (int c = 0; c < low->n_cities; c++) {
            size_t count = tj_lower_uses(low, &study->packages[p], c, uses);
            check_pairs(low, &study->packages[p], c, uses, count);
            if (!sound || low->city_last[c] == TJ_NONE)
                continue; /* effects are laid out only where every name in them is known */
            tj_plan_slice slice = tj_lower_slice(low, c, uses, count);
            tj_plan_add(low->builder, TJ_SECTION_SLICES, &slice, 1);
        }
    }
    if (low->with_library && sound && !low->memory_short && low->diags->errors == 0)
        tj_lower_library(low);
}
