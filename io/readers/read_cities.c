/* cities.yaml -> countries and cities. */
#include "io/readers/files.h"
#include "io/readers/mapping.h"

static const tj_key country_keys[] = {
    {"label", tj_read_label, offsetof(tj_country, label), 0, NULL, NULL},
    {"noise_from", tj_read_id, offsetof(tj_country, noise_from), 0, NULL, NULL},
};
static const tj_mapping country_mapping = {"a country", TJ_KEYS(country_keys), sizeof(tj_country),
                                           offsetof(tj_country, mark), NULL};

static const tj_key city_keys[] = {
    {"label", tj_read_label, offsetof(tj_city, label), 0, NULL, NULL},
    {"country", tj_read_id, offsetof(tj_city, country), 1, NULL, NULL},
    {"boundary", tj_read_text, offsetof(tj_city, boundary), 0, NULL, NULL},
    {"level", tj_read_quantity, offsetof(tj_city, level), 0, NULL, "1 1"},
    {"level_source", tj_read_text, offsetof(tj_city, level_source), 0, NULL, NULL},
};
static const tj_mapping city_mapping = {"a city", TJ_KEYS(city_keys), sizeof(tj_city),
                                        offsetof(tj_city, mark), NULL};

static const tj_key keys[] = {
    {"countries", tj_read_things, offsetof(tj_study, countries), 1, &country_mapping, NULL},
    {"cities", tj_read_things, offsetof(tj_study, cities), 1, &city_mapping, NULL},
};

void tj_read_cities(tj_source *source, const tj_node *root)
{
    tj_file_read(source, root, "cities.yaml", TJ_KEYS(keys));
}
