/* Builds small plans for the suites; see plan_maker.h.
 *
 * Invariant: everything but settings, effects, slices, views, groups and targets is in the builder as
 * soon as it is added; those wait here, because a plan orders them. */
#include "tests/plan_maker.h"

#include "engine/copula.h"
#include "engine/threefry.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 512 };

typedef struct written {
    tj_plan_effect effect;
    int32_t slice, order;
} written;

struct tj_maker {
    int32_t library; /* package whose slices are the library; 0: none */
    tj_plan_builder *builder;
    tj_plan_settings settings;
    written *effects; /* owned */
    size_t effects_room;
    tj_plan_view views[MOST];
    tj_plan_group groups[MOST];
    tj_plan_target targets[MOST];
    int32_t n_effects, n_views, n_groups, n_targets;
};

tj_maker *tj_maker_create(int first_year, int last_year, int backgrounds, int packages)
{
    static const double probabilities[5] = {0.05, 0.25, 0.5, 0.75, 0.95};
    tj_maker *maker = calloc(1, sizeof *maker);
    assert(maker != NULL && last_year >= first_year && backgrounds > 0 && packages > 0);
    maker->builder = tj_plan_builder_create();
    assert(maker->builder != NULL);
    maker->settings = (tj_plan_settings){.seed = 1,
                                         .first_year = first_year,
                                         .last_year = last_year,
                                         .base_year = first_year,
                                         .n_years = last_year - first_year + 1,
                                         .n_backgrounds = backgrounds,
                                         .n_packages = packages,
                                         .n_gases = 1,
                                         .n_quantiles = 5,
                                         .draws = 16};
    tj_plan_add(maker->builder, TJ_SECTION_QUANTILES, probabilities, 5);
    return maker;
}

void tj_maker_free(tj_maker *maker)
{
    if (maker == NULL)
        return;
    tj_plan_builder_free(maker->builder);
    free(maker->effects);
    free(maker);
}

tj_plan_settings *tj_maker_settings(tj_maker *maker)
{
    return &maker->settings;
}

int tj_maker_year(const tj_maker *maker, int year)
{
    assert(year >= maker->settings.first_year && year <= maker->settings.last_year);
    return year - maker->settings.first_year;
}

/* ---- numbers ---- */

tj_term tj_fixed(double value)
{
    return (tj_term){.value = value, .param = TJ_NONE};
}

tj_term tj_maker_param(tj_maker *maker, const char *name, tj_dist_kind kind, double p0, double p1, double p2,
                       double p3)
{
    tj_plan_param param = {.stream = tj_stream(name), .p = {p0, p1, p2, p3}, .kind = (int32_t)kind};
    int32_t index = tj_plan_add(maker->builder, TJ_SECTION_PARAMS, &param, 1);
    return (tj_term){.value = p0, .param = index};
}

tj_term tj_maker_discrete(tj_maker *maker, const char *name, const double *values, const double *weights,
                          size_t count)
{
    int32_t first = tj_maker_numbers(maker, values, count);
    tj_maker_numbers(maker, weights, count);
    tj_plan_param param = {.stream = tj_stream(name),
                           .kind = TJ_DIST_DISCRETE,
                           .values_first = first,
                           .values_count = (int32_t)count};
    int32_t index = tj_plan_add(maker->builder, TJ_SECTION_PARAMS, &param, 1);
    return (tj_term){.value = values[0], .param = index};
}

void tj_maker_copula(tj_maker *maker, int32_t size, const double *rho, const tj_plan_member *members,
                     int32_t count)
{
    double factor[64];
    size_t n = (size_t)size;
    assert(n * n <= sizeof factor / sizeof *factor);
    for (size_t i = 0; i < n * n; i++)
        factor[i] = tj_copula_pearson(rho[i]);
    tj_copula_factor(n, factor);
    tj_plan_copula copula = {.size = size, .members_count = count};
    copula.factor = tj_maker_numbers(maker, factor, n * n);
    copula.members_first = tj_plan_add(maker->builder, TJ_SECTION_MEMBERS, members, (size_t)count);
    tj_plan_add(maker->builder, TJ_SECTION_COPULAS, &copula, 1);
}

int32_t tj_maker_numbers(tj_maker *maker, const double *values, size_t count)
{
    int32_t first = tj_plan_add(maker->builder, TJ_SECTION_NUMBERS, values, count);
    assert(first != TJ_NONE);
    return first;
}

static int32_t repeat(tj_maker *maker, double value, int32_t count)
{
    int32_t first = tj_maker_numbers(maker, &value, 1);
    for (int32_t i = 1; i < count; i++)
        tj_maker_numbers(maker, &value, 1);
    return first;
}

int32_t tj_maker_flat(tj_maker *maker, double value)
{
    return repeat(maker, value, maker->settings.n_years);
}

int32_t tj_maker_flat_paths(tj_maker *maker, double value)
{
    return repeat(maker, value, maker->settings.n_years * maker->settings.n_backgrounds);
}

/* Numbers already added, to be changed in place. */
static double *numbers_at(tj_maker *maker, int32_t first)
{
    return (double *)tj_plan_items(maker->builder, TJ_SECTION_NUMBERS, NULL) + first;
}

int32_t tj_maker_step(tj_maker *maker, int start, double value)
{
    int32_t first = tj_maker_flat(maker, 0);
    for (int y = tj_maker_year(maker, start); y < maker->settings.n_years; y++)
        numbers_at(maker, first)[y] = value;
    return first;
}

int32_t tj_maker_linear(tj_maker *maker, int start, int years)
{
    assert(years > 0);
    int32_t first = tj_maker_flat(maker, 0);
    for (int y = tj_maker_year(maker, start); y < maker->settings.n_years; y++) {
        double u = (double)(y - tj_maker_year(maker, start)) / years;
        numbers_at(maker, first)[y] = u < 1 ? u : 1;
    }
    return first;
}

/* ---- cities, cells, drivers ---- */

int32_t tj_maker_city(tj_maker *maker, int last_inventory_year)
{
    size_t cells, shares;
    tj_plan_items(maker->builder, TJ_SECTION_CELLS, &cells);
    tj_plan_items(maker->builder, TJ_SECTION_SHARES, &shares);
    tj_plan_city city = {.last_inventory = tj_maker_year(maker, last_inventory_year),
                         .cells_first = (int32_t)cells,
                         .population = tj_maker_flat_paths(maker, 1000),
                         .shares_first = (int32_t)shares,
                         .level = tj_fixed(1),
                         .backcast = tj_fixed(1)};
    maker->settings.n_cities++;
    return tj_plan_add(maker->builder, TJ_SECTION_CITIES, &city, 1);
}

tj_plan_city *tj_maker_get_city(tj_maker *maker, int32_t city)
{
    assert(city >= 0 && city < maker->settings.n_cities);
    return (tj_plan_city *)tj_plan_items(maker->builder, TJ_SECTION_CITIES, NULL) + city;
}

/* History and statuses of a cell whose city has its last inventory in year index `last`. */
static void add_history(tj_maker *maker, tj_plan_cell *cell, const double *history, int32_t last)
{
    cell->history = tj_maker_flat(maker, NAN);
    for (int32_t y = 0; y < maker->settings.n_years; y++) {
        uint8_t status = y > last ? TJ_PROJECTED : isnan(history[y]) ? TJ_ABSENT : TJ_MEASURED;
        int32_t at = tj_plan_add(maker->builder, TJ_SECTION_BYTES, &status, 1);
        if (y == 0)
            cell->status = at;
        if (y <= last)
            numbers_at(maker, cell->history)[y] = history[y];
    }
}

static int32_t add_cell(tj_maker *maker, int32_t sector, const double *history, tj_method method,
                        int32_t drivers, int32_t carriers)
{
    assert(maker->settings.n_cities > 0 && sector >= 0);
    int32_t city = maker->settings.n_cities - 1;
    tj_plan_cell cell = {.city = city,
                         .sector = sector,
                         .method = (int32_t)method,
                         .account = TJ_TERRITORIAL,
                         .drivers_first = maker->settings.n_drivers,
                         .drivers_count = drivers,
                         .n_carriers = carriers,
                         .noise_stream = 1000003u * (uint64_t)city + (uint64_t)sector,
                         .growth = tj_fixed(0),
                         .delta = tj_fixed(1),
                         .rho = tj_fixed(1),
                         .sigma = tj_fixed(0),
                         .shock = tj_fixed(0)};
    add_history(maker, &cell, history, tj_maker_get_city(maker, city)->last_inventory);
    cell.ratio = tj_maker_flat_paths(maker, 1);
    cell.gas_shares = repeat(maker, 1, maker->settings.n_years * maker->settings.n_gases);
    tj_maker_get_city(maker, city)->cells_count++;
    if (sector >= maker->settings.n_sectors)
        maker->settings.n_sectors = sector + 1;
    maker->settings.n_cells++;
    return tj_plan_add(maker->builder, TJ_SECTION_CELLS, &cell, 1);
}

static int32_t add_driver(tj_maker *maker, int32_t cell, double level, int32_t flags, int32_t group)
{
    tj_plan_driver driver = {.cell = cell,
                             .flags = flags,
                             .share_group = group,
                             .reference = TJ_REF_PATH,
                             .path = tj_maker_flat_paths(maker, level),
                             .start = tj_fixed(level),
                             .rate = tj_fixed(0),
                             .spread = tj_fixed(1)};
    maker->settings.n_drivers++;
    return tj_plan_add(maker->builder, TJ_SECTION_DRIVERS, &driver, 1);
}

int32_t tj_maker_trend(tj_maker *maker, int32_t sector, const double *history, double growth)
{
    int32_t cell = add_cell(maker, sector, history, TJ_METHOD_TREND, 2, 0);
    tj_maker_get_cell(maker, cell)->growth = tj_fixed(growth);
    add_driver(maker, cell, 1, 0, TJ_NONE);
    add_driver(maker, cell, 1, 0, TJ_NONE);
    return cell;
}

int32_t tj_maker_intensity(tj_maker *maker, int32_t sector, const double *history, int32_t carriers)
{
    assert(carriers > 0);
    int32_t cell = add_cell(maker, sector, history, TJ_METHOD_INTENSITY, 2 + 2 * carriers, carriers);
    add_driver(maker, cell, 1, 0, TJ_NONE);
    add_driver(maker, cell, 1, 0, TJ_NONE);
    tj_plan_shares shares = {.drivers_first = maker->settings.n_drivers, .drivers_count = carriers};
    int32_t group = tj_plan_add(maker->builder, TJ_SECTION_SHARES, &shares, 1);
    tj_maker_get_city(maker, maker->settings.n_cities - 1)->shares_count++;
    for (int32_t k = 0; k < carriers; k++)
        add_driver(maker, cell, 1.0 / carriers, TJ_DRIVER_FRACTION, group);
    for (int32_t k = 0; k < carriers; k++)
        add_driver(maker, cell, 1, 0, TJ_NONE);
    return cell;
}

int32_t tj_maker_sink(tj_maker *maker, int32_t sector, const double *history, double removal)
{
    int32_t cell = add_cell(maker, sector, history, TJ_METHOD_SINK, 1, 0);
    add_driver(maker, cell, removal, TJ_DRIVER_SIGNED, TJ_NONE);
    return cell;
}

int32_t tj_maker_cell(tj_maker *maker, int32_t sector, const double *history, tj_method method)
{
    return add_cell(maker, sector, history, method, 0, 0);
}

int32_t tj_maker_add_driver(tj_maker *maker, int32_t cell, double level, int32_t flags)
{
    assert(cell == maker->settings.n_cells - 1);
    tj_maker_get_cell(maker, cell)->drivers_count++;
    return add_driver(maker, cell, level, flags, TJ_NONE);
}

int32_t tj_maker_add_shares(tj_maker *maker, int32_t cell, int32_t count)
{
    tj_plan_shares shares = {.drivers_first = maker->settings.n_drivers, .drivers_count = count};
    int32_t group = tj_maker_append(maker, TJ_SECTION_SHARES, &shares, 1);
    tj_maker_get_city(maker, maker->settings.n_cities - 1)->shares_count++;
    for (int32_t k = 0; k < count; k++)
        tj_maker_get_driver(maker, tj_maker_add_driver(maker, cell, 1.0 / count, TJ_DRIVER_FRACTION))
            ->share_group = group;
    return shares.drivers_first;
}

int32_t tj_maker_append(tj_maker *maker, tj_section section, const void *items, size_t count)
{
    int32_t first = tj_plan_add(maker->builder, section, items, count);
    assert(first != TJ_NONE);
    return first;
}

void *tj_maker_items(tj_maker *maker, tj_section section, size_t *count)
{
    return tj_plan_items(maker->builder, section, count);
}

tj_plan_cell *tj_maker_get_cell(tj_maker *maker, int32_t cell)
{
    assert(cell >= 0 && cell < maker->settings.n_cells);
    return (tj_plan_cell *)tj_plan_items(maker->builder, TJ_SECTION_CELLS, NULL) + cell;
}

void tj_maker_set_status(tj_maker *maker, int32_t cell, int year, tj_cell_status status)
{
    uint8_t *bytes = tj_plan_items(maker->builder, TJ_SECTION_BYTES, NULL);
    bytes[tj_maker_get_cell(maker, cell)->status + tj_maker_year(maker, year)] = (uint8_t)status;
}

void tj_maker_set_ratio(tj_maker *maker, int32_t cell, int32_t background, const double *values)
{
    int32_t n_years = maker->settings.n_years;
    double *to = numbers_at(maker, tj_maker_get_cell(maker, cell)->ratio + background * n_years);
    memcpy(to, values, (size_t)n_years * sizeof *to);
}

int32_t tj_maker_driver(tj_maker *maker, int32_t cell, int32_t k)
{
    const tj_plan_cell *record = tj_maker_get_cell(maker, cell);
    assert(k >= 0 && k < record->drivers_count);
    return record->drivers_first + k;
}

tj_plan_driver *tj_maker_get_driver(tj_maker *maker, int32_t driver)
{
    assert(driver >= 0 && driver < maker->settings.n_drivers);
    return (tj_plan_driver *)tj_plan_items(maker->builder, TJ_SECTION_DRIVERS, NULL) + driver;
}

void tj_maker_set_path(tj_maker *maker, int32_t driver, int32_t background, const double *values)
{
    int32_t n_years = maker->settings.n_years;
    assert(background >= 0 && background < maker->settings.n_backgrounds);
    double *to = numbers_at(maker, tj_maker_get_driver(maker, driver)->path + background * n_years);
    memcpy(to, values, (size_t)n_years * sizeof *to);
}

void tj_maker_set_level(tj_maker *maker, int32_t driver, double value)
{
    double *to = numbers_at(maker, tj_maker_get_driver(maker, driver)->path);
    for (int32_t i = 0; i < maker->settings.n_years * maker->settings.n_backgrounds; i++)
        to[i] = value;
}

/* ---- packages ---- */

tj_plan_effect tj_maker_effect(tj_maker *maker, tj_op op, int32_t driver, double magnitude)
{
    int32_t cell = tj_maker_get_driver(maker, driver)->cell;
    int32_t last = tj_maker_get_city(maker, tj_maker_get_cell(maker, cell)->city)->last_inventory;
    return (tj_plan_effect){.driver = driver,
                            .to_driver = TJ_NONE,
                            .op = (int32_t)op,
                            .side = TJ_SIDE_BOTH,
                            .overlap = TJ_NONE,
                            .ramp = tj_maker_step(maker, maker->settings.first_year + last + 1, 1),
                            .strength = 1,
                            .magnitude = tj_fixed(magnitude),
                            .ratio = tj_fixed(1),
                            .eligible = tj_fixed(1),
                            .adherence = tj_fixed(1),
                            .rebound = tj_fixed(0)};
}

void tj_maker_synergies(tj_maker *maker, tj_plan_effect *effect, const tj_term *factors, int32_t count)
{
    effect->factors_first = tj_plan_add(maker->builder, TJ_SECTION_TERMS, factors, (size_t)count);
    effect->factors_count = count;
}

void tj_maker_add(tj_maker *maker, int32_t package, int32_t city, const tj_plan_effect *effect)
{
    assert(package >= 0 && package < maker->settings.n_packages && city >= 0 && city < MOST);
    if ((size_t)maker->n_effects == maker->effects_room) {
        maker->effects_room = 2 * maker->effects_room + 64;
        maker->effects = realloc(maker->effects, maker->effects_room * sizeof *maker->effects);
        assert(maker->effects != NULL);
    }
    maker->effects[maker->n_effects] =
        (written){.effect = *effect, .slice = package * MOST + city, .order = maker->n_effects};
    maker->n_effects++;
}

static int by_place(const void *a, const void *b)
{
    const written *x = a, *y = b;
    const int32_t left[4] = {x->slice, x->effect.driver, x->effect.measure, x->order};
    const int32_t right[4] = {y->slice, y->effect.driver, y->effect.measure, y->order};
    for (int k = 0; k < 4; k++) {
        if (left[k] != right[k])
            return left[k] < right[k] ? -1 : 1;
    }
    return 0;
}

void tj_maker_library(tj_maker *maker, int32_t package)
{
    assert(package > 0 && package < maker->settings.n_packages);
    maker->library = package;
}

static void add_slices(tj_maker *maker)
{
    int32_t next = 0;
    if (maker->n_effects > 0)
        qsort(maker->effects, (size_t)maker->n_effects, sizeof *maker->effects, by_place);
    for (int32_t p = 0; p < maker->settings.n_packages; p++) {
        for (int32_t c = 0; c < maker->settings.n_cities; c++) {
            tj_plan_slice slice = {.first = next};
            for (; next < maker->n_effects && maker->effects[next].slice == p * MOST + c; next++)
                tj_plan_add(maker->builder, TJ_SECTION_EFFECTS, &maker->effects[next].effect, 1);
            slice.count = next - slice.first;
            tj_plan_add(maker->builder, TJ_SECTION_SLICES, &slice, 1);
            if (p > 0 && p == maker->library)
                tj_plan_add(maker->builder, TJ_SECTION_LIBRARY, &slice, 1);
        }
    }
    assert(next == maker->n_effects);
}

/* ---- totals, groups, views, targets ---- */

/* Status of a sum from those of its parts, one part at a time; `sum` starts as TJ_NONE. */
static int joined(int sum, int part)
{
    if (sum == TJ_NONE || sum == part)
        return part;
    if (sum == TJ_ABSENT || part == TJ_ABSENT || sum == TJ_PARTIAL || part == TJ_PARTIAL)
        return TJ_PARTIAL;
    if (sum == TJ_PROJECTED || part == TJ_PROJECTED)
        return TJ_PROJECTED;
    return sum == TJ_MEASURED ? part : sum;
}

/* Adds the status bytes of the weighted sum of a city's cells; weights NULL means its territorial cells. */
static int32_t add_sum_status(tj_maker *maker, int32_t city, const double *weights)
{
    const tj_plan_city *record = tj_maker_get_city(maker, city);
    int32_t first = TJ_NONE;
    for (int32_t y = 0; y < maker->settings.n_years; y++) {
        const uint8_t *bytes = tj_plan_items(maker->builder, TJ_SECTION_BYTES, NULL);
        int sum = TJ_NONE;
        for (int32_t k = 0; k < record->cells_count; k++) {
            const tj_plan_cell *cell = tj_maker_get_cell(maker, record->cells_first + k);
            if (weights == NULL ? cell->account == TJ_TERRITORIAL : weights[k] != 0)
                sum = joined(sum, bytes[cell->status + y]);
        }
        uint8_t byte = (uint8_t)(sum == TJ_NONE ? TJ_ABSENT : sum);
        int32_t at = tj_plan_add(maker->builder, TJ_SECTION_BYTES, &byte, 1);
        first = y == 0 ? at : first;
    }
    return first;
}

static void add_totals(tj_maker *maker)
{
    for (int32_t c = 0; c < maker->settings.n_cities; c++) {
        int32_t status = add_sum_status(maker, c, NULL);
        tj_plan_city *city = tj_maker_get_city(maker, c);
        city->total_status = status;
        tj_plan_view view = {.city = c, .status = status, .backcast = city->backcast};
        for (int32_t k = 0; k < city->cells_count; k++) {
            double weight = tj_maker_get_cell(maker, city->cells_first + k)->account == TJ_TERRITORIAL;
            int32_t at = tj_maker_numbers(maker, &weight, 1);
            view.weights = k == 0 ? at : view.weights;
        }
        tj_plan_add(maker->builder, TJ_SECTION_VIEWS, &view, 1);
    }
}

/* Status of a total over cities in one year: before the largest H of its members it exists only where none is
 * projected. */
static int group_status(tj_maker *maker, const uint8_t *members, int32_t year)
{
    const uint8_t *bytes = tj_plan_items(maker->builder, TJ_SECTION_BYTES, NULL);
    int sum = TJ_NONE, projected = 0;
    int32_t largest = 0;
    for (int32_t c = 0; c < maker->settings.n_cities; c++) {
        const tj_plan_city *city = tj_maker_get_city(maker, c);
        if (!members[c])
            continue;
        int part = bytes[city->total_status + year];
        sum = joined(sum, part);
        projected = projected || part == TJ_PROJECTED;
        largest = city->last_inventory > largest ? city->last_inventory : largest;
    }
    return sum == TJ_NONE || (projected && year < largest) ? TJ_ABSENT : sum;
}

static void add_group(tj_maker *maker, tj_plan_group *group, const uint8_t *members)
{
    size_t n = (size_t)maker->settings.n_cities;
    group->members = tj_plan_add(maker->builder, TJ_SECTION_BYTES, members, n);
    for (int32_t y = 0; y < maker->settings.n_years; y++) {
        uint8_t byte = (uint8_t)group_status(maker, members, y);
        int32_t at = tj_plan_add(maker->builder, TJ_SECTION_BYTES, &byte, 1);
        group->status = y == 0 ? at : group->status;
    }
}

int32_t tj_maker_group(tj_maker *maker, const uint8_t *members)
{
    assert(maker->n_groups < MOST);
    tj_plan_group *group = &maker->groups[maker->n_groups];
    group->members = tj_plan_add(maker->builder, TJ_SECTION_BYTES, members, (size_t)maker->settings.n_cities);
    return ++maker->n_groups; /* the network is group 0 */
}

int32_t tj_maker_view(tj_maker *maker, int32_t city, const double *weights)
{
    int32_t count = tj_maker_get_city(maker, city)->cells_count;
    assert(maker->n_views < MOST);
    maker->views[maker->n_views] = (tj_plan_view){.city = city,
                                                  .weights = tj_maker_numbers(maker, weights, (size_t)count),
                                                  .status = add_sum_status(maker, city, weights),
                                                  .backcast = tj_fixed(1)};
    return maker->settings.n_cities + maker->n_views++;
}

tj_plan_view *tj_maker_get_view(tj_maker *maker, int32_t view)
{
    int32_t own = view - maker->settings.n_cities;
    assert(own >= 0 && own < maker->n_views);
    return &maker->views[own];
}

void tj_maker_target(tj_maker *maker, const tj_plan_target *target)
{
    assert(maker->n_targets < MOST);
    maker->targets[maker->n_targets++] = *target;
}

static void add_groups(tj_maker *maker)
{
    uint8_t members[MOST];
    tj_plan_group network;
    assert(maker->settings.n_cities <= MOST);
    memset(members, 1, sizeof members);
    add_group(maker, &network, members);
    tj_plan_add(maker->builder, TJ_SECTION_GROUPS, &network, 1);
    for (int32_t g = 0; g < maker->n_groups; g++) {
        const uint8_t *bytes = tj_plan_items(maker->builder, TJ_SECTION_BYTES, NULL);
        memcpy(members, bytes + maker->groups[g].members, (size_t)maker->settings.n_cities);
        add_group(maker, &maker->groups[g], members);
        tj_plan_add(maker->builder, TJ_SECTION_GROUPS, &maker->groups[g], 1);
    }
}

tj_plan *tj_maker_finish(tj_maker *maker)
{
    tj_plan *plan = NULL;
    add_slices(maker);
    add_totals(maker);
    add_groups(maker);
    tj_plan_add(maker->builder, TJ_SECTION_VIEWS, maker->views, (size_t)maker->n_views);
    tj_plan_add(maker->builder, TJ_SECTION_TARGETS, maker->targets, (size_t)maker->n_targets);
    maker->settings.n_views = maker->settings.n_cities + maker->n_views;
    maker->settings.n_groups = 1 + maker->n_groups;
    maker->settings.n_targets = maker->n_targets;
    tj_plan_add(maker->builder, TJ_SECTION_SETTINGS, &maker->settings, 1);
    tj_status status = tj_plan_finish(maker->builder, &plan);
    assert(status == TJ_OK);
    (void)status;
    tj_maker_free(maker);
    return plan;
}
