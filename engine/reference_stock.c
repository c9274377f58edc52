/* Fleets in the reference simulator: units by technology and age, one year after the other.
 *
 * n[k][a] are units of technology k and age a at the end of a year. A year: units grow a year older and some
 * are lost, what exceeds the demand is retired oldest first, sales fill the demand, all of them run. */
#include "engine/lanes.h"
#include "engine/reference.h"

#include <assert.h>
#include <math.h>

/* One fleet while its years pass; technology k of the fleet has its ages at n + k * ages. */
typedef struct park {
    const tj_reference_at *at;
    const tj_plan_fleet *fleet;
    const tj_plan_technology *technologies; /* the fleet's */
    double *n, *ratio;
    int32_t ages;
} park;

static double *ages_of(const park *p, double *table, int32_t k)
{
    return table + (size_t)k * (size_t)p->ages;
}

/* Ages in H: those given, or 0 .. H - market year. */
static int32_t first_ages(const tj_plan *plan, const tj_plan_technology *technology)
{
    const tj_plan_fleet *fleets = tj_plan_section(plan, TJ_SECTION_FLEETS, NULL);
    const tj_plan_cell *cell = tj_plan_get_cell(plan, fleets[technology->fleet].cell);
    int32_t calendar =
        tj_plan_get_settings(plan)->first_year + tj_plan_get_city(plan, cell->city)->last_inventory;
    if (technology->ages != TJ_NONE)
        return technology->n_ages;
    return calendar > technology->market_year ? calendar - technology->market_year + 1 : 1;
}

int32_t tj_reference_ages(const tj_plan *plan, const tj_plan_technology *technology)
{
    return first_ages(plan, technology) + tj_plan_get_settings(plan)->n_years;
}

/* (a / lambda)^beta, so that S(a) = exp(-that). */
static double hazard(int32_t age, double lambda, double beta)
{
    return age == 0 ? 0 : tj_pow(age / lambda, beta);
}

/* n[k,a,H] = share demand(H) weight / sum of the weights: the ages' weights, or stationary, S(a) >= 1e-6. */
static void begin(park *p, int32_t k)
{
    const tj_plan_technology *technology = &p->technologies[k];
    double lambda = tj_reference_term(p->at, technology->lambda);
    double beta = tj_reference_term(p->at, technology->beta);
    double *n = ages_of(p, p->n, k), *ratio = ages_of(p, p->ratio, k), sum = 0;
    int32_t first = first_ages(p->at->plan, technology);
    for (int32_t a = 0; a < p->ages; a++) {
        double survival = tj_exp(-hazard(a, lambda, beta));
        n[a] = a >= first                    ? 0
               : technology->ages != TJ_NONE ? tj_plan_numbers(p->at->plan, technology->ages)[a]
               : survival >= 1e-6            ? survival
                                             : 0;
        sum += n[a];
        ratio[a] = a == 0 ? 1 : tj_exp(hazard(a - 1, lambda, beta) - hazard(a, lambda, beta));
    }
    assert(sum > 0);
    double units = technology->share * tj_reference_value(p->at, p->fleet->demand, p->at->last_inventory);
    for (int32_t a = 0; a < p->ages; a++)
        n[a] = units * n[a] / sum;
}

/* survivors n[k,a,t] = n[k,a-1,t-1] S(a)/S(a-1), the survival driver on it and within [0, 1], times
 * (1 - scrappage). */
static void grow_older(park *p, int32_t year)
{
    double survival = tj_reference_value(p->at, p->fleet->survival, year);
    for (int32_t k = 0; k < p->fleet->technologies_count; k++) {
        double scrapped = fmin(1, fmax(0, tj_reference_value(p->at, p->technologies[k].scrappage, year)));
        double *n = ages_of(p, p->n, k), *ratio = ages_of(p, p->ratio, k);
        for (int32_t a = p->ages - 1; a > 0; a--)
            n[a] = n[a - 1] * fmin(1, fmax(0, ratio[a] * survival)) * (1 - scrapped);
        n[0] = 0;
    }
}

static double units_of(const park *p, int32_t k)
{
    double sum = 0;
    for (int32_t a = 0; a < p->ages; a++)
        sum += ages_of(p, p->n, k)[a];
    return sum;
}

static double all_units(const park *p)
{
    double sum = 0;
    for (int32_t k = 0; k < p->fleet->technologies_count; k++)
        sum += units_of(p, k);
    return sum;
}

/* What exceeds the demand goes, the oldest age first, technologies pooled; of the last age touched the same
 * fraction of each technology. */
static void retire(park *p, double excess)
{
    for (int32_t a = p->ages - 1; a >= 0 && excess > 0; a--) {
        double pool = 0;
        for (int32_t k = 0; k < p->fleet->technologies_count; k++)
            pool += ages_of(p, p->n, k)[a];
        double kept = pool > excess ? 1 - excess / pool : 0;
        for (int32_t k = 0; k < p->fleet->technologies_count; k++)
            ages_of(p, p->n, k)[a] *= kept;
        excess -= pool;
    }
}

/* n[k,0,t] = Z sigma_k */
static void sell(park *p, int32_t year, double sales, tj_reference_found *found)
{
    for (int32_t k = 0; k < p->fleet->technologies_count; k++) {
        double sold = sales * tj_reference_value(p->at, p->technologies[k].sales, year);
        ages_of(p, p->n, k)[0] = sold;
        found->sales[tj_reference_row(p->at, p->fleet->technologies_first + k) + (size_t)year] = sold;
    }
}

/* F_f(t) = activity per unit sum_k s_{k,f} sum_a n[k,a,t] eta[k,f,t-a]; also the units by technology. */
static void run_year(const park *p, const tj_plan_cell *cell, int32_t fleet, int32_t year,
                     tj_reference_found *found)
{
    const tj_plan_burner *burners = tj_plan_section(p->at->plan, TJ_SECTION_BURNERS, NULL);
    double activity = found->activity[tj_reference_row(p->at, fleet) + (size_t)year];
    for (int32_t k = 0; k < p->fleet->technologies_count; k++) {
        const tj_plan_technology *technology = &p->technologies[k];
        const double *n = ages_of(p, p->n, k);
        found->units[tj_reference_row(p->at, p->fleet->technologies_first + k) + (size_t)year] =
            units_of(p, k);
        for (int32_t b = 0; b < technology->burners_count; b++) {
            const tj_plan_burner *burner = &burners[technology->burners_first + b];
            double energy = 0;
            for (int32_t a = 0; a < p->ages; a++)
                energy += n[a] * tj_reference_value(p->at, burner->driver, year - a);
            found->use[tj_reference_row(p->at, cell->carriers_first + burner->carrier) + (size_t)year] +=
                activity * burner->share * energy;
        }
    }
}

/* Activity per unit: of units the driver, of floor the heat by the m2. */
static void set_activity(const tj_reference_at *at, int32_t index, const tj_plan_fleet *fleet,
                         tj_reference_found *found)
{
    if (fleet->kind == TJ_FLEET_FLOOR) {
        tj_reference_building(at, index, found);
        return;
    }
    for (int32_t y = at->last_inventory; y < tj_plan_get_settings(at->plan)->n_years; y++)
        found->activity[tj_reference_row(at, index) + (size_t)y] = tj_reference_value(at, fleet->activity, y);
}

static void run_fleet(const tj_reference_at *at, const tj_plan_cell *cell, int32_t index,
                      tj_reference_found *found)
{
    const tj_plan_fleet *fleet =
        (const tj_plan_fleet *)tj_plan_section(at->plan, TJ_SECTION_FLEETS, NULL) + index;
    const tj_plan_technology *technologies = tj_plan_section(at->plan, TJ_SECTION_TECHNOLOGIES, NULL);
    park p = {at, fleet, technologies + fleet->technologies_first, found->n, found->ratio, found->ages};
    double *retired = found->retired + tj_reference_row(at, index);
    set_activity(at, index, fleet, found);
    retired[at->last_inventory] = 0;
    for (int32_t k = 0; k < fleet->technologies_count; k++) {
        begin(&p, k);
        found->sales[tj_reference_row(at, fleet->technologies_first + k) + (size_t)at->last_inventory] = 0;
    }
    run_year(&p, cell, index, at->last_inventory, found);
    for (int32_t y = at->last_inventory + 1; y < tj_plan_get_settings(at->plan)->n_years; y++) {
        grow_older(&p, y);
        double missing = tj_reference_value(at, fleet->demand, y) - all_units(&p);
        retired[y] = fmax(0, -missing);
        retire(&p, retired[y]);
        sell(&p, y, fmax(0, missing), found); /* Z = max(0, demand - survivors) */
        run_year(&p, cell, index, y, found);
    }
}

int tj_reference_stock(const tj_reference_at *at, int32_t index, tj_reference_found *found)
{
    const tj_plan_cell *cell = tj_plan_get_cell(at->plan, index);
    for (int32_t f = 0; f < cell->carriers_count; f++)
        tj_reference_clear(at, found->use + tj_reference_row(at, cell->carriers_first + f));
    for (int32_t f = 0; f < cell->fleets_count; f++)
        run_fleet(at, cell, cell->fleets_first + f, found);
    return tj_reference_burn(at, index, found);
}
