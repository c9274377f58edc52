/* A network's plants in the reference simulator, and what cells do with energy by carrier.
 *
 * Cells that use a network's carrier are settled before the cell that supplies it. */
#include "engine/reference.h"

size_t tj_reference_row(const tj_reference_at *at, int32_t item)
{
    return (size_t)item * (size_t)tj_plan_get_settings(at->plan)->n_years;
}

void tj_reference_clear(const tj_reference_at *at, double *row)
{
    for (int32_t y = at->last_inventory; y < tj_plan_get_settings(at->plan)->n_years; y++)
        row[y] = 0;
}

void tj_reference_scale(const tj_reference_at *at, double *row, double factor)
{
    for (int32_t y = at->last_inventory; y < tj_plan_get_settings(at->plan)->n_years; y++)
        row[y] *= factor;
}

int tj_reference_present(const tj_reference_at *at, int32_t cell)
{
    int32_t status = tj_plan_get_cell(at->plan, cell)->status;
    return tj_plan_bytes(at->plan, status)[at->last_inventory] != TJ_ABSENT;
}

int tj_reference_calibrate(const tj_reference_at *at, int32_t index, tj_reference_found *found)
{
    const tj_plan_cell *cell = tj_plan_get_cell(at->plan, index);
    double *emission = found->emission + tj_reference_row(at, index);
    double modelled = emission[at->last_inventory];
    double inventory = tj_plan_numbers(at->plan, cell->history)[at->last_inventory];
    if (modelled == 0 && inventory != 0)
        return -1;
    found->kappa[index] = modelled == 0 ? 1 : inventory / modelled;
    tj_reference_scale(at, emission, found->kappa[index]);
    return 0;
}

int tj_reference_burn(const tj_reference_at *at, int32_t index, tj_reference_found *found)
{
    const tj_plan_cell *cell = tj_plan_get_cell(at->plan, index);
    const tj_plan_carrier *carriers = tj_plan_section(at->plan, TJ_SECTION_CARRIERS, NULL);
    double *emission = found->emission + tj_reference_row(at, index);
    tj_reference_clear(at, emission);
    for (int32_t f = cell->carriers_first; f < cell->carriers_first + cell->carriers_count; f++) {
        const double *use = found->use + tj_reference_row(at, f);
        for (int32_t y = at->last_inventory; y < tj_plan_get_settings(at->plan)->n_years; y++)
            if (carriers[f].account == TJ_CARRIER_BURNT)
                emission[y] += use[y] * tj_reference_value(at, carriers[f].factor, y);
    }
    if (tj_reference_calibrate(at, index, found) != 0)
        return -1;
    for (int32_t f = cell->carriers_first; f < cell->carriers_first + cell->carriers_count; f++)
        tj_reference_scale(at, found->use + tj_reference_row(at, f), found->kappa[index]);
    return 0;
}

/* What the city's cells use of the carriers that this cell supplies. */
static double use_in_city(const tj_reference_at *at, int32_t index, const tj_reference_found *found,
                          int32_t year)
{
    const tj_plan_city *city = tj_plan_get_city(at->plan, at->city);
    const tj_plan_carrier *carriers = tj_plan_section(at->plan, TJ_SECTION_CARRIERS, NULL);
    double use = 0;
    for (int32_t c = city->cells_first; c < city->cells_first + city->cells_count; c++) {
        const tj_plan_cell *cell = tj_plan_get_cell(at->plan, c);
        for (int32_t f = cell->carriers_first; f < cell->carriers_first + cell->carriers_count; f++)
            if (carriers[f].supply == index && tj_reference_present(at, c))
                use += found->use[tj_reference_row(at, f) + (size_t)year];
    }
    return use;
}

/* t of fossil CO2 that a MWh of output emits, sum share phi EF / efficiency (1 - capture), and t of biogenic
 * CO2 that it captures, sum share (1 - phi) EF / efficiency capture. */
static void output_factors(const tj_reference_at *at, const tj_plan_cell *cell, int32_t year, double *fossil,
                           double *captured)
{
    const tj_plan_source *sources = tj_plan_section(at->plan, TJ_SECTION_SOURCES, NULL);
    *fossil = *captured = 0;
    for (int32_t k = cell->sources_first; k < cell->sources_first + cell->sources_count; k++) {
        double share = tj_reference_value(at, sources[k].share, year);
        double capture = tj_reference_value(at, sources[k].capture, year);
        double phi = tj_reference_value(at, sources[k].fossil, year);
        double factor = sources[k].factor / sources[k].efficiency;
        *fossil += share * phi * factor * (1 - capture);
        *captured += share * (1 - phi) * factor * capture;
    }
}

/* Delivered: what leaves the plants over (1 - losses). The city's own are the plants that stand in it. */
int tj_reference_supply(const tj_reference_at *at, int32_t index, tj_reference_found *found)
{
    const tj_plan_cell *cell = tj_plan_get_cell(at->plan, index);
    double *factor = found->factor + tj_reference_row(at, index);
    double *captured = found->captured + tj_reference_row(at, index);
    for (int32_t y = at->last_inventory; y < tj_plan_get_settings(at->plan)->n_years; y++) {
        double fossil, biogenic, output = use_in_city(at, index, found, y) / (1 - cell->losses);
        output_factors(at, cell, y, &fossil, &biogenic);
        factor[y] = fossil / (1 - cell->losses);
        captured[y] = output * cell->in_city * biogenic;
        found->emission[tj_reference_row(at, index) + (size_t)y] = output * cell->in_city * fossil;
    }
    if (tj_reference_calibrate(at, index, found) != 0)
        return -1;
    tj_reference_scale(at, factor, found->kappa[index]);
    tj_reference_scale(at, captured, found->kappa[index]);
    return 0;
}
