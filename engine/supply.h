/* Supply: what a city's own network carrier emits per MWh (docs/model.md, "Sectors").
 *
 *   delivered = kappa sum of share factor fossil / efficiency (1 - capture) / (1 - losses)
 *   at home   = delivered, for the part of the output that is made in the city
 *   captured  = kappa sum of share factor (1 - fossil) / efficiency capture / (1 - losses), at home
 * Emissions and removals are the city's use of the carrier times the last two; so use and factor are kept
 * apart, and a package that changes one of them costs a product. */
#ifndef TJ_ENGINE_SUPPLY_H
#define TJ_ENGINE_SUPPLY_H

#include "engine/feed.h"

/* Rows: t CO2 per MWh that the city uses. */
typedef struct tj_supply {
    const tj_plan_cell *cell;
    double *delivered, *home, *captured;
} tj_supply;

void tj_supply_layout(const tj_plan_cell *cell, tj_supply *supply, tj_pool *pool);
/* The factors of the year that the scratch's drivers stand in; kappa NULL: not multiplied. */
void tj_supply_step(const tj_scratch *scratch, const double *kappa, tj_supply *supply);

#endif
