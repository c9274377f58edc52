/* Target rows of a city's reduction; for reduce, and for the sensitivity of a plan. */
#ifndef TJ_ENGINE_REDUCE_TARGET_H
#define TJ_ENGINE_REDUCE_TARGET_H

#include "engine/reduce.h"
#include "engine/target.h"

/* Judges target `index` of the plan and writes its statistics; nothing where it is another city's. */
void tj_reduce_target(const tj_reduction *reduction, int32_t index, double *work);

/* Judges target `index`, one of the reduction's city and assessable: `verdict` points into `work`. Returns the
 * series it was judged on, n_years * n: the city's total, or one in `work`. */
const double *tj_reduce_verdict(const tj_reduction *reduction, int32_t index, double *work,
                                tj_verdict *verdict);

/* Doubles that `work` must hold. */
size_t tj_reduce_target_work(const tj_plan *plan, size_t n);

#endif
