/* What measures cost: purchases by their lifetime, money a year, and every fault by its message.
 *
 * The small study: H of north is 2010, the horizon 2030; years are those after H. */
#include "tests/harness.h"
#include "tests/small_study.h"

#include <math.h>

#define DECISION                                                                                             \
    "trajekt: 1\nbase_year: 1990\nhorizon: 2030\nreference_package: reference\ndraws: 100\nseed: 7\n"        \
    "decision: {price: 100 EUR/t, packages: [reference, both]}\n"
#define MEASURE(name, ramp, cost)                                                                            \
    "  " name ":\n    ramp: {" ramp "}\n    cost: " cost                                                     \
    "\n    effects: [{driver: transport.activity, scale: 0.1 1}]\n"
#define BOTH "packages:\n  reference: {measures: []}\n  both: {measures: "

enum { FIRST = 1990, H = 2010, HORIZON = 2030, NORTH = 0, SOUTH = 1, WEST = 2, CITIES = 3 };

/* The small study with these measures, and `list` as the package `both`. */
static void open_with(small *s, const char *measures, const char *list)
{
    static char text[2048], packages[512];
    snprintf(text, sizeof text, "measures:\n%s", measures);
    snprintf(packages, sizeof packages, BOTH "%s}\n", list);
    const char *const files[][2] = {
        {"study.yaml", DECISION}, {"measures.yaml", text}, {"packages.yaml", packages}};
    small_open_with(s, files, 3);
}

/* What the package `both` costs a city, by calendar year. */
static double in_year(const small *s, int city, int year)
{
    int years = HORIZON - FIRST + 1;
    return s->compiled.decision.cost[(CITIES + city) * years + year - FIRST];
}

static double sum_of(const small *s, int city)
{
    double sum = 0;
    for (int year = FIRST; year <= HORIZON; year++)
        sum += in_year(s, city, year);
    return sum;
}

/* The sum over the years of one measure alone, in north. */
static double alone(const char *ramp, const char *cost)
{
    small s;
    char text[1024];
    snprintf(text, sizeof text, MEASURE("m", "%s", "%s"), ramp, cost);
    open_with(&s, text, "[m]");
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    double sum = sum_of(&s, NORTH);
    small_close(&s);
    return sum;
}

/* ---- laws ---- */

/* Purchases less residual as a book-keeper writes them, for a ramp without end of `n` equal rises after 2010. */
static double book(int n, double price, int life)
{
    double sum = 0;
    for (int first = H + 1; first <= H + n && first <= HORIZON; first++)
        for (int v = first; v <= HORIZON; v += life) {
            sum += price / n;
            if (v + life - 1 > HORIZON)
                sum -= price / n * (v + life - 1 - HORIZON) / life;
        }
    return sum;
}

/* For every length of a ramp and every lifetime the years sum to purchases less residual. */
static void purchases_less_residual(void)
{
    static const int lengths[] = {1, 2, 7, 10, 20, 33}, lives[] = {1, 2, 3, 5, 12, 19, 20, 21, 40, 400};
    for (size_t n = 0; n < sizeof lengths / sizeof *lengths; n++)
        for (size_t l = 0; l < sizeof lives / sizeof *lives; l++) {
            char ramp[80], cost[80];
            snprintf(ramp, sizeof ramp, "shape: linear, start: 2010, years: %d", lengths[n]);
            snprintf(cost, sizeof cost, "{investment: 12 MEUR, lifetime: %d years}", lives[l]);
            CU_ASSERT_DOUBLE_EQUAL(alone(ramp, cost), book(lengths[n], 12e6, lives[l]), 1e-5);
        }
}

/* 30 MEUR over ten years serve 15: 3 MEUR are bought in each of 2011 … 2020, those of 2011 … 2015 again in
 * 2026 … 2030: 45 MEUR. In 2030 purchases of 2016 … 2020 have 0 … 4 years left and those of 2026 … 2030 have
 * 10 … 14: 3/15 · (0+1+2+3+4 + 10+11+12+13+14) = 14 MEUR taken back, so 31. The same as 30/15 = 2 MEUR for each
 * year in service: 0.1 + 0.2 + … + 1 in the first ten years and 1 in ten more are 15.5 years. */
static void rising_by_hand(void)
{
    CU_ASSERT_DOUBLE_EQUAL(book(10, 30e6, 15), 31e6, 1e-5);
    CU_ASSERT_DOUBLE_EQUAL(
        alone("shape: linear, start: 2010, years: 10", "{investment: 30 MEUR, lifetime: 15 years}"), 31e6,
        1e-5);
}

/* 40 MEUR for a hundred years, in service in 2015 … 2030, 16 years: 40 · 16/100 = 6.4; with 0.5 a year 14.4. */
static void longer_than_the_horizon(void)
{
    CU_ASSERT_DOUBLE_EQUAL(alone("shape: step, start: 2015", "{investment: 40 MEUR, lifetime: 100 years}"),
                           6.4e6, 1e-6);
    CU_ASSERT_DOUBLE_EQUAL(alone("shape: step, start: 2015", "{investment: 40 MEUR, lifetime: 100 years, "
                                                             "operation: 0.5 MEUR/year}"),
                           14.4e6, 1e-6);
}

/* Full in 2012 and 2013 only. What was bought in 2012 serves ten years: 20/10 = 2 MEUR in each of 2012 … 2021,
 * with 1 MEUR of operation in 2012 and 2013. */
static void a_pulse_keeps_its_cost(void)
{
    small s;
    open_with(&s,
              MEASURE("m", "shape: step, start: 2012, until: 2013",
                      "{investment: 20 MEUR, lifetime: 10 years, operation: 1 MEUR/year}"),
              "[m]");
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    for (int year = H + 1; year <= HORIZON; year++) {
        double expected = year < 2012 ? 0 : year <= 2013 ? 3e6 : year <= 2021 ? 2e6 : 0;
        CU_ASSERT_DOUBLE_EQUAL(in_year(&s, NORTH, year), expected, 1e-6);
    }
    small_close(&s);
}

/* Full in 2012, then less by a quarter a year: 1, 3/4, 1/2, 1/4, 0. What is bought in 2012 serves two years, so
 * in 2014 a half is bought, which serves 2015 too: 1, 1, 1/2, 1/2, then nothing; at 8/2 MEUR a year. */
static void a_fade_is_bought_for_what_is_left(void)
{
    small s;
    open_with(&s,
              MEASURE("m", "shape: linear, start: 2012, until: 2012, fade: 4",
                      "{investment: 8 MEUR, lifetime: 2 years}"),
              "[m]");
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    static const double expected[] = {0, 4e6, 4e6, 2e6, 2e6, 0, 0};
    for (int i = 0; i < 7; i++)
        CU_ASSERT_DOUBLE_EQUAL(in_year(&s, NORTH, 2011 + i), expected[i], 1e-6);
    small_close(&s);
}

#define BUSES  MEASURE("buses", "shape: step, start: 2015", "{investment: 13 MEUR, lifetime: 12 years}")
#define CHARGE MEASURE("charge", "shape: linear, start: 2010, years: 9", "0.7 MEUR/year")
#define ROOFS                                                                                                \
    MEASURE("roofs", "shape: smooth, start: 2012, years: 7",                                                 \
            "{investment: 3.1 MEUR, lifetime: 17 years, operation: 0.1 MEUR/year}")

static void order_never_matters(void)
{
    small one, other;
    open_with(&one, BUSES CHARGE ROOFS, "[buses, charge, roofs]");
    open_with(&other, ROOFS BUSES CHARGE, "[charge, roofs, buses]");
    CU_ASSERT_EQUAL_FATAL(one.status, TJ_OK);
    CU_ASSERT_EQUAL_FATAL(other.status, TJ_OK);
    CU_ASSERT(sum_of(&one, NORTH) > 13e6);
    for (int city = 0; city < CITIES; city++)
        for (int year = FIRST; year <= HORIZON; year++)
            CU_ASSERT_DOUBLE_EQUAL(in_year(&one, city, year), in_year(&other, city, year), 1e-6);
    small_close(&one);
    small_close(&other);
}

/* A plain cost is operation alone, to the bit: 2 MEUR in each of 2015 … 2030. */
static void plain_is_operation(void)
{
    const char *ramp = "shape: logistic, start: 2012, years: 9";
    CU_ASSERT_EQUAL(alone("shape: step, start: 2015", "2 MEUR/year"), 32e6);
    CU_ASSERT_EQUAL(alone(ramp, "2 MEUR/year"), alone(ramp, "{operation: 2 MEUR/year}"));
    CU_ASSERT_EQUAL(alone(ramp, "{AAA: 2 MEUR/year}"), alone(ramp, "{operation: {AAA: 2 MEUR/year}}"));
}

/* A mean counts: (10 + 20 + 60)/3 = 30 MEUR; half the strength costs half. */
static void means_and_strength(void)
{
    const char *ramp = "shape: step, start: 2015";
    CU_ASSERT_DOUBLE_EQUAL(alone(ramp,
                                 "{investment: {triangular: {low: 10 MEUR, mode: 20 MEUR, high: 60 MEUR}}, "
                                 "lifetime: 20 years}"),
                           30e6 * 16 / 20, 1e-5);
    small s;
    open_with(&s, BUSES, "[{measure: buses, strength: 50 %}]");
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    double half = sum_of(&s, NORTH);
    small_close(&s);
    CU_ASSERT_DOUBLE_EQUAL(half, 0.5 * 13e6 * 16 / 12, 1e-5);
}

/* Each amount by place; where one of them holds nowhere near a city, its cost is unknown and not less. */
static void by_place(void)
{
    small s;
    open_with(
        &s,
        MEASURE("m", "shape: step, start: 2015",
                "{investment: {AAA: 20 MEUR, south: 10 MEUR}, lifetime: 20 years, operation: 1 MEUR/year}"),
        "[m]");
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    CU_ASSERT_DOUBLE_EQUAL(in_year(&s, NORTH, 2020), 2e6, 1e-6);
    CU_ASSERT_DOUBLE_EQUAL(in_year(&s, SOUTH, 2020), 1.5e6, 1e-6);
    CU_ASSERT(isnan(in_year(&s, WEST, 2020)));
    CU_ASSERT_STRING_EQUAL_FATAL(s.compiled.decision.uncosted, "m");
    small_close(&s);
}

/* A rule holds from 2012 on, its purchases follow over four years and move with its start: of 8 MEUR for twenty
 * years a quarter is bought in each of 2013 … 2016, or of 2015 … 2018, and each quarter counts by 0.1 a year. */
static void a_cost_has_its_own_ramp(void)
{
    static const char *const lists[] = {"[m]", "[{measure: m, start: 2014}]"};
    for (int moved = 0; moved < 2; moved++) {
        small s;
        open_with(
            &s,
            MEASURE("m", "shape: step, start: 2012",
                    "{investment: 8 MEUR, lifetime: 20 years, ramp: {shape: linear, start: 2012, years: 4}}"),
            lists[moved]);
        CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
        for (int i = 0; i <= 6; i++)
            CU_ASSERT_DOUBLE_EQUAL(in_year(&s, NORTH, 2012 + 2 * moved + i), 0.1e6 * (i < 4 ? i : 4), 1e-6);
        small_close(&s);
    }
}

/* A sweep adds up the same sums. */
static void the_library_has_the_sums(void)
{
    small s;
    open_with(&s, BUSES CHARGE ROOFS, "[buses, charge, roofs]");
    CU_ASSERT_EQUAL_FATAL(s.status, TJ_OK);
    double package = sum_of(&s, NORTH), measures = 0;
    tj_compiled_free(&s.compiled);
    CU_ASSERT_EQUAL_FATAL(tj_compile_library(&s.study, &s.diags, &s.compiled), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(s.compiled.library.n_measures, 3);
    for (int m = 0; m < 3; m++)
        measures += s.compiled.library.cost[NORTH * 3 + m];
    CU_ASSERT_DOUBLE_EQUAL(measures, package, 1e-5);
    CU_ASSERT_DOUBLE_EQUAL(s.compiled.library.cost[NORTH * 3], 13e6 * 16 / 12, 1e-5); /* buses */
    small_close(&s);
}

/* ---- messages ---- */

static void says(const char *cost, const char *line)
{
    small s;
    char text[512];
    snprintf(text, sizeof text, MEASURE("m", "shape: step, start: 2015", "%s"), cost);
    open_with(&s, text, "[m]");
    CU_ASSERT_EQUAL(s.status, TJ_ERR_INPUT);
    CU_ASSERT(small_says(&s, line));
    small_close(&s);
}

static void messages(void)
{
    says("{investment: 40 MEUR}",
         "measures.yaml:4:11: error: key 'lifetime' is missing in a cost: an investment needs the years that "
         "it serves");
    says("{lifetime: 20 years, operation: 1 MEUR/year}",
         "measures.yaml:4:12: error: a lifetime without an investment; money a year is 'operation'");
    says("{investmnt: 40 MEUR, lifetime: 20 years}",
         "measures.yaml:4:12: error: unknown key 'investmnt' in a cost; did you mean 'investment'? allowed: "
         "investment, lifetime, operation, ramp");
    says("{ramp: {shape: step, start: 2020}}",
         "measures.yaml:4:11: error: a cost needs 'investment' or 'operation'");
    says("{operation: 1 MEUR/year, ramp: {shape: stepp, start: 2020}}",
         "measures.yaml:4:50: error: unknown ramp shape 'stepp'; did you mean 'step'? allowed: step, linear, "
         "smooth, logistic, bass");
    says("{investment: 40 bushels, lifetime: 20 years}",
         "measures.yaml:4:24: error: unknown unit 'bushels' in '40 bushels'; allowed are products and "
         "quotients "
         "of those that 'trajekt list units' shows");
    says("{north: 4 MEUR/year, operation: 1 MEUR/year}",
         "measures.yaml:4:12: error: 'north' beside 'operation': a cost is money a year, by place where it "
         "differs, or a mapping of investment, lifetime, operation and ramp");
    says("{investment: 40 MEUR, lifetime: 12.5 years}",
         "measures.yaml:4:43: error: measure 'm', cost, lifetime: '12.5 years' is not a whole number of "
         "years");
    says("{investment: 40 MEUR, lifetime: 0 years}",
         "measures.yaml:4:43: error: measure 'm', cost, lifetime: '0 years' is below 1 year");
    says("{investment: 40 MEUR, lifetime: {uniform: {low: 9 years, high: 12 years}}}",
         "measures.yaml:4:43: error: measure 'm', cost, lifetime: found a distribution, expected a number");
    says("{investment: 40 MEUR, lifetime: 25}",
         "measures.yaml:4:43: error: found '25', expected a number with a unit, such as '25 years'");
    says("{investment: 40 MEUR/year, lifetime: 25 years}",
         "measures.yaml:4:24: error: measure 'm', cost, investment: found '40 MEUR/year', a quantity in "
         "EUR/year; expected a quantity in EUR");
    says("{investment: -4 MEUR, lifetime: 25 years}",
         "measures.yaml:4:24: error: measure 'm', cost, investment: '-4 MEUR' is below 0 EUR");
    says("{operation: 4 MEUR}", "measures.yaml:4:23: error: measure 'm', cost, operation: found '4 MEUR', a "
                                "quantity in EUR; expected "
                                "a quantity in EUR/year");
    says("4 MEUR",
         "measures.yaml:4:11: error: measure 'm', cost: found '4 MEUR', a quantity in EUR; expected a "
         "quantity in EUR/year");
    says("{investment: {nrth: 4 MEUR}, lifetime: 25 years}",
         "measures.yaml:4:25: error: unknown city or country 'nrth'; did you mean 'north'? allowed: north, "
         "south, west, AAA, BBB");
}

int main(void)
{
    static const tj_test tests[] = {
        {"the years sum to purchases less residual, for every ramp and lifetime", purchases_less_residual},
        {"a rising ramp costs investment/lifetime for each year in service", rising_by_hand},
        {"a lifetime past the horizon charges the share used", longer_than_the_horizon},
        {"a pulse keeps its cost until the end of life", a_pulse_keeps_its_cost},
        {"where a ramp falls, what is left is bought again", a_fade_is_bought_for_what_is_left},
        {"the order of measures never matters", order_never_matters},
        {"a plain cost is operation alone", plain_is_operation},
        {"means count, and strength", means_and_strength},
        {"each amount by place, unknown where it is not given", by_place},
        {"a cost may have its own ramp, which moves with the start", a_cost_has_its_own_ramp},
        {"a sweep's library has the same sums", the_library_has_the_sums},
        {"each fault has its message", messages},
    };
    return TJ_RUN("cost", tests);
}
