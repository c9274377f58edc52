/* Plan maker: small plans built by hand for the suites of the engine.
 *
 * Cities are added one after the other; cells, drivers and share groups belong to the city added
 * last, so that a city's cells are consecutive as a plan wants them. What is not said has the
 * neutral value: fixed terms, no noise, ratio 1, level 1, one gas, one reference package without
 * effects. Years are calendar years in the calls. Asserts on misuse and on memory. */
#ifndef TJ_TESTS_PLAN_MAKER_H
#define TJ_TESTS_PLAN_MAKER_H

#include "engine/plan.h"

typedef struct tj_maker tj_maker;

/* A plan over first .. last with so many backgrounds and packages; package and background 0 are the
 * reference. The seed is 1, quantiles 5, 25, 50, 75, 95 %, base year the first year, one gas. */
tj_maker *tj_maker_create(int first_year, int last_year, int backgrounds, int packages);
void tj_maker_free(tj_maker *maker); /* NULL is fine */

/* The settings, to be changed before tj_maker_finish. */
tj_plan_settings *tj_maker_settings(tj_maker *maker);
int tj_maker_year(const tj_maker *maker, int year); /* index of a calendar year */

/* ---- numbers ---- */

tj_term tj_fixed(double value);
tj_term tj_maker_param(tj_maker *maker, const char *name, tj_dist_kind kind, double p0, double p1, double p2,
                       double p3);
/* A discrete parameter: values ascending, their weights. */
tj_term tj_maker_discrete(tj_maker *maker, const char *name, const double *values, const double *weights,
                          size_t count);
/* Correlates parameters: Spearman's rho[size * size], and which parameter stands in which row. */
void tj_maker_copula(tj_maker *maker, int32_t size, const double *rho, const tj_plan_member *members,
                     int32_t count);
int32_t tj_maker_numbers(tj_maker *maker, const double *values, size_t count);
/* The same value in every year / in every background and year. */
int32_t tj_maker_flat(tj_maker *maker, double value);
int32_t tj_maker_flat_paths(tj_maker *maker, double value);
/* r(t): 0 before `start`, `value` from it on. */
int32_t tj_maker_step(tj_maker *maker, int start, double value);
/* r(t): 0 up to `start`, linear to 1 in start + years, then 1. */
int32_t tj_maker_linear(tj_maker *maker, int start, int years);

/* ---- cities, cells, drivers: the pointers stay valid until the next call that adds one ---- */

int32_t tj_maker_city(tj_maker *maker, int last_inventory_year);
tj_plan_city *tj_maker_get_city(tj_maker *maker, int32_t city);

/* A cell of the last city in sector `sector`; values are those of first .. H, NaN where absent (statuses
 * follow: ABSENT, MEASURED, PROJECTED after H). Territorial unless changed. */
int32_t tj_maker_trend(tj_maker *maker, int32_t sector, const double *history, double growth);
/* Activity, intensity and factors flat at 1, shares at 1 / carriers, the shares one group of shares. */
int32_t tj_maker_intensity(tj_maker *maker, int32_t sector, const double *history, int32_t carriers);
int32_t tj_maker_sink(tj_maker *maker, int32_t sector, const double *history, double removal);
/* A cell of any method, without drivers; then drivers one by one, flat at `level` and without a spread, the
 * cell being the last; and a whole of `count` of them with equal shares: the index of the first. */
int32_t tj_maker_cell(tj_maker *maker, int32_t sector, const double *history, tj_method method);
int32_t tj_maker_add_driver(tj_maker *maker, int32_t cell, double level, int32_t flags);
int32_t tj_maker_add_shares(tj_maker *maker, int32_t cell, int32_t count);
tj_plan_cell *tj_maker_get_cell(tj_maker *maker, int32_t cell);
/* Items at the end of a section: the index of the first; and all items of a section. */
int32_t tj_maker_append(tj_maker *maker, tj_section section, const void *items, size_t count);
void *tj_maker_items(tj_maker *maker, tj_section section, size_t *count);
void tj_maker_set_status(tj_maker *maker, int32_t cell, int year, tj_cell_status status);
void tj_maker_set_ratio(tj_maker *maker, int32_t cell, int32_t background, const double *values);

/* Index of driver k of a cell, its record, and its reference: one value a year in one background. */
int32_t tj_maker_driver(tj_maker *maker, int32_t cell, int32_t k);
tj_plan_driver *tj_maker_get_driver(tj_maker *maker, int32_t driver);
void tj_maker_set_path(tj_maker *maker, int32_t driver, int32_t background, const double *values);
void tj_maker_set_level(tj_maker *maker, int32_t driver, double value); /* flat, all backgrounds */

/* ---- packages ---- */

/* An effect at full strength from the year after the first on (r = 1), reach 1, measure 0, no overlap,
 * ratio 1, no rebound, no synergy. Change the fields that matter, then add it. */
tj_plan_effect tj_maker_effect(tj_maker *maker, tj_op op, int32_t driver, double magnitude);
void tj_maker_synergies(tj_maker *maker, tj_plan_effect *effect, const tj_term *factors, int32_t count);
void tj_maker_add(tj_maker *maker, int32_t package, int32_t city, const tj_plan_effect *effect);

/* The slices of a package are the plan's measure library. */
void tj_maker_library(tj_maker *maker, int32_t package);

/* ---- what the reducer looks at ---- */

/* A further group beside the network (group 0, all cities): members[n_cities], 0 or 1; called after
 * every city is added. */
int32_t tj_maker_group(tj_maker *maker, const uint8_t *members);
/* A further view of a city (view c is city c's territorial total): weights[cells_count]. */
int32_t tj_maker_view(tj_maker *maker, int32_t city, const double *weights);
tj_plan_view *tj_maker_get_view(tj_maker *maker, int32_t view); /* one that tj_maker_view returned */
void tj_maker_target(tj_maker *maker, const tj_plan_target *target);

/* Sorts the effects as a plan wants them, adds totals, groups and views, lays the plan out. The maker
 * is freed; the caller owns the plan. Views and groups asked for come after the default ones. */
tj_plan *tj_maker_finish(tj_maker *maker);

#endif
