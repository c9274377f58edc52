/* Reference paths of drivers, from the rows of drivers.csv: a table, a constant, growth or a national
 * path; the rows written most closely for a city (city, country, everywhere) hold. */
#include "scenarios/lower.h"

#include <math.h>
#include <string.h>

/* ---- rows of drivers.csv that hold for a city's driver ---- */

void tj_lower_driver_rows(const tj_lowering *low, int city, const char *driver, tj_driver_rows *found)
{
    found->count = 0;
    found->rank = -1;
    for (size_t i = 0; i < low->study->drivers_count; i++) {
        const tj_driver_row *row = &low->study->drivers[i];
        if (strcmp(row->driver.text, driver) != 0)
            continue;
        int rank = tj_lower_closeness(low, row->city.text, city);
        if (rank < found->rank || rank < 0)
            continue;
        if (rank > found->rank)
            found->count = 0;
        found->rank = rank;
        if (found->count < 256)
            found->rows[found->count++] = row;
    }
}

static const tj_driver_row *row_of_kind(const tj_driver_rows *found, tj_path_kind kind)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->rows[i]->kind == kind)
            return found->rows[i];
    return NULL;
}

/* ---- reference paths ---- */

/* Sorts the points of a table by year into `sorted`; reports a year given twice. */
static size_t table_points(tj_lowering *low, const tj_driver_rows *found, const tj_driver_row **sorted)
{
    size_t n = 0;
    for (size_t i = 0; i < found->count; i++) {
        const tj_driver_row *row = found->rows[i];
        if (row->kind != TJ_PATH_YEAR && row->kind != TJ_PATH_LOGISTIC)
            continue;
        if (row->value.dist.kind != TJ_DIST_FIXED)
            TJ_LOWER_ERROR(low, row->value.mark,
                           "driver '%s': found a distribution in a table of years, expected a number (its "
                           "uncertainty goes into 'spread')",
                           row->driver.text);
        size_t k = n++;
        for (; k > 0 && sorted[k - 1]->year.value > row->year.value; k--)
            sorted[k] = sorted[k - 1];
        sorted[k] = row;
        if (k > 0 && sorted[k - 1]->year.value == row->year.value)
            TJ_LOWER_ERROR(low, row->mark, "driver '%s': the year %d is given twice, first in line %u",
                           row->driver.text, row->year.value, sorted[k - 1]->mark.line);
    }
    return n;
}

/* Where a point of a table stands between its neighbours: straight, or along a logistic curve (k = 10). */
static double between(const tj_driver_row *to, double u)
{
    return to->kind == TJ_PATH_LOGISTIC ? tj_lower_logistic(u) : u;
}

static double table_at(const tj_driver_row **points, size_t n, int year)
{
    if (year <= points[0]->year.value)
        return points[0]->value.dist.p[0];
    size_t i = 1;
    while (i < n && points[i]->year.value < year)
        i++;
    if (i == n)
        return points[n - 1]->value.dist.p[0];
    double x0 = points[i - 1]->value.dist.p[0], x1 = points[i]->value.dist.p[0];
    int y0 = points[i - 1]->year.value, y1 = points[i]->year.value;
    return x0 + (x1 - x0) * between(points[i], (double)(year - y0) / (double)(y1 - y0));
}

/* Adds [background][year] numbers of a table, a constant or a national path; TJ_NONE on error. */
static int32_t add_path(tj_lowering *low, int city, const char *driver, const tj_driver_rows *found,
                        double constant)
{
    const tj_driver_row *sorted[256], *follows = row_of_kind(found, TJ_PATH_BACKGROUND);
    size_t n = table_points(low, found, sorted);
    double *path = tj_lower_alloc(low, (size_t)low->n_years, sizeof *path);
    int32_t first = TJ_NONE;
    for (int b = 0; path != NULL && b < low->n_backgrounds; b++) {
        const tj_path *national =
            follows == NULL ? NULL
                            : tj_lower_path(low, low->out->backgrounds[b], city, follows->background.text);
        if (follows != NULL && (national == NULL || national->count == 0)) {
            TJ_LOWER_ERROR(low, follows->background.mark,
                           "driver '%s' of '%s': background '%s' has no national path '%s'", driver,
                           tj_lower_city_id(low, city),
                           low->study->backgrounds[low->out->backgrounds[b]].id.text,
                           follows->background.text);
            return TJ_NONE;
        }
        for (int y = 0; y < low->n_years; y++) {
            int year = low->first_year + y;
            path[y] = national != NULL ? tj_lower_path_at(national, year)
                      : n > 0          ? table_at(sorted, n, year)
                                       : constant;
        }
        int32_t at = tj_plan_add(low->builder, TJ_SECTION_NUMBERS, path, (size_t)low->n_years);
        first = b == 0 ? at : first;
    }
    if (n > 0 && sorted[n - 1]->year.value < low->last_year)
        tj_diag_add(low->diags, TJ_NOTE, sorted[n - 1]->mark, "driver '%s' of '%s' is held flat after %d",
                    driver, tj_lower_city_id(low, city), sorted[n - 1]->year.value);
    return first;
}

/* "<name>.<field>" with the scope instance of the place where the row was written. */
static const char *param_name(tj_lowering *low, const char *driver, const char *field,
                              const tj_driver_row *row)
{
    if (strcmp(row->city.text, "*") == 0)
        return tj_lower_text(low, "%s.%s", driver, field);
    return tj_lower_text(low, "%s.%s@%s", driver, field, row->city.text);
}

/* Shares of a whole keep one pace: "transport.sales.pace" for transport.sales.car-petrol, so that they still sum to
 * one; other drivers have a pace each. */
static const char *pace_name(tj_lowering *low, const char *driver, int is_share, const tj_driver_row *row)
{
    const char *dot = strrchr(driver, '.');
    if (!is_share || dot == NULL)
        return param_name(low, driver, "pace", row);
    return param_name(low, tj_lower_text(low, "%.*s", (int)(dot - driver), driver), "pace", row);
}

/* The pace of a path, from the rows that hold. */
static void add_pace(tj_lowering *low, const char *name, const tj_driver_rows *found, tj_plan_driver *driver)
{
    for (size_t i = 0; i < found->count; i++) {
        const tj_driver_row *row = found->rows[i];
        if (row->pace.mark.file == NULL && row->pace_from.mark.file != NULL)
            TJ_LOWER_ERROR(low, row->pace_from.mark, "driver '%s': found a pace_from without a pace", name);
        if (row->pace.mark.file == NULL ||
            !tj_lower_check(low, &row->pace, (tj_dimension){{0}}, 0, INFINITY, "pace"))
            continue;
        int is_share = driver->share_group != TJ_NONE;
        driver->reference = TJ_REF_PACED;
        driver->rate = tj_lower_term(low, &row->pace, pace_name(low, name, is_share, row));
        driver->paced_from = row->pace_from.mark.file == NULL ? 0 : row->pace_from.value - low->first_year;
    }
}

tj_dimension tj_lower_row_dimension(const tj_lowering *low, int city, const tj_driver_row *row)
{
    if (row->kind == TJ_PATH_BACKGROUND) {
        int background =
            low->current_policies >= 0 ? low->current_policies : 0; /* any: they agree on units */
        const tj_path *path = tj_lower_path(low, background, city, row->background.text);
        return path != NULL && path->count > 0 ? path->points[0].value.dimension : (tj_dimension){{0}};
    }
    return row->value.dimension;
}

/* One row may hold for many cities: its fault is told once. */
static int is_told(const tj_lowering *low, tj_mark mark)
{
    for (size_t i = 0; i < low->diags->count; i++) {
        const tj_diag *diag = &low->diags->items[i];
        if (diag->severity == TJ_ERROR && diag->mark.file == mark.file && diag->mark.line == mark.line &&
            diag->mark.column == mark.column)
            return 1;
    }
    return 0;
}

/* No stock, activity or factor is negative and no share is above 1, unless the driver may be; what is drawn is
 * held within these limits draw by draw. */
static void check_rows(tj_lowering *low, const char *name, const tj_driver_rows *found, int flags)
{
    double most = flags & TJ_DRIVER_FRACTION ? 1 : INFINITY;
    for (size_t i = 0; i < found->count && !(flags & TJ_DRIVER_SIGNED); i++) {
        const tj_driver_row *row = found->rows[i];
        int given =
            row->kind == TJ_PATH_YEAR || row->kind == TJ_PATH_LOGISTIC || row->kind == TJ_PATH_CONSTANT;
        if (given && row->value.dist.kind == TJ_DIST_FIXED && !is_told(low, row->value.mark))
            tj_lower_check(low, &row->value, row->value.dimension, 0, most, name);
    }
}

static void refuse_on_growth(tj_lowering *low, const char *name, const tj_driver_rows *found)
{
    for (size_t k = 0; k < found->count; k++) {
        const tj_driver_row *row = found->rows[k];
        if (row->spread.mark.file != NULL || row->pace.mark.file != NULL)
            TJ_LOWER_ERROR(low, row->spread.mark.file != NULL ? row->spread.mark : row->pace.mark,
                           "driver '%s': a %s belongs to a path; make the growth or the constant a "
                           "distribution instead",
                           name, row->spread.mark.file != NULL ? "spread" : "pace");
    }
}

const tj_driver_row *tj_lower_reference(tj_lowering *low, int city, const char *name, tj_plan_driver *driver,
                                        tj_mark mark)
{
    tj_driver_rows found;
    tj_lower_driver_rows(low, city, name, &found);
    const tj_driver_row *constant = row_of_kind(&found, TJ_PATH_CONSTANT);
    const tj_driver_row *growth = row_of_kind(&found, TJ_PATH_GROWTH);
    if (found.count == 0 || (growth != NULL && constant == NULL)) {
        TJ_LOWER_ERROR(low, found.count == 0 ? mark : growth->mark,
                       found.count == 0 ? "driver '%s' of '%s' has no reference path in drivers.csv"
                                        : "driver '%s' of '%s' grows, but no 'constant' row gives its value",
                       name, tj_lower_city_id(low, city));
        return NULL;
    }
    check_rows(low, name, &found, driver->flags);
    const tj_driver_row *first = found.rows[0];
    tj_dimension per_year = {{0}};
    per_year.exponent[TJ_BASE_TIME] = -1;
    if (growth != NULL && !tj_dimension_equal(growth->value.dimension, (tj_dimension){{0}}))
        tj_lower_check(low, &growth->value, per_year, 1, 0, "growth");
    if (growth != NULL || (constant != NULL && constant->value.dist.kind != TJ_DIST_FIXED)) {
        refuse_on_growth(low, name, &found);
        driver->reference = TJ_REF_GROWTH;
        driver->start = tj_lower_term(low, &constant->value, param_name(low, name, "constant", constant));
        if (growth != NULL)
            driver->rate = tj_lower_term(low, &growth->value, param_name(low, name, "growth", growth));
        return constant;
    }
    driver->path = add_path(low, city, name, &found, constant != NULL ? constant->value.dist.p[0] : NAN);
    for (size_t i = 0; i < found.count; i++) {
        const tj_driver_row *row = found.rows[i];
        if (row->spread.mark.file != NULL &&
            tj_lower_check(low, &row->spread, (tj_dimension){{0}}, -INFINITY, INFINITY, "spread"))
            driver->spread = tj_lower_term(low, &row->spread, param_name(low, name, "spread", row));
    }
    add_pace(low, name, &found, driver);
    return first;
}
