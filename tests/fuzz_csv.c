/* Any bytes as a CSV file: no crash, no leak, and bounded messages. The first byte chooses the file. */
#include "io/readers/study_reader.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"inventory.csv", "population.csv", "national.csv",
                                        "pool.csv",      "gwp.csv",        "drivers.csv"};
    if (size == 0)
        return 0;
    tj_text text = {names[data[0] % 6], (const char *)data + 1, size - 1};
    tj_diags diags;
    tj_study study;
    tj_diags_init(&diags);
    tj_study_read_texts(&text, 1, &diags, &study);
    tj_diags_sort(&diags);
    if (diags.count > 100)
        abort();
    tj_study_free(&study);
    tj_diags_free(&diags);
    return 0;
}
