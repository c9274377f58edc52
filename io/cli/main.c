/* The program: finds the command and runs it. */
#include "io/cli/command.h"
#include "io/cli/help.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>

/* argp takes the program's name from argv[0]: a command's is "trajekt <command>". */
static tj_exit run_command(const tj_command *command, int argc, char **argv)
{
    char name[64];
    snprintf(name, sizeof name, "trajekt %s", command->name);
    argv[0] = name;
    return command->run(argc, argv);
}

static tj_exit dispatch(int argc, char **argv)
{
    if (argc < 2) {
        tj_help_overview(stderr);
        return TJ_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        puts("trajekt " TJ_VERSION " (" TJ_BUILD ")");
        return TJ_EXIT_OK;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "-?") == 0) {
        tj_help_overview(stdout);
        return TJ_EXIT_OK;
    }
    const tj_command *command = tj_command_find(argv[1]);
    if (command != NULL)
        return run_command(command, argc - 1, argv + 1);
    const char *names[32];
    size_t count = 0;
    while (tj_commands[count] != NULL && count < 32) {
        names[count] = tj_commands[count]->name;
        count++;
    }
    return tj_fail_unknown(argv[1][0] == '-' ? "option" : "command", argv[1], names, count);
}

int main(int argc, char **argv)
{
    argp_err_exit_status = TJ_EXIT_USAGE;
    tj_exit code = dispatch(argc, argv);
    if ((fflush(stdout) != 0 || ferror(stdout)) && code == TJ_EXIT_OK)
        return tj_fail(TJ_EXIT_IO, "could not write all of the output");
    return code;
}
