/* Numbers with units, and distributions of them -> tj_quantity in canonical units. */
#ifndef TJ_IO_READERS_QUANTITY_H
#define TJ_IO_READERS_QUANTITY_H

#include "io/readers/yaml_tree.h"

/* `example` is shown where a number or its unit is missing; NULL: a percentage made from what was found.
 * Each returns 0, or -1 after a fault; the quantity is then as if not given. */

/* "35 %", "120 kt CO2e"; or a distribution as a mapping. */
int tj_quantity_node(tj_source *source, const tj_node *node, const char *example, tj_quantity *quantity);

/* A bare number. */
int tj_number_node(tj_source *source, const tj_node *node, double *value);

/* Whether a mapping is a distribution rather than values by place: its only key names one, or holds a
 * mapping as a misspelt one does. */
int tj_node_is_distribution(const tj_node *node);

/* A unit with a fault that points at the symbol not understood; `whole` is the text for the message. */
int tj_unit_read(tj_source *source, tj_mark mark, const char *text, size_t length, const char *whole,
                 tj_unit *unit);

#endif
