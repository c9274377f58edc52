/* Picking quantiles of many samples that resemble one another, in single precision; inside the sweep only.
 *
 * Exact: what is picked are order statistics of the sample, whatever was guessed. A guess is a stretch of values
 * around each quantile; a good one makes the work a comparison of every value with both its ends. */
#ifndef TJ_ENGINE_SWEEP_PICK_H
#define TJ_ENGINE_SWEEP_PICK_H

#include "engine/quantile.h"

#include <stdint.h>

enum { TJ_PICK_BLOCK = 512 };

typedef struct tj_picker {
    const tj_ranks *ranks;
    size_t stride;   /* ranks->n rounded up to whole blocks */
    uint32_t *below; /* [stride / 32]: a bit a value */
    uint32_t *inside;
    float *found; /* [stride] */
} tj_picker;

/* How wide to look about a guess; one for each kind of guess and each quantile, begins at 0. It adapts itself. */
typedef double tj_pick_width;

tj_status tj_picker_init(tj_picker *picker, const tj_ranks *ranks);
void tj_picker_free(tj_picker *picker);

size_t tj_pick_stride(size_t n);

/* Quantile `index` of the ranks in x[stride], whose values past ranks->n are infinite. NaN as `guess`: none. */
double tj_pick(const tj_picker *picker, const float *x, size_t index, double guess, tj_pick_width *width);

#endif
