/* Cohorts over lanes; see stock.h.
 *
 * In a year: survivors and their energy in one pass; where a lane has more than its demand, the oldest are
 * retired and the sums are made anew, in the same order, so that the other lanes keep their bits; then sales.
 * Sums run over technologies, then from the youngest cohort to the oldest, those kept as one (engine/legacy.h), and the
 * new one last. */
#include "engine/stock.h"

#include "engine/cohorts.h"
#include "engine/core.h"
#include "engine/kernel.h"
#include "engine/lanes.h"
#include "engine/legacy.h"

#include <assert.h>

/* S(a) from which on a stationary stock is cut off. */
static const double LEAST_LEFT = 1e-6;

static double *row(double *rows, int32_t index)
{
    return rows + (size_t)index * TJ_FLEET_LANES;
}

static const tj_plan_burner *burners_of(const tj_plan *plan, const tj_plan_technology *technology)
{
    const tj_plan_burner *all = tj_plan_section(plan, TJ_SECTION_BURNERS, NULL);
    return all + technology->burners_first;
}

/* ---- layout ---- */

static void layout_technology(const tj_plan *plan, const tj_lifetime *lifetime,
                              const tj_plan_technology *record, tj_technology *technology, tj_burn *burns,
                              tj_pool *pool)
{
    const tj_plan_burner *burners = burners_of(plan, record);
    technology->record = record;
    technology->lifetime = lifetime;
    technology->cohorts = tj_pool_cut(pool, (size_t)lifetime->cohorts);
    technology->ratio = lifetime->ratio == NULL ? tj_pool_cut(pool, (size_t)lifetime->cohorts) : NULL;
    technology->legacy.left = tj_pool_cut_numbers(pool, (size_t)lifetime->ages);
    technology->legacy.units = tj_pool_cut(pool, 1);
    technology->legacy.alive = tj_pool_cut(pool, 1);
    technology->units = tj_pool_cut(pool, 1);
    technology->sales = tj_pool_cut(pool, 1);
    for (int32_t b = 0; b < record->burners_count; b++) {
        burns[b].record = &burners[b];
        burns[b].past = tj_pool_cut_numbers(
            pool, (size_t)(lifetime->ages > TJ_FLEET_LANES ? lifetime->ages : TJ_FLEET_LANES));
        burns[b].eta = tj_pool_cut(pool, (size_t)(lifetime->cohorts - lifetime->ages));
        burns[b].energy = tj_pool_cut(pool, 1);
    }
}

static int32_t use_of(const tj_fleet *fleet, int32_t carrier)
{
    int32_t use = 0;
    while (fleet->carriers[use] != carrier)
        use++;
    return use;
}

void tj_fleet_layout(const tj_plan *plan, const tj_lifetime *lifetimes, const tj_plan_fleet *record,
                     tj_fleet *fleet, tj_pool *pool)
{
    const tj_plan_technology *all = tj_plan_section(plan, TJ_SECTION_TECHNOLOGIES, NULL);
    int32_t burns = 0;
    fleet->record = record;
    fleet->total = tj_pool_cut(pool, 1);
    fleet->excess = tj_pool_cut(pool, 1);
    fleet->retired = tj_pool_cut(pool, 1);
    fleet->n_uses = tj_core_carriers(plan, record, fleet->carriers);
    fleet->use = tj_pool_cut(pool, (size_t)fleet->n_uses);
    fleet->use_stride = TJ_FLEET_LANES;
    fleet->known = 0;
    if (record->kind == TJ_FLEET_FLOOR)
        tj_floor_layout(&fleet->floor, pool);
    for (int32_t k = 0; k < record->technologies_count; k++) {
        const tj_plan_technology *technology = &all[record->technologies_first + k];
        fleet->technologies[k].burns_first = burns;
        layout_technology(plan, &lifetimes[record->technologies_first + k], technology,
                          &fleet->technologies[k], fleet->burns + burns, pool);
        burns += technology->burners_count;
    }
    for (int32_t b = 0; b < burns; b++)
        fleet->burns[b].use = use_of(fleet, fleet->burns[b].record->carrier);
}

/* ---- sums over cohorts ---- */

/* The index of the cohort that is sold in year index `year`. */
static int32_t sold_in(const tj_scratch *scratch, const tj_technology *technology, int32_t year)
{
    return technology->lifetime->ages - 1 + year - scratch->city->last_inventory;
}

/* Adds what the units of a cohort use to the sums of the technology's burners. */
static void add_cohort_energy(const tj_scratch *scratch, const tj_technology *technology, tj_burn *burns,
                              int32_t cohort)
{
    int32_t ages = technology->lifetime->ages;
    const double *units = row(technology->cohorts, cohort);
    for (int32_t b = 0; b < technology->record->burners_count; b++) {
        if (cohort >= ages)
            tj_row_accumulate(scratch->n, units, row(burns[b].eta, cohort - ages), burns[b].energy);
        else if (burns[b].past_by_lane)
            tj_row_accumulate(scratch->n, units, burns[b].past, burns[b].energy);
        else
            tj_row_add(scratch->n, units, burns[b].past[cohort], burns[b].energy);
    }
}

/* Units and energy of the cohorts sold before `newest`. */
static void sum_technology(const tj_scratch *scratch, const tj_technology *technology, const tj_burn *burns,
                           int32_t newest)
{
    tj_cohorts_sum(scratch->n, technology, burns, newest);
    tj_legacy_add(scratch->n, technology, burns);
}

static void sum_fleet(const tj_scratch *scratch, tj_fleet *fleet)
{
    tj_row_fill(scratch->n, 0.0, fleet->total);
    for (int32_t k = 0; k < fleet->record->technologies_count; k++)
        tj_row_add(scratch->n, fleet->technologies[k].units, 1.0, fleet->total);
}

static double *use_row(const tj_fleet *fleet, int32_t use)
{
    return fleet->use + (size_t)use * fleet->use_stride;
}

/* use = sum of energy * share over the burners of each carrier. */
static void sum_uses(const tj_scratch *scratch, const tj_fleet *fleet)
{
    for (int32_t u = 0; u < fleet->n_uses; u++) {
        size_t count = 0;
        for (int32_t k = 0; k < fleet->record->technologies_count; k++) {
            const tj_technology *technology = &fleet->technologies[k];
            for (int32_t b = technology->burns_first;
                 b < technology->burns_first + technology->record->burners_count; b++)
                if (fleet->burns[b].use == u)
                    scratch->terms[count++] =
                        (tj_weighed){.a_row = fleet->burns[b].energy, .b = fleet->burns[b].record->share};
        }
        tj_row_weigh(scratch->n, count, scratch->terms, use_row(fleet, u));
    }
}

/* ---- year H ---- */

/* hazard = (age / lambda)^beta */
static void fill_hazard(const tj_scratch *scratch, const tj_plan_technology *record, int32_t age,
                        double *hazard)
{
    double lambdas[TJ_FLEET_LANES], betas[TJ_FLEET_LANES];
    const double *lambda = tj_term_lanes(scratch->draws, record->lambda, scratch->first, scratch->n, lambdas);
    const double *beta = tj_term_lanes(scratch->draws, record->beta, scratch->first, scratch->n, betas);
    for (size_t i = 0; i < scratch->n; i++)
        hazard[i] = tj_pow((double)age / lambda[i], beta[i]);
}

/* ratio = exp(before - now); before = now */
static void fill_ratio(size_t n, const double *now, double *before, double *ratio)
{
    for (size_t i = 0; i < n; i++) {
        ratio[i] = before[i] - now[i];
        before[i] = now[i];
    }
    tj_exp_lanes(n, ratio, ratio);
}

static void fill_ratios(const tj_scratch *scratch, tj_technology *technology)
{
    double now[TJ_FLEET_LANES], before[TJ_FLEET_LANES];
    tj_row_fill(scratch->n, 0.0, before);
    for (int32_t a = 1; a < technology->lifetime->cohorts; a++) {
        fill_hazard(scratch, technology->record, a, now);
        fill_ratio(scratch->n, now, before, row(technology->ratio, a));
    }
}

/* x = S where enough is left, else 0; sum += x */
static void cut_off(size_t n, const double *hazard, double *x, double *sum)
{
    for (size_t i = 0; i < n; i++) {
        double left = tj_exp(-hazard[i]);
        x[i] = left >= LEAST_LEFT ? left : 0.0;
        sum[i] += x[i];
    }
}

/* The stationary stock where each draw has its own lifetime. */
static void fill_stationary(const tj_scratch *scratch, tj_technology *technology, const double *units)
{
    double hazard[TJ_FLEET_LANES], sum[TJ_FLEET_LANES];
    int32_t ages = technology->lifetime->ages;
    tj_row_fill(scratch->n, 0.0, sum);
    for (int32_t a = 0; a < ages; a++) {
        fill_hazard(scratch, technology->record, a, hazard);
        cut_off(scratch->n, hazard, row(technology->cohorts, ages - 1 - a), sum);
    }
    for (int32_t v = 0; v < ages; v++) {
        double *cohort = row(technology->cohorts, v);
        for (size_t i = 0; i < scratch->n; i++)
            cohort[i] = units[i] * cohort[i] / sum[i];
    }
}

static void start_cohorts(const tj_scratch *scratch, const tj_fleet *fleet, tj_technology *technology)
{
    const tj_lifetime *lifetime = technology->lifetime;
    double units[TJ_FLEET_LANES];
    tj_row_scaled(scratch->n, tj_feed_now(scratch, fleet->record->demand), technology->record->share, 1.0,
                  units);
    tj_legacy_start(scratch->n, technology, units);
    if (technology->ratio != NULL)
        fill_ratios(scratch, technology);
    if (lifetime->weight == NULL) {
        fill_stationary(scratch, technology, units);
        return;
    }
    for (int32_t v = technology->oldest; v < lifetime->ages; v++)
        tj_row_scaled(scratch->n, units, lifetime->weight[lifetime->ages - 1 - v], 1.0,
                      row(technology->cohorts, v));
}

/* eta of the cohorts of H and before. */
static void start_burn(const tj_scratch *scratch, const tj_technology *technology, tj_burn *burn)
{
    int32_t ages = technology->lifetime->ages, last = scratch->city->last_inventory;
    double value;
    burn->past_by_lane = !tj_feed_past(scratch, burn->record->driver, last, &value, burn->past);
    for (int32_t v = 0; v < ages && !burn->past_by_lane; v++)
        tj_feed_past(scratch, burn->record->driver, last - (ages - 1 - v), &burn->past[v], burn->energy);
}

static void set_per_unit(const tj_scratch *scratch, tj_fleet *fleet)
{
    fleet->per_unit = fleet->record->kind == TJ_FLEET_FLOOR ? fleet->floor.per_unit
                                                            : tj_feed_now(scratch, fleet->record->activity);
}

void tj_fleet_start(const tj_scratch *scratch, tj_fleet *fleet)
{
    if (fleet->record->kind == TJ_FLEET_FLOOR)
        tj_floor_start(scratch, fleet->record, &fleet->floor);
    set_per_unit(scratch, fleet);
    if (fleet->known)
        return;
    tj_row_fill(scratch->n, 0.0, fleet->retired);
    for (int32_t k = 0; k < fleet->record->technologies_count; k++) {
        tj_technology *technology = &fleet->technologies[k];
        tj_burn *burns = fleet->burns + technology->burns_first;
        start_cohorts(scratch, fleet, technology);
        for (int32_t b = 0; b < technology->record->burners_count; b++)
            start_burn(scratch, technology, &burns[b]);
        sum_technology(scratch, technology, burns, technology->lifetime->ages);
        tj_row_fill(scratch->n, 0.0, technology->sales);
    }
    sum_uses(scratch, fleet);
}

/* ---- survivors ---- */

static int is_empty(size_t n, const double *cohort)
{
    for (size_t i = 0; i < n; i++)
        if (cohort[i] != 0.0)
            return 0;
    return 1;
}

static void age_technology(const tj_scratch *scratch, const tj_fleet *fleet, tj_technology *technology,
                           tj_burn *burns, int32_t year)
{
    int32_t newest = sold_in(scratch, technology, year);
    const double *survival = NULL, *scrappage = NULL;
    if (!tj_feed_is(scratch, technology->record->scrappage, 0.0))
        scrappage = tj_feed_now(scratch, technology->record->scrappage);
    if (scrappage != NULL || !tj_feed_is(scratch, fleet->record->survival, 1.0))
        survival = tj_feed_now(scratch, fleet->record->survival);
    tj_legacy_age(scratch->n, technology, newest, survival, scrappage);
    while (technology->oldest < newest && is_empty(scratch->n, row(technology->cohorts, technology->oldest)))
        technology->oldest++;
    tj_cohorts_age(scratch->n, technology, burns, newest, survival, scrappage);
    tj_legacy_add(scratch->n, technology, burns);
}

/* ---- retirement ---- */

/* excess = max(0, total - demand); returns the lanes that have any. */
TJ_CLONES static size_t find_excess(size_t n, const double *restrict total, const double *restrict demand,
                                    double *restrict excess)
{
    size_t lanes = 0;
#pragma omp simd reduction(+ : lanes)
    for (size_t i = 0; i < n; i++) {
        double more = total[i] - demand[i];
        excess[i] = more > 0.0 ? more : 0.0;
        lanes += (size_t)(more > 0.0);
    }
    return lanes;
}

/* What is kept of all units of one age, and the excess that is left; returns the lanes that have any. */
TJ_CLONES static size_t retire_age(size_t n, double *restrict excess, double *restrict pool)
{
    size_t lanes = 0;
#pragma omp simd reduction(+ : lanes)
    for (size_t i = 0; i < n; i++) {
        int some = excess[i] < pool[i];
        double kept = some ? 1.0 - excess[i] / pool[i] : 0.0;
        excess[i] = some ? 0.0 : excess[i] - pool[i];
        pool[i] = kept;
        lanes += (size_t)(excess[i] > 0.0);
    }
    return lanes;
}

/* The cohort of an age in a year, or NULL where the technology has none. */
static double *cohort_of_age(const tj_scratch *scratch, const tj_technology *technology, int32_t year,
                             int32_t age)
{
    int32_t cohort = sold_in(scratch, technology, year) - age;
    return cohort >= technology->oldest ? row(technology->cohorts, cohort) : NULL;
}

static int32_t greatest_age(const tj_scratch *scratch, const tj_fleet *fleet, int32_t year)
{
    int32_t greatest = 0;
    for (int32_t k = 0; k < fleet->record->technologies_count; k++) {
        const tj_technology *technology = &fleet->technologies[k];
        int32_t age = sold_in(scratch, technology, year) - technology->oldest;
        greatest = age > greatest ? age : greatest;
    }
    return greatest;
}

static void retire(const tj_scratch *scratch, const tj_fleet *fleet, int32_t year)
{
    double pool[TJ_FLEET_LANES];
    size_t left = 1;
    for (int32_t age = greatest_age(scratch, fleet, year); age > 0 && left > 0; age--) {
        tj_row_fill(scratch->n, 0.0, pool);
        for (int32_t k = 0; k < fleet->record->technologies_count; k++) {
            const double *cohort = cohort_of_age(scratch, &fleet->technologies[k], year, age);
            if (cohort != NULL)
                tj_row_add(scratch->n, cohort, 1.0, pool);
        }
        left = retire_age(scratch->n, fleet->excess, pool);
        for (int32_t k = 0; k < fleet->record->technologies_count; k++) {
            double *cohort = cohort_of_age(scratch, &fleet->technologies[k], year, age);
            if (cohort != NULL)
                tj_row_multiply(scratch->n, pool, cohort);
        }
    }
}

/* ---- sales ---- */

/* cohort = max(0, demand - total) * share; units += cohort */
TJ_CLONES static void sell(size_t n, const double *restrict demand, const double *restrict total,
                           const double *restrict share, double *restrict cohort, double *restrict units)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double wanted = demand[i] - total[i];
        cohort[i] = (wanted > 0.0 ? wanted : 0.0) * share[i];
        units[i] += cohort[i];
    }
}

static void sell_technology(const tj_scratch *scratch, const tj_fleet *fleet, tj_technology *technology,
                            tj_burn *burns, int32_t year)
{
    int32_t newest = sold_in(scratch, technology, year);
    double *cohort = row(technology->cohorts, newest);
    sell(scratch->n, tj_feed_now(scratch, fleet->record->demand), fleet->total,
         tj_feed_now(scratch, technology->record->sales), cohort, technology->units);
    tj_row_copy(scratch->n, cohort, technology->sales);
    for (int32_t b = 0; b < technology->record->burners_count; b++)
        tj_row_copy(scratch->n, tj_feed_now(scratch, burns[b].record->driver),
                    row(burns[b].eta, newest - technology->lifetime->ages));
    add_cohort_energy(scratch, technology, burns, newest);
}

/* ---- years ---- */

void tj_fleet_step(const tj_scratch *scratch, tj_fleet *fleet, int32_t year)
{
    int32_t count = fleet->record->technologies_count;
    assert(scratch->n <= TJ_FLEET_LANES && year > scratch->city->last_inventory);
    if (fleet->record->kind == TJ_FLEET_FLOOR)
        tj_floor_step(scratch, fleet->record, &fleet->floor);
    set_per_unit(scratch, fleet);
    if (fleet->known)
        return;
    for (int32_t k = 0; k < count; k++)
        age_technology(scratch, fleet, &fleet->technologies[k],
                       fleet->burns + fleet->technologies[k].burns_first, year);
    sum_fleet(scratch, fleet);
    size_t lanes =
        find_excess(scratch->n, fleet->total, tj_feed_now(scratch, fleet->record->demand), fleet->excess);
    tj_row_copy(scratch->n, fleet->excess, fleet->retired);
    if (lanes > 0) {
        for (int32_t k = 0; k < count; k++)
            tj_legacy_part(scratch->n, &fleet->technologies[k], fleet->excess);
        retire(scratch, fleet, year);
        for (int32_t k = 0; k < count; k++)
            sum_technology(scratch, &fleet->technologies[k],
                           fleet->burns + fleet->technologies[k].burns_first,
                           sold_in(scratch, &fleet->technologies[k], year));
    }
    for (int32_t k = 0; k < count; k++)
        sell_technology(scratch, fleet, &fleet->technologies[k],
                        fleet->burns + fleet->technologies[k].burns_first, year);
    sum_uses(scratch, fleet);
}

size_t tj_fleet_list_energy(const tj_fleet *fleet, int32_t carrier, tj_weighed *terms)
{
    for (int32_t u = 0; u < fleet->n_uses; u++) {
        if (fleet->carriers[u] != carrier)
            continue;
        *terms = (tj_weighed){.a_row = fleet->per_unit, .b_row = use_row(fleet, u)};
        return 1;
    }
    return 0;
}
