/* The targets of a city on its page; see show.h. */
#include "io/cli/show.h"
#include "io/cli/terminal.h"
#include "io/cli/text.h"
#include "io/cli/words.h"
#include "scenarios/reason.h"

#include <math.h>
#include <stdio.h>

const char *tj_page_percent(char *text, size_t size, double share, double se)
{
    double percent = 100 * share;
    char error[16] = "";
    if (100 * se >= 0.5)
        snprintf(error, sizeof error, "±%.0f", 100 * se);
    if (isnan(share))
        snprintf(text, size, "–");
    else if (percent > 0 && percent < 0.5)
        snprintf(text, size, "<1");
    else if (percent < 100 && percent >= 99.5)
        snprintf(text, size, ">99");
    else
        snprintf(text, size, "%.0f%s", percent, error);
    return text;
}

/* The grid of probabilities: a row a target, a column a package, numbered as in the table of packages. */
typedef struct grid {
    tj_view *view;
    size_t background, city;
    const size_t *packages; /* those side by side */
    size_t count, first;    /* how many, and the number before the first */
    size_t label;           /* columns of a target's label */
} grid;

enum { PAGE = 100, MARGIN = 4, PERCENT = 6, LEAST_LABEL = 36, MOST_LABEL = 60 };

static int is_judged(const tj_view *view, size_t target, size_t city)
{
    return tj_view_target_of(view, target, city) && tj_view_assessed(view, target);
}

static void print_target(const grid *g, size_t target, FILE *out)
{
    tj_text_pad(out, "", MARGIN, 0);
    tj_text_pad(out, tj_view_label(g->view, "target", target), g->label, 0);
    for (size_t p = 0; p < g->count; p++) {
        const double *share =
            tj_view_block(g->view, TJ_FIELD_TARGET_PROBABILITY, g->background, g->packages[p]);
        const double *se =
            tj_view_block(g->view, TJ_FIELD_TARGET_PROBABILITY_SE, g->background, g->packages[p]);
        char text[32];
        tj_page_percent(text, sizeof text, share != NULL ? share[target] : NAN,
                        se != NULL ? se[target] : NAN);
        tj_text_pad(out, text, PERCENT, 1);
    }
    fputc('\n', out);
}

static void print_grid(const grid *g, FILE *out)
{
    fprintf(out, "%*s", MARGIN + (int)g->label, "");
    for (size_t p = 0; p < g->count; p++)
        fprintf(out, "%*zu", PERCENT, g->first + p + 1);
    fputc('\n', out);
    for (size_t t = 0; t < g->view->n_targets; t++)
        if (is_judged(g->view, t, g->city))
            print_target(g, t, out);
}

/* As many packages side by side as fit, then the next. */
void tj_page_targets(tj_view *view, const tj_shown *shown, size_t background, size_t city, FILE *out)
{
    const tj_choice *packages = &shown->packages;
    const size_t fit = (PAGE - MARGIN - LEAST_LABEL) / PERCENT;
    size_t widest = packages->count < fit ? packages->count : fit, label = PAGE - MARGIN - PERCENT * widest;
    size_t judged = 0;
    for (size_t t = 0; t < view->n_targets; t++)
        judged += (size_t)is_judged(view, t, city);
    if (judged == 0)
        return;
    fprintf(out, "%*s%s\n", MARGIN, "", tj_say(TJ_SAY_TARGETS, view->language));
    for (size_t first = 0; first < packages->count; first += fit) {
        size_t left = packages->count - first;
        const grid g = {.view = view,
                        .background = background,
                        .city = city,
                        .packages = packages->items + first,
                        .count = left < fit ? left : fit,
                        .first = first,
                        .label = label < MOST_LABEL ? label : MOST_LABEL};
        print_grid(&g, out);
    }
}

void tj_page_baseline(tj_view *view, size_t background, size_t package, size_t city, FILE *out)
{
    const double *share = tj_view_block(view, TJ_FIELD_TARGET_BASELINE_SHARE, background, package);
    const double *se = tj_view_block(view, TJ_FIELD_TARGET_BASELINE_SHARE_SE, background, package);
    char text[4096], percent[32];
    size_t found = 0;
    size_t used = (size_t)snprintf(text, sizeof text, tj_say(TJ_SAY_BASELINE, view->language),
                                   tj_view_label(view, "package", package));
    for (size_t t = 0; t < view->n_targets && share != NULL && se != NULL; t++) {
        if (!is_judged(view, t, city) || !(share[t] >= 0.005) || used >= sizeof text)
            continue;
        tj_page_percent(percent, sizeof percent, share[t], se[t]);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s %s (%s %%)", found++ > 0 ? ";" : "",
                                 tj_view_label(view, "target", t), percent);
    }
    if (found > 0)
        tj_text_wrap(out, text, 4, 6, PAGE);
}

const char *tj_page_reason(const tj_view *view, size_t target, char *text, size_t size)
{
    char key[32];
    snprintf(key, sizeof key, "reason_%s", view->language);
    const char *own = tj_results_item_text(view->results, "target", target, key);
    const char *reason = tj_results_item_text(view->results, "target", target, "reason");
    return own != NULL || reason == NULL ? own : tj_reason_say(reason, view->language, text, size);
}

/* "Not assessable: label (reason); …", wrapped; nothing where all are judged. */
void tj_page_unjudged(tj_view *view, size_t city, FILE *out)
{
    char text[8192];
    size_t used = (size_t)snprintf(text, sizeof text, "%s", tj_say(TJ_SAY_NOT_ASSESSED, view->language));
    size_t found = 0;
    for (size_t t = 0; t < view->n_targets; t++) {
        if (!tj_view_target_of(view, t, city) || tj_view_assessed(view, t))
            continue;
        char said[512];
        const char *reason = tj_page_reason(view, t, said, sizeof said);
        if (used < sizeof text)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s %s (%s)", found++ > 0 ? ";" : "",
                                     tj_view_label(view, "target", t), reason != NULL ? reason : "–");
    }
    if (found > 0) {
        fputs(tj_style_begin(out, TJ_DIM), out);
        tj_text_wrap(out, text, 4, 6, PAGE);
        fputs(tj_style_begin(out, TJ_PLAIN), out);
    }
}
