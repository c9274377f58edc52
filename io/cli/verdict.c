/* The verdict: one sentence a city; see show.h. */
#include "io/cli/page_parts.h"
#include "io/cli/text.h"
#include "io/cli/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static double probability(tj_view *view, size_t background, size_t package, size_t target)
{
    const double *share = tj_view_block(view, TJ_FIELD_TARGET_PROBABILITY, background, package);
    return share != NULL ? share[target] : NAN;
}

size_t tj_page_best(tj_view *view, const tj_choice *packages, size_t background, size_t target)
{
    size_t best = packages->items[0];
    double most = -1;
    for (size_t i = 0; i < packages->count; i++) {
        double share = probability(view, background, packages->items[i], target);
        if (share > most) {
            most = share;
            best = packages->items[i];
        }
    }
    return best;
}

void tj_page_goal(const tj_view *view, size_t target, char *text, size_t size)
{
    const tj_results *r = view->results;
    const char *kind = tj_results_item_text(r, "target", target, "kind");
    double value = tj_results_item_number(r, "target", target, "value");
    double year = tj_results_item_number(r, "target", target, "year");
    double base = tj_results_item_number(r, "target", target, "base_year");
    char percent[32];
    if (isnan(value) || isnan(year) || kind == NULL || strcmp(kind, "path") == 0 ||
        strcmp(kind, "budget") == 0) {
        snprintf(text, size, "“%s”", tj_view_label(view, "target", target));
        return;
    }
    tj_text_number_in(percent, sizeof percent, 100 * value,
                      fabs(100 * value - round(100 * value)) < 0.05 ? 0 : 1, view->language);
    if (strcmp(kind, "remaining") == 0)
        snprintf(text, size, tj_say(TJ_SAY_REMAINING, view->language), percent, (int)year,
                 isnan(base) ? view->base_year : (int)base);
    else
        snprintf(text, size,
                 tj_say(strcmp(kind, "neutral") == 0 ? TJ_SAY_NEUTRAL : TJ_SAY_REDUCTION, view->language),
                 percent, (int)year);
}

static void percent_words(char *text, size_t size, double share)
{
    char number[32];
    snprintf(text, size, "%s %%", tj_page_percent(number, sizeof number, share, 0));
}

void tj_page_verdict(tj_view *view, const tj_shown *shown, size_t background, size_t city, FILE *out)
{
    size_t target = tj_view_main_target(view, city), headline = tj_view_headline(view, &shown->packages);
    const char *name = tj_view_label(view, "city", city);
    char sentence[2048], goal[256], percent[48];
    if (target == view->n_targets || isnan(probability(view, background, headline, target))) {
        snprintf(sentence, sizeof sentence, tj_say(TJ_SAY_NO_VERDICT, view->language), name);
        tj_text_wrap(out, sentence, 2, 4, 100);
        return;
    }
    double share = probability(view, background, headline, target);
    size_t best = tj_page_best(view, &shown->packages, background, target);
    double most = probability(view, background, best, target);
    tj_page_goal(view, target, goal, sizeof goal);
    percent_words(percent, sizeof percent, share);
    size_t used = (size_t)snprintf(sentence, sizeof sentence, tj_say(TJ_SAY_VERDICT, view->language), name,
                                   goal, percent, tj_view_label(view, "package", headline));
    percent_words(percent, sizeof percent, most);
    if (used < sizeof sentence)
        snprintf(sentence + used, sizeof sentence - used,
                 tj_say(most > share ? TJ_SAY_BEST : TJ_SAY_BEST_SAME, view->language),
                 tj_view_label(view, "package", best), percent);
    tj_text_wrap(out, sentence, 2, 4, 100);
}
