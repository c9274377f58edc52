/* Reference paths of drivers by lane; see cursor.h.
 *
 * A path with a fixed spread of 1 is exactly p(t): p(H) + (p(t) - p(H)) may round to another number. */
#include "engine/cursor.h"

#include "engine/kernel.h"
#include "engine/operators.h"

#include <assert.h>

static int fixed(tj_term term)
{
    return term.param == TJ_NONE;
}

static void start_growth(tj_cursor *cursor, const tj_draws *draws, size_t first, size_t n, double *rows)
{
    const tj_plan_driver *driver = cursor->driver;
    if (fixed(driver->start) && fixed(driver->rate)) {
        cursor->value = driver->start.value;
        cursor->step = driver->rate.value;
        return;
    }
    cursor->row = rows;
    tj_row_copy(n, tj_term_lanes(draws, driver->start, first, n, rows + TJ_LANES), cursor->row);
    cursor->steps = tj_term_lanes(draws, driver->rate, first, n, rows + TJ_LANES);
}

static void start_path(tj_cursor *cursor, const tj_draws *draws, size_t first, size_t n, double *rows)
{
    const tj_plan_driver *driver = cursor->driver;
    cursor->value = cursor->base;
    cursor->step = driver->spread.value;
    if (fixed(driver->spread))
        return;
    cursor->row = rows;
    cursor->steps = tj_term_lanes(draws, driver->spread, first, n, rows + TJ_LANES);
    tj_row_fill(n, cursor->base, cursor->row);
}

void tj_cursor_start(tj_cursor *cursor, const tj_plan *plan, const tj_draws *draws, int32_t background,
                     int32_t driver, int32_t last, size_t first, size_t n, double *rows)
{
    assert(n > 0 && n <= TJ_LANES);
    *cursor = (tj_cursor){.driver = tj_plan_get_driver(plan, driver), .changed = 1};
    if (cursor->driver->reference == TJ_REF_GROWTH) {
        start_growth(cursor, draws, first, n, rows);
        return;
    }
    assert(cursor->driver->reference == TJ_REF_PATH);
    int32_t n_years = tj_plan_get_settings(plan)->n_years;
    cursor->path = tj_plan_numbers(plan, cursor->driver->path) + (size_t)background * (size_t)n_years;
    cursor->base = cursor->path[last];
    start_path(cursor, draws, first, n, rows);
}

TJ_CLONES static void grow(size_t n, const double *restrict rates, double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] = x[i] * (1.0 + rates[i]);
}

TJ_CLONES static void spread(size_t n, double base, double change, const double *restrict spreads,
                             double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] = base + change * spreads[i];
}

/* Next value of a cursor that is the same in every lane. */
static double next_value(const tj_cursor *cursor, int32_t year)
{
    if (cursor->path == NULL)
        return cursor->value * (1.0 + cursor->step);
    if (cursor->step == 1.0)
        return cursor->path[year];
    return cursor->base + (cursor->path[year] - cursor->base) * cursor->step;
}

void tj_cursor_step(tj_cursor *cursor, int32_t year, size_t n)
{
    if (cursor->row == NULL) {
        double value = next_value(cursor, year);
        cursor->changed = value != cursor->value;
        cursor->value = value;
        return;
    }
    cursor->changed = 1;
    if (cursor->path == NULL)
        grow(n, cursor->steps, cursor->row);
    else
        spread(n, cursor->base, cursor->path[year] - cursor->base, cursor->steps, cursor->row);
}

void tj_cursor_copy(const tj_cursor *cursor, size_t n, double *x)
{
    if (cursor->row == NULL)
        tj_row_fill(n, cursor->value, x);
    else
        tj_row_copy(n, cursor->row, x);
}

void tj_cursor_copy_limited(const tj_cursor *cursor, size_t n, double *x)
{
    tj_cursor_copy(cursor, n, x);
    tj_driver_limit(cursor->driver, n, x);
}

void tj_driver_limit(const tj_plan_driver *driver, size_t n, double *x)
{
    if (driver->flags & TJ_DRIVER_FRACTION)
        tj_row_fraction(n, x);
    else if (!(driver->flags & TJ_DRIVER_SIGNED))
        tj_row_positive(n, x);
}

double tj_driver_limit_value(const tj_plan_driver *driver, double x)
{
    if (driver->flags & TJ_DRIVER_FRACTION)
        return x < 0.0 ? 0.0 : x > 1.0 ? 1.0 : x;
    return x < 0.0 && !(driver->flags & TJ_DRIVER_SIGNED) ? 0.0 : x;
}
