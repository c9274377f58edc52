/* Lowering: what the parts of the compiler share. Private to scenarios/.
 *
 * The compiler runs in phases, each a file: axes -> paths -> history -> base (back-cast) ->
 * growth (trend defaults) -> drivers -> effects (measures in packages) -> targets -> report. Each phase
 * adds its errors to the diagnostics and leaves its results here or in the plan's builder; a later
 * phase may run on what an earlier one could make sense of, so that all errors are seen at once.
 * Invariant: every index here is valid for its list; TJ_NONE stands for "none". */
#ifndef TJ_SCENARIOS_LOWER_H
#define TJ_SCENARIOS_LOWER_H

#include "scenarios/compile.h"
#include "scenarios/vocabulary.h"

#include <math.h>

/* One sector of one city, under construction. */
typedef struct tj_cell_work {
    int city, sector; /* plan indexes */
    int method, account;
    double *history;  /* n_years, t CO2e, NaN where absent */
    uint8_t *status;  /* n_years tj_cell_status up to H */
    double *gas;      /* n_years * n_gases, t CO2e */
    uint8_t *unknown; /* n_years: 1 where a row says NE or C */
    int first;        /* first year index with a value, TJ_NONE */
    int base_from;    /* year index a back-cast starts from, TJ_NONE where the base is measured */
    int drivers_first, drivers_count, shares_first;
    const tj_sector *record;
} tj_cell_work;

/* A driver under construction; the plan's driver of the same index. */
typedef struct tj_driver_work {
    const char *name; /* "transport.activity" */
    int city, cell;
    tj_dimension dimension;
    int flags, share_group;
    int for_measures; /* 0: measures may not act on it */
} tj_driver_work;

typedef struct tj_param_work {
    const char *name; /* canonical, with its scope instance */
    tj_dist dist;
} tj_param_work;

/* A ramp already in the plan: r(t) by year, and where its numbers stand. */
typedef struct tj_ramp_work {
    const double *r;
    int32_t numbers;
} tj_ramp_work;

/* Effects of a measure already settled (lower_effects.c). */
typedef struct tj_effects_memo tj_effects_memo;

typedef struct tj_lowering {
    const tj_study *study;
    tj_diags *diags;
    tj_compiled *out;
    tj_arena *arena; /* out->arena */
    tj_plan_builder *builder;
    int memory_short;
    int unsettled;    /* a technology, carrier or fuel is unknown: drivers that hang on it cannot be judged */
    int with_library; /* the whole measure library is laid out too */

    int first_year, last_year, base_year, n_years;
    int n_cities, n_sectors, n_backgrounds, n_packages, n_gases, n_groups;
    int current_policies, reference_package;
    int design;        /* index in tj_designs */
    int *city_country; /* plan city -> study country or -1 */
    int *city_last;    /* H, year index; TJ_NONE where the city has no inventory */
    int *measure_rank; /* study measure -> rank of its identifier */

    tj_cell_work *cells;
    int n_cells;
    int *cell_of;        /* n_cities * n_sectors -> cell or TJ_NONE */
    uint8_t *incomplete; /* n_cities * n_years: a territorial sector is NE or C there */

    tj_driver_work *drivers;
    size_t drivers_count, drivers_capacity;
    tj_param_work *params;
    size_t params_count, params_capacity;

    size_t rows_count, rows_capacity; /* of out->rows */
    tj_effects_memo **memos;          /* n_cities * measures; NULL until first needed */
    tj_ramp_work *ramps;
    size_t ramps_count, ramps_capacity;
    const tj_pool_row **pool; /* ordered by country, sector, place, year; NULL until first needed */

    tj_plan_city *cities;
    tj_plan_cell *plan_cells;
} tj_lowering;

/* ---- helpers (lower.c) ---- */

/* Zeroed arena memory; remembers a failure. */
void *tj_lower_alloc(tj_lowering *low, size_t count, size_t size);

/* Formatted text in the arena ("" when memory is short). */
const char *tj_lower_text(tj_lowering *low, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define TJ_LOWER_ERROR(low, mark, ...) tj_diag_add((low)->diags, TJ_ERROR, mark, __VA_ARGS__)

const tj_city *tj_lower_city(const tj_lowering *low, int city);
const char *tj_lower_city_id(const tj_lowering *low, int city);
const char *tj_lower_sector_id(const tj_lowering *low, int sector);
const tj_country *tj_lower_country(const tj_lowering *low, int city); /* NULL where unknown */

/* Plan index of a city by identifier, TJ_NONE where it is unknown or not used. */
int tj_lower_find_city(const tj_lowering *low, const char *id);
/* 1 when `place` (a city or country identifier) is city `city` or its country. */
int tj_lower_place_is(const tj_lowering *low, const char *place, int city);
/* How closely a place names a city: 2 the city itself, 1 its country, 0 everywhere ("*" or NULL), -1 not. */
int tj_lower_closeness(const tj_lowering *low, const char *place, int city);

/* A term of the plan: fixed, or the parameter `name` (shared by all who give the same name and
 * distribution). Undefined names cannot happen: names are made by the compiler. */
tj_term tj_lower_term(tj_lowering *low, const tj_quantity *quantity, const char *name);
tj_term tj_lower_fixed(double value);
tj_term tj_lower_dist(tj_lowering *low, const tj_dist *dist, const char *name);

/* Checks dimension and, unless low > high, that the quantity can only lie in [least, most]; says
 * what is wrong with `what`. Returns 1 when right. */
int tj_lower_check(tj_lowering *low, const tj_quantity *quantity, tj_dimension dimension, double least,
                   double most, const char *what);

/* The same for a value that is not drawn: a distribution is an error too. */
int tj_lower_check_fixed(tj_lowering *low, const tj_quantity *quantity, tj_dimension dimension, double least,
                         double most, const char *what);

/* The local value that holds for a city: the city's own, its country's, the one for everywhere, NULL. */
const tj_quantity *tj_lower_local(const tj_lowering *low, const tj_local_quantities *list, int city);
const tj_name *tj_lower_local_name(const tj_lowering *low, const tj_local_names *list, int city);
/* Errors for places that are neither a city nor a country of the study. */
void tj_lower_check_places(tj_lowering *low, const tj_local_quantities *list);
void tj_lower_unknown_place(tj_lowering *low, tj_name place);
void tj_lower_unknown_sector(tj_lowering *low, tj_name sector);

/* Year index of a calendar year, TJ_NONE outside the axis. */
int tj_lower_year(const tj_lowering *low, int year);

/* ---- national paths (lower_paths.c) ---- */

/* The path `name` of the city's country in a background, NULL where there is none. */
const tj_path *tj_lower_path(const tj_lowering *low, int background, int city, const char *name);
/* The value of a path in a calendar year: linear between its points, flat outside. */
double tj_lower_path_at(const tj_path *path, int year);
void tj_lower_paths(tj_lowering *low);      /* checks every national path */
void tj_lower_population(tj_lowering *low); /* fills cities[].population */

/* ---- national series and pools (pool.c) ---- */

/* National emissions of a sector's series in a country and year; NaN where there is no row. */
double tj_lower_national(const tj_lowering *low, const char *country, const tj_sector *sector, int year);

/* Recency-weighted slope of log x on year: weights 2^(-(last - y)/3), x > 0, years <= last.
 * Returns the number of years used; *slope is set when it is at least 3. */
int tj_slope(size_t n, const int *years, const double *x, int last, double *slope);

/* Pool statistics of one sector in one country: median slope and robust noise. n_* are what they
 * were estimated from (0: none). */
typedef struct tj_pool_trend {
    double slope, sigma;
    size_t n_slopes, n_residuals;
} tj_pool_trend;
tj_pool_trend tj_lower_pool_trend(tj_lowering *low, const char *country, const char *sector);

/* Error of back-casting the sum of `n` sectors from years `from` to the base year over a country's
 * pool: l = ln(back-cast / measured); sigma = 1.4826 MAD. */
typedef struct tj_backcast_error {
    double median, sigma;
    size_t pairs, left_out;
    int moved; /* 1: the pool has no value in a starting year and its nearest year was taken */
} tj_backcast_error;
tj_backcast_error tj_lower_backcast_error(tj_lowering *low, const char *country, size_t n,
                                          const tj_sector *const *sectors, const int *from);

/* ---- reference paths (lower_reference.c) ---- */

/* The rows of drivers.csv that hold for a city's driver. */
typedef struct tj_driver_rows {
    const tj_driver_row *rows[256];
    size_t count;
    int rank; /* 2 city, 1 country, 0 everywhere */
} tj_driver_rows;
void tj_lower_driver_rows(const tj_lowering *low, int city, const char *driver, tj_driver_rows *found);
/* Fills a driver's reference; returns the first row used, NULL (and an error at `mark`) without one. */
const tj_driver_row *tj_lower_reference(tj_lowering *low, int city, const char *name, tj_plan_driver *driver,
                                        tj_mark mark);
/* The dimension of what a row gives: its own, or its national path's. */
tj_dimension tj_lower_row_dimension(const tj_lowering *low, int city, const tj_driver_row *row);

/* ---- drivers (lower_drivers.c) ---- */

/* Drivers of one cell whose paths come from drivers.csv; `known` becomes 0 where one has none. */
typedef struct tj_data_drivers {
    tj_lowering *low;
    int cell, known;
} tj_data_drivers;

/* What is asked of one driver. */
typedef struct tj_driver_spec {
    int flags, share_group, for_measures;
    const char *also;       /* another name under which drivers.csv may give its path; may be NULL */
    double otherwise;       /* its value where no row gives one; NaN: that is an error */
    tj_dimension dimension; /* of `otherwise` */
} tj_driver_spec;

/* Adds a driver to the cell; returns its index and sets its dimension. */
int tj_lower_driver(tj_data_drivers *of, const char *name, tj_driver_spec spec, tj_dimension *dimension);
/* Shares of consecutive drivers must sum to one in every background and year. */
void tj_lower_check_shares(tj_lowering *low, const tj_cell_work *cell, int first, int count,
                           const char *what);
/* activity x intensity x factor must come out in tonnes. */
void tj_lower_check_product(tj_lowering *low, const char *sector, tj_name carrier, tj_dimension a,
                            tj_dimension i, tj_dimension e);

/* ---- sectors with memory (lower_physical.c, lower_fleet.c, lower_network.c) ---- */

void tj_lower_physical(tj_lowering *low, int cell); /* drivers and parts of a stock … landfill cell */
int tj_lower_fleets(tj_lowering *low, int cell, tj_data_drivers *of);
void tj_lower_supply(tj_lowering *low, int cell, tj_data_drivers *of);
void tj_lower_landfill(tj_lowering *low, int cell, tj_data_drivers *of);
void tj_lower_rows(tj_lowering *low); /* lower_rows.c: physical results of every city */
/* 1 where `name` is "factor.<carrier>", the emission factor for every sector that has none of its own. */
int tj_lower_common_factor(const tj_lowering *low, const char *name);
/* The value of fleets.csv that holds most closely for a city's sector and item; NULL without one. */
const tj_fleet_row *tj_lower_datum(const tj_lowering *low, int city, const char *sector, const char *item,
                                   tj_datum kind);

/* ---- phases ---- */
void tj_lower_axes(tj_lowering *low);     /* lower_axes.c: cities, sectors, backgrounds, packages, years */
void tj_lower_history(tj_lowering *low);  /* lower_history.c: inventory -> cells, H, statuses */
void tj_lower_base(tj_lowering *low);     /* lower_base.c: back-cast of the base year, level factors */
void tj_lower_growth(tj_lowering *low);   /* lower_growth.c: trend parameters and background ratios */
void tj_lower_drivers(tj_lowering *low);  /* lower_drivers.c: reference paths */
void tj_lower_effects(tj_lowering *low);  /* lower_effects.c, lower_packages.c */
void tj_lower_decision(tj_lowering *low); /* lower_decision.c: the choice between packages, its costs */
void tj_lower_targets(tj_lowering *low);  /* lower_targets.c: views and targets */
void tj_lower_totals(tj_lowering *low);   /* lower_totals.c: total and group statuses, data quality */
void tj_lower_correlations(
    tj_lowering *low); /* lower_correlations.c: copulas, when all parameters are known */

/* r(t) of a ramp for a city: n_years numbers added to the plan, shared by equal ramps; checks it. */
int32_t tj_lower_ramp(tj_lowering *low, const tj_ramp *ramp, int start, int city);
/* The logistic curve with the default steepness, 0 at u = 0 and 1 at u = 1. */
double tj_lower_logistic(double u);
/* Checks a ramp as written; returns 1 when right. */
int tj_lower_ramp_check(tj_lowering *low, const tj_ramp *ramp, const char *what);
/* 1 when the effect is complete in year H of the city but ends after it (not modelled). */
int tj_lower_ramp_ends(const tj_lowering *low, const tj_ramp *ramp, int start, int city);

/* What a measure does in one city of one package, settled. */
typedef struct tj_use {
    int measure;     /* study index */
    double strength; /* > 0 */
    int start;       /* start year of its ramp */
} tj_use;
/* Adds the plan's effects of the measures in use to the builder; one slice. */
tj_plan_slice tj_lower_slice(tj_lowering *low, int city, const tj_use *uses, size_t count);
/* The measures of a package that are in use in a city, to uses[measures]; returns how many. */
size_t tj_lower_uses(const tj_lowering *low, const tj_package *package, int city, tj_use *uses);
void tj_lower_library(tj_lowering *low); /* lower_library.c: the measure library */
/* Checks a measure's cost as written; `what` is the measure. */
void tj_lower_check_cost(tj_lowering *low, const tj_measure *measure, const char *what);
/* Adds what a measure in use costs a city to years[n_years], EUR a year; 0 where that is not known. */
int tj_lower_add_cost(tj_lowering *low, const tj_use *use, int city, double *years);
/* Checks every measure by itself: words, drivers, ranges, references to other measures. */
void tj_lower_measures(tj_lowering *low);
/* Driver index by name in a city, or -1. */
int tj_lower_find_driver(const tj_lowering *low, int city, const char *name);
/* 1 where a driver belongs to a sector that only cities have which the study leaves out (`cities`). */
int tj_lower_elsewhere(const tj_lowering *low, const char *driver);
/* Names of the drivers, each once: all, or those that a measure may act on where it reaches. */
const char **tj_lower_driver_names(tj_lowering *low, const tj_measure *reached, size_t *count);
/* 1 where a measure may act in a city by its cities and countries. */
int tj_lower_reaches(const tj_lowering *low, const tj_measure *measure, int city);

#endif
