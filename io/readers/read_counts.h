/* A file of counts, which `trajekt fit` reads: units of technologies by year. */
#ifndef TJ_IO_READERS_READ_COUNTS_H
#define TJ_IO_READERS_READ_COUNTS_H

#include "engine/status.h"
#include "scenarios/diag.h"
#include "scenarios/fit.h"
#include "scenarios/study.h"

typedef struct tj_counts_row {
    tj_name technology;
    tj_fit_kind kind;
    tj_year year;
    tj_integer age; /* mark.file NULL: not given */
    tj_quantity value;
    const char *source;
    tj_mark mark;
} tj_counts_row;

typedef struct tj_counts {
    tj_study study; /* holds the texts */
    tj_counts_row *items;
    size_t count, capacity;
} tj_counts;

/* Reads the file at `path`; rows are then ordered by technology, kind, year and age, none twice, values of a
 * technology in one unit and none below 0. The caller frees the counts in every case. TJ_ERR_IO: the file cannot be
 * read; TJ_ERR_INPUT: faults. */
tj_status tj_counts_read(const char *path, tj_diags *diags, tj_counts *counts);
/* The same of a text in memory, whose name outlives the counts. */
tj_status tj_counts_read_text(tj_text text, tj_diags *diags, tj_counts *counts);
void tj_counts_free(tj_counts *counts);

#endif
