/* SHA-256 (FIPS 180-4), so that a text in a result can be checked with `sha256sum` against the file. */
#ifndef TJ_IO_STORE_SHA256_H
#define TJ_IO_STORE_SHA256_H

#include <stddef.h>

/* The digest of bytes[size] as 64 lower-case hexadecimal digits and a NUL. */
void tj_sha256(const void *bytes, size_t size, char digest[65]);

#endif
