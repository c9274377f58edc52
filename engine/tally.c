/* Readying a tally for a block of draws: magnitudes, and where everything is; see tally.h. */
#include "engine/tally.h"

#include "engine/tally_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)TJ_TALLY_BLOCK <= (int)TJ_LANES, "the magnitudes of a block are one row");

void tj_tally_free(tj_tally *tally)
{
    if (tally == NULL)
        return;
    tj_arena_free(&tally->arena);
    free(tally);
}

int32_t tj_tally_only_driver(const tj_tally *t, const tj_tally_variant *variant)
{
    if (t->drivers[variant->driver[1]].is_one)
        return variant->driver[0];
    return t->drivers[variant->driver[0]].is_one ? variant->driver[1] : TJ_NONE;
}

size_t tj_tally_path(const tj_tally *t, int32_t background, int32_t term, int32_t kind)
{
    size_t row = ((size_t)background * (size_t)t->n_terms + (size_t)term) * 2 + (size_t)kind;
    return row * (size_t)t->n_years;
}

enum { LINE = 64 };

/* Takes `bytes` of a room, whole cache lines; with room NULL only counts them. */
static void *take(char *room, size_t *used, size_t bytes)
{
    void *part = room != NULL ? room + *used : NULL;
    *used += (bytes + LINE - 1) / LINE * LINE;
    return part;
}

static size_t lay_out(const tj_tally *t, char *bytes, tj_tally_room *room)
{
    const size_t row = TJ_TALLY_LANES * sizeof(double);
    size_t drivers = (size_t)t->n_drivers, terms = (size_t)t->n_terms, used = 0;
    take(bytes, &used, sizeof *room);
    room->m = take(bytes, &used, (size_t)t->n_rows * TJ_TALLY_APART * sizeof *room->m);
    room->largest = take(bytes, &used, (size_t)t->n_rows * sizeof *room->largest);
    room->multiplier = take(bytes, &used, (size_t)t->n_variants * row);
    room->driven = take(bytes, &used, drivers * row);
    room->winners = take(bytes, &used, (size_t)t->n_contests * row);
    room->short_base = take(bytes, &used, terms * row);
    room->base = take(bytes, &used, terms * sizeof *room->base);
    room->ratio = take(bytes, &used, TJ_TALLY_BACKGROUNDS * terms * sizeof *room->ratio);
    room->scales = take(bytes, &used, (size_t)t->n_scales * sizeof *room->scales);
    room->drivers = take(bytes, &used, (size_t)t->n_backgrounds * drivers * sizeof *room->drivers);
    room->product = take(bytes, &used, (size_t)t->n_packages * terms * sizeof *room->product);
    return used;
}

static size_t room_size(const tj_tally *tally)
{
    tj_tally_room none;
    return lay_out(tally, NULL, &none);
}

static void ready_scales(const tj_tally *t, const tj_scratch *scratch, tj_tally_room *room)
{
    for (int32_t r = 0; r < t->n_rows; r++) {
        double *m = room->m + (size_t)r * TJ_TALLY_APART;
        if (scratch->n < TJ_TALLY_LANES)
            memset(m, 0, TJ_TALLY_LANES * sizeof *m);
        tj_reach_magnitude(scratch, t->effects[r], m);
        room->largest[r] = tj_row_largest(scratch->n, m);
    }
    for (int32_t s = 0; s < t->n_scales; s++) {
        room->scales[s] = t->scales[s];
        room->scales[s].m = room->m + (size_t)t->row[s] * TJ_TALLY_APART;
        tj_scale_ready(room->largest[t->row[s]], &room->scales[s]);
    }
}

static void ready_drivers(const tj_tally *t, tj_tally_room *room)
{
    tj_scaled_driver *next = room->drivers;
    for (int32_t b = 0; b < t->n_backgrounds; b++)
        for (const tj_tally_driver *d = t->drivers; d < t->drivers + t->n_drivers; d++) {
            *next++ = (tj_scaled_driver){.begin = room->scales + d->first,
                                         .end = room->scales + d->first + d->count,
                                         .value = t->paths + tj_tally_path(t, b, d->term, d->kind),
                                         .contests_first = d->contests_first,
                                         .contests_end = d->contests_end};
        }
}

static int32_t together(const tj_tally *t, int32_t background)
{
    return t->together[background - t->background_first];
}

static void start(const tj_tally *t, tj_scratch *scratch, size_t first, size_t n, void *bytes)
{
    tj_tally_room *room = bytes;
    assert(n > 0 && n <= TJ_TALLY_BLOCK && first + n <= scratch->draws->count);
    lay_out(t, bytes, room);
    room->first = scratch->first = first;
    room->n = scratch->n = n;
    ready_scales(t, scratch, room);
    ready_drivers(t, room);
    for (int32_t i = 0; i < t->n_packages * t->n_terms; i++) {
        int32_t variant = t->variant_of[i], driver = tj_tally_only_driver(t, &t->variants[variant]);
        room->product[i] = driver != TJ_NONE ? room->driven + (size_t)driver * TJ_TALLY_LANES
                                             : room->multiplier + (size_t)variant * TJ_TALLY_LANES;
    }
}

const tj_tally_methods tj_tally_lanes = {.create = tj_tally_create,
                                         .free = tj_tally_free,
                                         .room = room_size,
                                         .start = start,
                                         .together = together,
                                         .write = tj_tally_write};
