/* Sets as forests of parents: a number stands for the set of its root; see ties.h. */
#include "engine/ties.h"

int32_t tj_ties_root(int32_t *set, int32_t i)
{
    while (set[i] != i)
        i = set[i] = set[set[i]];
    return i;
}

/* The smaller root wins, so a root is its set's least member. */
void tj_ties_unite(int32_t *set, int32_t a, int32_t b)
{
    a = tj_ties_root(set, a);
    b = tj_ties_root(set, b);
    set[a > b ? a : b] = a > b ? b : a;
}

/* A carrier's supply cell sees how much of it a cell uses; a supply cell adds to its cell of removals. */
void tj_ties_start(const tj_plan *plan, int32_t city, int32_t *set)
{
    const tj_plan_city *c = tj_plan_get_city(plan, city);
    const tj_plan_carrier *carriers = tj_plan_section(plan, TJ_SECTION_CARRIERS, NULL);
    for (int32_t k = 0; k < c->cells_count; k++)
        set[k] = k;
    for (int32_t k = 0; k < c->cells_count; k++) {
        const tj_plan_cell *cell = tj_plan_get_cell(plan, c->cells_first + k);
        for (int32_t i = 0; i < cell->carriers_count; i++)
            if (carriers[cell->carriers_first + i].supply != TJ_NONE)
                tj_ties_unite(set, k, carriers[cell->carriers_first + i].supply - c->cells_first);
        if (cell->method == TJ_METHOD_SUPPLY && cell->removal_cell != TJ_NONE)
            tj_ties_unite(set, k, cell->removal_cell - c->cells_first);
    }
}

void tj_ties_add(const tj_plan *plan, int32_t city, tj_plan_slice slice, int32_t *set)
{
    const tj_plan_effect *effects = tj_plan_section(plan, TJ_SECTION_EFFECTS, NULL);
    int32_t first = tj_plan_get_city(plan, city)->cells_first;
    for (int32_t e = slice.first; e < slice.first + slice.count; e++)
        if (effects[e].op == TJ_OP_SHIFT)
            tj_ties_unite(set, tj_plan_get_driver(plan, effects[e].driver)->cell - first,
                          tj_plan_get_driver(plan, effects[e].to_driver)->cell - first);
}

void tj_ties_settle(int32_t count, int32_t *set)
{
    for (int32_t i = 0; i < count; i++)
        set[i] = tj_ties_root(set, i);
}
