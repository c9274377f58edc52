/* Cells with memory in made plans; see physical_maker.h. */
#include "tests/physical_maker.h"

#include <assert.h>
#include <stdlib.h>

/* ---- carriers ---- */

static int32_t add_carrier(tj_maker *maker, int32_t cell, int32_t number, int32_t factor)
{
    tj_plan_carrier carrier = {
        .cell = cell, .carrier = number, .factor = factor, .supply = TJ_NONE, .account = TJ_CARRIER_BURNT};
    if (number >= tj_maker_settings(maker)->n_carriers)
        tj_maker_settings(maker)->n_carriers = number + 1;
    return tj_maker_append(maker, TJ_SECTION_CARRIERS, &carrier, 1);
}

int32_t tj_maker_users(tj_maker *maker, int32_t sector, const double *history, tj_method method,
                       int32_t carriers)
{
    int32_t cell = tj_maker_cell(maker, sector, history, method);
    for (int32_t f = 0; f < carriers; f++) {
        int32_t at = add_carrier(maker, cell, f, tj_maker_add_driver(maker, cell, 1, 0));
        if (f == 0)
            tj_maker_get_cell(maker, cell)->carriers_first = at;
    }
    tj_maker_get_cell(maker, cell)->carriers_count = carriers;
    return cell;
}

void tj_maker_list_carriers(tj_maker *maker, int32_t cell)
{
    int32_t count = tj_maker_get_cell(maker, cell)->n_carriers;
    for (int32_t f = 0; f < count; f++) {
        int32_t at = add_carrier(maker, cell, f, tj_maker_driver(maker, cell, 2 + count + f));
        if (f == 0)
            tj_maker_get_cell(maker, cell)->carriers_first = at;
    }
    tj_maker_get_cell(maker, cell)->carriers_count = count;
}

tj_plan_carrier *tj_maker_get_carrier(tj_maker *maker, int32_t cell, int32_t f)
{
    tj_plan_carrier *carriers = tj_maker_items(maker, TJ_SECTION_CARRIERS, NULL);
    return &carriers[tj_maker_get_cell(maker, cell)->carriers_first + f];
}

void tj_maker_network(tj_maker *maker, int32_t cell, int32_t f, int32_t supply)
{
    tj_plan_carrier *carrier = tj_maker_get_carrier(maker, cell, f);
    carrier->account = TJ_CARRIER_NETWORK;
    carrier->supply = supply;
    if (supply != TJ_NONE)
        carrier->factor = TJ_NONE;
}

/* ---- fleets ---- */

static void add_floor_drivers(tj_maker *maker, int32_t cell, tj_plan_fleet *fleet)
{
    fleet->demolition = tj_maker_add_driver(maker, cell, 0, TJ_DRIVER_FRACTION);
    fleet->code = tj_maker_add_driver(maker, cell, 0, 0);
    fleet->rate = tj_maker_add_driver(maker, cell, 0, TJ_DRIVER_FRACTION);
    fleet->depth = tj_maker_add_driver(maker, cell, 0, TJ_DRIVER_FRACTION);
}

static void add_technologies(tj_maker *maker, int32_t cell, int32_t fleet, int32_t count)
{
    int32_t sales = tj_maker_add_shares(maker, cell, count);
    for (int32_t k = 0; k < count; k++) {
        tj_plan_technology technology = {.fleet = fleet,
                                         .sales = sales + k,
                                         .scrappage = tj_maker_add_driver(maker, cell, 0, TJ_DRIVER_FRACTION),
                                         .market_year = 1900,
                                         .ages = TJ_NONE,
                                         .share = 1.0 / count,
                                         .lambda = tj_fixed(10),
                                         .beta = tj_fixed(2)};
        tj_maker_append(maker, TJ_SECTION_TECHNOLOGIES, &technology, 1);
    }
    tj_maker_get_fleet(maker, fleet)->sales_group = tj_maker_get_driver(maker, sales)->share_group;
}

int32_t tj_maker_fleet(tj_maker *maker, int32_t cell, tj_fleet_kind kind, double demand, double activity,
                       int32_t count)
{
    size_t technologies;
    tj_maker_items(maker, TJ_SECTION_TECHNOLOGIES, &technologies);
    tj_plan_fleet fleet = {.cell = cell,
                           .kind = (int32_t)kind,
                           .technologies_first = (int32_t)technologies,
                           .technologies_count = count,
                           .demand = tj_maker_add_driver(maker, cell, demand, 0),
                           .activity = tj_maker_add_driver(maker, cell, activity, 0),
                           .survival = tj_maker_add_driver(maker, cell, 1, 0),
                           .demolition = TJ_NONE,
                           .code = TJ_NONE,
                           .rate = TJ_NONE,
                           .depth = TJ_NONE};
    if (kind == TJ_FLEET_FLOOR)
        add_floor_drivers(maker, cell, &fleet);
    int32_t at = tj_maker_append(maker, TJ_SECTION_FLEETS, &fleet, 1);
    tj_plan_cell *record = tj_maker_get_cell(maker, cell);
    if (record->fleets_count++ == 0)
        record->fleets_first = at;
    add_technologies(maker, cell, at, count);
    return at;
}

tj_plan_fleet *tj_maker_get_fleet(tj_maker *maker, int32_t fleet)
{
    return (tj_plan_fleet *)tj_maker_items(maker, TJ_SECTION_FLEETS, NULL) + fleet;
}

tj_plan_technology *tj_maker_get_technology(tj_maker *maker, int32_t fleet, int32_t k)
{
    tj_plan_technology *all = tj_maker_items(maker, TJ_SECTION_TECHNOLOGIES, NULL);
    return &all[tj_maker_get_fleet(maker, fleet)->technologies_first + k];
}

int32_t tj_maker_burner(tj_maker *maker, int32_t fleet, int32_t k, int32_t carrier, double eta, double share)
{
    int32_t driver = tj_maker_add_driver(maker, tj_maker_get_fleet(maker, fleet)->cell, eta, 0);
    tj_plan_burner burner = {.carrier = carrier, .driver = driver, .share = share};
    int32_t at = tj_maker_append(maker, TJ_SECTION_BURNERS, &burner, 1);
    tj_plan_technology *technology = tj_maker_get_technology(maker, fleet, k);
    if (technology->burners_count++ == 0)
        technology->burners_first = at;
    assert(technology->burners_first + technology->burners_count == at + 1);
    return driver;
}

/* ---- supply, landfill ---- */

int32_t tj_maker_supply(tj_maker *maker, int32_t sector, const double *history, int32_t sources)
{
    int32_t cell = tj_maker_cell(maker, sector, history, TJ_METHOD_SUPPLY);
    int32_t shares = tj_maker_add_shares(maker, cell, sources), first = TJ_NONE;
    for (int32_t k = 0; k < sources; k++) {
        tj_plan_source source = {.cell = cell,
                                 .share = shares + k,
                                 .capture = tj_maker_add_driver(maker, cell, 0, TJ_DRIVER_FRACTION),
                                 .fossil = tj_maker_add_driver(maker, cell, 1, TJ_DRIVER_FRACTION),
                                 .factor = 0.2,
                                 .efficiency = 1};
        int32_t at = tj_maker_append(maker, TJ_SECTION_SOURCES, &source, 1);
        first = k == 0 ? at : first;
    }
    tj_plan_cell *record = tj_maker_get_cell(maker, cell);
    record->sources_first = first;
    record->sources_count = sources;
    record->removal_cell = TJ_NONE;
    record->in_city = 1;
    return cell;
}

tj_plan_source *tj_maker_get_source(tj_maker *maker, int32_t cell, int32_t k)
{
    tj_plan_source *all = tj_maker_items(maker, TJ_SECTION_SOURCES, NULL);
    return &all[tj_maker_get_cell(maker, cell)->sources_first + k];
}

int32_t tj_maker_landfill(tj_maker *maker, int32_t sector, const double *history, int32_t wastes)
{
    int32_t cell = tj_maker_cell(maker, sector, history, TJ_METHOD_LANDFILL), first = TJ_NONE;
    int32_t shares = tj_maker_add_shares(maker, cell, wastes), pile = TJ_NONE;
    int32_t deposit = tj_maker_add_driver(maker, cell, 0, 0);
    int32_t recovery = tj_maker_add_driver(maker, cell, 0, TJ_DRIVER_FRACTION);
    int32_t oxidation = tj_maker_add_driver(maker, cell, 0, TJ_DRIVER_FRACTION);
    int32_t other = tj_maker_add_driver(maker, cell, 0, 0);
    for (int32_t k = 0; k < wastes; k++) {
        tj_plan_waste waste = {.cell = cell, .share = shares + k, .ddoc = 0.1, .decay = 0.1};
        int32_t at = tj_maker_append(maker, TJ_SECTION_WASTES, &waste, 1);
        int32_t empty = tj_maker_numbers(maker, &(double){0}, 1);
        first = k == 0 ? at : first;
        pile = k == 0 ? empty : pile;
    }
    tj_plan_cell *record = tj_maker_get_cell(maker, cell);
    record->wastes_first = first;
    record->wastes_count = wastes;
    record->deposit = deposit;
    record->recovery = recovery;
    record->oxidation = oxidation;
    record->other = other;
    record->pile = pile;
    record->deposits = TJ_NONE;
    record->gwp = 28;
    record->methane_share = 0.5;
    return cell;
}

tj_plan_waste *tj_maker_get_waste(tj_maker *maker, int32_t cell, int32_t k)
{
    tj_plan_waste *all = tj_maker_items(maker, TJ_SECTION_WASTES, NULL);
    return &all[tj_maker_get_cell(maker, cell)->wastes_first + k];
}

/* ---- rows ---- */

int32_t tj_maker_row(tj_maker *maker, tj_row_kind kind, int32_t cell, int32_t item)
{
    int32_t index = tj_maker_get_cell(maker, cell)->city;
    tj_plan_city *city = tj_maker_get_city(maker, index);
    tj_plan_row row = {
        .kind = (int32_t)kind, .city = index, .cell = cell, .item = item, .slot = city->rows_count};
    int32_t at = tj_maker_append(maker, TJ_SECTION_ROWS, &row, 1);
    if (city->rows_count++ == 0)
        city->rows_first = at;
    assert(city->rows_first + city->rows_count == at + 1);
    tj_maker_settings(maker)->n_rows++;
    return row.slot;
}

static void add_fleet_rows(tj_maker *maker, int32_t cell, int32_t fleet)
{
    const tj_plan_fleet record = *tj_maker_get_fleet(maker, fleet);
    for (int32_t k = 0; k < record.technologies_count; k++) {
        tj_maker_row(maker, TJ_ROW_UNITS, cell, record.technologies_first + k);
        tj_maker_row(maker, TJ_ROW_SALES, cell, record.technologies_first + k);
    }
    if (record.kind == TJ_FLEET_FLOOR)
        tj_maker_row(maker, TJ_ROW_RENOVATED, cell, fleet);
    tj_maker_row(maker, TJ_ROW_RETIRED, cell, fleet);
}

void tj_maker_rows(tj_maker *maker)
{
    const tj_plan_city city = *tj_maker_get_city(maker, tj_maker_settings(maker)->n_cities - 1);
    for (int32_t c = city.cells_first; c < city.cells_first + city.cells_count; c++) {
        const tj_plan_cell cell = *tj_maker_get_cell(maker, c);
        for (int32_t f = 0; f < cell.carriers_count; f++)
            tj_maker_row(maker, TJ_ROW_ENERGY, c, f);
        if (cell.carriers_count > 0)
            tj_maker_row(maker, TJ_ROW_SCOPE2, c, 0);
        for (int32_t f = 0; f < cell.fleets_count; f++)
            add_fleet_rows(maker, c, cell.fleets_first + f);
        if (cell.carriers_count > 0 || cell.method >= TJ_METHOD_STOCK)
            tj_maker_row(maker, TJ_ROW_KAPPA, c, 0);
        if (cell.method == TJ_METHOD_SUPPLY)
            tj_maker_row(maker, TJ_ROW_FACTOR, c, 0);
        if (cell.method == TJ_METHOD_LANDFILL)
            tj_maker_row(maker, TJ_ROW_METHANE, c, 0);
    }
}

/* ---- playing ---- */

void tj_play(tj_played *played, tj_runner *runner, int32_t background, int32_t package, int32_t city,
             size_t block, int with_rows)
{
    *played = (tj_played){.plan = runner->plan, .draws = runner->draws.count};
    played->out = malloc((tj_runner_length(runner, city) + 1) * sizeof *played->out);
    played->rows = malloc((tj_runner_rows_length(runner, city) + 1) * sizeof *played->rows);
    assert(played->out != NULL && played->rows != NULL);
    tj_status status = tj_runner_run_rows(runner, background, package, city, block, played->out,
                                          with_rows ? played->rows : NULL);
    assert(status == TJ_OK);
    (void)status;
}

void tj_played_free(tj_played *played)
{
    free(played->out);
    free(played->rows);
}

void tj_play_made(tj_played *played, tj_maker *maker, int32_t package, size_t draws)
{
    tj_plan *plan = tj_maker_finish(maker);
    tj_runner runner;
    tj_runner_open(&runner, &tj_backend_lanes, plan, draws);
    tj_play(played, &runner, 0, package, 0, draws, 1);
    tj_runner_close(&runner);
}

void tj_played_end(tj_played *played)
{
    tj_plan_free((tj_plan *)played->plan);
    tj_played_free(played);
}

static size_t place(const tj_played *played, int32_t k, int year, size_t draw)
{
    size_t n_years = (size_t)tj_plan_get_settings(played->plan)->n_years;
    return ((size_t)k * n_years + (size_t)year) * played->draws + draw;
}

double tj_played_cell(const tj_played *played, int32_t k, int year, size_t draw)
{
    return played->out[place(played, k, year, draw)];
}

double tj_played_row(const tj_played *played, int32_t slot, int year, size_t draw)
{
    return played->rows[place(played, slot, year, draw)];
}
