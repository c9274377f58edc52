/* study.yaml -> the study's own settings and where its files are. */
#include "io/readers/files.h"
#include "io/readers/mapping.h"

#include <string.h>

enum { FORMAT_VERSION = 1 };

static void version_read(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    tj_integer version = {FORMAT_VERSION, {0}};
    (void)to;
    tj_read_integer(source, node, key, &version);
    if (version.value != FORMAT_VERSION)
        tj_source_fault(source, node->mark, "found format version %lld; this program reads version %d",
                        (long long)version.value, FORMAT_VERSION);
}

/* `files` was used before this (tj_study_file_named); here its keys and values are checked. */
static void files_check(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    const char *names[TJ_FILES_MOST];
    size_t count = tj_files_names(names);
    (void)key, (void)to;
    if (!tj_node_expect(source, node, TJ_NODE_MAP, "file names by key: {pool: ../pools/pool.csv}"))
        return;
    for (size_t i = 0; i < tj_node_pairs(node); i++) {
        const tj_node *name = tj_node_key(node, i), *file = tj_node_value(node, i);
        size_t known = 0;
        while (known < count && strcmp(names[known], name->text) != 0)
            known++;
        if (known == count)
            tj_source_unknown(source, name->mark, "file", name->text, "files", names, count);
        if (file->kind != TJ_NODE_SCALAR || file->length == 0)
            tj_source_fault(source, file->mark, "found %s, expected the name of a file",
                            tj_node_show(file).text);
    }
}

static const tj_key decision_keys[] = {
    {"price", tj_read_quantity, offsetof(tj_decision, price), 1, NULL, "120 EUR/t"},
    {"packages", tj_read_ids, offsetof(tj_decision, packages), 1, NULL, NULL},
};
static const tj_mapping decision_mapping = {"a decision", TJ_KEYS(decision_keys), sizeof(tj_decision),
                                            offsetof(tj_decision, mark), NULL};

static const tj_key study_keys[] = {
    {"trajekt", version_read, 0, 1, NULL, NULL},
    {"title", tj_read_label, offsetof(tj_study, title), 0, NULL, NULL},
    {"base_year", tj_read_year, offsetof(tj_study, base_year), 1, NULL, NULL},
    {"horizon", tj_read_year, offsetof(tj_study, horizon), 1, NULL, NULL},
    {"gwp", tj_read_word, offsetof(tj_study, gwp), 0, NULL, NULL},
    {"reference_package", tj_read_id, offsetof(tj_study, reference_package), 1, NULL, NULL},
    {"draws", tj_read_integer, offsetof(tj_study, draws), 0, NULL, NULL},
    {"seed", tj_read_seed, offsetof(tj_study, seed), 0, NULL, NULL},
    {"design", tj_read_word, offsetof(tj_study, design), 0, NULL, NULL},
    {"quantiles", tj_read_quantities, offsetof(tj_study, quantiles), 0, NULL, NULL},
    {"outputs", tj_read_ids, offsetof(tj_study, outputs), 0, NULL, NULL},
    {"backgrounds", tj_read_ids, offsetof(tj_study, backgrounds_used), 0, NULL, NULL},
    {"cities", tj_read_ids, offsetof(tj_study, cities_used), 0, NULL, NULL},
    {"files", files_check, 0, 0, NULL, NULL},
    {"correlations", tj_read_records, offsetof(tj_study, correlations), 0, &tj_correlation_mapping, NULL},
    {"decision", tj_read_record, offsetof(tj_study, decision), 0, &decision_mapping, NULL},
};

void tj_read_study_file(tj_source *source, const tj_node *root)
{
    source->study->mark = root->mark;
    tj_file_read(source, root, "study.yaml", TJ_KEYS(study_keys));
}

const tj_node *tj_study_file_named(const tj_node *root, const char *key)
{
    const tj_node *found = root, *next;
    const char *const steps[] = {"files", key};
    for (size_t step = 0; step < 2; step++, found = next) {
        next = NULL;
        for (size_t i = 0; found->kind == TJ_NODE_MAP && i < tj_node_pairs(found); i++)
            if (strcmp(tj_node_key(found, i)->text, steps[step]) == 0)
                next = tj_node_value(found, i);
        if (next == NULL)
            return NULL;
    }
    return found->kind == TJ_NODE_SCALAR && found->length > 0 ? found : NULL;
}
