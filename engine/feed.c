/* Rows for cells with memory, and the past of their drivers; see feed.h. */
#include "engine/feed.h"

#include "engine/kernel.h"

#include <assert.h>

double *tj_pool_cut(tj_pool *pool, size_t rows)
{
    double *cut = pool->start == NULL ? NULL : pool->start + pool->rows * TJ_FLEET_LANES;
    pool->rows += rows;
    return cut;
}

double *tj_pool_cut_numbers(tj_pool *pool, size_t count)
{
    return tj_pool_cut(pool, (count + TJ_FLEET_LANES - 1) / TJ_FLEET_LANES);
}

const double *tj_feed_now(const tj_scratch *scratch, int32_t driver)
{
    assert(driver >= scratch->driver_first && driver - scratch->driver_first < scratch->n_slots);
    tj_slot *slot = &scratch->slots[driver - scratch->driver_first];
    if (slot->lanes == NULL && !slot->spread) {
        tj_row_fill(scratch->n, slot->value, slot->x);
        slot->spread = 1;
    }
    return slot->x;
}

tj_weighed tj_feed_weigh(const tj_scratch *scratch, const double *row, int32_t driver)
{
    const tj_slot *slot = &scratch->slots[driver - scratch->driver_first];
    return (tj_weighed){row, slot->lanes, 0.0, slot->value};
}

int tj_feed_is(const tj_scratch *scratch, int32_t driver, double value)
{
    const tj_slot *slot = &scratch->slots[driver - scratch->driver_first];
    return slot->lanes == NULL && slot->value == value;
}

int tj_feed_past(const tj_scratch *scratch, int32_t driver, int32_t year, double *value, double *row)
{
    const tj_plan_driver *record = tj_plan_get_driver(scratch->plan, driver);
    assert(year <= scratch->city->last_inventory);
    if (record->reference != TJ_REF_GROWTH) {
        int32_t at = record->path + scratch->background * scratch->settings->n_years + (year < 0 ? 0 : year);
        *value = tj_driver_limit_value(record, *tj_plan_numbers(scratch->plan, at));
        return 1;
    }
    *value = tj_driver_limit_value(record, record->start.value);
    if (record->start.param == TJ_NONE)
        return 1;
    tj_row_copy(scratch->n, tj_term_lanes(scratch->draws, record->start, scratch->first, scratch->n, row),
                row);
    tj_driver_limit(record, scratch->n, row);
    return 0;
}

void tj_feed_past_row(const tj_scratch *scratch, int32_t driver, int32_t year, double *row)
{
    double value;
    if (tj_feed_past(scratch, driver, year, &value, row))
        tj_row_fill(scratch->n, value, row);
}

TJ_CLONES size_t tj_feed_calibrate(size_t n, double start, const double *restrict modelled,
                                   double *restrict kappa)
{
    size_t impossible = 0;
#pragma omp simd reduction(+ : impossible)
    for (size_t i = 0; i < n; i++) {
        impossible += (size_t)((modelled[i] == 0.0) & (start != 0.0));
        kappa[i] = modelled[i] == 0.0 ? 1.0 : start / modelled[i];
    }
    return impossible;
}
