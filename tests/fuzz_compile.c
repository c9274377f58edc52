/* A right study with some bytes changed, read and compiled whatever the reader says: no crash, no leak.
 *
 * The input is a list of edits of four bytes: file, place (two bytes), new byte. */
#include "tests/physical_study.h"
#include "tests/small_study.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PHYSICAL_FILES = sizeof physical_files / sizeof physical_files[0] };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const char *const(*files)[2] = data[0] & 1 ? physical_files : small_files;
    size_t count = data[0] & 1 ? (size_t)PHYSICAL_FILES : (size_t)SMALL_FILES;
    char *copies[SMALL_FILES_MOST];
    tj_text texts[SMALL_FILES_MOST];
    for (size_t i = 0; i < count; i++) {
        copies[i] = strdup(files[i][1]);
        texts[i] = (tj_text){files[i][0], copies[i], strlen(copies[i])};
    }
    for (size_t i = 1; i + 4 <= size; i += 4) {
        tj_text *text = &texts[data[i] % count];
        copies[data[i] % count][((size_t)data[i + 1] << 8 | data[i + 2]) % text->size] = (char)data[i + 3];
    }
    tj_diags diags;
    tj_study study;
    tj_compiled compiled;
    tj_diags_init(&diags);
    if (tj_study_read_texts(texts, count, &diags, &study) == TJ_OK || tj_study_settle(&study))
        if (tj_compile(&study, &diags, &compiled) == TJ_OK)
            tj_compiled_free(&compiled);
    tj_diags_sort(&diags);
    tj_study_free(&study);
    tj_diags_free(&diags);
    for (size_t i = 0; i < count; i++)
        free(copies[i]);
    return 0;
}
