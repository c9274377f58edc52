/* What the commands print with: widths, numbers, tables in three forms, curves, progress lines. */
#include "io/cli/curve.h"
#include "io/cli/progress.h"
#include "io/cli/sheet.h"
#include "io/cli/terminal.h"
#include "io/cli/text.h"
#include "tests/harness.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *printed; /* what the last form wrote */

static FILE *begin(size_t *size)
{
    free(printed);
    printed = NULL;
    return open_memstream(&printed, size);
}

static void width_counts_columns_not_bytes(void)
{
    CU_ASSERT_EQUAL(tj_text_width("Umea"), 4);
    CU_ASSERT_EQUAL(tj_text_width("Umeå"), 4);
    CU_ASSERT_EQUAL(tj_text_width("Ume\x61\xcc\x8a"), 4); /* a + combining ring */
    CU_ASSERT_EQUAL(tj_text_width("1 805°"), 6);
    CU_ASSERT_EQUAL(tj_text_width("日本"), 4);
    CU_ASSERT_EQUAL(tj_text_width("\xff\xc3"),
                    2); /* not UTF-8: a column a byte, and no reading past the end */
    CU_ASSERT_EQUAL(tj_text_fit("Umeå", 3), 3);
    CU_ASSERT_EQUAL(tj_text_fit("Umeå", 4), 5);
}

static void padding_fills_exactly_and_cuts_with_an_ellipsis(void)
{
    size_t size;
    FILE *out = begin(&size);
    tj_text_pad(out, "Umeå", 6, 0);
    tj_text_pad(out, "Umeå", 6, 1);
    tj_text_pad(out, "Göteborg", 4, 0);
    tj_text_pad(out, "x", 0, 0);
    fclose(out);
    CU_ASSERT_STRING_EQUAL(printed, "Umeå    UmeåGöt…");
}

static void numbers_are_grouped_in_threes_and_nan_is_nothing(void)
{
    char text[64];
    CU_ASSERT_STRING_EQUAL(tj_text_number(text, sizeof text, 1234567.25, 1), "1 234 567.2");
    CU_ASSERT_STRING_EQUAL(tj_text_number(text, sizeof text, -1234, 0), "−1 234");
    CU_ASSERT_STRING_EQUAL(tj_text_number(text, sizeof text, 999, 0), "999");
    CU_ASSERT_STRING_EQUAL(tj_text_number(text, sizeof text, -0.01, 1), "0.0");
    CU_ASSERT_STRING_EQUAL(tj_text_number(text, sizeof text, NAN, 1), "");
    CU_ASSERT_STRING_EQUAL(tj_text_exact(text, sizeof text, 0.1), "0.1");
    CU_ASSERT_EQUAL(strtod(tj_text_exact(text, sizeof text, 1.0 / 3.0), NULL), 1.0 / 3.0);
}

static const tj_sheet_column columns[] = {
    {"city", "City", 0, 0}, {"year", NULL, 1, 0}, {"median", "Median, kt", 1, 1}, {"note", NULL, 0, 0}};

static void fill(tj_sheet *table)
{
    tj_sheet_init(table, columns, 4);
    tj_sheet_text(table, "Göteborg");
    tj_sheet_number(table, 2030);
    tj_sheet_number(table, 1805.5);
    tj_sheet_text(table, "a \"quoted\", text");
    tj_sheet_format(table, "%s", "Umeå");
    tj_sheet_number(table, 2045);
    tj_sheet_number(table, NAN);
    tj_sheet_text(table, NULL);
}

static const char *write(const char *format)
{
    tj_sheet table;
    size_t size;
    fill(&table);
    FILE *out = begin(&size);
    CU_ASSERT_EQUAL(tj_sheet_rows(&table), 2);
    CU_ASSERT_EQUAL(tj_format_find(format)->write(&table, out), TJ_OK);
    fclose(out);
    tj_sheet_free(&table);
    return printed;
}

static void a_table_is_aligned_by_columns_of_the_terminal(void)
{
    CU_ASSERT_STRING_EQUAL(write("table"), "City      year  Median, kt  note\n"
                                           "Göteborg  2030     1 805.5  a \"quoted\", text\n"
                                           "Umeå      2045              \n");
}

static void csv_quotes_what_must_be_and_leaves_missing_empty(void)
{
    CU_ASSERT_STRING_EQUAL(write("csv"), "city,year,median,note\n"
                                         "Göteborg,2030,1805.5,\"a \"\"quoted\"\", text\"\n"
                                         "Umeå,2045,,\n");
}

static void json_has_one_object_a_row_and_null_for_missing(void)
{
    const char *json = write("json");
    CU_ASSERT_PTR_NOT_NULL(strstr(json, "\"city\": \"Göteborg\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(json, "\"year\": 2030,"));
    CU_ASSERT_PTR_NOT_NULL(strstr(json, "\"median\": 1805.5"));
    CU_ASSERT_PTR_NOT_NULL(strstr(json, "\"median\": null"));
    CU_ASSERT_PTR_NOT_NULL(strstr(json, "\"note\": null"));
    CU_ASSERT_PTR_NULL(tj_format_find("xml"));
}

static void no_line_of_a_table_passes_the_page(void)
{
    tj_sheet table;
    size_t size;
    tj_sheet_init(&table, &columns[2], 2);
    tj_sheet_number(&table, 1);
    tj_sheet_text(&table,
                  "one sentence that is far too long for a page of a hundred columns and goes on under "
                  "itself, word by word, until it has been said in full");
    FILE *out = begin(&size);
    tj_sheet_print(&table, out, 2);
    fclose(out);
    tj_sheet_free(&table);
    int lines = 0;
    for (char *line = strtok(printed, "\n"); line != NULL; line = strtok(NULL, "\n"), lines++)
        CU_ASSERT(tj_text_width(line) <= 100);
    CU_ASSERT_EQUAL(lines, 3);
}

static void a_spark_goes_from_the_lowest_bar_to_the_highest(void)
{
    char text[32];
    tj_spark(text, (double[]){0, NAN, 50, 100}, 4, 0, 100);
    CU_ASSERT_STRING_EQUAL(text, "▁ ▅█");
    tj_spark(text, (double[]){7}, 1, 7, 7); /* no range: the lowest bar, no division */
    CU_ASSERT_STRING_EQUAL(text, "▁");
}

/* 2 x 1 cells are 4 x 4 dots; 3,2,1,0 is the falling diagonal: dots (0,0) (1,1) (2,2) (3,3),
 * braille bits 0x01 + 0x10 in the first cell, 0x04 + 0x80 in the second. */
static void a_line_is_drawn_dot_by_dot(void)
{
    tj_canvas canvas;
    char text[16];
    tj_canvas_init(&canvas, 2, 1);
    tj_canvas_line(&canvas, (double[]){3, 2, 1, 0}, 4, 0, 3);
    tj_canvas_row(&canvas, 0, text);
    CU_ASSERT_STRING_EQUAL(text, "⠑⢄");
    tj_canvas_init(&canvas, 2, 1);
    tj_canvas_line(&canvas, (double[]){3, NAN, NAN, 0}, 4, 0, 3); /* a gap stays a gap */
    tj_canvas_row(&canvas, 0, text);
    CU_ASSERT_STRING_EQUAL(text, "⠁⢀");
    tj_canvas_init(&canvas, 2, 1);
    tj_canvas_line(&canvas, (double[]){NAN, NAN, NAN, NAN}, 4, 0, 3);
    tj_canvas_band(&canvas, (double[]){NAN, 0, 0, NAN}, (double[]){NAN, NAN, NAN, NAN}, 4, 0, 3);
    tj_canvas_row(&canvas, 0, text);
    CU_ASSERT_STRING_EQUAL(text, "⠀⠀"); /* no value: no dot */
}

static void a_band_stays_between_its_edges(void)
{
    tj_canvas canvas;
    tj_canvas_init(&canvas, 4, 4);
    double low[] = {1, 1, 1, 1, 1}, high[] = {2, 2, 2, 2, 2};
    tj_canvas_band(&canvas, low, high, 5, 0, 4);
    int dots = 0;
    for (size_t c = 0; c < 4; c++) {
        dots += canvas.dots[1][c] + canvas.dots[2][c];
        CU_ASSERT_EQUAL(canvas.dots[0][c], 0); /* above 3 */
        CU_ASSERT_EQUAL(canvas.dots[3][c], 0); /* below 1 */
    }
    CU_ASSERT(dots > 0);
}

/* 4 of 16 units of 1e6 in 2 s: 2 M/s, and 12 units more take 6 s. */
static void a_progress_line_has_rate_and_time_left(void)
{
    char line[256];
    tj_progress_line(line, sizeof line, 4, 16, 2.0, 1e6, 0);
    CU_ASSERT_STRING_EQUAL(line, " 25 %  4 of 16 units, 2.0 M city-package-draw-years/s, 6 s left");
    tj_progress_line(line, sizeof line, 16, 16, 2.0, 1e6, 0);
    CU_ASSERT_STRING_EQUAL(line, "100 %  16 of 16 units, 8.0 M city-package-draw-years/s");
    tj_progress_line(line, sizeof line, 8, 16, 0.0, 1e6, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(line, "██████████░░░░░░░░░░  50 %"));
}

static void a_file_gets_neither_bars_nor_colours(void)
{
    size_t size;
    FILE *file = tmpfile();
    tj_progress progress;
    CU_ASSERT_EQUAL(tj_terminal_redraws(file), 0);
    CU_ASSERT_STRING_EQUAL(tj_style_begin(file, TJ_RED), "");
    FILE *out = begin(&size);
    fclose(out);
    tj_progress_begin(&progress, file, 1, 0);
    tj_progress_step(&progress, 1, 2); /* sooner than a few seconds: nothing */
    progress.last -= 6;
    tj_progress_step(&progress, 1, 2);
    tj_progress_end(&progress);
    CU_ASSERT(ftell(file) > 0);
    rewind(file);
    char text[256];
    size_t n = fread(text, 1, sizeof text - 1, file);
    text[n] = '\0';
    CU_ASSERT_PTR_NULL(strchr(text, '\r'));
    CU_ASSERT_PTR_NULL(strchr(text, '\033'));
    CU_ASSERT_PTR_EQUAL(strchr(text, '\n'), text + n - 1); /* one line */
    fclose(file);
}

int main(void)
{
    static const tj_test tests[] = {
        {"width counts columns, not bytes", width_counts_columns_not_bytes},
        {"padding fills exactly and cuts with an ellipsis", padding_fills_exactly_and_cuts_with_an_ellipsis},
        {"numbers are grouped in threes, NaN is nothing", numbers_are_grouped_in_threes_and_nan_is_nothing},
        {"a table is aligned by columns of the terminal", a_table_is_aligned_by_columns_of_the_terminal},
        {"CSV quotes what must be and leaves missing empty",
         csv_quotes_what_must_be_and_leaves_missing_empty},
        {"JSON has one object a row and null for missing", json_has_one_object_a_row_and_null_for_missing},
        {"no line of a table passes the page", no_line_of_a_table_passes_the_page},
        {"a spark goes from the lowest bar to the highest", a_spark_goes_from_the_lowest_bar_to_the_highest},
        {"a line is drawn dot by dot", a_line_is_drawn_dot_by_dot},
        {"a band stays between its edges", a_band_stays_between_its_edges},
        {"a progress line has rate and time left", a_progress_line_has_rate_and_time_left},
        {"a file gets neither bars nor colours", a_file_gets_neither_bars_nor_colours},
    };
    int bad = TJ_RUN("cli_print", tests);
    free(printed);
    return bad;
}
