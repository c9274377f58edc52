/* Answers of a sweep; see sweep_answers.h. One pass over the combinations in order of cost. */
#include "io/cli/sweep_answers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const tj_sheet_column columns[] = {
    {"background", "Background", 0, 0},   {"target", "Target", 0, 0},
    {"answer", "Answer", 0, 0},           {"combinations", "Combinations", 1, 0},
    {"probability", "Probability", 1, 3}, {"cost_meur", "Cost, MEUR", 1, 1},
    {"measures", "Measures", 1, 0},       {"which", "Which", 0, 0},
};

static size_t combinations(const tj_answers *a)
{
    return (size_t)1 << a->n_measures;
}

/* Orders by cost (number of measures), then by number: the keys are whole or finite. */
typedef struct keyed {
    double key;
    uint32_t mask;
} keyed;

static int by_key(const void *x, const void *y)
{
    const keyed *a = x, *b = y;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->mask > b->mask) - (a->mask < b->mask);
}

static int sort(tj_answers *a)
{
    keyed *list = malloc(combinations(a) * sizeof *list);
    if (list == NULL)
        return -1;
    for (size_t i = 0; i < combinations(a); i++)
        list[i] = (keyed){a->priced ? a->cost[i] : __builtin_popcount((unsigned)i), (uint32_t)i};
    qsort(list, combinations(a), sizeof *list, by_key);
    for (size_t i = 0; i < combinations(a); i++)
        a->order[i] = list[i].mask;
    free(list);
    return 0;
}

int tj_answers_init(tj_answers *a, const char *const *measures, int n_measures, const double *price)
{
    *a = (tj_answers){.measures = measures, .n_measures = n_measures, .priced = 1, .within = 1, .top = 10};
    tj_sheet_init(&a->sheet, columns, sizeof columns / sizeof *columns);
    a->cost = malloc(combinations(a) * sizeof *a->cost);
    a->order = malloc(combinations(a) * sizeof *a->order);
    if (a->cost == NULL || a->order == NULL)
        return -1;
    a->cost[0] = 0;
    for (int i = 0; i < n_measures; i++) {
        a->priced &= !isnan(price[i]);
        for (size_t below = 0; below < (size_t)1 << i; below++)
            a->cost[below | (size_t)1 << i] = a->cost[below] + price[i];
    }
    return sort(a);
}

void tj_answers_free(tj_answers *a)
{
    free(a->cost);
    free(a->order);
    tj_sheet_free(&a->sheet);
}

/* ---- rows ---- */

typedef struct subject {
    tj_answers *answers;
    const char *background, *target;
    const double *probability;
} subject;

static void begin(const subject *s, const char *answer, double count)
{
    tj_sheet_text(&s->answers->sheet, s->background);
    tj_sheet_text(&s->answers->sheet, s->target);
    tj_sheet_text(&s->answers->sheet, answer);
    tj_sheet_number(&s->answers->sheet, count);
}

static void add_combination(const subject *s, const char *answer, uint32_t mask)
{
    tj_answers *a = s->answers;
    char which[2048] = "";
    size_t used = 0;
    for (int i = 0; i < a->n_measures && used < sizeof which - 80; i++)
        if (mask >> i & 1)
            used += (size_t)snprintf(which + used, sizeof which - used, "%s%.70s", used > 0 ? ", " : "",
                                     a->measures[i]);
    begin(s, answer, NAN);
    tj_sheet_number(&a->sheet, s->probability[mask]);
    tj_sheet_number(&a->sheet, a->cost[mask] / 1e6);
    tj_sheet_number(&a->sheet, __builtin_popcount(mask));
    tj_sheet_text(&a->sheet, mask == 0 ? "none" : which);
}

static void add_count(const subject *s, const char *answer, size_t count, double share, const char *which)
{
    tj_answers *a = s->answers;
    begin(s, answer, (double)count);
    tj_sheet_number(&a->sheet, share);
    tj_sheet_number(&a->sheet, NAN);
    tj_sheet_number(&a->sheet, NAN);
    tj_sheet_text(&a->sheet, which);
}

/* How many meet the target with this probability, and the first of them in the order. */
static void add_level(const subject *s, double level, const char *meets, const char *cheapest)
{
    const tj_answers *a = s->answers;
    size_t count = 0;
    uint32_t first = 0;
    for (size_t i = 0; i < combinations(a); i++) {
        if (!(s->probability[a->order[i]] >= level))
            continue;
        first = count++ == 0 ? a->order[i] : first;
    }
    add_count(s, meets, count, NAN, NULL);
    if (count > 0)
        add_combination(s, cheapest, first);
}

/* Nothing on the front is reached for less; at most `top` of its points, evenly, its ends among them. */
static void add_front(const subject *s)
{
    tj_answers *a = s->answers;
    size_t count = 0, said = 0;
    for (int pass = 0; pass < 2; pass++) {
        double best = -1;
        size_t at = 0;
        for (size_t i = 0; i < combinations(a); i++) {
            uint32_t mask = a->order[i];
            if (!(s->probability[mask] > best))
                continue;
            best = s->probability[mask];
            size_t wanted = count <= a->top ? at : said * (count - 1) / (a->top > 1 ? a->top - 1 : 1);
            if (pass == 1 && at == wanted && said < a->top) {
                add_combination(s, "front", mask);
                said++;
            }
            at++;
        }
        count = at;
    }
}

/* How often each measure occurs among those near the best. */
static void add_occurrences(const subject *s)
{
    const tj_answers *a = s->answers;
    double best = 0;
    size_t near = 0, held[32] = {0};
    for (size_t i = 0; i < combinations(a); i++)
        best = s->probability[i] > best ? s->probability[i] : best;
    if (best <= 0)
        return; /* all are equally far */
    for (size_t i = 0; i < combinations(a); i++) {
        if (!(s->probability[i] >= best - a->within / 100))
            continue;
        near++;
        for (int m = 0; m < a->n_measures; m++)
            held[m] += i >> m & 1;
    }
    for (int m = 0; m < a->n_measures; m++)
        add_count(s, "held near the best", held[m], (double)held[m] / (double)near, a->measures[m]);
}

/* Of equal probabilities the first in the order. */
static int find_best(const subject *s, uint32_t *best)
{
    const tj_answers *a = s->answers;
    int found = 0;
    for (size_t i = 0; i < combinations(a); i++) {
        uint32_t mask = a->order[i];
        if (isnan(s->probability[mask]) || (found && s->probability[mask] <= s->probability[*best]))
            continue;
        *best = mask;
        found = 1;
    }
    return found;
}

void tj_answers_add(tj_answers *a, const char *background, const char *target, const double *probability)
{
    const subject s = {a, background, target, probability};
    uint32_t best = 0;
    if (!find_best(&s, &best))
        return;
    add_combination(&s, "best", best);
    add_level(&s, 0.5, "likely (50 %)", a->priced ? "cheapest likely" : "smallest likely");
    add_level(&s, 0.9, "sure (90 %)", a->priced ? "cheapest sure" : "smallest sure");
    add_front(&s);
    add_occurrences(&s);
}
