/* The study: what a person wrote, read and typed but not yet judged.
 *
 * Description structs: filled by io/readers, constant afterwards, owned by the study's arena.
 * Names that refer to something else (a driver, a city, a sector …) are still text here; the compiler
 * resolves them. A list is `items, count`. Marks point at where things were written. */
#ifndef TJ_SCENARIOS_STUDY_H
#define TJ_SCENARIOS_STUDY_H

#include "engine/arena.h"
#include "engine/dist.h"
#include "scenarios/diag.h"
#include "scenarios/unit.h"

#include <stdint.h>

/* A name with its place. text NULL: not written. */
typedef struct tj_name {
    const char *text;
    tj_mark mark;
} tj_name;

typedef struct tj_names {
    tj_name *items;
    size_t count, capacity;
    tj_mark mark; /* of the list; file NULL: not written */
} tj_names;

/* One text in the three languages of the project; a language not given is NULL. */
typedef struct tj_label {
    const char *en, *fr, *sv;
} tj_label;

/* A number or a distribution, converted to canonical units. */
typedef struct tj_quantity {
    tj_dist dist;           /* TJ_DIST_FIXED: p[0] */
    tj_dimension dimension; /* of the canonical unit */
    const char *written;    /* as written, for messages: "35 %" */
    tj_mark mark;           /* file NULL: not given */
} tj_quantity;

/* A calendar year; mark.file NULL: not given. */
typedef struct tj_year {
    int value;
    tj_mark mark;
} tj_year;

/* The key of all draws: all its 64 bits. */
typedef struct tj_seed {
    uint64_t value;
    tj_mark mark;
} tj_seed;

/* A plain whole number or switch of the study. */
typedef struct tj_integer {
    int64_t value;
    tj_mark mark;
} tj_integer;

typedef enum tj_quality {
    TJ_QUALITY_NONE,
    TJ_QUALITY_MEASURED,
    TJ_QUALITY_BACKCAST,
    TJ_QUALITY_ASSUMED
} tj_quality;

/* GPC notation keys: NO a true zero; NE, IE, C absent. */
typedef enum tj_notation { TJ_VALUE, TJ_NO, TJ_NE, TJ_IE, TJ_C } tj_notation;

typedef struct tj_country {
    tj_name id; /* "SWE" */
    tj_label label;
    tj_name
        noise_from; /* country whose pool lends its noise (and back-cast error) where it has no pool of its own */
    tj_mark mark;
} tj_country;

typedef struct tj_city {
    tj_name id; /* "goteborg" */
    tj_label label;
    tj_name country;
    const char *boundary; /* "municipality 1480", "Grenoble-Alpes Métropole (EPCI 200040715)" */
    tj_quantity level;    /* level factor of a proxy, a distribution around 1 */
    const char *level_source;
    tj_mark mark;
} tj_city;

/* A value that differs by city or country: exactly one of city, country is set, or neither (for all). */
typedef struct tj_local_quantity {
    tj_name place; /* city or country id; text NULL: everywhere */
    tj_quantity value;
} tj_local_quantity;

typedef struct tj_local_quantities {
    tj_local_quantity *items;
    size_t count, capacity;
} tj_local_quantities;

/* A name that differs by city or country, e.g. the method of a sector. */
typedef struct tj_local_name {
    tj_name place; /* text NULL: everywhere */
    tj_name value;
} tj_local_name;

typedef struct tj_local_names {
    tj_local_name *items;
    size_t count, capacity;
} tj_local_names;

/* An energy carrier: burnt where it is used (scope 1) or brought by a network (scope 2). */
typedef struct tj_carrier {
    tj_name id;
    tj_label label;
    tj_name account; /* burnt | network */
    tj_mark mark;
} tj_carrier;

/* A kind of vehicle, machine or heating system that is bought and wears out. */
typedef struct tj_technology {
    tj_name id;
    tj_label label;
    tj_local_quantities carriers; /* carrier (as the place) and its share of the activity */
    tj_quantity lambda, beta;     /* Weibull survival: years; pure number */
    tj_year market_year;          /* first year sold; not given: ever */
    const char *source;
    tj_quality quality;
    tj_mark mark;
} tj_technology;

/* A source of a network: what it burns, per unit of fuel. */
typedef struct tj_fuel {
    tj_name id;
    tj_label label;
    tj_quantity factor;     /* t CO2/MWh of fuel, fossil and biogenic together */
    tj_quantity efficiency; /* output per fuel */
    const char *source;
    tj_quality quality;
    tj_mark mark;
} tj_fuel;

/* Units of a sector that serve one demand: cars; homes. */
typedef struct tj_fleet {
    tj_name id;
    tj_label label;
    tj_names technologies;
    tj_mark mark;
} tj_fleet;

/* A class of landfilled waste. */
typedef struct tj_waste {
    tj_name id;
    tj_label label;
    tj_quantity ddoc;      /* DOC * DOCf * MCF, pure number */
    tj_quantity half_life; /* years */
    tj_mark mark;
} tj_waste;

typedef struct tj_sector {
    tj_name id;
    tj_label label;
    tj_names gpc;                  /* GPC codes summed here: "II.1", "II.2" */
    tj_name account;               /* territorial (default) | memo | removals */
    tj_local_names method;         /* trend (default) | intensity | sink */
    tj_local_names national;       /* national series that contains the sector, by country */
    tj_names carriers;             /* intensity: energy carriers */
    tj_names paths;                /* trend: national background paths that multiply it */
    tj_local_quantities ets_share; /* share of emissions inside the EU ETS, by city or country */
    const char *ets_source;
    tj_fleet *fleets; /* stock, building */
    size_t fleets_count, fleets_capacity;
    tj_name carrier;                     /* supply: what it delivers */
    tj_names sources;                    /* supply: fuels */
    tj_local_quantities losses, in_city; /* supply: not given: 0, 1 */
    tj_name removals;                    /* supply: sector that captured biogenic CO2 is added to */
    tj_waste *wastes;                    /* landfill */
    size_t wastes_count, wastes_capacity;
    tj_quantity methane_share; /* landfill: F, share of CH4 in the gas; not given: 0.5 */
    tj_mark mark;
} tj_sector;

/* What is known of fleets, floors and landfills: rows of fleets.csv. */
typedef enum tj_datum {
    TJ_DATUM_SHARE,
    TJ_DATUM_AGE,
    TJ_DATUM_RENOVATED,
    TJ_DATUM_DEPOSIT,
    TJ_DATUM_PILE,
    TJ_DATA
} tj_datum;

typedef struct tj_fleet_row {
    tj_name city; /* city, country, or "*" for all */
    tj_name sector;
    tj_name item; /* share, age: technology; renovated: fleet; pile: waste; deposit: none */
    tj_datum kind;
    tj_year year;   /* deposit */
    tj_integer age; /* age: in years */
    tj_quantity value;
    tj_quality quality;
    const char *source;
    tj_mark mark;
} tj_fleet_row;

/* Rows of CSV files. Values are canonical (t CO2e, persons …); NaN never stands for missing. */
typedef struct tj_inventory_row {
    tj_name city, sector, gas; /* gas: co2e | CO2 | CH4 | N2O | … */
    tj_year year;
    int scope; /* 1 or 2 */
    tj_notation notation;
    tj_quantity value; /* t of the gas (or CO2e) per year; where notation is TJ_VALUE */
    tj_quality quality;
    tj_name gwp; /* set of a co2e row, e.g. AR5; text NULL: not said */
    const char *edition, *boundary, *source;
    tj_mark mark;
} tj_inventory_row;

typedef struct tj_population_row {
    tj_name place; /* city or country */
    tj_year year;
    tj_quantity value; /* persons */
    tj_quality quality;
    const char *source;
    tj_mark mark;
} tj_population_row;

/* National emissions by series, for the back-cast and the French default slope. */
typedef struct tj_national_row {
    tj_name country, series;
    tj_year year;
    tj_quantity value;
    const char *source;
    tj_mark mark;
} tj_national_row;

/* Global warming potential of one gas in one set: rows of gwp.csv. */
typedef struct tj_gwp_row {
    tj_name set, gas;
    tj_quantity value; /* 1 */
    const char *source;
    tj_mark mark;
} tj_gwp_row;

/* Histories of other places of a country: the pool. */
typedef struct tj_pool_row {
    tj_name country, sector;
    const char *place;
    tj_year year;
    tj_quantity value;
    tj_mark mark;
} tj_pool_row;

/* What a sector of a city does by itself, in place of the default: rows of trend.csv. Logarithms per year. */
typedef struct tj_trend_row {
    tj_name city, sector;
    double growth, growth_sd, delta, rho, sigma, shock; /* engine/plan.h; in range */
    const char *source;
    tj_mark mark;
} tj_trend_row;

/* A driver's reference path: rows of drivers.csv. */
typedef enum tj_path_kind {
    TJ_PATH_YEAR,
    TJ_PATH_LOGISTIC, /* a point of a table with S-curves between its points */
    TJ_PATH_CONSTANT,
    TJ_PATH_GROWTH,
    TJ_PATH_BACKGROUND
} tj_path_kind;

typedef struct tj_driver_row {
    tj_name city;   /* city, country, or "*" for all */
    tj_name driver; /* "transport.activity" */
    tj_path_kind kind;
    tj_year year;       /* kind YEAR */
    tj_quantity value;  /* YEAR, CONSTANT: the level; GROWTH: per year */
    tj_name background; /* BACKGROUND: name of the national path */
    tj_quantity spread; /* factor on the change since H; not given: 1 */
    tj_quantity pace;   /* years of the path in a year; not given: 1 */
    tj_year pace_from;  /* the last year known; not given: H */
    tj_quality quality;
    const char *source;
    tj_mark mark;
} tj_driver_row;

/* One point of a national path. */
typedef struct tj_point {
    tj_year year;
    tj_quantity value;
} tj_point;

typedef struct tj_path {
    tj_name country, name; /* "SWE", "transport" or "electricity.factor" */
    tj_point *points;
    size_t count, capacity;
    const char *source;
    tj_quality quality;
    tj_mark mark;
} tj_path;

typedef struct tj_background {
    tj_name id;
    tj_label label;
    tj_path *paths;
    size_t count, capacity;
    tj_mark mark;
} tj_background;

typedef struct tj_ramp {
    tj_name shape; /* text NULL: not given */
    tj_year start;
    tj_integer years; /* length n; given 0 = step at start */
    tj_year until;    /* last year of full effect */
    tj_integer fade;
    tj_quantity k, p, q; /* logistic k; bass p, q */
    tj_mark mark;
} tj_ramp;

typedef struct tj_effect {
    tj_name driver;                  /* shift: taken from */
    tj_name to;                      /* shift only */
    tj_name op;                      /* scale | shift | toward | add | cap | floor */
    tj_name side;                    /* toward only: up | down | both */
    tj_local_quantities magnitude;   /* the first for everywhere, then per city */
    tj_quantity ratio;               /* shift only; 1 when not given */
    tj_quantity eligible, adherence; /* override the measure's */
    tj_ramp ramp;                    /* shape text NULL: the measure's */
    tj_mark mark;
} tj_effect;

typedef struct tj_synergy {
    tj_name with;
    tj_quantity factor;
} tj_synergy;

/* What a measure costs a city, at full reach and in prices of today. A plain `cost` is its operation alone. */
typedef struct tj_cost {
    tj_local_quantities investment; /* EUR; empty: nothing is bought */
    tj_quantity lifetime;           /* years that a purchase serves, whole and at least 1 */
    tj_local_quantities operation;  /* EUR per year */
    tj_ramp ramp;                   /* of purchases and operation; shape text NULL: the measure's */
    tj_mark mark;                   /* of the mapping; file NULL: a plain cost, or none */
} tj_cost;

typedef struct tj_measure {
    tj_name id;
    tj_label label;
    const char *theme, *why, *source; /* why: on top of the reference, or up to a level, and the reason */
    tj_quality quality;
    tj_names cities, countries; /* empty: everywhere */
    tj_name parameters;         /* network (default) | nation | city: how its uncertain effect is shared */
    tj_names requires, excludes;
    tj_name overlaps; /* group */
    tj_synergy *synergies;
    size_t synergies_count, synergies_capacity;
    tj_ramp ramp;
    tj_quantity eligible, adherence, rebound; /* not given: 1, 1, 0 */
    tj_cost cost;                             /* nothing in it: not known */
    tj_effect *effects;
    size_t effects_count, effects_capacity;
    tj_mark mark;
} tj_measure;

typedef struct tj_package_item {
    tj_name measure;
    tj_names cities;      /* empty: all cities */
    tj_quantity strength; /* fraction, 0 to 1 */
    tj_year start;        /* override */
    tj_mark mark;
} tj_package_item;

typedef struct tj_package {
    tj_name id;
    tj_label label;
    const char *description;
    tj_package_item *items;
    size_t count, capacity;
    tj_mark mark;
} tj_package;

typedef struct tj_target {
    tj_name id;
    tj_label label;
    tj_name by;                 /* who set it: country or city id, or a name */
    tj_names cities, countries; /* applied to */
    tj_name kind;               /* reduction | remaining | neutral | path | budget */
    tj_name quantity;           /* emissions (default), or what the model does not judge: final-energy, … */
    tj_name basis;              /* territorial (default) | consumption | … */
    tj_year base, year, first;  /* first: budget's first year */
    tj_quantity value;          /* fraction, or t CO2e for a budget */
    tj_quantity removals_share; /* neutral: a; 1 - q when not given */
    tj_point *milestones;       /* path: fraction below the base */
    size_t milestones_count, milestones_capacity;
    tj_names sectors;        /* covered; empty: all territorial */
    tj_names gases;          /* covered; empty: all */
    tj_name ets;             /* all (default) | outside | inside */
    tj_label not_assessable; /* the modeller's own reason; all NULL: judge it */
    tj_integer active;       /* 0: off by default; not given: on */
    const char *text, *source;
    tj_mark mark;
} tj_target;

/* A choice between packages, and what missing a target costs. mark.file NULL: not given. */
typedef struct tj_decision {
    tj_quantity price; /* EUR per t above what a target allows */
    tj_names packages;
    tj_mark mark;
} tj_decision;

/* One file of the study, as read. */
typedef struct tj_text {
    const char *name; /* as the user knows it, "measures.yaml", "../pools/pool.csv" */
    const char *bytes;
    size_t size;
} tj_text;

/* A rank correlation between two parameters, by their names without scope instance. */
typedef struct tj_correlation {
    tj_names parameters; /* two */
    tj_quantity rho;     /* Spearman's */
    tj_mark mark;
} tj_correlation;

#define TJ_STUDY_LIST(T, name)                                                                               \
    T *name;                                                                                                 \
    size_t name##_count, name##_capacity

typedef struct tj_study {
    tj_arena arena;
    tj_mark mark; /* study.yaml */
    tj_label title;
    tj_year horizon, base_year;
    tj_name gwp;                       /* AR4 | AR5 | AR6 */
    tj_name reference_package, design; /* of tj_designs; monte-carlo when not given */
    tj_names backgrounds_used;         /* empty: all, in the order of backgrounds.yaml */
    tj_names cities_used;              /* empty: all */
    tj_integer draws;
    tj_seed seed;
    tj_quantity *quantiles; /* probabilities; none: 5, 25, 50, 75, 95 % */
    size_t quantiles_count, quantiles_capacity;
    tj_names outputs; /* of tj_outputs; not written: TJ_OUTPUTS_DEFAULT */
    TJ_STUDY_LIST(tj_text, texts);
    TJ_STUDY_LIST(tj_country, countries);
    TJ_STUDY_LIST(tj_city, cities);
    TJ_STUDY_LIST(tj_sector, sectors);
    TJ_STUDY_LIST(tj_inventory_row, inventory);
    TJ_STUDY_LIST(tj_population_row, population);
    TJ_STUDY_LIST(tj_national_row, national);
    TJ_STUDY_LIST(tj_gwp_row, gwps);
    TJ_STUDY_LIST(tj_pool_row, pool);
    TJ_STUDY_LIST(tj_trend_row, trends);
    TJ_STUDY_LIST(tj_driver_row, drivers);
    TJ_STUDY_LIST(tj_carrier, carriers);
    TJ_STUDY_LIST(tj_technology, technologies);
    TJ_STUDY_LIST(tj_fuel, fuels);
    TJ_STUDY_LIST(tj_fleet_row, fleets);
    TJ_STUDY_LIST(tj_background, backgrounds);
    TJ_STUDY_LIST(tj_measure, measures);
    TJ_STUDY_LIST(tj_package, packages);
    TJ_STUDY_LIST(tj_target, targets);
    TJ_STUDY_LIST(tj_correlation, correlations);
    tj_decision decision;
} tj_study;

void tj_study_init(tj_study *study);
void tj_study_free(tj_study *study); /* NULL is fine */

/* Makes a study with faults of form fit for the compiler, so that faults of meaning can be told with
 * them: leaves out what lacks its name. Returns 0 where too little could be read to judge the rest. */
int tj_study_settle(tj_study *study);

/* Index of a thing by identifier, or -1. */
int tj_study_city(const tj_study *study, const char *id);
int tj_study_country(const tj_study *study, const char *id);
int tj_study_sector(const tj_study *study, const char *id);
int tj_study_measure(const tj_study *study, const char *id);
int tj_study_package(const tj_study *study, const char *id);
int tj_study_carrier(const tj_study *study, const char *id);
int tj_study_technology(const tj_study *study, const char *id);
int tj_study_fuel(const tj_study *study, const char *id);
int tj_study_background(const tj_study *study, const char *id);

#endif
