/* Sweeps, for bench/run, which asks for them, for their inputs and for what the machine could do at most.
 *
 *   tj_bench_sweep STUDY DRAWS MEASURE...     (all of the first background)
 *
 * Reads requests from stdin, one a line, and answers each with one line of numbers:
 *   size               package-city-draw-years of the target years; of the plain ensemble of the study's own
 *                      packages; verdicts on distinct subsets
 *   dump FOLDER        what the peers begin with (bench/sweep_dump.h); answers the numbers that they compare
 *   write FILE         those numbers, as doubles
 *   sweep THREADS      seconds of one sweep: draws, simulation, probabilities and means
 *   combine THREADS    of these, seconds without draws and simulation: what the peers do
 *   quantiles THREADS  with five quantiles of each city and target year, and of the sum of the years
 *   ensemble THREADS   seconds of the plain ensemble
 *   compare THREADS    short whole numbers compared a second in the first-level cache: what verdicts are made of */
#include "engine/sweep.h"
#include "bench/case.h"
#include "bench/machine.h"
#include "bench/sweep_dump.h"
#include "bench/totals.h"
#include "engine/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOADS = 4096, REPEATS = 20000, QUANTILES = 5 };

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

/* What a request works with. */
typedef struct serving {
    bench_case bench;
    tj_compiled compiled;
    tj_sweep sweep;
    bench_slots slots;
    double distinct; /* (target, subset) pairs of the last sweep */
    double *kept;    /* [slot][2^measures]; NULL: nothing is kept */
} serving;

static size_t combinations(const serving *s)
{
    return (size_t)1 << s->sweep.n_measures;
}

static tj_status take(void *context, const tj_sweep_row *row)
{
    serving *s = context;
    s->distinct += row->kind == TJ_SWEEP_PROBABILITY ? (double)row->distinct : 0;
    for (size_t i = 0; s->kept != NULL && i < s->slots.count; i++) {
        const bench_slot *slot = &s->slots.slot[i];
        if (slot->kind == row->kind && slot->item == row->item && slot->year == row->year)
            memcpy(s->kept + i * combinations(s), row->values, combinations(s) * sizeof *s->kept);
    }
    return TJ_OK;
}

/* Seconds in all; *combining: after simulation. */
static double run_sweep(serving *s, int threads, size_t n_quantiles, double *combining)
{
    static const double quantiles[QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};
    tj_sweep sweep = s->sweep;
    tj_sweep_report report;
    sweep.threads = threads;
    sweep.quantiles = quantiles;
    sweep.n_quantiles = n_quantiles;
    s->distinct = 0;
    tj_status status = tj_sweep_run(&sweep, &report);
    *combining = report.seconds - report.simulating;
    return status == TJ_OK ? report.seconds : -1;
}

static void write_rows(serving *s, const char *path)
{
    double combining;
    size_t count = s->slots.count * combinations(s), written = 0;
    FILE *file = fopen(path, "wb");
    s->kept = calloc(count + 1, sizeof *s->kept);
    if (file != NULL && s->kept != NULL && run_sweep(s, 2, 0, &combining) >= 0)
        written = fwrite(s->kept, sizeof *s->kept, count, file);
    if (file != NULL && fclose(file) != 0)
        written = 0;
    free(s->kept);
    s->kept = NULL;
    printf("%zu\n", written);
}

static void say_size(serving *s)
{
    double combining;
    const tj_plan_settings *settings = tj_plan_get_settings(s->bench.plan);
    int32_t years[512];
    double units = (double)combinations(s) * settings->n_cities * (double)s->sweep.draws *
                   tj_sweep_years(&s->sweep, years);
    run_sweep(s, 2, 0, &combining);
    printf("%.9g %zu %.9g\n", units, s->bench.units, s->distinct * (double)s->sweep.draws);
}

static void answer(serving *s, const char *verb, const char *operand)
{
    int threads = atoi(operand);
    double combining;
    if (strcmp(verb, "size") == 0)
        say_size(s);
    else if (strcmp(verb, "dump") == 0)
        printf("%zu\n",
               bench_sweep_dump(&s->sweep, 0, operand, &s->slots) ? s->slots.count * combinations(s) : 0);
    else if (strcmp(verb, "write") == 0)
        write_rows(s, operand);
    else if (strcmp(verb, "sweep") == 0)
        printf("%.9f\n", run_sweep(s, threads, 0, &combining));
    else if (strcmp(verb, "combine") == 0)
        printf("%.9f\n", run_sweep(s, threads, 0, &combining) < 0 ? -1 : combining);
    else if (strcmp(verb, "quantiles") == 0)
        printf("%.9f\n", run_sweep(s, threads, QUANTILES, &combining));
    else if (strcmp(verb, "ensemble") == 0)
        printf("%.9f\n", bench_ensemble(&s->bench, threads));
    else if (strcmp(verb, "compare") == 0)
        printf("%.9g\n", bound(threads));
    else
        printf("\n");
    fflush(stdout);
}

static void serve(serving *s)
{
    char line[4096], verb[32], operand[4000];
    while (fgets(line, sizeof line, stdin) != NULL) {
        operand[0] = '\0';
        if (sscanf(line, "%31s %3999s", verb, operand) >= 1)
            answer(s, verb, operand);
    }
}

int main(int argc, char **argv)
{
    static serving s;
    int32_t ranks[TJ_SWEEP_MEASURES];
    uint8_t every[4096], first[64] = {1};
    int n = argc - 3, good = 1;
    if (n < 1 || n > TJ_SWEEP_MEASURES) {
        fprintf(stderr, "usage: tj_bench_sweep STUDY DRAWS MEASURE...\n");
        return 2;
    }
    memset(every, 1, sizeof every);
    if (!bench_case_open(&s.bench, argv[1], (size_t)atol(argv[2])) ||
        tj_compile_library(&s.bench.study, &s.bench.diags, &s.compiled) != TJ_OK)
        return 1;
    for (int i = 0; i < n; i++)
        good &= (ranks[i] = find_rank(&s.bench, &s.compiled, argv[3 + i])) >= 0;
    s.sweep = (tj_sweep){.library = tj_library_of(s.compiled.plan, s.compiled.library.n_measures,
                                                  s.compiled.library.in_reference),
                         .measures = ranks,
                         .n_measures = n,
                         .cities = every,
                         .backgrounds = first,
                         .draws = (size_t)atol(argv[2]),
                         .threads = 2,
                         .row = take,
                         .context = &s};
    if (good)
        serve(&s);
    tj_compiled_free(&s.compiled);
    bench_case_close(&s.bench);
    return !good;
}
