/* Ties: which cells of a city have to be computed together.
 *
 * A supply cell is tied to the cells that use its carrier and to the one that takes its removals; a shift ties
 * the cell that gives to the one that receives. A set is an array over the cells of the city in which each holds
 * the number of another of its set, or its own; settled, each holds the least one. */
#ifndef TJ_ENGINE_TIES_H
#define TJ_ENGINE_TIES_H

#include "engine/plan.h"

/* set[cells_count]: what supply ties. */
void tj_ties_start(const tj_plan *plan, int32_t city, int32_t *set);

/* Adds what the effects of a slice of the city tie. */
void tj_ties_add(const tj_plan *plan, int32_t city, tj_plan_slice slice, int32_t *set);

void tj_ties_settle(int32_t count, int32_t *set);

/* The set that `i` is in; the sets of a and b become one. Any set of numbers that is kept this way. */
int32_t tj_ties_root(int32_t *set, int32_t i);
void tj_ties_unite(int32_t *set, int32_t a, int32_t b);

#endif
