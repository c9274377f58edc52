/* A netCDF-4 file with CF metadata, written with plain HDF5: dimensions, variables, attributes.
 *
 * Between the writer, which knows what a result holds, and HDF5. What netCDF readers need and plain HDF5
 * does not do by itself is done here: creation order, dimension scales, fixed-length text attributes,
 * variable-length text in labels, fill values; and no times, so equal content is equal bytes.
 * Errors are sticky: after the first, calls do nothing, and tj_cf_close says that one happened. */
#ifndef TJ_IO_STORE_CF_H
#define TJ_IO_STORE_CF_H

#include "io/store/driver.h"

#include <stddef.h>
#include <stdint.h>

typedef enum tj_cf_type {
    TJ_CF_DOUBLE, /* NaN is the fill value */
    TJ_CF_FLOAT,  /* the same, stored in single precision; doubles in memory */
    TJ_CF_INT,    /* int32_t; TJ_CF_NO_INT is the fill value */
    TJ_CF_BYTE,   /* int8_t */
    TJ_CF_OCTET,  /* uint8_t, bytes of a text */
    TJ_CF_TEXT    /* const char *, UTF-8; "" where there is none */
} tj_cf_type;

#define TJ_CF_NO_INT (-2147483647) /* netCDF's own default */

enum { TJ_CF_RANK = 8 };

typedef struct tj_cf_spec {
    const char *name;
    tj_cf_type type;
    const char *dims[TJ_CF_RANK + 1]; /* names, NULL-terminated */
    const char *long_name;
    const char *units, *unit; /* CF units, and the quantity's own; NULL: none */
    int block;                /* leading dims that are written one index at a time */
    int packed;               /* chunk and compress */
    int chunked;              /* chunk only: what is never written takes no room */
} tj_cf_spec;

typedef struct tj_cf tj_cf;
typedef int64_t tj_cf_id; /* a variable, or the file itself; closed with the file */

/* Starts a file on an open, empty, read-write descriptor. NULL when that fails. */
tj_cf *tj_cf_create(const tj_driver_target *target);

/* Closes; returns 0, or -1 if anything failed since the file was created. NULL is fine. */
int tj_cf_close(tj_cf *cf);

int tj_cf_failed(const tj_cf *cf);

/* From here on dimensions and variables belong to the subgroup `name` of the root, which is returned. */
tj_cf_id tj_cf_group(tj_cf *cf, const char *name, const char *long_name);

/* Back to the root. */
void tj_cf_leave(tj_cf *cf);

/* A dimension without coordinate values. */
void tj_cf_dimension(tj_cf *cf, const char *name, size_t length);

/* A dimension with its coordinate variable: spec->dims is { spec->name }. */
tj_cf_id tj_cf_coordinate(tj_cf *cf, const tj_cf_spec *spec, size_t length, const void *values);

/* A variable over dimensions made before; whole `values` are written unless NULL. */
tj_cf_id tj_cf_variable(tj_cf *cf, const tj_cf_spec *spec, const void *values);

/* Writes, of a variable of doubles, the block that the leading indexes at[block] name. */
void tj_cf_write(tj_cf *cf, tj_cf_id variable, const size_t *at, int block, const double *values);

tj_cf_id tj_cf_root(const tj_cf *cf);
void tj_cf_text(tj_cf *cf, tj_cf_id id, const char *key, const char *value);
void tj_cf_int(tj_cf *cf, tj_cf_id id, const char *key, int32_t value);
void tj_cf_double(tj_cf *cf, tj_cf_id id, const char *key, double value);
void tj_cf_bytes(tj_cf *cf, tj_cf_id id, const char *key, const int8_t *values, size_t count);

#endif
