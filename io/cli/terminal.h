/* What the place we write to can show. */
#ifndef TJ_IO_CLI_TERMINAL_H
#define TJ_IO_CLI_TERMINAL_H

#include <stdio.h>

/* 1 where a line may be redrawn: a terminal, and not a dumb one. */
int tj_terminal_redraws(FILE *stream);

typedef enum tj_style { TJ_PLAIN, TJ_BOLD, TJ_DIM, TJ_RED, TJ_YELLOW } tj_style;

/* The escape sequence that begins a style on a stream, "" where it has no colours: what cannot be
 * redrawn, and where NO_COLOR (no-color.org) is set. TJ_PLAIN ends it. */
const char *tj_style_begin(FILE *stream, tj_style style);

#endif
