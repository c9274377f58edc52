/* Units: one table of symbols, a left-to-right parser; see unit.h.
 *
 * Place in the path of the data: text of a quantity -> factor and dimension. A '/' divides by the one
 * symbol that follows it. An hour is 1/8760 of a year; a tonne of oil equivalent is 11.63 MWh. */
#include "scenarios/unit.h"

#include <assert.h>
#include <float.h>
#include <stdio.h>
#include <string.h>

enum { EXPONENT_MOST = 9, PURE = -1 };

/* symbol, base dimension (PURE: none), factor to the canonical unit */
#define UNITS(X)                                                                                             \
    X("J", TJ_BASE_ENERGY, 1 / 3.6e9)                                                                        \
    X("kJ", TJ_BASE_ENERGY, 1 / 3.6e6)                                                                       \
    X("MJ", TJ_BASE_ENERGY, 1 / 3.6e3)                                                                       \
    X("GJ", TJ_BASE_ENERGY, 1 / 3.6)                                                                         \
    X("TJ", TJ_BASE_ENERGY, 1e3 / 3.6)                                                                       \
    X("PJ", TJ_BASE_ENERGY, 1e6 / 3.6)                                                                       \
    X("Wh", TJ_BASE_ENERGY, 1e-6)                                                                            \
    X("kWh", TJ_BASE_ENERGY, 1e-3)                                                                           \
    X("MWh", TJ_BASE_ENERGY, 1)                                                                              \
    X("GWh", TJ_BASE_ENERGY, 1e3)                                                                            \
    X("TWh", TJ_BASE_ENERGY, 1e6)                                                                            \
    X("toe", TJ_BASE_ENERGY, 11.63)                                                                          \
    X("ktoe", TJ_BASE_ENERGY, 11630)                                                                         \
    X("g", TJ_BASE_MASS, 1e-6)                                                                               \
    X("kg", TJ_BASE_MASS, 1e-3)                                                                              \
    X("t", TJ_BASE_MASS, 1)                                                                                  \
    X("kt", TJ_BASE_MASS, 1e3)                                                                               \
    X("Mt", TJ_BASE_MASS, 1e6)                                                                               \
    X("Gt", TJ_BASE_MASS, 1e9)                                                                               \
    X("m", TJ_BASE_DISTANCE, 1e-3)                                                                           \
    X("km", TJ_BASE_DISTANCE, 1)                                                                             \
    X("vkm", TJ_BASE_DISTANCE, 1)                                                                            \
    X("pkm", TJ_BASE_DISTANCE, 1)                                                                            \
    X("m2", TJ_BASE_AREA, 1)                                                                                 \
    X("ha", TJ_BASE_AREA, 1e4)                                                                               \
    X("km2", TJ_BASE_AREA, 1e6)                                                                              \
    X("person", TJ_BASE_PERSON, 1)                                                                           \
    X("persons", TJ_BASE_PERSON, 1)                                                                          \
    X("inhabitant", TJ_BASE_PERSON, 1)                                                                       \
    X("vehicle", TJ_BASE_VEHICLE, 1)                                                                         \
    X("vehicles", TJ_BASE_VEHICLE, 1)                                                                        \
    X("car", TJ_BASE_VEHICLE, 1)                                                                             \
    X("cars", TJ_BASE_VEHICLE, 1)                                                                            \
    X("EUR", TJ_BASE_MONEY, 1)                                                                               \
    X("kEUR", TJ_BASE_MONEY, 1e3)                                                                            \
    X("MEUR", TJ_BASE_MONEY, 1e6)                                                                            \
    X("year", TJ_BASE_TIME, 1)                                                                               \
    X("years", TJ_BASE_TIME, 1)                                                                              \
    X("yr", TJ_BASE_TIME, 1)                                                                                 \
    X("a", TJ_BASE_TIME, 1)                                                                                  \
    X("h", TJ_BASE_TIME, 1.0 / 8760)                                                                         \
    X("1", PURE, 1)                                                                                          \
    X("%", PURE, 1e-2)                                                                                       \
    X("‰", PURE, 1e-3)

typedef struct unit_record {
    const char *symbol;
    int base;
    double factor;
} unit_record;

#define RECORD(symbol, base, factor) {symbol, base, factor},
#define SYMBOL(symbol, base, factor) symbol,
static const unit_record units[] = {UNITS(RECORD)};
const char *const tj_unit_symbols[] = {UNITS(SYMBOL)};
const size_t tj_unit_symbols_count = sizeof tj_unit_symbols / sizeof tj_unit_symbols[0];

static const char *const base_names[TJ_BASE_DIMS] = {"MWh",    "t",       "km",  "m2",
                                                     "person", "vehicle", "EUR", "year"};
static const char *const gases[] = {"CO2e", "CO2-equiv", "CO2", "CH4", "N2O"};

static int equal(const char *name, const char *text, size_t length)
{
    return strlen(name) == length && memcmp(name, text, length) == 0;
}

static const unit_record *unit_find(const char *text, size_t length)
{
    for (size_t i = 0; i < tj_unit_symbols_count; i++)
        if (equal(units[i].symbol, text, length))
            return &units[i];
    return NULL;
}

static int gas_is(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof gases / sizeof gases[0]; i++)
        if (equal(gases[i], text, length))
            return 1;
    return 0;
}

/* A symbol, or a symbol with a power digit; NULL where unknown. */
static const unit_record *factor_find(const char *text, size_t length, int *power)
{
    const unit_record *record = unit_find(text, length);
    *power = 1;
    if (record == NULL && length > 1 && text[length - 1] >= '2' && text[length - 1] <= '9') {
        *power = text[length - 1] - '0';
        record = unit_find(text, length - 1);
    }
    return record;
}

/* Multiplies (sign 1) or divides (sign -1) by one symbol; 0, or -1 where it is unknown or too much. */
static int factor_apply(tj_unit *unit, const unit_record *record, int power, int sign)
{
    for (int i = 0; i < power; i++)
        unit->factor = sign > 0 ? unit->factor * record->factor : unit->factor / record->factor;
    if (!(unit->factor > DBL_MIN && unit->factor < DBL_MAX))
        return -1;
    if (record->base == PURE)
        return 0;
    int exponent = unit->dimension.exponent[record->base] + sign * power;
    if (exponent < -EXPONENT_MOST || exponent > EXPONENT_MOST)
        return -1;
    unit->dimension.exponent[record->base] = (signed char)exponent;
    return 0;
}

static int separator(char c)
{
    return c == ' ' || c == '*' || c == '/';
}

/* Skips spaces and at most one '*' or '/'; returns that sign, or ' ' where there is none. */
static char operator_read(const char **at, const char *end)
{
    char found = ' ';
    for (; *at < end && separator(**at); (*at)++) {
        if (**at == ' ')
            continue;
        if (found != ' ')
            break;
        found = **at;
    }
    return found;
}

int tj_unit_parse(const char *text, size_t length, tj_unit *unit, const char **bad, size_t *bad_length)
{
    const char *at = text, *end = text + length;
    int after_mass = 0;
    *unit = (tj_unit){.factor = 1};
    for (int first = 1;; first = 0) {
        const char *before = at;
        char sign = operator_read(&at, end);
        if (!first && at == end && sign == ' ')
            return 0;
        const char *symbol = at;
        while (at < end && !separator(*at))
            at++;
        size_t size = (size_t)(at - symbol);
        int power;
        const unit_record *record = factor_find(symbol, size, &power);
        int misplaced = size == 0 || (first && sign != ' ');
        *bad = misplaced ? before : symbol;
        *bad_length = (size_t)(misplaced ? symbol - before : at - symbol);
        if (misplaced)
            return -1;
        int gas = sign == ' ' && after_mass && gas_is(symbol, size);
        if (!gas && (record == NULL || factor_apply(unit, record, power, sign == '/' ? -1 : 1) != 0))
            return -1;
        after_mass = !gas && record->base == TJ_BASE_MASS;
    }
}

double tj_unit_convert(const tj_unit *unit, double value)
{
    return unit->factor < 1 ? value / (1 / unit->factor) : value * unit->factor;
}

int tj_dimension_equal(tj_dimension a, tj_dimension b)
{
    return memcmp(a.exponent, b.exponent, sizeof a.exponent) == 0;
}

void tj_dimension_name(tj_dimension dimension, char *text, size_t size)
{
    size_t used = 0;
    assert(size > 1);
    text[0] = '\0';
    for (int base = 0; base < TJ_BASE_DIMS; base++)
        for (int i = 0; i < dimension.exponent[base] && used < size; i++)
            used +=
                (size_t)snprintf(text + used, size - used, "%s%s", used == 0 ? "" : " ", base_names[base]);
    if (used == 0)
        used += (size_t)snprintf(text, size, "1");
    for (int base = 0; base < TJ_BASE_DIMS; base++)
        for (int i = 0; i < -dimension.exponent[base] && used < size; i++)
            used += (size_t)snprintf(text + used, size - used, "/%s", base_names[base]);
}
