/* The engine's side of the benchmark: bench/run asks, this program measures and answers.
 *
 *   tj_bench machine THREADS
 *   tj_bench dump STUDY DRAWS FOLDER
 *   tj_bench serve STUDY DRAWS
 *   tj_bench command PROGRAM WORDS...   runs it; seconds and peak resident MiB
 *
 * serve reads requests from stdin, one a line, and answers each with one line of numbers:
 *   size            units, operations and bytes of one pass
 *   totals THREADS  seconds of one pass of the model alone
 *   ensemble THREADS  seconds of one whole run, statistics included
 *   write FILE      all totals to a file of doubles; answers their number */
#include "bench/case.h"
#include "bench/dump.h"
#include "bench/machine.h"
#include "bench/totals.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int machine(int threads)
{
    bench_machine m = bench_machine_measure(threads);
    printf("%.6g %.6g %.6g\n", m.operations, m.memory, m.cache);
    return 0;
}

/* Totals of all units: units of one pass are numbers of the file. */
static void write_totals(const bench_case *bench, const char *path)
{
    double *to = malloc(bench->units * sizeof *to);
    FILE *file = fopen(path, "wb");
    size_t written = 0;
    if (to != NULL && file != NULL && bench_totals(bench, 2, to) >= 0)
        written = fwrite(to, sizeof *to, bench->units, file);
    if (file != NULL && fclose(file) != 0)
        written = 0;
    free(to);
    printf("%zu\n", written);
}

static void answer(const bench_case *bench, const char *verb, const char *operand)
{
    if (strcmp(verb, "size") == 0)
        printf("%zu %.17g %.17g\n", bench->units, bench->operations, bench->bytes);
    else if (strcmp(verb, "totals") == 0)
        printf("%.9f\n", bench_totals(bench, atoi(operand), NULL));
    else if (strcmp(verb, "ensemble") == 0)
        printf("%.9f\n", bench_ensemble(bench, atoi(operand)));
    else if (strcmp(verb, "write") == 0)
        write_totals(bench, operand);
    else
        printf("unknown request\n");
    fflush(stdout);
}

static int serve(const char *study, size_t draws)
{
    bench_case bench;
    char line[4096], verb[32], operand[4000];
    int open = bench_case_open(&bench, study, draws);
    while (open && fgets(line, sizeof line, stdin) != NULL) {
        operand[0] = '\0';
        if (sscanf(line, "%31s %3999s", verb, operand) >= 1)
            answer(&bench, verb, operand);
    }
    bench_case_close(&bench);
    return open ? 0 : 1;
}

/* A child counts what its parent held at the fork as its own peak, so the parent is this small program. */
static int command(char **words)
{
    double begin = bench_now();
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDOUT_FILENO);
        execv(words[0], words);
        _exit(127);
    }
    int status;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0)
        return 1;
    printf("%.6f %.1f\n", bench_now() - begin, (double)usage.ru_maxrss / 1024.0);
    return 0;
}

static int dump(const char *study, size_t draws, const char *folder)
{
    bench_case bench;
    int good = bench_case_open(&bench, study, draws) && bench_dump(&bench, folder);
    bench_case_close(&bench);
    return good ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "machine") == 0)
        return machine(atoi(argv[2]));
    if (argc == 5 && strcmp(argv[1], "dump") == 0)
        return dump(argv[2], (size_t)atol(argv[3]), argv[4]);
    if (argc == 4 && strcmp(argv[1], "serve") == 0)
        return serve(argv[2], (size_t)atol(argv[3]));
    if (argc > 2 && strcmp(argv[1], "command") == 0)
        return command(argv + 2);
    fprintf(stderr, "usage: tj_bench machine THREADS | dump STUDY DRAWS FOLDER | serve STUDY DRAWS | "
                    "command PROGRAM WORDS...\n");
    return 2;
}
