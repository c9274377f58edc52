/* Helpers shared by the compiler's phases; see lower.h. */
#include "scenarios/lower.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void *tj_lower_alloc(tj_lowering *low, size_t count, size_t size)
{
    void *memory = tj_arena_alloc(low->arena, count, size);
    if (memory == NULL)
        low->memory_short = 1;
    return memory;
}

const char *tj_lower_text(tj_lowering *low, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (length < 0 || (size_t)length >= sizeof text)
        length = (int)sizeof text - 1;
    const char *copy = tj_arena_text(low->arena, text, (size_t)length);
    if (copy == NULL)
        low->memory_short = 1;
    return copy == NULL ? "" : copy;
}

const tj_city *tj_lower_city(const tj_lowering *low, int city)
{
    return &low->study->cities[low->out->cities[city]];
}

const char *tj_lower_city_id(const tj_lowering *low, int city)
{
    return tj_lower_city(low, city)->id.text;
}

const char *tj_lower_sector_id(const tj_lowering *low, int sector)
{
    return low->study->sectors[low->out->sectors[sector]].id.text;
}

const tj_country *tj_lower_country(const tj_lowering *low, int city)
{
    int country = low->city_country[city];
    return country < 0 ? NULL : &low->study->countries[country];
}

int tj_lower_find_city(const tj_lowering *low, const char *id)
{
    for (int c = 0; c < low->n_cities; c++)
        if (strcmp(tj_lower_city_id(low, c), id) == 0)
            return c;
    return TJ_NONE;
}

int tj_lower_place_is(const tj_lowering *low, const char *place, int city)
{
    const tj_country *country = tj_lower_country(low, city);
    return strcmp(place, tj_lower_city_id(low, city)) == 0 ||
           (country != NULL && strcmp(place, country->id.text) == 0);
}

tj_term tj_lower_fixed(double value)
{
    return (tj_term){.value = value, .param = TJ_NONE};
}

static int same_dist(const tj_dist *a, const tj_dist *b)
{
    if (a->kind != b->kind || a->count != b->count || memcmp(a->p, b->p, sizeof a->p) != 0)
        return 0;
    return a->count == 0 || (memcmp(a->values, b->values, a->count * sizeof *a->values) == 0 &&
                             memcmp(a->weights, b->weights, a->count * sizeof *a->weights) == 0);
}

tj_term tj_lower_dist(tj_lowering *low, const tj_dist *dist, const char *name)
{
    if (dist->kind == TJ_DIST_FIXED)
        return tj_lower_fixed(dist->p[0]);
    tj_term term = {.value = tj_dists[dist->kind].mean(dist)};
    for (size_t i = 0; i < low->params_count; i++) {
        if (strcmp(low->params[i].name, name) == 0 && same_dist(&low->params[i].dist, dist)) {
            term.param = (int32_t)i;
            return term;
        }
    }
    tj_param_work *grown =
        tj_arena_grow(low->arena, low->params, low->params_count, &low->params_capacity, sizeof *low->params);
    if (grown == NULL) {
        low->memory_short = 1;
        return term;
    }
    low->params = grown;
    term.param = (int32_t)low->params_count;
    low->params[low->params_count++] = (tj_param_work){name, *dist};
    return term;
}

tj_term tj_lower_term(tj_lowering *low, const tj_quantity *quantity, const char *name)
{
    return tj_lower_dist(low, &quantity->dist, name);
}

/* "a quantity in t", or what a pure number is. */
static void name_kind(tj_dimension dimension, char *text, size_t size)
{
    char name[64];
    tj_dimension_name(dimension, name, sizeof name);
    if (tj_dimension_equal(dimension, (tj_dimension){{0}}))
        snprintf(text, size, "a pure number such as '35 %%'");
    else
        snprintf(text, size, "a quantity in %s", name);
}

static int wrong_dimension(tj_lowering *low, const tj_quantity *quantity, tj_dimension wanted,
                           const char *what)
{
    if (tj_dimension_equal(quantity->dimension, wanted))
        return 0;
    char found[96], expected[96];
    name_kind(quantity->dimension, found, sizeof found);
    name_kind(wanted, expected, sizeof expected);
    if (tj_dimension_equal(quantity->dimension, (tj_dimension){{0}}))
        snprintf(found, sizeof found, "a pure number");
    TJ_LOWER_ERROR(low, quantity->mark, "%s: found '%s', %s; expected %s", what, quantity->written, found,
                   expected);
    return 1;
}

int tj_lower_check(tj_lowering *low, const tj_quantity *quantity, tj_dimension dimension, double least,
                   double most, const char *what)
{
    if (quantity->mark.file == NULL) /* not given, or not readable: the reader said so */
        return 0;
    if (wrong_dimension(low, quantity, dimension, what))
        return 0;
    double low_end, high_end;
    tj_dist_range(&quantity->dist, &low_end, &high_end);
    if (least > most || (low_end >= least && high_end <= most))
        return 1;
    char unit[64] = " ";
    if (!tj_dimension_equal(dimension, (tj_dimension){{0}}))
        tj_dimension_name(dimension, unit + 1, sizeof unit - 1);
    else
        unit[0] = '\0';
    const char *verb = quantity->dist.kind == TJ_DIST_FIXED ? "is" : "can be";
    if (most == INFINITY)
        TJ_LOWER_ERROR(low, quantity->mark, "%s: '%s' %s below %g%s", what, quantity->written, verb, least,
                       unit);
    else if (least == -INFINITY)
        TJ_LOWER_ERROR(low, quantity->mark, "%s: '%s' %s above %g%s", what, quantity->written, verb, most,
                       unit);
    else
        TJ_LOWER_ERROR(low, quantity->mark, "%s: '%s' %s outside %g to %g%s", what, quantity->written, verb,
                       least, most, unit);
    return 0;
}

int tj_lower_check_fixed(tj_lowering *low, const tj_quantity *quantity, tj_dimension dimension, double least,
                         double most, const char *what)
{
    if (quantity->dist.kind == TJ_DIST_FIXED)
        return tj_lower_check(low, quantity, dimension, least, most, what);
    TJ_LOWER_ERROR(low, quantity->mark, "%s: found a distribution, expected a number", what);
    return 0;
}

int tj_lower_closeness(const tj_lowering *low, const char *place, int city)
{
    if (place == NULL || strcmp(place, "*") == 0)
        return 0;
    if (strcmp(place, tj_lower_city_id(low, city)) == 0)
        return 2;
    return tj_lower_place_is(low, place, city) ? 1 : -1;
}

const tj_quantity *tj_lower_local(const tj_lowering *low, const tj_local_quantities *list, int city)
{
    const tj_quantity *best = NULL;
    for (int i = 0, rank = -1; i < (int)list->count; i++) {
        int close = tj_lower_closeness(low, list->items[i].place.text, city);
        if (close > rank) {
            rank = close;
            best = &list->items[i].value;
        }
    }
    return best;
}

const tj_name *tj_lower_local_name(const tj_lowering *low, const tj_local_names *list, int city)
{
    const tj_name *best = NULL;
    for (int i = 0, rank = -1; i < (int)list->count; i++) {
        int close = tj_lower_closeness(low, list->items[i].place.text, city);
        if (close > rank) {
            rank = close;
            best = &list->items[i].value;
        }
    }
    return best;
}

void tj_lower_unknown_place(tj_lowering *low, tj_name place)
{
    const tj_study *study = low->study;
    const char **names = tj_lower_alloc(low, study->cities_count + study->countries_count + 1, sizeof *names);
    if (names == NULL)
        return;
    size_t count = 0;
    for (size_t i = 0; i < study->cities_count; i++)
        names[count++] = study->cities[i].id.text;
    for (size_t i = 0; i < study->countries_count; i++)
        names[count++] = study->countries[i].id.text;
    tj_diag_unknown(low->diags, place.mark, "city or country", place.text, names, count);
}

void tj_lower_unknown_sector(tj_lowering *low, tj_name sector)
{
    const tj_study *study = low->study;
    const char **names = tj_lower_alloc(low, study->sectors_count + 1, sizeof *names);
    if (names == NULL)
        return;
    for (size_t i = 0; i < study->sectors_count; i++)
        names[i] = study->sectors[i].id.text;
    tj_diag_unknown(low->diags, sector.mark, "sector", sector.text, names, study->sectors_count);
}

void tj_lower_check_places(tj_lowering *low, const tj_local_quantities *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *place = list->items[i].place.text;
        if (place != NULL && tj_study_city(low->study, place) < 0 && tj_study_country(low->study, place) < 0)
            tj_lower_unknown_place(low, list->items[i].place);
    }
}

int tj_lower_year(const tj_lowering *low, int year)
{
    return year < low->first_year || year > low->last_year ? TJ_NONE : year - low->first_year;
}
