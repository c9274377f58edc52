/* Simulate: a plan and its draws -> trajectories of one city under one (background, package).
 *
 * Two backends compute the same numbers: `reference`, scalar, written straight from
 * docs/model.md and kept for ever as the truth; `lanes`, the fast one. */
#ifndef TJ_ENGINE_SIMULATE_H
#define TJ_ENGINE_SIMULATE_H

#include "engine/draws.h"
#include "engine/plan.h"

/* Energy per unit of activity of a city's fleets by carrier that a fleet burns, from H on: row (y - H) * carriers + its
 * place among these (engine/core.h), from row at[fleet] on; draws of a block from the start of a row. Fleets by their
 * number within the city. Where held[fleet] is 1 the rows are there, and a backend may leave the fleet's stock as it is:
 * none of its physical rows is wanted. */
typedef struct tj_kept_uses {
    double *rows;
    size_t stride;
    const int32_t *at;
    const unsigned char *held;
} tj_kept_uses;

/* What to compute: draws first .. first + n - 1 of one city under (background, package). */
typedef struct tj_block {
    int32_t background, package, city;
    size_t first, n;
    /* Where the years after H of each cell go in `out`, in the place of the cell's own number. NULL: there. */
    const int32_t *slot;
    /* tj_held of each cell of the city: what `out` (and with TJ_HELD_ALL `rows`) holds already and a backend may
     * leave as it is. NULL: nothing. Cells that shifts or supply tie together are never held one without the
     * other. */
    const unsigned char *held;
    /* Where each physical row of the city goes in `rows`, in the place of its own slot, or TJ_NONE: it is not wanted. NULL:
     * there, and all are wanted. What supply ties together is wanted together. */
    const int32_t *row_slot;
    int32_t rows_first; /* the first year index for which they are wanted; H or before: all */
    /* Where fleets keep what they use; NULL: nowhere. */
    const tj_kept_uses *uses;
} tj_block;

typedef enum tj_held { TJ_HELD_NOTHING = 0, TJ_HELD_HISTORY = 1, TJ_HELD_ALL = 2 } tj_held;

typedef struct tj_backend tj_backend;

/* Prepared once per run and shared, read-only, by all threads (NULL for a backend that needs none). */
typedef struct tj_prepared tj_prepared;

/* Scratch of one thread; made for blocks of at most `lanes` draws. */
typedef struct tj_scratch tj_scratch;

/* Totals of a city under several packages, made without its cells: engine/tally.h. */
typedef struct tj_tally tj_tally;

typedef struct tj_tally_case {
    int32_t city, background_first, background_end;
    const int32_t *packages;
    int32_t n_packages;
    const int32_t *first, *slot; /* of a batch of these packages (engine/batch.h), and its slots */
    int32_t n_slots;
} tj_tally_case;

/* Draws of a tile, the most of a block, and the most backgrounds together. */
enum { TJ_TALLY_LANES = 64, TJ_TALLY_BLOCK = 256, TJ_TALLY_BACKGROUNDS = 2 };

typedef struct tj_tally_methods {
    /* *tally is the caller's; NULL where the city counts cells of another kind. */
    tj_status (*create)(const tj_prepared *prepared, tj_scratch *scratch, const tj_tally_case *wanted,
                        tj_tally **tally);
    void (*free)(tj_tally *tally); /* NULL is fine */
    /* Bytes of a thread's room, aligned to 64. */
    size_t (*room)(const tj_tally *tally);
    /* Readies the room for draws first .. first + n - 1, n <= TJ_TALLY_BLOCK. */
    void (*start)(const tj_tally *tally, tj_scratch *scratch, size_t first, size_t n, void *room);
    /* The end of the backgrounds from this one on that are written together. */
    int32_t (*together)(const tj_tally *tally, int32_t background);
    /* Totals in t CO2e per year of a tile, its lanes from draw `at` of the block on, under a background and those together
     * with it: out[((b * packages + package) * years + y) * TJ_TALLY_LANES + lane], y from the year after H on.
     * at + TJ_TALLY_LANES <= n; where n is less, at is 0 and lanes beyond n hold nothing. */
    void (*write)(const tj_tally *tally, void *room, int32_t background, size_t at, double *out);
} tj_tally_methods;

struct tj_backend {
    const char *name;
    const char *sentence;
    tj_status (*prepare)(const tj_plan *plan, const tj_draws *draws, int threads, tj_prepared **prepared);
    void (*prepared_free)(tj_prepared *prepared);
    tj_scratch *(*scratch_create)(const tj_plan *plan, const tj_draws *draws);
    void (*scratch_free)(tj_scratch *scratch);
    /* Writes out[(k * n_years + y) * stride + (d - block->first)] in t CO2e per year for every cell k
     * of the city (k = 0 .. cells_count - 1; after H its slot), every year whose status is not TJ_ABSENT, every draw of
     * the block; absent years are left untouched. Removals cells hold t CO2 removed, positive.
     * History: value x level x (back-cast factor where back-cast). Returns TJ_ERR_UNDEFINED where a
     * share group cannot be renormalised, or a sector's modelled emissions in H are 0 and its inventory is
     * not; scratch then names the cell and year. Where `rows` is not NULL the city's physical rows are written
     * too: rows[(slot * n_years + y) * stride + (d - block->first)], years H and later of cells that are not
     * absent; earlier years are left untouched. */
    tj_status (*simulate)(const tj_plan *plan, const tj_draws *draws, const tj_prepared *prepared,
                          const tj_block *block, tj_scratch *scratch, size_t stride, double *out,
                          double *rows);
    /* After TJ_ERR_UNDEFINED: the cell (index in the plan) and the year index. NULL for a backend that
     * never returns it. */
    void (*fault)(const tj_scratch *scratch, int32_t *cell, int32_t *year);
    const tj_tally_methods *tally; /* NULL: it knows no such way */
};

/* The records, each in the file named after it (engine/simulate_<name>.c). */
extern const tj_backend tj_backend_reference, tj_backend_lanes;

/* NULL-terminated list; tj_backend_find returns NULL for an unknown name. */
extern const tj_backend *const tj_backends[];
const tj_backend *tj_backend_find(const char *name);

#endif
