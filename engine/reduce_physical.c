/* Statistics of physical rows; see reduce_physical.h.
 *
 * Where a row is the same in a finished unit, so are its statistics. */
#include "engine/reduce_physical.h"

#include "engine/operators.h"
#include "engine/reduce_row.h"

/* What happens in a year is not known of H, with which the model begins. */
static int is_flow(const tj_plan_row *row)
{
    return row->kind == TJ_ROW_SALES || row->kind == TJ_ROW_RENOVATED || row->kind == TJ_ROW_RETIRED;
}

static int has_value(const tj_reduction *r, const tj_plan_row *row, int32_t year)
{
    const tj_plan_city *city = tj_plan_get_city(r->plan, r->city);
    const tj_plan_cell *cell = tj_plan_get_cell(r->plan, row->cell);
    return year >= city->last_inventory + is_flow(row) &&
           tj_plan_bytes(r->plan, cell->status)[city->last_inventory] != TJ_ABSENT;
}

/* The finished unit that has the row. */
static tj_blocks twin_of(const tj_reduction *r, const tj_plan_row *row, int32_t year)
{
    tj_blocks alike = tj_reduce_alike(r, year);
    if (alike != NULL)
        return alike;
    return r->row_twin != NULL ? r->row_twin[row->slot] : NULL;
}

static const double *values_of(const tj_reduction *r, const tj_plan_row *row, int32_t year)
{
    size_t slot = (size_t)(r->row_slot != NULL ? r->row_slot[row->slot] : row->slot);
    return r->rows + (slot * (size_t)tj_plan_get_settings(r->plan)->n_years + (size_t)year) * r->draws->count;
}

/* Asks for the values of the next row that is reduced, from `row` on. */
static void fetch_next(const tj_reduction *r, const tj_plan_row *row, const tj_plan_row *end, int32_t year)
{
    while (row < end && (!has_value(r, row, year) || twin_of(r, row, year) != NULL))
        row++;
    if (row == end)
        return;
    tj_row_fetch(r->draws->count, values_of(r, row, year));
}

void tj_reduce_physical(const tj_reduction *r, int32_t year, double *work)
{
    const tj_plan_row *all = tj_plan_section(r->plan, TJ_SECTION_ROWS, NULL);
    const tj_plan_city *city = tj_plan_get_city(r->plan, r->city);
    const tj_plan_row *begin = all + city->rows_first, *end = begin + city->rows_count;
    size_t n_years = (size_t)tj_plan_get_settings(r->plan)->n_years;
    for (const tj_plan_row *row = begin; row < end; row++) {
        size_t to = (size_t)(row - all) * n_years + (size_t)year;
        if (!has_value(r, row, year))
            continue; /* it is NaN already */
        if (twin_of(r, row, year) != NULL) {
            tj_row_take(r->ranks, twin_of(r, row, year), r->field, TJ_FIELD_PHYSICAL_QUANTILE, to);
        } else {
            fetch_next(r, row + 1, end, year);
            tj_row_put(r->ranks, r->field, TJ_FIELD_PHYSICAL_QUANTILE, to, values_of(r, row, year), work);
        }
    }
}
