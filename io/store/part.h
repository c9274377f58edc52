/* The file in the making: "<path>.part-<pid>", which becomes `path` whole or not at all.
 *
 * Between the writer and the disk. The first failed write is remembered in `error` and nothing is
 * written after it, so that HDF5 (through tj_driver_*) never has to leave a half-closed file behind. */
#ifndef TJ_IO_STORE_PART_H
#define TJ_IO_STORE_PART_H

#include "engine/status.h"

#include <stddef.h>

typedef struct tj_part {
    char *path, *temporary; /* owned */
    int fd;                 /* -1: closed */
    int error;              /* errno of the first failure, else 0 */
} tj_part;

/* Creates the temporary file. Refuses a `path` that exists and is not a plain file. On failure nothing is
 * left and details[size] says why. */
tj_status tj_part_open(tj_part *part, const char *path, char *details, size_t size);

/* Seals (seal.h), syncs, closes, renames to `path` and syncs the folder. On failure the temporary file is removed.
 * The part is empty afterwards in every case. */
tj_status tj_part_commit(tj_part *part, char *details, size_t size);

/* Closes and removes the temporary file; an empty part is fine. */
void tj_part_abort(tj_part *part);

#endif
