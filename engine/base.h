/* What a run computes once and every unit reads: the trajectories of cells without measures.
 *
 * For a trend cell the path x(t) = hist(H) exp(g (1 + delta + ...) + u(t)) level by draw, which no
 * background and no package changes. For the other methods one number a draw and background: kappa of
 * an intensity cell, hist(H) - driver(H) of a sink. A cell with memory (engine/physical.h) has its kappa,
 * filled after the rest is made, and what kappa wanders by. Read-only from then on; memory grows with cells x years x draws. */
#ifndef TJ_ENGINE_BASE_H
#define TJ_ENGINE_BASE_H

#include "engine/draws.h"
#include "engine/plan.h"

typedef struct tj_prepared tj_prepared;

/* On success *prepared is the caller's (tj_base_free). TJ_ERR_UNDEFINED where a modelled zero stands
 * against an inventory that is not zero. `threads` below 1: as many as OpenMP offers. */
tj_status tj_base_prepare(const tj_plan *plan, const tj_draws *draws, int threads, tj_prepared **prepared);
void tj_base_free(tj_prepared *prepared); /* NULL is fine */

/* x of a trend cell in year index `year` > H: one value a draw. */
const double *tj_base_trend(const tj_prepared *prepared, int32_t cell, int32_t year);

/* kappa, or the sink's difference: one value a draw. */
const double *tj_base_constant(const tj_prepared *prepared, int32_t cell, int32_t background);

/* Whether the cell is one of engine/physical.h: stock, building, supply, landfill, or an intensity cell that
 * lists its carriers. */
int tj_base_has_memory(const tj_plan_cell *cell);

/* kappa of a cell with memory, to be filled. */
double *tj_base_kappa(const tj_prepared *prepared, int32_t cell, int32_t background);

/* What multiplies kappa of a cell with memory in a year after H: one value a draw; NULL where kappa stays. */
const double *tj_base_wander(const tj_prepared *prepared, int32_t cell, int32_t year);

#endif
