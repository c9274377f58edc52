/* The plan: a compiled study, ready to simulate.
 *
 * One relocatable little-endian image, fixed-width offsets, no pointers: it can be broadcast,
 * stored or embedded as it is. Immutable after tj_plan_finish and shared by all threads.
 * Nothing in a plan can be invalid: every name, unit, range and cross-reference was settled
 * when the study was compiled (scenarios/compile.h). The engine knows columns and operators,
 * never a city's or a sector's name.
 *
 * Axes: years first_year .. last_year (index y); backgrounds b; packages p; cities c;
 * cells (one sector of one city), ordered by city; drivers, ordered by cell; draws d.
 * All emissions are t CO2e per year. Shares are fractions. */
#ifndef TJ_ENGINE_PLAN_H
#define TJ_ENGINE_PLAN_H

#include "engine/dist.h"
#include "engine/status.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define TJ_NONE (-1)

/* A number that may be uncertain: value where param is TJ_NONE, else that parameter's draw. */
typedef struct tj_term {
    double value; /* the fixed value, or the parameter's mean (for display only) */
    int32_t param;
    int32_t partner; /* of a synergy factor: rank of the partner's identifier; else 0 */
} tj_term;

typedef struct tj_plan_param {
    uint64_t stream; /* FNV-1a of the canonical name */
    double p[4];
    int32_t kind;         /* tj_dist_kind */
    int32_t values_first; /* into TJ_SECTION_NUMBERS, discrete only: values, then weights */
    int32_t values_count;
    int32_t pad;
} tj_plan_param;

typedef struct tj_plan_settings {
    uint64_t seed;
    int32_t first_year, last_year, base_year;
    int32_t n_years, n_backgrounds, n_packages, n_cities, n_cells, n_sectors, n_drivers;
    int32_t n_groups, n_views, n_targets, n_quantiles, n_gases;
    int32_t reference_package; /* index */
    int32_t current_policies;  /* index of the background that trends already contain */
    int32_t draws;             /* default number of draws */
    int32_t design;            /* index in tj_designs (engine/design.h) */
    int32_t n_rows;            /* physical rows, all cities */
    int32_t n_carriers;        /* energy carriers of the study */
    int32_t pad;
} tj_plan_settings;

/* Parameters correlated by a Gaussian copula: z = L z_indep over `size` rows, L lower triangular. */
typedef struct tj_plan_copula {
    int32_t size;
    int32_t factor; /* L, into NUMBERS: size * size, row by row */
    int32_t members_first, members_count;
} tj_plan_copula;

/* A parameter's row in its copula. Parameters of one stream share a row; each parameter has one row at most. */
typedef struct tj_plan_member {
    int32_t param, row;
} tj_plan_member;

/* Status of one cell or total in one year. */
typedef enum tj_cell_status {
    TJ_ABSENT = 0, /* no datum; never a zero */
    TJ_MEASURED = 1,
    TJ_BACKCAST = 2,
    TJ_ASSUMED = 3,
    TJ_PROJECTED = 4, /* after the city's last inventory year */
    TJ_PARTIAL = 5    /* totals only: something that belongs to it is absent */
} tj_cell_status;

typedef struct tj_plan_city {
    int32_t last_inventory; /* year index H of the city */
    int32_t cells_first, cells_count;
    int32_t total_status; /* into TJ_SECTION_BYTES: n_years tj_cell_status of the territorial total */
    int32_t population;   /* into TJ_SECTION_NUMBERS: n_backgrounds * n_years, NaN where unknown */
    int32_t shares_first, shares_count; /* share groups whose drivers belong to the city */
    int32_t rows_first, rows_count;     /* into ROWS */
    int32_t pad;
    tj_term level;    /* level factor of a proxy: multiplies every year; fixed 1 otherwise */
    tj_term backcast; /* factor on every back-cast value: exp(sigma z - median l); fixed 1 otherwise */
} tj_plan_city;

typedef enum tj_account {
    TJ_TERRITORIAL = 0, /* in the city's total */
    TJ_MEMO = 1,        /* reported beside, never added */
    TJ_REMOVALS = 2     /* t CO2 taken out (positive), apart from reductions, never in the total */
} tj_account;

typedef enum tj_method {
    TJ_METHOD_TREND = 0,
    TJ_METHOD_INTENSITY = 1,
    TJ_METHOD_SINK = 2,
    TJ_METHOD_STOCK = 3,
    TJ_METHOD_BUILDING = 4,
    TJ_METHOD_SUPPLY = 5,
    TJ_METHOD_LANDFILL = 6,
    TJ_METHODS
} tj_method;

/* One sector of one city.
 * The path of a trend cell after H, before drivers and backgrounds:
 *   log x(t) = log x(H) + g sum(delta^i, 0 <= i < t - H) + u(t) + n(t) - keeps_mean v(t) / 2
 *   u(t) = rho u(t-1) + sigma z(t)             own noise, z from noise_stream and calendar year, u(H) = 0
 *   v(t) = rho^2 v(t-1) + sigma^2              its variance, v(H) = 0
 *   n(t) = n(t-1) + shock z'(t)                shared, z' from shock_stream and calendar year, n(H) = 0
 * A cell with memory wanders likewise: kappa(t) = kappa exp(u(t) + n(t) - keeps_mean v(t) / 2), where its sigma or
 * shock is not a fixed 0.
 * Drivers by method, in this order (counts in parentheses):
 *   trend      activity (1), intensity (1), both 1 in year H
 *   intensity  activity (1), intensity (1), carrier shares (n_carriers), emission factors (n_carriers)
 *   sink       removal (1), t CO2 per year
 *   others     in any order; fleets, technologies, burners, carriers, sources and wastes say which is which
 * An intensity cell may list its carriers too (carriers_count is n_carriers then, in the order of the shares):
 * carriers that are not burnt here stay out of its emissions and of kappa, and its energy by carrier,
 * kappa * activity * intensity * share, is known to supply cells and rows. */
typedef struct tj_plan_cell {
    int32_t city, sector, method, account;
    int32_t drivers_first, drivers_count, n_carriers;
    int32_t history;       /* into NUMBERS: n_years, t CO2e, NaN where absent or after H */
    int32_t status;        /* into BYTES: n_years tj_cell_status */
    int32_t ratio;         /* trend: into NUMBERS: n_backgrounds * n_years background ratio, 1 up to H */
    int32_t gas_shares;    /* into NUMBERS: n_years(<= H used) * n_gases shares of CO2e by gas */
    int32_t keeps_mean;    /* 1 where the cell's own noise leaves its mean on the trend, 0 its median */
    uint64_t noise_stream; /* FNV-1a of "<sector>.noise@<city>" */
    uint64_t shock_stream; /* FNV-1a of "<sector>.shock@<country>", shared by its cities */
    tj_term growth, delta, rho, sigma; /* trend, model.md 4.1; with memory rho and sigma */
    tj_term shock;                     /* log sigma of the shared shock of a year; fixed 0: none */

    int32_t fleets_first, fleets_count;     /* stock, building: into FLEETS */
    int32_t carriers_first, carriers_count; /* stock, building, intensity: into CARRIERS */
    int32_t sources_first, sources_count;   /* supply: into SOURCES */
    int32_t wastes_first, wastes_count;     /* landfill: into WASTES */
    int32_t removal_cell; /* supply: the cell that captured biogenic CO2 is added to, or TJ_NONE */
    int32_t deposit, recovery, oxidation; /* landfill: drivers; t of waste per year, fractions */
    int32_t other;                        /* landfill: driver; t CO2e per year that do not come from decay */
    /* landfill: either the pile at the end of H, t DDOCm by waste, or the deposits, t of waste in each year
     * from the calendar year deposits_first_year to H, H being the last; into NUMBERS, the other TJ_NONE */
    int32_t pile, deposits, deposits_first_year;
    double losses, in_city; /* supply: 0 <= losses < 1; share of the output made in the city */
    double gwp;             /* landfill: t CO2e per t CH4 */
    double methane_share;   /* landfill: F, the volume share of CH4 in the gas */
} tj_plan_cell;

/* ---- sectors with memory (docs/model.md, "Sectors") ----
 * Drivers are given by their index in the plan. In H every driver has its reference. Years before H: the path
 * itself (no spread), or a growth's start; before the first year of the axis, the value of the first year. */

typedef enum tj_fleet_kind { TJ_FLEET_UNITS = 0, TJ_FLEET_FLOOR = 1 } tj_fleet_kind;

/* Units that serve one demand and are replaced by sales. A cell's fleets share its carriers and its kappa.
 *   UNITS  demand: units; activity: per unit and year
 *   FLOOR  demand: A, m2 of floor, the units being m2 served; activity: h, heat per m2 of the floor that is
 *          old in H (only its value in H counts, later years come from renovation); per unit heat / A */
typedef struct tj_plan_fleet {
    int32_t cell, kind;
    int32_t technologies_first, technologies_count;
    int32_t sales_group; /* share group of the sales shares */
    int32_t demand, activity;
    int32_t survival; /* multiplies the yearly probability of survival, clamped to [0, 1] */
    int32_t demolition, code, rate, depth; /* FLOOR, else TJ_NONE */
    double renovated;                      /* FLOOR: R(H) */
} tj_plan_fleet;

/* n(H) by age is share * demand(H) * weight / (sum of weights): the weights given, or stationary, S(a) for ages
 * 0 .. max(0, H - market_year) with S(a) >= 1e-6. */
typedef struct tj_plan_technology {
    int32_t fleet;
    int32_t sales, scrappage; /* drivers */
    int32_t burners_first, burners_count;
    int32_t market_year; /* first calendar year sold */
    int32_t ages;        /* into NUMBERS: n_ages weights of ages 0, 1, ..; TJ_NONE: stationary */
    int32_t n_ages;
    double share;         /* of demand in H */
    tj_term lambda, beta; /* Weibull survival, years; lambda, beta > 0 */
} tj_plan_technology;

/* What a technology runs on. Units sold in H or before have the driver's reference in their year. */
typedef struct tj_plan_burner {
    int32_t carrier; /* index among the cell's carriers */
    int32_t driver;  /* eta: energy per unit of activity of units sold in the year */
    double share;    /* of the technology's activity; a technology's shares sum to 1 */
} tj_plan_burner;

typedef enum tj_carrier_account {
    TJ_CARRIER_BURNT = 0,  /* here: scope 1 */
    TJ_CARRIER_NETWORK = 1 /* scope 2, never in the territorial total */
} tj_carrier_account;

typedef struct tj_plan_carrier {
    int32_t cell;
    int32_t carrier; /* number of the carrier in the study */
    int32_t factor;  /* driver: t CO2e per MWh; TJ_NONE where a supply cell sets it */
    int32_t supply;  /* supply cell of the same city, or TJ_NONE; the account is NETWORK then */
    int32_t account; /* tj_carrier_account */
    int32_t pad;
} tj_plan_carrier;

/* A source of a supply cell. kappa of the cell multiplies its delivered factor, its emissions and what it
 * captures alike. */
typedef struct tj_plan_source {
    int32_t cell;
    int32_t share, capture, fossil; /* drivers, fractions */
    double factor;                  /* t CO2 per MWh of fuel, fossil and biogenic together */
    double efficiency;              /* > 0 */
} tj_plan_source;

/* A class of landfilled waste: W ddoc t of DDOCm of W t deposited. */
typedef struct tj_plan_waste {
    int32_t cell;
    int32_t share; /* driver: share of the deposit; also for deposits of H and before, by its year */
    double ddoc;   /* DOC * DOCf * MCF */
    double decay;  /* ln 2 / half-life, per year */
} tj_plan_waste;

typedef enum tj_row_kind {
    TJ_ROW_ENERGY = 0, /* item: index among the cell's carriers; MWh per year */
    TJ_ROW_SCOPE2,     /* t CO2e per year of the cell's network carriers */
    TJ_ROW_UNITS,      /* item: technology, index in TECHNOLOGIES; units or m2 at the end of the year */
    TJ_ROW_SALES,      /* item: technology; units or m2 per year; 0 in H, where it is not known */
    TJ_ROW_RENOVATED,  /* item: fleet, index in FLEETS; m2 per year: (R(t) - R(t-1)) old(t); in H as sales */
    TJ_ROW_RETIRED, /* item: fleet; units or m2 per year that leave early, as survivors exceed demand; in H as sales */
    TJ_ROW_KAPPA,   /* the cell's kappa, the same in every year */
    TJ_ROW_FACTOR,  /* supply: t CO2 per MWh delivered, kappa included */
    TJ_ROW_METHANE, /* landfill: t CH4 per year */
    TJ_ROW_KINDS
} tj_row_kind;

/* A physical result of a city beside its emissions, from H on. Energy, scope 2 and methane carry kappa and the
 * city's level factor as emissions do; units, floor and factors do not carry the level. */
typedef struct tj_plan_row {
    int32_t kind, city, cell;
    int32_t item; /* 0 where the kind has none */
    int32_t slot; /* number of the row within the city, from 0 */
    int32_t pad;
} tj_plan_row;

typedef enum tj_reference_kind {
    TJ_REF_PATH = 0,   /* p(H) + (p(t) - p(H)) * spread; exactly p(t) where spread is fixed 1 */
    TJ_REF_GROWTH = 1, /* start * (1 + rate)^(t - H), by repeated multiplication; start up to H */
    /* As PATH with p read at F + (t - F) * rate for t > F = max(H, paced_from), straight between years, kept
     * between F and the last year of the axis. Shares of a whole with one rate still sum to one. */
    TJ_REF_PACED = 2
} tj_reference_kind;

enum { TJ_DRIVER_SIGNED = 1, TJ_DRIVER_FRACTION = 2 };

typedef struct tj_plan_driver {
    int32_t cell;
    int32_t flags;
    int32_t share_group; /* into SHARES, or TJ_NONE */
    int32_t reference;   /* tj_reference_kind */
    int32_t path;        /* PATH, PACED: into NUMBERS: n_backgrounds * n_years */
    int32_t paced_from;  /* PACED: year index */
    tj_term start;       /* GROWTH */
    tj_term rate;        /* GROWTH, PACED */
    tj_term spread;      /* PATH, PACED: factor on the change since H */
} tj_plan_driver;

/* Shares of a whole: consecutive drivers that sum to one. */
typedef struct tj_plan_shares {
    int32_t drivers_first, drivers_count;
} tj_plan_shares;

/* Operators in the order in which they are applied, class by class. */
typedef enum tj_op {
    TJ_OP_SCALE = 0,
    TJ_OP_SHIFT,
    TJ_OP_TOWARD,
    TJ_OP_ADD,
    TJ_OP_CAP,
    TJ_OP_FLOOR,
    TJ_OPS
} tj_op;

typedef enum tj_side { TJ_SIDE_BOTH = 0, TJ_SIDE_UP = 1, TJ_SIDE_DOWN = 2 } tj_side;

/* One measure's effect on one driver, for one (package, city).
 * w = strength * eligible * adherence * (1 - rebound) * synergies * r(t). */
typedef struct tj_plan_effect {
    int32_t driver;    /* scale .. floor: the driver; shift: the one taken from */
    int32_t to_driver; /* shift only */
    int32_t op, side;
    int32_t measure;       /* rank of the measure's identifier among all measures, bytewise */
    int32_t overlap;       /* overlap group or TJ_NONE */
    int32_t ramp;          /* into NUMBERS: n_years values r(t), 0 up to H */
    int32_t factors_first; /* into TERMS: synergy factors */
    int32_t factors_count;
    int32_t pad;
    double strength;
    tj_term magnitude, ratio, eligible, adherence, rebound;
} tj_plan_effect;

/* Effects of package p in city c: index p * n_cities + c; sorted by (driver, measure, order written). */
typedef struct tj_plan_slice {
    int32_t first, count;
} tj_plan_slice;

/* A sum over cities; membership is n_cities bytes. */
typedef struct tj_plan_group {
    int32_t members; /* into BYTES: n_cities, 0 or 1 */
    int32_t status;  /* into BYTES: n_years tj_cell_status of the group's total */
} tj_plan_group;

/* A view: the weighted sum of a city's territorial cells that targets look at.
 * View c < n_cities is city c's whole territorial total. */
typedef struct tj_plan_view {
    int32_t city;
    int32_t weights;      /* into NUMBERS: cells_count weights (1, or an ETS share or its complement) */
    int32_t status;       /* into BYTES: n_years tj_cell_status of the weighted sum */
    int32_t backcast_own; /* 1: `backcast` replaces the city's factor (single-sector view) */
    tj_term backcast;
} tj_plan_view;

typedef enum tj_target_kind {
    TJ_TARGET_REDUCTION = 0, /* value = fraction below the base year by `year` */
    TJ_TARGET_REMAINING,     /* value = fraction of the base year left */
    TJ_TARGET_NEUTRAL,       /* value = q, least reduction; share = a, removals' allowed share */
    TJ_TARGET_PATH,          /* milestones: fraction below the base by year; ascending years */
    TJ_TARGET_BUDGET,        /* value = t CO2e over first .. year inclusive */
    TJ_TARGET_KINDS
} tj_target_kind;

/* One target applied to one city. */
typedef struct tj_plan_target {
    int32_t city, view, kind, assessable; /* assessable 0: carried, not judged; the study has the reason */
    int32_t base, year, first;            /* year indexes; TJ_NONE where the kind has none */
    int32_t milestones_first, milestones_count; /* into NUMBERS: pairs (year index, fraction below base) */
    int32_t pad;
    double value, share;
} tj_plan_target;

typedef enum tj_section {
    TJ_SECTION_SETTINGS = 0, /* tj_plan_settings, one */
    TJ_SECTION_PARAMS,       /* tj_plan_param */
    TJ_SECTION_CITIES,       /* tj_plan_city */
    TJ_SECTION_CELLS,        /* tj_plan_cell */
    TJ_SECTION_DRIVERS,      /* tj_plan_driver */
    TJ_SECTION_SHARES,       /* tj_plan_shares */
    TJ_SECTION_EFFECTS,      /* tj_plan_effect */
    TJ_SECTION_SLICES,       /* tj_plan_slice, n_packages * n_cities */
    TJ_SECTION_GROUPS,       /* tj_plan_group */
    TJ_SECTION_VIEWS,        /* tj_plan_view */
    TJ_SECTION_TARGETS,      /* tj_plan_target */
    TJ_SECTION_TERMS,        /* tj_term */
    TJ_SECTION_NUMBERS,      /* double */
    TJ_SECTION_BYTES,        /* uint8_t */
    TJ_SECTION_QUANTILES,    /* double: probabilities reported, ascending, the median among them */
    TJ_SECTION_COPULAS,      /* tj_plan_copula */
    TJ_SECTION_MEMBERS,      /* tj_plan_member, ordered by copula, then row: every row has one or more */
    TJ_SECTION_FLEETS,       /* tj_plan_fleet, by cell */
    TJ_SECTION_TECHNOLOGIES, /* tj_plan_technology, by fleet */
    TJ_SECTION_BURNERS,      /* tj_plan_burner, by technology */
    TJ_SECTION_CARRIERS,     /* tj_plan_carrier, by cell */
    TJ_SECTION_SOURCES,      /* tj_plan_source, by cell */
    TJ_SECTION_WASTES,       /* tj_plan_waste, by cell */
    TJ_SECTION_ROWS,         /* tj_plan_row, by city and slot */
    TJ_SECTION_LIBRARY,      /* tj_plan_slice, n_cities or none: every measure of the library that reaches
                                the city, at full strength and with the factors of all its synergies */
    TJ_SECTIONS
} tj_section;

typedef struct tj_plan tj_plan; /* the image: a tj_plan_head, then the sections */

typedef struct tj_plan_head {
    char magic[8]; /* "trajplan" */
    uint32_t version, byte_order;
    uint64_t size;
    struct {
        uint64_t offset, count;
    } section[TJ_SECTIONS];
} tj_plan_head;

/* In sight, so that reading it costs no call in the inner loops. */
struct tj_plan {
    tj_plan_head head;
};

/* ---- reading ---- */

/* Start of a section and, if `count` is not NULL, its number of items. */
static inline const void *tj_plan_section(const tj_plan *plan, tj_section section, size_t *count)
{
    assert((unsigned)section < TJ_SECTIONS);
    if (count != NULL)
        *count = plan->head.section[section].count;
    return (const unsigned char *)plan + plan->head.section[section].offset;
}

/* Item `index` of a section whose items have `size` bytes, checked. */
static inline const void *tj_plan_item(const tj_plan *plan, tj_section section, int32_t index, size_t size)
{
    assert(index >= 0 && (uint64_t)index < plan->head.section[section].count);
    return (const unsigned char *)plan + plan->head.section[section].offset + (size_t)index * size;
}

static inline const tj_plan_settings *tj_plan_get_settings(const tj_plan *plan)
{
    return tj_plan_item(plan, TJ_SECTION_SETTINGS, 0, sizeof(tj_plan_settings));
}

static inline const tj_plan_city *tj_plan_get_city(const tj_plan *plan, int32_t city)
{
    return tj_plan_item(plan, TJ_SECTION_CITIES, city, sizeof(tj_plan_city));
}

static inline const tj_plan_cell *tj_plan_get_cell(const tj_plan *plan, int32_t cell)
{
    return tj_plan_item(plan, TJ_SECTION_CELLS, cell, sizeof(tj_plan_cell));
}

static inline const tj_plan_driver *tj_plan_get_driver(const tj_plan *plan, int32_t driver)
{
    return tj_plan_item(plan, TJ_SECTION_DRIVERS, driver, sizeof(tj_plan_driver));
}

static inline const double *tj_plan_numbers(const tj_plan *plan, int32_t first)
{
    return tj_plan_item(plan, TJ_SECTION_NUMBERS, first, sizeof(double));
}

static inline const uint8_t *tj_plan_bytes(const tj_plan *plan, int32_t first)
{
    return tj_plan_item(plan, TJ_SECTION_BYTES, first, sizeof(uint8_t));
}

static inline tj_plan_slice tj_plan_get_slice(const tj_plan *plan, int32_t package, int32_t city)
{
    const tj_plan_settings *settings = tj_plan_get_settings(plan);
    assert(package < settings->n_packages && city < settings->n_cities);
    const tj_plan_slice *slice =
        tj_plan_item(plan, TJ_SECTION_SLICES, package * settings->n_cities + city, sizeof(tj_plan_slice));
    return *slice;
}
size_t tj_plan_most_cells(const tj_plan *plan); /* of one city; at least 1 */
/* The drivers of a city, which follow one another; none where it has no cell. */
tj_plan_slice tj_plan_city_drivers(const tj_plan *plan, int32_t city);
size_t tj_plan_size(const tj_plan *plan); /* bytes of the image */

/* ---- building: append items to sections, then finish ---- */

typedef struct tj_plan_builder tj_plan_builder;

/* NULL when memory is short. The caller owns it. */
tj_plan_builder *tj_plan_builder_create(void);
void tj_plan_builder_free(tj_plan_builder *builder); /* NULL is fine */

/* Appends `count` items to a section; returns the index of the first, or TJ_NONE when memory is short
 * (the builder remembers the failure and tj_plan_finish reports it). */
int32_t tj_plan_add(tj_plan_builder *builder, tj_section section, const void *items, size_t count);

/* The items of a section under construction (valid until the next tj_plan_add to it). */
void *tj_plan_items(tj_plan_builder *builder, tj_section section, size_t *count);

/* Lays the image out. On success *plan is owned by the caller (free with tj_plan_free). */
tj_status tj_plan_finish(tj_plan_builder *builder, tj_plan **plan);
void tj_plan_free(tj_plan *plan); /* NULL is fine */

#endif
