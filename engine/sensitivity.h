/* Sensitivity: how much of the variance of an output is due to each uncertain input.
 *
 * Place in the path of the data: beside the ensemble; a model is anything that can be evaluated on a mixed
 * sample. Two independent samples A and B of all inputs are made; AB_i is A with input i taken from B. An
 * input may be a group of columns that change places together: correlated parameters are one input. With
 * V the variance of f_A and f_B together and f centred,
 *     first order  S_i = mean(f_B (f_ABi - f_A)) / V         Saltelli et al. 2010
 *     total        T_i = mean((f_A - f_ABi)^2) / (2 V)       Jansen 1999
 * V = 0: undefined, NaN. An output with a NaN among its draws is undefined in all its indices. */
#ifndef TJ_ENGINE_SENSITIVITY_H
#define TJ_ENGINE_SENSITIVITY_H

#include "engine/status.h"

#include <stddef.h>
#include <stdint.h>

/* What is analysed. */
typedef struct tj_sensitivity_model {
    size_t n; /* draws of A, and of B */
    size_t n_inputs, n_outputs;
    /* n_outputs * n_inputs: 1 where the input can change the output; NULL: all can. Inputs that share
     * no output are exchanged in the same evaluation. */
    const uint8_t *reach;
    /* Evaluates the sample in which input i is taken from B where from_b[i] is 1 and from A elsewhere, to
     * out[output * n + draw]; NaN where an output is undefined. */
    tj_status (*evaluate)(void *context, const uint8_t *from_b, double *out);
    void *context;
} tj_sensitivity_model;

/* An index and the interval that holds 90 % of its bootstrap. */
typedef struct tj_index {
    double value, low, high;
} tj_index;

/* What is known of one input and one output. All NaN where the input cannot reach the output. */
typedef struct tj_influence {
    tj_index first, total;
    /* Elementary effects of drawing the input anew (Morris 1991; radial: Campolongo et al. 2011): mean of
     * their sizes and their standard deviation, in the output's unit. */
    double mu_star, sigma;
} tj_influence;

/* Bootstrap resamples of n draws, addressed: index[r * n + j] is a function of the seed, r and j alone. */
typedef struct tj_resamples {
    size_t n, count;
    uint32_t *index; /* owned */
} tj_resamples;

enum { TJ_RESAMPLES = 200 };

tj_status tj_resamples_init(tj_resamples *resamples, uint64_t seed, size_t n, size_t count);
void tj_resamples_free(tj_resamples *resamples); /* NULL is fine */

/* One input and one output: f on A, on B and on AB_i, n values each. */
tj_status tj_sensitivity_estimate(const tj_resamples *resamples, const double *a, const double *b,
                                  const double *ab, tj_influence *influence);

/* 1 where the interval holds 0, or lies below it, where no index can be but by chance: the data cannot tell the
 * index from nothing. */
int tj_index_indistinct(const tj_index *index);

/* Evaluates A, B and every AB_i, and estimates all: influence[output * n_inputs + input], by the caller.
 * f_a, unless NULL, gets the outputs on A. The fewest evaluations that keep inputs of one output apart:
 * at most n_inputs + 2. */
tj_status tj_sensitivity_run(const tj_sensitivity_model *model, const tj_resamples *resamples, double *f_a,
                             tj_influence *influence);

/* How many evaluations that takes. */
tj_status tj_sensitivity_evaluations(const tj_sensitivity_model *model, size_t *count);

#endif
