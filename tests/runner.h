/* Runner: a backend opened on a plan with its draws and one scratch, for the suites that compare
 * trajectories. Place: plan -> draws -> engine/simulate.h, without the ensemble. */
#ifndef TJ_TESTS_RUNNER_H
#define TJ_TESTS_RUNNER_H

#include "engine/simulate.h"
#include "tests/random_plan.h"

typedef struct tj_runner {
    const tj_backend *backend;
    const tj_plan *plan;
    tj_draws draws;
    tj_prepared *prepared;
    tj_scratch *scratch;
    int32_t fault_cell, fault_year; /* after TJ_ERR_UNDEFINED */
} tj_runner;

/* Asserts that everything could be made. The plan must outlive the runner. */
void tj_runner_open(tj_runner *runner, const tj_backend *backend, const tj_plan *plan, size_t draws);
void tj_runner_close(tj_runner *runner);

/* Doubles of one city: cells * years * draws. */
size_t tj_runner_length(const tj_runner *runner, int32_t city);

/* Simulates all draws of one city in blocks of at most `block` draws; a value that the backend leaves
 * untouched is NaN. out[tj_runner_length], draws innermost. */
tj_status tj_runner_run(tj_runner *runner, int32_t background, int32_t package, int32_t city, size_t block,
                        double *out);

/* Doubles of a city's physical rows: rows * years * draws; the same with the rows too, NaN where untouched. */
size_t tj_runner_rows_length(const tj_runner *runner, int32_t city);
tj_status tj_runner_run_rows(tj_runner *runner, int32_t background, int32_t package, int32_t city,
                             size_t block, double *out, double *rows);

/* Compares one city under one (background, package) of the random plan of `seed`. */
typedef void tj_compare_city(tj_runner *truth, tj_runner *other, int32_t background, int32_t package,
                             int32_t city, uint64_t seed);

/* Every other backend against the reference on the random plans of `shape` with the seeds 1 .. plans: all backgrounds,
 * packages and cities. Asserts that there is another backend. */
void tj_runner_agree(tj_random_shape shape, int plans, size_t draws, tj_compare_city *compare);

/* The same in a new array that the caller frees; asserts success. */
double *tj_runner_all(tj_runner *runner, int32_t background, int32_t package, int32_t city);

#endif
