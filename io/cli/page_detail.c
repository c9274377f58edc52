/* The judged targets of a city in detail; see show.h. Under each target a row a package: how often it is met, how far
 * off its year is, from when on it is met, and what is emitted above it until then. What a page has no room for stands
 * in the tidy table (io/cli/tidy.c). */
#include "io/cli/page_parts.h"
#include "io/cli/terminal.h"
#include "io/cli/text.h"
#include "io/cli/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MARGIN = 4, PACKAGE = 23, CELL = 256 };
/* A quantity's fields follow one another: quantiles, their errors, mean, its error. */
enum { SE = 1 };

/* One target of the subject. */
typedef struct detail {
    const tj_subject *s;
    size_t target;
} detail;

/* A number of the target; `quantile` is where on that axis, 0 of 1 for fields without it. */
typedef struct quantile {
    size_t index, count;
} quantile;

static const quantile none = {0, 1};

static quantile quantile_of(const detail *d, size_t index)
{
    return (quantile){index, d->s->view->n_quantiles};
}

static double value(const detail *d, tj_field_id field, size_t package, quantile q)
{
    const double *block = tj_view_block(d->s->view, field, d->s->background, package);
    return block != NULL ? block[d->target * q.count + q.index] : NAN;
}

/* ---- cells ---- */

/* "44", with --errors "44±2"; "–" where there is no number. */
static void number_text(const detail *d, tj_field_id field, size_t package, quantile q, double unit,
                        int decimals, char *text, size_t size)
{
    char number[48], error[48];
    double x = value(d, field, package, q), se = value(d, (tj_field_id)(field + SE), package, q);
    tj_text_number_in(number, sizeof number, x / unit, decimals, d->s->view->language);
    tj_text_number_in(error, sizeof error, se / unit, decimals, d->s->view->language);
    int with_error = d->s->errors && se > 0;
    snprintf(text, size, "%s%s%s", isnan(x) ? "–" : number, with_error ? "±" : "", with_error ? error : "");
}

static void percent_text(double share, double se, char *text, size_t size)
{
    char percent[32];
    tj_page_percent(percent, sizeof percent, share, se);
    snprintf(text, size, "%s%s", percent, isnan(share) ? "" : " %");
}

static void met_text(const detail *d, size_t package, char *text, size_t size)
{
    percent_text(value(d, TJ_FIELD_TARGET_PROBABILITY, package, none),
                 value(d, TJ_FIELD_TARGET_PROBABILITY_SE, package, none), text, size);
}

/* "−2 [−33 … 41]" */
static void gap_text(const detail *d, size_t package, char *text, size_t size)
{
    char three[3][64];
    const size_t index[3] = {d->s->view->mid, d->s->view->low, d->s->view->high};
    for (int i = 0; i < 3; i++)
        number_text(d, TJ_FIELD_TARGET_GAP_QUANTILE, package, quantile_of(d, index[i]), d->s->unit,
                    d->s->decimals, three[i], sizeof three[i]);
    if (strcmp(three[1], three[2]) == 0)
        snprintf(text, size, "%s", three[0]);
    else
        snprintf(text, size, "%s [%s … %s]", three[0], three[1], three[2]);
}

static void gap_percent_text(const detail *d, size_t package, char *text, size_t size)
{
    number_text(d, TJ_FIELD_TARGET_GAP_PERCENT_QUANTILE, package, quantile_of(d, d->s->view->mid), 1, 1, text,
                size);
}

/* The year by which half of the futures that ever meet it do. */
static void from_text(const detail *d, size_t package, char *text, size_t size)
{
    double year = value(d, TJ_FIELD_TARGET_FIRST_YEAR_QUANTILE, package, quantile_of(d, d->s->view->mid));
    if (isnan(year))
        snprintf(text, size, "–");
    else
        snprintf(text, size, "%.0f", ceil(year));
}

static void never_text(const detail *d, size_t package, char *text, size_t size)
{
    percent_text(value(d, TJ_FIELD_TARGET_NEVER, package, none), 0, text, size);
}

static void overshoot_text(const detail *d, size_t package, char *text, size_t size)
{
    number_text(d, TJ_FIELD_TARGET_OVERSHOOT_MEAN, package, none, d->s->unit, d->s->decimals, text, size);
}

static void budget_text(const detail *d, size_t package, char *text, size_t size)
{
    number_text(d, TJ_FIELD_TARGET_BUDGET_USE_MEAN, package, none, 0.01, 0, text, size);
    if (strcmp(text, "–") != 0)
        snprintf(text + strlen(text), size - strlen(text), " %%");
}

/* Columns of a row after the package; the last is for budgets alone, the one before for all others. */
typedef struct column {
    const char *heading;
    size_t width, errors_width; /* with --errors; 0: left out, as there is no error to show */
    void (*text)(const detail *d, size_t package, char *text, size_t size);
} column;

static const column columns[] = {
    {"probability", 11, 12, met_text},  {"gap", 23, 32, gap_text},   {"gap, %", 9, 13, gap_percent_text},
    {"met from", 12, 0, from_text},     {"never", 7, 0, never_text}, {"overshoot", 11, 16, overshoot_text},
    {"of budget", 11, 16, budget_text},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static int is_budget(const tj_view *view, size_t target)
{
    const char *kind = tj_results_item_text(view->results, "target", target, "kind");
    return kind != NULL && strcmp(kind, "budget") == 0;
}

static size_t width_of(const tj_subject *s, int budget, size_t c)
{
    if (c == (budget ? COLUMNS - 2 : COLUMNS - 1))
        return 0;
    return s->errors ? columns[c].errors_width : columns[c].width;
}

/* ---- rows ---- */

static void print_heading(const tj_subject *s, int budget, FILE *out)
{
    const char *language = s->view->language;
    fprintf(out, "%s%*s", tj_style_begin(out, TJ_DIM), MARGIN, "");
    tj_text_pad(out, tj_say(TJ_SAY_PACKAGE, language), PACKAGE, 0);
    for (size_t c = 0; c < COLUMNS; c++)
        if (width_of(s, budget, c) > 0)
            tj_text_pad(out, tj_say_heading(columns[c].heading, language), width_of(s, budget, c), 1);
    fprintf(out, "%s\n", tj_style_begin(out, TJ_PLAIN));
}

static void print_row(const detail *d, int budget, size_t package, FILE *out)
{
    char text[CELL];
    fprintf(out, "%*s", MARGIN, "");
    tj_text_pad(out, tj_view_label(d->s->view, "package", package), PACKAGE, 0);
    for (size_t c = 0; c < COLUMNS; c++)
        if (width_of(d->s, budget, c) > 0) {
            columns[c].text(d, package, text, sizeof text);
            tj_text_pad(out, text, width_of(d->s, budget, c), 1);
        }
    fputc('\n', out);
}

/* The package that meets it most often; of equals, the one that is nearest. */
static size_t nearest(const detail *d, const tj_choice *packages)
{
    size_t best = packages->items[0];
    double most = -1, least = INFINITY;
    for (size_t p = 0; p < packages->count; p++) {
        double share = value(d, TJ_FIELD_TARGET_PROBABILITY, packages->items[p], none);
        double gap =
            value(d, TJ_FIELD_TARGET_GAP_QUANTILE, packages->items[p], quantile_of(d, d->s->view->mid));
        if (share > most || (share == most && gap < least)) {
            most = share;
            least = gap;
            best = packages->items[p];
        }
    }
    return best;
}

static void print_target(const detail *d, const tj_shown *shown, int budget, FILE *out)
{
    const tj_choice *packages = &shown->packages;
    size_t few[TJ_FEW_PACKAGES], count = packages->count;
    const size_t *rows = packages->items;
    if (shown->few) {
        count = tj_page_few(d->s->view, packages, nearest(d, packages), few);
        rows = few;
    }
    fprintf(out, "  %s\n", tj_view_label(d->s->view, "target", d->target));
    for (size_t i = 0; i < count; i++)
        print_row(d, budget, rows[i], out);
}

void tj_page_detail(tj_view *view, const tj_shown *shown, size_t background, size_t city, FILE *out)
{
    size_t headline = tj_view_headline(view, &shown->packages);
    tj_subject s = tj_subject_of(view, TJ_PLACE_CITY, background, city, headline);
    int heading = -1; /* of which kind of columns the last one was */
    s.errors = shown->errors;
    tj_page_title(&s, out);
    for (size_t t = 0; t < view->n_targets; t++) {
        const detail d = {&s, t};
        if (!tj_view_target_of(view, t, city) || !tj_view_assessed(view, t))
            continue;
        if (heading != is_budget(view, t))
            print_heading(&s, heading = is_budget(view, t), out);
        print_target(&d, shown, heading, out);
    }
    tj_page_baseline(view, background, headline, city, out);
    tj_page_unjudged(view, city, out);
}
