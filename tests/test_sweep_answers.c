/* What a person asks of a sweep, on three measures that can be worked by hand.
 *
 *   combination   none    A     B    A,B    C    A,C   B,C   A,B,C
 *   bit mask         0    1     2     3     4     5     6      7
 *   cost, MEUR       0   10    20    30    40    50    60     70
 *   probability    0.10 0.40  0.45  0.92  0.30   -    0.95  0.945    (A,C: left out)
 */
#include "io/cli/sweep_answers.h"
#include "tests/harness.h"

#include <math.h>
#include <string.h>

enum { COLUMNS = 8, ANSWER = 2, COUNT, PROBABILITY, COST, SIZE, WHICH };

static const char *const names[] = {"a", "b", "c"};
static const double price[] = {10e6, 20e6, 40e6};
static const double probability[] = {0.10, 0.40, 0.45, 0.92, 0.30, NAN, 0.95, 0.945};

/* Row `index` among those with this answer; NULL where there are fewer. */
static const tj_sheet_cell *row_of(const tj_answers *a, const char *answer, size_t index)
{
    for (size_t r = 0; r < tj_sheet_rows(&a->sheet); r++) {
        const tj_sheet_cell *row = a->sheet.cells + r * COLUMNS;
        if (strcmp(row[ANSWER].text, answer) == 0 && index-- == 0)
            return row;
    }
    return NULL;
}

static size_t rows_of(const tj_answers *a, const char *answer)
{
    size_t count = 0;
    while (row_of(a, answer, count) != NULL)
        count++;
    return count;
}

static int is_combination(const tj_sheet_cell *row, double p, double cost, double size, const char *which)
{
    return row != NULL && row[COUNT].kind == TJ_CELL_NONE && row[PROBABILITY].number == p &&
           fabs(row[COST].number - cost) < 1e-9 && row[SIZE].number == size &&
           strcmp(row[WHICH].text, which) == 0;
}

static tj_answers ask(const double *prices, const double *p, size_t top, double within)
{
    tj_answers a;
    CU_ASSERT_EQUAL_FATAL(tj_answers_init(&a, names, 3, prices), 0);
    a.top = top;
    a.within = within;
    tj_answers_add(&a, "background", "target", p);
    return a;
}

static void the_best_and_the_cheapest_are_found(void)
{
    tj_answers a = ask(price, probability, 10, 1);
    CU_ASSERT(is_combination(row_of(&a, "best", 0), 0.95, 60, 2, "b, c"));
    CU_ASSERT_EQUAL(row_of(&a, "likely (50 %)", 0)[COUNT].number, 3);
    CU_ASSERT(is_combination(row_of(&a, "cheapest likely", 0), 0.92, 30, 2, "a, b"));
    CU_ASSERT_EQUAL(row_of(&a, "sure (90 %)", 0)[COUNT].number, 3);
    CU_ASSERT(is_combination(row_of(&a, "cheapest sure", 0), 0.92, 30, 2, "a, b"));
    tj_answers_free(&a);
}

/* By cost 0.10, 0.40, 0.45, 0.92, then 0.30 is less, 0.95 is more, 0.945 is less again. */
static void the_front_costs_more_for_more(void)
{
    tj_answers a = ask(price, probability, 10, 1);
    static const double expected[] = {0.10, 0.40, 0.45, 0.92, 0.95}, cost[] = {0, 10, 20, 30, 60};
    CU_ASSERT_EQUAL(rows_of(&a, "front"), 5);
    for (size_t i = 0; i < 5; i++) {
        CU_ASSERT_EQUAL(row_of(&a, "front", i)[PROBABILITY].number, expected[i]);
        CU_ASSERT_DOUBLE_EQUAL(row_of(&a, "front", i)[COST].number, cost[i], 1e-9);
    }
    CU_ASSERT_STRING_EQUAL(row_of(&a, "front", 0)[WHICH].text, "none");
    tj_answers_free(&a);
}

/* Three of five points: the first, the third and the last. */
static void a_long_front_is_thinned_evenly(void)
{
    tj_answers a = ask(price, probability, 3, 1);
    CU_ASSERT_EQUAL(rows_of(&a, "front"), 3);
    CU_ASSERT_EQUAL(row_of(&a, "front", 0)[PROBABILITY].number, 0.10);
    CU_ASSERT_EQUAL(row_of(&a, "front", 1)[PROBABILITY].number, 0.45);
    CU_ASSERT_EQUAL(row_of(&a, "front", 2)[PROBABILITY].number, 0.95);
    tj_answers_free(&a);
}

/* Within 1 point of 0.95 lie B,C and A,B,C: A in one of two, B and C in both. Within 5 points A,B too. */
static void measures_near_the_best_are_counted(void)
{
    static const double one[] = {1, 2, 2}, five[] = {2, 3, 2};
    for (int wide = 0; wide < 2; wide++) {
        tj_answers a = ask(price, probability, 10, wide ? 5 : 1);
        CU_ASSERT_EQUAL(rows_of(&a, "held near the best"), 3);
        for (size_t m = 0; m < 3; m++) {
            const tj_sheet_cell *row = row_of(&a, "held near the best", m);
            double held = wide ? five[m] : one[m];
            CU_ASSERT_STRING_EQUAL(row[WHICH].text, names[m]);
            CU_ASSERT_EQUAL(row[COUNT].number, held);
            CU_ASSERT_DOUBLE_EQUAL(row[PROBABILITY].number, held / (wide ? 3 : 2), 1e-15);
        }
        tj_answers_free(&a);
    }
}

/* C has no price: the order is the number of measures, and a sum with C has no cost. */
static void an_unknown_cost_is_no_cost_of_zero(void)
{
    static const double unknown[] = {10e6, 20e6, NAN};
    tj_answers a = ask(unknown, probability, 10, 1);
    CU_ASSERT_EQUAL(rows_of(&a, "cheapest likely"), 0);
    CU_ASSERT(is_combination(row_of(&a, "smallest likely", 0), 0.92, 30, 2, "a, b"));
    CU_ASSERT_EQUAL(row_of(&a, "best", 0)[COST].kind, TJ_CELL_NONE);
    CU_ASSERT(isnan(a.cost[4]) && isnan(a.cost[7]) && a.cost[3] == 30e6);
    tj_answers_free(&a);
}

static void what_nothing_reaches_is_said(void)
{
    static const double never[] = {0, 0, 0, 0, 0, 0, 0, 0};
    static const double unjudged[] = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    tj_answers a = ask(price, never, 10, 1);
    CU_ASSERT(is_combination(row_of(&a, "best", 0), 0, 0, 0, "none"));
    CU_ASSERT_EQUAL(row_of(&a, "likely (50 %)", 0)[COUNT].number, 0);
    CU_ASSERT_EQUAL(rows_of(&a, "cheapest likely") + rows_of(&a, "held near the best"), 0);
    tj_answers_free(&a);
    a = ask(price, unjudged, 10, 1);
    CU_ASSERT_EQUAL(tj_sheet_rows(&a.sheet), 0);
    tj_answers_free(&a);
}

int main(void)
{
    static const tj_test tests[] = {
        {"the best and the cheapest are found", the_best_and_the_cheapest_are_found},
        {"the front costs more for more", the_front_costs_more_for_more},
        {"a long front is thinned evenly", a_long_front_is_thinned_evenly},
        {"measures near the best are counted", measures_near_the_best_are_counted},
        {"an unknown cost is no cost of zero", an_unknown_cost_is_no_cost_of_zero},
        {"what nothing reaches is said", what_nothing_reaches_is_said},
    };
    return TJ_RUN("sweep_answers", tests);
}
