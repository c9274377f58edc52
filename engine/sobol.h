/* Sobol sequences, plain and scrambled.
 *
 * A column is one dimension. Points run in Gray code order (Antonov and Saleev 1979). Scrambling is a random
 * linear matrix scramble with a digital shift (Matousek 1998): each point is uniform on the cube, and every
 * elementary interval keeps the number of points that it had. */
#ifndef TJ_ENGINE_SOBOL_H
#define TJ_ENGINE_SOBOL_H

#include <stddef.h>
#include <stdint.h>

enum { TJ_SOBOL_DIMENSIONS = 1024, TJ_SOBOL_DEGREES = 13, TJ_SOBOL_WORDS = 13115, TJ_SOBOL_BITS = 32 };

/* Rows of each degree, and the rows: `a`, then m_1 .. m_s (sobol_table.c). */
extern const uint16_t tj_sobol_degrees[TJ_SOBOL_DEGREES];
extern const uint16_t tj_sobol_table[TJ_SOBOL_WORDS];

/* Points 0 .. n - 1 of a dimension as they were published, in [0, 1). */
void tj_sobol_points(size_t dimension, size_t n, double *u);

/* The same scrambled, in (0, 1), n a power of two; the scramble is a function of (seed, stream, replicate). */
void tj_sobol_scrambled(size_t dimension, uint64_t seed, uint64_t stream, uint32_t replicate, size_t n,
                        double *u);

#endif
