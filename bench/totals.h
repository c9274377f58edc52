/* The model alone: every city's total of every unit, and no statistics. */
#ifndef TJ_BENCH_TOTALS_H
#define TJ_BENCH_TOTALS_H

#include "bench/case.h"

/* Totals of all cities under all (background, package), handed over in flight (engine/totals.h) and dropped; with `to` not
 * NULL they are copied there: [background][package][city][year][draw], years after the city's last inventory only.
 * Returns the seconds of a pass, the mean of several where none is copied, or a negative number on failure. */
double bench_totals(const bench_case *bench, int threads, double *to);

/* A whole ensemble with all its statistics, handed to a sink that drops them. Seconds, or negative. */
double bench_ensemble(const bench_case *bench, int threads);

#endif
