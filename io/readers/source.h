/* A file under reading: where its faults go and where what it says is kept.
 *
 * Place in the path of the data: between a text and the study. At most 50 errors of a file are told;
 * the rest are counted. Running out of memory is noted in the diagnostics (memory_short) and ends in
 * TJ_ERR_MEMORY; until then every function here returns something usable or says NULL. */
#ifndef TJ_IO_READERS_SOURCE_H
#define TJ_IO_READERS_SOURCE_H

#include "scenarios/diag.h"
#include "scenarios/study.h"

enum { TJ_ERRORS_TOLD = 50, TJ_VALUES_MOST = 1000000 };

typedef struct tj_source {
    const char *file; /* lives as long as the study */
    tj_study *study;
    tj_diags *diags;
    size_t errors;  /* found in this file */
    size_t visited; /* values read: aliases can repeat a value without end */
} tj_source;

void tj_source_fault(tj_source *source, tj_mark mark, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* An unknown name, with the nearest right one; `where` as in tj_diag_unknown_in. */
void tj_source_unknown(tj_source *source, tj_mark mark, const char *what, const char *name, const char *where,
                       const char *const *candidates, size_t count);

/* Says how many errors were left out, if any. */
void tj_source_end(tj_source *source);

/* Counts a value; 0 (and one fault) when there are more than TJ_VALUES_MOST. */
int tj_source_visit(tj_source *source, tj_mark mark);

/* A copy that lives as long as the study; "" when memory is short. */
const char *tj_source_text(tj_source *source, const char *text, size_t length);

/* A zeroed new item at the end of `list`, which is laid out as (items, count, capacity), e.g. &names->items.
 * The item moves when the list grows. NULL when memory is short. */
void *tj_source_append(tj_source *source, void *list, size_t size);

/* Text fit for a message: quoted, at most 60 bytes of it. */
typedef struct tj_shown {
    char text[72];
} tj_shown;
tj_shown tj_show(const char *text, size_t length);

/* Makes sure that bytes are a text: skips a byte-order mark, refuses NUL and control bytes and what is not
 * UTF-8, with the place of the first. Returns 0 or -1. */
int tj_source_check_text(tj_source *source, const char **text, size_t *size);

#endif
