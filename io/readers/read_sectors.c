/* sectors.yaml -> sectors. */
#include "io/readers/files.h"
#include "io/readers/mapping.h"

static const tj_key fleet_keys[] = {
    {"label", tj_read_label, offsetof(tj_fleet, label), 0, NULL, NULL},
    {"technologies", tj_read_ids, offsetof(tj_fleet, technologies), 1, NULL, NULL},
};
static const tj_mapping fleet_mapping = {"a fleet", TJ_KEYS(fleet_keys), sizeof(tj_fleet),
                                         offsetof(tj_fleet, mark), NULL};

static const tj_key waste_keys[] = {
    {"label", tj_read_label, offsetof(tj_waste, label), 0, NULL, NULL},
    {"ddoc", tj_read_quantity, offsetof(tj_waste, ddoc), 1, NULL, "0.06 1"},
    {"half_life", tj_read_quantity, offsetof(tj_waste, half_life), 1, NULL, "6 year"},
};
static const tj_mapping waste_mapping = {"a class of waste", TJ_KEYS(waste_keys), sizeof(tj_waste),
                                         offsetof(tj_waste, mark), NULL};

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
    {"fleets", tj_read_things, offsetof(tj_sector, fleets), 0, &fleet_mapping, NULL},
    {"carrier", tj_read_id, offsetof(tj_sector, carrier), 0, NULL, NULL},
    {"sources", tj_read_ids, offsetof(tj_sector, sources), 0, NULL, NULL},
    {"losses", tj_read_local_quantities, offsetof(tj_sector, losses), 0, NULL, NULL},
    {"in_city", tj_read_local_quantities, offsetof(tj_sector, in_city), 0, NULL, NULL},
    {"removals", tj_read_id, offsetof(tj_sector, removals), 0, NULL, NULL},
    {"wastes", tj_read_things, offsetof(tj_sector, wastes), 0, &waste_mapping, NULL},
    {"methane_share", tj_read_quantity, offsetof(tj_sector, methane_share), 0, NULL, NULL},
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
