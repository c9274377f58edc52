/* Tables, aligned; see sheet.h. */
#include "io/cli/sheet.h"
#include "io/cli/text.h"
#include "io/cli/words.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { MAX_COLUMNS = 32, PAGE = 100, LEAST_WRAP = 30 };

void tj_sheet_init(tj_sheet *table, const tj_sheet_column *columns, size_t n_columns)
{
    assert(n_columns > 0 && n_columns <= MAX_COLUMNS);
    *table = (tj_sheet){.columns = columns, .n_columns = n_columns, .language = "en"};
    tj_arena_init(&table->arena);
}

void tj_sheet_free(tj_sheet *table)
{
    if (table != NULL)
        tj_arena_free(&table->arena);
}

static void add(tj_sheet *table, tj_sheet_cell cell)
{
    tj_sheet_cell *cells =
        tj_arena_grow(&table->arena, table->cells, table->count, &table->capacity, sizeof cell);
    if (cells == NULL) {
        table->memory_short = 1;
        return;
    }
    table->cells = cells;
    cells[table->count++] = cell;
}

void tj_sheet_text(tj_sheet *table, const char *text)
{
    tj_sheet_cell cell = {.kind = TJ_CELL_NONE};
    if (text != NULL) {
        cell.kind = TJ_CELL_TEXT;
        cell.text = tj_arena_text(&table->arena, text, strlen(text));
        if (cell.text == NULL) {
            table->memory_short = 1;
            return;
        }
    }
    add(table, cell);
}

void tj_sheet_format(tj_sheet *table, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    tj_sheet_text(table, text);
}

void tj_sheet_number(tj_sheet *table, double number)
{
    add(table, (tj_sheet_cell){.kind = isnan(number) ? TJ_CELL_NONE : TJ_CELL_NUMBER, .number = number});
}

size_t tj_sheet_rows(const tj_sheet *table)
{
    return table->count / table->n_columns;
}

/* A cell as it is shown; `number` is room for a number. A year is not grouped. */
static const char *shown(const tj_sheet *table, size_t row, size_t column, char *number, size_t size)
{
    const tj_sheet_cell *cell = &table->cells[row * table->n_columns + column];
    if (cell->kind == TJ_CELL_TEXT)
        return cell->text;
    if (cell->kind == TJ_CELL_NONE)
        return "";
    if (strstr(table->columns[column].name, "year") != NULL)
        snprintf(number, size, "%.0f", cell->number);
    else
        tj_text_number_in(number, size, cell->number, table->columns[column].decimals, table->language);
    return number;
}

static const char *title_of(const tj_sheet *table, size_t column)
{
    const char *title = table->columns[column].title;
    return title != NULL ? tj_say_heading(title, table->language) : table->columns[column].name;
}

static void measure(const tj_sheet *table, size_t *width)
{
    for (size_t c = 0; c < table->n_columns; c++) {
        width[c] = tj_text_width(title_of(table, c));
        for (size_t r = 0; r < tj_sheet_rows(table); r++) {
            char number[64];
            size_t w = tj_text_width(shown(table, r, c, number, sizeof number));
            width[c] = w > width[c] ? w : width[c];
        }
    }
}

/* The last column, a sentence, goes on under itself where it would pass the page. */
static void print_last(FILE *out, const char *text, size_t start)
{
    if (start + tj_text_width(text) <= PAGE || start + LEAST_WRAP > PAGE) {
        fprintf(out, "%s\n", text);
        return;
    }
    size_t bytes = tj_text_fit(text, PAGE - start);
    size_t end = bytes;
    while (end > 0 && text[end] != ' ')
        end--;
    if (end == 0)
        end = bytes;
    fprintf(out, "%.*s\n%*s", (int)end, text, (int)start, "");
    print_last(out, text + end + strspn(text + end, " "), start);
}

static void print_line(FILE *out, const tj_sheet *table, const size_t *width, const char *const *texts,
                       size_t indent)
{
    size_t start = indent;
    fprintf(out, "%*s", (int)indent, "");
    for (size_t c = 0; c + 1 < table->n_columns; c++) {
        tj_text_pad(out, texts[c], width[c], table->columns[c].right);
        fputs("  ", out);
        start += width[c] + 2;
    }
    size_t last = table->n_columns - 1;
    if (table->columns[last].right) {
        tj_text_pad(out, texts[last], width[last], 1);
        fputc('\n', out);
    } else {
        print_last(out, texts[last], start);
    }
}

void tj_sheet_print(const tj_sheet *table, FILE *out, size_t indent)
{
    size_t width[MAX_COLUMNS];
    const char *texts[MAX_COLUMNS];
    char numbers[MAX_COLUMNS][64];
    assert(table->memory_short || table->count % table->n_columns == 0);
    measure(table, width);
    for (size_t c = 0; c < table->n_columns; c++)
        texts[c] = title_of(table, c);
    print_line(out, table, width, texts, indent);
    for (size_t r = 0; r < tj_sheet_rows(table); r++) {
        for (size_t c = 0; c < table->n_columns; c++)
            texts[c] = shown(table, r, c, numbers[c], sizeof numbers[c]);
        print_line(out, table, width, texts, indent);
    }
}
