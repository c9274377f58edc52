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
