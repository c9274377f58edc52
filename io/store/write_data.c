/* What the projection starts from: inventory, population, statuses of every cell and total, and the
 * shares of measured, back-cast and assumed data. Absent is NaN or the status "absent", never zero. */
#include "io/store/write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Names of tj_cell_status, by value. */
static const int8_t status_values[] = {TJ_ABSENT,  TJ_MEASURED,  TJ_BACKCAST,
                                       TJ_ASSUMED, TJ_PROJECTED, TJ_PARTIAL};
static const char status_meanings[] = "absent measured backcast assumed projected partial";

static void write_status(tj_writer *w, tj_cf_spec spec, const int8_t *values)
{
    spec.type = TJ_CF_BYTE;
    tj_cf_id id = tj_cf_variable(w->cf, &spec, values);
    tj_cf_bytes(w->cf, id, "flag_values", status_values, sizeof status_values);
    tj_cf_text(w->cf, id, "flag_meanings", status_meanings);
}

/* Cells as a table over (city, sector, year): a sector that a city does not have is absent. */
static void cells(tj_writer *w, int8_t *status, double *inventory)
{
    const tj_plan *plan = w->compiled->plan;
    const tj_plan_settings *settings = tj_plan_get_settings(plan);
    size_t years = (size_t)settings->n_years, sectors = (size_t)settings->n_sectors;
    size_t count = (size_t)settings->n_cities * sectors * years;
    memset(status, TJ_ABSENT, count);
    for (size_t i = 0; i < count; i++)
        inventory[i] = NAN;
    for (int32_t k = 0; k < settings->n_cells; k++) {
        const tj_plan_cell *cell = tj_plan_get_cell(plan, k);
        size_t row = ((size_t)cell->city * sectors + (size_t)cell->sector) * years;
        memcpy(status + row, tj_plan_bytes(plan, cell->status), years);
        memcpy(inventory + row, tj_plan_numbers(plan, cell->history), years * sizeof *inventory);
    }
}

static void write_cells(tj_writer *w)
{
    const tj_plan_settings *settings = tj_plan_get_settings(w->compiled->plan);
    size_t count = (size_t)settings->n_cities * (size_t)settings->n_sectors * (size_t)settings->n_years;
    int8_t *status = malloc(count);
    double *inventory = malloc(count * sizeof *inventory);
    if (status != NULL && inventory != NULL) {
        cells(w, status, inventory);
        tj_cf_spec spec = {.name = "emissions_sector_status",
                           .dims = {"city", "sector", "year"},
                           .long_name = "what the emissions of a sector of a city in a year rest on"};
        write_status(w, spec, status);
        spec = (tj_cf_spec){.name = "inventory",
                            .dims = {"city", "sector", "year"},
                            .long_name = "inventory of the city, back-cast base year included",
                            .units = "t year-1",
                            .unit = "t CO2-equiv/yr"};
        tj_cf_variable(w->cf, &spec, inventory);
    } else {
        tj_writer_no_memory(w);
    }
    free(inventory);
    free(status);
}

static void write_totals(tj_writer *w)
{
    const tj_plan *plan = w->compiled->plan;
    const tj_plan_settings *settings = tj_plan_get_settings(plan);
    size_t years = (size_t)settings->n_years;
    size_t n_cities = (size_t)settings->n_cities, n_groups = (size_t)settings->n_groups;
    int8_t *status = malloc((n_cities + n_groups) * years);
    if (status == NULL) {
        tj_writer_no_memory(w);
        return;
    }
    const tj_plan_group *groups = tj_plan_section(plan, TJ_SECTION_GROUPS, NULL);
    for (size_t c = 0; c < n_cities; c++)
        memcpy(status + c * years, tj_plan_bytes(plan, tj_plan_get_city(plan, (int32_t)c)->total_status),
               years);
    for (size_t g = 0; g < n_groups; g++)
        memcpy(status + (n_cities + g) * years, tj_plan_bytes(plan, groups[g].status), years);
    tj_cf_spec city = {.name = "emissions_total_status",
                       .dims = {"city", "year"},
                       .long_name = "what the total emissions of a city in a year rest on"};
    tj_cf_spec group = {.name = "group_status",
                        .dims = {"group", "year"},
                        .long_name = "what the total emissions of a group in a year rest on"};
    write_status(w, city, status);
    if (n_groups > 0)
        write_status(w, group, status + n_cities * years);
    free(status);
}

static void write_population(tj_writer *w)
{
    const tj_plan *plan = w->compiled->plan;
    const tj_plan_settings *settings = tj_plan_get_settings(plan);
    size_t years = (size_t)settings->n_years, cities = (size_t)settings->n_cities;
    size_t backgrounds = (size_t)settings->n_backgrounds;
    double *values = malloc(backgrounds * cities * years * sizeof *values);
    if (values == NULL) {
        tj_writer_no_memory(w);
        return;
    }
    for (size_t b = 0; b < backgrounds; b++)
        for (size_t c = 0; c < cities; c++)
            memcpy(values + (b * cities + c) * years,
                   tj_plan_numbers(plan, tj_plan_get_city(plan, (int32_t)c)->population) + b * years,
                   years * sizeof *values);
    tj_cf_spec spec = {.name = "population",
                       .dims = {"background", "city", "year"},
                       .long_name = "inhabitants of the city",
                       .units = "1",
                       .unit = "person"};
    tj_cf_variable(w->cf, &spec, values);
    free(values);
}

static void write_quality(tj_writer *w)
{
    static const char *const classes[] = {"measured", "backcast", "assumed"};
    tj_cf_spec axis = {.name = "quality_class",
                       .type = TJ_CF_TEXT,
                       .dims = {"quality_class"},
                       .long_name = "how well a datum is known"};
    tj_cf_spec base = {.name = "quality_base",
                       .dims = {"city", "quality_class"},
                       .long_name = "share of the city's territorial emissions in the base year by quality",
                       .units = "1",
                       .unit = "1"};
    tj_cf_spec last = {.name = "quality_last",
                       .dims = {"city", "quality_class"},
                       .long_name = "share of the city's emissions in its last inventory year by quality",
                       .units = "1",
                       .unit = "1"};
    size_t cities = tj_writer_length(w, "city");
    double *values = malloc(2 * 3 * cities * sizeof *values);
    if (values == NULL) {
        tj_writer_no_memory(w);
        return;
    }
    for (size_t c = 0; c < cities; c++) {
        memcpy(values + 3 * c, w->compiled->quality[c].base, 3 * sizeof *values);
        memcpy(values + 3 * (cities + c), w->compiled->quality[c].last, 3 * sizeof *values);
    }
    tj_cf_coordinate(w->cf, &axis, 3, classes);
    tj_cf_variable(w->cf, &base, values);
    tj_cf_variable(w->cf, &last, values + 3 * cities);
    free(values);
}

void tj_writer_data(tj_writer *w)
{
    write_cells(w);
    write_totals(w);
    write_population(w);
    write_quality(w);
}
