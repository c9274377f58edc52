/* What a measure costs a city in each year: its cost as written, with strength and ramp -> EUR a year.
 *
 * Invariant: summed from the year after H to the horizon, the years are what is bought then less what its
 * straight-line residual takes back in the horizon year: a purchase that serves L years counts by 1/L in each of
 * them. Real prices, undiscounted. A part that holds nowhere near the city is unknown, never zero. */
#include "scenarios/lower.h"

/* Money, or money a year. */
static tj_dimension money(int a_year)
{
    tj_dimension dimension = {{0}};
    dimension.exponent[TJ_BASE_MONEY] = 1;
    dimension.exponent[TJ_BASE_TIME] = a_year ? -1 : 0;
    return dimension;
}

/* ---- as written ---- */

static void check_amounts(tj_lowering *low, const tj_local_quantities *amounts, tj_dimension dimension,
                          double least, const char *what)
{
    for (size_t i = 0; i < amounts->count; i++)
        tj_lower_check(low, &amounts->items[i].value, dimension, least, INFINITY, what);
    tj_lower_check_places(low, amounts);
}

static void check_lifetime(tj_lowering *low, const tj_quantity *lifetime, const char *what)
{
    double years = lifetime->dist.p[0];
    tj_dimension dimension = {{0}};
    dimension.exponent[TJ_BASE_TIME] = 1;
    if (lifetime->mark.file != NULL && tj_lower_check_fixed(low, lifetime, dimension, 1, INFINITY, what) &&
        years != floor(years))
        TJ_LOWER_ERROR(low, lifetime->mark, "%s: '%s' is not a whole number of years", what,
                       lifetime->written);
}

void tj_lower_check_cost(tj_lowering *low, const tj_measure *measure, const char *what)
{
    const tj_cost *cost = &measure->cost;
    int parts = cost->mark.file != NULL;
    const char *operation = tj_lower_text(low, "%s, cost%s", what, parts ? ", operation" : "");
    check_amounts(low, &cost->investment, money(0), 0, tj_lower_text(low, "%s, cost, investment", what));
    check_lifetime(low, &cost->lifetime, tj_lower_text(low, "%s, cost, lifetime", what));
    check_amounts(low, &cost->operation, money(1), -INFINITY, operation);
    if (cost->ramp.mark.file != NULL)
        tj_lower_ramp_check(low, &cost->ramp, tj_lower_text(low, "%s, cost", what));
    else if (cost->investment.count + cost->operation.count > 0 && measure->ramp.mark.file == NULL)
        TJ_LOWER_ERROR(low, parts ? cost->mark : cost->operation.items[0].value.mark,
                       "%s: a cost needs the measure's own ramp, or one of its own", what);
}

/* ---- by year ---- */

/* The mean of an amount in a city; 0 where the cost has no such part, NaN where it holds elsewhere only. */
static double mean_in(const tj_lowering *low, const tj_local_quantities *amounts, int city)
{
    const tj_quantity *amount = tj_lower_local(low, amounts, city);
    if (amount == NULL)
        return amounts->count == 0 ? 0 : NAN;
    return tj_dists[amount->dist.kind].mean(&amount->dist);
}

/* Adds the share of its life that each purchase uses up in each year. Bought is what a year needs and what still
 * serves does not give; so the rise of a ramp is bought, again after its life, and nothing while a ramp falls. */
static void add_purchases(tj_lowering *low, const double *ramp, double price, double lifetime, double *years)
{
    double *bought = tj_lower_alloc(low, (size_t)low->n_years, sizeof *bought);
    for (int y = 0; bought != NULL && y < low->n_years; y++) {
        double serving = 0;
        for (int v = lifetime > y ? 0 : y - (int)lifetime + 1; v < y; v++)
            serving += bought[v];
        bought[y] = ramp[y] > serving ? ramp[y] - serving : 0;
        years[y] += price / lifetime * (serving + bought[y]);
    }
}

/* r(t) of a cost: of its own ramp, which moves by as many years as the measure's start does, or of the measure's;
 * NULL when memory is short. */
static const double *ramp_in(tj_lowering *low, const tj_measure *measure, const tj_ramp *ramp, int start,
                             int city)
{
    int moved = measure->ramp.mark.file != NULL ? start - measure->ramp.start.value : 0;
    int32_t at = tj_lower_ramp(low, ramp, ramp == &measure->ramp ? start : ramp->start.value + moved, city);
    for (size_t i = 0; i < low->ramps_count; i++)
        if (low->ramps[i].numbers == at)
            return low->ramps[i].r;
    return NULL;
}

int tj_lower_add_cost(tj_lowering *low, const tj_use *use, int city, double *years)
{
    const tj_measure *measure = &low->study->measures[use->measure];
    const tj_cost *cost = &measure->cost;
    const tj_ramp *own = cost->ramp.mark.file != NULL ? &cost->ramp : &measure->ramp;
    double investment = mean_in(low, &cost->investment, city);
    double operation = mean_in(low, &cost->operation, city);
    if (cost->investment.count + cost->operation.count == 0 || isnan(investment) || isnan(operation) ||
        own->mark.file == NULL)
        return 0;
    const double *ramp = ramp_in(low, measure, own, use->start, city);
    for (int y = 0; ramp != NULL && y < low->n_years; y++)
        years[y] += operation * use->strength * ramp[y];
    if (ramp != NULL && cost->investment.count > 0)
        add_purchases(low, ramp, investment * use->strength, cost->lifetime.dist.p[0], years);
    return 1;
}
