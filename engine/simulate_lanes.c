/* The lanes backend: trajectories a row of draws at a time (engine/simulate.h).
 *
 * E = base * (activity * intensity): base is the prepared trend times the background's ratio, or
 * kappa * sum of share * factor * level. A cell whose effects are only scales and additions on its
 * own driver, or on activity and intensity, is computed by itself, year after year, and its multiplier is kept while
 * no ramp and no reference moves; trends that are only scaled by engine/scaled.c; all other cells under effects go through engine/coupled.c together.
 * Both ways round alike, and no lane looks at another, so neither the block nor the stretch shows in
 * the bits. */
#include "engine/feed.h"
#include "engine/lane_scratch.h"
#include "engine/physical.h"
#include "engine/tally.h"

#include <assert.h>
#include <omp.h>

/* The row of a projected year. */
static double *row_of(const tj_scratch *scratch, double *out, size_t stride, int32_t cell, int32_t year)
{
    size_t slot = (size_t)(scratch->cell_slot != NULL ? scratch->cell_slot[cell] : cell);
    return out + (slot * (size_t)scratch->settings->n_years + (size_t)year) * stride;
}

static const tj_plan_cell *cell_of(const tj_scratch *scratch, int32_t cell)
{
    return tj_plan_get_cell(scratch->plan, scratch->city->cells_first + cell);
}

static tj_slot *slot_of(const tj_scratch *scratch, const tj_plan_cell *cell, int32_t k)
{
    return &scratch->slots[cell->drivers_first + k - scratch->driver_first];
}

/* ---- history ---- */

static void write_history(const tj_scratch *scratch, int32_t k, size_t stride, double *out)
{
    const tj_plan_cell *cell = cell_of(scratch, k);
    const double *history = tj_plan_numbers(scratch->plan, cell->history);
    const uint8_t *status = tj_plan_bytes(scratch->plan, cell->status);
    for (int32_t y = 0; y <= scratch->city->last_inventory; y++) {
        double *row = out + ((size_t)k * (size_t)scratch->settings->n_years + (size_t)y) * stride;
        if (status[y] == TJ_BACKCAST)
            tj_row_product(scratch->n, scratch->level, history[y], scratch->backcast, row);
        else if (status[y] != TJ_ABSENT)
            tj_row_scaled(scratch->n, scratch->level, history[y], 1.0, row);
    }
}

/* ---- cells by themselves ---- */

/* The values of a driver with scales and additions only, in a year in which they act or lanes differ. */
static void renew_lanes(const tj_scratch *scratch, const tj_slot *slot, int32_t year)
{
    const tj_reach *reaches = scratch->reaches + slot->reaches_first;
    size_t count = 0;
    for (int32_t e = 0; e < slot->reaches_count; e++) {
        double r = reaches[e].ramp[year];
        if (reaches[e].effect->op == TJ_OP_SCALE && r != 0.0)
            scratch->terms[count++] = (tj_weighed){.a_row = reaches[e].m, .b = r};
    }
    tj_row_scales(scratch->n, slot->cursor.row, slot->cursor.value, count, scratch->terms, slot->x);
    for (int32_t e = 0; e < slot->reaches_count; e++) {
        double r = reaches[e].ramp[year];
        if (reaches[e].effect->op == TJ_OP_ADD && r != 0.0)
            tj_row_add(scratch->n, reaches[e].m, r, slot->x);
    }
    tj_driver_limit(slot->driver, scratch->n, slot->x);
}

/* Brings a driver with scales and additions only to `year`; returns whether any of its values moved. */
static int step_driver(const tj_scratch *scratch, tj_slot *slot, int32_t year)
{
    const tj_reach *reaches = scratch->reaches + slot->reaches_first;
    int moved = year == scratch->city->last_inventory + 1, acting = 0;
    tj_cursor_step(&slot->cursor, year, scratch->n);
    moved |= slot->cursor.changed;
    for (int32_t e = 0; e < slot->reaches_count; e++) {
        moved |= reaches[e].ramp[year] != reaches[e].ramp[year - 1];
        acting |= reaches[e].ramp[year] != 0.0;
    }
    if (!moved)
        return 0;
    slot->lanes = acting || slot->cursor.row != NULL ? slot->x : NULL;
    slot->value = tj_driver_limit_value(slot->driver, slot->cursor.value);
    if (slot->lanes != NULL)
        renew_lanes(scratch, slot, year);
    return 1;
}

/* activity * intensity: a row, or NULL with the number in *value. */
static const double *multiplier(const tj_scratch *scratch, const tj_slot *a, const tj_slot *i, double *value)
{
    double *product = scratch->product;
    *value = a->value * i->value;
    if (a->lanes == NULL && i->lanes == NULL)
        return NULL;
    if (a->lanes != NULL && i->lanes != NULL)
        tj_row_product(scratch->n, a->lanes, 1.0, i->lanes, product);
    else
        tj_row_scaled(scratch->n, a->lanes != NULL ? a->lanes : i->lanes, 1.0,
                      a->lanes != NULL ? i->value : a->value, product);
    return product;
}

/* The factor sum share * factor of an intensity cell: a row, or NULL with the number in *value. */
static const double *carrier_sum(const tj_scratch *scratch, const tj_plan_cell *cell, double *value)
{
    double *sum = scratch->work[0];
    int uniform = 1;
    *value = 0.0;
    for (int32_t f = 0; f < cell->n_carriers; f++) {
        const tj_slot *share = slot_of(scratch, cell, 2 + f);
        const tj_slot *factor = slot_of(scratch, cell, 2 + cell->n_carriers + f);
        uniform &= share->cursor.row == NULL && factor->cursor.row == NULL;
        *value += tj_driver_limit_value(share->driver, share->cursor.value) *
                  tj_driver_limit_value(factor->driver, factor->cursor.value);
    }
    if (uniform)
        return NULL;
    tj_row_fill(scratch->n, 0.0, sum);
    for (int32_t f = 0; f < cell->n_carriers; f++) {
        tj_slot *share = slot_of(scratch, cell, 2 + f),
                *factor = slot_of(scratch, cell, 2 + cell->n_carriers + f);
        tj_cursor_copy_limited(&share->cursor, scratch->n, share->x);
        tj_cursor_copy_limited(&factor->cursor, scratch->n, factor->x);
        tj_row_accumulate(scratch->n, share->x, factor->x, sum);
    }
    return sum;
}

/* Steps the carriers of an intensity cell and renews its base row where one of them moved. */
static void step_carriers(const tj_scratch *scratch, int32_t k, int32_t year)
{
    const tj_plan_cell *cell = cell_of(scratch, k);
    int moved = year == scratch->city->last_inventory + 1;
    double value;
    for (int32_t f = 0; f < 2 * cell->n_carriers; f++) {
        tj_slot *slot = slot_of(scratch, cell, 2 + f);
        tj_cursor_step(&slot->cursor, year, scratch->n);
        moved |= slot->cursor.changed;
    }
    if (!moved)
        return;
    const double *sum = carrier_sum(scratch, cell, &value);
    const double *kappa =
        tj_base_constant(scratch->prepared, scratch->city->cells_first + k, scratch->background) +
        scratch->first;
    if (sum == NULL)
        tj_row_product(scratch->n, kappa, value, scratch->level, scratch->base);
    else {
        tj_row_product(scratch->n, kappa, 1.0, sum, scratch->base);
        tj_row_multiply(scratch->n, scratch->level, scratch->base);
    }
}

static double ratio_of(const tj_scratch *scratch, const tj_plan_cell *cell, int32_t year)
{
    int32_t at = cell->ratio + scratch->background * scratch->settings->n_years + year;
    return *tj_plan_numbers(scratch->plan, at);
}

/* E = (driver + difference) * level */
static void write_sink(const tj_scratch *scratch, int32_t k, const double *removal, double *row)
{
    const double *difference =
        tj_base_constant(scratch->prepared, scratch->city->cells_first + k, scratch->background) +
        scratch->first;
    tj_row_copy(scratch->n, removal, row);
    tj_row_add(scratch->n, difference, 1.0, row);
    tj_row_multiply(scratch->n, scratch->level, row);
}

/* A year of a trend or intensity cell, from its base and its multiplier. */
static void write_product(const tj_scratch *scratch, int32_t k, int32_t year, const double *lanes,
                          double value, double *row)
{
    const tj_plan_cell *cell = cell_of(scratch, k);
    const double *base = scratch->base;
    double ratio = 1.0;
    if (cell->method == TJ_METHOD_TREND) {
        base = tj_base_trend(scratch->prepared, scratch->city->cells_first + k, year) + scratch->first;
        ratio = ratio_of(scratch, cell, year);
    }
    if (lanes != NULL)
        tj_row_product(scratch->n, base, ratio, lanes, row);
    else
        tj_row_scaled(scratch->n, base, ratio, value, row);
}

/* The values of a driver as a row. */
static const double *row_of_driver(const tj_scratch *scratch, const tj_slot *slot)
{
    if (slot->lanes == NULL)
        tj_row_fill(scratch->n, slot->value, slot->x);
    return slot->x;
}

static void write_sink_cell(const tj_scratch *scratch, int32_t k, size_t stride, double *out)
{
    tj_slot *slot = slot_of(scratch, cell_of(scratch, k), 0);
    for (int32_t y = scratch->city->last_inventory + 1; y < scratch->settings->n_years; y++) {
        step_driver(scratch, slot, y);
        write_sink(scratch, k, row_of_driver(scratch, slot), row_of(scratch, out, stride, k, y));
    }
}

static void write_cell(const tj_scratch *scratch, int32_t k, size_t stride, double *out)
{
    const tj_plan_cell *cell = cell_of(scratch, k);
    tj_slot *activity = slot_of(scratch, cell, 0), *intensity = slot_of(scratch, cell, 1);
    const double *lanes = NULL;
    double value = 1.0;
    for (int32_t y = scratch->city->last_inventory + 1; y < scratch->settings->n_years; y++) {
        int moved = step_driver(scratch, activity, y);
        moved |= step_driver(scratch, intensity, y);
        if (moved)
            lanes = multiplier(scratch, activity, intensity, &value);
        if (cell->method == TJ_METHOD_INTENSITY)
            step_carriers(scratch, k, y);
        write_product(scratch, k, y, lanes, value, row_of(scratch, out, stride, k, y));
    }
}

/* ---- coupled cells ---- */

/* sum of share * factor, in the order of the carriers, as carrier_sum has it. */
static void weigh_carriers(const tj_scratch *scratch, const tj_plan_cell *cell, double *sum)
{
    for (int32_t f = 0; f < cell->n_carriers; f++) {
        const tj_slot *share = slot_of(scratch, cell, 2 + f);
        const tj_slot *factor = slot_of(scratch, cell, 2 + cell->n_carriers + f);
        scratch->terms[f] = (tj_weighed){share->lanes, factor->lanes, share->value, factor->value};
    }
    tj_row_weigh(scratch->n, (size_t)cell->n_carriers, scratch->terms, sum);
}

static void write_coupled(const tj_scratch *scratch, int32_t k, int32_t year, double *row)
{
    const tj_plan_cell *cell = cell_of(scratch, k);
    const tj_slot *first = slot_of(scratch, cell, 0);
    double value, *sum = scratch->work[0];
    if (cell->method == TJ_METHOD_SINK) {
        write_sink(scratch, k, row_of_driver(scratch, first), row);
        return;
    }
    if (cell->method == TJ_METHOD_TREND) {
        const double *lanes = multiplier(scratch, first, first + 1, &value);
        write_product(scratch, k, year, lanes, value, row);
        return;
    }
    const double *kappa =
        tj_base_constant(scratch->prepared, scratch->city->cells_first + k, scratch->background);
    weigh_carriers(scratch, cell, sum);
    const tj_weighed product = {first[0].lanes, first[1].lanes, first[0].value, first[1].value};
    tj_row_emit(scratch->n, kappa + scratch->first, sum, scratch->level, &product, row);
}

/* A cell without a value in H is absent in every later year and has no base. */
static int projects(const tj_scratch *scratch, int32_t k)
{
    int32_t next = scratch->city->last_inventory + 1;
    if (next >= scratch->settings->n_years)
        return 0;
    return tj_plan_bytes(scratch->plan, cell_of(scratch, k)->status)[next] != TJ_ABSENT;
}

static tj_status write_all_coupled(tj_scratch *scratch, size_t stride, double *out)
{
    tj_physical_choose(scratch);
    tj_coupled_start(scratch);
    tj_physical_start(scratch);
    for (int32_t y = scratch->city->last_inventory + 1; y < scratch->settings->n_years; y++) {
        tj_status status = tj_coupled_step(scratch, y);
        if (status != TJ_OK)
            return status;
        for (int32_t k = 0; k < scratch->city->cells_count; k++) {
            if (scratch->coupled[k] && !tj_base_has_memory(cell_of(scratch, k)) && projects(scratch, k) &&
                !tj_physical_is_held(scratch, k))
                write_coupled(scratch, k, y, row_of(scratch, out, stride, k, y));
        }
        tj_physical_step(scratch, y);
    }
    return TJ_OK;
}

/* ---- stretches and blocks ---- */

static void start_slots(tj_scratch *scratch)
{
    const tj_plan_city *city = scratch->city;
    scratch->n_slots = 0;
    scratch->driver_first = tj_plan_city_drivers(scratch->plan, scratch->city_index).first;
    for (int32_t k = 0; k < city->cells_count; k++) {
        const tj_plan_cell *cell = cell_of(scratch, k);
        assert(cell->drivers_first == scratch->driver_first + scratch->n_slots);
        for (int32_t j = 0; j < cell->drivers_count; j++) {
            tj_slot *slot = &scratch->slots[scratch->n_slots++];
            slot->driver = tj_plan_get_driver(scratch->plan, cell->drivers_first + j);
            slot->reaches_first = slot->reaches_count = 0;
            slot->lanes = NULL;
            slot->idle = 0;
            if (tj_physical_is_held(scratch, k))
                continue;
            tj_cursor_start(&slot->cursor, scratch->plan, scratch->draws, scratch->background,
                            cell->drivers_first + j, city->last_inventory, scratch->first, scratch->n,
                            slot->cursor_rows);
        }
    }
}

static void start_stretch(tj_scratch *scratch)
{
    scratch->level =
        tj_term_lanes(scratch->draws, scratch->city->level, scratch->first, scratch->n, scratch->level_row);
    scratch->backcast = tj_term_lanes(scratch->draws, scratch->city->backcast, scratch->first, scratch->n,
                                      scratch->backcast_row);
    start_slots(scratch);
    tj_reaches_start(scratch);
}

static tj_status simulate_stretch(tj_scratch *scratch, size_t stride, double *out)
{
    int any = 0;
    start_stretch(scratch);
    for (int32_t k = 0; k < scratch->city->cells_count; k++) {
        tj_held held = scratch->held != NULL ? (tj_held)scratch->held[k] : TJ_HELD_NOTHING;
        int has_memory = tj_base_has_memory(cell_of(scratch, k));
        if (held == TJ_HELD_NOTHING)
            write_history(scratch, k, stride, out);
        scratch->coupled[k] |= tj_physical_computes(scratch, k);
        any |= scratch->coupled[k];
        if (held == TJ_HELD_ALL || scratch->coupled[k] || has_memory || !projects(scratch, k))
            continue;
        if (cell_of(scratch, k)->method == TJ_METHOD_SINK)
            write_sink_cell(scratch, k, stride, out);
        else if (tj_scaled_serves(scratch, cell_of(scratch, k)))
            tj_scaled_write(scratch, cell_of(scratch, k), stride,
                            row_of(scratch, out, stride, k, scratch->city->last_inventory + 1));
        else
            write_cell(scratch, k, stride, out);
    }
    return any ? write_all_coupled(scratch, stride, out) : TJ_OK;
}

static void aim(tj_scratch *scratch, const tj_prepared *prepared, const tj_block *block)
{
    scratch->prepared = prepared;
    scratch->city = tj_plan_get_city(scratch->plan, block->city);
    scratch->city_index = block->city;
    scratch->background = block->background;
    scratch->package = block->package;
    scratch->held = block->held;
}

void tj_stretch_start(tj_scratch *scratch, const tj_prepared *prepared, const tj_block *block)
{
    aim(scratch, prepared, block);
    scratch->first = block->first;
    scratch->n = block->n < TJ_LANES ? block->n : TJ_LANES;
    start_stretch(scratch);
}

static int computes_any(const tj_scratch *scratch)
{
    int any = 0;
    for (int32_t k = 0; k < scratch->city->cells_count && !any; k++)
        any = tj_physical_computes(scratch, k);
    return any;
}

static tj_status simulate(const tj_plan *plan, const tj_draws *draws, const tj_prepared *prepared,
                          const tj_block *block, tj_scratch *scratch, size_t stride, double *out,
                          double *rows)
{
    assert(plan == scratch->plan && draws == scratch->draws && prepared != NULL);
    assert(block->first + block->n <= draws->count && stride >= block->n);
    (void)plan;
    (void)draws;
    aim(scratch, prepared, block);
    scratch->cell_slot = block->slot;
    scratch->row_slot = block->row_slot;
    scratch->rows_first = block->rows_first;
    scratch->stride = stride;
    scratch->uses = block->uses;
    size_t most = computes_any(scratch) ? TJ_FLEET_LANES : TJ_LANES;
    for (size_t done = 0; done < block->n; done += scratch->n) {
        scratch->first = block->first + done;
        scratch->n = block->n - done < most ? block->n - done : most;
        scratch->done = done;
        scratch->out = out + done;
        scratch->physical_rows = rows == NULL ? NULL : rows + done;
        tj_status status = simulate_stretch(scratch, stride, out + done);
        if (status != TJ_OK)
            return status;
    }
    return TJ_OK;
}

/* ---- once a run ---- */

/* kappa of a city's cells with memory under a background, one stretch of draws. */
static size_t prepare_stretch(tj_scratch *scratch)
{
    start_stretch(scratch);
    for (int32_t k = 0; k < scratch->city->cells_count; k++)
        scratch->coupled[k] = (unsigned char)tj_base_has_memory(cell_of(scratch, k));
    tj_physical_choose(scratch);
    tj_coupled_start(scratch);
    return tj_physical_start(scratch);
}

static size_t prepare_city(tj_scratch *scratch, const tj_prepared *prepared, int32_t city, int32_t background)
{
    size_t impossible = 0, draws = scratch->draws->count;
    int any = 0;
    scratch->prepared = prepared;
    scratch->city = tj_plan_get_city(scratch->plan, city);
    scratch->city_index = city;
    scratch->background = background;
    scratch->package = TJ_NONE;
    scratch->preparing = 1;
    for (int32_t k = 0; k < scratch->city->cells_count; k++)
        any |= tj_base_has_memory(cell_of(scratch, k));
    for (scratch->first = 0; scratch->first < draws && any; scratch->first += scratch->n) {
        size_t left = draws - scratch->first;
        scratch->n = left < TJ_FLEET_LANES ? left : TJ_FLEET_LANES;
        impossible += prepare_stretch(scratch);
    }
    return impossible;
}

/* kappa of all cells with memory, for every city and background. */
static tj_status prepare_memory(const tj_plan *plan, const tj_draws *draws, int threads,
                                const tj_prepared *prepared)
{
    const tj_plan_settings *settings = tj_plan_get_settings(plan);
    int32_t items = settings->n_cities * settings->n_backgrounds;
    size_t impossible = 0, short_of_memory = 0;
    int team = threads > 0 ? threads : omp_get_max_threads();
#pragma omp parallel num_threads(team) reduction(+ : impossible, short_of_memory)
    {
        tj_scratch *scratch = tj_lane_scratch_create(plan, draws);
        short_of_memory += scratch == NULL;
#pragma omp for schedule(dynamic)
        for (int32_t i = 0; i < items; i++)
            if (scratch != NULL)
                impossible +=
                    prepare_city(scratch, prepared, i / settings->n_backgrounds, i % settings->n_backgrounds);
        tj_lane_scratch_free(scratch);
    }
    if (short_of_memory > 0)
        return TJ_ERR_MEMORY;
    return impossible > 0 ? TJ_ERR_UNDEFINED : TJ_OK;
}

static int has_memory(const tj_plan *plan)
{
    int any = 0;
    for (int32_t k = 0; k < tj_plan_get_settings(plan)->n_cells; k++)
        any |= tj_base_has_memory(tj_plan_get_cell(plan, k));
    return any;
}

static tj_status prepare(const tj_plan *plan, const tj_draws *draws, int threads, tj_prepared **prepared)
{
    tj_status status = tj_base_prepare(plan, draws, threads, prepared);
    if (status == TJ_OK && has_memory(plan))
        status = prepare_memory(plan, draws, threads, *prepared);
    if (status == TJ_OK)
        return TJ_OK;
    tj_base_free(*prepared);
    *prepared = NULL;
    return status;
}

static void fault(const tj_scratch *scratch, int32_t *cell, int32_t *year)
{
    *cell = scratch->fault_cell;
    *year = scratch->fault_year;
}

const tj_backend tj_backend_lanes = {
    .name = "lanes",
    .sentence = "many draws at a time, base trajectories computed once a run",
    .prepare = prepare,
    .prepared_free = tj_base_free,
    .scratch_create = tj_lane_scratch_create,
    .scratch_free = tj_lane_scratch_free,
    .simulate = simulate,
    .fault = fault,
    .tally = &tj_tally_lanes,
};
