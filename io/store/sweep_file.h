/* sweep.h5: what a sweep says of every combination, a valid netCDF-4 file, written whole or not at all.
 *
 * The axis `combination` is the bit mask of the measures in the order of the axis `measure`. Values are single
 * precision; NaN where a combination is left out or a quantity has no value. */
#ifndef TJ_IO_STORE_SWEEP_FILE_H
#define TJ_IO_STORE_SWEEP_FILE_H

#include "engine/sweep.h"

/* Identifiers of the axes; the last place is the wanted cities together. */
typedef struct tj_sweep_axes {
    const char *const *backgrounds, *const *targets, *const *places, *const *measures;
    size_t n_backgrounds, n_targets, n_places, n_measures;
    const int32_t *years; /* calendar years */
    size_t n_years;
    const double *quantiles; /* probabilities */
    size_t n_quantiles;
} tj_sweep_axes;

typedef struct tj_sweep_file tj_sweep_file;

/* As tj_writer_open. `cost`: EUR by combination, NaN where unknown. */
tj_status tj_sweep_file_open(const char *path, const tj_sweep_axes *axes, const double *cost,
                             tj_sweep_file **file, char *details, size_t size);

/* Writes one row: at = background, then target, or place and year, or place (by kind);
 * of quantiles the quantile last. */
tj_status tj_sweep_file_row(tj_sweep_file *file, tj_sweep_kind kind, const size_t *at, const double *values);

/* How far quantiles may lie from those of the same draws in double precision, as a share of themselves. */
void tj_sweep_file_bound(tj_sweep_file *file, double error);

/* A text about the run. */
void tj_sweep_file_say(tj_sweep_file *file, const char *key, const char *value);

/* As tj_writer_commit and tj_writer_abort. */
tj_status tj_sweep_file_commit(tj_sweep_file *file, char *details, size_t size);
void tj_sweep_file_abort(tj_sweep_file *file); /* NULL is fine */

#endif
