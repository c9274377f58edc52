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
    const int32_t *slot;     /* by cell of the city, see tj_block; NULL: its number */
    const int32_t *row_slot; /* of physical rows, see tj_block, as the year from which they are wanted */
    int32_t rows_first;
    int32_t background, city;
    int32_t last_inventory;               /* year index H of the city */
    int32_t drivers_first, drivers_count; /* of the city */
    const double *drivers; /* n_years * drivers_count: their values from H on, with the package's measures */
    int32_t year;
    size_t draw;
} tj_reference_at;

/* What one draw of a city comes to, from H on, without the level factor. Each array is by index in the plan,
 * then by year, and is owned by the backend's scratch. */
typedef struct tj_reference_found {
    double *kappa;                /* cells, without years; 1 where the method has none */
    double *emission;             /* cells: t CO2e per year; removals: t CO2 */
    double *factor, *captured;    /* supply cells: t CO2 per MWh delivered; t biogenic CO2 per year */
    double *methane;              /* landfill cells: t CH4 per year */
    double *use;                  /* carriers of cells: MWh per year */
    double *units, *sales;        /* technologies: at the end of the year; in the year */
    double *activity, *renovated; /* fleets: per unit and year; m2 per year */
    double *retired;              /* fleets: units per year that exceed the demand */
    double *n, *ratio;            /* work: technologies, then `ages` instead of years */
    double *floor;                /* work: n_years, new floor by the year it was built in */
    int32_t ages;
} tj_reference_found;

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

/* Value of the driver in a year: with measures after H; up to H, for what was sold or deposited then, the path itself,
 * or a growth's start, within the driver's limits. Before the first year of the axis that of the first year. */
double tj_reference_value(const tj_reference_at *at, int32_t driver, int32_t year);

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

/* ---- sectors with memory: each fills what it finds of the cell, kappa included ----
 * They return -1 where the calibration in H is undefined. */

int tj_reference_stock(const tj_reference_at *at, int32_t cell, tj_reference_found *found); /* building too */
int tj_reference_supply(const tj_reference_at *at, int32_t cell, tj_reference_found *found);
int tj_reference_landfill(const tj_reference_at *at, int32_t cell, tj_reference_found *found);

/* Heat per m2 of a fleet of floor, to found->activity, and what is renovated, to found->renovated. */
void tj_reference_building(const tj_reference_at *at, int32_t fleet, tj_reference_found *found);

/* Ages that a technology may reach, from 0 to the end of the years; at least 1. */
int32_t tj_reference_ages(const tj_plan *plan, const tj_plan_technology *technology);

/* Burnt carriers' use times their factors is the emission of a cell that lists carriers; then kappa multiplies
 * both. */
int tj_reference_burn(const tj_reference_at *at, int32_t cell, tj_reference_found *found);

/* kappa: the inventory of H over the emission found in H, which it multiplies in every year. 0 against 0 gives
 * 1; returns -1 where the emission is 0 and the inventory is not. */
int tj_reference_calibrate(const tj_reference_at *at, int32_t cell, tj_reference_found *found);

/* 1 where the city has the cell's sector in H. */
int tj_reference_present(const tj_reference_at *at, int32_t cell);

/* Sets a row of found to 0, or multiplies it by a number, from H on. */
void tj_reference_clear(const tj_reference_at *at, double *row);
void tj_reference_scale(const tj_reference_at *at, double *row, double factor);

/* The wanted physical rows of the city: rows[(slot * n_years + year) * stride], level factor included. */
void tj_reference_rows(const tj_reference_at *at, const tj_reference_found *found, size_t stride,
                       double *rows);

/* Where item's years begin: row + tj_reference_row(at, item). */
size_t tj_reference_row(const tj_reference_at *at, int32_t item);

#endif
