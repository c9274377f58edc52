/* The seal: 24 bytes after the end of the HDF5 file that say how long it is and what its bytes sum to.
 *
 * HDF5 checks its own structures, but neither numbers nor texts, and its library can crash on a damaged
 * text; so a result is checked whole before HDF5 sees it. Other readers do not look past the end. A program
 * that changes the file drops the seal; such a file is read like any other HDF5 file. */
#ifndef TJ_IO_STORE_SEAL_H
#define TJ_IO_STORE_SEAL_H

#include <stdint.h>

typedef enum tj_seal {
    TJ_SEAL_SOUND,     /* sealed, and as it was written */
    TJ_SEAL_NONE,      /* whole by HDF5's own account, not sealed */
    TJ_SEAL_TRUNCATED, /* shorter than HDF5's own account */
    TJ_SEAL_DAMAGED,
    TJ_SEAL_UNREADABLE /* see errno */
} tj_seal;

/* Appends the seal to a finished HDF5 file. Returns 0 or errno. */
int tj_seal_write(int fd);

/* Judges a file of `length` bytes that begins with HDF5's signature. *expected: the length it should have. */
tj_seal tj_seal_check(int fd, uint64_t length, uint64_t *expected);

#endif
