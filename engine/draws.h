/* Draws: every uncertain parameter's value for every draw, made once and read by all units.
 *
 * Shape: value[param * count + draw]. A value is made in three steps, each over the whole row: independent
 * uniforms by the study's design, the copula's correlated uniforms, the inverse cumulative distribution.
 * Addressed: with plain Monte Carlo, draw d of a parameter is the same number whatever else is in the plan, but
 * for the parameters it is correlated with. Memory grows with parameters x draws, never with packages. */
#ifndef TJ_ENGINE_DRAWS_H
#define TJ_ENGINE_DRAWS_H

#include "engine/plan.h"

typedef struct tj_draws {
    size_t count; /* draws */
    size_t n_params;
    double *value; /* n_params * count, owned */
    uint64_t seed;
} tj_draws;

/* Draws every parameter of the plan, in parallel over parameters. */
tj_status tj_draws_init(tj_draws *draws, const tj_plan *plan, size_t count, int threads);
void tj_draws_free(tj_draws *draws);

/* The last two steps alone: a table of independent uniforms in (0, 1) becomes values in place. Parameters of
 * one stream have the same uniforms. threads 0: as many as OpenMP offers. */
tj_status tj_draws_from_uniforms(tj_draws *draws, const tj_plan *plan, int threads);

/* The lanes of a term for draws first .. first + n - 1: points into the table, or fills
 * `buffer` (n doubles, owned by the caller) with the fixed value. */
const double *tj_term_lanes(const tj_draws *draws, tj_term term, size_t first, size_t n, double *buffer);

/* The term's value in one draw. */
double tj_term_draw(const tj_draws *draws, tj_term term, size_t draw);

#endif
