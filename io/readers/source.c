/* Faults, memory and the first look at a text; see source.h. */
#include "io/readers/source.h"

#include "scenarios/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void tj_source_fault(tj_source *source, tj_mark mark, const char *format, ...)
{
    if (source->errors++ >= TJ_ERRORS_TOLD)
        return;
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    tj_diag_add(source->diags, TJ_ERROR, mark, "%s", text);
}

void tj_source_unknown(tj_source *source, tj_mark mark, const char *what, const char *name, const char *where,
                       const char *const *candidates, size_t count)
{
    if (source->errors++ < TJ_ERRORS_TOLD)
        tj_diag_unknown_in(source->diags, mark, what, name, where, candidates, count);
}

void tj_source_end(tj_source *source)
{
    if (source->errors > TJ_ERRORS_TOLD)
        tj_diag_add(source->diags, TJ_NOTE, (tj_mark){source->file, 0, 0},
                    "%zu errors in this file; the first %d are shown, %zu are left out", source->errors,
                    TJ_ERRORS_TOLD, source->errors - TJ_ERRORS_TOLD);
}

int tj_source_visit(tj_source *source, tj_mark mark)
{
    if (source->visited++ == TJ_VALUES_MOST)
        tj_source_fault(source, mark,
                        "more than %d values, aliases counted at each use; the rest is not read",
                        TJ_VALUES_MOST);
    return source->visited <= TJ_VALUES_MOST;
}

const char *tj_source_text(tj_source *source, const char *text, size_t length)
{
    const char *copy = tj_arena_text(&source->study->arena, text, length);
    if (copy == NULL)
        source->diags->memory_short = 1;
    return copy == NULL ? "" : copy;
}

void *tj_source_append(tj_source *source, void *list, size_t size)
{
    struct {
        void *items;
        size_t count, capacity;
    } head;
    memcpy(&head, list, sizeof head);
    assert(head.count <= head.capacity);
    void *items = tj_arena_grow(&source->study->arena, head.items, head.count, &head.capacity, size);
    if (items == NULL) {
        source->diags->memory_short = 1;
        return NULL;
    }
    head.items = items;
    void *item = (char *)items + head.count++ * size;
    memcpy(list, &head, sizeof head);
    return memset(item, 0, size);
}

tj_shown tj_show(const char *text, size_t length)
{
    enum { MOST = 60 };
    tj_shown shown;
    size_t cut = length <= MOST ? length : MOST;
    while (cut < length && cut > 0 && ((unsigned char)text[cut] & 0xC0) == 0x80)
        cut--;
    snprintf(shown.text, sizeof shown.text, "'%.*s%s'", (int)cut, text, cut < length ? "…" : "");
    return shown;
}

/* The place of a byte, columns counted in characters. */
static tj_mark place(const tj_source *source, const char *text, size_t offset)
{
    tj_mark mark = {source->file, 1, 1};
    for (size_t i = 0; i < offset; i++) {
        int ends = text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n');
        mark.line += ends != 0;
        mark.column = ends ? 1 : mark.column + (((unsigned char)text[i] & 0xC0) != 0x80);
    }
    return mark;
}

/* Characters that no text file holds: controls but tab and line ends, and U+FEFF inside, U+FFFE, U+FFFF. */
static int strange(const unsigned char *c, size_t length)
{
    if (length == 1)
        return (*c < 0x20 && *c != '\t' && *c != '\n' && *c != '\r') || *c == 0x7F;
    if (length == 2)
        return c[0] == 0xC2 && c[1] < 0xA0 && c[1] != 0x85;
    return length == 3 &&
           (memcmp(c, "\xEF\xBB\xBF", 3) == 0 || (c[0] == 0xEF && c[1] == 0xBF && c[2] >= 0xBE));
}

int tj_source_check_text(tj_source *source, const char **text, size_t *size)
{
    tj_mark start = {source->file, 1, 1};
    if (*size >= 2 && (memcmp(*text, "\xFF\xFE", 2) == 0 || memcmp(*text, "\xFE\xFF", 2) == 0)) {
        tj_source_fault(source, start, "found a text in UTF-16, expected UTF-8; save it as 'UTF-8'");
        return -1;
    }
    if (*size >= 3 && memcmp(*text, "\xEF\xBB\xBF", 3) == 0) {
        *text += 3;
        *size -= 3;
    }
    for (size_t at = 0; at < *size;) {
        const unsigned char *c = (const unsigned char *)*text + at;
        size_t length = *c < 0x80 ? 1 : tj_utf8_length(*text + at, *size - at);
        if (length == 0) {
            tj_source_fault(source, place(source, *text, at),
                            "found the byte 0x%02X, which is not UTF-8; save the file as 'UTF-8'", *c);
            return -1;
        }
        if (strange(c, length)) {
            tj_source_fault(source, place(source, *text, at),
                            "found %s (byte 0x%02X); this is not a text file",
                            *c == 0 ? "a NUL byte" : "a control character", *c);
            return -1;
        }
        at += length;
    }
    return 0;
}
