/* measures.yaml -> measures with their effects. */
#include "io/readers/files.h"
#include "io/readers/mapping.h"

#include <string.h>

static const tj_key ramp_keys[] = {
    {"shape", tj_read_word, offsetof(tj_ramp, shape), 1, NULL, NULL},
    {"start", tj_read_year, offsetof(tj_ramp, start), 1, NULL, NULL},
    {"years", tj_read_integer, offsetof(tj_ramp, years), 0, NULL, NULL},
    {"until", tj_read_year, offsetof(tj_ramp, until), 0, NULL, NULL},
    {"fade", tj_read_integer, offsetof(tj_ramp, fade), 0, NULL, NULL},
    {"k", tj_read_number, offsetof(tj_ramp, k), 0, NULL, NULL},
    {"p", tj_read_number, offsetof(tj_ramp, p), 0, NULL, NULL},
    {"q", tj_read_number, offsetof(tj_ramp, q), 0, NULL, NULL},
};
static const tj_mapping ramp_mapping = {"a ramp", TJ_KEYS(ramp_keys), sizeof(tj_ramp),
                                        offsetof(tj_ramp, mark), NULL};

/* The key is the operator, its value the magnitude. */
static void operator_read(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    tj_effect *effect = to;
    if (effect->op.text != NULL) {
        tj_source_fault(source, node->mark, "'%s' beside '%s' in line %u; an effect has one operator",
                        key->name, effect->op.text, effect->op.mark.line);
        return;
    }
    effect->op = (tj_name){key->name, node->mark};
    tj_read_local_quantities(source, node, key, &effect->magnitude);
}

static void effect_check(tj_source *source, const tj_node *node, void *record)
{
    tj_effect *effect = record;
    if (effect->op.text == NULL)
        tj_source_fault(source, node->mark,
                        "an effect needs an operator: scale, shift, toward, add, cap or floor");
}

static const tj_key effect_keys[] = {
    {"driver", tj_read_id, offsetof(tj_effect, driver), 1, NULL, NULL},
    {"scale", operator_read, 0, 0, NULL, NULL},
    {"shift", operator_read, 0, 0, NULL, NULL},
    {"toward", operator_read, 0, 0, NULL, "0.4 1"},
    {"add", operator_read, 0, 0, NULL, "12 kt CO2/year"},
    {"cap", operator_read, 0, 0, NULL, "0.4 1"},
    {"floor", operator_read, 0, 0, NULL, "0.4 1"},
    {"to", tj_read_id, offsetof(tj_effect, to), 0, NULL, NULL},
    {"ratio", tj_read_quantity, offsetof(tj_effect, ratio), 0, NULL, "1 1"},
    {"side", tj_read_word, offsetof(tj_effect, side), 0, NULL, NULL},
    {"eligible", tj_read_quantity, offsetof(tj_effect, eligible), 0, NULL, NULL},
    {"adherence", tj_read_quantity, offsetof(tj_effect, adherence), 0, NULL, NULL},
    {"ramp", tj_read_record, offsetof(tj_effect, ramp), 0, &ramp_mapping, NULL},
};
static const tj_mapping effect_mapping = {"an effect", TJ_KEYS(effect_keys), sizeof(tj_effect),
                                          offsetof(tj_effect, mark), effect_check};

static const tj_key synergy_keys[] = {
    {"with", tj_read_id, offsetof(tj_synergy, with), 1, NULL, NULL},
    {"factor", tj_read_quantity, offsetof(tj_synergy, factor), 1, NULL, "1.1 1"},
};
static const tj_mapping synergy_mapping = {"a synergy", TJ_KEYS(synergy_keys), sizeof(tj_synergy), TJ_NO_MARK,
                                           NULL};

static const tj_key cost_keys[] = {
    {"investment", tj_read_local_quantities, offsetof(tj_cost, investment), 0, NULL, "40 MEUR"},
    {"lifetime", tj_read_quantity, offsetof(tj_cost, lifetime), 0, NULL, "25 years"},
    {"operation", tj_read_local_quantities, offsetof(tj_cost, operation), 0, NULL, "0.5 MEUR/year"},
    {"ramp", tj_read_record, offsetof(tj_cost, ramp), 0, &ramp_mapping, NULL},
};
enum { COST_KEYS = sizeof cost_keys / sizeof cost_keys[0] };

/* The part of a cost that a key names, or nearly; NULL where it names none. */
static const char *cost_part(const tj_node *key)
{
    const char *names[COST_KEYS];
    for (size_t i = 0; i < COST_KEYS; i++)
        names[i] = cost_keys[i].name;
    return tj_nearest(key->text, names, COST_KEYS);
}

/* The first key of a cost that names `part`; part NULL: none of them, "": any. */
static const tj_node *cost_key(const tj_node *node, const char *part)
{
    for (size_t i = 0; node->kind == TJ_NODE_MAP && i < tj_node_pairs(node); i++) {
        const tj_node *key = tj_node_key(node, i);
        const char *found = cost_part(key);
        if (part == NULL || found == NULL ? part == found : *part == '\0' || strcmp(part, found) == 0)
            return key;
    }
    return NULL;
}

/* What is bought serves for a time, and only what is bought does. */
static void cost_check(tj_source *source, const tj_node *node, void *record)
{
    const tj_node *investment = cost_key(node, "investment"), *lifetime = cost_key(node, "lifetime");
    (void)record;
    if (investment != NULL && lifetime == NULL)
        tj_source_fault(source, node->mark,
                        "key 'lifetime' is missing in a cost: an investment needs the years that it serves");
    else if (investment == NULL && lifetime != NULL)
        tj_source_fault(source, lifetime->mark,
                        "a lifetime without an investment; money a year is 'operation'");
    else if (investment == NULL && cost_key(node, "operation") == NULL)
        tj_source_fault(source, node->mark, "a cost needs 'investment' or 'operation'");
}
static const tj_mapping cost_mapping = {"a cost", TJ_KEYS(cost_keys), sizeof(tj_cost),
                                        offsetof(tj_cost, mark), cost_check};

/* Money a year, by place where it differs; or a mapping of parts, never both at once. */
static void cost_read(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    tj_cost *cost = to;
    const tj_node *part = cost_key(node, ""), *foreign = cost_key(node, NULL);
    if (part == NULL)
        tj_read_local_quantities(source, node, key, &cost->operation);
    else if (foreign != NULL)
        tj_source_fault(source, foreign->mark,
                        "%s beside %s: a cost is money a year, by place where it differs, or a mapping of "
                        "investment, lifetime, operation and ramp",
                        tj_node_show(foreign).text, tj_node_show(part).text);
    else
        tj_mapping_read(source, node, node->mark, &cost_mapping, cost);
}

static const tj_key measure_keys[] = {
    {"label", tj_read_label, offsetof(tj_measure, label), 0, NULL, NULL},
    {"theme", tj_read_text, offsetof(tj_measure, theme), 0, NULL, NULL},
    {"cities", tj_read_ids, offsetof(tj_measure, cities), 0, NULL, NULL},
    {"countries", tj_read_ids, offsetof(tj_measure, countries), 0, NULL, NULL},
    {"parameters", tj_read_word, offsetof(tj_measure, parameters), 0, NULL, NULL},
    {"requires", tj_read_ids, offsetof(tj_measure, requires), 0, NULL, NULL},
    {"excludes", tj_read_ids, offsetof(tj_measure, excludes), 0, NULL, NULL},
    {"overlaps", tj_read_id, offsetof(tj_measure, overlaps), 0, NULL, NULL},
    {"synergy", tj_read_records, offsetof(tj_measure, synergies), 0, &synergy_mapping, NULL},
    {"ramp", tj_read_record, offsetof(tj_measure, ramp), 0, &ramp_mapping, NULL},
    {"eligible", tj_read_quantity, offsetof(tj_measure, eligible), 0, NULL, NULL},
    {"adherence", tj_read_quantity, offsetof(tj_measure, adherence), 0, NULL, NULL},
    {"rebound", tj_read_quantity, offsetof(tj_measure, rebound), 0, NULL, NULL},
    {"cost", cost_read, offsetof(tj_measure, cost), 0, NULL, "2 MEUR/year"},
    {"effects", tj_read_records, offsetof(tj_measure, effects), 1, &effect_mapping, NULL},
    {"why", tj_read_text, offsetof(tj_measure, why), 0, NULL, NULL},
    {"quality", tj_read_quality, offsetof(tj_measure, quality), 0, NULL, NULL},
    {"source", tj_read_text, offsetof(tj_measure, source), 0, NULL, NULL},
};
static const tj_mapping measure_mapping = {"a measure", TJ_KEYS(measure_keys), sizeof(tj_measure),
                                           offsetof(tj_measure, mark), NULL};

static const tj_key keys[] = {
    {"measures", tj_read_things, offsetof(tj_study, measures), 1, &measure_mapping, NULL},
};

void tj_read_measures(tj_source *source, const tj_node *root)
{
    tj_file_read(source, root, "measures.yaml", TJ_KEYS(keys));
}
