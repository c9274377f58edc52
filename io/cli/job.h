/* A run from study to file: what `trajekt run` does, one step a function. */
#ifndef TJ_IO_CLI_JOB_H
#define TJ_IO_CLI_JOB_H

#include "engine/ensemble.h"
#include "io/cli/load.h"
#include "io/cli/options.h"
#include "io/cli/progress.h"
#include "io/cli/until.h"
#include "io/store/results.h"

typedef struct tj_job_options {
    tj_common common; /* no packages: all */
    const char *output;
    const tj_backend *backend;
    uint64_t draws; /* 0: the study's */
    uint64_t seed;
    double until_se;      /* 0: the draws are what they are */
    tj_name_list outputs; /* none: the study's */
    int has_seed, keep_draws, reproducible, quiet;
} tj_job_options;

typedef struct tj_job {
    const tj_job_options *options;
    tj_loaded loaded;
    int32_t *packages; /* plan indexes to run, owned */
    size_t n_packages;
    tj_output_set outputs;
    size_t draws; /* of the pass at hand */
    tj_until until;
    tj_writer *writer;
    tj_progress progress;
    tj_run run;
    tj_run_report report;
} tj_job;

void tj_job_init(tj_job *job, const tj_job_options *options);
void tj_job_free(tj_job *job); /* removes the file in the making, if there is one */

/* The steps, in order; each says on stderr what is wrong and returns an exit code. */
tj_exit tj_job_read(tj_job *job);     /* files -> study, then the options over it */
tj_exit tj_job_compile(tj_job *job);  /* study -> plan */
tj_exit tj_job_open(tj_job *job);     /* refuses an output that cannot be written, then lays the file out */
tj_exit tj_job_simulate(tj_job *job); /* plan -> blocks -> statistics -> file, unit by unit */
int tj_job_again(tj_job *job); /* 1: --until-se asks for another pass, with more draws; the file is gone */
tj_exit tj_job_commit(tj_job *job); /* provenance, sync, rename */

#endif
