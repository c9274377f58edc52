/* The hindcast: scores worked by hand, plain forecasts worked by hand, and a made pool on which nothing may
 * depend on what came after the origin, on the place itself, or on threads. */
#include "engine/lanes.h"
#include "scenarios/hindcast.h"
#include "tests/harness.h"
#include "tests/random_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NEAR(a, b) CU_ASSERT_DOUBLE_EQUAL(a, b, 1e-12)

/* ---- scores ---- */

/* Draws 1, 2, 4 against 3: mean |X - y| = (2 + 1 + 1) / 3 = 4/3; over nine pairs |X - X'| sums to
 * 2 (1 + 3 + 2) = 12, half the mean is 2/3. */
static void one_forecast(void)
{
    double draws[3] = {4, 1, 2};
    tj_judged j = tj_judge_draws(3, draws, 3);
    NEAR(j.crps, 4.0 / 3 - 2.0 / 3);
    NEAR(j.pit, 2.0 / 3);
    const double quantiles[5] = {1.1, 1.5, 2, 3, 3.8}; /* h = 2 p: 0.1, 0.5, 1, 1.5, 1.9 */
    for (int k = 0; k < 5; k++)
        NEAR(j.quantile[k], quantiles[k]);
    NEAR(tj_judge_draws(3, draws, 2).pit, 0.5); /* one below, one tie */
    NEAR(tj_judge_draws(3, draws, 9).pit, 1);
    NEAR(tj_judge_point(2, 3.5).crps, 1.5);
}

static void crps_over_all_pairs(void)
{
    tj_random r = tj_random_from(1, 'C', 0, 0);
    enum { N = 50 };
    double draws[N], y = 0.3, near = 0, pairs = 0;
    for (int i = 0; i < N; i++)
        draws[i] = tj_random_between(&r, -1, 1);
    for (int i = 0; i < N; i++) {
        near += fabs(draws[i] - y) / N;
        for (int k = 0; k < N; k++)
            pairs += fabs(draws[i] - draws[k]) / (N * N);
    }
    NEAR(tj_judge_draws(N, draws, y).crps, near - 0.5 * pairs);
}

static void pinball(void)
{
    NEAR(tj_pinball(0.05, 2, 5), 0.15); /* 3 too low, at 5 %: cheap */
    NEAR(tj_pinball(0.05, 5, 2), 2.85); /* 3 too high: dear */
    NEAR(tj_pinball(0.5, 5, 2), 1.5);
    NEAR(tj_pinball(0.95, 2, 2), 0);
}

/* Three forecasts with quantiles -2, -1, 0, 1, 2 about their median: errors 0.5, -1.5 and 3 (median - y). */
static void means_over_forecasts(void)
{
    tj_judged j[3];
    double work[3];
    const double observed[3] = {-0.5, 1.5, -3}, pit[3] = {0.25, 0.99, 1};
    for (int i = 0; i < 3; i++)
        j[i] = (tj_judged){observed[i], {-2, -1, 0, 1, 2}, 0.1 * (i + 1), pit[i]};
    tj_scores s = tj_hindcast_score(3, j, work);
    NEAR(s.mean_error, 5.0 / 3);
    NEAR(s.median_error, 1.5);
    NEAR(s.bias, 2.0 / 3);
    NEAR(s.crps, 0.2);
    NEAR(s.cover50, 1.0 / 3); /* -0.5 */
    NEAR(s.cover90, 2.0 / 3); /* and 1.5 */
    NEAR(s.width50, 2);
    NEAR(s.width90, 4);
    NEAR(s.pinball[2], 0.5 * 5.0 / 3);
    NEAR(s.pinball[0], (0.05 * 1.5 + 0.05 * 3.5 + 0.95 * 1) / 3);
    NEAR(s.pit[2], 1.0 / 3);
    NEAR(s.pit[9], 2.0 / 3); /* 1 is in the last tenth */
    s = tj_hindcast_score(0, j, work);
    CU_ASSERT(s.count == 0 && isnan(s.mean_error) && isnan(s.crps) && isnan(s.cover90) &&
              isnan(s.pinball[1]));
}

static void a_plain_forecast_has_no_interval(void)
{
    double work[1];
    tj_judged j = tj_judge_point(1, 3);
    tj_scores s = tj_hindcast_score(1, &j, work);
    NEAR(s.mean_error, 2);
    NEAR(s.crps, 2);
    CU_ASSERT(isnan(s.cover50) && isnan(s.width90) && isnan(s.pit[0]));
}

static void plain_forecasts(void)
{
    const int years[5] = {1990, 2000, 2008, 2009, 2010};
    const double x[5] = {400, 200, 120, 100, 110};
    NEAR(tj_plain_forecast(TJ_FORECAST_PERSISTENCE, 5, years, x, 2020), 110);
    /* 2008 .. 2010: slope (110 - 120) / 2 = -5 */
    NEAR(tj_plain_forecast(TJ_FORECAST_LINEAR, 5, years, x, 2012), 100);
    NEAR(tj_plain_forecast(TJ_FORECAST_LINEAR, 5, years, x, 2050), 1.1); /* not below a hundredth */
    double slope = log(110.0 / 120) / 2;
    CU_ASSERT_DOUBLE_EQUAL(tj_plain_forecast(TJ_FORECAST_EXPONENTIAL, 5, years, x, 2012),
                           110 * exp(2 * slope), 1e-9);
    /* halves every ten years: all years say so */
    const int decades[3] = {1990, 2000, 2010};
    const double halves[3] = {400, 200, 100};
    CU_ASSERT_DOUBLE_EQUAL(tj_plain_forecast(TJ_FORECAST_EXPONENTIAL_ALL, 3, decades, halves, 2020), 50,
                           1e-9);
    /* the last three where the last three years hold fewer */
    CU_ASSERT_DOUBLE_EQUAL(tj_plain_forecast(TJ_FORECAST_EXPONENTIAL, 3, decades, halves, 2020), 50, 1e-9);
    /* two values are no trend */
    NEAR(tj_plain_forecast(TJ_FORECAST_LINEAR, 2, decades, halves, 2020), 200);
}

/* ---- on a made pool ---- */

enum { PLACES = 24, SECTORS = 2, YEARS = 16, FIRST = 2000, ROWS = PLACES * SECTORS * YEARS };

typedef struct made {
    tj_study study;
    tj_country country;
    tj_sector sectors[SECTORS];
    tj_pool_row rows[ROWS];
    char names[PLACES][8];
} made;

static void make(made *m)
{
    static const char *const sectors[SECTORS] = {"heat", "transport"};
    tj_random r = tj_random_from(2, 'H', 0, 0);
    memset(m, 0, sizeof *m);
    m->country.id.text = "AAA";
    for (int s = 0; s < SECTORS; s++)
        m->sectors[s].id.text = sectors[s];
    for (int i = 0; i < ROWS; i++) {
        int place = i / (SECTORS * YEARS), sector = i / YEARS % SECTORS, y = i % YEARS;
        snprintf(m->names[place], sizeof m->names[place], "p%d", place);
        tj_pool_row *row = &m->rows[i];
        *row = (tj_pool_row){.country = {.text = "AAA"},
                             .sector = {.text = sectors[sector]},
                             .place = m->names[place],
                             .year = {.value = FIRST + y}};
        row->value.dist.p[0] = exp(8 + 0.1 * place - 0.03 * y + 0.1 * tj_random_between(&r, -1, 1));
    }
    m->study.countries = &m->country;
    m->study.sectors = m->sectors;
    m->study.pool = m->rows;
    m->study.countries_count = 1;
    m->study.sectors_count = SECTORS;
    m->study.pool_count = ROWS;
}

static tj_hindcast judge(const made *m, int threads)
{
    static const int origins[2] = {2008, 2012};
    const tj_hindcast_options options = {origins, 2, 200, 5, threads};
    tj_hindcast h;
    CU_ASSERT_EQUAL_FATAL(tj_hindcast_run(&m->study, &options, &h), TJ_OK);
    return h;
}

static int same_quantiles(const tj_hindcast *a, const tj_hindcast *b, size_t i)
{
    const tj_judged *x = &a->items[i].judged[0], *y = &b->items[i].judged[0];
    return memcmp(x->quantile, y->quantile, sizeof x->quantile) == 0;
}

static void every_place_and_later_year(void)
{
    static made m;
    make(&m);
    tj_hindcast h = judge(&m, 1);
    CU_ASSERT_EQUAL_FATAL(h.count, PLACES * (7 + 3)); /* 2009 .. 2015, 2013 .. 2015 */
    CU_ASSERT_STRING_EQUAL(h.items[0].code, "p0");
    CU_ASSERT(h.items[0].origin == 2008 && h.items[0].year == 2009 && h.uncalibrated == 0);
    double total = m.rows[9].value.dist.p[0] + m.rows[YEARS + 9].value.dist.p[0];
    NEAR(h.items[0].judged[0].observed, tj_log(total));
    tj_scores all, one;
    CU_ASSERT_EQUAL(tj_hindcast_scores(&h, TJ_FORECAST_ENGINE, 0, 0, &all), TJ_OK);
    CU_ASSERT_EQUAL(tj_hindcast_scores(&h, TJ_FORECAST_ENGINE, 2012, 3, &one), TJ_OK);
    CU_ASSERT(all.count == h.count && one.count == PLACES);
    CU_ASSERT(all.mean_error < 0.1 && all.cover90 > 0.8);
    tj_hindcast_free(&h);
}

static void threads(void)
{
    static made m;
    make(&m);
    tj_hindcast a = judge(&m, 1), b = judge(&m, 3);
    CU_ASSERT_EQUAL_FATAL(a.count, b.count);
    for (size_t i = 0; i < a.count; i++)
        CU_ASSERT(memcmp(a.items[i].judged, b.items[i].judged, sizeof a.items[i].judged) == 0);
    tj_hindcast_free(&a);
    tj_hindcast_free(&b);
}

/* Garbage after 2012 changes no forecast of either origin; what is observed is garbage then. */
static void later_years_are_hidden(void)
{
    static made m, poisoned;
    make(&m);
    make(&poisoned);
    for (int i = 0; i < ROWS; i++)
        if (poisoned.rows[i].year.value > 2012)
            poisoned.rows[i].value.dist.p[0] = 1e9 * (1 + i % 7);
    tj_hindcast a = judge(&m, 2), b = judge(&poisoned, 2);
    CU_ASSERT_EQUAL_FATAL(a.count, b.count);
    for (size_t i = 0; i < a.count; i++) {
        CU_ASSERT(same_quantiles(&a, &b, i));
        for (int f = 1; f < TJ_FORECASTERS; f++)
            CU_ASSERT(a.items[i].judged[f].quantile[2] == b.items[i].judged[f].quantile[2]);
        CU_ASSERT((a.items[i].judged[0].observed == b.items[i].judged[0].observed) ==
                  (a.items[i].year <= 2012));
    }
    tj_hindcast_free(&a);
    tj_hindcast_free(&b);
}

/* The other places keep their values but trade them for their neighbours': the same multiset teaches, so only
 * p3's own row of the pool could make a difference, and it is the same too. With one other place less, the
 * parameters change. */
static void a_place_learns_from_the_others(void)
{
    static made m, traded, fewer;
    make(&m);
    make(&traded);
    make(&fewer);
    enum { SELF = 3, A = 5, B = 9, BLOCK = SECTORS * YEARS };
    for (int i = 0; i < BLOCK; i++) {
        traded.rows[A * BLOCK + i].value.dist.p[0] = m.rows[B * BLOCK + i].value.dist.p[0];
        traded.rows[B * BLOCK + i].value.dist.p[0] = m.rows[A * BLOCK + i].value.dist.p[0];
    }
    fewer.study.pool_count = ROWS - BLOCK;
    tj_hindcast a = judge(&m, 1), b = judge(&traded, 1), c = judge(&fewer, 1);
    int differ = 0;
    for (size_t i = 0; i < 7; i++) { /* p3 at the first origin; places before it stand at the same index */
        size_t k = SELF * 7 + i;
        CU_ASSERT_STRING_EQUAL(a.items[k].code, "p3");
        for (int q = 0; q < TJ_HINDCAST_LEVELS; q++)
            CU_ASSERT_DOUBLE_EQUAL(a.items[k].judged[0].quantile[q], b.items[k].judged[0].quantile[q], 1e-9);
        differ += !same_quantiles(&a, &c, k);
    }
    CU_ASSERT_EQUAL(differ, 7);
    tj_hindcast_free(&a);
    tj_hindcast_free(&b);
    tj_hindcast_free(&c);
}

static void too_few_places(void)
{
    static made m;
    make(&m);
    m.study.pool_count = TJ_FEWEST_PLACES * SECTORS * YEARS;
    tj_hindcast h = judge(&m, 1);
    CU_ASSERT(h.count == 0 && h.uncalibrated == 2); /* without itself a place has nine others */
    tj_hindcast_free(&h);
}

int main(void)
{
    const tj_test tests[] = {
        {"CRPS, PIT and quantiles of one forecast, by hand", one_forecast},
        {"CRPS by ranks is CRPS over all pairs", crps_over_all_pairs},
        {"pinball loss, by hand", pinball},
        {"means, coverage, widths and the PIT histogram, by hand", means_over_forecasts},
        {"a plain forecast has errors but no interval", a_plain_forecast_has_no_interval},
        {"plain forecasts, by hand", plain_forecasts},
        {"every place and later year is judged against its total", every_place_and_later_year},
        {"bits do not depend on threads", threads},
        {"what came after an origin changes no forecast", later_years_are_hidden},
        {"a place learns from the others, whoever they are", a_place_learns_from_the_others},
        {"too few places are not judged", too_few_places},
    };
    return TJ_RUN("hindcast", tests);
}
