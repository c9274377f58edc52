/* Reading a CSV file by a list of column records: order of columns, unknown, missing and doubled ones, and
 * cells of the wrong kind are handled in one place. */
#ifndef TJ_IO_READERS_TABLE_H
#define TJ_IO_READERS_TABLE_H

#include "io/readers/csv.h"

#include <stddef.h>

typedef struct tj_column tj_column;
typedef struct tj_rows tj_rows;
typedef struct tj_table tj_table;

enum { TJ_COLUMNS_MOST = 16, TJ_ROW_BYTES = 1024 };

/* Reads a cell to `to`, `offset` bytes into the row. Not called for an empty cell. */
struct tj_column {
    const char *name;
    void (*read)(tj_table *table, const tj_cell *cell, const tj_column *column, void *to);
    size_t offset;
    enum {
        TJ_OPTIONAL,
        TJ_COLUMN,
        TJ_FILLED
    } need; /* COLUMN: must stand in the header; FILLED: in each row */
};

struct tj_rows {
    const tj_column *columns;
    size_t count;
    size_t size; /* of a row */
    size_t mark; /* offset of its tj_mark */
    /* After the cells, what they must satisfy together; may be NULL. */
    void (*check)(tj_table *table, void *row);
};

struct tj_table {
    tj_source *source;
    const tj_rows *rows;
    tj_csv csv;
    int place[TJ_COLUMNS_MOST];        /* of a column: its cell, -1 where it is not in the file */
    size_t cells;                      /* of the header */
    const char *last[TJ_COLUMNS_MOST]; /* text kept of each column, shared with the row before */
    size_t last_length[TJ_COLUMNS_MOST];
    char unit_text[64]; /* unit read last */
    size_t unit_length;
    tj_unit unit;
};

/* Reads a text and appends rows without faults to `list`, laid out as (items, count, capacity). */
void tj_table_read(tj_source *source, const tj_rows *rows, const char *text, size_t size, void *list);

/* The cell of another column in this line; NULL where the file has no such column. */
const tj_cell *tj_table_cell(tj_table *table, const char *column);

/* The cell's text in the study's memory. */
const char *tj_table_text(tj_table *table, const tj_cell *cell, const tj_column *column);

/* Readers of cells, for tj_column.read. */
typedef void tj_cell_read(tj_table *table, const tj_cell *cell, const tj_column *column, void *to);
tj_cell_read tj_cell_text;     /* const char * */
tj_cell_read tj_cell_word;     /* tj_name: any text */
tj_cell_read tj_cell_id;       /* tj_name: an identifier, or several joined by dots */
tj_cell_read tj_cell_place;    /* tj_name: a city or country, or '*' for all */
tj_cell_read tj_cell_count;    /* tj_integer: a whole number from 0 */
tj_cell_read tj_cell_year;     /* tj_year */
tj_cell_read tj_cell_quality;  /* tj_quality */
tj_cell_read tj_cell_number;   /* double: a bare number */
tj_cell_read tj_cell_value;    /* tj_quantity: a number, with the unit of the column `unit` */
tj_cell_read tj_cell_quantity; /* tj_quantity: YAML, a number with a unit or a distribution */
tj_cell_read tj_cell_ignore;   /* nothing: the cell is read with another, or is for people */

/* The index of the cell's word among `words`; -1 after saying that it is none of them. `what` is what they are. */
int tj_table_word(tj_table *table, const tj_cell *cell, const tj_column *column, const char *what,
                  const char *const *words, size_t count);

/* Says that a row of a kind needs what it lacks, a column; NULL: it lacks nothing. */
void tj_table_lacks(tj_table *table, tj_mark mark, const char *kind, const char *lacking);

#endif
