/* Tidy tables of a result: one row an observation, every year, for other programs; see show.h. */
#include "io/cli/show.h"

#include <math.h>

/* A quantity's fields follow one another: quantiles, their errors, mean, its error. */
enum { QUANTILE_SE = 1 };

static const char *status_name(const unsigned char *status, size_t year)
{
    static const char *const names[] = {"absent", "measured", "backcast", "assumed", "projected", "partial"};
    return status != NULL && status[year] < sizeof names / sizeof names[0] ? names[status[year]] : NULL;
}

static double value(tj_view *view, tj_field_id field, size_t b, size_t p, size_t index)
{
    const double *block = tj_view_block(view, field, b, p);
    return block != NULL ? block[index] : NAN;
}

static void names(tj_sheet *table, const tj_view *view, size_t city, size_t background, size_t package)
{
    tj_sheet_text(table, tj_results_id(view->results, "city", city));
    tj_sheet_text(table, tj_results_id(view->results, "background", background));
    tj_sheet_text(table, tj_results_id(view->results, "package", package));
}

/* Low, median and high end of a field with a quantile axis. */
static void interval(tj_sheet *table, tj_view *view, tj_field_id field, size_t b, size_t p, size_t row)
{
    size_t first = row * view->n_quantiles;
    tj_sheet_number(table, value(view, field, b, p, first + view->low));
    tj_sheet_number(table, value(view, field, b, p, first + view->mid));
    tj_sheet_number(table, value(view, field, b, p, first + view->high));
}

/* The errors of the same three. */
static void errors(tj_sheet *table, tj_view *view, tj_field_id quantity, size_t b, size_t p, size_t row)
{
    interval(table, view, (tj_field_id)(quantity + QUANTILE_SE), b, p, row);
}

static void total_row(tj_sheet *table, tj_view *view, size_t c, size_t b, size_t p, size_t y)
{
    const unsigned char *status = tj_results_total_status(view->results, "city", c);
    size_t row = c * view->n_years + y;
    names(table, view, c, b, p);
    tj_sheet_number(table, view->years[y]);
    tj_sheet_text(table, status_name(status, y));
    interval(table, view, TJ_FIELD_TOTAL_QUANTILE, b, p, row);
    tj_sheet_number(table, value(view, TJ_FIELD_TOTAL_MEAN, b, p, row));
    tj_sheet_number(table, value(view, TJ_FIELD_TOTAL_MEAN_SE, b, p, row));
    interval(table, view, TJ_FIELD_CHANGE_QUANTILE, b, p, row);
    errors(table, view, TJ_FIELD_TOTAL_QUANTILE, b, p, row);
    errors(table, view, TJ_FIELD_CHANGE_QUANTILE, b, p, row);
}

void tj_tidy_totals(tj_view *view, const tj_shown *shown, tj_sheet *table)
{
    static const tj_sheet_column columns[] = {
        {"city", NULL, 0, 0},          {"background", NULL, 0, 0},    {"package", NULL, 0, 0},
        {"year", NULL, 1, 0},          {"status", NULL, 0, 0},        {"low_t", NULL, 1, 1},
        {"median_t", NULL, 1, 1},      {"high_t", NULL, 1, 1},        {"mean_t", NULL, 1, 1},
        {"mean_se_t", NULL, 1, 1},     {"change_low", NULL, 1, 3},    {"change_median", NULL, 1, 3},
        {"change_high", NULL, 1, 3},   {"low_se_t", NULL, 1, 1},      {"median_se_t", NULL, 1, 1},
        {"high_se_t", NULL, 1, 1},     {"change_low_se", NULL, 1, 4}, {"change_median_se", NULL, 1, 4},
        {"change_high_se", NULL, 1, 4}};
    tj_sheet_init(table, columns, sizeof columns / sizeof columns[0]);
    for (size_t c = 0; c < shown->cities.count; c++)
        for (size_t b = 0; b < shown->backgrounds.count; b++)
            for (size_t p = 0; p < shown->packages.count; p++)
                for (size_t y = 0; y < view->n_years; y++)
                    total_row(table, view, shown->cities.items[c], shown->backgrounds.items[b],
                              shown->packages.items[p], y);
}

static void target_row(tj_sheet *table, tj_view *view, size_t t, size_t c, size_t b, size_t p)
{
    const tj_results *r = view->results;
    const tj_field_id numbers[] = {TJ_FIELD_TARGET_PROBABILITY, TJ_FIELD_TARGET_PROBABILITY_SE,
                                   TJ_FIELD_TARGET_UNDEFINED};
    names(table, view, c, b, p);
    tj_sheet_text(table, tj_results_item_text(r, "target", t, "name"));
    tj_sheet_text(table, tj_results_item_text(r, "target", t, "kind"));
    tj_sheet_number(table, tj_results_item_number(r, "target", t, "year"));
    tj_sheet_text(table, tj_results_item_text(r, "target", t, "status"));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        tj_sheet_number(table, tj_view_assessed(view, t) ? value(view, numbers[i], b, p, t) : NAN);
    interval(table, view, TJ_FIELD_TARGET_GAP_QUANTILE, b, p, t);
    tj_sheet_number(
        table, value(view, TJ_FIELD_TARGET_GAP_PERCENT_QUANTILE, b, p, t * view->n_quantiles + view->mid));
    tj_sheet_number(table, value(view, TJ_FIELD_TARGET_NEVER, b, p, t));
    tj_sheet_number(
        table, value(view, TJ_FIELD_TARGET_FIRST_YEAR_QUANTILE, b, p, t * view->n_quantiles + view->mid));
    tj_sheet_number(table, value(view, TJ_FIELD_TARGET_OVERSHOOT_MEAN, b, p, t));
    tj_sheet_number(table, value(view, TJ_FIELD_TARGET_BUDGET_USE_MEAN, b, p, t));
    tj_sheet_number(table, value(view, TJ_FIELD_TARGET_BASELINE_SHARE, b, p, t));
    tj_sheet_number(table, value(view, TJ_FIELD_TARGET_BASELINE_SHARE_SE, b, p, t));
    errors(table, view, TJ_FIELD_TARGET_GAP_QUANTILE, b, p, t);
    tj_sheet_number(
        table, value(view, TJ_FIELD_TARGET_GAP_PERCENT_QUANTILE_SE, b, p, t * view->n_quantiles + view->mid));
    tj_sheet_number(table, value(view, TJ_FIELD_TARGET_OVERSHOOT_MEAN_SE, b, p, t));
    tj_sheet_number(table, value(view, TJ_FIELD_TARGET_BUDGET_USE_MEAN_SE, b, p, t));
    tj_sheet_text(table, tj_results_item_text(r, "target", t, "reason"));
}

void tj_tidy_targets(tj_view *view, const tj_shown *shown, tj_sheet *table)
{
    static const tj_sheet_column columns[] = {{"city", NULL, 0, 0},
                                              {"background", NULL, 0, 0},
                                              {"package", NULL, 0, 0},
                                              {"target", NULL, 0, 0},
                                              {"kind", NULL, 0, 0},
                                              {"year", NULL, 1, 0},
                                              {"status", NULL, 0, 0},
                                              {"probability", NULL, 1, 3},
                                              {"probability_se", NULL, 1, 3},
                                              {"undefined_draws", NULL, 1, 0},
                                              {"gap_low_t", NULL, 1, 1},
                                              {"gap_median_t", NULL, 1, 1},
                                              {"gap_high_t", NULL, 1, 1},
                                              {"gap_median_percent", NULL, 1, 1},
                                              {"never", NULL, 1, 3},
                                              {"first_year_median", NULL, 1, 1},
                                              {"overshoot_mean_t", NULL, 1, 1},
                                              {"budget_use_mean", NULL, 1, 3},
                                              {"baseline_share", NULL, 1, 3},
                                              {"baseline_share_se", NULL, 1, 3},
                                              {"gap_low_se_t", NULL, 1, 1},
                                              {"gap_median_se_t", NULL, 1, 1},
                                              {"gap_high_se_t", NULL, 1, 1},
                                              {"gap_median_percent_se", NULL, 1, 2},
                                              {"overshoot_mean_se_t", NULL, 1, 1},
                                              {"budget_use_mean_se", NULL, 1, 3},
                                              {"reason", NULL, 0, 0}};
    tj_sheet_init(table, columns, sizeof columns / sizeof columns[0]);
    for (size_t c = 0; c < shown->cities.count; c++)
        for (size_t t = 0; t < view->n_targets; t++)
            for (size_t b = 0;
                 tj_view_target_of(view, t, shown->cities.items[c]) && b < shown->backgrounds.count; b++)
                for (size_t p = 0; p < shown->packages.count; p++)
                    target_row(table, view, t, shown->cities.items[c], shown->backgrounds.items[b],
                               shown->packages.items[p]);
}
