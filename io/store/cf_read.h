/* Reading what cf.h writes, from a file that may be anything: nothing is trusted, every failure is a
 * return value, and a variable's type and shape are asked for before its values.
 *
 * Paths are HDF5's: "city", "study/f0000"; "/" is the file itself. */
#ifndef TJ_IO_STORE_CF_READ_H
#define TJ_IO_STORE_CF_READ_H

#include "engine/arena.h"
#include "io/store/cf.h"

typedef struct tj_cf_shape {
    tj_cf_type type;
    int rank;
    size_t length[TJ_CF_RANK];
} tj_cf_shape;

typedef struct tj_cf_source tj_cf_source;

/* NULL where HDF5 cannot open what the descriptor holds. The caller closes the descriptor. */
tj_cf_source *tj_cf_open(const tj_driver_target *target);
void tj_cf_source_close(tj_cf_source *source); /* NULL is fine */

/* Returns 0, or -1 where there is no such variable or it is of no kind that cf.h writes. */
int tj_cf_shape_of(const tj_cf_source *source, const char *path, tj_cf_shape *shape);

/* Reads a whole variable of numbers into values of the shape's type. Returns 0 or -1. */
int tj_cf_read(const tj_cf_source *source, const char *path, const tj_cf_shape *shape, void *values);

/* Reads the block that the leading indexes at[block] name, of doubles. Returns 0 or -1. */
int tj_cf_read_block(const tj_cf_source *source, const char *path, const size_t *at, int block,
                     double *values);

/* Reads a variable of texts; they are kept in the arena. Returns 0 or -1. */
int tj_cf_read_texts(const tj_cf_source *source, const char *path, const tj_cf_shape *shape, tj_arena *arena,
                     const char **values);

/* Names of the variables of the root, then of its attributes: in `names`, kept in the arena. -1: failed. */
int tj_cf_variables(const tj_cf_source *source, tj_arena *arena, const char ***names, size_t *count);
int tj_cf_attributes(const tj_cf_source *source, tj_arena *arena, const char ***names, size_t *count);

/* A fixed-length text attribute, kept in the arena; NULL where there is none. */
const char *tj_cf_text_of(const tj_cf_source *source, const char *path, const char *key, tj_arena *arena);

/* The first number of a numeric attribute. Returns 0, or -1 where there is none. */
int tj_cf_number_of(const tj_cf_source *source, const char *path, const char *key, double *value);

#endif
