/* Names of drivers; see driver_words.h. A driver is `<kind>[.<item>…]`, a technology's energy need
 * `tech.<technology>[.<carrier>].intensity`. */
#include "io/cli/driver_words.h"

#include <stdio.h>
#include <string.h>

typedef struct kind_words {
    const char *kind;
    tj_label label;
} kind_words;

/* A kind that begins as another stands before it. */
static const kind_words kinds[] = {
    {"activity", {"activity", "activité", "aktivitet"}},
    {"capture", {"capture of CO2", "captage du CO2", "infångning av CO2"}},
    {"carrier", {"share of a carrier", "part d'une énergie", "andel av en energibärare"}},
    {"code", {"heat need of new floor", "besoin de chaleur du neuf", "värmebehov i nybyggt"}},
    {"demand", {"demand", "demande", "efterfrågan"}},
    {"demolition", {"demolition", "démolition", "rivning"}},
    {"deposit", {"waste deposited", "déchets enfouis", "deponerat avfall"}},
    {"factor", {"emission factor", "facteur d'émission", "emissionsfaktor"}},
    {"fossil", {"fossil part", "part fossile", "fossil del"}},
    {"in_city", {"part inside the city", "part dans la ville", "del inom staden"}},
    {"intensity", {"intensity", "intensité", "intensitet"}},
    {"losses", {"losses", "pertes", "förluster"}},
    {"other", {"other emissions", "autres émissions", "övriga utsläpp"}},
    {"oxidation", {"oxidation in the cover", "oxydation en surface", "oxidation i täckskiktet"}},
    {"recovery", {"recovery of gas", "récupération du gaz", "uppsamling av gas"}},
    {"removal", {"removals", "absorptions", "upptag"}},
    {"renovation.depth", {"depth of renovation", "profondeur de rénovation", "renoveringsdjup"}},
    {"renovation.rate", {"rate of renovation", "rythme de rénovation", "renoveringstakt"}},
    {"sales", {"share of sales", "part des ventes", "andel av försäljningen"}},
    {"scrappage", {"early scrappage", "mise au rebut anticipée", "förtida skrotning"}},
    {"source", {"share of a source", "part d'une source", "andel av en källa"}},
    {"survival", {"survival", "survie", "överlevnad"}},
    {"tech", {"energy need of new ones", "besoin d'énergie du neuf", "energibehov hos nya"}},
    {"waste", {"share of the waste", "part des déchets", "andel av avfallet"}},
};

/* The kind that a driver begins with; NULL: none. */
static const kind_words *kind_of(const char *driver, size_t length)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t own = strlen(kinds[i].kind);
        if (own <= length && strncmp(kinds[i].kind, driver, own) == 0 &&
            (own == length || driver[own] == '.'))
            return &kinds[i];
    }
    return NULL;
}

/* An identifier in a driver, not terminated. */
typedef struct part {
    const char *text;
    size_t length;
} part;

static int is(part id, tj_name name)
{
    return name.text != NULL && strlen(name.text) == id.length && strncmp(name.text, id.text, id.length) == 0;
}

/* The label of a thing that a sector has of its own: a fleet, a class of waste. */
static const tj_label *label_in_sector(const tj_sector *sector, part id)
{
    for (size_t i = 0; i < sector->fleets_count; i++)
        if (is(id, sector->fleets[i].id))
            return &sector->fleets[i].label;
    for (size_t i = 0; i < sector->wastes_count; i++)
        if (is(id, sector->wastes[i].id))
            return &sector->wastes[i].label;
    return NULL;
}

static const tj_label *label_of(const tj_study *study, const tj_sector *sector, part id)
{
    const tj_label *own = sector != NULL ? label_in_sector(sector, id) : NULL;
    if (own != NULL)
        return own;
    for (size_t i = 0; i < study->technologies_count; i++)
        if (is(id, study->technologies[i].id))
            return &study->technologies[i].label;
    for (size_t i = 0; i < study->fuels_count && sector != NULL && sector->sources.count > 0; i++)
        if (is(id, study->fuels[i].id))
            return &study->fuels[i].label;
    for (size_t i = 0; i < study->carriers_count; i++)
        if (is(id, study->carriers[i].id))
            return &study->carriers[i].label;
    return NULL;
}

const char *tj_driver_words(const tj_study *study, const tj_sector *sector, const char *driver, size_t length,
                            const char *language, char *text, size_t size)
{
    const kind_words *kind = kind_of(driver, length);
    if (kind == NULL) {
        snprintf(text, size, "%.*s", (int)length, driver);
        return text;
    }
    int needs = strcmp(kind->kind, "tech") == 0;
    size_t used = (size_t)snprintf(text, size, "%s", tj_label_in(&kind->label, language, kind->kind));
    for (size_t at = strlen(kind->kind) + 1; at < length && used < size;) {
        part id = {driver + at, 0};
        const char *dot = memchr(id.text, '.', length - at);
        id.length = dot != NULL ? (size_t)(dot - id.text) : length - at;
        at += id.length + 1;
        if (needs && at >= length && id.length == strlen("intensity") &&
            strncmp(id.text, "intensity", id.length) == 0)
            break;
        const tj_label *label = label_of(study, sector, id);
        const char *name = label != NULL ? tj_label_in(label, language, NULL) : NULL;
        used += (size_t)snprintf(text + used, size - used, ", %.*s", name != NULL ? 256 : (int)id.length,
                                 name != NULL ? name : id.text);
    }
    return text;
}
