/* targets.yaml -> targets. */
#include "io/readers/files.h"
#include "io/readers/mapping.h"

/* {sectors: …, gases: …, ets: …} belong to the target itself: the record is the whole target. */
static const tj_key coverage_keys[] = {
    {"sectors", tj_read_ids, offsetof(tj_target, sectors), 0, NULL, NULL},
    {"gases", tj_read_ids, offsetof(tj_target, gases), 0, NULL, NULL},
    {"ets", tj_read_word, offsetof(tj_target, ets), 0, NULL, NULL},
};
static const tj_mapping coverage_mapping = {"the coverage of a target", TJ_KEYS(coverage_keys),
                                            sizeof(tj_target), TJ_NO_MARK, NULL};

static const tj_key target_keys[] = {
    {"label", tj_read_label, offsetof(tj_target, label), 0, NULL, NULL},
    {"by", tj_read_word, offsetof(tj_target, by), 0, NULL, NULL},
    {"cities", tj_read_ids, offsetof(tj_target, cities), 0, NULL, NULL},
    {"countries", tj_read_ids, offsetof(tj_target, countries), 0, NULL, NULL},
    {"kind", tj_read_word, offsetof(tj_target, kind), 1, NULL, NULL},
    {"base_year", tj_read_year, offsetof(tj_target, base), 0, NULL, NULL},
    {"year", tj_read_year, offsetof(tj_target, year), 0, NULL, NULL},
    {"first_year", tj_read_year, offsetof(tj_target, first), 0, NULL, NULL},
    {"value", tj_read_quantity, offsetof(tj_target, value), 0, NULL, NULL},
    {"removals_share", tj_read_quantity, offsetof(tj_target, removals_share), 0, NULL, NULL},
    {"milestones", tj_read_points, offsetof(tj_target, milestones), 0, NULL, NULL},
    {"coverage", tj_read_record, 0, 0, &coverage_mapping, NULL},
    {"quantity", tj_read_word, offsetof(tj_target, quantity), 0, NULL, NULL},
    {"basis", tj_read_word, offsetof(tj_target, basis), 0, NULL, NULL},
    {"not_assessable", tj_read_label, offsetof(tj_target, not_assessable), 0, NULL, NULL},
    {"active", tj_read_switch, offsetof(tj_target, active), 0, NULL, NULL},
    {"text", tj_read_text, offsetof(tj_target, text), 0, NULL, NULL},
    {"source", tj_read_text, offsetof(tj_target, source), 0, NULL, NULL},
};
static const tj_mapping target_mapping = {"a target", TJ_KEYS(target_keys), sizeof(tj_target),
                                          offsetof(tj_target, mark), NULL};

static const tj_key keys[] = {
    {"targets", tj_read_things, offsetof(tj_study, targets), 1, &target_mapping, NULL},
};

void tj_read_targets(tj_source *source, const tj_node *root)
{
    tj_file_read(source, root, "targets.yaml", TJ_KEYS(keys));
}
