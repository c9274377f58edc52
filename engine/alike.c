/* Comparing packages cell by cell; see alike.h.
 *
 * Effects of a package in a city are sorted by driver, and drivers by cell, so both lists are walked once,
 * side by side. */
#include "engine/alike.h"

#include <string.h>

/* Effects in force of one package in one city, walked in order. */
typedef struct walk {
    const tj_plan_effect *next, *end;
} walk;

static walk start(const tj_plan *plan, int32_t package, int32_t city)
{
    tj_plan_slice slice = tj_plan_get_slice(plan, package, city);
    const tj_plan_effect *effects = tj_plan_section(plan, TJ_SECTION_EFFECTS, NULL);
    return (walk){effects + slice.first, effects + slice.first + slice.count};
}

static int32_t cell_of(const tj_plan *plan, int32_t driver)
{
    return tj_plan_get_driver(plan, driver)->cell;
}

/* The next effect in force on `cell`, or NULL behind the last one. */
static const tj_plan_effect *take(const tj_plan *plan, walk *w, int32_t cell)
{
    while (w->next < w->end && cell_of(plan, w->next->driver) == cell) {
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
    return memcmp(terms + a->factors_first, terms + b->factors_first,
                  (size_t)a->factors_count * sizeof *terms) == 0;
}

static int same_effects(const tj_plan *plan, walk *a, walk *b, int32_t cell)
{
    int same = 1;
    const tj_plan_effect *x, *y;
    do {
        x = take(plan, a, cell);
        y = take(plan, b, cell);
        same &= (x == NULL) == (y == NULL) && (x == NULL || same_effect(plan, x, y));
    } while (x != NULL || y != NULL);
    return same;
}

/* What a shift brings from another cell is not among the effects on the cell that receives it; and who
 * gives must be computed for who receives. */
static void part_exchanges(const tj_plan *plan, const tj_plan_city *city, walk w, unsigned char *alike)
{
    for (; w.next < w.end; w.next++) {
        int32_t from = cell_of(plan, w.next->driver);
        int32_t to = w.next->op == TJ_OP_SHIFT ? cell_of(plan, w.next->to_driver) : from;
        if (from != to)
            alike[from - city->cells_first] = alike[to - city->cells_first] = 0;
    }
}

/* Whether cell k uses the carrier of the supply cell or takes its removals. */
static int is_tied(const tj_plan *plan, const tj_plan_cell *supply, int32_t supply_index, int32_t k)
{
    const tj_plan_carrier *carriers = tj_plan_section(plan, TJ_SECTION_CARRIERS, NULL);
    const tj_plan_cell *cell = tj_plan_get_cell(plan, k);
    int tied = supply->removal_cell == k;
    for (int32_t i = 0; i < cell->carriers_count; i++)
        tied |= carriers[cell->carriers_first + i].supply == supply_index;
    return tied;
}

/* A supply cell looks at its users, its factor is theirs, and a removal cell looks at it: where one of them is not
 * alike, none is. Returns whether any ceased to be. */
static int part_supply(const tj_plan *plan, const tj_plan_city *city, int32_t supply, unsigned char *alike)
{
    const tj_plan_cell *cell = tj_plan_get_cell(plan, city->cells_first + supply);
    int all = alike[supply], changed = 0;
    for (int32_t k = 0; k < city->cells_count; k++)
        all &= alike[k] || !is_tied(plan, cell, city->cells_first + supply, city->cells_first + k);
    for (int32_t k = 0; k < city->cells_count && !all; k++) {
        if (!alike[k] ||
            (k != supply && !is_tied(plan, cell, city->cells_first + supply, city->cells_first + k)))
            continue;
        alike[k] = 0;
        changed = 1;
    }
    return changed;
}

static void part_supplies(const tj_plan *plan, const tj_plan_city *city, unsigned char *alike)
{
    int changed = 1;
    while (changed) {
        changed = 0;
        for (int32_t k = 0; k < city->cells_count; k++)
            if (tj_plan_get_cell(plan, city->cells_first + k)->method == TJ_METHOD_SUPPLY)
                changed |= part_supply(plan, city, k, alike);
    }
}

void tj_alike(const tj_plan *plan, int32_t city, int32_t a, int32_t b, unsigned char *alike)
{
    const tj_plan_city *c = tj_plan_get_city(plan, city);
    walk x = start(plan, a, city), y = start(plan, b, city);
    for (int32_t k = 0; k < c->cells_count; k++)
        alike[k] = (unsigned char)same_effects(plan, &x, &y, c->cells_first + k);
    if (a != b) {
        part_exchanges(plan, c, start(plan, a, city), alike);
        part_exchanges(plan, c, start(plan, b, city), alike);
        part_supplies(plan, c, alike);
    }
}
