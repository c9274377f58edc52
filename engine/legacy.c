/* Old units of H as products of a number and a lane; see legacy.h.
 *
 * Invariant: in each lane a unit is either here or in its cohort's row, and the other place holds 0. */
#include "engine/legacy.h"

#include "engine/kernel.h"
#include "engine/operators.h"

/* The part of a cohort that is left after a year from which on it may be kept here: survival can make up for little
 * more before some lane would keep more than it has. */
static const double CERTAIN = 0.98;

/* Less of a cohort than this is none. */
static const double NOTHING = 1e-290;

static double *cohort_at(const tj_technology *technology, int32_t v)
{
    return technology->cohorts + (size_t)v * TJ_FLEET_LANES;
}

void tj_legacy_start(size_t n, tj_technology *technology, const double *units)
{
    const tj_lifetime *lifetime = technology->lifetime;
    tj_legacy *legacy = &technology->legacy;
    int32_t ages = lifetime->ages;
    legacy->count = 0;
    legacy->open = 0;
    if (lifetime->ratio != NULL && lifetime->weight != NULL && lifetime->cohorts > ages)
        while (legacy->count < ages && lifetime->ratio[ages - legacy->count] <= CERTAIN)
            legacy->count++;
    for (int32_t v = 0; v < legacy->count; v++)
        legacy->left[v] = lifetime->weight[ages - 1 - v];
    tj_row_copy(n, units, legacy->units);
    tj_row_fill(n, 1.0, legacy->alive);
    technology->oldest = legacy->count;
}

/* ---- parting ---- */

/* apart = 1 where a lane still has units here and loses some early, or could keep more than age leaves; returns how
 * many lanes there are. */
TJ_CLONES static size_t find_apart(size_t n, double most, const double *restrict units,
                                   const double *restrict survival, const double *restrict scrappage,
                                   double *restrict apart)
{
    size_t lanes = 0;
#pragma omp simd reduction(+ : lanes)
    for (size_t i = 0; i < n; i++) {
        int some = (most * survival[i] > 1.0) | (scrappage[i] != 0.0);
        some &= units[i] != 0.0;
        apart[i] = some ? 1.0 : 0.0;
        lanes += (size_t)some;
    }
    return lanes;
}

TJ_CLONES static void give(size_t n, double left, const double *restrict units, const double *restrict alive,
                           const double *restrict apart, double *restrict cohort)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        cohort[i] = apart[i] > 0.0 && units[i] != 0.0 ? units[i] * left * alive[i] : cohort[i];
}

/* Takes the lanes out; returns whether any is left. */
static int leave(size_t n, const double *apart, double *units)
{
    int some = 0;
    for (size_t i = 0; i < n; i++) {
        units[i] = apart[i] > 0.0 ? 0.0 : units[i];
        some |= units[i] != 0.0;
    }
    return some;
}

void tj_legacy_part(size_t n, tj_technology *technology, const double *apart)
{
    tj_legacy *legacy = &technology->legacy;
    if (legacy->count == 0)
        return;
    for (int32_t v = 0; v < legacy->count; v++) {
        if (!legacy->open)
            tj_row_fill(n, 0.0, cohort_at(technology, v));
        give(n, legacy->left[v], legacy->units, legacy->alive, apart, cohort_at(technology, v));
    }
    legacy->open = 1;
    technology->oldest = 0;
    if (!leave(n, apart, legacy->units))
        legacy->count = 0;
}

/* ---- years ---- */

void tj_legacy_age(size_t n, tj_technology *technology, int32_t newest, const double *survival,
                   const double *scrappage)
{
    tj_legacy *legacy = &technology->legacy;
    const double *ratio = technology->lifetime->ratio;
    double none[TJ_FLEET_LANES], apart[TJ_FLEET_LANES], most = 0.0;
    for (int32_t v = 0; v < legacy->count; v++)
        if (legacy->left[v] > 0.0 && ratio[newest - v] > most)
            most = ratio[newest - v];
    if (scrappage == NULL)
        tj_row_fill(n, 0.0, none);
    if (survival != NULL &&
        find_apart(n, most, legacy->units, survival, scrappage != NULL ? scrappage : none, apart) > 0)
        tj_legacy_part(n, technology, apart);
    for (int32_t v = 0; v < legacy->count; v++) {
        legacy->left[v] *= ratio[newest - v];
        legacy->left[v] = legacy->left[v] > NOTHING ? legacy->left[v] : 0.0;
    }
    if (survival != NULL && legacy->count > 0)
        tj_row_multiply(n, survival, legacy->alive);
}

TJ_CLONES static void add_part(size_t n, double part, const double *restrict units,
                               const double *restrict alive, double *restrict sum)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        sum[i] += units[i] * alive[i] * part;
}

TJ_CLONES static void add_part_by_lane(size_t n, double part, const double *restrict units,
                                       const double *restrict alive, const double *restrict eta,
                                       double *restrict sum)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        sum[i] += units[i] * alive[i] * part * eta[i];
}

void tj_legacy_add(size_t n, const tj_technology *technology, const tj_burn *burns)
{
    const tj_legacy *legacy = &technology->legacy;
    double part = 0.0;
    if (legacy->count == 0)
        return;
    for (int32_t v = legacy->count - 1; v >= 0; v--)
        part += legacy->left[v];
    add_part(n, part, legacy->units, legacy->alive, technology->units);
    for (int32_t b = 0; b < technology->record->burners_count; b++) {
        if (burns[b].past_by_lane) {
            add_part_by_lane(n, part, legacy->units, legacy->alive, burns[b].past, burns[b].energy);
            continue;
        }
        double used = 0.0;
        for (int32_t v = legacy->count - 1; v >= 0; v--)
            used += legacy->left[v] * burns[b].past[v];
        add_part(n, used, legacy->units, legacy->alive, burns[b].energy);
    }
}
