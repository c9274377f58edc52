/* Readers of single values and of lists of them; see mapping.h. A value that was refused is left as if it had
 * not been written: the study stays typed. */
#include "io/readers/mapping.h"
#include "io/readers/quantity.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { YEAR_FIRST = 1900, YEAR_LAST = 2200 };

static int text_expect(tj_source *source, const tj_node *node, const char *expected)
{
    if (!tj_source_visit(source, node->mark))
        return 0;
    if (node->kind == TJ_NODE_SCALAR && !tj_node_empty(node))
        return 1;
    tj_source_fault(source, node->mark, "found %s, expected %s", tj_node_show(node).text, expected);
    return 0;
}

void tj_read_text(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    (void)key;
    if (text_expect(source, node, "a text"))
        *(const char **)to = tj_source_text(source, node->text, node->length);
}

void tj_read_word(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    (void)key;
    if (text_expect(source, node, "a name"))
        *(tj_name *)to = (tj_name){tj_source_text(source, node->text, node->length), node->mark};
}

static int letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int tj_id_check(tj_source *source, tj_mark mark, const char *text, size_t length)
{
    size_t i = 0;
    for (int first = 1; i < length; i++) { /* parts between dots begin with a letter */
        char c = text[i];
        if (first ? !letter(c) : !letter(c) && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.')
            break;
        first = c == '.';
    }
    if (length > 0 && i == length && text[length - 1] != '.')
        return 0;
    tj_source_fault(source, mark,
                    "found %s, expected an identifier: letters a-z, digits, '-' and '_', "
                    "beginning with a letter",
                    tj_show(text, length).text);
    return -1;
}

int tj_id_read(tj_source *source, const tj_node *node, tj_name *name)
{
    if (!text_expect(source, node, "an identifier") ||
        tj_id_check(source, node->mark, node->text, node->length) != 0)
        return -1;
    *name = (tj_name){tj_source_text(source, node->text, node->length), node->mark};
    return 0;
}

void tj_read_id(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    (void)key;
    tj_id_read(source, node, to);
}

/* Adds a name that does not stand in the list yet. */
static void names_add(tj_source *source, tj_names *names, const tj_node *node, int id)
{
    tj_name name;
    if (!text_expect(source, node, id ? "an identifier" : "a text") ||
        (id && tj_id_check(source, node->mark, node->text, node->length) != 0))
        return;
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i].text, node->text) == 0) {
            tj_source_fault(source, node->mark, "%s stands twice; it stands in line %u, column %u already",
                            tj_node_show(node).text, names->items[i].mark.line, names->items[i].mark.column);
            return;
        }
    name = (tj_name){tj_source_text(source, node->text, node->length), node->mark};
    tj_name *item = tj_source_append(source, names, sizeof name);
    if (item != NULL)
        *item = name;
}

static void names_read(tj_source *source, const tj_node *node, tj_names *names, int id)
{
    int one = node->kind == TJ_NODE_SCALAR && !tj_node_empty(node);
    if (one || node->kind == TJ_NODE_LIST)
        names->mark = node->mark;
    if (one) {
        names_add(source, names, node, id);
        return;
    }
    if (!tj_node_expect(source, node, TJ_NODE_LIST, "a list of names: [a, b]"))
        return;
    for (size_t i = 0; i < node->count; i++)
        names_add(source, names, node->items[i], id);
}

void tj_read_ids(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    (void)key;
    names_read(source, node, to, 1);
}

void tj_read_words(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    (void)key;
    names_read(source, node, to, 0);
}

static const tj_key label_keys[] = {
    {"en", tj_read_text, offsetof(tj_label, en), 0, NULL, NULL},
    {"fr", tj_read_text, offsetof(tj_label, fr), 0, NULL, NULL},
    {"sv", tj_read_text, offsetof(tj_label, sv), 0, NULL, NULL},
};
static const tj_mapping label_mapping = {"a text by language", TJ_KEYS(label_keys), sizeof(tj_label),
                                         TJ_NO_MARK, NULL};

void tj_read_label(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    (void)key;
    if (node->kind == TJ_NODE_MAP) {
        tj_mapping_read(source, node, node->mark, &label_mapping, to);
    } else if (text_expect(source, node, "a text, or one by language: {en: …, fr: …, sv: …}")) {
        const char *text = tj_source_text(source, node->text, node->length);
        *(tj_label *)to = (tj_label){text, text, text};
    }
}

int tj_quality_text(tj_source *source, tj_mark mark, const char *text, tj_quality *quality)
{
    static const char *const words[] = {"measured", "backcast", "assumed"};
    for (int i = 0; i < 3; i++)
        if (strcmp(words[i], text) == 0) {
            *quality = (tj_quality)(TJ_QUALITY_MEASURED + i);
            return 0;
        }
    tj_source_unknown(source, mark, "quality", text, "", words, 3);
    return -1;
}

void tj_read_quality(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    (void)key;
    if (text_expect(source, node, "measured, backcast or assumed"))
        tj_quality_text(source, node->mark, node->text, to);
}

int tj_year_text(tj_source *source, tj_mark mark, const char *text, size_t length, tj_year *year)
{
    int value = 0, whole = length > 0 && length < 9 && text[0] != '0'; /* a year is written in one way */
    for (size_t i = 0; whole && i < length; i++) {
        whole = text[i] >= '0' && text[i] <= '9';
        value = 10 * value + (text[i] - '0');
    }
    if (!whole)
        tj_source_fault(source, mark, "found %s, expected a whole year, such as 2030",
                        tj_show(text, length).text);
    else if (value < YEAR_FIRST || value > YEAR_LAST)
        tj_source_fault(source, mark, "found %s, expected a year from %d to %d", tj_show(text, length).text,
                        YEAR_FIRST, YEAR_LAST);
    else
        *year = (tj_year){value, mark};
    return whole && value >= YEAR_FIRST && value <= YEAR_LAST ? 0 : -1;
}

void tj_read_year(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    (void)key;
    if (text_expect(source, node, "a whole year, such as 2030"))
        tj_year_text(source, node->mark, node->text, node->length, to);
}

/* Reads a whole number from 0 to `most`, which `limit` names; 0 where it is none, and that is said. */
static int whole_number(tj_source *source, const tj_node *node, uint64_t most, const char *limit,
                        uint64_t *value)
{
    *value = 0;
    if (!text_expect(source, node, "a whole number"))
        return 0;
    for (size_t i = 0; i < node->length; i++) {
        unsigned digit = (unsigned)(node->text[i] - '0');
        if (digit > 9) {
            tj_source_fault(source, node->mark, "found %s, expected a whole number", tj_node_show(node).text);
            return 0;
        }
        if (*value > (most - digit) / 10) {
            tj_source_fault(source, node->mark, "found %s, expected a whole number below %s",
                            tj_node_show(node).text, limit);
            return 0;
        }
        *value = 10 * *value + digit;
    }
    return 1;
}

void tj_read_integer(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    uint64_t value;
    (void)key;
    if (whole_number(source, node, INT64_MAX, "2^63", &value))
        *(tj_integer *)to = (tj_integer){(int64_t)value, node->mark};
}

void tj_read_seed(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    uint64_t value;
    (void)key;
    if (whole_number(source, node, UINT64_MAX, "2^64", &value))
        *(tj_seed *)to = (tj_seed){value, node->mark};
}

void tj_read_switch(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};
    (void)key;
    if (!text_expect(source, node, "yes or no"))
        return;
    for (int i = 0; i < 6; i++)
        if (strcmp(words[i], node->text) == 0) {
            *(tj_integer *)to = (tj_integer){i % 2, node->mark};
            return;
        }
    tj_source_fault(source, node->mark, "found %s, expected yes or no", tj_node_show(node).text);
}

void tj_read_number(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    double value;
    (void)key;
    if (tj_source_visit(source, node->mark) && tj_number_node(source, node, &value) == 0)
        *(tj_quantity *)to = (tj_quantity){
            {.p = {value}}, {{0}}, tj_source_text(source, node->text, node->length), node->mark};
}

void tj_read_quantity(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    tj_quantity_node(source, node, key->example, to);
}

void tj_read_quantities(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    if (!tj_node_expect(source, node, TJ_NODE_LIST, "a list of numbers with units: [5 %, 50 %, 95 %]"))
        return;
    for (size_t i = 0; i < node->count; i++) {
        tj_quantity quantity, *item;
        if (tj_quantity_node(source, node->items[i], key->example, &quantity) != 0)
            continue;
        item = tj_source_append(source, to, sizeof *item);
        if (item != NULL)
            *item = quantity;
    }
}
