/* What a country's pool of other places teaches: the slope and noise of a sector, and how wrong a
 * back-cast is. Pure estimates on the rows of pool.csv and national.csv; docs/model.md gives the
 * formulas. Gaps stay gaps: neighbouring years are those that have a positive value. */
#include "scenarios/lower.h"
#include "scenarios/robust.h"

#include <stdlib.h>
#include <string.h>

#include "engine/lanes.h"

static const double HALF_LIFE_YEARS = 3.0; /* of the weights of a slope */

/* Median and robust standard deviation about it; x is overwritten. */
static double robust_sigma(size_t n, double *x, double *median)
{
    *median = tj_robust_median(n, x);
    return tj_robust_scale(n, x, *median);
}

int tj_slope(size_t n, const int *years, const double *x, int last, double *slope)
{
    double w_sum = 0, t_mean = 0, l_mean = 0, tt = 0, tl = 0;
    int used = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < n; i++) {
            if (years[i] > last || !(x[i] > 0))
                continue;
            double w = tj_exp(-(double)(last - years[i]) / HALF_LIFE_YEARS * 0.69314718055994530942);
            double t = years[i] - last, l = tj_log(x[i]);
            if (pass == 0) {
                w_sum += w;
                t_mean += w * t;
                l_mean += w * l;
                used++;
            } else {
                tt += w * (t - t_mean) * (t - t_mean);
                tl += w * (t - t_mean) * (l - l_mean);
            }
        }
        if (used < 3)
            return used;
        if (pass == 0) {
            t_mean /= w_sum;
            l_mean /= w_sum;
        }
    }
    *slope = tl / tt;
    return used;
}

double tj_lower_national(const tj_lowering *low, const char *country, const tj_sector *sector, int year)
{
    const char *series = NULL;
    for (size_t i = 0; i < sector->national.count; i++)
        if (sector->national.items[i].place.text != NULL &&
            strcmp(sector->national.items[i].place.text, country) == 0)
            series = sector->national.items[i].value.text;
    for (size_t i = 0; series != NULL && i < low->study->national_count; i++) {
        const tj_national_row *row = &low->study->national[i];
        if (row->year.value == year && strcmp(row->series.text, series) == 0 &&
            strcmp(row->country.text, country) == 0)
            return row->value.dist.p[0];
    }
    return NAN;
}

/* The history of one place in one sector: rows of the pool, gathered in order of the years. */
typedef struct history {
    int years[64];
    double x[64];
    size_t n;
} history;

static void history_add(history *h, int year, double x)
{
    if (h->n == 64)
        return;
    size_t i = h->n++;
    for (; i > 0 && h->years[i - 1] > year; i--) {
        h->years[i] = h->years[i - 1];
        h->x[i] = h->x[i - 1];
    }
    h->years[i] = year;
    h->x[i] = x;
}

static int compare_group(const tj_pool_row *row, const char *country, const char *sector)
{
    int order = strcmp(row->country.text, country);
    return order != 0 ? order : strcmp(row->sector.text, sector);
}

static int by_group_place_year(const void *a, const void *b)
{
    const tj_pool_row *p = *(const tj_pool_row *const *)a, *q = *(const tj_pool_row *const *)b;
    int order = compare_group(p, q->country.text, q->sector.text);
    if (order == 0)
        order = strcmp(p->place, q->place);
    return order != 0 ? order : p->year.value - q->year.value;
}

/* Rows of one country and sector, ordered by place and year: a stretch of the ordered pool. */
static const tj_pool_row **rows_of(tj_lowering *low, const char *country, const char *sector, size_t *count)
{
    size_t all = low->study->pool_count, from = 0, to = all;
    *count = 0;
    if (low->pool == NULL && all > 0) {
        low->pool = tj_lower_alloc(low, all, sizeof *low->pool);
        for (size_t i = 0; low->pool != NULL && i < all; i++)
            low->pool[i] = &low->study->pool[i];
        if (low->pool != NULL)
            qsort(low->pool, all, sizeof *low->pool, by_group_place_year);
    }
    if (low->pool == NULL)
        return NULL;
    while (from < to) { /* first row not before the group */
        size_t middle = from + (to - from) / 2;
        if (compare_group(low->pool[middle], country, sector) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    while (from + *count < all && compare_group(low->pool[from + *count], country, sector) == 0)
        ++*count;
    return low->pool + from;
}

/* The next place's history from rows[from]; returns where the following one starts. */
static size_t next_place(const tj_pool_row **rows, size_t count, size_t from, history *h)
{
    h->n = 0;
    size_t i = from;
    for (; i < count && strcmp(rows[i]->place, rows[from]->place) == 0; i++)
        history_add(h, rows[i]->year.value, rows[i]->value.dist.p[0]);
    return i;
}

/* Residuals of neighbouring positive years about the place's own slope, over the root of the gap. */
static size_t residuals(const history *h, double slope, double *r)
{
    size_t n = 0;
    for (size_t j = 1, i = 0; j < h->n; j++) {
        if (!(h->x[i] > 0))
            i = j;
        if (i == j || !(h->x[j] > 0))
            continue;
        double gap = h->years[j] - h->years[i];
        r[n++] = (tj_log(h->x[j]) - tj_log(h->x[i]) - slope * gap) / sqrt(gap);
        i = j;
    }
    return n;
}

tj_pool_trend tj_lower_pool_trend(tj_lowering *low, const char *country, const char *sector)
{
    tj_pool_trend trend = {.slope = NAN, .sigma = NAN};
    size_t count;
    const tj_pool_row **rows = rows_of(low, country, sector, &count);
    double *slopes = tj_lower_alloc(low, count + 1, sizeof *slopes);
    double *r = tj_lower_alloc(low, count + 1, sizeof *r);
    history h;
    for (size_t i = 0; !low->memory_short && i < count;) {
        i = next_place(rows, count, i, &h);
        double slope = 0;
        int last = 0;
        for (size_t k = 0; k < h.n; k++)
            last = h.x[k] > 0 ? h.years[k] : last;
        if (tj_slope(h.n, h.years, h.x, last, &slope) < 3)
            continue;
        slopes[trend.n_slopes++] = slope;
        trend.n_residuals += residuals(&h, slope, r + trend.n_residuals);
    }
    double middle;
    if (trend.n_slopes > 0)
        trend.slope = tj_robust_median(trend.n_slopes, slopes);
    if (trend.n_residuals > 0)
        trend.sigma = robust_sigma(trend.n_residuals, r, &middle);
    return trend;
}

/* Value of a history in the year nearest to `year` among those that it has (the earlier of two). */
static double value_near(const history *h, int year, int *found)
{
    double x = NAN;
    *found = -1;
    for (size_t k = 0; k < h->n; k++) {
        if (*found < 0 || abs(h->years[k] - year) < abs(*found - year)) {
            *found = h->years[k];
            x = h->x[k];
        }
    }
    return x;
}

/* Sums over the back-cast sectors by place; a place counts where every sector has it. */
typedef struct sums {
    const char **places;
    double *cast, *measured;
    size_t *sectors;
    size_t n;
} sums;

static size_t place_at(sums *by, const char *place, int may_add)
{
    size_t k = 0;
    while (k < by->n && strcmp(by->places[k], place) != 0)
        k++;
    if (k == by->n && may_add)
        by->places[by->n++] = place;
    return k;
}

/* Adds one sector's back-cast and measured base value of every place. */
static void add_sector(tj_lowering *low, const char *country, const tj_sector *sector, int from, sums *by,
                       int first, int *moved)
{
    size_t count;
    const tj_pool_row **rows = rows_of(low, country, sector->id.text, &count);
    double base = tj_lower_national(low, country, sector, low->base_year);
    history h;
    for (size_t i = 0; !low->memory_short && i < count;) {
        size_t k = place_at(by, rows[i]->place, first);
        i = next_place(rows, count, i, &h);
        int at_base, start;
        double x_base = value_near(&h, low->base_year, &at_base), x = value_near(&h, from, &start);
        *moved = *moved || start != from;
        if (k == by->n || at_base != low->base_year || start == low->base_year)
            continue;
        by->cast[k] += x * (base / tj_lower_national(low, country, sector, start));
        by->measured[k] += x_base;
        by->sectors[k]++;
    }
}

tj_backcast_error tj_lower_backcast_error(tj_lowering *low, const char *country, size_t n,
                                          const tj_sector *const *sectors, const int *from)
{
    tj_backcast_error error = {.median = NAN, .sigma = NAN};
    size_t rows = low->study->pool_count + 1;
    sums by = {.places = tj_lower_alloc(low, rows, sizeof *by.places),
               .cast = tj_lower_alloc(low, rows, sizeof *by.cast),
               .measured = tj_lower_alloc(low, rows, sizeof *by.measured),
               .sectors = tj_lower_alloc(low, rows, sizeof *by.sectors)};
    double *l = tj_lower_alloc(low, rows, sizeof *l);
    for (size_t s = 0; !low->memory_short && s < n; s++)
        add_sector(low, country, sectors[s], from[s], &by, s == 0, &error.moved);
    for (size_t k = 0; !low->memory_short && k < by.n; k++) {
        if (by.sectors[k] == n && by.cast[k] > 0 && by.measured[k] > 0)
            l[error.pairs++] = tj_log(by.cast[k] / by.measured[k]);
        else
            error.left_out++;
    }
    if (error.pairs > 0)
        error.sigma = robust_sigma(error.pairs, l, &error.median);
    return error;
}
