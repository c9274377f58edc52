/* The physical rows of a city in the reference simulator, from what its cells were found to be.
 *
 * Energy, scope 2 and methane carry the city's level factor as emissions do; units, floor, kappa and factors do
 * not. A sector that is absent in H has no rows. */
#include "engine/reference.h"

#include <assert.h>
#include <stddef.h>

/* Use of the cell's network carriers times their factors: the carrier's own, or what its supply delivers. */
static double scope2(const tj_reference_at *at, const tj_reference_found *found, int32_t index, int32_t year)
{
    const tj_plan_cell *cell = tj_plan_get_cell(at->plan, index);
    const tj_plan_carrier *carriers = tj_plan_section(at->plan, TJ_SECTION_CARRIERS, NULL);
    double sum = 0;
    for (int32_t f = cell->carriers_first; f < cell->carriers_first + cell->carriers_count; f++) {
        if (carriers[f].account != TJ_CARRIER_NETWORK)
            continue;
        double factor = carriers[f].supply == TJ_NONE
                            ? tj_reference_value(at, carriers[f].factor, year)
                            : found->factor[tj_reference_row(at, carriers[f].supply) + (size_t)year];
        sum += found->use[tj_reference_row(at, f) + (size_t)year] * factor;
    }
    return sum;
}

static double value_of(const tj_reference_at *at, const tj_reference_found *found, const tj_plan_row *row,
                       int32_t year, double level)
{
    const tj_plan_cell *cell = tj_plan_get_cell(at->plan, row->cell);
    size_t item = tj_reference_row(at, row->item) + (size_t)year;
    size_t own = tj_reference_row(at, row->cell) + (size_t)year;
    switch (row->kind) {
    case TJ_ROW_ENERGY:
        return found->use[tj_reference_row(at, cell->carriers_first + row->item) + (size_t)year] * level;
    case TJ_ROW_SCOPE2:
        return scope2(at, found, row->cell, year) * level;
    case TJ_ROW_UNITS:
        return found->units[item];
    case TJ_ROW_SALES:
        return found->sales[item];
    case TJ_ROW_RENOVATED:
        return found->renovated[item];
    case TJ_ROW_RETIRED:
        return found->retired[item];
    case TJ_ROW_KAPPA:
        return found->kappa[row->cell];
    case TJ_ROW_FACTOR:
        return found->factor[own];
    default:
        assert(row->kind == TJ_ROW_METHANE);
        return found->methane[own] * level;
    }
}

void tj_reference_rows(const tj_reference_at *at, const tj_reference_found *found, size_t stride,
                       double *rows)
{
    const tj_plan_city *city = tj_plan_get_city(at->plan, at->city);
    const tj_plan_row *list = tj_plan_section(at->plan, TJ_SECTION_ROWS, NULL);
    int32_t n_years = tj_plan_get_settings(at->plan)->n_years;
    int32_t first = at->rows_first > at->last_inventory ? at->rows_first : at->last_inventory;
    double level = tj_reference_term(at, city->level);
    for (int32_t r = city->rows_first; r < city->rows_first + city->rows_count; r++) {
        int32_t slot = at->row_slot != NULL ? at->row_slot[list[r].slot] : list[r].slot;
        if (slot == TJ_NONE || !tj_reference_present(at, list[r].cell))
            continue;
        for (int32_t y = first; y < n_years; y++)
            rows[(tj_reference_row(at, slot) + (size_t)y) * stride] = value_of(at, found, &list[r], y, level);
    }
}
