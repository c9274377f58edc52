/* Commands of the program: one constant record each, one list, from which come lookup and help.
 *
 * A command is one file, cmd_<name>.c. It gets its own arguments (argv[0] is "trajekt <name>"), writes data to
 * stdout and talk to stderr, and returns an exit code. */
#ifndef TJ_IO_CLI_COMMAND_H
#define TJ_IO_CLI_COMMAND_H

#include "engine/status.h"

#include <stddef.h>

typedef enum tj_exit {
    TJ_EXIT_OK = 0,
    TJ_EXIT_USAGE = 2,
    TJ_EXIT_STUDY = 3,
    TJ_EXIT_IO = 4,
    TJ_EXIT_FORMAT = 5,
    TJ_EXIT_MEMORY = 6,
    TJ_EXIT_INTERRUPTED = 130
} tj_exit;

typedef struct tj_exit_record {
    tj_exit code;
    const char *sentence; /* NULL ends the list */
} tj_exit_record;
extern const tj_exit_record tj_exits[];

/* The exit code that belongs to a status. */
tj_exit tj_exit_of(tj_status status);

typedef struct tj_command {
    const char *name, *arguments, *sentence;
    tj_exit (*run)(int argc, char **argv);
} tj_command;

/* The list, ended by NULL; and a command by name, NULL where there is none. */
extern const tj_command *const tj_commands[];
const tj_command *tj_command_find(const char *name);

extern const tj_command tj_cmd_calibrate, tj_cmd_check, tj_cmd_compare, tj_cmd_fit, tj_cmd_help,
    tj_cmd_hindcast, tj_cmd_list, tj_cmd_new, tj_cmd_plan, tj_cmd_run, tj_cmd_sensitivity, tj_cmd_show,
    tj_cmd_sweep;

/* "trajekt: <text>" on stderr, one line; returns `code`, so that a command can return what it says. */
tj_exit tj_fail(tj_exit code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "unknown <what> '<name>'; did you mean '<nearest>'?", or what there is; names[count]. */
tj_exit tj_fail_unknown(const char *what, const char *name, const char *const *names, size_t count);

#endif
