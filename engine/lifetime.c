/* Weibull lifetimes of the technologies whose lambda and beta are fixed; see stock.h.
 *
 * Made once for each scratch: the same numbers for every city, background, package and stretch. */
#include "engine/stock.h"

#include "engine/lanes.h"

#include <stdlib.h>

/* The part that is left of units sold so long ago is not stock any more. */
static const double LEAST_LEFT = 1e-6;

static int is_fixed(const tj_plan_technology *technology)
{
    return technology->lambda.param == TJ_NONE && technology->beta.param == TJ_NONE;
}

/* -ln S(a) */
static double hazard(const tj_plan_technology *technology, int32_t age)
{
    return tj_pow((double)age / technology->lambda.value, technology->beta.value);
}

/* Cohorts that a technology can have in H. */
static int32_t ages_of(const tj_plan_technology *technology, int32_t last)
{
    if (technology->ages != TJ_NONE)
        return technology->n_ages;
    int32_t oldest = last > technology->market_year ? last - technology->market_year : 0;
    while (is_fixed(technology) && oldest > 0 && tj_exp(-hazard(technology, oldest)) < LEAST_LEFT)
        oldest--;
    return oldest + 1;
}

static void fill(const tj_plan *plan, const tj_plan_technology *technology, tj_lifetime *lifetime)
{
    double sum = 0.0;
    for (int32_t a = 0; a < lifetime->ages && lifetime->weight != NULL; a++) {
        lifetime->weight[a] = technology->ages != TJ_NONE ? tj_plan_numbers(plan, technology->ages)[a]
                                                          : tj_exp(-hazard(technology, a));
        sum += lifetime->weight[a];
    }
    for (int32_t a = 0; a < lifetime->ages && lifetime->weight != NULL; a++)
        lifetime->weight[a] /= sum;
    for (int32_t a = 1; a < lifetime->cohorts && lifetime->ratio != NULL; a++)
        lifetime->ratio[a] = tj_exp(hazard(technology, a - 1) - hazard(technology, a));
}

/* Returns 0 when memory is short. */
static int make(const tj_plan *plan, const tj_plan_technology *technology, tj_lifetime *lifetime)
{
    const tj_plan_settings *settings = tj_plan_get_settings(plan);
    const tj_plan_fleet *fleets = tj_plan_section(plan, TJ_SECTION_FLEETS, NULL);
    const tj_plan_cell *cell = tj_plan_get_cell(plan, fleets[technology->fleet].cell);
    int32_t last = tj_plan_get_city(plan, cell->city)->last_inventory;
    lifetime->ages = ages_of(technology, settings->first_year + last);
    lifetime->cohorts = lifetime->ages + settings->n_years - 1 - last;
    if (is_fixed(technology))
        lifetime->ratio = calloc((size_t)lifetime->cohorts, sizeof *lifetime->ratio);
    if (is_fixed(technology) || technology->ages != TJ_NONE)
        lifetime->weight = calloc((size_t)lifetime->ages, sizeof *lifetime->weight);
    if ((is_fixed(technology) && lifetime->ratio == NULL) ||
        ((is_fixed(technology) || technology->ages != TJ_NONE) && lifetime->weight == NULL))
        return 0;
    fill(plan, technology, lifetime);
    return 1;
}

tj_lifetime *tj_lifetimes_create(const tj_plan *plan)
{
    size_t count;
    const tj_plan_technology *technologies = tj_plan_section(plan, TJ_SECTION_TECHNOLOGIES, &count);
    tj_lifetime *lifetimes = calloc(count + 1, sizeof *lifetimes);
    int made = lifetimes != NULL;
    for (size_t k = 0; k < count && made; k++)
        made = make(plan, &technologies[k], &lifetimes[k]);
    if (made)
        return lifetimes;
    tj_lifetimes_free(plan, lifetimes);
    return NULL;
}

void tj_lifetimes_free(const tj_plan *plan, tj_lifetime *lifetimes)
{
    size_t count;
    tj_plan_section(plan, TJ_SECTION_TECHNOLOGIES, &count);
    for (size_t k = 0; k < count && lifetimes != NULL; k++) {
        free(lifetimes[k].ratio);
        free(lifetimes[k].weight);
    }
    free(lifetimes);
}
