/* Sheets: rows of texts and numbers, filled cell by cell, written aligned, as CSV or as JSON.
 *
 * Invariant: cells are row-major; a sheet is whole when their number is a multiple of the columns'.
 * Missing is a cell without a value, never a zero: "" when aligned and in CSV, null in JSON.
 * Not thread-safe. */
#ifndef TJ_IO_CLI_SHEET_H
#define TJ_IO_CLI_SHEET_H

#include "engine/arena.h"
#include "engine/status.h"

#include <stdio.h>

typedef struct tj_sheet_column {
    const char *name;  /* key in CSV and JSON, e.g. "median" */
    const char *title; /* heading of the aligned table; NULL: the name */
    int right;         /* aligned to the right */
    int decimals;      /* of numbers in the aligned table; 0 also means a whole number in JSON */
} tj_sheet_column;

typedef enum tj_cell_kind { TJ_CELL_NONE, TJ_CELL_TEXT, TJ_CELL_NUMBER } tj_cell_kind;

typedef struct tj_sheet_cell {
    tj_cell_kind kind;
    const char *text;
    double number;
} tj_sheet_cell;

typedef struct tj_sheet {
    tj_arena arena;
    const tj_sheet_column *columns; /* borrowed */
    size_t n_columns;
    const char *language; /* of headings and numbers when aligned: "en" unless set after the init; borrowed */
    tj_sheet_cell *cells;
    size_t count, capacity;
    int memory_short;
} tj_sheet;

void tj_sheet_init(tj_sheet *table, const tj_sheet_column *columns, size_t n_columns);
void tj_sheet_free(tj_sheet *table); /* NULL is fine */

/* Each adds the next cell. A NULL text and a NaN are no value. Texts are copied. */
void tj_sheet_text(tj_sheet *table, const char *text);
void tj_sheet_format(tj_sheet *table, const char *format, ...) __attribute__((format(printf, 2, 3)));
void tj_sheet_number(tj_sheet *table, double number);

size_t tj_sheet_rows(const tj_sheet *table);

/* Aligned, with a heading, each line after `indent` spaces. The last column is wrapped at 100 columns. */
void tj_sheet_print(const tj_sheet *table, FILE *out, size_t indent);

/* The forms in which a command gives its data: one record each, the list ended by a NULL name. */
typedef struct tj_format {
    const char *name, *sentence;
    tj_status (*write)(const tj_sheet *table, FILE *out);
} tj_format;
extern const tj_format tj_formats[];
const tj_format *tj_format_find(const char *name); /* NULL: unknown */

#endif
