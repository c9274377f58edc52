/* The catalogue of fields: every row is whole, and lengths follow the plan's axes. */
#include "engine/fields.h"
#include "tests/harness.h"
#include "tests/plan_maker.h"

#include <string.h>

static const char *const identifiers[] = {
#define X(name) #name,
    TJ_FIELD_LIST(X)
#undef X
};

static void every_field_has_name_units_sentence_and_axes(void)
{
    for (int f = 0; f < TJ_FIELDS; f++) {
        const tj_field *field = &tj_fields[f];
        CU_ASSERT_FATAL(field->name != NULL && field->units != NULL && field->unit != NULL);
        CU_ASSERT(field->name[0] != '\0' && field->units[0] != '\0' && field->unit[0] != '\0');
        CU_ASSERT(strspn(field->name, "abcdefghijklmnopqrstuvwxyz_") == strlen(field->name));
        CU_ASSERT_FATAL(field->sentence != NULL && strlen(field->sentence) > 20);
        CU_ASSERT(field->sentence[strlen(field->sentence) - 1] == '.');
        CU_ASSERT(field->dims[0] == TJ_DIM_CITY || field->dims[0] == TJ_DIM_GROUP ||
                  field->dims[0] == TJ_DIM_TARGET || field->dims[0] == TJ_DIM_ROW);
    }
}

static void no_two_fields_share_a_name(void)
{
    for (int f = 0; f < TJ_FIELDS; f++)
        for (int g = 0; g < f; g++)
            CU_ASSERT(strcmp(tj_fields[f].name, tj_fields[g].name) != 0);
}

static int ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static int has_dim(const tj_field *field, tj_dim dim)
{
    int i = 0;
    while (field->dims[i] != TJ_DIM_END && field->dims[i] != dim)
        i++;
    return field->dims[i] == dim;
}

/* FOO_QUANTILE_SE is named "…_quantile_se", has a quantile axis and belongs to the draws' statistics. */
static void a_name_says_which_statistic_it_is(void)
{
    static const char *const ends[][2] = {{"_QUANTILE", "_quantile"},
                                          {"_QUANTILE_SE", "_quantile_se"},
                                          {"_MEAN", "_mean"},
                                          {"_MEAN_SE", "_mean_se"},
                                          {"_DRAW", "_draw"}};
    for (int f = 0; f < TJ_FIELDS; f++) {
        for (int e = 0; e < 5; e++)
            CU_ASSERT(ends_with(identifiers[f], ends[e][0]) == ends_with(tj_fields[f].name, ends[e][1]));
        int quantile = ends_with(identifiers[f], "_QUANTILE") || ends_with(identifiers[f], "_QUANTILE_SE");
        CU_ASSERT(has_dim(&tj_fields[f], TJ_DIM_QUANTILE) == quantile);
        CU_ASSERT(has_dim(&tj_fields[f], TJ_DIM_DRAW) == ends_with(identifiers[f], "_DRAW"));
    }
}

static int begins_with(const char *text, const char *begin)
{
    return strncmp(text, begin, strlen(begin)) == 0;
}

/* What is not a target's, a sector's (or gas's) or physical is a total. */
static void a_field_belongs_to_the_output_of_its_kind(void)
{
    for (int f = 0; f < TJ_FIELDS; f++) {
        const char *id = identifiers[f];
        tj_output expected = strcmp(id, "TOTAL_DRAW") == 0    ? TJ_OUTPUT_DRAWS
                             : strcmp(id, "SECTOR_DRAW") == 0 ? TJ_OUTPUT_SECTOR_DRAWS
                             : begins_with(id, "TARGET_")     ? TJ_OUTPUT_TARGETS
                             : begins_with(id, "SECTOR_") || strcmp(id, "GAS_MEAN") == 0 ? TJ_OUTPUT_SECTORS
                             : begins_with(id, "PHYSICAL_")                              ? TJ_OUTPUT_PHYSICAL
                                                                                         : TJ_OUTPUT_TOTALS;
        CU_ASSERT_EQUAL(tj_fields[f].output, expected);
        CU_ASSERT(tj_field_asked(TJ_OUTPUT_BIT(expected), (tj_field_id)f));
        CU_ASSERT(!tj_field_asked(TJ_OUTPUTS_ALL & ~TJ_OUTPUT_BIT(expected), (tj_field_id)f));
        CU_ASSERT_EQUAL(tj_field_asked(0, (tj_field_id)f), !ends_with(id, "_DRAW"));
    }
}

static void every_output_has_a_name_of_its_own_a_sentence_and_fields(void)
{
    for (int i = 0; i < TJ_OUTPUTS; i++) {
        int fields = 0;
        CU_ASSERT_FATAL(tj_outputs[i].name != NULL && tj_outputs[i].sentence != NULL);
        CU_ASSERT(tj_outputs[i].sentence[0] != '\0');
        CU_ASSERT_EQUAL(tj_output_find(tj_outputs[i].name), i);
        for (int f = 0; f < TJ_FIELDS; f++)
            fields += (int)tj_fields[f].output == i;
        CU_ASSERT(fields > 0);
    }
    CU_ASSERT_EQUAL(tj_output_find("total"), -1);
}

static void an_axis_is_asked_for_with_a_field_over_it(void)
{
    const tj_output_set totals = TJ_OUTPUT_BIT(TJ_OUTPUT_TOTALS);
    CU_ASSERT(tj_dim_asked(totals, TJ_DIM_CITY) && tj_dim_asked(totals, TJ_DIM_GROUP));
    CU_ASSERT(!tj_dim_asked(totals, TJ_DIM_TARGET) && !tj_dim_asked(totals, TJ_DIM_ROW));
    CU_ASSERT(!tj_dim_asked(totals, TJ_DIM_SECTOR) && !tj_dim_asked(totals, TJ_DIM_GAS));
    CU_ASSERT(tj_dim_asked(totals | TJ_OUTPUT_BIT(TJ_OUTPUT_SECTOR_DRAWS), TJ_DIM_SECTOR));
    CU_ASSERT(!tj_dim_asked(0, TJ_DIM_DRAW) && tj_dim_asked(0, TJ_DIM_ROW));
}

static void names_that_files_rely_on_stay(void)
{
    CU_ASSERT_STRING_EQUAL(tj_fields[TJ_FIELD_TOTAL_QUANTILE].name, "emissions_total_quantile");
    CU_ASSERT_STRING_EQUAL(tj_fields[TJ_FIELD_GAS_MEAN].name, "emissions_gas_mean");
    CU_ASSERT_STRING_EQUAL(tj_fields[TJ_FIELD_CHANGE_QUANTILE].name, "change_since_base_quantile");
    CU_ASSERT_STRING_EQUAL(tj_fields[TJ_FIELD_CHANGE_QUANTILE].units, "1");
    CU_ASSERT_STRING_EQUAL(tj_fields[TJ_FIELD_TARGET_PROBABILITY].name, "target_probability");
    CU_ASSERT_STRING_EQUAL(tj_fields[TJ_FIELD_TARGET_NEVER].name, "target_never");
}

/* Two cities, one with sectors 0 and 1, the other with sector 0; 3 years, 5 quantiles, 1 group:
 * sector quantiles 2 * 2 * 3 * 5 = 60; group quantiles 1 * 3 * 5 = 15; sector draws 2 * 2 * 3 * 7 = 84. */
static void lengths_are_products_of_the_axes(void)
{
    static const double history[] = {1, 2};
    tj_maker *maker = tj_maker_create(2020, 2022, 1, 1);
    tj_maker_city(maker, 2021);
    tj_maker_trend(maker, 0, history, 0);
    tj_maker_trend(maker, 1, history, 0);
    tj_maker_city(maker, 2021);
    tj_maker_trend(maker, 0, history, 0);
    tj_plan *plan = tj_maker_finish(maker);
    CU_ASSERT_EQUAL(tj_field_length(plan, TJ_FIELD_SECTOR_QUANTILE, 7), 60);
    CU_ASSERT_EQUAL(tj_field_length(plan, TJ_FIELD_GROUP_QUANTILE, 7), 15);
    CU_ASSERT_EQUAL(tj_field_length(plan, TJ_FIELD_SECTOR_DRAW, 7), 84);
    CU_ASSERT_EQUAL(tj_field_length(plan, TJ_FIELD_TARGET_PROBABILITY, 7), 0);
    CU_ASSERT_EQUAL(tj_dim_length(plan, TJ_DIM_DRAW, 7), 7);
    CU_ASSERT_STRING_EQUAL(tj_dim_name(TJ_DIM_SECTOR), "sector");
    tj_plan_free(plan);
}

int main(void)
{
    static const tj_test tests[] = {
        {"every field has a name, units, a sentence and axes", every_field_has_name_units_sentence_and_axes},
        {"no two fields share a name", no_two_fields_share_a_name},
        {"a name says which statistic it is", a_name_says_which_statistic_it_is},
        {"a field belongs to the output of its kind", a_field_belongs_to_the_output_of_its_kind},
        {"every output has a name of its own, a sentence and fields",
         every_output_has_a_name_of_its_own_a_sentence_and_fields},
        {"an axis is asked for with a field over it", an_axis_is_asked_for_with_a_field_over_it},
        {"names that files rely on stay", names_that_files_rely_on_stay},
        {"lengths are products of the axes", lengths_are_products_of_the_axes},
    };
    return TJ_RUN("fields", tests);
}
