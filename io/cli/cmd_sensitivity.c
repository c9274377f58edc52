/* trajekt sensitivity: which datum to measure next. */
#include "io/cli/sensitivity.h"

#include <argp.h>
#include <string.h>

enum { OPT_TARGETS = TJ_OPT_OWN, OPT_SAMPLES, OPT_OF, OPT_CHOICE };
enum { SAMPLES = 2048, LEAST_SAMPLES = 16, MOST_SAMPLES = 1000000 };

static const struct argp_option options[] = {
    {"package", TJ_OPT_PACKAGES, "NAME", 0, "under this package (the first that is not the reference)", 0},
    {"background", TJ_OPT_BACKGROUNDS, "NAME", 0, "under this background (the first)", 0},
    {"cities", TJ_OPT_CITIES, "A,B", 0, "only these cities, by identifier", 0},
    {"targets", OPT_TARGETS, "A,B", 0, "only these targets, by identifier", 0},
    {"samples", OPT_SAMPLES, "N", 0, "draws of each of the two samples (2048)", 0},
    {"of", OPT_OF, "WHAT", 0, "whose variance: gap (default, in tonnes), percent, emissions, or met (1 or 0)",
     0},
    {"choice", OPT_CHOICE, NULL, 0,
     "what knowing would be worth for the choice between packages that study.yaml states (decision)", 0},
    {"threads", TJ_OPT_THREADS, "N", 0,
     "threads (as many as there are cores); the numbers do not depend on it", 0},
    {"language", TJ_OPT_LANGUAGE, "LANGUAGE", 0, "en (default), fr or sv", 0},
    {"format", TJ_OPT_FORMAT, "FORMAT", 0, "table (default), csv or json: every input", 0},
    {0},
};

static tj_sensitivity_of of_named(struct argp_state *state, const char *name)
{
    static const char *const names[TJ_OFS] = {"gap", "percent", "emissions", "met"};
    for (int of = 0; of < TJ_OFS; of++)
        if (strcmp(names[of], name) == 0)
            return (tj_sensitivity_of)of;
    argp_error(state, "unknown quantity '%s'; there is: gap, percent, emissions, met", name);
    return TJ_OF_GAP;
}

static void one_name(struct argp_state *state, char *argument, const char *option, tj_name_list *list)
{
    list->count = 0;
    tj_option_names(state, argument, list);
    if (list->count > 1)
        argp_error(state, "%s: give one", option);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    tj_sensitivity_options *o = state->input;
    switch (key) {
    case TJ_OPT_PACKAGES:
        one_name(state, argument, "--package", &o->common.packages);
        return 0;
    case TJ_OPT_BACKGROUNDS:
        one_name(state, argument, "--background", &o->common.backgrounds);
        return 0;
    case OPT_TARGETS:
        tj_option_names(state, argument, &o->targets);
        return 0;
    case OPT_SAMPLES:
        o->samples = (size_t)tj_option_count(state, "--samples", argument, LEAST_SAMPLES, MOST_SAMPLES);
        return 0;
    case OPT_OF:
        o->of = of_named(state, argument);
        return 0;
    case OPT_CHOICE:
        o->choice = 1;
        return 0;
    default:
        return tj_common_parse(&o->common, key, argument, state);
    }
}

static tj_exit find(const tj_sensitivity_options *o)
{
    tj_findings findings;
    tj_findings_init(&findings, o);
    tj_exit code = tj_findings_read(&findings);
    if (code == TJ_EXIT_OK)
        code = tj_findings_choose(&findings);
    if (code == TJ_EXIT_OK && o->choice)
        code = tj_findings_choice(&findings);
    else if (code == TJ_EXIT_OK)
        code = tj_findings_run(&findings);
    if (code == TJ_EXIT_OK && !o->choice)
        code = tj_findings_print(&findings);
    tj_findings_free(&findings);
    return code;
}

static tj_exit run(int argc, char **argv)
{
    const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "STUDY",
        .doc = "Says which uncertain number makes how much of the doubt about each target, and so which to "
               "measure next: Sobol indices with bootstrap intervals, from two samples that exchange one "
               "input at a time.\v"
               "Examples:\n"
               "  trajekt sensitivity scenarios/alliance\n"
               "  trajekt sensitivity scenarios/alliance --cities umea --package everything --samples "
               "4096\n"
               "  trajekt sensitivity scenarios/alliance --format csv > causes.csv\n"
               "  trajekt sensitivity my-study --choice"};
    tj_sensitivity_options o = {.common = TJ_COMMON(TJ_WHICH_STUDY), .samples = SAMPLES};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    return find(&o);
}

const tj_command tj_cmd_sensitivity = {"sensitivity", "STUDY", "says which uncertain number to measure next",
                                       run};
