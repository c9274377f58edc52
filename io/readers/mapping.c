/* The generic reader of mappings and the records in them; see mapping.h. */
#include "io/readers/mapping.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

enum { KEYS_MOST = 32 };

int tj_node_expect(tj_source *source, const tj_node *node, tj_node_kind kind, const char *expected)
{
    if (!tj_source_visit(source, node->mark) || tj_node_empty(node))
        return 0;
    if (node->kind == kind)
        return 1;
    tj_source_fault(source, node->mark, "found %s, expected %s", tj_node_show(node).text, expected);
    return 0;
}

static size_t key_find(const tj_mapping *mapping, const char *name)
{
    size_t i = 0;
    while (i < mapping->count && strcmp(mapping->keys[i].name, name) != 0)
        i++;
    return i;
}

static void key_unknown(tj_source *source, const tj_node *key, const tj_node *value,
                        const tj_mapping *mapping)
{
    const char *names[KEYS_MOST];
    for (size_t i = 0; i < mapping->count; i++)
        names[i] = mapping->keys[i].name;
    if (key->text[0] >= '0' && key->text[0] <= '9' && tj_node_empty(value)) /* {strength: 3,5 %} */
        tj_source_fault(source, key->mark,
                        "found %s alone; is it the rest of a number? Decimals have a point: 3.5",
                        tj_node_show(key).text);
    else
        tj_source_unknown(source, key->mark, "key", key->text, mapping->what, names, mapping->count);
}

void tj_mapping_read(tj_source *source, const tj_node *node, tj_mark mark, const tj_mapping *mapping,
                     void *record)
{
    uint32_t seen = 0;
    assert(mapping->count <= KEYS_MOST);
    assert(mapping->mark == TJ_NO_MARK || mapping->mark + sizeof mark <= mapping->size);
    if (mapping->mark != TJ_NO_MARK)
        memcpy((char *)record + mapping->mark, &mark, sizeof mark);
    int written = !tj_node_empty(node);
    if (written && node->kind != TJ_NODE_MAP) {
        tj_source_fault(source, node->mark, "found %s, expected a mapping (%s)", tj_node_show(node).text,
                        mapping->what);
        return;
    }
    for (size_t i = 0; written && i < tj_node_pairs(node); i++) {
        const tj_node *name = tj_node_key(node, i);
        size_t found = key_find(mapping, name->text);
        if (!tj_source_visit(source, name->mark))
            return;
        if (found == mapping->count) {
            key_unknown(source, name, tj_node_value(node, i), mapping);
            continue;
        }
        const tj_key *key = &mapping->keys[found];
        seen |= UINT32_C(1) << found;
        key->read(source, tj_node_value(node, i), key, (char *)record + key->offset);
    }
    for (size_t i = 0; i < mapping->count; i++)
        if (mapping->keys[i].required && !(seen >> i & 1))
            tj_source_fault(source, mark, "key '%s' is missing in %s", mapping->keys[i].name, mapping->what);
    if (mapping->check != NULL)
        mapping->check(source, node, record);
}

void tj_file_read(tj_source *source, const tj_node *root, const char *what, const tj_key *keys, size_t count)
{
    tj_mapping mapping = {what, keys, count, sizeof(tj_study), TJ_NO_MARK, NULL};
    tj_mapping_read(source, root, root->mark, &mapping, source->study);
}

void tj_read_record(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    tj_mapping_read(source, node, node->mark, key->mapping, to);
}

void tj_read_records(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    if (!tj_node_expect(source, node, TJ_NODE_LIST, "a list, each item beginning with '- '"))
        return;
    for (size_t i = 0; i < node->count; i++) {
        void *record = tj_source_append(source, to, key->mapping->size);
        if (record == NULL)
            return;
        tj_mapping_read(source, node->items[i], node->items[i]->mark, key->mapping, record);
    }
}

void tj_read_things(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    if (!tj_node_expect(source, node, TJ_NODE_MAP, "a mapping from identifiers"))
        return;
    for (size_t i = 0; i < tj_node_pairs(node); i++) {
        tj_name id;
        if (tj_id_read(source, tj_node_key(node, i), &id) != 0)
            continue;
        void *record = tj_source_append(source, to, key->mapping->size);
        if (record == NULL)
            return;
        memcpy(record, &id, sizeof id);
        tj_mapping_read(source, tj_node_value(node, i), id.mark, key->mapping, record);
    }
}
