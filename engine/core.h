/* Core: what the stock of a fleet depends on.
 *
 * Units, sales, retirement and the energy per unit of activity follow from demand, survival, scrappage, sales and what new units
 * burn; not from how far units are driven, nor from how much heat a floor needs. Most measures leave the cores of most
 * fleets as they are, and a stock that is the same under two packages is computed once (engine/batch.h).
 * Place in the path of the data: between the plan and the simulation. */
#ifndef TJ_ENGINE_CORE_H
#define TJ_ENGINE_CORE_H

#include "engine/plan.h"

/* How many fleets a city has. */
int32_t tj_core_fleets(const tj_plan *plan, int32_t city);

/* Sets core[] (by driver of the city) to 1 for the drivers of the fleet's stock and what shares a whole with them, else 0. */
void tj_core_mark(const tj_plan *plan, const tj_plan_fleet *fleet, unsigned char *core);

/* How many of its cell's carriers the fleet burns; which, ascending, to carriers[] unless that is NULL. */
int32_t tj_core_carriers(const tj_plan *plan, const tj_plan_fleet *fleet, int32_t *carriers);

/* The fleet whose core a physical row follows from; NULL where it depends on more. */
const tj_plan_fleet *tj_core_of_row(const tj_plan *plan, const tj_plan_row *row);

#endif
