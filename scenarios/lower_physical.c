/* Sectors with memory: what stock, building, supply and landfill cells share. Their drivers come from
 * drivers.csv, what is known of year H from fleets.csv; both hold for the closest place they name. */
#include "scenarios/lower.h"

#include <string.h>

const tj_fleet_row *tj_lower_datum(const tj_lowering *low, int city, const char *sector, const char *item,
                                   tj_datum kind)
{
    const tj_fleet_row *best = NULL;
    for (int rank = -1, i = 0; i < (int)low->study->fleets_count; i++) {
        const tj_fleet_row *row = &low->study->fleets[i];
        if (row->kind != kind || strcmp(row->sector.text, sector) != 0 ||
            (item != NULL && strcmp(row->item.text, item) != 0))
            continue;
        int close = tj_lower_closeness(low, row->city.text, city);
        if (close <= rank)
            continue;
        rank = close;
        best = row;
    }
    return best;
}

int tj_lower_common_factor(const tj_lowering *low, const char *name)
{
    return strncmp(name, "factor.", 7) == 0 && tj_study_carrier(low->study, name + 7) >= 0;
}

static void nothing_known(tj_lowering *low, const tj_sector *record, const char *what)
{
    TJ_LOWER_ERROR(low, record->mark, "sector '%s' has method %s but no %s", record->id.text,
                   record->method.count > 0 ? record->method.items[0].value.text : "trend", what);
}

void tj_lower_physical(tj_lowering *low, int cell)
{
    const tj_sector *record = low->cells[cell].record;
    tj_data_drivers of = {low, cell, 1};
    tj_plan_cell *plan = &low->plan_cells[cell];
    plan->removal_cell = plan->pile = plan->deposits = TJ_NONE;
    switch (low->cells[cell].method) {
    case TJ_METHOD_STOCK:
    case TJ_METHOD_BUILDING:
        if (record->fleets_count == 0)
            nothing_known(low, record, "fleets");
        tj_lower_fleets(low, cell, &of);
        break;
    case TJ_METHOD_SUPPLY:
        if (record->sources.count == 0 || record->carrier.text == NULL)
            nothing_known(low, record, record->carrier.text == NULL ? "carrier" : "sources");
        else
            tj_lower_supply(low, cell, &of);
        break;
    default:
        if (record->wastes_count == 0)
            nothing_known(low, record, "wastes");
        else
            tj_lower_landfill(low, cell, &of);
    }
}
