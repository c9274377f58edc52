/* The reference simulator's own parts, private to engine/reference_*.c and simulate_reference.c.
 *
 * It is the truth that every faster path is compared with: one city, one draw and one year at a
 * time, each rule of docs/model.md beside its code, nothing shared with another backend. */
#ifndef TJ_ENGINE_REFERENCE_H
#define TJ_ENGINE_REFERENCE_H

#include "engine/draws.h"
#include "engine/plan.h"

/* Where the simulator stands: one city under one (background, package), one draw, one year. */
typedef struct tj_reference_at {
    const tj_plan *plan;
    const tj_draws *draws;
    const tj_plan_effect *effects; /* of the package in the city */
    int32_t n_effects;
    int32_t background, city;
    int32_t last_inventory;               /* year index H of the city */
    int32_t drivers_first, drivers_count; /* of the city */
    int32_t year;
    size_t draw;
} tj_reference_at;

/* Work space for the drivers of one city in one year; arrays owned by the backend's scratch. */
typedef struct tj_reference_work {
    double *reference;   /* drivers: the path without measures */
    double *scaled;      /* drivers: after the class scale, from which shifts take */
    double *w;           /* effects: reach with rebound and synergies */
    double *set;         /* drivers: how much of a share measures have set, W */
    double *key;         /* drivers: weights in which a group's shares give or take */
    double *held;        /* drivers: the largest w of a cap, or of a floor, on a share */
    unsigned char *kept; /* effects: 1 unless its overlap group dropped it, or its strength is 0 */
} tj_reference_work;

/* Value of the driver's reference path in the point's year. */
double tj_reference_driver(const tj_reference_at *at, int32_t driver);

/* Values of all drivers of the city in the point's year with the package's measures, to x[drivers_count].
 * Returns TJ_NONE, or a driver of the share group that cannot be renormalised. */
int32_t tj_reference_drivers(const tj_reference_at *at, tj_reference_work *work, double *x);

/* The term's value in the point's draw. */
double tj_reference_term(const tj_reference_at *at, tj_term term);

/* x under the caps (floors) on `driver` that are kept. */
double tj_reference_cap(const tj_reference_at *at, const tj_reference_work *work, int32_t driver, double x);
double tj_reference_floor(const tj_reference_at *at, const tj_reference_work *work, int32_t driver, double x);

/* Fills one group of shares after the class add and applies its caps and floors; x[drivers_count] of the
 * city. Returns 0, or -1 where the shares cannot be made to sum to one. */
int tj_reference_fill(const tj_reference_at *at, tj_reference_work *work, const tj_plan_shares *shares,
                      double *x);

#endif
