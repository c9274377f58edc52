/* Networks and landfills: the sources of what a city's plants deliver, and waste that decays. */
#include "scenarios/lower.h"

#include <string.h>

static const double LN2 = 0.69314718055994530942;
enum { DEPOSITS_FROM = 1950 }; /* IPCC 2006, vol. 5: first-order decay begins here unless data do earlier */

static const tj_driver_spec fraction = {
    .flags = TJ_DRIVER_FRACTION, .share_group = TJ_NONE, .for_measures = 1};

static int driver(tj_data_drivers *of, const char *field, const char *item, tj_driver_spec spec,
                  tj_dimension *dimension)
{
    const char *sector = of->low->cells[of->cell].record->id.text;
    const char *name = item == NULL ? tj_lower_text(of->low, "%s.%s", sector, field)
                                    : tj_lower_text(of->low, "%s.%s.%s", sector, field, item);
    return tj_lower_driver(of, name, spec, dimension);
}

/* A local number of a sector, or what it is where the study does not say. */
static double local_number(tj_lowering *low, const tj_local_quantities *list, int city, double otherwise,
                           double most, const char *what)
{
    const tj_quantity *found = tj_lower_local(low, list, city);
    return found != NULL && tj_lower_check_fixed(low, found, (tj_dimension){{0}}, 0, most, what)
               ? found->dist.p[0]
               : otherwise;
}

/* ---- supply ---- */

static void check_fuel(tj_lowering *low, const tj_fuel *fuel)
{
    tj_dimension per_energy = {{0}};
    per_energy.exponent[TJ_BASE_MASS] = 1;
    per_energy.exponent[TJ_BASE_ENERGY] = -1;
    tj_lower_check_fixed(low, &fuel->factor, per_energy, 0, INFINITY, "factor of a fuel");
    if (tj_lower_check_fixed(low, &fuel->efficiency, (tj_dimension){{0}}, 0, INFINITY,
                             "efficiency of a fuel") &&
        !(fuel->efficiency.dist.p[0] > 0))
        TJ_LOWER_ERROR(low, fuel->efficiency.mark, "fuel '%s': its efficiency is zero", fuel->id.text);
}

static const tj_fuel *find_fuel(tj_lowering *low, tj_name name)
{
    int index = tj_study_fuel(low->study, name.text);
    if (index >= 0)
        return &low->study->fuels[index];
    low->unsettled = 1;
    const char **ids = tj_lower_alloc(low, low->study->fuels_count + 1, sizeof *ids);
    for (size_t i = 0; ids != NULL && i < low->study->fuels_count; i++)
        ids[i] = low->study->fuels[i].id.text;
    tj_diag_unknown(low->diags, name.mark, "fuel", name.text, ids, ids == NULL ? 0 : low->study->fuels_count);
    return NULL;
}

/* The cell of the city that captured biogenic CO2 is added to. */
static int removal_cell(tj_lowering *low, int city, tj_name sector)
{
    if (sector.text == NULL)
        return TJ_NONE;
    int s = tj_study_sector(low->study, sector.text);
    if (s < 0) {
        tj_lower_unknown_sector(low, sector);
        return TJ_NONE;
    }
    int cell = low->cell_of[city * low->n_sectors + s];
    if (cell == TJ_NONE || low->cells[cell].account != TJ_REMOVALS) {
        TJ_LOWER_ERROR(low, sector.mark, "sector '%s' of '%s' does not hold removals", sector.text,
                       tj_lower_city_id(low, city));
        return TJ_NONE;
    }
    return cell;
}

void tj_lower_supply(tj_lowering *low, int cell, tj_data_drivers *of)
{
    const tj_sector *record = low->cells[cell].record;
    tj_plan_cell *plan = &low->plan_cells[cell];
    int city = low->cells[cell].city, first = (int)low->drivers_count, n = (int)record->sources.count;
    tj_dimension ignored;
    tj_plan_shares shares = {first, n};
    tj_driver_spec share = fraction, capture = fraction, fossil = fraction;
    share.share_group = tj_plan_add(low->builder, TJ_SECTION_SHARES, &shares, 1);
    share.otherwise = n == 1 ? 1.0 : NAN;
    fossil.otherwise = NAN;
    for (int i = 0; i < n; i++)
        driver(of, "source", record->sources.items[i].text, share, &ignored);
    if (of->known)
        tj_lower_check_shares(low, &low->cells[cell], first, n, "source shares");
    for (int i = 0; i < n; i++) {
        const tj_fuel *fuel = find_fuel(low, record->sources.items[i]);
        tj_plan_source source = {.cell = cell, .share = first + i, .efficiency = 1.0};
        source.capture = driver(of, "capture", record->sources.items[i].text, capture, &ignored);
        source.fossil = driver(of, "fossil", record->sources.items[i].text, fossil, &ignored);
        if (fuel != NULL) {
            check_fuel(low, fuel);
            source.factor = fuel->factor.dist.p[0];
            source.efficiency = fuel->efficiency.dist.p[0];
        }
        int32_t at = tj_plan_add(low->builder, TJ_SECTION_SOURCES, &source, 1);
        plan->sources_first = plan->sources_count++ == 0 ? at : plan->sources_first;
    }
    plan->losses = local_number(low, &record->losses, city, 0.0, 1.0, "losses");
    plan->in_city = local_number(low, &record->in_city, city, 1.0, INFINITY, "in_city");
    plan->removal_cell = removal_cell(low, city, record->removals);
    if (plan->losses >= 1)
        TJ_LOWER_ERROR(low, record->mark, "losses of '%s' in '%s' leave nothing to deliver", record->id.text,
                       tj_lower_city_id(low, city));
}

/* ---- landfill ---- */

static double population_in(const tj_lowering *low, int city, int year)
{
    for (size_t i = 0; i < low->study->population_count; i++)
        if (low->study->population[i].year.value == year &&
            strcmp(low->study->population[i].place.text, tj_lower_city_id(low, city)) == 0)
            return low->study->population[i].value.dist.p[0];
    return NAN;
}

/* Tonnes deposited in a year: the row of fleets.csv, straight between rows; NaN before the first. */
static double deposit_in(const tj_lowering *low, const tj_fleet_row *like, int year)
{
    double before = NAN, after = NAN;
    int year_before = 0, year_after = 0;
    for (size_t i = 0; i < low->study->fleets_count; i++) {
        const tj_fleet_row *row = &low->study->fleets[i];
        if (row->kind != TJ_DATUM_DEPOSIT || strcmp(row->city.text, like->city.text) != 0 ||
            strcmp(row->sector.text, like->sector.text) != 0)
            continue;
        if (row->year.value <= year && (isnan(before) || row->year.value > year_before)) {
            before = row->value.dist.p[0];
            year_before = row->year.value;
        }
        if (row->year.value >= year && (isnan(after) || row->year.value < year_after)) {
            after = row->value.dist.p[0];
            year_after = row->year.value;
        }
    }
    if (isnan(before) || isnan(after) || year_before == year_after)
        return isnan(after) ? before : isnan(before) ? NAN : after;
    return before + (after - before) * ((double)(year - year_before) / (double)(year_after - year_before));
}

static int first_deposit(const tj_lowering *low, const tj_fleet_row *like)
{
    int first = like->year.value;
    for (size_t i = 0; i < low->study->fleets_count; i++) {
        const tj_fleet_row *row = &low->study->fleets[i];
        if (row->kind == TJ_DATUM_DEPOSIT && strcmp(row->city.text, like->city.text) == 0 &&
            strcmp(row->sector.text, like->sector.text) == 0 && row->year.value < first)
            first = row->year.value;
    }
    return first;
}

/* Deposits from 1950 to H; before the first datum in proportion to population where it is known, else
 * as in the first year, which is said. */
static void add_deposits(tj_lowering *low, int cell, const tj_fleet_row *like, tj_plan_cell *plan)
{
    int city = low->cells[cell].city, H = low->first_year + low->city_last[city];
    int known = first_deposit(low, like), from = known < DEPOSITS_FROM ? known : DEPOSITS_FROM;
    if (H < known) {
        TJ_LOWER_ERROR(low, like->mark, "deposits of '%s' begin after %d, the last inventory year of '%s'",
                       like->sector.text, H, tj_lower_city_id(low, city));
        return;
    }
    size_t years = (size_t)H - (size_t)from + 1;
    double *tonnes = tj_lower_alloc(low, years, sizeof *tonnes);
    int flat = 0;
    if (tonnes == NULL)
        return;
    for (int year = H; year >= from; year--) {
        double scale = population_in(low, city, year) / population_in(low, city, known);
        tonnes[year - from] =
            year >= known ? deposit_in(low, like, year) : tonnes[known - from] * (isnan(scale) ? 1.0 : scale);
        flat |= year < known && isnan(scale);
    }
    if (flat)
        tj_diag_add(low->diags, TJ_NOTE, like->mark,
                    "deposits of '%s' in '%s' before %d are taken as in %d where the population is not known",
                    like->sector.text, tj_lower_city_id(low, city), known, known);
    plan->deposits_first_year = from;
    plan->deposits = tj_plan_add(low->builder, TJ_SECTION_NUMBERS, tonnes, years);
}

static double methane_potential(tj_lowering *low, const tj_sector *record)
{
    const char *set = low->study->gwp.text == NULL ? "AR5" : low->study->gwp.text;
    for (size_t i = 0; i < low->study->gwps_count; i++)
        if (strcmp(low->study->gwps[i].gas.text, "CH4") == 0 &&
            strcmp(low->study->gwps[i].set.text, set) == 0)
            return low->study->gwps[i].value.dist.p[0];
    TJ_LOWER_ERROR(low, record->mark, "sector '%s' makes methane, but gwp.csv has no CH4 in set %s",
                   record->id.text, set);
    return 0;
}

static void add_wastes(tj_lowering *low, int cell, tj_data_drivers *of, tj_plan_cell *plan)
{
    const tj_sector *record = low->cells[cell].record;
    int first = (int)low->drivers_count, n = (int)record->wastes_count;
    tj_plan_shares shares = {first, n};
    tj_driver_spec share = fraction;
    tj_dimension ignored, year = {{0}};
    year.exponent[TJ_BASE_TIME] = 1;
    share.share_group = tj_plan_add(low->builder, TJ_SECTION_SHARES, &shares, 1);
    share.otherwise = n == 1 ? 1.0 : NAN;
    for (int i = 0; i < n; i++)
        driver(of, "waste", record->wastes[i].id.text, share, &ignored);
    if (of->known)
        tj_lower_check_shares(low, &low->cells[cell], first, n, "waste shares");
    for (int i = 0; i < n; i++) {
        const tj_waste *waste = &record->wastes[i];
        tj_plan_waste part = {.cell = cell, .share = first + i};
        tj_lower_check_fixed(low, &waste->ddoc, (tj_dimension){{0}}, 0, 1, "ddoc");
        if (tj_lower_check_fixed(low, &waste->half_life, year, 1e-3, INFINITY, "half_life"))
            part.decay = LN2 / waste->half_life.dist.p[0];
        part.ddoc = waste->ddoc.dist.p[0];
        int32_t at = tj_plan_add(low->builder, TJ_SECTION_WASTES, &part, 1);
        plan->wastes_first = plan->wastes_count++ == 0 ? at : plan->wastes_first;
    }
}

/* The pile at the end of H by waste, where fleets.csv gives it for every class. */
static void add_pile(tj_lowering *low, int cell, tj_plan_cell *plan)
{
    const tj_sector *record = low->cells[cell].record;
    double pile[64];
    for (size_t i = 0; i < record->wastes_count && i < 64; i++) {
        const tj_fleet_row *row = tj_lower_datum(low, low->cells[cell].city, record->id.text,
                                                 record->wastes[i].id.text, TJ_DATUM_PILE);
        if (row == NULL) {
            TJ_LOWER_ERROR(low, record->wastes[i].mark,
                           "fleets.csv gives neither deposits of '%s' in '%s' nor the pile of '%s'",
                           record->id.text, tj_lower_city_id(low, low->cells[cell].city),
                           record->wastes[i].id.text);
            return;
        }
        pile[i] = row->value.dist.p[0];
    }
    plan->pile = tj_plan_add(low->builder, TJ_SECTION_NUMBERS, pile, record->wastes_count);
}

/* t a year that the sector emits besides; nothing unless drivers.csv says so. */
static int32_t other_driver(tj_lowering *low, int cell, tj_data_drivers *of)
{
    const tj_sector *record = low->cells[cell].record;
    tj_dimension found, rate = {{0}};
    rate.exponent[TJ_BASE_MASS] = 1;
    rate.exponent[TJ_BASE_TIME] = -1;
    tj_driver_spec spec = {.share_group = TJ_NONE, .for_measures = 1, .dimension = rate};
    int32_t index = driver(of, "other", NULL, spec, &found);
    if (of->known && !tj_dimension_equal(found, rate))
        TJ_LOWER_ERROR(low, record->mark, "driver '%s.other' is not in t/year", record->id.text);
    return index;
}

void tj_lower_landfill(tj_lowering *low, int cell, tj_data_drivers *of)
{
    const tj_sector *record = low->cells[cell].record;
    tj_plan_cell *plan = &low->plan_cells[cell];
    tj_dimension found, rate = {{0}};
    rate.exponent[TJ_BASE_MASS] = 1;
    rate.exponent[TJ_BASE_TIME] = -1;
    tj_driver_spec plain = {.share_group = TJ_NONE, .for_measures = 1, .otherwise = NAN};
    plan->deposit = driver(of, "deposit", NULL, plain, &found);
    if (of->known && !tj_dimension_equal(found, rate))
        TJ_LOWER_ERROR(low, record->mark, "driver '%s.deposit' is not in t/year", record->id.text);
    plan->recovery = driver(of, "recovery", NULL, fraction, &found);
    plan->oxidation = driver(of, "oxidation", NULL, fraction, &found);
    plan->other = other_driver(low, cell, of);
    plan->methane_share = record->methane_share.mark.file == NULL ? 0.5 : record->methane_share.dist.p[0];
    plan->gwp = methane_potential(low, record);
    add_wastes(low, cell, of, plan);
    const tj_fleet_row *deposits =
        tj_lower_datum(low, low->cells[cell].city, record->id.text, NULL, TJ_DATUM_DEPOSIT);
    if (deposits != NULL)
        add_deposits(low, cell, deposits, plan);
    else
        add_pile(low, cell, plan);
}
