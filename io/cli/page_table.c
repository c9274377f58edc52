/* All cities at one look; see show.h. First what is left to emit, under the reference, the headline package and the
 * one that does most; then how often every package reaches it. */
#include "io/cli/page_parts.h"
#include "io/cli/terminal.h"
#include "io/cli/text.h"
#include "io/cli/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PAGE = 100, NAME = 22, PACKAGE = 23, VALUE = 21, CHANGE = 12, FACTS = 3 };
enum { CITY = 14, GOAL = 34, PERCENT = 5 };

/* What stands in the heading above the rows; printed anew where it changes. */
typedef struct heading {
    int key[TJ_KEY_YEARS];
    size_t n_keys;
    const char *unit_name;
} heading;

/* ---- what is left to emit ---- */

static void print_heading(const tj_subject *s, heading *last, FILE *out)
{
    char text[64];
    const char *language = s->view->language;
    if (last->n_keys == s->n_keys && last->unit_name == s->unit_name &&
        memcmp(last->key, s->key, s->n_keys * sizeof *s->key) == 0)
        return;
    last->n_keys = s->n_keys;
    last->unit_name = s->unit_name;
    memcpy(last->key, s->key, s->n_keys * sizeof *s->key);
    fputs(tj_style_begin(out, TJ_DIM), out);
    tj_text_pad(out, "", NAME, 0);
    tj_text_pad(out, tj_say(TJ_SAY_PACKAGE, language), PACKAGE, 0);
    for (size_t k = 0; k < s->n_keys; k++) {
        snprintf(text, sizeof text, "%d, %s", s->key[k], s->unit_name);
        tj_text_pad(out, text, VALUE, 1);
    }
    snprintf(text, sizeof text, tj_say(TJ_SAY_SINCE, language), s->view->base_year);
    tj_text_pad(out, text, CHANGE, 1);
    fprintf(out, "%s\n", tj_style_begin(out, TJ_PLAIN));
}

/* The package with the least in the last year shown. */
static size_t lowest(const tj_subject *s, const tj_choice *packages)
{
    size_t best = packages->items[0], year = (size_t)tj_view_year(s->view, s->key[s->n_keys - 1]);
    double least = INFINITY;
    for (size_t p = 0; p < packages->count; p++) {
        const double *block = tj_view_block(s->view, s->total, s->background, packages->items[p]);
        size_t at = (s->index * s->view->n_years + year) * s->view->n_quantiles + s->view->mid;
        if (block != NULL && block[at] < least) {
            least = block[at];
            best = packages->items[p];
        }
    }
    return best;
}

static double share_of(tj_view *view, tj_field_id field, size_t background, size_t package, size_t target)
{
    const double *block = tj_view_block(view, field, background, package);
    return block != NULL ? block[target] : NAN;
}

/* The package that reaches the target most often; where none does better than the headline, the one with the least. */
static size_t third_row(const tj_subject *s, const tj_choice *packages, size_t target)
{
    size_t headline = tj_view_headline(s->view, packages);
    if (target == s->view->n_targets)
        return lowest(s, packages);
    size_t best = tj_page_best(s->view, packages, s->background, target);
    double most = share_of(s->view, TJ_FIELD_TARGET_PROBABILITY, s->background, best, target);
    return most > share_of(s->view, TJ_FIELD_TARGET_PROBABILITY, s->background, headline, target)
               ? best
               : lowest(s, packages);
}

static void add(size_t *rows, size_t *count, size_t package)
{
    for (size_t i = 0; i < *count; i++)
        if (rows[i] == package)
            return;
    rows[(*count)++] = package;
}

size_t tj_page_few(const tj_view *view, const tj_choice *packages, size_t third, size_t rows[TJ_FEW_PACKAGES])
{
    size_t count = 0;
    if (packages->count <= TJ_FEW_PACKAGES) {
        for (size_t p = 0; p < packages->count; p++)
            add(rows, &count, packages->items[p]);
        return count;
    }
    add(rows, &count, packages->items[0]);
    add(rows, &count, tj_view_headline(view, packages));
    add(rows, &count, third);
    return count;
}

/* Name, base year and last inventory, one under the other: "1990  2 650°". */
static void fact_text(const tj_subject *s, size_t package, size_t line, char *text, size_t size)
{
    int base = tj_view_year(s->view, s->view->base_year);
    char value[256], change[64];
    text[0] = '\0';
    if (line == 0) {
        snprintf(text, size, "%s", tj_view_label(s->view, s->axis, s->index));
    } else if (line == 1 && base >= 0) {
        tj_subject_value(s, package, (size_t)base, value, sizeof value);
        value[strcspn(value, "[")] = '\0';
        snprintf(text, size, "%d  %s", s->view->base_year, value);
    } else if (line == 2) {
        tj_subject_value(s, package, s->last, value, sizeof value);
        value[strcspn(value, "[")] = '\0';
        tj_subject_change(s, package, s->last, change, sizeof change);
        snprintf(text, size, "%d  %s  %s", s->view->years[s->last], value, change);
    }
}

static void print_values(const tj_subject *s, size_t package, FILE *out)
{
    char text[512];
    size_t year = s->last;
    tj_text_pad(out, tj_view_label(s->view, "package", package), PACKAGE, 0);
    for (size_t k = 0; k < s->n_keys; k++) {
        year = (size_t)tj_view_year(s->view, s->key[k]);
        tj_subject_value(s, package, year, text, sizeof text);
        tj_text_pad(out, text, VALUE, 1);
    }
    tj_subject_change(s, package, year, text, sizeof text);
    tj_text_pad(out, text, CHANGE, 1);
}

static void print_subject(const tj_subject *s, const tj_shown *shown, size_t target, heading *last, FILE *out)
{
    const tj_choice *packages = &shown->packages;
    size_t rows[TJ_FEW_PACKAGES],
        count = tj_page_few(s->view, packages, third_row(s, packages, target), rows);
    fputc('\n', out);
    print_heading(s, last, out);
    for (size_t line = 0; line < (count > FACTS ? count : FACTS); line++) {
        char text[512];
        fact_text(s, rows[0], line, text, sizeof text);
        if (line == 0)
            fputs(tj_style_begin(out, TJ_BOLD), out);
        if (line < count)
            tj_text_pad(out, text, NAME, 0);
        else
            fputs(text, out);
        if (line == 0)
            fputs(tj_style_begin(out, TJ_PLAIN), out);
        if (line < count)
            print_values(s, rows[line], out);
        fputc('\n', out);
    }
}

/* ---- how often the main target is reached ---- */

/* "1 Reference · 2 Adopted plans · …" */
static void print_numbers(const tj_view *view, const tj_choice *packages, FILE *out)
{
    char text[4096];
    size_t used = 0;
    text[0] = '\0';
    for (size_t p = 0; p < packages->count && used < sizeof text; p++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%zu %s", p > 0 ? " · " : "", p + 1,
                                 tj_view_label(view, "package", packages->items[p]));
    tj_text_wrap(out, text, 2, 2, PAGE);
}

/* What a target asks, without the quotation marks of a label. */
static void print_goal(const tj_view *view, size_t target, FILE *out)
{
    static const char first[] = "“", last[] = "”";
    char text[256];
    tj_page_goal(view, target, text, sizeof text);
    size_t from = strncmp(text, first, strlen(first)) == 0 ? strlen(first) : 0, length = strlen(text);
    if (from > 0 && length > from + strlen(last) && strcmp(text + length - strlen(last), last) == 0)
        text[length - strlen(last)] = '\0';
    tj_text_pad(out, text + from, GOAL, 0);
}

/* The packages from `first` on that fit side by side; nothing where no city has a target that is judged. */
static void print_chances(tj_view *view, const tj_shown *shown, size_t background, size_t first, size_t count,
                          FILE *out)
{
    fprintf(out, "%*s", 2 + CITY + GOAL, "");
    for (size_t p = 0; p < count; p++)
        fprintf(out, "%*zu", PERCENT, first + p + 1);
    fputc('\n', out);
    for (size_t c = 0; c < shown->cities.count; c++) {
        size_t city = shown->cities.items[c], target = tj_view_main_target(view, city);
        char text[256];
        if (target == view->n_targets)
            continue;
        fputs("  ", out);
        tj_text_pad(out, tj_view_label(view, "city", city), CITY - 1, 0);
        fputc(' ', out);
        print_goal(view, target, out);
        for (size_t p = 0; p < count; p++) {
            tj_page_percent(text, sizeof text,
                            share_of(view, TJ_FIELD_TARGET_PROBABILITY, background,
                                     shown->packages.items[first + p], target),
                            0);
            tj_text_pad(out, text, PERCENT, 1);
        }
        fputc('\n', out);
    }
}

/* The largest standard error of these probabilities, in points; NaN: none is judged. */
static double worst_error(tj_view *view, const tj_shown *shown, size_t background)
{
    double worst = NAN;
    for (size_t c = 0; c < shown->cities.count; c++) {
        size_t target = tj_view_main_target(view, shown->cities.items[c]);
        for (size_t p = 0; target < view->n_targets && p < shown->packages.count; p++)
            worst = fmax(worst, 100 * share_of(view, TJ_FIELD_TARGET_PROBABILITY_SE, background,
                                               shown->packages.items[p], target));
    }
    return worst;
}

static void print_targets(tj_view *view, const tj_shown *shown, size_t background, FILE *out)
{
    const size_t fit = (PAGE - 2 - CITY - GOAL) / PERCENT, all = shown->packages.count;
    double error = worst_error(view, shown, background);
    char number[32];
    if (isnan(error))
        return;
    tj_text_number_in(number, sizeof number, error, 1, view->language);
    fprintf(out, "\n%s", tj_style_begin(out, TJ_BOLD));
    fprintf(out, tj_say(TJ_SAY_CHANCES, view->language), number);
    fprintf(out, "%s\n", tj_style_begin(out, TJ_PLAIN));
    print_numbers(view, &shown->packages, out);
    for (size_t first = 0; first < all; first += fit)
        print_chances(view, shown, background, first, all - first < fit ? all - first : fit, out);
}

void tj_page_table(tj_view *view, const tj_shown *shown, size_t background, size_t groups, FILE *out)
{
    size_t headline = tj_view_headline(view, &shown->packages);
    heading last = {.n_keys = 0};
    for (size_t c = 0; c < shown->cities.count; c++) {
        size_t city = shown->cities.items[c];
        const tj_subject s = tj_subject_of(view, TJ_PLACE_CITY, background, city, headline);
        print_subject(&s, shown, tj_view_main_target(view, city), &last, out);
    }
    for (size_t g = 0; g < groups; g++) {
        const tj_subject s = tj_subject_of(view, TJ_PLACE_GROUP, background, g, headline);
        print_subject(&s, shown, view->n_targets, &last, out);
    }
    print_targets(view, shown, background, out);
}
