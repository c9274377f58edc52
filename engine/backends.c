/* The list of backends (engine/simulate.h): one record a file, one line here. */
#include "engine/simulate.h"

#include <string.h>

const tj_backend *const tj_backends[] = {
    &tj_backend_lanes,
    &tj_backend_reference,
    NULL,
};

const tj_backend *tj_backend_find(const char *name)
{
    for (size_t i = 0; name != NULL && tj_backends[i] != NULL; i++)
        if (strcmp(tj_backends[i]->name, name) == 0)
            return tj_backends[i];
    return NULL;
}
