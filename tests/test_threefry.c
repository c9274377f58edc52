/* The generator: published answers, the model's check value, and the lane form. */
#include "engine/threefry.h"

#include "tests/harness.h"

typedef struct known_answer {
    uint32_t counter[4], key[4], out[4];
} known_answer;

/* threefry4x32, 20 rounds, from the known-answer file of Random123 (Salmon et al. 2011). */
static const known_answer known[] = {
    {{0, 0, 0, 0}, {0, 0, 0, 0}, {0x9c6ca96a, 0xe17eae66, 0xfc10ecd4, 0x5256a7d8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0x2a881696, 0x57012287, 0xf6c7446e, 0xa16a6732}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89},
     {0x59cd1dbb, 0xb8879579, 0x86b5d00c, 0xac8b6d84}},
};

static void known_answers(void)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        uint32_t out[4];
        tj_threefry4x32(known[i].key, known[i].counter, out);
        for (int w = 0; w < 4; w++)
            CU_ASSERT_EQUAL(out[w], known[i].out[w]);
    }
}

static void streams(void)
{
    CU_ASSERT_EQUAL(tj_stream(""), 0xcbf29ce484222325u);
    CU_ASSERT_EQUAL(tj_stream("a"), 0xaf63dc4c8601ec8cu);
    CU_ASSERT_EQUAL(tj_stream("foobar"), 0x85944171f73967e8u);
}

static void check_value(void)
{
    uint64_t seed = 0x0123456789abcdefu, stream = tj_stream("a");
    uint32_t key[4] = {0x89abcdef, 0x01234567, 0, 0};
    uint32_t counter[4] = {7, 2031, (uint32_t)stream, (uint32_t)(stream >> 32)};
    uint32_t out[4];
    tj_threefry4x32(key, counter, out);
    CU_ASSERT_EQUAL(out[0], 0xcde7f130);
    CU_ASSERT_EQUAL(out[1], 0x2638b280);
    CU_ASSERT_EQUAL(tj_uniform(seed, stream, 7, 2031), 0.14930263180386288);
}

/* The same number by the formula with 64-bit integers. */
static double by_formula(uint32_t r0, uint32_t r1)
{
    uint64_t k = (((uint64_t)r1 << 32) | r0) >> 11;
    double u = ((double)k + 0.5) * 0x1p-53;
    return u < 1.0 - 0x1p-53 ? u : 1.0 - 0x1p-53;
}

static void lanes(void)
{
    enum { N = 1000 };
    static double u[N];
    uint64_t seed = 1990, stream = tj_stream("wood.scale@umea");
    size_t counts[] = {0, 1, 7, 8, 9, 31, N};
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        for (size_t i = 0; i < N; i++)
            u[i] = -1;
        tj_uniform_lanes(seed, stream, 3, 2050, counts[c], u);
        size_t wrong = 0;
        for (size_t i = 0; i < N; i++)
            wrong += u[i] != (i < counts[c] ? tj_uniform(seed, stream, 3 + (uint32_t)i, 2050) : -1);
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

static void range(void)
{
    enum { N = 100000 };
    uint64_t seed = 42, stream = tj_stream("x");
    uint32_t key[4] = {42, 0, 0, 0};
    double sum = 0;
    size_t wrong = 0;
    for (uint32_t d = 0; d < N; d++) {
        uint32_t counter[4] = {d, 0, (uint32_t)stream, (uint32_t)(stream >> 32)}, out[4];
        tj_threefry4x32(key, counter, out);
        double u = tj_uniform(seed, stream, d, 0);
        wrong += !(u > 0 && u < 1) || u != by_formula(out[0], out[1]);
        sum += u;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    /* sd of the mean is 1 / sqrt(12 N) = 0.0009 */
    CU_ASSERT_DOUBLE_EQUAL(sum / N, 0.5, 0.004);
}

static void separate(void)
{
    double u = tj_uniform(1, 2, 3, 4);
    CU_ASSERT_NOT_EQUAL(u, tj_uniform(2, 2, 3, 4));
    CU_ASSERT_NOT_EQUAL(u, tj_uniform(1, 3, 3, 4));
    CU_ASSERT_NOT_EQUAL(u, tj_uniform(1, 2, 4, 4));
    CU_ASSERT_NOT_EQUAL(u, tj_uniform(1, 2, 3, 5));
    CU_ASSERT_NOT_EQUAL(u, tj_uniform((uint64_t)1 << 32 | 1, 2, 3, 4));
    CU_ASSERT_NOT_EQUAL(u, tj_uniform(1, (uint64_t)1 << 32 | 2, 3, 4));
}

int main(void)
{
    static const tj_test tests[] = {
        {"the block function gives the published answers", known_answers},
        {"a stream is the 64-bit FNV-1a hash of the name", streams},
        {"the model's check value comes out to the last bit", check_value},
        {"lanes are the scalar numbers, and nothing past the count is written", lanes},
        {"a uniform lies strictly between 0 and 1 and follows the formula", range},
        {"seed, stream, draw and year each change the number", separate},
    };
    return TJ_RUN("threefry", tests);
}
