/* One row of statistics: where the numbers of a quantity go.
 *
 * Inside reduce only. A quantity that has quantiles, their errors, a mean and its error has these four
 * fields one after the other in TJ_FIELD_LIST; `quantity` is the first of them. `row` counts the
 * quantity's own axes, row-major, without the quantile axis. */
#ifndef TJ_ENGINE_REDUCE_ROW_H
#define TJ_ENGINE_REDUCE_ROW_H

#include "engine/fields.h"
#include "engine/quantile.h"

typedef double *const *tj_blocks; /* TJ_FIELDS blocks of one unit */

/* 1 where every value equals the first (never with a NaN). */
int tj_row_constant(size_t n, const double *x);

/* Statistics of x[n] into the row; work[2 * n] is overwritten. */
void tj_row_put(const tj_ranks *ranks, tj_blocks to, tj_field_id quantity, size_t row, const double *x,
                double *work);

/* No value. */
void tj_row_missing(const tj_ranks *ranks, tj_blocks to, tj_field_id quantity, size_t row);

/* The same row of another unit. */
void tj_row_take(const tj_ranks *ranks, tj_blocks from, tj_blocks to, tj_field_id quantity, size_t row);

/* Statistics of (x - offset) / divisor, divisor > 0 and both the same in every draw, from those of x. */
void tj_row_relative(const tj_ranks *ranks, tj_blocks from, tj_field_id source, size_t source_row,
                     double offset, double divisor, tj_blocks to, tj_field_id quantity, size_t row);

#endif
