/* Reading a mapping by a list of key records, so that unknown, missing and wrongly typed keys are handled in
 * one place and each file of the format is a table. */
#ifndef TJ_IO_READERS_MAPPING_H
#define TJ_IO_READERS_MAPPING_H

#include "io/readers/yaml_tree.h"

#include <stddef.h>
#include <stdint.h>

typedef struct tj_key tj_key;
typedef struct tj_mapping tj_mapping;

/* A key that may stand in a mapping, and how its value is read to `to`, `offset` bytes into the record. */
struct tj_key {
    const char *name;
    void (*read)(tj_source *source, const tj_node *node, const tj_key *key, void *to);
    size_t offset;
    int required;
    const tj_mapping *mapping; /* of the items of a list or mapping */
    const char *example;       /* of a quantity; NULL: a percentage */
};

struct tj_mapping {
    const char *what; /* "a package item", for messages */
    const tj_key *keys;
    size_t count;
    size_t size; /* of the record */
    size_t mark; /* offset of its tj_mark; TJ_NO_MARK: it has none */
    /* After the keys, what they must satisfy together; may be NULL. */
    void (*check)(tj_source *source, const tj_node *node, void *record);
};

#define TJ_NO_MARK    SIZE_MAX
#define TJ_KEYS(list) (list), sizeof(list) / sizeof((list)[0])

/* Reads the mapping at `node` into a record; `mark` is where the thing is named. */
void tj_mapping_read(tj_source *source, const tj_node *node, tj_mark mark, const tj_mapping *mapping,
                     void *record);

/* Reads a whole file, whose root is a mapping of `keys` into the study. */
void tj_file_read(tj_source *source, const tj_node *root, const char *what, const tj_key *keys, size_t count);

/* Readers of values, for tj_key.read. What each fills is said beside it. */
typedef void tj_key_read(tj_source *source, const tj_node *node, const tj_key *key, void *to);
tj_key_read tj_read_text;             /* const char *: any text */
tj_key_read tj_read_word;             /* tj_name: any text */
tj_key_read tj_read_id;               /* tj_name: an identifier, or several joined by dots */
tj_key_read tj_read_ids;              /* tj_names: a list of such, or one alone; no name twice */
tj_key_read tj_read_words;            /* tj_names: a list of texts, or one alone; no text twice */
tj_key_read tj_read_label;            /* tj_label */
tj_key_read tj_read_quality;          /* tj_quality */
tj_key_read tj_read_year;             /* tj_year */
tj_key_read tj_read_integer;          /* tj_integer: a whole number from 0 */
tj_key_read tj_read_seed;             /* tj_seed: a whole number from 0, of 64 bits */
tj_key_read tj_read_switch;           /* tj_integer: yes or no */
tj_key_read tj_read_number;           /* tj_quantity: a bare number */
tj_key_read tj_read_quantity;         /* tj_quantity: a number with a unit or a distribution */
tj_key_read tj_read_quantities;       /* list of tj_quantity */
tj_key_read tj_read_local_quantities; /* tj_local_quantities */
tj_key_read tj_read_local_words;      /* tj_local_names */
tj_key_read tj_read_points;           /* list of tj_point, ascending by year */
tj_key_read tj_read_record;           /* a record of key->mapping */
tj_key_read tj_read_records;          /* list of records of key->mapping */
tj_key_read tj_read_things; /* mapping: identifier -> record of key->mapping; tj_name id comes first */

/* The pieces that files with a shape of their own use. Each returns 0, or -1 after a fault. */
int tj_id_read(tj_source *source, const tj_node *node, tj_name *name);
int tj_year_text(tj_source *source, tj_mark mark, const char *text, size_t length, tj_year *year);
int tj_quality_text(tj_source *source, tj_mark mark, const char *text, tj_quality *quality);
int tj_id_check(tj_source *source, tj_mark mark, const char *text, size_t length);

/* 1 where the node is a mapping (list); an empty one where nothing was written, which is 0 without a fault. */
int tj_node_expect(tj_source *source, const tj_node *node, tj_node_kind kind, const char *expected);

#endif
