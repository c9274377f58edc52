/* Sobol sequences: the table of direction numbers, the published points, and scrambled nets. */
#include "engine/sobol.h"

#include "tests/harness.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the table ---- */

static void table_whole(void)
{
    size_t rows = 0, words = 0;
    for (size_t s = 1; s <= TJ_SOBOL_DEGREES; s++) {
        rows += tj_sobol_degrees[s - 1];
        words += tj_sobol_degrees[s - 1] * (s + 1);
    }
    CU_ASSERT_EQUAL(rows, TJ_SOBOL_DIMENSIONS - 1);
    CU_ASSERT_EQUAL(words, TJ_SOBOL_WORDS);
}

/* Steps after which x^k = 1 modulo x^s + a_1 x^(s-1) + ... + 1. */
static unsigned order_of(unsigned s, unsigned a)
{
    unsigned polynomial = 1u << s | a << 1 | 1u, x = 1, steps = 0;
    do {
        x <<= 1;
        if (x >> s & 1)
            x ^= polynomial;
        steps++;
    } while (x != 1 && steps < 1u << s);
    return steps;
}

/* Primitive: the order is 2^s - 1. Polynomials ascend, so that none stands twice; m_k is odd, below 2^k. */
static void table_rows(void)
{
    const uint16_t *row = tj_sobol_table;
    size_t wrong = 0;
    for (unsigned s = 1; s <= TJ_SOBOL_DEGREES; s++)
        for (int i = 0; i < tj_sobol_degrees[s - 1]; i++, row += s + 1) {
            wrong += s > 1 && order_of(s, row[0]) != (1u << s) - 1;
            wrong += i > 0 && row[0] <= row[-(int)(s + 1)];
            for (unsigned k = 1; k <= s; k++)
                wrong += row[k] % 2 != 1 || row[k] >= 1u << k;
        }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* ---- the points ---- */

/* Sixteenths: the first points in ten dimensions of Joe and Kuo's sobol.cc with new-joe-kuo-6, as
 * SciPy 1.10 gives them too: scipy.stats.qmc.Sobol(10, scramble=False). */
static const double first[16][10] = {
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0},       {8, 8, 8, 8, 8, 8, 8, 8, 8, 8},
    {12, 4, 4, 4, 12, 12, 4, 12, 12, 12}, {4, 12, 12, 12, 4, 4, 12, 4, 4, 4},
    {6, 6, 10, 14, 6, 2, 6, 14, 14, 10},  {14, 14, 2, 6, 14, 10, 14, 6, 6, 2},
    {10, 2, 14, 10, 10, 14, 2, 2, 2, 6},  {2, 10, 6, 2, 2, 6, 10, 10, 10, 14},
    {3, 5, 15, 7, 9, 5, 7, 15, 15, 5},    {11, 13, 7, 15, 1, 13, 15, 7, 7, 13},
    {15, 1, 11, 3, 5, 9, 3, 3, 3, 9},     {7, 9, 3, 11, 13, 1, 11, 11, 11, 1},
    {5, 3, 5, 9, 15, 7, 1, 1, 1, 15},     {13, 11, 13, 1, 7, 15, 9, 9, 9, 7},
    {9, 7, 1, 13, 3, 11, 5, 13, 13, 3},   {1, 15, 9, 5, 11, 3, 13, 5, 5, 11},
};

static void published(void)
{
    for (size_t d = 0; d < 10; d++) {
        double u[16];
        tj_sobol_points(d, 16, u);
        for (size_t i = 0; i < 16; i++)
            CU_ASSERT_EQUAL(u[i], first[i][d] / 16);
    }
}

/* Point 4872 times 2^30, from the same source. */
static void far_away(void)
{
    static const struct {
        size_t dimension;
        double value;
    } rows[] = {
        {1, 99483648},    {9, 186253312}, {51, 642646016},  {99, 267517952},   {255, 594673664},
        {479, 868876288}, {499, 3014656}, {749, 660733952}, {1000, 989200384}, {1023, 381288448},
    };
    enum { N = 4873 };
    static double u[N];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        tj_sobol_points(rows[i].dimension, N, u);
        CU_ASSERT_EQUAL(u[N - 1] * 0x1p30, rows[i].value);
    }
}

/* ---- scrambling ---- */

enum { M = 256, LOG = 8 };

static void columns(size_t dims, const size_t *dimension, uint32_t replicate, double u[][M])
{
    for (size_t k = 0; k < dims; k++)
        tj_sobol_scrambled(dimension[k], 42, 1000 + dimension[k], replicate, M, u[k]);
}

/* 1 where every elementary interval 2^-a x 2^-b x 2^-c, a + b + c = LOG - t, holds 2^t points. */
static int is_net(unsigned t, double u[][M])
{
    for (unsigned a = 0; a <= LOG - t; a++)
        for (unsigned b = 0; a + b <= LOG - t; b++) {
            unsigned c = LOG - t - a - b, count[M] = {0};
            for (size_t i = 0; i < M; i++) {
                unsigned x = (unsigned)ldexp(u[0][i], (int)a), y = (unsigned)ldexp(u[1][i], (int)b);
                count[(x << b | y) << c | (unsigned)ldexp(u[2][i], (int)c)]++;
            }
            for (size_t k = 0; k < (size_t)M >> t; k++)
                if (count[k] != 1u << t)
                    return 0;
        }
    return 1;
}

/* The first two dimensions have t = 0, the first three t = 1 (the sum of the degrees less one). Shuffled
 * points would not pass: a net is lost when two points change places in one dimension. */
static void nets(void)
{
    static const size_t three[3] = {0, 1, 2};
    static double u[3][M];
    for (uint32_t r = 0; r < 16; r++) {
        columns(3, three, r, u);
        CU_ASSERT(is_net(1, u));
        unsigned lost = 0;
        for (unsigned a = 0; a <= LOG; a++) {
            unsigned count[M] = {0};
            for (size_t i = 0; i < M; i++)
                count[(unsigned)ldexp(u[0][i], (int)a) << (LOG - a) |
                      (unsigned)ldexp(u[1][i], (int)(LOG - a))]++;
            for (size_t k = 0; k < M; k++)
                lost += count[k] != 1;
        }
        CU_ASSERT_EQUAL(lost, 0);
        double moved = u[1][3];
        u[1][3] = u[1][100];
        u[1][100] = moved;
        CU_ASSERT(!is_net(1, u));
    }
}

static void every_dimension(void)
{
    static double u[M];
    size_t wrong = 0;
    for (size_t d = 0; d < TJ_SOBOL_DIMENSIONS; d++) {
        unsigned count[M] = {0};
        tj_sobol_scrambled(d, 7, d, 3, M, u);
        for (size_t i = 0; i < M; i++)
            count[(unsigned)(u[i] * M)]++;
        for (size_t k = 0; k < M; k++)
            wrong += count[k] != 1;
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* Over scrambles each point is uniform: the mean of point 0 over n of them is 1/2 within 4 / sqrt(12 n). */
static void uniform(void)
{
    enum { SCRAMBLES = 4000 };
    double sum[2] = {0}, squares = 0, u[4];
    for (uint32_t s = 0; s < SCRAMBLES; s++) {
        tj_sobol_scrambled(5, s, 99, 2, 4, u);
        sum[0] += u[0];
        sum[1] += u[3];
        squares += (u[0] - 0.5) * (u[0] - 0.5);
    }
    CU_ASSERT_DOUBLE_EQUAL(sum[0] / SCRAMBLES, 0.5, 4 / sqrt(12.0 * SCRAMBLES));
    CU_ASSERT_DOUBLE_EQUAL(sum[1] / SCRAMBLES, 0.5, 4 / sqrt(12.0 * SCRAMBLES));
    CU_ASSERT_DOUBLE_EQUAL(squares / SCRAMBLES, 1.0 / 12, 0.005);
}

static void addressed(void)
{
    double a[M], b[M];
    tj_sobol_scrambled(3, 1, 2, 3, M, a);
    tj_sobol_scrambled(3, 1, 2, 3, M / 4, b);
    CU_ASSERT_EQUAL(memcmp(a, b, M / 4 * sizeof *a), 0); /* more points begin with the fewer */
    static const uint64_t other[4][4] = {{4, 1, 2, 3}, {3, 2, 2, 3}, {3, 1, 1, 3}, {3, 1, 2, 4}};
    for (int i = 0; i < 4; i++) {
        tj_sobol_scrambled((size_t)other[i][0], other[i][1], other[i][2], (uint32_t)other[i][3], M, b);
        size_t same = 0;
        for (size_t k = 0; k < M; k++)
            same += a[k] == b[k];
        CU_ASSERT(same <= (i == 0 ? M / 16 : 0)); /* dimensions share a few points, such as the first */
    }
}

int main(void)
{
    static const tj_test tests[] = {
        {"the table has a row for each dimension", table_whole},
        {"every polynomial is primitive and stands once, every m_k is odd and below 2^k", table_rows},
        {"the first sixteen points in ten dimensions are the published ones", published},
        {"a far point in high dimensions is the published one", far_away},
        {"scrambled points are nets as good as the plain ones", nets},
        {"every dimension has one scrambled point in each of as many intervals", every_dimension},
        {"over scrambles a point is uniform", uniform},
        {"a scramble is a function of dimension, seed, stream and replicate alone", addressed},
    };
    return TJ_RUN("sobol", tests);
}
