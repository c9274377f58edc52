/* Threefry4x32-20 and the uniforms made of it; see threefry.h.
 *
 * Invariant: the scalar and the lane form run the same inline block function, so they cannot
 * differ. Words are 32 bits wide: a vector register holds as many draws as it has such words. */
#include "engine/threefry.h"

#include "engine/kernel.h"

#include <assert.h>

#define PARITY 0x1BD11BDAu /* key schedule parity word, Salmon et al. 2011 */

typedef struct block {
    uint32_t w[4];
} block;

TJ_INLINE uint32_t rotate(uint32_t x, unsigned by)
{
    return (x << by) | (x >> (32u - by));
}

TJ_INLINE void mix(uint32_t *a, uint32_t *b, unsigned by)
{
    *a += *b;
    *b = rotate(*b, by) ^ *a;
}

/* Two rounds: words pair up as (0,1)(2,3), then as (0,3)(2,1). */
TJ_INLINE void two_rounds(block *x, unsigned r0, unsigned r1, unsigned r2, unsigned r3)
{
    mix(&x->w[0], &x->w[1], r0);
    mix(&x->w[2], &x->w[3], r1);
    mix(&x->w[0], &x->w[3], r2);
    mix(&x->w[2], &x->w[1], r3);
}

/* Adds the key, rotated by `turn` words, and the turn's number. */
TJ_INLINE void inject(block *x, const uint32_t ks[5], unsigned turn)
{
    x->w[0] += ks[turn % 5];
    x->w[1] += ks[(turn + 1) % 5];
    x->w[2] += ks[(turn + 2) % 5];
    x->w[3] += ks[(turn + 3) % 5] + turn;
}

/* The rotations of Threefry-4x32: rounds 0-3 and 4-7, then again. */
TJ_INLINE block threefry(const uint32_t ks[5], uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3)
{
    block x = {{c0, c1, c2, c3}};
    inject(&x, ks, 0);
    two_rounds(&x, 10, 26, 11, 21);
    two_rounds(&x, 13, 27, 23, 5);
    inject(&x, ks, 1);
    two_rounds(&x, 6, 20, 17, 11);
    two_rounds(&x, 25, 10, 18, 20);
    inject(&x, ks, 2);
    two_rounds(&x, 10, 26, 11, 21);
    two_rounds(&x, 13, 27, 23, 5);
    inject(&x, ks, 3);
    two_rounds(&x, 6, 20, 17, 11);
    two_rounds(&x, 25, 10, 18, 20);
    inject(&x, ks, 4);
    two_rounds(&x, 10, 26, 11, 21);
    two_rounds(&x, 13, 27, 23, 5);
    inject(&x, ks, 5);
    return x;
}

TJ_INLINE void schedule(uint32_t ks[5], uint32_t k0, uint32_t k1, uint32_t k2, uint32_t k3)
{
    ks[0] = k0;
    ks[1] = k1;
    ks[2] = k2;
    ks[3] = k3;
    ks[4] = PARITY ^ k0 ^ k1 ^ k2 ^ k3;
}

/* min((k + 1/2) 2^-53, 1 - 2^-53), k = (r1 2^32 + r0) >> 11 taken as 26 and 27 bits, which are exact
 * as 32-bit signed integers and as doubles: the one conversion that every instruction set has. */
TJ_INLINE double uniform(uint32_t r0, uint32_t r1)
{
    double high = (double)(int32_t)(r1 >> 6);
    double low = (double)(int32_t)(((r1 & 63u) << 21) | (r0 >> 11));
    double u = (high * 0x1p27 + low + 0.5) * 0x1p-53;
    return u < 1.0 - 0x1p-53 ? u : 1.0 - 0x1p-53;
}

void tj_threefry4x32(const uint32_t key[4], const uint32_t counter[4], uint32_t out[4])
{
    uint32_t ks[5];
    schedule(ks, key[0], key[1], key[2], key[3]);
    block x = threefry(ks, counter[0], counter[1], counter[2], counter[3]);
    for (int i = 0; i < 4; i++)
        out[i] = x.w[i];
}

uint64_t tj_stream(const char *name)
{
    assert(name != NULL);
    uint64_t hash = 0xcbf29ce484222325u;
    for (const unsigned char *c = (const unsigned char *)name; *c != 0; c++)
        hash = (hash ^ *c) * 0x100000001b3u;
    return hash;
}

double tj_uniform(uint64_t seed, uint64_t stream, uint32_t draw, uint32_t year)
{
    uint32_t ks[5];
    schedule(ks, (uint32_t)seed, (uint32_t)(seed >> 32), 0, 0);
    block x = threefry(ks, draw, year, (uint32_t)stream, (uint32_t)(stream >> 32));
    return uniform(x.w[0], x.w[1]);
}

TJ_CLONES void tj_uniform_lanes(uint64_t seed, uint64_t stream, uint32_t first, uint32_t year, size_t count,
                                double *restrict u)
{
    uint32_t ks[5];
    schedule(ks, (uint32_t)seed, (uint32_t)(seed >> 32), 0, 0);
    uint32_t low = (uint32_t)stream, high = (uint32_t)(stream >> 32);
    assert(count <= UINT32_MAX);
#pragma omp simd
    for (uint32_t i = 0; i < (uint32_t)count; i++) {
        block x = threefry(ks, first + i, year, low, high);
        u[i] = uniform(x.w[0], x.w[1]);
    }
}
