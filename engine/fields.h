/* The catalogue of what a unit (background, package) reports: one record a field.
 *
 * The reducer fills fields, writers know rows only. Values are doubles; NaN means no value.
 * A field's block of one unit is laid out row-major over its dims, in the order listed. */
#ifndef TJ_ENGINE_FIELDS_H
#define TJ_ENGINE_FIELDS_H

#include "engine/plan.h"

typedef enum tj_dim {
    TJ_DIM_END = 0,
    TJ_DIM_CITY,
    TJ_DIM_GROUP, /* network and countries */
    TJ_DIM_SECTOR,
    TJ_DIM_GAS,
    TJ_DIM_YEAR,
    TJ_DIM_TARGET, /* a target applied to a city */
    TJ_DIM_QUANTILE,
    TJ_DIM_DRAW,
    TJ_DIM_ROW, /* a physical result of a city */
    TJ_DIMS
} tj_dim;

/* Groups of fields: what a run computes, and a file holds, is asked for by these. */
typedef enum tj_output {
    TJ_OUTPUT_TOTALS = 0,
    TJ_OUTPUT_TARGETS,
    TJ_OUTPUT_SECTORS,
    TJ_OUTPUT_PHYSICAL,
    TJ_OUTPUT_DRAWS,
    TJ_OUTPUT_SECTOR_DRAWS,
    TJ_OUTPUTS
} tj_output;

/* A set of groups; 0 means TJ_OUTPUTS_DEFAULT. Every other set holds TOTALS, on which the rest leans. */
typedef uint32_t tj_output_set;

#define TJ_OUTPUT_BIT(output) ((tj_output_set)1 << (output))
#define TJ_OUTPUTS_DEFAULT                                                                                   \
    (TJ_OUTPUT_BIT(TJ_OUTPUT_TOTALS) | TJ_OUTPUT_BIT(TJ_OUTPUT_TARGETS) | TJ_OUTPUT_BIT(TJ_OUTPUT_SECTORS) | \
     TJ_OUTPUT_BIT(TJ_OUTPUT_PHYSICAL))

#define TJ_OUTPUTS_ALL (TJ_OUTPUT_BIT(TJ_OUTPUTS) - 1)

typedef struct tj_output_record {
    const char *name; /* in study.yaml, and in the file's attribute "outputs" */
    const char *sentence;
} tj_output_record;

extern const tj_output_record tj_outputs[TJ_OUTPUTS];

/* The group of that name, or -1. */
int tj_output_find(const char *name);

/* The names of a set's groups, in the order of the list, into text[TJ_OUTPUT_TEXT]. */
enum { TJ_OUTPUT_TEXT = 128 };
void tj_output_names(tj_output_set set, char separator, char *text);

typedef struct tj_field {
    const char *name;     /* variable in results.h5 */
    const char *units;    /* CF units that udunits reads, e.g. "t year-1", "1" */
    const char *unit;     /* the field's own, e.g. "t CO2-equiv/yr" */
    const char *sentence; /* long_name: one sentence, never empty */
    tj_dim dims[6];       /* TJ_DIM_END-terminated */
    tj_output output;     /* the group that it belongs to */
} tj_field;

/* clang-format off */
/* X-macro: identifier, in the order of the table in fields.c. */
#define TJ_FIELD_LIST(X) \
    X(TOTAL_QUANTILE) X(TOTAL_QUANTILE_SE) X(TOTAL_MEAN) X(TOTAL_MEAN_SE) \
    X(SECTOR_QUANTILE) X(SECTOR_QUANTILE_SE) X(SECTOR_MEAN) X(SECTOR_MEAN_SE) \
    X(GAS_MEAN) \
    X(CHANGE_QUANTILE) X(CHANGE_QUANTILE_SE) X(CHANGE_MEAN) X(CHANGE_MEAN_SE) \
    X(PER_CAPITA_QUANTILE) X(PER_CAPITA_QUANTILE_SE) X(PER_CAPITA_MEAN) X(PER_CAPITA_MEAN_SE) \
    X(AVOIDED_QUANTILE) X(AVOIDED_QUANTILE_SE) X(AVOIDED_MEAN) X(AVOIDED_MEAN_SE) \
    X(CUMULATIVE_QUANTILE) X(CUMULATIVE_QUANTILE_SE) X(CUMULATIVE_MEAN) X(CUMULATIVE_MEAN_SE) \
    X(REMOVALS_QUANTILE) X(REMOVALS_QUANTILE_SE) X(REMOVALS_MEAN) X(REMOVALS_MEAN_SE) \
    X(GROUP_QUANTILE) X(GROUP_QUANTILE_SE) X(GROUP_MEAN) X(GROUP_MEAN_SE) \
    X(GROUP_CHANGE_QUANTILE) X(GROUP_CHANGE_QUANTILE_SE) X(GROUP_CHANGE_MEAN) X(GROUP_CHANGE_MEAN_SE) \
    X(GROUP_AVOIDED_QUANTILE) X(GROUP_AVOIDED_QUANTILE_SE) X(GROUP_AVOIDED_MEAN) X(GROUP_AVOIDED_MEAN_SE) \
    X(TARGET_PROBABILITY) X(TARGET_PROBABILITY_SE) \
    X(TARGET_UNDEFINED) \
    X(TARGET_GAP_QUANTILE) X(TARGET_GAP_QUANTILE_SE) X(TARGET_GAP_MEAN) X(TARGET_GAP_MEAN_SE) \
    X(TARGET_GAP_PERCENT_QUANTILE) X(TARGET_GAP_PERCENT_QUANTILE_SE) X(TARGET_GAP_PERCENT_MEAN) X(TARGET_GAP_PERCENT_MEAN_SE) \
    X(TARGET_NEVER) \
    X(TARGET_FIRST_YEAR_QUANTILE) \
    X(TARGET_OVERSHOOT_QUANTILE) X(TARGET_OVERSHOOT_QUANTILE_SE) X(TARGET_OVERSHOOT_MEAN) X(TARGET_OVERSHOOT_MEAN_SE) \
    X(TARGET_BUDGET_USE_MEAN) X(TARGET_BUDGET_USE_MEAN_SE) \
    X(TARGET_BASELINE_SHARE) X(TARGET_BASELINE_SHARE_SE) \
    X(PHYSICAL_QUANTILE) X(PHYSICAL_QUANTILE_SE) X(PHYSICAL_MEAN) X(PHYSICAL_MEAN_SE) \
    X(TOTAL_DRAW) \
    X(SECTOR_DRAW)
/* clang-format on */

typedef enum tj_field_id {
#define X(name) TJ_FIELD_##name,
    TJ_FIELD_LIST(X)
#undef X
        TJ_FIELDS
} tj_field_id;

extern const tj_field tj_fields[TJ_FIELDS];

/* 1 where a run with these outputs has the field. */
int tj_field_asked(tj_output_set outputs, tj_field_id field);

/* 1 where any of its fields lies over the axis. */
int tj_dim_asked(tj_output_set outputs, tj_dim dim);

/* Length of an axis, and number of doubles of a field in one unit. */
size_t tj_dim_length(const tj_plan *plan, tj_dim dim, size_t draws);
size_t tj_field_length(const tj_plan *plan, tj_field_id field, size_t draws);
const char *tj_dim_name(tj_dim dim); /* "city", "sector", "year" … */

#endif
