/* packages.yaml -> packages. */
#include "io/readers/files.h"
#include "io/readers/mapping.h"

static const tj_key item_keys[] = {
    {"measure", tj_read_id, offsetof(tj_package_item, measure), 1, NULL, NULL},
    {"cities", tj_read_ids, offsetof(tj_package_item, cities), 0, NULL, NULL},
    {"strength", tj_read_quantity, offsetof(tj_package_item, strength), 0, NULL, NULL},
    {"start", tj_read_year, offsetof(tj_package_item, start), 0, NULL, NULL},
};
static const tj_mapping item_mapping = {"a package item", TJ_KEYS(item_keys), sizeof(tj_package_item),
                                        offsetof(tj_package_item, mark), NULL};

/* A list whose items are names of measures alone, or mappings. */
static void items_read(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    if (!tj_node_expect(source, node, TJ_NODE_LIST, "a list of measures, each item beginning with '- '"))
        return;
    for (size_t i = 0; i < node->count; i++) {
        const tj_node *item = node->items[i];
        tj_package_item *record = tj_source_append(source, to, sizeof *record);
        if (record == NULL)
            return;
        if (item->kind == TJ_NODE_MAP) {
            tj_mapping_read(source, item, item->mark, key->mapping, record);
        } else {
            record->mark = item->mark;
            tj_id_read(source, item, &record->measure);
        }
    }
}

static const tj_key package_keys[] = {
    {"label", tj_read_label, offsetof(tj_package, label), 0, NULL, NULL},
    {"description", tj_read_text, offsetof(tj_package, description), 0, NULL, NULL},
    {"measures", items_read, offsetof(tj_package, items), 1, &item_mapping, NULL},
};
static const tj_mapping package_mapping = {"a package", TJ_KEYS(package_keys), sizeof(tj_package),
                                           offsetof(tj_package, mark), NULL};

static const tj_key keys[] = {
    {"packages", tj_read_things, offsetof(tj_study, packages), 1, &package_mapping, NULL},
};

void tj_read_packages(tj_source *source, const tj_node *root)
{
    tj_file_read(source, root, "packages.yaml", TJ_KEYS(keys));
}
