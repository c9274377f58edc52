/* Phase 1: the axes. Cities, sectors, backgrounds, packages and years of the plan. */
#include "scenarios/lower.h"

#include "engine/design.h"

#include <stdlib.h>
#include <string.h>

enum { YEARS_MOST = 300 };

/* Indexes of the things that a list of names chooses, in its order; all of them when it is empty. */
static int *choose(tj_lowering *low, const tj_names *names, size_t all, const char *what,
                   int (*find)(const tj_study *, const char *), const char *const *ids, int *count)
{
    int *chosen = tj_lower_alloc(low, all + names->count + 1, sizeof *chosen);
    *count = 0;
    if (chosen == NULL)
        return NULL;
    for (size_t i = 0; names->count == 0 && i < all; i++)
        chosen[(*count)++] = (int)i;
    for (size_t i = 0; i < names->count; i++) {
        int index = find(low->study, names->items[i].text);
        int twice = 0;
        for (int k = 0; k < *count; k++)
            twice = twice || chosen[k] == index;
        if (index < 0)
            tj_diag_unknown(low->diags, names->items[i].mark, what, names->items[i].text, ids, all);
        else if (twice)
            TJ_LOWER_ERROR(low, names->items[i].mark, "%s '%s' is named twice", what, names->items[i].text);
        else
            chosen[(*count)++] = index;
    }
    return chosen;
}

#define IDS(low, list)                                                                                       \
    ids_of(low, (low)->study->list##_count == 0 ? NULL : &(low)->study->list[0].id,                          \
           (low)->study->list##_count, sizeof *(low)->study->list)

/* The identifiers of a list of records whose tj_name id stands at a fixed stride. */
static const char *const *ids_of(tj_lowering *low, const tj_name *first, size_t count, size_t stride)
{
    const char **ids = tj_lower_alloc(low, count + 1, sizeof *ids);
    for (size_t i = 0; ids != NULL && i < count; i++)
        ids[i] = ((const tj_name *)(const void *)((const char *)first + i * stride))->text;
    return ids;
}

static void axis_cities(tj_lowering *low)
{
    const tj_study *study = low->study;
    if (study->cities_count == 0) {
        TJ_LOWER_ERROR(low, study->mark, "the study has no city");
        return;
    }
    low->out->cities = choose(low, &study->cities_used, study->cities_count, "city", tj_study_city,
                              IDS(low, cities), &low->n_cities);
    low->city_country = tj_lower_alloc(low, (size_t)low->n_cities + 1, sizeof *low->city_country);
    low->city_last = tj_lower_alloc(low, (size_t)low->n_cities + 1, sizeof *low->city_last);
    low->cities = tj_lower_alloc(low, (size_t)low->n_cities + 1, sizeof *low->cities);
    for (int c = 0; !low->memory_short && c < low->n_cities; c++) {
        const tj_city *city = tj_lower_city(low, c);
        low->city_last[c] = TJ_NONE;
        low->city_country[c] = city->country.text == NULL ? -1 : tj_study_country(study, city->country.text);
        if (low->city_country[c] < 0 && city->country.text != NULL)
            tj_diag_unknown(low->diags, city->country.mark, "country", city->country.text,
                            IDS(low, countries), study->countries_count);
    }
    for (size_t i = 0; i < study->countries_count; i++) {
        tj_name lender = study->countries[i].noise_from;
        if (lender.text != NULL && tj_study_country(study, lender.text) < 0)
            tj_diag_unknown(low->diags, lender.mark, "country", lender.text, IDS(low, countries),
                            study->countries_count);
    }
}

static void axis_sectors(tj_lowering *low)
{
    const tj_study *study = low->study;
    low->n_sectors = (int)study->sectors_count;
    low->out->sectors = tj_lower_alloc(low, study->sectors_count + 1, sizeof *low->out->sectors);
    for (int s = 0; !low->memory_short && s < low->n_sectors; s++) {
        const tj_sector *sector = &study->sectors[s];
        low->out->sectors[s] = s;
        tj_word_resolve(tj_account_words, sector->account, TJ_TERRITORIAL, "account", low->diags);
        for (size_t i = 0; i < sector->method.count; i++) {
            const tj_local_name *local = &sector->method.items[i];
            tj_word_resolve(tj_method_words, local->value, TJ_METHOD_TREND, "method", low->diags);
            if (local->place.text != NULL && tj_study_city(study, local->place.text) < 0 &&
                tj_study_country(study, local->place.text) < 0)
                tj_lower_unknown_place(low, local->place);
        }
        for (size_t i = 0; i < sector->national.count; i++)
            if (sector->national.items[i].place.text != NULL &&
                tj_study_country(study, sector->national.items[i].place.text) < 0)
                tj_diag_unknown(low->diags, sector->national.items[i].place.mark, "country",
                                sector->national.items[i].place.text, IDS(low, countries),
                                study->countries_count);
        tj_lower_check_places(low, &sector->ets_share);
        for (size_t i = 0; i < sector->ets_share.count; i++)
            tj_lower_check_fixed(low, &sector->ets_share.items[i].value, (tj_dimension){{0}}, 0, 1,
                                 "ets_share");
    }
    if (study->sectors_count == 0)
        TJ_LOWER_ERROR(low, study->mark, "the study has no sector");
}

static void axis_backgrounds(tj_lowering *low)
{
    const tj_study *study = low->study;
    low->out->backgrounds = choose(low, &study->backgrounds_used, study->backgrounds_count, "background",
                                   tj_study_background, IDS(low, backgrounds), &low->n_backgrounds);
    low->current_policies = tj_study_background(study, "current-policies");
    if (low->current_policies < 0)
        TJ_LOWER_ERROR(
            low, study->mark,
            "there is no background 'current-policies'; histories already contain it, so it must exist");
}

static void axis_packages(tj_lowering *low)
{
    const tj_study *study = low->study;
    low->n_packages = (int)study->packages_count;
    low->out->packages = tj_lower_alloc(low, study->packages_count + 1, sizeof *low->out->packages);
    for (int p = 0; low->out->packages != NULL && p < low->n_packages; p++)
        low->out->packages[p] = p;
    if (study->packages_count == 0) {
        TJ_LOWER_ERROR(low, study->mark, "the study has no package");
        return;
    }
    const char *id = study->reference_package.text == NULL ? "reference" : study->reference_package.text;
    tj_mark mark = study->reference_package.text == NULL ? study->mark : study->reference_package.mark;
    low->reference_package = tj_study_package(study, id);
    if (low->reference_package < 0)
        tj_diag_unknown(low->diags, mark, "package", id, IDS(low, packages), study->packages_count);
}

static void axis_years(tj_lowering *low)
{
    const tj_study *study = low->study;
    low->base_year = study->base_year.value;
    low->first_year = low->base_year;
    low->last_year = study->horizon.value;
    for (size_t i = 0; i < study->inventory_count; i++) {
        const tj_inventory_row *row = &study->inventory[i];
        if (row->year.value > low->last_year)
            TJ_LOWER_ERROR(low, row->year.mark, "the inventory's year %d is past the horizon %d",
                           row->year.value, low->last_year);
        else if (row->year.value < low->first_year)
            low->first_year = row->year.value;
    }
    low->n_years = low->last_year - low->first_year + 1;
    if (low->n_years < 2 || low->n_years > YEARS_MOST) {
        TJ_LOWER_ERROR(low, study->horizon.mark,
                       "the horizon %d is not within %d years after the first year %d", low->last_year,
                       YEARS_MOST, low->first_year);
        low->n_years = low->n_years < 2 ? 2 : YEARS_MOST;
        low->last_year = low->first_year + low->n_years - 1;
    }
}

static int by_identifier(const void *a, const void *b)
{
    return strcmp((*(const tj_measure *const *)a)->id.text, (*(const tj_measure *const *)b)->id.text);
}

/* Measures are ranked by their identifiers, bytewise, so that the order in a file never matters. */
static void axis_measures(tj_lowering *low)
{
    size_t count = low->study->measures_count;
    const tj_measure **sorted = tj_lower_alloc(low, count + 1, sizeof *sorted);
    low->measure_rank = tj_lower_alloc(low, count + 1, sizeof *low->measure_rank);
    if (low->memory_short)
        return;
    for (size_t i = 0; i < count; i++)
        sorted[i] = &low->study->measures[i];
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, by_identifier);
    for (size_t i = 0; i < count; i++)
        low->measure_rank[sorted[i] - low->study->measures] = (int)i;
}

static void axis_design(tj_lowering *low)
{
    tj_name name = low->study->design;
    const char *names[TJ_DESIGNS];
    int found = TJ_DESIGNS;
    for (int i = TJ_DESIGNS - 1; i >= 0; i--) {
        names[i] = tj_designs[i].name;
        if (name.text != NULL && strcmp(names[i], name.text) == 0)
            found = i;
    }
    if (name.text != NULL && found == TJ_DESIGNS)
        tj_diag_unknown(low->diags, name.mark, "design", name.text, names, TJ_DESIGNS);
    low->design = found < TJ_DESIGNS ? found : TJ_DESIGN_MONTE_CARLO;
}

/* Not an axis, but what lies over them. */
static void choose_outputs(tj_lowering *low)
{
    const tj_names *names = &low->study->outputs;
    const char *all[TJ_OUTPUTS];
    tj_output_set *set = &low->out->outputs;
    int unknown = 0;
    for (int i = 0; i < TJ_OUTPUTS; i++)
        all[i] = tj_outputs[i].name;
    for (size_t i = 0; i < names->count; i++) {
        int found = tj_output_find(names->items[i].text);
        if (found < 0)
            tj_diag_unknown(low->diags, names->items[i].mark, "output", names->items[i].text, all,
                            TJ_OUTPUTS);
        else
            *set |= TJ_OUTPUT_BIT(found);
        unknown += found < 0;
    }
    if (names->mark.file == NULL)
        *set = TJ_OUTPUTS_DEFAULT;
    else if (unknown == 0 && !(*set & TJ_OUTPUT_BIT(TJ_OUTPUT_TOTALS)))
        TJ_LOWER_ERROR(low, names->mark, "the outputs leave out '%s', which every result holds",
                       all[TJ_OUTPUT_TOTALS]);
}

void tj_lower_axes(tj_lowering *low)
{
    const tj_study *study = low->study;
    axis_cities(low);
    axis_sectors(low);
    axis_backgrounds(low);
    axis_packages(low);
    axis_years(low);
    axis_measures(low);
    axis_design(low);
    choose_outputs(low);
    tj_word_resolve(tj_gwp_words, study->gwp, 1, "set of global warming potentials", low->diags);
}
