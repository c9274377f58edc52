/* A sheet written to a file, whole or not at all. */
#ifndef TJ_IO_CLI_OUT_FILE_H
#define TJ_IO_CLI_OUT_FILE_H

#include "io/cli/command.h"
#include "io/cli/sheet.h"

/* Writes `heading` (lines that begin with "#"; NULL: none) and the sheet to a file beside `path`, then renames
 * it. Says what is wrong; nothing is left behind then. */
tj_exit tj_out_file(const char *path, const tj_format *format, const tj_sheet *sheet, const char *heading);

#endif
