/* `run --until-se X`: how many draws it takes until every probability of a judged target has a standard error
 * of X at most. A pass runs a number of draws as any run does; where that is not enough the next pass doubles
 * them, as often as the errors seen ask for. So the result is that of a run with the last number of draws. */
#ifndef TJ_IO_CLI_UNTIL_H
#define TJ_IO_CLI_UNTIL_H

#include "engine/ensemble.h"
#include "io/cli/command.h"

/* Bounds of X: an error of 0.001 takes 250 000 draws where a probability is one half, so that no run has more
 * than twice as many (or than the study begins with). */
#define TJ_UNTIL_LEAST 0.001
#define TJ_UNTIL_MOST  0.5

/* The least certain probability of a pass. */
typedef struct tj_until {
    double se; /* 0 before the first */
    int32_t package, target;
} tj_until;

/* Looks at a unit's probabilities, which it has where tj_until_check was content. */
void tj_until_note(tj_until *until, const tj_plan *plan, const tj_unit_result *result);

/* Draws for the next pass: `draws` where its errors are within `wanted`, else `draws` doubled until they should
 * be, an error falling with the root of their number. */
size_t tj_until_next(const tj_until *until, double wanted, size_t draws);

/* Refuses designs, whose draws cannot be added to, plans without a target to judge, and outputs without targets. */
tj_exit tj_until_check(const tj_plan *plan, tj_output_set outputs);

#endif
