/* {triangular: {low: 4 %, mode: 8 %, high: 12 %}} -> tj_quantity, from the engine's list of distributions. */
#ifndef TJ_IO_READERS_DISTRIBUTION_H
#define TJ_IO_READERS_DISTRIBUTION_H

#include "io/readers/yaml_tree.h"

/* Returns 0, or -1 after a fault. `example` as in quantity.h. */
int tj_distribution_read(tj_source *source, const tj_node *node, const char *example, tj_quantity *quantity);

#endif
