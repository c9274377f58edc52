/* What the machine can do at most, measured in the same run as the engine. */
#ifndef TJ_BENCH_MACHINE_H
#define TJ_BENCH_MACHINE_H

typedef struct bench_machine {
    double operations; /* multiplications and additions a second, not fused, at the widest vectors */
    double memory;     /* bytes a second of a triad over arrays far larger than the caches */
    double cache;      /* the same over arrays that stay in the second-level cache */
} bench_machine;

/* The best of several short measurements with so many threads. */
bench_machine bench_machine_measure(int threads);

/* Wall time, s. */
double bench_now(void);

#endif
