/* Sampling designs: how the independent uniforms of the declared parameters are laid out.
 *
 * One record each. Yearly noise is no part of a design: it is always addressed by draw and year. A designed
 * sample consists of TJ_REPLICATES randomisations, independent of one another and of equal length, replicate
 * r holding the draws r * m to (r + 1) * m - 1: their spread gives the standard errors. */
#ifndef TJ_ENGINE_DESIGN_H
#define TJ_ENGINE_DESIGN_H

#include "engine/plan.h"

#include <stddef.h>
#include <stdint.h>

enum { TJ_REPLICATES = 16 };

/* The generator's second counter word for what is neither a parameter (0) nor a year's noise (the year). */
enum { TJ_COUNTER_SHUFFLE = 1, TJ_COUNTER_SCRAMBLE = 2 };

/* Index of a design in the list. */
enum { TJ_DESIGN_MONTE_CARLO, TJ_DESIGN_LATIN, TJ_DESIGN_SOBOL, TJ_DESIGNS };

/* One parameter's column. */
typedef struct tj_column_at {
    uint64_t seed, stream;
    size_t dimension; /* of the stream among the distinct streams of the plan, in order */
} tj_column_at;

typedef struct tj_design {
    const char *name, *sentence;
    size_t replicates;                /* 1, or TJ_REPLICATES */
    size_t dimensions;                /* most distinct streams; 0: any number */
    const char *draws_rule;           /* "a multiple of 16" */
    size_t (*draws)(size_t at_least); /* the least number of draws that it can make, from at_least on */
    /* Uniforms in (0, 1) of draws 0 .. n - 1; n is a number that `draws` returns. */
    void (*column)(const tj_column_at *at, size_t n, double *u);
} tj_design;

extern const tj_design tj_designs[TJ_DESIGNS];

/* The plan's design. */
const tj_design *tj_design_of(const tj_plan *plan);

#endif
