/* The list of commands and of exit codes; see command.h. */
#include "io/cli/command.h"
#include "io/cli/terminal.h"
#include "scenarios/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const tj_command *const tj_commands[] = {
    &tj_cmd_run,       &tj_cmd_show,     &tj_cmd_compare, &tj_cmd_check, &tj_cmd_sensitivity,
    &tj_cmd_calibrate, &tj_cmd_hindcast, &tj_cmd_fit,     &tj_cmd_sweep, &tj_cmd_plan,
    &tj_cmd_list,      &tj_cmd_new,      &tj_cmd_help,    NULL,
};

const tj_exit_record tj_exits[] = {
    {TJ_EXIT_OK, "done"},
    {TJ_EXIT_USAGE, "the command line is wrong: an unknown option, command, city or package"},
    {TJ_EXIT_STUDY, "the study is wrong; every fault was listed with file, line and column"},
    {TJ_EXIT_IO, "something could not be read or written"},
    {TJ_EXIT_FORMAT, "the result file is foreign, damaged or of another version"},
    {TJ_EXIT_MEMORY, "memory ran out"},
    {TJ_EXIT_INTERRUPTED, "stopped by Ctrl-C or a signal; no file was left behind"},
    {TJ_EXIT_OK, NULL},
};

tj_exit tj_exit_of(tj_status status)
{
    switch (status) {
    case TJ_OK:
        return TJ_EXIT_OK;
    case TJ_ERR_MEMORY:
        return TJ_EXIT_MEMORY;
    case TJ_ERR_IO:
        return TJ_EXIT_IO;
    case TJ_ERR_FORMAT:
        return TJ_EXIT_FORMAT;
    case TJ_ERR_INTERRUPTED:
        return TJ_EXIT_INTERRUPTED;
    case TJ_ERR_INPUT:
    case TJ_ERR_UNDEFINED:
        break;
    }
    return TJ_EXIT_STUDY;
}

const tj_command *tj_command_find(const char *name)
{
    for (const tj_command *const *c = tj_commands; *c != NULL; c++)
        if (strcmp((*c)->name, name) == 0)
            return *c;
    return NULL;
}

tj_exit tj_fail(tj_exit code, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "%strajekt:%s ", tj_style_begin(stderr, TJ_RED), tj_style_begin(stderr, TJ_PLAIN));
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return code;
}

tj_exit tj_fail_unknown(const char *what, const char *name, const char *const *names, size_t count)
{
    const char *nearest = tj_nearest(name, names, count);
    if (nearest != NULL)
        return tj_fail(TJ_EXIT_USAGE, "unknown %s '%s'; did you mean '%s'?", what, name, nearest);
    char all[1024] = "";
    for (size_t i = 0, used = 0; i < count && used < sizeof all - 64; i++)
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%.60s", i > 0 ? ", " : "", names[i]);
    return tj_fail(TJ_EXIT_USAGE, "unknown %s '%s'; there is: %s", what, name, all);
}
