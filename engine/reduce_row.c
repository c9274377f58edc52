/* Writing rows of statistics; see reduce_row.h. */
#include "engine/reduce_row.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* The four fields of a quantity, as they follow one another. */
enum { QUANTILE, QUANTILE_SE, MEAN, MEAN_SE };

_Static_assert(TJ_FIELD_TOTAL_QUANTILE_SE == TJ_FIELD_TOTAL_QUANTILE + QUANTILE_SE, "order of a quantity");
_Static_assert(TJ_FIELD_TOTAL_MEAN == TJ_FIELD_TOTAL_QUANTILE + MEAN, "order of a quantity");
_Static_assert(TJ_FIELD_TOTAL_MEAN_SE == TJ_FIELD_TOTAL_QUANTILE + MEAN_SE, "order of a quantity");

int tj_row_constant(size_t n, const double *x)
{
    for (size_t d = 0; d < n; d++)
        if (!(x[d] == x[0]))
            return 0;
    return 1;
}

void tj_row_put(const tj_ranks *ranks, tj_blocks to, tj_field_id quantity, size_t row, const double *x,
                double *work)
{
    tj_summary summary;
    tj_summarise(ranks, x, work, &summary, to[quantity + QUANTILE] + row * ranks->count,
                 to[quantity + QUANTILE_SE] + row * ranks->count);
    to[quantity + MEAN][row] = summary.mean;
    to[quantity + MEAN_SE][row] = summary.mean_se;
}

void tj_row_missing(const tj_ranks *ranks, tj_blocks to, tj_field_id quantity, size_t row)
{
    for (size_t q = 0; q < ranks->count; q++) {
        to[quantity + QUANTILE][row * ranks->count + q] = NAN;
        to[quantity + QUANTILE_SE][row * ranks->count + q] = NAN;
    }
    to[quantity + MEAN][row] = NAN;
    to[quantity + MEAN_SE][row] = NAN;
}

void tj_row_take(const tj_ranks *ranks, tj_blocks from, tj_blocks to, tj_field_id quantity, size_t row)
{
    for (int part = QUANTILE; part <= QUANTILE_SE; part++)
        memcpy(to[quantity + part] + row * ranks->count, from[quantity + part] + row * ranks->count,
               ranks->count * sizeof(double));
    to[quantity + MEAN][row] = from[quantity + MEAN][row];
    to[quantity + MEAN_SE][row] = from[quantity + MEAN_SE][row];
}

void tj_row_relative(const tj_ranks *ranks, tj_blocks from, tj_field_id source, size_t source_row,
                     double offset, double divisor, tj_blocks to, tj_field_id quantity, size_t row)
{
    assert(divisor > 0);
    for (size_t q = 0; q < ranks->count; q++) {
        size_t at = row * ranks->count + q, source_at = source_row * ranks->count + q;
        to[quantity + QUANTILE][at] = (from[source + QUANTILE][source_at] - offset) / divisor;
        to[quantity + QUANTILE_SE][at] = from[source + QUANTILE_SE][source_at] / divisor;
    }
    to[quantity + MEAN][row] = (from[source + MEAN][source_row] - offset) / divisor;
    to[quantity + MEAN_SE][row] = from[source + MEAN_SE][source_row] / divisor;
}
