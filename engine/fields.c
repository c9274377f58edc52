/* The catalogue of output fields and of their groups: one record each, from which the reducer, the writers,
 * the lists and the documentation are made.
 *
 * Invariant: every identifier of TJ_FIELD_LIST has exactly one record here, and all that a record says
 * is constant; lengths come from the plan. */
#include "engine/fields.h"

#include <assert.h>
#include <string.h>

/* clang-format off */

/* The two or four records of a quantity: `what` completes the sentence, the rest are its own axes. */
#define QUANTILES(OUTPUT, ID, NAME, UNITS, UNIT, WHAT, ...) \
    [TJ_FIELD_##ID##_QUANTILE] = {NAME "_quantile", UNITS, UNIT, "Quantiles over the draws of " WHAT ".", {__VA_ARGS__, TJ_DIM_QUANTILE}, TJ_OUTPUT_##OUTPUT}, \
    [TJ_FIELD_##ID##_QUANTILE_SE] = {NAME "_quantile_se", UNITS, UNIT, "Monte Carlo standard errors of the quantiles of " WHAT ".", {__VA_ARGS__, TJ_DIM_QUANTILE}, TJ_OUTPUT_##OUTPUT}
#define MEANS(OUTPUT, ID, NAME, UNITS, UNIT, WHAT, ...) \
    [TJ_FIELD_##ID##_MEAN] = {NAME "_mean", UNITS, UNIT, "Mean over the draws of " WHAT ".", {__VA_ARGS__}, TJ_OUTPUT_##OUTPUT}, \
    [TJ_FIELD_##ID##_MEAN_SE] = {NAME "_mean_se", UNITS, UNIT, "Monte Carlo standard error of the mean of " WHAT ".", {__VA_ARGS__}, TJ_OUTPUT_##OUTPUT}
#define SUMMARY(...) QUANTILES(__VA_ARGS__), MEANS(__VA_ARGS__)

#define YEARLY "t year-1", "t CO2-equiv/yr"
#define TONNES "t", "t CO2-equiv"
#define FRACTION "1", "1"
/* Lets the unit pairs above count as two arguments. */
#define SUMMARY_IN(...) SUMMARY(__VA_ARGS__)
#define MEANS_IN(...) MEANS(__VA_ARGS__)

const tj_field tj_fields[TJ_FIELDS] = {
    SUMMARY_IN(TOTALS, TOTAL, "emissions_total", YEARLY,
               "the city's territorial emissions",
               TJ_DIM_CITY, TJ_DIM_YEAR),
    SUMMARY_IN(SECTORS, SECTOR, "emissions_sector", YEARLY,
               "the emissions of one sector of the city (removals sectors: tonnes taken out)",
               TJ_DIM_CITY, TJ_DIM_SECTOR, TJ_DIM_YEAR),
    [TJ_FIELD_GAS_MEAN] = {"emissions_gas_mean", YEARLY,
        "Mean over the draws of the part of the city's territorial emissions that is known to be of one gas.",
        {TJ_DIM_CITY, TJ_DIM_GAS, TJ_DIM_YEAR}, TJ_OUTPUT_SECTORS},
    SUMMARY_IN(TOTALS, CHANGE, "change_since_base", FRACTION,
               "the change of the city's territorial emissions since the base year, as a fraction of it",
               TJ_DIM_CITY, TJ_DIM_YEAR),
    SUMMARY_IN(TOTALS, PER_CAPITA, "emissions_per_capita", "t year-1", "t CO2-equiv/person/yr",
               "the city's territorial emissions per inhabitant",
               TJ_DIM_CITY, TJ_DIM_YEAR),
    SUMMARY_IN(TOTALS, AVOIDED, "avoided", YEARLY,
               "the city's emissions avoided: the reference package minus this one, draw by draw",
               TJ_DIM_CITY, TJ_DIM_YEAR),
    SUMMARY_IN(TOTALS, CUMULATIVE, "cumulative", TONNES,
               "the city's territorial emissions summed over the projected years",
               TJ_DIM_CITY),
    SUMMARY_IN(TOTALS, REMOVALS, "removals", "t year-1", "t CO2/yr",
               "carbon dioxide taken out in the city, reported apart from reductions",
               TJ_DIM_CITY, TJ_DIM_YEAR),
    SUMMARY_IN(TOTALS, GROUP, "group_total", YEARLY,
               "the territorial emissions of a group of cities, summed draw by draw",
               TJ_DIM_GROUP, TJ_DIM_YEAR),
    SUMMARY_IN(TOTALS, GROUP_CHANGE, "group_change_since_base", FRACTION,
               "the change of a group's territorial emissions since the base year, as a fraction of it",
               TJ_DIM_GROUP, TJ_DIM_YEAR),
    SUMMARY_IN(TOTALS, GROUP_AVOIDED, "group_avoided", YEARLY,
               "a group's emissions avoided: the reference package minus this one, draw by draw",
               TJ_DIM_GROUP, TJ_DIM_YEAR),
    [TJ_FIELD_TARGET_PROBABILITY] = {"target_probability", FRACTION,
        "Share of the draws with a verdict in which the target is met.",
        {TJ_DIM_TARGET}, TJ_OUTPUT_TARGETS},
    [TJ_FIELD_TARGET_PROBABILITY_SE] = {"target_probability_se", FRACTION,
        "Monte Carlo standard error of the probability of meeting the target.",
        {TJ_DIM_TARGET}, TJ_OUTPUT_TARGETS},
    [TJ_FIELD_TARGET_UNDEFINED] = {"target_undefined", FRACTION,
        "Number of draws without a verdict, because a year the target needs has no complete value.",
        {TJ_DIM_TARGET}, TJ_OUTPUT_TARGETS},
    SUMMARY_IN(TARGETS, TARGET_GAP, "target_gap", YEARLY,
               "emissions above what the target allows in its year, positive when missed (budgets: tonnes in all)",
               TJ_DIM_TARGET),
    SUMMARY_IN(TARGETS, TARGET_GAP_PERCENT, "target_gap_percent", "percent", "% of the base year",
               "the gap to the target in percent points of the base year's emissions (budgets: of the budget)",
               TJ_DIM_TARGET),
    [TJ_FIELD_TARGET_NEVER] = {"target_never", FRACTION,
        "Share of the draws in which what the target asks is at no time reached for good within the horizon.",
        {TJ_DIM_TARGET}, TJ_OUTPUT_TARGETS},
    [TJ_FIELD_TARGET_FIRST_YEAR_QUANTILE] = {"target_first_year_quantile", "1", "year",
        "Quantiles of the first year from which on the target is met for good, over the draws that have one.",
        {TJ_DIM_TARGET, TJ_DIM_QUANTILE}, TJ_OUTPUT_TARGETS},
    SUMMARY_IN(TARGETS, TARGET_OVERSHOOT, "target_overshoot", TONNES,
               "emissions above the target's path, summed from the last inventory to the target year",
               TJ_DIM_TARGET),
    MEANS_IN(TARGETS, TARGET_BUDGET_USE, "target_budget_use", FRACTION,
             "the fraction of the target's budget that is used",
             TJ_DIM_TARGET),
    [TJ_FIELD_TARGET_BASELINE_SHARE] = {"target_baseline_share", FRACTION,
        "Share of the variance of target_gap_percent that is due to not knowing the base year: the error of its back-cast and of a proxy's level.",
        {TJ_DIM_TARGET}, TJ_OUTPUT_TARGETS},
    [TJ_FIELD_TARGET_BASELINE_SHARE_SE] = {"target_baseline_share_se", FRACTION,
        "Monte Carlo standard error of the base year's share of the variance.",
        {TJ_DIM_TARGET}, TJ_OUTPUT_TARGETS},
    SUMMARY_IN(PHYSICAL, PHYSICAL, "physical", "1", "as row_unit says",
               "a physical result of a city: energy, units, sales, renovated floor, factors",
               TJ_DIM_ROW, TJ_DIM_YEAR),
    [TJ_FIELD_TOTAL_DRAW] = {"emissions_total_draw", YEARLY,
        "The city's territorial emissions in every draw.",
        {TJ_DIM_CITY, TJ_DIM_YEAR, TJ_DIM_DRAW}, TJ_OUTPUT_DRAWS},
    [TJ_FIELD_SECTOR_DRAW] = {"emissions_sector_draw", YEARLY,
        "The emissions of one sector of the city in every draw.",
        {TJ_DIM_CITY, TJ_DIM_SECTOR, TJ_DIM_YEAR, TJ_DIM_DRAW}, TJ_OUTPUT_SECTOR_DRAWS},
};
/* clang-format on */

const tj_output_record tj_outputs[TJ_OUTPUTS] = {
    [TJ_OUTPUT_TOTALS] =
        {"totals", "totals of cities and groups, change, per inhabitant, avoided, cumulative, removals"},
    [TJ_OUTPUT_TARGETS] = {"targets", "every target judged: probability, gap, first year, overshoot"},
    [TJ_OUTPUT_SECTORS] = {"sectors", "emissions by sector and by gas"},
    [TJ_OUTPUT_PHYSICAL] = {"physical", "energy, units, sales, renovated floor, factors"},
    [TJ_OUTPUT_DRAWS] = {"draws", "the total of a city in every draw (large)"},
    [TJ_OUTPUT_SECTOR_DRAWS] = {"sector-draws", "the emissions of each sector in every draw (very large)"},
};

int tj_output_find(const char *name)
{
    for (int i = 0; i < TJ_OUTPUTS; i++)
        if (strcmp(tj_outputs[i].name, name) == 0)
            return i;
    return -1;
}

void tj_output_names(tj_output_set set, char separator, char *text)
{
    size_t used = 0;
    for (int i = 0; i < TJ_OUTPUTS; i++) {
        size_t length = strlen(tj_outputs[i].name);
        if (!(set & TJ_OUTPUT_BIT(i)))
            continue;
        assert(used + length + 2 <= TJ_OUTPUT_TEXT);
        if (used > 0)
            text[used++] = separator;
        memcpy(text + used, tj_outputs[i].name, length);
        used += length;
    }
    text[used] = '\0';
}

int tj_field_asked(tj_output_set outputs, tj_field_id field)
{
    assert((unsigned)field < TJ_FIELDS);
    tj_output_set set = outputs != 0 ? outputs : TJ_OUTPUTS_DEFAULT;
    return (set & TJ_OUTPUT_BIT(tj_fields[field].output)) != 0;
}

int tj_dim_asked(tj_output_set outputs, tj_dim dim)
{
    int asked = 0;
    for (int f = 0; f < TJ_FIELDS; f++)
        for (const tj_dim *own = tj_fields[f].dims; *own != TJ_DIM_END; own++)
            asked |= *own == dim && tj_field_asked(outputs, (tj_field_id)f);
    return asked;
}

static const char *const dim_names[TJ_DIMS] = {
    [TJ_DIM_END] = "",          [TJ_DIM_CITY] = "city",         [TJ_DIM_GROUP] = "group",
    [TJ_DIM_SECTOR] = "sector", [TJ_DIM_GAS] = "gas",           [TJ_DIM_YEAR] = "year",
    [TJ_DIM_TARGET] = "target", [TJ_DIM_QUANTILE] = "quantile", [TJ_DIM_DRAW] = "draw",
    [TJ_DIM_ROW] = "row",
};

size_t tj_dim_length(const tj_plan *plan, tj_dim dim, size_t draws)
{
    const tj_plan_settings *settings = tj_plan_get_settings(plan);
    const size_t length[TJ_DIMS] = {
        [TJ_DIM_END] = 1,
        [TJ_DIM_CITY] = (size_t)settings->n_cities,
        [TJ_DIM_GROUP] = (size_t)settings->n_groups,
        [TJ_DIM_SECTOR] = (size_t)settings->n_sectors,
        [TJ_DIM_GAS] = (size_t)settings->n_gases,
        [TJ_DIM_YEAR] = (size_t)settings->n_years,
        [TJ_DIM_TARGET] = (size_t)settings->n_targets,
        [TJ_DIM_QUANTILE] = (size_t)settings->n_quantiles,
        [TJ_DIM_DRAW] = draws,
        [TJ_DIM_ROW] = (size_t)settings->n_rows,
    };
    assert((unsigned)dim < TJ_DIMS);
    return length[dim];
}

size_t tj_field_length(const tj_plan *plan, tj_field_id field, size_t draws)
{
    assert((unsigned)field < TJ_FIELDS);
    size_t length = 1;
    for (const tj_dim *dim = tj_fields[field].dims; *dim != TJ_DIM_END; dim++)
        length *= tj_dim_length(plan, *dim, draws);
    return length;
}

const char *tj_dim_name(tj_dim dim)
{
    assert((unsigned)dim < TJ_DIMS);
    return dim_names[dim];
}
