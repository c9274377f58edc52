/* A study made ready for measuring: its plan, its draws and the prepared trajectories. */
#ifndef TJ_BENCH_CASE_H
#define TJ_BENCH_CASE_H

#include "engine/simulate.h"
#include "scenarios/compile.h"

typedef struct bench_case {
    tj_diags diags;
    tj_study study;
    tj_compiled compiled;
    const tj_plan *plan;
    tj_draws draws;
    tj_prepared *prepared; /* of the lanes backend */
    size_t units;          /* city-package-draw-years after each city's last inventory, all backgrounds */
    double operations;     /* of one pass over all units, see bench/README.md */
    double bytes;          /* least traffic of that pass */
} bench_case;

/* Reads, compiles, draws and prepares. On failure says why on stderr and returns 0; bench_case_close is
 * due in both cases. */
int bench_case_open(bench_case *bench, const char *study, size_t draws);
void bench_case_close(bench_case *bench);

#endif
