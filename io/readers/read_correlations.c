/* `correlations` of study.yaml -> correlations. */
#include "io/readers/files.h"
#include "io/readers/mapping.h"

/* Two different names. */
static void pair_read(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    if (node->kind == TJ_NODE_LIST && node->count == 2)
        tj_read_words(source, node, key, to);
    else
        tj_source_fault(source, node->mark, "found %s, expected two parameters: [a, b]",
                        tj_node_show(node).text);
}

static const tj_key correlation_keys[] = {
    {"parameters", pair_read, offsetof(tj_correlation, parameters), 1, NULL, NULL},
    {"rho", tj_read_number, offsetof(tj_correlation, rho), 1, NULL, NULL},
};
const tj_mapping tj_correlation_mapping = {"a correlation", TJ_KEYS(correlation_keys), sizeof(tj_correlation),
                                           offsetof(tj_correlation, mark), NULL};
