/* What sectors with memory are fed with: rows of their drivers, and rows to keep their state in.
 *
 * Inside the lanes backend only. A cell with memory works on at most TJ_FLEET_LANES draws at a time, so that
 * the cohorts of a city's fleets stay in the second-level cache. */
#ifndef TJ_ENGINE_FEED_H
#define TJ_ENGINE_FEED_H

#include "engine/lane_scratch.h"

enum { TJ_FLEET_LANES = 128 };

/* Rows of doubles cut one after the other; with `start` NULL they are only counted. */
typedef struct tj_pool {
    double *start;
    size_t rows;
} tj_pool;

/* `rows` rows of TJ_FLEET_LANES doubles, or NULL while counting. */
double *tj_pool_cut(tj_pool *pool, size_t rows);
/* Rows enough for `count` doubles. */
double *tj_pool_cut_numbers(tj_pool *pool, size_t count);

/* The driver's values in the year that the scratch stands in, with the package's measures. */
const double *tj_feed_now(const tj_scratch *scratch, int32_t driver);

/* The row times the driver's values. */
tj_weighed tj_feed_weigh(const tj_scratch *scratch, const double *row, int32_t driver);

/* 1 where these are `value` in every lane, as far as is known without looking at each. */
int tj_feed_is(const tj_scratch *scratch, int32_t driver, double value);

/* The driver's reference in year index `year`, H or before (below 0: the first year): *value where it is the
 * same in every lane, and 1; else the lanes are copied to `row`, and 0. Limits are applied. */
int tj_feed_past(const tj_scratch *scratch, int32_t driver, int32_t year, double *value, double *row);

/* The same as a row. */
void tj_feed_past_row(const tj_scratch *scratch, int32_t driver, int32_t year, double *row);

/* kappa = start / modelled by lane, 1 where both are 0; returns the number of lanes in which only the modelled
 * one is. */
size_t tj_feed_calibrate(size_t n, double start, const double *modelled, double *kappa);

#endif
