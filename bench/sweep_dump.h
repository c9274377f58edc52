/* The inputs of a sweep as other programs need them, and the order in which results are compared. */
#ifndef TJ_BENCH_SWEEP_DUMP_H
#define TJ_BENCH_SWEEP_DUMP_H

#include "engine/sweep.h"

enum { BENCH_SLOTS = 2048 };

/* A row of results that everyone computes: a target's probabilities, or a city's means in a year. */
typedef struct bench_slot {
    tj_sweep_kind kind;
    int32_t item, year;
} bench_slot;

typedef struct bench_slots {
    bench_slot slot[BENCH_SLOTS];
    size_t count;
} bench_slots;

/* Writes index.json and data.bin to the folder: of each city, by part and projected target year, the emissions of
 * the reference and the factors (of a part that is no product: the emissions) of every subset of its blocks, and
 * the levels of those targets that ask for one total. Results are to be in the order of *slots. 0 on failure. */
int bench_sweep_dump(const tj_sweep *sweep, int32_t background, const char *folder, bench_slots *slots);

#endif
