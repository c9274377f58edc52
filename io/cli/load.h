/* A study on its way into the program: read and compiled, its faults collected and said together.
 *
 * Invariant: init makes it empty; free releases whatever was filled, in every case. */
#ifndef TJ_IO_CLI_LOAD_H
#define TJ_IO_CLI_LOAD_H

#include "engine/ensemble.h"
#include "io/cli/command.h"
#include "scenarios/compile.h"
#include "scenarios/diag.h"
#include "scenarios/study.h"

typedef struct tj_loaded {
    tj_diags diags;
    tj_study study;
    tj_compiled compiled;
} tj_loaded;

void tj_loaded_init(tj_loaded *loaded);
void tj_loaded_free(tj_loaded *loaded);

/* Files -> study; texts in memory -> study; study -> plan. Faults are collected; each returns an exit code. */
tj_exit tj_loaded_read(tj_loaded *loaded, const char *path);
tj_exit tj_loaded_read_texts(tj_loaded *loaded, const tj_text *texts, size_t count);
tj_exit tj_loaded_compile(tj_loaded *loaded);

/* Says why a run of the study failed: a fault of the study with its sector, city and year. */
tj_exit tj_loaded_fail(const tj_loaded *loaded, tj_status status, size_t draws, const tj_run_report *report);

/* Says which sector of which city has no value and in which year. Cell TJ_NONE: it is looked for among the draws. */
tj_exit tj_loaded_undefined(const tj_loaded *loaded, size_t draws, int32_t cell, int32_t year);

/* Says what was collected so far, in order of place and leaving out what is less severe than `least`; then
 * forgets it. */
void tj_loaded_say(tj_loaded *loaded, tj_severity least);

#endif
