/* Fleets and buildings: technologies, what they run on, and the carriers of a cell. */
#include "scenarios/lower.h"

#include <string.h>

static const double SHARE_SUM_TOLERANCE = 1e-6;
enum { CARRIERS_MOST = 64, BURNERS_MOST = 256 };

/* A cell under construction: the carriers of all its technologies, each once. */
typedef struct fleet_work {
    tj_lowering *low;
    tj_data_drivers *of;
    int cell, floor; /* floor 1: building */
    const tj_sector *record;
    const char *city;
    tj_name carriers[CARRIERS_MOST];
    int n_carriers;
    tj_dimension demand, activity; /* of the fleet at hand */
    struct { /* what burners need: demand x activity x intensity, to be met by a factor */
        tj_dimension service, intensity;
        tj_name carrier;
    } burners[BURNERS_MOST];
    int n_burners;
} fleet_work;

static const tj_driver_spec fraction = {
    .flags = TJ_DRIVER_FRACTION, .share_group = TJ_NONE, .for_measures = 1};
static const tj_driver_spec plain = {.share_group = TJ_NONE, .for_measures = 1, .otherwise = NAN};

/* "<sector>.<what>.<item>" */
static const char *named(const fleet_work *w, const char *what, const char *item)
{
    return tj_lower_text(w->low, "%s.%s.%s", w->record->id.text, what, item);
}

static int optional(const fleet_work *w, const char *what, const char *item, tj_driver_spec spec,
                    double otherwise)
{
    tj_dimension dimension;
    spec.otherwise = otherwise;
    return tj_lower_driver(w->of, named(w, what, item), spec, &dimension);
}

/* The index of a carrier in the cell, which is added when it is first met. */
static int carrier_at(fleet_work *w, tj_name carrier)
{
    int i = 0;
    while (i < w->n_carriers && strcmp(w->carriers[i].text, carrier.text) != 0)
        i++;
    if (i == w->n_carriers && i < CARRIERS_MOST)
        w->carriers[w->n_carriers++] = carrier;
    return i < CARRIERS_MOST ? i : 0;
}

/* ---- technologies ---- */

static void check_life(tj_lowering *low, const tj_technology *technology)
{
    tj_dimension year = {{0}};
    year.exponent[TJ_BASE_TIME] = 1;
    if (technology->lambda.mark.file == NULL && technology->beta.mark.file == NULL)
        TJ_LOWER_ERROR(low, technology->mark, "technology '%s' has no survival: give life: {lambda, beta}",
                       technology->id.text);
    if (technology->lambda.mark.file == NULL || technology->beta.mark.file == NULL)
        return; /* half a life: the reader said so */
    tj_lower_check(low, &technology->lambda, year, 1e-3, INFINITY, "lambda");
    if (!(technology->beta.dist.p[0] > 0))
        TJ_LOWER_ERROR(low, technology->beta.mark, "technology '%s': beta is '%s', expected a number above 0",
                       technology->id.text, technology->beta.written);
}

static void unknown_carrier(tj_lowering *low, const tj_local_quantity *item)
{
    const char **ids = tj_lower_alloc(low, low->study->carriers_count + 1, sizeof *ids);
    for (size_t c = 0; ids != NULL && c < low->study->carriers_count; c++)
        ids[c] = low->study->carriers[c].id.text;
    low->unsettled = 1;
    if (ids != NULL)
        tj_diag_unknown(low->diags, item->place.mark, "carrier",
                        item->place.text == NULL ? "default" : item->place.text, ids,
                        low->study->carriers_count);
}

/* "<technology>.intensity", or with the carrier between them where there are several. */
static const char *intensity_name(const fleet_work *w, const tj_technology *technology, const char *carrier)
{
    const char *field = technology->carriers.count == 1
                            ? tj_lower_text(w->low, "%s.intensity", technology->id.text)
                            : tj_lower_text(w->low, "%s.%s.intensity", technology->id.text, carrier);
    return named(w, "tech", field);
}

static void note_burner(fleet_work *w, tj_name carrier, tj_dimension intensity)
{
    if (w->n_burners == BURNERS_MOST)
        return;
    int b = w->n_burners++;
    w->burners[b].carrier = carrier;
    w->burners[b].intensity = intensity;
    for (int k = 0; k < TJ_BASE_DIMS; k++)
        w->burners[b].service.exponent[k] = (signed char)(w->demand.exponent[k] + w->activity.exponent[k]);
}

/* What a technology runs on: one burner a carrier; the shares of its activity sum to 1. */
static void add_burners(fleet_work *w, const tj_technology *technology, tj_plan_technology *plan)
{
    tj_lowering *low = w->low;
    double sum = 0;
    int known = 1;
    for (size_t i = 0; i < technology->carriers.count; i++) {
        const tj_local_quantity *item = &technology->carriers.items[i];
        tj_plan_burner burner = {.share = item->value.dist.p[0]};
        tj_dimension intensity;
        sum += burner.share;
        if (item->place.text == NULL || tj_study_carrier(low->study, item->place.text) < 0) {
            unknown_carrier(low, item);
            known = 0;
            continue;
        }
        burner.carrier = carrier_at(w, item->place);
        burner.driver =
            tj_lower_driver(w->of, intensity_name(w, technology, item->place.text), plain, &intensity);
        note_burner(w, item->place, intensity);
        int32_t at = tj_plan_add(low->builder, TJ_SECTION_BURNERS, &burner, 1);
        plan->burners_first = plan->burners_count++ == 0 ? at : plan->burners_first;
    }
    if (known && fabs(sum - 1.0) > SHARE_SUM_TOLERANCE)
        TJ_LOWER_ERROR(low, technology->mark, "the carrier shares of technology '%s' sum to %.6g, expected 1",
                       technology->id.text, sum);
}

/* Weights of ages 0, 1, …: the rows of the closest place that gives any; TJ_NONE: stationary. */
static void add_ages(fleet_work *w, const tj_technology *technology, tj_plan_technology *plan)
{
    tj_lowering *low = w->low;
    const tj_fleet_row *first =
        tj_lower_datum(low, low->cells[w->cell].city, w->record->id.text, technology->id.text, TJ_DATUM_AGE);
    double weights[128] = {0};
    plan->ages = TJ_NONE;
    for (size_t i = 0; first != NULL && i < low->study->fleets_count; i++) {
        const tj_fleet_row *row = &low->study->fleets[i];
        if (row->kind != TJ_DATUM_AGE || strcmp(row->city.text, first->city.text) != 0 ||
            strcmp(row->sector.text, first->sector.text) != 0 ||
            strcmp(row->item.text, first->item.text) != 0)
            continue;
        if (row->age.value >= 128 || row->value.dist.p[0] < 0) {
            TJ_LOWER_ERROR(low, row->mark,
                           "ages of '%s': expected an age below 128 with a weight not below 0",
                           row->item.text);
            return;
        }
        weights[row->age.value] = row->value.dist.p[0];
        plan->n_ages = row->age.value >= plan->n_ages ? (int32_t)row->age.value + 1 : plan->n_ages;
    }
    if (first != NULL)
        plan->ages = tj_plan_add(low->builder, TJ_SECTION_NUMBERS, weights, (size_t)plan->n_ages);
}

/* Returns the technology's share of the fleet in H, NaN where it is not known. */
static double add_technology(fleet_work *w, tj_name name, tj_plan_technology *plan)
{
    tj_lowering *low = w->low;
    const tj_technology *technology = &low->study->technologies[tj_study_technology(low->study, name.text)];
    const tj_fleet_row *share =
        tj_lower_datum(low, low->cells[w->cell].city, w->record->id.text, name.text, TJ_DATUM_SHARE);
    check_life(low, technology);
    plan->market_year = technology->market_year.mark.file == NULL ? 0 : technology->market_year.value;
    plan->scrappage = optional(w, "scrappage", name.text, fraction, 0.0);
    if (technology->lambda.mark.file != NULL && technology->beta.mark.file != NULL) {
        plan->lambda = tj_lower_term(low, &technology->lambda, tj_lower_text(low, "%s.lambda", name.text));
        plan->beta = tj_lower_term(low, &technology->beta, tj_lower_text(low, "%s.beta", name.text));
    }
    add_burners(w, technology, plan);
    add_ages(w, technology, plan);
    if (share == NULL)
        TJ_LOWER_ERROR(low, name.mark, "fleets.csv has no share of '%s' in sector '%s' for '%s'", name.text,
                       w->record->id.text, w->city);
    else if (tj_lower_check_fixed(low, &share->value, (tj_dimension){{0}}, 0, 1, "share"))
        plan->share = share->value.dist.p[0];
    return share == NULL ? NAN : plan->share;
}

/* ---- fleets ---- */

/* Sales shares stand together: a group of shares. */
static int32_t add_sales(fleet_work *w, const tj_fleet *fleet, int *first)
{
    tj_plan_shares shares = {.drivers_first = (int32_t)w->low->drivers_count,
                             .drivers_count = (int32_t)fleet->technologies.count};
    int32_t group = tj_plan_add(w->low->builder, TJ_SECTION_SHARES, &shares, 1);
    tj_driver_spec spec = fraction;
    spec.share_group = group;
    spec.otherwise = fleet->technologies.count == 1 ? 1.0 : NAN;
    *first = shares.drivers_first;
    for (size_t i = 0; i < fleet->technologies.count; i++) {
        tj_dimension dimension;
        tj_lower_driver(w->of, named(w, "sales", fleet->technologies.items[i].text), spec, &dimension);
    }
    if (w->of->known)
        tj_lower_check_shares(w->low, &w->low->cells[w->cell], *first, shares.drivers_count, "sales shares");
    return group;
}

static void floor_drivers(fleet_work *w, const tj_fleet *fleet, tj_plan_fleet *plan)
{
    tj_dimension dimension;
    const char *id = fleet->id.text;
    const tj_fleet_row *renovated =
        tj_lower_datum(w->low, w->low->cells[w->cell].city, w->record->id.text, id, TJ_DATUM_RENOVATED);
    tj_driver_spec needed = fraction;
    needed.otherwise = NAN;
    plan->demolition = tj_lower_driver(w->of, named(w, "demolition", id), needed, &dimension);
    plan->code = tj_lower_driver(w->of, named(w, "code", id), plain, &dimension);
    plan->rate = tj_lower_driver(w->of, named(w, "renovation.rate", id), needed, &dimension);
    plan->depth = tj_lower_driver(w->of, named(w, "renovation.depth", id), needed, &dimension);
    if (renovated != NULL &&
        tj_lower_check_fixed(w->low, &renovated->value, (tj_dimension){{0}}, 0, 1, "renovated"))
        plan->renovated = renovated->value.dist.p[0];
}

static int technologies_known(tj_lowering *low, const tj_fleet *fleet)
{
    int known = 1;
    for (size_t i = 0; i < fleet->technologies.count; i++) {
        if (tj_study_technology(low->study, fleet->technologies.items[i].text) >= 0)
            continue;
        const char **ids = tj_lower_alloc(low, low->study->technologies_count + 1, sizeof *ids);
        for (size_t t = 0; ids != NULL && t < low->study->technologies_count; t++)
            ids[t] = low->study->technologies[t].id.text;
        tj_diag_unknown(low->diags, fleet->technologies.items[i].mark, "technology",
                        fleet->technologies.items[i].text, ids,
                        ids == NULL ? 0 : low->study->technologies_count);
        low->unsettled = 1;
        known = 0;
    }
    return known && fleet->technologies.count > 0;
}

static void add_fleet(fleet_work *w, const tj_fleet *fleet)
{
    tj_lowering *low = w->low;
    tj_plan_fleet plan = {.cell = w->cell, .kind = w->floor ? TJ_FLEET_FLOOR : TJ_FLEET_UNITS};
    plan.demolition = plan.code = plan.rate = plan.depth = TJ_NONE;
    if (!technologies_known(low, fleet)) {
        w->of->known = 0;
        return;
    }
    int sales;
    double shares = 0;
    plan.demand = tj_lower_driver(w->of, named(w, "demand", fleet->id.text), plain, &w->demand);
    plan.activity = tj_lower_driver(w->of, named(w, "activity", fleet->id.text), plain, &w->activity);
    plan.survival = optional(w, "survival", fleet->id.text, plain, 1.0);
    if (w->floor)
        floor_drivers(w, fleet, &plan);
    plan.sales_group = add_sales(w, fleet, &sales);
    size_t count;
    tj_plan_items(low->builder, TJ_SECTION_FLEETS, &count);
    tj_plan_technology *technologies = tj_lower_alloc(low, fleet->technologies.count, sizeof *technologies);
    for (size_t i = 0; technologies != NULL && i < fleet->technologies.count; i++) {
        technologies[i].fleet = (int32_t)count;
        technologies[i].sales = sales + (int32_t)i;
        shares += add_technology(w, fleet->technologies.items[i], &technologies[i]);
    }
    if (technologies == NULL)
        return;
    if (fabs(shares - 1.0) > SHARE_SUM_TOLERANCE)
        TJ_LOWER_ERROR(low, fleet->mark, "the shares of fleet '%s' in '%s' sum to %.6g, expected 1",
                       fleet->id.text, w->city, shares);
    plan.technologies_count = (int32_t)fleet->technologies.count;
    plan.technologies_first =
        tj_plan_add(low->builder, TJ_SECTION_TECHNOLOGIES, technologies, fleet->technologies.count);
    tj_plan_add(low->builder, TJ_SECTION_FLEETS, &plan, 1);
}

/* ---- carriers ---- */

/* The supply cell of the city that delivers a carrier, TJ_NONE where there is none. */
static int supply_of(const tj_lowering *low, int city, const char *carrier)
{
    const tj_plan_city *span = &low->cities[city];
    for (int k = span->cells_first; k < span->cells_first + span->cells_count; k++)
        if (low->cells[k].method == TJ_METHOD_SUPPLY && low->cells[k].record->carrier.text != NULL &&
            strcmp(low->cells[k].record->carrier.text, carrier) == 0)
            return k;
    return TJ_NONE;
}

static void add_carrier(fleet_work *w, tj_name name)
{
    tj_lowering *low = w->low;
    int index = tj_study_carrier(low->study, name.text);
    int account = tj_word_resolve(tj_carrier_words, low->study->carriers[index].account, TJ_CARRIER_BURNT,
                                  "account of a carrier", low->diags);
    tj_plan_carrier carrier = {.cell = w->cell, .carrier = index, .factor = TJ_NONE, .account = account};
    carrier.supply =
        account == TJ_CARRIER_NETWORK ? supply_of(low, low->cells[w->cell].city, name.text) : TJ_NONE;
    tj_dimension factor = {{0}};
    factor.exponent[TJ_BASE_MASS] = 1;
    factor.exponent[TJ_BASE_ENERGY] = -1;
    tj_driver_spec spec = {
        .share_group = TJ_NONE, .also = tj_lower_text(low, "factor.%s", name.text), .otherwise = NAN};
    if (carrier.supply == TJ_NONE)
        carrier.factor = tj_lower_driver(w->of, named(w, "factor", name.text), spec, &factor);
    for (int b = 0; w->of->known && b < w->n_burners; b++)
        if (strcmp(w->burners[b].carrier.text, name.text) == 0)
            tj_lower_check_product(low, w->record->id.text, w->burners[b].carrier, w->burners[b].service,
                                   w->burners[b].intensity, factor);
    tj_plan_cell *plan = &low->plan_cells[w->cell];
    int32_t at = tj_plan_add(low->builder, TJ_SECTION_CARRIERS, &carrier, 1);
    plan->carriers_first = plan->carriers_count++ == 0 ? at : plan->carriers_first;
}

int tj_lower_fleets(tj_lowering *low, int cell, tj_data_drivers *of)
{
    fleet_work w = {.low = low,
                    .of = of,
                    .cell = cell,
                    .floor = low->cells[cell].method == TJ_METHOD_BUILDING,
                    .record = low->cells[cell].record,
                    .city = tj_lower_city_id(low, low->cells[cell].city)};
    size_t before, after;
    tj_plan_items(low->builder, TJ_SECTION_FLEETS, &before);
    for (size_t i = 0; i < w.record->fleets_count; i++)
        add_fleet(&w, &w.record->fleets[i]);
    tj_plan_items(low->builder, TJ_SECTION_FLEETS, &after);
    low->plan_cells[cell].fleets_first = (int32_t)before;
    low->plan_cells[cell].fleets_count = (int32_t)(after - before);
    for (int i = 0; i < w.n_carriers; i++)
        add_carrier(&w, w.carriers[i]);
    return of->known;
}
