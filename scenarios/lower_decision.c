/* Phase 7e: the choice between packages that a study states: its price, its packages and what they cost.
 *
 * Invariant: a measure without a cost makes every sum that it belongs to unknown, never smaller. */
#include "scenarios/lower.h"

#include <string.h>

static tj_dimension money_per_tonne(void)
{
    tj_dimension dimension = {{0}};
    dimension.exponent[TJ_BASE_MONEY] = 1;
    dimension.exponent[TJ_BASE_MASS] = -1;
    return dimension;
}

static void check_price(tj_lowering *low, const tj_quantity *price)
{
    if (tj_lower_check(low, price, money_per_tonne(), 0, INFINITY, "decision, price") &&
        price->dist.kind != TJ_DIST_FIXED)
        TJ_LOWER_ERROR(low, price->mark, "decision, price: found a distribution, expected a number");
}

/* Plan indexes of the packages; an unknown one is an error. */
static void find_packages(tj_lowering *low, const tj_names *names)
{
    tj_decision_info *info = &low->out->decision;
    const tj_study *study = low->study;
    info->packages = tj_lower_alloc(low, names->count + 1, sizeof *info->packages);
    const char **ids = tj_lower_alloc(low, study->packages_count + 1, sizeof *ids);
    if (low->memory_short)
        return;
    for (size_t p = 0; p < study->packages_count; p++)
        ids[p] = study->packages[p].id.text;
    for (size_t i = 0; i < names->count; i++) {
        int package = tj_study_package(study, names->items[i].text);
        if (package < 0)
            tj_diag_unknown(low->diags, names->items[i].mark, "package", names->items[i].text, ids,
                            study->packages_count);
        for (int p = 0; p < low->n_packages; p++)
            if (low->out->packages[p] == package)
                info->packages[info->n_packages++] = p;
    }
    if (names->count < 2)
        TJ_LOWER_ERROR(low, low->study->decision.mark,
                       "decision: a choice needs two packages or more, found %zu", names->count);
}

/* Adds a measure's name to those without a cost, each once. */
static void note_uncosted(tj_lowering *low, const char *id)
{
    const char **list = &low->out->decision.uncosted;
    size_t length = strlen(id);
    for (const char *at = *list; at != NULL && (at = strstr(at, id)) != NULL; at += length)
        if ((at == *list || at[-1] == ' ') && (at[length] == ',' || at[length] == '\0'))
            return;
    *list = *list == NULL ? id : tj_lower_text(low, "%s, %s", *list, id);
}

/* Adds what one measure costs in one city in each year; one without a cost is noted. */
static void add_cost(tj_lowering *low, const tj_use *use, int city, double *cost)
{
    if (tj_lower_add_cost(low, use, city, cost))
        return;
    note_uncosted(low, low->study->measures[use->measure].id.text);
    for (int y = 0; y < low->n_years; y++)
        cost[y] = NAN;
}

static void add_costs(tj_lowering *low)
{
    tj_decision_info *info = &low->out->decision;
    size_t years = (size_t)low->n_years, cities = (size_t)low->n_cities;
    info->cost = tj_lower_alloc(low, (size_t)info->n_packages * cities * years, sizeof *info->cost);
    tj_use *uses = tj_lower_alloc(low, low->study->measures_count + 1, sizeof *uses);
    for (int p = 0; !low->memory_short && p < info->n_packages; p++) {
        const tj_package *package = &low->study->packages[low->out->packages[info->packages[p]]];
        for (int c = 0; c < low->n_cities; c++) {
            size_t count = tj_lower_uses(low, package, c, uses);
            for (size_t u = 0; u < count; u++)
                add_cost(low, &uses[u], c, info->cost + ((size_t)p * cities + (size_t)c) * years);
        }
    }
}

void tj_lower_decision(tj_lowering *low)
{
    const tj_decision *decision = &low->study->decision;
    if (decision->mark.file == NULL)
        return;
    check_price(low, &decision->price);
    find_packages(low, &decision->packages);
    low->out->decision.price = decision->price.dist.p[0];
    if (!low->memory_short && low->diags->errors == 0) /* costs are summed where every name is known */
        add_costs(low);
    if (low->out->decision.uncosted != NULL)
        tj_diag_add(low->diags, TJ_NOTE, decision->mark, "decision: no cost is given for %s",
                    low->out->decision.uncosted);
}
