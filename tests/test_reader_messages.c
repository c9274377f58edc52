/* The exact message of each fault that a file of a study can have. */
#include "harness.h"
#include "read_texts.h"

#define PACKAGES(items) "packages:\n  a:\n    measures:\n" items
#define EFFECT(effect)  "measures: {m: {effects: [" effect "]}}\n"
#define INVENTORY       "city,year,sector,gas,scope,value,unit,quality\n"

static void a_whole_study_has_none(void)
{
    SAYS(faults("note.txt", "not read"), "");
}

static void an_unknown_key_has_a_nearest_right_one(void)
{
    SAYS(faults("packages.yaml", PACKAGES("      - {measure: c, strenght: 60 %}\n")),
         "packages.yaml:4:22: error: unknown key 'strenght' in a package item; did you mean 'strength'? "
         "allowed: "
         "measure, cities, strength, start");
    SAYS(faults("cities.yaml", "countries: {}\ncities: {}\ntowns: {}\n"),
         "cities.yaml:3:1: error: unknown key 'towns' in cities.yaml; allowed: countries, cities");
    SAYS(faults("study.yaml", "trajekt: 1\nbase_year: 1990\nhorizont: 2050\nreference_package: reference\n"),
         "study.yaml:1:1: error: key 'horizon' is missing in study.yaml\n"
         "study.yaml:3:1: error: unknown key 'horizont' in study.yaml; did you mean 'horizon'? allowed: "
         "trajekt, "
         "title, base_year, horizon, gwp, reference_package, draws, seed, design, quantiles, outputs, "
         "backgrounds, … "
         "(16 in all)");
}

static void a_missing_key_is_named(void)
{
    SAYS(faults("packages.yaml", PACKAGES("      - {strength: 60 %}\n")),
         "packages.yaml:4:9: error: key 'measure' is missing in a package item");
    SAYS(faults("cities.yaml", "countries: {SWE: }\ncities:\n  umea:\n"),
         "cities.yaml:3:3: error: key 'country' is missing in a city");
    SAYS(faults("measures.yaml", EFFECT("{driver: a.b}")),
         "measures.yaml:1:26: error: an effect needs an operator: scale, shift, toward, add, cap or floor");
}

static void a_number_carries_its_unit(void)
{
    SAYS(faults("packages.yaml",
                PACKAGES("      - {measure: c, strength: 0.35}\n      - {measure: d, strength: 35}\n")),
         "packages.yaml:4:32: error: found '0.35', expected a number with a unit, such as '35 %'\n"
         "packages.yaml:5:32: error: found '35', expected a number with a unit, such as '35 %'");
    SAYS(faults("measures.yaml", EFFECT("{driver: a.b, add: 12}")),
         "measures.yaml:1:45: error: found '12', expected a number with a unit, such as '12 kt CO2/year'");
    SAYS(faults("packages.yaml", PACKAGES("      - {measure: c, strength: much}\n")),
         "packages.yaml:4:32: error: found 'much', expected a number with a unit, such as '35 %'");
    SAYS(faults("measures.yaml",
                "measures: {m: {ramp: {shape: logistic, start: 2030, k: 8 1}, effects: []}}\n"),
         "measures.yaml:1:56: error: found '8 1', expected a bare number without a unit");
}

static void an_unknown_unit_is_pointed_at(void)
{
    SAYS(faults("measures.yaml", EFFECT("{driver: a.b, add: 12 Kt CO2/year}")),
         "measures.yaml:1:45: error: unknown unit 'Kt' in '12 Kt CO2/year'; did you mean 'kt'?");
    SAYS(faults("measures.yaml", EFFECT("{driver: a.b, add: 12 bushels}")),
         "measures.yaml:1:45: error: unknown unit 'bushels' in '12 bushels'; allowed are products and "
         "quotients of "
         "those that 'trajekt list units' shows");
    SAYS(faults("measures.yaml", EFFECT("{driver: a.b, add: 1 200 t}")),
         "measures.yaml:1:45: error: unknown unit '200' in '1 200 t'; write thousands without spaces");
}

static void a_decimal_comma_is_refused_in_yaml(void)
{
    SAYS(faults("packages.yaml",
                "packages:\n  a:\n    measures:\n      - measure: c\n        strength: 3,5 %\n"),
         "packages.yaml:5:19: error: found '3,5 %', expected a decimal point: '3.5 %'");
    SAYS(faults("packages.yaml", PACKAGES("      - {measure: c, strength: 3,5 %}\n")),
         "packages.yaml:4:32: error: found '3', expected a number with a unit, such as '3 %'\n"
         "packages.yaml:4:34: error: found '5 %' alone; is it the rest of a number? Decimals have a point: "
         "3.5");
}

static void an_impossible_distribution_says_what_must_hold(void)
{
    SAYS(faults("measures.yaml",
                EFFECT("{driver: a.b, scale: {triangular: {low: 4 %, mode: 8 %, high: 2 %}}}")),
         "measures.yaml:1:60: error: impossible triangular distribution: low must be below high, and mode "
         "between "
         "them");
    SAYS(faults("measures.yaml", EFFECT("{driver: a.b, scale: {lognormal: {p5: 12 %, p95: 3 %}}}")),
         "measures.yaml:1:59: error: impossible lognormal distribution: the lower quantile must be below the "
         "upper "
         "one");
    SAYS(faults("measures.yaml", EFFECT("{driver: a.b, scale: {trianglar: {low: 4 %}}}")),
         "measures.yaml:1:48: error: unknown distribution 'trianglar'; did you mean 'triangular'? allowed: "
         "normal, "
         "lognormal, uniform, triangular, pert, beta, discrete");
    SAYS(faults("measures.yaml", EFFECT("{driver: a.b, scale: {normal: {mean: 4 %, std: 1 %}}}")),
         "measures.yaml:1:56: error: key 'sd' is missing in a normal distribution\n"
         "measures.yaml:1:68: error: unknown key 'std' in a normal distribution; did you mean 'sd'? allowed: "
         "mean, "
         "sd");
    SAYS(faults("measures.yaml", EFFECT("{driver: a.b, scale: {uniform: {low: 4 %, high: 9 km}}}")),
         "measures.yaml:1:74: error: found '9 km' (in km), expected the unit before it in a uniform "
         "distribution "
         "(in 1)");
    SAYS(faults("measures.yaml",
                EFFECT("{driver: a.b, scale: {discrete: {values: [1 %, 2 %], weights: [1]}}}")),
         "measures.yaml:1:88: error: found 1 weights for 2 values");
    SAYS(faults("measures.yaml", EFFECT("{driver: a.b, scale: {normal: {p5: 4 %, p50: 5 %, p95: 9 %}}}")),
         "measures.yaml:1:56: error: found 3 keys in a normal distribution, expected two percentiles, such "
         "as p5 and "
         "p95");
}

static void a_value_of_another_kind_is_shown(void)
{
    SAYS(faults("packages.yaml", "- a\n"),
         "packages.yaml:1:1: error: found a list, expected a mapping (packages.yaml)");
    SAYS(faults("packages.yaml", "packages: {a: {label: [x], measures: b}}\n"),
         "packages.yaml:1:23: error: found a list, expected a text, or one by language: {en: …, fr: …, sv: "
         "…}\n"
         "packages.yaml:1:38: error: found 'b', expected a list of measures, each item beginning with '- '");
    SAYS(
        faults("targets.yaml", "targets: {t: {kind: neutral, active: maybe, base_year: 1850, year: 20.5}}\n"),
        "targets.yaml:1:38: error: found 'maybe', expected yes or no\n"
        "targets.yaml:1:56: error: found '1850', expected a year from 1900 to 2200\n"
        "targets.yaml:1:68: error: found '20.5', expected a whole year, such as 2030");
    SAYS(faults("packages.yaml", "packages: {2a: {measures: []}}\n"),
         "packages.yaml:1:12: error: found '2a', expected an identifier: letters a-z, digits, '-' and '_', "
         "beginning "
         "with a letter");
    SAYS(faults("study.yaml",
                "trajekt: 2\nbase_year: 1990\nhorizon: 2050\nreference_package: r\ndraws: 1e3\n"),
         "study.yaml:1:10: error: found format version 2; this program reads version 1\n"
         "study.yaml:5:8: error: found '1e3', expected a whole number");
    SAYS(faults("study.yaml", "trajekt: 1\nbase_year: 1990\nhorizon: 2050\nreference_package: r\n"
                              "seed: 18446744073709551616\ndraws: 9223372036854775808\n"),
         "study.yaml:5:7: error: found '18446744073709551616', expected a whole number below 2^64\n"
         "study.yaml:6:8: error: found '9223372036854775808', expected a whole number below 2^63");
}

static void what_stands_twice_shows_where_first(void)
{
    SAYS(faults("targets.yaml",
                "targets: {t: {milestones: {2040: 75 %, 2030: 63 %, 2040: 80 %}, kind: path}}\n"),
         "targets.yaml:1:52: error: key '2040' stands twice; it stands in line 1, column 28 already");
    SAYS(faults("targets.yaml", "targets: {t: {milestones: {2040: 75 %, 02040: 63 %}, kind: path}}\n"),
         "targets.yaml:1:40: error: found '02040', expected a whole year, such as 2030");
    SAYS(faults("packages.yaml", "packages:\n  a: {measures: []}\n  a: {measures: []}\n"),
         "packages.yaml:3:3: error: key 'a' stands twice; it stands in line 2, column 3 already");
    SAYS(faults("study.yaml",
                "trajekt: 1\nbase_year: 1990\nhorizon: 2050\nreference_package: r\ncities: [a, b, a]\n"),
         "study.yaml:5:16: error: 'a' stands twice; it stands in line 5, column 10 already");
    SAYS(faults("measures.yaml", EFFECT("{driver: a.b, scale: 1 %, add: 3 t}")),
         "measures.yaml:1:57: error: 'add' beside 'scale' in line 1; an effect has one operator");
}

static void columns_are_those_of_the_file(void)
{
    SAYS(faults("inventory.csv", "city,yaer,sector,gas,scope,value,unit\n"),
         "inventory.csv:1:1: error: column 'year' is missing; columns: "
         "city,year,sector,gas,scope,value,unit,quality,gwp,edition,boundary,source\n"
         "inventory.csv:1:6: error: unknown column 'yaer'; did you mean 'year'? allowed: city, year, sector, "
         "gas, "
         "scope, value, unit, quality, gwp, edition, boundary, source");
    SAYS(faults("gwp.csv", "set,gas,value,unit,gas\n"),
         "gwp.csv:1:20: error: column 'gas' stands twice; it stands in column 5 already");
    SAYS(faults("gwp.csv", "set,gas,value,unit\nAR5,CH4,28\nAR5;CH4;28;1\n"),
         "gwp.csv:2:1: error: found 3 cells, expected 4 as in the header\n"
         "gwp.csv:3:1: error: the line is separated by ';', the header by ','");
    SAYS(faults("gwp.csv", ""),
         "gwp.csv: error: the file is empty, expected a header line: set,gas,value,unit,source");
    SAYS(faults("gwp.csv", "# nothing\n\n"),
         "gwp.csv: error: the file is empty, expected a header line: set,gas,value,unit,source");
}

static void cells_are_of_their_column(void)
{
    SAYS(faults("inventory.csv", INVENTORY "umea,2024,transport,co2e,3,n/a,kt,measured\n"
                                           "umea,1.5,,co2e,1,3 kt,kt,guessed\n"),
         "inventory.csv:2:26: error: found '3', expected scope 1 or 2\n"
         "inventory.csv:2:28: error: found 'n/a', expected a number or one of NO, NE, IE, C\n"
         "inventory.csv:3:6: error: found '1.5', expected a whole year, such as 2030\n"
         "inventory.csv:3:10: error: the cell of column 'sector' is empty\n"
         "inventory.csv:3:18: error: found '3 kt', expected a number alone: no unit, no spaces between "
         "thousands\n"
         "inventory.csv:3:26: error: unknown quality 'guessed'; allowed: measured, backcast, assumed");
    SAYS(faults("inventory.csv",
                INVENTORY "umea,2024,transport,co2e,1,3,,\numea,2024,transport,co2e,1,3,kT,\n"),
         "inventory.csv:2:28: error: the value '3' has no unit\n"
         "inventory.csv:3:30: error: unknown unit 'kT' in 'kT'; did you mean 'kt'?");
    SAYS(faults("gwp.csv", "set,gas,value,unit\nAR5,CH4,\"28,5\",1\n"),
         "gwp.csv:2:9: error: found '28,5', expected a decimal point, as the file is separated by commas");
    SAYS(
        faults("gwp.csv", "set;gas;value;unit\nAR5;CH4;28.5;1\n"),
        "gwp.csv:2:9: error: found '28.5', expected a decimal comma, as the file is separated by semicolons");
    SAYS(faults("drivers.csv",
                "city,driver,kind,value,unit\n*,a.b,constant,\"{uniform: {low: 1 kt, high: 2 kt}}\",kt\n"),
         "drivers.csv:2:53: error: unit: found 'kt' beside a distribution, which carries its unit");
    SAYS(faults("drivers.csv",
                "city,driver,kind,value,unit,spread\n*,a.b,constant,1,kt,\"{normal: {mean: 1 1, sd: 2}}\"\n"
                "*,a.b,year,1,kt,\n*,a.b,grwth,1,kt,\n"),
         "drivers.csv:2:47: error: found '2', expected a number with a unit, such as '1 1'\n"
         "drivers.csv:3:3: error: a row of kind 'year' needs a year\n"
         "drivers.csv:4:7: error: unknown kind 'grwth'; did you mean 'growth'? allowed: year, logistic, "
         "constant, "
         "growth, "
         "background");
}

static void what_is_no_text_is_refused_at_once(void)
{
    tj_study study;
    SAYS(read_with_bytes("pool.csv", "country\nS\0E\n", 12, &study),
         "pool.csv:2:2: error: found a NUL byte (byte 0x00); this is not a text file");
    tj_study_free(&study);
    SAYS(faults("pool.csv", "country\nMalm\xF6\n"),
         "pool.csv:2:5: error: found the byte 0xF6, which is not UTF-8; save the file as 'UTF-8'");
    SAYS(faults("packages.yaml", "packages: \x1b[2J\n"),
         "packages.yaml:1:11: error: found a control character (byte 0x1B); this is not a text file");
    SAYS(faults("pool.csv", "\xFF\xFE"
                            "c"),
         "pool.csv:1:1: error: found a text in UTF-16, expected UTF-8; save it as 'UTF-8'");
    SAYS(faults("packages.yaml", ""), "packages.yaml: error: the file is empty, expected a mapping");
}

static void a_flood_of_errors_is_cut(void)
{
    char text[8192];
    size_t used = (size_t)sprintf(text, "set,gas,value,unit\n");
    for (int i = 0; i < 120; i++)
        used += (size_t)sprintf(text + used, "AR5,CH4,much,1\n");
    const char *said = faults("gwp.csv", text);
    const char *first = "gwp.csv: note: 120 errors in this file; the first 50 are shown, 70 are left out\n"
                        "gwp.csv:2:9: error: found 'much', expected a number\n";
    CU_ASSERT_EQUAL(strncmp(said, first, strlen(first)), 0);
    size_t lines = 1;
    for (; *said != '\0'; said++)
        lines += *said == '\n';
    CU_ASSERT_EQUAL(lines, 51);
}

static const tj_test tests[] = {
    {"a whole study has none", a_whole_study_has_none},
    {"an unknown key has a nearest right one", an_unknown_key_has_a_nearest_right_one},
    {"a missing key is named", a_missing_key_is_named},
    {"a number carries its unit", a_number_carries_its_unit},
    {"an unknown unit is pointed at", an_unknown_unit_is_pointed_at},
    {"a decimal comma is refused in YAML", a_decimal_comma_is_refused_in_yaml},
    {"an impossible distribution says what must hold", an_impossible_distribution_says_what_must_hold},
    {"a value of another kind is shown", a_value_of_another_kind_is_shown},
    {"what stands twice shows where first", what_stands_twice_shows_where_first},
    {"columns are those of the file", columns_are_those_of_the_file},
    {"cells are of their column", cells_are_of_their_column},
    {"what is no text is refused at once", what_is_no_text_is_refused_at_once},
    {"a flood of errors is cut", a_flood_of_errors_is_cut},
};

int main(void)
{
    return TJ_RUN("messages of the readers", tests);
}
