/* Reduce: trajectories of one city (or group) in one unit -> statistics and target results.
 *
 * Place in the path of the data: between simulate and the writers. Everything here is a pure function
 * of its arguments and works on one row (a year, a target) at a time, so that rows can be shared out
 * over threads; rows of one city write to places of their own. A series is [year * n + draw]. */
#ifndef TJ_ENGINE_REDUCE_H
#define TJ_ENGINE_REDUCE_H

#include "engine/draws.h"
#include "engine/fields.h"
#include "engine/plan.h"
#include "engine/quantile.h"

/* One city in one (background, package). Nothing is owned. */
typedef struct tj_reduction {
    const tj_plan *plan;
    const tj_draws *draws; /* count = n */
    const tj_ranks *ranks; /* of n and the plan's quantiles */
    int32_t background, city;
    const double
        *rows; /* rows_count * n_years * n, physical rows as tj_backend.simulate writes them; NULL: none */
    /* As tj_backend.simulate writes them for draws from cells_first on: `stride` doubles a row. */
    const double *cells;
    size_t stride, cells_first;
    const int32_t *slot; /* of the years after H, see tj_block; NULL: the cell's number */
    double *total;       /* n_years * n, made by tj_reduce_sums: territorial emissions, NaN where absent */
    /* Where `total` is of a few draws only, from total_first on, its doubles a row; 0: it is of all draws. */
    size_t total_stride, total_first;
    double *removals;        /* n_years * n, made by tj_reduce_sums: NaN where unknown; NULL: not wanted */
    const double *reference; /* `total` of the reference package under the same background */
    double *const
        *field; /* TJ_FIELDS blocks of the unit, NaN at first; NULL where not asked for, never a total */
    /* Blocks of any other unit of the same run, finished before: years up to H, which no background
     * and no package changes, are copied from them. NULL: none. */
    double *const *history;
    /* Blocks of the reference package under the same background, finished before, and the last year (index) up to which
     * the unit is as they are, since no measure has begun: what is known of these years is copied. NULL: none. */
    double *const *reference_field;
    int32_t alike_until;
    /* For each cell of the city the blocks of a finished unit under the same background that has the same cell
     * (engine/batch.h): its rows are copied. NULL: none. */
    double *const *const *twin;
    /* The same for each physical row of the city, by its slot. NULL: none. */
    double *const *const *row_twin;
    const int32_t *row_slot; /* of the others in `rows`, see tj_block; NULL: their own */
    int removals_known;      /* `removals` holds what tj_reduce_sums would write */
    int past_known;          /* `total` holds the years up to H, which no package changes */
} tj_reduction;

/* The ranks of a plan's quantiles in so many draws of its design. On failure tj_ranks_free is still due. */
tj_status tj_ranks_of(tj_ranks *ranks, const tj_plan *plan, size_t draws);

/* Step 1: total and removals of n draws from `first` on. */
void tj_reduce_sums(const tj_reduction *reduction, size_t first, size_t n);

/* Only the totals, of at most TJ_REDUCE_UNITS units of one city whose cells stand at one place: all units of a year
 * before the year after it, since they share rows; so few that these are still in a cache near by. */
enum { TJ_REDUCE_UNITS = 4 };
void tj_reduce_totals(const tj_reduction *units, size_t n_units, size_t first, size_t n);

/* Draws first .. of a cell in a year. */
const double *tj_reduce_cell(const tj_reduction *reduction, int32_t k, int32_t year, size_t first);

/* Step 2, for each row in any order, when all sums are made: years, then the cumulative sum, then targets. */
size_t tj_reduce_rows(const tj_reduction *reduction);
void tj_reduce_row(const tj_reduction *reduction, size_t row, double *work);

/* A group of cities in one unit. */
typedef struct tj_group_reduction {
    const tj_plan *plan;
    const tj_ranks *ranks;
    int32_t group;
    const double *total;     /* n_cities * n_years * n */
    const double *reference; /* the same of the reference package */
    double *const *field;
    double *const *history; /* as above */
} tj_group_reduction;

void tj_reduce_group(const tj_group_reduction *reduction, int32_t year, double *work);

/* The sum of a group's members in one year, draw by draw in the order of the cities; NaN where the group
 * has no value. total is n_cities * n_years * n, out is n. */
void tj_group_sum(const tj_plan *plan, int32_t group, const double *total, int32_t year, size_t n,
                  double *out);

/* Doubles that `work` must hold for the calls above. */
size_t tj_reduce_work(const tj_plan *plan, size_t n);

#endif
