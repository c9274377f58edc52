/* The study inside its result: every file as it was read, so that the run can be done again.
 *
 * One dataset of bytes a file, f0000, f0001 …, in the order of reading; the name that the user knows, the
 * true size and a SHA-256 are attributes. They stand in a subgroup: the root is for numbers. */
#include "io/store/sha256.h"
#include "io/store/write.h"

#include <stdio.h>

/* Longer texts are worth the time of compressing them. */
enum { PACK_FROM = 65536 };

static void write_file(tj_writer *w, size_t index, const tj_text *text)
{
    char name[32], dimension[48], digest[65];
    snprintf(name, sizeof name, "f%04zu", index);
    snprintf(dimension, sizeof dimension, "%s_byte", name);
    /* netCDF has no dimension of length 0: an empty file keeps one byte of padding. */
    tj_cf_dimension(w->cf, dimension, text->size > 0 ? text->size : 1);
    tj_cf_spec spec = {.name = name,
                       .type = TJ_CF_OCTET,
                       .dims = {dimension},
                       .long_name = "bytes of a file of the study",
                       .packed = text->size >= PACK_FROM};
    tj_cf_id id = tj_cf_variable(w->cf, &spec, text->size > 0 ? text->bytes : "");
    tj_sha256(text->bytes, text->size, digest);
    tj_cf_text(w->cf, id, "name", text->name);
    tj_cf_double(w->cf, id, "size", (double)text->size);
    tj_cf_text(w->cf, id, "sha256", digest);
}

void tj_writer_study(tj_writer *w)
{
    tj_cf_id group = tj_cf_group(w->cf, "study", "files of the study that this result was made from");
    tj_cf_int(w->cf, group, "files", (int32_t)w->study->texts_count);
    for (size_t i = 0; i < w->study->texts_count; i++)
        write_file(w, i, &w->study->texts[i]);
    tj_cf_leave(w->cf);
}
