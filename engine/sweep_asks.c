/* Which rows of a part's values are needed, and what they take; see sweep_parts.h. */
#include "engine/sweep_parts.h"

#include "engine/sweep_pick.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const size_t ROW = TJ_SWEEP_LANES * sizeof(double);

/* ---- sums asked for ---- */

static int same_sum(const tj_sweep_part *part, size_t row, const tj_sweep_term *terms, size_t n)
{
    size_t first = row == 0 ? 0 : part->after[row - 1];
    if (part->after[row] - first != n)
        return 0;
    for (size_t i = 0; i < n; i++) {
        const tj_sweep_term *own = &part->asked[first + i];
        if (own->cell != terms[i].cell || own->year != terms[i].year || own->weight != terms[i].weight)
            return 0;
    }
    return 1;
}

static int make_room(tj_sweep_part *part, size_t n)
{
    if (part->n_asked + n > part->capacity) {
        size_t capacity = 2 * (part->n_asked + n);
        tj_sweep_term *larger = realloc(part->asked, capacity * sizeof *larger);
        if (larger == NULL)
            return 0;
        part->asked = larger;
        part->capacity = capacity;
    }
    if ((size_t)part->n_rows == part->rows_capacity) {
        size_t capacity = 2 * part->rows_capacity + 8;
        size_t *larger = realloc(part->after, capacity * sizeof *larger);
        if (larger == NULL)
            return 0;
        part->after = larger;
        part->rows_capacity = capacity;
    }
    return 1;
}

/* The row of the sum of these terms, new where nothing has asked for it yet; TJ_NONE: no memory. */
static int32_t row_for(tj_sweep_part *part, const tj_sweep_term *terms, size_t n)
{
    for (int32_t row = 0; row < part->n_rows; row++)
        if (same_sum(part, (size_t)row, terms, n))
            return row;
    if (!make_room(part, n))
        return TJ_NONE;
    memcpy(part->asked + part->n_asked, terms, n * sizeof *terms);
    part->n_asked += n;
    part->after[part->n_rows] = part->n_asked;
    return part->n_rows++;
}

tj_status tj_sweep_settle(tj_sweep_city *city, tj_sweep_condition *c)
{
    size_t kept = 0;
    for (size_t i = 0, end; i < c->n_terms; i = end) {
        tj_sweep_part *part = &city->parts[c->terms[i].part];
        for (end = i + 1; end < c->n_terms && c->terms[end].part == c->terms[i].part;)
            end++;
        if (part->component->product) {
            for (; i < end; i++) {
                c->terms[kept] = c->terms[i];
                c->terms[kept].row = c->terms[kept].year;
                kept++;
            }
            continue;
        }
        int32_t row = row_for(part, c->terms + i, end - i);
        if (row == TJ_NONE)
            return TJ_ERR_MEMORY;
        c->terms[kept++] = (tj_sweep_term){.part = c->terms[i].part, .row = row, .weight = 1};
    }
    c->n_terms = kept;
    return TJ_OK;
}

void tj_sweep_forget(tj_sweep_part *part, int32_t n_rows)
{
    if (part->component->product)
        return;
    part->n_rows = n_rows;
    part->n_asked = n_rows > 0 ? part->after[n_rows - 1] : 0;
}

/* ---- values ---- */

size_t tj_sweep_values_room(const tj_sweep_city *city)
{
    size_t room = 0;
    for (int32_t p = 0; p < city->n_parts; p++)
        room += (size_t)city->parts[p].n_variants * (size_t)city->parts[p].n_rows * ROW;
    return room;
}

tj_status tj_sweep_values_open(tj_sweep_city *city)
{
    for (int32_t p = 0; p < city->n_parts; p++) {
        tj_sweep_part *part = &city->parts[p];
        part->values = aligned_alloc(64, ((size_t)part->n_variants * (size_t)part->n_rows + 1) * ROW);
        if (part->values == NULL)
            return TJ_ERR_MEMORY;
    }
    return TJ_OK;
}

void tj_sweep_values_close(tj_sweep_city *city)
{
    for (int32_t p = 0; p < city->n_parts; p++) {
        free(city->parts[p].values);
        city->parts[p].values = NULL;
    }
}

/* ---- what is needed at least ---- */

static int32_t sums_of(const tj_plan_target *target)
{
    return target->kind == TJ_TARGET_PATH      ? target->milestones_count
           : target->kind == TJ_TARGET_NEUTRAL ? 2
                                               : 1;
}

static size_t most_sums(const tj_sweep_run_state *run, int32_t city)
{
    const tj_plan_target *targets = tj_plan_section(run->plan, TJ_SECTION_TARGETS, NULL);
    int32_t most = 1;
    for (int32_t i = 0; i < tj_plan_get_settings(run->plan)->n_targets; i++)
        if (targets[i].city == city && targets[i].assessable && sums_of(&targets[i]) > most)
            most = sums_of(&targets[i]);
    return (size_t)most;
}

size_t tj_sweep_least_room(const tj_sweep_run_state *run, const tj_sweep_city *city)
{
    const tj_sweep *sweep = run->sweep;
    size_t sums = most_sums(run, city->city), stride = tj_pick_stride(sweep->draws) * sizeof(float);
    size_t counting = sizeof(uint32_t) << __builtin_popcount(city->mask), picking = 0;
    for (int32_t p = 0; p < city->n_parts; p++) {
        const tj_sweep_part *part = &city->parts[p];
        size_t variants = (size_t)part->n_variants * ROW;
        size_t years = (size_t)city->n_projected;
        counting += variants * (part->component->product ? years : sums);
        picking +=
            variants * (part->component->product ? years : 1) + (stride << __builtin_popcount(part->mask));
    }
    return sweep->n_quantiles > 0 && picking > counting ? picking : counting;
}
