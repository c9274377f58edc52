/* Where a result will go: refused before simulating wherever it can be known that it cannot be written. */
#ifndef TJ_IO_CLI_OUTPUT_H
#define TJ_IO_CLI_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

/* 0, or -1 with one sentence in details[size]: `path` is a folder, a device or a file that is no result; its
 * folder is missing or may not be written; or less than `bytes` are free on the disk. */
int tj_output_check(const char *path, uint64_t bytes, char *details, size_t size);

#endif
