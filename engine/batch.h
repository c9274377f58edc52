/* Batch: packages of one city that are computed together, and which of their cells are the same.
 *
 * Most packages of a study share most of their parts. Cells of a city that nothing ties together form parts
 * (engine/ties.h); a part's emissions depend only on the effects in force on it, so each distinct set of effects
 * is computed once and serves every package of the batch that has it. Where a cell differs, stocks of its fleets may still be
 * the same (engine/core.h). Effects are compared, never what was computed. Place in the path of the data: between the plan and the simulation of an ensemble. */
#ifndef TJ_ENGINE_BATCH_H
#define TJ_ENGINE_BATCH_H

#include "engine/plan.h"
#include "engine/status.h"

#include <stddef.h>

typedef struct tj_batch {
    int32_t n_cells, n_packages, n_slots; /* of the batch at hand */
    int32_t n_fleets, n_uses;
    /* [package * n_cells + cell], packages by their place in the batch: the first package with the same cell, and
     * the slot of the cell's years after H. Slot k < n_cells is cell k of the first package. */
    int32_t *first, *slot;
    /* [package * n_fleets + fleet of the city]: the first package with the same stock, and where its uses begin, of n_uses
     * rows (tj_kept_uses). That package computes the fleet's cell itself. */
    int32_t *fleet_first, *use_at;
    int32_t most_packages, most_fleets; /* that there is room for, and of a city */
    /* inside batch.c */
    int32_t *package, *from; /* the packages; where their effects on each cell begin */
    uint64_t *key;           /* of the effects in force on a cell; alike where these are */
    unsigned char *core;     /* drivers of one fleet */
} tj_batch;

/* Room for batches of at most `packages`. TJ_ERR_MEMORY: tj_batch_free is still due. */
tj_status tj_batch_init(tj_batch *batch, const tj_plan *plan, size_t packages);
void tj_batch_free(tj_batch *batch);

/* The part of each of the plan's cells: the least number within the city of a cell of the same part. From all
 * packages and the measure library, so that it does not depend on the packages at hand. */
void tj_batch_parts(const tj_plan *plan, int32_t *part);

/* Sorts packages[n_packages] of a city; `part` as above. */
void tj_batch_sort(tj_batch *batch, const tj_plan *plan, const int32_t *part, int32_t city,
                   const int32_t *packages, size_t n_packages);

/* 1 where two effects are the same but for where their ramps and synergy factors are written. */
int tj_batch_same_effect(const tj_plan *plan, const tj_plan_effect *a, const tj_plan_effect *b);

/* 1 where the effects in force on cell k of the city are the same under packages a and b. */
int tj_batch_alike(const tj_plan *plan, int32_t city, int32_t k, int32_t a, int32_t b);

#endif
