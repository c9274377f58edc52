/* Threefry4x32-20: the counter-based generator behind every draw.
 *
 * Salmon, Moraes, Dror, Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3",
 * SC'11. A draw is a pure function of (seed, stream, draw, year), so it is the same
 * number on any thread, rank, restart or machine. */
#ifndef TJ_ENGINE_THREEFRY_H
#define TJ_ENGINE_THREEFRY_H

#include <stddef.h>
#include <stdint.h>

/* The 20-round block function: key[4], counter[4] -> out[4]. */
void tj_threefry4x32(const uint32_t key[4], const uint32_t counter[4], uint32_t out[4]);

/* 64-bit FNV-1a of the UTF-8 bytes of a canonical parameter name: its stream. */
uint64_t tj_stream(const char *name);

/* One uniform in (0, 1): min((k + 1/2) 2^-53, 1 - 2^-53), k from the first two words.
 * `year` is 0 for a parameter and the calendar year for yearly noise. */
double tj_uniform(uint64_t seed, uint64_t stream, uint32_t draw, uint32_t year);

/* The same for draws first .. first + count - 1, written to u[count]; bit-identical to tj_uniform. */
void tj_uniform_lanes(uint64_t seed, uint64_t stream, uint32_t first, uint32_t year, size_t count,
                      double *restrict u);

#endif
