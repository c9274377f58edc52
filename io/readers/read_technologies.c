/* technologies.yaml -> energy carriers, technologies and fuels. */
#include "io/readers/files.h"
#include "io/readers/mapping.h"

static const tj_key carrier_keys[] = {
    {"label", tj_read_label, offsetof(tj_carrier, label), 0, NULL, NULL},
    {"account", tj_read_word, offsetof(tj_carrier, account), 1, NULL, NULL},
};
static const tj_mapping carrier_mapping = {"a carrier", TJ_KEYS(carrier_keys), sizeof(tj_carrier),
                                           offsetof(tj_carrier, mark), NULL};

static const tj_key life_keys[] = {
    {"lambda", tj_read_quantity, offsetof(tj_technology, lambda), 1, NULL, "17 year"},
    {"beta", tj_read_number, offsetof(tj_technology, beta), 1, NULL, NULL},
};
static const tj_mapping life_mapping = {"a life", TJ_KEYS(life_keys), 0, TJ_NO_MARK, NULL};

static const tj_key technology_keys[] = {
    {"label", tj_read_label, offsetof(tj_technology, label), 0, NULL, NULL},
    {"carriers", tj_read_local_quantities, offsetof(tj_technology, carriers), 1, NULL, NULL},
    {"life", tj_read_record, 0, 0, &life_mapping, NULL}, /* without one, the compiler says what lacks */
    {"market_year", tj_read_year, offsetof(tj_technology, market_year), 0, NULL, NULL},
    {"quality", tj_read_quality, offsetof(tj_technology, quality), 0, NULL, NULL},
    {"source", tj_read_text, offsetof(tj_technology, source), 0, NULL, NULL},
};
static const tj_mapping technology_mapping = {"a technology", TJ_KEYS(technology_keys), sizeof(tj_technology),
                                              offsetof(tj_technology, mark), NULL};

static const tj_key fuel_keys[] = {
    {"label", tj_read_label, offsetof(tj_fuel, label), 0, NULL, NULL},
    {"factor", tj_read_quantity, offsetof(tj_fuel, factor), 1, NULL, "0.2 t CO2/MWh"},
    {"efficiency", tj_read_quantity, offsetof(tj_fuel, efficiency), 1, NULL, "90 %"},
    {"quality", tj_read_quality, offsetof(tj_fuel, quality), 0, NULL, NULL},
    {"source", tj_read_text, offsetof(tj_fuel, source), 0, NULL, NULL},
};
static const tj_mapping fuel_mapping = {"a fuel", TJ_KEYS(fuel_keys), sizeof(tj_fuel),
                                        offsetof(tj_fuel, mark), NULL};

static const tj_key keys[] = {
    {"carriers", tj_read_things, offsetof(tj_study, carriers), 0, &carrier_mapping, NULL},
    {"technologies", tj_read_things, offsetof(tj_study, technologies), 0, &technology_mapping, NULL},
    {"fuels", tj_read_things, offsetof(tj_study, fuels), 0, &fuel_mapping, NULL},
};

void tj_read_technologies(tj_source *source, const tj_node *root)
{
    tj_file_read(source, root, "technologies.yaml", TJ_KEYS(keys));
}
