/* Phase 4: the base year. A city without a value gets one by back-casting with its nation's
 * emissions, marked as such, with an error measured on a pool; a proxy gets its level factor. */
#include "scenarios/lower.h"

#include <string.h>

static double persons(const tj_lowering *low, const char *place, int year)
{
    for (size_t i = 0; i < low->study->population_count; i++)
        if (low->study->population[i].year.value == year &&
            strcmp(low->study->population[i].place.text, place) == 0)
            return low->study->population[i].value.dist.p[0];
    return NAN;
}

/* (P[base]/P[y0]) / (Pn[base]/Pn[y0]), or 1 where any of the four is not known. */
static double per_head(const tj_lowering *low, int city, const char *country, int from, int *known)
{
    double ratio = (persons(low, tj_lower_city_id(low, city), low->base_year) /
                    persons(low, tj_lower_city_id(low, city), from)) /
                   (persons(low, country, low->base_year) / persons(low, country, from));
    *known = !isnan(ratio);
    return *known ? ratio : 1.0;
}

/* e[base] = e[y0] N[base]/N[y0] (per head where known), docs/model.md "Inventory". */
static void backcast_cell(tj_lowering *low, tj_cell_work *cell, int base)
{
    const char *city = tj_lower_city_id(low, cell->city), *sector = cell->record->id.text;
    const tj_country *country = tj_lower_country(low, cell->city);
    int y0 = base + 1, known;
    while (y0 < low->n_years && isnan(cell->history[y0]))
        y0++;
    if (y0 == low->n_years || country == NULL)
        return;
    double then = tj_lower_national(low, country->id.text, cell->record, low->base_year);
    double now = tj_lower_national(low, country->id.text, cell->record, low->first_year + y0);
    if (isnan(then) || isnan(now)) {
        TJ_LOWER_ERROR(
            low, cell->record->mark,
            "'%s' has no value for '%s' in %d, and national.csv has no series of '%s' for %d and %d "
            "to back-cast it with",
            city, sector, low->base_year, country->id.text, low->base_year, low->first_year + y0);
        return;
    }
    if (now <= 0 || then <= 0) {
        TJ_LOWER_ERROR(low, cell->record->mark, "back-cast of '%s', '%s': national emissions are zero in %d",
                       city, sector, now <= 0 ? low->first_year + y0 : low->base_year);
        return;
    }
    double factor = then / now * per_head(low, cell->city, country->id.text, low->first_year + y0, &known);
    cell->base_from = y0;
    cell->history[base] = cell->history[y0] * factor;
    for (int g = 0; g < low->n_gases; g++)
        cell->gas[base * low->n_gases + g] = cell->gas[y0 * low->n_gases + g] * factor;
    cell->status[base] = TJ_BACKCAST;
}

/* Country whose pool measures the error for a city: its own, or the one that lends its noise. */
static const char *pool_country(const tj_lowering *low, int city)
{
    const tj_country *country = tj_lower_country(low, city);
    if (country == NULL)
        return "";
    return country->noise_from.text != NULL ? country->noise_from.text : country->id.text;
}

static tj_dist lognormal(double mu, double sigma)
{
    return (tj_dist){.kind = TJ_DIST_LOGNORMAL, .p = {mu, sigma}};
}

static void city_error(tj_lowering *low, int city, size_t n, const tj_sector *const *sectors, const int *from)
{
    const char *id = tj_lower_city_id(low, city);
    tj_backcast_error error = tj_lower_backcast_error(low, pool_country(low, city), n, sectors, from);
    tj_quality_info *quality = &low->out->quality[city];
    quality->backcast_pairs = (int)error.pairs;
    quality->backcast_sigma = error.sigma;
    if (error.pairs == 0) {
        TJ_LOWER_ERROR(
            low, tj_lower_city(low, city)->mark,
            "'%s' needs a back-cast of %d, but pool.csv has no place of '%s' to measure its error on", id,
            low->base_year, pool_country(low, city));
        return;
    }
    tj_dist dist = error.sigma > 0 ? lognormal(-error.median, error.sigma)
                                   : (tj_dist){.kind = TJ_DIST_FIXED, .p = {1.0}};
    low->cities[city].backcast = tj_lower_dist(low, &dist, tj_lower_text(low, "backcast@%s", id));
    tj_diag_add(
        low->diags, TJ_NOTE, tj_lower_city(low, city)->mark,
        "'%s': %d is back-cast from %d; error measured on %zu places of '%s' (%zu left out): log sigma "
        "%.2f, median %+.2f%s",
        id, low->base_year, from[0], error.pairs, pool_country(low, city), error.left_out, error.sigma,
        error.median, error.moved ? " (nearest years of the pool)" : "");
}

static void backcast_city(tj_lowering *low, int city, int base)
{
    const tj_plan_city *span = &low->cities[city];
    const tj_sector **sectors = tj_lower_alloc(low, (size_t)span->cells_count + 1, sizeof *sectors);
    int *from = tj_lower_alloc(low, (size_t)span->cells_count + 1, sizeof *from);
    size_t n = 0;
    for (int k = span->cells_first; !low->memory_short && k < span->cells_first + span->cells_count; k++) {
        tj_cell_work *cell = &low->cells[k];
        if (!isnan(cell->history[base]) || cell->account == TJ_REMOVALS || cell->unknown[base])
            continue;
        backcast_cell(low, cell, base);
        if (cell->base_from == TJ_NONE || cell->account != TJ_TERRITORIAL)
            continue;
        sectors[n] = cell->record;
        from[n++] = low->first_year + cell->base_from;
    }
    if (n > 0 && !low->memory_short) {
        low->out->quality[city].backcast_first_year = from[0];
        city_error(low, city, n, sectors, from);
    }
}

static void level_factor(tj_lowering *low, int city)
{
    const tj_city *record = tj_lower_city(low, city);
    if (record->level.mark.file == NULL)
        return;
    if (tj_lower_check(low, &record->level, (tj_dimension){{0}}, 0, INFINITY, "level"))
        low->cities[city].level =
            tj_lower_term(low, &record->level, tj_lower_text(low, "level@%s", record->id.text));
}

void tj_lower_base(tj_lowering *low)
{
    int base = tj_lower_year(low, low->base_year);
    for (int c = 0; c < low->n_cities; c++) {
        low->cities[c].level = low->cities[c].backcast = tj_lower_fixed(1.0);
        low->out->quality[c].backcast_sigma = NAN;
        level_factor(low, c);
        if (base != TJ_NONE && base < low->city_last[c])
            backcast_city(low, c, base);
    }
}
