/* What the fuzz targets of the readers share: any bytes as one file of a study; no crash, no leak, and bounded
 * messages. The first byte chooses the file among names[count]. */
#ifndef TJ_TESTS_FUZZ_READ_H
#define TJ_TESTS_FUZZ_READ_H

#include "io/readers/study_reader.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline int fuzz_read(const char *const *names, size_t count, const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    tj_text text = {names[data[0] % count], (const char *)data + 1, size - 1};
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

#endif
