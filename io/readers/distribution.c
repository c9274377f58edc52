/* Distributions; see distribution.h. The names of parameters, which of them carry the unit and what must hold
 * come from tj_dists: a new distribution needs no line here. */
#include "io/readers/distribution.h"

#include "io/readers/quantity.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARAMETERS = 4, WRITTEN_BYTES = 160 };

typedef struct reading {
    tj_source *source;
    const tj_dist_record *record;
    const char *example;
    char where[48];         /* "a triangular distribution" */
    tj_dimension dimension; /* of the first parameter with a unit */
    int has_dimension;
} reading;

static size_t names_list(const char *names[TJ_DIST_KINDS])
{
    size_t count = 0;
    for (int kind = TJ_DIST_FIXED + 1; kind < TJ_DIST_KINDS; kind++)
        names[count++] = tj_dists[kind].name;
    return count;
}

int tj_node_is_distribution(const tj_node *node)
{
    if (node->kind != TJ_NODE_MAP || tj_node_pairs(node) == 0)
        return 0;
    const tj_node *key = tj_node_key(node, 0), *value = tj_node_value(node, 0);
    if (tj_dist_find(key->text) != NULL)
        return 1;
    if (tj_node_pairs(node) != 1 || value->kind != TJ_NODE_MAP || strcmp(key->text, "default") == 0)
        return 0;
    return tj_node_pairs(value) == 0 || tj_dist_find(tj_node_key(value, 0)->text) == NULL;
}

/* One parameter, canonical: with a unit like the others', or bare. */
static int parameter_read(reading *r, const tj_node *node, int with_unit, double *value)
{
    if (!with_unit)
        return tj_number_node(r->source, node, value);
    tj_quantity q = {0};
    if (node->kind != TJ_NODE_SCALAR) {
        tj_source_fault(r->source, node->mark, "found %s, expected a number with a unit in %s",
                        tj_node_show(node).text, r->where);
        return -1;
    }
    if (tj_quantity_node(r->source, node, r->example, &q) != 0)
        return -1;
    if (r->has_dimension && !tj_dimension_equal(r->dimension, q.dimension)) {
        char one[64], other[64];
        tj_dimension_name(q.dimension, one, sizeof one);
        tj_dimension_name(r->dimension, other, sizeof other);
        tj_source_fault(r->source, node->mark, "found %s (in %s), expected the unit before it in %s (in %s)",
                        tj_node_show(node).text, one, r->where, other);
        return -1;
    }
    r->dimension = q.dimension;
    r->has_dimension = 1;
    *value = q.dist.p[0];
    return 0;
}

/* p5 -> 0.05; 0 where the key is no percentile. */
static double percentile(const char *key)
{
    char *end;
    if (key[0] != 'p' || key[1] < '1' || key[1] > '9')
        return 0;
    long percent = strtol(key + 1, &end, 10);
    return *end == '\0' && percent < 100 ? (double)percent / 100 : 0;
}

static int by_quantiles(const tj_dist_record *record, const tj_node *map)
{
    for (size_t i = 0; record->by_quantiles && i < tj_node_pairs(map); i++)
        if (percentile(tj_node_key(map, i)->text) > 0)
            return 1;
    return 0;
}

static int quantiles_read(reading *r, const tj_node *map, tj_dist *dist)
{
    double q[2], x[2];
    if (tj_node_pairs(map) != 2) {
        tj_source_fault(r->source, map->mark,
                        "found %zu keys in %s, expected two percentiles, such as p5 and p95",
                        tj_node_pairs(map), r->where);
        return -1;
    }
    for (size_t i = 0; i < 2; i++) {
        const tj_node *key = tj_node_key(map, i);
        q[i] = percentile(key->text);
        if (q[i] == 0) {
            tj_source_fault(r->source, key->mark, "found %s in %s, expected a percentile from p1 to p99",
                            tj_node_show(key).text, r->where);
            return -1;
        }
        if (parameter_read(r, tj_node_value(map, i), 1, &x[i]) != 0)
            return -1;
    }
    int first = q[0] < q[1] ? 0 : 1, second = 1 - first;
    const char *fault =
        tj_dist_from_quantiles(r->record->kind, q[first], x[first], q[second], x[second], dist);
    if (fault != NULL)
        tj_source_fault(r->source, map->mark, "impossible %s distribution: %s", r->record->name, fault);
    return fault == NULL ? 0 : -1;
}

static const tj_node *value_of(const tj_node *map, const char *name)
{
    for (size_t i = 0; i < tj_node_pairs(map); i++)
        if (strcmp(tj_node_key(map, i)->text, name) == 0)
            return tj_node_value(map, i);
    return NULL;
}

/* Faults keys that are no parameter, and parameters that are missing. */
static int parameters_check(reading *r, const tj_node *map)
{
    size_t count = 0, errors = r->source->errors;
    while (count < PARAMETERS && r->record->parameters[count] != NULL)
        count++;
    for (size_t i = 0; i < tj_node_pairs(map); i++) {
        const tj_node *key = tj_node_key(map, i);
        size_t known = 0;
        while (known < count && strcmp(r->record->parameters[known], key->text) != 0)
            known++;
        if (known == count)
            tj_source_unknown(r->source, key->mark, "key", key->text, r->where, r->record->parameters, count);
    }
    for (size_t i = 0; i < count; i++)
        if (value_of(map, r->record->parameters[i]) == NULL)
            tj_source_fault(r->source, map->mark, "key '%s' is missing in %s", r->record->parameters[i],
                            r->where);
    return r->source->errors == errors ? 0 : -1;
}

/* A list of numbers into the study's arena. */
static int numbers_read(reading *r, const tj_node *list, int with_unit, const double **numbers)
{
    if (list->kind != TJ_NODE_LIST) {
        tj_source_fault(r->source, list->mark, "found %s, expected a list of numbers: [1, 2]",
                        tj_node_show(list).text);
        return -1;
    }
    double *to = tj_arena_alloc(&r->source->study->arena, list->count, sizeof *to);
    if (to == NULL) {
        r->source->diags->memory_short = 1;
        return -1;
    }
    for (size_t i = 0; i < list->count; i++)
        if (!tj_source_visit(r->source, list->mark) ||
            parameter_read(r, list->items[i], with_unit, &to[i]) != 0)
            return -1;
    *numbers = to;
    return 0;
}

static int discrete_read(reading *r, const tj_node *map, tj_dist *dist)
{
    const tj_node *values = value_of(map, "values"), *weights = value_of(map, "weights");
    if (numbers_read(r, values, 1, &dist->values) != 0 || numbers_read(r, weights, 0, &dist->weights) != 0)
        return -1;
    if (values->count != weights->count) {
        tj_source_fault(r->source, weights->mark, "found %zu weights for %zu values", weights->count,
                        values->count);
        return -1;
    }
    dist->count = values->count;
    return 0;
}

static int parameters_read(reading *r, const tj_node *map, tj_dist *dist)
{
    dist->kind = r->record->kind;
    if (parameters_check(r, map) != 0)
        return -1;
    if (r->record->kind == TJ_DIST_DISCRETE) {
        if (discrete_read(r, map, dist) != 0)
            return -1;
    } else {
        int errors = 0;
        for (int i = 0; i < PARAMETERS && r->record->parameters[i] != NULL; i++)
            errors |= parameter_read(r, value_of(map, r->record->parameters[i]),
                                     (r->record->has_unit >> i) & 1, &dist->p[i]);
        if (errors != 0)
            return -1;
    }
    const char *fault = r->record->fault(dist);
    if (fault != NULL)
        tj_source_fault(r->source, map->mark, "impossible %s distribution: %s", r->record->name, fault);
    return fault == NULL ? 0 : -1;
}

/* The record that the mapping's only key names; NULL after a fault. */
static const tj_dist_record *record_find(tj_source *source, const tj_node *node)
{
    const char *names[TJ_DIST_KINDS];
    if (tj_node_pairs(node) != 1) {
        tj_source_fault(source, node->mark,
                        "found a mapping of %zu keys, expected a number with a unit or one "
                        "distribution",
                        tj_node_pairs(node));
        return NULL;
    }
    const tj_node *key = tj_node_key(node, 0), *value = tj_node_value(node, 0);
    const tj_dist_record *record = tj_dist_find(key->text);
    if (record == NULL || record->kind == TJ_DIST_FIXED) {
        tj_source_unknown(source, key->mark, "distribution", key->text, "", names, names_list(names));
        return NULL;
    }
    if (value->kind != TJ_NODE_MAP) {
        tj_source_fault(source, value->mark, "found %s, expected the parameters of a %s distribution",
                        tj_node_show(value).text, record->name);
        return NULL;
    }
    return record;
}

int tj_distribution_read(tj_source *source, const tj_node *node, const char *example, tj_quantity *quantity)
{
    reading r = {.source = source, .example = example};
    tj_dist dist = {0};
    char written[WRITTEN_BYTES];
    r.record = record_find(source, node);
    if (r.record == NULL)
        return -1;
    const tj_node *map = tj_node_value(node, 0);
    snprintf(r.where, sizeof r.where, "a %s distribution", r.record->name);
    int bad = by_quantiles(r.record, map) ? quantiles_read(&r, map, &dist) : parameters_read(&r, map, &dist);
    if (bad != 0)
        return -1;
    tj_node_write(node, written, sizeof written);
    *quantity =
        (tj_quantity){dist, r.dimension, tj_source_text(source, written, strlen(written)), node->mark};
    return 0;
}
