/* How long units live, learned from counts: fleets simulated here with the law give it back. */
#include "engine/lanes.h"
#include "engine/threefry.h"
#include "scenarios/fit.h"
#include "tests/harness.h"

#include <math.h>
#include <string.h>

enum { MOST = 512, BEGIN = 1960, FIRST = 1990, LAST = 2023 };

typedef struct made {
    tj_fit_row rows[MOST];
    size_t n;
} made;

static void add(made *m, tj_fit_kind kind, int year, int age, double units)
{
    CU_ASSERT_FATAL(m->n < MOST);
    m->rows[m->n++] = (tj_fit_row){kind, year, age, units};
}

static double survival(int age, double lambda, double beta)
{
    return exp(-pow(age / lambda, beta));
}

/* Sales that wander; none before BEGIN. */
static double sales(int year)
{
    return year < BEGIN ? 0 : 1000 + 20 * (year - BEGIN) + 400 * sin(0.7 * (year - BEGIN));
}

static double fleet(int year, double lambda, double beta)
{
    double sum = 0;
    for (int sale = BEGIN; sale <= year; sale++)
        sum += sales(sale) * survival(year - sale, lambda, beta);
    return sum;
}

static void add_ages(made *m, int year, double lambda, double beta)
{
    for (int age = 0; age <= 30; age++)
        add(m, TJ_FIT_AGE, year, age, sales(year - age) * survival(age, lambda, beta));
}

/* Sales from `from` on and counts from FIRST on; each log count with noise of this spread. */
static made fleet_counted(int from, double lambda, double beta, double noise, uint64_t seed)
{
    made m = {.n = 0};
    for (int year = from; year <= LAST; year++)
        add(&m, TJ_FIT_SOLD, year, 0, sales(year));
    for (int year = FIRST; year <= LAST; year++)
        add(&m, TJ_FIT_COUNT, year, 0,
            fleet(year, lambda, beta) *
                exp(noise * tj_normal_inverse(tj_uniform(seed, 1, 0, (uint32_t)year))));
    return m;
}

static tj_status run(const made *m, size_t resamples, tj_fit *fit)
{
    tj_fit_options options = {resamples, 1, 7};
    return tj_fit_run(m->rows, m->n, &options, fit);
}

/* 1 where the fit finds the law to 1e-6 and says that it is good. */
static int recovers(const made *m, double lambda, double beta)
{
    tj_fit fit;
    int found = run(m, 0, &fit) == TJ_OK && fabs(fit.lambda / lambda - 1) < 1e-6 &&
                fabs(fit.beta / beta - 1) < 1e-6 && fit.rms < 1e-7 && fit.verdict == TJ_FIT_GOOD;
    if (!found)
        printf("lambda %.9g beta %.9g rms %g sensitivity %g\n", fit.lambda, fit.beta, fit.rms,
               fit.sensitivity);
    tj_fit_free(&fit);
    return found;
}

static int sentence_is(const made *m, tj_status status, const char *expected)
{
    char text[512];
    tj_fit fit;
    CU_ASSERT_EQUAL(run(m, 0, &fit), status);
    tj_fit_say(&fit, text, sizeof text);
    int same = strstr(text, expected) != NULL;
    if (!same)
        printf("found: %s\n", text);
    tj_fit_free(&fit);
    return same;
}

/* ---- laws ---- */

static void a_fleet_from_nothing_gives_its_law(void)
{
    const double laws[][2] = {{17.3, 3.4}, {9, 1.2}, {25, 6}, {4, 0.8}};
    for (size_t i = 0; i < 4; i++) {
        made m = fleet_counted(BEGIN - 1, laws[i][0], laws[i][1], 0, 0);
        CU_ASSERT(recovers(&m, laws[i][0], laws[i][1]));
    }
}

static void a_fleet_with_ages_needs_no_earlier_sales(void)
{
    made m = fleet_counted(FIRST + 1, 17.3, 3.4, 0, 0);
    for (int age = 0; age <= FIRST - BEGIN; age++)
        add(&m, TJ_FIT_AGE, FIRST, age, sales(FIRST - age) * survival(age, 17.3, 3.4));
    CU_ASSERT(recovers(&m, 17.3, 3.4));
    tj_fit fit;
    CU_ASSERT_EQUAL(run(&m, 0, &fit), TJ_OK);
    CU_ASSERT_EQUAL(fit.start, FIRST);
    CU_ASSERT_EQUAL(fit.early, 1); /* the count of FIRST: the ages say more */
    CU_ASSERT_EQUAL(fit.n_points, LAST - FIRST);
    CU_ASSERT_EQUAL(fit.unknown, 0); /* the ages are the start, not left out */
    tj_fit_free(&fit);
}

/* Sold since before FIRST: 500 a year for ever, then 500, 520, 540 ... from the year after the average ends. */
static void earlier_sales_are_taken_as_in_the_first_years(void)
{
    made m = {.n = 0};
    for (int year = FIRST; year <= LAST; year++) {
        double sum = 0;
        for (int sale = FIRST - 200; sale <= year; sale++)
            sum += (sale < FIRST + 5 ? 500 : 500 + 20 * (sale - FIRST)) * survival(year - sale, 12, 2.5);
        add(&m, TJ_FIT_SOLD, year, 0, year < FIRST + 5 ? 500 : 500 + 20 * (year - FIRST));
        add(&m, TJ_FIT_COUNT, year, 0, sum);
    }
    CU_ASSERT(recovers(&m, 12, 2.5));
    tj_fit fit;
    CU_ASSERT_EQUAL(run(&m, 0, &fit), TJ_OK);
    CU_ASSERT_EQUAL(fit.assumed, 500);
    CU_ASSERT_EQUAL(fit.averaged, 5);
    tj_fit_free(&fit);
}

/* Ages of one year alone are 30 data: of each cohort what is left. */
static void ages_alone_give_the_law(void)
{
    made m = {.n = 0};
    for (int year = BEGIN; year <= LAST; year++)
        add(&m, TJ_FIT_SOLD, year, 0, sales(year));
    add_ages(&m, LAST, 14, 2.2);
    CU_ASSERT(recovers(&m, 14, 2.2));
}

/* Counts, and ages of the last year, with noise of a spread that grows as the weight falls. */
static made fleet_with_noise(double noise, uint64_t seed)
{
    made m = fleet_counted(BEGIN - 1, 17.3, 3.4, noise, seed);
    size_t first = m.n;
    double most = 0;
    add_ages(&m, LAST, 17.3, 3.4);
    for (size_t i = first; i < m.n; i++)
        most = fmax(most, m.rows[i].units);
    for (size_t i = first; i < m.n; i++)
        m.rows[i].units *= exp(noise * sqrt(most / m.rows[i].units) *
                               tj_normal_inverse(tj_uniform(seed, 2, 0, (uint32_t)m.rows[i].age)));
    return m;
}

/* Over 40 fleets with 1 % noise the errors found are as large as the errors stated. */
static void noise_stays_within_the_errors(void)
{
    double squares[2] = {0, 0};
    for (uint64_t seed = 1; seed <= 40; seed++) {
        made m = fleet_with_noise(0.01, seed);
        tj_fit fit;
        CU_ASSERT_EQUAL_FATAL(run(&m, 0, &fit), TJ_OK);
        double z[2] = {(fit.lambda - 17.3) / fit.error[0], (fit.beta - 3.4) / fit.error[1]};
        for (int k = 0; k < 2; k++) {
            CU_ASSERT(fabs(z[k]) < 4);
            squares[k] += z[k] * z[k] / 40;
        }
        tj_fit_free(&fit);
    }
    for (int k = 0; k < 2; k++) /* chi-squared of 40: 99.9 % lie in 0.45 ... 1.9 */
        CU_ASSERT(squares[k] > 0.45 && squares[k] < 1.9);
}

static void resampling_agrees_with_the_jacobian_and_with_itself(void)
{
    made m = fleet_with_noise(0.01, 3);
    tj_fit a, b;
    CU_ASSERT_EQUAL_FATAL(run(&m, 200, &a), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(run(&m, 200, &b), TJ_OK);
    for (int k = 0; k < 2; k++) {
        CU_ASSERT(a.bootstrap[k] > 0.7 * a.error[k] && a.bootstrap[k] < 1.4 * a.error[k]);
        CU_ASSERT_EQUAL(a.bootstrap[k], b.bootstrap[k]);
    }
    tj_fit_free(&a);
    tj_fit_free(&b);
}

static void years_may_be_missing(void)
{
    made all = fleet_counted(BEGIN - 1, 17.3, 3.4, 0, 0), some = {.n = 0};
    for (size_t i = 0; i < all.n; i++)
        if (all.rows[i].kind == TJ_FIT_SOLD || all.rows[i].year % 4 == 1)
            some.rows[some.n++] = all.rows[i];
    add(&some, TJ_FIT_COUNT, LAST + 1, 0, 5);
    CU_ASSERT(recovers(&some, 17.3, 3.4));
    tj_fit fit;
    CU_ASSERT_EQUAL(run(&some, 0, &fit), TJ_OK);
    CU_ASSERT_EQUAL(fit.late, 1); /* of a year whose sales are not known */
    tj_fit_free(&fit);
}

/* ---- by hand ---- */

/* 100 sold in 2000, none before and after. 2001: 100 e^-0.5 = 60.6530659712633, 2002: 100 e^-1 = 36.7879441171442.
 * (1/lambda)^beta = 0.5 and (2/lambda)^beta = 1, so lambda = 2 and 2^beta = 2, beta = 1. */
static made two_years(void)
{
    made m = {.n = 0};
    for (int year = 1999; year <= 2002; year++)
        add(&m, TJ_FIT_SOLD, year, 0, year == 2000 ? 100 : 0);
    add(&m, TJ_FIT_COUNT, 2001, 0, 60.6530659712633);
    add(&m, TJ_FIT_COUNT, 2002, 0, 36.7879441171442);
    return m;
}

static void two_counts_give_two_numbers_and_no_errors(void)
{
    made m = two_years();
    tj_fit fit;
    CU_ASSERT_EQUAL_FATAL(run(&m, 50, &fit), TJ_OK);
    CU_ASSERT_DOUBLE_EQUAL(fit.lambda, 2, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(fit.beta, 1, 1e-9);
    CU_ASSERT(isnan(fit.error[0]) && isnan(fit.bootstrap[1]));
    CU_ASSERT_EQUAL(fit.n_points, 2);
    CU_ASSERT_DOUBLE_EQUAL(fit.points[1].fitted, 36.7879441171442, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(fit.r2, 1, 1e-9);
    tj_fit_free(&fit);
}

/* Ages of 2002: 60 of age 1, 30 of age 2: sold 100 in 2000 and 80 in 2001, so S(1) = 0.75 and S(2) = 0.3.
 * beta = log2(ln 0.3 / ln 0.75) = 2.0652469..., lambda = 1/(-ln 0.75)^(1/beta) = 1.8280835...; weights 1 and 1/2. */
static void ages_are_compared_with_what_was_sold(void)
{
    made m = {.n = 0};
    const double sold[] = {0, 100, 80, 50};
    for (int i = 0; i < 4; i++)
        add(&m, TJ_FIT_SOLD, 1999 + i, 0, sold[i]);
    add(&m, TJ_FIT_AGE, 2002, 1, 60);
    add(&m, TJ_FIT_AGE, 2002, 2, 30);
    tj_fit fit;
    CU_ASSERT_EQUAL_FATAL(run(&m, 0, &fit), TJ_OK);
    double beta = log2(log(0.3) / log(0.75));
    CU_ASSERT_DOUBLE_EQUAL(fit.beta, beta, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(fit.lambda, pow(-log(0.75), -1 / beta), 1e-9);
    CU_ASSERT_EQUAL(fit.points[0].weight, 1);
    CU_ASSERT_EQUAL(fit.points[1].weight, 0.5);
    tj_fit_free(&fit);
}

/* Sales of 2001 missing between 100 and 200: 150. Counts of 2002 without deaths to speak of. */
static void missing_sales_lie_between_their_neighbours(void)
{
    made m = {.n = 0};
    add(&m, TJ_FIT_SOLD, 1999, 0, 0);
    add(&m, TJ_FIT_SOLD, 2000, 0, 100);
    add(&m, TJ_FIT_SOLD, 2002, 0, 200);
    add(&m, TJ_FIT_COUNT, 2001, 0, 150 + 100 * survival(1, 2, 1));
    add(&m, TJ_FIT_COUNT, 2002, 0, 200 + 150 * survival(1, 2, 1) + 100 * survival(2, 2, 1));
    CU_ASSERT(recovers(&m, 2, 1));
    tj_fit fit;
    CU_ASSERT_EQUAL(run(&m, 0, &fit), TJ_OK);
    CU_ASSERT_EQUAL(fit.filled, 1);
    tj_fit_free(&fit);
}

/* ---- what cannot be fitted ---- */

static void impossible_data_are_named(void)
{
    made m = two_years();
    m.rows[4].units = 120; /* 2001: of 100 sold */
    CU_ASSERT(sentence_is(&m, TJ_ERR_UNDEFINED, "2001: 120 units counted"));
    m = two_years();
    m.rows[5].units = 70; /* 2002: more than the 60.7 of 2001, and none sold */
    CU_ASSERT(sentence_is(&m, TJ_ERR_UNDEFINED, "2002: 70 units counted"));
    m = two_years();
    add(&m, TJ_FIT_AGE, 2003, 3, 110);
    CU_ASSERT(sentence_is(&m, TJ_ERR_UNDEFINED, "2003: 110 units of age 3, but 100 were sold in 2000"));
    m = two_years();
    m.rows[4].units = -1;
    CU_ASSERT(sentence_is(&m, TJ_ERR_UNDEFINED, "2001: count -1, expected a number not below 0"));
    m = two_years();
    m.n = 5;
    CU_ASSERT(sentence_is(&m, TJ_ERR_UNDEFINED, "1 count or age that can be used"));
    m = (made){.n = 0};
    add(&m, TJ_FIT_COUNT, 2001, 0, 60);
    add(&m, TJ_FIT_COUNT, 2002, 0, 50);
    CU_ASSERT(sentence_is(&m, TJ_ERR_UNDEFINED, "no sales"));
}

/* Equal sales for ever and an equal fleet tell the mean life, 10 years, and nothing of its spread. */
static void a_steady_fleet_cannot_tell_lambda_from_beta(void)
{
    made m = {.n = 0};
    for (int year = FIRST; year <= LAST; year++) {
        add(&m, TJ_FIT_SOLD, year, 0, 100);
        add(&m, TJ_FIT_COUNT, year, 0, 1000);
    }
    CU_ASSERT(sentence_is(&m, TJ_OK, "cannot tell lambda from beta: give ages"));
    tj_fit fit;
    CU_ASSERT_EQUAL(run(&m, 20, &fit), TJ_OK);
    CU_ASSERT(isnan(fit.error[1]) && isnan(fit.bootstrap[0])); /* residuals of 0 are no errors of 0 */
    tj_fit_free(&fit);
}

static void a_fleet_that_nobody_leaves_has_no_life(void)
{
    made m = {.n = 0};
    for (int year = 2000; year <= 2010; year++) {
        add(&m, TJ_FIT_SOLD, year, 0, year == 2000 ? 0 : 100);
        add(&m, TJ_FIT_COUNT, year, 0, 100 * (year - 2000));
    }
    CU_ASSERT(sentence_is(&m, TJ_OK, "at the edge of what is searched: too few units have gone"));
}

/* A quarter fewer of every second age than the law leaves. */
static void a_poor_fit_says_so(void)
{
    made m = {.n = 0};
    for (int year = BEGIN; year <= LAST; year++)
        add(&m, TJ_FIT_SOLD, year, 0, sales(year));
    add_ages(&m, LAST, 14, 2.2);
    for (size_t i = 0; i < m.n; i++)
        if (m.rows[i].kind == TJ_FIT_AGE && m.rows[i].age % 2 == 0)
            m.rows[i].units *= 0.75;
    CU_ASSERT(sentence_is(&m, TJ_OK, "poor: errors of"));
}

int main(void)
{
    const tj_test tests[] = {
        {"a fleet from nothing gives its law", a_fleet_from_nothing_gives_its_law},
        {"a fleet with ages needs no earlier sales", a_fleet_with_ages_needs_no_earlier_sales},
        {"earlier sales are taken as in the first years", earlier_sales_are_taken_as_in_the_first_years},
        {"ages alone give the law", ages_alone_give_the_law},
        {"noise stays within the errors", noise_stays_within_the_errors},
        {"resampling agrees with the Jacobian and with itself",
         resampling_agrees_with_the_jacobian_and_with_itself},
        {"years may be missing", years_may_be_missing},
        {"two counts give two numbers and no errors", two_counts_give_two_numbers_and_no_errors},
        {"ages are compared with what was sold", ages_are_compared_with_what_was_sold},
        {"missing sales lie between their neighbours", missing_sales_lie_between_their_neighbours},
        {"impossible data are named", impossible_data_are_named},
        {"a steady fleet cannot tell lambda from beta", a_steady_fleet_cannot_tell_lambda_from_beta},
        {"a fleet that nobody leaves has no life", a_fleet_that_nobody_leaves_has_no_life},
        {"a poor fit says so", a_poor_fit_says_so},
    };
    return TJ_RUN("fit", tests);
}
