/* Target rows of a city's reduction; inside reduce only. */
#ifndef TJ_ENGINE_REDUCE_TARGET_H
#define TJ_ENGINE_REDUCE_TARGET_H

#include "engine/reduce.h"

/* Judges target `index` of the plan and writes its statistics; nothing where it is another city's. */
void tj_reduce_target(const tj_reduction *reduction, int32_t index, double *work);

/* Doubles that `work` must hold. */
size_t tj_reduce_target_work(const tj_plan *plan, size_t n);

#endif
