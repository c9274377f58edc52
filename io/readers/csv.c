/* The line reader; see csv.h. `at` stands before a cell or at the end of a line; line and column are its
 * place, columns counted in characters. */
#include "io/readers/csv.h"

#include <assert.h>
#include <string.h>

static int line_end(const tj_csv *csv)
{
    return csv->at == csv->end || *csv->at == '\n' || *csv->at == '\r';
}

static void step(tj_csv *csv)
{
    csv->column += ((unsigned char)*csv->at & 0xC0) != 0x80;
    csv->at++;
}

/* Past LF, CR or CRLF. */
static void line_pass(tj_csv *csv)
{
    assert(csv->at < csv->end);
    int crlf = csv->end - csv->at >= 2 && memcmp(csv->at, "\r\n", 2) == 0;
    csv->at += crlf ? 2 : 1;
    csv->line++;
    csv->column = 1;
}

static void blanks_skip(tj_csv *csv)
{
    while (csv->at < csv->end && (*csv->at == ' ' || (*csv->at == '\t' && csv->separator != '\t')))
        step(csv);
}

/* Undoes doubled quotes. */
static void quotes_undo(tj_csv *csv, tj_cell *cell)
{
    char *copy = tj_arena_alloc(csv->arena, cell->length, 1);
    if (copy == NULL) {
        csv->source->diags->memory_short = 1;
        return;
    }
    size_t used = 0;
    for (size_t i = 0; i < cell->length; i++) {
        copy[used++] = cell->text[i];
        i += cell->text[i] == '"';
    }
    cell->text = copy;
    cell->length = used;
}

static void quoted_read(tj_csv *csv, tj_cell *cell)
{
    int doubled = 0;
    cell->quoted = 1;
    step(csv);
    cell->text = csv->at;
    for (;;) {
        if (csv->at == csv->end) {
            tj_source_fault(csv->source, cell->mark, "the quote opened here is not closed");
            csv->broken = 1;
            break;
        }
        if (*csv->at == '"') {
            if (csv->end - csv->at < 2 || csv->at[1] != '"')
                break;
            doubled = 1;
            step(csv);
        }
        if (*csv->at == '\n' || *csv->at == '\r')
            line_pass(csv);
        else
            step(csv);
    }
    cell->length = (size_t)(csv->at - cell->text);
    if (doubled)
        quotes_undo(csv, cell);
    if (!csv->broken)
        step(csv);
}

/* Passes to the end of the cell; 1 where something but blanks stood there. */
static int cell_pass(tj_csv *csv)
{
    int found = 0;
    for (; !line_end(csv) && *csv->at != csv->separator; step(csv))
        found |= *csv->at != ' ' && *csv->at != '\t';
    return found;
}

static tj_cell cell_read(tj_csv *csv)
{
    blanks_skip(csv);
    tj_cell cell = {csv->at, 0, {csv->source->file, csv->line, csv->column}, 0};
    if (csv->at < csv->end && *csv->at == '"') {
        quoted_read(csv, &cell);
        tj_mark after = {csv->source->file, csv->line, csv->column};
        if (!csv->broken && cell_pass(csv))
            tj_source_fault(csv->source, after,
                            "found more after the closing quote; a '\"' inside a quoted cell "
                            "is written twice");
        return cell;
    }
    cell_pass(csv);
    cell.length = (size_t)(csv->at - cell.text);
    while (cell.length > 0 && (cell.text[cell.length - 1] == ' ' || cell.text[cell.length - 1] == '\t'))
        cell.length--;
    return cell;
}

/* Reads the cells up to the end of the line; 1 where one of them holds something. */
static int line_read(tj_csv *csv)
{
    int filled = 0;
    csv->count = 0;
    for (;;) {
        tj_cell cell = cell_read(csv);
        filled |= cell.length > 0;
        if (csv->count < TJ_CELLS_MOST)
            csv->cells[csv->count] = cell;
        csv->count++;
        if (csv->broken || line_end(csv))
            return filled && !csv->broken;
        step(csv);
    }
}

static void comments_skip(tj_csv *csv)
{
    for (;;) {
        blanks_skip(csv);
        if (csv->at < csv->end && *csv->at == '#')
            while (!line_end(csv))
                step(csv);
        if (csv->at == csv->end || !line_end(csv))
            return;
        line_pass(csv);
    }
}

int tj_csv_next(tj_csv *csv)
{
    while (!csv->broken) {
        comments_skip(csv);
        if (csv->at == csv->end)
            return 0;
        csv->at -= csv->column - 1; /* blanks before the first cell belong to it */
        csv->column = 1;
        int filled = line_read(csv);
        if (csv->at < csv->end && !csv->broken)
            line_pass(csv);
        if (filled && !(csv->cells[0].length > 0 && csv->cells[0].text[0] == '#'))
            return 1;
    }
    return 0;
}

/* How often `c` stands outside quotes in the line at `at`. */
static size_t outside(const tj_csv *csv, char c)
{
    size_t count = 0;
    int quoted = 0;
    for (const char *at = csv->at; at < csv->end && (quoted || (*at != '\n' && *at != '\r')); at++) {
        quoted ^= *at == '"';
        count += !quoted && *at == c;
    }
    return count;
}

int tj_csv_open(tj_csv *csv, tj_source *source, tj_arena *arena, const char *text, size_t size)
{
    *csv = (tj_csv){.source = source, .arena = arena, .at = text, .end = text + size, .line = 1, .column = 1};
    csv->separator = ',';
    comments_skip(csv);
    tj_mark mark = {source->file, csv->line, 1};
    size_t commas = outside(csv, ','), semicolons = outside(csv, ';');
    if (commas > 0 && semicolons > 0) {
        tj_source_fault(source, mark,
                        "the header is separated by commas and by semicolons; expected one of them");
        return -1;
    }
    if (commas + semicolons == 0 && outside(csv, '\t') > 0) {
        tj_source_fault(source, mark, "the header is separated by tabs, expected commas or semicolons");
        return -1;
    }
    csv->separator = semicolons > 0 ? ';' : ',';
    csv->decimal = semicolons > 0 ? ',' : '.';
    return 0;
}
