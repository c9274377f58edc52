/* Any bytes as a CSV file; see fuzz_read.h. */
#include "tests/fuzz_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"inventory.csv", "population.csv", "national.csv", "pool.csv",
                                        "gwp.csv",       "drivers.csv",    "trend.csv",    "fleets.csv"};
    return fuzz_read(names, sizeof names / sizeof *names, data, size);
}
