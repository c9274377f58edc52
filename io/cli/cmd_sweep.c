/* trajekt sweep: every combination of some measures, into sweep.h5, and what a person asks of it. */
#include "io/cli/load.h"
#include "io/cli/output.h"
#include "io/cli/progress.h"
#include "io/cli/stop.h"
#include "io/cli/sweep_answers.h"
#include "io/cli/sweep_setup.h"
#include "io/store/sweep_file.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_MEASURES = TJ_OPT_OWN, OPT_DRAWS, OPT_WITHIN, OPT_TOP, OPT_QUANTILES, OPT_MEMORY };
static const double GIB = 1073741824.0, MIB = 1048576.0;

typedef struct sweeping {
    const tj_sweep_options *options;
    tj_loaded loaded;
    tj_sweep_setup setup;
    tj_answers answers;
    tj_sweep_file *file;
    tj_progress progress;
    tj_sweep_report report;
    double work; /* package-city-draw-years of all of it */
    uint64_t near, distinct;
} sweeping;

static tj_status take_row(void *context, const tj_sweep_row *row)
{
    sweeping *s = context;
    const tj_sweep_setup *setup = &s->setup;
    size_t at[4] = {setup->background_at[row->background]};
    if (row->kind == TJ_SWEEP_PROBABILITY) {
        at[1] = setup->target_at[row->item];
        s->near += row->near;
        s->distinct += row->distinct;
        tj_answers_add(&s->answers, setup->axes.backgrounds[at[0]], setup->axes.targets[at[1]], row->values);
    } else {
        at[1] = setup->place_at[row->item];
        for (size_t y = 0; y < setup->axes.n_years; y++)
            at[2] = row->year >= 0 && setup->axes.years[y] == setup->first_year + row->year ? y : at[2];
        if (row->kind == TJ_SWEEP_QUANTILE || row->kind == TJ_SWEEP_CUMULATIVE_QUANTILE)
            at[row->kind == TJ_SWEEP_QUANTILE ? 3 : 2] = (size_t)row->quantile;
    }
    return s->file == NULL ? TJ_OK : tj_sweep_file_row(s->file, row->kind, at, row->values);
}

static int step(void *context, size_t done, size_t all)
{
    sweeping *s = context;
    s->progress.work = s->work / (double)all;
    tj_progress_step(&s->progress, (double)done, all);
    return tj_stop_asked();
}

static tj_exit open_file(sweeping *s)
{
    const tj_sweep_axes *axes = &s->setup.axes;
    size_t rows =
        axes->n_targets + (axes->n_years + 1) * (axes->n_places + (axes->n_places - 1) * axes->n_quantiles);
    uint64_t bytes = (uint64_t)axes->n_backgrounds * rows * sizeof(float) << axes->n_measures;
    char details[1024] = "", temporary[4096];
    if (s->options->output == NULL) {
        tj_stop_watch("");
        return TJ_EXIT_OK;
    }
    if (tj_output_check(s->options->output, bytes, details, sizeof details) != 0)
        return tj_fail(TJ_EXIT_IO, "%s", details);
    snprintf(temporary, sizeof temporary, "%s.part-%ld", s->options->output, (long)getpid());
    tj_stop_watch(temporary);
    tj_status status =
        tj_sweep_file_open(s->options->output, axes, s->answers.cost, &s->file, details, sizeof details);
    return status == TJ_OK ? TJ_EXIT_OK : tj_fail(tj_exit_of(status), "%s", details);
}

/* "40 s", "12 min", "3.5 h": no finer than what is judged. */
static const char *about(char *text, size_t size, double seconds)
{
    if (seconds < 90)
        snprintf(text, size, "%.0f s", ceil(seconds));
    else if (seconds < 5400)
        snprintf(text, size, "%.0f min", seconds / 60);
    else
        snprintf(text, size, "%.*f h", seconds < 36000 ? 1 : 0, seconds / 3600);
    return text;
}

static tj_exit too_large(const sweeping *s)
{
    const tj_sweep_report *report = &s->report;
    const char *city = s->loaded.study.cities[s->loaded.compiled.cities[report->fault_city]].id.text;
    char time[64], whole[128] = "";
    if (report->expected > 0)
        snprintf(whole, sizeof whole, ": all of it would then take about %s on %d thread%s",
                 about(time, sizeof time, report->expected), report->threads,
                 report->threads == 1 ? "" : "s");
    return tj_fail(TJ_EXIT_MEMORY,
                   "%s needs %.0f MiB, and %.0f may be taken: there %d of the measures count together on one "
                   "sector (shifts, caps, overlaps, synergies); sweep fewer of them, one city or fewer draws "
                   "at a time, or allow more with --memory%s",
                   city, ceil((double)report->need / MIB), floor((double)s->setup.sweep.memory / MIB),
                   report->together, whole);
}

static tj_exit why_not(const sweeping *s, tj_status status)
{
    const tj_sweep_report *report = &s->report;
    const tj_study *study = &s->loaded.study;
    const tj_compiled *compiled = &s->loaded.compiled;
    if (status == TJ_ERR_INTERRUPTED)
        return tj_fail(TJ_EXIT_INTERRUPTED, "stopped; nothing was written");
    if (status == TJ_ERR_MEMORY && report->fault_city >= 0)
        return too_large(s);
    if (status == TJ_ERR_UNDEFINED && report->fault_cell >= 0) {
        const tj_plan_cell *cell = tj_plan_get_cell(compiled->plan, report->fault_cell);
        return tj_fail(TJ_EXIT_STUDY,
                       "sector %s in %s has no value under some combination: its shares cannot be made to "
                       "sum to one, or it has no emissions to calibrate",
                       study->sectors[compiled->sectors[cell->sector]].id.text,
                       study->cities[compiled->cities[cell->city]].id.text);
    }
    if (status == TJ_ERR_UNDEFINED)
        return tj_loaded_undefined(&s->loaded, s->setup.sweep.draws, TJ_NONE, TJ_NONE);
    if (status == TJ_ERR_MEMORY)
        return tj_fail(TJ_EXIT_MEMORY, "memory ran out; allow less with --memory, or sweep fewer measures");
    return tj_fail(tj_exit_of(status), "the sweep ended early; nothing was written");
}

/* Package-city-draw-years: of the years in which a target is judged. */
static double work_of(const sweeping *s)
{
    const tj_sweep_axes *axes = &s->setup.axes;
    double years = axes->n_years > 0 ? (double)axes->n_years : 1;
    return (double)((uint64_t)1 << axes->n_measures) * (double)(axes->n_places - 1) *
           (double)axes->n_backgrounds * years * (double)s->setup.sweep.draws;
}

static tj_exit simulate(sweeping *s)
{
    tj_sweep sweep = s->setup.sweep;
    sweep.row = take_row;
    sweep.progress = step;
    sweep.context = s;
    s->work = work_of(s);
    tj_progress_begin(&s->progress, stderr, 1, s->options->quiet);
    tj_status status = tj_sweep_run(&sweep, &s->report);
    tj_progress_end(&s->progress);
    return status == TJ_OK ? TJ_EXIT_OK : why_not(s, status);
}

static tj_exit commit(sweeping *s)
{
    char details[1024] = "", text[64];
    tj_sweep_file *file = s->file;
    if (file == NULL)
        return TJ_EXIT_OK;
    snprintf(text, sizeof text, "%zu", s->setup.sweep.draws);
    tj_sweep_file_say(file, "draws", text);
    snprintf(text, sizeof text, "%" PRIu64, tj_plan_get_settings(s->loaded.compiled.plan)->seed);
    tj_sweep_file_say(file, "seed", text);
    snprintf(text, sizeof text, "trajekt %s", TJ_VERSION);
    tj_sweep_file_say(file, "source", text);
    tj_sweep_file_bound(file, s->report.quantile_error);
    s->file = NULL; /* freed by the commit in every case */
    tj_status status = tj_sweep_file_commit(file, details, sizeof details);
    return status == TJ_OK ? TJ_EXIT_OK : tj_fail(tj_exit_of(status), "%s", details);
}

static void say_done(const sweeping *s)
{
    const tj_sweep_setup *setup = &s->setup;
    size_t all = (size_t)1 << setup->axes.n_measures;
    double cities = (double)setup->axes.n_places - 1;
    char rate[32];
    fprintf(
        stderr,
        "%zu combinations of %zu measures (%zu left out by requires and excludes), %.0f cities, %zu draws "
        "in %.2f s on %d thread%s: %spackage-city-draw-years/s\n",
        all, setup->axes.n_measures, s->report.left_out, cities, setup->sweep.draws, s->report.seconds,
        s->report.threads, s->report.threads == 1 ? "" : "s",
        tj_progress_rate(rate, sizeof rate, s->work / s->report.seconds));
    fprintf(stderr,
            "%zu variants of sectors simulated for %zu; %" PRIu64 " distinct (target, subset) pairs; %" PRIu64
            " verdicts nearer to their level than rounding\n",
            s->report.evaluations, s->report.plain, s->distinct, s->near);
    if (s->report.passes > 1)
        fprintf(stderr,
                "cities were simulated up to %zu times: --memory holds no more of their results at once\n",
                s->report.passes);
}

static tj_exit sweep_study(const tj_sweep_options *options)
{
    sweeping s;
    memset(&s, 0, sizeof s);
    s.options = options;
    tj_loaded_init(&s.loaded);
    tj_exit code = tj_loaded_read(&s.loaded, options->common.path);
    if (code == TJ_EXIT_OK)
        code = tj_sweep_setup_make(&s.setup, options, &s.loaded);
    tj_loaded_say(&s.loaded, TJ_WARNING);
    if (code == TJ_EXIT_OK &&
        tj_answers_init(&s.answers, s.setup.axes.measures, s.setup.sweep.n_measures, s.setup.price) != 0)
        code = tj_fail(TJ_EXIT_MEMORY, "memory ran out; sweep fewer measures");
    s.answers.within = options->within;
    s.answers.top = options->top;
    if (code == TJ_EXIT_OK)
        code = open_file(&s);
    if (code == TJ_EXIT_OK)
        code = simulate(&s);
    if (code == TJ_EXIT_OK)
        code = commit(&s);
    if (code == TJ_EXIT_OK && !options->quiet)
        say_done(&s);
    if (code == TJ_EXIT_OK)
        code = tj_exit_of(options->common.format->write(&s.answers.sheet, stdout));
    tj_sweep_file_abort(s.file);
    tj_stop_release();
    tj_answers_free(&s.answers);
    tj_sweep_setup_free(&s.setup);
    tj_loaded_free(&s.loaded);
    return code;
}

/* ---- the command line ---- */

static const struct argp_option argp_options[] = {
    {"measures", OPT_MEASURES, "A,B", 0, "the measures to combine, or all (24 at most)", 0},
    {"output", 'o', "FILE", 0, "also write every combination's results to FILE (sweep.h5)", 0},
    {"quantiles", OPT_QUANTILES, "5%,50%", 0,
     "also write these quantiles of each city's emissions (study: those of the study) to FILE", 0},
    {"cities", TJ_OPT_CITIES, "A,B", 0, "only these cities, by identifier", 0},
    {"background", TJ_OPT_BACKGROUNDS, "A,B", 0, "only these backgrounds", 0},
    {"draws", OPT_DRAWS, "N", 0, "how often the uncertain numbers are drawn (the study's)", 0},
    {"threads", TJ_OPT_THREADS, "N", 0, "threads; the numbers do not depend on it", 0},
    {"memory", OPT_MEMORY, "GIB", 0,
     "memory that its tables may take, in GiB (three quarters of the machine's)", 0},
    {"within", OPT_WITHIN, "N", 0, "how near to the best probability, in percent points (1)", 0},
    {"top", OPT_TOP, "N", 0, "rows of a front of cost and probability at most (10)", 0},
    {"format", TJ_OPT_FORMAT, "FORMAT", 0, "table (default), csv or json", 0},
    {"quiet", 'q', NULL, 0, "no progress", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    tj_sweep_options *o = state->input;
    switch (key) {
    case OPT_MEASURES:
        tj_option_names(state, argument, &o->measures);
        return 0;
    case 'o':
        o->output = argument;
        return 0;
    case OPT_QUANTILES:
        o->quantiles = argument;
        return 0;
    case OPT_DRAWS:
        o->draws = tj_option_count(state, "--draws", argument, 1, 100000000);
        return 0;
    case OPT_MEMORY:
        o->memory = (size_t)(tj_option_number(state, "--memory", argument, 0.001, 1e6) * GIB);
        return 0;
    case OPT_WITHIN:
        o->within = (double)tj_option_count(state, "--within", argument, 0, 100);
        return 0;
    case OPT_TOP:
        o->top = tj_option_count(state, "--top", argument, 1, 1000000);
        return 0;
    case 'q':
        o->quiet = 1;
        return 0;
    case ARGP_KEY_END:
        if (o->measures.count == 0)
            argp_error(state, "which measures? give --measures A,B,C or --measures all");
        return 0;
    default:
        return tj_common_parse(&o->common, key, argument, state);
    }
}

static tj_exit run(int argc, char **argv)
{
    const struct argp argp = {
        .options = argp_options,
        .parser = parse,
        .args_doc = "STUDY",
        .doc = "Evaluates every combination of the measures on top of the reference package, and says for "
               "each target how many combinations reach it, the cheapest that does, the front of cost and "
               "probability, and which measures those near the best hold. Costs are summed over the years "
               "after the last inventory, not discounted; where a measure has none, combinations are "
               "ordered by their number of measures.\v"
               "Examples:\n"
               "  trajekt sweep scenarios/alliance --measures heat-pumps,deep-renovation,compact-city\n"
               "  trajekt sweep my-study --measures all --cities umea -o sweep.h5 --format csv"};
    tj_sweep_options options = {.common = TJ_COMMON(TJ_WHICH_STUDY), .within = 1, .top = 10};
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    return sweep_study(&options);
}

const tj_command tj_cmd_sweep = {"sweep", "STUDY", "evaluates every combination of some measures", run};
