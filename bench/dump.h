/* Writes a plan's tables and draws as .npy files, so that the peers compute from the same numbers. */
#ifndef TJ_BENCH_DUMP_H
#define TJ_BENCH_DUMP_H

#include "bench/case.h"

/* Files in `folder`: settings, cities, cells, drivers, effects, slices, terms (records, as engine/plan.h lays
 * them out), numbers, draws[parameter][draw], trend[cell][year][draw] (prepared trajectories, NaN where
 * there is none) and constant[cell][background][draw] (kappa, or a sink's difference). Returns 0 and says
 * why on stderr when it cannot. */
int bench_dump(const bench_case *bench, const char *folder);

#endif
