/* Totals in flight: territorial emissions of every city under every (background, package), draw by draw.
 *
 * An ensemble (engine/ensemble.h) holds all draws of a unit, since its statistics need them. Here nothing is held:
 * a few draws of one city at a time are handed over while they are in the cache, for a caller who counts, sums or writes
 * on its own. The bits do not depend on the number of threads or on the block size. OpenMP lives here. */
#ifndef TJ_ENGINE_TOTALS_H
#define TJ_ENGINE_TOTALS_H

#include "engine/ensemble.h"

typedef struct tj_totals_part {
    int32_t background, package, city;
    int32_t first_year, end_year; /* indexes of the years, the last one not included */
    size_t first, n;              /* draws */
    /* t CO2e per year of year y and draw d: total[(y - first_year) * stride + (d - first)]; NaN: no value. Gone after the call. */
    const double *total;
    size_t stride;
} tj_totals_part;

typedef struct tj_totals_run {
    /* plan, backend, draws, threads, block and packages are read. The reference package is simulated only where it is
     * asked for. */
    const tj_run *run;
    int32_t background_first, background_end;
    int history; /* parts begin with the first year of the axis, not after the city's last inventory */
    /* Receives every total once, in any order, several parts at a time, on any of `threads` threads counted from 0. Non-zero
     * stops the run. */
    tj_status (*part)(void *context, int thread, const tj_totals_part *part);
    void *context;
} tj_totals_run;

typedef struct tj_totals tj_totals;

/* Draws and prepares. tj_totals_close is due in any case. */
tj_status tj_totals_open(const tj_totals_run *run, tj_totals **totals);
void tj_totals_close(tj_totals *totals); /* NULL is fine */

/* Hands over every total once; may be called again. Returns what a part returned, or the simulation's own failure, after which
 * it is not called again. */
tj_status tj_totals_give(tj_totals *totals);

/* After TJ_ERR_UNDEFINED: the cell (index in the plan) and the year index, or TJ_NONE. */
void tj_totals_fault(const tj_totals *totals, int32_t *cell, int32_t *year);

#endif
