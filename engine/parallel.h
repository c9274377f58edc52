/* Independent pieces of work over threads, for callers above the engine.
 *
 * Each piece writes only what is its own, so what comes out does not depend on the number of threads. */
#ifndef TJ_ENGINE_PARALLEL_H
#define TJ_ENGINE_PARALLEL_H

#include "engine/status.h"

#include <stddef.h>

/* Calls work(context, i) for i = 0 .. n - 1, in any order, on `threads` threads (below 1: as many as OpenMP
 * offers). Returns TJ_OK, or the status of the lowest piece that failed; every piece runs in any case. */
tj_status tj_parallel(size_t n, int threads, tj_status (*work)(void *context, size_t i), void *context);

#endif
