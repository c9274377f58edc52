/* Cells with memory, by city and year; see physical.h.
 *
 * Order in a year: fleets, landfills and intensity cells with the energy that they use; the city's use of each
 * supply cell's carrier, cells ascending; supply cells; removals; rows. */
#include "engine/physical.h"

#include "engine/kernel.h"
#include "engine/physical_parts.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* ---- access ---- */

double *tj_physical_row(double *rows, int32_t f)
{
    return rows + (size_t)f * TJ_FLEET_LANES;
}

const tj_plan_carrier *tj_physical_carrier(const tj_scratch *scratch, const tj_plan_cell *cell, int32_t f)
{
    const tj_plan_carrier *all = tj_plan_section(scratch->plan, TJ_SECTION_CARRIERS, NULL);
    return &all[cell->carriers_first + f];
}

double *tj_physical_kappa(const tj_scratch *scratch, int32_t k)
{
    return tj_base_kappa(scratch->prepared, scratch->city->cells_first + k, scratch->background) +
           scratch->first;
}

const double *tj_physical_kappa_in(const tj_scratch *scratch, int32_t k, int32_t year, double *row)
{
    const double *kappa = tj_physical_kappa(scratch, k);
    const double *wander = tj_base_wander(scratch->prepared, scratch->city->cells_first + k, year);
    if (wander == NULL)
        return kappa;
    tj_row_product(scratch->n, kappa, 1.0, wander + scratch->first, row);
    return row;
}

static double inventory_of(const tj_scratch *scratch, const tj_plan_cell *cell)
{
    return tj_plan_numbers(scratch->plan, cell->history)[scratch->city->last_inventory];
}

/* Where a year's emissions of a cell go. */
static double *output_of(const tj_scratch *scratch, int32_t k, int32_t year)
{
    size_t slot = (size_t)(scratch->cell_slot != NULL ? scratch->cell_slot[k] : k);
    return scratch->out + (slot * (size_t)scratch->settings->n_years + (size_t)year) * scratch->stride;
}

/* ---- layout ---- */

/* How many of everything the cells of a city have. */
typedef struct counts {
    size_t fleets, technologies, burns, carriers;
} counts;

/* Cuts the rows of a computed cell; `at` counts what the cells before it took. */
static void layout_cell(const tj_plan *plan, tj_physical *physical, tj_memory *memory, counts *at,
                        tj_pool *pool)
{
    const tj_plan_fleet *fleets = tj_plan_section(plan, TJ_SECTION_FLEETS, NULL);
    const tj_plan_technology *technologies = tj_plan_section(plan, TJ_SECTION_TECHNOLOGIES, NULL);
    const tj_plan_cell *cell = memory->cell;
    memory->fleets = physical->fleets + at->fleets;
    memory->energy = tj_pool_cut(pool, (size_t)cell->carriers_count);
    if (cell->method == TJ_METHOD_SUPPLY)
        tj_supply_layout(cell, &memory->supply, pool);
    if (cell->method == TJ_METHOD_LANDFILL)
        tj_landfill_layout(cell, &memory->landfill, pool);
    for (int32_t i = 0; i < cell->fleets_count; i++) {
        const tj_plan_fleet *record = &fleets[cell->fleets_first + i];
        tj_fleet *fleet = &memory->fleets[i];
        fleet->technologies = physical->technologies + at->technologies;
        fleet->burns = physical->burns + at->burns;
        fleet->carriers = physical->carriers + at->carriers;
        tj_fleet_layout(plan, physical->lifetimes, record, fleet, pool);
        at->fleets++;
        at->carriers += (size_t)cell->carriers_count;
        at->technologies += (size_t)record->technologies_count;
        for (int32_t k = 0; k < record->technologies_count; k++)
            at->burns += (size_t)technologies[record->technologies_first + k].burners_count;
    }
}

static int is_present(const tj_plan *plan, const tj_plan_cell *cell)
{
    int32_t last = tj_plan_get_city(plan, cell->city)->last_inventory;
    return tj_base_has_memory(cell) && tj_plan_bytes(plan, cell->status)[last] != TJ_ABSENT;
}

static counts count_city(const tj_plan *plan, int32_t city)
{
    const tj_plan_city *record = tj_plan_get_city(plan, city);
    const tj_plan_fleet *fleets = tj_plan_section(plan, TJ_SECTION_FLEETS, NULL);
    const tj_plan_technology *technologies = tj_plan_section(plan, TJ_SECTION_TECHNOLOGIES, NULL);
    counts total = {0, 0, 0, 0};
    for (int32_t k = 0; k < record->cells_count; k++) {
        const tj_plan_cell *cell = tj_plan_get_cell(plan, record->cells_first + k);
        total.fleets += (size_t)cell->fleets_count;
        total.carriers += (size_t)cell->fleets_count * (size_t)cell->carriers_count;
        for (int32_t i = 0; i < cell->fleets_count; i++) {
            const tj_plan_fleet *fleet = &fleets[cell->fleets_first + i];
            total.technologies += (size_t)fleet->technologies_count;
            for (int32_t j = 0; j < fleet->technologies_count; j++)
                total.burns += (size_t)technologies[fleet->technologies_first + j].burners_count;
        }
    }
    return total;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Rows of a city whose cells with memory are all computed. */
static size_t rows_of_city(const tj_plan *plan, tj_physical *physical, int32_t city)
{
    const tj_plan_city *record = tj_plan_get_city(plan, city);
    tj_pool pool = {NULL, 0};
    counts at = {0, 0, 0, 0};
    for (int32_t k = 0; k < record->cells_count; k++) {
        tj_memory memory = {.cell = tj_plan_get_cell(plan, record->cells_first + k)};
        layout_cell(plan, physical, &memory, &at, &pool);
    }
    return pool.rows;
}

static int allocate(const tj_plan *plan, tj_physical *physical)
{
    int32_t n_cities = tj_plan_get_settings(plan)->n_cities;
    size_t cells = 1, rows = 1;
    counts most = {1, 1, 1, 1};
    for (int32_t c = 0; c < n_cities; c++) {
        counts city = count_city(plan, c);
        cells = larger(cells, (size_t)tj_plan_get_city(plan, c)->cells_count);
        most.fleets = larger(most.fleets, city.fleets);
        most.technologies = larger(most.technologies, city.technologies);
        most.burns = larger(most.burns, city.burns);
        most.carriers = larger(most.carriers, city.carriers);
    }
    physical->lifetimes = tj_lifetimes_create(plan);
    physical->cells = calloc(cells, sizeof *physical->cells);
    physical->fleets = calloc(most.fleets, sizeof *physical->fleets);
    physical->technologies = calloc(most.technologies, sizeof *physical->technologies);
    physical->burns = calloc(most.burns, sizeof *physical->burns);
    physical->carriers = calloc(most.carriers, sizeof *physical->carriers);
    if (physical->lifetimes == NULL || physical->cells == NULL || physical->fleets == NULL ||
        physical->technologies == NULL || physical->burns == NULL || physical->carriers == NULL)
        return 0;
    for (int32_t c = 0; c < n_cities; c++)
        rows = larger(rows, rows_of_city(plan, physical, c));
    physical->rows = aligned_alloc(64, rows * TJ_FLEET_LANES * sizeof *physical->rows);
    return physical->rows != NULL;
}

tj_physical *tj_physical_create(const tj_plan *plan)
{
    tj_physical *physical = calloc(1, sizeof *physical);
    if (physical == NULL)
        return NULL;
    physical->plan = plan;
    if (allocate(plan, physical))
        return physical;
    tj_physical_free(physical);
    return NULL;
}

void tj_physical_free(tj_physical *physical)
{
    if (physical == NULL)
        return;
    tj_lifetimes_free(physical->plan, physical->lifetimes);
    free(physical->cells);
    free(physical->fleets);
    free(physical->technologies);
    free(physical->burns);
    free(physical->carriers);
    free(physical->rows);
    free(physical);
}

/* ---- cells that use energy, and landfills ---- */

/* What an intensity cell uses: activity * intensity * share by carrier. */
static void use_of_intensity(const tj_scratch *scratch, const tj_memory *memory)
{
    int32_t first = memory->cell->drivers_first;
    double product[TJ_FLEET_LANES];
    tj_row_product(scratch->n, tj_feed_now(scratch, first), 1.0, tj_feed_now(scratch, first + 1), product);
    for (int32_t f = 0; f < memory->cell->carriers_count; f++)
        tj_row_product(scratch->n, product, 1.0, tj_feed_now(scratch, first + 2 + f),
                       tj_physical_row(memory->energy, f));
}

/* What fleets use of carrier f. */
static void use_of_fleets(const tj_scratch *scratch, const tj_memory *memory, int32_t f)
{
    size_t count = 0;
    for (int32_t i = 0; i < memory->cell->fleets_count; i++)
        count += tj_fleet_list_energy(&memory->fleets[i], f, scratch->terms + count);
    tj_row_weigh(scratch->n, count, scratch->terms, tj_physical_row(memory->energy, f));
}

/* Energy by carrier, and what a landfill sector emits, by kappa; NULL while it is not known. */
static void find_energy(const tj_scratch *scratch, const tj_memory *memory, const double *kappa)
{
    int32_t carriers = memory->cell->carriers_count;
    if (memory->cell->method == TJ_METHOD_INTENSITY)
        use_of_intensity(scratch, memory);
    else
        for (int32_t f = 0; f < carriers; f++)
            use_of_fleets(scratch, memory, f);
    for (int32_t f = 0; f < carriers && kappa != NULL; f++)
        tj_row_multiply(scratch->n, kappa, tj_physical_row(memory->energy, f));
    if (memory->cell->method == TJ_METHOD_LANDFILL && kappa != NULL) {
        tj_row_multiply(scratch->n, kappa, memory->landfill.methane);
        tj_row_multiply(scratch->n, kappa, memory->landfill.other);
    }
}

/* Scope 1 of the year, without the level: what is burnt here, or methane. */
static void find_emission(const tj_scratch *scratch, const tj_memory *memory, double *emission)
{
    const tj_plan_cell *cell = memory->cell;
    size_t count = 0;
    if (cell->method == TJ_METHOD_LANDFILL) {
        tj_row_scaled(scratch->n, memory->landfill.methane, cell->gwp, 1.0, emission);
        tj_row_add(scratch->n, memory->landfill.other, 1.0, emission);
        return;
    }
    for (int32_t f = 0; f < cell->carriers_count; f++) {
        const tj_plan_carrier *carrier = tj_physical_carrier(scratch, cell, f);
        if (carrier->account == TJ_CARRIER_BURNT)
            scratch->terms[count++] =
                tj_feed_weigh(scratch, tj_physical_row(memory->energy, f), carrier->factor);
    }
    tj_row_weigh(scratch->n, count, scratch->terms, emission);
}

/* kappa of a cell in H from its energy without kappa; returns the impossible lanes. */
static size_t calibrate(const tj_scratch *scratch, const tj_memory *memory, int32_t k)
{
    double modelled[TJ_FLEET_LANES];
    find_energy(scratch, memory, NULL);
    find_emission(scratch, memory, modelled);
    return tj_feed_calibrate(scratch->n, inventory_of(scratch, memory->cell), modelled,
                             tj_physical_kappa(scratch, k));
}

/* Where the fleets' uses of a year stand, if the block keeps them. */
static void place_uses(const tj_scratch *scratch, const tj_memory *memory, int32_t year)
{
    const tj_kept_uses *kept = scratch->uses;
    for (int32_t i = 0; i < memory->cell->fleets_count && kept != NULL; i++) {
        tj_fleet *fleet = &memory->fleets[i];
        int32_t after = year - scratch->city->last_inventory;
        int32_t row = kept->at[memory->first_fleet + i] + after * fleet->n_uses;
        fleet->use = kept->rows + (size_t)row * kept->stride + scratch->done;
        fleet->use_stride = kept->stride;
        for (int32_t u = 0; u < fleet->n_uses && year + 1 < scratch->settings->n_years; u++)
            tj_row_fetch(scratch->n, fleet->use + (size_t)(fleet->n_uses + u) * kept->stride);
    }
}

static size_t start_cell(tj_scratch *scratch, tj_memory *memory, int32_t k)
{
    size_t impossible = 0;
    place_uses(scratch, memory, scratch->city->last_inventory);
    for (int32_t i = 0; i < memory->cell->fleets_count; i++)
        tj_fleet_start(scratch, &memory->fleets[i]);
    if (memory->cell->method == TJ_METHOD_LANDFILL)
        tj_landfill_start(scratch, &memory->landfill);
    if (scratch->preparing)
        impossible = calibrate(scratch, memory, k);
    find_energy(scratch, memory, tj_physical_kappa(scratch, k));
    return impossible;
}

static void step_cell(tj_scratch *scratch, tj_memory *memory, int32_t k, int32_t year)
{
    double *emission = output_of(scratch, k, year), row[TJ_FLEET_LANES];
    place_uses(scratch, memory, year);
    for (int32_t i = 0; i < memory->cell->fleets_count; i++)
        tj_fleet_step(scratch, &memory->fleets[i], year);
    if (memory->cell->method == TJ_METHOD_LANDFILL)
        tj_landfill_step(scratch, &memory->landfill);
    find_energy(scratch, memory, tj_physical_kappa_in(scratch, k, year, row));
    find_emission(scratch, memory, emission);
    tj_row_multiply(scratch->n, scratch->level, emission);
}

/* ---- supply ---- */

/* What the city uses of the carrier that supply cell `supply_k` sets, in a work row. */
static const double *find_use(const tj_scratch *scratch, int32_t supply_k)
{
    const tj_memory *cells = scratch->physical->cells;
    double *use = scratch->work[0];
    size_t count = 0;
    for (int32_t k = 0; k < scratch->city->cells_count; k++)
        for (int32_t f = 0; f < cells[k].cell->carriers_count && cells[k].computed; f++)
            if (tj_physical_carrier(scratch, cells[k].cell, f)->supply ==
                scratch->city->cells_first + supply_k)
                scratch->terms[count++] =
                    (tj_weighed){.a_row = tj_physical_row(cells[k].energy, f), .b = 1.0};
    tj_row_weigh(scratch->n, count, scratch->terms, use);
    return use;
}

static size_t start_supply(tj_scratch *scratch, tj_memory *memory, int32_t k)
{
    double *kappa = tj_physical_kappa(scratch, k), modelled[TJ_FLEET_LANES];
    size_t impossible = 0;
    if (scratch->preparing && !memory->present)
        tj_row_fill(scratch->n, 1.0, kappa); /* its factor is used elsewhere, if at all */
    if (scratch->preparing && memory->present) {
        const double *use = find_use(scratch, k);
        tj_supply_step(scratch, NULL, &memory->supply);
        tj_row_product(scratch->n, use, 1.0, memory->supply.home, modelled);
        impossible = tj_feed_calibrate(scratch->n, inventory_of(scratch, memory->cell), modelled, kappa);
    }
    tj_supply_step(scratch, kappa, &memory->supply);
    return impossible;
}

/* Adds what is captured of biogenic CO2 to the city's removals, unless the output holds them with it. */
static void add_removal(const tj_scratch *scratch, const tj_memory *memory, const double *use,
                        const double *captured, int32_t year)
{
    int32_t k = memory->cell->removal_cell - scratch->city->cells_first;
    const tj_plan_cell *removals = tj_plan_get_cell(scratch->plan, memory->cell->removal_cell);
    if (tj_plan_bytes(scratch->plan, removals->status)[year] == TJ_ABSENT)
        return;
    if (tj_physical_is_held(scratch, k))
        return;
    double *taken = scratch->work[1];
    tj_row_product(scratch->n, use, 1.0, captured, taken);
    tj_row_accumulate(scratch->n, taken, scratch->level, output_of(scratch, k, year));
}

static void step_supply(tj_scratch *scratch, tj_memory *memory, int32_t k, int32_t year)
{
    double row[TJ_FLEET_LANES];
    tj_supply_step(scratch, tj_physical_kappa_in(scratch, k, year, row), &memory->supply);
    if (!memory->present)
        return;
    const double *use = find_use(scratch, k);
    tj_row_product(scratch->n, use, 1.0, memory->supply.home, output_of(scratch, k, year));
    tj_row_multiply(scratch->n, scratch->level, output_of(scratch, k, year));
    if (memory->cell->removal_cell != TJ_NONE)
        add_removal(scratch, memory, use, memory->supply.captured, year);
}

/* ---- a city ---- */

int tj_physical_wants_row(const tj_scratch *scratch, const tj_plan_row *row)
{
    return scratch->physical_rows != NULL &&
           (scratch->row_slot == NULL || scratch->row_slot[row->slot] != TJ_NONE) &&
           !tj_physical_is_held(scratch, row->cell - scratch->city->cells_first);
}

int tj_physical_is_held(const tj_scratch *scratch, int32_t k)
{
    return !scratch->preparing && scratch->held != NULL && scratch->held[k] == TJ_HELD_ALL;
}

/* A supply cell without emissions of its own still sets the factor of a carrier. */
int tj_physical_computes(const tj_scratch *scratch, int32_t k)
{
    const tj_plan_cell *cell = tj_plan_get_cell(scratch->plan, scratch->city->cells_first + k);
    return tj_base_has_memory(cell) && !tj_physical_is_held(scratch, k) &&
           (cell->method == TJ_METHOD_SUPPLY || is_present(scratch->plan, cell));
}

static void layout_city(const tj_scratch *scratch)
{
    tj_physical *physical = scratch->physical;
    tj_pool pool = {physical->rows, 0};
    counts at = {0, 0, 0, 0};
    int32_t fleets = 0;
    for (int32_t k = 0; k < scratch->city->cells_count; k++) {
        tj_memory *memory = &physical->cells[k];
        memory->cell = tj_plan_get_cell(scratch->plan, scratch->city->cells_first + k);
        memory->present = is_present(scratch->plan, memory->cell);
        memory->computed = tj_physical_computes(scratch, k);
        memory->first_fleet = fleets;
        fleets += memory->cell->fleets_count;
        assert(!memory->computed || scratch->n <= TJ_FLEET_LANES);
        if (memory->computed)
            layout_cell(scratch->plan, physical, memory, &at, &pool);
    }
}

/* ---- fleets whose uses are there ---- */

static void set_driver_idle(const tj_scratch *scratch, int32_t driver, int idle)
{
    scratch->slots[driver - scratch->driver_first].idle = idle;
}

/* Marks the drivers that only the fleet's stock needs. A floor needs its area as well. */
static void set_idle(const tj_scratch *scratch, const tj_fleet *fleet, int idle)
{
    const tj_plan_fleet *record = fleet->record;
    set_driver_idle(scratch, record->demand, idle && record->kind != TJ_FLEET_FLOOR);
    set_driver_idle(scratch, record->survival, idle);
    for (int32_t k = 0; k < record->technologies_count; k++) {
        const tj_technology *technology = &fleet->technologies[k];
        set_driver_idle(scratch, technology->record->sales, idle);
        set_driver_idle(scratch, technology->record->scrappage, idle);
        for (int32_t b = 0; b < technology->record->burners_count; b++)
            set_driver_idle(scratch, fleet->burns[technology->burns_first + b].record->driver, idle);
    }
}

static void set_idle_where(const tj_scratch *scratch, int known)
{
    const tj_memory *cells = scratch->physical->cells;
    for (int32_t k = 0; k < scratch->city->cells_count; k++)
        for (int32_t i = 0; i < cells[k].cell->fleets_count && cells[k].computed; i++)
            if (cells[k].fleets[i].known == known)
                set_idle(scratch, &cells[k].fleets[i], known);
}

void tj_physical_choose(tj_scratch *scratch)
{
    const tj_memory *cells = scratch->physical->cells;
    layout_city(scratch);
    if (scratch->uses == NULL)
        return;
    for (int32_t k = 0; k < scratch->city->cells_count; k++)
        for (int32_t i = 0; i < cells[k].cell->fleets_count && cells[k].computed; i++)
            cells[k].fleets[i].known = scratch->uses->held[cells[k].first_fleet + i];
    set_idle_where(scratch, 1);
    set_idle_where(scratch, 0); /* what one fleet leaves idle another may need */
}

size_t tj_physical_start(tj_scratch *scratch)
{
    tj_memory *cells = scratch->physical->cells;
    size_t impossible = 0;
    for (int32_t k = 0; k < scratch->city->cells_count; k++)
        if (cells[k].computed && cells[k].cell->method != TJ_METHOD_SUPPLY)
            impossible += start_cell(scratch, &cells[k], k);
    for (int32_t k = 0; k < scratch->city->cells_count; k++)
        if (cells[k].computed && cells[k].cell->method == TJ_METHOD_SUPPLY)
            impossible += start_supply(scratch, &cells[k], k);
    if (scratch->physical_rows != NULL)
        tj_physical_write_rows(scratch, scratch->city->last_inventory);
    return impossible;
}

void tj_physical_step(tj_scratch *scratch, int32_t year)
{
    tj_memory *cells = scratch->physical->cells;
    for (int32_t k = 0; k < scratch->city->cells_count; k++)
        if (cells[k].computed && cells[k].cell->method != TJ_METHOD_SUPPLY)
            step_cell(scratch, &cells[k], k, year);
    for (int32_t k = 0; k < scratch->city->cells_count; k++)
        if (cells[k].computed && cells[k].cell->method == TJ_METHOD_SUPPLY)
            step_supply(scratch, &cells[k], k, year);
    if (scratch->physical_rows != NULL)
        tj_physical_write_rows(scratch, year);
}
