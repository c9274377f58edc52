/* Which drivers of coupled cells need rows of their own; see lane_scratch.h.
 *
 * A driver that no effect reaches keeps its reference, which is mostly one number for all draws. Shares of a
 * whole whose effects only move parts of them to one another still sum to one, if the reference does: such a
 * group needs no filling, and only its movers are active. Every other group that is touched is active as
 * a whole. The choice is made from the cell's own effects, so that no other package shows in the bits. */
#include "engine/lane_scratch.h"

#include <math.h>

/* A reference sum that differs from one by rounding alone: a few last places for each share. */
static const double ROUNDING = 0x1p-52;

static const tj_plan_shares *group_of(const tj_scratch *scratch, int32_t g)
{
    const tj_plan_shares *all = tj_plan_section(scratch->plan, TJ_SECTION_SHARES, NULL);
    return &all[scratch->city->shares_first + g];
}

static tj_slot *member(const tj_scratch *scratch, const tj_plan_shares *group, int32_t j)
{
    return &scratch->slots[group->drivers_first + j - scratch->driver_first];
}

static int inside(const tj_scratch *scratch, const tj_plan_shares *group, int32_t slot)
{
    int32_t at = slot - (group->drivers_first - scratch->driver_first);
    return slot != TJ_NONE && at >= 0 && at < group->drivers_count;
}

/* Do the shares without measures sum to one in every projected year, the same in every draw? */
static int reference_whole(const tj_scratch *scratch, const tj_plan_shares *group)
{
    double most = ROUNDING * group->drivers_count;
    for (int32_t j = 0; j < group->drivers_count; j++) {
        const tj_cursor *cursor = &member(scratch, group, j)->cursor;
        if (cursor->row != NULL || cursor->path == NULL || cursor->step != 1.0)
            return 0;
    }
    for (int32_t y = scratch->city->last_inventory + 1; y < scratch->settings->n_years; y++) {
        double sum = 0.0;
        for (int32_t j = 0; j < group->drivers_count; j++)
            sum += member(scratch, group, j)->cursor.path[y];
        if (!(fabs(sum - 1.0) <= most))
            return 0;
    }
    return 1;
}

/* 1 if every effect on the group moves a part of one of its shares to another, unchanged. */
static int only_moves(const tj_scratch *scratch, const tj_plan_shares *group)
{
    for (int32_t e = 0; e < scratch->n_reaches; e++) {
        const tj_reach *reach = &scratch->reaches[e];
        int from = inside(scratch, group, reach->slot), to = inside(scratch, group, reach->to);
        if (!from && !to)
            continue;
        if (!from || !to || reach->effect->ratio.param != TJ_NONE || reach->effect->ratio.value != 1.0)
            return 0;
    }
    return 1;
}

static void activate_group(tj_scratch *scratch, int32_t g)
{
    const tj_plan_shares *group = group_of(scratch, g);
    int any = 0;
    scratch->filled[g] = 0;
    for (int32_t j = 0; j < group->drivers_count; j++)
        any |= member(scratch, group, j)->active;
    if (!any || (only_moves(scratch, group) && reference_whole(scratch, group)))
        return;
    scratch->filled[g] = 1;
    for (int32_t j = 0; j < group->drivers_count; j++)
        member(scratch, group, j)->active = 1;
}

static int is_coupled(const tj_scratch *scratch, const tj_slot *slot)
{
    return scratch->coupled[slot->driver->cell - scratch->city->cells_first];
}

/* Scales leave a number above 0 there; a fraction they may still raise past 1. */
static void find_positive(tj_scratch *scratch)
{
    for (int32_t i = 0; i < scratch->n_slots; i++) {
        const tj_plan_driver *driver = scratch->slots[i].driver;
        scratch->slots[i].positive = !(driver->flags & TJ_DRIVER_FRACTION) && driver->share_group == TJ_NONE;
    }
    for (int32_t e = 0; e < scratch->n_reaches; e++) {
        const tj_reach *reach = &scratch->reaches[e];
        scratch->slots[reach->slot].positive &= reach->effect->op == TJ_OP_SCALE;
        if (reach->to != TJ_NONE)
            scratch->slots[reach->to].positive = 0;
    }
}

void tj_actives_start(tj_scratch *scratch)
{
    find_positive(scratch);
    scratch->n_steps = scratch->n_actives = 0;
    for (int32_t i = 0; i < scratch->n_slots; i++)
        scratch->slots[i].active = 0;
    for (int32_t e = 0; e < scratch->n_reaches; e++) {
        const tj_reach *reach = &scratch->reaches[e];
        if (!is_coupled(scratch, &scratch->slots[reach->slot]))
            continue;
        scratch->slots[reach->slot].active = 1;
        if (reach->to != TJ_NONE)
            scratch->slots[reach->to].active = 1;
    }
    for (int32_t g = 0; g < scratch->city->shares_count; g++)
        activate_group(scratch, g);
    for (int32_t i = 0; i < scratch->n_slots; i++) {
        tj_slot *slot = &scratch->slots[i];
        if (!is_coupled(scratch, slot) || slot->idle)
            continue;
        scratch->steps[scratch->n_steps++] = slot;
        if (slot->active)
            scratch->actives[scratch->n_actives++] = slot;
    }
}
