/* Phase 7d, on request: the library, every measure in every city that it reaches, and what goes with it. */
#include "scenarios/lower.h"

#include <string.h>

/* Sum over the years after H of what a use costs, EUR. NaN: not known. */
static double cost_in(tj_lowering *low, const tj_use *use, int city, double *years)
{
    double sum = 0;
    memset(years, 0, (size_t)low->n_years * sizeof *years);
    if (!tj_lower_add_cost(low, use, city, years))
        return NAN;
    for (int y = 0; y < low->n_years; y++)
        sum += years[y];
    return sum;
}

/* What every measure is to one city; the uses of those that reach it go to `uses`. */
static size_t describe_city(tj_lowering *low, int city, tj_use *uses, double *years)
{
    tj_library_info *info = &low->out->library;
    const tj_study *study = low->study;
    size_t count = 0;
    for (size_t m = 0; m < study->measures_count; m++) {
        const tj_measure *measure = &study->measures[m];
        size_t at = (size_t)city * study->measures_count + (size_t)low->measure_rank[m];
        if (!tj_lower_reaches(low, measure, city))
            continue;
        info->reaches[at] = 1;
        uses[count] = (tj_use){.measure = (int)m, .strength = 1.0, .start = measure->ramp.start.value};
        info->cost[at] = cost_in(low, &uses[count++], city, years);
    }
    return count;
}

static void note_reference(tj_lowering *low, int city, tj_use *uses)
{
    const tj_package *reference = &low->study->packages[low->reference_package];
    size_t count = tj_lower_uses(low, reference, city, uses);
    for (size_t u = 0; u < count; u++)
        low->out->library.in_reference[(size_t)city * low->study->measures_count +
                                       (size_t)low->measure_rank[uses[u].measure]] = 1;
}

void tj_lower_library(tj_lowering *low)
{
    const tj_study *study = low->study;
    tj_library_info *info = &low->out->library;
    size_t n = study->measures_count, pairs = (size_t)low->n_cities * n + 1;
    tj_use *uses = tj_lower_alloc(low, n + 1, sizeof *uses);
    double *years = tj_lower_alloc(low, (size_t)low->n_years, sizeof *years);
    info->measures = tj_lower_alloc(low, n + 1, sizeof *info->measures);
    info->reaches = tj_lower_alloc(low, pairs, sizeof *info->reaches);
    info->in_reference = tj_lower_alloc(low, pairs, sizeof *info->in_reference);
    info->cost = tj_lower_alloc(low, pairs, sizeof *info->cost);
    if (low->memory_short)
        return;
    info->n_measures = (int)n;
    for (size_t m = 0; m < n; m++)
        info->measures[low->measure_rank[m]] = (int)m;
    for (int c = 0; c < low->n_cities; c++) {
        size_t count = describe_city(low, c, uses, years);
        tj_plan_slice slice = tj_lower_slice(low, c, uses, count);
        tj_plan_add(low->builder, TJ_SECTION_LIBRARY, &slice, 1);
        note_reference(low, c, uses);
    }
}
