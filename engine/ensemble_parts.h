/* What a run of an ensemble holds; inside the ensemble's files only.
 *
 * Invariant: a flight is written by the threads of one wave and read by the calling thread afterwards;
 * everything else is constant while threads run, except the failure, which is guarded. */
#ifndef TJ_ENGINE_ENSEMBLE_PARTS_H
#define TJ_ENGINE_ENSEMBLE_PARTS_H

#include "engine/batch.h"
#include "engine/ensemble.h"
#include "engine/quantile.h"

/* Scratch of one thread. */
typedef struct tj_worker {
    tj_scratch *scratch; /* the backend's */
    double *work;        /* tj_reduce_work */
    /* Of the city at hand and the units of a batch. */
    tj_batch batch;
    int32_t *packages;    /* of the batch */
    double *cells;        /* slots * n_years * (all draws; where totals are in flight a block's) */
    size_t capacity;      /* of cells, in doubles */
    double *removals;     /* n_years * n; of the worker whose city it is, as rows are */
    double *rows;         /* physical rows * n_years * n */
    unsigned char *held;  /* cells, for one unit: tj_held */
    double *const **twin; /* cells, for one unit: tj_reduction.twin */
    double *uses;         /* the batch's uses * (likewise) */
    size_t uses_capacity; /* in doubles */
    unsigned char
        *filled; /* fleets, by the unit that computes them, as the batch has them: their uses are there */
    unsigned char *fleet_held; /* fleets, for one unit: tj_kept_uses.held */
    int32_t *row_slot;         /* physical rows, for one unit: tj_block.row_slot */
    double *const **row_twin;  /* likewise: tj_reduction.row_twin */
} tj_worker;

/* One unit in flight. */
typedef struct tj_flight {
    int32_t background, package;
    double *total;                  /* n_cities * n_years * n */
    const struct tj_flight *lender; /* whose total that is; NULL: its own */
    int past_known;                 /* `total` holds the histories, from a wave before */
    int whole;                      /* of a reference: all its results are there, from a wave before */
    double *values;                 /* all fields */
    double *field[TJ_FIELDS];
} tj_flight;

typedef struct tj_ensemble {
    const tj_run *run;
    const tj_plan *plan;
    tj_draws draws;
    tj_ranks ranks;
    tj_prepared *prepared;
    int threads;
    size_t block, n_blocks;
    size_t most_units;  /* that a wave may have */
    int32_t *part;      /* of each cell, see tj_batch_parts */
    tj_worker *workers; /* threads */
    /* Of the reference package, one a background, the first of them the history of all. */
    tj_flight *references;
    int32_t *cities;     /* in the order in which a wave works on them: the longest first */
    size_t pieces;       /* cities of units that are computed, for the progress */
    int lists_reference; /* the reference package is one of those to run, not only compared with */
    size_t bytes;        /* of all buffers */
    /* The first failure, by the order of the work and not of time. */
    size_t failed; /* its key; SIZE_MAX: none */
    tj_status status;
    int32_t fault_cell, fault_year;
} tj_ensemble;

/* Threads that a run uses. */
int tj_ensemble_threads(const tj_run *run);

/* Draws, prepares, and makes the workers for waves of at most `units`. On failure tj_ensemble_close is still
 * due. */
tj_status tj_ensemble_open(tj_ensemble *ensemble, const tj_run *run, size_t units);
void tj_ensemble_close(tj_ensemble *ensemble);

/* Threads that take cities of a wave, the first of all; the others do their tasks. */
int tj_ensemble_owners(const tj_ensemble *ensemble);

/* Room for one unit; its background and package stay. `lender`: whose total it uses, or NULL for its own. On
 * failure tj_flight_free is still due. */
tj_status tj_flight_init(tj_ensemble *ensemble, tj_flight *flight, const tj_flight *lender);
void tj_flight_free(tj_flight *flight); /* NULL is fine */

/* ---- one city of a wave ---- */

/* Units of a wave under one background, in one city. */
typedef struct tj_city_work {
    int32_t city, background;
    tj_flight *reference; /* computed before the flights */
    tj_flight *flights;
    size_t count;
} tj_city_work;

/* Simulates and reduces all units, by the thread whose worker is `home`, and by those that do its tasks. */
void tj_ensemble_run_city(tj_ensemble *ensemble, const tj_city_work *work, tj_worker *home);

/* A unit is computed in a city by `home`. Counts it, and tells the progress where that is the calling thread's worker. */
void tj_ensemble_count(tj_ensemble *ensemble, const tj_flight *flight, const tj_worker *home);

/* ---- failures ---- */

/* Keys order the blocks of a wave's units after the hand-over, whose failure is 0. `unit` counts the reference. */
size_t tj_ensemble_key(const tj_ensemble *ensemble, const tj_city_work *work, size_t unit, size_t block);

/* The key of the first failure so far, SIZE_MAX: none. */
size_t tj_ensemble_failed(const tj_ensemble *ensemble);

/* Keeps the failure that comes first in the order of the work. `scratch` may name the place. */
void tj_ensemble_fail(tj_ensemble *ensemble, size_t key, tj_status status, const tj_scratch *scratch);

/* The number of the thread within its team. */
int tj_ensemble_thread(void);

/* ---- rows ---- */

/* Room for so many doubles, aligned to cache lines; what was there may be lost. Freed by free. */
tj_status tj_room_reserve(double **room, size_t *capacity, size_t doubles);

/* The same in the worker's cells and uses. */
tj_status tj_worker_reserve(tj_worker *worker, size_t cells, size_t uses);

/* Tells what the worker's cells and fleets' uses hold of unit i of a batch before it is computed: all that a unit before
 * has alike; cells `at_first` before any. */
void tj_worker_tell_held(tj_worker *worker, const tj_batch *batch, int32_t i, tj_held at_first);

/* Draws of a block. */
size_t tj_ensemble_draws(const tj_ensemble *ensemble, size_t block);

#endif
