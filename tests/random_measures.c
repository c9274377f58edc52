/* Random measures of random plans: effects of every class on every driver that may carry them.
 *
 * Invariant: a measure's effects in a city follow from (seed, measure, city) alone, its strength and
 * presence from (seed, package, measure, city) alone. */
#include "tests/random_making.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

typedef enum role { ROLE_LEVEL, ROLE_SHARE, ROLE_SIGNED, ROLE_FRACTION, ROLE_FACTOR } role;

/* Whether the driver is the factor of one of the cell's carriers. */
static int is_factor(const making *m, const tj_plan_cell *cell, int32_t driver)
{
    const tj_plan_carrier *carriers = tj_maker_items(m->maker, TJ_SECTION_CARRIERS, NULL);
    for (int32_t f = cell->carriers_first; f < cell->carriers_first + cell->carriers_count; f++)
        if (carriers[f].factor == driver)
            return 1;
    return 0;
}

static role role_of(const making *m, int32_t driver)
{
    const tj_plan_driver *record = tj_maker_get_driver(m->maker, driver);
    const tj_plan_cell *cell = tj_maker_get_cell(m->maker, record->cell);
    if (record->share_group != TJ_NONE)
        return ROLE_SHARE;
    if (record->flags & TJ_DRIVER_SIGNED)
        return ROLE_SIGNED;
    if (record->flags & TJ_DRIVER_FRACTION)
        return ROLE_FRACTION;
    if (cell->method >= TJ_METHOD_STOCK)
        return is_factor(m, cell, driver) ? ROLE_FACTOR : ROLE_LEVEL;
    return driver - cell->drivers_first < 2 ? ROLE_LEVEL : ROLE_FACTOR;
}

/* First driver of a city and the one past its last. */
static void city_drivers(const making *m, int32_t city, int32_t *first, int32_t *end)
{
    const tj_plan_city *record = tj_maker_get_city(m->maker, city);
    const tj_plan_cell *cell = tj_maker_get_cell(m->maker, record->cells_first);
    *first = cell->drivers_first;
    cell = tj_maker_get_cell(m->maker, record->cells_first + record->cells_count - 1);
    *end = cell->drivers_first + cell->drivers_count;
}

/* A driver that measures may move, few enough that measures often meet. */
static int32_t some_driver(const making *m, tj_random *r, int32_t city)
{
    int32_t first, end, driver;
    city_drivers(m, city, &first, &end);
    do
        driver = first + tj_random_below(r, end - first);
    while (role_of(m, driver) == ROLE_FACTOR || (m->shape.scales && role_of(m, driver) != ROLE_LEVEL));
    return driver;
}

/* Where a shift from `driver` goes: a share of the same whole (now and then of another), a level to a
 * level of any sector, but no fleet to its efficiency; TJ_NONE if there is no such driver. */
static int32_t some_goal(const making *m, tj_random *r, int32_t city, int32_t driver)
{
    int32_t first, end, group = tj_maker_get_driver(m->maker, driver)->share_group;
    int far = tj_random_chance(r, 0.1);
    city_drivers(m, city, &first, &end);
    for (int tries = 0; tries < 40; tries++) {
        int32_t to = first + tj_random_below(r, end - first);
        if (to == driver || role_of(m, to) != role_of(m, driver))
            continue;
        if (m->shape.physical && m->typical[driver] > 100 * m->typical[to])
            continue;
        if (far || tj_maker_get_driver(m->maker, to)->share_group == group)
            return to;
    }
    return TJ_NONE;
}

/* r(t) of a ramp that begins in H or later, and may end again. */
static int32_t some_ramp(making *m, tj_random *r, int32_t last)
{
    double values[MAKING_YEARS];
    int start = last + tj_random_below(r, 4), length = tj_random_below(r, 6);
    int until = tj_random_chance(r, 0.15) ? start + 4 : m->n_years, fade = 1 + tj_random_below(r, 4);
    for (int32_t y = 0; y < m->n_years; y++) {
        double up = y <= start ? 0 : length == 0 || y >= start + length ? 1 : (double)(y - start) / length;
        double down = y <= until ? 0 : y >= until + fade ? 1 : (double)(y - until) / fade;
        values[y] = y <= last ? 0 : up * (1 - down);
    }
    return tj_maker_numbers(m->maker, values, (size_t)m->n_years);
}

/* Range of a magnitude, in the driver's own size. */
static void magnitude_range(const making *m, const tj_plan_effect *effect, double *low, double *high)
{
    double size = m->typical[effect->driver];
    int is_share = role_of(m, effect->driver) == ROLE_SHARE;
    if (effect->op == TJ_OP_SCALE) {
        *low = -0.3, *high = 0.9;
    } else if (effect->op == TJ_OP_SHIFT) {
        *low = 0, *high = 0.8;
    } else if (effect->op == TJ_OP_ADD) {
        *low = is_share ? -0.3 : -0.4 * size, *high = is_share ? 0.3 : 0.4 * size;
    } else {
        *low = is_share ? 0 : 0.2 * size, *high = is_share ? 0.8 : 1.5 * size;
    }
    if (*low > *high) {
        double swap = *low;
        *low = *high, *high = swap;
    }
}

/* A magnitude of the network for the classes that are fractions, or of this effect alone. */
static tj_term some_magnitude(making *m, tj_random *r, const tj_plan_effect *effect, const char *own)
{
    double low, high;
    char name[32];
    magnitude_range(m, effect, &low, &high);
    if (effect->op > TJ_OP_SHIFT || tj_random_chance(r, 0.6))
        return tj_making_term(m, own, low, high,
                              effect->op == TJ_OP_ADD || role_of(m, effect->driver) == ROLE_SIGNED);
    snprintf(name, sizeof name, "network%d.%d", effect->op, tj_random_below(r, 3));
    return tj_making_param(m, name, low, high, 0);
}

static tj_term some_part(making *m, tj_random *r, const char *own, const char *what, double low, double high,
                         double usual)
{
    char name[48];
    if (tj_random_chance(r, 0.6))
        return tj_fixed(usual);
    snprintf(name, sizeof name, "%s.%s", own, what);
    return tj_making_term(m, name, low, high, 0);
}

/* Class, drivers and side of an effect. */
static void choose_op(making *m, tj_random *r, int32_t city, tj_plan_effect *effect)
{
    effect->op = m->shape.scales ? TJ_OP_SCALE : tj_random_below(r, TJ_OPS);
    effect->side = tj_random_below(r, 3);
    if (effect->op != TJ_OP_SHIFT)
        return;
    if (role_of(m, effect->driver) != ROLE_SIGNED)
        effect->to_driver = some_goal(m, r, city, effect->driver);
    if (effect->to_driver == TJ_NONE)
        effect->op = TJ_OP_SCALE;
}

/* Effect k of a measure in a city, without strength and synergies. */
static tj_plan_effect some_effect(making *m, tj_random *r, int32_t city, int32_t measure, int k)
{
    char own[32];
    tj_plan_effect effect = tj_maker_effect(m->maker, TJ_OP_SCALE, some_driver(m, r, city), 0);
    choose_op(m, r, city, &effect);
    snprintf(own, sizeof own, "m%d.e%d@c%d", measure, k, m->ids[city]);
    effect.magnitude = some_magnitude(m, r, &effect, own);
    effect.ramp = some_ramp(m, r, tj_maker_get_city(m->maker, city)->last_inventory);
    effect.eligible = some_part(m, r, own, "eligible", 0.3, 1, 1);
    effect.adherence = some_part(m, r, own, "adherence", 0.5, 1, 1);
    int free_rebound = effect.op == TJ_OP_SCALE || effect.op == TJ_OP_ADD;
    effect.rebound = some_part(m, r, own, "rebound", -0.2, free_rebound ? 1.3 : 0.6, 0);
    if (effect.op == TJ_OP_SHIFT && role_of(m, effect.driver) != ROLE_SHARE)
        effect.ratio = some_part(m, r, own, "ratio", 0.3, 1.5, 1);
    effect.measure = (measure + m->shape.rank_turn) % m->n_measures;
    return effect;
}

static int holds(const making *m, int32_t package_id, int32_t measure, int32_t city)
{
    if (m->shape.subsets > 0)
        return package_id >> measure & 1;
    tj_random r =
        tj_random_from(m->shape.seed, 'H', (uint64_t)(package_id * 64 + measure), (uint64_t)m->ids[city]);
    return tj_random_chance(&r, 0.6);
}

static double strength_of(const making *m, int32_t package_id, int32_t measure, int32_t city)
{
    tj_random r =
        tj_random_from(m->shape.seed, 'P', (uint64_t)(package_id * 64 + measure), (uint64_t)m->ids[city]);
    if (m->shape.subsets > 0)
        return 1;
    if (m->shape.zero_strength || tj_random_chance(&r, 0.05))
        return 0;
    return tj_random_chance(&r, 0.5) ? 1 : tj_random_between(&r, 0.1, 1);
}

static tj_term partnered(const making *m, tj_term factor, int32_t partner)
{
    factor.partner = (partner + m->shape.rank_turn) % m->n_measures;
    return factor;
}

/* Synergies of a measure with others that the package holds at a strength above 0. */
static int32_t synergies(making *m, int32_t package_id, int32_t measure, int32_t city, tj_term *factors)
{
    int32_t count = 0;
    for (int32_t other = 0; other < m->n_measures; other++) {
        tj_random r = tj_random_from(m->shape.seed, 'Y', (uint64_t)measure, (uint64_t)other);
        char name[32];
        if (other == measure || !tj_random_chance(&r, 0.15))
            continue;
        snprintf(name, sizeof name, "m%d.synergy%d", measure, other);
        if (holds(m, package_id, other, city) && strength_of(m, package_id, other, city) > 0)
            factors[count++] = partnered(m, tj_making_term(m, name, 0.7, 1.3, 0), other);
    }
    return count;
}

static void add_measure(making *m, int32_t package, int32_t package_id, int32_t measure, int32_t city)
{
    tj_random g = tj_random_from(m->shape.seed, 'M', (uint64_t)measure, 0);
    tj_random r = tj_random_from(m->shape.seed, 'E', (uint64_t)measure, (uint64_t)m->ids[city]);
    tj_term factors[64];
    int32_t overlap = tj_random_chance(&g, 0.5) && !m->shape.no_overlaps ? tj_random_below(&g, 2) : TJ_NONE;
    int32_t n_factors = synergies(m, package_id, measure, city, factors);
    int count = 1 + tj_random_below(&r, m->shape.physical ? 10 : 4);
    for (int k = 0; k < count; k++) {
        tj_plan_effect effect = some_effect(m, &r, city, measure, k);
        effect.overlap = overlap;
        effect.strength = strength_of(m, package_id, measure, city);
        if (n_factors > 0)
            tj_maker_synergies(m->maker, &effect, factors, n_factors);
        tj_maker_add(m->maker, package, city, &effect);
    }
}

/* Full caps on every share of the city's last whole: once they bite, nothing can make room. */
static void add_hard_caps(making *m, int32_t package, int32_t city)
{
    int32_t first, end;
    city_drivers(m, city, &first, &end);
    for (int32_t driver = first; driver < end; driver++) {
        if (role_of(m, driver) != ROLE_SHARE)
            continue;
        tj_plan_effect effect = tj_maker_effect(m->maker, TJ_OP_CAP, driver, 0.1);
        effect.measure = m->n_measures;
        tj_maker_add(m->maker, package, city, &effect);
    }
}

/* Package 0 is the reference and empty; identity k is package k, or one further where one is extra. */
void tj_making_packages(making *m)
{
    tj_random r = tj_random_from(m->shape.seed, 'X', 0, 0);
    int32_t shift = m->shape.extra_package != 0;
    int hard = tj_random_chance(&r, 1.0 / 30) && !m->shape.zero_strength && m->shape.subsets == 0;
    for (int32_t package = 1; package < m->n_packages + shift && !m->shape.no_effects; package++) {
        int32_t id = shift && package == 1 ? 30 : package - shift;
        for (int32_t city = 0; city < m->n_cities; city++) {
            for (int32_t k = 0; k < m->n_measures; k++) {
                int32_t measure = m->shape.backwards ? m->n_measures - 1 - k : k;
                if (holds(m, id, measure, city))
                    add_measure(m, package, id, measure, city);
            }
            if (hard && id == 1)
                add_hard_caps(m, package, city);
        }
    }
}
