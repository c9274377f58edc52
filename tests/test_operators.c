/* The lane kernels by themselves: operators on rows, and shares of a whole. Hand-worked cases, and the
 * law that no lane looks at another. */
#include "engine/cursor.h"
#include "engine/operators.h"
#include "engine/shares.h"
#include "tests/harness.h"

#include <math.h>
#include <string.h>

static void near(double x, double expected)
{
    CU_ASSERT_DOUBLE_EQUAL(x, expected, 1e-14);
}

/* ---- operators ---- */

static void reach(void)
{
    const double k[3] = {0.5, 1.5, -0.25};
    double w[3];
    tj_row_reach(3, k, 0.8, 0, w);
    near(w[0], 0.4);
    near(w[1], 1.2);
    near(w[2], -0.2);
    tj_row_reach(3, k, 0.8, 1, w);
    near(w[0], 0.4);
    CU_ASSERT_EQUAL(w[1], 1.0);
    CU_ASSERT_EQUAL(w[2], 0.0);
}

static void scales(void)
{
    const double m[3] = {0.5, 4.0, -0.5};
    double x[3] = {10, 10, 10};
    const tj_weighed half = {.a_row = m, .b = 0.5};
    tj_row_scales(3, x, 0, 1, &half, x);
    near(x[0], 7.5);            /* 10 (1 - 0.25) */
    CU_ASSERT_EQUAL(x[1], 0.0); /* 1 - 2 is taken as 0 */
    near(x[2], 12.5);           /* a negative magnitude adds */
    tj_row_add(3, m, 0.5, x);
    near(x[0], 7.75);
    near(x[1], 2.0);
}

/* The kernels that keep numbers in registers while several terms pass, against the same sums and products one
 * lane at a time: rows of every length up to two chunks and a bit, rows and numbers mixed, to the bit. */
static void wide_kernels(void)
{
    enum { N = 75 };
    double a[N], b[N], c[N], sum[N], product[N], emitted[N];
    for (int i = 0; i < N; i++) {
        a[i] = 1.0 / (i + 3);
        b[i] = 2.0 - i * 0.07; /* past 1 / 0.6 the remainder is taken as 0 */
        c[i] = i * 0.3 - 4;
    }
    const tj_weighed sums[4] = {
        {.a = 0.1, .b = 0.7}, {a, b, 0, 0}, {.a = 3, .b_row = c}, {.a_row = b, .b = -0.9}};
    const tj_weighed rests[2] = {{.a_row = b, .b = 0.6}, {.a_row = a, .b = 0.3}};
    for (size_t n = 1; n <= N; n++) {
        tj_row_weigh(n, 4, sums, sum);
        tj_row_scales(n, NULL, 1.7, 2, rests, product);
        memcpy(emitted, c, sizeof c);
        tj_row_scales(n, emitted, 0, 2, rests, emitted);
        for (size_t i = 0; i < n; i++) {
            double rest = fmax(1 - b[i] * 0.6, 0);
            CU_ASSERT_EQUAL(sum[i], 0.1 * 0.7 + a[i] * b[i] + 3 * c[i] + b[i] * -0.9);
            CU_ASSERT_EQUAL(product[i], 1.7 * rest * (1 - a[i] * 0.3));
            CU_ASSERT_EQUAL(emitted[i], c[i] * rest * (1 - a[i] * 0.3));
        }
        tj_row_emit(n, a, b, c, &(tj_weighed){.a_row = product, .b = 0.3}, emitted);
        for (size_t i = 0; i < n; i++)
            CU_ASSERT_EQUAL(emitted[i], a[i] * b[i] * c[i] * (product[i] * 0.3));
    }
}

/* Two sums that share rows, over two years, in two calls: to the bit those of one lane at a time. */
static void sums_of_years(void)
{
    enum { N = 75 };
    double row[3][2 * N], x[2][2 * N];
    for (int r = 0; r < 3; r++)
        for (int i = 0; i < 2 * N; i++)
            row[r][i] = 1.0 / (i + 3 * r + 1);
    const tj_sum first[2] = {{{row[2], row[0]}, x[0]}, {{row[1], row[0]}, x[1]}};
    const tj_sum more[2] = {{{row[1]}, x[0]}, {{row[1]}, x[1]}};
    for (size_t n = 1; n <= N; n++) {
        tj_row_sums(n, 2, 2, 2, first, N, n, 0);
        tj_row_sums(n, 2, 2, 1, more, N, n, 1);
        for (size_t i = 0; i < 2 * n; i++) {
            size_t at = i / n * N + i % n; /* x lies denser than the rows */
            CU_ASSERT_EQUAL(x[0][i], row[2][at] + row[0][at] + row[1][at]);
            CU_ASSERT_EQUAL(x[1][i], row[1][at] + row[0][at] + row[1][at]);
        }
    }
}

/* Two shifts from one driver, lane 0 within what there is, lane 1 past it. */
static void shifts(void)
{
    const double s1[2] = {0.2, 0.8}, s2[2] = {0.3, 0.6};
    double x[2] = {10, 10}, total[2] = {0, 0}, a1[2], a2[2];
    tj_row_add(2, s1, 1, total);
    tj_row_add(2, s2, 1, total);
    tj_row_shift_amount(2, x, s1, total, a1);
    tj_row_shift_amount(2, x, s2, total, a2);
    tj_row_shift_left(2, total, x);
    near(a1[0], 2);
    near(a2[0], 3);
    near(x[0], 5);
    near(a1[1], 10 * 0.8 / 1.4); /* scaled by 1 / 1.4 */
    near(a2[1], 10 * 0.6 / 1.4);
    CU_ASSERT_EQUAL(x[1], 0.0); /* exactly empty */
}

static double toward_one(int side, double x, double mu, double w)
{
    double sum = 0, pull = 0;
    tj_row_toward_pull(1, side, &x, &mu, &w, &sum, &pull);
    tj_row_toward(1, &sum, &pull, &x);
    return x;
}

static void toward_sides(void)
{
    near(toward_one(TJ_SIDE_BOTH, 4, 8, 0.5), 6);
    near(toward_one(TJ_SIDE_BOTH, 4, 2, 0.5), 3);
    near(toward_one(TJ_SIDE_UP, 4, 8, 0.5), 6);
    CU_ASSERT_EQUAL(toward_one(TJ_SIDE_UP, 4, 2, 0.5), 4); /* not reached from above: stays */
    near(toward_one(TJ_SIDE_DOWN, 4, 2, 0.5), 3);
    CU_ASSERT_EQUAL(toward_one(TJ_SIDE_DOWN, 4, 8, 0.5), 4);
}

/* Levels 8 and 2 from 4: w 0.25 and 0.5 pull by +1 and -1; w 1 and 1 make the mean (8 + 2) / 2. */
static void toward_mean(void)
{
    const double high[2] = {8, 8}, low[2] = {2, 2}, w1[2] = {0.25, 1}, w2[2] = {0.5, 1};
    double x[2] = {4, 4}, sum[2] = {0, 0}, pull[2] = {0, 0};
    tj_row_toward_pull(2, TJ_SIDE_BOTH, x, high, w1, sum, pull);
    tj_row_toward_pull(2, TJ_SIDE_BOTH, x, low, w2, sum, pull);
    tj_row_toward(2, sum, pull, x);
    near(x[0], 4);
    near(x[1], 5);
}

/* A cap of 2 at w = 0.1 takes 10 to 9.2, one of 8 at w = 1 to 8: the smaller counts. Mirrored for floors. */
static void bounds(void)
{
    const double x = 10, two = 2, eight = 8, twenty = 20, twelve = 12, small = 0.1, full = 1;
    double best = x;
    tj_row_cap(1, &x, &two, &small, &best);
    near(best, 9.2);
    tj_row_cap(1, &x, &eight, &full, &best);
    near(best, 8);
    tj_row_cap(1, &x, &twenty, &full, &best); /* not reached: nothing happens */
    near(best, 8);
    best = x;
    tj_row_floor(1, &x, &twenty, &small, &best);
    near(best, 11);
    tj_row_floor(1, &x, &twelve, &full, &best);
    near(best, 12);
    tj_row_floor(1, &x, &two, &full, &best);
    near(best, 12);
}

/* Changes of rank 1: 3, 2, 2; of rank 4: 2, -2, 3. The tie in lane 1 stays with rank 1. */
static void contests(void)
{
    const double reference[3] = {10, 10, 10}, first[3] = {13, 12, 12}, second[3] = {12, 8, 13};
    double best[3] = {-1, -1, -1}, winner[3] = {0, 0, 0}, w[3] = {0.5, 0.5, 0.5};
    tj_row_contest(3, first, reference, 1, best, winner);
    tj_row_contest(3, second, reference, 4, best, winner);
    CU_ASSERT_EQUAL(winner[0], 1);
    CU_ASSERT_EQUAL(winner[1], 1);
    CU_ASSERT_EQUAL(winner[2], 4);
    tj_row_keep(3, winner, 4, w);
    CU_ASSERT(w[0] == 0 && w[1] == 0 && w[2] == 0.5);
}

static void limits(void)
{
    const tj_plan_driver plain = {.flags = 0}, fraction = {.flags = TJ_DRIVER_FRACTION},
                         signs = {.flags = TJ_DRIVER_SIGNED};
    const double raw[3] = {-2, 0.5, 2};
    const tj_plan_driver *all[3] = {&plain, &fraction, &signs};
    const double expected[3][3] = {{0, 0.5, 2}, {0, 0.5, 1}, {-2, 0.5, 2}};
    for (int k = 0; k < 3; k++) {
        double x[3];
        memcpy(x, raw, sizeof x);
        tj_driver_limit(all[k], 3, x);
        for (int i = 0; i < 3; i++) {
            CU_ASSERT_EQUAL(x[i], expected[k][i]);
            CU_ASSERT_EQUAL(tj_driver_limit_value(all[k], raw[i]), expected[k][i]);
        }
    }
}

/* ---- shares of a whole ---- */

enum { J = 3 };

/* One lane of a group of three; v is changed. */
typedef struct group {
    double v[J], reference[J], bound[J], held[J];
} group;

static double work[4 * TJ_LANES];

static tj_shares shares_of(group *g, tj_share *members)
{
    for (int j = 0; j < J; j++)
        members[j] = (tj_share){&g->v[j], &g->reference[j], &g->bound[j], &g->held[j]};
    return (tj_shares){J, members, work, NULL};
}

static size_t fill(group *g)
{
    tj_share members[J];
    tj_shares shares = shares_of(g, members);
    return tj_shares_fill(&shares, 1);
}

static size_t give(group *g, double freed)
{
    tj_share members[J];
    tj_shares shares = shares_of(g, members);
    return tj_shares_give(&shares, 1, &freed);
}

static void take(group *g)
{
    double raised = 1;
    tj_share members[J];
    tj_shares shares = shares_of(g, members);
    tj_shares_take(&shares, 1, &raised);
}

static void expect(const group *g, double a, double b, double c)
{
    near(g->v[0], a);
    near(g->v[1], b);
    near(g->v[2], c);
}

/* Share 0 set in full to 0.5 from 0.2: D = 0.3, f = (0, 0.5, 0.3); the others keep 5 : 3.
 * Set to 0: D = -0.2, and they grow by 0.2 (5/8, 3/8). */
static void filled_by_room(void)
{
    group up = {{0.5, 0.5, 0.3}, {0.2, 0.5, 0.3}, {1, 0, 0}, {0}};
    CU_ASSERT_EQUAL(fill(&up), 0);
    expect(&up, 0.5, 0.5 - 0.3 * 0.5 / 0.8, 0.3 - 0.3 * 0.3 / 0.8);
    group down = {{0, 0.5, 0.3}, {0.2, 0.5, 0.3}, {1, 0, 0}, {0}};
    CU_ASSERT_EQUAL(fill(&down), 0);
    expect(&down, 0, 0.625, 0.375);
}

/* A share bound by half makes half as much room: f = (0, 0.25, 0.3), D = 0.1. */
static void filled_by_half(void)
{
    group g = {{0.3, 0.5, 0.3}, {0.2, 0.5, 0.3}, {1, 0.5, 0}, {0}};
    CU_ASSERT_EQUAL(fill(&g), 0);
    expect(&g, 0.3, 0.5 - 0.1 * 0.25 / 0.55, 0.3 - 0.1 * 0.3 / 0.55);
}

/* D = 0.7 against room for 0.2: v - f = (0.9, 0.6, 0), then divided by 1.5. */
static void overfull(void)
{
    group g = {{0.9, 0.6, 0.2}, {0.5, 0.3, 0.2}, {1, 1, 0}, {0}};
    CU_ASSERT_EQUAL(fill(&g), 0);
    expect(&g, 0.6, 0.4, 0);
}

/* Everything set and too little of it: divided by the sum 0.5; nothing at all: impossible. */
static void underfull(void)
{
    group g = {{0.2, 0.2, 0.1}, {0.5, 0.3, 0.2}, {1, 1, 2}, {0}};
    CU_ASSERT_EQUAL(fill(&g), 0);
    expect(&g, 0.4, 0.4, 0.2);
    group nothing = {{0, 0, -0.1}, {0.5, 0.3, 0.2}, {1, 1, 1}, {0}};
    CU_ASSERT_EQUAL(fill(&nothing), 1);
}

/* Values outside [0, 1] are clamped first: 1.4 counts as 1, -0.1 as 0. */
static void clamped_first(void)
{
    group g = {{1.4, -0.1, 0.2}, {0.5, 0.3, 0.2}, {1, 1, 0}, {0}};
    CU_ASSERT_EQUAL(fill(&g), 0);
    expect(&g, 1, 0, 0);
}

static void untouched(void)
{
    group g = {{0.1, 0.2, 0.3}, {0.1, 0.2, 0.3}, {1, 0, 0}, {0}}; /* sums to 0.6 and stays */
    CU_ASSERT_EQUAL(fill(&g), 0);
    CU_ASSERT(g.v[0] == 0.1 && g.v[1] == 0.2 && g.v[2] == 0.3);
}

/* 0.4 freed from share 0 (now 0, held in full): to v (1 - W)(1 - c) = (0, 0.4, 0.1). */
static void cap_gives(void)
{
    group g = {{0, 0.4, 0.2}, {0.4, 0.4, 0.2}, {0, 0, 0.5}, {1, 0, 0}};
    CU_ASSERT_EQUAL(give(&g, 0.4), 0);
    expect(&g, 0, 0.4 + 0.4 * 0.8, 0.2 + 0.4 * 0.2);
    group set = {{0, 0.4, 0.2}, {0.4, 0.4, 0.2}, {0, 1, 1}, {1, 0, 0.5}}; /* all set: by v (1 - c) */
    CU_ASSERT_EQUAL(give(&set, 0.4), 0);
    expect(&set, 0, 0.4 + 0.4 * 0.8, 0.2 + 0.4 * 0.2);
    group held = {{0, 0.4, 0.2}, {0.4, 0.4, 0.2}, {0, 0, 0}, {1, 1, 1}}; /* nobody may take it */
    CU_ASSERT_EQUAL(give(&held, 0.4), 1);
    CU_ASSERT_EQUAL(give(&held, 0), 0);
}

/* A floor raised share 0 to 0.7: D = 0.5, g = (0, 0.4, 0.2) (1 - W)(1 - phi). */
static void floor_takes(void)
{
    group enough = {{0.7, 0.6, 0.2}, {0.2, 0.6, 0.2}, {0, 0, 0}, {1, 0, 0}};
    take(&enough);
    expect(&enough, 0.7, 0.6 - 0.6 * 0.5 / 0.8, 0.2 - 0.2 * 0.5 / 0.8);
    /* share 1 is set: share 2 yields all its 0.2, the missing 0.3 comes from share 1 */
    group second = {{0.7, 0.6, 0.2}, {0.2, 0.6, 0.2}, {0, 1, 0}, {1, 0, 0}};
    take(&second);
    expect(&second, 0.7, 0.3, 0);
    /* two floors of 0.75 in full: what is left, 1.5, is divided by itself */
    group third = {{0.75, 0.75, 0.2}, {0.2, 0.6, 0.2}, {0, 0, 0}, {1, 1, 0}};
    take(&third);
    expect(&third, 0.5, 0.5, 0);
}

/* The lanes of a row give what each gives alone, to the bit. */
static void lanes_alone(void)
{
    enum { N = 37 };
    double x[J][N], reference[J][N], bound[J][N], held[J][N];
    tj_share members[J];
    group alone[N];
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < J; j++) {
            reference[j][i] = 1.0 / J;
            x[j][i] = fabs(sin(i + 7.0 * j)) * 0.9;
            bound[j][i] = fabs(cos(3.0 * i + j)) * 1.2;
            held[j][i] = 0;
            alone[i].v[j] = x[j][i], alone[i].reference[j] = reference[j][i];
            alone[i].bound[j] = bound[j][i], alone[i].held[j] = 0;
        }
        fill(&alone[i]);
    }
    for (int j = 0; j < J; j++)
        members[j] = (tj_share){x[j], reference[j], bound[j], held[j]};
    tj_shares shares = {J, members, work, NULL};
    CU_ASSERT_EQUAL(tj_shares_fill(&shares, N), 0);
    for (int i = 0; i < N; i++) {
        near(x[0][i] + x[1][i] + x[2][i], 1);
        for (int j = 0; j < J; j++)
            CU_ASSERT(memcmp(&x[j][i], &alone[i].v[j], sizeof(double)) == 0);
    }
}

int main(void)
{
    static const tj_test tests[] = {
        {"reach is clamped to [0, 1] where the class says so", reach},
        {"scale stops at 0, a negative magnitude adds", scales},
        {"sums and products of several terms are those of one lane after the other, to the bit",
         wide_kernels},
        {"sums of years are those of one lane after the other, to the bit", sums_of_years},
        {"shifts past what there is are scaled back and leave exactly nothing", shifts},
        {"toward goes to its side only", toward_sides},
        {"toward is a weighted mean once reaches sum past 1", toward_mean},
        {"the tightest cap and the tightest floor count", bounds},
        {"the largest change wins, a tie goes to the smaller rank", contests},
        {"unsigned drivers stop at 0, fractions at 0 and 1", limits},
        {"what a measure sets stays set, the untouched rest makes room", filled_by_room},
        {"a share that is half set makes half the room", filled_by_half},
        {"shares set past the whole are divided by their sum", overfull},
        {"shares all set below the whole are divided by their sum; all zero is impossible", underfull},
        {"shares are clamped before they are filled", clamped_first},
        {"a group that nothing changed is left to the bit", untouched},
        {"what a cap frees goes to the shares not set, then to those not capped", cap_gives},
        {"what a floor needs comes from the shares not set, then from those not raised", floor_takes},
        {"no lane looks at another", lanes_alone},
    };
    return TJ_RUN("operators", tests);
}
