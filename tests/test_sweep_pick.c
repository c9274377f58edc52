/* Picked quantiles are those of the whole sample, however good or bad the guess. */
#include "engine/sweep_pick.h"
#include "tests/harness.h"
#include "tests/random_plan.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { MOST = 3000, COUNT = 7 };
static const double p[COUNT] = {0, 0.01, 0.05, 0.5, 0.75, 0.95, 1};

/* A sample in single precision, and the same in double. */
typedef struct sample {
    size_t n;
    float *x;
    double y[MOST];
} sample;

typedef double maker(tj_random *random, size_t i);

static double even(tj_random *random, size_t i)
{
    (void)i;
    return tj_random_between(random, -3, 5);
}
static double few_values(tj_random *random, size_t i)
{
    (void)i;
    return tj_random_below(random, 4);
}
static double powers(tj_random *random, size_t i)
{
    (void)i;
    return exp2(tj_random_between(random, -60, 60));
}
static double constant(tj_random *random, size_t i)
{
    (void)random;
    (void)i;
    return 7;
}
static double ascending(tj_random *random, size_t i)
{
    (void)random;
    return (double)i;
}

static sample make(size_t n, maker *one, uint64_t seed)
{
    sample s = {.n = n};
    tj_random random = tj_random_from(seed, n, 0, 0);
    s.x = aligned_alloc(64, tj_pick_stride(n) * sizeof *s.x);
    assert(s.x != NULL && n <= MOST);
    for (size_t i = 0; i < tj_pick_stride(n); i++)
        s.x[i] = i < n ? (float)one(&random, i) : INFINITY;
    for (size_t i = 0; i < n; i++)
        s.y[i] = s.x[i];
    return s;
}

/* All quantiles of the sample with guesses off by `off` of the truth and stretches of `width`, kept on. */
static int all_equal(const sample *s, double off, double width)
{
    static double work[2 * MOST];
    double truth[COUNT];
    tj_pick_width kept = width;
    tj_ranks ranks;
    tj_picker picker;
    tj_summary summary;
    int equal = 1;
    CU_ASSERT_EQUAL_FATAL(tj_ranks_init(&ranks, s->n, COUNT, p), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(tj_picker_init(&picker, &ranks), TJ_OK);
    tj_summarise(&ranks, s->y, work, &summary, truth, NULL);
    for (size_t q = 0; q < COUNT; q++)
        equal &= tj_pick(&picker, s->x, q, truth[q] + off * (fabs(truth[q]) + 1), &kept) == truth[q];
    tj_picker_free(&picker);
    tj_ranks_free(&ranks);
    return equal;
}

static void they_are_those_of_the_whole_sample(void)
{
    static maker *const makers[] = {even, few_values, powers, constant, ascending};
    static const size_t sizes[] = {1, 2, 3, 17, 100, 511, 512, 513, 1000, MOST};
    static const double offs[] = {0, 1e-3, -0.02, 0.5, -40, 1e30, NAN};
    static const double widths[] = {0, 1e-12, 0.01, 1, 1e9};
    for (size_t m = 0; m < sizeof makers / sizeof *makers; m++)
        for (size_t n = 0; n < sizeof sizes / sizeof *sizes; n++) {
            sample s = make(sizes[n], makers[m], m + 1);
            for (size_t o = 0; o < sizeof offs / sizeof *offs; o++)
                for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
                    CU_ASSERT(all_equal(&s, offs[o], widths[w]));
            free(s.x);
        }
}

/* 0, 1, 2, 3, 4: type 7 puts 5 % at 0.2 and 75 % at 3. */
static void a_small_sample_by_hand(void)
{
    sample s = make(5, ascending, 1);
    tj_ranks ranks;
    tj_picker picker;
    tj_pick_width width = 0;
    CU_ASSERT_EQUAL_FATAL(tj_ranks_init(&ranks, 5, COUNT, p), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(tj_picker_init(&picker, &ranks), TJ_OK);
    CU_ASSERT_DOUBLE_EQUAL(tj_pick(&picker, s.x, 2, NAN, &width), 0.2, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(tj_pick(&picker, s.x, 4, 1.5, &width), 3, 1e-12);
    tj_picker_free(&picker);
    tj_ranks_free(&ranks);
    free(s.x);
}

/* What a stretch found says how wide the next shall be: some 16 values, not a hundred and not two. */
static void stretches_come_to_hold_few_values(void)
{
    sample s = make(1000, even, 9);
    tj_ranks ranks;
    tj_picker picker;
    tj_pick_width width = 4;
    CU_ASSERT_EQUAL_FATAL(tj_ranks_init(&ranks, 1000, COUNT, p), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(tj_picker_init(&picker, &ranks), TJ_OK);
    for (int i = 0; i < 40; i++)
        tj_pick(&picker, s.x, 3, 1, &width);
    CU_ASSERT(width > 0.02 && width < 0.2); /* 1000 values over 8: 16 lie within 0.064 on either side */
    tj_picker_free(&picker);
    tj_ranks_free(&ranks);
    free(s.x);
}

int main(void)
{
    static const tj_test tests[] = {
        {"they are those of the whole sample", they_are_those_of_the_whole_sample},
        {"a small sample by hand", a_small_sample_by_hand},
        {"stretches come to hold few values", stretches_come_to_hold_few_values},
    };
    return TJ_RUN("sweep_pick", tests);
}
