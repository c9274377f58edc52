/* YAML -> a tree of nodes that know their place.
 *
 * Invariant: a tree has no cycles and no mapping in it holds a key twice; every key is a scalar. An alias
 * shares the node it refers to, so a tree can be far larger when walked than in memory: walkers count
 * (tj_source_visit). Only this folder knows libyaml. */
#ifndef TJ_IO_READERS_YAML_TREE_H
#define TJ_IO_READERS_YAML_TREE_H

#include "io/readers/source.h"

typedef enum tj_node_kind { TJ_NODE_SCALAR, TJ_NODE_LIST, TJ_NODE_MAP } tj_node_kind;

typedef struct tj_node tj_node;
struct tj_node {
    tj_node_kind kind;
    int plain; /* a scalar without quotes */
    int open;  /* still being built */
    tj_mark mark;
    const char *text; /* of a scalar */
    size_t length;
    const tj_node **items; /* of a list; of a map: key, value, key, value … */
    size_t count, capacity;
};

/* The tree of a text that begins at `origin` (line and column 1 for a file); it lives in `arena`. NULL where
 * there is none: an empty text, or one whose syntax is broken (a fault was added). */
const tj_node *tj_yaml_read(tj_source *source, tj_mark origin, const char *text, size_t size,
                            tj_arena *arena);

/* Nothing was written: a missing node, an empty plain scalar, '~' or 'null'. */
int tj_node_empty(const tj_node *node);

static inline size_t tj_node_pairs(const tj_node *map)
{
    return map->count / 2;
}

static inline const tj_node *tj_node_key(const tj_node *map, size_t i)
{
    return map->items[2 * i];
}

static inline const tj_node *tj_node_value(const tj_node *map, size_t i)
{
    return map->items[2 * i + 1];
}

/* What a node is, for messages: "'35'", "a list", "a mapping", "nothing". */
tj_shown tj_node_show(const tj_node *node);

/* The node in one line of YAML, cut at `size`. */
void tj_node_write(const tj_node *node, char *text, size_t size);

#endif
