/* Factors of a network carrier over lanes; see supply.h. */
#include "engine/supply.h"

#include "engine/kernel.h"

void tj_supply_layout(const tj_plan_cell *cell, tj_supply *supply, tj_pool *pool)
{
    supply->cell = cell;
    supply->delivered = tj_pool_cut(pool, 1);
    supply->home = tj_pool_cut(pool, 1);
    supply->captured = tj_pool_cut(pool, 1);
}

/* One source: fuel = share * factor; emitted += fuel fossil (1 - capture), captured += fuel (1 - fossil) capture. */
TJ_CLONES static void add_source(size_t n, double factor, const double *restrict share,
                                 const double *restrict fossil, const double *restrict capture,
                                 double *restrict emitted, double *restrict captured)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double fuel = share[i] * factor;
        emitted[i] += fuel * fossil[i] * (1.0 - capture[i]);
        captured[i] += fuel * (1.0 - fossil[i]) * capture[i];
    }
}

/* What the network loses is made too; and the part that is made in the city. */
TJ_CLONES static void deliver(size_t n, double passed, double in_city, double *restrict delivered,
                              double *restrict home, double *restrict captured)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        delivered[i] *= passed;
        home[i] = delivered[i] * in_city;
        captured[i] *= passed * in_city;
    }
}

void tj_supply_step(const tj_scratch *scratch, const double *kappa, tj_supply *supply)
{
    const tj_plan_source *all = tj_plan_section(scratch->plan, TJ_SECTION_SOURCES, NULL);
    const tj_plan_source *sources = all + supply->cell->sources_first;
    double passed = 1.0 / (1.0 - supply->cell->losses);
    size_t n = scratch->n;
    tj_row_fill(n, 0.0, supply->delivered);
    tj_row_fill(n, 0.0, supply->captured);
    for (int32_t k = 0; k < supply->cell->sources_count; k++)
        add_source(n, sources[k].factor / sources[k].efficiency, tj_feed_now(scratch, sources[k].share),
                   tj_feed_now(scratch, sources[k].fossil), tj_feed_now(scratch, sources[k].capture),
                   supply->delivered, supply->captured);
    if (kappa != NULL) {
        tj_row_multiply(n, kappa, supply->delivered);
        tj_row_multiply(n, kappa, supply->captured);
    }
    deliver(n, passed, supply->cell->in_city, supply->delivered, supply->home, supply->captured);
}
