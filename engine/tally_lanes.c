/* The lanes of a tally: multipliers of all variants, then the totals, a year after the other; see tally.h.
 *
 * The multipliers and the bases of a year stay in the first-level cache while all totals of the year are summed, a few
 * totals at a time in registers, so that a base is fetched once for them. */
#include "engine/scaled_kernel.h"
#include "engine/tally_parts.h"

#include <string.h>

_Static_assert((int)TJ_TALLY_LANES == (int)TJ_SCALED_LANES,
               "a tile of a tally is what engine/scaled_kernel.h works on");

/* Vectors of a sum that pass together, and sums; years that bases are fetched ahead. */
enum { BESIDE = 4, SUMS = 5, AHEAD = 2 };
#define EACH(j)     _Pragma("GCC unroll 4") for (size_t j = 0; j < BESIDE; j++)
#define EACH_SUM(s) _Pragma("GCC unroll 5") for (size_t s = 0; s < sums; s++)

typedef struct pass {
    const tj_tally *tally;
    const tj_tally_room *room;
    const tj_scaled_driver *drivers; /* of the background */
    const tj_tally_year *years;      /* likewise */
    int32_t background, end;         /* of the plan: those together */
    size_t at;                       /* the first lane of the tile within the block */
    double *out;
} pass;

/* ---- multipliers ---- */

TJ_INLINE void renew(const pass *p, int32_t year)
{
    const tj_tally *t = p->tally;
    const tj_tally_room *room = p->room;
    const tj_tally_year *moves = &p->years[year];
    for (int32_t i = 0; i < moves->drivers_count; i++) {
        const tj_tally_move *move = &t->driver_moves[moves->drivers_first + i];
        double *driven = room->driven + move->driver * TJ_TALLY_LANES;
        wide x[TJ_ALONG];
        tj_scaled_take(&p->drivers[move->driver], year, p->at, move->judges, room->winners, x);
        TJ_EACH(j) WIDE_PUT(driven, j * WIDE, x[j]);
    }
    for (int32_t i = 0; i < moves->variants_count; i++) {
        int32_t variant = t->variant_moves[moves->variants_first + i];
        const double *activity = room->driven + t->variants[variant].driver[0] * TJ_TALLY_LANES;
        const double *intensity = room->driven + t->variants[variant].driver[1] * TJ_TALLY_LANES;
        double *product = room->multiplier + variant * TJ_TALLY_LANES;
        TJ_EACH(j) WIDE_PUT(product, j * WIDE, WIDE_AT(activity, j * WIDE) * WIDE_AT(intensity, j * WIDE));
    }
}

/* ---- bases ---- */

/* Where the base of a term is in a year, and asks for that of a later one. */
TJ_INLINE void find_base(const pass *p, size_t term, int32_t year)
{
    const tj_tally *t = p->tally;
    const tj_tally_room *room = p->room;
    const double *base = t->terms[term].base + (size_t)(year - t->first) * t->stride + room->first + p->at;
    for (int32_t b = p->background; b < p->end; b++)
        room->ratio[(b - p->background) * t->n_terms + (int32_t)term] =
            t->terms[term].ratio[b * t->n_years + year];
    room->base[term] = base;
    if (room->n < TJ_TALLY_LANES) {
        double *whole = room->short_base + term * TJ_TALLY_LANES;
        for (size_t i = 0; i < TJ_TALLY_LANES; i++)
            whole[i] = i < room->n ? base[i] : 0.0;
        room->base[term] = whole;
    } else if (year + AHEAD < t->n_years) {
        TJ_EACH(j) __builtin_prefetch(base + AHEAD * t->stride + j * WIDE);
    }
}

/* ---- totals ---- */

/* Vectors from `at` on of `sums` totals, whose multipliers begin at `product`: 0 + (base * ratio) * multiplier of each term. */
TJ_INLINE void sum_totals(const pass *p, const double *ratio, const double *const *product, size_t sums,
                          size_t at, double *to, size_t apart)
{
    wide total[SUMS][BESIDE] = {{{0}}};
    size_t terms = (size_t)p->tally->n_terms;
    for (size_t k = 0; k < terms; k++) {
        wide base[BESIDE];
        EACH(j) base[j] = WIDE_AT(p->room->base[k], at + j * WIDE) * ratio[k];
        EACH_SUM(s)
        {
            const double *multiplier = product[s * terms + k];
            EACH(j) total[s][j] += base[j] * WIDE_AT(multiplier, at + j * WIDE);
        }
    }
    EACH_SUM(s)
    {
        EACH(j) WIDE_PUT(to + s * apart, at + j * WIDE, total[s][j]);
    }
}

TJ_INLINE void sum_tile(const pass *p, const double *ratio, const double *const *product, size_t sums,
                        double *to, size_t apart)
{
    for (size_t at = 0; at < TJ_TALLY_LANES; at += BESIDE * WIDE)
        sum_totals(p, ratio, product, sums, at, to, apart);
}

/* All packages under a background, in groups of about the same size. */
TJ_INLINE void sum_year(const pass *p, int32_t background, int32_t year)
{
    const tj_tally *t = p->tally;
    size_t left = (size_t)t->n_packages, groups = (left + SUMS - 1) / SUMS;
    size_t apart = (size_t)(t->n_years - t->first) * TJ_TALLY_LANES;
    size_t b = (size_t)(background - p->background);
    double *to = p->out + b * left * apart + (size_t)(year - t->first) * TJ_TALLY_LANES;
    const double *ratio = p->room->ratio + b * (size_t)t->n_terms;
    const double *const *product = p->room->product;
    for (; groups > 0; groups--) {
        size_t sums = (left + groups - 1) / groups;
        switch (sums) {
        case 1:
            sum_tile(p, ratio, product, 1, to, apart);
            break;
        case 2:
            sum_tile(p, ratio, product, 2, to, apart);
            break;
        case 3:
            sum_tile(p, ratio, product, 3, to, apart);
            break;
        case 4:
            sum_tile(p, ratio, product, 4, to, apart);
            break;
        default:
            sum_tile(p, ratio, product, SUMS, to, apart);
            break;
        }
        product += sums * (size_t)t->n_terms;
        to += sums * apart;
        left -= sums;
    }
}

TJ_CLONES static void write_tile(const pass *p)
{
    const tj_tally *t = p->tally;
    for (int32_t year = t->first; year < t->n_years; year++) {
        renew(p, year);
        for (size_t k = 0; k < (size_t)t->n_terms; k++)
            find_base(p, k, year);
        for (int32_t b = p->background; b < p->end; b++)
            sum_year(p, b, year);
    }
}

void tj_tally_write(const tj_tally *t, void *bytes, int32_t background, size_t at, double *out)
{
    const tj_tally_room *room = bytes;
    size_t b = (size_t)(background - t->background_first);
    const pass p = {.tally = t,
                    .room = room,
                    .drivers = room->drivers + b * (size_t)t->n_drivers,
                    .years = t->years + b * (size_t)t->n_years,
                    .background = background,
                    .end = t->together[b],
                    .at = at,
                    .out = out};
    write_tile(&p);
}
