/* Names of uncertain parameters: a stem that a person knows, and the instance that a draw belongs to.
 *
 * "charge.transport.activity.scale" is shared by the network; "backcast@umea" is one city's, its stem
 * "backcast". */
#ifndef TJ_SCENARIOS_PARAMETER_H
#define TJ_SCENARIOS_PARAMETER_H

#include "scenarios/study.h"

#include <stddef.h>

/* Length of the stem of a canonical name. */
size_t tj_parameter_stem(const char *name);

/* The instance after '@'; "" where the network shares the parameter. */
const char *tj_parameter_instance(const char *name);

/* Index in tj_sharing_words: who shares one draw. */
int tj_parameter_sharing(const tj_study *study, const char *name);

/* 1 where the name has this stem. */
int tj_parameter_has_stem(const char *name, const char *stem);

#endif
