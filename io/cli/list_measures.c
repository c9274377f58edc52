/* trajekt list measures: what a city can do, and what it costs. An amount is that of a city at full reach, a
 * distribution by its mean: one number, or the least and the most over the places that it is given for. */
#include "io/cli/lists.h"

#include <math.h>

const tj_sheet_column tj_measure_columns[TJ_MEASURE_COLUMNS] = {
    {"id", NULL, 0, 0},
    {"label", NULL, 0, 0},
    {"theme", NULL, 0, 0},
    {"effects", NULL, 1, 0},
    {"investment", "investment, MEUR", 1, 0},
    {"lifetime", "lifetime, years", 1, 0},
    {"operation", "operation, MEUR a year", 1, 0},
    {"where", NULL, 0, 0},
};

static void amounts_cell(tj_sheet *table, const tj_local_quantities *amounts)
{
    double least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < amounts->count; i++) {
        const tj_dist *dist = &amounts->items[i].value.dist;
        double mean = tj_dists[dist->kind].mean(dist) / 1e6;
        least = fmin(least, mean);
        most = fmax(most, mean);
    }
    if (amounts->count == 0)
        tj_sheet_text(table, NULL);
    else if (least < most)
        tj_sheet_format(table, "%.4g–%.4g", least, most);
    else
        tj_sheet_format(table, "%.4g", least);
}

void tj_list_measures(tj_sheet *table, const tj_list *list, const tj_study *study, const char *language)
{
    (void)list;
    for (size_t i = 0; i < study->measures_count; i++) {
        const tj_measure *measure = &study->measures[i];
        tj_sheet_text(table, measure->id.text);
        tj_sheet_text(table, tj_label_in(&measure->label, language, measure->id.text));
        tj_sheet_text(table, measure->theme);
        tj_sheet_number(table, (double)measure->effects_count);
        amounts_cell(table, &measure->cost.investment);
        if (measure->cost.lifetime.mark.file != NULL)
            tj_sheet_number(table, measure->cost.lifetime.dist.p[0]);
        else
            tj_sheet_text(table, NULL);
        amounts_cell(table, &measure->cost.operation);
        tj_list_names(table, measure->cities.count > 0 ? &measure->cities : &measure->countries,
                      "everywhere");
    }
}
