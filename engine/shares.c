/* Filling of share groups; see shares.h.
 *
 * Each pass runs over the lanes of one share at a time; what a lane needs between passes is in
 * work rows. A lane that is left alone gets the same value written back. */
#include "engine/shares.h"

#include "engine/kernel.h"
#include "engine/operators.h"

#include <math.h>

/* A freed amount below this is rounding, not something that a share must take. */
static const double ROUNDING = 1e-12;

TJ_INLINE double clamped(double x)
{
    double low = x > 0.0 ? x : 0.0;
    return low < 1.0 ? low : 1.0;
}

/* 1 - min(1, bound): the part of a share that nothing has set. */
TJ_INLINE double loose(double bound)
{
    return bound < 1.0 ? 1.0 - bound : 0.0;
}

/* min(1, bound): the part of a share that is set, W. */
TJ_INLINE double fixed(double bound)
{
    return bound < 1.0 ? bound : 1.0;
}

/* ---- filling ---- */

/* set += v W, room += v (1 - W), changed = 1 where x is not its reference. */
TJ_CLONES static void lanes_measure(size_t n, const double *restrict x, const double *restrict reference,
                                    const double *restrict bound, double *restrict set, double *restrict room,
                                    double *restrict changed)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double v = clamped(x[i]);
        set[i] += v * fixed(bound[i]);
        room[i] += v * loose(bound[i]);
        changed[i] = x[i] != reference[i] ? 1.0 : changed[i];
    }
}

/* From set and room to v' = (v W + f part) / whole, f = v (1 - W): part to `room`, whole to `set`. Where
 * what is set leaves room (D <= sum f), the rest fills it; else the rest goes and what is set is divided by
 * its sum. Shares set to exactly 1 so leave exactly nothing to the rest, and no rounding that would take what
 * a cap frees. */
TJ_CLONES static size_t lanes_judge(size_t n, double *restrict set, double *restrict room,
                                    const double *restrict changed)
{
    size_t impossible = 0;
#pragma omp simd reduction(+ : impossible)
    for (size_t i = 0; i < n; i++) {
        int enough = (set[i] <= 1.0) & (room[i] > 0.0);
        double part = enough ? (1.0 - set[i]) / room[i] : 0.0;
        double whole = enough ? 1.0 : set[i];
        impossible += (size_t)((changed[i] != 0.0) & !(whole > 0.0));
        room[i] = part;
        set[i] = whole;
    }
    return impossible;
}

TJ_CLONES static void lanes_apply(size_t n, const double *restrict bound, const double *restrict part,
                                  const double *restrict whole, const double *restrict changed,
                                  double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double v = clamped(x[i]);
        double filled = (v * fixed(bound[i]) + part[i] * (v * loose(bound[i]))) / whole[i];
        x[i] = changed[i] != 0.0 ? filled : x[i];
    }
}

size_t tj_shares_fill(const tj_shares *shares, size_t n)
{
    double *set = shares->work, *room = set + TJ_LANES, *changed = room + TJ_LANES;
    tj_row_fill(n, 0.0, set);
    tj_row_fill(n, 0.0, room);
    if (shares->touched != NULL)
        tj_row_copy(n, shares->touched, changed);
    else
        tj_row_fill(n, 0.0, changed);
    for (size_t j = 0; j < shares->count; j++)
        lanes_measure(n, shares->share[j].x, shares->share[j].reference, shares->share[j].bound, set, room,
                      changed);
    size_t impossible = lanes_judge(n, set, room, changed);
    for (size_t j = 0; j < shares->count && impossible == 0; j++)
        lanes_apply(n, shares->share[j].bound, room, set, changed, shares->share[j].x);
    return impossible;
}

/* ---- caps and floors ---- */

/* unset += v (1 - W)(1 - held), rest += v (1 - held) */
TJ_CLONES static void lanes_weigh(size_t n, const double *restrict x, const double *restrict bound,
                                  const double *restrict held, double *restrict unset, double *restrict rest)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double v = x[i] * loose(held[i]);
        unset[i] += v * loose(bound[i]);
        rest[i] += v;
    }
}

/* unset and rest become the factors on v (1 - W)(1 - held) and on v (1 - held). */
TJ_CLONES static size_t lanes_portion(size_t n, const double *restrict freed, double *restrict unset,
                                      double *restrict rest)
{
    size_t impossible = 0;
#pragma omp simd reduction(+ : impossible)
    for (size_t i = 0; i < n; i++) {
        int first = unset[i] > 0.0, second = !first & (rest[i] > 0.0);
        impossible += (size_t)((freed[i] > ROUNDING) & !first & !second);
        double a = first ? freed[i] / unset[i] : 0.0, b = second ? freed[i] / rest[i] : 0.0;
        unset[i] = a;
        rest[i] = b;
    }
    return impossible;
}

/* x += v (1 - W)(1 - held) a + v (1 - held) b, one of a and b zero */
TJ_CLONES static void lanes_receive(size_t n, const double *restrict bound, const double *restrict held,
                                    const double *restrict a, const double *restrict b, double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double v = x[i] * loose(held[i]);
        x[i] += (v * loose(bound[i])) * a[i] + v * b[i];
    }
}

/* Sums v (1 - W)(1 - held) and v (1 - held) over the group into two work rows. */
static void weigh_group(const tj_shares *shares, size_t n, double *unset, double *rest)
{
    tj_row_fill(n, 0.0, unset);
    tj_row_fill(n, 0.0, rest);
    for (size_t j = 0; j < shares->count; j++)
        lanes_weigh(n, shares->share[j].x, shares->share[j].bound, shares->share[j].held, unset, rest);
}

size_t tj_shares_give(const tj_shares *shares, size_t n, const double *freed)
{
    double *unset = shares->work, *rest = unset + TJ_LANES;
    weigh_group(shares, n, unset, rest);
    size_t impossible = lanes_portion(n, freed, unset, rest);
    for (size_t j = 0; j < shares->count && impossible == 0; j++)
        lanes_receive(n, shares->share[j].bound, shares->share[j].held, unset, rest, shares->share[j].x);
    return impossible;
}

/* over = max(0, sum - 1) where something was raised */
TJ_CLONES static void lanes_over(size_t n, const double *restrict sum, const double *restrict raised,
                                 double *restrict over)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double excess = sum[i] - 1.0;
        over[i] = (raised[i] != 0.0) & (excess > 0.0) ? excess : 0.0;
    }
}

/* The share of `from` that must go to cover `over`, at most all of it. */
TJ_CLONES static void lanes_fraction(size_t n, const double *restrict over, double *restrict from)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double all = over[i] < from[i] ? over[i] / from[i] : 1.0;
        from[i] = over[i] > 0.0 ? all : 0.0;
    }
}

/* x -= v (1 - W)(1 - held) a, or without (1 - W) where `bound` counts no more. */
TJ_CLONES static void lanes_yield(size_t n, const double *restrict bound, const double *restrict held,
                                  const double *restrict a, int any, double *restrict x)
{
    double keep = any ? 0.0 : 1.0;
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] -= x[i] * loose(held[i]) * loose(bound[i] * keep) * a[i];
}

TJ_CLONES static void lanes_divide(size_t n, const double *restrict sum, const double *restrict raised,
                                   double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] = (raised[i] != 0.0) & (sum[i] > 1.0) ? x[i] / sum[i] : x[i];
}

static void sum_group(const tj_shares *shares, size_t n, double *sum)
{
    tj_row_fill(n, 0.0, sum);
    for (size_t j = 0; j < shares->count; j++)
        tj_row_add(n, shares->share[j].x, 1.0, sum);
}

void tj_shares_take(const tj_shares *shares, size_t n, const double *raised)
{
    double *unset = shares->work, *rest = unset + TJ_LANES, *over = rest + TJ_LANES, *sum = over + TJ_LANES;
    for (int any = 0; any <= 1; any++) { /* first from what nothing has set, then from all not held */
        sum_group(shares, n, sum);
        lanes_over(n, sum, raised, over);
        weigh_group(shares, n, unset, rest);
        double *from = any ? rest : unset;
        lanes_fraction(n, over, from);
        for (size_t j = 0; j < shares->count; j++)
            lanes_yield(n, shares->share[j].bound, shares->share[j].held, from, any, shares->share[j].x);
    }
    sum_group(shares, n, sum);
    for (size_t j = 0; j < shares->count; j++)
        lanes_divide(n, sum, raised, shares->share[j].x);
}
