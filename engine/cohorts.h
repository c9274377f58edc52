/* Cohorts: the survivors of a technology's units and what they use, in one pass over the cohorts.
 *
 * The inner loop of sectors with memory: each cohort is loaded and stored once a year, and the sums of units and
 * energy stay in registers. Sums run from the youngest cohort to the oldest. */
#ifndef TJ_ENGINE_COHORTS_H
#define TJ_ENGINE_COHORTS_H

#include "engine/stock.h"

/* Cohorts oldest .. newest - 1 of the technology live through one year, n lanes: cohort *= clamp(ratio * survival) *
 * (1 - scrappage). Then units = their sum and, for each burner, energy = sum of cohort * eta. Survival is not below
 * 0; NULL stands for 1 in every lane, a scrappage of NULL for 0, and there is no scrappage without survival. */
void tj_cohorts_age(size_t n, const tj_technology *technology, const tj_burn *burns, int32_t newest,
                    const double *survival, const double *scrappage);

/* The same sums without a year passing. */
void tj_cohorts_sum(size_t n, const tj_technology *technology, const tj_burn *burns, int32_t newest);

#endif
