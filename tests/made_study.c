/* A study made by hand; see made_study.h. */
#include "tests/made_study.h"

#include "tests/physical_maker.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const tj_made_size tj_made_small = {3, 3, 3, 1990, 2030, 3};
const tj_made_size tj_made_full = {9, 10, 9, 1990, 2050, 3};

enum { BACKGROUNDS = 2, LAST_INVENTORY = 2023 };

static const tj_mark here = {"study.yaml", 1, 1};

static void *made_items(tj_made *made, size_t count, size_t size)
{
    void *items = tj_arena_alloc(&made->study.arena, count, size);
    assert(items != NULL);
    return items;
}

static tj_name made_name(tj_made *made, const char *stem, int number)
{
    char text[64];
    if (number < 0)
        snprintf(text, sizeof text, "%s", stem);
    else
        snprintf(text, sizeof text, "%s-%d", stem, number);
    return (tj_name){tj_arena_text(&made->study.arena, text, strlen(text)), here};
}

/* ---- study ---- */

static void make_cities(tj_made *made, int count)
{
    static const struct {
        const char *id, *label, *country, *boundary;
    } known[] = {{"umea", "Umeå", "SWE", "municipality 2480"},
                 {"grenoble", "Grenoble", "FRA", "Grenoble-Alpes Métropole (EPCI 200040715)"},
                 {"saint-brieuc", "Saint-Brieuc", "FRA", NULL}};
    tj_study *study = &made->study;
    study->cities = made_items(made, (size_t)count, sizeof *study->cities);
    study->cities_count = (size_t)count;
    for (int i = 0; i < count; i++) {
        tj_city *city = &study->cities[i];
        const char *label = i < 3 ? known[i].label : NULL;
        city->id = i < 3 ? made_name(made, known[i].id, -1) : made_name(made, "city", i);
        city->label = (tj_label){label, label, label};
        city->country.text = i < 3 ? known[i].country : "SWE";
        city->boundary = i < 3 ? known[i].boundary : NULL;
    }
}

static void make_sectors(tj_made *made, int count)
{
    tj_study *study = &made->study;
    study->sectors = made_items(made, (size_t)count, sizeof *study->sectors);
    study->sectors_count = (size_t)count;
    for (int i = 0; i < count; i++)
        study->sectors[i].id = made_name(made, "sector", i);
    study->sectors[0].id.text = "transport";
    study->sectors[0].label = (tj_label){"Transport", "Transports", "Transporter"};
    study->sectors[count - 1].id.text = "sink";
    study->sectors[count - 1].account.text = "removals";
}

static void make_packages(tj_made *made, int count)
{
    tj_study *study = &made->study;
    study->packages = made_items(made, (size_t)count, sizeof *study->packages);
    study->packages_count = (size_t)count;
    for (int i = 0; i < count; i++)
        study->packages[i].id = made_name(made, "package", i);
    study->packages[0].id.text = "reference";
    study->packages[0].label = (tj_label){"Reference", "Référence", "Referens"};
    tj_package_item *items = made_items(made, 3, sizeof *items);
    items[0].measure.text = "cycling";
    items[1].measure.text = "congestion-charge";
    items[2].measure.text = "cycling"; /* once more, for one city */
    study->packages[1].items = items;
    study->packages[1].count = 3;
    study->packages[1].description = "two measures";
}

static void make_backgrounds(tj_made *made)
{
    tj_study *study = &made->study;
    study->backgrounds = made_items(made, BACKGROUNDS, sizeof *study->backgrounds);
    study->backgrounds_count = BACKGROUNDS;
    study->backgrounds[0].id.text = "current-policies";
    study->backgrounds[1].id.text = "national-targets-met";
}

static void make_targets(tj_made *made)
{
    tj_study *study = &made->study;
    study->targets = made_items(made, 3, sizeof *study->targets);
    study->targets_count = 3;
    tj_target *neutral = &study->targets[0], *energy = &study->targets[1], *path = &study->targets[2];
    *neutral = (tj_target){.id.text = "sweden-2045",
                           .label = {"Net zero 2045", NULL, "Netto noll 2045"},
                           .by.text = "SWE",
                           .kind.text = "neutral",
                           .base = {1990, here},
                           .year = {2045, here},
                           .value = {.dist.p[0] = 0.85, .mark = here},
                           .text = "…senast år 2045…",
                           .source = "law"};
    *energy =
        (tj_target){.id.text = "energy-2030", .kind.text = "reduction", .quantity.text = "final-energy"};
    *path = (tj_target){.id.text = "steps", .kind.text = "path", .base = {1990, here}};
    path->milestones = made_items(made, 2, sizeof *path->milestones);
    path->milestones_count = 2;
    path->milestones[0] = (tj_point){{2026, here}, {.dist.p[0] = 0.5, .mark = here}};
    path->milestones[1] = (tj_point){{2030, here}, {.dist.p[0] = 0.625, .mark = here}};
}

static void make_texts(tj_made *made)
{
    enum { LONG = 100000 };
    tj_study *study = &made->study;
    char *bytes = made_items(made, LONG, 1);
    for (int i = 0; i < LONG; i++)
        bytes[i] = (char)((size_t)i * (size_t)i % 251);
    study->texts = made_items(made, 3, sizeof *study->texts);
    study->texts_count = 3;
    static const char yaml[] = "trajekt: 1\n# é\r\n";
    study->texts[0] = (tj_text){"study.yaml", yaml, sizeof yaml - 1};
    study->texts[1] = (tj_text){"targets.yaml", "", 0};
    study->texts[2] = (tj_text){"../pools/pool.csv", bytes, LONG};
}

/* ---- compiled ---- */

static int *identity(tj_made *made, int count)
{
    int *index = made_items(made, (size_t)count, sizeof *index);
    for (int i = 0; i < count; i++)
        index[i] = i;
    return index;
}

static void add_targets(tj_made *made, tj_maker *maker)
{
    tj_target_info *targets = made_items(made, 3, sizeof *targets);
    tj_plan_target target = {.base = 0, .year = TJ_NONE, .first = TJ_NONE, .assessable = 1, .value = 0.85};
    tj_maker_target(maker, &target);
    tj_maker_target(maker, &target);
    target.assessable = 0;
    tj_maker_target(maker, &target);
    targets[0] = (tj_target_info){
        .target = &made->study.targets[0], .id = "sweden-2045@umea", .status = "assessed", .active = 1};
    targets[1] = (tj_target_info){.target = &made->study.targets[1],
                                  .city = 1,
                                  .id = "energy-2030@grenoble",
                                  .status = "not assessable",
                                  .reason = "final-energy is not modelled"};
    targets[2] = (tj_target_info){
        .target = &made->study.targets[2], .city = 2, .id = "steps@saint-brieuc", .status = "assessed"};
    made->compiled.targets = targets;
}

/* Physical results of the last city: what their cells are does not matter to a file. */
static void add_rows(tj_maker *maker, int city)
{
    int32_t cell = tj_maker_get_city(maker, city)->cells_first;
    tj_maker_row(maker, TJ_ROW_ENERGY, cell, 0);
    if (city == 0)
        tj_maker_row(maker, TJ_ROW_KAPPA, cell, 0);
}

/* What the rows are called, in their order. */
static void name_rows(tj_made *made, int cities)
{
    tj_row_info *rows = made_items(made, (size_t)cities + 1, sizeof *rows);
    for (int i = 0; i < cities + 1; i++) {
        char id[64];
        int city = i > 1 ? i - 1 : 0;
        snprintf(id, sizeof id, "transport.%s@%s", i == 1 ? "kappa" : "energy.diesel",
                 made->study.cities[city].id.text);
        rows[i] = (tj_row_info){.id = made_name(made, id, -1).text,
                                .city = city,
                                .kind = i == 1 ? "kappa" : "energy",
                                .item = i == 1 ? "" : "diesel",
                                .unit = i == 1 ? "1" : "MWh/year",
                                .label = i == 1 ? (tj_label){0} : (tj_label){"Diesel", "Gazole", "Diesel"}};
    }
    made->compiled.rows = rows;
}

static void add_cities(const tj_made_size *size, tj_maker *maker)
{
    double history[128];
    int years = LAST_INVENTORY - size->first_year + 1;
    for (int c = 0; c < size->cities; c++) {
        tj_maker_city(maker, LAST_INVENTORY);
        for (int s = 0; s < size->sectors; s++) {
            if (c == 1 && s == 1)
                continue; /* absent there */
            for (int y = 0; y < years; y++)
                history[y] = y > 0 && y < 10 ? NAN : 1000.0 * (c + 1) + 10 * s + y;
            if (s == size->sectors - 1)
                tj_maker_sink(maker, s, history, 5);
            else
                tj_maker_set_status(maker, tj_maker_trend(maker, s, history, 0), size->first_year,
                                    TJ_BACKCAST);
        }
        add_rows(maker, c);
    }
}

static void add_quality(tj_made *made, int cities)
{
    made->compiled.quality = made_items(made, (size_t)cities, sizeof *made->compiled.quality);
    for (int c = 0; c < cities; c++)
        made->compiled.quality[c] = (tj_quality_info){.base = {0.25, 0.75, 0},
                                                      .last = {1, 0, 0},
                                                      .last_year = LAST_INVENTORY,
                                                      .rows = 60 + c,
                                                      .backcast_sigma = c == 0 ? NAN : 0.2,
                                                      .backcast_pairs = 280,
                                                      .backcast_first_year = 2000};
    made->compiled.quality[cities - 1].base[0] = NAN;
}

static void make_compiled(tj_made *made, tj_made_size size)
{
    static tj_group_info groups[] = {{"network", {"All cities", "Toutes les villes", "Alla städer"}},
                                     {"SWE", {"Sweden", "Suède", "Sverige"}}};
    static const char *gases[] = {"co2e"};
    tj_maker *maker = tj_maker_create(size.first_year, size.last_year, BACKGROUNDS, size.packages);
    assert(maker != NULL && size.cities <= 16);
    uint8_t swedish[16] = {0};
    add_cities(&size, maker);
    for (int c = 0; c < size.cities; c++)
        swedish[c] = strcmp(made->study.cities[c].country.text, "SWE") == 0;
    tj_maker_group(maker, swedish);
    if (size.targets > 0)
        add_targets(made, maker);
    add_quality(made, size.cities);
    name_rows(made, size.cities);
    tj_compiled *compiled = &made->compiled;
    compiled->plan = tj_maker_finish(maker);
    compiled->cities = identity(made, size.cities);
    compiled->sectors = identity(made, size.sectors);
    compiled->packages = identity(made, size.packages);
    compiled->backgrounds = identity(made, BACKGROUNDS);
    compiled->gases = gases;
    compiled->groups = groups;
}

void tj_made_init(tj_made *made, tj_made_size size)
{
    memset(made, 0, sizeof *made);
    tj_study_init(&made->study);
    made->study.title = (tj_label){"A study made by hand", "Une étude faite à la main", NULL};
    made->study.gwp.text = "AR5";
    make_cities(made, size.cities);
    make_sectors(made, size.sectors);
    make_packages(made, size.packages);
    make_backgrounds(made);
    make_targets(made);
    make_texts(made);
    make_compiled(made, size);
}

void tj_made_free(tj_made *made)
{
    tj_plan_free(made->compiled.plan);
    tj_study_free(&made->study);
    free(made->block);
    memset(made, 0, sizeof *made);
}

/* ---- unit results ---- */

double tj_made_value(tj_field_id field, int background, int package, size_t index)
{
    if ((index + (size_t)package) % 7 == 3)
        return NAN;
    return 1e6 * field + 1e5 * background + 1e4 * package + (double)index / 8;
}

static size_t asked_length(const tj_made *made, int f, size_t draws, tj_output_set outputs)
{
    tj_field_id field = (tj_field_id)f;
    return tj_field_asked(outputs, field) ? tj_field_length(made->compiled.plan, field, draws) : 0;
}

tj_unit_result tj_made_unit(tj_made *made, int background, int package, size_t draws, tj_output_set outputs)
{
    tj_unit_result result = {.background = background, .package = package};
    size_t total = 0;
    for (int f = 0; f < TJ_FIELDS; f++)
        total += asked_length(made, f, draws, outputs);
    free(made->block);
    made->block = malloc((total + 1) * sizeof *made->block);
    assert(made->block != NULL);
    double *next = made->block;
    for (int f = 0; f < TJ_FIELDS; f++) {
        size_t length = asked_length(made, f, draws, outputs);
        for (size_t i = 0; i < length; i++)
            next[i] = tj_made_value((tj_field_id)f, background, package, i);
        result.field[f] = length > 0 ? next : NULL;
        next += length;
    }
    return result;
}
