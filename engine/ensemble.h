/* Ensemble: runs every (background, package) of a plan over all draws and hands each unit's
 * statistics, in index order, to a sink. OpenMP lives here.
 *
 * The bits handed over do not depend on the number of threads or on the block size. Memory grows
 * with cities x draws (and backgrounds, for the paired reference totals), never with packages. */
#ifndef TJ_ENGINE_ENSEMBLE_H
#define TJ_ENGINE_ENSEMBLE_H

#include "engine/fields.h"
#include "engine/simulate.h"

typedef struct tj_unit_result {
    int32_t background, package;
    /* tj_field_length doubles each; NULL where the field was not asked for */
    const double *field[TJ_FIELDS];
} tj_unit_result;

typedef struct tj_run {
    const tj_plan *plan;
    const tj_backend *backend;
    size_t draws;
    int threads;           /* 0: as many as OpenMP offers */
    size_t block;          /* draws per block; 0: the default */
    tj_output_set outputs; /* what units report; the rest is not computed */
    /* Packages to run, ascending indexes; NULL means all. The reference package is always simulated. */
    const int32_t *packages;
    size_t n_packages;
    /* Receives units in order (background, then package), on the calling thread. Non-zero stops the run. */
    tj_status (*unit)(void *context, const tj_unit_result *result);
    /* Called with the units done and in all after each city of a unit that the calling thread computes, and after each unit,
     * on that thread; non-zero stops the run (TJ_ERR_INTERRUPTED). May be NULL. */
    int (*progress)(void *context, double done, size_t all);
    void *context;
} tj_run;

typedef struct tj_run_report {
    double seconds;                 /* wall time of the run */
    int threads;                    /* used */
    size_t peak_bytes;              /* the ensemble's own buffers, all threads */
    int32_t fault_cell, fault_year; /* with TJ_ERR_UNDEFINED: where; else TJ_NONE */
} tj_run_report;

/* The packages of a run: how many, and which is its index-th. */
size_t tj_run_packages(const tj_run *run);
int32_t tj_run_package(const tj_run *run, size_t index);

tj_status tj_ensemble_run(const tj_run *run, tj_run_report *report);

/* Paired differences E(package a) - E(package b), draw by draw, same background:
 * one summary per city (then group) and year. quantile is [(n_cities + n_groups) * n_years * nq]. */
typedef struct tj_paired {
    double *quantile, *quantile_se, *mean, *mean_se; /* owned; NaN where no value */
    double *below;                                   /* share of draws in which a is strictly below b */
} tj_paired;
tj_status tj_ensemble_compare(const tj_run *run, int32_t background, int32_t a, int32_t b, tj_paired *paired);
void tj_paired_free(tj_paired *paired);

#endif
