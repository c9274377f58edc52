/* Phase 6: the drivers of every cell and their reference paths. The set of drivers comes from the
 * study's sectors and methods; it is not a list in the code. */
#include "scenarios/lower.h"

#include <string.h>

static const double SHARE_SUM_TOLERANCE = 1e-6;

int tj_lower_find_driver(const tj_lowering *low, int city, const char *name)
{
    const tj_plan_city *span = &low->cities[city];
    for (int k = span->cells_first; k < span->cells_first + span->cells_count; k++)
        for (int d = low->cells[k].drivers_first;
             d < low->cells[k].drivers_first + low->cells[k].drivers_count; d++)
            if (strcmp(low->drivers[d].name, name) == 0)
                return d;
    return -1;
}

/* ---- rows of drivers.csv that hold for a city's driver ---- */

typedef struct rows_found {
    const tj_driver_row *rows[256];
    size_t count;
    int rank; /* 2 city, 1 country, 0 everywhere */
} rows_found;

static void find_rows(const tj_lowering *low, int city, const char *driver, rows_found *found)
{
    found->count = 0;
    found->rank = -1;
    for (size_t i = 0; i < low->study->drivers_count; i++) {
        const tj_driver_row *row = &low->study->drivers[i];
        if (strcmp(row->driver.text, driver) != 0)
            continue;
        int rank = strcmp(row->city.text, "*") == 0                           ? 0
                   : strcmp(row->city.text, tj_lower_city_id(low, city)) == 0 ? 2
                   : tj_lower_place_is(low, row->city.text, city)             ? 1
                                                                              : -1;
        if (rank < found->rank || rank < 0)
            continue;
        if (rank > found->rank)
            found->count = 0;
        found->rank = rank;
        if (found->count < 256)
            found->rows[found->count++] = row;
    }
}

static const tj_driver_row *row_of_kind(const rows_found *found, tj_path_kind kind)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->rows[i]->kind == kind)
            return found->rows[i];
    return NULL;
}

/* ---- reference paths ---- */

/* Sorts the points of a table by year into `sorted`; reports a year given twice. */
static size_t table_points(tj_lowering *low, const rows_found *found, const tj_driver_row **sorted)
{
    size_t n = 0;
    for (size_t i = 0; i < found->count; i++) {
        const tj_driver_row *row = found->rows[i];
        if (row->kind != TJ_PATH_YEAR)
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
    return x0 + (x1 - x0) * ((double)(year - y0) / (double)(y1 - y0));
}

/* Adds [background][year] numbers of a table, a constant or a national path; TJ_NONE on error. */
static int32_t add_path(tj_lowering *low, int city, const char *driver, const rows_found *found,
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

static tj_dimension row_dimension(const tj_lowering *low, int city, const tj_driver_row *row)
{
    if (row->kind == TJ_PATH_BACKGROUND) {
        const tj_path *path = tj_lower_path(low, low->current_policies, city, row->background.text);
        return path != NULL && path->count > 0 ? path->points[0].value.dimension : (tj_dimension){{0}};
    }
    return row->value.dimension;
}

/* Fills a driver's reference from drivers.csv; returns the first row used, NULL (and an error) without one. */
static const tj_driver_row *reference(tj_lowering *low, int city, const tj_driver_work *work,
                                      tj_plan_driver *driver, tj_mark mark)
{
    rows_found found;
    find_rows(low, city, work->name, &found);
    const tj_driver_row *constant = row_of_kind(&found, TJ_PATH_CONSTANT);
    const tj_driver_row *growth = row_of_kind(&found, TJ_PATH_GROWTH);
    if (found.count == 0 || (growth != NULL && constant == NULL)) {
        TJ_LOWER_ERROR(low, found.count == 0 ? mark : growth->mark,
                       found.count == 0 ? "driver '%s' of '%s' has no reference path in drivers.csv"
                                        : "driver '%s' of '%s' grows, but no 'constant' row gives its value",
                       work->name, tj_lower_city_id(low, city));
        return NULL;
    }
    const tj_driver_row *first = found.rows[0];
    tj_dimension per_year = {{0}};
    per_year.exponent[TJ_BASE_TIME] = -1;
    if (growth != NULL && !tj_dimension_equal(growth->value.dimension, (tj_dimension){{0}}))
        tj_lower_check(low, &growth->value, per_year, 1, 0, "growth");
    if (growth != NULL || (constant != NULL && constant->value.dist.kind != TJ_DIST_FIXED)) {
        driver->reference = TJ_REF_GROWTH;
        driver->start =
            tj_lower_term(low, &constant->value, param_name(low, work->name, "constant", constant));
        if (growth != NULL)
            driver->rate = tj_lower_term(low, &growth->value, param_name(low, work->name, "growth", growth));
        return constant;
    }
    driver->path =
        add_path(low, city, work->name, &found, constant != NULL ? constant->value.dist.p[0] : NAN);
    for (size_t i = 0; i < found.count; i++) {
        const tj_driver_row *row = found.rows[i];
        if (row->spread.mark.file != NULL &&
            tj_lower_check(low, &row->spread, (tj_dimension){{0}}, -INFINITY, INFINITY, "spread"))
            driver->spread = tj_lower_term(low, &row->spread, param_name(low, work->name, "spread", row));
    }
    return first;
}

/* ---- drivers of a cell ---- */

static tj_plan_driver blank_driver(int cell, int flags)
{
    return (tj_plan_driver){.cell = cell,
                            .flags = flags,
                            .share_group = TJ_NONE,
                            .path = TJ_NONE,
                            .start = tj_lower_fixed(0.0),
                            .rate = tj_lower_fixed(0.0),
                            .spread = tj_lower_fixed(1.0)};
}

static void add_driver(tj_lowering *low, int cell, const char *name, const tj_plan_driver *driver,
                       tj_dimension dimension, int for_measures)
{
    tj_driver_work *grown = tj_arena_grow(low->arena, low->drivers, low->drivers_count,
                                          &low->drivers_capacity, sizeof *low->drivers);
    if (grown == NULL) {
        low->memory_short = 1;
        return;
    }
    low->drivers = grown;
    low->drivers[low->drivers_count++] = (tj_driver_work){.name = name,
                                                          .city = low->cells[cell].city,
                                                          .cell = cell,
                                                          .dimension = dimension,
                                                          .flags = driver->flags,
                                                          .share_group = driver->share_group,
                                                          .for_measures = for_measures};
    low->cells[cell].drivers_count++;
    tj_plan_add(low->builder, TJ_SECTION_DRIVERS, driver, 1);
}

/* A trend sector's drivers are 1; a path for them would count twice what the trend contains. */
static void trend_driver(tj_lowering *low, int cell, const char *what, int32_t ones)
{
    const tj_cell_work *work = &low->cells[cell];
    const char *name = tj_lower_text(low, "%s.%s", work->record->id.text, what);
    rows_found found;
    find_rows(low, work->city, name, &found);
    if (found.count > 0)
        TJ_LOWER_ERROR(low, found.rows[0]->mark,
                       "driver '%s' of '%s' belongs to a trend sector, where it is 1: it takes no path", name,
                       tj_lower_city_id(low, work->city));
    tj_plan_driver driver = blank_driver(cell, 0);
    driver.path = ones;
    add_driver(low, cell, name, &driver, (tj_dimension){{0}}, 1);
}

static tj_dimension data_driver(tj_lowering *low, int cell, const char *name, int flags, int share_group,
                                int for_measures)
{
    const tj_cell_work *work = &low->cells[cell];
    tj_plan_driver driver = blank_driver(cell, flags);
    driver.share_group = share_group;
    tj_driver_work draft = {.name = name, .city = work->city};
    const tj_driver_row *row = reference(low, work->city, &draft, &driver, work->record->mark);
    tj_dimension dimension = row == NULL ? (tj_dimension){{0}} : row_dimension(low, work->city, row);
    add_driver(low, cell, name, &driver, dimension, for_measures);
    return dimension;
}

/* The reference of a driver in one year where it is a path; NaN where it is drawn. */
static double path_value(const tj_lowering *low, int driver, int background, int y)
{
    const tj_plan_driver *drivers = tj_plan_items(low->builder, TJ_SECTION_DRIVERS, NULL);
    const double *numbers = tj_plan_items(low->builder, TJ_SECTION_NUMBERS, NULL);
    if (drivers[driver].path == TJ_NONE)
        return drivers[driver].start.value;
    return numbers[drivers[driver].path + background * low->n_years + y];
}

static void check_shares(tj_lowering *low, const tj_cell_work *cell, int first, int count)
{
    for (int b = 0; b < low->n_backgrounds; b++) {
        for (int y = 0; y < low->n_years; y++) {
            double sum = 0;
            for (int d = first; d < first + count; d++)
                sum += path_value(low, d, b, y);
            if (fabs(sum - 1.0) <= SHARE_SUM_TOLERANCE)
                continue;
            TJ_LOWER_ERROR(
                low, cell->record->mark, "the carrier shares of '%s' in '%s' sum to %.6g in %d, expected 1",
                cell->record->id.text, tj_lower_city_id(low, cell->city), sum, low->first_year + y);
            return;
        }
    }
}

/* What intensity gives in H before it is fitted: zero against an inventory that is not cannot be fitted. */
static void check_fit(tj_lowering *low, const tj_cell_work *cell, int first, int carriers)
{
    int H = low->city_last[cell->city];
    if (H == TJ_NONE || !(cell->history[H] > 0))
        return;
    for (int b = 0; b < low->n_backgrounds; b++) {
        double modelled = 0;
        for (int f = 0; f < carriers; f++)
            modelled +=
                path_value(low, first + 2 + f, b, H) * path_value(low, first + 2 + carriers + f, b, H);
        modelled *= path_value(low, first, b, H) * path_value(low, first + 1, b, H);
        if (modelled > 0)
            continue;
        TJ_LOWER_ERROR(low, cell->record->mark,
                       "'%s' of '%s': the drivers give no emissions in %d, but the inventory has %g t CO2e",
                       cell->record->id.text, tj_lower_city_id(low, cell->city), low->first_year + H,
                       cell->history[H]);
        return;
    }
}

static void intensity_drivers(tj_lowering *low, int cell)
{
    tj_cell_work *work = &low->cells[cell];
    const char *sector = work->record->id.text;
    const tj_names *carriers = &work->record->carriers;
    int first = (int)low->drivers_count, n = (int)carriers->count;
    if (n == 0)
        TJ_LOWER_ERROR(low, work->record->mark, "sector '%s' has method intensity but no carriers", sector);
    tj_dimension a = data_driver(low, cell, tj_lower_text(low, "%s.activity", sector), 0, TJ_NONE, 1);
    tj_dimension i = data_driver(low, cell, tj_lower_text(low, "%s.intensity", sector), 0, TJ_NONE, 1);
    tj_plan_shares shares = {.drivers_first = first + 2, .drivers_count = n};
    int32_t group = tj_plan_add(low->builder, TJ_SECTION_SHARES, &shares, 1);
    for (int f = 0; f < n; f++) {
        tj_dimension w =
            data_driver(low, cell, tj_lower_text(low, "%s.carrier.%s", sector, carriers->items[f].text),
                        TJ_DRIVER_FRACTION, group, 1);
        if (!tj_dimension_equal(w, (tj_dimension){{0}}))
            TJ_LOWER_ERROR(low, carriers->items[f].mark,
                           "the share of carrier '%s' carries a unit; expected %% or 1",
                           carriers->items[f].text);
    }
    for (int f = 0; f < n; f++) {
        tj_dimension e = data_driver(
            low, cell, tj_lower_text(low, "%s.factor.%s", sector, carriers->items[f].text), 0, TJ_NONE, 0);
        tj_dimension product = a;
        for (int k = 0; k < TJ_BASE_DIMS; k++)
            product.exponent[k] = (signed char)(a.exponent[k] + i.exponent[k] + e.exponent[k]);
        tj_dimension mass = {{0}};
        mass.exponent[TJ_BASE_MASS] = 1;
        product.exponent[TJ_BASE_TIME] =
            product.exponent[TJ_BASE_TIME] == -1 ? 0 : product.exponent[TJ_BASE_TIME];
        char name[64];
        tj_dimension_name(product, name, sizeof name);
        if (!tj_dimension_equal(product, mass))
            TJ_LOWER_ERROR(
                low, carriers->items[f].mark,
                "activity x intensity x factor of '%s', carrier '%s', is in %s; expected t per year", sector,
                carriers->items[f].text, name);
    }
    check_shares(low, work, first + 2, n);
    check_fit(low, work, first, n);
}

static void sink_driver(tj_lowering *low, int cell)
{
    tj_dimension rate = {{0}};
    rate.exponent[TJ_BASE_MASS] = 1;
    rate.exponent[TJ_BASE_TIME] = -1;
    const char *name = tj_lower_text(low, "%s.removal", low->cells[cell].record->id.text);
    tj_dimension found = data_driver(low, cell, name, TJ_DRIVER_SIGNED, TJ_NONE, 1);
    if (!tj_dimension_equal(found, rate)) {
        char text[64];
        tj_dimension_name(found, text, sizeof text);
        TJ_LOWER_ERROR(low, low->cells[cell].record->mark, "driver '%s' is in %s; expected t/year", name,
                       text);
    }
}

/* Driver names in drivers.csv that no city has. */
static void check_names(tj_lowering *low)
{
    const char **names = tj_lower_alloc(low, low->drivers_count + 1, sizeof *names);
    for (size_t i = 0; names != NULL && i < low->drivers_count; i++)
        names[i] = low->drivers[i].name;
    for (size_t i = 0; names != NULL && i < low->study->drivers_count; i++) {
        const tj_driver_row *row = &low->study->drivers[i];
        size_t k = 0;
        while (k < low->drivers_count && strcmp(names[k], row->driver.text) != 0)
            k++;
        if (k == low->drivers_count)
            tj_diag_unknown(low->diags, row->driver.mark, "driver", row->driver.text, names,
                            low->drivers_count);
        if (strcmp(row->city.text, "*") != 0 && tj_study_city(low->study, row->city.text) < 0 &&
            tj_study_country(low->study, row->city.text) < 0)
            tj_lower_unknown_place(low, row->city);
    }
}

void tj_lower_drivers(tj_lowering *low)
{
    size_t count = (size_t)low->n_backgrounds * (size_t)low->n_years;
    double *ones = tj_lower_alloc(low, count + 1, sizeof *ones);
    for (size_t i = 0; ones != NULL && i < count; i++)
        ones[i] = 1.0;
    int32_t at = ones == NULL ? TJ_NONE : tj_plan_add(low->builder, TJ_SECTION_NUMBERS, ones, count);
    for (int k = 0; !low->memory_short && k < low->n_cells; k++) {
        low->cells[k].drivers_first = (int)low->drivers_count;
        if (low->cells[k].method == TJ_METHOD_TREND) {
            trend_driver(low, k, "activity", at);
            trend_driver(low, k, "intensity", at);
        } else if (low->cells[k].method == TJ_METHOD_INTENSITY) {
            intensity_drivers(low, k);
        } else {
            sink_driver(low, k);
        }
        low->plan_cells[k].drivers_first = low->cells[k].drivers_first;
        low->plan_cells[k].drivers_count = low->cells[k].drivers_count;
        low->plan_cells[k].n_carriers =
            low->cells[k].method == TJ_METHOD_INTENSITY ? (int)low->cells[k].record->carriers.count : 0;
    }
    check_names(low);
}
