/* Statistics of cities and groups, one row at a time; see reduce.h. Targets are in reduce_target.c.
 *
 * Invariant: a sum has the value of what is there, as its status says; only complete sums are compared
 * with the base year. What has no value is NaN, never zero. */
#include "engine/reduce.h"

#include "engine/design.h"
#include "engine/kernel.h"
#include "engine/operators.h"
#include "engine/reduce_physical.h"
#include "engine/reduce_row.h"
#include "engine/reduce_target.h"
#include "engine/target.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const tj_plan_settings *settings_of(const tj_reduction *r)
{
    return tj_plan_get_settings(r->plan);
}

static const tj_plan_city *city_of(const tj_reduction *r)
{
    return tj_plan_get_city(r->plan, r->city);
}

tj_status tj_ranks_of(tj_ranks *ranks, const tj_plan *plan, size_t draws)
{
    size_t count, replicates = tj_design_of(plan)->replicates;
    const double *p = tj_plan_section(plan, TJ_SECTION_QUANTILES, &count);
    tj_status status = tj_ranks_init(ranks, draws, count, p);
    return status == TJ_OK && replicates > 1 ? tj_ranks_replicate(ranks, replicates) : status;
}

/* Index of a row of a quantity over (city, year). */
static size_t city_year(const tj_reduction *r, int32_t year)
{
    return (size_t)r->city * (size_t)settings_of(r)->n_years + (size_t)year;
}

static size_t sector_year(const tj_reduction *r, int32_t sector, int32_t year)
{
    const tj_plan_settings *s = settings_of(r);
    return ((size_t)r->city * (size_t)s->n_sectors + (size_t)sector) * (size_t)s->n_years + (size_t)year;
}

const double *tj_reduce_cell(const tj_reduction *r, int32_t k, int32_t year, size_t first)
{
    int32_t slot = r->slot != NULL && year > city_of(r)->last_inventory ? r->slot[k] : k;
    size_t row = (size_t)slot * (size_t)settings_of(r)->n_years + (size_t)year;
    return r->cells + row * r->stride + (first - r->cells_first);
}

static uint8_t cell_status(const tj_reduction *r, int32_t k, int32_t year)
{
    const tj_plan_cell *cell = tj_plan_get_cell(r->plan, city_of(r)->cells_first + k);
    return tj_plan_bytes(r->plan, cell->status)[year];
}

/* ---- sums ---- */

TJ_CLONES static void add(size_t n, const double *restrict x, double *restrict out)
{
#pragma omp simd
    for (size_t d = 0; d < n; d++)
        out[d] += x[d];
}

static void fill(size_t n, double value, double *out)
{
    for (size_t d = 0; d < n; d++)
        out[d] = value;
}

/* What is summed: n draws from `first` on, in the years from `year` to `end` - 1. */
typedef struct span {
    int32_t year, end;
    size_t first, n;
} span;

/* Doubles from a year of the total to the next. */
static size_t total_stride(const tj_reduction *r)
{
    return r->total_stride > 0 ? r->total_stride : r->draws->count;
}

static double *total_row(const tj_reduction *r, int32_t year, size_t first)
{
    return r->total + (size_t)year * total_stride(r) + (first - r->total_first);
}

/* The next rows of an account's cells that have a value in the first year, from cell *k on; counts those that have
 * none. */
static size_t gather_rows(const tj_reduction *r, tj_account account, const span *s, int32_t *k,
                          const double **rows, int32_t *absent)
{
    const tj_plan_city *city = city_of(r);
    size_t count = 0;
    for (; *k < city->cells_count && count < TJ_SUM_ROWS; ++*k) {
        if (tj_plan_get_cell(r->plan, city->cells_first + *k)->account != (int32_t)account)
            continue;
        if (cell_status(r, *k, s->year) == TJ_ABSENT)
            ++*absent;
        else
            rows[count++] = tj_reduce_cell(r, *k, s->year, s->first);
    }
    return count;
}

/* Sums an account of at most TJ_REDUCE_UNITS units of a city; returns how many of its cells have a value, and how many none. After
 * H a cell has a value in every year or in none. */
static int32_t sum_account(const tj_reduction *units, size_t n_units, tj_account account, const span *s,
                           int32_t *absent)
{
    tj_sum sums[TJ_REDUCE_UNITS];
    int32_t k = 0, found = 0;
    assert(n_units <= TJ_REDUCE_UNITS);
    assert(s->year == s->end - 1 || s->year > city_of(units)->last_inventory);
    for (size_t count = TJ_SUM_ROWS; count == TJ_SUM_ROWS; found += (int32_t)count) {
        int32_t from = k;
        for (size_t u = 0; u < n_units; u++) {
            sums[u].x = account == TJ_REMOVALS
                            ? units[u].removals + (size_t)s->year * units[u].draws->count + s->first
                            : total_row(&units[u], s->year, s->first);
            k = from;
            *absent = 0;
            count = gather_rows(&units[u], account, s, &k, sums[u].rows, absent);
        }
        if (count > 0)
            tj_row_sums(s->n, (size_t)(s->end - s->year), n_units, count, sums, units->stride,
                        account == TJ_REMOVALS ? units->draws->count : total_stride(units), found > 0);
    }
    return found;
}

/* No value; `series` begins in the first year, a year further is `stride` doubles. */
static void fill_years(const span *s, double *series, size_t stride)
{
    for (int32_t year = s->year; year < s->end; year++, series += stride)
        fill(s->n, NAN, series);
}

static void sum_totals(const tj_reduction *units, size_t n_units, const span *s)
{
    int32_t absent;
    if (tj_plan_bytes(units->plan, city_of(units)->total_status)[s->year] == TJ_ABSENT ||
        sum_account(units, n_units, TJ_TERRITORIAL, s, &absent) == 0)
        for (size_t u = 0; u < n_units; u++)
            fill_years(s, total_row(&units[u], s->year, s->first), total_stride(units));
}

static void sum_removals(const tj_reduction *r, const span *s)
{
    int32_t absent;
    if (sum_account(r, 1, TJ_REMOVALS, s, &absent) == 0 || absent > 0)
        fill_years(s, r->removals + (size_t)s->year * r->draws->count + s->first, r->draws->count);
}

/* A year of the history: no package changes the total. */
static void sum_past(const tj_reduction *r, const span *s)
{
    size_t at = (size_t)s->year * r->draws->count + s->first;
    if (r->history != NULL && r->reference != r->total)
        memcpy(r->total + at, r->reference + at, s->n * sizeof *r->total);
    else
        sum_totals(r, 1, s);
}

void tj_reduce_totals(const tj_reduction *units, size_t n_units, size_t first, size_t n)
{
    const span after = {city_of(units)->last_inventory + 1, settings_of(units)->n_years, first, n};
    for (size_t u = 0; u < n_units; u++)
        for (int32_t year = 0; year < after.year && !units[u].past_known; year++)
            sum_past(&units[u], &(span){year, year + 1, first, n});
    if (after.year < after.end)
        sum_totals(units, n_units, &after);
}

void tj_reduce_sums(const tj_reduction *r, size_t first, size_t n)
{
    const span after = {city_of(r)->last_inventory + 1, settings_of(r)->n_years, first, n};
    tj_reduce_totals(r, 1, first, n);
    if (r->removals == NULL || r->removals_known)
        return;
    for (int32_t year = 0; year < after.year; year++)
        sum_removals(r, &(span){year, year + 1, first, n});
    if (after.year < after.end)
        sum_removals(r, &after);
}

/* ---- one year of a city ---- */

static void reduce_sectors(const tj_reduction *r, int32_t year, double *work)
{
    if (r->field[TJ_FIELD_SECTOR_MEAN] == NULL)
        return;
    for (int32_t s = 0; s < settings_of(r)->n_sectors; s++)
        tj_row_missing(r->ranks, r->field, TJ_FIELD_SECTOR_QUANTILE, sector_year(r, s, year));
    for (int32_t k = 0; k < city_of(r)->cells_count; k++) {
        size_t row = sector_year(r, tj_plan_get_cell(r->plan, city_of(r)->cells_first + k)->sector, year);
        if (r->twin != NULL && r->twin[k] != NULL)
            tj_row_take(r->ranks, r->twin[k], r->field, TJ_FIELD_SECTOR_QUANTILE, row);
        else if (cell_status(r, k, year) != TJ_ABSENT)
            tj_row_put(r->ranks, r->field, TJ_FIELD_SECTOR_QUANTILE, row, tj_reduce_cell(r, k, year, 0),
                       work);
    }
}

/* E / E(B) - 1 per draw, or NaN where the base year is not above zero. */
TJ_CLONES static void change_lanes(size_t n, const double *restrict x, const double *restrict base,
                                   double *restrict out)
{
#pragma omp simd
    for (size_t d = 0; d < n; d++)
        out[d] = base[d] > 0 ? (x[d] - base[d]) / base[d] : (double)NAN;
}

/* The change since the base year of a sum whose own statistics are in `sum` already: (city or group). */
static void reduce_change(const tj_ranks *ranks, tj_blocks to, tj_field_id sum, tj_field_id change,
                          size_t row, const double *x, const double *base, double *work)
{
    if (base[0] > 0 && tj_row_constant(ranks->n, base)) {
        tj_row_relative(ranks, to, sum, row, base[0], base[0], to, change, row);
        return;
    }
    change_lanes(ranks->n, x, base, work);
    tj_row_put(ranks, to, change, row, work, work + ranks->n);
}

/* Does the sum with these statuses have a value in the base year and in `year` that may be compared? */
static int comparable(const tj_plan_settings *s, const uint8_t *status, int32_t year)
{
    int32_t base = s->base_year - s->first_year;
    return base >= 0 && base < s->n_years && tj_status_complete(status[base]) &&
           tj_status_complete(status[year]);
}

static void reduce_total(const tj_reduction *r, int32_t year, double *work)
{
    const tj_plan_settings *s = settings_of(r);
    const double *x = r->total + (size_t)year * r->draws->count;
    size_t row = city_year(r, year);
    tj_row_put(r->ranks, r->field, TJ_FIELD_TOTAL_QUANTILE, row, x, work);
    if (comparable(s, tj_plan_bytes(r->plan, city_of(r)->total_status), year))
        reduce_change(r->ranks, r->field, TJ_FIELD_TOTAL_QUANTILE, TJ_FIELD_CHANGE_QUANTILE, row, x,
                      r->total + (size_t)(s->base_year - s->first_year) * r->draws->count, work);
    else
        tj_row_missing(r->ranks, r->field, TJ_FIELD_CHANGE_QUANTILE, row);
    tj_row_put(r->ranks, r->field, TJ_FIELD_REMOVALS_QUANTILE, row,
               r->removals + (size_t)year * r->draws->count, work);
}

/* The same for a year that no package changes, or that this one does not. */
static void copy_year(const tj_reduction *r, tj_blocks from, int32_t year)
{
    static const tj_field_id same[] = {TJ_FIELD_TOTAL_QUANTILE, TJ_FIELD_CHANGE_QUANTILE,
                                       TJ_FIELD_REMOVALS_QUANTILE};
    size_t row = city_year(r, year);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        tj_row_take(r->ranks, from, r->field, same[i], row);
    for (int32_t s = 0; s < settings_of(r)->n_sectors && r->field[TJ_FIELD_SECTOR_MEAN] != NULL; s++) {
        row = sector_year(r, s, year);
        tj_row_take(r->ranks, from, r->field, TJ_FIELD_SECTOR_QUANTILE, row);
    }
}

/* Shares of CO2e by gas are known numbers, so the means of the sectors suffice. After H a sector keeps
 * the shares of year H. */
static void reduce_gases(const tj_reduction *r, int32_t year)
{
    const tj_plan_settings *s = settings_of(r);
    const tj_plan_city *city = city_of(r);
    int32_t known = year < city->last_inventory ? year : city->last_inventory;
    int absent = tj_plan_bytes(r->plan, city->total_status)[year] == TJ_ABSENT;
    if (r->field[TJ_FIELD_GAS_MEAN] == NULL)
        return;
    for (int32_t g = 0; g < s->n_gases; g++) {
        double sum = absent ? NAN : 0;
        for (int32_t k = 0; k < city->cells_count; k++) {
            const tj_plan_cell *cell = tj_plan_get_cell(r->plan, city->cells_first + k);
            double share = tj_plan_numbers(r->plan, cell->gas_shares)[known * s->n_gases + g];
            if (cell->account == TJ_TERRITORIAL && cell_status(r, k, year) != TJ_ABSENT)
                sum += share * r->field[TJ_FIELD_SECTOR_MEAN][sector_year(r, cell->sector, year)];
        }
        size_t row = ((size_t)r->city * (size_t)s->n_gases + (size_t)g) * (size_t)s->n_years + (size_t)year;
        r->field[TJ_FIELD_GAS_MEAN][row] = sum;
    }
}

static void reduce_per_capita(const tj_reduction *r, int32_t year)
{
    const tj_plan_settings *s = settings_of(r);
    const double *population = tj_plan_numbers(r->plan, city_of(r)->population);
    double persons = population[r->background * s->n_years + year];
    size_t row = city_year(r, year);
    if (persons > 0)
        tj_row_relative(r->ranks, r->field, TJ_FIELD_TOTAL_QUANTILE, row, 0, persons, r->field,
                        TJ_FIELD_PER_CAPITA_QUANTILE, row);
    else
        tj_row_missing(r->ranks, r->field, TJ_FIELD_PER_CAPITA_QUANTILE, row);
}

TJ_CLONES static void subtract(size_t n, const double *restrict a, const double *restrict b,
                               double *restrict out)
{
#pragma omp simd
    for (size_t d = 0; d < n; d++)
        out[d] = a[d] - b[d];
}

/* reference - this, draw by draw. */
static void reduce_avoided(const tj_ranks *ranks, tj_blocks to, tj_field_id avoided, size_t row,
                           const double *reference, const double *x, double *work)
{
    subtract(ranks->n, reference, x, work);
    tj_row_put(ranks, to, avoided, row, work, work + ranks->n);
}

static void keep_draws(const tj_reduction *r, int32_t year)
{
    size_t n = r->draws->count;
    if (r->field[TJ_FIELD_TOTAL_DRAW] != NULL)
        memcpy(r->field[TJ_FIELD_TOTAL_DRAW] + city_year(r, year) * n, r->total + (size_t)year * n,
               n * sizeof(double));
    if (r->field[TJ_FIELD_SECTOR_DRAW] == NULL)
        return;
    for (int32_t s = 0; s < settings_of(r)->n_sectors; s++)
        fill(n, NAN, r->field[TJ_FIELD_SECTOR_DRAW] + sector_year(r, s, year) * n);
    for (int32_t k = 0; k < city_of(r)->cells_count; k++) {
        int32_t sector = tj_plan_get_cell(r->plan, city_of(r)->cells_first + k)->sector;
        if (cell_status(r, k, year) != TJ_ABSENT)
            memcpy(r->field[TJ_FIELD_SECTOR_DRAW] + sector_year(r, sector, year) * n,
                   tj_reduce_cell(r, k, year, 0), n * sizeof(double));
    }
}

tj_blocks tj_reduce_alike(const tj_reduction *r, int32_t year)
{
    return year <= r->alike_until ? r->reference_field : NULL;
}

static void reduce_year(const tj_reduction *r, int32_t year, double *work)
{
    size_t n = r->draws->count, at = (size_t)year * n;
    tj_blocks known =
        r->history != NULL && year <= city_of(r)->last_inventory ? r->history : tj_reduce_alike(r, year);
    if (known != NULL) {
        copy_year(r, known, year);
    } else {
        reduce_sectors(r, year, work);
        reduce_total(r, year, work);
    }
    reduce_gases(r, year);
    reduce_per_capita(r, year);
    reduce_avoided(r->ranks, r->field, TJ_FIELD_AVOIDED_QUANTILE, city_year(r, year), r->reference + at,
                   r->total + at, work);
    if (r->rows != NULL)
        tj_reduce_physical(r, year, work);
    keep_draws(r, year);
}

/* ---- rows ---- */

static void reduce_cumulative(const tj_reduction *r, double *work)
{
    size_t n = r->draws->count;
    int32_t first = city_of(r)->last_inventory + 1;
    fill(n, first < settings_of(r)->n_years ? 0 : NAN, work);
    for (int32_t year = first; year < settings_of(r)->n_years; year++)
        add(n, r->total + (size_t)year * n, work);
    tj_row_put(r->ranks, r->field, TJ_FIELD_CUMULATIVE_QUANTILE, (size_t)r->city, work, work + n);
}

size_t tj_reduce_rows(const tj_reduction *r)
{
    size_t targets = r->field[TJ_FIELD_TARGET_PROBABILITY] != NULL ? (size_t)settings_of(r)->n_targets : 0;
    return (size_t)settings_of(r)->n_years + 1 + targets;
}

void tj_reduce_row(const tj_reduction *r, size_t row, double *work)
{
    size_t n_years = (size_t)settings_of(r)->n_years;
    assert(row < tj_reduce_rows(r));
    if (row < n_years)
        reduce_year(r, (int32_t)row, work);
    else if (row == n_years)
        reduce_cumulative(r, work);
    else
        tj_reduce_target(r, (int32_t)(row - n_years - 1), work);
}

size_t tj_reduce_work(const tj_plan *plan, size_t n)
{
    size_t years = 5 * n, target = tj_reduce_target_work(plan, n);
    return years > target ? years : target;
}

/* ---- groups ---- */

void tj_group_sum(const tj_plan *plan, int32_t group, const double *total, int32_t year, size_t n,
                  double *out)
{
    const tj_plan_settings *s = tj_plan_get_settings(plan);
    const tj_plan_group *groups = tj_plan_section(plan, TJ_SECTION_GROUPS, NULL);
    const uint8_t *members = tj_plan_bytes(plan, groups[group].members);
    int absent = tj_plan_bytes(plan, groups[group].status)[year] == TJ_ABSENT;
    int32_t found = 0;
    fill(n, 0, out);
    for (int32_t c = 0; c < s->n_cities && !absent; c++) {
        const tj_plan_city *city = tj_plan_get_city(plan, c);
        if (!members[c] || tj_plan_bytes(plan, city->total_status)[year] == TJ_ABSENT)
            continue;
        add(n, total + ((size_t)c * (size_t)s->n_years + (size_t)year) * n, out);
        found++;
    }
    if (found == 0)
        fill(n, NAN, out);
}

/* Is `year` in the history of every member? */
static int in_history(const tj_plan *plan, const uint8_t *members, int32_t year)
{
    int within = 1;
    for (int32_t c = 0; c < tj_plan_get_settings(plan)->n_cities; c++)
        within &= !members[c] || year <= tj_plan_get_city(plan, c)->last_inventory;
    return within;
}

static void reduce_group_total(const tj_group_reduction *r, int32_t year, size_t row, const double *x,
                               double *work)
{
    const tj_plan_settings *s = tj_plan_get_settings(r->plan);
    const tj_plan_group *groups = tj_plan_section(r->plan, TJ_SECTION_GROUPS, NULL);
    tj_row_put(r->ranks, r->field, TJ_FIELD_GROUP_QUANTILE, row, x, work);
    if (!comparable(s, tj_plan_bytes(r->plan, groups[r->group].status), year)) {
        tj_row_missing(r->ranks, r->field, TJ_FIELD_GROUP_CHANGE_QUANTILE, row);
        return;
    }
    double *base = work;
    tj_group_sum(r->plan, r->group, r->total, s->base_year - s->first_year, r->ranks->n, base);
    reduce_change(r->ranks, r->field, TJ_FIELD_GROUP_QUANTILE, TJ_FIELD_GROUP_CHANGE_QUANTILE, row, x, base,
                  work + r->ranks->n);
}

void tj_reduce_group(const tj_group_reduction *r, int32_t year, double *work)
{
    const tj_plan_group *groups = tj_plan_section(r->plan, TJ_SECTION_GROUPS, NULL);
    size_t n = r->ranks->n;
    size_t row = (size_t)r->group * (size_t)tj_plan_get_settings(r->plan)->n_years + (size_t)year;
    double *x = work, *reference = work + n;
    tj_group_sum(r->plan, r->group, r->total, year, n, x);
    if (r->history != NULL && in_history(r->plan, tj_plan_bytes(r->plan, groups[r->group].members), year)) {
        tj_row_take(r->ranks, r->history, r->field, TJ_FIELD_GROUP_QUANTILE, row);
        tj_row_take(r->ranks, r->history, r->field, TJ_FIELD_GROUP_CHANGE_QUANTILE, row);
    } else {
        reduce_group_total(r, year, row, x, work + n);
    }
    tj_group_sum(r->plan, r->group, r->reference, year, n, reference);
    reduce_avoided(r->ranks, r->field, TJ_FIELD_GROUP_AVOIDED_QUANTILE, row, reference, x, work + 2 * n);
}
