/* What an uncertain input is called in front of people, from the labels of the study.
 *
 * Place in the path of the data: canonical names of parameters -> words. */
#ifndef TJ_IO_CLI_INPUT_WORDS_H
#define TJ_IO_CLI_INPUT_WORDS_H

#include "engine/sensitivity_plan.h"
#include "scenarios/compile.h"

/* "Higher congestion charge …: effect on Transport (activity)" into text[size]. Inputs of several streams are
 * joined by " + ". Returns text. */
const char *tj_input_label(const tj_study *study, const tj_compiled *compiled, const tj_plan_inputs *inputs,
                           size_t input, const char *language, char *text, size_t size);

/* The canonical name, "noise" for the noise; of several streams joined by "+". Returns text. */
const char *tj_input_name(const tj_compiled *compiled, const tj_plan_inputs *inputs, size_t input, char *text,
                          size_t size);

#endif
