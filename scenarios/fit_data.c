/* Rows of one technology -> data as sums over cohorts; see fit_parts.h. What is not known is assumed openly (noted in
 * the fit) or left out and counted, never zero. Impossible rows end the fit. */
#include "engine/lanes.h"
#include "scenarios/fit_parts.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* Data after an age structure that make it the start; years of sales that give those before; what counts may exceed
 * the possible by, as registers are never exact. */
enum { FOLLOWERS = 3, AVERAGED = 5 };
static const double TOLERANCE = 1.05;

/* By year, from the first to the last of any row. NaN: not known. */
typedef struct history {
    const tj_fit_row *rows;
    size_t n_rows;
    int first, last;                  /* years of the arrays */
    int first_sold, last_sold;        /* years with sales */
    double *sold, *counts;            /* owned */
    double *commonest;                /* units of the commonest age; owned */
    double cohort[TJ_FIT_OLDEST + 1]; /* by age in the year fit->start; NaN: none given */
} history;

/* ---- what is known, by year ---- */

static tj_status open_history(const tj_fit_row *rows, size_t count, history *h)
{
    *h = (history){.rows = rows, .n_rows = count, .first = rows[0].year, .last = rows[0].year};
    for (size_t i = 0; i < count; i++) {
        h->first = rows[i].year < h->first ? rows[i].year : h->first;
        h->last = rows[i].year > h->last ? rows[i].year : h->last;
    }
    size_t years = (size_t)h->last - (size_t)h->first + 1;
    h->sold = calloc(years, sizeof *h->sold);
    h->counts = calloc(years, sizeof *h->counts);
    h->commonest = calloc(years, sizeof *h->commonest);
    if (h->sold == NULL || h->counts == NULL || h->commonest == NULL)
        return TJ_ERR_MEMORY;
    for (size_t y = 0; y < years; y++)
        h->sold[y] = h->counts[y] = NAN;
    for (size_t i = 0; i < count; i++) {
        int year = rows[i].year - h->first;
        if (rows[i].kind == TJ_FIT_AGE)
            h->commonest[year] = fmax(h->commonest[year], rows[i].units);
        else
            *(rows[i].kind == TJ_FIT_SOLD ? &h->sold[year] : &h->counts[year]) = rows[i].units;
    }
    return TJ_OK;
}

static void close_history(history *h)
{
    free(h->sold);
    free(h->counts);
    free(h->commonest);
}

/* NaN outside the years of sales. */
static double sold_in(const history *h, int year)
{
    return year < h->first_sold || year > h->last_sold ? NAN : h->sold[year - h->first];
}

/* A straight line over years without sales between years with. */
static void fill_sales(history *h, tj_fit *fit)
{
    for (int year = h->first_sold + 1, known = h->first_sold; year <= h->last_sold; year++) {
        if (isnan(h->sold[year - h->first]))
            continue;
        double from = h->sold[known - h->first], rise = h->sold[year - h->first] - from;
        for (int y = known + 1; y < year; y++, fit->filled++)
            h->sold[y - h->first] = from + rise * (y - known) / (year - known);
        known = year;
    }
}

/* Sales of the years before the first: as in the first years, none where the first has none. */
static void assume_sales(const history *h, tj_fit *fit)
{
    double sum = 0.0;
    fit->first_sold = h->first_sold;
    if (sold_in(h, h->first_sold) == 0.0)
        return;
    for (; fit->averaged < AVERAGED && h->first_sold + fit->averaged <= h->last_sold; fit->averaged++)
        sum += sold_in(h, h->first_sold + fit->averaged);
    fit->assumed = sum / fit->averaged;
}

static int is_before(const tj_fit_row *row, int year)
{
    return row->kind == TJ_FIT_AGE && row->units > 0 && (year == 0 || row->year < year);
}

/* The first age structure, where enough follows it. */
static void find_start(history *h, tj_fit *fit)
{
    int start = 0, followers = 0;
    for (size_t i = 0; i < h->n_rows; i++)
        start = is_before(&h->rows[i], start) ? h->rows[i].year : start;
    for (size_t i = 0; i < h->n_rows; i++)
        followers +=
            h->rows[i].kind != TJ_FIT_SOLD && h->rows[i].year > start && h->rows[i].year <= h->last_sold;
    fit->start = start > 0 && followers >= FOLLOWERS ? start : 0;
    for (int a = 0; a <= TJ_FIT_OLDEST; a++)
        h->cohort[a] = NAN;
    for (size_t i = 0; i < h->n_rows; i++)
        if (h->rows[i].kind == TJ_FIT_AGE && h->rows[i].year == fit->start)
            h->cohort[h->rows[i].age] = h->rows[i].units;
}

static tj_fit_fault know(history *h, tj_fit *fit)
{
    h->first_sold = h->last + 1;
    h->last_sold = h->first - 1;
    for (size_t i = 0; i < h->n_rows; i++) {
        fit->culprit = h->rows[i];
        if (!(h->rows[i].units >= 0) || !isfinite(h->rows[i].units))
            return TJ_FIT_NEGATIVE;
        if (h->rows[i].kind != TJ_FIT_SOLD)
            continue;
        h->first_sold = h->rows[i].year < h->first_sold ? h->rows[i].year : h->first_sold;
        h->last_sold = h->rows[i].year > h->last_sold ? h->rows[i].year : h->last_sold;
    }
    if (h->first_sold > h->last_sold)
        return TJ_FIT_NO_SALES;
    fill_sales(h, fit);
    assume_sales(h, fit);
    find_start(h, fit);
    return TJ_FIT_FITTED;
}

/* ---- what is possible ---- */

/* Units at the start, before which nothing is known to bound them: infinitely many where sales are assumed. */
static double most_at_start(const history *h, const tj_fit *fit)
{
    double sum = 0.0;
    if (fit->start == 0)
        return fit->assumed > 0 ? INFINITY : 0.0;
    for (int a = 0; a <= TJ_FIT_OLDEST; a++)
        sum += isnan(h->cohort[a]) ? 0.0 : h->cohort[a];
    return sum;
}

/* A fleet grows by what is sold and no more. */
static tj_fit_fault check_counts(const history *h, tj_fit *fit)
{
    double most = most_at_start(h, fit);
    for (int year = fit->start > 0 ? fit->start + 1 : h->first_sold; year <= h->last_sold; year++) {
        double count = year >= h->first ? h->counts[year - h->first] : NAN;
        most += year < h->first_sold ? fit->assumed : sold_in(h, year);
        if (count > most * TOLERANCE) {
            fit->culprit = (tj_fit_row){TJ_FIT_COUNT, year, 0, count};
            fit->most = most;
            return TJ_FIT_TOO_MANY_COUNTED;
        }
        most = isnan(count) ? most : count;
    }
    return TJ_FIT_FITTED;
}

/* No more units of an age than were sold, as far as that is known. */
static tj_fit_fault check_ages(const history *h, tj_fit *fit)
{
    for (size_t i = 0; i < h->n_rows; i++) {
        const tj_fit_row *row = &h->rows[i];
        double sold = sold_in(h, row->year - row->age);
        if (row->kind == TJ_FIT_AGE && row->units > sold * TOLERANCE) {
            fit->culprit = *row;
            fit->most = sold;
            return TJ_FIT_TOO_MANY_OF_AGE;
        }
    }
    return TJ_FIT_FITTED;
}

/* ---- data ---- */

static int add_term(tj_fit_data *data, double units, int age, int from)
{
    if (data->n_terms == data->capacity) {
        size_t capacity = data->capacity == 0 ? 1024 : 2 * data->capacity;
        tj_fit_term *terms = realloc(data->terms, capacity * sizeof *terms);
        if (terms == NULL)
            return 0;
        data->terms = terms;
        data->capacity = capacity;
    }
    data->terms[data->n_terms++] = (tj_fit_term){units, age, from};
    return 1;
}

/* What is left in `year` of the units sold in `sale`; a cohort that nobody knows adds nothing to a fleet that starts
 * from its ages. Returns 0 when memory is short. */
static int add_cohort(const history *h, const tj_fit *fit, int sale, int year, tj_fit_data *data)
{
    double sold = sold_in(h, sale);
    int age = fit->start - sale, anchored = fit->start > 0 && age >= 0 && isnan(sold);
    if (!isnan(sold))
        return sold == 0.0 || add_term(data, sold, year - sale, 0);
    if (!anchored)
        return fit->assumed == 0.0 || add_term(data, fit->assumed, year - sale, 0);
    int known = age <= TJ_FIT_OLDEST && h->cohort[age] > 0;
    return !known || add_term(data, h->cohort[age], year - sale, age);
}

static int oldest_sale(const history *h, const tj_fit *fit)
{
    int start = fit->start > 0 && fit->start < h->first_sold ? fit->start : h->first_sold;
    return start - TJ_FIT_OLDEST;
}

/* Whether a row is a datum; counts it where it is left out. Ages that the fleet starts from are none, and nobody dies in
 * the year of sale, so age 0 says nothing. */
static int is_datum(const history *h, const tj_fit_row *row, tj_fit *fit)
{
    int starts =
        row->kind == TJ_FIT_AGE && row->year == fit->start && isnan(sold_in(h, row->year - row->age));
    if (row->kind == TJ_FIT_SOLD || (row->kind == TJ_FIT_AGE && row->age == 0) || starts)
        return 0;
    size_t *out = NULL;
    if (row->kind == TJ_FIT_COUNT) {
        out = row->year > h->last_sold                                         ? &fit->late
              : row->year <= (fit->start > 0 ? fit->start : h->first_sold - 1) ? &fit->early
                                                                               : NULL;
    } else {
        int sale = row->year - row->age, age = fit->start - sale;
        int anchored = fit->start > 0 && row->year > fit->start && age >= 0 && age <= TJ_FIT_OLDEST &&
                       h->cohort[age] > 0;
        out = !(sold_in(h, sale) > 0) && !anchored ? &fit->unknown : NULL;
    }
    if (out == NULL && row->units == 0.0)
        out = &fit->zeros;
    if (out != NULL)
        ++*out;
    return out == NULL;
}

/* An age weighs by its units, the commonest of the year as much as a count. */
static double weigh(const history *h, const tj_fit_row *row)
{
    return row->kind == TJ_FIT_AGE ? row->units / h->commonest[row->year - h->first] : 1.0;
}

static tj_status add_datum(const history *h, const tj_fit_row *row, tj_fit_data *data, tj_fit *fit)
{
    size_t i = data->n++;
    int sale = row->kind == TJ_FIT_AGE ? row->year - row->age : oldest_sale(h, fit);
    int last = row->kind == TJ_FIT_AGE ? sale : row->year, added = 1;
    for (; sale <= last && added; sale++)
        added = add_cohort(h, fit, sale, row->year, data);
    double weight = weigh(h, row);
    data->observed[i] = tj_log(row->units);
    data->weight[i] = sqrt(weight);
    data->first[i + 1] = data->n_terms;
    fit->points[i] = (tj_fit_point){row->kind, row->year, row->age, row->units, NAN, weight, NAN};
    fit->n_points = data->n;
    fit->n_ages += row->kind == TJ_FIT_AGE;
    return added ? TJ_OK : TJ_ERR_MEMORY;
}

static tj_status allocate(const history *h, tj_fit_data *data, tj_fit *fit)
{
    size_t n = h->n_rows;
    data->ages = h->last - h->first + 2 * TJ_FIT_OLDEST + 2;
    data->first = calloc(n + 1, sizeof *data->first);
    data->observed = calloc(n, sizeof *data->observed);
    data->weight = calloc(n, sizeof *data->weight);
    data->residual = calloc(n, sizeof *data->residual);
    data->slope = calloc(n, sizeof *data->slope);
    data->hazard = calloc((size_t)data->ages, sizeof *data->hazard);
    fit->points = calloc(n, sizeof *fit->points);
    return data->first == NULL || data->observed == NULL || data->weight == NULL || data->residual == NULL ||
                   data->slope == NULL || data->hazard == NULL || fit->points == NULL
               ? TJ_ERR_MEMORY
               : TJ_OK;
}

static tj_fit_fault judge(history *h, tj_fit *fit)
{
    fit->fault = know(h, fit);
    if (fit->fault == TJ_FIT_FITTED)
        fit->fault = check_counts(h, fit);
    if (fit->fault == TJ_FIT_FITTED)
        fit->fault = check_ages(h, fit);
    return fit->fault;
}

tj_status tj_fit_gather(const tj_fit_row *rows, size_t count, tj_fit_data *data, tj_fit *fit)
{
    history h;
    assert(count > 0);
    tj_status status = open_history(rows, count, &h);
    if (status == TJ_OK && judge(&h, fit) != TJ_FIT_FITTED)
        status = TJ_ERR_UNDEFINED;
    if (status == TJ_OK)
        status = allocate(&h, data, fit);
    for (size_t i = 0; i < count && status == TJ_OK; i++)
        if (is_datum(&h, &rows[i], fit))
            status = add_datum(&h, &rows[i], data, fit);
    close_history(&h);
    if (status == TJ_OK && data->n < 2) {
        fit->fault = TJ_FIT_TOO_FEW;
        status = TJ_ERR_UNDEFINED;
    }
    return status;
}

void tj_fit_data_free(tj_fit_data *data)
{
    free(data->first);
    free(data->terms);
    free(data->observed);
    free(data->weight);
    free(data->residual);
    free(data->slope);
    free(data->hazard);
    *data = (tj_fit_data){0};
}
