/* Arena: memory that lives and dies together (a study, a plan under construction).
 *
 * Invariant: blocks are linked newest first; a pointer handed out stays valid
 * until tj_arena_free. Not thread-safe: one arena belongs to one thread. */
#ifndef TJ_ENGINE_ARENA_H
#define TJ_ENGINE_ARENA_H

#include <stddef.h>

typedef struct tj_arena_block tj_arena_block;

typedef struct tj_arena {
    tj_arena_block *newest;
    size_t used; /* bytes used in the newest block */
} tj_arena;

/* Makes an empty arena; allocates nothing. */
void tj_arena_init(tj_arena *arena);

/* Frees every block; the arena is empty and usable afterwards. */
void tj_arena_free(tj_arena *arena);

/* Zeroed memory for `count` items of `size` bytes, aligned for any type.
 * Returns NULL when memory is short or count * size overflows. */
void *tj_arena_alloc(tj_arena *arena, size_t count, size_t size);

/* A NUL-terminated copy of `length` bytes of text; NULL when memory is short. */
char *tj_arena_text(tj_arena *arena, const char *text, size_t length);

/* Grows an arena-held array: returns a block of `count + 1` items' capacity (grown by
 * doubling, counts are powers of two) with the old items copied; `*capacity` is updated. */
void *tj_arena_grow(tj_arena *arena, void *items, size_t count, size_t *capacity, size_t size);

#endif
