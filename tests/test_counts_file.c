/* A file of counts: what a register publishes is read, and its faults are told. */
#include "io/readers/read_counts.h"
#include "tests/harness.h"

#include <string.h>

#define HEADER "technology,kind,year,age,value,unit,source\n"

/* The first message, or the rows' number. */
static int reads(const char *text, const char *expected)
{
    char line[1024] = "";
    tj_diags diags;
    tj_counts counts;
    tj_diags_init(&diags);
    tj_status status = tj_counts_read_text((tj_text){"a.csv", text, strlen(text)}, &diags, &counts);
    CU_ASSERT_EQUAL(status, diags.errors > 0 ? TJ_ERR_INPUT : TJ_OK);
    if (diags.count > 0)
        tj_diag_format(&diags.items[0], line, sizeof line);
    else
        snprintf(line, sizeof line, "%zu rows", counts.count);
    int same = strstr(line, expected) != NULL;
    if (!same)
        printf("found: %s\n", line);
    tj_counts_free(&counts);
    tj_diags_free(&diags);
    return same;
}

static void rows_are_read_in_any_order(void)
{
    tj_diags diags;
    tj_counts counts;
    const char *text = HEADER "car,sold,2001,,2,vehicle/year,s\ncar,count,2002,,5,vehicle,\n"
                              "car,count,2001,,6,vehicle,\nboiler,age,2001,3,1,1,\n";
    tj_diags_init(&diags);
    CU_ASSERT_EQUAL(tj_counts_read_text((tj_text){"a.csv", text, strlen(text)}, &diags, &counts), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(counts.count, 4);
    CU_ASSERT_STRING_EQUAL(counts.items[0].technology.text, "boiler");
    CU_ASSERT(counts.items[0].kind == TJ_FIT_AGE && counts.items[0].age.value == 3);
    CU_ASSERT(counts.items[1].kind == TJ_FIT_COUNT && counts.items[1].year.value == 2001);
    CU_ASSERT_EQUAL(counts.items[1].value.dist.p[0], 6);
    CU_ASSERT(counts.items[3].kind == TJ_FIT_SOLD && counts.items[3].mark.line == 2);
    tj_counts_free(&counts);
    tj_diags_free(&diags);
}

static void spreadsheets_are_read_as_they_write(void)
{
    CU_ASSERT(reads("technology;kind;year;value;unit\ncar;count;2001;5,5;vehicle\n", "1 rows"));
    CU_ASSERT(reads(HEADER, "0 rows"));
}

static void faults_are_told_with_their_place(void)
{
    CU_ASSERT(reads(
        HEADER "car,count,2001,,5,vehicle,\ncar,sold,2001,,2,vehicle/year,s\ncar,age,2001,3,1,vehicle,\n",
        "3 rows"));
    CU_ASSERT(reads(HEADER "car,counts,2001,,5,1,\n",
                    "a.csv:2:5: error: unknown kind 'counts'; did you mean 'count'?"));
    CU_ASSERT(reads(HEADER "car,count,2001,,-5,1,\n", "count: found -5, expected a number not below 0"));
    CU_ASSERT(reads(HEADER "car,age,2001,,5,1,\n", "needs a number in the column 'age'"));
    CU_ASSERT(reads(HEADER "car,count,2001,3,5,1,\n", "a row of kind 'count' has no age"));
    CU_ASSERT(reads(HEADER "car,age,2001,201,5,1,\n", "found 201, expected an age up to 200 years"));
    CU_ASSERT(reads(HEADER "car,count,2001,,5,1,\ncar,count,2001,,6,1,\n",
                    "car, count, 2001 is given twice, first in line 2"));
    CU_ASSERT(
        reads(HEADER "car,count,2001,,5,vehicle,\ncar,count,2002,,6,kt,\n", "in another unit: 5 vehicle"));
}

int main(void)
{
    const tj_test tests[] = {
        {"rows are read in any order", rows_are_read_in_any_order},
        {"spreadsheets are read as they write", spreadsheets_are_read_as_they_write},
        {"faults are told with their place", faults_are_told_with_their_place},
    };
    return TJ_RUN("counts_file", tests);
}
