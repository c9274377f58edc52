/* Allocation of the lanes backend's scratch; see lane_scratch.h.
 *
 * Rows are cut from one aligned allocation in a fixed order. */
#include "engine/lane_scratch.h"

#include "engine/physical.h"

#include <assert.h>
#include <stdlib.h>

enum { REACH_ROWS = 6, SLOT_ROWS = 6, ALIGNMENT = 64 };

typedef struct sizes {
    size_t reaches, slots, cells, groups;
} sizes;

/* The largest number of effects, drivers and cells of one city under one package. */
static sizes largest(const tj_plan *plan)
{
    const tj_plan_settings *settings = tj_plan_get_settings(plan);
    sizes most = {1, 1, 1, 1};
    for (int32_t c = 0; c < settings->n_cities; c++) {
        size_t cells = (size_t)tj_plan_get_city(plan, c)->cells_count,
               slots = (size_t)tj_plan_city_drivers(plan, c).count;
        size_t groups = (size_t)tj_plan_get_city(plan, c)->shares_count;
        most.groups = groups > most.groups ? groups : most.groups;
        most.cells = cells > most.cells ? cells : most.cells;
        most.slots = slots > most.slots ? slots : most.slots;
        for (int32_t p = 0; p < settings->n_packages; p++) {
            size_t reaches = (size_t)tj_plan_get_slice(plan, p, c).count;
            most.reaches = reaches > most.reaches ? reaches : most.reaches;
        }
    }
    return most;
}

static double *cut(double **next, size_t rows)
{
    double *row = *next;
    *next += rows * TJ_LANES;
    return row;
}

static void cut_rows(tj_scratch *scratch, sizes most)
{
    double *next = scratch->rows;
    for (size_t e = 0; e < most.reaches; e++) {
        tj_reach *reach = &scratch->reaches[e];
        reach->mu_row = cut(&next, 1);
        reach->ratio_row = cut(&next, 1);
        reach->k = cut(&next, 1);
        reach->m = cut(&next, 1);
        reach->w = cut(&next, 1);
        reach->s = cut(&next, 1);
    }
    for (size_t i = 0; i < most.slots; i++) {
        tj_slot *slot = &scratch->slots[i];
        slot->x = cut(&next, 1);
        slot->cursor_rows = cut(&next, 2);
        slot->reference = cut(&next, 1);
        slot->bound = cut(&next, 1);
        slot->held = cut(&next, 1);
    }
    for (int i = 0; i < TJ_WORK_ROWS; i++)
        scratch->work[i] = cut(&next, 1);
    scratch->level_row = cut(&next, 1);
    scratch->backcast_row = cut(&next, 1);
    scratch->base = cut(&next, 1);
    scratch->product = cut(&next, 1);
}

tj_scratch *tj_lane_scratch_create(const tj_plan *plan, const tj_draws *draws)
{
    sizes most = largest(plan);
    size_t rows = most.reaches * REACH_ROWS + most.slots * SLOT_ROWS + TJ_WORK_ROWS + 4;
    tj_scratch *scratch = calloc(1, sizeof *scratch);
    if (scratch == NULL)
        return NULL;
    scratch->plan = plan;
    scratch->draws = draws;
    scratch->settings = tj_plan_get_settings(plan);
    scratch->fault_cell = scratch->fault_year = TJ_NONE;
    scratch->reaches = calloc(most.reaches, sizeof *scratch->reaches);
    scratch->slots = calloc(most.slots, sizeof *scratch->slots);
    scratch->contests = calloc(most.reaches, sizeof *scratch->contests);
    scratch->coupled = calloc(most.cells, sizeof *scratch->coupled);
    scratch->steps = calloc(most.slots, sizeof *scratch->steps);
    scratch->actives = calloc(most.slots, sizeof *scratch->actives);
    scratch->filled = calloc(most.groups, sizeof *scratch->filled);
    scratch->terms = calloc(most.slots + most.reaches, sizeof *scratch->terms);
    scratch->members = calloc(most.slots, sizeof *scratch->members);
    scratch->paths = calloc(2 * (size_t)scratch->settings->n_years, sizeof *scratch->paths);
    scratch->winners = calloc(most.reaches * TJ_SCALED_LANES, sizeof *scratch->winners);
    scratch->scales = calloc(most.reaches, sizeof *scratch->scales);
    scratch->moves = calloc((size_t)scratch->settings->n_years, sizeof *scratch->moves);
    scratch->physical = tj_physical_create(plan);
    scratch->rows = aligned_alloc(ALIGNMENT, rows * TJ_LANES * sizeof *scratch->rows);
    if (scratch->reaches == NULL || scratch->slots == NULL || scratch->contests == NULL ||
        scratch->coupled == NULL || scratch->steps == NULL || scratch->actives == NULL ||
        scratch->filled == NULL || scratch->terms == NULL || scratch->members == NULL ||
        scratch->paths == NULL || scratch->winners == NULL || scratch->scales == NULL ||
        scratch->moves == NULL || scratch->physical == NULL || scratch->rows == NULL) {
        tj_lane_scratch_free(scratch);
        return NULL;
    }
    cut_rows(scratch, most);
    return scratch;
}

void tj_lane_scratch_free(tj_scratch *scratch)
{
    if (scratch == NULL)
        return;
    free(scratch->reaches);
    free(scratch->slots);
    free(scratch->contests);
    free(scratch->coupled);
    free(scratch->steps);
    free(scratch->actives);
    free(scratch->filled);
    free(scratch->terms);
    free(scratch->members);
    free(scratch->paths);
    free(scratch->winners);
    free(scratch->scales);
    free(scratch->moves);
    tj_physical_free(scratch->physical);
    free(scratch->rows);
    free(scratch);
}
