/* Shares of a whole in the reference simulator: what measures set stays set, the untouched rest
 * makes room, and the shares sum to one again.
 *
 * Place: after the class add of reference_operators.c; the group's caps and floors follow here,
 * because what they free or need is spread over the group. */
#include "engine/reference.h"

#include <math.h>

/* One group: its n shares v and the work that belongs to them. */
typedef struct group {
    int32_t first, n; /* drivers, in the plan */
    double *v, *set, *key, *held;
} group;

static double sum(const double *x, int32_t n)
{
    double total = 0;
    for (int32_t j = 0; j < n; j++)
        total += x[j];
    return total;
}

static void divide(group *g, double total)
{
    for (int32_t j = 0; j < g->n; j++)
        g->v[j] /= total;
}

/* v_j += amount * key_j / total of the keys */
static void hand_out(group *g, double amount, double total)
{
    for (int32_t j = 0; j < g->n; j++)
        g->v[j] += amount * g->key[j] / total;
}

/* key_j = v_j (1 - held_j), times (1 - W_j) where what measures set is to stay set. */
static double make_keys(group *g, int spare_set)
{
    for (int32_t j = 0; j < g->n; j++)
        g->key[j] = g->v[j] * (1 - g->held[j]) * (spare_set ? 1 - g->set[j] : 1);
    return sum(g->key, g->n);
}

/* W_j = min(1, total |w| of the scales, towards and adds on j). */
static double how_set(const tj_reference_at *at, const tj_reference_work *work, int32_t driver)
{
    double total = 0;
    for (int32_t i = 0; i < at->n_effects; i++) {
        int32_t op = at->effects[i].op;
        if (work->kept[i] && at->effects[i].driver == driver &&
            (op == TJ_OP_SCALE || op == TJ_OP_TOWARD || op == TJ_OP_ADD))
            total += fabs(work->w[i]);
    }
    return fmin(1, total);
}

/* held_j: the largest w of a cap (floor) on j. */
static void hold(const tj_reference_at *at, const tj_reference_work *work, group *g, tj_op op)
{
    for (int32_t j = 0; j < g->n; j++)
        g->held[j] = 0;
    for (int32_t i = 0; i < at->n_effects; i++) {
        int32_t j = at->effects[i].driver - g->first;
        if (work->kept[i] && at->effects[i].op == (int32_t)op && j >= 0 && j < g->n)
            g->held[j] = fmax(g->held[j], work->w[i]);
    }
}

/* A group that no measure changed is left to the bit. */
static int changed(const tj_reference_at *at, const tj_reference_work *work, const group *g)
{
    const double *reference = work->reference + (g->first - at->drivers_first);
    for (int32_t j = 0; j < g->n; j++) {
        double x = g->v[j];
        if (x != reference[j] || tj_reference_cap(at, work, g->first + j, x) != x ||
            tj_reference_floor(at, work, g->first + j, x) != x)
            return 1;
    }
    return 0;
}

/* With D what the shares are above 1 and f_j = v_j (1 - W_j) what no measure has set: where D <= sum f, each
 * v_j gives D f_j / sum f; else the f_j go and what is left is divided by its sum. Both are said here by what
 * is set, s_j = v_j W_j, since D <= sum f where sum s <= 1: shares that are set to exactly 1 then leave exactly
 * nothing to the others, and no rounding that a cap's freed part could flow to. */
static int make_room(group *g)
{
    for (int32_t j = 0; j < g->n; j++) {
        g->v[j] = fmin(1, fmax(0, g->v[j]));
        g->held[j] = 0;
    }
    double room = make_keys(g, 1);
    for (int32_t j = 0; j < g->n; j++)
        g->v[j] *= g->set[j];
    double total = sum(g->v, g->n);
    if (total <= 1 && room > 0) {
        hand_out(g, 1 - total, room);
        return 0;
    }
    if (total <= 0)
        return -1;
    divide(g, total);
    return 0;
}

/* What caps free goes to shares that no measure set and no cap holds, else to shares that no cap holds;
 * where there is neither, the shares are undefined. */
static int cap_shares(const tj_reference_at *at, tj_reference_work *work, group *g)
{
    double freed = 0;
    hold(at, work, g, TJ_OP_CAP);
    for (int32_t j = 0; j < g->n; j++) {
        double before = g->v[j];
        g->v[j] = tj_reference_cap(at, work, g->first + j, before);
        freed += before - g->v[j];
    }
    if (freed <= 0)
        return 0;
    double room = make_keys(g, 1);
    if (room <= 0)
        room = make_keys(g, 0);
    if (room <= 0)
        return -1;
    hand_out(g, freed, room);
    return 0;
}

/* What floors need is taken from shares that no measure set and no floor holds, what is still missing from
 * shares that no floor holds; if the sum is then above 1, the group is divided by it. */
static void floor_shares(const tj_reference_at *at, tj_reference_work *work, group *g)
{
    double gained = 0;
    hold(at, work, g, TJ_OP_FLOOR);
    for (int32_t j = 0; j < g->n; j++) {
        double before = g->v[j];
        g->v[j] = tj_reference_floor(at, work, g->first + j, before);
        gained += g->v[j] - before;
    }
    if (gained <= 0)
        return;
    for (int spare_set = 1; spare_set >= 0; spare_set--) {
        double needed = sum(g->v, g->n) - 1, room = make_keys(g, spare_set);
        if (needed > 0 && room > 0)
            hand_out(g, -fmin(needed, room), room);
    }
    double total = sum(g->v, g->n);
    if (total > 1)
        divide(g, total);
}

int tj_reference_fill(const tj_reference_at *at, tj_reference_work *work, const tj_plan_shares *shares,
                      double *x)
{
    int32_t local = shares->drivers_first - at->drivers_first;
    group g = {shares->drivers_first, shares->drivers_count, x + local,
               work->set + local,     work->key + local,     work->held + local};
    if (!changed(at, work, &g))
        return 0;
    for (int32_t j = 0; j < g.n; j++)
        g.set[j] = how_set(at, work, g.first + j);
    if (make_room(&g) != 0 || cap_shares(at, work, &g) != 0)
        return -1;
    floor_shares(at, work, &g);
    return 0;
}
