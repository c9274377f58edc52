/* sectors.yaml -> sectors. */
#include "io/readers/files.h"
#include "io/readers/mapping.h"

static const tj_key sector_keys[] = {
    {"label", tj_read_label, offsetof(tj_sector, label), 0, NULL, NULL},
    {"gpc", tj_read_words, offsetof(tj_sector, gpc), 0, NULL, NULL},
    {"account", tj_read_word, offsetof(tj_sector, account), 0, NULL, NULL},
    {"method", tj_read_local_words, offsetof(tj_sector, method), 0, NULL, NULL},
    {"national", tj_read_local_words, offsetof(tj_sector, national), 0, NULL, NULL},
    {"paths", tj_read_ids, offsetof(tj_sector, paths), 0, NULL, NULL},
    {"carriers", tj_read_ids, offsetof(tj_sector, carriers), 0, NULL, NULL},
    {"ets_share", tj_read_local_quantities, offsetof(tj_sector, ets_share), 0, NULL, NULL},
    {"ets_source", tj_read_text, offsetof(tj_sector, ets_source), 0, NULL, NULL},
};
static const tj_mapping sector_mapping = {"a sector", TJ_KEYS(sector_keys), sizeof(tj_sector),
                                          offsetof(tj_sector, mark), NULL};

static const tj_key keys[] = {
    {"sectors", tj_read_things, offsetof(tj_study, sectors), 1, &sector_mapping, NULL},
};

void tj_read_sectors(tj_source *source, const tj_node *root)
{
    tj_file_read(source, root, "sectors.yaml", TJ_KEYS(keys));
}
