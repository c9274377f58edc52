/* From options and a study to a sweep: which measures, cities and backgrounds; rules; axes of the file. */
#ifndef TJ_IO_CLI_SWEEP_SETUP_H
#define TJ_IO_CLI_SWEEP_SETUP_H

#include "io/cli/load.h"
#include "io/cli/options.h"
#include "io/store/sweep_file.h"

typedef struct tj_sweep_options {
    tj_common common; /* no cities, no backgrounds: all */
    const char *output;
    tj_name_list measures;
    const char *quantiles; /* NULL: none; "study", or probabilities in percent with commas between them */
    uint64_t draws;        /* 0: the study's */
    size_t top, memory;    /* memory: bytes, 0: three quarters of the machine's */
    double within;
    int quiet;
} tj_sweep_options;

typedef struct tj_sweep_setup {
    tj_arena arena; /* of everything below */
    tj_sweep sweep; /* without its callbacks */
    tj_sweep_axes axes;
    double *price;                                /* by bit: EUR in the wanted cities */
    size_t *background_at, *target_at, *place_at; /* plan index -> place on the axis */
    int first_year;
} tj_sweep_setup;

/* Compiles the study, which was read, with its library. Says what is wrong. */
tj_exit tj_sweep_setup_make(tj_sweep_setup *setup, const tj_sweep_options *options, tj_loaded *loaded);
void tj_sweep_setup_free(tj_sweep_setup *setup);

#endif
