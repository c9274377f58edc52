/* Sobol sequences; see sobol.h. */
#include "engine/sobol.h"

#include "engine/design.h"
#include "engine/threefry.h"

#include <assert.h>

/* Scrambled points have so many binary digits: with half a unit added they are exact in a double. */
enum { DIGITS = 52 };

/* The row of a dimension (from 1) in the table, and its degree. */
static const uint16_t *row_of(size_t dimension, unsigned *degree)
{
    size_t left = dimension - 1, start = 0;
    unsigned s = 1;
    for (; left >= tj_sobol_degrees[s - 1]; s++) {
        left -= tj_sobol_degrees[s - 1];
        start += tj_sobol_degrees[s - 1] * (size_t)(s + 1);
    }
    *degree = s;
    return tj_sobol_table + start + left * (s + 1);
}

/* v_k = a_1 v_(k-1) + ... + a_(s-1) v_(k-s+1) + v_(k-s) + v_(k-s) / 2^s, all sums without carry. */
static void directions_of(size_t dimension, uint32_t v[TJ_SOBOL_BITS])
{
    assert(dimension < TJ_SOBOL_DIMENSIONS);
    unsigned s = 0;
    const uint16_t *row = dimension == 0 ? NULL : row_of(dimension, &s);
    for (unsigned k = 0; k < TJ_SOBOL_BITS; k++) {
        if (row == NULL || k < s) {
            v[k] = (row == NULL ? 1u : (uint32_t)row[k + 1]) << (31 - k);
            continue;
        }
        v[k] = v[k - s] ^ (v[k - s] >> s);
        for (unsigned i = 1; i < s; i++)
            if ((row[0] >> (s - 1 - i)) & 1)
                v[k] ^= v[k - i];
    }
}

/* Which direction number turns point i - 1 into point i, i > 0. */
static unsigned step(size_t i)
{
    unsigned k = 0;
    for (; (i & 1) == 0; i >>= 1)
        k++;
    return k;
}

void tj_sobol_points(size_t dimension, size_t n, double *u)
{
    uint32_t v[TJ_SOBOL_BITS], x = 0;
    directions_of(dimension, v);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            x ^= v[step(i)];
        u[i] = x * 0x1p-32;
    }
}

/* ---- scrambling ---- */

static unsigned parity(uint32_t x)
{
    for (unsigned shift = 16; shift > 0; shift /= 2)
        x ^= x >> shift;
    return x & 1;
}

/* 64 random bits of a row of the scramble. */
static uint64_t random_row(uint64_t seed, uint64_t stream, uint32_t replicate, uint32_t row)
{
    const uint32_t key[4] = {(uint32_t)seed, (uint32_t)(seed >> 32), 0, 0};
    const uint32_t counter[4] = {replicate * 64 + row, TJ_COUNTER_SCRAMBLE, (uint32_t)stream,
                                 (uint32_t)(stream >> 32)};
    uint32_t out[4];
    tj_threefry4x32(key, counter, out);
    return (uint64_t)out[1] << 32 | out[0];
}

/* Row `row` of a random lower triangular matrix with ones on the diagonal: column k is bit 31 - k. */
static uint32_t matrix_row(uint32_t random, unsigned row)
{
    if (row >= TJ_SOBOL_BITS)
        return random;
    uint32_t diagonal = UINT32_C(1) << (31 - row);
    return (random & ~(diagonal | (diagonal - 1))) | diagonal;
}

void tj_sobol_scrambled(size_t dimension, uint64_t seed, uint64_t stream, uint32_t replicate, size_t n,
                        double *u)
{
    assert(n > 0 && (n & (n - 1)) == 0 && n <= UINT32_MAX);
    uint32_t v[TJ_SOBOL_BITS];
    uint64_t scrambled[TJ_SOBOL_BITS] = {0};
    directions_of(dimension, v);
    for (unsigned row = 0; row < DIGITS; row++) {
        uint32_t mask = matrix_row((uint32_t)random_row(seed, stream, replicate, row), row);
        for (unsigned k = 0; k < TJ_SOBOL_BITS; k++)
            scrambled[k] |= (uint64_t)parity(mask & v[k]) << (DIGITS - 1 - row);
    }
    uint64_t x = random_row(seed, stream, replicate, DIGITS) >> (64 - DIGITS);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            x ^= scrambled[step(i)];
        u[i] = ((double)x + 0.5) * 0x1p-52;
    }
}
