/* Targets: what a target says of a city's emissions, draw by draw.
 *
 * Place in the path of the data: after simulate, inside reduce. Arrays over draws are lanes;
 * a series is [year * n + draw]. NaN means undefined, which is never a miss. */
#ifndef TJ_ENGINE_TARGET_H
#define TJ_ENGINE_TARGET_H

#include "engine/draws.h"
#include "engine/plan.h"

/* 1 where a sum with this status holds all that belongs to it. */
int tj_status_complete(uint8_t status);

/* The emissions that a view sees in year index `year`, into out[n], from the cells of its city as
 * tj_backend.simulate lays them out, cells[(k * n_years + year) * n + draw], after H at slot[k] in the place of k
 * (NULL: there).
 *
 * out = sum over the territorial cells k, in their order, of weight_k * E_k. Where the view has a back-cast
 * factor of its own, a back-cast value is taken from the history again, history * level * own factor,
 * since E_k already holds the city's factor. NaN where the view's status is TJ_ABSENT.
 * buffer[2 * n] is overwritten. */
void tj_view_sum(const tj_plan *plan, const tj_draws *draws, int32_t view, const double *cells,
                 const int32_t *slot, int32_t year, size_t n, double *buffer, double *out);

/* One target, and what it is judged on. */
typedef struct tj_target_case {
    const tj_plan *plan;
    const tj_plan_target *target;
    size_t n;               /* draws */
    const double *series;   /* n_years * n: the target's view */
    const double *removals; /* n_years * n, t CO2 taken out, NaN where unknown; NULL: none in the city */
} tj_target_case;

/* The outcome: n values each, owned by the caller. */
typedef struct tj_verdict {
    double *met; /* 1 or 0 */
    double *gap; /* t above what is allowed in the target year (budget: in all), positive when missed */
    double *gap_percent; /* the gap in percent points of the base year (budget: of the budget) */
    double *first;       /* year index from which on it is met for good; INFINITY: never */
    double *overshoot;   /* t above the target's line, summed over H + 1 .. target year */
    double *use;         /* fraction of the budget used; NaN for other kinds */
} tj_verdict;

/* Judges every draw (docs/model.md, targets). The condition of a single year is that emissions are at
 * most what the target allows: in its year for reduction, remaining and neutral; on its own line for a
 * path, so that `first` is the year from which on the city stays on the path; up to that year for
 * a budget. work[3 * n] is overwritten. */
void tj_target_judge(const tj_target_case *target, double *work, const tj_verdict *verdict);

#endif
