/* Decay of landfilled waste over lanes; see landfill.h. */
#include "engine/landfill.h"

#include "engine/kernel.h"
#include "engine/lanes.h"

#include <assert.h>

/* Molar masses of CH4 and C. */
static const double METHANE_PER_CARBON = 16.0 / 12.0;

void tj_landfill_layout(const tj_plan_cell *cell, tj_landfill *landfill, tj_pool *pool)
{
    landfill->cell = cell;
    landfill->piles = tj_pool_cut(pool, (size_t)cell->wastes_count);
    landfill->methane = tj_pool_cut(pool, 1);
    landfill->other = tj_pool_cut(pool, 1);
}

/* One year of a class: decomposed += pile (1 - left); pile = pile left + deposit. */
TJ_CLONES static void decay(size_t n, double left, const double *restrict deposit, double *restrict pile,
                            double *restrict decomposed)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        decomposed[i] += pile[i] * (1.0 - left);
        pile[i] = pile[i] * left + deposit[i];
    }
}

/* The pile of a year before, from the pile and the deposit of the year, and what it lost in between. */
TJ_CLONES static void look_back(size_t n, double left, const double *restrict deposit,
                                const double *restrict pile, double *restrict decomposed)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double before = (pile[i] - deposit[i]) / left;
        decomposed[i] += (before > 0.0 ? before : 0.0) * (1.0 - left);
    }
}

/* methane = decomposed * carbon * (1 - recovery) * (1 - oxidation) */
TJ_CLONES static void escape(size_t n, const double *restrict decomposed, double carbon,
                             const double *restrict recovery, const double *restrict oxidation,
                             double *restrict methane)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        methane[i] = decomposed[i] * carbon * (1.0 - recovery[i]) * (1.0 - oxidation[i]);
}

static void finish_year(const tj_scratch *scratch, const tj_landfill *landfill, const double *decomposed)
{
    const tj_plan_cell *cell = landfill->cell;
    escape(scratch->n, decomposed, cell->methane_share * METHANE_PER_CARBON,
           tj_feed_now(scratch, cell->recovery), tj_feed_now(scratch, cell->oxidation), landfill->methane);
    tj_row_copy(scratch->n, tj_feed_now(scratch, cell->other), landfill->other);
}

static const tj_plan_waste *waste_of(const tj_scratch *scratch, const tj_landfill *landfill, int32_t k)
{
    const tj_plan_waste *all = tj_plan_section(scratch->plan, TJ_SECTION_WASTES, NULL);
    return &all[landfill->cell->wastes_first + k];
}

static double *pile_of(const tj_landfill *landfill, int32_t k)
{
    return landfill->piles + (size_t)k * TJ_FLEET_LANES;
}

/* Years up to H of a class with known deposits; what decomposed in H is added. */
static void fill_pile(const tj_scratch *scratch, const tj_landfill *landfill, int32_t k, double *decomposed)
{
    const tj_plan_waste *waste = waste_of(scratch, landfill, k);
    const double *deposits = tj_plan_numbers(scratch->plan, landfill->cell->deposits);
    int32_t first = landfill->cell->deposits_first_year - scratch->settings->first_year;
    int32_t last = scratch->city->last_inventory;
    double deposit[TJ_FLEET_LANES], before[TJ_FLEET_LANES], left = tj_exp(-waste->decay);
    tj_row_fill(scratch->n, 0.0, pile_of(landfill, k));
    for (int32_t y = first; y <= last; y++) {
        tj_feed_past_row(scratch, waste->share, y, before);
        tj_row_scaled(scratch->n, before, deposits[y - first], waste->ddoc, deposit);
        tj_row_fill(scratch->n, 0.0, before);
        decay(scratch->n, left, deposit, pile_of(landfill, k), y == last ? decomposed : before);
    }
}

/* The deposit of the year in a class, t DDOCm. */
static void deposit_now(const tj_scratch *scratch, const tj_landfill *landfill, const tj_plan_waste *waste,
                        double *deposit)
{
    tj_row_product(scratch->n, tj_feed_now(scratch, landfill->cell->deposit), waste->ddoc,
                   tj_feed_now(scratch, waste->share), deposit);
}

static void take_pile(const tj_scratch *scratch, const tj_landfill *landfill, int32_t k, double *decomposed)
{
    const tj_plan_waste *waste = waste_of(scratch, landfill, k);
    double deposit[TJ_FLEET_LANES];
    tj_row_fill(scratch->n, *tj_plan_numbers(scratch->plan, landfill->cell->pile + k), pile_of(landfill, k));
    deposit_now(scratch, landfill, waste, deposit);
    look_back(scratch->n, tj_exp(-waste->decay), deposit, pile_of(landfill, k), decomposed);
}

void tj_landfill_start(const tj_scratch *scratch, tj_landfill *landfill)
{
    double decomposed[TJ_FLEET_LANES];
    assert((landfill->cell->pile == TJ_NONE) != (landfill->cell->deposits == TJ_NONE));
    tj_row_fill(scratch->n, 0.0, decomposed);
    for (int32_t k = 0; k < landfill->cell->wastes_count; k++) {
        if (landfill->cell->pile == TJ_NONE)
            fill_pile(scratch, landfill, k, decomposed);
        else
            take_pile(scratch, landfill, k, decomposed);
    }
    finish_year(scratch, landfill, decomposed);
}

void tj_landfill_step(const tj_scratch *scratch, tj_landfill *landfill)
{
    double decomposed[TJ_FLEET_LANES], deposit[TJ_FLEET_LANES];
    tj_row_fill(scratch->n, 0.0, decomposed);
    for (int32_t k = 0; k < landfill->cell->wastes_count; k++) {
        const tj_plan_waste *waste = waste_of(scratch, landfill, k);
        deposit_now(scratch, landfill, waste, deposit);
        decay(scratch->n, tj_exp(-waste->decay), deposit, pile_of(landfill, k), decomposed);
    }
    finish_year(scratch, landfill, decomposed);
}
