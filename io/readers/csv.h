/* CSV -> lines of cells that know their place.
 *
 * Reads what spreadsheets write: commas with decimal points, or semicolons with decimal commas; LF, CRLF or
 * CR; quoted cells over several lines. Blank lines, lines of empty cells and lines that begin with '#' are
 * skipped. The text must have passed tj_source_check_text. */
#ifndef TJ_IO_READERS_CSV_H
#define TJ_IO_READERS_CSV_H

#include "io/readers/source.h"

enum { TJ_CELLS_MOST = 64 };

/* Not NUL-terminated; points into the text, or into the arena where doubled quotes were undone. */
typedef struct tj_cell {
    const char *text;
    size_t length;
    tj_mark mark;
    int quoted; /* the text begins one column after the mark */
} tj_cell;

typedef struct tj_csv {
    tj_source *source;
    tj_arena *arena;
    const char *at, *end;
    uint32_t line, column;
    char separator, decimal;
    tj_cell cells[TJ_CELLS_MOST];
    size_t count; /* cells of the line; those past TJ_CELLS_MOST are counted, not kept */
    int broken;   /* a quote is not closed: there are no more lines */
} tj_csv;

/* Finds the separator in the first line that holds cells. Returns 0, or -1 after a fault. */
int tj_csv_open(tj_csv *csv, tj_source *source, tj_arena *arena, const char *text, size_t size);

/* Goes to the next line of cells: 1, or 0 at the end. */
int tj_csv_next(tj_csv *csv);

#endif
