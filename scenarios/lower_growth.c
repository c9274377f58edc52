/* Phase 5: what a trend sector does by itself: as trend.csv says, else by default one quarter of the
 * city's own recency-weighted slope and three quarters of its pool's median, noise from the pool,
 * no damping (docs/model.md, "Trend"). How kappa of a sector with memory wanders. And the background's ratio to current policies. */
#include "scenarios/lower.h"

#include <string.h>

#include "engine/threefry.h"

static const double OWN_SHARE = 0.25; /* of the city's own slope; the pool has the rest */

/* Slope of a country's national series up to a year; returns the number of years used. */
static int national_slope(tj_lowering *low, const char *country, const tj_sector *sector, int last,
                          double *slope)
{
    int years[512];
    double x[512];
    size_t n = 0;
    for (int year = last - 400; year <= last && n < 512; year++) {
        double value = tj_lower_national(low, country, sector, year);
        if (isnan(value))
            continue;
        years[n] = year;
        x[n++] = value;
    }
    return tj_slope(n, years, x, last, slope);
}

static int own_slope(const tj_lowering *low, const tj_cell_work *cell, int H, double *slope)
{
    int years[512];
    double x[512];
    size_t n = 0;
    for (int y = 0; y <= H && n < 512; y++) {
        if (isnan(cell->history[y]) || cell->status[y] == TJ_BACKCAST)
            continue;
        years[n] = low->first_year + y;
        x[n++] = cell->history[y];
    }
    return tj_slope(n, years, x, low->first_year + H, slope);
}

/* The slope that stands for others: the pool's, or the nation's where the country has no pool. */
static double others_slope(tj_lowering *low, const tj_cell_work *cell, int H, const tj_pool_trend *pool)
{
    const tj_country *country = tj_lower_country(low, cell->city);
    double slope = NAN;
    if (country->noise_from.text == NULL)
        return pool->slope;
    return national_slope(low, country->id.text, cell->record, low->first_year + H, &slope) >= 3 ? slope
                                                                                                 : NAN;
}

/* ---- calibrated ---- */

/* The row of trend.csv for a cell, NULL where there is none. */
static const tj_trend_row *calibrated_row(const tj_lowering *low, const tj_cell_work *cell)
{
    const char *city = tj_lower_city_id(low, cell->city);
    for (size_t i = 0; i < low->study->trends_count; i++) {
        const tj_trend_row *row = &low->study->trends[i];
        if (strcmp(row->city.text, city) == 0 && strcmp(row->sector.text, cell->record->id.text) == 0)
            return row;
    }
    return NULL;
}

/* Own noise about the mean, and the shock that the cities of a country share. */
static void noise_terms(tj_lowering *low, const tj_cell_work *cell, const tj_trend_row *row,
                        tj_plan_cell *plan)
{
    plan->rho = tj_lower_fixed(row->rho);
    plan->sigma = tj_lower_fixed(row->sigma);
    plan->shock = tj_lower_fixed(row->shock);
    plan->keeps_mean = 1;
    plan->shock_stream = tj_stream(
        tj_lower_text(low, "%s.shock@%s", cell->record->id.text, tj_lower_country(low, cell->city)->id.text));
}

/* The rate is the city's: its sectors share one draw, growth@<city>, where their rows say the same. */
static void calibrated_terms(tj_lowering *low, const tj_cell_work *cell, const tj_trend_row *row,
                             tj_plan_cell *plan)
{
    const char *city = tj_lower_city_id(low, cell->city);
    const tj_dist growth = {.kind = row->growth_sd > 0 ? TJ_DIST_NORMAL : TJ_DIST_FIXED,
                            .p = {row->growth, row->growth_sd}};
    plan->growth = tj_lower_dist(low, &growth, tj_lower_text(low, "growth@%s", city));
    plan->delta = tj_lower_fixed(row->delta);
    noise_terms(low, cell, row, plan);
}

/* ---- sectors with memory ---- */

/* Their drivers say where they go; a row of trend.csv says how kappa wanders about that. */
static void wander_terms(tj_lowering *low, const tj_cell_work *cell, tj_plan_cell *plan)
{
    const tj_trend_row *row = calibrated_row(low, cell);
    if (row == NULL || tj_lower_country(low, cell->city) == NULL)
        return;
    if (cell->method <= TJ_METHOD_SINK)
        TJ_LOWER_ERROR(low, row->mark, "'%s' of '%s' has method %s, which has no noise",
                       cell->record->id.text, tj_lower_city_id(low, cell->city),
                       cell->method == TJ_METHOD_SINK ? "sink" : "intensity");
    else if (row->growth != 0 || row->growth_sd != 0 || row->delta != 1)
        TJ_LOWER_ERROR(low, row->mark,
                       "'%s' of '%s' goes where its drivers go: found growth %g, growth_sd %g, delta %g; "
                       "expected 0, 0 and 1",
                       cell->record->id.text, tj_lower_city_id(low, cell->city), row->growth, row->growth_sd,
                       row->delta);
    else if (!isnan(cell->history[low->city_last[cell->city]]))
        noise_terms(low, cell, row, plan);
}

/* Rows of trend.csv must name a city and a sector of the study, each pair once. */
static void check_calibrated(tj_lowering *low)
{
    for (size_t i = 0; i < low->study->trends_count; i++) {
        const tj_trend_row *row = &low->study->trends[i];
        if (tj_study_city(low->study, row->city.text) < 0)
            tj_lower_unknown_place(low, row->city);
        if (tj_study_sector(low->study, row->sector.text) < 0)
            tj_lower_unknown_sector(low, row->sector);
        for (size_t k = 0; k < i; k++) {
            const tj_trend_row *other = &low->study->trends[k];
            if (strcmp(other->city.text, row->city.text) == 0 &&
                strcmp(other->sector.text, row->sector.text) == 0) {
                TJ_LOWER_ERROR(low, row->mark, "%s, %s is given twice, first in line %u", row->city.text,
                               row->sector.text, other->mark.line);
                break;
            }
        }
    }
}

/* ---- the default ---- */

static void trend_terms(tj_lowering *low, const tj_cell_work *cell, tj_plan_cell *plan)
{
    int H = low->city_last[cell->city];
    const tj_country *country = tj_lower_country(low, cell->city);
    plan->growth = plan->sigma = plan->shock = tj_lower_fixed(0.0);
    plan->delta = plan->rho = tj_lower_fixed(1.0);
    if (country == NULL || isnan(cell->history[H]) || cell->history[H] == 0)
        return; /* a true zero stays zero: it needs neither growth nor noise */
    const tj_trend_row *row = calibrated_row(low, cell);
    if (row != NULL) {
        calibrated_terms(low, cell, row, plan);
        return;
    }
    const char *lender = country->noise_from.text != NULL ? country->noise_from.text : country->id.text;
    tj_pool_trend pool = tj_lower_pool_trend(low, lender, cell->record->id.text);
    double others = others_slope(low, cell, H, &pool), own = NAN;
    if (isnan(others) || isnan(pool.sigma)) {
        TJ_LOWER_ERROR(low, cell->record->mark,
                       "trend of '%s' in '%s': %s has fewer than 3 years of '%s' for '%s'",
                       cell->record->id.text, tj_lower_city_id(low, cell->city),
                       isnan(pool.sigma) ? "pool.csv" : "national.csv", cell->record->id.text,
                       isnan(pool.sigma) ? lender : country->id.text);
        return;
    }
    int years = own_slope(low, cell, H, &own);
    plan->growth.value = years >= 3 ? OWN_SHARE * own + (1.0 - OWN_SHARE) * others : others;
    plan->sigma.value = pool.sigma;
}

/* ---- background ratios ---- */

static void missing_path(tj_lowering *low, const tj_cell_work *cell, tj_name name, int background)
{
    const tj_background *record = &low->study->backgrounds[background];
    const tj_country *country = tj_lower_country(low, cell->city);
    const char **names = tj_lower_alloc(low, record->count + 1, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; names != NULL && i < record->count; i++)
        if (strcmp(record->paths[i].country.text, country->id.text) == 0)
            names[count++] = record->paths[i].name.text;
    const char *what =
        tj_lower_text(low, "national path of '%s' in background '%s'", country->id.text, record->id.text);
    tj_diag_unknown(low->diags, name.mark, what, name.text, names, count);
}

/* (b(t)/p(t)) / (b(H)/p(H)) of one path multiplied into ratio[n_years]. */
static void multiply_path(tj_lowering *low, const tj_cell_work *cell, tj_name name, int background,
                          double *ratio)
{
    const tj_path *b = tj_lower_path(low, background, cell->city, name.text);
    const tj_path *p = tj_lower_path(low, low->current_policies, cell->city, name.text);
    if (b == NULL || p == NULL || b->count == 0 || p->count == 0) {
        missing_path(low, cell, name, b == NULL ? background : low->current_policies);
        return;
    }
    int H = low->city_last[cell->city], year_H = low->first_year + H;
    double at_H = tj_lower_path_at(b, year_H) / tj_lower_path_at(p, year_H);
    for (int y = H + 1; y < low->n_years; y++) {
        double here = tj_lower_path_at(b, low->first_year + y) / tj_lower_path_at(p, low->first_year + y);
        if (!isfinite(here) || !isfinite(at_H) || at_H == 0) {
            TJ_LOWER_ERROR(
                low, p->mark,
                "national path '%s' of '%s' is zero in %d in 'current-policies' or in %d: the ratio "
                "to it is undefined",
                name.text, p->country.text, low->first_year + y, year_H);
            return;
        }
        if (b != p)
            ratio[y] *= here / at_H;
    }
}

static int32_t background_ratios(tj_lowering *low, const tj_cell_work *cell)
{
    int32_t first = TJ_NONE;
    double *ratio = tj_lower_alloc(low, (size_t)low->n_years, sizeof *ratio);
    for (int b = 0; ratio != NULL && b < low->n_backgrounds; b++) {
        for (int y = 0; y < low->n_years; y++)
            ratio[y] = 1.0;
        for (size_t i = 0; low->current_policies >= 0 && i < cell->record->paths.count; i++)
            if (tj_lower_country(low, cell->city) != NULL)
                multiply_path(low, cell, cell->record->paths.items[i], low->out->backgrounds[b], ratio);
        int32_t at = tj_plan_add(low->builder, TJ_SECTION_NUMBERS, ratio, (size_t)low->n_years);
        first = b == 0 ? at : first;
    }
    return first;
}

/* ---- cells of the plan ---- */

/* Shares of the gases by year; after H those of H. */
static int32_t gas_shares(tj_lowering *low, const tj_cell_work *cell)
{
    int n = low->n_gases, H = low->city_last[cell->city];
    double *shares = tj_lower_alloc(low, (size_t)low->n_years * (size_t)n, sizeof *shares);
    for (int y = 0; shares != NULL && y < low->n_years; y++) {
        int from = y > H ? H : y;
        double total = cell->history[from];
        for (int g = 0; g < n; g++)
            shares[y * n + g] = total > 0 ? cell->gas[from * n + g] / total : (isnan(total) ? NAN : g == 0);
    }
    return shares == NULL
               ? TJ_NONE
               : tj_plan_add(low->builder, TJ_SECTION_NUMBERS, shares, (size_t)low->n_years * (size_t)n);
}

void tj_lower_growth(tj_lowering *low)
{
    low->plan_cells = tj_lower_alloc(low, (size_t)low->n_cells + 1, sizeof *low->plan_cells);
    check_calibrated(low);
    for (int k = 0; !low->memory_short && k < low->n_cells; k++) {
        tj_cell_work *cell = &low->cells[k];
        tj_plan_cell *plan = &low->plan_cells[k];
        if (low->city_last[cell->city] == TJ_NONE)
            continue;
        plan->city = cell->city;
        plan->sector = cell->sector;
        plan->method = cell->method;
        plan->account = cell->account;
        plan->history = tj_plan_add(low->builder, TJ_SECTION_NUMBERS, cell->history, (size_t)low->n_years);
        plan->status = tj_plan_add(low->builder, TJ_SECTION_BYTES, cell->status, (size_t)low->n_years);
        plan->gas_shares = gas_shares(low, cell);
        plan->ratio = background_ratios(low, cell);
        plan->growth = plan->sigma = plan->delta = plan->rho = plan->shock = tj_lower_fixed(0.0);
        plan->noise_stream = tj_stream(
            tj_lower_text(low, "%s.noise@%s", cell->record->id.text, tj_lower_city_id(low, cell->city)));
        if (cell->method == TJ_METHOD_TREND)
            trend_terms(low, cell, plan);
        else
            wander_terms(low, cell, plan);
    }
}
