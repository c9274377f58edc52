/* Shares of a whole in the reference backend, worked by hand: three shares 0.4, 0.4, 0.2 in H, with
 * emission factors 1, 0 and 0, then 0, 1 and 0 … so that each share is read off by itself. */
#include "tests/harness.h"
#include "tests/plan_maker.h"
#include "tests/runner.h"

#include <math.h>

enum { N = 3, YEARS = 4 };

typedef struct written {
    tj_op op;
    int share;
    double magnitude, w;
    int to, overlap; /* overlap 0: none */
} written;

static const double start[N] = {0.4, 0.4, 0.2};

/* A plan in which the emissions after H are share `read`; an inventory equal to it makes kappa 1. */
static tj_plan *plan_of(const written *effects, size_t count, int read, const double *reference)
{
    tj_maker *maker = tj_maker_create(2000, 2000 + YEARS - 1, 1, 2);
    const double history[YEARS] = {reference[read], reference[read], 0, 0};
    tj_maker_city(maker, 2001);
    int32_t cell = tj_maker_intensity(maker, 0, history, N);
    for (int k = 0; k < N; k++) {
        tj_maker_set_level(maker, tj_maker_driver(maker, cell, 2 + k), reference[k]);
        tj_maker_set_level(maker, tj_maker_driver(maker, cell, 2 + N + k), k == read);
    }
    for (size_t i = 0; i < count; i++) {
        int32_t driver = tj_maker_driver(maker, cell, 2 + effects[i].share);
        tj_plan_effect e = tj_maker_effect(maker, effects[i].op, driver, effects[i].magnitude);
        e.strength = fabs(effects[i].w);
        e.rebound = tj_fixed(effects[i].w < 0 ? 2 : 0); /* more than all of it rebounds */
        e.to_driver =
            effects[i].op == TJ_OP_SHIFT ? tj_maker_driver(maker, cell, 2 + effects[i].to) : TJ_NONE;
        e.measure = (int32_t)i;
        e.overlap = effects[i].overlap - 1;
        tj_maker_add(maker, 1, 0, &e);
    }
    return tj_maker_finish(maker);
}

/* Share `read` in the last year, under the package or the reference. */
static double share(const written *effects, size_t count, int read, const double *reference, int package)
{
    tj_plan *plan = plan_of(effects, count, read, reference);
    tj_runner runner;
    double out[YEARS];
    tj_runner_open(&runner, tj_backend_find("reference"), plan, 1);
    tj_status status = tj_runner_run(&runner, 0, package, 0, 1, out);
    CU_ASSERT_EQUAL(status, TJ_OK);
    tj_runner_close(&runner);
    tj_plan_free(plan);
    return out[YEARS - 1];
}

static void give(const written *effects, size_t count, double a, double b, double c)
{
    const double expected[N] = {a, b, c};
    for (int k = 0; k < N; k++)
        CU_ASSERT_DOUBLE_EQUAL(share(effects, count, k, start, 1), expected[k], 1e-14);
}

#define GIVE(a, b, c, ...)                                                                                   \
    do {                                                                                                     \
        const written effects[] = {__VA_ARGS__};                                                             \
        give(effects, sizeof effects / sizeof effects[0], a, b, c);                                          \
    } while (0)

static void set_in_full(void)
{
    /* 0.2 set; the 0.2 that is missing goes to 0.4 and 0.2 in proportion */
    GIVE(0.2, 0.4 + 0.2 * 2 / 3, 0.2 + 0.2 / 3, {TJ_OP_SCALE, 0, 0.5, 1, 0, 0});
    GIVE(0.7, 0.3 * 2 / 3, 0.3 / 3, {TJ_OP_ADD, 0, 0.3, 1, 0, 0});
    GIVE(0.1, 0.9 * 2 / 3, 0.9 / 3, {TJ_OP_TOWARD, 0, 0.1, 1, 0, 0});
}

static void set_in_part(void)
{
    /* v = 0.3, 0.4, 0.2; W = 0.5: f = 0.15, 0.4, 0.2, sum 0.75; D = -0.1 */
    GIVE(0.3 + 0.1 * 0.15 / 0.75, 0.4 + 0.1 * 0.4 / 0.75, 0.2 + 0.1 * 0.2 / 0.75,
         {TJ_OP_SCALE, 0, 0.5, 0.5, 0, 0});
}

static void negative_weight_counts(void)
{
    /* W is the sum of sizes: 0.5 + 0.5 = 1, so the share is set in full though nothing moved it */
    GIVE(0.4, 0.3, 0.3, {TJ_OP_ADD, 0, 0.2, 0.5, 0, 0}, {TJ_OP_ADD, 0, 0.2, -0.5, 0, 0},
         {TJ_OP_TOWARD, 2, 0.3, 1, 0, 0});
}

static void dropped_counts_for_nothing(void)
{
    /* of two towards that move nothing the smaller identifier is kept, and sets its share */
    GIVE(0.4, 0.1, 0.5, {TJ_OP_TOWARD, 0, 0.4, 1, 0, 1}, {TJ_OP_TOWARD, 0, 0.4, 0.5, 0, 1},
         {TJ_OP_TOWARD, 2, 0.5, 1, 0, 0});
    /* a measure at strength 0 is absent: it wins nothing */
    GIVE(0.4, 0.1, 0.5, {TJ_OP_TOWARD, 0, 0.9, 0, 0, 1}, {TJ_OP_TOWARD, 0, 0.4, 1, 0, 1},
         {TJ_OP_TOWARD, 2, 0.5, 1, 0, 0});
}

static void no_room(void)
{
    /* v = 0.9, 0.6, 0.2; D = 0.7 against 0.2: the free share goes, the rest is divided by 1.5 */
    GIVE(0.6, 0.4, 0, {TJ_OP_ADD, 0, 0.5, 1, 0, 0}, {TJ_OP_TOWARD, 1, 0.6, 1, 0, 0});
    /* all set, below 1: divided by the sum */
    GIVE(0.4, 0.4, 0.2, {TJ_OP_SCALE, 0, 0.5, 1, 0, 0}, {TJ_OP_SCALE, 1, 0.5, 1, 0, 0},
         {TJ_OP_SCALE, 2, 0.5, 1, 0, 0});
    /* past 1 alone: clamped, and the others make all the room */
    GIVE(1, 0, 0, {TJ_OP_ADD, 0, 0.8, 1, 0, 0});
}

static void shifted(void)
{
    GIVE(0.3, 0.4, 0.3, {TJ_OP_SHIFT, 0, 0.25, 1, 2, 0});
    /* the shift moves 0.1, then 0.3 -> 0.1 is set; v = 0.1, 0.4, 0.3 and 0.2 to give */
    GIVE(0.1, 0.4 + 0.2 * 4 / 7, 0.3 + 0.2 * 3 / 7, {TJ_OP_SHIFT, 0, 0.25, 1, 2, 0},
         {TJ_OP_TOWARD, 0, 0.1, 1, 0, 0});
}

/* 0.2 of 0.2 asked 1.4 times over: nothing at all is left, not even a rounding to take what is missing, so
 * the two set shares are divided by their sum. */
static void shifted_away(void)
{
    GIVE((0.2 + 0.2 * 0.8 / 1.4) / 0.6, (0.2 + 0.2 * 0.6 / 1.4) / 0.6, 0, {TJ_OP_SCALE, 0, 0.5, 1, 0, 0},
         {TJ_OP_SCALE, 1, 0.5, 1, 0, 0}, {TJ_OP_SHIFT, 2, 0.8, 1, 0, 0}, {TJ_OP_SHIFT, 2, 0.6, 1, 1, 0});
}

static void capped(void)
{
    GIVE(0.1, 0.4 + 0.3 * 2 / 3, 0.2 + 0.3 / 3, {TJ_OP_CAP, 0, 0.1, 1, 0, 0});
    /* a share that is set takes nothing of what a cap frees */
    GIVE(0.1, 0.4, 0.5, {TJ_OP_CAP, 0, 0.1, 1, 0, 0}, {TJ_OP_TOWARD, 1, 0.4, 1, 0, 0});
    /* all others set: to what no cap holds, in proportion */
    GIVE(0.1, 0.6, 0.3, {TJ_OP_CAP, 0, 0.1, 1, 0, 0}, {TJ_OP_TOWARD, 1, 0.4, 1, 0, 0},
         {TJ_OP_TOWARD, 2, 0.2, 1, 0, 0});
    /* half held: 0.4 -> 0.25 frees 0.15; keys 0.25 * 0.5, 0.4, 0.2, sum 0.725 */
    GIVE(0.25 + 0.15 * 0.125 / 0.725, 0.4 + 0.15 * 0.4 / 0.725, 0.2 + 0.15 * 0.2 / 0.725,
         {TJ_OP_CAP, 0, 0.1, 0.5, 0, 0});
}

/* 0.4 + 0.8 is clamped at 1 and set: the others are left with exactly nothing. The half cap then frees 0.25
 * that only the capped share itself can take, and takes. */
static void capped_when_alone(void)
{
    GIVE(1, 0, 0, {TJ_OP_ADD, 0, 0.8, 1, 0, 0}, {TJ_OP_CAP, 0, 0.5, 0.5, 0, 0});
}

static void all_capped(void)
{
    const written effects[] = {
        {TJ_OP_CAP, 0, 0.1, 1, 0, 0}, {TJ_OP_CAP, 1, 0.4, 1, 0, 0}, {TJ_OP_CAP, 2, 0.9, 1, 0, 0}};
    tj_plan *plan = plan_of(effects, 3, 0, start);
    tj_runner runner;
    double out[YEARS];
    tj_runner_open(&runner, tj_backend_find("reference"), plan, 1);
    CU_ASSERT_EQUAL(tj_runner_run(&runner, 0, 1, 0, 1, out), TJ_ERR_UNDEFINED);
    CU_ASSERT_EQUAL(runner.fault_cell, 0);
    CU_ASSERT_EQUAL(runner.fault_year, 2);
    tj_runner_close(&runner);
    tj_plan_free(plan);
}

static void floors(void)
{
    GIVE(0.25, 0.25, 0.5, {TJ_OP_FLOOR, 2, 0.5, 1, 0, 0});
    /* first from what is not set … */
    GIVE(0.4, 0.1, 0.5, {TJ_OP_FLOOR, 2, 0.5, 1, 0, 0}, {TJ_OP_TOWARD, 0, 0.4, 1, 0, 0});
    /* … then from what no floor holds: 0.6 needed, 0.4 there, 0.2 of the one that is set */
    GIVE(0.2, 0, 0.8, {TJ_OP_FLOOR, 2, 0.8, 1, 0, 0}, {TJ_OP_TOWARD, 0, 0.4, 1, 0, 0});
    /* floors past the whole: 0.7 and 0.8 divided by 1.5 */
    GIVE(0, 0.7 / 1.5, 0.8 / 1.5, {TJ_OP_FLOOR, 1, 0.7, 1, 0, 0}, {TJ_OP_FLOOR, 2, 0.8, 1, 0, 0});
    /* a floor after a cap: cap frees 0.3 to 0.6 and 0.3; the floor 0.25 then takes 0.15 of them */
    GIVE(0.25, 0.6 - 0.15 * 2 / 3, 0.3 - 0.15 / 3, {TJ_OP_CAP, 0, 0.1, 1, 0, 0},
         {TJ_OP_FLOOR, 0, 0.25, 1, 0, 0});
}

static void untouched(void)
{
    /* shares whose sum is not 1 to the bit, under effects that change none of them */
    const double odd[N] = {0.1, 0.2, 0.7 + 1e-15};
    const written idle[] = {{TJ_OP_CAP, 0, 0.5, 1, 0, 0},
                            {TJ_OP_FLOOR, 1, 0.1, 1, 0, 0},
                            {TJ_OP_TOWARD, 2, 0.7 + 1e-15, 1, 0, 0}};
    for (int k = 0; k < N; k++)
        CU_ASSERT_EQUAL(share(idle, 3, k, odd, 1), share(idle, 3, k, odd, 0));
}

/* Shares that are drawn need not sum to one: 0.4, 0.4, 0.3. A cap changes the group, so it is filled first,
 * to 4/11, 4/11, 3/11; the cap then frees 4/11 - 0.1 for the other two. */
static void changed_by_a_cap(void)
{
    const double odd[N] = {0.4, 0.4, 0.3};
    const written effect = {TJ_OP_CAP, 0, 0.1, 1, 0, 0};
    CU_ASSERT_DOUBLE_EQUAL(share(&effect, 1, 0, odd, 1), 0.1, 1e-14);
    CU_ASSERT_DOUBLE_EQUAL(share(&effect, 1, 1, odd, 1), 0.9 * 4 / 7, 1e-14);
    CU_ASSERT_DOUBLE_EQUAL(share(&effect, 1, 2, odd, 1), 0.9 * 3 / 7, 1e-14);
}

int main(void)
{
    static const tj_test tests[] = {
        {"what a measure sets in full stays, the rest makes room", set_in_full},
        {"what is set in part makes room in part", set_in_part},
        {"a weight counts by its size", negative_weight_counts},
        {"what an overlap group drops sets nothing", dropped_counts_for_nothing},
        {"without room the set shares are divided by their sum", no_room},
        {"shifts conserve the whole", shifted},
        {"a share that is shifted away whole makes no room", shifted_away},
        {"what a cap frees goes to the free, then to the uncapped", capped},
        {"a share set to the whole leaves nothing that a cap could feed", capped_when_alone},
        {"caps on every share are undefined and named", all_capped},
        {"what a floor needs comes from the free, then from the unheld", floors},
        {"a group that only a cap changes is filled before it", changed_by_a_cap},
        {"a group that no measure changed is left to the bit", untouched},
    };
    return TJ_RUN("reference shares", tests);
}
