/* Cells with memory of one city: fleets, heat networks, landfills, and intensity cells that list their carriers.
 *
 * A cell that no effect reaches has the same trajectory under every package: tj_physical_prepare computes it once
 * for each background, with its kappa, and a unit only copies it. Where an effect reaches a cell, or its
 * physical rows are asked for, the cell is computed with the coupled drivers (engine/coupled.c) year by year.
 * A supply cell is the product of its factors and of the city's use, each prepared or computed.
 * Place: between the coupled drivers and the emissions of the lanes backend. */
#ifndef TJ_ENGINE_PHYSICAL_H
#define TJ_ENGINE_PHYSICAL_H

#include "engine/lane_scratch.h"

/* State of one thread, for the largest city of the plan; NULL when memory is short. */
typedef struct tj_physical tj_physical;
tj_physical *tj_physical_create(const tj_plan *plan);
void tj_physical_free(tj_physical *physical); /* NULL is fine */

/* Whether the scratch's package reaches a cell with memory of its city. */
int tj_physical_is_touched(const tj_scratch *scratch);

/* Whether the physical rows of cell k of the city are asked for and not there yet; whether the output has its
 * emissions and rows already, so that they need not be computed (tj_block). */
int tj_physical_wants_rows(const tj_scratch *scratch, int32_t k);
int tj_physical_is_held(const tj_scratch *scratch, int32_t k);

/* Puts the coupled cells of the scratch's city into year H, the drivers standing there; writes the rows of H.
 * Returns the number of lanes in which a modelled zero stands against an inventory that is not zero, which only
 * happens while preparing. */
size_t tj_physical_start(tj_scratch *scratch);

/* One year more: emissions of every cell with memory to the scratch's output, and the rows where they are
 * asked for. */
void tj_physical_step(tj_scratch *scratch, int32_t year);

#endif
