/* Stock: units of technologies, by the year they were sold in (docs/model.md, "Sectors").
 *
 *   survivors  n[k,a,t] = n[k,a-1,t-1] S(a)/S(a-1) (survival) (1 - scrappage of k), S(a) = exp(-(a/lambda)^beta)
 *   retired    where survivors exceed demand: oldest first, pooled over technologies by age
 *   sales      n[k,0,t] = max(0, demand - survivors) sales share of k
 *   energy     activity per unit * sum over k of share of activity * sum over ages of n eta
 * Cohorts are kept by the year of sale, lanes innermost, so that nothing moves when a year passes and what a
 * unit burns stays where it is. Place: the drivers of a fleet in; units, sales and energy by carrier out. */
#ifndef TJ_ENGINE_STOCK_H
#define TJ_ENGINE_STOCK_H

#include "engine/building.h"
#include "engine/feed.h"

/* How long the units of a technology live, as far as every draw agrees; NULL where draws differ. */
typedef struct tj_lifetime {
    int32_t ages;    /* cohorts in H: ages 0 .. ages - 1 */
    int32_t cohorts; /* in the last year */
    double *ratio;   /* [cohorts]: S(a) / S(a-1), from a = 1 on; owned */
    double *weight;  /* [ages]: part of the units of H; owned */
} tj_lifetime;

/* One for each technology of the plan; the caller frees. NULL when memory is short. */
tj_lifetime *tj_lifetimes_create(const tj_plan *plan);
void tj_lifetimes_free(const tj_plan *plan, tj_lifetime *lifetimes); /* NULL is fine */

typedef struct tj_burn {
    const tj_plan_burner *record;
    double *past;     /* [ages]: eta of cohorts of H and before; a row where draws differ */
    int past_by_lane; /* the same in all those years, then */
    double *eta;      /* rows: eta of cohorts sold after H */
    double *energy;   /* row: sum of n eta */
    int32_t use;      /* index among the fleet's uses */
} tj_burn;

/* The oldest cohorts of H as one (engine/legacy.h). */
typedef struct tj_legacy {
    int32_t count; /* cohorts 0 .. count - 1 are kept here; 0: none */
    int open;      /* their rows hold the lanes that are not here */
    double *left;  /* [count]: what age has left of each, as a part of the units of H */
    double *units; /* row: of H, 0 in lanes that are not here */
    double *alive; /* row */
} tj_legacy;

typedef struct tj_technology {
    const tj_plan_technology *record;
    const tj_lifetime *lifetime;
    double *cohorts; /* rows by year of sale: the first is the one of age ages - 1 in H */
    int32_t oldest;  /* the first row with units in it */
    tj_legacy legacy;
    double *ratio; /* rows by age where draws differ */
    double *units, *sales;
    int32_t burns_first;
} tj_technology;

typedef struct tj_fleet {
    const tj_plan_fleet *record;
    tj_technology *technologies; /* [record->technologies_count] */
    tj_burn *burns;              /* of all its technologies */
    double *total, *excess;
    double *retired;        /* units of the year that leave before their time, as survivors exceed demand */
    const double *per_unit; /* activity per unit of the year */
    /* Energy per unit of activity by carrier that the fleet burns: rows, `use_stride` doubles from one to the next. The
     * caller may set them before each year; at first they are the fleet's own. */
    int32_t n_uses;
    int32_t *carriers; /* [n_uses]: index among the cell's carriers */
    double *use;
    size_t use_stride;
    int known; /* `use` holds its numbers already, so that the stock is not computed */
    tj_floor floor;
} tj_fleet;

/* Cuts the rows of a fleet; technologies, burns and carriers are set, and room for as many as its cell has. */
void tj_fleet_layout(const tj_plan *plan, const tj_lifetime *lifetimes, const tj_plan_fleet *record,
                     tj_fleet *fleet, tj_pool *pool);
/* Year H, then each later year in order; the scratch's drivers stand in that year. Of a fleet that is known
 * only the floor is. */
void tj_fleet_start(const tj_scratch *scratch, tj_fleet *fleet);
void tj_fleet_step(const tj_scratch *scratch, tj_fleet *fleet, int32_t year);

/* The fleet's energy of the year on a carrier of its cell, as a product; returns how many terms that is, 1 or 0. */
size_t tj_fleet_list_energy(const tj_fleet *fleet, int32_t carrier, tj_weighed *terms);

#endif
