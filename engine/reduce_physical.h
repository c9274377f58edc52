/* Statistics of a city's physical rows; a part of engine/reduce.c. */
#ifndef TJ_ENGINE_REDUCE_PHYSICAL_H
#define TJ_ENGINE_REDUCE_PHYSICAL_H

#include "engine/reduce.h"
#include "engine/reduce_row.h"

/* The reference package's blocks where the unit is alike in that year, else NULL. */
tj_blocks tj_reduce_alike(const tj_reduction *reduction, int32_t year);

/* All physical rows of the city in one year; what has no value, as all before H, stays NaN. work[2 n] is overwritten. */
void tj_reduce_physical(const tj_reduction *reduction, int32_t year, double *work);

#endif
