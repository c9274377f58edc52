/* Floor and its heat: demolition, new floor at the code's demand, renovation (docs/model.md, "Sectors").
 *
 *   old(t) = min(A(t), old(t-1) (1 - demolition)),  new(t) = A(t) - old(t)
 *   R(t) = min(1, R(t-1) + rate),  h(t) = h(t-1) - h(H) (R(t) - R(t-1)) depth
 *   heat per m2 = (old h + sum of new cohorts at their code) / A
 * An increase of new floor is a cohort at the code of its year, a decrease shrinks all cohorts alike; their
 * heat together is all that needs to be kept. Place: the drivers of a floor fleet in, the activity per unit of
 * its heating stock (engine/stock.h) out. */
#ifndef TJ_ENGINE_BUILDING_H
#define TJ_ENGINE_BUILDING_H

#include "engine/feed.h"

/* Rows by lane. */
typedef struct tj_floor {
    double *old, *fresh;      /* m2 that stood in H; m2 built since */
    double *fresh_heat;       /* MWh of the floor built since */
    double *renovated;        /* R: share of the old floor */
    double *heat, *heat_then; /* h(t), h(H): MWh per m2 of old floor */
    double *done;             /* m2 renovated in the year */
    double *per_unit;         /* heat per m2 of all floor */
} tj_floor;

void tj_floor_layout(tj_floor *floor, tj_pool *pool);
/* Year H, then each later year in order; the scratch's drivers stand in that year. */
void tj_floor_start(const tj_scratch *scratch, const tj_plan_fleet *fleet, tj_floor *floor);
void tj_floor_step(const tj_scratch *scratch, const tj_plan_fleet *fleet, tj_floor *floor);

#endif
