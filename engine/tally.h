/* Tally: the totals of one city under many packages, summed straight from multipliers.
 *
 * A trend cell that is only scaled is its base, which no package changes, times a multiplier that moves in a few years only.
 * Where all that a total counts is of this kind, no cell need be written: bases of a year are read once for all packages,
 * and each total is a sum of products, of the same operations in the same order as cells and their sums (engine/scaled.c,
 * tj_row_sums). Inside the lanes backend, behind tj_backend.tally. */
#ifndef TJ_ENGINE_TALLY_H
#define TJ_ENGINE_TALLY_H

#include "engine/simulate.h"

extern const tj_tally_methods tj_tally_lanes;

#endif
