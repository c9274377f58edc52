/* Physical rows of a city and year, from the state of its cells with memory; see physical_parts.h. */
#include "engine/physical_parts.h"

#include <assert.h>

static tj_memory *memory_of(const tj_scratch *scratch, const tj_plan_row *row)
{
    return &scratch->physical->cells[row->cell - scratch->city->cells_first];
}

static void write_energy(const tj_scratch *scratch, const tj_plan_row *row, double *to)
{
    tj_row_product(scratch->n, tj_physical_row(memory_of(scratch, row)->energy, row->item), 1.0,
                   scratch->level, to);
}

/* t CO2e per MWh of a carrier of a cell: its supply cell's, or its own driver's. */
static const double *factor_of(const tj_scratch *scratch, const tj_plan_carrier *carrier)
{
    if (carrier->supply == TJ_NONE)
        return tj_feed_now(scratch, carrier->factor);
    const tj_memory *supply = &scratch->physical->cells[carrier->supply - scratch->city->cells_first];
    assert(supply->computed);
    return supply->supply.delivered;
}

static void write_scope2(const tj_scratch *scratch, const tj_plan_row *row, double *to)
{
    const tj_memory *memory = memory_of(scratch, row);
    size_t count = 0;
    for (int32_t f = 0; f < memory->cell->carriers_count; f++) {
        const tj_plan_carrier *carrier = tj_physical_carrier(scratch, memory->cell, f);
        if (carrier->account == TJ_CARRIER_NETWORK)
            scratch->terms[count++] = (tj_weighed){.a_row = tj_physical_row(memory->energy, f),
                                                   .b_row = factor_of(scratch, carrier)};
    }
    tj_row_weigh(scratch->n, count, scratch->terms, to);
    tj_row_multiply(scratch->n, scratch->level, to);
}

static const tj_technology *technology_of(const tj_scratch *scratch, const tj_plan_row *row)
{
    const tj_plan_technology *all = tj_plan_section(scratch->plan, TJ_SECTION_TECHNOLOGIES, NULL);
    const tj_memory *memory = memory_of(scratch, row);
    const tj_fleet *fleet = &memory->fleets[all[row->item].fleet - memory->cell->fleets_first];
    return &fleet->technologies[row->item - fleet->record->technologies_first];
}

static void write_units(const tj_scratch *scratch, const tj_plan_row *row, double *to)
{
    tj_row_copy(scratch->n, technology_of(scratch, row)->units, to);
}

static void write_sales(const tj_scratch *scratch, const tj_plan_row *row, double *to)
{
    tj_row_copy(scratch->n, technology_of(scratch, row)->sales, to);
}

static void write_renovated(const tj_scratch *scratch, const tj_plan_row *row, double *to)
{
    const tj_memory *memory = memory_of(scratch, row);
    tj_row_copy(scratch->n, memory->fleets[row->item - memory->cell->fleets_first].floor.done, to);
}

static void write_retired(const tj_scratch *scratch, const tj_plan_row *row, double *to)
{
    const tj_memory *memory = memory_of(scratch, row);
    tj_row_copy(scratch->n, memory->fleets[row->item - memory->cell->fleets_first].retired, to);
}

static void write_kappa(const tj_scratch *scratch, const tj_plan_row *row, double *to)
{
    tj_row_copy(scratch->n,
                tj_base_constant(scratch->prepared, row->cell, scratch->background) + scratch->first, to);
}

static void write_factor(const tj_scratch *scratch, const tj_plan_row *row, double *to)
{
    tj_row_copy(scratch->n, memory_of(scratch, row)->supply.delivered, to);
}

static void write_methane(const tj_scratch *scratch, const tj_plan_row *row, double *to)
{
    tj_row_product(scratch->n, memory_of(scratch, row)->landfill.methane, 1.0, scratch->level, to);
}

/* One record a kind. */
typedef void row_writer(const tj_scratch *scratch, const tj_plan_row *row, double *to);
static row_writer *const writers[TJ_ROW_KINDS] = {
    [TJ_ROW_ENERGY] = write_energy, [TJ_ROW_SCOPE2] = write_scope2,       [TJ_ROW_UNITS] = write_units,
    [TJ_ROW_SALES] = write_sales,   [TJ_ROW_RENOVATED] = write_renovated, [TJ_ROW_KAPPA] = write_kappa,
    [TJ_ROW_FACTOR] = write_factor, [TJ_ROW_METHANE] = write_methane,     [TJ_ROW_RETIRED] = write_retired,
};

void tj_physical_write_rows(const tj_scratch *scratch, int32_t year)
{
    const tj_plan_row *all = tj_plan_section(scratch->plan, TJ_SECTION_ROWS, NULL);
    for (int32_t i = 0; i < scratch->city->rows_count && year >= scratch->rows_first; i++) {
        const tj_plan_row *row = &all[scratch->city->rows_first + i];
        const tj_plan_cell *cell = tj_plan_get_cell(scratch->plan, row->cell);
        if (!tj_physical_wants_row(scratch, row) ||
            tj_plan_bytes(scratch->plan, cell->status)[scratch->city->last_inventory] == TJ_ABSENT)
            continue;
        assert(memory_of(scratch, row)->computed || row->kind == TJ_ROW_KAPPA);
        size_t slot = (size_t)(scratch->row_slot != NULL ? scratch->row_slot[row->slot] : row->slot);
        size_t at = slot * (size_t)scratch->settings->n_years + (size_t)year;
        writers[row->kind](scratch, row, scratch->physical_rows + at * scratch->stride);
        if (year + 1 < scratch->settings->n_years)
            tj_row_fetch(scratch->n, scratch->physical_rows + (at + 1) * scratch->stride);
    }
}
