/* Any bytes as a YAML file; see fuzz_read.h. */
#include "tests/fuzz_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"study.yaml",    "cities.yaml",      "sectors.yaml",
                                        "measures.yaml", "backgrounds.yaml", "packages.yaml",
                                        "targets.yaml",  "technologies.yaml"};
    return fuzz_read(names, sizeof names / sizeof *names, data, size);
}
