/* Opening a sweep: parts and blocks of its cities, and what their simulation shares; see sweep_parts.h. */
#include "engine/sweep_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#    include <omp.h>
#endif

/* ---- parts and blocks ---- */

int tj_sweep_bit(const tj_sweep *sweep, int32_t measure)
{
    for (int32_t i = 0; i < sweep->n_measures; i++)
        if (sweep->measures[i] == measure)
            return i;
    return TJ_NONE;
}

int32_t tj_sweep_variant(const tj_sweep_block *block, uint32_t mask)
{
    int32_t subset = 0;
    for (int i = 0; i < block->n_bits; i++)
        subset |= (int32_t)(mask >> block->bit[i] & 1) << i;
    return subset == 0 ? 0 : block->first + subset - 1;
}

int tj_sweep_keeps(const tj_sweep *sweep, uint32_t mask)
{
    for (size_t i = 0; i < sweep->n_rules; i++)
        if ((mask & sweep->rules[i].all) == sweep->rules[i].all && (mask & sweep->rules[i].none) == 0)
            return 0;
    return 1;
}

/* Puts the measure with this bit into its block. */
static void add_bit(tj_sweep_part *part, int32_t block, int bit)
{
    tj_sweep_block *b = &part->blocks[block];
    b->bit[b->n_bits++] = (uint8_t)bit;
    b->mask |= 1u << bit;
    part->mask |= 1u << bit;
}

static tj_status make_part(tj_sweep_run_state *run, const tj_component *component, tj_sweep_part *part)
{
    size_t most = (size_t)component->n_blocks + 1;
    *part = (tj_sweep_part){.component = component, .n_variants = 1};
    part->blocks = tj_arena_alloc(&run->arena, most, sizeof *part->blocks);
    if (part->blocks == NULL)
        return TJ_ERR_MEMORY;
    for (int32_t i = 0; i < component->n_measures; i++) {
        int bit = tj_sweep_bit(run->sweep, component->measures[i]);
        if (bit != TJ_NONE)
            add_bit(part, component->block[i], bit);
    }
    for (int32_t b = 0; b < component->n_blocks; b++) {
        if (part->blocks[b].n_bits == 0)
            continue;
        part->blocks[part->n_blocks] = part->blocks[b];
        part->blocks[part->n_blocks].first = part->n_variants;
        part->n_variants += (1 << part->blocks[part->n_blocks++].n_bits) - 1;
    }
    return TJ_OK;
}

static tj_status make_city(tj_sweep_run_state *run, int32_t c)
{
    tj_component *components;
    size_t count;
    tj_sweep_city *city = &run->cities[c];
    const tj_plan *plan = run->library.plan;
    tj_status status = tj_components_find(&run->library, c, &run->arena, &components, &count);
    if (status != TJ_OK)
        return status;
    city->city = c;
    city->first_year = tj_plan_get_city(plan, c)->last_inventory + 1;
    city->n_projected = tj_plan_get_settings(plan)->n_years - city->first_year;
    city->parts = tj_arena_alloc(&run->arena, count + 1, sizeof *city->parts);
    if (city->parts == NULL)
        return TJ_ERR_MEMORY;
    for (size_t i = 0; i < count && status == TJ_OK; i++) {
        tj_sweep_part *part = &city->parts[city->n_parts++];
        status = make_part(run, &components[i], part);
        city->mask |= part->mask;
        part->n_rows = part->component->product ? city->n_projected : 0;
        run->report->evaluations += (size_t)part->n_variants;
        run->report->plain += (size_t)1 << run->sweep->n_measures;
    }
    return status;
}

/* ---- opening ---- */

static tj_status make_workers(tj_sweep_run_state *run)
{
    size_t rows = tj_plan_most_cells(run->plan) * (size_t)tj_plan_get_settings(run->plan)->n_years;
    run->scratch = tj_backend_lanes.scratch_create(run->plan, &run->draws);
    run->cells = calloc((size_t)run->threads, sizeof *run->cells);
    if (run->scratch == NULL || run->cells == NULL)
        return TJ_ERR_MEMORY;
    for (int t = 0; t < run->threads; t++) {
        run->cells[t] = calloc(rows * TJ_SWEEP_LANES, sizeof **run->cells);
        if (run->cells[t] == NULL)
            return TJ_ERR_MEMORY;
    }
    return TJ_OK;
}

static int holds_nothing(const void *context, int32_t package, int32_t cell, int32_t measure)
{
    (void)context;
    (void)package;
    (void)cell;
    (void)measure;
    return 0;
}

static int most_together(const tj_sweep_city *city)
{
    int most = 0;
    for (int32_t p = 0; p < city->n_parts; p++)
        for (int32_t b = 0; b < city->parts[p].n_blocks; b++)
            most = city->parts[p].blocks[b].n_bits > most ? city->parts[p].blocks[b].n_bits : most;
    return most;
}

/* Before anything is simulated: is the memory enough for each city's largest piece of work? */
static tj_status check_room(const tj_sweep_run_state *run)
{
    size_t row = sizeof(double) << run->sweep->n_measures;
    for (int32_t c = 0; c < tj_plan_get_settings(run->plan)->n_cities; c++) {
        size_t need = run->sweep->cities[c] ? tj_sweep_least_room(run, &run->cities[c]) + row : 0;
        int together = most_together(&run->cities[c]);
        run->report->together = together > run->report->together ? together : run->report->together;
        if (run->sweep->memory == 0 || need <= run->sweep->memory)
            continue;
        run->report->fault_city = c;
        run->report->need = need;
        run->report->together = together;
        return TJ_ERR_MEMORY;
    }
    return TJ_OK;
}

tj_status tj_sweep_open(tj_sweep_run_state *run)
{
    const tj_sweep *sweep = run->sweep;
    int32_t n_cities = tj_plan_get_settings(run->library.plan)->n_cities;
    tj_status status = TJ_OK;
    run->chunk.city = TJ_NONE;
    run->threads = sweep->threads > 0 ? sweep->threads : 1;
#ifdef _OPENMP
    run->threads = sweep->threads > 0 ? sweep->threads : omp_get_max_threads();
#endif
    run->cities = tj_arena_alloc(&run->arena, (size_t)n_cities + 1, sizeof *run->cities);
    if (run->cities == NULL)
        return TJ_ERR_MEMORY;
    for (int32_t c = 0; c < n_cities && status == TJ_OK; c++)
        if (sweep->cities[c])
            status = make_city(run, c);
    if (status == TJ_OK)
        status = tj_variant_plan(&run->library, 1, holds_nothing, NULL, &run->plan);
    if (status == TJ_OK)
        status = check_room(run);
    if (status == TJ_OK)
        status = tj_draws_init(&run->draws, run->plan, sweep->draws, run->threads);
    if (status == TJ_OK)
        status = tj_backend_lanes.prepare(run->plan, &run->draws, run->threads, &run->prepared);
    return status == TJ_OK ? make_workers(run) : status;
}

void tj_sweep_close(tj_sweep_run_state *run)
{
    for (int t = 0; run->cells != NULL && t < run->threads; t++)
        free(run->cells[t]);
    free(run->cells);
    tj_sweep_chunk_close(run);
    tj_backend_lanes.scratch_free(run->scratch);
    for (int32_t c = 0; run->cities != NULL && c < tj_plan_get_settings(run->library.plan)->n_cities; c++)
        for (int32_t p = 0; p < run->cities[c].n_parts; p++) {
            free(run->cities[c].parts[p].asked);
            free(run->cities[c].parts[p].after);
        }
    tj_backend_lanes.prepared_free(run->prepared);
    tj_draws_free(&run->draws);
    tj_plan_free(run->plan);
    tj_arena_free(&run->arena);
}
