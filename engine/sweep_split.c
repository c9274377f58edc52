/* Which measures of a combination are its low part; see sweep_parts.h. */
#include "engine/sweep_parts.h"

static int bits_in(uint32_t mask)
{
    return __builtin_popcount(mask);
}

static int matters(const tj_sweep_verdict *verdict, int32_t part)
{
    for (size_t i = 0; i < verdict->n_conditions; i++)
        for (size_t t = 0; t < verdict->condition[i].n_terms; t++)
            if (verdict->condition[i].terms[t].part == part)
                return 1;
    return 0;
}

/* At most one term of positive weight in each condition, so that it can stand for P Y. */
static int is_factor(const tj_sweep_verdict *verdict, int32_t part)
{
    for (size_t i = 0; i < verdict->n_conditions; i++) {
        const tj_sweep_condition *c = &verdict->condition[i];
        int found = 0;
        for (size_t t = 0; t < c->n_terms; t++) {
            found += c->terms[t].part == part;
            if (c->terms[t].part == part && c->terms[t].weight <= 0)
                return 0;
        }
        if (found > 1)
            return 0;
    }
    return 1;
}

/* Bits of the blocks of a product part that no other part of the target knows, as many as may be low. */
static uint32_t own_bits(const tj_sweep_verdict *verdict, const tj_sweep_city *city, int32_t part, int most)
{
    uint32_t others = 0, own = 0;
    for (int32_t p = 0; p < city->n_parts; p++)
        others |= p != part && matters(verdict, p) ? city->parts[p].mask : 0;
    for (int32_t b = 0; b < city->parts[part].n_blocks; b++) {
        uint32_t mask = city->parts[part].blocks[b].mask;
        if ((mask & others) == 0 && bits_in(own | mask) <= most)
            own |= mask;
    }
    return own;
}

/* Bits of whole parts that share no bit with the rest, as many as may be low. */
static uint32_t whole_bits(const tj_sweep_verdict *verdict, const tj_sweep_city *city, int most)
{
    uint32_t low = 0;
    for (int32_t p = 0; p < city->n_parts; p++) {
        uint32_t joined = city->parts[p].mask, before = 0;
        if (!matters(verdict, p))
            continue;
        while (joined != before) {
            before = joined;
            for (int32_t o = 0; o < city->n_parts; o++)
                joined |= matters(verdict, o) && (city->parts[o].mask & joined) ? city->parts[o].mask : 0;
        }
        if (bits_in(low | joined) <= most)
            low |= joined;
    }
    return low;
}

/* Ranking low parts takes the square of their number: no more than half of all bits are low. */
static void choose_low(const tj_sweep_city *city, const tj_sweep_verdict *verdict, tj_sweep_split *split)
{
    int half = (bits_in(verdict->mask) + 1) / 2, most = half < TJ_SWEEP_LOW ? half : TJ_SWEEP_LOW;
    split->low_part = TJ_NONE;
    split->low_mask = whole_bits(verdict, city, most);
    for (int32_t p = 0; p < city->n_parts; p++) {
        const tj_sweep_part *part = &city->parts[p];
        if (!part->component->product || !matters(verdict, p) || !is_factor(verdict, p))
            continue;
        uint32_t own = own_bits(verdict, city, p, most);
        if (bits_in(own) <= bits_in(split->low_mask))
            continue;
        split->low_mask = own;
        split->low_part = p;
    }
}

void tj_sweep_split_make(const tj_sweep_city *city, const tj_sweep_verdict *verdict, tj_sweep_split *split)
{
    int at = 0;
    choose_low(city, verdict, split);
    for (int low = 1; low >= 0; low--)
        for (int i = 0; i < TJ_SWEEP_MEASURES; i++)
            if ((verdict->mask >> i & 1) && (int)(split->low_mask >> i & 1) == low)
                split->bit[at++] = (uint8_t)i;
    split->n_low = bits_in(split->low_mask);
    split->n_high = at - split->n_low;
}

int tj_sweep_is_low(const tj_sweep_city *city, const tj_sweep_split *split, const tj_sweep_term *term)
{
    if (split->low_part != TJ_NONE)
        return term->part == split->low_part;
    uint32_t mask = city->parts[term->part].mask;
    return mask != 0 && (mask & ~split->low_mask) == 0;
}

/* ---- subsets ---- */

uint32_t tj_sweep_mask_of(uint32_t subset, int n, const uint8_t *bit)
{
    uint32_t mask = 0;
    for (int i = 0; i < n; i++)
        mask |= (subset >> i & 1) << bit[i];
    return mask;
}

uint32_t tj_sweep_mask_low(const tj_sweep_split *split, uint32_t subset)
{
    return tj_sweep_mask_of(subset, split->n_low, split->bit);
}

uint32_t tj_sweep_mask_high(const tj_sweep_split *split, uint32_t subset)
{
    return tj_sweep_mask_of(subset, split->n_high, split->bit + split->n_low);
}

void tj_sweep_factor(const tj_sweep_city *city, const tj_sweep_split *split, const tj_sweep_term *low,
                     uint32_t mask, double *factor)
{
    const tj_sweep_part *part = &city->parts[low->part];
    for (int d = 0; d < TJ_SWEEP_LANES; d++)
        factor[d] = 1;
    for (int32_t b = 0; split->low_part != TJ_NONE && b < part->n_blocks; b++) {
        int32_t variant = tj_sweep_variant(&part->blocks[b], mask);
        if (variant == 0)
            continue;
        const double *row = tj_sweep_row_of(part, variant, low->row);
        for (int d = 0; d < TJ_SWEEP_LANES; d++)
            factor[d] *= row[d];
    }
}
