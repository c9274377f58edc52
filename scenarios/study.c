/* The study's memory and look-ups; see study.h. */
#include "scenarios/study.h"

#include <string.h>

void tj_study_init(tj_study *study)
{
    memset(study, 0, sizeof *study);
    tj_arena_init(&study->arena);
}

void tj_study_free(tj_study *study)
{
    if (study == NULL)
        return;
    tj_arena_free(&study->arena);
    tj_study_init(study);
}

/* Linear search by identifier: studies hold tens of things, and each name is resolved once. */
#define LOOKUP(function, list)                                                                               \
    int function(const tj_study *study, const char *id)                                                      \
    {                                                                                                        \
        for (size_t i = 0; id != NULL && i < study->list##_count; i++)                                       \
            if (strcmp(study->list[i].id.text, id) == 0)                                                     \
                return (int)i;                                                                               \
        return -1;                                                                                           \
    }

LOOKUP(tj_study_city, cities)
LOOKUP(tj_study_country, countries)
LOOKUP(tj_study_sector, sectors)
LOOKUP(tj_study_measure, measures)
LOOKUP(tj_study_package, packages)
LOOKUP(tj_study_background, backgrounds)
LOOKUP(tj_study_carrier, carriers)
LOOKUP(tj_study_technology, technologies)
LOOKUP(tj_study_fuel, fuels)

/* Keeps the items of a list for which `whole` holds; returns how many. */
static size_t keep(void *items, size_t count, size_t size, int (*whole)(const void *item))
{
    size_t kept = 0;
    char *bytes = items;
    for (size_t i = 0; i < count; i++) {
        if (!whole(bytes + i * size))
            continue;
        if (kept != i)
            memcpy(bytes + kept * size, bytes + i * size, size);
        kept++;
    }
    return kept;
}

static int effect_whole(const void *item)
{
    const tj_effect *effect = item;
    return effect->driver.text != NULL && effect->op.text != NULL && effect->magnitude.count > 0;
}

static int synergy_whole(const void *item)
{
    const tj_synergy *synergy = item;
    return synergy->with.text != NULL && synergy->factor.mark.file != NULL;
}

static int item_whole(const void *item)
{
    return ((const tj_package_item *)item)->measure.text != NULL;
}

int tj_study_settle(tj_study *study)
{
    for (size_t m = 0; m < study->measures_count; m++) {
        tj_measure *measure = &study->measures[m];
        measure->effects_count =
            keep(measure->effects, measure->effects_count, sizeof *measure->effects, effect_whole);
        measure->synergies_count =
            keep(measure->synergies, measure->synergies_count, sizeof *measure->synergies, synergy_whole);
    }
    for (size_t p = 0; p < study->packages_count; p++)
        study->packages[p].count = keep(study->packages[p].items, study->packages[p].count,
                                        sizeof *study->packages[p].items, item_whole);
    return study->horizon.mark.file != NULL && study->base_year.mark.file != NULL &&
           study->cities_count > 0 && study->sectors_count > 0 && study->inventory_count > 0 &&
           study->backgrounds_count > 0 && study->packages_count > 0;
}
