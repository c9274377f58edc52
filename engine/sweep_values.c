/* Parts and blocks of a sweep, and the emissions of their variants; see sweep_parts.h.
 *
 * Variant v of every part of every city stands in package v of one plan, so that one package is simulated
 * for all parts of a city at once: parts do not see one another. */
#include "engine/kernel.h"
#include "engine/sweep_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#    include <omp.h>
#endif

/* ---- parts and blocks ---- */

static int bit_of(const tj_sweep *sweep, int32_t measure)
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

static uint32_t subset_mask(const tj_sweep_block *block, int32_t subset)
{
    uint32_t mask = 0;
    for (int i = 0; i < block->n_bits; i++)
        mask |= (uint32_t)(subset >> i & 1) << block->bit[i];
    return mask;
}

int tj_sweep_keeps(const tj_sweep *sweep, uint32_t mask)
{
    for (size_t i = 0; i < sweep->n_rules; i++)
        if ((mask & sweep->rules[i].all) == sweep->rules[i].all && (mask & sweep->rules[i].none) == 0)
            return 0;
    return 1;
}

/* Breaks a rule whatever the combination holds outside the block. */
static int impossible(const tj_sweep *sweep, const tj_sweep_block *block, int32_t subset)
{
    uint32_t mask = subset_mask(block, subset);
    for (size_t i = 0; i < sweep->n_rules; i++) {
        const tj_sweep_rule *rule = &sweep->rules[i];
        if ((rule->none & ~block->mask) == 0 && (mask & rule->all) == rule->all && (mask & rule->none) == 0)
            return 1;
    }
    return 0;
}

/* Puts the measure with this bit into its block; 0 where the block is full. */
static int add_bit(tj_sweep_part *part, int32_t block, int bit)
{
    tj_sweep_block *b = &part->blocks[block];
    if (b->n_bits == TJ_SWEEP_BLOCK)
        return 0;
    b->bit[b->n_bits++] = (uint8_t)bit;
    b->mask |= 1u << bit;
    part->mask |= 1u << bit;
    return 1;
}

static tj_status make_part(tj_sweep_run_state *run, const tj_component *component, tj_sweep_part *part)
{
    size_t most = (size_t)component->n_blocks + 1;
    *part = (tj_sweep_part){.component = component, .n_variants = 1};
    part->blocks = tj_arena_alloc(&run->arena, most, sizeof *part->blocks);
    if (part->blocks == NULL)
        return TJ_ERR_MEMORY;
    for (int32_t i = 0; i < component->n_measures; i++) {
        int bit = bit_of(run->sweep, component->measures[i]);
        if (bit != TJ_NONE && !add_bit(part, component->block[i], bit)) {
            run->report->fault_city = component->city;
            return TJ_ERR_INPUT;
        }
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
        run->n_variants = part->n_variants > run->n_variants ? part->n_variants : run->n_variants;
        run->report->evaluations += (size_t)part->n_variants;
        run->report->plain += (size_t)1 << run->sweep->n_measures;
    }
    return status;
}

/* ---- the plan of variants ---- */

static const tj_sweep_part *part_with(const tj_sweep_run_state *run, int32_t cell)
{
    int32_t c = tj_plan_get_cell(run->library.plan, cell)->city;
    int32_t k = cell - tj_plan_get_city(run->library.plan, c)->cells_first;
    for (int32_t p = 0; p < run->cities[c].n_parts; p++) {
        const tj_component *component = run->cities[c].parts[p].component;
        for (int32_t i = 0; i < component->n_cells; i++)
            if (component->cells[i] == k)
                return &run->cities[c].parts[p];
    }
    return NULL; /* the city is not wanted */
}

static int holds(const void *context, int32_t package, int32_t cell, int32_t measure)
{
    const tj_sweep_run_state *run = context;
    const tj_sweep_part *part = part_with(run, cell);
    int bit = bit_of(run->sweep, measure);
    for (int32_t b = 0; part != NULL && bit != TJ_NONE && b < part->n_blocks; b++) {
        const tj_sweep_block *block = &part->blocks[b];
        int32_t subset = package - block->first + 1;
        if (subset < 1 || subset >= 1 << block->n_bits || impossible(run->sweep, block, subset))
            continue;
        return (int)(subset_mask(block, subset) >> bit & 1);
    }
    return 0;
}

/* ---- opening ---- */

static size_t most_cells(const tj_plan *plan)
{
    int32_t most = 1;
    for (int32_t c = 0; c < tj_plan_get_settings(plan)->n_cities; c++) {
        int32_t count = tj_plan_get_city(plan, c)->cells_count;
        most = count > most ? count : most;
    }
    return (size_t)most;
}

static tj_status make_workers(tj_sweep_run_state *run)
{
    size_t rows = most_cells(run->plan) * (size_t)tj_plan_get_settings(run->plan)->n_years;
    run->scratch = calloc((size_t)run->threads, sizeof *run->scratch);
    run->cells = calloc((size_t)run->threads, sizeof *run->cells);
    if (run->scratch == NULL || run->cells == NULL)
        return TJ_ERR_MEMORY;
    for (int t = 0; t < run->threads; t++) {
        run->scratch[t] = tj_backend_lanes.scratch_create(run->plan, &run->draws);
        run->cells[t] = calloc(rows * TJ_SWEEP_LANES, sizeof **run->cells);
        if (run->scratch[t] == NULL || run->cells[t] == NULL)
            return TJ_ERR_MEMORY;
    }
    return TJ_OK;
}

tj_status tj_sweep_open(tj_sweep_run_state *run)
{
    const tj_sweep *sweep = run->sweep;
    int32_t n_cities = tj_plan_get_settings(run->library.plan)->n_cities;
    tj_status status = TJ_OK;
    run->n_variants = 1;
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
        status = tj_variant_plan(&run->library, run->n_variants, holds, run, &run->plan);
    if (status == TJ_OK)
        status = tj_draws_init(&run->draws, run->plan, sweep->draws, run->threads);
    if (status == TJ_OK)
        status = tj_backend_lanes.prepare(run->plan, &run->draws, run->threads, &run->prepared);
    return status == TJ_OK ? make_workers(run) : status;
}

void tj_sweep_close(tj_sweep_run_state *run)
{
    for (int t = 0; t < run->threads; t++) {
        if (run->scratch != NULL)
            tj_backend_lanes.scratch_free(run->scratch[t]);
        if (run->cells != NULL)
            free(run->cells[t]);
    }
    free(run->scratch);
    free(run->cells);
    tj_backend_lanes.prepared_free(run->prepared);
    tj_draws_free(&run->draws);
    tj_plan_free(run->plan);
    tj_arena_free(&run->arena);
}

/* ---- simulating ---- */

tj_status tj_sweep_history(tj_sweep_run_state *run, int32_t background, tj_sweep_city *city)
{
    tj_status status = TJ_OK;
    size_t count = run->draws.count;
    for (size_t at = 0; at < count && status == TJ_OK; at += TJ_SWEEP_LANES) {
        size_t left = count - at;
        tj_block block = {.background = background,
                          .city = city->city,
                          .first = at,
                          .n = left < TJ_SWEEP_LANES ? left : TJ_SWEEP_LANES};
        status = tj_backend_lanes.simulate(run->plan, &run->draws, run->prepared, &block, run->scratch[0],
                                           count, city->history + at, NULL);
    }
    if (status == TJ_ERR_UNDEFINED)
        tj_backend_lanes.fault(run->scratch[0], &run->report->fault_cell, &run->report->fault_year);
    return status;
}

static double *row_at(const tj_sweep_city *city, const tj_sweep_part *part, int32_t variant, int32_t cell,
                      int32_t year)
{
    size_t index =
        ((size_t)variant * (size_t)part->component->n_cells + (size_t)cell) * (size_t)city->n_projected +
        (size_t)year;
    assert(variant < part->n_variants && cell < part->component->n_cells && year < city->n_projected);
    return part->values + index * TJ_SWEEP_LANES;
}

const double *tj_sweep_row_of(const tj_sweep_city *city, const tj_sweep_part *part, int32_t variant,
                              int32_t cell, int32_t year)
{
    return row_at(city, part, variant, cell, year);
}

static int absent(const tj_sweep_run_state *run, const tj_sweep_city *city, int32_t k, int32_t year)
{
    int32_t index = tj_plan_get_city(run->plan, city->city)->cells_first + k;
    return tj_plan_bytes(run->plan, tj_plan_get_cell(run->plan, index)->status)[year] == TJ_ABSENT;
}

/* The reference of a part, from the history; rows of what is absent are zero. */
static void copy_reference(const tj_sweep_run_state *run, const tj_sweep_city *city,
                           const tj_sweep_part *part)
{
    size_t n_years = (size_t)tj_plan_get_settings(run->plan)->n_years;
    for (int32_t i = 0; i < part->component->n_cells; i++) {
        int32_t k = part->component->cells[i];
        for (int32_t y = 0; y < city->n_projected; y++) {
            double *row = row_at(city, part, 0, i, y);
            memset(row, 0, TJ_SWEEP_LANES * sizeof *row);
            if (!absent(run, city, k, city->first_year + y))
                memcpy(row,
                       city->history +
                           ((size_t)k * n_years + (size_t)(city->first_year + y)) * run->draws.count +
                           city->at,
                       city->n * sizeof *row);
        }
    }
}

/* x / reference; a cell whose reference is zero is zero under every scale. */
static void divide(size_t n, const double *reference, double *x)
{
    for (size_t d = 0; d < n; d++)
        x[d] = reference[d] == 0 ? 1 : x[d] / reference[d];
}

static void copy_variant(const tj_sweep_run_state *run, const tj_sweep_city *city, const tj_sweep_part *part,
                         int32_t variant, const double *cells)
{
    size_t n_years = (size_t)tj_plan_get_settings(run->plan)->n_years;
    for (int32_t i = 0; i < part->component->n_cells; i++) {
        int32_t k = part->component->cells[i];
        for (int32_t y = 0; y < city->n_projected; y++) {
            double *row = row_at(city, part, variant, i, y);
            memset(row, 0, TJ_SWEEP_LANES * sizeof *row);
            if (absent(run, city, k, city->first_year + y))
                continue;
            memcpy(row, cells + ((size_t)k * n_years + (size_t)(city->first_year + y)) * TJ_SWEEP_LANES,
                   city->n * sizeof *row);
            if (part->component->product)
                divide(city->n, row_at(city, part, 0, i, y), row);
        }
    }
}

static tj_status simulate_variant(tj_sweep_run_state *run, int32_t background, const tj_sweep_city *city,
                                  int32_t variant, int thread)
{
    tj_block block = {
        .background = background, .package = variant, .city = city->city, .first = city->at, .n = city->n};
    tj_status status =
        tj_backend_lanes.simulate(run->plan, &run->draws, run->prepared, &block, run->scratch[thread],
                                  TJ_SWEEP_LANES, run->cells[thread], NULL);
    for (int32_t p = 0; p < city->n_parts && status == TJ_OK; p++)
        if (variant < city->parts[p].n_variants)
            copy_variant(run, city, &city->parts[p], variant, run->cells[thread]);
    return status;
}

static int32_t most_variants(const tj_sweep_city *city)
{
    int32_t most = 1;
    for (int32_t p = 0; p < city->n_parts; p++)
        most = city->parts[p].n_variants > most ? city->parts[p].n_variants : most;
    return most;
}

tj_status tj_sweep_stretch(tj_sweep_run_state *run, int32_t background, tj_sweep_city *city, size_t at)
{
    int32_t failed = INT32_MAX;
    tj_status status = TJ_OK;
    size_t left = run->draws.count - at;
    city->at = at;
    city->n = left < TJ_SWEEP_LANES ? left : TJ_SWEEP_LANES;
    for (int32_t p = 0; p < city->n_parts; p++)
        copy_reference(run, city, &city->parts[p]);
    int32_t n_variants = most_variants(city);
#pragma omp parallel for num_threads(run->threads) schedule(dynamic)
    for (int32_t v = 1; v < n_variants; v++) {
        int thread = 0;
#ifdef _OPENMP
        thread = omp_get_thread_num();
#endif
        tj_status one = simulate_variant(run, background, city, v, thread);
#pragma omp critical(tj_sweep_failure)
        if (one != TJ_OK && v < failed) {
            failed = v;
            status = one;
            tj_backend_lanes.fault(run->scratch[thread], &run->report->fault_cell, &run->report->fault_year);
        }
    }
    return status;
}

/* ---- putting together ---- */

typedef double eight __attribute__((vector_size(64)));

/* out[d] += weight * base[d] * each of factor[count][d] */
TJ_CLONES static void add_product(double weight, const double *base, int count, const double *const *factor,
                                  double *out)
{
    for (int d = 0; d < TJ_SWEEP_LANES; d += 8) {
        eight x, f, sum;
        memcpy(&x, base + d, sizeof x);
        x *= weight;
        for (int k = 0; k < count; k++) {
            memcpy(&f, factor[k] + d, sizeof f);
            x *= f;
        }
        memcpy(&sum, out + d, sizeof sum);
        sum += x;
        memcpy(out + d, &sum, sizeof sum);
    }
}

void tj_sweep_add_term(const tj_sweep_city *city, const tj_sweep_term *term, uint32_t mask, double *out)
{
    const tj_sweep_part *part = &city->parts[term->part];
    const double *factor[TJ_SWEEP_MEASURES];
    int count = 0;
    const double *base = row_at(city, part, 0, term->cell, term->year);
    if (!part->component->product && part->n_blocks > 0)
        base = row_at(city, part, tj_sweep_variant(&part->blocks[0], mask), term->cell, term->year);
    for (int32_t b = 0; part->component->product && b < part->n_blocks; b++) {
        int32_t variant = tj_sweep_variant(&part->blocks[b], mask);
        if (variant != 0)
            factor[count++] = row_at(city, part, variant, term->cell, term->year);
    }
    add_product(term->weight, base, count, factor, out);
}
