/* What a tally holds; inside its own files: tally_make.c finds it, tally.c readies it for draws, tally_lanes.c sums. */
#ifndef TJ_ENGINE_TALLY_PARTS_H
#define TJ_ENGINE_TALLY_PARTS_H

#include "engine/arena.h"
#include "engine/lane_scratch.h"
#include "engine/tally.h"

/* A cell that the total counts, in the order of the sum. */
typedef struct tj_tally_term {
    const double *base;  /* from the first year on, all draws; rows of draws->count */
    const double *ratio; /* by background of the plan and year index */
    int32_t cell;        /* of the city */
} tj_tally_term;

/* What packages make of a driver of a term: `count` scales from `first` on, contests within. */
typedef struct tj_tally_driver {
    int32_t term, kind; /* kind 0: activity, 1: intensity */
    int32_t first, count, contests_first, contests_end;
    int is_one; /* 1 in every draw and projected year: what it multiplies stays as it is */
} tj_tally_driver;

/* What packages make of a term. */
typedef struct tj_tally_variant {
    int32_t driver[2];
} tj_tally_variant;

/* What moves in a year under a background: drivers, and the variants that have one of them. */
typedef struct tj_tally_year {
    int32_t drivers_first, drivers_count;
    int32_t variants_first, variants_count;
} tj_tally_year;

typedef struct tj_tally_move {
    int32_t driver, judges; /* contests on it are judged again */
} tj_tally_move;

struct tj_tally {
    tj_arena arena;
    size_t stride; /* of a base: draws */
    int32_t background_first, n_backgrounds, n_packages, n_years;
    int32_t first; /* the year after H */
    int32_t n_terms, n_drivers, n_variants, n_scales, n_rows, n_contests;
    tj_tally_term *terms;
    tj_tally_driver *drivers;
    tj_tally_variant *variants;
    int32_t *variant_of;            /* [package * n_terms + term] */
    tj_scale *scales;               /* without m and may_pass */
    int32_t *row;                   /* of each scale: its effect's magnitudes */
    const tj_plan_effect **effects; /* by row */
    int32_t *together;              /* by background, see tj_tally_methods */
    double *paths;                  /* values without measures, see tj_tally_path */
    tj_tally_year *years;           /* [background * n_years + year] */
    tj_tally_move *driver_moves;
    int32_t *variant_moves;
};

/* Doubles from one row of magnitudes to the next: not a power of two, so that rows of a tile do not crowd a few sets of
 * the first-level cache. */
enum { TJ_TALLY_APART = TJ_TALLY_BLOCK + 8 };

/* A thread's room while it works on a block of draws. */
typedef struct tj_tally_room {
    size_t first, n; /* draws of the block */
    double *m;       /* rows * TJ_TALLY_APART */
    double *largest; /* of each of these rows */
    /* Of a tile of TJ_TALLY_LANES draws and a year. */
    double *multiplier; /* variants */
    double *driven;     /* drivers */
    double *winners;    /* contests */
    double *short_base; /* terms: of fewer draws than a tile has, zeros behind them */
    /* Of a year: the bases from the tile's first draw on, and what they are multiplied by. */
    const double **base;
    double *ratio;             /* [background of those together * terms + term] */
    tj_scale *scales;          /* as the tally's, with m and may_pass */
    tj_scaled_driver *drivers; /* [background * n_drivers + driver] */
    const double **product;    /* [package * n_terms + term]: the multiplier */
} tj_tally_room;

/* Where the path of a term's driver begins, by year index; backgrounds from the tally's first on. */
size_t tj_tally_path(const tj_tally *tally, int32_t background, int32_t term, int32_t kind);

/* The driver whose values are the variant's multiplier, or TJ_NONE: it takes both. */
int32_t tj_tally_only_driver(const tj_tally *tally, const tj_tally_variant *variant);

/* tj_tally_methods: see simulate.h. */
tj_status tj_tally_create(const tj_prepared *prepared, tj_scratch *scratch, const tj_tally_case *wanted,
                          tj_tally **tally);
void tj_tally_free(tj_tally *tally);
void tj_tally_write(const tj_tally *tally, void *room, int32_t background, size_t at, double *out);

#endif
