/* What `trajekt list` can list; see lists.h. */
#include "io/cli/lists.h"
#include "engine/design.h"
#include "engine/dist.h"
#include "engine/fields.h"
#include "engine/simulate.h"
#include "io/cli/command.h"
#include "scenarios/compile.h"
#include "scenarios/unit.h"

#include <stdio.h>
#include <string.h>

typedef const struct tj_list list_of;

static const tj_sheet_column two[] = {{"name", NULL, 0, 0}, {"what", NULL, 0, 0}};

static void pair(tj_sheet *table, const char *name, const char *sentence)
{
    tj_sheet_text(table, name);
    tj_sheet_text(table, sentence);
}

static void fill_words(tj_sheet *table, list_of *list, const tj_study *study, const char *language)
{
    (void)study, (void)language;
    for (const tj_word *word = list->words; word->name != NULL; word++)
        pair(table, word->name, word->sentence);
}

static void fill_kinds(tj_sheet *table, list_of *list, const tj_study *study, const char *language)
{
    (void)list, (void)study, (void)language;
    for (list = tj_lists; list->name != NULL; list++) {
        tj_sheet_text(table, list->name);
        tj_sheet_format(table, "%s%s", list->sentence, list->of_study ? " (of a study)" : "");
    }
}

static void fill_commands(tj_sheet *table, list_of *list, const tj_study *study, const char *language)
{
    (void)list, (void)study, (void)language;
    for (const tj_command *const *c = tj_commands; *c != NULL; c++)
        pair(table, (*c)->name, (*c)->sentence);
}

static void fill_exits(tj_sheet *table, list_of *list, const tj_study *study, const char *language)
{
    (void)list, (void)study, (void)language;
    for (const tj_exit_record *e = tj_exits; e->sentence != NULL; e++) {
        tj_sheet_number(table, (double)e->code);
        tj_sheet_text(table, e->sentence);
    }
}

static void fill_formats(tj_sheet *table, list_of *list, const tj_study *study, const char *language)
{
    (void)list, (void)study, (void)language;
    for (const tj_format *f = tj_formats; f->name != NULL; f++)
        pair(table, f->name, f->sentence);
}

static void fill_engines(tj_sheet *table, list_of *list, const tj_study *study, const char *language)
{
    (void)list, (void)study, (void)language;
    for (const tj_backend *const *b = tj_backends; *b != NULL; b++)
        pair(table, (*b)->name, (*b)->sentence);
}

static const tj_sheet_column design_columns[] = {
    {"name", NULL, 0, 0}, {"draws", NULL, 0, 0}, {"what", NULL, 0, 0}};

static void fill_designs(tj_sheet *table, list_of *list, const tj_study *study, const char *language)
{
    (void)list, (void)study, (void)language;
    for (size_t i = 0; i < TJ_DESIGNS; i++) {
        tj_sheet_text(table, tj_designs[i].name);
        tj_sheet_text(table, tj_designs[i].draws_rule);
        tj_sheet_text(table, tj_designs[i].sentence);
    }
}

static const tj_sheet_column dist_columns[] = {{"name", NULL, 0, 0},
                                               {"parameters", NULL, 0, 0},
                                               {"by_quantiles", "by quantiles", 0, 0},
                                               {"what", NULL, 0, 0}};

static void fill_distributions(tj_sheet *table, list_of *list, const tj_study *study, const char *language)
{
    (void)list, (void)study, (void)language;
    for (int kind = 0; kind < TJ_DIST_KINDS; kind++) {
        const tj_dist_record *record = &tj_dists[kind];
        char names[128] = "";
        for (size_t i = 0, used = 0; i < 4 && record->parameters[i] != NULL; i++)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i > 0 ? ", " : "",
                                     record->parameters[i]);
        tj_sheet_text(table, record->name);
        tj_sheet_text(table, names);
        tj_sheet_text(table, record->by_quantiles ? "yes" : "no");
        tj_sheet_text(table, record->sentence);
    }
}

static void fill_outputs(tj_sheet *table, list_of *list, const tj_study *study, const char *language)
{
    (void)list, (void)study, (void)language;
    for (int i = 0; i < TJ_OUTPUTS; i++)
        pair(table, tj_outputs[i].name, tj_outputs[i].sentence);
}

static const tj_sheet_column field_columns[] = {{"name", NULL, 0, 0},
                                                {"unit", NULL, 0, 0},
                                                {"dimensions", NULL, 0, 0},
                                                {"output", NULL, 0, 0},
                                                {"what", NULL, 0, 0}};

static void fill_fields(tj_sheet *table, list_of *list, const tj_study *study, const char *language)
{
    (void)list, (void)study, (void)language;
    for (int f = 0; f < TJ_FIELDS; f++) {
        char dims[128] = "";
        size_t used = 0;
        for (const tj_dim *dim = tj_fields[f].dims; *dim != TJ_DIM_END; dim++)
            used += (size_t)snprintf(dims + used, sizeof dims - used, "%s%s", used > 0 ? " " : "",
                                     tj_dim_name(*dim));
        tj_sheet_text(table, tj_fields[f].name);
        tj_sheet_text(table, tj_fields[f].unit);
        tj_sheet_text(table, dims);
        tj_sheet_text(table, tj_outputs[tj_fields[f].output].name);
        tj_sheet_text(table, tj_fields[f].sentence);
    }
}

static const tj_sheet_column unit_columns[] = {
    {"symbol", NULL, 0, 0}, {"canonical", "is", 1, 0}, {"unit", NULL, 0, 0}};

static void fill_units(tj_sheet *table, list_of *list, const tj_study *study, const char *language)
{
    (void)list, (void)study, (void)language;
    for (size_t i = 0; i < tj_unit_symbols_count; i++) {
        tj_unit unit;
        const char *bad;
        size_t bad_length;
        char name[64];
        if (tj_unit_parse(tj_unit_symbols[i], strlen(tj_unit_symbols[i]), &unit, &bad, &bad_length) != 0)
            continue;
        tj_dimension_name(unit.dimension, name, sizeof name);
        tj_sheet_text(table, tj_unit_symbols[i]);
        tj_sheet_format(table, "%.10g", unit.factor);
        tj_sheet_text(table, name);
    }
}

/* ---- of a study ---- */

static const char *said(tj_name name, const char *otherwise)
{
    return name.text != NULL ? name.text : otherwise;
}

void tj_list_names(tj_sheet *table, const tj_names *names, const char *otherwise)
{
    char all[1024] = "";
    for (size_t i = 0, used = 0; i < names->count && used < sizeof all - 1; i++)
        used +=
            (size_t)snprintf(all + used, sizeof all - used, "%s%s", i > 0 ? ", " : "", names->items[i].text);
    tj_sheet_text(table, names->count > 0 ? all : otherwise);
}

static const tj_sheet_column city_columns[] = {
    {"id", NULL, 0, 0}, {"label", NULL, 0, 0}, {"country", NULL, 0, 0}, {"boundary", NULL, 0, 0}};

static void fill_cities(tj_sheet *table, list_of *list, const tj_study *study, const char *language)
{
    (void)list;
    for (size_t i = 0; i < study->cities_count; i++) {
        const tj_city *city = &study->cities[i];
        tj_sheet_text(table, city->id.text);
        tj_sheet_text(table, tj_label_in(&city->label, language, city->id.text));
        tj_sheet_text(table, city->country.text);
        tj_sheet_text(table, city->boundary);
    }
}

static const tj_sheet_column sector_columns[] = {
    {"id", NULL, 0, 0}, {"label", NULL, 0, 0}, {"account", NULL, 0, 0}, {"gpc", "GPC", 0, 0}};

static void fill_sectors(tj_sheet *table, list_of *list, const tj_study *study, const char *language)
{
    (void)list;
    for (size_t i = 0; i < study->sectors_count; i++) {
        const tj_sector *sector = &study->sectors[i];
        tj_sheet_text(table, sector->id.text);
        tj_sheet_text(table, tj_label_in(&sector->label, language, sector->id.text));
        tj_sheet_text(table, said(sector->account, tj_account_words[0].name));
        tj_list_names(table, &sector->gpc, NULL);
    }
}

static const tj_sheet_column package_columns[] = {
    {"id", NULL, 0, 0}, {"label", NULL, 0, 0}, {"measures", NULL, 1, 0}, {"description", NULL, 0, 0}};

static void fill_packages(tj_sheet *table, list_of *list, const tj_study *study, const char *language)
{
    (void)list;
    for (size_t i = 0; i < study->packages_count; i++) {
        const tj_package *package = &study->packages[i];
        tj_sheet_text(table, package->id.text);
        tj_sheet_text(table, tj_label_in(&package->label, language, package->id.text));
        tj_sheet_number(table, (double)package->count);
        tj_sheet_text(table, package->description);
    }
}

static const tj_sheet_column background_columns[] = {
    {"id", NULL, 0, 0}, {"label", NULL, 0, 0}, {"paths", NULL, 1, 0}};

static void fill_backgrounds(tj_sheet *table, list_of *list, const tj_study *study, const char *language)
{
    (void)list;
    for (size_t i = 0; i < study->backgrounds_count; i++) {
        const tj_background *background = &study->backgrounds[i];
        tj_sheet_text(table, background->id.text);
        tj_sheet_text(table, tj_label_in(&background->label, language, background->id.text));
        tj_sheet_number(table, (double)background->count);
    }
}

static const tj_sheet_column target_columns[] = {
    {"id", NULL, 0, 0},   {"label", NULL, 0, 0}, {"kind", NULL, 0, 0}, {"base_year", "base", 1, 0},
    {"year", NULL, 1, 0}, {"value", NULL, 1, 0}, {"where", NULL, 0, 0}};

static void year_cell(tj_sheet *table, tj_year year)
{
    if (year.mark.file == NULL)
        tj_sheet_text(table, NULL);
    else
        tj_sheet_format(table, "%d", year.value);
}

static void fill_targets(tj_sheet *table, list_of *list, const tj_study *study, const char *language)
{
    (void)list;
    for (size_t i = 0; i < study->targets_count; i++) {
        const tj_target *target = &study->targets[i];
        tj_sheet_text(table, target->id.text);
        tj_sheet_text(table, tj_label_in(&target->label, language, target->id.text));
        tj_sheet_text(table, target->kind.text);
        year_cell(table, target->base);
        year_cell(table, target->year);
        tj_sheet_text(table, target->value.mark.file != NULL ? target->value.written : NULL);
        tj_list_names(table, target->cities.count > 0 ? &target->cities : &target->countries, "everywhere");
    }
}

#define COLUMNS(c) c, sizeof(c) / sizeof((c)[0])
#define WORDS(name, sentence, words)                                                                         \
    {                                                                                                        \
        name, sentence, 0, COLUMNS(two), fill_words, words, NULL                                             \
    }

const tj_list tj_lists[] = {
    {"kinds", "these lists", 0, COLUMNS(two), fill_kinds, NULL, NULL},
    {"cities", "cities and their boundaries", 1, COLUMNS(city_columns), fill_cities, NULL, NULL},
    {"sectors", "sectors of the inventory", 1, COLUMNS(sector_columns), fill_sectors, NULL, NULL},
    {"backgrounds", "national paths around the cities", 1, COLUMNS(background_columns), fill_backgrounds,
     NULL, NULL},
    {"measures", "what a city can do", 1, tj_measure_columns, TJ_MEASURE_COLUMNS, tj_list_measures, NULL,
     NULL},
    {"packages", "sets of measures", 1, COLUMNS(package_columns), fill_packages, NULL, NULL},
    {"targets", "what is to be reached", 1, COLUMNS(target_columns), fill_targets, NULL, NULL},
    {"parameters", "uncertain numbers, by the name that correlations use", 1, tj_parameter_columns,
     TJ_PARAMETER_COLUMNS, NULL, NULL, tj_list_parameters},
    {"distributions", "how a number may be uncertain", 0, COLUMNS(dist_columns), fill_distributions, NULL,
     NULL},
    {"fields", "what results.h5 holds", 0, COLUMNS(field_columns), fill_fields, NULL, NULL},
    {"outputs", "groups of fields that a run is asked for", 0, COLUMNS(two), fill_outputs, NULL, NULL},
    {"units", "symbols of units, combined by space, * and /", 0, COLUMNS(unit_columns), fill_units, NULL,
     NULL},
    WORDS("methods", "how a sector is projected", tj_method_words),
    WORDS("accounts", "where a sector is counted", tj_account_words),
    WORDS("operators", "how a measure changes a driver", tj_operator_words),
    WORDS("sides", "from which side `toward` acts", tj_side_words),
    WORDS("ramps", "how a measure grows to its full effect", tj_ramp_words),
    WORDS("sharing", "who shares a measure's uncertain effect", tj_sharing_words),
    WORDS("target-kinds", "kinds of target", tj_target_words),
    WORDS("ets", "how a target treats EU ETS installations", tj_ets_words),
    {"designs", "how draws are made", 0, COLUMNS(design_columns), fill_designs, NULL, NULL},
    WORDS("gwp-sets", "sets of global warming potentials", tj_gwp_words),
    {"engines", "simulators", 0, COLUMNS(two), fill_engines, NULL, NULL},
    {"formats", "forms in which data is given", 0, COLUMNS(two), fill_formats, NULL, NULL},
    {"commands", "commands of the program", 0, COLUMNS(two), fill_commands, NULL, NULL},
    {"exit-codes", "exit codes, by cause", 0, COLUMNS(two), fill_exits, NULL, NULL},
    {NULL, NULL, 0, NULL, 0, NULL, NULL, NULL},
};
