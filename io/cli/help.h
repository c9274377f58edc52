/* Help that is made from the lists. */
#ifndef TJ_IO_CLI_HELP_H
#define TJ_IO_CLI_HELP_H

#include <stdio.h>

/* What the program is, its commands with a sentence each, and where to begin. */
void tj_help_overview(FILE *out);
void tj_help_exits(FILE *out);

#endif
