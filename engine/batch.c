/* Comparing packages part by part; see batch.h.
 *
 * Effects of a package in a city are sorted by driver, and drivers by cell, so the effects on a cell follow one
 * another. Keys tell most cells apart at once; where they agree, the effects themselves are compared. */
#include "engine/batch.h"

#include "engine/ties.h"

#include <stdlib.h>
#include <string.h>

/* ---- effects on one cell ---- */

/* Effects of one package in one city, walked in order. */
typedef struct walk {
    const tj_plan_effect *next, *end;
} walk;

static walk start(const tj_plan *plan, int32_t package, int32_t city, int32_t from)
{
    tj_plan_slice slice = tj_plan_get_slice(plan, package, city);
    const tj_plan_effect *effects = tj_plan_section(plan, TJ_SECTION_EFFECTS, NULL);
    return (walk){effects + slice.first + from, effects + slice.first + slice.count};
}

static int32_t cell_of(const tj_plan *plan, const tj_plan_effect *effect)
{
    return tj_plan_get_driver(plan, effect->driver)->cell;
}

/* The next effect in force on `cell`, or NULL behind the last one. */
static const tj_plan_effect *take(const tj_plan *plan, walk *w, int32_t cell)
{
    while (w->next < w->end && cell_of(plan, w->next) == cell) {
        const tj_plan_effect *effect = w->next++;
        if (effect->strength != 0.0)
            return effect;
    }
    return NULL;
}

/* The same but for where ramps and synergy factors are written; these are compared as numbers. */
static int same_effect(const tj_plan *plan, const tj_plan_effect *a, const tj_plan_effect *b)
{
    const tj_term *terms = tj_plan_section(plan, TJ_SECTION_TERMS, NULL);
    size_t n_years = (size_t)tj_plan_get_settings(plan)->n_years;
    tj_plan_effect other = *b;
    other.ramp = a->ramp;
    other.factors_first = a->factors_first;
    if (memcmp(a, &other, sizeof other) != 0)
        return 0;
    if (a->ramp != b->ramp &&
        memcmp(tj_plan_numbers(plan, a->ramp), tj_plan_numbers(plan, b->ramp), n_years * sizeof(double)) != 0)
        return 0;
    return a->factors_count == 0 || memcmp(terms + a->factors_first, terms + b->factors_first,
                                           (size_t)a->factors_count * sizeof *terms) == 0;
}

static int same_effects(const tj_plan *plan, walk a, walk b, int32_t cell)
{
    for (;;) {
        const tj_plan_effect *x = take(plan, &a, cell), *y = take(plan, &b, cell);
        if (x == NULL || y == NULL)
            return x == y;
        if (!same_effect(plan, x, y))
            return 0;
    }
}

static walk seek(const tj_plan *plan, int32_t package, int32_t city, int32_t cell)
{
    walk w = start(plan, package, city, 0);
    while (w.next < w.end && cell_of(plan, w.next) < cell)
        w.next++;
    return w;
}

int tj_batch_alike(const tj_plan *plan, int32_t city, int32_t k, int32_t a, int32_t b)
{
    int32_t cell = tj_plan_get_city(plan, city)->cells_first + k;
    return same_effects(plan, seek(plan, a, city, cell), seek(plan, b, city, cell), cell);
}

/* ---- parts ---- */

void tj_batch_parts(const tj_plan *plan, int32_t *part)
{
    const tj_plan_settings *s = tj_plan_get_settings(plan);
    size_t n_library;
    const tj_plan_slice *library = tj_plan_section(plan, TJ_SECTION_LIBRARY, &n_library);
    for (int32_t c = 0; c < s->n_cities; c++) {
        const tj_plan_city *city = tj_plan_get_city(plan, c);
        int32_t *set = part + city->cells_first;
        tj_ties_start(plan, c, set);
        for (int32_t p = 0; p < s->n_packages; p++)
            tj_ties_add(plan, c, tj_plan_get_slice(plan, p, c), set);
        if (n_library > 0)
            tj_ties_add(plan, c, library[c], set);
        tj_ties_settle(city->cells_count, set);
    }
}

/* ---- sorting ---- */

tj_status tj_batch_init(tj_batch *batch, const tj_plan *plan, size_t packages)
{
    size_t cells = tj_plan_most_cells(plan), most = (packages + 1) * cells;
    *batch = (tj_batch){.most_cells = (int32_t)cells, .most_packages = (int32_t)packages};
    batch->first = malloc(most * sizeof *batch->first);
    batch->slot = malloc(most * sizeof *batch->slot);
    batch->as_reference = malloc(most);
    batch->package = malloc((packages + 1) * sizeof *batch->package);
    batch->from = malloc(most * sizeof *batch->from);
    batch->key = malloc(most * sizeof *batch->key);
    int whole = batch->first != NULL && batch->slot != NULL && batch->as_reference != NULL &&
                batch->package != NULL && batch->from != NULL && batch->key != NULL;
    return whole ? TJ_OK : TJ_ERR_MEMORY;
}

void tj_batch_free(tj_batch *batch)
{
    free(batch->first);
    free(batch->slot);
    free(batch->as_reference);
    free(batch->package);
    free(batch->from);
    free(batch->key);
}

static uint64_t mixed(uint64_t key, uint64_t value)
{
    key = (key ^ value) * 0x9e3779b97f4a7c15u;
    return key ^ key >> 32;
}

/* Finds where the effects on each cell begin, and their keys, of the i-th package of the batch. */
static void index_package(tj_batch *batch, const tj_plan *plan, int32_t city, int32_t i)
{
    int32_t cells_first = tj_plan_get_city(plan, city)->cells_first;
    walk w = start(plan, batch->package[i], city, 0);
    const tj_plan_effect *begin = w.next, *effect;
    for (int32_t k = 0; k < batch->n_cells; k++) {
        uint64_t key = 0;
        batch->from[i * batch->n_cells + k] = (int32_t)(w.next - begin);
        while ((effect = take(plan, &w, cells_first + k)) != NULL) {
            uint64_t strength;
            memcpy(&strength, &effect->strength, sizeof strength);
            key = mixed(key, (uint64_t)(uint32_t)effect->driver << 32 | (uint32_t)effect->measure);
            key = mixed(key, strength + (uint64_t)effect->op);
        }
        batch->key[i * batch->n_cells + k] = key;
    }
}

/* Are all cells of the part that begins with cell `root` the same under packages a and b of the batch? */
static int same_part(const tj_batch *batch, const tj_plan *plan, const int32_t *part, int32_t city,
                     int32_t root, int32_t a, int32_t b)
{
    int32_t cells_first = tj_plan_get_city(plan, city)->cells_first, n = batch->n_cells;
    if (batch->package[a] == batch->package[b])
        return 1;
    for (int32_t k = root; k < n; k++)
        if (part[cells_first + k] == root && batch->key[a * n + k] != batch->key[b * n + k])
            return 0;
    for (int32_t k = root; k < n; k++) {
        if (part[cells_first + k] != root)
            continue;
        walk x = start(plan, batch->package[a], city, batch->from[a * n + k]);
        walk y = start(plan, batch->package[b], city, batch->from[b * n + k]);
        if (!same_effects(plan, x, y, cells_first + k))
            return 0;
    }
    return 1;
}

/* Finds who computes the part for package i of the batch; the reference comes behind the last. */
static void sort_part(tj_batch *batch, const tj_plan *plan, const int32_t *part, int32_t city, int32_t root,
                      int32_t i)
{
    int32_t cells_first = tj_plan_get_city(plan, city)->cells_first, n = batch->n_cells, first = 0;
    while (first < i &&
           (batch->first[first * n + root] != first || !same_part(batch, plan, part, city, root, first, i)))
        first++;
    int as_reference = same_part(batch, plan, part, city, root, batch->n_packages, i);
    for (int32_t k = root; k < n; k++) {
        if (part[cells_first + k] != root)
            continue;
        batch->first[i * n + k] = first;
        if (first < i)
            batch->slot[i * n + k] = batch->slot[first * n + k];
        else
            batch->slot[i * n + k] = i == 0 ? k : batch->n_slots++;
        batch->as_reference[i * n + k] = (unsigned char)as_reference;
    }
}

void tj_batch_sort(tj_batch *batch, const tj_plan *plan, const int32_t *part, int32_t city,
                   const int32_t *packages, size_t n_packages)
{
    const tj_plan_city *record = tj_plan_get_city(plan, city);
    batch->n_cells = record->cells_count;
    batch->n_packages = (int32_t)n_packages;
    batch->n_slots = record->cells_count;
    memcpy(batch->package, packages, n_packages * sizeof *packages);
    batch->package[n_packages] = tj_plan_get_settings(plan)->reference_package;
    for (int32_t i = 0; i <= batch->n_packages; i++)
        index_package(batch, plan, city, i);
    for (int32_t i = 0; i < batch->n_packages; i++)
        for (int32_t k = 0; k < batch->n_cells; k++)
            if (part[record->cells_first + k] == k)
                sort_part(batch, plan, part, city, k, i);
}
