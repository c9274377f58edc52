/* The generic reader of tables; see table.h. */
#include "io/readers/table.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int cell_is(const tj_cell *cell, const char *text)
{
    return cell->length == strlen(text) && memcmp(cell->text, text, cell->length) == 0;
}

static size_t column_find(const tj_rows *rows, const tj_cell *cell)
{
    size_t i = 0;
    while (i < rows->count && !cell_is(cell, rows->columns[i].name))
        i++;
    return i;
}

static void column_unknown(tj_table *table, const tj_cell *cell)
{
    const char *names[TJ_COLUMNS_MOST];
    char name[81];
    for (size_t i = 0; i < table->rows->count; i++)
        names[i] = table->rows->columns[i].name;
    snprintf(name, sizeof name, "%.*s", (int)(cell->length < 80 ? cell->length : 80), cell->text);
    tj_source_unknown(table->source, cell->mark, "column", name, "", names, table->rows->count);
}

/* The names of the columns, as a header line. */
static void header_write(const tj_rows *rows, char separator, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < rows->count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%.1s", rows->columns[i].name,
                                 i + 1 < rows->count ? &separator : "");
}

/* Fills `place`; 0, or -1 where the rows cannot be understood. */
static int header_read(tj_table *table)
{
    const tj_rows *rows = table->rows;
    char names[256];
    size_t errors = table->source->errors;
    table->cells = table->csv.count;
    while (table->cells > 0 && table->cells <= TJ_CELLS_MOST &&
           table->csv.cells[table->cells - 1].length == 0)
        table->cells--; /* what a spreadsheet leaves on the right */
    for (size_t i = 0; i < rows->count; i++)
        table->place[i] = -1;
    for (size_t i = 0; i < table->cells && i < TJ_CELLS_MOST; i++) {
        const tj_cell *cell = &table->csv.cells[i];
        size_t column = column_find(rows, cell);
        if (cell_is(cell, "note"))
            continue;
        if (column == rows->count)
            column_unknown(table, cell);
        else if (table->place[column] >= 0)
            tj_source_fault(table->source, cell->mark,
                            "column '%s' stands twice; it stands in column %u already",
                            rows->columns[column].name, table->csv.cells[table->place[column]].mark.column);
        else
            table->place[column] = (int)i;
    }
    header_write(rows, table->csv.separator, names, sizeof names);
    for (size_t i = 0; i < rows->count; i++)
        if (table->place[i] < 0 && rows->columns[i].need != TJ_OPTIONAL)
            tj_source_fault(table->source, table->csv.cells[0].mark, "column '%s' is missing; columns: %s",
                            rows->columns[i].name, names);
    return table->source->errors == errors ? 0 : -1;
}

/* 1 where the line has as many cells as the header; empty ones more are what a spreadsheet leaves. */
static int width_check(tj_table *table)
{
    const tj_csv *csv = &table->csv;
    size_t count = csv->count;
    while (count > table->cells && count <= TJ_CELLS_MOST && csv->cells[count - 1].length == 0)
        count--;
    if (count == table->cells)
        return 1;
    const tj_cell *first = &csv->cells[0];
    char other = csv->separator == ',' ? ';' : ',';
    int mixed = count == 1 && memchr(first->text, other, first->length) != NULL;
    if (mixed)
        tj_source_fault(table->source, first->mark, "the line is separated by '%c', the header by '%c'",
                        other, csv->separator);
    else
        tj_source_fault(table->source, first->mark, "found %zu cell%s, expected %zu as in the header", count,
                        count == 1 ? "" : "s", table->cells);
    return 0;
}

static void row_read(tj_table *table, void *list)
{
    _Alignas(max_align_t) unsigned char row[TJ_ROW_BYTES];
    const tj_rows *rows = table->rows;
    size_t errors = table->source->errors;
    if (!width_check(table))
        return;
    tj_mark mark = {table->source->file, table->csv.cells[0].mark.line, 1};
    memset(row, 0, rows->size);
    memcpy(row + rows->mark, &mark, sizeof mark);
    for (size_t i = 0; i < rows->count; i++) {
        const tj_column *column = &rows->columns[i];
        const tj_cell *cell = table->place[i] < 0 ? NULL : &table->csv.cells[table->place[i]];
        if (cell != NULL && cell->length > 0)
            column->read(table, cell, column, row + column->offset);
        else if (column->need == TJ_FILLED)
            tj_source_fault(table->source, cell->mark, "the cell of column '%s' is empty", column->name);
    }
    if (rows->check != NULL && table->source->errors == errors)
        rows->check(table, row);
    if (table->source->errors != errors)
        return;
    void *kept = tj_source_append(table->source, list, rows->size);
    if (kept != NULL)
        memcpy(kept, row, rows->size);
}

void tj_table_read(tj_source *source, const tj_rows *rows, const char *text, size_t size, void *list)
{
    tj_arena arena;
    tj_table *table = calloc(1, sizeof *table);
    assert(rows->count <= TJ_COLUMNS_MOST && rows->size <= TJ_ROW_BYTES);
    if (table == NULL) {
        source->diags->memory_short = 1;
        return;
    }
    tj_arena_init(&arena);
    table->source = source;
    table->rows = rows;
    if (tj_csv_open(&table->csv, source, &arena, text, size) == 0) {
        if (tj_csv_next(&table->csv)) {
            int understood = header_read(table) == 0;
            while (understood && tj_csv_next(&table->csv))
                row_read(table, list);
        } else if (!table->csv.broken) {
            char names[256];
            header_write(rows, ',', names, sizeof names);
            tj_source_fault(source, (tj_mark){source->file, 0, 0},
                            "the file is empty, expected a header line: %s", names);
        }
    }
    tj_arena_free(&arena);
    free(table);
}

const tj_cell *tj_table_cell(tj_table *table, const char *column)
{
    for (size_t i = 0; i < table->rows->count; i++)
        if (strcmp(table->rows->columns[i].name, column) == 0)
            return table->place[i] < 0 ? NULL : &table->csv.cells[table->place[i]];
    return NULL;
}

const char *tj_table_text(tj_table *table, const tj_cell *cell, const tj_column *column)
{
    size_t i = (size_t)(column - table->rows->columns);
    assert(i < table->rows->count);
    if (table->last[i] == NULL || table->last_length[i] != cell->length ||
        memcmp(table->last[i], cell->text, cell->length) != 0) {
        table->last[i] = tj_source_text(table->source, cell->text, cell->length);
        table->last_length[i] = strlen(table->last[i]);
    }
    return table->last[i];
}

int tj_table_word(tj_table *table, const tj_cell *cell, const tj_column *column, const char *what,
                  const char *const *words, size_t count)
{
    const char *text = tj_table_text(table, cell, column);
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], text) == 0)
            return (int)i;
    tj_source_unknown(table->source, cell->mark, what, text, "", words, count);
    return -1;
}

void tj_table_lacks(tj_table *table, tj_mark mark, const char *kind, const char *lacking)
{
    if (lacking != NULL)
        tj_source_fault(table->source, mark, "a row of kind '%s' needs a %s", kind, lacking);
}
