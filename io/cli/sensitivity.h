/* What `trajekt sensitivity` finds, before it is shown.
 *
 * Place in the path of the data: study and plan -> pick-freeze samples -> shares of the variance by target and
 * input. Nothing here prints. */
#ifndef TJ_IO_CLI_SENSITIVITY_H
#define TJ_IO_CLI_SENSITIVITY_H

#include "engine/sensitivity_plan.h"
#include "io/cli/load.h"
#include "io/cli/options.h"

typedef struct tj_sensitivity_options {
    tj_common common; /* one package and one background; none: the first */
    tj_name_list targets;
    tj_sensitivity_of of;
    size_t samples;
    int choice;
} tj_sensitivity_options;

typedef struct tj_findings {
    const tj_sensitivity_options *options;
    tj_loaded loaded;
    tj_plan_inputs inputs;
    int32_t *targets; /* plan indexes of those asked for, by city; owned */
    size_t n_targets;
    int32_t package, background;
    tj_influence *influence; /* n_targets * inputs.count, owned */
    double *gap;             /* n_targets * samples: the output on sample A, owned */
    size_t evaluations;
    double seconds;
} tj_findings;

void tj_findings_init(tj_findings *findings, const tj_sensitivity_options *options);
void tj_findings_free(tj_findings *findings);

/* The steps, in order; each says on stderr what is wrong and returns an exit code. */
tj_exit tj_findings_read(tj_findings *findings);   /* files -> study -> plan, with its inputs */
tj_exit tj_findings_choose(tj_findings *findings); /* names -> package, background, targets */
tj_exit tj_findings_run(tj_findings *findings);    /* plan -> influence */

/* Labels of what is indexed by the plan. */
const char *tj_findings_city(const tj_findings *findings, size_t target);
const char *tj_findings_target(const tj_findings *findings, size_t target);
const char *tj_findings_package(const tj_findings *findings, int32_t package);
const char *tj_findings_background(const tj_findings *findings);

/* For people: a table a target, then one sentence a city; for programs: every index. */
tj_exit tj_findings_print(const tj_findings *findings);

/* What knowing would be worth for the choice between packages that the study states, by target and input:
 * simulates each of its packages, then prints. Refuses where a cost is not known. */
tj_exit tj_findings_choice(const tj_findings *findings);

#endif
