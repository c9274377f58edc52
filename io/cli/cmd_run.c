/* trajekt run: the way of the data from a study to results.h5, in six calls. Begin reading here. */
#include "io/cli/job.h"
#include "io/cli/show.h"

enum { OPT_DRAWS = TJ_OPT_OWN, OPT_SEED, OPT_ENGINE, OPT_KEEP, OPT_REPRODUCIBLE, OPT_UNTIL, OPT_OUTPUTS };
enum { MOST_DRAWS = 100000000 };

/* read, compile, (open,) simulate and reduce unit by unit into the file (with --until-se once more, with more
 * draws, where it asks for them), write, report. */
static tj_exit run_study(const tj_job_options *options)
{
    tj_job job;
    tj_job_init(&job, options);
    tj_exit code = tj_job_read(&job);
    if (code == TJ_EXIT_OK)
        code = tj_job_compile(&job);
    while (code == TJ_EXIT_OK) {
        code = tj_job_open(&job);
        if (code == TJ_EXIT_OK)
            code = tj_job_simulate(&job);
        if (code != TJ_EXIT_OK || !tj_job_again(&job))
            break;
    }
    if (code == TJ_EXIT_OK)
        code = tj_job_commit(&job);
    tj_job_free(&job);
    if (code == TJ_EXIT_OK && !options->quiet)
        code = tj_show_summary(options->output);
    return code;
}

static const struct argp_option argp_options[] = {
    {"output", 'o', "FILE", 0, "where the result goes (results.h5); an older result there is replaced", 0},
    {"draws", OPT_DRAWS, "N", 0, "how often the uncertain numbers are drawn (the study's)", 0},
    {"until-se", OPT_UNTIL, "X", 0,
     "more draws, doubled until the standard error of every target's probability is X at most (0.001 to 0.5; "
     "plain Monte Carlo only)",
     0},
    {"seed", OPT_SEED, "N", 0, "seed of the draws (the study's)", 0},
    {"packages", TJ_OPT_PACKAGES, "A,B", 0, "only these packages, and the reference", 0},
    {"outputs", OPT_OUTPUTS, "A,B", 0,
     "only these results (the study's); totals are always among them, `trajekt list outputs` lists the "
     "others",
     0},
    {"threads", TJ_OPT_THREADS, "N", 0,
     "threads (as many as there are cores); the numbers do not depend on it", 0},
    {"engine", OPT_ENGINE, "NAME", 0, "lanes (default, fast) or reference (plain, slow); the same numbers",
     0},
    {"keep-draws", OPT_KEEP, NULL, 0, "also write every draw, of totals and sectors (large)", 0},
    {"reproducible", OPT_REPRODUCIBLE, NULL, 0, "leave wall time and threads out: the same bytes every time",
     0},
    {"quiet", 'q', NULL, 0, "no progress and no summary", 0},
    {0},
};

static const tj_backend *engine_of(struct argp_state *state, const char *name)
{
    const tj_backend *backend = tj_backend_find(name);
    if (backend == NULL)
        argp_error(state, "unknown engine '%s'; `trajekt list engines` lists them", name);
    return backend;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    tj_job_options *o = state->input;
    switch (key) {
    case 'o':
        o->output = argument;
        break;
    case OPT_DRAWS:
        o->draws = tj_option_count(state, "--draws", argument, 1, MOST_DRAWS);
        break;
    case OPT_UNTIL:
        o->until_se = tj_option_number(state, "--until-se", argument, TJ_UNTIL_LEAST, TJ_UNTIL_MOST);
        break;
    case OPT_SEED:
        o->seed = tj_option_count(state, "--seed", argument, 0, UINT64_MAX);
        o->has_seed = 1;
        break;
    case OPT_ENGINE:
        o->backend = engine_of(state, argument);
        break;
    case OPT_OUTPUTS:
        tj_option_names(state, argument, &o->outputs);
        break;
    case OPT_KEEP:
        o->keep_draws = 1;
        break;
    case OPT_REPRODUCIBLE:
        o->reproducible = 1;
        break;
    case 'q':
        o->quiet = 1;
        break;
    default:
        return tj_common_parse(&o->common, key, argument, state);
    }
    return 0;
}

static tj_exit run(int argc, char **argv)
{
    const struct argp argp = {
        .options = argp_options,
        .parser = parse,
        .args_doc = "STUDY",
        .doc = "Simulates every package of the study in folder STUDY, writes results.h5 and shows the "
               "summary.\v"
               "Examples:\n"
               "  trajekt run scenarios/alliance\n"
               "  trajekt run my-study -o test.h5 --draws 100 --packages adopted,everything\n"
               "  trajekt run my-study -o small.h5 --outputs totals,targets\n\n"
               "Ctrl-C stops; no file is left behind. `trajekt help exit-codes` lists the exit codes."};
    tj_job_options options = {
        .common = TJ_COMMON(TJ_WHICH_STUDY), .output = "results.h5", .backend = tj_backends[0]};
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    return run_study(&options);
}

const tj_command tj_cmd_run = {"run", "STUDY", "simulates a study, writes results.h5 and shows the summary",
                               run};
