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

/* Drawn terms stand in the table of draws, so the second row stays free. */
static void start_path(tj_cursor *cursor, const tj_draws *draws, size_t first, size_t n, double *rows)
{
    const tj_plan_driver *driver = cursor->driver;
    int paced = driver->reference == TJ_REF_PACED;
    cursor->value = cursor->base;
    cursor->step = driver->spread.value;
    cursor->pace = paced ? driver->rate.value : 1.0;
    if (!fixed(driver->spread))
        cursor->steps = tj_term_lanes(draws, driver->spread, first, n, rows + TJ_LANES);
    if (paced && !fixed(driver->rate))
        cursor->paces = tj_term_lanes(draws, driver->rate, first, n, rows + TJ_LANES);
    if (cursor->steps == NULL && cursor->paces == NULL)
        return;
    cursor->row = rows;
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
    assert(cursor->driver->reference == TJ_REF_PATH || cursor->driver->reference == TJ_REF_PACED);
    int32_t n_years = tj_plan_get_settings(plan)->n_years;
    cursor->path = tj_plan_numbers(plan, cursor->driver->path) + (size_t)background * (size_t)n_years;
    cursor->base = cursor->path[last];
    cursor->from = cursor->driver->paced_from > last ? cursor->driver->paced_from : last;
    cursor->end = n_years - 1;
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

/* The path `after` years after F, straight between years, kept on the axis; `room` years follow F, one at least. */
static inline double read_path(const double *path, int32_t room, double after)
{
    double t = after > 0.0 ? after : 0.0;
    t = t < (double)room ? t : (double)room;
    int32_t k = t < (double)room ? (int32_t)t : room - 1;
    return path[k] + (path[k + 1] - path[k]) * (t - (double)k);
}

/* x = p at F + years * pace */
TJ_CLONES static void pace(size_t n, const double *restrict path, int32_t room, double years,
                           const double *restrict paces, double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] = read_path(path, room, years * paces[i]);
}

/* x = base + (x - base) * spread */
TJ_CLONES static void spread_row(size_t n, double base, const double *restrict spreads, double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] = base + (x[i] - base) * spreads[i];
}

static double path_value(const tj_cursor *cursor, int32_t year)
{
    if (cursor->pace == 1.0 || year <= cursor->from)
        return cursor->path[year];
    return read_path(cursor->path + cursor->from, cursor->end - cursor->from,
                     (double)(year - cursor->from) * cursor->pace);
}

/* Next value of a cursor that is the same in every lane. */
static double next_value(const tj_cursor *cursor, int32_t year)
{
    if (cursor->path == NULL)
        return cursor->value * (1.0 + cursor->step);
    if (cursor->step == 1.0)
        return path_value(cursor, year);
    return cursor->base + (path_value(cursor, year) - cursor->base) * cursor->step;
}

/* Lanes of a path whose pace is drawn, in a year after F. */
static void step_paced(const tj_cursor *cursor, int32_t year, size_t n)
{
    pace(n, cursor->path + cursor->from, cursor->end - cursor->from, (double)(year - cursor->from),
         cursor->paces, cursor->row);
    if (cursor->steps != NULL)
        spread_row(n, cursor->base, cursor->steps, cursor->row);
    else if (cursor->step != 1.0)
        for (size_t i = 0; i < n; i++)
            cursor->row[i] = cursor->base + (cursor->row[i] - cursor->base) * cursor->step;
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
    else if (cursor->paces != NULL && year > cursor->from)
        step_paced(cursor, year, n);
    else if (cursor->steps != NULL)
        spread(n, cursor->base, path_value(cursor, year) - cursor->base, cursor->steps, cursor->row);
    else
        tj_row_fill(n, next_value(cursor, year), cursor->row);
}

const double *tj_cursor_follow(tj_cursor *cursor, int32_t first, int32_t end, double *values)
{
    assert(cursor->row == NULL);
    int as_it_is = cursor->path != NULL && cursor->step == 1.0 && cursor->pace == 1.0;
    for (int32_t year = first; year < end && as_it_is; year++)
        as_it_is = tj_driver_limit_value(cursor->driver, cursor->path[year]) == cursor->path[year];
    if (as_it_is)
        return cursor->path;
    for (int32_t year = first; year < end; year++) {
        cursor->value = next_value(cursor, year);
        values[year] = tj_driver_limit_value(cursor->driver, cursor->value);
    }
    return values;
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
