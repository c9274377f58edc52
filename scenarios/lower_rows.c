/* Physical results: which rows each city has, and what they are called. */
#include "scenarios/lower.h"

typedef struct row_work {
    tj_lowering *low;
    int city, cell, slot;
} row_work;

static const char *const kind_names[TJ_ROW_KINDS] = {
    [TJ_ROW_ENERGY] = "energy", [TJ_ROW_SCOPE2] = "scope2",       [TJ_ROW_UNITS] = "units",
    [TJ_ROW_SALES] = "sales",   [TJ_ROW_RENOVATED] = "renovated", [TJ_ROW_KAPPA] = "kappa",
    [TJ_ROW_FACTOR] = "factor", [TJ_ROW_METHANE] = "methane",     [TJ_ROW_RETIRED] = "retired",
};

static void add_row(row_work *w, int kind, int item, const char *name, tj_label label, const char *unit)
{
    tj_lowering *low = w->low;
    tj_plan_row row = {.kind = kind, .city = w->city, .cell = w->cell, .item = item, .slot = w->slot++};
    tj_row_info *grown = tj_arena_grow(low->arena, low->out->rows, low->rows_count, &low->rows_capacity,
                                       sizeof *low->out->rows);
    if (grown == NULL) {
        low->memory_short = 1;
        return;
    }
    low->out->rows = grown;
    const char *sector = low->cells[w->cell].record->id.text;
    low->out->rows[low->rows_count++] =
        (tj_row_info){.id = tj_lower_text(low, "%s.%s%s%s@%s", sector, kind_names[kind],
                                          *name == '\0' ? "" : ".", name, tj_lower_city_id(low, w->city)),
                      .city = w->city,
                      .sector = low->cells[w->cell].sector,
                      .kind = kind_names[kind],
                      .item = name,
                      .unit = unit,
                      .label = label};
    tj_plan_add(low->builder, TJ_SECTION_ROWS, &row, 1);
}

/* Energy by carrier, and scope 2 where a network brings any. */
static void carrier_rows(row_work *w)
{
    const tj_plan_cell *plan = &w->low->plan_cells[w->cell];
    const tj_plan_carrier *carriers = tj_plan_items(w->low->builder, TJ_SECTION_CARRIERS, NULL);
    int network = 0;
    for (int i = 0; i < plan->carriers_count; i++) {
        const tj_carrier *carrier = &w->low->study->carriers[carriers[plan->carriers_first + i].carrier];
        network |= carriers[plan->carriers_first + i].account == TJ_CARRIER_NETWORK;
        add_row(w, TJ_ROW_ENERGY, i, carrier->id.text, carrier->label, "MWh/year");
    }
    if (network)
        add_row(w, TJ_ROW_SCOPE2, 0, "", (tj_label){0}, "t CO2e/year");
}

static void fleet_rows(row_work *w)
{
    const tj_plan_cell *plan = &w->low->plan_cells[w->cell];
    const tj_sector *record = w->low->cells[w->cell].record;
    int floor = w->low->cells[w->cell].method == TJ_METHOD_BUILDING;
    const tj_plan_fleet *fleets = tj_plan_items(w->low->builder, TJ_SECTION_FLEETS, NULL);
    for (int f = 0; f < plan->fleets_count; f++) {
        const tj_plan_fleet *fleet = &fleets[plan->fleets_first + f];
        char unit[64];
        tj_dimension_name(w->low->drivers[fleet->demand].dimension, unit, sizeof unit);
        const char *held = tj_lower_text(w->low, "%s", unit),
                   *yearly = tj_lower_text(w->low, "%s/year", unit);
        for (int t = 0; t < fleet->technologies_count; t++) {
            const tj_technology *technology = &w->low->study->technologies[tj_study_technology(
                w->low->study, record->fleets[f].technologies.items[t].text)];
            add_row(w, TJ_ROW_UNITS, fleet->technologies_first + t, technology->id.text, technology->label,
                    held);
            add_row(w, TJ_ROW_SALES, fleet->technologies_first + t, technology->id.text, technology->label,
                    yearly);
        }
        if (floor)
            add_row(w, TJ_ROW_RENOVATED, plan->fleets_first + f, record->fleets[f].id.text,
                    record->fleets[f].label, yearly);
        add_row(w, TJ_ROW_RETIRED, plan->fleets_first + f, record->fleets[f].id.text, record->fleets[f].label,
                yearly);
    }
}

static void cell_rows(row_work *w)
{
    switch (w->low->cells[w->cell].method) {
    case TJ_METHOD_STOCK:
    case TJ_METHOD_BUILDING:
        carrier_rows(w);
        fleet_rows(w);
        add_row(w, TJ_ROW_KAPPA, 0, "", (tj_label){0}, "1");
        break;
    case TJ_METHOD_SUPPLY:
        add_row(w, TJ_ROW_FACTOR, 0, "", (tj_label){0}, "t CO2/MWh");
        add_row(w, TJ_ROW_KAPPA, 0, "", (tj_label){0}, "1");
        break;
    case TJ_METHOD_LANDFILL:
        add_row(w, TJ_ROW_METHANE, 0, "", (tj_label){0}, "t CH4/year");
        add_row(w, TJ_ROW_KAPPA, 0, "", (tj_label){0}, "1");
        break;
    default:
        break;
    }
}

void tj_lower_rows(tj_lowering *low)
{
    size_t errors = low->diags->errors;
    for (int c = 0; errors == 0 && c < low->n_cities; c++) {
        row_work w = {.low = low, .city = c};
        low->cities[c].rows_first = (int32_t)low->rows_count;
        for (w.cell = low->cities[c].cells_first;
             w.cell < low->cities[c].cells_first + low->cities[c].cells_count; w.cell++)
            cell_rows(&w);
        low->cities[c].rows_count = w.slot;
    }
}
