/* Floor over lanes; see building.h. */
#include "engine/building.h"

#include "engine/kernel.h"

void tj_floor_layout(tj_floor *floor, tj_pool *pool)
{
    floor->old = tj_pool_cut(pool, 1);
    floor->fresh = tj_pool_cut(pool, 1);
    floor->fresh_heat = tj_pool_cut(pool, 1);
    floor->renovated = tj_pool_cut(pool, 1);
    floor->heat = tj_pool_cut(pool, 1);
    floor->heat_then = tj_pool_cut(pool, 1);
    floor->done = tj_pool_cut(pool, 1);
    floor->per_unit = tj_pool_cut(pool, 1);
}

/* per_unit = (old h + heat of new floor) / A, nothing where there is no floor. */
TJ_CLONES static void spread_heat(size_t n, const double *restrict area, const double *restrict old,
                                  const double *restrict heat, const double *restrict fresh_heat,
                                  double *restrict per_unit)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        per_unit[i] = area[i] > 0.0 ? (old[i] * heat[i] + fresh_heat[i]) / area[i] : 0.0;
}

TJ_CLONES static void build(size_t n, const double *restrict area, const double *restrict demolition,
                            const double *restrict code, double *restrict old, double *restrict fresh,
                            double *restrict fresh_heat)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double left = old[i] * (1.0 - demolition[i]);
        left = left < area[i] ? left : area[i];
        double now = area[i] - left, before = fresh[i];
        double kept = before > 0.0 ? fresh_heat[i] * (now / before) : 0.0;
        fresh_heat[i] = now > before ? fresh_heat[i] + (now - before) * code[i] : kept;
        old[i] = left;
        fresh[i] = now;
    }
}

TJ_CLONES static void renovate(size_t n, const double *restrict rate, const double *restrict depth,
                               const double *restrict old, const double *restrict heat_then,
                               double *restrict renovated, double *restrict heat, double *restrict done)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double now = renovated[i] + rate[i];
        now = now < 1.0 ? now : 1.0;
        double step = now - renovated[i];
        heat[i] -= heat_then[i] * step * depth[i];
        done[i] = step * old[i];
        renovated[i] = now;
    }
}

void tj_floor_start(const tj_scratch *scratch, const tj_plan_fleet *fleet, tj_floor *floor)
{
    size_t n = scratch->n;
    const double *area = tj_feed_now(scratch, fleet->demand);
    tj_row_copy(n, area, floor->old);
    tj_row_fill(n, 0.0, floor->fresh);
    tj_row_fill(n, 0.0, floor->fresh_heat);
    tj_row_fill(n, fleet->renovated, floor->renovated);
    tj_row_copy(n, tj_feed_now(scratch, fleet->activity), floor->heat);
    tj_row_copy(n, floor->heat, floor->heat_then);
    tj_row_fill(n, 0.0, floor->done);
    spread_heat(n, area, floor->old, floor->heat, floor->fresh_heat, floor->per_unit);
}

void tj_floor_step(const tj_scratch *scratch, const tj_plan_fleet *fleet, tj_floor *floor)
{
    size_t n = scratch->n;
    const double *area = tj_feed_now(scratch, fleet->demand);
    build(n, area, tj_feed_now(scratch, fleet->demolition), tj_feed_now(scratch, fleet->code), floor->old,
          floor->fresh, floor->fresh_heat);
    renovate(n, tj_feed_now(scratch, fleet->rate), tj_feed_now(scratch, fleet->depth), floor->old,
             floor->heat_then, floor->renovated, floor->heat, floor->done);
    spread_heat(n, area, floor->old, floor->heat, floor->fresh_heat, floor->per_unit);
}
