/* How many draws meet a target, for every subset of the measures that matter to it.
 *
 * A subset is a high part, a, and a low part, b, of at most TJ_SWEEP_LOW bits, chosen so that a condition reads
 *   R(a) + P(a) Y(b) <= level,   P >= 0, hence   Y(b) <= (level - R(a)) / P(a).
 * In each draw the Y of all b are sorted once; then a threshold is the number of Y up to it, and a verdict is the
 * comparison of two short numbers: the rank of b with the number of a. Nothing is rounded on the way: ranks come
 * from doubles. Each b of each a is one of them loaded, compared and counted for each draw. */
#include "engine/kernel.h"
#include "engine/sweep_parts.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = TJ_SWEEP_LANES, HIGH = 64, TILE = 32, LOW = 1 << TJ_SWEEP_LOW, TOGETHER = 4 };

tj_status tj_sweep_count_open(tj_sweep_count *count, tj_sweep_city *city)
{
    tj_status status = TJ_OK;
    for (size_t i = 0; i < count->verdict.n_conditions && status == TJ_OK; i++)
        status = tj_sweep_settle(city, &count->verdict.condition[i]);
    tj_sweep_split_make(city, &count->verdict, &count->split);
    return status;
}

size_t tj_sweep_count_room(const tj_sweep_count *count)
{
    return sizeof *count->met << (count->split.n_low + count->split.n_high);
}

tj_status tj_sweep_count_allocate(tj_sweep_count *count)
{
    count->met = calloc((size_t)1 << (count->split.n_low + count->split.n_high), sizeof *count->met);
    return count->met == NULL ? TJ_ERR_MEMORY : TJ_OK;
}

void tj_sweep_count_close(tj_sweep_count *count)
{
    free(count->met);
    count->met = NULL;
    tj_sweep_verdict_free(&count->verdict);
}

/* ---- one stretch of draws ---- */

typedef struct stretch {
    const tj_sweep_city *city;
    tj_sweep_count *count;
    size_t n_slots, n_tiles;             /* slots: different Y; tiles of TILE low subsets */
    int32_t slot[TJ_SWEEP_CONDITIONS];   /* of a condition */
    size_t example[TJ_SWEEP_CONDITIONS]; /* of a slot: a condition with that Y */
    double *sorted;                      /* [slot][lane][LOW] */
    int16_t *rank;                       /* [slot][tile][lane][TILE]: rank of b, less 1 */
} stretch;

static const tj_sweep_term *next_low(const stretch *s, const tj_sweep_condition *c, size_t *at)
{
    while (*at < c->n_terms && !tj_sweep_is_low(s->city, &s->count->split, &c->terms[*at]))
        ++*at;
    return *at < c->n_terms ? &c->terms[(*at)++] : NULL;
}

/* Do two conditions have the same Y? One without any takes part in every Y: its threshold is all or nothing. */
static int same_low(const stretch *s, const tj_sweep_condition *a, const tj_sweep_condition *b)
{
    size_t i = 0, j = 0;
    for (;;) {
        const tj_sweep_term *x = next_low(s, a, &i), *y = next_low(s, b, &j);
        if (x == NULL || y == NULL)
            return x == y;
        if (x->part != y->part || x->row != y->row || x->weight != y->weight)
            return 0;
    }
}

static int has_low(const stretch *s, const tj_sweep_condition *c)
{
    size_t at = 0;
    return next_low(s, c, &at) != NULL;
}

/* Conditions without Y join the first slot; a target without any has one slot of zeros. */
static void find_slots(stretch *s)
{
    const tj_sweep_verdict *v = &s->count->verdict;
    for (size_t i = 0; i < v->n_conditions; i++) {
        s->slot[i] = 0;
        if (!has_low(s, &v->condition[i]))
            continue;
        size_t k = 0;
        while (k < s->n_slots && !same_low(s, &v->condition[s->example[k]], &v->condition[i]))
            k++;
        if (k == s->n_slots)
            s->example[s->n_slots++] = i;
        s->slot[i] = (int32_t)k;
    }
    if (s->n_slots == 0)
        s->example[s->n_slots++] = 0;
}

/* Ranks of y[count] in ascending order, equal ones by position. */
TJ_CLONES static void rank_lanes(size_t count, const double *restrict y, int *restrict rank)
{
    for (size_t i = 0; i < count; i++) {
        int before = 0;
        double x = y[i];
#pragma omp simd reduction(+ : before)
        for (size_t k = 0; k < count; k++)
            before += (y[k] < x) | ((y[k] == x) & (k < i));
        rank[i] = before;
    }
}

static void sort_lane(const stretch *s, size_t slot, int lane, const double *y)
{
    double x[LOW];
    int rank[LOW];
    size_t n = (size_t)1 << s->count->split.n_low;
    for (size_t b = 0; b < n; b++)
        x[b] = y[b * LANES + (size_t)lane];
    rank_lanes(n, x, rank);
    for (size_t b = 0; b < n; b++) {
        size_t tile = slot * s->n_tiles + b / TILE;
        s->sorted[(slot * LANES + (size_t)lane) * LOW + (size_t)rank[b]] = x[b];
        s->rank[(tile * LANES + (size_t)lane) * TILE + b % TILE] = (int16_t)(rank[b] - 1);
    }
}

static void fill_slot(const stretch *s, size_t slot, int threads, double *y)
{
    size_t n = (size_t)1 << s->count->split.n_low;
    const tj_sweep_condition *c = &s->count->verdict.condition[s->example[slot]];
    memset(y, 0, n * LANES * sizeof *y);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t b = 0; b < n; b++) {
        size_t at = 0;
        uint32_t mask = tj_sweep_mask_low(&s->count->split, (uint32_t)b);
        for (const tj_sweep_term *t = next_low(s, c, &at); t != NULL; t = next_low(s, c, &at))
            tj_sweep_add_term(s->city, t, mask, y + b * LANES);
    }
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int lane = 0; lane < LANES; lane++)
        sort_lane(s, slot, lane, y);
}

/* ---- thresholds of high subsets ---- */

/* Thresholds of a tile of high subsets; each slot's is the least of its conditions'. */
typedef struct tile {
    double *limit, *margin; /* [slot][HIGH][LANES]: of Y */
    int16_t *number;        /* [slot][HIGH][LANES]: Y up to the limit, less 1 */
    double *row, *factor;   /* LANES */
    uint64_t near;
} tile;

TJ_CLONES static void limit_lanes(const double *restrict level, const double *restrict margin,
                                  const double *restrict row, const double *restrict factor,
                                  double *restrict limit, double *restrict around)
{
#pragma omp simd
    for (int d = 0; d < LANES; d++) {
        double room = level[d] - row[d];
        double most = factor[d] > 0 ? room / factor[d] : room >= 0 ? INFINITY : -INFINITY;
        double about = factor[d] > 0 ? margin[d] / factor[d] : fabs(room) <= margin[d] ? INFINITY : 0;
        around[d] = most < limit[d] ? about : around[d];
        limit[d] = most < limit[d] ? most : limit[d];
    }
}

/* P(a): what the high blocks of the low part leave. */
static void high_factor(const stretch *s, const tj_sweep_condition *c, uint32_t mask, double *factor)
{
    size_t at = 0;
    const tj_sweep_term *term = next_low(s, c, &at);
    if (term == NULL)
        memset(factor, 0, LANES * sizeof *factor);
    else
        tj_sweep_factor(s->city, &s->count->split, term, mask, factor);
}

static void high_limits(const stretch *s, uint32_t mask, size_t index, tile *t)
{
    const tj_sweep_verdict *v = &s->count->verdict;
    double level[LANES], margin[LANES];
    for (size_t k = 0; k < s->n_slots; k++)
        for (size_t d = 0; d < LANES; d++)
            t->limit[(k * HIGH + index) * LANES + d] = d < s->city->n ? INFINITY : -INFINITY;
    for (size_t i = 0; i < v->n_conditions; i++) {
        const tj_sweep_condition *c = &v->condition[i];
        size_t to = ((size_t)s->slot[i] * HIGH + index) * LANES;
        memset(t->row, 0, LANES * sizeof *t->row);
        for (size_t k = 0; k < c->n_terms; k++)
            if (!tj_sweep_is_low(s->city, &s->count->split, &c->terms[k]))
                tj_sweep_add_term(s->city, &c->terms[k], mask, t->row);
        high_factor(s, c, mask, t->factor);
        for (size_t d = 0; d < LANES; d++) {
            level[d] = d < s->city->n ? c->level[s->city->at + d] : -INFINITY;
            margin[d] = d < s->city->n ? c->margin[s->city->at + d] : 0;
        }
        limit_lanes(level, margin, t->row, t->factor, t->limit + to, t->margin + to);
    }
}

/* Number of sorted values up to the limit. */
static inline int32_t find(const double *sorted, int n_low, double limit)
{
    int32_t at = 0;
    for (int32_t step = 1 << n_low >> 1; step > 0; step >>= 1)
        at += sorted[at + step - 1] <= limit ? step : 0;
    return at + (sorted[at] <= limit);
}

static void find_numbers(const stretch *s, size_t slot, size_t n_high, tile *t)
{
    int32_t n = 1 << s->count->split.n_low;
    for (size_t d = 0; d < LANES; d++) {
        const double *sorted = s->sorted + (slot * LANES + d) * LOW;
        for (size_t a = 0; a < n_high; a++) {
            size_t at = (slot * HIGH + a) * LANES + d;
            double limit = t->limit[at], margin = t->margin[at];
            int32_t number = find(sorted, s->count->split.n_low, limit);
            t->number[at] = (int16_t)(number - 1);
            if (d < s->city->n && ((number > 0 && limit - sorted[number - 1] <= margin) ||
                                   (number < n && sorted[number] - limit <= margin)))
                t->near++;
        }
    }
}

/* ---- counting ---- */

/* 16 at a time: whole numbers, so the bits depend neither on the machine nor on the order. */
typedef int16_t numbers __attribute__((vector_size(32)));
typedef uint16_t counts __attribute__((vector_size(32)));

/* Counts, for TOGETHER high subsets and TILE low ones, the lanes in which rank < number in every slot.
 * rank: [lane][TILE] of slot 0, other slots `rank_stride` apart; number: [high][LANES], likewise;
 * met: [high][TILE]. */
TJ_CLONES static void meet_lanes(size_t n_slots, const int16_t *restrict rank, size_t rank_stride,
                                 const int16_t *restrict number, size_t number_stride, uint16_t *restrict met)
{
    counts sum[TOGETHER][2] = {{{0}}};
    for (size_t d = 0; d < LANES; d++) {
        numbers hit[TOGETHER][2], low, high;
        memcpy(&low, rank + d * TILE, sizeof low);
        memcpy(&high, rank + d * TILE + TILE / 2, sizeof high);
        for (int a = 0; a < TOGETHER; a++) {
            hit[a][0] = low < number[(size_t)a * LANES + d];
            hit[a][1] = high < number[(size_t)a * LANES + d];
        }
        for (size_t k = 1; k < n_slots; k++) {
            memcpy(&low, rank + k * rank_stride + d * TILE, sizeof low);
            memcpy(&high, rank + k * rank_stride + d * TILE + TILE / 2, sizeof high);
            for (int a = 0; a < TOGETHER; a++) {
                hit[a][0] &= low < number[k * number_stride + (size_t)a * LANES + d];
                hit[a][1] &= high < number[k * number_stride + (size_t)a * LANES + d];
            }
        }
        for (int a = 0; a < TOGETHER; a++) {
            sum[a][0] -= (counts)hit[a][0]; /* a hit is -1 */
            sum[a][1] -= (counts)hit[a][1];
        }
    }
    memcpy(met, sum, sizeof sum);
}

static void count_tile(const stretch *s, size_t first, size_t n_high, const tile *t)
{
    size_t n_low = (size_t)1 << s->count->split.n_low, rank_stride = s->n_tiles * LANES * TILE;
    uint16_t met[TOGETHER * TILE];
    for (size_t low = 0; low < s->n_tiles; low++) {
        for (size_t a = 0; a < n_high; a += TOGETHER) {
            meet_lanes(s->n_slots, s->rank + low * LANES * TILE, rank_stride, t->number + a * LANES,
                       (size_t)HIGH * LANES, met);
            for (size_t i = 0; i < TOGETHER && a + i < n_high; i++)
                for (size_t b = 0; b < TILE && low * TILE + b < n_low; b++)
                    s->count->met[(first + a + i) * n_low + low * TILE + b] += met[i * TILE + b];
        }
    }
}

static tj_status count_high(const stretch *s, size_t first, uint64_t *near)
{
    size_t all = (size_t)1 << s->count->split.n_high, n = all - first < HIGH ? all - first : HIGH;
    size_t cells = s->n_slots * HIGH * LANES;
    double *room = calloc(2 * cells + 2 * LANES, sizeof *room);
    int16_t *number = calloc(cells, sizeof *number);
    tile t = {.limit = room, .margin = room + cells, .number = number};
    tj_status status = room == NULL || number == NULL ? TJ_ERR_MEMORY : TJ_OK;
    if (status == TJ_OK) {
        t.row = room + 2 * cells;
        t.factor = t.row + LANES;
        for (size_t a = 0; a < n; a++)
            high_limits(s, tj_sweep_mask_high(&s->count->split, (uint32_t)(first + a)), a, &t);
        for (size_t k = 0; k < s->n_slots; k++)
            find_numbers(s, k, n, &t);
        count_tile(s, first, n, &t);
        *near = t.near;
    }
    free(room);
    free(number);
    return status;
}

static tj_status count_all(const stretch *s, int threads)
{
    size_t all = (size_t)1 << s->count->split.n_high;
    uint64_t near = 0;
    int failed = 0;
#pragma omp parallel for num_threads(threads) schedule(dynamic) reduction(+ : near, failed)
    for (size_t first = 0; first < all; first += HIGH) {
        uint64_t found = 0;
        failed += count_high(s, first, &found) != TJ_OK;
        near += found;
    }
    s->count->near += near;
    return failed > 0 ? TJ_ERR_MEMORY : TJ_OK;
}

tj_status tj_sweep_count_stretch(const tj_sweep_city *city, tj_sweep_count *count, int threads)
{
    size_t n = (size_t)1 << count->split.n_low;
    stretch s = {.city = city, .count = count, .n_tiles = (n + TILE - 1) / TILE};
    if (count->verdict.known == 0)
        return TJ_OK;
    find_slots(&s);
    size_t ranks = s.n_slots * s.n_tiles * LANES * TILE;
    double *y = malloc(LOW * LANES * sizeof *y);
    s.sorted = malloc(s.n_slots * LANES * LOW * sizeof *s.sorted);
    s.rank = malloc(ranks * sizeof *s.rank);
    tj_status status = y == NULL || s.sorted == NULL || s.rank == NULL ? TJ_ERR_MEMORY : TJ_OK;
    if (status == TJ_OK) {
        for (size_t i = 0; i < ranks; i++)
            s.rank[i] = INT16_MAX; /* below no number: low subsets that are not there */
        for (size_t k = 0; k < s.n_slots; k++)
            fill_slot(&s, k, threads, y);
        status = count_all(&s, threads);
    }
    free(y);
    free(s.sorted);
    free(s.rank);
    return status;
}
