/* The study inside a result: every file, checked against its digest before anyone runs it again. */
#include "io/store/read.h"
#include "io/store/sha256.h"

#include <stdio.h>
#include <string.h>

/* No study has more files; more is damage. */
enum { FILES_MOST = 10000 };

/* Sizes were written as doubles; one that is not a whole number within the data is damage. */
static int true_size(const tj_results *r, const char *path, size_t extent, size_t *size)
{
    double written;
    if (tj_cf_number_of(r->source, path, "size", &written) != 0 || !(written >= 0) ||
        written > (double)extent)
        return -1;
    *size = (size_t)written;
    return (double)*size == written ? 0 : -1;
}

static tj_status load_file(tj_results *r, const char *path, const tj_cf_shape *shape, tj_text *text)
{
    char digest[65];
    text->name = tj_cf_text_of(r->source, path, "name", &r->arena);
    const char *expected = tj_cf_text_of(r->source, path, "sha256", &r->arena);
    if (text->name == NULL || expected == NULL || shape->type != TJ_CF_OCTET || shape->rank != 1 ||
        true_size(r, path, shape->length[0], &text->size) != 0)
        return tj_results_refuse(r, "'%s' is not a file of a study", path);
    char *bytes = tj_arena_alloc(&r->arena, shape->length[0] + 1, 1); /* one more: always NUL-terminated */
    if (bytes == NULL)
        return tj_results_no_memory(r);
    if (tj_cf_read(r->source, path, shape, bytes) != 0)
        return tj_results_refuse(r, "'%s' cannot be read; the file is damaged", path);
    text->bytes = bytes;
    tj_sha256(bytes, text->size, digest);
    if (strcmp(digest, expected) != 0)
        return tj_results_refuse(r, "the study's file '%s' was damaged or changed", text->name);
    return TJ_OK;
}

tj_status tj_results_load_study(tj_results *r)
{
    double files;
    if (tj_cf_number_of(r->source, "study", "files", &files) != 0 || !(files >= 0 && files <= FILES_MOST))
        return tj_results_refuse(r, "the study inside it is missing or damaged");
    r->texts = tj_arena_alloc(&r->arena, (size_t)files, sizeof *r->texts);
    if (r->texts == NULL)
        return tj_results_no_memory(r);
    for (; r->texts_count < (size_t)files; r->texts_count++) {
        char path[48];
        tj_cf_shape shape;
        snprintf(path, sizeof path, "study/f%04zu", r->texts_count);
        if (tj_cf_shape_of(r->source, path, &shape) != 0)
            return tj_results_refuse(r, "'%s' is missing or damaged", path);
        tj_status status = load_file(r, path, &shape, &r->texts[r->texts_count]);
        if (status != TJ_OK)
            return status;
    }
    return TJ_OK;
}

tj_status tj_results_texts(const tj_results *r, const tj_text **texts, size_t *count)
{
    *texts = r->texts;
    *count = r->texts_count;
    return TJ_OK;
}
