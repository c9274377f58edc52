/* A plan as a model for sensitivity: which inputs it has, and its targets' gaps on a mixed sample.
 *
 * Place in the path of the data: plan -> two tables of draws -> simulate -> targets -> sensitivity.h.
 * Inputs: yearly noise of every cell is input 0; after it come the parameters, those of one stream or
 * of one copula together. Sample A has the plan's seed, B another; with noise from B the draws carry B's
 * seed, with a parameter from B its row of the table. Plain Monte Carlo in the independent uniform space,
 * whatever the study's design. */
#ifndef TJ_ENGINE_SENSITIVITY_PLAN_H
#define TJ_ENGINE_SENSITIVITY_PLAN_H

#include "engine/sensitivity.h"
#include "engine/simulate.h"

/* What is asked of a target, by draw. */
typedef enum tj_sensitivity_of {
    TJ_OF_GAP = 0,     /* t above what is allowed in the target year */
    TJ_OF_GAP_PERCENT, /* the same in percent points of the base year, or of a budget */
    TJ_OF_EMISSIONS,   /* t CO2e in the target year, of what the target looks at */
    TJ_OF_MET,         /* 1 where the target is met, else 0: its mean is the probability */
    TJ_OFS
} tj_sensitivity_of;

typedef struct tj_plan_question {
    const tj_plan *plan;
    const tj_backend *backend;
    int32_t background, package;
    const int32_t *targets; /* indexes of assessable targets */
    size_t n_targets;
    tj_sensitivity_of of;
    size_t n;    /* draws */
    int threads; /* 0: as many as OpenMP offers */
} tj_plan_question;

/* One input: parameters params[first .. first + count - 1]; the noise has none. */
typedef struct tj_plan_input {
    int32_t first, count;
    int32_t streams; /* different streams among them: 1 is a single number */
    int before;      /* 1: it changes trajectories before measures, so that they are prepared anew */
} tj_plan_input;

typedef struct tj_plan_inputs {
    size_t count;
    tj_plan_input *items; /* owned; items[0] is the noise */
    int32_t *params;      /* owned: indexes of parameters, ascending inside an input */
    int32_t *input_of;    /* owned: by parameter */
} tj_plan_inputs;

/* The inputs of a plan, in the order of their first parameters. They do not depend on the package. */
tj_status tj_plan_inputs_init(tj_plan_inputs *inputs, const tj_plan *plan);
void tj_plan_inputs_free(tj_plan_inputs *inputs); /* NULL is fine */

typedef struct tj_plan_model tj_plan_model;

/* Draws both samples and prepares A. inputs must outlive the model. On success *model is the caller's. */
tj_status tj_plan_model_create(const tj_plan_question *question, const tj_plan_inputs *inputs,
                               tj_plan_model **model);
void tj_plan_model_free(tj_plan_model *model); /* NULL is fine */

/* What tj_sensitivity_run takes: an output a target, in their order. Valid as long as the model. */
const tj_sensitivity_model *tj_plan_model_get(const tj_plan_model *model);

/* Sample A's uniforms of an input that is a single number, to u[n]. */
void tj_plan_input_uniforms(const tj_plan *plan, const tj_plan_inputs *inputs, size_t input, size_t n,
                            double *u);

#endif
