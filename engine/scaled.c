/* Trend cells whose drivers are scaled and nothing else: all years after H in one pass; see lane_scratch.h.
 *
 * A few vectors of lanes stay in registers while the years pass. A year in which no ramp and no reference moved has
 * the multiplier of the year before. Operations and their order are those of the operators' rows (operators.h). */
#include "engine/scaled_kernel.h"

#include <assert.h>
#include <string.h>

/* Years that the base is fetched ahead, whose rows lie too far apart for the processor to see what comes next. */
enum { AHEAD = 3 };

typedef struct scaled_cell {
    tj_scaled_driver activity, intensity;
    const int64_t *moves;       /* by year: what is not as it was in the year before */
    int32_t first, end;         /* years */
    const double *base, *ratio; /* the prepared trend from `first` on; by year, of the background */
    double *out, *winners;      /* from `first` on; TJ_SCALED_LANES a contest */
    size_t base_stride, out_stride;
} scaled_cell;

int tj_scaled_serves(const tj_scratch *scratch, const tj_plan_cell *cell)
{
    if (cell->method != TJ_METHOD_TREND)
        return 0;
    for (int32_t d = 0; d < 2; d++) {
        const tj_slot *slot = &scratch->slots[cell->drivers_first + d - scratch->driver_first];
        const tj_reach *reaches = scratch->reaches + slot->reaches_first;
        if (slot->cursor.row != NULL || slot->driver->flags & TJ_DRIVER_FRACTION)
            return 0;
        for (int32_t e = 0; e < slot->reaches_count; e++)
            if (reaches[e].effect->op != TJ_OP_SCALE)
                return 0;
    }
    return 1;
}

/* ---- lanes ---- */

/* x = (base * ratio) * product */
TJ_INLINE void emit(const double *base, double ratio, const wide *product, double *x)
{
    TJ_EACH(j) WIDE_PUT(x, j * WIDE, (WIDE_AT(base, j * WIDE) * ratio) * product[j]);
}

/* All years of the lanes from `at` on; where fewer than TJ_SCALED_LANES are left, by way of rows of that length. */
TJ_INLINE void follow(const scaled_cell *cell, size_t at, size_t lanes)
{
    wide activity[TJ_ALONG] = {{0}}, intensity[TJ_ALONG] = {{0}}, product[TJ_ALONG] = {{0}};
    double from[TJ_SCALED_LANES] = {0}, to[TJ_SCALED_LANES];
    const double *base = cell->base + at;
    double *out = cell->out + at;
    for (int32_t year = cell->first; year < cell->end; year++) {
        int64_t moves = cell->moves[year];
        int judges = (moves & TJ_CONTESTS_MOVE) != 0;
        if (moves & TJ_ACTIVITY_MOVES)
            tj_scaled_take(&cell->activity, year, at, judges, cell->winners, activity);
        if (moves & TJ_INTENSITY_MOVES)
            tj_scaled_take(&cell->intensity, year, at, judges, cell->winners, intensity);
        if (moves) {
            TJ_EACH(j) product[j] = activity[j] * intensity[j];
        }
        if (lanes == TJ_SCALED_LANES) {
            const double *next = base + (year + AHEAD < cell->end ? AHEAD * cell->base_stride : 0);
            TJ_EACH(j) __builtin_prefetch(next + j * WIDE);
            emit(base, cell->ratio[year], product, out);
        } else {
            memcpy(from, base, lanes * sizeof *from);
            emit(from, cell->ratio[year], product, to);
            memcpy(out, to, lanes * sizeof *to);
        }
        base += cell->base_stride;
        out += cell->out_stride;
    }
}

/* The last lanes are computed with those before them, some of these twice. Where n is less than TJ_SCALED_LANES vectors
 * are read beyond it: rows of the scratch are TJ_LANES long. */
TJ_CLONES static void follow_all(const scaled_cell *cell, size_t n)
{
    if (n < TJ_SCALED_LANES)
        follow(cell, 0, n);
    for (size_t at = 0; at < n && n >= TJ_SCALED_LANES; at += TJ_SCALED_LANES)
        follow(cell, at + TJ_SCALED_LANES <= n ? at : n - TJ_SCALED_LANES, TJ_SCALED_LANES);
}

/* ---- years ---- */

/* Adds what moves with x to the years after the first. */
TJ_CLONES static void mark_moves(size_t years, const double *restrict x, int64_t what,
                                 int64_t *restrict moves)
{
#pragma omp simd
    for (size_t y = 1; y < years; y++)
        moves[y] |= x[y] != x[y - 1] ? what : 0;
}

tj_scaled_driver tj_scaled_gather(const tj_scratch *scratch, tj_slot *slot, int64_t what, double *values,
                                  tj_scale *scales, int64_t *moves)
{
    int32_t first = scratch->city->last_inventory + 1, end = scratch->settings->n_years;
    size_t years = (size_t)(end - first);
    tj_scaled_driver d = {.begin = scales,
                          .end = scales + slot->reaches_count,
                          .value = tj_cursor_follow(&slot->cursor, first, end, values),
                          .contests_first = scratch->n_contests};
    mark_moves(years, d.value + first, what | TJ_CONTESTS_MOVE, moves + first);
    for (int32_t e = 0; e < slot->reaches_count; e++) {
        const tj_reach *r = &scratch->reaches[slot->reaches_first + e];
        mark_moves(years, r->ramp + first, what | (r->contest != TJ_NONE ? TJ_CONTESTS_MOVE : 0),
                   moves + first);
        scales[e] = (tj_scale){.m = r->m,
                               .ramp = r->ramp,
                               .most = tj_row_largest(years, r->ramp + first),
                               .contest = r->contest,
                               .measure = r->effect->measure};
        if (r->contest == TJ_NONE)
            continue;
        d.contests_first = r->contest < d.contests_first ? r->contest : d.contests_first;
        d.contests_end = r->contest >= d.contests_end ? r->contest + 1 : d.contests_end;
    }
    return d;
}

void tj_scaled_write(tj_scratch *scratch, const tj_plan_cell *cell, size_t stride, double *out)
{
    int32_t n_years = scratch->settings->n_years;
    tj_slot *slots = &scratch->slots[cell->drivers_first - scratch->driver_first];
    int32_t index = (int32_t)(cell - tj_plan_get_cell(scratch->plan, 0));
    scaled_cell c = {.first = scratch->city->last_inventory + 1,
                     .end = n_years,
                     .moves = scratch->moves,
                     .out = out,
                     .out_stride = stride,
                     .base_stride = scratch->draws->count,
                     .winners = scratch->winners};
    c.ratio = tj_plan_numbers(scratch->plan, cell->ratio) + (size_t)scratch->background * (size_t)n_years;
    c.base = tj_base_trend(scratch->prepared, index, c.first) + scratch->first;
    memset(scratch->moves, 0, (size_t)n_years * sizeof *scratch->moves);
    scratch->moves[c.first] = TJ_ALL_MOVE;
    c.activity = tj_scaled_gather(scratch, &slots[0], TJ_ACTIVITY_MOVES, scratch->paths, scratch->scales,
                                  scratch->moves);
    c.intensity = tj_scaled_gather(scratch, &slots[1], TJ_INTENSITY_MOVES, scratch->paths + n_years,
                                   scratch->scales + slots[0].reaches_count, scratch->moves);
    for (tj_scale *s = scratch->scales; s < c.intensity.end; s++)
        tj_scale_ready(tj_row_largest(scratch->n, s->m), s);
    follow_all(&c, scratch->n);
}
