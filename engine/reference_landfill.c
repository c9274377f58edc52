/* Landfills in the reference simulator: first-order decay of what was deposited, by class of waste
 * (IPCC 2006, volume 5, chapter 3).
 *
 * pile(t) is DDOCm at the end of year t, deposits of t included; decay starts on 1 January after deposition. */
#include "engine/lanes.h"
#include "engine/reference.h"

#include <math.h>

/* DDOCm deposited in a year: the deposit's share of the class times DOC DOCf MCF; t of waste up to H are data
 * where there are any. */
static double deposited(const tj_reference_at *at, const tj_plan_cell *cell, const tj_plan_waste *waste,
                        int32_t year)
{
    int32_t first = cell->deposits_first_year - tj_plan_get_settings(at->plan)->first_year;
    double tonnes = cell->deposits != TJ_NONE && year <= at->last_inventory
                        ? tj_plan_numbers(at->plan, cell->deposits)[year - first]
                        : tj_reference_value(at, cell->deposit, year);
    return tonnes * tj_reference_value(at, waste->share, year) * waste->ddoc;
}

/* The pile at the end of H - 1: grown from the first deposits on, or what has become the pile of H that is
 * given. */
static double pile_before(const tj_reference_at *at, const tj_plan_cell *cell, int32_t k,
                          const tj_plan_waste *waste)
{
    double pile = 0;
    if (cell->pile != TJ_NONE) {
        double of_last = tj_plan_numbers(at->plan, cell->pile)[k];
        return fmax(0, of_last - deposited(at, cell, waste, at->last_inventory)) * tj_exp(waste->decay);
    }
    int32_t first = cell->deposits_first_year - tj_plan_get_settings(at->plan)->first_year;
    for (int32_t y = first; y < at->last_inventory; y++)
        pile = pile * tj_exp(-waste->decay) + deposited(at, cell, waste, y);
    return pile;
}

/* DDOCm decomposed in each year, summed over the classes, to out[n_years]. In H the pile given stays as given. */
static void decompose(const tj_reference_at *at, const tj_plan_cell *cell, int32_t k, double *out)
{
    const tj_plan_waste *waste =
        (const tj_plan_waste *)tj_plan_section(at->plan, TJ_SECTION_WASTES, NULL) + cell->wastes_first + k;
    double pile = pile_before(at, cell, k, waste);
    for (int32_t y = at->last_inventory; y < tj_plan_get_settings(at->plan)->n_years; y++) {
        out[y] += pile * (1 - tj_exp(-waste->decay));
        pile = pile * tj_exp(-waste->decay) + deposited(at, cell, waste, y);
        if (y == at->last_inventory && cell->pile != TJ_NONE)
            pile = tj_plan_numbers(at->plan, cell->pile)[k];
    }
}

/* CH4 = decomposed F 16/12 (1 - recovery) (1 - oxidation); E = CH4 GWP + other. */
int tj_reference_landfill(const tj_reference_at *at, int32_t index, tj_reference_found *found)
{
    const tj_plan_cell *cell = tj_plan_get_cell(at->plan, index);
    double *methane = found->methane + tj_reference_row(at, index);
    tj_reference_clear(at, methane);
    for (int32_t k = 0; k < cell->wastes_count; k++)
        decompose(at, cell, k, methane);
    for (int32_t y = at->last_inventory; y < tj_plan_get_settings(at->plan)->n_years; y++) {
        double recovery = tj_reference_value(at, cell->recovery, y);
        double oxidation = tj_reference_value(at, cell->oxidation, y);
        methane[y] *= cell->methane_share * 16 / 12 * (1 - recovery) * (1 - oxidation);
        found->emission[tj_reference_row(at, index) + (size_t)y] =
            methane[y] * cell->gwp + tj_reference_value(at, cell->other, y);
    }
    if (tj_reference_calibrate(at, index, found) != 0)
        return -1;
    tj_reference_scale(at, methane, found->kappa[index]);
    return 0;
}
