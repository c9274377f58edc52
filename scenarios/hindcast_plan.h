/* A plan of places whose later years are hidden, for the hindcast. */
#ifndef TJ_SCENARIOS_HINDCAST_PLAN_H
#define TJ_SCENARIOS_HINDCAST_PLAN_H

#include "engine/plan.h"
#include "scenarios/calibrate.h"

/* A place as it was known: its sectors' values in its last known year, and their trends. */
typedef struct tj_subject {
    const char *name;
    int start; /* last known year */
    size_t n_cells;
    const char **sectors; /* [n_cells] identifiers */
    double *x;            /* [n_cells] t CO2e in `start` */
    tj_trend *trends;     /* [n_cells]; not read where x is 0 */
} tj_subject;

/* One trend cell a sector, one city a place, no measure, from the first start to last_year. Streams:
 * growth@<place>, <sector>.noise@<place>, <sector>.shock@<country>. On success the caller owns *plan. */
tj_status tj_hindcast_plan(const char *country, uint64_t seed, size_t n, const tj_subject *subjects,
                           int last_year, tj_plan **plan);

#endif
