/* Random valid plans: axes, cities, cells, drivers, targets; measures are in random_measures.c.
 *
 * Invariant: numbers come from (seed, identity) or (seed, parameter's name), never from a shared
 * sequence, so that nothing depends on what else the plan holds. */
#include "tests/random_plan.h"

#include "engine/threefry.h"
#include "tests/random_making.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- numbers ---- */

uint64_t tj_random_next(tj_random *random)
{
    uint64_t z = random->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

tj_random tj_random_from(uint64_t seed, uint64_t a, uint64_t b, uint64_t c)
{
    const uint64_t parts[4] = {seed, a, b, c};
    tj_random random = {0};
    for (int k = 0; k < 4; k++)
        random.state = tj_random_next(&random) ^ (parts[k] * 0xd6e8feb86659fd93u);
    return random;
}

double tj_random_between(tj_random *random, double low, double high)
{
    return low + (high - low) * ((double)(tj_random_next(random) >> 11) * 0x1p-53);
}

int tj_random_below(tj_random *random, int count)
{
    assert(count > 0);
    return (int)(tj_random_next(random) % (unsigned)count);
}

int tj_random_chance(tj_random *random, double probability)
{
    return tj_random_between(random, 0, 1) < probability;
}

/* ---- terms ---- */

/* A parameter of a random kind with all values in [low, high]; `wide` also allows the unbounded kinds,
 * with most of their values there. */
static tj_term new_param(making *m, const char *name, double low, double high, int wide)
{
    tj_random r = tj_random_from(m->shape.seed, tj_stream(name), 1, 0);
    double mode = tj_random_between(&r, low, high), middle = 0.5 * (low + high);
    const double values[3] = {low, mode, high}, weights[3] = {1, 2.5, 1.5};
    switch (tj_random_below(&r, wide ? 8 : 6)) {
    case 0:
        return tj_maker_param(m->maker, name, TJ_DIST_FIXED, mode, 0, 0, 0);
    case 1:
        return tj_maker_param(m->maker, name, TJ_DIST_UNIFORM, low, high, 0, 0);
    case 2:
        return tj_maker_param(m->maker, name, TJ_DIST_TRIANGULAR, low, mode, high, 0);
    case 3:
        return tj_maker_param(m->maker, name, TJ_DIST_PERT, low, mode, high, 0);
    case 4:
        return tj_maker_param(m->maker, name, TJ_DIST_BETA, 2, 3, low, high);
    case 5:
        return tj_maker_discrete(m->maker, name, values, weights, 3);
    case 6:
        if (low > 0)
            return tj_maker_param(m->maker, name, TJ_DIST_LOGNORMAL, log(middle), 0.1, 0, 0);
        /* fall through */
    default:
        return tj_maker_param(m->maker, name, TJ_DIST_NORMAL, middle, (high - low) / 4, 0, 0);
    }
}

tj_term tj_making_param(making *m, const char *name, double low, double high, int wide)
{
    for (int k = 0; k < m->n_params; k++) {
        if (strcmp(m->params[k].name, name) == 0)
            return m->params[k].term;
    }
    assert(m->n_params < MAKING_PARAMS && strlen(name) < sizeof m->params[0].name);
    strcpy(m->params[m->n_params].name, name);
    m->params[m->n_params].term = new_param(m, name, low, high, wide);
    return m->params[m->n_params++].term;
}

tj_term tj_making_term(making *m, const char *name, double low, double high, int wide)
{
    tj_random r = tj_random_from(m->shape.seed, tj_stream(name), 0, 0);
    if (tj_random_chance(&r, 0.4))
        return tj_fixed(tj_random_between(&r, low, high));
    return tj_making_param(m, name, low, high, wide);
}

/* ---- one cell ---- */

void tj_making_history(const making *m, tj_random *r, double *history)
{
    int32_t last = m->last;
    double level = pow(10, tj_random_between(r, 3, 6));
    int zero = tj_random_chance(r, 0.07), absent = tj_random_chance(r, 0.06);
    for (int32_t y = 0; y <= last; y++) {
        int gap = y > 0 && y < last && tj_random_chance(r, 0.3);
        level *= tj_random_between(r, 0.93, 1.05);
        history[y] = gap || (absent && y == last) ? NAN : zero ? 0 : level;
    }
    for (int32_t y = last + 1; y < m->n_years; y++)
        history[y] = NAN;
}

/* The first year back-cast, some years assumed, nothing after an absent H. */
static void set_statuses(making *m, tj_random *r, int32_t cell, const double *history, int32_t last)
{
    if (!isnan(history[0]) && tj_random_chance(r, 0.5))
        tj_maker_set_status(m->maker, cell, m->first_year, TJ_BACKCAST);
    for (int32_t y = 1; y <= last; y++) {
        if (!isnan(history[y]) && tj_random_chance(r, 0.15))
            tj_maker_set_status(m->maker, cell, m->first_year + y, TJ_ASSUMED);
    }
    for (int32_t y = last + 1; isnan(history[last]) && y < m->n_years; y++)
        tj_maker_set_status(m->maker, cell, m->first_year + y, TJ_ABSENT);
}

void tj_making_drift(making *m, tj_random *r, int32_t driver, double level, double least, double most)
{
    double path[MAKING_YEARS];
    for (int32_t b = 0; b < m->n_backgrounds; b++) {
        double end = level * tj_random_between(r, least, most);
        for (int32_t y = 0; y < m->n_years; y++)
            path[y] = y <= m->last ? level : level + (end - level) * (y - m->last) / (m->n_years - m->last);
        tj_maker_set_path(m->maker, driver, b, path);
    }
    m->typical[driver] = level;
}

static void set_growth(making *m, int32_t driver, tj_term start, tj_term rate)
{
    tj_plan_driver *record = tj_maker_get_driver(m->maker, driver);
    record->reference = TJ_REF_GROWTH;
    record->path = TJ_NONE;
    record->start = start;
    record->rate = rate;
}

static void set_pace(making *m, int32_t driver, tj_term pace, int32_t from)
{
    tj_plan_driver *record = tj_maker_get_driver(m->maker, driver);
    record->reference = TJ_REF_PACED;
    record->rate = pace;
    record->paced_from = from;
}

void tj_making_driver(making *m, tj_random *r, int32_t driver, double level, int may_grow)
{
    char name[32];
    snprintf(name, sizeof name, "c%d.x%d", m->city_id, driver - m->city_drivers);
    tj_making_drift(m, r, driver, level, 0.5, 1.3);
    int kind = tj_random_below(r, may_grow ? 3 : 2);
    if (kind == 1) {
        tj_term spread = tj_making_term(m, name, 0.6, 1.4, 1);
        tj_maker_get_driver(m->maker, driver)->spread = spread;
    }
    if (kind < 2 && tj_random_chance(r, 0.3)) {
        strcat(name, ".p");
        set_pace(m, driver, tj_making_term(m, name, 0, 2, 1), tj_random_below(r, m->n_years));
    } else if (kind == 2) {
        tj_term start = tj_making_term(m, name, 0.9 * level, 1.1 * level, 0);
        strcat(name, ".g");
        tj_term rate = tj_making_term(m, name, -0.03, 0.03, 1);
        set_growth(m, driver, start, rate);
    }
}

void tj_making_parts(tj_random *r, int32_t n, double *shares)
{
    double sum = 0;
    for (int32_t k = 0; k < n; k++) {
        shares[k] = k > 0 && tj_random_chance(r, 0.15) ? 0 : tj_random_between(r, 0.05, 1);
        sum += shares[k];
    }
    for (int32_t k = 0; k < n; k++)
        shares[k] /= sum;
}

/* The shares of a group follow one spread of at most 1 and one pace, and so stay shares; once in a while each follows
 * its own, or is drawn itself, and they only sum to one in the middle. */
void tj_making_shares(making *m, tj_random *r, int32_t first, int32_t n)
{
    double from[MAKING_CARRIERS], to[MAKING_CARRIERS], path[MAKING_YEARS];
    char name[48];
    int apart = tj_random_chance(r, 0.1), drawn = tj_random_chance(r, 0.05), fixed = tj_random_chance(r, 0.5);
    int paced = tj_random_chance(r, 0.3), since = tj_random_below(r, m->n_years);
    tj_making_parts(r, n, from);
    for (int32_t k = 0; k < n; k++) {
        int32_t driver = first + k;
        snprintf(name, sizeof name, "c%d.shares%d", m->city_id, driver - (apart ? 0 : k) - m->city_drivers);
        tj_term spread = fixed && !apart ? tj_fixed(1) : tj_making_term(m, name, 0, apart ? 1.4 : 1, 0);
        tj_maker_get_driver(m->maker, driver)->spread = spread;
        snprintf(name, sizeof name, "c%d.pace%d", m->city_id, driver - (apart ? 0 : k) - m->city_drivers);
        if (paced)
            set_pace(m, driver, tj_making_term(m, name, 0.3, 1.6, 0), since);
        if (drawn && from[k] > 0) {
            snprintf(name, sizeof name, "c%d.start%d", m->city_id, driver - m->city_drivers);
            tj_term start = tj_making_param(m, name, 0.8 * from[k], 1.2 * from[k], 0);
            set_growth(m, driver, start, tj_fixed(0));
        }
    }
    for (int32_t b = 0; b < m->n_backgrounds && !drawn; b++) {
        tj_making_parts(r, n, to);
        for (int32_t k = 0; k < n; k++) {
            for (int32_t y = 0; y < m->n_years; y++) {
                double u = y <= m->last ? 0 : (double)(y - m->last) / (m->n_years - m->last);
                path[y] = from[k] * (1 - u) + to[k] * u;
            }
            tj_maker_set_path(m->maker, first + k, b, path);
        }
    }
    for (int32_t k = 0; k < n && drawn; k++) {
        if (from[k] == 0)
            tj_maker_set_level(m->maker, first + k, 0);
    }
}

/* Gives a driver a path of its own under each background, the same in every draw. */
static void bend(making *m, tj_random *r, int32_t driver)
{
    double path[MAKING_YEARS];
    for (int32_t b = 0; b < m->n_backgrounds; b++) {
        double end = tj_random_between(r, 0.5, 1.5);
        for (int32_t y = 0; y < m->n_years; y++)
            path[y] = y <= m->last ? 1 : 1 + (end - 1) * (y - m->last) / (m->n_years - m->last);
        tj_maker_set_path(m->maker, driver, b, path);
    }
}

static int32_t add_trend(making *m, tj_random *r, int32_t sector, const double *history)
{
    char name[32];
    int32_t cell = tj_maker_trend(m->maker, sector, history, 0);
    tj_term terms[5];
    const double low[5] = {-0.04, 0.7, 0, 0, 0}, high[5] = {0.02, 1, 1, 0.08, 0.05};
    const double usual[5] = {-0.01, 1, 1, 0, 0};
    for (int k = 0; k < 5; k++) {
        snprintf(name, sizeof name, "s%d.t%d@c%d", sector, k, m->city_id);
        terms[k] =
            tj_random_chance(r, 0.4) ? tj_fixed(usual[k]) : tj_making_term(m, name, low[k], high[k], k == 0);
    }
    tj_plan_cell *record = tj_maker_get_cell(m->maker, cell);
    record->growth = terms[0];
    record->delta = terms[1];
    record->rho = terms[2];
    record->sigma = terms[3];
    record->shock = terms[4];
    record->keeps_mean = tj_random_chance(r, 0.5);
    snprintf(name, sizeof name, "s%d.shock@n", sector);
    record->shock_stream = tj_stream(name);
    for (int32_t b = 1; b < m->n_backgrounds; b++) {
        double ratio[MAKING_YEARS], end = tj_random_between(r, 0.5, 1.1);
        for (int32_t y = 0; y < m->n_years; y++)
            ratio[y] = y <= m->last ? 1 : 1 + (end - 1) * (y - m->last) / (m->n_years - m->last);
        tj_maker_set_ratio(m->maker, cell, b, ratio);
    }
    for (int32_t k = 0; k < 2; k++) {
        m->typical[tj_maker_driver(m->maker, cell, k)] = 1;
        if (tj_random_chance(r, m->shape.trends ? 0.05 : 0.2))
            tj_making_driver(m, r, tj_maker_driver(m->maker, cell, k), 1, 0);
        else if (m->shape.trends && tj_random_chance(r, 0.1))
            bend(m, r, tj_maker_driver(m->maker, cell, k));
    }
    return cell;
}

static int32_t add_intensity(making *m, tj_random *r, int32_t sector, const double *history)
{
    int32_t n = 1 + tj_random_below(r, MAKING_CARRIERS);
    int32_t cell = tj_maker_intensity(m->maker, sector, history, n);
    tj_making_driver(m, r, tj_maker_driver(m->maker, cell, 0), tj_random_between(r, 1, 1000), 1);
    tj_making_driver(m, r, tj_maker_driver(m->maker, cell, 1), tj_random_between(r, 0.1, 3), 1);
    tj_making_shares(m, r, tj_maker_driver(m->maker, cell, 2), n);
    for (int32_t k = 0; k < n; k++) {
        double factor = k > 0 && tj_random_chance(r, 0.2) ? 0 : tj_random_between(r, 0.02, 0.4);
        tj_making_driver(m, r, tj_maker_driver(m->maker, cell, 2 + n + k), factor, 0);
    }
    return cell;
}

static int32_t add_sink(making *m, tj_random *r, int32_t sector, const double *history)
{
    int32_t cell = tj_maker_sink(m->maker, sector, history, 0);
    tj_making_driver(m, r, tj_maker_driver(m->maker, cell, 0), tj_random_between(r, -1e4, 1e5), 0);
    return cell;
}

static void set_gases(making *m, tj_random *r, int32_t cell)
{
    double shares[MAKING_YEARS * MAKING_CARRIERS];
    for (int32_t y = 0; y < m->n_years; y++)
        tj_making_parts(r, m->n_gases, shares + y * m->n_gases);
    int32_t first = tj_maker_numbers(m->maker, shares, (size_t)(m->n_years * m->n_gases));
    tj_maker_get_cell(m->maker, cell)->gas_shares = first;
}

void tj_making_cell(making *m, tj_random *r, int32_t cell, const double *history)
{
    set_statuses(m, r, cell, history, m->last);
    set_gases(m, r, cell);
}

static void add_cell(making *m, int32_t sector)
{
    tj_random r = tj_random_from(m->shape.seed, 'S', (uint64_t)m->city_id, (uint64_t)sector);
    double history[MAKING_YEARS];
    char stream[32];
    tj_making_history(m, &r, history);
    int method = sector == MAKING_SECTORS - 1 ? TJ_METHOD_SINK : tj_random_below(&r, TJ_METHOD_SINK);
    if (m->shape.trends && method != TJ_METHOD_SINK)
        method = TJ_METHOD_TREND;
    int32_t cell = method == TJ_METHOD_SINK    ? add_sink(m, &r, sector, history)
                   : method == TJ_METHOD_TREND ? add_trend(m, &r, sector, history)
                                               : add_intensity(m, &r, sector, history);
    tj_making_cell(m, &r, cell, history);
    snprintf(stream, sizeof stream, "s%d.noise@c%d", sector, m->city_id);
    tj_plan_cell *record = tj_maker_get_cell(m->maker, cell);
    record->noise_stream = tj_stream(stream);
    record->account = method == TJ_METHOD_SINK    ? TJ_REMOVALS
                      : sector == 0               ? TJ_TERRITORIAL
                      : tj_random_chance(&r, 0.1) ? TJ_MEMO
                      : tj_random_chance(&r, 0.1) ? TJ_REMOVALS
                                                  : TJ_TERRITORIAL;
}

/* ---- cities, targets ---- */

static void set_city(making *m, tj_random *r, int32_t city)
{
    double population[MAKING_YEARS * MAKING_BACKGROUNDS];
    char name[32];
    for (int32_t i = 0; i < m->n_backgrounds * m->n_years; i++)
        population[i] = tj_random_chance(r, 0.1) ? NAN : tj_random_between(r, 1e4, 1e6);
    int32_t at = tj_maker_numbers(m->maker, population, (size_t)(m->n_backgrounds * m->n_years));
    snprintf(name, sizeof name, "level@c%d", m->city_id);
    tj_term level = tj_random_chance(r, 0.5) ? tj_fixed(1) : tj_making_param(m, name, 0.7, 1.4, 1);
    snprintf(name, sizeof name, "backcast@c%d", m->city_id);
    tj_term backcast = tj_random_chance(r, 0.3) ? tj_fixed(1) : tj_making_param(m, name, 0.8, 1.3, 1);
    tj_plan_city *record = tj_maker_get_city(m->maker, city);
    record->population = at;
    record->level = level;
    record->backcast = backcast;
}

static void add_city(making *m, int32_t id)
{
    tj_random r = tj_random_from(m->shape.seed, 'C', (uint64_t)id, 0);
    m->city_id = id;
    m->last = m->n_years / 2 - tj_random_below(&r, 4);
    m->city_drivers = tj_maker_settings(m->maker)->n_drivers;
    int32_t city = tj_maker_city(m->maker, m->first_year + m->last);
    m->ids[city] = id;
    set_city(m, &r, city);
    for (int32_t s = 0; s < MAKING_SECTORS; s++) {
        if (s == 0 || tj_random_chance(&r, 0.7))
            add_cell(m, s);
    }
    if (m->shape.physical)
        tj_making_physical(m);
}

/* A view of some cells: whole, or the share inside the ETS; a single sector has its own back-cast factor. */
static int32_t add_view(making *m, tj_random *r, int32_t city)
{
    double weights[MAKING_CELLS];
    const tj_plan_city *record = tj_maker_get_city(m->maker, city);
    int single = tj_random_chance(r, 0.3);
    for (int32_t k = 0; k < record->cells_count; k++) {
        int territorial = tj_maker_get_cell(m->maker, record->cells_first + k)->account == TJ_TERRITORIAL;
        double share = tj_random_chance(r, 0.5) ? 1 : tj_random_between(r, 0, 1);
        weights[k] = k == 0 ? share : !territorial || single ? 0 : share;
    }
    int32_t view = tj_maker_view(m->maker, city, weights);
    if (single) {
        char name[32];
        snprintf(name, sizeof name, "backcast0@c%d", m->ids[city]);
        tj_term factor = tj_making_param(m, name, 0.6, 1.5, 1);
        tj_maker_get_view(m->maker, view)->backcast_own = 1;
        tj_maker_get_view(m->maker, view)->backcast = factor;
    }
    return view;
}

static void add_target(making *m, tj_random *r, int32_t city)
{
    int32_t last = tj_maker_get_city(m->maker, city)->last_inventory;
    int kind = tj_random_below(r, TJ_TARGET_KINDS);
    tj_plan_target target = {.city = city,
                             .kind = kind,
                             .assessable = !tj_random_chance(r, 0.1),
                             .base = tj_random_chance(r, 0.8) ? 0 : last,
                             .year = last + 1 + tj_random_below(r, m->n_years - last - 1),
                             .first = TJ_NONE,
                             .value = tj_random_between(r, 0.1, 0.9),
                             .share = tj_random_between(r, 0, 0.2)};
    target.view = tj_random_chance(r, 0.5) ? city : add_view(m, r, city);
    if (kind == TJ_TARGET_BUDGET) {
        target.base = TJ_NONE;
        target.first = last - 1 + tj_random_below(r, 3);
        target.value = tj_random_between(r, 1e5, 1e7);
    } else if (kind == TJ_TARGET_PATH) {
        const double pairs[4] = {last + 1, 0.2, m->n_years - 1, 0.7};
        target.milestones_first = tj_maker_numbers(m->maker, pairs, 4);
        target.milestones_count = 2;
        target.year = m->n_years - 1;
    }
    tj_maker_target(m->maker, &target);
}

/* ---- the plan ---- */

static void set_axes(making *m)
{
    tj_random r = tj_random_from(m->shape.seed, 'A', 0, 0);
    m->first_year = 1990 + tj_random_below(&r, 20);
    m->n_years = 12 + tj_random_below(&r, MAKING_YEARS - 11);
    m->n_backgrounds = 1 + tj_random_below(&r, MAKING_BACKGROUNDS);
    m->n_packages = 2 + tj_random_below(&r, 3);
    m->n_cities = 1 + tj_random_below(&r, 3);
    m->n_measures = 1 + tj_random_below(&r, 9);
    m->n_gases = 1 + tj_random_below(&r, 2);
    if (m->shape.subsets > 0) {
        m->n_measures = m->shape.subsets;
        m->n_packages = 1 << m->n_measures;
    }
    m->maker = tj_maker_create(m->first_year, m->first_year + m->n_years - 1, m->n_backgrounds,
                               m->n_packages + (m->shape.extra_package != 0));
    tj_maker_settings(m->maker)->seed = tj_random_next(&r);
    tj_maker_settings(m->maker)->n_gases = m->n_gases;
}

tj_plan *tj_random_plan(const tj_random_shape *shape)
{
    making m = {.shape = *shape};
    set_axes(&m);
    if (shape->extra_city)
        add_city(&m, 100);
    for (int32_t id = 0; id < m.n_cities; id++)
        add_city(&m, id);
    m.n_cities += shape->extra_city != 0;
    tj_making_packages(&m);
    if (shape->subsets > 0)
        tj_maker_library(m.maker, m.n_packages - 1);
    tj_random r = tj_random_from(shape->seed, 'G', 0, 0);
    uint8_t members[MAKING_CITIES];
    for (int32_t c = 0; c < m.n_cities; c++)
        members[c] = c == 0 || tj_random_chance(&r, 0.6);
    tj_maker_group(m.maker, members);
    for (int32_t c = 0; c < m.n_cities; c++) {
        tj_random t = tj_random_from(shape->seed, 'T', (uint64_t)m.ids[c], 0);
        for (int k = tj_random_below(&t, 4); k > 0; k--)
            add_target(&m, &t, c);
    }
    return tj_maker_finish(m.maker);
}
