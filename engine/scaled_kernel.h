/* Scaling a driver, several vectors of lanes at a time: what engine/scaled.c and engine/tally.c have in common.
 *
 * Included by these two only. Operations and their order are those of the operators' rows (operators.h). */
#ifndef TJ_ENGINE_SCALED_KERNEL_H
#define TJ_ENGINE_SCALED_KERNEL_H

#include "engine/kernel.h"
#include "engine/lane_scratch.h"
#include "engine/wide.h"

/* Vectors that pass together. */
enum { TJ_ALONG = TJ_SCALED_LANES / WIDE };
#define TJ_EACH(j) _Pragma("GCC unroll 8") for (size_t j = 0; j < TJ_ALONG; j++)

/* trial = the driver with the scales of one measure in the contest alone. */
TJ_INLINE void tj_scaled_try(const tj_scaled_driver *d, int32_t contest, int32_t measure, int32_t year,
                             size_t at, wide *trial)
{
    TJ_EACH(j) trial[j] = (wide){0} + d->value[year];
    for (const tj_scale *s = d->begin; s < d->end; s++)
        if (s->contest == contest && s->measure == measure) {
            TJ_EACH(j) trial[j] *= WIDE_REST(WIDE_AT(s->m, at + j * WIDE), s->ramp[year]);
        }
}

/* The measure of a contest that changes the driver most, as coupled.c has it; ties go to the first. */
TJ_INLINE void tj_scaled_judge(const tj_scaled_driver *d, int32_t contest, int32_t year, size_t at,
                               double *winners)
{
    wide best[TJ_ALONG], winner[TJ_ALONG], trial[TJ_ALONG];
    int32_t measure = TJ_NONE;
    TJ_EACH(j) best[j] = (wide){0} - 1.0;
    TJ_EACH(j) winner[j] = (wide){0};
    for (const tj_scale *s = d->begin; s < d->end; s++) {
        if (s->contest != contest || s->measure == measure)
            continue;
        measure = s->measure;
        tj_scaled_try(d, contest, measure, year, at, trial);
        TJ_EACH(j)
        {
            wide change = trial[j] - d->value[year];
            change = WIDE_CHOOSE(change < 0.0, -change, change);
            winner[j] = WIDE_CHOOSE(change > best[j], (wide){0} + (double)measure, winner[j]);
            best[j] = WIDE_CHOOSE(change > best[j], change, best[j]);
        }
    }
    TJ_EACH(j) WIDE_PUT(winners, j * WIDE, winner[j]);
}

/* x = lanes `at` .. of the driver under the package; winners, TJ_SCALED_LANES a contest, stay while contests do. */
TJ_INLINE void tj_scaled_take(const tj_scaled_driver *d, int32_t year, size_t at, int judges, double *winners,
                              wide *x)
{
    for (int32_t c = d->contests_first; c < d->contests_end && judges; c++)
        tj_scaled_judge(d, c, year, at, winners + c * TJ_SCALED_LANES);
    TJ_EACH(j) x[j] = (wide){0} + d->value[year];
    for (const tj_scale *s = d->begin; s < d->end; s++) {
        double ramp = s->ramp[year];
        if (ramp == 0.0)
            continue; /* times 1 */
        if (s->contest == TJ_NONE && !s->may_pass) {
            TJ_EACH(j) x[j] *= 1.0 - WIDE_AT(s->m, at + j * WIDE) * ramp;
        } else if (s->contest == TJ_NONE) {
            TJ_EACH(j) x[j] *= WIDE_REST(WIDE_AT(s->m, at + j * WIDE), ramp);
        } else {
            const double *winner = winners + s->contest * TJ_SCALED_LANES;
            TJ_EACH(j)
            x[j] *= WIDE_CHOOSE(WIDE_AT(winner, j * WIDE) == (double)s->measure,
                                WIDE_REST(WIDE_AT(s->m, at + j * WIDE), ramp), (wide){0} + 1.0);
        }
    }
}

#endif
