/* The calibration of a study: one row a city and sector that is a trend or has memory, as trend.csv holds it. The
 * latter go where their drivers go: only their noise is learned. */
#ifndef TJ_SCENARIOS_CALIBRATE_TABLE_H
#define TJ_SCENARIOS_CALIBRATE_TABLE_H

#include "scenarios/calibrate.h"
#include "scenarios/study.h"

typedef struct tj_calibrated {
    const char *city, *sector; /* identifiers, point into the study */
    tj_trend trend;
    size_t observations, places; /* changes and places that the noise was learned from */
    const char *lender;          /* country whose noise this is */
    int last;                    /* last year known of any of its places */
} tj_calibrated;

typedef struct tj_calibrated_table {
    tj_calibrated *rows; /* owned */
    size_t count;
    const char
        *poor; /* first country with too few places (or no national series where it borrows); or NULL */
} tj_calibrated_table;

/* Each city of the study by what the other places of its country teach; sectors with a zero or no value in
 * the city's last year are left out. On success the caller owns the table; the study must outlive it. */
tj_status tj_calibrate_study(const tj_study *study, tj_calibrated_table *table);
void tj_calibrated_free(tj_calibrated_table *table); /* NULL is fine */

#endif
