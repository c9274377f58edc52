/* Simulating the variants of a city's parts, and reading their rows; see sweep_parts.h.
 *
 * Variant v of every part of a city stands in one package, so that it is simulated for all parts that have so
 * many at once: parts do not see one another. Cells of the others are held. Plans are made for some variants at a
 * time, so that 2^16 of them take no more room than a thousand. */
#include "engine/kernel.h"
#include "engine/sweep_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#    include <omp.h>
#endif

/* ---- which measures a variant holds ---- */

static uint32_t subset_mask(const tj_sweep_block *block, int32_t subset)
{
    uint32_t mask = 0;
    for (int i = 0; i < block->n_bits; i++)
        mask |= (uint32_t)(subset >> i & 1) << block->bit[i];
    return mask;
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

/* The subset of the block that the variant is, or 0: none, or one that no combination holds. */
static int32_t subset_of(const tj_sweep *sweep, const tj_sweep_block *block, int32_t variant)
{
    int32_t subset = variant - block->first + 1;
    if (subset < 1 || subset >= 1 << block->n_bits || impossible(sweep, block, subset))
        return 0;
    return subset;
}

/* Is the variant to be simulated for this part? */
static int is_wanted(const tj_sweep *sweep, const tj_sweep_part *part, int32_t variant)
{
    for (int32_t b = 0; b < part->n_blocks; b++)
        if (subset_of(sweep, &part->blocks[b], variant) != 0)
            return 1;
    return 0;
}

static const tj_sweep_part *part_with(const tj_sweep_run_state *run, int32_t cell)
{
    const tj_sweep_city *city = &run->cities[run->chunk.city];
    int32_t k = cell - tj_plan_get_city(run->library.plan, run->chunk.city)->cells_first;
    for (int32_t p = 0; p < city->n_parts; p++) {
        const tj_component *component = city->parts[p].component;
        for (int32_t i = 0; i < component->n_cells; i++)
            if (component->cells[i] == k)
                return &city->parts[p];
    }
    return NULL; /* of another city */
}

static int holds(const void *context, int32_t package, int32_t cell, int32_t measure)
{
    const tj_sweep_run_state *run = context;
    const tj_sweep_part *part = part_with(run, cell);
    int bit = tj_sweep_bit(run->sweep, measure);
    for (int32_t b = 0; part != NULL && bit != TJ_NONE && b < part->n_blocks; b++) {
        const tj_sweep_block *block = &part->blocks[b];
        int32_t subset = subset_of(run->sweep, block, run->chunk.first + package - 1);
        if (subset != 0)
            return (int)(subset_mask(block, subset) >> bit & 1);
    }
    return 0;
}

/* ---- chunks of variants ---- */

void tj_sweep_chunk_close(tj_sweep_run_state *run)
{
    for (int t = 0; run->chunk.scratch != NULL && t < run->threads; t++)
        tj_backend_lanes.scratch_free(run->chunk.scratch[t]);
    free(run->chunk.scratch);
    tj_plan_free(run->chunk.plan);
    run->chunk = (tj_sweep_chunk){.city = TJ_NONE};
}

/* Makes the plan of variants first .. first + count - 1 of the city, unless it is there. */
static tj_status ready(tj_sweep_run_state *run, int32_t city, int32_t first, int32_t count)
{
    tj_sweep_chunk *chunk = &run->chunk;
    if (chunk->city == city && chunk->first == first && chunk->count == count)
        return TJ_OK;
    tj_sweep_chunk_close(run);
    *chunk = (tj_sweep_chunk){.city = city, .first = first, .count = count};
    tj_status status = tj_variant_plan(&run->library, count + 1, holds, run, &chunk->plan);
    chunk->scratch = calloc((size_t)run->threads, sizeof *chunk->scratch);
    if (status != TJ_OK || chunk->scratch == NULL)
        return TJ_ERR_MEMORY;
    for (int t = 0; t < run->threads; t++) {
        chunk->scratch[t] = tj_backend_lanes.scratch_create(chunk->plan, &run->draws);
        if (chunk->scratch[t] == NULL)
            return TJ_ERR_MEMORY;
    }
    return TJ_OK;
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
        status = tj_backend_lanes.simulate(run->plan, &run->draws, run->prepared, &block, run->scratch, count,
                                           city->history + at, NULL);
    }
    if (status == TJ_ERR_UNDEFINED)
        tj_backend_lanes.fault(run->scratch, &run->report->fault_cell, &run->report->fault_year);
    return status;
}

static double *row_at(const tj_sweep_part *part, int32_t variant, int32_t row)
{
    assert(variant < part->n_variants && row < part->n_rows);
    return part->values + ((size_t)variant * (size_t)part->n_rows + (size_t)row) * TJ_SWEEP_LANES;
}

const double *tj_sweep_row_of(const tj_sweep_part *part, int32_t variant, int32_t row)
{
    return row_at(part, variant, row);
}

/* What a package of the city came to: row (k, year) is cells[(k * n_years + year) * stride]. */
typedef struct outcome {
    const tj_plan *plan;
    const double *cells;
    size_t stride;
} outcome;

/* A cell of the part in a projected year; NULL where it is absent. */
static const double *cell_row(const outcome *o, const tj_sweep_city *city, const tj_sweep_part *part,
                              int32_t cell, int32_t year)
{
    int32_t k = part->component->cells[cell], y = city->first_year + year;
    size_t n_years = (size_t)tj_plan_get_settings(o->plan)->n_years;
    int32_t index = tj_plan_get_city(o->plan, city->city)->cells_first + k;
    if (tj_plan_bytes(o->plan, tj_plan_get_cell(o->plan, index)->status)[y] == TJ_ABSENT)
        return NULL;
    return o->cells + ((size_t)k * n_years + (size_t)y) * o->stride;
}

TJ_CLONES static void add_weighed(size_t n, double weight, const double *restrict from, double *restrict to)
{
#pragma omp simd
    for (size_t d = 0; d < n; d++)
        to[d] += weight * from[d];
}

/* x / reference; a cell whose reference is zero is zero under every scale. */
static void divide(size_t n, const double *reference, double *x)
{
    for (size_t d = 0; d < n; d++)
        x[d] = reference[d] == 0 ? 1 : x[d] / reference[d];
}

/* Rows of what is absent, and lanes past the last draw, are zero. */
static void take_product(const outcome *o, const tj_sweep_city *city, const tj_sweep_part *part,
                         int32_t variant)
{
    for (int32_t y = 0; y < part->n_rows; y++) {
        double *row = row_at(part, variant, y);
        const double *from = cell_row(o, city, part, 0, y);
        memset(row, 0, TJ_SWEEP_LANES * sizeof *row);
        if (from == NULL)
            continue;
        memcpy(row, from, city->n * sizeof *row);
        if (variant > 0)
            divide(city->n, row_at(part, 0, y), row);
    }
}

static void take_sums(const outcome *o, const tj_sweep_city *city, const tj_sweep_part *part, int32_t variant)
{
    size_t i = 0;
    for (int32_t r = 0; r < part->n_rows; r++) {
        double *row = row_at(part, variant, r);
        memset(row, 0, TJ_SWEEP_LANES * sizeof *row);
        for (; i < part->after[r]; i++) {
            const tj_sweep_term *term = &part->asked[i];
            const double *from = cell_row(o, city, part, term->cell, term->year);
            if (from != NULL)
                add_weighed(city->n, term->weight, from, row);
        }
    }
}

/* Where the results of a stretch go besides the values. */
typedef struct summed {
    const int32_t *years;
    int32_t n_years;
    tj_sweep_sums *sums; /* by part; NULL: nowhere */
} summed;

static void take(const outcome *o, const tj_sweep_city *city, int32_t p, int32_t variant, const summed *to)
{
    const tj_sweep_part *part = &city->parts[p];
    if (part->component->product) {
        take_product(o, city, part, variant);
        return;
    }
    take_sums(o, city, part, variant);
    if (to->sums != NULL)
        tj_sweep_sums_variant(o->plan, city, part, variant, o->cells, o->stride, to->years, to->n_years,
                              &to->sums[p]);
}

/* No combination holds it: its rows are there, and looked at, but what comes of them is left out. */
static void take_nothing(const tj_sweep_part *part, int32_t variant)
{
    for (int32_t r = 0; r < part->n_rows; r++)
        memset(row_at(part, variant, r), 0, TJ_SWEEP_LANES * sizeof(double));
}

/* Marks the cells of parts that want the variant; returns how many parts do. */
static int mark(const tj_sweep *sweep, const tj_sweep_city *city, int32_t variant, unsigned char *held)
{
    int wanted = 0;
    for (int32_t p = 0; p < city->n_parts; p++) {
        const tj_sweep_part *part = &city->parts[p];
        int own = variant < part->n_variants && is_wanted(sweep, part, variant);
        wanted += own;
        for (int32_t i = 0; i < part->component->n_cells; i++)
            held[part->component->cells[i]] = own ? TJ_HELD_HISTORY : TJ_HELD_ALL;
    }
    return wanted;
}

static tj_status simulate_variant(tj_sweep_run_state *run, int32_t background, const tj_sweep_city *city,
                                  int32_t variant, int thread, const summed *to, unsigned char *held)
{
    const tj_sweep_chunk *chunk = &run->chunk;
    outcome o = {chunk->plan, run->cells[thread], TJ_SWEEP_LANES};
    tj_block block = {.background = background,
                      .package = variant - chunk->first + 1,
                      .city = city->city,
                      .first = city->at,
                      .n = city->n,
                      .held = held};
    tj_status status = TJ_OK;
    if (mark(run->sweep, city, variant, held) > 0)
        status = tj_backend_lanes.simulate(chunk->plan, &run->draws, run->prepared, &block,
                                           chunk->scratch[thread], TJ_SWEEP_LANES, run->cells[thread], NULL);
    for (int32_t p = 0; p < city->n_parts && status == TJ_OK; p++) {
        if (variant >= city->parts[p].n_variants)
            continue;
        if (is_wanted(run->sweep, &city->parts[p], variant))
            take(&o, city, p, variant, to);
        else
            take_nothing(&city->parts[p], variant);
    }
    return status;
}

static tj_status simulate_chunk(tj_sweep_run_state *run, int32_t background, const tj_sweep_city *city,
                                const summed *to)
{
    int32_t first = run->chunk.first, failed = INT32_MAX;
    size_t n_cells = (size_t)tj_plan_get_city(run->plan, city->city)->cells_count;
    unsigned char *held = calloc((size_t)run->threads, n_cells + 1);
    tj_status status = held == NULL ? TJ_ERR_MEMORY : TJ_OK;
#pragma omp parallel for num_threads(run->threads) schedule(dynamic)
    for (int32_t v = first; v < first + (status == TJ_OK ? run->chunk.count : 0); v++) {
        int thread = 0;
#ifdef _OPENMP
        thread = omp_get_thread_num();
#endif
        tj_status one =
            simulate_variant(run, background, city, v, thread, to, held + (size_t)thread * (n_cells + 1));
#pragma omp critical(tj_sweep_failure)
        if (one != TJ_OK && v < failed) {
            failed = v;
            status = one;
            tj_backend_lanes.fault(run->chunk.scratch[thread], &run->report->fault_cell,
                                   &run->report->fault_year);
        }
    }
    free(held);
    return status;
}

static int32_t most_variants(const tj_sweep_city *city)
{
    int32_t most = 1;
    for (int32_t p = 0; p < city->n_parts; p++)
        most = city->parts[p].n_variants > most ? city->parts[p].n_variants : most;
    return most;
}

tj_status tj_sweep_stretch(tj_sweep_run_state *run, int32_t background, tj_sweep_city *city, size_t at,
                           const int32_t *years, int32_t n_years, tj_sweep_sums *sums)
{
    const summed to = {years, n_years, sums};
    size_t left = run->draws.count - at;
    outcome reference = {run->plan, city->history + at, run->draws.count};
    tj_status status = TJ_OK;
    city->at = at;
    city->n = left < TJ_SWEEP_LANES ? left : TJ_SWEEP_LANES;
    for (int32_t p = 0; p < city->n_parts; p++)
        take(&reference, city, p, 0, &to);
    int32_t n_variants = most_variants(city);
    for (int32_t first = 1; first < n_variants && status == TJ_OK; first += TJ_SWEEP_CHUNK) {
        int32_t count = n_variants - first < TJ_SWEEP_CHUNK ? n_variants - first : TJ_SWEEP_CHUNK;
        size_t weight = 0;
        status = ready(run, city->city, first, count);
        if (status == TJ_OK)
            status = simulate_chunk(run, background, city, &to);
        for (int32_t v = first; v < first + count; v++)
            weight += tj_sweep_variant_weight(city, v);
        if (status == TJ_OK)
            status = tj_sweep_step(run, weight);
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
    int32_t own =
        !part->component->product && part->n_blocks > 0 ? tj_sweep_variant(&part->blocks[0], mask) : 0;
    const double *base = row_at(part, own, term->row);
    for (int32_t b = 0; part->component->product && b < part->n_blocks; b++) {
        int32_t variant = tj_sweep_variant(&part->blocks[b], mask);
        if (variant != 0)
            factor[count++] = row_at(part, variant, term->row);
    }
    add_product(term->weight, base, count, factor, out);
}
