#include "io/readers/csv.h"

#include "harness.h"
#include "read_texts.h"

/* All lines of a CSV text, cells joined by '|' with a newline after each line, then any messages. */
static const char *lines_of(const char *text)
{
    static char lines[4096];
    size_t used = 0;
    tj_arena arena;
    tj_diags diags;
    tj_study study;
    tj_csv csv;
    tj_arena_init(&arena);
    tj_diags_init(&diags);
    tj_study_init(&study);
    tj_source source = {"a.csv", &study, &diags, 0, 0};
    lines[0] = '\0';
    if (tj_csv_open(&csv, &source, &arena, text, strlen(text)) == 0)
        while (tj_csv_next(&csv))
            for (size_t i = 0; i < csv.count; i++)
                used +=
                    (size_t)snprintf(lines + used, sizeof lines - used, "%.*s%s", (int)csv.cells[i].length,
                                     csv.cells[i].text, i + 1 < csv.count ? "|" : "\n");
    for (size_t i = 0; i < diags.count; i++) {
        char line[512];
        tj_diag_format(&diags.items[i], line, sizeof line);
        used += (size_t)snprintf(lines + used, sizeof lines - used, "%s\n", line);
    }
    tj_study_free(&study);
    tj_diags_free(&diags);
    tj_arena_free(&arena);
    return lines;
}

static void cells_are_separated_by_commas_or_semicolons(void)
{
    SAYS(lines_of("a,b\n1,2\n"), "a|b\n1|2\n");
    SAYS(lines_of("a;b\n1,5;2\n"), "a|b\n1,5|2\n");
    SAYS(lines_of("a,b\n x ,\t y z \n"), "a|b\nx|y z\n");
    SAYS(lines_of("a\n1\n"), "a\n1\n");
    SAYS(lines_of("a,b\n,\n1,\n"), "a|b\n1|\n"); /* a line of empty cells is blank */
}

static void lines_end_as_any_system_ends_them(void)
{
    SAYS(lines_of("a,b\r\n1,2\r\n"), "a|b\n1|2\n");
    SAYS(lines_of("a,b\r1,2\r"), "a|b\n1|2\n");
    SAYS(lines_of("a,b\n1,2"), "a|b\n1|2\n");
    SAYS(lines_of("\n\r\n# comment, \"open\na,b\n\n  \n#x\n1,2\n\n"), "a|b\n1|2\n");
    SAYS(lines_of("a,b\n\"# a comment, quoted by a spreadsheet\",\n1,2\n"), "a|b\n1|2\n");
}

static void quotes_hold_separators_quotes_and_lines(void)
{
    SAYS(lines_of("a,b\n\"x, \"\"y\"\"\",\"1\n2\"\n3,4\n"), "a|b\nx, \"y\"|1\n2\n3|4\n");
    SAYS(lines_of("a,b\n\"\",5\" pipe\n"), "a|b\n|5\" pipe\n");
    SAYS(lines_of("\"a\",\"b\"\n1,2\n"), "a|b\n1|2\n");
}

static void a_quote_that_is_not_closed_is_shown_where_it_opens(void)
{
    SAYS(lines_of("a,b\n1,2\n3,\"x\n4,5\n"),
         "a|b\n1|2\na.csv:3:3: error: the quote opened here is not closed\n");
    SAYS(lines_of("a,b\n\"é\"z,2\n"),
         "a|b\né|2\na.csv:2:4: error: found more after the closing quote; a '\"' "
         "inside a quoted cell is written twice\n");
}

static void a_header_with_both_separators_is_refused(void)
{
    SAYS(lines_of("# a;b\na,b;c\n"),
         "a.csv:2:1: error: the header is separated by commas and by semicolons; expected one of them\n");
    SAYS(lines_of("a\tb\n1\t2\n"),
         "a.csv:1:1: error: the header is separated by tabs, expected commas or semicolons\n");
}

/* Value of the only pool row of a file, NaN-free: -1 where there is none. */
static double pool_value(const char *text)
{
    tj_study study;
    double value = -1;
    SAYS(read_with("pool.csv", text, &study), "");
    CU_ASSERT_EQUAL(study.pool_count, 1);
    if (study.pool_count == 1) {
        value = study.pool[0].value.dist.p[0];
        CU_ASSERT_STRING_EQUAL(study.pool[0].place, "Lund");
        CU_ASSERT_EQUAL(study.pool[0].year.value, 2020);
        CU_ASSERT_EQUAL(study.pool[0].value.dimension.exponent[TJ_BASE_MASS], 1);
    }
    tj_study_free(&study);
    return value;
}

#define POOL "country,place,year,sector,value,unit\n"

static void spreadsheets_are_read_as_they_write(void)
{
    CU_ASSERT_EQUAL(pool_value(POOL "SWE,Lund,2020,transport,3.5,kt\n"), 3500);
    CU_ASSERT_EQUAL(pool_value("\xEF\xBB\xBF" POOL "SWE,Lund,2020,transport,3.5,kt\n"), 3500);
    CU_ASSERT_EQUAL(pool_value("\xEF\xBB\xBF"
                               "country;place;year;sector;value;unit;;\r\n"
                               "SWE;Lund;2020;transport;3,5;kt CO2e;;\r\n;;;;;;;\r\n"),
                    3500);
    CU_ASSERT_EQUAL(pool_value("unit,note,value,place,year,sector,country\n"
                               "kt,\"a, b\",1e-3,Lund,2020,transport,SWE\n"),
                    1);
}

static void rows_with_a_fault_are_left_out(void)
{
    tj_study study;
    SAYS(read_with("pool.csv", POOL "SWE,Lund,2020,transport,1,kt\nSWE,Lund,20,transport,1,kt\n", &study),
         "pool.csv:3:10: error: found '20', expected a year from 1900 to 2200");
    CU_ASSERT_EQUAL(study.pool_count, 1);
    CU_ASSERT_EQUAL(study.pool[0].mark.line, 2);
    CU_ASSERT_EQUAL(study.pool[0].sector.mark.column, 15);
    CU_ASSERT_STRING_EQUAL(study.pool[0].value.written, "1 kt");
    tj_study_free(&study);
}

static void long_files_keep_every_row(void)
{
    enum { ROWS = 16000 };
    static char text[ROWS * 48];
    size_t used = (size_t)sprintf(text, POOL);
    for (int i = 0; i < ROWS; i++)
        used +=
            (size_t)sprintf(text + used, "SWE,Place %d,%d,s%d,%d.25,kt\n", i % 290, 1990 + i % 35, i % 9, i);
    tj_study study;
    SAYS(read_with("pool.csv", text, &study), "");
    CU_ASSERT_EQUAL(study.pool_count, ROWS);
    double sum = 0;
    for (size_t i = 0; i < study.pool_count; i++)
        sum += study.pool[i].value.dist.p[0];
    CU_ASSERT_EQUAL(sum, 1000 * (ROWS * 0.25 + ROWS * (ROWS - 1.0) / 2)); /* whole numbers of 250 t: exact */
    tj_study_free(&study);
}

static const tj_test tests[] = {
    {"cells are separated by commas or semicolons", cells_are_separated_by_commas_or_semicolons},
    {"lines end as any system ends them", lines_end_as_any_system_ends_them},
    {"quotes hold separators, quotes and lines", quotes_hold_separators_quotes_and_lines},
    {"a quote that is not closed is shown where it opens",
     a_quote_that_is_not_closed_is_shown_where_it_opens},
    {"a header with both separators is refused", a_header_with_both_separators_is_refused},
    {"spreadsheets are read as they write", spreadsheets_are_read_as_they_write},
    {"rows with a fault are left out", rows_with_a_fault_are_left_out},
    {"long files keep every row", long_files_keep_every_row},
};

int main(void)
{
    return TJ_RUN("csv", tests);
}
