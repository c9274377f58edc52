/* Values that differ by city or country, and points by year: mappings whose keys are data. */
#include "io/readers/mapping.h"
#include "io/readers/quantity.h"

#include <string.h>

/* The place that a key names: text NULL for `default`. */
static int place_read(tj_source *source, const tj_node *key, tj_name *place)
{
    *place = (tj_name){NULL, key->mark};
    return strcmp(key->text, "default") == 0 ? 0 : tj_id_read(source, key, place);
}

static void local_quantity_add(tj_source *source, const tj_node *place, const tj_node *value,
                               const char *example, tj_local_quantities *list)
{
    tj_local_quantity local = {0}, *item;
    if ((place != NULL && place_read(source, place, &local.place) != 0) ||
        tj_quantity_node(source, value, example, &local.value) != 0)
        return;
    item = tj_source_append(source, list, sizeof *item);
    if (item != NULL)
        *item = local;
}

void tj_read_local_quantities(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    if (node->kind != TJ_NODE_MAP || tj_node_is_distribution(node)) {
        local_quantity_add(source, NULL, node, key->example, to);
        return;
    }
    for (size_t i = 0; i < tj_node_pairs(node); i++)
        local_quantity_add(source, tj_node_key(node, i), tj_node_value(node, i), key->example, to);
}

static void local_word_add(tj_source *source, const tj_node *place, const tj_node *value,
                           tj_local_names *list)
{
    tj_local_name local = {0}, *item;
    if (place != NULL && place_read(source, place, &local.place) != 0)
        return;
    tj_read_word(source, value, NULL, &local.value);
    item = local.value.text == NULL ? NULL : tj_source_append(source, list, sizeof *item);
    if (item != NULL)
        *item = local;
}

void tj_read_local_words(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    (void)key;
    if (node->kind != TJ_NODE_MAP) {
        local_word_add(source, NULL, node, to);
        return;
    }
    for (size_t i = 0; i < tj_node_pairs(node); i++)
        local_word_add(source, tj_node_key(node, i), tj_node_value(node, i), to);
}

typedef struct points {
    tj_point *items;
    size_t count, capacity;
} points;

/* Puts a point in its place among those read before; a year that stands twice, which was said, is taken once. */
static void point_insert(tj_source *source, points *list, tj_point point)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].year.value == point.year.value)
            return;
    if (tj_source_append(source, list, sizeof point) == NULL)
        return;
    size_t i = list->count - 1;
    for (; i > 0 && list->items[i - 1].year.value > point.year.value; i--)
        list->items[i] = list->items[i - 1];
    list->items[i] = point;
}

void tj_read_points(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    points list;
    memcpy(&list, to, sizeof list);
    if (!tj_node_expect(source, node, TJ_NODE_MAP, "values by year: {2030: …, 2045: …}"))
        return;
    for (size_t i = 0; i < tj_node_pairs(node); i++) {
        const tj_node *year = tj_node_key(node, i);
        tj_point point = {0};
        if (tj_year_text(source, year->mark, year->text, year->length, &point.year) == 0 &&
            tj_quantity_node(source, tj_node_value(node, i), key->example, &point.value) == 0)
            point_insert(source, &list, point);
    }
    memcpy(to, &list, sizeof list);
}
