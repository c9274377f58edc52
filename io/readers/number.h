/* Decimal numbers as people write them, the same in every locale. */
#ifndef TJ_IO_READERS_NUMBER_H
#define TJ_IO_READERS_NUMBER_H

#include <stddef.h>

/* Reads the number that `text` begins with: sign, digits, `point` and digits, exponent. Returns the bytes
 * it took, 0 where there is none. The value is correctly rounded; infinite where it is too large. */
size_t tj_number_read(const char *text, size_t length, char point, double *value);

#endif
