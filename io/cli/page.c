/* The page of a city or a group; see show.h. Everything is read from the result file. */
#include "io/cli/curve.h"
#include "io/cli/page_parts.h"
#include "io/cli/terminal.h"
#include "io/cli/text.h"
#include "io/cli/words.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PAGE = 100, CURVE_COLUMNS = 52, CURVE_ROWS = 6, SPARK = 14, LABEL = 26, VALUE = 21 };
/* A quantity's fields follow one another: quantiles, their errors, mean, its error. */
enum { QUANTILE_SE = 1 };
enum {
    NARROW_LABEL = 18,
    CHANGE = 13,
    NARROW_CHANGE = 12
}; /* with errors the curves give way to wider values */

static double at(const tj_subject *s, tj_field_id field, size_t package, size_t year, size_t quantile)
{
    const double *block = tj_view_block(s->view, field, s->background, package);
    size_t row = (s->index * s->view->n_years + year) * s->view->n_quantiles;
    return block != NULL ? block[row + quantile] : NAN;
}

static void choose_unit(tj_subject *s, size_t package)
{
    double most = 0;
    for (size_t y = 0; y < s->view->n_years; y++)
        most = fmax(most, at(s, s->total, package, y, s->view->mid)); /* fmax passes over NaN */
    s->unit = most >= 1e4 ? 1e3 : 1;
    s->unit_name = most >= 1e4 ? "kt CO2e" : "t CO2e";
    s->decimals = most >= 1e4 && most < 1e5 ? 1 : 0;
}

/* 2030, and the year of the main target or the last year. */
static void choose_years(tj_subject *s, double target_year)
{
    int last = s->view->years[s->view->n_years - 1];
    int end = target_year > s->view->years[s->last] && target_year <= last ? (int)target_year : last;
    s->n_keys = 0;
    if (2030 > s->view->years[s->last] && 2030 < end)
        s->key[s->n_keys++] = 2030;
    s->key[s->n_keys++] = end;
}

/* Year index of the last inventory among the cities first .. end - 1; 0 where none is known. */
static size_t last_inventory(const tj_view *view, size_t first, size_t end)
{
    size_t latest = 0;
    for (size_t c = first; c < end; c++) {
        double last = tj_results_item_number(view->results, "city", c, "last_inventory_year");
        int index = isnan(last) ? -1 : tj_view_year(view, (int)last);
        latest = index > (int)latest ? (size_t)index : latest;
    }
    return latest;
}

static double target_year(tj_view *view, size_t city)
{
    size_t target = tj_view_main_target(view, city);
    return target < view->n_targets ? tj_results_item_number(view->results, "target", target, "year") : NAN;
}

tj_subject tj_subject_of(tj_view *view, tj_place place, size_t background, size_t index, size_t package)
{
    static const struct {
        const char *axis;
        tj_field_id total, change;
    } places[] = {
        [TJ_PLACE_CITY] = {"city", TJ_FIELD_TOTAL_QUANTILE, TJ_FIELD_CHANGE_QUANTILE},
        [TJ_PLACE_GROUP] = {"group", TJ_FIELD_GROUP_QUANTILE, TJ_FIELD_GROUP_CHANGE_QUANTILE},
    };
    int city = place == TJ_PLACE_CITY;
    tj_subject s = {.view = view,
                    .axis = places[place].axis,
                    .index = index,
                    .background = background,
                    .total = places[place].total,
                    .change = places[place].change,
                    .status = tj_results_total_status(view->results, places[place].axis, index),
                    .last = last_inventory(view, city ? index : 0, city ? index + 1 : view->n_cities)};
    choose_years(&s, city ? target_year(view, index) : NAN);
    choose_unit(&s, package);
    return s;
}

static const char *mark_of(const tj_subject *s, size_t year)
{
    if (s->status == NULL)
        return "";
    return s->status[year] == TJ_BACKCAST  ? "°"
           : s->status[year] == TJ_ASSUMED ? "~"
           : s->status[year] == TJ_PARTIAL ? "†"
                                           : "";
}

/* "±12", the Monte Carlo standard error of a quantile; nothing where errors are not asked for or are none. */
static const char *error_text(const tj_subject *s, tj_field_id quantity, size_t package, size_t year,
                              size_t quantile, double unit, int decimals, char *text, size_t size)
{
    char number[48];
    double se = at(s, (tj_field_id)(quantity + QUANTILE_SE), package, year, quantile);
    text[0] = '\0';
    if (s->errors && se > 0)
        snprintf(text, size, "±%s",
                 tj_text_number_in(number, sizeof number, se / unit, decimals, s->view->language));
    return text;
}

/* "1 805 [1 650–1 990]": median, and the interval where it is wider than what is shown. */
void tj_subject_value(const tj_subject *s, size_t package, size_t year, char *text, size_t size)
{
    char number[3][48], error[3][64];
    const size_t quantile[3] = {s->view->mid, s->view->low, s->view->high};
    for (int i = 0; i < 3; i++) {
        tj_text_number_in(number[i], sizeof number[i], at(s, s->total, package, year, quantile[i]) / s->unit,
                          s->decimals, s->view->language);
        error_text(s, s->total, package, year, quantile[i], s->unit, s->decimals, error[i], sizeof error[i]);
    }
    if (number[0][0] == '\0')
        snprintf(text, size, "–");
    else if (strcmp(number[1], number[2]) == 0)
        snprintf(text, size, "%s%s", number[0], mark_of(s, year));
    else
        snprintf(text, size, "%s%s%s [%s%s–%s%s]", number[0], mark_of(s, year), error[0], number[1], error[1],
                 number[2], error[2]);
}

void tj_subject_change(const tj_subject *s, size_t package, size_t year, char *text, size_t size)
{
    double change = at(s, s->change, package, year, s->view->mid);
    char number[48], error[64];
    error_text(s, s->change, package, year, s->view->mid, 0.01, 1, error, sizeof error);
    if (isnan(change))
        snprintf(text, size, "–");
    else
        snprintf(text, size, "%s%s%s %%", change > 0 ? "+" : "",
                 tj_text_number_in(number, sizeof number, 100 * change, 0, s->view->language), error);
}

static void print_facts(const tj_subject *s, size_t package, size_t row, FILE *out)
{
    int base = tj_view_year(s->view, s->view->base_year);
    char value[256], change[64], since[64];
    if (row == 0 && base >= 0) {
        tj_subject_value(s, package, (size_t)base, value, sizeof value);
        fprintf(out, "  %d  %s", s->view->base_year, value);
    } else if (row == 1) {
        tj_subject_value(s, package, s->last, value, sizeof value);
        fprintf(out, "  %d  %s", s->view->years[s->last], value);
    } else if (row == 2 && base >= 0) {
        tj_subject_change(s, package, s->last, change, sizeof change);
        snprintf(since, sizeof since, tj_say(TJ_SAY_SINCE, s->view->language), s->view->base_year);
        fprintf(out, "  %s %s", change, since);
    }
}

/* Median and band of one package, history included, with the base and last inventory beside it. */
static void print_curve(const tj_subject *s, size_t package, FILE *out)
{
    enum { MOST = 1024 };
    double mid[MOST], low[MOST], high[MOST], top = 0;
    const tj_view *view = s->view;
    size_t n = view->n_years < MOST ? view->n_years : MOST;
    for (size_t y = 0; y < n; y++) {
        mid[y] = at(s, s->total, package, y, view->mid);
        low[y] = y >= s->last ? at(s, s->total, package, y, view->low) : NAN;
        high[y] = y >= s->last ? at(s, s->total, package, y, view->high) : NAN;
        top = fmax(top, fmax(mid[y], high[y]));
    }
    tj_canvas canvas;
    tj_canvas_init(&canvas, CURVE_COLUMNS, CURVE_ROWS);
    tj_canvas_band(&canvas, low, high, n, 0, top);
    tj_canvas_line(&canvas, mid, n, 0, top);
    for (size_t row = 0; row < CURVE_ROWS; row++) {
        char cells[3 * TJ_CANVAS_COLUMNS + 1], number[48] = "";
        tj_canvas_row(&canvas, row, cells);
        if (row == 0 || row + 1 == CURVE_ROWS)
            tj_text_number_in(number, sizeof number, row == 0 ? top / s->unit : 0, s->decimals,
                              s->view->language);
        fputs("  ", out);
        tj_text_pad(out, number, 8, 1);
        fprintf(out, " %s%s", number[0] != '\0' ? "┤" : "│", cells);
        print_facts(s, package, row, out);
        fputc('\n', out);
    }
    fprintf(out, "%11s%d%*d\n", "", view->years[0], CURVE_COLUMNS - 4, view->years[n - 1]);
}

/* The projection as a sparkline, from 0 to the largest value of any package. */
static void spark_text(const tj_subject *s, size_t package, double top, char *text)
{
    double x[SPARK];
    size_t n = s->view->n_years - s->last;
    for (size_t i = 0; i < SPARK; i++)
        x[i] = at(s, s->total, package, s->last + i * (n - 1) / (SPARK - 1), s->view->mid);
    tj_spark(text, x, SPARK, 0, top);
}

static size_t label_width(const tj_subject *s)
{
    return s->errors ? NARROW_LABEL : LABEL;
}

static size_t value_width(const tj_subject *s)
{
    return s->errors ? (PAGE - 4 - NARROW_LABEL - NARROW_CHANGE) / s->n_keys : VALUE;
}

static void print_heading(const tj_subject *s, FILE *out)
{
    char text[64];
    tj_text_pad(out, "", 4, 0);
    tj_text_pad(out, tj_say(TJ_SAY_PACKAGE, s->view->language), label_width(s), 0);
    snprintf(text, sizeof text, " %d–%d", s->view->years[s->last], s->view->years[s->view->n_years - 1]);
    if (!s->errors)
        tj_text_pad(out, text, SPARK + 1, 0);
    for (size_t k = 0; k < s->n_keys; k++) {
        snprintf(text, sizeof text, "%d, %s", s->key[k], s->unit_name);
        tj_text_pad(out, text, value_width(s), 1);
    }
    snprintf(text, sizeof text, tj_say(TJ_SAY_SINCE, s->view->language), s->view->base_year);
    tj_text_pad(out, text, s->errors ? NARROW_CHANGE : CHANGE, 1);
    fputc('\n', out);
}

static void print_package(const tj_subject *s, size_t number, size_t package, double top, FILE *out)
{
    char text[512], spark[3 * SPARK + 1];
    spark_text(s, package, top, spark);
    fprintf(out, "%3zu ", number);
    tj_text_pad(out, tj_view_label(s->view, "package", package), label_width(s), 0);
    if (!s->errors)
        fprintf(out, " %s", spark);
    size_t year = s->last;
    for (size_t k = 0; k < s->n_keys; k++) {
        year = (size_t)tj_view_year(s->view, s->key[k]);
        tj_subject_value(s, package, year, text, sizeof text);
        tj_text_pad(out, text, value_width(s), 1);
    }
    tj_subject_change(s, package, year, text, sizeof text);
    tj_text_pad(out, text, s->errors ? NARROW_CHANGE : CHANGE, 1);
    fputc('\n', out);
}

/* The larger of `most` and the relative standard error of a quantile; what has no error adds nothing. */
static double worst_error(const tj_subject *s, size_t package, size_t year, size_t quantile, double most)
{
    double x = at(s, s->total, package, year, quantile);
    double se = at(s, (tj_field_id)(s->total + QUANTILE_SE), package, year, quantile);
    return x > 0 && se > 0 ? fmax(most, se / x) : most;
}

/* How sharp the table above is: its largest Monte Carlo errors, where each is not shown beside its number. */
static void print_sharpness(const tj_subject *s, const tj_choice *packages, FILE *out)
{
    double middle = 0, ends = 0, change = 0;
    for (size_t p = 0; p < packages->count; p++) {
        for (size_t k = 0; k < s->n_keys; k++) {
            size_t year = (size_t)tj_view_year(s->view, s->key[k]), package = packages->items[p];
            double se = at(s, (tj_field_id)(s->change + QUANTILE_SE), package, year, s->view->mid);
            middle = worst_error(s, package, year, s->view->mid, middle);
            ends = worst_error(s, package, year, s->view->low, ends);
            ends = worst_error(s, package, year, s->view->high, ends);
            change = se > 0 ? fmax(change, se) : change;
        }
    }
    if (middle == 0 && ends == 0)
        return;
    char texts[3][32];
    const double percent[3] = {100 * middle, 100 * ends, 100 * change};
    for (int i = 0; i < 3; i++)
        tj_text_number_in(texts[i], sizeof texts[i], percent[i], 1, s->view->language);
    fprintf(out, "%4s", "");
    fprintf(out, tj_say(TJ_SAY_SHARPNESS, s->view->language), texts[0], texts[1], texts[2]);
    fputc('\n', out);
}

static void print_packages(const tj_subject *s, const tj_choice *packages, FILE *out)
{
    double top = 0;
    for (size_t p = 0; p < packages->count; p++)
        for (size_t y = s->last; y < s->view->n_years; y++)
            top = fmax(top, at(s, s->total, packages->items[p], y, s->view->mid));
    print_heading(s, out);
    for (size_t p = 0; p < packages->count; p++)
        print_package(s, p + 1, packages->items[p], top, out);
    if (!s->errors)
        print_sharpness(s, packages, out);
}

void tj_page_title(const tj_subject *s, FILE *out)
{
    const char *boundary = tj_results_item_text(s->view->results, s->axis, s->index, "boundary");
    fprintf(out, "\n%s%s%s%s%s · %s\n", tj_style_begin(out, TJ_BOLD),
            tj_view_label(s->view, s->axis, s->index), tj_style_begin(out, TJ_PLAIN),
            boundary != NULL ? " · " : "", boundary != NULL ? boundary : "", s->unit_name);
}

void tj_page_city(tj_view *view, const tj_shown *shown, size_t background, size_t city, FILE *out)
{
    size_t headline = tj_view_headline(view, &shown->packages);
    tj_subject s = tj_subject_of(view, TJ_PLACE_CITY, background, city, headline);
    s.errors = shown->errors;
    tj_page_title(&s, out);
    print_curve(&s, headline, out);
    print_packages(&s, &shown->packages, out);
    tj_page_targets(view, shown, background, city, out);
    tj_page_baseline(view, background, headline, city, out);
    tj_page_unjudged(view, city, out);
}

void tj_page_group(tj_view *view, const tj_shown *shown, size_t background, size_t group, FILE *out)
{
    size_t headline = tj_view_headline(view, &shown->packages);
    tj_subject s = tj_subject_of(view, TJ_PLACE_GROUP, background, group, headline);
    s.errors = shown->errors;
    tj_page_title(&s, out);
    print_packages(&s, &shown->packages, out);
}
