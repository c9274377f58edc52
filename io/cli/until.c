/* How many draws are enough; see until.h. */
#include "io/cli/until.h"

#include "engine/design.h"

#include <assert.h>

tj_exit tj_until_check(const tj_plan *plan, tj_output_set outputs)
{
    const tj_design *design = tj_design_of(plan);
    size_t count, judged = 0;
    const tj_plan_target *targets = tj_plan_section(plan, TJ_SECTION_TARGETS, &count);
    for (size_t t = 0; t < count; t++)
        judged += targets[t].assessable != 0;
    if (design != &tj_designs[TJ_DESIGN_MONTE_CARLO])
        return tj_fail(
            TJ_EXIT_USAGE,
            "--until-se adds draws, which a '%s' sample does not allow; the study needs 'design: %s'",
            design->name, tj_designs[TJ_DESIGN_MONTE_CARLO].name);
    if (!tj_field_asked(outputs, TJ_FIELD_TARGET_PROBABILITY_SE))
        return tj_fail(TJ_EXIT_USAGE,
                       "--until-se looks at the targets, which the outputs leave out: add '%s'",
                       tj_outputs[TJ_OUTPUT_TARGETS].name);
    if (judged == 0)
        return tj_fail(TJ_EXIT_USAGE, "--until-se: the study has no target that can be judged");
    return TJ_EXIT_OK;
}

void tj_until_note(tj_until *until, const tj_plan *plan, const tj_unit_result *result)
{
    size_t count;
    const tj_plan_target *targets = tj_plan_section(plan, TJ_SECTION_TARGETS, &count);
    const double *se = result->field[TJ_FIELD_TARGET_PROBABILITY_SE];
    for (size_t t = 0; t < count; t++)
        if (targets[t].assessable && se[t] > until->se) /* a probability without a verdict has no error */
            *until = (tj_until){se[t], result->package, (int32_t)t};
}

size_t tj_until_next(const tj_until *until, double wanted, size_t draws)
{
    assert(wanted >= TJ_UNTIL_LEAST && draws > 0);
    if (until->se <= wanted)
        return draws;
    double square = until->se / wanted * (until->se / wanted);
    size_t factor = 2;
    while ((double)factor < square)
        factor *= 2;
    return draws * factor;
}
