/* The model alone: every city's total of every unit, and no statistics. */
#ifndef TJ_BENCH_TOTALS_H
#define TJ_BENCH_TOTALS_H

#include "bench/case.h"

/* Simulates all cities under all (background, package) and sums each to its total, a few units at a time in
 * memory that is used again and again. With `to` not NULL all totals are copied there:
 * [background][package][city][year][draw], years after the city's last inventory only. Returns seconds,
 * or a negative number on failure. */
double bench_totals(const bench_case *bench, int threads, double *to);

/* A whole ensemble with all its statistics, handed to a sink that drops them. Seconds, or negative. */
double bench_ensemble(const bench_case *bench, int threads);

#endif
