/* The forms of a table: aligned for people, CSV and JSON for programs; see sheet.h. */
#include "io/cli/sheet.h"
#include "io/cli/text.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static tj_status write_aligned(const tj_sheet *table, FILE *out)
{
    if (table->memory_short)
        return TJ_ERR_MEMORY;
    tj_sheet_print(table, out, 0);
    return TJ_OK;
}

/* RFC 4180: quoted where a comma, a quote or a line end is inside, quotes doubled. */
static void csv_text(FILE *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void csv_cell(FILE *out, const tj_sheet_cell *cell)
{
    char number[64];
    if (cell->kind == TJ_CELL_TEXT)
        csv_text(out, cell->text);
    else if (cell->kind == TJ_CELL_NUMBER)
        fputs(tj_text_exact(number, sizeof number, cell->number), out);
}

static tj_status write_csv(const tj_sheet *table, FILE *out)
{
    if (table->memory_short)
        return TJ_ERR_MEMORY;
    for (size_t c = 0; c < table->n_columns; c++)
        fprintf(out, "%s%s", c > 0 ? "," : "", table->columns[c].name);
    fputc('\n', out);
    for (size_t i = 0; i < table->count; i++) {
        csv_cell(out, &table->cells[i]);
        fputc((i + 1) % table->n_columns == 0 ? '\n' : ',', out);
    }
    return TJ_OK;
}

static json_t *json_cell(const tj_sheet_column *column, const tj_sheet_cell *cell)
{
    if (cell->kind == TJ_CELL_TEXT)
        return json_string(cell->text);
    if (cell->kind == TJ_CELL_NONE || !isfinite(cell->number))
        return json_null();
    if (column->decimals == 0 && fabs(cell->number) < 9007199254740992.0 &&
        floor(cell->number) == cell->number)
        return json_integer((json_int_t)cell->number);
    return json_real(cell->number);
}

/* An array with one object a row, keys in the order of the columns. */
static tj_status write_json(const tj_sheet *table, FILE *out)
{
    int failed = table->memory_short;
    json_t *rows = json_array();
    for (size_t r = 0; r < tj_sheet_rows(table) && !failed; r++) {
        json_t *row = json_object();
        for (size_t c = 0; c < table->n_columns; c++)
            failed |=
                json_object_set_new(row, table->columns[c].name,
                                    json_cell(&table->columns[c], &table->cells[r * table->n_columns + c]));
        failed |= json_array_append_new(rows, row);
    }
    if (!failed)
        failed = json_dumpf(rows, out, JSON_INDENT(1)) != 0 && !ferror(out);
    fputc('\n', out);
    json_decref(rows);
    return failed ? TJ_ERR_MEMORY : TJ_OK;
}

const tj_format tj_formats[] = {
    {"table", "aligned columns for people (the default)", write_aligned},
    {"csv", "comma-separated values with one heading line, decimal points", write_csv},
    {"json", "an array of objects; what has no value is null", write_json},
    {NULL, NULL, NULL},
};

const tj_format *tj_format_find(const char *name)
{
    for (const tj_format *f = tj_formats; f->name != NULL; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}
