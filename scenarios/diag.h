/* Diagnostics: everything wrong with a study, collected and shown together.
 *
 * A message says what was found and what was expected; for a misspelt name it offers the
 * nearest right one. Readers (io/readers) and the compiler (scenarios/compile) both add here.
 * Not thread-safe. */
#ifndef TJ_SCENARIOS_DIAG_H
#define TJ_SCENARIOS_DIAG_H

#include "engine/arena.h"

#include <stddef.h>
#include <stdint.h>

/* A place in a file of the study. line and column count from 1; line 0 means the whole file. */
typedef struct tj_mark {
    const char *file; /* name as the user knows it, e.g. "measures.yaml"; NULL: no place */
    uint32_t line, column;
} tj_mark;

typedef enum tj_severity { TJ_NOTE, TJ_WARNING, TJ_ERROR } tj_severity;

typedef struct tj_diag {
    tj_severity severity;
    tj_mark mark;
    const char *text;
} tj_diag;

typedef struct tj_diags {
    tj_arena arena;
    tj_diag *items;
    size_t count, capacity, errors, warnings;
    int memory_short;
} tj_diags;

void tj_diags_init(tj_diags *diags);
void tj_diags_free(tj_diags *diags);

/* Adds one message; the text is formatted and copied. */
void tj_diag_add(tj_diags *diags, tj_severity severity, tj_mark mark, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Orders by file, line, column (stable), as a person reads. */
void tj_diags_sort(tj_diags *diags);

/* "file:line:column: error: text" without a newline; parts that a mark lacks are left out. */
void tj_diag_format(const tj_diag *diag, char *line, size_t size);

/* The candidate nearest to `name` by optimal string alignment distance (case folded), NULL when none
 * is within a third of its length (at least 1, at most 3 edits). */
const char *tj_nearest(const char *name, const char *const *candidates, size_t count);

/* Adds "unknown <what> '<name>'; did you mean '<nearest>'? allowed: a, b, c" (the list cut after 12). */
void tj_diag_unknown(tj_diags *diags, tj_mark mark, const char *what, const char *name,
                     const char *const *candidates, size_t count);

/* The same with the place it stands in: "unknown key 'strenght' in a package item; …". */
void tj_diag_unknown_in(tj_diags *diags, tj_mark mark, const char *what, const char *name, const char *where,
                        const char *const *candidates, size_t count);

#endif
