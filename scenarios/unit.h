/* Units: a small table of our own (docs/study-format.md lists it).
 *
 * A unit is a product of dimensions with integer exponents and a factor to the canonical unit:
 * MWh, MW, t (of gas or of matter), km, m2, person, vehicle, EUR, year; a pure number is "1". */
#ifndef TJ_SCENARIOS_UNIT_H
#define TJ_SCENARIOS_UNIT_H

#include <stddef.h>

typedef enum tj_base_dim {
    TJ_BASE_ENERGY,   /* MWh */
    TJ_BASE_MASS,     /* t */
    TJ_BASE_DISTANCE, /* km */
    TJ_BASE_AREA,     /* m2 */
    TJ_BASE_PERSON,
    TJ_BASE_VEHICLE,
    TJ_BASE_MONEY, /* EUR */
    TJ_BASE_TIME,  /* year */
    TJ_BASE_DIMS
} tj_base_dim;

typedef struct tj_dimension {
    signed char exponent[TJ_BASE_DIMS];
} tj_dimension;

typedef struct tj_unit {
    tj_dimension dimension;
    double factor; /* canonical = value * factor */
} tj_unit;

/* Parses "kt CO2e", "EUR/MWh", "%", "t/person", "g CO2e/kWh", "1", "%/year". A gas name after a mass
 * (CO2, CO2e, CO2-equiv, CH4, N2O) is kept out of the dimension. Returns 0, or -1 for an unknown unit
 * with *bad pointing at the symbol that was not understood (within `text`, `bad_length` bytes). */
int tj_unit_parse(const char *text, size_t length, tj_unit *unit, const char **bad, size_t *bad_length);

/* value * factor, rounded once where the unit is a whole fraction: 35 % is exactly 0.35. */
double tj_unit_convert(const tj_unit *unit, double value);

int tj_dimension_equal(tj_dimension a, tj_dimension b);

/* Canonical name of a dimension for messages: "1", "MWh", "t", "t/MWh", "t/year" … into text[size]. */
void tj_dimension_name(tj_dimension dimension, char *text, size_t size);

/* Symbols known, for messages and `trajekt list units`. */
extern const char *const tj_unit_symbols[];
extern const size_t tj_unit_symbols_count;

#endif
