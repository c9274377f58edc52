/* Landfill: first-order decay (IPCC 2006 Guidelines, volume 5, chapter 3).
 *
 *   pile(t) = pile(t-1) exp(-k) + W(t) ddoc;  decomposed(t) = pile(t-1) (1 - exp(-k))
 *   CH4(t) = sum of decomposed F 16/12 (1 - recovery) (1 - oxidation)
 * Decay starts on 1 January after the deposit. What else the sector emits, `other`, is a driver. Place: the drivers of
 * a landfill cell in, its methane and the rest out, before kappa, which engine/physical.c puts on them. */
#ifndef TJ_ENGINE_LANDFILL_H
#define TJ_ENGINE_LANDFILL_H

#include "engine/feed.h"

typedef struct tj_landfill {
    const tj_plan_cell *cell;
    double *piles;   /* rows by waste: t DDOCm at the end of the year */
    double *methane; /* row: t CH4 of the year */
    double *other;   /* row: t CO2e of the year that do not come from decay */
} tj_landfill;

void tj_landfill_layout(const tj_plan_cell *cell, tj_landfill *landfill, tj_pool *pool);
/* Year H, then each later year in order; the scratch's drivers stand in that year. */
void tj_landfill_start(const tj_scratch *scratch, tj_landfill *landfill);
void tj_landfill_step(const tj_scratch *scratch, tj_landfill *landfill);

#endif
