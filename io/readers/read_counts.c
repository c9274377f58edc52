/* counts.csv -> rows of counts; see read_counts.h. */
#include "io/readers/read_counts.h"
#include "io/readers/table.h"
#include "io/readers/texts.h"

#include <stdlib.h>
#include <string.h>

enum { KINDS = TJ_FIT_AGE + 1 };

static void read_kind(tj_table *table, const tj_cell *cell, const tj_column *column, void *to)
{
    const char *names[KINDS];
    for (int i = 0; i < KINDS; i++)
        names[i] = tj_fit_kind_words[i].name;
    int kind = tj_table_word(table, cell, column, "kind", names, KINDS);
    if (kind >= 0)
        *(tj_fit_kind *)to = (tj_fit_kind)kind;
}

static void check_row(tj_table *table, void *row)
{
    const tj_counts_row *r = row;
    const char *kind = tj_fit_kind_words[r->kind].name;
    double value = r->value.dist.p[0];
    if (r->kind == TJ_FIT_AGE && r->age.mark.file == NULL)
        tj_source_fault(table->source, r->mark, "a row of kind 'age' needs a number in the column 'age'");
    if (r->kind != TJ_FIT_AGE && r->age.mark.file != NULL)
        tj_source_fault(table->source, r->age.mark,
                        "a row of kind '%s' has no age; units of an age have the kind 'age'", kind);
    if (r->age.value > TJ_FIT_OLDEST)
        tj_source_fault(table->source, r->age.mark, "found %lld, expected an age up to %d years",
                        (long long)r->age.value, TJ_FIT_OLDEST);
    if (value < 0)
        tj_source_fault(table->source, r->value.mark, "%s: found %.6g, expected a number not below 0", kind,
                        value);
}

static const tj_column columns[] = {
    {"technology", tj_cell_id, offsetof(tj_counts_row, technology), TJ_FILLED},
    {"kind", read_kind, offsetof(tj_counts_row, kind), TJ_FILLED},
    {"year", tj_cell_year, offsetof(tj_counts_row, year), TJ_FILLED},
    {"age", tj_cell_count, offsetof(tj_counts_row, age), TJ_OPTIONAL},
    {"value", tj_cell_value, offsetof(tj_counts_row, value), TJ_FILLED},
    {"unit", tj_cell_ignore, 0, TJ_COLUMN},
    {"source", tj_cell_text, offsetof(tj_counts_row, source), TJ_OPTIONAL},
};
static const tj_rows rows = {columns, sizeof columns / sizeof columns[0], sizeof(tj_counts_row),
                             offsetof(tj_counts_row, mark), check_row};

/* Order of what a row is about; 0: the same. */
static int row_subject(const tj_counts_row *a, const tj_counts_row *b)
{
    int order = strcmp(a->technology.text, b->technology.text);
    if (order == 0)
        order = (a->kind > b->kind) - (a->kind < b->kind);
    if (order == 0)
        order = (a->year.value > b->year.value) - (a->year.value < b->year.value);
    return order == 0 ? (a->age.value > b->age.value) - (a->age.value < b->age.value) : order;
}

static int row_compare(const void *a, const void *b)
{
    const tj_counts_row *x = a, *y = b;
    int order = row_subject(x, y);
    return order == 0 ? (x->mark.line > y->mark.line) - (x->mark.line < y->mark.line) : order;
}

/* Dimension of the units: what is sold may be given by year. */
static tj_dimension units_of(const tj_counts_row *row)
{
    tj_dimension dimension = row->value.dimension;
    if (row->kind == TJ_FIT_SOLD && dimension.exponent[TJ_BASE_TIME] == -1)
        dimension.exponent[TJ_BASE_TIME] = 0;
    return dimension;
}

/* Neighbours in order: nothing twice, a technology in one unit. */
static void check_pair(tj_source *source, const tj_counts_row *a, const tj_counts_row *b)
{
    if (row_subject(a, b) == 0)
        tj_source_fault(source, b->mark, "%s, %s, %d is given twice, first in line %u", b->technology.text,
                        tj_fit_kind_words[b->kind].name, b->year.value, a->mark.line);
    else if (strcmp(a->technology.text, b->technology.text) == 0 &&
             !tj_dimension_equal(units_of(a), units_of(b)))
        tj_source_fault(source, b->value.mark,
                        "found %s, but line %u counts the same technology in another unit: %s",
                        b->value.written, a->mark.line, a->value.written);
}

tj_status tj_counts_read_text(tj_text text, tj_diags *diags, tj_counts *counts)
{
    *counts = (tj_counts){0};
    tj_study_init(&counts->study);
    tj_source source = {text.name, &counts->study, diags, 0, 0};
    if (tj_source_check_text(&source, &text.bytes, &text.size) == 0)
        tj_table_read(&source, &rows, text.bytes, text.size, &counts->items);
    if (counts->count > 1)
        qsort(counts->items, counts->count, sizeof *counts->items, row_compare);
    for (size_t i = 1; i < counts->count; i++)
        check_pair(&source, &counts->items[i - 1], &counts->items[i]);
    tj_source_end(&source);
    if (diags->memory_short)
        return TJ_ERR_MEMORY;
    return source.errors > 0 ? TJ_ERR_INPUT : TJ_OK;
}

/* Rows keep copies of what they need, so the text goes. */
tj_status tj_counts_read(const char *path, tj_diags *diags, tj_counts *counts)
{
    tj_arena arena;
    tj_text text;
    *counts = (tj_counts){0};
    tj_arena_init(&arena);
    tj_status status = tj_text_load(&arena, diags, ".", path, &text);
    if (status == TJ_OK && text.bytes == NULL) {
        tj_diag_add(diags, TJ_ERROR, (tj_mark){path, 0, 0}, "there is no such file");
        status = TJ_ERR_IO;
    }
    if (status == TJ_OK)
        status = tj_counts_read_text(text, diags, counts);
    tj_arena_free(&arena);
    return status;
}

void tj_counts_free(tj_counts *counts)
{
    tj_study_free(&counts->study);
    *counts = (tj_counts){0};
}
