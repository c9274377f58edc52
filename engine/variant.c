/* Plans of variants: the library's effects, kept where a variant holds their measure; see variant.h. */
#include "engine/variant.h"

#include "engine/batch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

tj_library tj_library_of(const tj_plan *plan, int32_t n_measures, const uint8_t *in_reference)
{
    size_t count;
    const tj_plan_slice *slices = tj_plan_section(plan, TJ_SECTION_LIBRARY, &count);
    return (tj_library){plan, count > 0 ? slices : NULL, n_measures, in_reference};
}

/* One slice in the making: of a city in a package. */
typedef struct making {
    const tj_library *library;
    tj_plan_builder *builder;
    tj_variant_holds *holds;
    const void *context;
    int32_t package, city;
} making;

static int in_reference(const making *m, int32_t measure)
{
    const tj_library *library = m->library;
    assert(measure >= 0 && measure < library->n_measures);
    return library->in_reference != NULL &&
           library->in_reference[m->city * library->n_measures + measure] != 0;
}

static int in_force(const making *m, int32_t cell, int32_t measure)
{
    return in_reference(m, measure) || (m->package > 0 && m->holds(m->context, m->package, cell, measure));
}

/* The effect of the reference package that stands where `effect` does in the library: its measure's effects
 * come in the same order in both. */
static const tj_plan_effect *reference_effect(const making *m, const tj_plan_effect *effect)
{
    const tj_plan *plan = m->library->plan;
    const tj_plan_effect *all = tj_plan_section(plan, TJ_SECTION_EFFECTS, NULL);
    tj_plan_slice slice = tj_plan_get_slice(plan, tj_plan_get_settings(plan)->reference_package, m->city);
    int32_t before = 0;
    for (const tj_plan_effect *e = all + m->library->slices[m->city].first; e < effect; e++)
        before += e->measure == effect->measure;
    for (int32_t i = slice.first; i < slice.first + slice.count; i++)
        if (all[i].measure == effect->measure && before-- == 0)
            return &all[i];
    assert(!"a measure of the reference package has its effects there");
    return effect;
}

/* The factors of the synergies whose partners are in force. */
static void add_factors(const making *m, int32_t cell, tj_plan_effect *effect)
{
    const tj_term *terms = tj_plan_section(m->library->plan, TJ_SECTION_TERMS, NULL);
    int32_t first = effect->factors_first, count = effect->factors_count;
    effect->factors_first = TJ_NONE;
    effect->factors_count = 0;
    for (int32_t f = 0; f < count; f++) {
        if (!in_force(m, cell, terms[first + f].partner))
            continue;
        int32_t at = tj_plan_add(m->builder, TJ_SECTION_TERMS, &terms[first + f], 1);
        effect->factors_first = effect->factors_count++ == 0 ? at : effect->factors_first;
    }
}

static tj_plan_slice add_slice(const making *m)
{
    const tj_plan *plan = m->library->plan;
    const tj_plan_effect *all = tj_plan_section(plan, TJ_SECTION_EFFECTS, NULL);
    tj_plan_slice from = m->library->slices[m->city], slice = {0};
    size_t held;
    tj_plan_items(m->builder, TJ_SECTION_EFFECTS, &held);
    slice.first = (int32_t)held;
    for (int32_t i = from.first; i < from.first + from.count; i++) {
        int32_t cell = tj_plan_get_driver(plan, all[i].driver)->cell;
        if (!in_force(m, cell, all[i].measure))
            continue;
        tj_plan_effect effect = all[i];
        if (in_reference(m, all[i].measure)) {
            const tj_plan_effect *own = reference_effect(m, &all[i]);
            effect.strength = own->strength;
            effect.ramp = own->ramp;
        }
        add_factors(m, cell, &effect);
        tj_plan_add(m->builder, TJ_SECTION_EFFECTS, &effect, 1);
        slice.count++;
    }
    return slice;
}

/* Everything but what depends on packages. */
static void copy_rest(const tj_plan *plan, tj_plan_builder *builder)
{
    for (int s = 0; s < TJ_SECTIONS; s++) {
        size_t count;
        const void *items = tj_plan_section(plan, (tj_section)s, &count);
        if (s != TJ_SECTION_SETTINGS && s != TJ_SECTION_EFFECTS && s != TJ_SECTION_SLICES &&
            s != TJ_SECTION_LIBRARY)
            tj_plan_add(builder, (tj_section)s, items, count);
    }
}

tj_status tj_variant_plan(const tj_library *library, int32_t n_packages, tj_variant_holds *holds,
                          const void *context, tj_plan **variants)
{
    tj_plan_settings settings = *tj_plan_get_settings(library->plan);
    assert(library->slices != NULL && n_packages > 0);
    making m = {library, tj_plan_builder_create(), holds, context, 0, 0};
    *variants = NULL;
    if (m.builder == NULL)
        return TJ_ERR_MEMORY;
    settings.n_packages = n_packages;
    settings.reference_package = 0;
    copy_rest(library->plan, m.builder);
    for (m.package = 0; m.package < n_packages; m.package++) {
        for (m.city = 0; m.city < settings.n_cities; m.city++) {
            tj_plan_slice slice = add_slice(&m);
            tj_plan_add(m.builder, TJ_SECTION_SLICES, &slice, 1);
        }
    }
    tj_plan_add(m.builder, TJ_SECTION_SETTINGS, &settings, 1);
    tj_status status = tj_plan_finish(m.builder, variants);
    tj_plan_builder_free(m.builder);
    return status;
}

/* ---- variants of the plan's own packages ---- */

static int same_variant(const tj_plan *plan, const tj_component *component, int32_t p, int32_t q)
{
    int same = 1;
    for (int32_t i = 0; i < component->n_cells && same; i++)
        same = tj_batch_alike(plan, component->city, component->cells[i], p, q);
    return same;
}

int32_t tj_component_variants(const tj_plan *plan, const tj_component *component, int32_t *variant)
{
    int32_t count = 0;
    for (int32_t p = 0; p < tj_plan_get_settings(plan)->n_packages; p++) {
        int32_t before = 0;
        while (before < p && !same_variant(plan, component, before, p))
            before++;
        variant[p] = before < p ? variant[before] : count++;
    }
    return count;
}
