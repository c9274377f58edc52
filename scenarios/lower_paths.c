/* Phase 2: national paths of the backgrounds, and the cities' population under each. */
#include "scenarios/lower.h"

#include <assert.h>
#include <string.h>

const tj_path *tj_lower_path(const tj_lowering *low, int background, int city, const char *name)
{
    const tj_country *country = tj_lower_country(low, city);
    if (background < 0 || (size_t)background >= low->study->backgrounds_count)
        return NULL; /* said where the axes were settled */
    const tj_background *record = &low->study->backgrounds[background];
    for (size_t i = 0; country != NULL && i < record->count; i++)
        if (strcmp(record->paths[i].country.text, country->id.text) == 0 &&
            strcmp(record->paths[i].name.text, name) == 0)
            return &record->paths[i];
    return NULL;
}

double tj_lower_path_at(const tj_path *path, int year)
{
    const tj_point *points = path->points;
    size_t last = path->count - 1;
    if (year <= points[0].year.value)
        return points[0].value.dist.p[0];
    if (year >= points[last].year.value)
        return points[last].value.dist.p[0];
    size_t i = 1;
    while (points[i].year.value < year)
        i++;
    double x0 = points[i - 1].value.dist.p[0], x1 = points[i].value.dist.p[0];
    double u =
        (double)(year - points[i - 1].year.value) / (double)(points[i].year.value - points[i - 1].year.value);
    return x0 + (x1 - x0) * u;
}

/* A path's points: numbers, not draws; years ascending. */
static void check_points(tj_lowering *low, const tj_path *path)
{
    if (path->count == 0)
        TJ_LOWER_ERROR(low, path->mark, "national path '%s' has no points", path->name.text);
    for (size_t i = 0; i < path->count; i++) {
        const tj_point *point = &path->points[i];
        assert(i == 0 || point->year.value > path->points[i - 1].year.value); /* a mapping, read in order */
        if (point->value.dist.kind != TJ_DIST_FIXED)
            TJ_LOWER_ERROR(
                low, point->value.mark,
                "national path '%s': found a distribution, expected a number (a national path is a "
                "scenario; put the spread on the driver that follows it)",
                path->name.text);
        else if (point->value.dist.p[0] < 0)
            TJ_LOWER_ERROR(low, point->value.mark, "national path '%s': '%s' is below zero", path->name.text,
                           point->value.written);
    }
}

void tj_lower_paths(tj_lowering *low)
{
    for (size_t b = 0; b < low->study->backgrounds_count; b++) {
        const tj_background *background = &low->study->backgrounds[b];
        for (size_t i = 0; i < background->count; i++) {
            const tj_path *path = &background->paths[i];
            check_points(low, path);
            if (tj_study_country(low->study, path->country.text) < 0)
                tj_lower_unknown_place(low, path->country);
            for (size_t k = 0; k < i; k++)
                if (strcmp(background->paths[k].country.text, path->country.text) == 0 &&
                    strcmp(background->paths[k].name.text, path->name.text) == 0)
                    TJ_LOWER_ERROR(low, path->mark, "national path '%s' of '%s' is given twice",
                                   path->name.text, path->country.text);
        }
    }
}

/* Known persons of a city by year: a gap stays a gap up to the last known year. */
static int known_population(tj_lowering *low, int city, double *persons)
{
    const char *id = tj_lower_city_id(low, city);
    int last = TJ_NONE;
    for (int y = 0; y < low->n_years; y++)
        persons[y] = NAN;
    for (size_t i = 0; i < low->study->population_count; i++) {
        const tj_population_row *row = &low->study->population[i];
        int y = tj_lower_year(low, row->year.value);
        if (strcmp(row->place.text, id) != 0 || y == TJ_NONE)
            continue;
        persons[y] = row->value.dist.p[0];
        last = y > last ? y : last;
    }
    return last;
}

static void project_population(tj_lowering *low, int city, int background, int last, double *persons)
{
    const tj_path *path = tj_lower_path(low, background, city, "population");
    int H = low->city_last[city];
    for (int y = H + 1, before = H; H != TJ_NONE && y < last; y++) {
        if (!isnan(persons[y]))
            before = y;
        int after = y;
        while (isnan(persons[after]))
            after++;
        if (after > y && !isnan(persons[before]))
            persons[y] = persons[before] + (persons[after] - persons[before]) / (double)(after - before);
        if (!isnan(persons[y]))
            before = y;
    }
    if (path == NULL || path->count == 0 || last == TJ_NONE)
        return;
    double at_last = tj_lower_path_at(path, low->first_year + last);
    for (int y = last + 1; at_last > 0 && y < low->n_years; y++)
        persons[y] = persons[last] * (tj_lower_path_at(path, low->first_year + y) / at_last);
}

static void check_population(tj_lowering *low)
{
    for (size_t i = 0; i < low->study->population_count; i++) {
        const tj_population_row *row = &low->study->population[i];
        tj_dimension person = {{0}};
        person.exponent[TJ_BASE_PERSON] = 1;
        if (tj_study_city(low->study, row->place.text) < 0 &&
            tj_study_country(low->study, row->place.text) < 0)
            tj_lower_unknown_place(low, row->place);
        if (tj_lower_check_fixed(low, &row->value, person, 0, INFINITY, "population") &&
            row->value.dist.p[0] == 0)
            TJ_LOWER_ERROR(low, row->value.mark, "population: '%s' is zero", row->value.written);
        for (size_t k = 0; k < i; k++)
            if (low->study->population[k].year.value == row->year.value &&
                strcmp(low->study->population[k].place.text, row->place.text) == 0)
                TJ_LOWER_ERROR(low, row->mark, "population of '%s' in %d is given twice, first in line %u",
                               row->place.text, row->year.value, low->study->population[k].mark.line);
    }
}

void tj_lower_population(tj_lowering *low)
{
    check_population(low);
    double *known = tj_lower_alloc(low, (size_t)low->n_years, sizeof *known);
    double *path = tj_lower_alloc(low, (size_t)low->n_years, sizeof *path);
    for (int c = 0; !low->memory_short && c < low->n_cities; c++) {
        int last = known_population(low, c, known);
        for (int b = 0; b < low->n_backgrounds; b++) {
            memcpy(path, known, (size_t)low->n_years * sizeof *path);
            project_population(low, c, low->out->backgrounds[b], last, path);
            int32_t first = tj_plan_add(low->builder, TJ_SECTION_NUMBERS, path, (size_t)low->n_years);
            if (b == 0)
                low->cities[c].population = first;
        }
    }
}
