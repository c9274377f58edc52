/* Names of inputs; see input_words.h. A name is `<measure>.<driver>.<operator>`, `<measure>.<share>`,
 * `<sector>.<parameter>`, or one of a base, each with `@<instance>` where it is not the network's. */
#include "io/cli/input_words.h"
#include "io/cli/driver_words.h"
#include "scenarios/parameter.h"

#include <stdio.h>
#include <string.h>

typedef struct words {
    const char *key; /* last part of the stem; NULL ends a list */
    tj_label label;
} words;

/* Whole stems that belong to a city. */
static const words whole[] = {
    {"backcast",
     {"the emissions of the base year (back-cast, not measured)",
      "les émissions de l'année de référence (rétropolées, non mesurées)",
      "basårets utsläpp (bakåträknade, inte uppmätta)"}},
    {"level",
     {"the level of the inventory (a proxy, not measured)",
      "le niveau de l'inventaire (approché, non mesuré)", "inventeringens nivå (uppskattad, inte uppmätt)"}},
    {"growth",
     {"the trend (a longer history would show it)", "la tendance (un historique plus long la montrerait)",
      "trenden (en längre historik skulle visa den)"}},
    {"noise",
     {"year-to-year changes that no trend explains", "variations annuelles que la tendance n'explique pas",
      "förändringar från år till år som ingen trend förklarar"}},
    {NULL, {NULL, NULL, NULL}}};

/* What a measure's or a sector's parameter is, by the last part of its stem. */
static const words parts[] = {
    {"eligible",
     {"how much of it can be reached", "part qui peut être atteinte", "hur stor del som kan nås"}},
    {"adherence", {"how many take part", "part de ceux qui participent", "hur många som deltar"}},
    {"rebound", {"how much comes back as rebound", "effet rebond", "hur mycket som går förlorat i rekyl"}},
    {"ratio", {"what arrives for what is shifted", "rapport de transfert", "vad som kommer i stället"}},
    {"growth", {"the trend", "la tendance", "trenden"}},
    {"constant", {"today's value", "la valeur actuelle", "dagens värde"}},
    {"spread", {"how far it changes", "l'ampleur du changement", "hur mycket det ändras"}},
    {"pace", {"how fast it changes", "la vitesse du changement", "hur snabbt det ändras"}},
    {"sigma",
     {"how much it varies by year", "l'ampleur des variations annuelles", "hur mycket det varierar"}},
    {"delta", {"how soon the trend fades", "l'amortissement de la tendance", "hur snart trenden avtar"}},
    {NULL, {NULL, NULL, NULL}}};

static const words *find(const words *list, const char *key, size_t length)
{
    for (; list->key != NULL; list++)
        if (strlen(list->key) == length && strncmp(list->key, key, length) == 0)
            return list;
    return NULL;
}

/* The sector whose identifier begins `text` (to a dot or the end), or -1. */
static int sector_of(const tj_study *study, const char *text, size_t length)
{
    for (size_t i = 0; i < study->sectors_count; i++) {
        size_t own = strlen(study->sectors[i].id.text);
        if (own <= length && strncmp(study->sectors[i].id.text, text, own) == 0 &&
            (own == length || text[own] == '.'))
            return (int)i;
    }
    return -1;
}

static int measure_of(const tj_study *study, const char *text, size_t length)
{
    for (size_t i = 0; i < study->measures_count; i++) {
        size_t own = strlen(study->measures[i].id.text);
        if (own < length && strncmp(study->measures[i].id.text, text, own) == 0 && text[own] == '.')
            return (int)i;
    }
    return -1;
}

static const char *in(const tj_label *label, const char *language, const char *id)
{
    return tj_label_in(label, language, id);
}

static const char *colon(const char *language)
{
    return strcmp(language, "fr") == 0 ? " : " : ": ";
}

/* "effect on Transport (activity)" for `transport.activity.scale`. */
static void effect_words(const tj_study *study, const char *stem, size_t length, const char *language,
                         char *text, size_t size)
{
    static const tj_label effect = {"its effect on %s", "son effet sur %s", "dess effekt på %s"};
    int sector = sector_of(study, stem, length);
    char target[512], own[256];
    const char *dot = memchr(stem, '.', length);
    size_t rest = dot == NULL ? 0 : length - (size_t)(dot + 1 - stem);
    const char *last = rest == 0 ? NULL : memrchr(dot + 1, '.', rest);
    int driver = last == NULL ? (int)rest : (int)(last - dot - 1);
    if (sector >= 0)
        snprintf(target, sizeof target, "%s (%s)",
                 in(&study->sectors[sector].label, language, study->sectors[sector].id.text),
                 tj_driver_words(study, &study->sectors[sector], dot == NULL ? "" : dot + 1, (size_t)driver,
                                 language, own, sizeof own));
    else
        tj_driver_words(study, NULL, stem, length, language, target, sizeof target);
    snprintf(text, size, in(&effect, language, ""), target);
}

static void measure_words(const tj_study *study, const tj_measure *measure, const char *stem, size_t length,
                          const char *language, char *text, size_t size)
{
    static const tj_label with = {"what it gains together with “%s”", "ce qu'elle gagne avec « %s »",
                                  "vad den vinner ihop med ”%s”"};
    const char *last = memrchr(stem, '.', length);
    const char *key = last == NULL ? stem : last + 1;
    const words *part = find(parts, key, length - (size_t)(key - stem));
    char what[512];
    int partner = -1;
    if (length > 8 && strncmp(stem, "synergy.", 8) == 0)
        for (size_t i = 0; i < study->measures_count; i++)
            if (strlen(study->measures[i].id.text) == length - 8 &&
                strncmp(study->measures[i].id.text, stem + 8, length - 8) == 0)
                partner = (int)i;
    if (partner >= 0)
        snprintf(what, sizeof what, in(&with, language, ""),
                 in(&study->measures[partner].label, language, study->measures[partner].id.text));
    else if (part != NULL)
        snprintf(what, sizeof what, "%s", in(&part->label, language, part->key));
    else
        effect_words(study, stem, length, language, what, sizeof what);
    snprintf(text, size, "%s%s%s", in(&measure->label, language, measure->id.text), colon(language), what);
}

/* "emission factor, Diesel: how far it changes" of what no sector has of its own, as `factor.diesel.spread`. */
static void common_words(const tj_study *study, const char *stem, size_t length, const char *language,
                         char *text, size_t size)
{
    const char *last = memrchr(stem, '.', length);
    const words *part = last == NULL ? NULL : find(parts, last + 1, length - (size_t)(last + 1 - stem));
    char driver[256];
    tj_driver_words(study, NULL, stem, part != NULL ? (size_t)(last - stem) : length, language, driver,
                    sizeof driver);
    snprintf(text, size, "%s%s%s", driver, part != NULL ? colon(language) : "",
             part != NULL ? in(&part->label, language, part->key) : "");
}

static void sector_words(const tj_study *study, const tj_sector *sector, const char *stem, size_t length,
                         const char *language, char *text, size_t size)
{
    const char *last = memrchr(stem, '.', length), *first = memchr(stem, '.', length);
    const words *part = last == NULL ? NULL : find(parts, last + 1, length - (size_t)(last + 1 - stem));
    char driver[300] = "", own[256];
    if (part != NULL && last > first)
        snprintf(
            driver, sizeof driver, " (%s)",
            tj_driver_words(study, sector, first + 1, (size_t)(last - first - 1), language, own, sizeof own));
    snprintf(text, size, "%s%s%s%.*s", in(&sector->label, language, sector->id.text), driver, colon(language),
             part != NULL ? 512 : (int)(length - (size_t)(first == NULL ? 0 : first + 1 - stem)),
             part != NULL    ? in(&part->label, language, part->key)
             : first == NULL ? stem
                             : first + 1);
}

static void label_of(const tj_study *study, const char *name, const char *language, char *text, size_t size)
{
    size_t length = tj_parameter_stem(name);
    const words *known = find(whole, name, length);
    int measure = measure_of(study, name, length), sector = sector_of(study, name, length);
    if (known != NULL) {
        snprintf(text, size, "%s", in(&known->label, language, known->key));
    } else if (measure >= 0) {
        size_t own = strlen(study->measures[measure].id.text) + 1;
        measure_words(study, &study->measures[measure], name + own, length - own, language, text, size);
    } else if (sector >= 0) {
        sector_words(study, &study->sectors[sector], name, length, language, text, size);
    } else {
        common_words(study, name, length, language, text, size);
    }
}

/* 1 where an earlier parameter of the input has the same name. */
static int named_before(const tj_compiled *compiled, const tj_plan_inputs *inputs, const tj_plan_input *input,
                        int32_t k)
{
    const char *name = compiled->params[inputs->params[input->first + k]];
    for (int32_t i = 0; i < k; i++)
        if (strcmp(compiled->params[inputs->params[input->first + i]], name) == 0)
            return 1;
    return 0;
}

const char *tj_input_label(const tj_study *study, const tj_compiled *compiled, const tj_plan_inputs *inputs,
                           size_t input, const char *language, char *text, size_t size)
{
    const tj_plan_input *of = &inputs->items[input];
    size_t used = 0;
    text[0] = '\0';
    if (of->count == 0)
        label_of(study, "noise", language, text, size);
    for (int32_t k = 0; k < of->count && used < size; k++) {
        char one[512];
        if (named_before(compiled, inputs, of, k))
            continue;
        label_of(study, compiled->params[inputs->params[of->first + k]], language, one, sizeof one);
        used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? " + " : "", one);
    }
    return text;
}

const char *tj_input_name(const tj_compiled *compiled, const tj_plan_inputs *inputs, size_t input, char *text,
                          size_t size)
{
    const tj_plan_input *of = &inputs->items[input];
    size_t used = (size_t)snprintf(text, size, "%s", of->count == 0 ? "noise" : "");
    for (int32_t k = 0; k < of->count && used < size; k++)
        if (!named_before(compiled, inputs, of, k))
            used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? "+" : "",
                                     compiled->params[inputs->params[of->first + k]]);
    return text;
}
