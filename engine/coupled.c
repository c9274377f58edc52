/* Drivers of coupled cells under a package, class by class; see lane_scratch.h.
 *
 * Order in a year: references, reaches, contests of overlapping measures, scale, shift, toward, add,
 * filling of share groups, cap, floor, limits (docs/model.md). Within a class effects are taken in the
 * plan's order, so that sums and products round alike whatever the order of writing. */
#include "engine/lane_scratch.h"

#include <assert.h>

/* Work rows by use. */
enum { ROW_SUM, ROW_PULL, ROW_TRIAL, ROW_BEST, ROW_WINNER, ROW_MOVED, ROW_SHARES };

/* Which reaches count: all of the class, or one measure's in one overlap group. */
typedef struct sieve {
    int32_t measure, overlap;
} sieve;

static const sieve everything = {TJ_NONE, TJ_NONE};

static int counts(const tj_reach *reach, tj_op op, sieve only)
{
    if (reach->effect->op != (int32_t)op || reach->r == 0.0)
        return 0;
    return only.measure == TJ_NONE ||
           (reach->effect->measure == only.measure && reach->effect->overlap == only.overlap);
}

/* The next reach of the class on the slot; `previous` NULL starts. */
static tj_reach *next_of(const tj_scratch *scratch, const tj_slot *slot, tj_op op, sieve only,
                         const tj_reach *previous)
{
    tj_reach *end = scratch->reaches + slot->reaches_first + slot->reaches_count;
    tj_reach *reach = scratch->reaches + slot->reaches_first;
    if (previous != NULL)
        reach = scratch->reaches + (previous - scratch->reaches) + 1;
    for (; slot->reaches_count > 0 && reach < end; reach++) {
        if (counts(reach, op, only))
            return reach;
    }
    return NULL;
}

/* ---- classes on one driver ---- */

/* x = what `start` says, a row or a number, times what the scales leave. */
static void scale_from(const tj_scratch *scratch, const tj_slot *slot, sieve only, const double *start,
                       double value, double *x)
{
    const tj_reach *reach = NULL;
    size_t count = 0;
    while ((reach = next_of(scratch, slot, TJ_OP_SCALE, only, reach)) != NULL)
        scratch->terms[count++] =
            (tj_weighed){.a_row = reach->rows ? reach->s : reach->m, .b = reach->rows ? 1.0 : reach->r};
    if (count > 0 || start != x)
        tj_row_scales(scratch->n, start, value, count, scratch->terms, x);
}

static void scale(const tj_scratch *scratch, const tj_slot *slot, sieve only, double *x)
{
    scale_from(scratch, slot, only, x, 0.0, x);
}

/* Sum of s of the shifts away from the slot, into the work row; 0 if there is none. */
static int shift_total(const tj_scratch *scratch, const tj_slot *slot, sieve only)
{
    const tj_reach *reach = NULL;
    int any = 0;
    while ((reach = next_of(scratch, slot, TJ_OP_SHIFT, only, reach)) != NULL) {
        if (!any++)
            tj_row_fill(scratch->n, 0.0, scratch->work[ROW_SUM]);
        tj_row_add(scratch->n, reach->s, 1.0, scratch->work[ROW_SUM]);
    }
    return any;
}

static void shift_away(const tj_scratch *scratch, const tj_slot *slot, sieve only, double *x)
{
    if (shift_total(scratch, slot, only))
        tj_row_shift_left(scratch->n, scratch->work[ROW_SUM], x);
}

static void toward(const tj_scratch *scratch, const tj_slot *slot, sieve only, double *x)
{
    const tj_reach *reach = next_of(scratch, slot, TJ_OP_TOWARD, only, NULL);
    double *sum = scratch->work[ROW_SUM], *pull = scratch->work[ROW_PULL];
    if (reach == NULL)
        return;
    tj_row_fill(scratch->n, 0.0, sum);
    tj_row_fill(scratch->n, 0.0, pull);
    for (; reach != NULL; reach = next_of(scratch, slot, TJ_OP_TOWARD, only, reach))
        tj_row_toward_pull(scratch->n, reach->effect->side, x, reach->mu, reach->w, sum, pull);
    tj_row_toward(scratch->n, sum, pull, x);
}

static void add(const tj_scratch *scratch, const tj_slot *slot, sieve only, double *x)
{
    const tj_reach *reach = NULL;
    while ((reach = next_of(scratch, slot, TJ_OP_ADD, only, reach)) != NULL)
        tj_row_add(scratch->n, reach->rows ? reach->s : reach->m, reach->rows ? 1.0 : reach->r, x);
}

typedef void bound_kernel(size_t n, const double *restrict x, const double *restrict mu,
                          const double *restrict w, double *restrict best);

/* The tightest of all caps, or of all floors. */
static void tighten(const tj_scratch *scratch, const tj_slot *slot, tj_op op, bound_kernel *kernel,
                    sieve only, double *x)
{
    const tj_reach *reach = next_of(scratch, slot, op, only, NULL);
    double *best = scratch->work[ROW_SUM];
    if (reach == NULL)
        return;
    tj_row_copy(scratch->n, x, best);
    for (; reach != NULL; reach = next_of(scratch, slot, op, only, reach))
        kernel(scratch->n, x, reach->mu, reach->w, best);
    tj_row_copy(scratch->n, best, x);
}

static void cap(const tj_scratch *scratch, const tj_slot *slot, sieve only, double *x)
{
    tighten(scratch, slot, TJ_OP_CAP, tj_row_cap, only, x);
}

static void floor_up(const tj_scratch *scratch, const tj_slot *slot, sieve only, double *x)
{
    tighten(scratch, slot, TJ_OP_FLOOR, tj_row_floor, only, x);
}

/* One record a class, in the order of application. */
typedef void operator_class(const tj_scratch *scratch, const tj_slot *slot, sieve only, double *x);
static operator_class *const classes[TJ_OPS] = {
    [TJ_OP_SCALE] = scale, [TJ_OP_SHIFT] = shift_away, [TJ_OP_TOWARD] = toward,
    [TJ_OP_ADD] = add,     [TJ_OP_CAP] = cap,          [TJ_OP_FLOOR] = floor_up,
};

/* ---- overlaps ---- */

static int in_contest(const tj_scratch *scratch, const tj_reach *reach, const tj_contest *contest)
{
    return reach->contest == (int32_t)(contest - scratch->contests);
}

/* The effects of one measure alone on the reference, against the best so far. */
static void try_measure(const tj_scratch *scratch, const tj_contest *contest, int32_t measure)
{
    const tj_slot *slot = &scratch->slots[contest->slot];
    double *trial = scratch->work[ROW_TRIAL];
    tj_row_copy(scratch->n, slot->reference, trial);
    for (int op = 0; op < TJ_OPS; op++)
        classes[op](scratch, slot, (sieve){measure, contest->overlap}, trial);
    tj_row_contest(scratch->n, trial, slot->reference, measure, scratch->work[ROW_BEST],
                   scratch->work[ROW_WINNER]);
}

/* The measure that changes the driver most keeps its effects; measures come in ascending rank, and only
 * a larger change displaces one, so ties go to the smaller identifier. */
static void hold_contest(const tj_scratch *scratch, const tj_contest *contest)
{
    const tj_slot *slot = &scratch->slots[contest->slot];
    int32_t end = slot->reaches_first + slot->reaches_count, tried = TJ_NONE;
    if (!scratch->coupled[slot->driver->cell - scratch->city->cells_first])
        return; /* the cell is computed by itself, contests and all */
    tj_row_fill(scratch->n, -1.0, scratch->work[ROW_BEST]);
    for (int32_t e = slot->reaches_first; e < end; e++) {
        const tj_reach *reach = &scratch->reaches[e];
        if (!in_contest(scratch, reach, contest) || reach->effect->measure == tried)
            continue;
        assert(reach->effect->measure > tried);
        tried = reach->effect->measure;
        try_measure(scratch, contest, tried);
    }
    for (int32_t e = slot->reaches_first; e < end; e++) {
        const tj_reach *reach = &scratch->reaches[e];
        if (!in_contest(scratch, reach, contest))
            continue;
        tj_row_keep(scratch->n, scratch->work[ROW_WINNER], reach->effect->measure, reach->w);
        tj_row_keep(scratch->n, scratch->work[ROW_WINNER], reach->effect->measure, reach->s);
    }
}

/* ---- all drivers of coupled cells ---- */

static void apply_class(tj_scratch *scratch, tj_op op)
{
    for (int32_t i = 0; i < scratch->n_actives; i++)
        classes[op](scratch, scratch->actives[i], everything, scratch->actives[i]->x);
}

/* What arrives in a year cannot be shifted on in that year: all is taken before anything arrives. */
static void apply_shifts(tj_scratch *scratch)
{
    for (int32_t i = 0; i < scratch->n_actives; i++) {
        const tj_slot *slot = scratch->actives[i];
        const tj_reach *reach = NULL;
        if (!shift_total(scratch, slot, everything))
            continue;
        while ((reach = next_of(scratch, slot, TJ_OP_SHIFT, everything, reach)) != NULL)
            tj_row_shift_amount(scratch->n, slot->x, reach->s, scratch->work[ROW_SUM], reach->w);
        tj_row_shift_left(scratch->n, scratch->work[ROW_SUM], slot->x);
    }
    for (int32_t e = 0; e < scratch->n_reaches; e++) {
        const tj_reach *reach = &scratch->reaches[e];
        if (counts(reach, TJ_OP_SHIFT, everything))
            tj_row_accumulate(scratch->n, reach->w, reach->ratio, scratch->slots[reach->to].x);
    }
}

/* ---- shares of a whole ---- */

/* The records of a group's drivers, for the share kernels. */
static void gather(tj_scratch *scratch, int32_t group, tj_shares *shares)
{
    const tj_plan_shares *all = tj_plan_section(scratch->plan, TJ_SECTION_SHARES, NULL);
    const tj_plan_shares *record = &all[group];
    for (int32_t j = 0; j < record->drivers_count; j++) {
        const tj_slot *slot = &scratch->slots[record->drivers_first + j - scratch->driver_first];
        scratch->members[j] = (tj_share){slot->x, slot->reference, slot->bound, slot->held};
    }
    *shares = (tj_shares){(size_t)record->drivers_count, scratch->members, scratch->work[ROW_SHARES], NULL};
}

static tj_slot *member(const tj_scratch *scratch, int32_t group, int32_t j)
{
    const tj_plan_shares *all = tj_plan_section(scratch->plan, TJ_SECTION_SHARES, NULL);
    return &scratch->slots[all[group].drivers_first + j - scratch->driver_first];
}

/* W of a share: the reaches of everything that sets its level. */
static void sum_bound(const tj_scratch *scratch, const tj_slot *slot)
{
    static const tj_op setting[3] = {TJ_OP_SCALE, TJ_OP_TOWARD, TJ_OP_ADD};
    tj_row_fill(scratch->n, 0.0, slot->bound);
    for (int k = 0; k < 3; k++) {
        const tj_reach *reach = NULL;
        while ((reach = next_of(scratch, slot, setting[k], everything, reach)) != NULL)
            tj_row_add_size(scratch->n, reach->w, slot->bound);
    }
}

/* Applies the caps or floors of a share: its largest w to `held`, what it gained or lost to `moved`. */
static int bound_share(const tj_scratch *scratch, const tj_slot *slot, tj_op op)
{
    const tj_reach *reach = next_of(scratch, slot, op, everything, NULL);
    double *before = scratch->work[ROW_TRIAL], *moved = scratch->work[ROW_MOVED];
    tj_row_fill(scratch->n, 0.0, slot->held);
    if (reach == NULL)
        return 0;
    for (; reach != NULL; reach = next_of(scratch, slot, op, everything, reach))
        tj_row_raise(scratch->n, reach->w, slot->held);
    tj_row_copy(scratch->n, slot->x, before);
    classes[op](scratch, slot, everything, slot->x);
    tj_row_add(scratch->n, slot->x, -1.0, before);
    tj_row_add(scratch->n, before, op == TJ_OP_CAP ? 1.0 : -1.0, moved);
    return 1;
}

/* Marks the lanes in which a cap or a floor will move a share: their group is changed, and filled, even if
 * nothing else changed it. */
static void touch(const tj_scratch *scratch, const tj_slot *slot, tj_op op)
{
    double *trial = scratch->work[ROW_TRIAL];
    if (next_of(scratch, slot, op, everything, NULL) == NULL)
        return;
    tj_row_copy(scratch->n, slot->x, trial);
    classes[op](scratch, slot, everything, trial);
    tj_row_differ(scratch->n, trial, slot->x, scratch->work[ROW_MOVED]);
}

/* Caps or floors of a whole group; returns the number of impossible lanes. */
static size_t bound_group(const tj_scratch *scratch, int32_t group, const tj_shares *shares, tj_op op)
{
    int any = 0;
    tj_row_fill(scratch->n, 0.0, scratch->work[ROW_MOVED]);
    for (int32_t j = 0; j < (int32_t)shares->count; j++)
        any |= bound_share(scratch, member(scratch, group, j), op);
    if (!any)
        return 0;
    if (op == TJ_OP_CAP)
        return tj_shares_give(shares, scratch->n, scratch->work[ROW_MOVED]);
    tj_shares_take(shares, scratch->n, scratch->work[ROW_MOVED]);
    return 0;
}

/* From the class add on, shares go group by group. */
static tj_status finish_group(tj_scratch *scratch, int32_t group, int32_t year)
{
    tj_shares shares;
    gather(scratch, group, &shares);
    tj_row_fill(scratch->n, 0.0, scratch->work[ROW_MOVED]);
    for (int32_t j = 0; j < (int32_t)shares.count; j++) {
        const tj_slot *slot = member(scratch, group, j);
        sum_bound(scratch, slot);
        touch(scratch, slot, TJ_OP_CAP);
        touch(scratch, slot, TJ_OP_FLOOR);
    }
    shares.touched = scratch->work[ROW_MOVED];
    if (tj_shares_fill(&shares, scratch->n) == 0 && bound_group(scratch, group, &shares, TJ_OP_CAP) == 0 &&
        bound_group(scratch, group, &shares, TJ_OP_FLOOR) == 0)
        return TJ_OK;
    scratch->fault_cell = member(scratch, group, 0)->driver->cell;
    scratch->fault_year = year;
    return TJ_ERR_UNDEFINED;
}

static void finish_driver(tj_scratch *scratch, const tj_slot *slot)
{
    if (slot->driver->share_group == TJ_NONE) {
        cap(scratch, slot, everything, slot->x);
        floor_up(scratch, slot, everything, slot->x);
    }
    if (!slot->positive || slot->cursor.row != NULL || slot->cursor.value < 0.0)
        tj_driver_limit(slot->driver, scratch->n, slot->x);
}

/* ---- years ---- */

/* The limited reference of a driver without effects. */
static void renew_plain(const tj_scratch *scratch, tj_slot *slot)
{
    slot->value = tj_driver_limit_value(slot->driver, slot->cursor.value);
    slot->spread = 0;
    slot->lanes = slot->cursor.row != NULL ? slot->x : NULL;
    if (slot->lanes != NULL)
        tj_cursor_copy_limited(&slot->cursor, scratch->n, slot->x);
}

static void renew(const tj_scratch *scratch, tj_slot *slot)
{
    if (slot->active) {
        tj_cursor_copy(&slot->cursor, scratch->n, slot->reference);
        slot->lanes = slot->x;
    } else {
        renew_plain(scratch, slot);
    }
}

void tj_coupled_start(tj_scratch *scratch)
{
    tj_actives_start(scratch);
    for (int32_t i = 0; i < scratch->n_steps; i++)
        renew(scratch, scratch->steps[i]);
    for (int32_t i = 0; i < scratch->n_actives; i++)
        tj_cursor_copy_limited(&scratch->actives[i]->cursor, scratch->n, scratch->actives[i]->x);
}

/* Steps all references; returns whether one moved. */
static int step_references(tj_scratch *scratch, int32_t year)
{
    int moved = 0;
    for (int32_t i = 0; i < scratch->n_steps; i++) {
        tj_slot *slot = scratch->steps[i];
        tj_cursor_step(&slot->cursor, year, scratch->n);
        if (slot->cursor.changed)
            renew(scratch, slot);
        moved |= slot->cursor.changed;
    }
    return moved;
}

static tj_status apply(tj_scratch *scratch, int32_t year)
{
    tj_status status = TJ_OK;
    for (int32_t k = 0; k < scratch->n_contests; k++)
        hold_contest(scratch, &scratch->contests[k]);
    for (int32_t i = 0; i < scratch->n_actives; i++) {
        const tj_slot *slot = scratch->actives[i];
        scale_from(scratch, slot, everything, slot->cursor.row, slot->cursor.value, slot->x);
    }
    apply_shifts(scratch);
    apply_class(scratch, TJ_OP_TOWARD);
    apply_class(scratch, TJ_OP_ADD);
    for (int32_t g = 0; g < scratch->city->shares_count && status == TJ_OK; g++) {
        if (scratch->filled[g])
            status = finish_group(scratch, scratch->city->shares_first + g, year);
    }
    for (int32_t i = 0; i < scratch->n_actives; i++)
        finish_driver(scratch, scratch->actives[i]);
    return status;
}

/* Where no reference and no ramp moved, the drivers are those of the year before. */
tj_status tj_coupled_step(tj_scratch *scratch, int32_t year)
{
    int moved = step_references(scratch, year);
    if (!moved && !tj_reaches_moved(scratch, year))
        return TJ_OK;
    tj_reaches_step(scratch, year);
    return apply(scratch, year);
}
