/* Variants: which measures reach which cells, and plans whose packages are chosen subsets of measures.
 *
 * Cells of a city form a component where an effect of the measure library ties them; measures that count
 * together on a component (an overlap group on a driver, a synergy) form a block of it. Components and
 * blocks come from the whole library, not from the packages at hand, so what follows from them does not
 * depend on a package's company. Place in the path of the data: plan -> variants -> plan of variants. */
#ifndef TJ_ENGINE_VARIANT_H
#define TJ_ENGINE_VARIANT_H

#include "engine/arena.h"
#include "engine/plan.h"

/* A plan's measure library. */
typedef struct tj_library {
    const tj_plan *plan;
    const tj_plan_slice *slices; /* n_cities; see TJ_SECTION_LIBRARY */
    int32_t n_measures;
    /* 1 where the reference package holds the measure in the city: [city * n_measures + rank]. NULL: nowhere */
    const uint8_t *in_reference;
} tj_library;

/* The library that the plan holds; slices are NULL where it has none. */
tj_library tj_library_of(const tj_plan *plan, int32_t n_measures, const uint8_t *in_reference);

typedef struct tj_component {
    int32_t city, n_cells, n_measures, n_blocks;
    const int32_t *cells;    /* numbers within the city, ascending */
    const int32_t *measures; /* ranks of those whose presence changes a cell, ascending */
    const int32_t *block;    /* of each measure: its block, 0 .. n_blocks - 1 */
    /* 1: one cell whose emissions under any measures are those under none times one factor a block.
     * 0: all measures form one block. */
    int product;
} tj_component;

/* The components of a city, in the order of their first cells; kept in the arena. TJ_ERR_MEMORY. */
tj_status tj_components_find(const tj_library *library, int32_t city, tj_arena *arena,
                             tj_component **components, size_t *count);

/* The variants that the plan's packages make of a component: variant[n_packages] numbers them from 0 in the
 * order of the packages; returns how many there are. Packages of one variant have the same effects on the
 * component, hence the same bits there. */
int32_t tj_component_variants(const tj_plan *plan, const tj_component *component, int32_t *variant);

/* Does package `package` of a new plan have measure `measure` in force on the effects of one component's
 * cells? `cell` is any of these, an index of the plan. Measures of the reference package always are. */
typedef int tj_variant_holds(const void *context, int32_t package, int32_t cell, int32_t measure);

/* The same plan with other packages: package 0 is the reference, 1 .. n_packages - 1 hold beside it the
 * library's measures that `holds` names, at full strength. On success the caller owns *variants. */
tj_status tj_variant_plan(const tj_library *library, int32_t n_packages, tj_variant_holds *holds,
                          const void *context, tj_plan **variants);

#endif
