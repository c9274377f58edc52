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
    tj_driver_rows found;
    tj_lower_driver_rows(low, work->city, name, &found);
    if (found.count > 0)
        TJ_LOWER_ERROR(low, found.rows[0]->mark,
                       "driver '%s' of '%s' belongs to a trend sector, where it is 1: it takes no path", name,
                       tj_lower_city_id(low, work->city));
    tj_plan_driver driver = blank_driver(cell, 0);
    driver.path = ones;
    add_driver(low, cell, name, &driver, (tj_dimension){{0}}, 1);
}

/* A path of one number in every background and year. */
static int32_t flat_path(tj_lowering *low, double value)
{
    size_t count = (size_t)low->n_backgrounds * (size_t)low->n_years;
    double *path = tj_lower_alloc(low, count + 1, sizeof *path);
    for (size_t i = 0; path != NULL && i < count; i++)
        path[i] = value;
    return path == NULL ? TJ_NONE : tj_plan_add(low->builder, TJ_SECTION_NUMBERS, path, count);
}

int tj_lower_driver(tj_data_drivers *of, const char *name, tj_driver_spec spec, tj_dimension *dimension)
{
    tj_lowering *low = of->low;
    const tj_cell_work *work = &low->cells[of->cell];
    tj_plan_driver driver = blank_driver(of->cell, spec.flags);
    tj_driver_rows rows;
    const char *given = name;
    driver.share_group = spec.share_group;
    *dimension = spec.dimension;
    tj_lower_driver_rows(low, work->city, name, &rows);
    if (rows.count == 0 && spec.also != NULL) {
        given = spec.also;
        tj_lower_driver_rows(low, work->city, given, &rows);
    }
    if (rows.count == 0 && !isnan(spec.otherwise)) {
        driver.path = flat_path(low, spec.otherwise);
    } else {
        const tj_driver_row *row =
            tj_lower_reference(low, work->city, rows.count == 0 ? name : given, &driver, work->record->mark);
        of->known = of->known && row != NULL;
        if (row != NULL)
            *dimension = tj_lower_row_dimension(low, work->city, row);
    }
    add_driver(low, of->cell, name, &driver, *dimension, spec.for_measures);
    return (int)low->drivers_count - 1;
}

/* A driver that drivers.csv must give; returns its dimension. */
static tj_dimension data_driver(tj_data_drivers *of, const char *name, int flags, int share_group,
                                int for_measures)
{
    tj_dimension dimension;
    tj_driver_spec spec = {
        .flags = flags, .share_group = share_group, .for_measures = for_measures, .otherwise = NAN};
    tj_lower_driver(of, name, spec, &dimension);
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

/* Shares that do not keep one pace would not sum to one. */
static void check_paces(tj_lowering *low, const tj_cell_work *cell, int first, int count, const char *what)
{
    const tj_plan_driver *drivers = tj_plan_items(low->builder, TJ_SECTION_DRIVERS, NULL);
    for (int d = first + 1; d < first + count; d++) {
        const tj_plan_driver *a = &drivers[first], *b = &drivers[d];
        int paced = (a->reference == TJ_REF_PACED) + (b->reference == TJ_REF_PACED);
        if (paced == 0 || (paced == 2 && a->paced_from == b->paced_from && a->rate.param == b->rate.param &&
                           a->rate.value == b->rate.value))
            continue;
        TJ_LOWER_ERROR(low, cell->record->mark,
                       "the %s of '%s' in '%s' need one pace: '%s' and '%s' have different ones", what,
                       cell->record->id.text, tj_lower_city_id(low, cell->city), low->drivers[first].name,
                       low->drivers[d].name);
        return;
    }
}

void tj_lower_check_shares(tj_lowering *low, const tj_cell_work *cell, int first, int count, const char *what)
{
    check_paces(low, cell, first, count, what);
    for (int b = 0; b < low->n_backgrounds; b++) {
        for (int y = 0; y < low->n_years; y++) {
            double sum = 0;
            for (int d = first; d < first + count; d++)
                sum += path_value(low, d, b, y);
            if (fabs(sum - 1.0) <= SHARE_SUM_TOLERANCE)
                continue;
            TJ_LOWER_ERROR(low, cell->record->mark, "the %s of '%s' in '%s' sum to %.6g in %d, expected 1",
                           what, cell->record->id.text, tj_lower_city_id(low, cell->city), sum,
                           low->first_year + y);
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

/* activity x intensity x factor must come out in tonnes, a year's or of a year. */
void tj_lower_check_product(tj_lowering *low, const char *sector, tj_name carrier, tj_dimension a,
                            tj_dimension i, tj_dimension e)
{
    tj_dimension product = {{0}}, mass = {{0}};
    mass.exponent[TJ_BASE_MASS] = 1;
    for (int k = 0; k < TJ_BASE_DIMS; k++)
        product.exponent[k] = (signed char)(a.exponent[k] + i.exponent[k] + e.exponent[k]);
    if (product.exponent[TJ_BASE_TIME] == -1)
        product.exponent[TJ_BASE_TIME] = 0;
    if (tj_dimension_equal(product, mass))
        return;
    char name[64];
    tj_dimension_name(product, name, sizeof name);
    TJ_LOWER_ERROR(low, carrier.mark,
                   "activity x intensity x factor of '%s', carrier '%s', is in %s; expected t per year",
                   sector, carrier.text, name);
}

static void intensity_drivers(tj_lowering *low, int cell)
{
    tj_cell_work *work = &low->cells[cell];
    const char *sector = work->record->id.text;
    const tj_names *carriers = &work->record->carriers;
    int first = (int)low->drivers_count, n = (int)carriers->count;
    tj_data_drivers of = {low, cell, 1};
    if (n == 0)
        TJ_LOWER_ERROR(low, work->record->mark, "sector '%s' has method intensity but no carriers", sector);
    tj_dimension a = data_driver(&of, tj_lower_text(low, "%s.activity", sector), 0, TJ_NONE, 1);
    tj_dimension i = data_driver(&of, tj_lower_text(low, "%s.intensity", sector), 0, TJ_NONE, 1);
    tj_plan_shares shares = {.drivers_first = first + 2, .drivers_count = n};
    int32_t group = n == 0 ? TJ_NONE : tj_plan_add(low->builder, TJ_SECTION_SHARES, &shares, 1);
    for (int f = 0; f < n; f++) {
        const char *name = tj_lower_text(low, "%s.carrier.%s", sector, carriers->items[f].text);
        if (!tj_dimension_equal(data_driver(&of, name, TJ_DRIVER_FRACTION, group, 1), (tj_dimension){{0}}))
            TJ_LOWER_ERROR(low, carriers->items[f].mark,
                           "the share of carrier '%s' carries a unit; expected %% or 1",
                           carriers->items[f].text);
    }
    for (int f = 0; f < n; f++) {
        const char *name = tj_lower_text(low, "%s.factor.%s", sector, carriers->items[f].text);
        tj_dimension e = data_driver(&of, name, 0, TJ_NONE, 0);
        if (of.known)
            tj_lower_check_product(low, sector, carriers->items[f], a, i, e);
    }
    if (of.known) {
        tj_lower_check_shares(low, work, first + 2, n, "carrier shares");
        check_fit(low, work, first, n);
    }
}

static void sink_driver(tj_lowering *low, int cell)
{
    tj_data_drivers of = {low, cell, 1};
    tj_dimension rate = {{0}};
    rate.exponent[TJ_BASE_MASS] = 1;
    rate.exponent[TJ_BASE_TIME] = -1;
    const char *name = tj_lower_text(low, "%s.removal", low->cells[cell].record->id.text);
    tj_dimension found = data_driver(&of, name, TJ_DRIVER_SIGNED, TJ_NONE, 1);
    if (of.known && !tj_dimension_equal(found, rate)) {
        char text[64];
        tj_dimension_name(found, text, sizeof text);
        TJ_LOWER_ERROR(low, low->cells[cell].record->mark, "driver '%s' is in %s; expected t/year", name,
                       text);
    }
}

const char **tj_lower_driver_names(tj_lowering *low, const tj_measure *reached, size_t *count)
{
    const char **names = tj_lower_alloc(low, low->drivers_count + 1, sizeof *names);
    *count = 0;
    for (size_t i = 0; names != NULL && i < low->drivers_count; i++) {
        const tj_driver_work *driver = &low->drivers[i];
        size_t k = 0;
        while (k < *count && strcmp(names[k], driver->name) != 0)
            k++;
        if (k == *count &&
            (reached == NULL || (driver->for_measures && tj_lower_reaches(low, reached, driver->city))))
            names[(*count)++] = driver->name;
    }
    return names;
}

int tj_lower_elsewhere(const tj_lowering *low, const char *driver)
{
    const char *dot = strchr(driver, '.');
    for (int s = 0; dot != NULL && low->study->cities_used.count > 0 && s < low->n_sectors; s++) {
        const char *id = tj_lower_sector_id(low, s);
        int here = strlen(id) == (size_t)(dot - driver) && strncmp(id, driver, strlen(id)) == 0;
        for (int c = 0; here && c < low->n_cities; c++)
            here = low->cell_of[c * low->n_sectors + s] == TJ_NONE;
        if (here)
            return 1;
    }
    return 0;
}

/* Driver names in drivers.csv that no city has. */
static void check_names(tj_lowering *low)
{
    size_t count;
    const char **names = tj_lower_driver_names(low, NULL, &count);
    for (size_t i = 0; names != NULL && i < low->study->drivers_count; i++) {
        const tj_driver_row *row = &low->study->drivers[i];
        size_t k = 0;
        while (k < count && strcmp(names[k], row->driver.text) != 0)
            k++;
        if (k == count && !low->unsettled && !tj_lower_common_factor(low, row->driver.text) &&
            !tj_lower_elsewhere(low, row->driver.text))
            tj_diag_unknown(low->diags, row->driver.mark, "driver", row->driver.text, names, count);
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
        } else if (low->cells[k].method == TJ_METHOD_SINK) {
            sink_driver(low, k);
        } else {
            tj_lower_physical(low, k);
        }
        low->plan_cells[k].drivers_first = low->cells[k].drivers_first;
        low->plan_cells[k].drivers_count = low->cells[k].drivers_count;
        low->plan_cells[k].n_carriers =
            low->cells[k].method == TJ_METHOD_INTENSITY ? (int)low->cells[k].record->carriers.count : 0;
    }
    check_names(low);
    tj_lower_rows(low);
}
