/* Stems and instances of parameters; see parameter.h. Identifiers never hold an '@'. */
#include "scenarios/parameter.h"

#include "scenarios/vocabulary.h"

#include <string.h>

size_t tj_parameter_stem(const char *name)
{
    return strcspn(name, "@");
}

const char *tj_parameter_instance(const char *name)
{
    const char *at = name + tj_parameter_stem(name);
    return *at == '@' ? at + 1 : at;
}

int tj_parameter_sharing(const tj_study *study, const char *name)
{
    const char *instance = tj_parameter_instance(name);
    if (*instance == '\0')
        return TJ_SHARING_NETWORK;
    return tj_study_city(study, instance) >= 0 ? TJ_SHARING_CITY : TJ_SHARING_NATION;
}

int tj_parameter_has_stem(const char *name, const char *stem)
{
    size_t length = tj_parameter_stem(name);
    return strlen(stem) == length && strncmp(name, stem, length) == 0;
}
