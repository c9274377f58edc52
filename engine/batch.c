/* Comparing packages part by part; see batch.h.
 *
 * Effects of a package in a city are sorted by driver, and drivers by cell, so the effects on a cell follow one
 * another. Keys tell most cells apart at once; where they agree, the effects themselves are compared. */
#include "engine/batch.h"

#include "engine/core.h"
#include "engine/ties.h"

#include <assert.h>
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

int tj_batch_same_effect(const tj_plan *plan, const tj_plan_effect *a, const tj_plan_effect *b)
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
        if (!tj_batch_same_effect(plan, x, y))
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

static int32_t drivers_count(const tj_plan *plan, int32_t city)
{
    return tj_plan_city_drivers(plan, city).count;
}

/* The largest count of all cities. */
static size_t most_of(const tj_plan *plan, int32_t (*count)(const tj_plan *plan, int32_t city))
{
    int32_t most = 0;
    for (int32_t c = 0; c < tj_plan_get_settings(plan)->n_cities; c++)
        most = count(plan, c) > most ? count(plan, c) : most;
    return (size_t)most;
}

tj_status tj_batch_init(tj_batch *batch, const tj_plan *plan, size_t packages)
{
    size_t cells = tj_plan_most_cells(plan), most = packages * cells + 1;
    size_t most_fleets = most_of(plan, tj_core_fleets), fleets = packages * most_fleets + 1;
    *batch = (tj_batch){.most_packages = (int32_t)packages, .most_fleets = (int32_t)most_fleets};
    batch->first = malloc(most * sizeof *batch->first);
    batch->slot = malloc(most * sizeof *batch->slot);
    batch->fleet_first = malloc(fleets * sizeof *batch->fleet_first);
    batch->use_at = malloc(fleets * sizeof *batch->use_at);
    batch->package = malloc((packages + 1) * sizeof *batch->package);
    batch->from = malloc(most * sizeof *batch->from);
    batch->key = malloc(most * sizeof *batch->key);
    batch->core = malloc(most_of(plan, drivers_count) + 1);
    int whole = batch->first != NULL && batch->slot != NULL && batch->fleet_first != NULL &&
                batch->use_at != NULL && batch->package != NULL && batch->from != NULL &&
                batch->key != NULL && batch->core != NULL;
    return whole ? TJ_OK : TJ_ERR_MEMORY;
}

void tj_batch_free(tj_batch *batch)
{
    free(batch->first);
    free(batch->slot);
    free(batch->fleet_first);
    free(batch->use_at);
    free(batch->package);
    free(batch->from);
    free(batch->key);
    free(batch->core);
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

/* Finds who computes the part for package i of the batch. */
static void sort_part(tj_batch *batch, const tj_plan *plan, const int32_t *part, int32_t city, int32_t root,
                      int32_t i)
{
    int32_t cells_first = tj_plan_get_city(plan, city)->cells_first, n = batch->n_cells, first = 0;
    while (first < i &&
           (batch->first[first * n + root] != first || !same_part(batch, plan, part, city, root, first, i)))
        first++;
    for (int32_t k = root; k < n; k++) {
        if (part[cells_first + k] != root)
            continue;
        batch->first[i * n + k] = first;
        if (first < i)
            batch->slot[i * n + k] = batch->slot[first * n + k];
        else
            batch->slot[i * n + k] = i == 0 ? k : batch->n_slots++;
    }
}

/* ---- fleets ---- */

/* The next effect in force on a core, or NULL; *crosses where it shifts into the core or out of it. */
static const tj_plan_effect *take_core(walk *w, const unsigned char *core, int32_t first, int *crosses)
{
    while (w->next < w->end) {
        const tj_plan_effect *effect = w->next++;
        int from = core[effect->driver - first];
        int to = effect->op == TJ_OP_SHIFT ? core[effect->to_driver - first] : from;
        if (effect->strength == 0.0 || !(from || to))
            continue;
        *crosses |= from != to;
        return effect;
    }
    return NULL;
}

/* Are the effects on the core the same under packages a and b? What a shift brings in depends on more. */
static int same_core(const tj_plan *plan, int32_t city, const unsigned char *core, int32_t a, int32_t b)
{
    int32_t first = tj_plan_city_drivers(plan, city).first;
    walk x = start(plan, a, city, 0), y = start(plan, b, city, 0);
    for (int crosses = 0;;) {
        const tj_plan_effect *of_a = take_core(&x, core, first, &crosses),
                             *of_b = take_core(&y, core, first, &crosses);
        if (of_a == NULL || of_b == NULL)
            return of_a == of_b;
        if (crosses || !tj_batch_same_effect(plan, of_a, of_b))
            return 0;
    }
}

/* Finds who computes the stock of a fleet of cell k for package i of the batch, and where its `rows` of uses are. */
static void sort_fleet(tj_batch *batch, const tj_plan *plan, int32_t city, int32_t k, int32_t fleet,
                       int32_t i, int32_t rows)
{
    const int32_t *cell_first = batch->first + k, n = batch->n_cells;
    int32_t *fleet_first = batch->fleet_first + fleet, *use_at = batch->use_at + fleet, first = 0;
    for (; first < i; first++)
        if (fleet_first[first * batch->n_fleets] == first &&
            (cell_first[i * n] == first ||
             same_core(plan, city, batch->core, batch->package[first], batch->package[i])))
            break;
    fleet_first[i * batch->n_fleets] = first;
    use_at[i * batch->n_fleets] = first < i ? use_at[first * batch->n_fleets] : batch->n_uses;
    batch->n_uses += first < i ? 0 : rows;
}

static void sort_fleets(tj_batch *batch, const tj_plan *plan, int32_t city)
{
    const tj_plan_fleet *fleets = tj_plan_section(plan, TJ_SECTION_FLEETS, NULL);
    const tj_plan_city *record = tj_plan_get_city(plan, city);
    int32_t number = 0, years = tj_plan_get_settings(plan)->n_years - record->last_inventory;
    batch->n_fleets = tj_core_fleets(plan, city);
    batch->n_uses = 0;
    for (int32_t k = 0; k < batch->n_cells; k++) {
        const tj_plan_cell *cell = tj_plan_get_cell(plan, record->cells_first + k);
        for (int32_t j = 0; j < cell->fleets_count; j++, number++) {
            const tj_plan_fleet *fleet = &fleets[cell->fleets_first + j];
            int32_t rows = years * tj_core_carriers(plan, fleet, NULL);
            tj_core_mark(plan, fleet, batch->core);
            for (int32_t i = 0; i < batch->n_packages; i++)
                sort_fleet(batch, plan, city, k, number, i, rows);
        }
    }
}

void tj_batch_sort(tj_batch *batch, const tj_plan *plan, const int32_t *part, int32_t city,
                   const int32_t *packages, size_t n_packages)
{
    const tj_plan_city *record = tj_plan_get_city(plan, city);
    assert(n_packages <= (size_t)batch->most_packages);
    batch->n_cells = record->cells_count;
    batch->n_packages = (int32_t)n_packages;
    batch->n_slots = record->cells_count;
    memcpy(batch->package, packages, n_packages * sizeof *packages);
    for (int32_t i = 0; i < batch->n_packages; i++)
        index_package(batch, plan, city, i);
    for (int32_t i = 0; i < batch->n_packages; i++)
        for (int32_t k = 0; k < batch->n_cells; k++)
            if (part[record->cells_first + k] == k)
                sort_part(batch, plan, part, city, k, i);
    sort_fleets(batch, plan, city);
}
