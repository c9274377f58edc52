/* Tree building from libyaml's events; see yaml_tree.h. Events rather than libyaml's documents, because
 * depth, number of values and aliases can be bounded while reading. */
#include "io/readers/yaml_tree.h"

#include "io/readers/yaml_words.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { DEPTH_MOST = 64, ANCHORS_MOST = 1000 };

typedef struct anchor {
    const char *name;
    const tj_node *node;
} anchor;

typedef struct builder {
    tj_source *source;
    tj_arena *arena;
    tj_mark origin;
    yaml_parser_t parser;
    tj_node *root, *open[DEPTH_MOST];
    size_t depth, nodes, documents;
    anchor anchors[ANCHORS_MOST];
    size_t anchors_count;
} builder;

static tj_mark mark_of(const builder *b, yaml_mark_t at)
{
    uint32_t column = (uint32_t)at.column + (at.line == 0 ? b->origin.column : 1);
    return (tj_mark){b->origin.file, (uint32_t)at.line + b->origin.line, column};
}

/* Hangs a node under the one being built, or makes it the root. */
static int node_hang(builder *b, const tj_node *node)
{
    if (b->depth == 0)
        return 0;
    tj_node *parent = b->open[b->depth - 1];
    const tj_node **items =
        tj_arena_grow(b->arena, parent->items, parent->count, &parent->capacity, sizeof *items);
    if (items == NULL) {
        b->source->diags->memory_short = 1;
        return -1;
    }
    parent->items = items;
    if (parent->kind == TJ_NODE_MAP && parent->count % 2 == 0 && node->kind != TJ_NODE_SCALAR) {
        tj_source_fault(b->source, node->mark, "found %s, expected a key: a text before ':'",
                        tj_node_show(node).text);
        return -1;
    }
    items[parent->count++] = node;
    return 0;
}

static int anchor_add(builder *b, const tj_node *node, const yaml_char_t *name)
{
    if (name == NULL)
        return 0;
    if (b->anchors_count == ANCHORS_MOST) {
        tj_source_fault(b->source, node->mark, "more than %d anchors in one file", ANCHORS_MOST);
        return -1;
    }
    const char *copy = tj_arena_text(b->arena, (const char *)name, strlen((const char *)name));
    if (copy == NULL)
        return -1;
    b->anchors[b->anchors_count++] = (anchor){copy, node};
    return 0;
}

/* A new node of an event, hung in its place; NULL stops the reading. */
static tj_node *node_new(builder *b, tj_node_kind kind, const yaml_event_t *event, const yaml_char_t *name,
                         const yaml_char_t *tag)
{
    tj_mark mark = mark_of(b, event->start_mark);
    if (tag != NULL) {
        tj_source_fault(b->source, mark, "found the tag %s; tags are not read here",
                        tj_show((const char *)tag, strlen((const char *)tag)).text);
        return NULL;
    }
    if (++b->nodes > TJ_VALUES_MOST) {
        tj_source_fault(b->source, mark, "more than %d values in one file", TJ_VALUES_MOST);
        return NULL;
    }
    tj_node *node = tj_arena_alloc(b->arena, 1, sizeof *node);
    if (node == NULL) {
        b->source->diags->memory_short = 1;
        return NULL;
    }
    node->kind = kind;
    node->mark = mark;
    if (b->root == NULL)
        b->root = node;
    return node_hang(b, node) == 0 && anchor_add(b, node, name) == 0 ? node : NULL;
}

static int scalar_read(builder *b, const yaml_event_t *event)
{
    tj_node *node = node_new(b, TJ_NODE_SCALAR, event, event->data.scalar.anchor, event->data.scalar.tag);
    if (node == NULL)
        return -1;
    const char *text = (const char *)event->data.scalar.value;
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->length = event->data.scalar.length;
    if (memchr(text, '\0', node->length) != NULL) { /* "\0" in double quotes */
        tj_source_fault(b->source, node->mark, "found a NUL character in a text");
        return -1;
    }
    node->text = tj_arena_text(b->arena, text, node->length);
    if (node->text == NULL)
        b->source->diags->memory_short = 1;
    return node->text == NULL ? -1 : 0;
}

static int node_open(builder *b, tj_node *node)
{
    if (node == NULL)
        return -1;
    if (b->depth == DEPTH_MOST) {
        tj_source_fault(b->source, node->mark, "nested more than %d deep", DEPTH_MOST);
        return -1;
    }
    node->open = 1;
    b->open[b->depth++] = node;
    return 0;
}

static int key_compare(const void *left, const void *right)
{
    const tj_node *a = *(const tj_node *const *)left, *b = *(const tj_node *const *)right;
    int order = strcmp(a->text, b->text);
    if (order == 0)
        order = (a->mark.line > b->mark.line) - (a->mark.line < b->mark.line);
    return order != 0 ? order : (a->mark.column > b->mark.column) - (a->mark.column < b->mark.column);
}

/* Faults every key that stands a second time, with the place before. */
static int keys_check(builder *b, const tj_node *map)
{
    size_t count = tj_node_pairs(map);
    const tj_node **keys = malloc((count + 1) * sizeof *keys);
    if (keys == NULL) {
        b->source->diags->memory_short = 1;
        return -1;
    }
    for (size_t i = 0; i < count; i++)
        keys[i] = tj_node_key(map, i);
    qsort(keys, count, sizeof *keys, key_compare);
    for (size_t i = 1; i < count; i++)
        if (strcmp(keys[i - 1]->text, keys[i]->text) == 0)
            tj_source_fault(b->source, keys[i]->mark,
                            "key %s stands twice; it stands in line %u, column %u already",
                            tj_show(keys[i]->text, keys[i]->length).text, keys[i - 1]->mark.line,
                            keys[i - 1]->mark.column);
    free(keys);
    return 0;
}

static int node_close(builder *b)
{
    assert(b->depth > 0);
    tj_node *node = b->open[--b->depth];
    node->open = 0;
    return node->kind == TJ_NODE_MAP ? keys_check(b, node) : 0;
}

static int alias_read(builder *b, const yaml_event_t *event)
{
    tj_mark mark = mark_of(b, event->start_mark);
    const char *name = (const char *)event->data.alias.anchor;
    for (size_t i = b->anchors_count; i-- > 0;) {
        if (strcmp(b->anchors[i].name, name) != 0)
            continue;
        if (!b->anchors[i].node->open)
            return node_hang(b, b->anchors[i].node);
        tj_source_fault(b->source, mark, "the alias '*%.40s' stands inside what it refers to", name);
        return -1;
    }
    tj_source_fault(b->source, mark, "the alias '*%.40s' refers to no anchor '&%.40s' above it", name, name);
    return -1;
}

/* Takes one event into the tree: 0 go on, 1 the text has ended, -1 stop. */
static int event_take(builder *b, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_STREAM_END_EVENT:
        return 1;
    case YAML_DOCUMENT_START_EVENT:
        if (b->documents++ == 0)
            return 0;
        tj_source_fault(b->source, mark_of(b, event->start_mark),
                        "a second document begins here; a file holds one");
        return -1;
    case YAML_SCALAR_EVENT:
        return scalar_read(b, event);
    case YAML_SEQUENCE_START_EVENT:
        return node_open(b, node_new(b, TJ_NODE_LIST, event, event->data.sequence_start.anchor,
                                     event->data.sequence_start.tag));
    case YAML_MAPPING_START_EVENT:
        return node_open(b, node_new(b, TJ_NODE_MAP, event, event->data.mapping_start.anchor,
                                     event->data.mapping_start.tag));
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return node_close(b);
    case YAML_ALIAS_EVENT:
        return alias_read(b, event);
    default:
        return 0;
    }
}

/* A syntax error in plain words, at the place of the problem. */
static void syntax_fault(builder *b)
{
    const yaml_parser_t *p = &b->parser;
    if (p->error == YAML_MEMORY_ERROR) {
        b->source->diags->memory_short = 1;
        return;
    }
    char words[256];
    tj_yaml_words(p->problem, p->context, p->context == NULL ? 0 : mark_of(b, p->context_mark).line, words,
                  sizeof words);
    tj_source_fault(b->source, mark_of(b, p->problem_mark), "%s", words);
}

static const tj_node *build(builder *b)
{
    for (int state = 0; state == 0;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&b->parser, &event)) {
            syntax_fault(b);
            return NULL;
        }
        state = event_take(b, &event);
        yaml_event_delete(&event);
        if (state < 0)
            return NULL;
    }
    return b->root;
}

const tj_node *tj_yaml_read(tj_source *source, tj_mark origin, const char *text, size_t size, tj_arena *arena)
{
    const tj_node *root = NULL;
    builder *b = calloc(1, sizeof *b);
    if (b == NULL || !yaml_parser_initialize(&b->parser)) {
        source->diags->memory_short = 1;
        free(b);
        return NULL;
    }
    b->source = source;
    b->arena = arena;
    b->origin = origin;
    yaml_parser_set_encoding(&b->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&b->parser, (const unsigned char *)text, size);
    root = build(b);
    yaml_parser_delete(&b->parser);
    free(b);
    return root;
}

int tj_node_empty(const tj_node *node)
{
    return node == NULL ||
           (node->kind == TJ_NODE_SCALAR && node->plain &&
            (node->length == 0 || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0));
}

tj_shown tj_node_show(const tj_node *node)
{
    if (tj_node_empty(node))
        return (tj_shown){"nothing"};
    if (node->kind == TJ_NODE_LIST)
        return (tj_shown){"a list"};
    if (node->kind == TJ_NODE_MAP)
        return (tj_shown){"a mapping"};
    return tj_show(node->text, node->length);
}

/* Appends a node to text[size] from `used` on; returns the bytes used. Depth is bounded by the builder, and a
 * full text ends the walk, however often aliases repeat a node. */
static size_t write_at(const tj_node *node, char *text, size_t size, size_t used)
{
    int map = node->kind == TJ_NODE_MAP;
    if (node->kind == TJ_NODE_SCALAR)
        return used + (size_t)snprintf(text + used, size - used, "%s", node->text);
    used += (size_t)snprintf(text + used, size - used, "%s", map ? "{" : "[");
    for (size_t i = 0; i < node->count && used < size; i++) {
        const char *between = i == 0 ? "" : map && i % 2 == 1 ? ": " : ", ";
        used += (size_t)snprintf(text + used, size - used, "%s", between);
        if (used < size)
            used = write_at(node->items[i], text, size, used);
    }
    if (used < size)
        used += (size_t)snprintf(text + used, size - used, "%s", map ? "}" : "]");
    return used;
}

void tj_node_write(const tj_node *node, char *text, size_t size)
{
    assert(size > 0);
    text[0] = '\0';
    write_at(node, text, size, 0);
}
