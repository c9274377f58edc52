/* What a person asks of a sweep: which combinations meet a target, and at what cost. */
#ifndef TJ_IO_CLI_SWEEP_ANSWERS_H
#define TJ_IO_CLI_SWEEP_ANSWERS_H

#include "io/cli/sheet.h"

#include <stdint.h>

typedef struct tj_answers {
    const char *const *measures; /* identifiers by bit */
    int n_measures;
    double *cost;    /* by combination, EUR; owned */
    uint32_t *order; /* combinations by cost, or by number of measures where a cost is unknown; owned */
    int priced;      /* 1: every cost is known */
    double within;   /* of the best probability, in percent points */
    size_t top;      /* rows of a front at most */
    tj_sheet sheet;
} tj_answers;

/* price[n_measures]: EUR of each measure, NaN where unknown. -1 when memory is short; free in every case. */
int tj_answers_init(tj_answers *answers, const char *const *measures, int n_measures, const double *price);
void tj_answers_free(tj_answers *answers);

/* Adds the answers about one target from its row of probabilities; NaN: left out. */
void tj_answers_add(tj_answers *answers, const char *background, const char *target,
                    const double *probability);

#endif
