/* Progress of a run on stderr: a bar that is redrawn on a terminal, a plain line every few seconds elsewhere. */
#ifndef TJ_IO_CLI_PROGRESS_H
#define TJ_IO_CLI_PROGRESS_H

#include <stddef.h>
#include <stdio.h>

typedef struct tj_progress {
    FILE *out;
    int redraws, quiet, shown;
    double begun, last; /* seconds of the monotonic clock */
    double work;        /* city-draw-years of one unit */
} tj_progress;

/* `work` is what one unit computes, in city-draw-years, for the rate; a part of a unit may be done. */
void tj_progress_begin(tj_progress *progress, FILE *out, double work, int quiet);
void tj_progress_step(tj_progress *progress, double done, size_t all);
void tj_progress_end(tj_progress *progress); /* clears the bar */

/* The line itself, for `seconds` since the beginning. */
void tj_progress_line(char *text, size_t size, double done, size_t all, double seconds, double work, int bar);

/* "1.2 M" */
const char *tj_progress_rate(char *text, size_t size, double per_second);

double tj_seconds_now(void);

#endif
