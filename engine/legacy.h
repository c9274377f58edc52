/* Legacy: the old units of H, kept as one as long as nothing tells their cohorts apart.
 *
 *   n[v,t] = units(H) left[v,t] alive(t),  left = weight of v times the product of S(a)/S(a-1) since H, a number,
 *                                          alive = product of survival since H, by lane
 * so their sums are one product a lane. What early scrappage, retirement or a survival above what age allows tells apart
 * becomes cohorts in the lanes where it happens, and stays so; a lane's bits depend on no other lane. */
#ifndef TJ_ENGINE_LEGACY_H
#define TJ_ENGINE_LEGACY_H

#include "engine/stock.h"

/* Takes the technology's oldest cohorts in, as many as every lane is certain to lose from; the others are the
 * caller's to write, from technology->oldest on. `units`: of H, n lanes. */
void tj_legacy_start(size_t n, tj_technology *technology, const double *units);

/* One year; `newest`, survival and scrappage as for tj_cohorts_age, which is to follow. */
void tj_legacy_age(size_t n, tj_technology *technology, int32_t newest, const double *survival,
                   const double *scrappage);

/* Gives the cohorts back in the lanes where `apart` is above 0. */
void tj_legacy_part(size_t n, tj_technology *technology, const double *apart);

/* Adds units and energy to the sums of the technology and of its burners. */
void tj_legacy_add(size_t n, const tj_technology *technology, const tj_burn *burns);

#endif
