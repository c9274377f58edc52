/* Diagnostics: kept in the order found, sorted for reading; see diag.h.
 *
 * Invariant: a text is valid UTF-8 wherever its pieces were, on one line, without control characters:
 * what a garbage file holds cannot steer the terminal that shows the message. */
#include "scenarios/diag.h"

#include "scenarios/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 2048, NAME_BYTES = 64, LISTED = 12 };

void tj_diags_init(tj_diags *diags)
{
    memset(diags, 0, sizeof *diags);
    tj_arena_init(&diags->arena);
}

void tj_diags_free(tj_diags *diags)
{
    if (diags == NULL)
        return;
    tj_arena_free(&diags->arena);
    tj_diags_init(diags);
}

/* What is no character, or one that controls a terminal (C0, DEL, C1), becomes '?'. */
static void text_tame(char *text)
{
    size_t size = strlen(text), to = 0;
    for (size_t at = 0; at < size;) {
        const unsigned char *c = (const unsigned char *)text + at;
        size_t length = tj_utf8_length(text + at, size - at);
        int control = *c < 0x20 || *c == 0x7F || (*c == 0xC2 && c[1] < 0xA0);
        if (length == 0 || control)
            text[to++] = '?';
        else
            for (size_t i = 0; i < length; i++)
                text[to++] = text[at + i];
        at += length == 0 ? 1 : length;
    }
    text[to] = '\0';
}

void tj_diag_add(tj_diags *diags, tj_severity severity, tj_mark mark, const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    assert(length >= 0);
    (void)length; /* a longer text is cut */
    text_tame(text);

    diags->errors += severity == TJ_ERROR;
    diags->warnings += severity == TJ_WARNING;
    tj_diag *items =
        tj_arena_grow(&diags->arena, diags->items, diags->count, &diags->capacity, sizeof *diags->items);
    const char *copy = tj_arena_text(&diags->arena, text, strlen(text));
    const char *file = mark.file == NULL ? NULL : tj_arena_text(&diags->arena, mark.file, strlen(mark.file));
    if (items != NULL)
        diags->items = items;
    if (items == NULL || copy == NULL || (mark.file != NULL && file == NULL)) {
        diags->memory_short = 1;
        return;
    }
    mark.file = file;
    diags->items[diags->count++] = (tj_diag){severity, mark, copy};
}

static int file_compare(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

static int diag_compare(const tj_diag *a, const tj_diag *b)
{
    int order = file_compare(a->mark.file, b->mark.file);
    if (order == 0)
        order = (a->mark.line > b->mark.line) - (a->mark.line < b->mark.line);
    if (order == 0)
        order = (a->mark.column > b->mark.column) - (a->mark.column < b->mark.column);
    return order;
}

/* Merges from[low, middle) and from[middle, high) into to[low, high); equals keep their order. */
static void runs_merge(const tj_diag *from, tj_diag *to, size_t low, size_t middle, size_t high)
{
    size_t a = low, b = middle;
    for (size_t i = low; i < high; i++)
        to[i] = b >= high || (a < middle && diag_compare(&from[a], &from[b]) <= 0) ? from[a++] : from[b++];
}

void tj_diags_sort(tj_diags *diags)
{
    size_t n = diags->count;
    tj_diag *other = tj_arena_alloc(&diags->arena, diags->capacity, sizeof *other);
    if (other == NULL) { /* unsorted is still readable */
        diags->memory_short = 1;
        return;
    }
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t low = 0; low < n; low += 2 * width) {
            size_t middle = low + width < n ? low + width : n;
            size_t high = low + 2 * width < n ? low + 2 * width : n;
            runs_merge(diags->items, other, low, middle, high);
        }
        tj_diag *sorted = other;
        other = diags->items;
        diags->items = sorted;
    }
}

void tj_diag_format(const tj_diag *diag, char *line, size_t size)
{
    static const char *const words[] = {[TJ_NOTE] = "note", [TJ_WARNING] = "warning", [TJ_ERROR] = "error"};
    const tj_mark *mark = &diag->mark;
    const char *word = words[diag->severity];
    if (mark->file == NULL)
        snprintf(line, size, "%s: %s", word, diag->text);
    else if (mark->line == 0)
        snprintf(line, size, "%s: %s: %s", mark->file, word, diag->text);
    else if (mark->column == 0)
        snprintf(line, size, "%s:%u: %s: %s", mark->file, mark->line, word, diag->text);
    else
        snprintf(line, size, "%s:%u:%u: %s: %s", mark->file, mark->line, mark->column, word, diag->text);
}

static unsigned char folded(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insert, delete, replace, and swap of neighbours, one each. */
static size_t edits(const char *a, size_t n, const char *b, size_t m)
{
    size_t rows[3][NAME_BYTES + 1]; /* two rows back, one row back, this one */
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    assert(n <= NAME_BYTES && m <= NAME_BYTES);
    for (size_t j = 0; j <= m; j++)
        before[j] = last[j] = j;
    for (size_t i = 1; i <= n; i++) {
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            int same = folded(a[i - 1]) == folded(b[j - 1]);
            row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + !same);
            if (i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
                folded(a[i - 2]) == folded(b[j - 1]))
                row[j] = least(row[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[m];
}

const char *tj_nearest(const char *name, const char *const *candidates, size_t count)
{
    size_t length = strlen(name);
    if (length == 0 || length > NAME_BYTES)
        return NULL;
    size_t limit = length / 3 < 1 ? 1 : least(length / 3, 3);
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t other = strlen(candidates[i]);
        if (other > NAME_BYTES || other > length + limit || length > other + limit)
            continue;
        size_t distance = edits(name, length, candidates[i], other);
        if (distance <= limit && (nearest == NULL || distance < limit)) {
            nearest = candidates[i];
            limit = distance;
        }
    }
    return nearest;
}

/* "a, b, c" into text[size], cut after LISTED names. */
static void names_join(const char *const *names, size_t count, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < count && i < LISTED && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i == 0 ? "" : ", ", names[i]);
    if (count > LISTED && used < size)
        snprintf(text + used, size - used, ", … (%zu in all)", count);
}

void tj_diag_unknown_in(tj_diags *diags, tj_mark mark, const char *what, const char *name, const char *where,
                        const char *const *candidates, size_t count)
{
    char listed[TEXT_BYTES / 2], hint[NAME_BYTES + 32] = "";
    const char *nearest = tj_nearest(name, candidates, count);
    names_join(candidates, count, listed, sizeof listed);
    if (nearest != NULL)
        snprintf(hint, sizeof hint, " did you mean '%s'?", nearest);
    tj_diag_add(diags, TJ_ERROR, mark, "unknown %s '%.80s'%s%s;%s %s%s", what, name,
                where[0] == '\0' ? "" : " in ", where, hint,
                count == 0 ? "there are none" : "allowed: ", listed);
}

void tj_diag_unknown(tj_diags *diags, tj_mark mark, const char *what, const char *name,
                     const char *const *candidates, size_t count)
{
    tj_diag_unknown_in(diags, mark, what, name, "", candidates, count);
}
