/* Compile: tj_study -> tj_plan. Meaning is settled here: every name, unit, range and
 * cross-reference is checked, all errors are collected, and after this nothing can be invalid. */
#ifndef TJ_SCENARIOS_COMPILE_H
#define TJ_SCENARIOS_COMPILE_H

#include "engine/fields.h"
#include "engine/plan.h"
#include "scenarios/study.h"

/* What a plan's indexes mean: labels for files, tables and pages. All arrays belong to the compiled
 * study's arena; texts point into the study, which must outlive it. */
typedef struct tj_target_info {
    const tj_target *target;
    int city;           /* plan city index */
    const char *id;     /* "<target>@<city>" */
    const char *status; /* "assessed" or "not assessable" */
    const char *reason; /* why not; NULL where assessed */
    int active;         /* 0: off by default */
} tj_target_info;

typedef struct tj_group_info {
    const char *id; /* "network" or a country id */
    tj_label label;
} tj_group_info;

/* A physical result of a city (engine/plan.h, tj_plan_row), by its number in the plan. */
typedef struct tj_row_info {
    const char *id; /* "transport.energy.diesel@goteborg" */
    int city, sector;
    const char *kind; /* energy, scope2, units, sales, renovated, retired, kappa, factor, methane */
    const char *item; /* carrier, technology or fleet; "" where the kind has none */
    const char *unit; /* "MWh/year", "vehicle", "m2" … */
    tj_label label;   /* of the item */
} tj_row_info;

/* Data quality of one city: shares of its territorial CO2e in the base year and in year H. */
typedef struct tj_quality_info {
    double base[3], last[3]; /* measured, back-cast, assumed; NaN where there is no total */
    int last_year, rows;
    double backcast_sigma; /* robust log sigma of the back-cast error on the total; NaN where none */
    int backcast_pairs, backcast_first_year; /* pool pairs used; y0 */
} tj_quality_info;

/* The measure library, beside the plan's own section. By city: [plan city * n_measures + rank]. */
typedef struct tj_library_info {
    int n_measures;
    int *measures;         /* rank of a measure's identifier -> study measure */
    uint8_t *reaches;      /* 1 where the measure may act in the city */
    uint8_t *in_reference; /* 1 where the reference package holds it there */
    double
        *cost; /* EUR over the years after H, at full strength and undiscounted; NaN where not given, 0 where
                     it does not reach */
} tj_library_info;

/* The choice between packages that the study states. */
typedef struct tj_decision_info {
    int n_packages; /* 0: the study states no choice */
    int *packages;  /* plan indexes, in the order written */
    double price;   /* EUR per t */
    /* EUR in each year, [(package * n_cities + city) * n_years + year]: what the measures cost that the
     * package has in the city, by strength, ramp and lifetime; NaN where one of them has no cost. */
    double *cost;
    const char *uncosted; /* those measures, "a, b"; NULL where every cost is known */
} tj_decision_info;

typedef struct tj_compiled {
    tj_arena arena;
    tj_plan *plan;
    int *cities;                 /* plan city -> study city */
    int *sectors;                /* plan sector -> study sector */
    int *backgrounds, *packages; /* plan -> study */
    const char **gases;          /* names of the gas axis; "co2e" is what the source does not split */
    tj_target_info *targets;
    tj_group_info *groups;
    tj_row_info *rows;        /* physical results, in the plan's order */
    tj_quality_info *quality; /* by plan city */
    const char **params;      /* canonical names of the plan's parameters */
    tj_library_info library;  /* filled by tj_compile_library */
    tj_decision_info decision;
    tj_output_set outputs; /* that the study asks for; never 0 */
} tj_compiled;

/* On success compiled is filled and owned by the caller (tj_compiled_free). On TJ_ERR_INPUT the
 * diagnostics hold every error and compiled is empty. Warnings and notes are added in both cases. */
tj_status tj_compile(const tj_study *study, tj_diags *diags, tj_compiled *compiled);
void tj_compiled_free(tj_compiled *compiled);

/* The same with the measure library: its section of the plan, and compiled->library. */
tj_status tj_compile_library(const tj_study *study, tj_diags *diags, tj_compiled *compiled);

/* Label in a language ("en", "fr", "sv"), falling back to English, then to `id`. */
const char *tj_label_in(const tj_label *label, const char *language, const char *id);

#endif
