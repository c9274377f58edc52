/* Phase 7d, on request: the library, every measure in every city that it reaches, and what goes with it. */
#include "scenarios/lower.h"

#include <string.h>

/* Money a year. */
static tj_dimension money_per_year(void)
{
    tj_dimension dimension = {{0}};
    dimension.exponent[TJ_BASE_MONEY] = 1;
    dimension.exponent[TJ_BASE_TIME] = -1;
    return dimension;
}

void tj_lower_check_cost(tj_lowering *low, const tj_measure *measure, const char *what)
{
    for (size_t i = 0; i < measure->cost.count; i++)
        tj_lower_check(low, &measure->cost.items[i].value, money_per_year(), -INFINITY, INFINITY,
                       tj_lower_text(low, "%s, cost", what));
    tj_lower_check_places(low, &measure->cost);
    if (measure->cost.count > 0 && measure->ramp.mark.file == NULL)
        TJ_LOWER_ERROR(low, measure->cost.items[0].value.mark, "%s: a cost needs the measure's own ramp",
                       what);
}

/* Sum over the years after H of cost times ramp, EUR; a distribution counts by its mean. NaN: not given. */
static double cost_in(tj_lowering *low, const tj_measure *measure, int city)
{
    const tj_quantity *cost = tj_lower_local(low, &measure->cost, city);
    if (cost == NULL)
        return NAN;
    int32_t at = tj_lower_ramp(low, &measure->ramp, measure->ramp.start.value, city);
    double sum = 0, each = tj_dists[cost->dist.kind].mean(&cost->dist);
    for (size_t i = 0; i < low->ramps_count; i++)
        for (int y = 0; low->ramps[i].numbers == at && y < low->n_years; y++)
            sum += each * low->ramps[i].r[y];
    return sum;
}

/* What every measure is to one city; the uses of those that reach it go to `uses`. */
static size_t describe_city(tj_lowering *low, int city, tj_use *uses)
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
        info->cost[at] = cost_in(low, measure, city);
        uses[count++] = (tj_use){.measure = (int)m, .strength = 1.0, .start = measure->ramp.start.value};
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
        size_t count = describe_city(low, c, uses);
        tj_plan_slice slice = tj_lower_slice(low, c, uses, count);
        tj_plan_add(low->builder, TJ_SECTION_LIBRARY, &slice, 1);
        note_reference(low, c, uses);
    }
}
