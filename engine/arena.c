/* Arena: a list of blocks, newest first. See arena.h for the invariant. */
#include "engine/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 64 * 1024 };

struct tj_arena_block {
    tj_arena_block *older;
    size_t capacity;
    alignas(max_align_t) unsigned char bytes[];
};

void tj_arena_init(tj_arena *arena)
{
    arena->newest = NULL;
    arena->used = 0;
}

void tj_arena_free(tj_arena *arena)
{
    tj_arena_block *block = arena->newest;
    while (block != NULL) {
        tj_arena_block *older = block->older;
        free(block);
        block = older;
    }
    tj_arena_init(arena);
}

static tj_arena_block *block_add(tj_arena *arena, size_t least)
{
    size_t capacity = least > BLOCK_BYTES ? least : BLOCK_BYTES;
    if (capacity > SIZE_MAX - sizeof(tj_arena_block))
        return NULL;
    tj_arena_block *block = calloc(1, sizeof *block + capacity);
    if (block == NULL)
        return NULL;
    block->capacity = capacity;
    block->older = arena->newest;
    arena->newest = block;
    arena->used = 0;
    return block;
}

void *tj_arena_alloc(tj_arena *arena, size_t count, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size != 0 && count > (SIZE_MAX - align) / size)
        return NULL;
    size_t bytes = (count * size + align - 1) / align * align;
    if (bytes == 0)
        bytes = align;
    tj_arena_block *block = arena->newest;
    if (block == NULL || block->capacity - arena->used < bytes)
        block = block_add(arena, bytes);
    if (block == NULL)
        return NULL;
    assert(arena->used % align == 0);
    void *memory = block->bytes + arena->used;
    arena->used += bytes;
    return memory;
}

char *tj_arena_text(tj_arena *arena, const char *text, size_t length)
{
    if (length == SIZE_MAX)
        return NULL;
    char *copy = tj_arena_alloc(arena, length + 1, 1);
    if (copy != NULL)
        memcpy(copy, text, length);
    return copy;
}

void *tj_arena_grow(tj_arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    size_t larger = *capacity == 0 ? 8 : 2 * *capacity;
    void *grown = tj_arena_alloc(arena, larger, size);
    if (grown == NULL)
        return NULL;
    if (count > 0)
        memcpy(grown, items, count * size);
    *capacity = larger;
    return grown;
}
