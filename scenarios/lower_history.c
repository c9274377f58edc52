/* Phase 3: the inventory becomes cells. Missing is never zero: a year without a row stays NaN, a row
 * that says NE or C makes its year unknown, only NO is a true zero. */
#include "scenarios/lower.h"

#include <string.h>

/* ---- the gas axis and global warming potentials ---- */

static int gas_index(const tj_lowering *low, const char *gas)
{
    for (int g = 0; g < low->n_gases; g++)
        if (strcmp(low->out->gases[g], gas) == 0)
            return g;
    return TJ_NONE;
}

static void axis_gases(tj_lowering *low)
{
    const char **gases = tj_lower_alloc(low, low->study->inventory_count + 1, sizeof *gases);
    if (gases == NULL)
        return;
    low->out->gases = gases;
    gases[low->n_gases++] = "co2e";
    for (size_t i = 0; i < low->study->inventory_count; i++)
        if (gas_index(low, low->study->inventory[i].gas.text) == TJ_NONE)
            gases[low->n_gases++] = low->study->inventory[i].gas.text;
}

/* t CO2e per t of a row's gas in the study's set; NaN and an error where gwp.csv does not say. */
static double potential(tj_lowering *low, const tj_inventory_row *row)
{
    if (strcmp(row->gas.text, "co2e") == 0)
        return 1.0;
    const char *set = low->study->gwp.text == NULL ? "AR5" : low->study->gwp.text;
    const char **known = tj_lower_alloc(low, low->study->gwps_count + 2, sizeof *known);
    size_t count = 0;
    for (size_t i = 0; known != NULL && i < low->study->gwps_count; i++) {
        const tj_gwp_row *gwp = &low->study->gwps[i];
        if (strcmp(gwp->set.text, set) != 0)
            continue;
        if (strcmp(gwp->gas.text, row->gas.text) == 0)
            return gwp->value.dist.p[0];
        known[count++] = gwp->gas.text;
    }
    if (known != NULL)
        known[count++] = "co2e";
    tj_diag_unknown(low->diags, row->gas.mark, "gas", row->gas.text, known, known == NULL ? 0 : count);
    return NAN;
}

/* ---- cells ---- */

/* The cell of a city and sector, made when it is first met. */
static tj_cell_work *cell_at(tj_lowering *low, int city, int sector)
{
    int *slot = &low->cell_of[city * low->n_sectors + sector];
    if (*slot != TJ_NONE)
        return &low->cells[*slot];
    size_t years = (size_t)low->n_years;
    tj_cell_work *cell = &low->cells[low->n_cells];
    cell->city = city;
    cell->sector = sector;
    cell->record = &low->study->sectors[low->out->sectors[sector]];
    cell->first = cell->base_from = TJ_NONE;
    cell->history = tj_lower_alloc(low, years, sizeof *cell->history);
    cell->status = tj_lower_alloc(low, years, 1);
    cell->unknown = tj_lower_alloc(low, years, 1);
    cell->gas = tj_lower_alloc(low, years * (size_t)low->n_gases, sizeof *cell->gas);
    if (low->memory_short)
        return NULL;
    for (size_t y = 0; y < years; y++)
        cell->history[y] = NAN;
    *slot = low->n_cells++;
    return cell;
}

static int quality_status(tj_quality quality)
{
    switch (quality) {
    case TJ_QUALITY_MEASURED:
        return TJ_MEASURED;
    case TJ_QUALITY_BACKCAST:
        return TJ_BACKCAST;
    default:
        return TJ_ASSUMED;
    }
}

/* Tonnes of a row; NaN where it says that it does not know. */
static double row_tonnes(tj_lowering *low, const tj_inventory_row *row)
{
    tj_dimension mass = {{0}}, rate = {{0}};
    mass.exponent[TJ_BASE_MASS] = rate.exponent[TJ_BASE_MASS] = 1;
    rate.exponent[TJ_BASE_TIME] = -1;
    if (row->notation == TJ_NO)
        return 0.0;
    if (row->notation != TJ_VALUE)
        return NAN;
    if (row->value.dist.kind != TJ_DIST_FIXED) {
        TJ_LOWER_ERROR(low, row->value.mark, "inventory: found a distribution, expected a number");
        return NAN;
    }
    tj_dimension wanted = tj_dimension_equal(row->value.dimension, rate) ? rate : mass;
    return tj_lower_check(low, &row->value, wanted, 0, INFINITY, "inventory") ? row->value.dist.p[0] : NAN;
}

static void add_row(tj_lowering *low, int city, int sector, const tj_inventory_row *row)
{
    int y = tj_lower_year(low, row->year.value);
    double tonnes = row_tonnes(low, row), factor = potential(low, row);
    int territorial =
        tj_word_find(tj_account_words, low->study->sectors[sector].account.text == NULL
                                           ? "territorial"
                                           : low->study->sectors[sector].account.text) == TJ_TERRITORIAL;
    if (y == TJ_NONE || row->scope == 2 || row->notation == TJ_IE)
        return;
    if (row->notation == TJ_NE || row->notation == TJ_C) {
        if (territorial)
            low->incomplete[city * low->n_years + y] = 1;
        int known = low->cell_of[city * low->n_sectors + sector];
        if (known != TJ_NONE)
            low->cells[known].unknown[y] = 1;
        return;
    }
    tj_cell_work *cell = cell_at(low, city, sector);
    if (cell == NULL || isnan(tonnes) || isnan(factor))
        return;
    cell->history[y] = (isnan(cell->history[y]) ? 0.0 : cell->history[y]) + tonnes * factor;
    cell->gas[y * low->n_gases + gas_index(low, row->gas.text)] += tonnes * factor;
    int status = quality_status(row->quality);
    cell->status[y] = status > cell->status[y] ? (uint8_t)status : cell->status[y];
    if (y > low->city_last[city])
        low->city_last[city] = y;
}

static void check_row(tj_lowering *low, size_t index)
{
    const tj_inventory_row *row = &low->study->inventory[index];
    const char *set = low->study->gwp.text == NULL ? "AR5" : low->study->gwp.text;
    if (tj_study_city(low->study, row->city.text) < 0)
        tj_lower_unknown_place(low, row->city);
    if (tj_study_sector(low->study, row->sector.text) < 0)
        tj_lower_unknown_sector(low, row->sector);
    if (row->gwp.text != NULL && strcmp(row->gas.text, "co2e") == 0 && strcmp(row->gwp.text, set) != 0)
        tj_diag_add(low->diags, TJ_WARNING, row->gwp.mark,
                    "a co2e row of set %s cannot be converted to the study's %s; it is used as it is",
                    row->gwp.text, set);
    for (size_t k = index; k-- > 0;) {
        const tj_inventory_row *other = &low->study->inventory[k];
        if (other->year.value == row->year.value && other->scope == row->scope &&
            strcmp(other->sector.text, row->sector.text) == 0 &&
            strcmp(other->city.text, row->city.text) == 0 && strcmp(other->gas.text, row->gas.text) == 0) {
            TJ_LOWER_ERROR(low, row->mark, "%s, %s, %d, %s is given twice, first in line %u", row->city.text,
                           row->sector.text, row->year.value, row->gas.text, other->mark.line);
            return;
        }
    }
}

/* ---- what must hold of the histories ---- */

static void settle_cell(tj_lowering *low, tj_cell_work *cell)
{
    int H = low->city_last[cell->city];
    const tj_name *method = tj_lower_local_name(low, &cell->record->method, cell->city);
    int found = method == NULL ? TJ_METHOD_TREND : tj_word_find(tj_method_words, method->text);
    cell->method = found < 0 ? TJ_METHOD_TREND : found;
    int account = cell->record->account.text == NULL
                      ? TJ_TERRITORIAL
                      : tj_word_find(tj_account_words, cell->record->account.text);
    cell->account = account < 0 ? TJ_TERRITORIAL : account;
    for (int y = 0; y < low->n_years && cell->first == TJ_NONE; y++)
        if (!isnan(cell->history[y]))
            cell->first = y;
    for (int y = H + 1; y < low->n_years; y++)
        cell->status[y] = TJ_PROJECTED;
    if (H != TJ_NONE && isnan(cell->history[H]))
        TJ_LOWER_ERROR(low, cell->record->mark,
                       "the inventory of '%s' has no value for '%s' in %d, the city's last year; expected a "
                       "value or NO",
                       tj_lower_city_id(low, cell->city), cell->record->id.text, low->first_year + H);
}

/* Cells ordered by city, then sector, whatever the order of the rows. */
static void order_cells(tj_lowering *low)
{
    tj_cell_work *ordered = tj_lower_alloc(low, (size_t)low->n_cells + 1, sizeof *ordered);
    int next = 0;
    for (int c = 0; ordered != NULL && c < low->n_cities; c++) {
        low->cities[c].cells_first = next;
        for (int s = 0; s < low->n_sectors; s++) {
            int *slot = &low->cell_of[c * low->n_sectors + s];
            if (*slot == TJ_NONE)
                continue;
            ordered[next] = low->cells[*slot];
            *slot = next++;
        }
        low->cities[c].cells_count = next - low->cities[c].cells_first;
    }
    if (ordered != NULL)
        low->cells = ordered;
}

/* A year in which a row says NE or C is not known, whatever other gases say. */
static void forget_unknown(tj_lowering *low)
{
    for (int k = 0; k < low->n_cells; k++) {
        tj_cell_work *cell = &low->cells[k];
        for (int y = 0; y < low->n_years; y++) {
            if (cell->unknown[y]) {
                cell->history[y] = NAN;
                cell->status[y] = TJ_ABSENT;
            }
        }
    }
}

/* Sectors that a city has no row of: they do not belong to it, and a person should know. */
static void note_without_rows(tj_lowering *low, int city)
{
    const char *list = "";
    for (int s = 0; s < low->n_sectors; s++) {
        int rows = 0;
        for (size_t i = 0; i < low->study->inventory_count && !rows; i++)
            rows = strcmp(low->study->inventory[i].city.text, tj_lower_city_id(low, city)) == 0 &&
                   strcmp(low->study->inventory[i].sector.text, tj_lower_sector_id(low, s)) == 0;
        if (!rows)
            list =
                tj_lower_text(low, "%s%s'%s'", list, *list == '\0' ? "" : ", ", tj_lower_sector_id(low, s));
    }
    if (*list != '\0')
        tj_diag_add(low->diags, TJ_NOTE, tj_lower_city(low, city)->mark,
                    "the inventory of '%s' has no row of %s: taken as not belonging to the city",
                    tj_lower_city_id(low, city), list);
}

void tj_lower_history(tj_lowering *low)
{
    size_t pairs = (size_t)low->n_cities * (size_t)low->n_sectors;
    axis_gases(low);
    low->cells = tj_lower_alloc(low, pairs + 1, sizeof *low->cells);
    low->cell_of = tj_lower_alloc(low, pairs + 1, sizeof *low->cell_of);
    low->incomplete = tj_lower_alloc(low, (size_t)low->n_cities * (size_t)low->n_years + 1, 1);
    for (size_t i = 0; !low->memory_short && i < pairs; i++)
        low->cell_of[i] = TJ_NONE;
    /* Values first, then NE and C, so that the order of rows never matters. */
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; !low->memory_short && i < low->study->inventory_count; i++) {
            const tj_inventory_row *row = &low->study->inventory[i];
            int city = tj_lower_find_city(low, row->city.text);
            int sector = tj_study_sector(low->study, row->sector.text);
            int key = row->notation == TJ_NE || row->notation == TJ_C;
            if (pass == 0)
                check_row(low, i);
            if (city != TJ_NONE && sector >= 0 && key == pass)
                add_row(low, city, sector, row);
        }
    }
    if (low->memory_short)
        return;
    forget_unknown(low);
    order_cells(low);
    for (int k = 0; k < low->n_cells; k++)
        settle_cell(low, &low->cells[k]);
    for (int c = 0; c < low->n_cities; c++)
        if (low->city_last[c] == TJ_NONE)
            TJ_LOWER_ERROR(low, tj_lower_city(low, c)->mark, "the inventory has no value for '%s'",
                           tj_lower_city_id(low, c));
        else
            note_without_rows(low, c);
}
