/* A cursor on one driver's reference path: the value of every lane of a block, year after year.
 *
 * Most references are the same number in every draw; then the cursor holds that number and no row.
 * It is set up in the city's last inventory year H and steps through the years after it in order. */
#ifndef TJ_ENGINE_CURSOR_H
#define TJ_ENGINE_CURSOR_H

#include "engine/draws.h"
#include "engine/plan.h"

typedef struct tj_cursor {
    const tj_plan_driver *driver;
    const double *path;  /* PATH, PACED: n_years values of the background */
    double base;         /* PATH, PACED: p(H) */
    double step;         /* the spread or the rate of growth, where fixed */
    const double *steps; /* the spread or the rate of growth by lane; NULL: fixed */
    double pace;         /* PACED: where fixed */
    const double *paces; /* PACED: by lane; NULL: fixed */
    int32_t from, end;   /* PACED: year indexes of its start and of the last year of the axis */
    double *row;         /* the values by lane; NULL: `value` in every lane */
    double value;
    int changed; /* the last step changed a value */
} tj_cursor;

/* Puts the cursor on year H = `last` for draws first .. first + n - 1, n <= TJ_LANES. `rows` are two rows
 * of the caller's, kept until the cursor is set up anew. */
void tj_cursor_start(tj_cursor *cursor, const tj_plan *plan, const tj_draws *draws, int32_t background,
                     int32_t driver, int32_t last, size_t first, size_t n, double *rows);

/* Steps to year index `year`, the one after the last; n as at the start. */
void tj_cursor_step(tj_cursor *cursor, int32_t year, size_t n);

/* The limited values of years first .. end - 1, each at its year index, of a cursor without a row that stands before
 * `first`: the path itself where it is that, else written to `values`. */
const double *tj_cursor_follow(tj_cursor *cursor, int32_t first, int32_t end, double *values);

/* Copies the values to a row, with or without the driver's limits (unsigned: not below 0; fraction:
 * from 0 to 1). */
void tj_cursor_copy(const tj_cursor *cursor, size_t n, double *x);
void tj_cursor_copy_limited(const tj_cursor *cursor, size_t n, double *x);

/* The limits applied to a row, to one value. */
void tj_driver_limit(const tj_plan_driver *driver, size_t n, double *x);
static inline double tj_driver_limit_value(const tj_plan_driver *driver, double x)
{
    if (driver->flags & TJ_DRIVER_FRACTION)
        return x < 0.0 ? 0.0 : x > 1.0 ? 1.0 : x;
    return x < 0.0 && !(driver->flags & TJ_DRIVER_SIGNED) ? 0.0 : x;
}

#endif
