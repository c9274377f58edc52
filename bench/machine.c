/* Peaks of the machine; see machine.h.
 *
 * The multiply-add kernel holds enough independent chains for both units to be busy in every cycle, and
 * contraction is off, so that a product and a sum are two instructions, as in the engine. */
#include "bench/machine.h"

#include "engine/kernel.h"

#include <omp.h>
#include <stdlib.h>
#include <time.h>

enum { CHAINS = 12, WIDTH = 8, ROUNDS = 1 << 20, TRIES = 5 };
enum { MEMORY_DOUBLES = 8 << 20, CACHE_DOUBLES = 16 << 10 };

double bench_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

typedef double wide __attribute__((vector_size(WIDTH * sizeof(double))));

double bench_multiply_add(double factor, double summand);
void bench_triad(size_t n, double factor, const double *restrict a, const double *restrict b,
                 double *restrict x);

/* ROUNDS times CHAINS products and sums of WIDTH numbers. */
TJ_CLONES double bench_multiply_add(double factor, double summand)
{
    wide chain[CHAINS], f = (wide){0} + factor, s = (wide){0} + summand;
    for (int c = 0; c < CHAINS; c++)
        chain[c] = (wide){0} + (double)c;
    for (long i = 0; i < ROUNDS; i++) {
#pragma GCC unroll 12
        for (int c = 0; c < CHAINS; c++)
            chain[c] = chain[c] * f + s;
    }
    double sum = 0;
    for (int c = 0; c < CHAINS; c++)
        sum += chain[c][0];
    return sum;
}

TJ_CLONES void bench_triad(size_t n, double factor, const double *restrict a, const double *restrict b,
                           double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] = a[i] + factor * b[i];
}

static double operations_once(int threads)
{
    double begin = bench_now(), sum = 0;
#pragma omp parallel num_threads(threads) reduction(+ : sum)
    sum += bench_multiply_add(0.5, 1.0);
    double seconds = bench_now() - begin;
    return sum > 0 ? 2.0 * ROUNDS * CHAINS * WIDTH * threads / seconds : 0.0;
}

/* Bytes a second: every thread goes `rounds` times over three arrays of n doubles of its own. */
static double triad_once(int threads, size_t n, long rounds)
{
    double seconds = 0;
#pragma omp parallel num_threads(threads)
    {
        double *room = malloc(3 * n * sizeof *room);
        for (size_t i = 0; room != NULL && i < 3 * n; i++)
            room[i] = 1.0;
#pragma omp barrier
        double begin = bench_now();
        for (long i = 0; room != NULL && i < rounds; i++)
            bench_triad(n, 0.5, room, room + n, room + 2 * n);
#pragma omp barrier
#pragma omp master
        seconds = bench_now() - begin;
        free(room);
    }
    return 3.0 * sizeof(double) * (double)n * (double)rounds * threads / seconds;
}

static void raise(double *best, double value)
{
    *best = value > *best ? value : *best;
}

bench_machine bench_machine_measure(int threads)
{
    bench_machine best = {0};
    for (int i = 0; i < TRIES; i++) {
        raise(&best.operations, operations_once(threads));
        raise(&best.memory, triad_once(threads, MEMORY_DOUBLES, 2));
        raise(&best.cache, triad_once(threads, CACHE_DOUBLES, 2000));
    }
    return best;
}
