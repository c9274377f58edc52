/* Operators of the reference simulator: the package's effects on the drivers of one city, in one
 * year of one draw, class by class; groups of shares are finished in reference_shares.c.
 *
 * Invariant: every class reads what the class before it left, and inside a class nothing depends on
 * the order of measures (model.md 3). */
#include "engine/reference.h"

#include <assert.h>
#include <math.h>

/* Which effects count: all that are kept, or one measure's of one overlap group, on its own. */
typedef struct choice {
    const tj_reference_at *at;
    const tj_reference_work *work;
    int32_t measure, overlap; /* measure TJ_NONE: all that are kept */
} choice;

double tj_reference_term(const tj_reference_at *at, tj_term term)
{
    return tj_term_draw(at->draws, term, at->draw);
}

static double magnitude(const tj_reference_at *at, const tj_plan_effect *effect)
{
    return tj_reference_term(at, effect->magnitude);
}

/* The path at F + (year - F) * pace, F being H or the year from which it is paced, and no later than its end. */
static double paced_value(const tj_reference_at *at, const tj_plan_driver *driver, const double *path)
{
    int32_t from = driver->paced_from > at->last_inventory ? driver->paced_from : at->last_inventory;
    int32_t end = tj_plan_get_settings(at->plan)->n_years - 1;
    if (at->year <= from)
        return path[at->year];
    double t = from + fmax(0, (at->year - from) * tj_reference_term(at, driver->rate));
    if (t >= end)
        return path[end];
    int32_t before = (int32_t)floor(t);
    return path[before] + (path[before + 1] - path[before]) * (t - before);
}

static double driver_value(const tj_reference_at *at, int32_t index)
{
    const tj_plan_driver *driver = tj_plan_get_driver(at->plan, index);
    if (driver->reference == TJ_REF_GROWTH) {
        /* A growth rate g gives value(H) (1 + g)^(t - H). */
        double x = tj_reference_term(at, driver->start);
        for (int32_t y = at->last_inventory; y < at->year; y++)
            x *= 1 + tj_reference_term(at, driver->rate);
        return x;
    }
    const double *path =
        tj_plan_numbers(at->plan, driver->path) + at->background * tj_plan_get_settings(at->plan)->n_years;
    double spread = tj_reference_term(at, driver->spread), value = path[at->year];
    if (driver->reference == TJ_REF_PACED)
        value = paced_value(at, driver, path);
    if (spread == 1)
        return value;
    /* A spread is a factor on the change since H. */
    return path[at->last_inventory] + (value - path[at->last_inventory]) * spread;
}

/* w: strength, eligible, adherence and ramp make the reach; rebound and synergies go with it everywhere.
 * For shift, toward, cap and floor it stays within [0, 1]. */
static double weight(const tj_reference_at *at, const tj_plan_effect *effect)
{
    double reach = effect->strength * tj_reference_term(at, effect->eligible) *
                   tj_reference_term(at, effect->adherence) *
                   tj_plan_numbers(at->plan, effect->ramp)[at->year];
    double w = reach * (1 - tj_reference_term(at, effect->rebound));
    size_t n_terms;
    const tj_term *terms = tj_plan_section(at->plan, TJ_SECTION_TERMS, &n_terms);
    for (int32_t k = 0; k < effect->factors_count; k++) {
        assert((size_t)(effect->factors_first + k) < n_terms);
        w *= tj_reference_term(at, terms[effect->factors_first + k]);
    }
    if (effect->op == TJ_OP_SCALE || effect->op == TJ_OP_ADD)
        return w;
    return fmin(1, fmax(0, w));
}

/* 1 if effect i is one of the chosen, of this class, on this driver. */
static int counts(const choice *c, int32_t i, tj_op op, int32_t driver)
{
    const tj_plan_effect *effect = &c->at->effects[i];
    if (effect->op != (int32_t)op || effect->driver != driver)
        return 0;
    if (c->measure == TJ_NONE)
        return c->work->kept[i];
    return effect->measure == c->measure && effect->overlap == c->overlap && effect->strength != 0;
}

/* ---- the classes, on one driver ---- */

/* scale: x' = x (1 - mu w), each factor at least 0, factors multiplied. */
static double scale(const choice *c, int32_t driver, double x)
{
    for (int32_t i = 0; i < c->at->n_effects; i++)
        if (counts(c, i, TJ_OP_SCALE, driver))
            x *= fmax(0, 1 - magnitude(c->at, &c->at->effects[i]) * c->work->w[i]);
    return x;
}

/* shift: the fraction that all shifts together ask for; past 1 each is scaled by 1/sum. */
static double shift_asked(const choice *c, int32_t driver)
{
    double asked = 0;
    for (int32_t i = 0; i < c->at->n_effects; i++)
        if (counts(c, i, TJ_OP_SHIFT, driver))
            asked += magnitude(c->at, &c->at->effects[i]) * c->work->w[i];
    return asked;
}

/* toward: x' = x + (mu' - x) w, where mu' with side up is max(x, mu), with down min(x, mu); several: the
 * sum of their pulls, a mean weighted by w once the w sum past 1. */
static double toward(const choice *c, int32_t driver, double x)
{
    double pull = 0, total = 0;
    for (int32_t i = 0; i < c->at->n_effects; i++) {
        if (!counts(c, i, TJ_OP_TOWARD, driver))
            continue;
        double level = magnitude(c->at, &c->at->effects[i]);
        if (c->at->effects[i].side == TJ_SIDE_UP)
            level = fmax(x, level);
        else if (c->at->effects[i].side == TJ_SIDE_DOWN)
            level = fmin(x, level);
        pull += (level - x) * c->work->w[i];
        total += c->work->w[i];
    }
    return x + pull / fmax(1, total);
}

/* add: x' = x + mu w, summed. */
static double add(const choice *c, int32_t driver, double x)
{
    double sum = 0;
    for (int32_t i = 0; i < c->at->n_effects; i++)
        if (counts(c, i, TJ_OP_ADD, driver))
            sum += magnitude(c->at, &c->at->effects[i]) * c->work->w[i];
    return x + sum;
}

/* cap: the least over caps of x + (min(x, mu) - x) w. */
static double cap(const choice *c, int32_t driver, double x)
{
    double least = x;
    for (int32_t i = 0; i < c->at->n_effects; i++)
        if (counts(c, i, TJ_OP_CAP, driver))
            least = fmin(least, x + (fmin(x, magnitude(c->at, &c->at->effects[i])) - x) * c->work->w[i]);
    return least;
}

/* floor: the greatest over floors of x + (max(x, mu) - x) w. */
static double floored(const choice *c, int32_t driver, double x)
{
    double most = x;
    for (int32_t i = 0; i < c->at->n_effects; i++)
        if (counts(c, i, TJ_OP_FLOOR, driver))
            most = fmax(most, x + (fmax(x, magnitude(c->at, &c->at->effects[i])) - x) * c->work->w[i]);
    return most;
}

double tj_reference_cap(const tj_reference_at *at, const tj_reference_work *work, int32_t driver, double x)
{
    return cap(&(choice){at, work, TJ_NONE, TJ_NONE}, driver, x);
}

double tj_reference_floor(const tj_reference_at *at, const tj_reference_work *work, int32_t driver, double x)
{
    return floored(&(choice){at, work, TJ_NONE, TJ_NONE}, driver, x);
}

/* ---- overlaps ---- */

/* How far one measure alone moves a driver from its reference value: all its effects on that driver, class
 * by class; a shift by what it takes. Neither clamped nor filled: those finish all measures together. */
static double change_alone(const tj_reference_at *at, const tj_reference_work *work,
                           const tj_plan_effect *effect)
{
    const choice alone = {at, work, effect->measure, effect->overlap};
    double before = work->reference[effect->driver - at->drivers_first];
    double x = scale(&alone, effect->driver, before);
    x -= x * fmin(1, shift_asked(&alone, effect->driver));
    x = toward(&alone, effect->driver, x);
    x = add(&alone, effect->driver, x);
    x = cap(&alone, effect->driver, x);
    x = floored(&alone, effect->driver, x);
    return fabs(x - before);
}

/* In an overlap group, per driver, year and draw, the measure that moves the driver most keeps its effects;
 * of equals the one with the smaller identifier. A shift competes where it takes. */
static int wins(const tj_reference_at *at, const tj_reference_work *work, const tj_plan_effect *effect)
{
    double own = change_alone(at, work, effect);
    for (int32_t i = 0; i < at->n_effects; i++) {
        const tj_plan_effect *other = &at->effects[i];
        if (other->overlap != effect->overlap || other->driver != effect->driver || other->strength == 0 ||
            other->measure == effect->measure)
            continue;
        double change = change_alone(at, work, other);
        if (change > own || (change == own && other->measure < effect->measure))
            return 0;
    }
    return 1;
}

/* Strength 0 equals absence, to the bit. */
static void choose(const tj_reference_at *at, tj_reference_work *work)
{
    for (int32_t i = 0; i < at->n_effects; i++)
        work->w[i] = weight(at, &at->effects[i]);
    for (int32_t i = 0; i < at->n_effects; i++) {
        const tj_plan_effect *effect = &at->effects[i];
        work->kept[i] = effect->strength != 0 && (effect->overlap == TJ_NONE || wins(at, work, effect));
    }
}

/* ---- all drivers of the city ---- */

/* Shifts take from the values after scale, over all drivers at once, so what arrives is not moved on.
 * A driver from which all is taken is left with exactly nothing, whatever the rounding of the parts. */
static void shift_all(const choice *c, double *x)
{
    const tj_reference_at *at = c->at;
    for (int32_t j = 0; j < at->drivers_count; j++)
        x[j] = c->work->scaled[j] * (1 - fmin(1, shift_asked(c, at->drivers_first + j)));
    for (int32_t i = 0; i < at->n_effects; i++) {
        const tj_plan_effect *effect = &at->effects[i];
        if (effect->op != TJ_OP_SHIFT || !c->work->kept[i])
            continue;
        int32_t from = effect->driver - at->drivers_first, to = effect->to_driver - at->drivers_first;
        assert(to >= 0 && to < at->drivers_count);
        double moved = magnitude(at, effect) * c->work->w[i] / fmax(1, shift_asked(c, effect->driver));
        x[to] += tj_reference_term(at, effect->ratio) * c->work->scaled[from] * moved;
    }
}

/* Only signed drivers may be negative, and a fraction lies in [0, 1]. */
static double within_range(const tj_plan_driver *driver, double x)
{
    if (!(driver->flags & TJ_DRIVER_SIGNED))
        x = fmax(0, x);
    if (driver->flags & TJ_DRIVER_FRACTION)
        x = fmin(1, fmax(0, x));
    return x;
}

static double past_value(const tj_reference_at *at, int32_t index, int32_t year)
{
    const tj_plan_driver *driver = tj_plan_get_driver(at->plan, index);
    assert(year <= at->last_inventory);
    if (driver->reference == TJ_REF_GROWTH)
        return within_range(driver, tj_reference_term(at, driver->start));
    const double *path =
        tj_plan_numbers(at->plan, driver->path) + at->background * tj_plan_get_settings(at->plan)->n_years;
    return within_range(driver, path[year < 0 ? 0 : year]);
}

double tj_reference_value(const tj_reference_at *at, int32_t driver, int32_t year)
{
    if (year <= at->last_inventory)
        return past_value(at, driver, year);
    return at->drivers[(size_t)year * (size_t)at->drivers_count + (size_t)(driver - at->drivers_first)];
}

/* The classes up to add, on all drivers. */
static void apply_classes(const choice *c, tj_reference_work *work, double *x)
{
    const tj_reference_at *at = c->at;
    for (int32_t j = 0; j < at->drivers_count; j++)
        work->scaled[j] = scale(c, at->drivers_first + j, work->reference[j]);
    shift_all(c, x);
    for (int32_t j = 0; j < at->drivers_count; j++) {
        x[j] = toward(c, at->drivers_first + j, x[j]);
        x[j] = add(c, at->drivers_first + j, x[j]);
    }
}

/* Finishes every group of shares; returns as tj_reference_drivers does. */
static int32_t fill_groups(const tj_reference_at *at, tj_reference_work *work, double *x)
{
    const tj_plan_city *city = tj_plan_get_city(at->plan, at->city);
    const tj_plan_shares *shares = tj_plan_section(at->plan, TJ_SECTION_SHARES, NULL);
    for (int32_t s = city->shares_first; s < city->shares_first + city->shares_count; s++)
        if (tj_reference_fill(at, work, &shares[s], x) != 0)
            return shares[s].drivers_first;
    return TJ_NONE;
}

int32_t tj_reference_drivers(const tj_reference_at *at, tj_reference_work *work, double *x)
{
    const choice all = {at, work, TJ_NONE, TJ_NONE};
    for (int32_t j = 0; j < at->drivers_count; j++)
        work->reference[j] = driver_value(at, at->drivers_first + j);
    choose(at, work);
    apply_classes(&all, work, x);
    int32_t fault = fill_groups(at, work, x);
    for (int32_t j = 0; j < at->drivers_count; j++) {
        const tj_plan_driver *driver = tj_plan_get_driver(at->plan, at->drivers_first + j);
        if (driver->share_group == TJ_NONE)
            x[j] = floored(&all, at->drivers_first + j, cap(&all, at->drivers_first + j, x[j]));
        x[j] = within_range(driver, x[j]);
    }
    return fault;
}
