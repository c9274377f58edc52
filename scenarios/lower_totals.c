/* Phase 9: totals over cities, and how good each city's data are. */
#include "scenarios/lower.h"

#include <string.h>

static const uint8_t *total_status(const tj_lowering *low, int city)
{
    const uint8_t *bytes = tj_plan_items(low->builder, TJ_SECTION_BYTES, NULL);
    return bytes + low->cities[city].total_status;
}

/* A total over cities begins in the largest H of its members and exists earlier where every member has
 * a whole inventory value; a year of which one member is unknown is absent. */
static void group_status(const tj_lowering *low, const uint8_t *members, uint8_t *status)
{
    int largest = 0;
    for (int c = 0; c < low->n_cities; c++)
        if (members[c] && low->city_last[c] > largest)
            largest = low->city_last[c];
    for (int y = 0; y < low->n_years; y++) {
        int worst = TJ_ABSENT, whole = 1;
        for (int c = 0; c < low->n_cities; c++) {
            if (!members[c])
                continue;
            int s = total_status(low, c)[y];
            whole = whole && s != TJ_ABSENT && s != TJ_PARTIAL && (y >= largest || s != TJ_PROJECTED);
            int rank = s == TJ_BACKCAST ? TJ_PROJECTED : s,
                most = worst == TJ_BACKCAST ? TJ_PROJECTED : worst;
            worst = rank >= most && worst != TJ_BACKCAST ? s : worst;
        }
        status[y] = whole ? (uint8_t)worst : TJ_ABSENT;
    }
}

static void add_group(tj_lowering *low, const char *id, tj_label label, int country)
{
    uint8_t *members = tj_lower_alloc(low, (size_t)low->n_cities + 1, 1);
    uint8_t *status = tj_lower_alloc(low, (size_t)low->n_years, 1);
    int count = 0;
    for (int c = 0; !low->memory_short && c < low->n_cities; c++)
        count += members[c] = country < 0 || low->city_country[c] == country;
    if (low->memory_short || count == 0)
        return;
    group_status(low, members, status);
    tj_plan_group group = {0};
    group.members = tj_plan_add(low->builder, TJ_SECTION_BYTES, members, (size_t)low->n_cities);
    group.status = tj_plan_add(low->builder, TJ_SECTION_BYTES, status, (size_t)low->n_years);
    tj_plan_add(low->builder, TJ_SECTION_GROUPS, &group, 1);
    low->out->groups[low->n_groups++] = (tj_group_info){id, label};
}

static void groups(tj_lowering *low)
{
    low->out->groups = tj_lower_alloc(low, low->study->countries_count + 1, sizeof *low->out->groups);
    if (low->memory_short)
        return;
    add_group(low, "network", (tj_label){"Network", "Réseau", "Nätverk"}, -1);
    for (size_t i = 0; i < low->study->countries_count; i++)
        add_group(low, low->study->countries[i].id.text, low->study->countries[i].label, (int)i);
}

/* Shares of a city's territorial CO2e that were measured, back-cast and assumed in one year. */
static void shares_of(const tj_lowering *low, int city, int y, double shares[3])
{
    const tj_plan_city *span = &low->cities[city];
    double sums[3] = {0, 0, 0}, total = 0;
    for (int k = span->cells_first; k < span->cells_first + span->cells_count; k++) {
        const tj_cell_work *cell = &low->cells[k];
        if (cell->account != TJ_TERRITORIAL || isnan(cell->history[y]))
            continue;
        sums[cell->status[y] - TJ_MEASURED] += cell->history[y];
        total += cell->history[y];
    }
    for (int q = 0; q < 3; q++)
        shares[q] = total > 0 ? sums[q] / total : NAN;
}

static void quality(tj_lowering *low)
{
    int base = tj_lower_year(low, low->base_year);
    for (int c = 0; c < low->n_cities; c++) {
        tj_quality_info *info = &low->out->quality[c];
        int H = low->city_last[c];
        for (int q = 0; q < 3; q++)
            info->base[q] = info->last[q] = NAN;
        if (H == TJ_NONE)
            continue;
        info->last_year = low->first_year + H;
        if (base != TJ_NONE && base <= H)
            shares_of(low, c, base, info->base);
        shares_of(low, c, H, info->last);
        for (size_t i = 0; i < low->study->inventory_count; i++)
            info->rows += strcmp(low->study->inventory[i].city.text, tj_lower_city_id(low, c)) == 0;
    }
}

void tj_lower_totals(tj_lowering *low)
{
    groups(low);
    quality(low);
}
