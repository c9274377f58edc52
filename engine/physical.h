/* Cells with memory of one city: fleets, heat networks, landfills, and intensity cells that list their carriers.
 *
 * Their kappa follows from H alone and is prepared once a run. The years after H are computed with the coupled drivers
 * (engine/coupled.c) one by one, unless the output holds the cell already; of a cell that is computed those fleets whose
 * uses the block holds (tj_kept_uses) are left as they are. A supply cell is the product of its factors and of the
 * city's use.
 * Place: between the coupled drivers and the emissions of the lanes backend. */
#ifndef TJ_ENGINE_PHYSICAL_H
#define TJ_ENGINE_PHYSICAL_H

#include "engine/lane_scratch.h"

/* State of one thread, for the largest city of the plan; NULL when memory is short. */
typedef struct tj_physical tj_physical;
tj_physical *tj_physical_create(const tj_plan *plan);
void tj_physical_free(tj_physical *physical); /* NULL is fine */

/* Whether cell k of the city is one of these and its years after H are wanted; whether the output has its emissions and
 * rows already (tj_block). */
int tj_physical_computes(const tj_scratch *scratch, int32_t k);
int tj_physical_is_held(const tj_scratch *scratch, int32_t k);

/* Lays out the cells that are computed, and finds which drivers nobody needs (tj_slot.idle). */
void tj_physical_choose(tj_scratch *scratch);

/* Puts the coupled cells of the scratch's city into year H, the drivers standing there; writes the rows of H.
 * Returns the number of lanes in which a modelled zero stands against an inventory that is not zero, which only
 * happens while preparing. */
size_t tj_physical_start(tj_scratch *scratch);

/* One year more: emissions of the cells to the scratch's output, and the rows where they are asked for. */
void tj_physical_step(tj_scratch *scratch, int32_t year);

#endif
