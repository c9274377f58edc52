/* trajekt list: what there is, from the lists of the program or of a study. */
#include "io/cli/command.h"
#include "io/cli/lists.h"
#include "io/cli/load.h"
#include "io/cli/options.h"

#include <string.h>

static const struct argp_option options[] = {
    {"format", TJ_OPT_FORMAT, "FORMAT", 0, "table (default), csv or json", 0},
    {"language", TJ_OPT_LANGUAGE, "LANGUAGE", 0, "labels in en (default), fr or sv", 0},
    {0},
};

typedef struct list_options {
    tj_common common;
    const char *kind, *study;
} list_options;

static error_t parse(int key, char *argument, struct argp_state *state)
{
    list_options *o = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (state->arg_num == 0)
            o->kind = argument;
        else if (state->arg_num == 1)
            o->study = argument;
        else
            argp_usage(state);
        return 0;
    default:
        return tj_common_parse(&o->common, key, argument, state);
    }
}

static tj_exit write(const tj_list *list, const list_options *o, const tj_study *study,
                     const tj_compiled *compiled)
{
    tj_sheet table;
    tj_sheet_init(&table, list->columns, list->n_columns);
    if (list->fill_compiled != NULL)
        list->fill_compiled(&table, study, compiled);
    else
        list->fill(&table, list, study, o->common.language);
    tj_status status = o->common.format->write(&table, stdout);
    tj_sheet_free(&table);
    return tj_exit_of(status);
}

static tj_exit write_of_study(const tj_list *list, const list_options *o)
{
    tj_loaded loaded;
    tj_loaded_init(&loaded);
    tj_exit code = tj_loaded_read(&loaded, o->study);
    if (code == TJ_EXIT_OK && list->fill_compiled != NULL)
        code = tj_loaded_compile(&loaded);
    tj_loaded_say(&loaded, TJ_WARNING);
    if (code == TJ_EXIT_OK)
        code = write(list, o, &loaded.study, &loaded.compiled);
    tj_loaded_free(&loaded);
    return code;
}

static tj_exit run(int argc, char **argv)
{
    const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "[KIND] [STUDY]",
        .doc = "Lists things of the program (ramps, operators, fields …) or of a study (cities, packages, "
               "measures …). Without KIND it lists the kinds.\v"
               "Examples:\n"
               "  trajekt list\n"
               "  trajekt list ramps\n"
               "  trajekt list packages scenarios/alliance --format csv"};
    list_options o = {.common = TJ_COMMON(NULL), .kind = "kinds"};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    const char *names[64];
    size_t count = 0;
    for (const tj_list *list = tj_lists; list->name != NULL && count < 64; list++) {
        if (strcmp(list->name, o.kind) == 0) {
            if (list->of_study && o.study == NULL)
                return tj_fail(TJ_EXIT_USAGE, "'%s' belong to a study: trajekt list %s STUDY", o.kind,
                               o.kind);
            return list->of_study ? write_of_study(list, &o) : write(list, &o, NULL, NULL);
        }
        names[count++] = list->name;
    }
    return tj_fail_unknown("kind of list", o.kind, names, count);
}

const tj_command tj_cmd_list = {"list", "[KIND] [STUDY]",
                                "lists cities, packages, measures, ramps, operators, fields …", run};
