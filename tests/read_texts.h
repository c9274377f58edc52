/* A small whole study in memory, of which a suite changes one file at a time. */
#ifndef TJ_TESTS_READ_TEXTS_H
#define TJ_TESTS_READ_TEXTS_H

#include "io/readers/study_reader.h"

#include <stdio.h>
#include <string.h>

static const tj_text small_study[] = {
#define TEXT(name, bytes)                                                                                    \
    {                                                                                                        \
        name, bytes, sizeof bytes - 1                                                                        \
    }
    TEXT("study.yaml", "trajekt: 1\nbase_year: 1990\nhorizon: 2050\nreference_package: reference\n"),
    TEXT("cities.yaml", "countries: {SWE: {label: Sweden}}\ncities: {umea: {country: SWE}}\n"),
    TEXT("sectors.yaml", "sectors: {transport: {paths: [transport]}}\n"),
    TEXT("inventory.csv",
         "city,year,sector,gas,scope,value,unit\numea,2024,transport,co2e,1,120,kt CO2e/year\n"),
    TEXT("backgrounds.yaml",
         "backgrounds: {current-policies: {paths: {SWE: {transport: {points: {2024: 1 1}}}}}}\n"),
    TEXT("measures.yaml", "measures: {}\n"),
    TEXT("packages.yaml", "packages: {reference: {measures: []}}\n"),
#undef TEXT
};
enum { SMALL_FILES = sizeof small_study / sizeof small_study[0] };

/* Reads the small study with `size` bytes in the place of file `name` (added where it is not among them). The
 * caller frees the study; the messages, sorted and one a line, are valid until the next call. */
static inline const char *read_with_bytes(const char *name, const char *bytes, size_t size, tj_study *study)
{
    static char lines[65536];
    tj_text texts[SMALL_FILES + 1];
    size_t count = SMALL_FILES, used = 0;
    memcpy(texts, small_study, sizeof small_study);
    size_t at = 0;
    while (at < SMALL_FILES && strcmp(texts[at].name, name) != 0)
        at++;
    count += at == SMALL_FILES;
    texts[at] = (tj_text){name, bytes, size};
    tj_diags diags;
    tj_diags_init(&diags);
    tj_status status = tj_study_read_texts(texts, count, &diags, study);
    tj_diags_sort(&diags);
    lines[0] = '\0';
    for (size_t i = 0; i < diags.count; i++) {
        char line[2100];
        tj_diag_format(&diags.items[i], line, sizeof line);
        if (used < sizeof lines)
            used += (size_t)snprintf(lines + used, sizeof lines - used, "%s%s", i == 0 ? "" : "\n", line);
    }
    if ((status == TJ_OK) != (diags.errors == 0))
        snprintf(lines, sizeof lines, "the status does not say what the messages say");
    tj_diags_free(&diags);
    return lines;
}

static inline const char *read_with(const char *name, const char *text, tj_study *study)
{
    return read_with_bytes(name, text, strlen(text), study);
}

/* The messages alone. */
static inline const char *faults(const char *name, const char *text)
{
    tj_study study;
    const char *lines = read_with(name, text, &study);
    tj_study_free(&study);
    return lines;
}

/* Whether two texts are the same; shows both where they differ. */
static inline int says(const char *found, const char *expected, const char *file, int line)
{
    int same = strcmp(found, expected) == 0;
    if (!same)
        printf("%s:%d: found\n%s\nexpected\n%s\n", file, line, found, expected);
    return same;
}

#define SAYS(found, expected) CU_ASSERT(says(found, expected, __FILE__, __LINE__))

#endif
