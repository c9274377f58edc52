/* What the parts of the calibration share. Private to scenarios/calibrate*.c.
 *
 * Invariant: year indexes 0 .. last; nothing of a later year is in any array here. */
#ifndef TJ_SCENARIOS_CALIBRATE_PARTS_H
#define TJ_SCENARIOS_CALIBRATE_PARTS_H

#include "scenarios/calibrate.h"

struct tj_calibrator {
    size_t n_places, n_sectors, n_years; /* years known */
    int *years;                          /* [year] */
    double *log_x;                       /* [sector][year][place]; NaN where not positive */
    double *log_total;                   /* [year][place]; NaN where a sector of the place is absent */
    double *slope;                       /* [year][place]: slope of log_total up to that year; NaN: too few */
    double *sector_slope;                /* [sector][place]: of log_x up to the last year */
    double *memory;                      /* owns the doubles */
};

static inline const double *tj_known_sector(const tj_calibrator *c, size_t sector, size_t year)
{
    return c->log_x + (sector * c->n_years + year) * c->n_places;
}

static inline const double *tj_known_total(const tj_calibrator *c, size_t year)
{
    return c->log_total + year * c->n_places;
}

/* Noise of one sector; growth_sd is what is already uncertain in a place's own rate. work[6 n_places]. */
tj_noise tj_calibrate_noise(const tj_calibrator *c, size_t sector, size_t left_out, double growth_sd,
                            double *work);

#endif
