/* Picking quantiles; see sweep_pick.h.
 *
 * Values of a block stand in rows of WIDE; the comparisons of a row become one bit of WIDE words, so that counting
 * is counting bits, and the few values about the quantile are found by their bits. */
#include "engine/sweep_pick.h"

#include "engine/kernel.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDE = 16, WORDS = TJ_PICK_BLOCK / 32, FEW = 64, TRIES = 6 };

typedef float floats __attribute__((vector_size(64)));
typedef int32_t bits __attribute__((vector_size(64)));

size_t tj_pick_stride(size_t n)
{
    return (n + TJ_PICK_BLOCK - 1) / TJ_PICK_BLOCK * TJ_PICK_BLOCK;
}

tj_status tj_picker_init(tj_picker *picker, const tj_ranks *ranks)
{
    size_t stride = tj_pick_stride(ranks->n);
    *picker = (tj_picker){.ranks = ranks, .stride = stride};
    picker->below = calloc(stride / 32, sizeof *picker->below);
    picker->inside = calloc(stride / 32, sizeof *picker->inside);
    picker->found = calloc(stride, sizeof *picker->found);
    if (picker->below != NULL && picker->inside != NULL && picker->found != NULL)
        return TJ_OK;
    tj_picker_free(picker);
    return TJ_ERR_MEMORY;
}

void tj_picker_free(tj_picker *picker)
{
    free(picker->below);
    free(picker->inside);
    free(picker->found);
    *picker = (tj_picker){0};
}

/* Bit j of word i of a block is value j * WIDE + i: below `low`; from there, but below `high`. */
TJ_CLONES static void mark(size_t stride, const float *restrict x, float low, float high,
                           uint32_t *restrict below, uint32_t *restrict inside)
{
    for (size_t at = 0; at < stride; at += TJ_PICK_BLOCK) {
        bits under = {0}, over = {0};
        for (int j = 0; j < TJ_PICK_BLOCK / WIDE; j++) {
            floats v;
            memcpy(&v, x + at + (size_t)j * WIDE, sizeof v);
            under |= (v < low) & (int32_t)(1u << j);
            over |= (v < high) & (int32_t)(1u << j);
        }
        over &= ~under;
        memcpy(below + at / 32, &under, sizeof under);
        memcpy(inside + at / 32, &over, sizeof over);
    }
}

TJ_CLONES static size_t count_bits(size_t stride, const uint32_t *word)
{
    size_t count = 0;
    for (size_t i = 0; i < stride / 32; i += 2) {
        uint64_t pair;
        memcpy(&pair, word + i, sizeof pair);
        count += (size_t)__builtin_popcountll(pair);
    }
    return count;
}

/* The values that are marked inside, to found; returns how many. */
static size_t collect(const tj_picker *picker, const float *x)
{
    size_t count = 0;
    const uint32_t *word = picker->inside;
    for (size_t at = 0; at < picker->stride; at += TJ_PICK_BLOCK, word += WORDS) {
        for (size_t i = 0; i < WORDS; i++)
            for (uint32_t left = word[i]; left != 0; left &= left - 1)
                picker->found[count++] = x[at + i + (size_t)__builtin_ctz(left) * WIDE];
    }
    return count;
}

/* ---- order statistics of what was found ---- */

/* before[i]: how many of x[n] are less than x[i]; n a multiple of WIDE. */
TJ_CLONES static void count_before(size_t n, const float *restrict x, int32_t *restrict before)
{
    for (size_t i = 0; i < n; i += WIDE) {
        floats v;
        bits count = {0};
        memcpy(&v, x + i, sizeof v);
        for (size_t k = 0; k < n; k++)
            count -= x[k] < v;
        memcpy(before + i, &count, sizeof count);
    }
}

/* The values at positions below and above: of those that have at most so many lesser ones, the largest. */
TJ_CLONES static void rank_few(size_t n, const float *restrict x, const int32_t *restrict before,
                               int32_t below, int32_t above, float *two)
{
    float first = -INFINITY, second = -INFINITY;
#pragma omp simd reduction(max : first, second)
    for (size_t i = 0; i < n; i++) {
        float one = before[i] <= below ? x[i] : -INFINITY;
        float other = before[i] <= above ? x[i] : -INFINITY;
        first = one > first ? one : first;
        second = other > second ? other : second;
    }
    two[0] = first;
    two[1] = second;
}

/* Moves the value at position `rank` of x[n] there, lesser ones before it. */
static float divide(size_t n, float *x, size_t rank)
{
    size_t first = 0, last = n - 1;
    while (first < last) {
        float pivot = x[first + (last - first) / 2];
        size_t i = first, j = last;
        for (;;) {
            while (x[i] < pivot)
                i++;
            while (pivot < x[j])
                j--;
            if (i >= j)
                break;
            float kept = x[i];
            x[i++] = x[j];
            x[j--] = kept;
        }
        if (rank <= j)
            last = j;
        else
            first = j + 1;
    }
    return x[rank];
}

static void pick_two(const tj_picker *picker, size_t n, size_t below, size_t above, float *two)
{
    float *x = picker->found;
    if (n > FEW) {
        two[0] = divide(n, x, below);
        two[1] = divide(n, x, above);
        return;
    }
    int32_t before[FEW];
    size_t padded = (n + WIDE - 1) / WIDE * WIDE;
    for (size_t i = n; i < padded; i++)
        x[i] = INFINITY;
    count_before(padded, x, before);
    rank_few(padded, x, before, (int32_t)below, (int32_t)above, two);
}

/* ---- one quantile ---- */

/* Looks from low on and below high: 0 and the two neighbours of the quantile, or on which side more must be. */
static int look(const tj_picker *picker, const float *x, const tj_rank *rank, float low, float high,
                float *two, size_t *count)
{
    mark(picker->stride, x, low, high, picker->below, picker->inside);
    size_t before = count_bits(picker->stride, picker->below);
    *count = count_bits(picker->stride, picker->inside);
    if (rank->below < before)
        return -1;
    if (rank->above >= before + *count)
        return 1;
    collect(picker, x);
    pick_two(picker, *count, rank->below - before, rank->above - before, two);
    return 0;
}

/* About 16 values are looked for. */
static void adapt(size_t count, tj_pick_width *width)
{
    *width *= count > 24 ? 0.8 : count < 12 ? 1.2 : 1.0;
}

double tj_pick(const tj_picker *picker, const float *x, size_t index, double guess, tj_pick_width *width)
{
    const tj_rank *rank = &picker->ranks->rank[index];
    float two[2] = {0, 0};
    double low = guess - *width, high = guess + *width;
    size_t count = 0;
    int side = 1, tries = isfinite(guess) && *width > 0 ? TRIES : 0;
    for (; tries > 0 && side != 0; tries--) {
        side = look(picker, x, rank, (float)low, (float)high, two, &count);
        *width *= side != 0 ? 1.5 : 1.0;
        if (side > 0)
            high += 2 * *width;
        else if (side < 0)
            low -= 2 * *width;
    }
    if (side == 0) {
        adapt(count, width);
    } else {
        side = look(picker, x, rank, -INFINITY, INFINITY, two, &count);
        assert(side == 0);
        *width = fabs(two[0]) / 64;
    }
    double below = two[0], above = two[1];
    return above > below && rank->fraction > 0 ? below + rank->fraction * (above - below) : below;
}
