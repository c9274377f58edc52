/* Histories of a country's places from a study's rows; see calibrate_places.h. */
#include "scenarios/calibrate_places.h"

#include "scenarios/lower.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char BOUNDARY[] = "municipality ";

static int same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

int tj_sector_is_territorial(const tj_sector *sector)
{
    return sector->account.text == NULL || same(sector->account.text, "territorial");
}

/* ---- axes ---- */

static size_t sector_axis(const tj_study *study, tj_places *places)
{
    size_t n = 0;
    for (size_t s = 0; s < study->sectors_count; s++)
        if (tj_sector_is_territorial(&study->sectors[s]))
            places->sectors[n++] = (int)s;
    return n;
}

static const char *code_of(const tj_city *city)
{
    size_t length = sizeof BOUNDARY - 1;
    if (city->boundary != NULL && strncmp(city->boundary, BOUNDARY, length) == 0)
        return city->boundary + length;
    return city->id.text;
}

/* Index of a place of the pool, added when it is first met. Rows of a place mostly stand together. */
static size_t pool_place(tj_places *places, size_t first, const char *name, size_t *n, size_t hint)
{
    if (hint < *n && strcmp(places->names[hint], name) == 0)
        return hint;
    for (size_t p = first; p < *n; p++)
        if (strcmp(places->names[p], name) == 0)
            return p;
    places->names[*n] = places->codes[*n] = name;
    places->cities[*n] = -1;
    return (*n)++;
}

/* Fills the places; row_place[pool row] is the row's place, TJ_NOBODY where it is of another country. */
static size_t place_axis(const tj_study *study, tj_places *places, size_t *row_place)
{
    size_t n = 0, hint = TJ_NOBODY;
    for (size_t c = 0; c < study->cities_count; c++) {
        if (!same(study->cities[c].country.text, places->country))
            continue;
        places->names[n] = study->cities[c].id.text;
        places->codes[n] = code_of(&study->cities[c]);
        places->cities[n++] = (int)c;
    }
    size_t first = n;
    for (size_t i = 0; i < study->pool_count; i++) {
        const tj_pool_row *row = &study->pool[i];
        int here = same(row->country.text, places->country);
        row_place[i] = hint = here ? pool_place(places, first, row->place, &n, hint) : TJ_NOBODY;
    }
    return n;
}

static int ascending(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

/* Distinct years of all rows, ascending; years holds as many as there are rows. */
static size_t year_axis(const tj_study *study, int *years)
{
    size_t n = 0, distinct = 0;
    for (size_t i = 0; i < study->inventory_count; i++)
        years[n++] = study->inventory[i].year.value;
    for (size_t i = 0; i < study->pool_count; i++)
        years[n++] = study->pool[i].year.value;
    if (n == 0)
        return 0;
    qsort(years, n, sizeof *years, ascending);
    for (size_t i = 0; i < n; i++)
        if (distinct == 0 || years[i] != years[distinct - 1])
            years[distinct++] = years[i];
    return distinct;
}

/* ---- values ---- */

static double *cell_of(tj_places *places, double *x, size_t place, const char *sector, const tj_study *study,
                       int year)
{
    const tj_histories *h = &places->histories;
    const int *at = bsearch(&year, h->years, h->n_years, sizeof *h->years, ascending);
    for (size_t s = 0; s < h->n_sectors; s++)
        if (same(study->sectors[places->sectors[s]].id.text, sector))
            return &x[(place * h->n_sectors + s) * h->n_years + (size_t)(at - h->years)];
    return NULL;
}

/* Tonnes of CO2e of a row; NaN where it does not say. */
static double row_tonnes(const tj_study *study, const tj_inventory_row *row)
{
    const char *set = study->gwp.text == NULL ? "AR5" : study->gwp.text;
    if (row->notation != TJ_VALUE)
        return row->notation == TJ_NO ? 0.0 : NAN;
    if (same(row->gas.text, "co2e"))
        return row->value.dist.p[0];
    for (size_t i = 0; i < study->gwps_count; i++)
        if (same(study->gwps[i].set.text, set) && same(study->gwps[i].gas.text, row->gas.text))
            return row->value.dist.p[0] * study->gwps[i].value.dist.p[0];
    return NAN;
}

static size_t place_of_city(const tj_places *places, int city)
{
    for (size_t p = 0; p < places->histories.n_places && places->cities[p] >= 0; p++)
        if (places->cities[p] == city)
            return p;
    return TJ_NOBODY;
}

/* A value that is not known makes its year unknown, whatever other rows say: it is marked by infinity until
 * all rows are in. */
static void add_inventory(const tj_study *study, tj_places *places, double *x)
{
    for (size_t i = 0; i < study->inventory_count; i++) {
        const tj_inventory_row *row = &study->inventory[i];
        size_t place = place_of_city(places, tj_study_city(study, row->city.text));
        if (place == TJ_NOBODY || row->scope == 2 || row->notation == TJ_IE)
            continue;
        double *to = cell_of(places, x, place, row->sector.text, study, row->year.value);
        double tonnes = row_tonnes(study, row);
        if (to != NULL)
            *to = isnan(tonnes) ? INFINITY : (isnan(*to) ? 0.0 : *to) + tonnes;
    }
}

static void add_pool(const tj_study *study, tj_places *places, const size_t *row_place, double *x)
{
    for (size_t i = 0; i < study->pool_count; i++) {
        const tj_pool_row *row = &study->pool[i];
        double *to = row_place[i] == TJ_NOBODY
                         ? NULL
                         : cell_of(places, x, row_place[i], row->sector.text, study, row->year.value);
        if (to != NULL)
            *to = row->value.dist.p[0];
    }
}

tj_status tj_places_gather(const tj_study *study, const char *country, tj_places *places)
{
    *places = (tj_places){.country = country};
    tj_arena_init(&places->arena);
    tj_arena *arena = &places->arena;
    size_t rows = study->inventory_count + study->pool_count, most = study->cities_count + study->pool_count;
    int *years = tj_arena_alloc(arena, rows + 1, sizeof *years);
    size_t *row_place = tj_arena_alloc(arena, study->pool_count + 1, sizeof *row_place);
    places->names = tj_arena_alloc(arena, most + 1, sizeof *places->names);
    places->codes = tj_arena_alloc(arena, most + 1, sizeof *places->codes);
    places->cities = tj_arena_alloc(arena, most + 1, sizeof *places->cities);
    places->sectors = tj_arena_alloc(arena, study->sectors_count + 1, sizeof *places->sectors);
    if (years == NULL || row_place == NULL || places->names == NULL || places->codes == NULL ||
        places->cities == NULL || places->sectors == NULL) {
        tj_places_free(places);
        return TJ_ERR_MEMORY;
    }
    tj_histories *h = &places->histories;
    h->n_sectors = sector_axis(study, places);
    h->n_years = year_axis(study, years);
    h->years = years;
    h->n_places = place_axis(study, places, row_place);
    size_t count = h->n_places * h->n_sectors * h->n_years;
    double *x = tj_arena_alloc(arena, count + 1, sizeof *x);
    if (x == NULL) {
        tj_places_free(places);
        return TJ_ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++)
        x[i] = NAN;
    add_inventory(study, places, x);
    add_pool(study, places, row_place, x);
    for (size_t i = 0; i < count; i++)
        x[i] = isinf(x[i]) ? NAN : x[i];
    h->x = x;
    return TJ_OK;
}

void tj_places_free(tj_places *places)
{
    if (places == NULL)
        return;
    tj_arena_free(&places->arena);
    *places = (tj_places){0};
}

/* ---- the nation ---- */

static const char *series_of(const tj_sector *sector, const char *country)
{
    for (size_t i = 0; i < sector->national.count; i++)
        if (same(sector->national.items[i].place.text, country))
            return sector->national.items[i].value.text;
    return NULL;
}

/* A series that several sectors share counts with the first of them. */
static int counted_before(const tj_study *study, size_t sector, const char *country)
{
    for (size_t s = 0; s < sector; s++)
        if (tj_sector_is_territorial(&study->sectors[s]) &&
            same(series_of(&study->sectors[s], country), series_of(&study->sectors[sector], country)))
            return 1;
    return 0;
}

static double national_value(const tj_study *study, const char *country, const char *series, int year)
{
    for (size_t i = 0; i < study->national_count; i++) {
        const tj_national_row *row = &study->national[i];
        if (row->year.value == year && same(row->series.text, series) && same(row->country.text, country))
            return row->value.dist.p[0];
    }
    return NAN;
}

double tj_places_national_slope(const tj_study *study, const char *country, int last)
{
    enum { YEARS = 150 };
    int years[YEARS];
    double total[YEARS], slope = NAN;
    for (int k = 0; k < YEARS; k++) {
        years[k] = last - k;
        total[k] = 0;
        for (size_t s = 0; s < study->sectors_count; s++)
            if (tj_sector_is_territorial(&study->sectors[s]) &&
                series_of(&study->sectors[s], country) != NULL && !counted_before(study, s, country))
                total[k] += national_value(study, country, series_of(&study->sectors[s], country), years[k]);
    }
    tj_slope(YEARS, years, total, last, &slope);
    return slope;
}
