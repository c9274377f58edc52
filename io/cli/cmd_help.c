/* trajekt help: the commands, one command, or the exit codes. */
#include "io/cli/command.h"
#include "io/cli/help.h"
#include "io/cli/text.h"

#include <argp.h>
#include <string.h>

void tj_help_overview(FILE *out)
{
    fputs("trajekt projects the greenhouse-gas emissions of cities under packages of measures, with their\n"
          "uncertainty, and says how likely each climate target is to be reached.\n\n"
          "Usage: trajekt COMMAND [OPTION...]\n\nCommands:\n",
          out);
    size_t width = 0;
    for (const tj_command *const *c = tj_commands; *c != NULL; c++)
        width = strlen((*c)->name) > width ? strlen((*c)->name) : width;
    for (const tj_command *const *c = tj_commands; *c != NULL; c++) {
        fputs("  ", out);
        tj_text_pad(out, (*c)->name, width + 2, 0);
        fprintf(out, "%s\n", (*c)->sentence);
    }
    fputs("\nBegin with:\n"
          "  trajekt new my-study        writes a small commented study\n"
          "  trajekt check my-study      lists every fault, and the quality of the data\n"
          "  trajekt run my-study        simulates, writes results.h5 and shows the summary\n\n"
          "`trajekt COMMAND --help` explains a command; `trajekt help exit-codes` lists the exit codes;\n"
          "`trajekt --version` tells the version.\n",
          out);
}

void tj_help_exits(FILE *out)
{
    fputs("Exit codes, by cause:\n", out);
    for (const tj_exit_record *e = tj_exits; e->sentence != NULL; e++)
        fprintf(out, "  %3d  %s\n", (int)e->code, e->sentence);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    const char **topic = state->input;
    if (key != ARGP_KEY_ARG)
        return ARGP_ERR_UNKNOWN;
    if (*topic != NULL)
        argp_usage(state);
    *topic = argument;
    return 0;
}

static tj_exit run(int argc, char **argv)
{
    const struct argp argp = {.parser = parse,
                              .args_doc = "[COMMAND|exit-codes]",
                              .doc = "Explains the program, a command or the exit codes.\v"
                                     "Examples:\n"
                                     "  trajekt help run\n"
                                     "  trajekt help exit-codes"};
    const char *topic = NULL;
    argp_parse(&argp, argc, argv, 0, NULL, &topic);
    if (topic == NULL) {
        tj_help_overview(stdout);
        return TJ_EXIT_OK;
    }
    if (strcmp(topic, "exit-codes") == 0) {
        tj_help_exits(stdout);
        return TJ_EXIT_OK;
    }
    const tj_command *command = tj_command_find(topic);
    if (command == NULL) {
        const char *names[32] = {"exit-codes"};
        size_t count = 1;
        for (; tj_commands[count - 1] != NULL && count < 32; count++)
            names[count] = tj_commands[count - 1]->name;
        return tj_fail_unknown("command", topic, names, count);
    }
    char name[64], option[] = "--help";
    snprintf(name, sizeof name, "trajekt %s", command->name);
    char *arguments[] = {name, option, NULL};
    return command->run(2, arguments);
}

const tj_command tj_cmd_help = {"help", "[COMMAND|exit-codes]",
                                "explains the program, a command or the exit codes", run};
