/* The physical results of a city on its page: energy, units, sales, renovation; see show.h.
 *
 * Rows are shown sector by sector and kind by kind, in the order of the file. */
#include "io/cli/early.h"
#include "io/cli/show.h"
#include "io/cli/terminal.h"
#include "io/cli/text.h"
#include "io/cli/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PAGE = 100, MARGIN = 4, LABEL = 28, VALUE = 11, MOST_KEYS = 4 };

/* A kind of row, as in row_kind, and its heading. */
typedef struct kind_heading {
    const char *kind;
    tj_phrase heading;
} kind_heading;

static const kind_heading headings[] = {
    {"units", TJ_SAY_UNITS},     {"sales", TJ_SAY_SALES},         {"renovated", TJ_SAY_RENOVATED},
    {"retired", TJ_SAY_RETIRED}, {"energy", TJ_SAY_ENERGY},       {"scope2", TJ_SAY_SCOPE2},
    {"factor", TJ_SAY_FACTOR},   {"methane", TJ_SAY_METHANE_ROW}, {"kappa", TJ_SAY_KAPPA},
};

enum { HEADINGS = sizeof headings / sizeof *headings };

/* Rows of one city under one (background, package). */
typedef struct physical {
    tj_view *view;
    size_t city, background, package, n_rows;
    const double *quantiles, *means; /* blocks; NULL: the file has none */
    size_t key[MOST_KEYS], n_keys;   /* year indexes shown */
} physical;

static const char *text_of(const physical *p, size_t row, const char *key)
{
    const char *text = tj_results_item_text(p->view->results, "row", row, key);
    return text != NULL ? text : "";
}

/* What a row is of: the label of its carrier, technology or fleet, else its identifier. */
static const char *label_of(const physical *p, size_t row)
{
    const char *label = tj_view_label(p->view, "row", row);
    return strcmp(label, tj_results_id(p->view->results, "row", row)) == 0 ? text_of(p, row, "item") : label;
}

static int is_of_city(const physical *p, size_t row)
{
    return strcmp(text_of(p, row, "city"), tj_results_id(p->view->results, "city", p->city)) == 0;
}

static double quantile_of(const physical *p, size_t row, size_t year, size_t quantile)
{
    return p->quantiles[(row * p->view->n_years + year) * p->view->n_quantiles + quantile];
}

static void add_key(physical *p, int year)
{
    int index = tj_view_year(p->view, year);
    if (index >= 0 && (p->n_keys == 0 || (size_t)index > p->key[p->n_keys - 1]))
        p->key[p->n_keys++] = (size_t)index;
}

static physical physical_of(tj_view *view, size_t background, size_t package, size_t city)
{
    physical p = {.view = view,
                  .city = city,
                  .background = background,
                  .package = package,
                  .n_rows = tj_results_length(view->results, TJ_DIM_ROW),
                  .quantiles = tj_view_block(view, TJ_FIELD_PHYSICAL_QUANTILE, background, package),
                  .means = tj_view_block(view, TJ_FIELD_PHYSICAL_MEAN, background, package)};
    double last = tj_results_item_number(view->results, "city", city, "last_inventory_year");
    add_key(&p, isnan(last) ? view->years[0] : (int)last);
    add_key(&p, 2030);
    add_key(&p, 2040);
    add_key(&p, view->years[view->n_years - 1]);
    if (p.quantiles == NULL || p.means == NULL)
        p.n_rows = 0;
    return p;
}

/* ---- the table ---- */

/* Vehicles, people and floor are whole, but for few a year. */
static int decimals_of(double value, const char *unit)
{
    double size = fabs(value);
    if (strncmp(unit, "vehicle", 7) == 0 || strncmp(unit, "person", 6) == 0 || strncmp(unit, "m2", 2) == 0)
        return size >= 10 ? 0 : 1;
    return size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size > 0 ? 3 : 0;
}

static const char *number_text(const physical *p, size_t row, size_t year, size_t quantile, char *text,
                               size_t size)
{
    int decimals = decimals_of(quantile_of(p, row, year, p->view->high), text_of(p, row, "unit"));
    tj_text_number_in(text, size, quantile_of(p, row, year, quantile), decimals, p->view->language);
    return text[0] != '\0' ? text : "–";
}

/* " [1 650–1 990]" behind the last year, where it is wider than what is shown. */
static void print_interval(const physical *p, size_t row, FILE *out)
{
    char low[48], high[48];
    size_t year = p->key[p->n_keys - 1];
    number_text(p, row, year, p->view->low, low, sizeof low);
    number_text(p, row, year, p->view->high, high, sizeof high);
    if (low[0] != '\0' && strcmp(low, high) != 0)
        fprintf(out, " [%s–%s]", low, high);
}

static void print_row(const physical *p, size_t row, FILE *out)
{
    char text[48];
    tj_text_pad(out, "", MARGIN, 0);
    tj_text_pad(out, label_of(p, row), LABEL, 0);
    for (size_t k = 0; k < p->n_keys; k++) {
        tj_text_pad(out, "", 1, 0);
        tj_text_pad(out, number_text(p, row, p->key[k], p->view->mid, text, sizeof text), VALUE, 1);
    }
    print_interval(p, row, out);
    fputc('\n', out);
}

/* What seldom happens is shown where it does. */
static int happens(const physical *p, size_t row)
{
    int any = strcmp(text_of(p, row, "kind"), "retired") != 0;
    for (size_t year = p->key[0]; !any && year < p->view->n_years; year++)
        any = p->means[row * p->view->n_years + year] >= 0.05;
    return any;
}

static int is_shown(const physical *p, size_t row, const char *sector, const char *kind)
{
    return is_of_city(p, row) && strcmp(text_of(p, row, "sector"), sector) == 0 &&
           strcmp(text_of(p, row, "kind"), kind) == 0 && happens(p, row);
}

/* The rows of one kind in a sector, under a heading with their unit. */
static void print_kind(const physical *p, const char *sector, const kind_heading *heading, FILE *out)
{
    const char *unit = NULL;
    for (size_t row = 0; row < p->n_rows; row++) {
        if (!is_shown(p, row, sector, heading->kind))
            continue;
        if (unit == NULL || strcmp(unit, text_of(p, row, "unit")) != 0) {
            unit = text_of(p, row, "unit");
            fprintf(out, "  %s%s (%s)%s\n", tj_style_begin(out, TJ_DIM),
                    tj_say(heading->heading, p->view->language), unit, tj_style_begin(out, TJ_PLAIN));
        }
        print_row(p, row, out);
    }
}

static void print_sector(const physical *p, size_t sector, FILE *out)
{
    const char *id = tj_results_id(p->view->results, "sector", sector);
    char year[16];
    int any = 0;
    for (size_t row = 0; row < p->n_rows; row++)
        any |= is_of_city(p, row) && strcmp(text_of(p, row, "sector"), id) == 0;
    if (!any)
        return;
    fputs(tj_style_begin(out, TJ_BOLD), out);
    tj_text_pad(out, tj_view_label(p->view, "sector", sector), MARGIN + LABEL, 0);
    for (size_t k = 0; k < p->n_keys; k++) {
        snprintf(year, sizeof year, "%d", p->view->years[p->key[k]]);
        tj_text_pad(out, year, VALUE + 1, 1);
    }
    fprintf(out, "%s\n", tj_style_begin(out, TJ_PLAIN));
    for (size_t h = 0; h < HEADINGS; h++)
        print_kind(p, id, &headings[h], out);
}

/* ---- in words ---- */

/* Mean over the years after the last inventory to the second key year. */
static double yearly(const physical *p, size_t row)
{
    double sum = 0;
    size_t last = p->key[p->n_keys > 1 ? 1 : 0], count = 0;
    for (size_t year = p->key[0] + 1; year <= last; year++, count++)
        sum += p->means[row * p->view->n_years + year];
    return count > 0 ? sum / (double)count : NAN;
}

/* "43 Battery bus", "11 200 m² Homes": floor is told by its unit. */
static size_t tell(const physical *p, size_t row, int first, char *text, size_t size)
{
    char number[96];
    double count = yearly(p, row);
    const char *floor = strncmp(text_of(p, row, "unit"), "m2", 2) == 0 ? "m² " : "";
    tj_text_number_in(number, sizeof number, count, count < 10 ? 1 : 0, p->view->language);
    tj_text_tie(number, sizeof number);
    return (size_t)snprintf(text, size, "%s%s %s%s", first ? " " : ", ", number, floor, label_of(p, row));
}

/* Things that are bought, some of them in a year: what is counted in people is not. */
static int is_told(const physical *p, size_t row, const char *kind)
{
    return is_of_city(p, row) && strcmp(text_of(p, row, "kind"), kind) == 0 && yearly(p, row) >= 0.05 &&
           strncmp(text_of(p, row, "unit"), "person", 6) != 0;
}

/* All rows of a kind of which there is any in a year, after a phrase; returns what was written. */
static size_t tell_kind(const physical *p, const char *kind, const char *phrase, char *text, size_t size)
{
    size_t used = 0;
    int first = 1;
    for (size_t row = 0; row < p->n_rows && used < size; row++) {
        if (!is_told(p, row, kind))
            continue;
        if (first)
            used += (size_t)snprintf(text, size, " %s", phrase);
        if (used < size)
            used += tell(p, row, first, text + used, size - used);
        first = 0;
    }
    if (!first && used < size)
        used += (size_t)snprintf(text + used, size - used, ".");
    return used;
}

static void print_words(const physical *p, FILE *out)
{
    char text[8192];
    const char *language = p->view->language;
    if (p->n_keys < 2)
        return;
    size_t used = (size_t)snprintf(text, sizeof text, tj_say(TJ_SAY_EACH_YEAR, language),
                                   p->view->years[p->key[0] + 1], p->view->years[p->key[1]]);
    used += tell_kind(p, "sales", tj_say(TJ_SAY_NEW, language), text + used, sizeof text - used);
    if (used < sizeof text)
        tell_kind(p, "renovated", tj_say(TJ_SAY_FLOOR_RENOVATED, language), text + used, sizeof text - used);
    tj_text_wrap(out, text, 2, 2, PAGE);
}

/* A sentence for each fleet of which units leave early. */
static void print_early(const physical *p, FILE *out)
{
    const tj_view *view = p->view;
    char text[1024];
    for (size_t row = 0; row < p->n_rows; row++) {
        const tj_early early = {.where = label_of(p, row),
                                .years = view->years,
                                .n_years = view->n_years,
                                .stride = view->n_quantiles,
                                .median = p->quantiles + row * view->n_years * view->n_quantiles + view->mid,
                                .mean = p->means + row * view->n_years};
        if (is_of_city(p, row) && strcmp(text_of(p, row, "kind"), "retired") == 0 &&
            tj_early_tell(text, sizeof text, view->language, &early))
            tj_text_wrap(out, text, 2, 2, PAGE);
    }
}

int tj_page_physical(tj_view *view, size_t background, size_t package, size_t city, FILE *out)
{
    physical p = physical_of(view, background, package, city);
    int any = 0;
    for (size_t row = 0; row < p.n_rows; row++)
        any |= is_of_city(&p, row);
    if (!any)
        return 0;
    fprintf(out, "\n%s%s%s, %s\n", tj_style_begin(out, TJ_BOLD), tj_view_label(view, "city", city),
            tj_style_begin(out, TJ_PLAIN), tj_view_label(view, "package", package));
    print_words(&p, out);
    print_early(&p, out);
    for (size_t sector = 0; sector < tj_results_length(view->results, TJ_DIM_SECTOR); sector++)
        print_sector(&p, sector, out);
    return 1;
}

/* ---- tidy ---- */

static void tidy_row(const physical *p, size_t row, size_t year, tj_sheet *table)
{
    static const char *const texts[] = {"city", "sector", "kind", "item", "unit"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        tj_sheet_text(table, text_of(p, row, texts[i]));
    tj_sheet_text(table, tj_results_id(p->view->results, "background", p->background));
    tj_sheet_text(table, tj_results_id(p->view->results, "package", p->package));
    tj_sheet_number(table, p->view->years[year]);
    tj_sheet_number(table, quantile_of(p, row, year, p->view->low));
    tj_sheet_number(table, quantile_of(p, row, year, p->view->mid));
    tj_sheet_number(table, quantile_of(p, row, year, p->view->high));
    tj_sheet_number(table, p->means[row * p->view->n_years + year]);
}

void tj_tidy_physical(tj_view *view, const tj_shown *shown, tj_sheet *table)
{
    static const tj_sheet_column columns[] = {
        {"city", NULL, 0, 0}, {"sector", NULL, 0, 0},     {"kind", NULL, 0, 0},    {"item", NULL, 0, 0},
        {"unit", NULL, 0, 0}, {"background", NULL, 0, 0}, {"package", NULL, 0, 0}, {"year", NULL, 1, 0},
        {"low", NULL, 1, 3},  {"median", NULL, 1, 3},     {"high", NULL, 1, 3},    {"mean", NULL, 1, 3}};
    tj_sheet_init(table, columns, sizeof columns / sizeof *columns);
    for (size_t c = 0; c < shown->cities.count; c++)
        for (size_t b = 0; b < shown->backgrounds.count; b++)
            for (size_t k = 0; k < shown->packages.count; k++) {
                physical p = physical_of(view, shown->backgrounds.items[b], shown->packages.items[k],
                                         shown->cities.items[c]);
                for (size_t row = 0; row < p.n_rows; row++)
                    for (size_t year = p.key[0]; is_of_city(&p, row) && year < view->n_years; year++)
                        tidy_row(&p, row, year, table);
            }
}
