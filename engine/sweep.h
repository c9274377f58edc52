/* Sweep: every combination of up to TJ_SWEEP_MEASURES measures on top of the reference package.
 *
 * A combination is a bit mask of the measures in the order given. Each distinct variant of each component
 * (engine/variant.h) is simulated once; a combination is put together from them. What is handed over
 * depends neither on threads nor on which measures else are swept, beyond rounding; results of targets equal
 * those of the plain evaluation in every draw but where emissions are nearer than 1e-12 of the base year's
 * to the level, which is counted. Memory: 2^measures numbers for a row at a time, and
 * some rows of a city's variants: where `memory` holds only some of them the city is simulated again for the others. */
#ifndef TJ_ENGINE_SWEEP_H
#define TJ_ENGINE_SWEEP_H

#include "engine/variant.h"

enum { TJ_SWEEP_MEASURES = 24, TJ_SWEEP_BLOCK = 12 }; /* most measures in all; that count together */
enum { TJ_SWEEP_QUANTILES = 16 };                     /* most quantiles */

/* A combination is left out that holds all measures of `all` and none of `none`. */
typedef struct tj_sweep_rule {
    uint32_t all, none;
} tj_sweep_rule;

typedef enum tj_sweep_kind {
    TJ_SWEEP_PROBABILITY = 0, /* of target `item` */
    TJ_SWEEP_MEAN,            /* t CO2e in year index `year`; item: the city, n_cities for the network */
    TJ_SWEEP_CUMULATIVE,      /* mean of the sum over the years after H, t CO2e; item as above */
    TJ_SWEEP_QUANTILE,        /* as MEAN, but of one city alone: quantile `quantile` of the draws */
    TJ_SWEEP_CUMULATIVE_QUANTILE,
    TJ_SWEEP_KINDS
} tj_sweep_kind;

typedef struct tj_sweep_row {
    tj_sweep_kind kind;
    int32_t background, item, year, quantile;
    const double *values; /* 2^measures, by mask; NaN where left out or without a value */
    /* PROBABILITY: (combination, draw) pairs nearer to the level than rounding can tell; distinct subsets */
    uint64_t near, distinct;
} tj_sweep_row;

typedef struct tj_sweep {
    tj_library library;
    const int32_t *measures; /* ranks */
    int32_t n_measures;
    const tj_sweep_rule *rules;
    size_t n_rules;
    const uint8_t *cities, *backgrounds; /* 1: wanted */
    const double *quantiles;             /* wanted probabilities, ascending; type 7 */
    size_t n_quantiles;
    size_t draws;
    size_t memory; /* bytes that tables may take, 0: any: more are worked on one after the other */
    int threads;   /* 0: as many as OpenMP offers */
    /* Called on the calling thread with each row, background by background. Non-zero stops the sweep. */
    tj_status (*row)(void *context, const tj_sweep_row *row);
    /* Parts done and in all; non-zero stops the sweep (TJ_ERR_INTERRUPTED). May be NULL. */
    int (*progress)(void *context, size_t done, size_t all);
    void *context;
} tj_sweep;

typedef struct tj_sweep_report {
    size_t left_out;       /* combinations that break a rule */
    size_t evaluations;    /* (city, component, variant) simulated, of one background */
    size_t plain;          /* (city, component, combination) that plain evaluation would simulate */
    double quantile_error; /* how far a quantile may lie from the plain evaluation's, of itself */
    double seconds;
    double
        simulating; /* of these: draws, what all combinations share, and variants, before any is put together */
    int threads;
    size_t passes; /* most times that a city's variants were simulated, for memory */
    int32_t fault_city, fault_cell, fault_year; /* TJ_ERR_UNDEFINED: where. TJ_ERR_MEMORY: the city for which
                                                   `memory` is too little, or TJ_NONE */
    size_t need;                                /* TJ_ERR_MEMORY: bytes that the city takes at least */
    /* TJ_ERR_MEMORY: about how long all cities would take with memory enough, s, by the weights of the progress, which
     * were measured on one machine; else 0 */
    double expected;
    int together; /* most measures that count together, there or in any wanted city */
} tj_sweep_report;

/* 1 where a combination keeps every rule. */
int tj_sweep_keeps(const tj_sweep *sweep, uint32_t mask);

/* Year indexes for which MEAN rows come: those in which a wanted city's target is judged, ascending, into
 * years[n_years]; returns how many. */
int32_t tj_sweep_years(const tj_sweep *sweep, int32_t *years);

tj_status tj_sweep_run(const tj_sweep *sweep, tj_sweep_report *report);

#endif
