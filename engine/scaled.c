/* Trend cells whose drivers are scaled and nothing else: all years after H in one pass; see lane_scratch.h.
 *
 * A few vectors of lanes stay in registers while the years pass. A year in which no ramp and no reference moved has
 * the multiplier of the year before. Operations and their order are those of the operators' rows (operators.h). */
#include "engine/lane_scratch.h"

#include "engine/kernel.h"
#include "engine/wide.h"

#include <assert.h>
#include <string.h>

/* Vectors that pass together; years that the base is fetched ahead, whose rows lie too far apart for the processor to
 * see what comes next. */
enum { ALONG = TJ_SCALED_LANES / WIDE, AHEAD = 3 };
#define EACH(j) _Pragma("GCC unroll 8") for (size_t j = 0; j < ALONG; j++)

/* What moves in a year: the drivers, and contests on any of them. */
enum { ACTIVITY_MOVES = 1, INTENSITY_MOVES = 2, CONTESTS_MOVE = 4 };

/* One driver: its scales, and its values without measures by year. */
typedef struct scaled_driver {
    tj_reach *begin, *end;
    const double *value;
    int32_t contests_first, contests_end;
} scaled_driver;

typedef struct scaled_cell {
    scaled_driver activity, intensity;
    const int64_t *moves;       /* by year: what is not as it was in the year before */
    int32_t first, end;         /* years */
    const double *base, *ratio; /* the prepared trend from `first` on; by year, of the background */
    double *out, *winners;      /* from `first` on; ALONG vectors a contest */
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

/* trial = the driver with the scales of one measure in the contest alone. */
TJ_INLINE void try_measure(const scaled_driver *d, int32_t contest, int32_t measure, int32_t year, size_t at,
                           wide *trial)
{
    EACH(j) trial[j] = (wide){0} + d->value[year];
    for (const tj_reach *r = d->begin; r < d->end; r++)
        if (r->contest == contest && r->effect->measure == measure) {
            EACH(j) trial[j] *= WIDE_REST(WIDE_AT(r->m, at + j * WIDE), r->ramp[year]);
        }
}

/* The measure of a contest that changes the driver most, as coupled.c has it; ties go to the first. */
TJ_INLINE void judge(const scaled_driver *d, int32_t contest, int32_t year, size_t at, double *winners)
{
    wide best[ALONG], winner[ALONG], trial[ALONG];
    int32_t measure = TJ_NONE;
    EACH(j) best[j] = (wide){0} - 1.0;
    EACH(j) winner[j] = (wide){0};
    for (const tj_reach *r = d->begin; r < d->end; r++) {
        if (r->contest != contest || r->effect->measure == measure)
            continue;
        measure = r->effect->measure;
        try_measure(d, contest, measure, year, at, trial);
        EACH(j)
        {
            wide change = trial[j] - d->value[year];
            change = WIDE_CHOOSE(change < 0.0, -change, change);
            winner[j] = WIDE_CHOOSE(change > best[j], (wide){0} + (double)measure, winner[j]);
            best[j] = WIDE_CHOOSE(change > best[j], change, best[j]);
        }
    }
    EACH(j) WIDE_PUT(winners, j * WIDE, winner[j]);
}

/* x = the driver under the package; winners stay while contests do. */
TJ_INLINE void scale(const scaled_driver *d, int32_t year, size_t at, int judges, double *winners, wide *x)
{
    for (int32_t c = d->contests_first; c < d->contests_end && judges; c++)
        judge(d, c, year, at, winners + c * TJ_SCALED_LANES);
    EACH(j) x[j] = (wide){0} + d->value[year];
    for (const tj_reach *r = d->begin; r < d->end; r++) {
        double ramp = r->ramp[year];
        if (r->contest == TJ_NONE && !r->may_pass) {
            EACH(j) x[j] *= 1.0 - WIDE_AT(r->m, at + j * WIDE) * ramp;
        } else if (r->contest == TJ_NONE) {
            EACH(j) x[j] *= WIDE_REST(WIDE_AT(r->m, at + j * WIDE), ramp);
        } else {
            const double *winner = winners + r->contest * TJ_SCALED_LANES;
            EACH(j)
            x[j] *= WIDE_CHOOSE(WIDE_AT(winner, j * WIDE) == (double)r->effect->measure,
                                WIDE_REST(WIDE_AT(r->m, at + j * WIDE), ramp), (wide){0} + 1.0);
        }
    }
}

/* x = (base * ratio) * product */
TJ_INLINE void emit(const double *base, double ratio, const wide *product, double *x)
{
    EACH(j) WIDE_PUT(x, j * WIDE, (WIDE_AT(base, j * WIDE) * ratio) * product[j]);
}

/* All years of the lanes from `at` on; where fewer than TJ_SCALED_LANES are left, by way of rows of that length. */
TJ_INLINE void follow(const scaled_cell *cell, size_t at, size_t lanes)
{
    wide activity[ALONG] = {{0}}, intensity[ALONG] = {{0}}, product[ALONG] = {{0}};
    double from[TJ_SCALED_LANES] = {0}, to[TJ_SCALED_LANES];
    const double *base = cell->base + at;
    double *out = cell->out + at;
    for (int32_t year = cell->first; year < cell->end; year++) {
        int64_t moves = cell->moves[year];
        int judges = (moves & CONTESTS_MOVE) != 0;
        if (moves & ACTIVITY_MOVES)
            scale(&cell->activity, year, at, judges, cell->winners, activity);
        if (moves & INTENSITY_MOVES)
            scale(&cell->intensity, year, at, judges, cell->winners, intensity);
        if (moves) {
            EACH(j) product[j] = activity[j] * intensity[j];
        }
        if (lanes == TJ_SCALED_LANES) {
            const double *next = base + (year + AHEAD < cell->end ? AHEAD * cell->base_stride : 0);
            EACH(j) __builtin_prefetch(next + j * WIDE);
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

/* 1 where 1 - m * r may be below 0 in some lane and year. */
static int may_pass(const scaled_cell *cell, const tj_reach *reach, size_t n)
{
    size_t years = (size_t)(cell->end - cell->first);
    return tj_row_largest(n, reach->m) * tj_row_largest(years, reach->ramp + cell->first) > 1.0;
}

static scaled_driver follow_driver(const tj_scratch *scratch, const scaled_cell *cell, tj_slot *slot,
                                   int64_t what, double *values)
{
    size_t years = (size_t)(cell->end - cell->first);
    scaled_driver d = {.contests_first = scratch->n_contests,
                       .begin = scratch->reaches + slot->reaches_first,
                       .end = scratch->reaches + slot->reaches_first + slot->reaches_count,
                       .value = tj_cursor_follow(&slot->cursor, cell->first, cell->end, values)};
    mark_moves(years, d.value + cell->first, what | CONTESTS_MOVE, scratch->moves + cell->first);
    for (tj_reach *r = d.begin; r < d.end; r++) {
        mark_moves(years, r->ramp + cell->first, what | (r->contest != TJ_NONE ? CONTESTS_MOVE : 0),
                   scratch->moves + cell->first);
        r->may_pass = may_pass(cell, r, scratch->n);
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
    scratch->moves[c.first] = ACTIVITY_MOVES | INTENSITY_MOVES | CONTESTS_MOVE;
    c.activity = follow_driver(scratch, &c, &slots[0], ACTIVITY_MOVES, scratch->paths);
    c.intensity = follow_driver(scratch, &c, &slots[1], INTENSITY_MOVES, scratch->paths + n_years);
    follow_all(&c, scratch->n);
}
