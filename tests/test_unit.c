#include "scenarios/unit.h"

#include "harness.h"

#include <string.h>

/* Dimension name and the canonical value of one such unit; "bad: symbol" where not understood. */
static const char *dimension(const char *text, double *one)
{
    static char name[128];
    tj_unit unit;
    const char *bad;
    size_t length;
    if (tj_unit_parse(text, strlen(text), &unit, &bad, &length) != 0) {
        snprintf(name, sizeof name, "bad: %.*s", (int)length, bad);
        return name;
    }
    *one = tj_unit_convert(&unit, 1);
    tj_dimension_name(unit.dimension, name, sizeof name);
    return name;
}

#define CHECK(text, name, value)                                                                             \
    do {                                                                                                     \
        double one = 0;                                                                                      \
        CU_ASSERT_STRING_EQUAL(dimension(text, &one), name);                                                 \
        CU_ASSERT_DOUBLE_EQUAL(one, value, 1e-15 * (value));                                                 \
    } while (0)

static void units_have_their_dimension_and_factor(void)
{
    CHECK("1", "1", 1);
    CHECK("%", "1", 0.01);
    CHECK("‰", "1", 0.001);
    CHECK("kWh", "MWh", 0.001);
    CHECK("TJ", "MWh", 1000 / 3.6); /* 1 MWh = 3.6 GJ */
    CHECK("ktoe", "MWh", 11630);
    CHECK("ha", "m2", 10000);
    CHECK("km2", "m2", 1e6);
    CHECK("MEUR", "EUR", 1e6);
    CHECK("inhabitant", "person", 1);
    CHECK("cars", "vehicle", 1);
    CHECK("h", "year", 1.0 / 8760);
}

static void products_quotients_and_powers_combine(void)
{
    CHECK("kt CO2e", "t", 1000);
    CHECK("g CO2e/kWh", "t/MWh", 1e-3); /* 1e-6 t / 1e-3 MWh */
    CHECK("g CO2-equiv / kWh", "t/MWh", 1e-3);
    CHECK("kt CO2/year", "t/year", 1000);
    CHECK("%/year", "1/year", 0.01);
    CHECK("1/yr", "1/year", 1);
    CHECK("kWh/m2", "MWh/m2", 0.001);
    CHECK("person*km/vehicle", "km person/vehicle", 1);
    CHECK("t/person/a", "t/person/year", 1);
    CHECK("km3", "km km km", 1);
    CHECK("MWh/MWh", "1", 1);
}

static void what_is_not_understood_is_pointed_at(void)
{
    double one;
    CU_ASSERT_STRING_EQUAL(dimension("Kt CO2e", &one), "bad: Kt");
    CU_ASSERT_STRING_EQUAL(dimension("kt CO3", &one), "bad: CO3");
    CU_ASSERT_STRING_EQUAL(dimension("km CO2", &one), "bad: CO2"); /* a gas follows a mass */
    CU_ASSERT_STRING_EQUAL(dimension("t CO2 CO2", &one), "bad: CO2");
    CU_ASSERT_STRING_EQUAL(dimension("kWh/", &one), "bad: /");
    CU_ASSERT_STRING_EQUAL(dimension("/year", &one), "bad: /");
    CU_ASSERT_STRING_EQUAL(dimension("t//year", &one), "bad: /");
    CU_ASSERT_STRING_EQUAL(dimension("", &one), "bad: ");
    CU_ASSERT_STRING_EQUAL(dimension("  ", &one), "bad:   ");
    CU_ASSERT_STRING_EQUAL(dimension("km9 km", &one), "bad: km"); /* exponents end at 9 */
}

static void a_dimension_name_is_a_unit_of_that_dimension(void)
{
    static const char *const texts[] = {"EUR/MWh", "1/year", "t km3/person/year",
                                        "m2*m2",   "%",      "vehicle a/h"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        tj_unit unit, again;
        const char *bad;
        size_t length;
        char name[128];
        CU_ASSERT_EQUAL(tj_unit_parse(texts[i], strlen(texts[i]), &unit, &bad, &length), 0);
        tj_dimension_name(unit.dimension, name, sizeof name);
        CU_ASSERT_EQUAL(tj_unit_parse(name, strlen(name), &again, &bad, &length), 0);
        CU_ASSERT(tj_dimension_equal(unit.dimension, again.dimension));
        CU_ASSERT_EQUAL(again.factor, 1); /* the canonical unit */
    }
}

static void a_percentage_is_exactly_its_decimal(void)
{
    tj_unit percent;
    const char *bad;
    size_t length;
    CU_ASSERT_EQUAL(tj_unit_parse("%", 1, &percent, &bad, &length), 0);
    CU_ASSERT_EQUAL(tj_unit_convert(&percent, 35), 0.35); /* 35 * 0.01 is not */
    CU_ASSERT_EQUAL(tj_unit_convert(&percent, 7), 0.07);
}

static void every_listed_symbol_is_understood(void)
{
    CU_ASSERT(tj_unit_symbols_count > 30);
    for (size_t i = 0; i < tj_unit_symbols_count; i++) {
        tj_unit unit;
        const char *bad;
        size_t length;
        CU_ASSERT_EQUAL(tj_unit_parse(tj_unit_symbols[i], strlen(tj_unit_symbols[i]), &unit, &bad, &length),
                        0);
        CU_ASSERT(unit.factor > 0);
    }
}

static const tj_test tests[] = {
    {"units have their dimension and factor", units_have_their_dimension_and_factor},
    {"products, quotients and powers combine", products_quotients_and_powers_combine},
    {"what is not understood is pointed at", what_is_not_understood_is_pointed_at},
    {"a dimension name is a unit of that dimension", a_dimension_name_is_a_unit_of_that_dimension},
    {"a percentage is exactly its decimal", a_percentage_is_exactly_its_decimal},
    {"every listed symbol is understood", every_listed_symbol_is_understood},
};

int main(void)
{
    return TJ_RUN("units", tests);
}
