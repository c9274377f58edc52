/* Making a tally: what packages make of a city's trends, found once for all draws; see tally.h.
 *
 * What a package makes of a cell is a variant, of two drivers; each distinct one is kept once (engine/batch.h), and each distinct
 * effect has one row of magnitudes, whichever drivers have it. */
#include "engine/batch.h"
#include "engine/tally_parts.h"

#include <stdlib.h>
#include <string.h>

typedef struct making {
    const tj_tally_case *wanted;
    const tj_prepared *prepared;
    tj_scratch *scratch;
    const tj_plan *plan;
    const tj_plan_city *city;
    tj_tally *tally;
    int32_t *variant_of_slot;
    unsigned char *held;
    /* [(background * most_drivers + driver) * n_years + year]: TJ_ACTIVITY_MOVES, TJ_CONTESTS_MOVE */
    unsigned char *moves;
    size_t most_drivers;
} making;

static int reserve(making *m)
{
    const tj_tally_case *wanted = m->wanted;
    tj_tally *t = m->tally;
    size_t years = (size_t)t->n_years, cells = (size_t)m->city->cells_count, effects = 1;
    size_t variants = (size_t)wanted->n_slots, backgrounds = (size_t)t->n_backgrounds;
    size_t steps = backgrounds * years;
    m->most_drivers = 2 * variants;
    for (int32_t i = 0; i < t->n_packages; i++)
        effects += (size_t)tj_plan_get_slice(m->plan, wanted->packages[i], wanted->city).count;
    t->terms = tj_arena_alloc(&t->arena, cells, sizeof *t->terms);
    t->drivers = tj_arena_alloc(&t->arena, m->most_drivers, sizeof *t->drivers);
    t->variants = tj_arena_alloc(&t->arena, variants, sizeof *t->variants);
    t->variant_of = tj_arena_alloc(&t->arena, (size_t)t->n_packages * cells, sizeof *t->variant_of);
    t->scales = tj_arena_alloc(&t->arena, effects, sizeof *t->scales);
    t->row = tj_arena_alloc(&t->arena, effects, sizeof *t->row);
    t->effects = tj_arena_alloc(&t->arena, effects, sizeof *t->effects);
    t->paths = tj_arena_alloc(&t->arena, backgrounds * cells * 2 * years, sizeof *t->paths);
    t->years = tj_arena_alloc(&t->arena, steps, sizeof *t->years);
    t->driver_moves = tj_arena_alloc(&t->arena, steps * m->most_drivers, sizeof *t->driver_moves);
    t->variant_moves = tj_arena_alloc(&t->arena, steps * variants, sizeof *t->variant_moves);
    m->moves = tj_arena_alloc(&t->arena, steps * m->most_drivers, 1);
    t->together = tj_arena_alloc(&t->arena, backgrounds, sizeof *t->together);
    m->variant_of_slot = tj_arena_alloc(&t->arena, variants, sizeof *m->variant_of_slot);
    m->held = tj_arena_alloc(&t->arena, cells, 1);
    return t->terms != NULL && t->drivers != NULL && t->variants != NULL && t->variant_of != NULL &&
           t->scales != NULL && t->row != NULL && t->effects != NULL && t->paths != NULL &&
           t->years != NULL && t->together != NULL && t->driver_moves != NULL && t->variant_moves != NULL &&
           m->moves != NULL && m->variant_of_slot != NULL && m->held != NULL;
}

static void find_terms(making *m)
{
    tj_tally *t = m->tally;
    for (int32_t k = 0; k < m->city->cells_count; k++) {
        int32_t index = m->city->cells_first + k;
        const tj_plan_cell *cell = tj_plan_get_cell(m->plan, index);
        if (cell->account != TJ_TERRITORIAL || cell->method != TJ_METHOD_TREND ||
            tj_plan_bytes(m->plan, cell->status)[t->first] == TJ_ABSENT)
            continue;
        t->terms[t->n_terms++] = (tj_tally_term){.base = tj_base_trend(m->prepared, index, t->first),
                                                 .ratio = tj_plan_numbers(m->plan, cell->ratio),
                                                 .cell = k};
    }
}

/* Is every cell that the total counts, and that has a value, a trend? */
static int counts_trends(const making *m)
{
    int32_t first = m->tally->first;
    if (first >= m->tally->n_years || tj_plan_bytes(m->plan, m->city->total_status)[first] == TJ_ABSENT)
        return 0;
    for (int32_t k = 0; k < m->city->cells_count; k++) {
        const tj_plan_cell *cell = tj_plan_get_cell(m->plan, m->city->cells_first + k);
        if (cell->account == TJ_TERRITORIAL && cell->method != TJ_METHOD_TREND &&
            tj_plan_bytes(m->plan, cell->status)[first] != TJ_ABSENT)
            return 0;
    }
    return 1;
}

/* Puts the scratch on package i; returns whether any cell of its own is left to look at. */
static int start_package(making *m, int32_t background, int32_t i)
{
    const tj_tally_case *wanted = m->wanted;
    int own = 0;
    for (int32_t k = 0; k < m->city->cells_count; k++) {
        int earlier = wanted->first[i * m->city->cells_count + k] < i;
        m->held[k] = earlier ? TJ_HELD_ALL : TJ_HELD_HISTORY;
        own |= !earlier;
    }
    const tj_block block = {.background = background,
                            .package = wanted->packages[i],
                            .city = wanted->city,
                            .n = 1,
                            .held = m->held};
    if (own)
        tj_stretch_start(m->scratch, m->prepared, &block);
    return own;
}

/* The row of an effect; the driver's own tells most apart. */
static int32_t row_of(const making *m, const tj_plan_effect *effect)
{
    tj_tally *t = m->tally;
    for (int32_t r = 0; r < t->n_rows; r++)
        if (t->effects[r]->driver == effect->driver && tj_batch_same_effect(m->plan, t->effects[r], effect))
            return r;
    t->effects[t->n_rows] = effect;
    return t->n_rows++;
}

/* Adds what the package on the scratch makes of a driver, or finds it: effects tell all of it, contests too. */
static int32_t add_driver(making *m, int32_t term, int32_t kind, const tj_slot *slot,
                          const tj_scaled_driver *d)
{
    tj_tally *t = m->tally;
    int32_t contests = d->contests_end - d->contests_first, shift = t->n_contests - d->contests_first;
    tj_tally_driver driver = {term, kind, t->n_scales, slot->reaches_count, t->n_contests, t->n_contests, 0};
    int32_t *row = t->row + t->n_scales;
    for (int32_t e = 0; e < driver.count; e++)
        row[e] = row_of(m, m->scratch->reaches[slot->reaches_first + e].effect);
    for (int32_t i = 0; i < t->n_drivers; i++) {
        const tj_tally_driver *other = &t->drivers[i];
        if (other->term == term && other->kind == kind && other->count == driver.count &&
            memcmp(t->row + other->first, row, (size_t)driver.count * sizeof *row) == 0)
            return i;
    }
    for (int32_t e = 0; e < driver.count; e++) {
        t->scales[t->n_scales] = d->begin[e];
        t->scales[t->n_scales++].contest += d->begin[e].contest != TJ_NONE ? shift : 0;
    }
    if (contests > 0)
        driver.contests_end = t->n_contests += contests;
    t->drivers[t->n_drivers] = driver;
    return t->n_drivers++;
}

/* Keeps what the package on the scratch makes of a term. Scales are the same under every background. */
static void add_variant(making *m, int32_t background, int32_t term, int32_t slot)
{
    tj_tally *t = m->tally;
    tj_scratch *scratch = m->scratch;
    const tj_plan_cell *cell = tj_plan_get_cell(m->plan, m->city->cells_first + t->terms[term].cell);
    tj_slot *slots = &scratch->slots[cell->drivers_first - scratch->driver_first];
    size_t years = (size_t)t->n_years, b = (size_t)background;
    if (b == 0)
        m->variant_of_slot[slot] = t->n_variants++;
    tj_tally_variant *variant = &t->variants[m->variant_of_slot[slot]];
    for (int32_t kind = 0; kind < 2; kind++) {
        double *path = t->paths + tj_tally_path(t, background, term, kind);
        memset(scratch->moves, 0, years * sizeof *scratch->moves);
        scratch->moves[t->first] = TJ_ALL_MOVE;
        tj_scaled_driver gathered = tj_scaled_gather(scratch, &slots[kind], TJ_ACTIVITY_MOVES, scratch->paths,
                                                     scratch->scales, scratch->moves);
        memcpy(path + t->first, gathered.value + t->first, (years - (size_t)t->first) * sizeof *path);
        if (b == 0)
            variant->driver[kind] = add_driver(m, term, kind, &slots[kind], &gathered);
        unsigned char *moves = m->moves + (b * m->most_drivers + (size_t)variant->driver[kind]) * years;
        for (size_t y = 0; y < years; y++)
            moves[y] = (unsigned char)scratch->moves[y];
    }
}

/* Adds the variants that package i is the first to have; returns 0 where a cell is more than scaled. */
static int add_package(making *m, int32_t background, int32_t i)
{
    tj_tally *t = m->tally;
    if (!start_package(m, t->background_first + background, i))
        return 1;
    for (int32_t term = 0; term < t->n_terms; term++) {
        int32_t k = t->terms[term].cell, at = i * m->city->cells_count + k;
        if (m->wanted->first[at] < i)
            continue;
        if (m->scratch->coupled[k] ||
            !tj_scaled_serves(m->scratch, tj_plan_get_cell(m->plan, m->city->cells_first + k)))
            return 0;
        add_variant(m, background, term, m->wanted->slot[at]);
    }
    return 1;
}

static int add_all(making *m)
{
    const tj_tally_case *wanted = m->wanted;
    tj_tally *t = m->tally;
    int serves = 1;
    for (int32_t b = 0; b < t->n_backgrounds; b++)
        for (int32_t i = 0; i < t->n_packages && serves; i++)
            serves = add_package(m, b, i);
    for (int32_t i = 0; i < t->n_packages && serves; i++)
        for (int32_t term = 0; term < t->n_terms; term++)
            t->variant_of[i * t->n_terms + term] =
                m->variant_of_slot[wanted->slot[i * m->city->cells_count + t->terms[term].cell]];
    return serves;
}

/* Without measures, are drivers the same in every year under backgrounds a and b? */
static int alike(const tj_tally *t, int32_t a, int32_t b)
{
    size_t years = (size_t)(t->n_years - t->first);
    int same = 1;
    for (int32_t term = 0; term < t->n_terms && same; term++)
        for (int32_t kind = 0; kind < 2 && same; kind++)
            same =
                memcmp(t->paths + tj_tally_path(t, a, term, kind) + t->first,
                       t->paths + tj_tally_path(t, b, term, kind) + t->first, years * sizeof *t->paths) == 0;
    return same;
}

/* Backgrounds that follow one another and have the same multipliers are written together. */
static void find_together(tj_tally *t)
{
    for (int32_t b = 0, end; b < t->n_backgrounds; b = end) {
        end = b + 1;
        while (end < t->n_backgrounds && end - b < TJ_TALLY_BACKGROUNDS && alike(t, b, end))
            end++;
        for (int32_t i = b; i < end; i++)
            t->together[i] = t->background_first + end;
    }
}

static const unsigned char *moves_of(const making *m, int32_t background, int32_t driver, int32_t year)
{
    size_t row = (size_t)background * m->most_drivers + (size_t)driver;
    return m->moves + row * (size_t)m->tally->n_years + (size_t)year;
}

/* Without scales, and with 1 for its value in all years. */
static int is_one(const tj_tally *t, const tj_tally_driver *driver)
{
    int one = driver->count == 0;
    for (int32_t b = 0; b < t->n_backgrounds; b++) {
        const double *path = t->paths + tj_tally_path(t, b, driver->term, driver->kind);
        for (int32_t y = t->first; y < t->n_years; y++)
            one &= path[y] == 1.0;
    }
    return one;
}

/* Lists what moves, year by year. */
static void list_moves(making *m)
{
    tj_tally *t = m->tally;
    int32_t drivers = 0, variants = 0;
    for (int32_t d = 0; d < t->n_drivers; d++)
        t->drivers[d].is_one = is_one(t, &t->drivers[d]);
    for (int32_t b = 0; b < t->n_backgrounds; b++)
        for (int32_t y = t->first; y < t->n_years; y++) {
            tj_tally_year *year = &t->years[b * t->n_years + y];
            *year = (tj_tally_year){.drivers_first = drivers, .variants_first = variants};
            for (int32_t d = 0; d < t->n_drivers; d++) {
                int what = *moves_of(m, b, d, y);
                if (what != 0)
                    t->driver_moves[drivers++] = (tj_tally_move){d, (what & TJ_CONTESTS_MOVE) != 0};
            }
            for (int32_t v = 0; v < t->n_variants; v++)
                if (tj_tally_only_driver(t, &t->variants[v]) == TJ_NONE &&
                    (*moves_of(m, b, t->variants[v].driver[0], y) |
                     *moves_of(m, b, t->variants[v].driver[1], y)) != 0)
                    t->variant_moves[variants++] = v;
            year->drivers_count = drivers - year->drivers_first;
            year->variants_count = variants - year->variants_first;
        }
}

tj_status tj_tally_create(const tj_prepared *prepared, tj_scratch *scratch, const tj_tally_case *wanted,
                          tj_tally **tally)
{
    making m = {.wanted = wanted, .prepared = prepared, .scratch = scratch, .plan = scratch->plan};
    m.city = tj_plan_get_city(m.plan, wanted->city);
    *tally = NULL;
    m.tally = calloc(1, sizeof *m.tally);
    if (m.tally == NULL)
        return TJ_ERR_MEMORY;
    tj_arena_init(&m.tally->arena);
    m.tally->stride = scratch->draws->count;
    m.tally->background_first = wanted->background_first;
    m.tally->n_backgrounds = wanted->background_end - wanted->background_first;
    m.tally->n_packages = wanted->n_packages;
    m.tally->n_years = scratch->settings->n_years;
    m.tally->first = m.city->last_inventory + 1;
    int whole = reserve(&m), serves = whole && counts_trends(&m);
    if (serves)
        find_terms(&m);
    if (serves && m.tally->n_terms > 0 && add_all(&m)) {
        list_moves(&m);
        find_together(m.tally);
        *tally = m.tally;
    } else {
        tj_tally_free(m.tally);
    }
    return whole ? TJ_OK : TJ_ERR_MEMORY;
}
