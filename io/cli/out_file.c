/* A sheet written to a file, whole or not at all; see out_file.h. */
#include "io/cli/out_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

tj_exit tj_out_file(const char *path, const tj_format *format, const tj_sheet *sheet, const char *heading)
{
    char part[4096];
    if (snprintf(part, sizeof part, "%s.part-%ld", path, (long)getpid()) >= (int)sizeof part)
        return tj_fail(TJ_EXIT_IO, "the name of the file to write is too long");
    FILE *out = fopen(part, "w");
    if (out == NULL)
        return tj_fail(TJ_EXIT_IO, "%s cannot be written: %s", path, strerror(errno));
    if (heading != NULL)
        fputs(heading, out);
    tj_status status = format->write(sheet, out);
    int failed = ferror(out) || fflush(out) != 0 || fsync(fileno(out)) != 0;
    failed |= fclose(out) != 0;
    if (status == TJ_OK && !failed && rename(part, path) == 0)
        return TJ_EXIT_OK;
    int reason = errno;
    unlink(part);
    return status != TJ_OK ? tj_fail(tj_exit_of(status), "%s: memory ran out", path)
                           : tj_fail(TJ_EXIT_IO, "%s cannot be written: %s", path, strerror(reason));
}
