/* backgrounds.yaml -> backgrounds with their national paths. */
#include "io/readers/files.h"
#include "io/readers/mapping.h"

static const tj_key path_keys[] = {
    {"points", tj_read_points, offsetof(tj_path, points), 1, NULL, "1 1"},
    {"quality", tj_read_quality, offsetof(tj_path, quality), 0, NULL, NULL},
    {"source", tj_read_text, offsetof(tj_path, source), 0, NULL, NULL},
};
static const tj_mapping path_mapping = {"a national path", TJ_KEYS(path_keys), sizeof(tj_path),
                                        offsetof(tj_path, mark), NULL};

/* The paths of one country, by name. */
static void country_read(tj_source *source, const tj_node *node, tj_name country, void *list)
{
    if (!tj_node_expect(source, node, TJ_NODE_MAP, "the paths of a country by name"))
        return;
    for (size_t i = 0; i < tj_node_pairs(node); i++) {
        tj_name name;
        if (tj_id_read(source, tj_node_key(node, i), &name) != 0)
            continue;
        tj_path *path = tj_source_append(source, list, sizeof *path);
        if (path == NULL)
            return;
        path->country = country;
        path->name = name;
        tj_mapping_read(source, tj_node_value(node, i), name.mark, &path_mapping, path);
    }
}

static void paths_read(tj_source *source, const tj_node *node, const tj_key *key, void *to)
{
    (void)key;
    if (!tj_node_expect(source, node, TJ_NODE_MAP, "paths by country: {SWE: …}"))
        return;
    for (size_t i = 0; i < tj_node_pairs(node); i++) {
        tj_name country;
        if (tj_id_read(source, tj_node_key(node, i), &country) == 0)
            country_read(source, tj_node_value(node, i), country, to);
    }
}

static const tj_key background_keys[] = {
    {"label", tj_read_label, offsetof(tj_background, label), 0, NULL, NULL},
    {"paths", paths_read, offsetof(tj_background, paths), 1, NULL, NULL},
};
static const tj_mapping background_mapping = {"a background", TJ_KEYS(background_keys), sizeof(tj_background),
                                              offsetof(tj_background, mark), NULL};

static const tj_key keys[] = {
    {"backgrounds", tj_read_things, offsetof(tj_study, backgrounds), 1, &background_mapping, NULL},
};

void tj_read_backgrounds(tj_source *source, const tj_node *root)
{
    tj_file_read(source, root, "backgrounds.yaml", TJ_KEYS(keys));
}
