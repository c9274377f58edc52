/* Sweeps against plain evaluation and against the machine.
 *
 *   tj_bench_sweep STUDY DRAWS THREADS ROUNDS MEASURE...
 *
 * In turn, round after round: the sweep of all combinations under the first background, the plain ensemble of the
 * study's packages, and the machine's best at what a sweep's innermost loop does: comparing short whole
 * numbers that stay in the first-level cache and counting hits. Prints medians. */
#include "engine/sweep.h"
#include "bench/case.h"
#include "bench/machine.h"
#include "bench/totals.h"
#include "engine/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROUNDS = 99, LOADS = 4096, REPEATS = 20000 };

typedef int16_t numbers __attribute__((vector_size(32)));

/* Compares 16 numbers at a time, 8 KiB again and again, with four limits each. */
TJ_CLONES static double compare_all(const int16_t *rank, int16_t limit)
{
    numbers sum[4] = {{0}};
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        for (int i = 0; i < LOADS; i += 16) {
            numbers x;
            memcpy(&x, rank + i, sizeof x);
            for (int k = 0; k < 4; k++)
                sum[k] -= x < (int16_t)(limit + k + (repeat & 7));
        }
    }
    double total = 0;
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < 16; i++)
            total += sum[k][i];
    return total;
}

/* Comparisons a second of `threads` threads. */
static double bound(int threads)
{
    static int16_t rank[LOADS];
    double begin = bench_now(), sum = 0;
    for (int i = 0; i < LOADS; i++)
        rank[i] = (int16_t)(i % 256);
#pragma omp parallel for num_threads(threads) reduction(+ : sum)
    for (int t = 0; t < threads; t++)
        sum += compare_all(rank, 100);
    double seconds = bench_now() - begin;
    return sum == 0.5 ? 0 : (double)threads * REPEATS * LOADS * 4 / seconds;
}

static int find_rank(const bench_case *bench, const tj_compiled *compiled, const char *id)
{
    for (int r = 0; r < compiled->library.n_measures; r++)
        if (strcmp(bench->study.measures[compiled->library.measures[r]].id.text, id) == 0)
            return r;
    fprintf(stderr, "no measure '%s'\n", id);
    return -1;
}

/* Distinct (target, subset) pairs of the sweep. */
static tj_status take(void *context, const tj_sweep_row *row)
{
    double *distinct = context;
    *distinct += row->kind == TJ_SWEEP_PROBABILITY ? (double)row->distinct : 0;
    return TJ_OK;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x, int n)
{
    qsort(x, (size_t)n, sizeof *x, ascending);
    return x[n / 2];
}

static int measure(const bench_case *bench, const tj_sweep *sweep, int rounds)
{
    double seconds[MOST_ROUNDS], plain[MOST_ROUNDS], peak[MOST_ROUNDS], *distinct = sweep->context;
    int32_t years[512];
    const tj_plan_settings *s = tj_plan_get_settings(bench->plan);
    for (int i = 0; i < rounds; i++) {
        tj_sweep_report report;
        *distinct = 0;
        if (tj_sweep_run(sweep, &report) != TJ_OK)
            return 1;
        seconds[i] = report.seconds;
        plain[i] = bench_ensemble(bench, sweep->threads);
        peak[i] = bound(sweep->threads);
    }
    double packages = (double)((size_t)1 << sweep->n_measures), t = median(seconds, rounds);
    double units = packages * s->n_cities * (double)sweep->draws * tj_sweep_years(sweep, years);
    double verdicts = *distinct * (double)sweep->draws, each = (double)bench->units / median(plain, rounds);
    printf("%.0f combinations, %d cities, %zu draws, %d target years, one background, %d threads: %.2f s\n",
           packages, s->n_cities, sweep->draws, tj_sweep_years(sweep, years), sweep->threads, t);
    printf("  %.3g package-city-draw-years/s; plain evaluation with its statistics %.3g, ratio %.0f\n",
           units / t, each, units / t / each);
    printf("  %.3g distinct verdicts/s, %.1f %% of what comparing in the first-level cache allows (%.3g/s)\n",
           verdicts / t, 100 * verdicts / t / median(peak, rounds), median(peak, rounds));
    return 0;
}

int main(int argc, char **argv)
{
    bench_case bench;
    tj_compiled compiled;
    int32_t ranks[TJ_SWEEP_MEASURES];
    double distinct = 0;
    uint8_t every[4096], first[64] = {1};
    int rounds = argc > 4 ? atoi(argv[4]) : 0, n = argc - 5, good = 1;
    if (n < 1 || n > TJ_SWEEP_MEASURES || rounds < 1 || rounds > MOST_ROUNDS) {
        fprintf(stderr, "usage: tj_bench_sweep STUDY DRAWS THREADS ROUNDS MEASURE...\n");
        return 2;
    }
    memset(every, 1, sizeof every);
    if (!bench_case_open(&bench, argv[1], (size_t)atol(argv[2])) ||
        tj_compile_library(&bench.study, &bench.diags, &compiled) != TJ_OK)
        return 1;
    for (int i = 0; i < n; i++)
        good &= (ranks[i] = find_rank(&bench, &compiled, argv[5 + i])) >= 0;
    const tj_sweep sweep = {
        .library = tj_library_of(compiled.plan, compiled.library.n_measures, compiled.library.in_reference),
        .measures = ranks,
        .n_measures = n,
        .cities = every,
        .backgrounds = first,
        .draws = (size_t)atol(argv[2]),
        .threads = atoi(argv[3]),
        .row = take,
        .context = &distinct};
    int bad = !good || measure(&bench, &sweep, rounds) != 0;
    tj_compiled_free(&compiled);
    bench_case_close(&bench);
    return bad;
}
