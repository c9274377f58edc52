/* How fast a measure reaches its effect: the ramp's value by year, less what it had reached in the
 * city's last inventory year (docs/model.md, "Ramps"). */
#include "scenarios/lower.h"

#include <string.h>

#include "engine/lanes.h"

static const double LOGISTIC_K = 10.0; /* steepness unless a study says otherwise */

static double sigmoid(double y)
{
    return 1.0 / (1.0 + tj_exp(-y));
}

/* The logistic from 0 at u = 0 to 1 at u = 1. */
static double logistic(double u, double k)
{
    return (sigmoid(k * (u - 0.5)) - sigmoid(-0.5 * k)) / (sigmoid(0.5 * k) - sigmoid(-0.5 * k));
}

double tj_lower_logistic(double u)
{
    return logistic(u, LOGISTIC_K);
}

/* Share of a market reached after T years (Bass 1969). */
static double bass(double p, double q, double T)
{
    double e = tj_exp(-(p + q) * T);
    return (1.0 - e) / (1.0 + q / p * e);
}

static double number_or(const tj_quantity *quantity, double fallback)
{
    return quantity->mark.file == NULL ? fallback : quantity->dist.p[0];
}

/* The shape at u in [0, 1], over n years. */
static double shape_at(const tj_ramp *ramp, int shape, double u, double n)
{
    double k = number_or(&ramp->k, LOGISTIC_K), p = number_or(&ramp->p, 1), q = number_or(&ramp->q, 0);
    if (u <= 0 || u >= 1)
        return u >= 1;
    switch (shape) {
    case TJ_RAMP_LINEAR:
        return u;
    case TJ_RAMP_SMOOTH:
        return u * u * (3.0 - 2.0 * u);
    case TJ_RAMP_LOGISTIC:
        return logistic(u, k);
    case TJ_RAMP_BASS:
        return bass(p, q, u * n) / bass(p, q, n);
    default:
        return 0.0; /* step: nothing before its end */
    }
}

/* Progress from `from` over `years`: 0 before, 1 after; without years 1 from `from` on. */
static double progress(int year, int from, int64_t years)
{
    if (years == 0)
        return year >= from;
    double u = (double)(year - from) / (double)years;
    return u < 0 ? 0 : u > 1 ? 1 : u;
}

static double ramp_at(const tj_ramp *ramp, int shape, int start, int year)
{
    double up = shape_at(ramp, shape, progress(year, start, ramp->years.value), (double)ramp->years.value);
    if (ramp->until.mark.file == NULL)
        return up;
    double u = ramp->fade.value == 0 ? year > ramp->until.value
                                     : progress(year, ramp->until.value, ramp->fade.value);
    return up * (1.0 - shape_at(ramp, shape, u, (double)ramp->fade.value));
}

static int shape_of(const tj_ramp *ramp)
{
    int shape = ramp->shape.text == NULL ? -1 : tj_word_find(tj_ramp_words, ramp->shape.text);
    return shape < 0 ? TJ_RAMP_LINEAR : shape;
}

int32_t tj_lower_ramp(tj_lowering *low, const tj_ramp *ramp, int start, int city)
{
    int H = low->city_last[city], shape = shape_of(ramp);
    double *r = tj_lower_alloc(low, (size_t)low->n_years, sizeof *r);
    if (r == NULL)
        return TJ_NONE;
    double at_H = ramp_at(ramp, shape, start, low->first_year + H);
    for (int y = H + 1; at_H < 1.0 && y < low->n_years; y++) {
        double more = (ramp_at(ramp, shape, start, low->first_year + y) - at_H) / (1.0 - at_H);
        r[y] = more > 0 ? more : 0;
    }
    for (size_t i = 0; i < low->ramps_count; i++)
        if (memcmp(low->ramps[i].r, r, (size_t)low->n_years * sizeof *r) == 0)
            return low->ramps[i].numbers;
    tj_ramp_work *grown =
        tj_arena_grow(low->arena, low->ramps, low->ramps_count, &low->ramps_capacity, sizeof *low->ramps);
    if (grown == NULL) {
        low->memory_short = 1;
        return TJ_NONE;
    }
    low->ramps = grown;
    int32_t at = tj_plan_add(low->builder, TJ_SECTION_NUMBERS, r, (size_t)low->n_years);
    low->ramps[low->ramps_count++] = (tj_ramp_work){r, at};
    return at;
}

int tj_lower_ramp_ends(const tj_lowering *low, const tj_ramp *ramp, int start, int city)
{
    int H = low->city_last[city];
    return H != TJ_NONE && ramp->until.mark.file != NULL && ramp->until.value > low->first_year + H &&
           ramp_at(ramp, shape_of(ramp), start, low->first_year + H) >= 1.0;
}

/* A pure number of a ramp: fixed, and above (or at) zero. */
static int check_number(tj_lowering *low, const tj_quantity *quantity, int zero, const char *name,
                        const char *what)
{
    if (quantity->mark.file == NULL)
        return 1;
    double x = quantity->dist.p[0];
    if (quantity->dist.kind == TJ_DIST_FIXED && (x > 0 || (zero && x == 0)))
        return 1;
    TJ_LOWER_ERROR(low, quantity->mark, "%s: '%s' of a ramp is '%s', expected a number %s", what, name,
                   quantity->written, zero ? "not below 0" : "above 0");
    return 0;
}

int tj_lower_ramp_check(tj_lowering *low, const tj_ramp *ramp, const char *what)
{
    size_t errors = low->diags->errors;
    int shape = tj_word_resolve(tj_ramp_words, ramp->shape, TJ_RAMP_LINEAR, "ramp shape", low->diags);
    if (ramp->start.mark.file == NULL)
        TJ_LOWER_ERROR(low, ramp->mark, "%s: its ramp has no start year", what);
    if (ramp->years.value < 0)
        TJ_LOWER_ERROR(low, ramp->years.mark, "%s: a ramp of %lld years, expected 0 or more", what,
                       (long long)ramp->years.value);
    if (ramp->fade.value < 0)
        TJ_LOWER_ERROR(low, ramp->fade.mark, "%s: a fade of %lld years, expected 0 or more", what,
                       (long long)ramp->fade.value);
    if (ramp->until.mark.file != NULL && ramp->until.value < ramp->start.value)
        TJ_LOWER_ERROR(low, ramp->until.mark, "%s: until %d is before its start %d", what, ramp->until.value,
                       ramp->start.value);
    check_number(low, &ramp->k, 0, "k", what);
    check_number(low, &ramp->p, 0, "p", what);
    check_number(low, &ramp->q, 1, "q", what);
    if (shape == TJ_RAMP_BASS && (ramp->p.mark.file == NULL || ramp->q.mark.file == NULL))
        TJ_LOWER_ERROR(low, ramp->mark, "%s: a bass ramp needs p and q", what);
    if (shape != TJ_RAMP_BASS && (ramp->p.mark.file != NULL || ramp->q.mark.file != NULL))
        TJ_LOWER_ERROR(low, ramp->mark, "%s: p and q belong to a bass ramp", what);
    if (shape != TJ_RAMP_LOGISTIC && ramp->k.mark.file != NULL)
        TJ_LOWER_ERROR(low, ramp->k.mark, "%s: k belongs to a logistic ramp", what);
    if (ramp->fade.mark.file != NULL && ramp->until.mark.file == NULL)
        TJ_LOWER_ERROR(low, ramp->fade.mark, "%s: a fade without 'until'", what);
    return errors == low->diags->errors;
}
