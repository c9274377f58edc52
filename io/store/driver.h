/* Our HDF5 file driver: HDF5's bytes go through a file descriptor that we opened.
 *
 * Why not HDF5's own: after a failed write it cannot close a file cleanly, and it locks files, which
 * some cluster file systems refuse. Here a failed write sets *error once and later writes are skipped;
 * HDF5 sees success and closes in order, and the caller looks at *error. Identifiers are HDF5's hid_t. */
#ifndef TJ_IO_STORE_DRIVER_H
#define TJ_IO_STORE_DRIVER_H

#include <stdint.h>

/* What the driver works on; both outlive the HDF5 file, and the caller closes fd. */
typedef struct tj_driver_target {
    int fd;
    int *error;
} tj_driver_target;

/* A file access list that uses the driver, or a negative number. tj_driver_free gives it back after the
 * file is closed. *driver is the driver's identifier. */
int64_t tj_driver_access(const tj_driver_target *target, int64_t *driver);
void tj_driver_free(int64_t access, int64_t driver);

/* HDF5's own printing of errors, off between begin and end on this thread. */
typedef struct tj_hush {
    int (*print)(int64_t, void *);
    void *data;
} tj_hush;
tj_hush tj_hush_begin(void);
void tj_hush_end(tj_hush hush);

#endif
