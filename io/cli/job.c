/* A run from study to file; see job.h. */
#include "io/cli/job.h"
#include "io/cli/output.h"
#include "io/cli/stop.h"
#include "io/cli/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void tj_job_init(tj_job *job, const tj_job_options *options)
{
    memset(job, 0, sizeof *job);
    job->options = options;
    tj_loaded_init(&job->loaded);
}

void tj_job_free(tj_job *job)
{
    tj_writer_abort(job->writer);
    tj_stop_release();
    tj_loaded_free(&job->loaded);
    free(job->packages);
}

/* --output is one letter away from --outputs. */
static tj_exit check_output(const char *path)
{
    size_t first = strcspn(path, ",");
    for (int i = 0; i < TJ_OUTPUTS; i++)
        if (strlen(tj_outputs[i].name) == first && strncmp(path, tj_outputs[i].name, first) == 0)
            return tj_fail(TJ_EXIT_USAGE, "--output names the file; what it holds is --outputs=%s", path);
    return TJ_EXIT_OK;
}

/* The outputs that are asked for on the command line; 0: none are. */
static tj_exit read_outputs(tj_job *job)
{
    const tj_name_list *wanted = &job->options->outputs;
    const char *names[TJ_OUTPUTS];
    tj_exit code = check_output(job->options->output);
    if (code != TJ_EXIT_OK)
        return code;
    for (int i = 0; i < TJ_OUTPUTS; i++)
        names[i] = tj_outputs[i].name;
    for (size_t i = 0; i < wanted->count; i++) {
        int found = tj_output_find(wanted->names[i]);
        if (found < 0)
            return tj_fail_unknown("output", wanted->names[i], names, TJ_OUTPUTS);
        job->outputs |= TJ_OUTPUT_BIT(found);
    }
    if (wanted->count > 0 && !(job->outputs & TJ_OUTPUT_BIT(TJ_OUTPUT_TOTALS)))
        return tj_fail(TJ_EXIT_USAGE, "--outputs leaves out '%s', which every result holds",
                       names[TJ_OUTPUT_TOTALS]);
    return TJ_EXIT_OK;
}

tj_exit tj_job_read(tj_job *job)
{
    const tj_job_options *o = job->options;
    tj_study *study = &job->loaded.study;
    tj_exit code = read_outputs(job);
    if (code != TJ_EXIT_OK)
        return code;
    code = tj_loaded_read(&job->loaded, o->common.path);
    if (code != TJ_EXIT_OK) {
        tj_loaded_say(&job->loaded, TJ_WARNING);
        return code;
    }
    const tj_mark line = {.file = "command line"};
    if (o->draws > 0)
        study->draws = (tj_integer){(int64_t)o->draws, line};
    if (o->has_seed)
        study->seed = (tj_seed){o->seed, line};
    return TJ_EXIT_OK;
}

/* Plan indexes of the packages asked for, and of the reference, which the others are compared with. */
static tj_exit choose_packages(tj_job *job)
{
    const tj_name_list *wanted = &job->options->common.packages;
    const tj_compiled *compiled = &job->loaded.compiled;
    const tj_plan_settings *settings = tj_plan_get_settings(compiled->plan);
    size_t count = (size_t)settings->n_packages;
    const char **names = calloc(count + 1, sizeof *names);
    job->packages = calloc(count + 1, sizeof *job->packages);
    tj_exit code =
        names != NULL && job->packages != NULL ? TJ_EXIT_OK : tj_fail(TJ_EXIT_MEMORY, "memory ran out");
    for (size_t p = 0; code == TJ_EXIT_OK && p < count; p++)
        names[p] = job->loaded.study.packages[compiled->packages[p]].id.text;
    for (size_t i = 0; code == TJ_EXIT_OK && i < wanted->count; i++)
        if (tj_study_package(&job->loaded.study, wanted->names[i]) < 0)
            code = tj_fail_unknown("package", wanted->names[i], names, count);
    for (size_t p = 0; code == TJ_EXIT_OK && p < count; p++) {
        int keep = wanted->count == 0 || (int)p == settings->reference_package;
        for (size_t i = 0; i < wanted->count && !keep; i++)
            keep = strcmp(names[p], wanted->names[i]) == 0;
        if (keep)
            job->packages[job->n_packages++] = (int32_t)p;
    }
    free(names);
    return code;
}

/* The study's where the command line asks for none; and draws where it keeps them. */
static void settle_outputs(tj_job *job)
{
    if (job->outputs == 0)
        job->outputs = job->loaded.compiled.outputs;
    if (job->options->keep_draws)
        job->outputs |= TJ_OUTPUT_BIT(TJ_OUTPUT_DRAWS) | TJ_OUTPUT_BIT(TJ_OUTPUT_SECTOR_DRAWS);
}

tj_exit tj_job_compile(tj_job *job)
{
    tj_exit code = tj_loaded_compile(&job->loaded);
    if (code != TJ_EXIT_OK || !job->options->quiet)
        tj_loaded_say(&job->loaded, TJ_WARNING);
    if (code == TJ_EXIT_OK)
        code = choose_packages(job);
    if (code == TJ_EXIT_OK)
        settle_outputs(job);
    if (code == TJ_EXIT_OK && job->options->until_se > 0)
        code = tj_until_check(job->loaded.compiled.plan, job->outputs);
    if (code == TJ_EXIT_OK)
        job->draws = (size_t)tj_plan_get_settings(job->loaded.compiled.plan)->draws;
    return code;
}

/* Size of the fields before compression. */
static uint64_t raw_bytes(const tj_job *job)
{
    const tj_plan *plan = job->loaded.compiled.plan;
    const tj_plan_settings *settings = tj_plan_get_settings(plan);
    uint64_t numbers = 0;
    for (int f = 0; f < TJ_FIELDS; f++)
        if (tj_field_asked(job->outputs, (tj_field_id)f))
            numbers += tj_field_length(plan, (tj_field_id)f, job->draws);
    return numbers * sizeof(double) * (uint64_t)settings->n_backgrounds * job->n_packages;
}

tj_exit tj_job_open(tj_job *job)
{
    const tj_job_options *o = job->options;
    const tj_compiled *compiled = &job->loaded.compiled;
    char details[1024] = "", temporary[4096];
    if (tj_output_check(o->output, raw_bytes(job), details, sizeof details) != 0)
        return tj_fail(TJ_EXIT_IO, "%s", details);
    snprintf(temporary, sizeof temporary, "%s.part-%ld", o->output, (long)getpid());
    tj_stop_watch(temporary);
    tj_status status = tj_writer_open(o->output, &job->loaded.study, compiled, job->draws, job->outputs,
                                      &job->writer, details, sizeof details);
    return status == TJ_OK ? TJ_EXIT_OK : tj_fail(tj_exit_of(status), "%s", details);
}

static tj_status write_unit(void *context, const tj_unit_result *result)
{
    tj_job *job = context;
    if (job->options->until_se > 0)
        tj_until_note(&job->until, job->loaded.compiled.plan, result);
    return tj_writer_unit(job->writer, result);
}

static int step(void *context, double done, size_t all)
{
    tj_job *job = context;
    tj_progress_step(&job->progress, done, all);
    return tj_stop_asked();
}

tj_exit tj_job_simulate(tj_job *job)
{
    const tj_job_options *o = job->options;
    const tj_plan *plan = job->loaded.compiled.plan;
    const tj_plan_settings *settings = tj_plan_get_settings(plan);
    job->run = (tj_run){.plan = plan,
                        .backend = o->backend,
                        .draws = job->draws,
                        .threads = o->common.threads,
                        .outputs = job->outputs,
                        .packages = job->packages,
                        .n_packages = job->n_packages,
                        .unit = write_unit,
                        .progress = step,
                        .context = job};
    double work = (double)settings->n_cities * (double)job->draws * (double)settings->n_years;
    job->until = (tj_until){0};
    tj_progress_begin(&job->progress, stderr, work, o->quiet);
    tj_status status = tj_ensemble_run(&job->run, &job->report);
    tj_progress_end(&job->progress);
    return status == TJ_OK ? TJ_EXIT_OK : tj_loaded_fail(&job->loaded, status, job->draws, &job->report);
}

int tj_job_again(tj_job *job)
{
    double wanted = job->options->until_se;
    size_t next = wanted > 0 ? tj_until_next(&job->until, wanted, job->draws) : job->draws;
    if (next == job->draws)
        return 0;
    const tj_compiled *compiled = &job->loaded.compiled;
    char before[32], after[32];
    tj_writer_abort(job->writer);
    job->writer = NULL;
    if (!job->options->quiet)
        fprintf(stderr,
                "%s draws: the probability of %s under %s has a standard error of %.4f; next, %s draws\n",
                tj_text_number(before, sizeof before, (double)job->draws, 0),
                compiled->targets[job->until.target].id,
                job->loaded.study.packages[compiled->packages[job->until.package]].id.text, job->until.se,
                tj_text_number(after, sizeof after, (double)next, 0));
    job->draws = next;
    return 1;
}

static void say_done(const tj_job *job)
{
    const tj_plan_settings *settings = tj_plan_get_settings(job->loaded.compiled.plan);
    char draws[32], rate[32];
    double units = (double)settings->n_backgrounds * (double)job->n_packages;
    double speed = units * job->progress.work / (job->report.seconds > 0 ? job->report.seconds : 1e-9);
    fprintf(stderr, "%s: %d cities, %zu packages, %d backgrounds, %s draws in %.2f s on %d thread%s (%s/s)\n",
            job->options->output, settings->n_cities, job->n_packages, settings->n_backgrounds,
            tj_text_number(draws, sizeof draws, (double)job->draws, 0), job->report.seconds,
            job->report.threads, job->report.threads == 1 ? "" : "s",
            tj_progress_rate(rate, sizeof rate, speed));
}

tj_exit tj_job_commit(tj_job *job)
{
    const tj_job_options *o = job->options;
    const tj_plan_settings *settings = tj_plan_get_settings(job->loaded.compiled.plan);
    const tj_provenance provenance = {.version = TJ_VERSION,
                                      .build = TJ_BUILD,
                                      .engine = o->backend->name,
                                      .draws = job->draws,
                                      .seed = settings->seed,
                                      .threads = job->report.threads,
                                      .seconds = job->report.seconds,
                                      .reproducible = o->reproducible};
    char details[1024] = "";
    tj_writer *writer = job->writer;
    job->writer = NULL; /* freed by the commit in every case */
    tj_status status = tj_writer_commit(writer, &provenance, details, sizeof details);
    tj_stop_release();
    if (status != TJ_OK)
        return tj_fail(tj_exit_of(status), "%s", details);
    if (!o->quiet)
        say_done(job);
    return TJ_EXIT_OK;
}
