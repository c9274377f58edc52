/* Scratch of the lanes backend: one thread's rows and the state of the block it works on.
 *
 * A block is worked on in stretches of at most TJ_LANES draws of one city under one (background,
 * package). A slot is a driver of the city, a reach an effect of the package with strength above 0.
 * Everything is allocated once, for the largest city and the largest package of the plan. */
#ifndef TJ_ENGINE_LANE_SCRATCH_H
#define TJ_ENGINE_LANE_SCRATCH_H

#include "engine/base.h"
#include "engine/cursor.h"
#include "engine/operators.h"
#include "engine/shares.h"
#include "engine/simulate.h"

/* An effect in force. w and s stand for ramp value r; they are kept only while a cell is coupled. */
typedef struct tj_reach {
    const tj_plan_effect *effect;
    const double *ramp;  /* r(t) by year index */
    const double *mu;    /* magnitude by lane */
    const double *ratio; /* shift: arrived per taken, by lane */
    double *k;           /* w at r = 1, before clamping */
    double *m;           /* mu * k */
    double *w;           /* reach of the year; a shift's amount once it is taken */
    double *s;           /* mu * w */
    double r;            /* NaN: w and s hold nothing yet */
    int32_t slot, to;    /* index of the driver, of the one that receives */
    int rows;            /* w and s are held; else m and r stand for s */
    int32_t contest;     /* in which another measure of its overlap group acts on the driver; or TJ_NONE */
    double *mu_row, *ratio_row; /* where fixed terms are spread over lanes */
} tj_reach;

typedef struct tj_slot {
    const tj_plan_driver *driver;
    tj_cursor cursor;
    int32_t reaches_first, reaches_count; /* effects on (a shift: from) the driver, in the plan's order */
    double *x;                            /* the driver's values under the package */
    const double *lanes; /* x, or NULL where every lane is `value`; not while the slot is active */
    double value;
    int idle;             /* nobody needs its values: it is not stepped */
    int spread;           /* x holds `value` in every lane (engine/feed.h) */
    int active;           /* in a coupled cell: effects reach it, or its share group must be filled */
    int positive;         /* active, and no effect on it takes a number at or above 0 out of its limits */
    double *cursor_rows;  /* two rows */
    double *reference;    /* the values without measures; only while the slot is active */
    double *bound, *held; /* in a share group: total |w| that sets it; largest w of a cap or floor */
} tj_slot;

/* One overlap group on one driver on which two or more measures of it act. */
typedef struct tj_contest {
    int32_t slot, overlap;
} tj_contest;

/* A scale in force on a driver of a scaled cell. */
typedef struct tj_scale {
    const double *m, *ramp;   /* as in tj_reach */
    double most;              /* the largest |ramp| */
    int32_t contest, measure; /* TJ_NONE: no contest */
    int may_pass;             /* 1 - m * r may be below 0 in some lane and year */
} tj_scale;

/* A driver of a scaled cell: its scales, and its values without measures by year. */
typedef struct tj_scaled_driver {
    const tj_scale *begin, *end;
    const double *value;
    int32_t contests_first, contests_end;
} tj_scaled_driver;

/* What moves in a year of a scaled cell: its drivers, and contests on any of them. */
enum { TJ_ACTIVITY_MOVES = 1, TJ_INTENSITY_MOVES = 2, TJ_CONTESTS_MOVE = 4, TJ_ALL_MOVE = 7 };

enum { TJ_WORK_ROWS = 10, TJ_SCALED_LANES = 64 };

struct tj_scratch {
    /* what is being worked on */
    const tj_plan *plan;
    const tj_draws *draws;
    const tj_prepared *prepared;
    const tj_plan_settings *settings;
    const tj_plan_city *city;
    int32_t background, package, city_index; /* package TJ_NONE: no effects */
    size_t first, n;
    const unsigned char *held;      /* by cell of the city, see tj_block; NULL: nothing */
    const int32_t *cell_slot;       /* by cell of the city, see tj_block; NULL: its number */
    const double *level, *backcast; /* [n] */
    size_t stride;                  /* of out and physical_rows */
    double *out;                    /* of the stretch */
    double *physical_rows;          /* NULL: not asked for */
    const int32_t *row_slot;        /* by row of the city, see tj_block; NULL: its own */
    int32_t rows_first;             /* see tj_block */
    const tj_kept_uses *uses;       /* see tj_block; NULL: nothing is kept */
    size_t done;                    /* draws of the block before the stretch */
    int preparing;                  /* cells with memory are being prepared, without a package */

    int32_t n_reaches, n_slots, n_contests;
    int32_t driver_first; /* of slot 0 */
    tj_reach *reaches;
    tj_slot *slots;
    tj_contest *contests;       /* those on one driver follow one another */
    unsigned char *coupled;     /* by cell of the city: its drivers are computed class by class */
    tj_slot **steps, **actives; /* slots of coupled cells; those among them that are active */
    int32_t n_steps, n_actives;
    unsigned char *filled; /* by share group of the city: measures may change its sum */
    tj_share *members;     /* of one share group at a time */
    tj_weighed *terms;     /* of one cell, or of one driver, at a time */
    double *work[TJ_WORK_ROWS];
    double *level_row, *backcast_row;
    struct tj_physical *physical; /* cells with memory */
    double *base, *product;       /* of an intensity cell: kappa * factor * level; activity * intensity */

    double *paths, *winners; /* of a scaled cell: two drivers by year; TJ_SCALED_LANES a contest */
    tj_scale *scales;        /* of a scaled cell */
    int64_t *moves;          /* of a scaled cell, by year */

    double *rows; /* the one allocation behind all rows */
    int32_t fault_cell, fault_year;
};

/* NULL when memory is short. */
tj_scratch *tj_lane_scratch_create(const tj_plan *plan, const tj_draws *draws);
void tj_lane_scratch_free(tj_scratch *scratch); /* NULL is fine */

/* ---- simulate_lanes.c ---- */

/* Puts the scratch on the first draws of a block, as many as make a stretch: its slots are in year H, its reaches are collected. */
void tj_stretch_start(tj_scratch *scratch, const tj_prepared *prepared, const tj_block *block);

/* ---- reach.c ---- */

/* m of an effect alone, for the draws that the scratch is on. */
void tj_reach_magnitude(const tj_scratch *scratch, const tj_plan_effect *effect, double *m);

/* Collects the package's effects in the city, finds contests and coupled cells, and computes k and m. */
void tj_reaches_start(tj_scratch *scratch);

/* Has an effect on a coupled cell another ramp value in `year` than it stands for? */
int tj_reaches_moved(const tj_scratch *scratch, int32_t year);

/* The rows w and s of effects on coupled cells in year index `year`, before contests. */
void tj_reaches_step(tj_scratch *scratch, int32_t year);

/* ---- scaled.c ---- */

/* 1 for a trend cell whose drivers are a number in every lane without measures, on which all that acts scales it. */
int tj_scaled_serves(const tj_scratch *scratch, const tj_plan_cell *cell);

/* The driver of such a cell: scales of its reaches to `scales`, but for may_pass; what moves in a year is added to moves[] by
 * year. `values`, of n_years, may hold the driver's. */
tj_scaled_driver tj_scaled_gather(const tj_scratch *scratch, tj_slot *slot, int64_t what, double *values,
                                  tj_scale *scales, int64_t *moves);

/* Tells whether it may pass below 0, from the largest |m|. */
static inline void tj_scale_ready(double largest, tj_scale *scale)
{
    scale->may_pass = largest * scale->most > 1.0;
}

/* Writes all years after H of such a cell, `stride` doubles a row. */
void tj_scaled_write(tj_scratch *scratch, const tj_plan_cell *cell, size_t stride, double *out);

/* ---- active.c ---- */

/* Finds which drivers of coupled cells need rows of their own; after tj_reaches_start. */
void tj_actives_start(tj_scratch *scratch);

/* ---- coupled.c ---- */

/* Puts the drivers of coupled cells into year H, then into each later year in order: after a step, and after
 * the start, the x of their slots are the drivers under the package. TJ_ERR_UNDEFINED names the fault in the scratch. */
void tj_coupled_start(tj_scratch *scratch);
tj_status tj_coupled_step(tj_scratch *scratch, int32_t year);

#endif
