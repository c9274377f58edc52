/* The compiler on what is uncertain about sectors with memory (tests/physical_study.h): rows of trend.csv, by which
 * kappa wanders, and the pace of paths. */
#include "engine/threefry.h"
#include "tests/harness.h"
#include "tests/physical_study.h"
#include "tests/small_study.h"

#define HEADER "city,sector,growth,growth_sd,delta,rho,sigma,shock\n"

enum { FILES = sizeof physical_files / sizeof physical_files[0] };

static void open_with(small *s, const char *name, const char *bytes)
{
    const char *const file[][2] = {{name, bytes}};
    small_open_over(s, physical_files, FILES, file, 1);
}

/* The study's drivers.csv with columns pace and pace_from, filled where the line holds `driver`. */
static void open_paced(small *s, char *text, size_t size, const char *driver, const char *cells)
{
    const char *from = NULL;
    size_t used = 0;
    for (size_t i = 0; i < FILES; i++)
        from = strcmp(physical_files[i][0], "drivers.csv") == 0 ? physical_files[i][1] : from;
    for (int line = 0; *from != '\0'; line++) {
        size_t length = strcspn(from, "\n");
        const char *found = strstr(from, driver);
        int here = found != NULL && found < from + length;
        used += (size_t)snprintf(text + used, size - used, "%.*s%s\n", (int)length, from,
                                 line == 0 ? ",pace,pace_from"
                                 : here    ? cells
                                           : ",,");
        from += length + 1;
    }
    open_with(s, "drivers.csv", text);
}

static const tj_plan_driver *driver_of(const small *s, const char *stem)
{
    for (int32_t d = 0; d < tj_plan_get_settings(s->compiled.plan)->n_drivers; d++) {
        const tj_plan_driver *driver = tj_plan_get_driver(s->compiled.plan, d);
        if (driver->reference == TJ_REF_PACED && driver->rate.param != TJ_NONE &&
            strcmp(s->compiled.params[driver->rate.param], stem) == 0)
            return driver;
    }
    return NULL;
}

static void rows_make_kappa_wander(void)
{
    small s;
    open_with(&s, "trend.csv", HEADER "north,transport,0,0,1,0.9,0.02,0.04\nnorth,waste,0,0,1,1,0.1,0\n");
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    const tj_plan_cell *cars = tj_plan_get_cell(s.compiled.plan, 0), *homes = cars + 1, *waste = cars + 3;
    CU_ASSERT(cars->rho.value == 0.9 && cars->sigma.value == 0.02 && cars->shock.value == 0.04);
    CU_ASSERT(cars->sigma.param == TJ_NONE && cars->keeps_mean == 1);
    CU_ASSERT_EQUAL(cars->noise_stream, tj_stream("transport.noise@north"));
    CU_ASSERT_EQUAL(cars->shock_stream, tj_stream("transport.shock@AAA"));
    CU_ASSERT(waste->sigma.value == 0.1 && homes->sigma.value == 0 && homes->shock.value == 0);
    small_close(&s);
}

static void shares_of_a_whole_keep_one_pace(void)
{
    char text[8192];
    small s;
    open_paced(&s, text, sizeof text, "transport.sales", ",\"{uniform: {low: 0.5 1, high: 1.5 1}}\",2022");
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    const tj_plan_driver *petrol = driver_of(&s, "transport.sales.pace");
    CU_ASSERT_PTR_NOT_NULL_FATAL(petrol);
    for (int k = 0; k < 3; k++) {
        CU_ASSERT_EQUAL(petrol[k].reference, TJ_REF_PACED);
        CU_ASSERT_EQUAL(petrol[k].rate.param, petrol->rate.param);
        CU_ASSERT_EQUAL(petrol[k].paced_from, 2); /* years from 2020 on */
    }
    small_close(&s);
    open_paced(&s, text, sizeof text, "renovation.depth", ",\"{uniform: {low: 0.5 1, high: 1.5 1}}\",");
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    CU_ASSERT_PTR_NOT_NULL(driver_of(&s, "buildings.renovation.depth.homes.pace"));
    small_close(&s);
}

static void expect(small *s, const char *line)
{
    CU_ASSERT_EQUAL(s->status, TJ_ERR_INPUT);
    int said = small_says(s, line);
    CU_ASSERT(said);
    for (size_t k = 0; !said && k < s->diags.count; k++) {
        char found[1024];
        tj_diag_format(&s->diags.items[k], found, sizeof found);
        fprintf(stderr, "said: %s\n", found);
    }
    small_close(s);
}

static void faults_are_told(void)
{
    char text[8192];
    small s;
    open_with(&s, "trend.csv", HEADER "north,energy,-0.02,0,1,1,0.1,0\n");
    expect(&s, "trend.csv:2:1: error: 'energy' of 'north' goes where its drivers go: found growth -0.02, "
               "growth_sd 0, delta 1; expected 0, 0 and 1");
    open_with(&s, "trend.csv", HEADER "north,removals,0,0,1,1,0.1,0\n");
    expect(&s, "trend.csv:2:1: error: 'removals' of 'north' has method sink, which has no noise");
    open_paced(&s, text, sizeof text, "sales.car-electric", ",0.8 1,");
    expect(&s, "sectors.yaml:2:3: error: the sales shares of 'transport' in 'north' need one pace: "
               "'transport.sales.car-petrol' and 'transport.sales.car-electric' have different ones");
    open_paced(&s, text, sizeof text, "demand.homes", ",\"{normal: {mean: 1 1, sd: 0.2 1}}\",");
    expect(&s, "drivers.csv:15:48: error: pace: '{normal: {mean: 1 1, sd: 0.2 1}}' can be below 0");
    open_paced(&s, text, sizeof text, "demand.homes", ",,2022");
    expect(&s, "drivers.csv:15:48: error: driver 'buildings.demand.homes': found a pace_from without a pace");
}

int main(void)
{
    static const tj_test tests[] = {
        {"a row of trend.csv says how kappa wanders", rows_make_kappa_wander},
        {"shares of a whole keep one pace, other paths have their own", shares_of_a_whole_keep_one_pace},
        {"faults are told with their place", faults_are_told},
    };
    return TJ_RUN("compile_wander", tests);
}
