/* What is known of each item of an axis beside its names: one record a column.
 *
 * A text column holds "" and a number column the fill value where nothing is known. */
#include "io/store/write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct text_column {
    const char *axis, *name, *long_name;
    const char *(*value)(const tj_writer *w, size_t i);
} text_column;

typedef struct number_column {
    const char *axis, *name, *long_name, *units, *unit;
    tj_cf_type type;
    double (*value)(const tj_writer *w, size_t i);
} number_column;

static const tj_city *city(const tj_writer *w, size_t i)
{
    return &w->study->cities[w->compiled->cities[i]];
}

static const char *city_country(const tj_writer *w, size_t i)
{
    return city(w, i)->country.text;
}

static const char *city_boundary(const tj_writer *w, size_t i)
{
    return city(w, i)->boundary;
}

static const char *city_level_source(const tj_writer *w, size_t i)
{
    return city(w, i)->level_source;
}

static const char *sector_account(const tj_writer *w, size_t i)
{
    const char *account = w->study->sectors[w->compiled->sectors[i]].account.text;
    return account != NULL ? account : "territorial";
}

static const char *package_description(const tj_writer *w, size_t i)
{
    return w->study->packages[w->compiled->packages[i]].description;
}

static const tj_target *target(const tj_writer *w, size_t i)
{
    return w->compiled->targets[i].target;
}

static const char *target_name(const tj_writer *w, size_t i)
{
    return target(w, i)->id.text;
}

static const char *target_city(const tj_writer *w, size_t i)
{
    return city(w, (size_t)w->compiled->targets[i].city)->id.text;
}

static const char *target_kind(const tj_writer *w, size_t i)
{
    return target(w, i)->kind.text;
}

static const char *target_by(const tj_writer *w, size_t i)
{
    return target(w, i)->by.text;
}

static const char *target_status(const tj_writer *w, size_t i)
{
    return w->compiled->targets[i].status;
}

static const char *target_reason(const tj_writer *w, size_t i)
{
    return w->compiled->targets[i].reason;
}

/* The modeller's reason in the other languages; what the compiler finds is said by scenarios/reason.h. */
static const char *target_reason_fr(const tj_writer *w, size_t i)
{
    return target(w, i)->not_assessable.fr;
}

static const char *target_reason_sv(const tj_writer *w, size_t i)
{
    return target(w, i)->not_assessable.sv;
}

static const char *target_unit(const tj_writer *w, size_t i)
{
    const char *kind = target(w, i)->kind.text;
    return kind != NULL && strcmp(kind, "budget") == 0 ? "t CO2-equiv" : "1";
}

static const char *target_text(const tj_writer *w, size_t i)
{
    return target(w, i)->text;
}

static const char *target_source(const tj_writer *w, size_t i)
{
    return target(w, i)->source;
}

static const char *row_city(const tj_writer *w, size_t i)
{
    return city(w, (size_t)w->compiled->rows[i].city)->id.text;
}

static const char *row_sector(const tj_writer *w, size_t i)
{
    return w->study->sectors[w->compiled->sectors[w->compiled->rows[i].sector]].id.text;
}

static const char *row_kind(const tj_writer *w, size_t i)
{
    return w->compiled->rows[i].kind;
}

static const char *row_item(const tj_writer *w, size_t i)
{
    return w->compiled->rows[i].item;
}

static const char *row_unit(const tj_writer *w, size_t i)
{
    return w->compiled->rows[i].unit;
}

static const text_column texts[] = {
    {"city", "city_country", "country of the city", city_country},
    {"city", "city_boundary", "boundary that the city's numbers belong to", city_boundary},
    {"city", "city_level_source", "where the level factor of a proxy comes from", city_level_source},
    {"sector", "sector_account", "territorial (in the total), memo (beside it) or removals", sector_account},
    {"package", "package_description", "what the package is", package_description},
    {"target", "target_name", "identifier of the target without the city", target_name},
    {"target", "target_city", "identifier of the city that the target is applied to", target_city},
    {"target", "target_kind", "reduction, remaining, neutral, path or budget", target_kind},
    {"target", "target_by", "who set the target", target_by},
    {"target", "target_status", "assessed or not assessable", target_status},
    {"target", "target_reason", "why the target is not assessable", target_reason},
    {"target", "target_reason_fr", "the modeller's own reason in French", target_reason_fr},
    {"target", "target_reason_sv", "the modeller's own reason in Swedish", target_reason_sv},
    {"target", "target_unit", "unit of target_value", target_unit},
    {"target", "target_text", "the target in words", target_text},
    {"target", "target_source", "where the target is written", target_source},
    {"row", "row_city", "identifier of the city", row_city},
    {"row", "row_sector", "identifier of the sector", row_sector},
    {"row", "row_kind", "energy, scope2, units, sales, renovated, retired, kappa, factor or methane",
     row_kind},
    {"row", "row_item", "carrier, technology or fleet", row_item},
    {"row", "row_unit", "unit of the row's values", row_unit},
};

static double city_last_inventory(const tj_writer *w, size_t i)
{
    const tj_plan *plan = w->compiled->plan;
    return tj_plan_get_settings(plan)->first_year + tj_plan_get_city(plan, (int32_t)i)->last_inventory;
}

static double city_quality_last_year(const tj_writer *w, size_t i)
{
    return w->compiled->quality[i].last_year;
}

static double city_inventory_rows(const tj_writer *w, size_t i)
{
    return w->compiled->quality[i].rows;
}

static double city_backcast_sigma(const tj_writer *w, size_t i)
{
    return w->compiled->quality[i].backcast_sigma;
}

static double city_backcast_pairs(const tj_writer *w, size_t i)
{
    const tj_quality_info *quality = &w->compiled->quality[i];
    return isnan(quality->backcast_sigma) ? NAN : quality->backcast_pairs;
}

static double city_backcast_first_year(const tj_writer *w, size_t i)
{
    const tj_quality_info *quality = &w->compiled->quality[i];
    return isnan(quality->backcast_sigma) ? NAN : quality->backcast_first_year;
}

static double package_run(const tj_writer *w, size_t i)
{
    return w->run[i];
}

static double year_of(tj_year year)
{
    return year.mark.file == NULL ? NAN : year.value;
}

/* A path is judged by its last milestone where one year or value stands for the whole. */
static const tj_point *last_milestone(const tj_target *target)
{
    return target->milestones_count > 0 ? &target->milestones[target->milestones_count - 1] : NULL;
}

static double target_year(const tj_writer *w, size_t i)
{
    const tj_point *last = last_milestone(target(w, i));
    return year_of(last != NULL ? last->year : target(w, i)->year);
}

static double target_base_year(const tj_writer *w, size_t i)
{
    return year_of(target(w, i)->base);
}

static double target_first_year(const tj_writer *w, size_t i)
{
    return year_of(target(w, i)->first);
}

static double target_value(const tj_writer *w, size_t i)
{
    const tj_point *last = last_milestone(target(w, i));
    const tj_quantity *value = last != NULL ? &last->value : &target(w, i)->value;
    return value->mark.file == NULL ? NAN : value->dist.p[0];
}

static double target_active(const tj_writer *w, size_t i)
{
    return w->compiled->targets[i].active;
}

static const number_column numbers[] = {
    {"city", "city_last_inventory_year", "last year of the city's inventory", NULL, NULL, TJ_CF_INT,
     city_last_inventory},
    {"city", "city_quality_last_year", "year that quality_last describes", NULL, NULL, TJ_CF_INT,
     city_quality_last_year},
    {"city", "city_inventory_rows", "rows of the city's inventory", "1", NULL, TJ_CF_INT,
     city_inventory_rows},
    {"city", "city_backcast_sigma", "robust standard deviation of the logarithm of the back-cast error", "1",
     NULL, TJ_CF_DOUBLE, city_backcast_sigma},
    {"city", "city_backcast_pairs", "places of the pool that the back-cast error was measured on", "1", NULL,
     TJ_CF_INT, city_backcast_pairs},
    {"city", "city_backcast_first_year", "first measured year, from which the base was back-cast", NULL, NULL,
     TJ_CF_INT, city_backcast_first_year},
    {"target", "target_year", "year of the target, its last milestone or the last of its budget", NULL, NULL,
     TJ_CF_INT, target_year},
    {"target", "target_base_year", "base year of the target", NULL, NULL, TJ_CF_INT, target_base_year},
    {"target", "target_first_year", "first year of the target's budget", NULL, NULL, TJ_CF_INT,
     target_first_year},
    {"target", "target_value",
     "what the target asks: a fraction below the base year (remaining: of it), or tonnes (target_unit)", NULL,
     NULL, TJ_CF_DOUBLE, target_value},
    {"target", "target_active", "1: judged in summaries; 0: carried, off by default", "1", NULL, TJ_CF_INT,
     target_active},
};

static const number_column package_run_column = {
    "package", "package_run", "1: simulated in this run; 0: left out", "1", NULL, TJ_CF_INT, package_run};

static void write_text(tj_writer *w, const text_column *column)
{
    size_t count = tj_writer_length(w, column->axis);
    const char **values = calloc(count + 1, sizeof *values);
    if (values == NULL) {
        tj_writer_no_memory(w);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        values[i] = column->value(w, i);
        if (values[i] == NULL)
            values[i] = "";
    }
    tj_cf_spec spec = {
        .name = column->name, .type = TJ_CF_TEXT, .dims = {column->axis}, .long_name = column->long_name};
    if (count > 0)
        tj_cf_variable(w->cf, &spec, values);
    free(values);
}

static void write_numbers(tj_writer *w, const number_column *column)
{
    size_t count = tj_writer_length(w, column->axis);
    double *values = calloc(count + 1, sizeof *values);
    int32_t *whole = calloc(count + 1, sizeof *whole);
    for (size_t i = 0; values != NULL && whole != NULL && i < count; i++) {
        values[i] = column->value(w, i);
        whole[i] = isnan(values[i]) ? TJ_CF_NO_INT : (int32_t)values[i];
    }
    tj_cf_spec spec = {.name = column->name,
                       .type = column->type,
                       .dims = {column->axis},
                       .long_name = column->long_name,
                       .units = column->units,
                       .unit = column->unit};
    if (values == NULL || whole == NULL)
        tj_writer_no_memory(w);
    else if (count > 0)
        tj_cf_variable(w->cf, &spec, column->type == TJ_CF_INT ? (const void *)whole : values);
    free(whole);
    free(values);
}

/* Identifiers of a package's measures, each once, in the order written: "cycling, congestion-charge". */
static char *measure_list(const tj_package *package)
{
    size_t length = 1;
    for (size_t i = 0; i < package->count; i++)
        length += strlen(package->items[i].measure.text) + 2;
    char *list = calloc(length, 1);
    for (size_t i = 0; list != NULL && i < package->count; i++) {
        const char *measure = package->items[i].measure.text;
        size_t first = 0;
        while (strcmp(package->items[first].measure.text, measure) != 0)
            first++;
        if (first < i)
            continue;
        strcat(list, list[0] == '\0' ? "" : ", ");
        strcat(list, measure);
    }
    return list;
}

static void write_measures(tj_writer *w)
{
    size_t count = tj_writer_length(w, "package"), made = 0;
    char **lists = calloc(count + 1, sizeof *lists);
    for (; lists != NULL && made < count; made++) {
        lists[made] = measure_list(&w->study->packages[w->compiled->packages[made]]);
        if (lists[made] == NULL)
            break;
    }
    tj_cf_spec spec = {.name = "package_measures",
                       .type = TJ_CF_TEXT,
                       .dims = {"package"},
                       .long_name = "identifiers of the package's measures"};
    if (made == count)
        tj_cf_variable(w->cf, &spec, lists);
    else
        tj_writer_no_memory(w);
    for (size_t i = 0; i < made; i++)
        free(lists[i]);
    free(lists);
}

void tj_writer_items(tj_writer *w)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        write_text(w, &texts[i]);
    write_measures(w);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        write_numbers(w, &numbers[i]);
}

void tj_writer_packages_run(tj_writer *w)
{
    write_numbers(w, &package_run_column);
}
