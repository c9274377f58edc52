/* trajekt list parameters: every uncertain number of a study, one row for all of its instances. */
#include "io/cli/lists.h"
#include "scenarios/parameter.h"

#include "engine/dist.h"

#include <string.h>

const tj_sheet_column tj_parameter_columns[TJ_PARAMETER_COLUMNS] = {
    {"name", NULL, 0, 0},
    {"drawn_by", "drawn by", 0, 0},
    {"instances", NULL, 1, 0},
    {"distribution", NULL, 0, 0},
};

/* Is `param` the first with its stem (its name, where `whole`)? */
static int is_first(const tj_compiled *compiled, size_t param, int whole)
{
    const char *name = compiled->params[param];
    size_t length = whole ? strlen(name) : tj_parameter_stem(name);
    for (size_t i = 0; i < param; i++) {
        const char *other = compiled->params[i];
        size_t other_length = whole ? strlen(other) : tj_parameter_stem(other);
        if (other_length == length && strncmp(other, name, length) == 0)
            return 0;
    }
    return 1;
}

static void put_parameter(tj_sheet *table, const tj_study *study, const tj_compiled *compiled, size_t param)
{
    size_t count, instances = 0, length = tj_parameter_stem(compiled->params[param]);
    const tj_plan_param *params = tj_plan_section(compiled->plan, TJ_SECTION_PARAMS, &count);
    const char *name = compiled->params[param];
    int alike = 1;
    for (size_t i = param; i < count; i++) {
        if (tj_parameter_stem(compiled->params[i]) != length ||
            strncmp(compiled->params[i], name, length) != 0)
            continue;
        instances += (size_t)is_first(compiled, i, 1);
        alike = alike && params[i].kind == params[param].kind;
    }
    tj_sheet_format(table, "%.*s", (int)length, name);
    tj_sheet_text(table, tj_sharing_words[tj_parameter_sharing(study, name)].name);
    tj_sheet_number(table, (double)instances);
    tj_sheet_text(table, alike ? tj_dists[params[param].kind].name : "several");
}

void tj_list_parameters(tj_sheet *table, const tj_study *study, const tj_compiled *compiled)
{
    size_t count;
    tj_plan_section(compiled->plan, TJ_SECTION_PARAMS, &count);
    for (size_t i = 0; i < count; i++)
        if (is_first(compiled, i, 0))
            put_parameter(table, study, compiled, i);
}
