/* Random plans: valid ones over everything that a plan can hold, for laws, agreement and fuzzing.
 *
 * Invariant: a plan is a pure function of its shape, and every city, measure and package is made from
 * (seed, its own identity) alone, so that a plan with one more of them holds the same others. */
#ifndef TJ_TESTS_RANDOM_PLAN_H
#define TJ_TESTS_RANDOM_PLAN_H

#include "engine/plan.h"

typedef struct tj_random_shape {
    uint64_t seed;
    int extra_city;    /* 1: one more city, before the others */
    int extra_package; /* 1: one more package, right after the reference */
    int no_effects;    /* 1: no package holds any measure */
    int zero_strength; /* 1: every measure stands in its packages with strength 0 */
    int no_overlaps;   /* 1: no measure is in an overlap group */
    int rank_turn;     /* ranks of the measures' identifiers turned round by so many */
    int backwards;     /* 1: measures are written in reverse order */
    int physical;      /* 1: cities have cells with memory and physical rows too */
    int subsets; /* k > 0: the plan has k measures, and package p holds those of the bits of p, at full strength;
                    the last package's slices are the library */
    int scales; /* 1: every effect scales an activity or an intensity */
    int trends; /* 1: every territorial cell is a trend, few of whose drivers differ by draw without measures */
} tj_random_shape;

/* The plan of the shape; the caller owns it. Package 0 is the reference and holds no measure.
 * A package may leave a share group undefined (caps on all shares) in about one plan in thirty. */
tj_plan *tj_random_plan(const tj_random_shape *shape);

/* The generator behind it (splitmix64), for tests that need more numbers. */
typedef struct tj_random {
    uint64_t state;
} tj_random;

tj_random tj_random_from(uint64_t seed, uint64_t a, uint64_t b, uint64_t c);
uint64_t tj_random_next(tj_random *random);
double tj_random_between(tj_random *random, double low, double high);
int tj_random_below(tj_random *random, int count); /* 0 .. count - 1 */
int tj_random_chance(tj_random *random, double probability);

#endif
