/* What the compiler says of each fault: the small study broken in one place, the exact message. */
#include "tests/harness.h"
#include "tests/small_study.h"

typedef struct fault {
    const char *file, *from, *to, *line;
} fault;

static void check(const fault *faults, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        small s;
        small_open(&s, faults[i].file, faults[i].from, faults[i].to);
        CU_ASSERT_EQUAL(s.status, TJ_ERR_INPUT);
        CU_ASSERT_PTR_NULL(s.compiled.plan);
        int said = small_says(&s, faults[i].line);
        if (!said) { /* show what was said instead */
            char line[1024] = "nothing";
            for (size_t k = 0; k < s.diags.count; k++) {
                tj_diag_format(&s.diags.items[k], line, sizeof line);
                fprintf(stderr, "fault %zu said: %s\n", i, line);
            }
            fprintf(stderr, "   expected: %s\n", faults[i].line);
        }
        CU_ASSERT(said);
        small_close(&s);
    }
}

#define CHECK(faults) check(faults, sizeof(faults) / sizeof *(faults))

static void places_and_axes(void)
{
    static const fault faults[] = {
        {"study.yaml", "horizon: 2030\n", "horizon: 2030\ncities: [north, wets]\n",
         "study.yaml:5:17: error: unknown city 'wets'; did you mean 'west'? allowed: north, south, west"},
        {"study.yaml", "reference_package: reference", "reference_package: refrence",
         "study.yaml:6:20: error: unknown package 'refrence'; did you mean 'reference'? allowed: reference, "
         "both"},
        {"study.yaml", "design: monte-carlo", "design: monte-karlo",
         "study.yaml:9:9: error: unknown design 'monte-karlo'; did you mean 'monte-carlo'? allowed: "
         "monte-carlo, latin-hypercube, sobol"},
        {"study.yaml", "draws: 100", "draws: 0",
         "study.yaml:7:8: error: draws: found 0, expected 1 to 100000000"},
        {"study.yaml", "seed: 7", "seed: 7\nquantiles: [5 %, 95 %]",
         "study.yaml:9:13: error: the quantiles leave out 50 %, the median"},
        {"study.yaml", "horizon: 2030", "horizon: 2005",
         "inventory.csv:4:7: error: the inventory's year 2010 is past the horizon 2005"},
        {"cities.yaml", "country: BBB", "country: BBC",
         "cities.yaml:7:32: error: unknown country 'BBC'; did you mean 'BBB'? allowed: AAA, BBB"},
        {"backgrounds.yaml", "  current-policies:", "  current-policy:",
         "study.yaml:1:1: error: there is no background 'current-policies'; histories already contain it, so "
         "it "
         "must "
         "exist"},
    };
    CHECK(faults);
}

static void histories(void)
{
    static const fault faults[] = {
        {"inventory.csv", "north,2010,transport,co2e,1,400", "north,2010,transport,co2e,1,NE",
         "sectors.yaml:2:3: error: the inventory of 'north' has no value for 'transport' in 2010, the city's "
         "last "
         "year; expected a value or NO"},
        {"inventory.csv", "north,2000,heat", "north,2000,transport",
         "inventory.csv:6:1: error: north, transport, 2000, co2e is given twice, first in line 3"},
        {"inventory.csv", "south,1990,heat", "south,1990,haet",
         "inventory.csv:11:12: error: unknown sector 'haet'; did you mean 'heat'? allowed: transport, heat, "
         "removals"},
        {"inventory.csv", "1,100,t CO2e", "1,-100,t CO2e",
         "inventory.csv:2:29: error: inventory: '-100 t CO2e' is below 0 t"},
        {"inventory.csv", "1,100,t CO2e", "1,100,MWh",
         "inventory.csv:2:29: error: inventory: found '100 MWh', a quantity in MWh; expected a quantity in "
         "t"},
        {"inventory.csv", "north,1990,transport,co2e", "north,1990,transport,CH4",
         "inventory.csv:2:22: error: unknown gas 'CH4'; allowed: co2e"},
        {"national.csv", "BBB,1990,heat,90,kt,s\n", "",
         "sectors.yaml:8:3: error: 'west' has no value for 'heat' in 1990, and national.csv has no series of "
         "'BBB' for "
         "1990 and 2000 to back-cast it with"},
        {"national.csv", "BBB,2000,heat,45,kt,s", "BBB,2000,heat,0,kt,s",
         "sectors.yaml:8:3: error: back-cast of 'west', 'heat': national emissions are zero in 2000"},
        {"cities.yaml", "{label: Bland, noise_from: AAA}", "{label: Bland}",
         "cities.yaml:7:3: error: 'west' needs a back-cast of 1990, but pool.csv has no place of 'BBB' to "
         "measure its "
         "error on"},
        {"sectors.yaml", "paths: [transport]", "paths: [trasport]",
         "sectors.yaml:6:13: error: unknown national path of 'AAA' in background 'current-policies' "
         "'trasport'; did you "
         "mean 'transport'? allowed: transport"},
    };
    CHECK(faults);
}

static void drivers(void)
{
    static const fault faults[] = {
        {"drivers.csv", "*,removals.removal", "*,removals.remove",
         "drivers.csv:2:3: error: unknown driver 'removals.remove'; did you mean 'removals.removal'? "
         "allowed: "
         "transport.activity, transport.intensity, heat.activity, heat.intensity, removals.removal"},
        {"drivers.csv", "assumed,s\n", "assumed,s\nnorth,heat.activity,constant,,2,1,,,assumed,s\n",
         "drivers.csv:3:1: error: driver 'heat.activity' of 'north' belongs to a trend sector, where it is "
         "1: it takes "
         "no path"},
        {"drivers.csv", "*,removals.removal,constant,,0,t CO2/year,,,assumed,s",
         "*,removals.removal,constant,,0,t CO2/year,,,assumed,s\n"
         "*,removals.removal,growth,,1,%/year,,\"{uniform: {low: 1 1, high: 2 1}}\",assumed,s",
         "drivers.csv:3:39: error: driver 'removals.removal': a spread belongs to a path; make the growth or "
         "the "
         "constant a distribution instead"},
        {"drivers.csv", "0,t CO2/year", "0,t",
         "sectors.yaml:13:3: error: driver 'removals.removal' is in t; expected t/year"},
    };
    CHECK(faults);
}

static void measures(void)
{
    static const fault faults[] = {
        {"measures.yaml", "transport.activity", "transport.activty",
         "measures.yaml:6:18: error: unknown driver 'transport.activty'; did you mean 'transport.activity'? "
         "allowed: "
         "transport.activity, transport.intensity, heat.activity, heat.intensity, removals.removal"},
        {"measures.yaml", "scale: 50 %", "scale: 150 %",
         "measures.yaml:6:45: error: measure 'charge', effect on 'transport.activity': '150 %' is above 1"},
        {"measures.yaml", "scale: 50 %", "scale: 50 t",
         "measures.yaml:6:45: error: measure 'charge', effect on 'transport.activity': found '50 t', a "
         "quantity in t; "
         "expected a pure number such as '35 %'"},
        {"measures.yaml", "scale: 50 %", "toward: 50 %",
         "measures.yaml:6:9: error: measure 'charge', effect on 'transport.activity': toward needs 'side': "
         "up, down or "
         "both"},
        {"measures.yaml", "shape: linear", "shape: liner",
         "measures.yaml:4:19: error: unknown ramp shape 'liner'; did you mean 'linear'? allowed: step, "
         "linear, smooth, "
         "logistic, bass"},
        {"measures.yaml", "start: 2010, years: 10", "start: 2010, years: 10, until: 2009",
         "measures.yaml:4:58: error: measure 'charge': until 2009 is before its start 2010"},
        {"measures.yaml", "start: 2010, years: 10", "start: 2010, years: 10, k: 3",
         "measures.yaml:4:54: error: measure 'charge': k belongs to a logistic ramp"},
        {"measures.yaml", "    source: s\n", "    source: s\n    requires: [bus]\n",
         "measures.yaml:8:16: error: unknown measure 'bus'; allowed: charge, buses"},
        {"measures.yaml", "    source: s\n", "    source: s\n    eligible: 120 %\n",
         "measures.yaml:8:15: error: eligible: '120 %' is outside 0 to 1"},
        {"measures.yaml", "    source: s\n", "    source: s\n    cities: [nort]\n",
         "measures.yaml:8:14: error: unknown city or country 'nort'; did you mean 'north'? allowed: north, "
         "south, west, "
         "AAA, BBB"},
        {"measures.yaml", "{driver: transport.activity, scale: 50 %}",
         "{driver: transport.activity, shift: 50 %, to: transport.activity}",
         "measures.yaml:6:55: error: measure 'charge', effect on 'transport.activity': it shifts "
         "'transport.activity' to "
         "itself"},
    };
    CHECK(faults);
}

static void packages(void)
{
    static const fault faults[] = {
        {"packages.yaml", "[charge, buses]", "[charge, busses]",
         "packages.yaml:3:42: error: unknown measure 'busses'; did you mean 'buses'? allowed: charge, buses"},
        {"packages.yaml", "[charge, buses]", "[charge, charge]",
         "packages.yaml:3:42: error: package 'both' has measure 'charge' twice for all cities, first in line "
         "3"},
        {"packages.yaml", "[charge, buses]", "[{measure: charge, strength: 110 %}]",
         "packages.yaml:3:62: error: strength: '110 %' is outside 0 to 1"},
        {"measures.yaml", "    source: s\n", "    source: s\n    excludes: [buses]\n",
         "packages.yaml:3:3: error: package 'both': measure 'charge' excludes 'buses', and both are in the "
         "package for "
         "'north'"},
        {"packages.yaml", "[charge, buses]",
         "[charge, {measure: buses, cities: [north], strength: 0 %}, "
         "{measure: buses, cities: [nroth]}]",
         "packages.yaml:3:118: error: unknown city or country 'nroth'; did you mean 'north'? allowed: north, "
         "south, "
         "west, AAA, BBB"},
    };
    CHECK(faults);
}

static void requires_holds_in_every_city(void)
{
    small s;
    small_open(&s, "measures.yaml", "    source: s\n", "    source: s\n    requires: [buses]\n");
    CU_ASSERT_EQUAL(s.status, TJ_OK);
    small_close(&s);
    static const fault faults[] = {
        {"measures.yaml", "  buses:\n    label: Buses\n",
         "  bikes:\n    label: Bikes\n    cities: [north]\n    requires: [charge]\n    ramp: {shape: step, "
         "start: 2020, "
         "years: 0}\n    effects: [{driver: heat.activity, scale: 1 %}]\n    source: s\n  buses:\n    label: "
         "Buses\n"
         "    cities: [south]\n    requires: [bikes]\n",
         "packages.yaml:3:3: error: package 'both': measure 'buses' requires 'bikes', which is not in the "
         "package for "
         "'south'"},
    };
    CHECK(faults);
}

static void targets(void)
{
    static const fault faults[] = {
        {"targets.yaml", "kind: reduction", "kind: reducton",
         "targets.yaml:6:11: error: unknown kind of target 'reducton'; did you mean 'reduction'? allowed: "
         "reduction, "
         "remaining, neutral, path, budget"},
        {"targets.yaml", "kind: reduction\n    base_year: 1990\n    year: 2030\n    value: 50 %",
         "kind: path\n    base_year: 1990\n    milestones: {2030: {uniform: {low: 1 %, high: 2 %}}}",
         "targets.yaml:8:24: error: milestone: found a distribution, expected a number"},
        {"sectors.yaml", "ets_share: 0 %", "ets_share: {uniform: {low: 1 %, high: 2 %}}",
         "sectors.yaml:7:16: error: ets_share: found a distribution, expected a number"},
        {"targets.yaml", "    value: 50 %\n", "",
         "targets.yaml:2:3: error: target 'half' of kind reduction needs 'value'"},
        {"targets.yaml", "value: 50 %", "value: 50 t",
         "targets.yaml:9:12: error: value: found '50 t', a quantity in t; expected a pure number such as '35 "
         "%'"},
        {"targets.yaml", "year: 2030", "year: 1980",
         "targets.yaml:8:11: error: target 'half': its year 1980 is not after its base year 1990"},
        {"targets.yaml", "countries: [AAA, BBB]", "countries: [AAA, BBC]",
         "targets.yaml:5:22: error: unknown city or country 'BBC'; did you mean 'BBB'? allowed: north, "
         "south, west, AAA, "
         "BBB"},
        {"targets.yaml", "    countries: [AAA, BBB]\n", "",
         "targets.yaml:2:3: error: target 'half' is applied to no city: give 'cities' or 'countries'"},
    };
    CHECK(faults);
}

/* Faults of whole files: the given text in the place of its namesake. */
static void check_files(const char *const (*faults)[3], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *const file[][2] = {{faults[i][0], faults[i][1]}};
        small s;
        small_open_with(&s, file, 1);
        CU_ASSERT_EQUAL(s.status, TJ_ERR_INPUT);
        int said = small_says(&s, faults[i][2]);
        CU_ASSERT(said);
        for (size_t k = 0; !said && k < s.diags.count; k++) {
            char line[1024];
            tj_diag_format(&s.diags.items[k], line, sizeof line);
            fprintf(stderr, "file %zu said: %s\n", i, line);
        }
        small_close(&s);
    }
}

static void national_paths(void)
{
    static const fault faults[] = {
        {"backgrounds.yaml", "{points: {2010: 1 1, 2020: 0.8 1}",
         "{points: {2010: 1 1, 2020: {uniform: {low: 0.7 1, high: 0.9 1}}}",
         "backgrounds.yaml:5:51: error: national path 'transport': found a distribution, expected a number "
         "(a national path is a scenario; put the spread on the driver that follows it)"},
        {"backgrounds.yaml", "{2010: 1 1, 2020: 0.8 1}", "{2010: 1 1, 2020: -0.8 1}",
         "backgrounds.yaml:5:51: error: national path 'transport': '-0.8 1' is below zero"},
        {"backgrounds.yaml", "      BBB: {transport: {points: {2000", "      BBC: {transport: {points: {2000",
         "backgrounds.yaml:6:7: error: unknown city or country 'BBC'; did you mean 'BBB'? allowed: north, "
         "south, west, AAA, BBB"},
    };
    CHECK(faults);
}

static void populations(void)
{
    static const char *const faults[][3] = {
        {"population.csv", "place,year,value,unit\nnorth,2010,0,person\n",
         "population.csv:2:12: error: population: '0 person' is zero"},
        {"population.csv", "place,year,value,unit\nnorht,2010,10,person\n",
         "population.csv:2:1: error: unknown city or country 'norht'; did you mean 'north'? allowed: north, "
         "south, west, AAA, BBB"},
        {"population.csv", "place,year,value,unit\nnorth,2010,10,person\nnorth,2010,11,person\n",
         "population.csv:3:1: error: population of 'north' in 2010 is given twice, first in line 2"},
        {"population.csv", "place,year,value,unit\nnorth,2010,10,t\n",
         "population.csv:2:12: error: population: found '10 t', a quantity in t; expected a quantity in "
         "person"},
    };
    check_files(faults, sizeof faults / sizeof *faults);
}

static void targets_of_other_kinds(void)
{
    static const fault faults[] = {
        {"targets.yaml", "kind: reduction\n    base_year: 1990\n    year: 2030\n    value: 50 %",
         "kind: budget\n    year: 2030\n    value: 50 kt",
         "targets.yaml:2:3: error: target 'half' of kind budget needs 'first_year'"},
        {"targets.yaml", "kind: reduction\n    base_year: 1990\n    year: 2030\n    value: 50 %",
         "kind: budget\n    first_year: 2011\n    year: 2030\n    value: 50 %",
         "targets.yaml:9:12: error: budget: found '50 %', a pure number; expected a quantity in t"},
        {"targets.yaml", "kind: reduction\n    base_year: 1990\n    year: 2030\n    value: 50 %",
         "kind: path\n    base_year: 1990",
         "targets.yaml:2:3: error: target 'half' of kind path needs 'milestones'"},
        {"targets.yaml", "countries: [AAA, BBB]", "cities: [norht]",
         "targets.yaml:5:14: error: unknown city or country 'norht'; did you mean 'north'? allowed: north, "
         "south, west, AAA, BBB"},
        {"targets.yaml", "countries: [AAA, BBB]", "countries: [AAA]\n    coverage: {sectors: [haet]}",
         "targets.yaml:6:26: error: unknown sector 'haet'; did you mean 'heat'? allowed: transport, heat, "
         "removals"},
        {"targets.yaml", "value: 50 %", "value: {uniform: {low: 1 %, high: 2 %}}",
         "targets.yaml:9:12: error: target 'half': found a distribution, expected a number"},
        {"targets.yaml", "value: 50 %", "value: 50 %\n    removals_share: 150 %",
         "targets.yaml:10:21: error: removals_share: '150 %' is outside 0 to 1"},
    };
    CHECK(faults);
}

static void synergies_and_shifts(void)
{
    static const fault faults[] = {
        {"measures.yaml", "    source: s\n", "    source: s\n    synergy: [{with: buss, factor: 1.1 1}]\n",
         "measures.yaml:8:22: error: unknown measure 'buss'; did you mean 'buses'? allowed: charge, buses"},
        {"measures.yaml", "transport.activity, scale: 50 %",
         "transport.activity, shift: 50 %, to: heat.actvity",
         "measures.yaml:6:55: error: unknown driver 'heat.actvity'; did you mean 'heat.activity'? allowed: "
         "transport.activity, transport.intensity, heat.activity, heat.intensity, removals.removal"},
    };
    CHECK(faults);
}

static void all_at_once(void)
{
    small s;
    small_open(&s, "measures.yaml", "scale: 50 %", "scale: 150 %");
    size_t one = s.diags.errors;
    small_close(&s);
    small_open(&s, "measures.yaml", "{driver: transport.activity, scale: 50 %}",
               "{driver: transport.activty, scale: 50 %}\n      - {driver: heat.activity, scale: 150 %}");
    CU_ASSERT_EQUAL(one, 1);
    CU_ASSERT_EQUAL(s.diags.errors, 2);
    small_close(&s);
}

int main(void)
{
    static const tj_test tests[] = {
        {"axes, places and words", places_and_axes},
        {"histories and base years", histories},
        {"drivers", drivers},
        {"measures", measures},
        {"packages", packages},
        {"requires holds in every city that a measure reaches", requires_holds_in_every_city},
        {"targets", targets},
        {"national paths", national_paths},
        {"populations", populations},
        {"paths, budgets and what targets name", targets_of_other_kinds},
        {"synergies and shifts", synergies_and_shifts},
        {"several faults are shown at once", all_at_once},
    };
    return TJ_RUN("compile_messages", tests);
}
