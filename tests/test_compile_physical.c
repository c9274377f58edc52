/* The compiler on sectors with memory (tests/physical_study.h): what the plan holds, and each fault's message. */
#include "tests/harness.h"
#include "tests/physical_study.h"
#include "tests/small_study.h"

#include <math.h>

#define NEAR(a, b) CU_ASSERT_DOUBLE_EQUAL(a, b, 1e-9)

enum { FILES = sizeof physical_files / sizeof physical_files[0] };

static void open_physical(small *s, const char *file, const char *from, const char *to)
{
    small_open_files(s, physical_files, FILES, file, from, to);
}

static const tj_plan_cell *cell(const small *s, int index)
{
    return tj_plan_get_cell(s->compiled.plan, index);
}

static double reference(const small *s, int driver, int year)
{
    return tj_plan_numbers(s->compiled.plan, tj_plan_get_driver(s->compiled.plan, driver)->path)[year - 2020];
}

static void fleets(void)
{
    small s;
    open_physical(&s, NULL, NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    const tj_plan_cell *cars = cell(&s, 0), *homes = cell(&s, 1);
    const tj_plan_fleet *fleet = tj_plan_section(s.compiled.plan, TJ_SECTION_FLEETS, NULL);
    const tj_plan_technology *t = tj_plan_section(s.compiled.plan, TJ_SECTION_TECHNOLOGIES, NULL);
    const tj_plan_burner *b = tj_plan_section(s.compiled.plan, TJ_SECTION_BURNERS, NULL);
    CU_ASSERT_EQUAL(cars->method, TJ_METHOD_STOCK);
    CU_ASSERT_EQUAL(homes->method, TJ_METHOD_BUILDING);
    CU_ASSERT_EQUAL(cars->fleets_count, 1);
    CU_ASSERT_EQUAL(fleet[0].technologies_count, 3);
    CU_ASSERT_EQUAL(fleet[1].kind, TJ_FLEET_FLOOR);
    NEAR(fleet[1].renovated, 0.1);
    NEAR(t[0].share, 0.9);
    CU_ASSERT_EQUAL(t[1].market_year, 2012);
    CU_ASSERT_EQUAL(t[0].ages, TJ_NONE);
    CU_ASSERT_EQUAL(t[2].n_ages, 2);
    NEAR(tj_plan_numbers(s.compiled.plan, t[2].ages)[0], 2);
    NEAR(t[4].share, 0.7); /* the city's own row holds before its country's */
    CU_ASSERT_EQUAL(t[1].burners_count, 2);
    NEAR(b[t[1].burners_first].share, 0.6);
    CU_ASSERT_EQUAL(cars->carriers_count, 2); /* petrol and electricity, each once */
    NEAR(reference(&s, fleet[0].demand, 2025), 10000);
    NEAR(reference(&s, fleet[0].survival, 2025), 1);
    NEAR(reference(&s, t[0].scrappage, 2025), 0);
    NEAR(reference(&s, t[0].sales, 2025), 0.35); /* half way of an S-curve from 70 to 0 % */
    small_close(&s);
}

static void networks(void)
{
    small s;
    open_physical(&s, NULL, NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    const tj_plan_cell *homes = cell(&s, 1), *energy = cell(&s, 2);
    const tj_plan_carrier *c = tj_plan_section(s.compiled.plan, TJ_SECTION_CARRIERS, NULL);
    const tj_plan_source *source = tj_plan_section(s.compiled.plan, TJ_SECTION_SOURCES, NULL);
    CU_ASSERT_EQUAL(c[homes->carriers_first].supply, TJ_NONE); /* oil is burnt */
    CU_ASSERT_EQUAL(c[homes->carriers_first].account, TJ_CARRIER_BURNT);
    CU_ASSERT_EQUAL(c[homes->carriers_first + 1].supply, 2); /* heat comes from the city's plants */
    CU_ASSERT_EQUAL(c[homes->carriers_first + 1].factor, TJ_NONE);
    const tj_plan_cell *cars = cell(&s, 0);
    CU_ASSERT_EQUAL(c[cars->carriers_first + 1].account,
                    TJ_CARRIER_NETWORK); /* electricity: its own factor */
    CU_ASSERT_NOT_EQUAL(c[cars->carriers_first + 1].factor, TJ_NONE);
    CU_ASSERT_EQUAL(energy->sources_count, 2);
    CU_ASSERT_EQUAL(energy->removal_cell, 4);
    NEAR(energy->losses, 0.1);
    NEAR(energy->in_city, 1.0);
    NEAR(source[0].factor, 0.34);
    NEAR(source[1].efficiency, 0.9);
    NEAR(reference(&s, source[0].fossil, 2020), 0.45);
    NEAR(reference(&s, source[0].capture, 2020), 0);
    small_close(&s);
}

static void landfill(void)
{
    small s;
    open_physical(&s, NULL, NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    const tj_plan_cell *waste = cell(&s, 3);
    const tj_plan_waste *classes = tj_plan_section(s.compiled.plan, TJ_SECTION_WASTES, NULL);
    CU_ASSERT_EQUAL(waste->wastes_count, 2);
    NEAR(classes[0].decay, 0.17328679513998632); /* ln 2 / 4 */
    NEAR(waste->gwp, 28);
    NEAR(waste->methane_share, 0.5);
    CU_ASSERT_EQUAL(waste->deposits_first_year, 1950);
    CU_ASSERT_EQUAL(waste->pile, TJ_NONE);
    const double *deposits = tj_plan_numbers(s.compiled.plan, waste->deposits);
    NEAR(deposits[2020 - 1950], 0);
    NEAR(deposits[2010 - 1950], 500); /* straight from 1000 t in 2000 to nothing in 2020 */
    NEAR(deposits[0], 1000);          /* no population is known: as in the first year */
    small_close(&s);
}

static void rows(void)
{
    small s;
    open_physical(&s, NULL, NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    const tj_plan_city *north = tj_plan_get_city(s.compiled.plan, 0);
    int n = tj_plan_get_settings(s.compiled.plan)->n_rows;
    /* cars: 2 energies, scope 2, 3 x (units, sales), retired, kappa; homes: 2, scope 2, 2 x 2, renovated, retired,
     * kappa; network: factor, kappa; landfill: methane, kappa */
    CU_ASSERT_EQUAL(n, 11 + 10 + 2 + 2);
    CU_ASSERT_EQUAL(north->rows_count, n);
    CU_ASSERT_STRING_EQUAL(s.compiled.rows[0].id, "transport.energy.petrol@north");
    CU_ASSERT_STRING_EQUAL(s.compiled.rows[3].id, "transport.units.car-petrol@north");
    CU_ASSERT_STRING_EQUAL(s.compiled.rows[3].unit, "vehicle");
    CU_ASSERT_STRING_EQUAL(s.compiled.rows[3].label.en, "Petrol car");
    CU_ASSERT_STRING_EQUAL(s.compiled.rows[n - 2].id, "waste.methane@north");
    small_close(&s);
}

static void messages(void)
{
    static const char *const faults[][4] = {
        {"sectors.yaml", "car-plugin, car-electric", "car-plugn, car-electric",
         "sectors.yaml:4:48: error: unknown technology 'car-plugn'; did you mean 'car-plugin'? allowed: "
         "car-petrol, "
         "car-plugin, car-electric, boiler, district-heating"},
        {"technologies.yaml", "{petrol: 60 %, electricity: 40 %}", "{petrol: 60 %, electricity: 30 %}",
         "technologies.yaml:8:3: error: the carrier shares of technology 'car-plugin' sum to 0.9, expected "
         "1"},
        {"technologies.yaml", "{oil: 100 %}", "{olja: 100 %}",
         "technologies.yaml:10:23: error: unknown carrier 'olja'; allowed: petrol, oil, electricity, heat"},
        {"technologies.yaml", "lambda: 22 year", "lambda: 22 km",
         "technologies.yaml:10:51: error: lambda: found '22 km', a quantity in km; expected a quantity in "
         "year"},
        {"technologies.yaml", "beta: 3}}\n  car-plugin", "beta: 0}}\n  car-plugin",
         "technologies.yaml:7:92: error: technology 'car-petrol': beta is '0', expected a number above 0"},
        {"fleets.csv", "car-plugin,share,,,6", "car-plugin,share,,,5",
         "sectors.yaml:4:14: error: the shares of fleet 'cars' in 'north' sum to 0.99, expected 1"},
        {"fleets.csv", "*,transport,car-plugin,share,,,6,%\n", "",
         "sectors.yaml:4:48: error: fleets.csv has no share of 'car-plugin' in sector 'transport' for "
         "'north'"},
        {"drivers.csv", "*,transport.sales.car-plugin,constant,,10,%",
         "*,transport.sales.car-plugin,constant,,20,%",
         "sectors.yaml:2:3: error: the sales shares of 'transport' in 'north' sum to 1.1 in 2020, expected "
         "1"},
        {"drivers.csv", "*,factor.petrol,constant,,0.25,t CO2/MWh\n", "",
         "sectors.yaml:2:3: error: driver 'transport.factor.petrol' of 'north' has no reference path in "
         "drivers.csv"},
        {"drivers.csv", "0.6,kWh/km", "0.6,kWh",
         "technologies.yaml:7:46: error: activity x intensity x factor of 'transport', carrier 'petrol', is "
         "in t km; "
         "expected t per year"},
        {"technologies.yaml", ", life: {lambda: 22 year, beta: 3}", "",
         "technologies.yaml:10:3: error: technology 'boiler' has no survival: give life: {lambda, beta}"},
        {"technologies.yaml", "lambda: 22 year, beta: 3", "lambda: 22 year",
         "technologies.yaml:10:42: error: key 'beta' is missing in a life"},
        {"drivers.csv", "demand.cars,constant,,10000", "demand.cars,constant,,-10000",
         "drivers.csv:2:35: error: transport.demand.cars: '-10000 vehicles' is below 0 vehicle"},
        {"drivers.csv", "sales.car-petrol,logistic,2030,0,%", "sales.car-petrol,logistic,2030,101,%",
         "drivers.csv:5:44: error: transport.sales.car-petrol: '101 %' is outside 0 to 1"},
        {"fleets.csv", "deposit,2000,,1000,t", "deposit,2000,,-1000,t",
         "fleets.csv:11:28: error: deposit: '-1000 t' is below 0"},
        {"sectors.yaml", "sources: [waste, wood]", "sources: [waste, wod]",
         "sectors.yaml:11:22: error: unknown fuel 'wod'; did you mean 'wood'? allowed: waste, wood"},
        {"sectors.yaml", "removals: removals", "removals: transport",
         "sectors.yaml:13:15: error: sector 'transport' of 'north' does not hold removals"},
        {"fleets.csv", "deposit,2000,,1000,t\nnorth,waste,,deposit,2020",
         "deposit,2021,,1000,t\nnorth,waste,,deposit,2030",
         "fleets.csv:11:1: error: deposits of 'waste' begin after 2020, the last inventory year of 'north'"},
        {"drivers.csv", "*,waste.deposit,constant,,0,t/year\n",
         "*,waste.deposit,constant,,0,t/year\n*,waste.other,constant,,5,t\n",
         "sectors.yaml:14:3: error: driver 'waste.other' is not in t/year"},
        {"gwp.csv", "AR5,CH4", "AR4,CH4",
         "sectors.yaml:14:3: error: sector 'waste' makes methane, but gwp.csv has no CH4 in set AR5"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        small s;
        open_physical(&s, faults[i][0], faults[i][1], faults[i][2]);
        CU_ASSERT_EQUAL(s.status, TJ_ERR_INPUT);
        int said = small_says(&s, faults[i][3]);
        CU_ASSERT(said);
        for (size_t k = 0; !said && k < s.diags.count; k++) {
            char line[1024];
            tj_diag_format(&s.diags.items[k], line, sizeof line);
            fprintf(stderr, "fault %zu said: %s\n", i, line);
        }
        small_close(&s);
    }
}

int main(void)
{
    static const tj_test tests[] = {
        {"a fleet holds its technologies, shares, ages and what they run on", fleets},
        {"a network's carrier is tied to the city's plants", networks},
        {"a landfill holds its deposits since 1950", landfill},
        {"every physical result has a row and a name", rows},
        {"each fault has its message", messages},
    };
    return TJ_RUN("compile_physical", tests);
}
