/* Units that leave before they are worn out, because demand falls faster: the physical results "retired" of a
 * fleet in one sentence.
 *
 * Place in the path of the data: after a run, from results.h5; in `check`, from a small run of the reference
 * package. A year counts where half of the draws or more have it. */
#ifndef TJ_IO_CLI_EARLY_H
#define TJ_IO_CLI_EARLY_H

#include "io/cli/load.h"
#include "io/cli/view.h"

/* One fleet's numbers: the median of year y at median[y * stride], its mean at mean[y]. */
typedef struct tj_early {
    const char *where; /* "Göteborg, Transport, Cars" */
    const int *years;
    size_t n_years, stride;
    const double *median, *mean;
} tj_early;

/* Writes the sentence; 0 where no unit leaves early. */
int tj_early_tell(char *text, size_t size, const char *language, const tj_early *early);

/* The sentences of the reference package of a result, or of a study; nothing where no sector has memory. A
 * study is simulated with few draws, and a fault that this meets is said. */
void tj_early_say_results(tj_view *view, FILE *out);
tj_exit tj_early_say_study(const tj_loaded *loaded, const char *language, FILE *out);

#endif
