/* Random sectors with memory: fleets, buildings, a heat network with its users, landfills.
 *
 * Invariant: as in random_plan.c, a cell's numbers follow from (seed, city, sector) alone. A city's network may
 * stand before its users or after them. */
#include "engine/threefry.h"
#include "tests/physical_maker.h"
#include "tests/random_making.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SUPPLY_BEFORE = MAKING_SECTORS, CARS, HOMES, SERVICES, LANDFILL, SUPPLY_AFTER };

static tj_random random_of(const making *m, int32_t sector)
{
    return tj_random_from(m->shape.seed, 'P', (uint64_t)m->city_id, (uint64_t)sector);
}

static tj_term own_term(making *m, int32_t number, const char *what, double low, double high)
{
    char name[48];
    snprintf(name, sizeof name, "c%d.%s%d", m->city_id, what, number - m->city_drivers);
    return tj_making_term(m, name, low, high, 0);
}

/* A driver that is 0, or `usual`, or drifts from it; measures move it by that size in any case. */
static void set_usual(making *m, tj_random *r, int32_t driver, double usual, double still)
{
    if (tj_random_chance(r, 0.4))
        tj_making_driver(m, r, driver, usual, 1);
    else
        tj_maker_set_level(m->maker, driver, still);
    m->typical[driver] = usual;
}

/* What was sold or deposited before H was different. */
static void add_past(making *m, tj_random *r, int32_t driver, double yearly)
{
    const tj_plan_driver record = *tj_maker_get_driver(m->maker, driver);
    double *numbers = tj_maker_items(m->maker, TJ_SECTION_NUMBERS, NULL);
    if (record.reference != TJ_REF_PATH || tj_random_chance(r, 0.3))
        return;
    for (int32_t b = 0; b < m->n_backgrounds; b++)
        for (int32_t y = 0; y < m->last; y++)
            numbers[record.path + b * m->n_years + y] *= pow(yearly, m->last - y);
}

/* Its kappa wanders, once in a while. */
static void set_noise(making *m, tj_random *r, int32_t cell)
{
    char name[48];
    if (tj_random_chance(r, 0.5))
        return;
    snprintf(name, sizeof name, "c%d.sigma%d", m->city_id, tj_maker_get_cell(m->maker, cell)->sector);
    tj_term sigma = tj_making_term(m, name, 0, 0.1, 0);
    tj_plan_cell *record = tj_maker_get_cell(m->maker, cell);
    record->sigma = sigma;
    record->rho = tj_fixed(tj_random_between(r, 0.5, 1));
    record->shock = tj_fixed(tj_random_chance(r, 0.5) ? 0 : 0.05);
    record->shock_stream = tj_stream(name);
    record->noise_stream = tj_stream(strcat(name, ".n"));
    record->keeps_mean = tj_random_chance(r, 0.5);
}

/* ---- fleets ---- */

/* Ages as data, the first weight never 0. */
static void set_ages(making *m, tj_random *r, tj_plan_technology *technology)
{
    double weights[16];
    technology->n_ages = 1 + tj_random_below(r, 16);
    for (int32_t a = 0; a < technology->n_ages; a++)
        weights[a] = a > 0 && tj_random_chance(r, 0.2) ? 0 : tj_random_between(r, 0.1, 1);
    technology->ages = tj_maker_numbers(m->maker, weights, (size_t)technology->n_ages);
}

/* One carrier, or two on which the activity is shared; the first technology runs on the first two carriers. */
static void add_burners(making *m, tj_random *r, int32_t fleet, int32_t k, int32_t carriers)
{
    int32_t first = k == 0 ? 0 : tj_random_below(r, carriers);
    int two = carriers > 1 && (k == 0 || tj_random_chance(r, 0.3));
    double share = two ? tj_random_between(r, 0.2, 0.8) : 1;
    for (int b = 0; b <= two; b++) {
        int32_t other = k == 0 || carriers < 3 ? 1 : 1 + tj_random_below(r, carriers - 1);
        int32_t carrier = b == 0 ? first : (first + other) % carriers;
        double eta = tj_random_between(r, 0.2, 2);
        int32_t driver = tj_maker_burner(m->maker, fleet, k, carrier, eta, b == 0 ? share : 1 - share);
        tj_making_driver(m, r, driver, eta, 1);
        add_past(m, r, driver, 1.02);
    }
}

static void set_technology(making *m, tj_random *r, int32_t fleet, int32_t k, double share)
{
    int32_t sales = tj_maker_get_technology(m->maker, fleet, k)->sales;
    tj_term lambda = own_term(m, sales, "lambda", 3, 25), beta = own_term(m, sales, "beta", 0.8, 5);
    tj_plan_technology technology = *tj_maker_get_technology(m->maker, fleet, k);
    technology.share = share;
    technology.lambda = lambda;
    technology.beta = beta;
    technology.market_year = m->first_year + m->last + 2 - tj_random_below(r, 60);
    if (tj_random_chance(r, 0.4))
        set_ages(m, r, &technology);
    *tj_maker_get_technology(m->maker, fleet, k) = technology;
    set_usual(m, r, technology.scrappage, 0.05, 0);
}

/* Demand that a fleet may not be able to fall as fast as, now and then nearly or quite to nothing. */
static void set_demand(making *m, tj_random *r, int32_t driver, double level)
{
    if (tj_random_chance(r, 0.2))
        tj_making_drift(m, r, driver, level, tj_random_chance(r, 0.3) ? -0.3 : 0, 0.3);
    else
        tj_making_driver(m, r, driver, level, 1);
}

static void add_fleet(making *m, tj_random *r, int32_t cell, tj_fleet_kind kind, int32_t carriers)
{
    double shares[MAKING_CARRIERS];
    int32_t count = 1 + tj_random_below(r, MAKING_CARRIERS);
    int32_t index = tj_maker_fleet(m->maker, cell, kind, 1, 1, count);
    tj_making_parts(r, count, shares);
    for (int32_t k = 0; k < count; k++)
        set_technology(m, r, index, k, shares[k]);
    const tj_plan_fleet fleet = *tj_maker_get_fleet(m->maker, index);
    tj_making_shares(m, r, tj_maker_get_technology(m->maker, index, 0)->sales, count);
    set_demand(m, r, fleet.demand, tj_random_between(r, 1e3, 1e5));
    tj_making_driver(m, r, fleet.activity, tj_random_between(r, 0.1, 10), 1);
    set_usual(m, r, fleet.survival, 0.97, 1);
    if (kind == TJ_FLEET_FLOOR) {
        set_usual(m, r, fleet.demolition, 0.01, 0);
        tj_making_driver(m, r, fleet.code, tj_random_between(r, 0.05, 1), 1);
        set_usual(m, r, fleet.rate, 0.06, 0.01);
        set_usual(m, r, fleet.depth, 0.5, 0.2);
        double renovated = tj_random_chance(r, 0.5) ? 0 : tj_random_between(r, 0, 0.9);
        tj_maker_get_fleet(m->maker, index)->renovated = renovated;
    }
    for (int32_t k = 0; k < count; k++)
        add_burners(m, r, index, k, carriers);
}

/* Carrier 0 is burnt, carrier 1 comes from the city's supply, others may be of any kind. */
static void set_carriers(making *m, tj_random *r, int32_t cell, int32_t carriers, int32_t supply)
{
    for (int32_t f = 0; f < carriers; f++) {
        int32_t factor = tj_maker_get_carrier(m->maker, cell, f)->factor;
        tj_making_driver(m, r, factor, tj_random_between(r, 0.05, 0.4), 1);
        if (f == 1 || (f > 1 && tj_random_chance(r, 0.6)))
            tj_maker_network(m->maker, cell, f, f == 1 || tj_random_chance(r, 0.3) ? supply : TJ_NONE);
    }
}

/* Cars use the city's network for certain, so that its emissions in H are not 0. */
static void add_users(making *m, int32_t sector, tj_method method, int32_t supply)
{
    tj_random r = random_of(m, sector);
    double history[MAKING_YEARS];
    tj_making_history(m, &r, history);
    int32_t carriers = 1 + tj_random_below(&r, MAKING_CARRIERS);
    if (sector == CARS) {
        carriers = carriers < 2 ? 2 : carriers;
        history[m->last] = history[m->last] > 0 ? history[m->last] : 1000;
    }
    int32_t cell = tj_maker_users(m->maker, sector, history, method, carriers);
    set_carriers(m, &r, cell, carriers, supply);
    for (int fleets = 1 + tj_random_below(&r, 2); fleets > 0; fleets--)
        add_fleet(m, &r, cell, method == TJ_METHOD_BUILDING ? TJ_FLEET_FLOOR : TJ_FLEET_UNITS, carriers);
    set_noise(m, &r, cell);
    tj_making_cell(m, &r, cell, history);
}

static void add_services(making *m, int32_t supply)
{
    tj_random r = random_of(m, SERVICES);
    double history[MAKING_YEARS];
    tj_making_history(m, &r, history);
    int32_t n = 2 + tj_random_below(&r, MAKING_CARRIERS - 1);
    int32_t cell = tj_maker_intensity(m->maker, SERVICES, history, n);
    tj_making_driver(m, &r, tj_maker_driver(m->maker, cell, 0), tj_random_between(&r, 1, 1000), 1);
    tj_making_driver(m, &r, tj_maker_driver(m->maker, cell, 1), tj_random_between(&r, 0.1, 3), 1);
    tj_making_shares(m, &r, tj_maker_driver(m->maker, cell, 2), n);
    tj_maker_list_carriers(m->maker, cell);
    set_carriers(m, &r, cell, n, supply);
    set_noise(m, &r, cell);
    tj_making_cell(m, &r, cell, history);
}

/* ---- networks, landfills ---- */

/* A cell of the city that counts removals, or TJ_NONE. */
static int32_t removals_of(const making *m, tj_random *r)
{
    const tj_plan_settings *settings = tj_maker_settings(m->maker);
    const tj_plan_city *city = tj_maker_get_city(m->maker, settings->n_cities - 1);
    for (int32_t c = city->cells_first; c < city->cells_first + city->cells_count; c++)
        if (tj_maker_get_cell(m->maker, c)->account == TJ_REMOVALS)
            return tj_random_chance(r, 0.8) ? c : TJ_NONE;
    return TJ_NONE;
}

/* Never unknown in H, since others have its factor; nothing of it in the city means no emissions there. */
static void supply_history(making *m, tj_random *r, double *history, double *in_city)
{
    tj_making_history(m, r, history);
    *in_city = tj_random_chance(r, 0.5) ? 1 : tj_random_chance(r, 0.2) ? 0 : tj_random_between(r, 0.1, 1);
    if (isnan(history[m->last]))
        history[m->last] = 1000;
    for (int32_t y = 0; y <= m->last && *in_city == 0; y++)
        history[y] = isnan(history[y]) ? NAN : 0;
}

static void add_supply(making *m, int32_t sector)
{
    tj_random r = random_of(m, sector);
    double history[MAKING_YEARS], in_city;
    int32_t removals = removals_of(m, &r), count = 1 + tj_random_below(&r, MAKING_CARRIERS);
    supply_history(m, &r, history, &in_city);
    int32_t cell = tj_maker_supply(m->maker, sector, history, count);
    for (int32_t k = 0; k < count; k++) {
        tj_plan_source *source = tj_maker_get_source(m->maker, cell, k);
        source->factor = tj_random_between(&r, 0.1, 0.5);
        source->efficiency = tj_random_between(&r, 0.3, 1.1);
        const tj_plan_source copy = *source;
        set_usual(m, &r, copy.capture, 0.3, 0);
        set_usual(m, &r, copy.fossil, 0.4, k > 0 && tj_random_chance(&r, 0.3) ? 0 : 1);
    }
    tj_making_shares(m, &r, tj_maker_get_source(m->maker, cell, 0)->share, count);
    tj_maker_get_cell(m->maker, cell)->losses = tj_random_chance(&r, 0.3) ? 0 : tj_random_between(&r, 0, 0.3);
    tj_maker_get_cell(m->maker, cell)->in_city = in_city;
    tj_maker_get_cell(m->maker, cell)->removal_cell = removals;
    set_noise(m, &r, cell);
    tj_making_cell(m, &r, cell, history);
}

/* The pile of H, or deposits from before the axis, or from its first years on. */
static void set_pile(making *m, tj_random *r, int32_t cell, double deposit)
{
    tj_plan_cell *record = tj_maker_get_cell(m->maker, cell);
    double values[MAKING_YEARS + 40];
    int given = tj_random_chance(r, 0.5);
    int32_t first = 3 - tj_random_below(r, 40), count = given ? record->wastes_count : m->last - first + 1;
    for (int32_t k = 0; k < count; k++)
        values[k] = deposit * tj_random_between(r, given && k > 0 ? 0 : 0.5, given ? 1 : 1.5);
    int32_t at = tj_maker_numbers(m->maker, values, (size_t)count);
    record->pile = given ? at : TJ_NONE;
    record->deposits = given ? TJ_NONE : at;
    record->deposits_first_year = given ? 0 : m->first_year + first;
}

static void add_landfill(making *m)
{
    tj_random r = random_of(m, LANDFILL);
    double history[MAKING_YEARS], deposit = tj_random_between(&r, 1e3, 1e5);
    int32_t count = 1 + tj_random_below(&r, MAKING_CARRIERS);
    tj_making_history(m, &r, history);
    int32_t cell = tj_maker_landfill(m->maker, LANDFILL, history, count);
    for (int32_t k = 0; k < count; k++) {
        tj_maker_get_waste(m->maker, cell, k)->ddoc = tj_random_between(&r, 0.01, 0.2);
        tj_maker_get_waste(m->maker, cell, k)->decay = tj_random_between(&r, 0.01, 0.4);
    }
    const tj_plan_cell record = *tj_maker_get_cell(m->maker, cell);
    tj_making_shares(m, &r, tj_maker_get_waste(m->maker, cell, 0)->share, count);
    add_past(m, &r, tj_maker_get_waste(m->maker, cell, 0)->share, 0.95);
    tj_making_driver(m, &r, record.deposit, deposit, 1);
    set_usual(m, &r, record.recovery, 0.3, 0);
    set_usual(m, &r, record.oxidation, 0.1, 0.1);
    set_usual(m, &r, record.other, 1e4, 0);
    set_pile(m, &r, cell, deposit);
    set_noise(m, &r, cell);
    tj_making_cell(m, &r, cell, history);
}

void tj_making_physical(making *m)
{
    tj_random r = random_of(m, 0);
    int homes = tj_random_chance(&r, 0.7), services = tj_random_chance(&r, 0.6);
    int landfill = tj_random_chance(&r, 0.7), before = tj_random_chance(&r, 0.5);
    int32_t supply = tj_maker_settings(m->maker)->n_cells + (before ? 0 : 1 + homes + services + landfill);
    if (before)
        add_supply(m, SUPPLY_BEFORE);
    add_users(m, CARS, TJ_METHOD_STOCK, supply);
    if (homes)
        add_users(m, HOMES, TJ_METHOD_BUILDING, supply);
    if (services)
        add_services(m, supply);
    if (landfill)
        add_landfill(m);
    if (!before)
        add_supply(m, SUPPLY_AFTER);
    tj_maker_rows(m->maker);
}
