/* Shares of a whole over lanes: what measures set stays set, the untouched rest makes room.
 *
 * A group is `count` drivers, one row each (operators.h); everything happens lane by lane. `bound` is
 * W_j = min(1, total |w| of scale, toward and add on j); `held` is the largest w of a cap (or floor)
 * on j. Lanes in which nothing changed are left to the bit. */
#ifndef TJ_ENGINE_SHARES_H
#define TJ_ENGINE_SHARES_H

#include <stddef.h>

typedef struct tj_share {
    double *x;               /* changed in place */
    const double *reference; /* the values without measures */
    const double *bound;     /* total |w|, taken as 1 where above */
    const double *held;
} tj_share;

typedef struct tj_shares {
    size_t count;
    const tj_share *share; /* [count] */
    double *work;          /* 4 rows of TJ_LANES */
    const double *touched; /* row: not zero where a cap or floor will move a share; NULL: nowhere */
} tj_shares;

/* After the class add: brings the sum to one in the lanes in which a value differs from its reference or is
 * touched. Returns the number of lanes in which that is impossible (every share is zero). */
size_t tj_shares_fill(const tj_shares *shares, size_t n);

/* Gives freed[n], what the caps took, to the shares that are free to grow. Returns the number of lanes
 * in which every share is held. */
size_t tj_shares_give(const tj_shares *shares, size_t n, const double *freed);

/* After floors raised shares: takes back what the sum has above one where raised[n] is not zero. */
void tj_shares_take(const tj_shares *shares, size_t n, const double *raised);

#endif
