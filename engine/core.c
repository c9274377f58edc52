/* Drivers and rows of a fleet's stock; see core.h. */
#include "engine/core.h"

#include <string.h>

int32_t tj_core_fleets(const tj_plan *plan, int32_t city)
{
    const tj_plan_city *c = tj_plan_get_city(plan, city);
    int32_t count = 0;
    for (int32_t k = 0; k < c->cells_count; k++)
        count += tj_plan_get_cell(plan, c->cells_first + k)->fleets_count;
    return count;
}

/* Shares of a whole move together. */
static void mark(const tj_plan *plan, int32_t first, int32_t driver, unsigned char *core)
{
    const tj_plan_shares *shares = tj_plan_section(plan, TJ_SECTION_SHARES, NULL);
    int32_t group = tj_plan_get_driver(plan, driver)->share_group;
    core[driver - first] = 1;
    for (int32_t j = 0; group != TJ_NONE && j < shares[group].drivers_count; j++)
        core[shares[group].drivers_first + j - first] = 1;
}

void tj_core_mark(const tj_plan *plan, const tj_plan_fleet *fleet, unsigned char *core)
{
    const tj_plan_technology *technologies = tj_plan_section(plan, TJ_SECTION_TECHNOLOGIES, NULL);
    const tj_plan_burner *burners = tj_plan_section(plan, TJ_SECTION_BURNERS, NULL);
    tj_plan_slice drivers = tj_plan_city_drivers(plan, tj_plan_get_cell(plan, fleet->cell)->city);
    int32_t first = drivers.first;
    memset(core, 0, (size_t)drivers.count);
    mark(plan, first, fleet->demand, core);
    mark(plan, first, fleet->survival, core);
    for (int32_t k = 0; k < fleet->technologies_count; k++) {
        const tj_plan_technology *technology = &technologies[fleet->technologies_first + k];
        mark(plan, first, technology->sales, core);
        mark(plan, first, technology->scrappage, core);
        for (int32_t b = 0; b < technology->burners_count; b++)
            mark(plan, first, burners[technology->burners_first + b].driver, core);
    }
}

static int burns(const tj_plan *plan, const tj_plan_fleet *fleet, int32_t carrier)
{
    const tj_plan_technology *technologies = tj_plan_section(plan, TJ_SECTION_TECHNOLOGIES, NULL);
    const tj_plan_burner *burners = tj_plan_section(plan, TJ_SECTION_BURNERS, NULL);
    int any = 0;
    for (int32_t k = 0; k < fleet->technologies_count; k++) {
        const tj_plan_technology *technology = &technologies[fleet->technologies_first + k];
        for (int32_t b = 0; b < technology->burners_count; b++)
            any |= burners[technology->burners_first + b].carrier == carrier;
    }
    return any;
}

int32_t tj_core_carriers(const tj_plan *plan, const tj_plan_fleet *fleet, int32_t *carriers)
{
    int32_t count = 0;
    for (int32_t f = 0; f < tj_plan_get_cell(plan, fleet->cell)->carriers_count; f++) {
        if (!burns(plan, fleet, f))
            continue;
        if (carriers != NULL)
            carriers[count] = f;
        count++;
    }
    return count;
}

const tj_plan_fleet *tj_core_of_row(const tj_plan *plan, const tj_plan_row *row)
{
    const tj_plan_technology *technologies = tj_plan_section(plan, TJ_SECTION_TECHNOLOGIES, NULL);
    const tj_plan_fleet *fleets = tj_plan_section(plan, TJ_SECTION_FLEETS, NULL);
    if (row->kind == TJ_ROW_UNITS || row->kind == TJ_ROW_SALES)
        return &fleets[technologies[row->item].fleet];
    return row->kind == TJ_ROW_RETIRED ? &fleets[row->item] : NULL;
}
