/* The effects in force in one stretch: how far each reaches; see lane_scratch.h.
 *
 * w = strength * eligible * adherence * (1 - rebound) * synergies * r(t), multiplied in this order; all
 * but r(t) is one row for the whole stretch. */
#include "engine/lane_scratch.h"

#include "engine/kernel.h"

#include <assert.h>
#include <math.h>

/* ---- what is in force ---- */

static int held(const tj_scratch *scratch, int32_t driver)
{
    int32_t cell = tj_plan_get_driver(scratch->plan, driver)->cell - scratch->city->cells_first;
    return scratch->held != NULL && scratch->held[cell] == TJ_HELD_ALL;
}

static void collect(tj_scratch *scratch)
{
    tj_plan_slice slice = {0, 0};
    if (scratch->package != TJ_NONE)
        slice = tj_plan_get_slice(scratch->plan, scratch->package, scratch->city_index);
    const tj_plan_effect *effects = tj_plan_section(scratch->plan, TJ_SECTION_EFFECTS, NULL);
    scratch->n_reaches = 0;
    for (int32_t e = slice.first; e < slice.first + slice.count; e++) {
        if (effects[e].strength == 0.0 || held(scratch, effects[e].driver))
            continue; /* strength 0 is absence */
        tj_reach *reach = &scratch->reaches[scratch->n_reaches];
        reach->effect = &effects[e];
        reach->ramp = tj_plan_numbers(scratch->plan, effects[e].ramp);
        reach->r = NAN;
        reach->slot = effects[e].driver - scratch->driver_first;
        reach->to = effects[e].op == TJ_OP_SHIFT ? effects[e].to_driver - scratch->driver_first : TJ_NONE;
        reach->contest = TJ_NONE;
        assert(reach->slot >= 0 && reach->slot < scratch->n_slots && reach->to < scratch->n_slots);
        tj_slot *slot = &scratch->slots[reach->slot];
        slot->reaches_first = slot->reaches_count == 0 ? scratch->n_reaches : slot->reaches_first;
        slot->reaches_count++;
        scratch->n_reaches++;
    }
}

/* The first reach on the slot in an overlap group that comes after `after`, or NULL. */
static tj_reach *next_in_overlap(const tj_scratch *scratch, const tj_slot *slot, int32_t overlap,
                                 int32_t after)
{
    for (int32_t e = after + 1; e < slot->reaches_first + slot->reaches_count; e++) {
        if (scratch->reaches[e].effect->overlap == overlap)
            return &scratch->reaches[e];
    }
    return NULL;
}

/* Opens the contest that reach `e` belongs to, if another measure joins it and it is not open yet. */
static void find_contest(tj_scratch *scratch, int32_t e)
{
    tj_reach *reach = &scratch->reaches[e];
    const tj_slot *slot = &scratch->slots[reach->slot];
    int32_t overlap = reach->effect->overlap;
    if (overlap == TJ_NONE || reach->contest != TJ_NONE)
        return;
    int rivals = 0;
    for (tj_reach *r = reach; r != NULL;
         r = next_in_overlap(scratch, slot, overlap, (int32_t)(r - scratch->reaches)))
        rivals |= r->effect->measure != reach->effect->measure;
    if (!rivals)
        return;
    for (tj_reach *r = reach; r != NULL;
         r = next_in_overlap(scratch, slot, overlap, (int32_t)(r - scratch->reaches)))
        r->contest = scratch->n_contests;
    scratch->contests[scratch->n_contests++] = (tj_contest){.slot = reach->slot, .overlap = overlap};
}

/* Scales and additions on a sink's driver, or on activity and intensity, need no other driver; of measures that
 * compete, scales of a trend. All else couples the cell. */
static int alone(const tj_scratch *scratch, const tj_reach *reach)
{
    const tj_plan_driver *driver = scratch->slots[reach->slot].driver;
    const tj_plan_cell *cell = tj_plan_get_cell(scratch->plan, driver->cell);
    if (reach->contest != TJ_NONE)
        return tj_scaled_serves(scratch, cell);
    return (reach->effect->op == TJ_OP_SCALE || reach->effect->op == TJ_OP_ADD) &&
           !tj_base_has_memory(cell) && reach->effect->driver - cell->drivers_first < 2;
}

static void couple(tj_scratch *scratch, int32_t slot)
{
    scratch->coupled[scratch->slots[slot].driver->cell - scratch->city->cells_first] = 1;
}

/* ---- how far it reaches ---- */

/* x *= 1 - a */
TJ_CLONES static void multiply_rest(size_t n, const double *restrict a, double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] *= 1.0 - a[i];
}

/* Multiplies k by a term, or by 1 - term: a number while all terms so far are fixed, then a row. */
static void take_factor(const tj_scratch *scratch, tj_reach *reach, tj_term term, int rest, double *value,
                        int *spread)
{
    size_t n = scratch->n;
    if (!*spread && term.param == TJ_NONE) {
        *value *= rest ? 1.0 - term.value : term.value;
        return;
    }
    if (!*spread)
        tj_row_fill(n, *value, reach->k);
    *spread = 1;
    (rest ? multiply_rest : tj_row_multiply)(
        n, tj_term_lanes(scratch->draws, term, scratch->first, n, scratch->work[0]), reach->k);
}

static void compute_k(const tj_scratch *scratch, tj_reach *reach)
{
    const tj_plan_effect *effect = reach->effect;
    const tj_term *terms = tj_plan_section(scratch->plan, TJ_SECTION_TERMS, NULL);
    size_t first = scratch->first, n = scratch->n;
    double value = effect->strength;
    int spread = 0;
    take_factor(scratch, reach, effect->eligible, 0, &value, &spread);
    take_factor(scratch, reach, effect->adherence, 0, &value, &spread);
    take_factor(scratch, reach, effect->rebound, 1, &value, &spread);
    for (int32_t f = 0; f < effect->factors_count; f++)
        take_factor(scratch, reach, terms[effect->factors_first + f], 0, &value, &spread);
    if (!spread)
        tj_row_fill(n, value, reach->k);
    reach->mu = tj_term_lanes(scratch->draws, effect->magnitude, first, n, reach->mu_row);
    tj_row_product(n, reach->mu, 1.0, reach->k, reach->m);
    if (effect->op == TJ_OP_SHIFT)
        reach->ratio = tj_term_lanes(scratch->draws, effect->ratio, first, n, reach->ratio_row);
}

void tj_reach_magnitude(const tj_scratch *scratch, const tj_plan_effect *effect, double *m)
{
    tj_reach reach = scratch->reaches[0]; /* its rows */
    reach.effect = effect;
    reach.m = m;
    compute_k(scratch, &reach);
}

void tj_reaches_start(tj_scratch *scratch)
{
    scratch->n_contests = 0;
    for (int32_t k = 0; k < scratch->city->cells_count; k++)
        scratch->coupled[k] = 0;
    collect(scratch);
    for (int32_t e = 0; e < scratch->n_reaches; e++)
        find_contest(scratch, e);
    for (int32_t e = 0; e < scratch->n_reaches; e++) {
        tj_reach *reach = &scratch->reaches[e];
        if (!alone(scratch, reach))
            couple(scratch, reach->slot);
        if (reach->to != TJ_NONE)
            couple(scratch, reach->to);
        compute_k(scratch, reach);
    }
}

/* Scales and additions on a driver by itself are applied from m and the ramp; w and s are needed where
 * measures compete and where shares of a whole are filled. */
static int needs_rows(const tj_scratch *scratch, const tj_reach *reach)
{
    int op = reach->effect->op;
    return (op != TJ_OP_SCALE && op != TJ_OP_ADD) || reach->contest != TJ_NONE ||
           scratch->slots[reach->slot].driver->share_group != TJ_NONE;
}

static void step(const tj_scratch *scratch, tj_reach *reach)
{
    size_t n = scratch->n;
    int op = reach->effect->op, plain = op == TJ_OP_SCALE || op == TJ_OP_ADD;
    reach->rows = needs_rows(scratch, reach);
    if (!reach->rows)
        return;
    tj_row_reach(n, reach->k, reach->r, !plain, reach->w);
    if (plain)
        tj_row_reach(n, reach->m, reach->r, 0, reach->s);
    else
        tj_row_product(n, reach->mu, 1.0, reach->w, reach->s);
}

static int is_coupled(const tj_scratch *scratch, const tj_reach *reach)
{
    int32_t cell = scratch->slots[reach->slot].driver->cell - scratch->city->cells_first;
    return scratch->coupled[cell];
}

int tj_reaches_moved(const tj_scratch *scratch, int32_t year)
{
    for (int32_t e = 0; e < scratch->n_reaches; e++) {
        const tj_reach *reach = &scratch->reaches[e];
        if (is_coupled(scratch, reach) && reach->ramp[year] != reach->r)
            return 1;
    }
    return 0;
}

void tj_reaches_step(tj_scratch *scratch, int32_t year)
{
    for (int32_t e = 0; e < scratch->n_reaches; e++) {
        tj_reach *reach = &scratch->reaches[e];
        double r = reach->ramp[year];
        if (!is_coupled(scratch, reach))
            continue;
        if (r != reach->r ||
            reach->contest != TJ_NONE) { /* a contest has thinned the rows of the year before */
            reach->r = r;
            step(scratch, reach);
        }
    }
}
