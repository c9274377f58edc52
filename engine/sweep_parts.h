/* What a sweep holds while it works on one city under one background; inside the sweep's files only.
 *
 * Draws are worked on in stretches of TJ_SWEEP_LANES. Values are rows of so many lanes, for the reference and for
 * every subset of every block. In a product component there is one for each projected year: the reference's
 * emissions, and factors on them. In others there is one for each sum of emissions that something asks for, so
 * that 2^16 subsets take some rows each and not all their cells in all years. */
#ifndef TJ_ENGINE_SWEEP_PARTS_H
#define TJ_ENGINE_SWEEP_PARTS_H

#include "engine/quantile.h"
#include "engine/simulate.h"
#include "engine/sweep.h"

enum { TJ_SWEEP_LANES = 128, TJ_SWEEP_CHUNK = 1024, TJ_SWEEP_LOW = 8, TJ_SWEEP_CONDITIONS = 32 };

typedef struct tj_sweep_block {
    uint32_t mask; /* bits of the combination */
    int n_bits;
    uint8_t bit[TJ_SWEEP_MEASURES];
    int32_t first; /* variant of its subset 1; subset t is first + t - 1 */
} tj_sweep_block;

/* What a target's condition sums: weight * emissions of a cell of a part in a year. */
typedef struct tj_sweep_term {
    int32_t part, cell, year; /* cell: position in the component; year: after H, from 0 */
    int32_t row;              /* of the part's values, once the condition is settled */
    double weight;
} tj_sweep_term;

/* A component, as far as measures of the sweep reach it. */
typedef struct tj_sweep_part {
    const tj_component *component;
    uint32_t mask;
    int32_t n_blocks, n_variants; /* variants: the reference and every subset of every block */
    tj_sweep_block *blocks;
    int32_t n_rows;         /* product: projected years; else sums asked for */
    tj_sweep_term *asked;   /* the terms of all sums, one sum after the other; not of a product */
    size_t n_asked, *after; /* after[row]: where the terms of a row end */
    size_t capacity, rows_capacity;
    double *values; /* [variant][row][TJ_SWEEP_LANES] */
} tj_sweep_part;

typedef struct tj_sweep_city {
    int32_t city, n_parts, first_year, n_projected; /* year index after H; years from it to the end */
    tj_sweep_part *parts;
    uint32_t mask;
    double *history; /* [cell][year][draws] of the reference package, every year */
    size_t at, n;    /* the stretch of draws that the values hold */
} tj_sweep_city;

/* Met in a draw where the sum of the terms is at most `level`. */
typedef struct tj_sweep_condition {
    tj_sweep_term *terms; /* by part */
    size_t n_terms, capacity;
    double *level;  /* draws */
    double *margin; /* draws: nearer than this, rounding decides */
} tj_sweep_condition;

typedef struct tj_sweep_verdict {
    tj_sweep_condition condition[TJ_SWEEP_CONDITIONS];
    size_t n_conditions, draws, known; /* known: draws that have a verdict */
    uint32_t mask;                     /* measures that matter */
} tj_sweep_verdict;

/* Sums over draws of a part's territorial emissions, by subset of its measures. */
typedef struct tj_sweep_sums {
    int n_bits;
    uint8_t bit[TJ_SWEEP_MEASURES]; /* position in a subset's number -> bit of the combination */
    double *year;                   /* [wanted year][2^n_bits] */
    double *all;                    /* [2^n_bits]: all projected years */
} tj_sweep_sums;

/* A plan of some variants of one city, and what simulates it; kept while the next stretch needs the same. */
typedef struct tj_sweep_chunk {
    int32_t city, first, count; /* package i of the plan is variant first + i - 1; city TJ_NONE: none */
    tj_plan *plan;
    tj_scratch **scratch; /* by thread */
} tj_sweep_chunk;

typedef struct tj_sweep_run_state {
    const tj_sweep *sweep;
    tj_arena arena;
    tj_library library;
    tj_plan *plan;            /* of the reference alone */
    tj_component **component; /* by city */
    size_t *n_components;
    tj_sweep_city *cities; /* n_cities; values and history only while a city is worked on */
    tj_draws draws;
    tj_prepared *prepared;
    tj_scratch *scratch; /* of that plan */
    tj_sweep_chunk chunk;
    double **cells; /* by thread: cells * years * TJ_SWEEP_LANES of the largest city */
    int threads;
    size_t done, all;
    tj_sweep_report *report;
} tj_sweep_run_state;

/* ---- sweep_open.c, sweep_simulate.c ---- */

/* Finds parts and blocks of all wanted cities, and makes the plan of the reference. */
tj_status tj_sweep_open(tj_sweep_run_state *run);
void tj_sweep_close(tj_sweep_run_state *run);
void tj_sweep_chunk_close(tj_sweep_run_state *run);

/* Simulates the reference package over all draws into `history`. */
tj_status tj_sweep_history(tj_sweep_run_state *run, int32_t background, tj_sweep_city *city);

/* Simulates every variant over the draws at .. at + TJ_SWEEP_LANES - 1 (lanes past the last draw are zero). Where
 * `sums` (by part) is not NULL, adds what parts that are no products emit to them. */
tj_status tj_sweep_stretch(tj_sweep_run_state *run, int32_t background, tj_sweep_city *city, size_t at,
                           const int32_t *years, int32_t n_years, tj_sweep_sums *sums);

/* A row of a part's values under a variant. */
const double *tj_sweep_row_of(const tj_sweep_part *part, int32_t variant, int32_t row);

/* ---- sweep_asks.c ---- */

/* Gives the terms of a condition their rows; those of a part that is no product become one. */
tj_status tj_sweep_settle(tj_sweep_city *city, tj_sweep_condition *condition);

/* The part forgets the sums from `n_rows` on. */
void tj_sweep_forget(tj_sweep_part *part, int32_t n_rows);

/* Bytes that the values of the city's parts take. */
size_t tj_sweep_values_room(const tj_sweep_city *city);
tj_status tj_sweep_values_open(tj_sweep_city *city);
void tj_sweep_values_close(tj_sweep_city *city);

/* The least that the city's largest target or total takes, in bytes, when it is worked on alone. */
size_t tj_sweep_least_room(const tj_sweep_run_state *run, const tj_sweep_city *city);

/* The place of a measure among those swept, or TJ_NONE. */
int tj_sweep_bit(const tj_sweep *sweep, int32_t measure);

/* Subset of a block that a combination holds; variant that it stands for (0: the reference). */
int32_t tj_sweep_variant(const tj_sweep_block *block, uint32_t mask);

/* out += weight * emissions of the term under the measures of `mask` that lie in `within`. In a product
 * component the blocks outside `within` count as absent. */
void tj_sweep_add_term(const tj_sweep_city *city, const tj_sweep_term *term, uint32_t mask, double *out);

/* ---- sweep_terms.c ---- */

/* What target `index` asks of its city, whose history is there. n_conditions is 0 and known 0 where nothing
 * can be judged. TJ_ERR_MEMORY. */
tj_status tj_sweep_verdict_make(const tj_sweep_run_state *run, const tj_sweep_city *city, int32_t index,
                                tj_sweep_verdict *verdict);
void tj_sweep_verdict_free(tj_sweep_verdict *verdict);

/* One condition that sums the city's territorial emissions of a year after H, or of all of them (TJ_NONE). */
tj_status tj_sweep_total_make(const tj_sweep_run_state *run, const tj_sweep_city *city, int32_t year,
                              tj_sweep_verdict *verdict);

/* ---- sweep_split.c ---- */

/* A subset of the measures that matter to some conditions is a high part, a, and a low part, b, of at most
 * TJ_SWEEP_LOW bits, chosen so that each condition's sum is R(a) + P(a) Y(b) with P >= 0. */
typedef struct tj_sweep_split {
    int n_low, n_high;
    uint8_t
        bit[TJ_SWEEP_MEASURES]; /* position in a subset's number -> bit of the combination, low ones first */
    int32_t low_part;  /* the product part whose blocks the low bits are; TJ_NONE: whole parts, and P is 1 */
    uint32_t low_mask; /* bits of the combination */
} tj_sweep_split;

void tj_sweep_split_make(const tj_sweep_city *city, const tj_sweep_verdict *verdict, tj_sweep_split *split);

/* 1 where the term belongs to P Y, 0 where it belongs to R. */
int tj_sweep_is_low(const tj_sweep_city *city, const tj_sweep_split *split, const tj_sweep_term *term);

/* The combination's bits that the n bits of a subset stand for; of a low and of a high part. */
uint32_t tj_sweep_mask_of(uint32_t subset, int n, const uint8_t *bit);
uint32_t tj_sweep_mask_low(const tj_sweep_split *split, uint32_t subset);
uint32_t tj_sweep_mask_high(const tj_sweep_split *split, uint32_t subset);

/* P(a) of a low term over the stretch: what the high blocks of the low part leave. `mask` holds high bits. */
void tj_sweep_factor(const tj_sweep_city *city, const tj_sweep_split *split, const tj_sweep_term *low,
                     uint32_t mask, double *factor);

/* ---- sweep_count.c ---- */

/* Counts of draws that meet a target, by subset of the measures that matter. */
typedef struct tj_sweep_count {
    tj_sweep_verdict verdict;
    tj_sweep_split split;
    uint32_t *met; /* 2^(n_low + n_high) */
    uint64_t near;
} tj_sweep_count;

/* The verdict is made already; settles its conditions. Counts are made by tj_sweep_count_allocate. */
tj_status tj_sweep_count_open(tj_sweep_count *count, tj_sweep_city *city);
size_t tj_sweep_count_room(const tj_sweep_count *count);
tj_status tj_sweep_count_allocate(tj_sweep_count *count);
void tj_sweep_count_close(tj_sweep_count *count);

/* Adds the stretch that the city holds, with so many threads. */
tj_status tj_sweep_count_stretch(const tj_sweep_city *city, tj_sweep_count *count, int threads);

/* ---- sweep_quantile.c ---- */

enum { TJ_SWEEP_TABLES = 32 };

/* Rows of draws, one for every subset of some bits; single precision. */
typedef struct tj_sweep_table {
    uint32_t mask;
    int n_bits, number;
    uint8_t bit[TJ_SWEEP_MEASURES];
    float *rows; /* [2^n_bits][stride] */
} tj_sweep_table;

/* A city's total, of a year or of all projected years, for every subset of the measures that matter. */
typedef struct tj_sweep_spread {
    tj_sweep_verdict verdict; /* one condition, whose terms are summed; its level has no meaning */
    tj_sweep_split split;
    size_t draws, stride; /* stride: draws rounded up to whole blocks of engine/sweep_pick.h */
    int32_t year;         /* of the wanted years; n_years: all projected ones */
    int *table_of;        /* by part */
    int n_tables;
    tj_sweep_table low, factor, table[TJ_SWEEP_TABLES]; /* Y, P; R is the sum of the others */
} tj_sweep_spread;

/* Lays the tables out; the verdict is made already. After a failure tj_sweep_spread_close is still due. */
tj_status tj_sweep_spread_open(tj_sweep_spread *spread, tj_sweep_city *city, size_t draws);

/* Bytes that the tables take; makes them. */
size_t tj_sweep_spread_room(const tj_sweep_spread *spread);
tj_status tj_sweep_spread_allocate(tj_sweep_spread *spread);

void tj_sweep_spread_close(tj_sweep_spread *spread);

/* Takes the stretch that the city holds. */
void tj_sweep_spread_stretch(const tj_sweep_city *city, tj_sweep_spread *spread, int threads);

/* After the last stretch, of `count` high subsets from `first` on (a power of two and a multiple of it):
 * out[quantile][2^(n_low + n_high)], by number of the subset. */
tj_status tj_sweep_spread_pick(const tj_sweep_spread *spread, const tj_ranks *ranks, int threads,
                               size_t first, size_t count, float *out);

/* How far a quantile may lie from that of the same totals in double precision, of itself: roundings to single
 * precision, one for each row (three where P is a factor), each addition and the quantile itself. */
double tj_sweep_spread_error(const tj_sweep_spread *spread);

/* ---- sweep_mean.c ---- */

tj_status tj_sweep_sums_open(tj_sweep_sums *sums, const tj_sweep_part *part, int32_t n_years);
void tj_sweep_sums_close(tj_sweep_sums *sums);
/* Adds a variant of a part that is no product, from its simulated cells: row (k, year) of the city is
 * cells[(k * years of the plan + year) * stride]. */
void tj_sweep_sums_variant(const tj_plan *plan, const tj_sweep_city *city, const tj_sweep_part *part,
                           int32_t variant, const double *cells, size_t stride, const int32_t *years,
                           int32_t n_years, tj_sweep_sums *sums);

/* Adds the stretch of a product. */
tj_status tj_sweep_sums_stretch(const tj_plan *plan, const tj_sweep_city *city, int32_t part,
                                const int32_t *years, int32_t n_years, tj_sweep_sums *sums, int threads);

/* ---- sweep_send.c, sweep_city.c ---- */

/* What is kept of a background. */
typedef struct tj_sweep_whole {
    tj_sweep_run_state *run;
    int32_t background;
    int32_t *years, n_years;
    tj_sweep_sums **sums; /* by city and part */
    double **past;        /* by city: mean of the years of `years` that are history; NaN where absent */
    double *row;          /* 2^measures */
    size_t kept;          /* bytes of the row */
    tj_ranks ranks;       /* of the quantiles wanted */
} tj_sweep_whole;

size_t tj_sweep_combinations(const tj_sweep *sweep);

/* Wall time, s. */
double tj_sweep_now(void);

/* Adds to what is done; TJ_ERR_INTERRUPTED where the sweep shall stop. */
tj_status tj_sweep_step(tj_sweep_run_state *run, size_t weight);

/* Of simulating variant `variant` of those parts that have so many, in a stretch. */
size_t tj_sweep_variant_weight(const tj_sweep_city *city, int32_t variant);

/* Each hands its rows over; what stops the sweep is returned. */
tj_status tj_sweep_send_count(tj_sweep_whole *w, int32_t target, const tj_sweep_count *count);
tj_status tj_sweep_send_spread(tj_sweep_whole *w, const tj_sweep_city *city, const tj_sweep_spread *spread,
                               const float *quantiles);
tj_status tj_sweep_send_means(tj_sweep_whole *w);

/* Wanted year `year` (n_years: all projected ones) has the same quantiles under all combinations, or none. */
tj_status tj_sweep_send_constant(tj_sweep_whole *w, const tj_sweep_city *city, int32_t year,
                                 const double *quantiles);

/* Is there a total of the city in this year index? */
int tj_sweep_has_total(const tj_sweep_whole *w, int32_t city, int32_t year);

/* Whether the projected years of a city can be summed: a year without a total leaves no sum. */
int tj_sweep_has_sum(const tj_sweep_whole *w, int32_t city);

/* About how long a city takes: microseconds of one thread. */
size_t tj_sweep_city_weight(const tj_sweep_whole *w, const tj_sweep_city *city);

/* Counts, sums and picks; hands over the rows of targets and quantiles. */
tj_status tj_sweep_work_city(tj_sweep_whole *w, tj_sweep_city *city);

#endif
