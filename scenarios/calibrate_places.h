/* Places: the histories that a study holds of a country's cities and of its pool, side by side.
 *
 * Place in the path of the data: study -> arrays for scenarios/calibrate.h. Territorial sectors only; scope 1;
 * a value is absent where no row gives it, where a row says NE or C, or where gwp.csv lacks its gas. */
#ifndef TJ_SCENARIOS_CALIBRATE_PLACES_H
#define TJ_SCENARIOS_CALIBRATE_PLACES_H

#include "scenarios/calibrate.h"
#include "scenarios/study.h"

typedef struct tj_places {
    tj_arena arena;      /* owns the arrays */
    const char *country; /* identifier; texts point into the study */
    const char **names;  /* [place]: city identifier or the pool's name */
    const char **codes;  /* [place]: N of a boundary "municipality N", else the name */
    int *cities;         /* [place]: study index, -1 for a place of the pool */
    int *sectors;        /* [sector]: study index */
    tj_histories histories;
} tj_places;

/* Cities first, in the study's order, then the pool in the order of its file. On success the caller owns
 * *places (tj_places_free); the study must outlive it. */
tj_status tj_places_gather(const tj_study *study, const char *country, tj_places *places);
void tj_places_free(tj_places *places); /* NULL is fine */

/* Recency-weighted slope of the log sum of a country's national series of all territorial sectors, years up
 * to `last`; NaN with fewer than 3 years that have every series. */
double tj_places_national_slope(const tj_study *study, const char *country, int last);

/* 1 where the sector is in a city's total. */
int tj_sector_is_territorial(const tj_sector *sector);

#endif
