/* What engine/physical.c and engine/physical_rows.c share. */
#ifndef TJ_ENGINE_PHYSICAL_PARTS_H
#define TJ_ENGINE_PHYSICAL_PARTS_H

#include "engine/landfill.h"
#include "engine/physical.h"
#include "engine/stock.h"
#include "engine/supply.h"

/* A cell of the city at hand. */
typedef struct tj_memory {
    const tj_plan_cell *cell;
    int present;  /* it has memory and a value in H */
    int computed; /* tj_physical_computes */
    tj_fleet *fleets;
    int32_t first_fleet; /* number of its first fleet within the city */
    tj_supply supply;
    tj_landfill landfill;
    double *energy; /* rows by carrier: MWh of the year, kappa included */
} tj_memory;

struct tj_physical {
    const tj_plan *plan;
    tj_lifetime *lifetimes;
    tj_memory *cells; /* of the largest city, as all below */
    tj_fleet *fleets;
    tj_technology *technologies;
    tj_burn *burns;
    int32_t *carriers; /* of fleets */
    double *rows;
};

/* Row f of rows cut one after the other. */
double *tj_physical_row(double *rows, int32_t f);

/* Carrier f of a cell, and kappa of the cell for the scratch's lanes. */
const tj_plan_carrier *tj_physical_carrier(const tj_scratch *scratch, const tj_plan_cell *cell, int32_t f);
double *tj_physical_kappa(const tj_scratch *scratch, int32_t k);

/* kappa in year index `year` > H with what it wanders by: in `row`, or where kappa stands. */
const double *tj_physical_kappa_in(const tj_scratch *scratch, int32_t k, int32_t year, double *row);

/* Whether a row of the city is asked for and not there yet. */
int tj_physical_wants_row(const tj_scratch *scratch, const tj_plan_row *row);

/* Writes the city's physical rows of the year where they are asked for; their cells are computed. */
void tj_physical_write_rows(const tj_scratch *scratch, int32_t year);

#endif
