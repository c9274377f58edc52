/* Some vectors of lanes at a time through all cohorts; see cohorts.h.
 *
 * The first two burners ride along with the survivors; a technology with more takes a pass for each of the others.
 * Lanes that fill no vector go one by one, through the same operations in the same order. */
#include "engine/cohorts.h"

#include "engine/kernel.h"
#include "engine/operators.h"
#include "engine/wide.h"

#include <assert.h>
#include <string.h>

/* Fewer units than this are none: no number becomes subnormal, and slow. */
static const double NOTHING = 1e-290;

enum { ALONG = 2 };

/* What a pass works on. */
typedef struct pass {
    double *cohorts; /* of the technology */
    int32_t oldest, newest, ages;
    const double *ratio, *ratio_rows;   /* by age: numbers, or rows where draws differ */
    const double *survival, *scrappage; /* NULL: 1, 0 in every lane */
    double most;                        /* survival of a lane */
    double *units;
    const tj_burn *burns;
    int32_t n_burns; /* at most ALONG, those that ride along */
} pass;

static const double *row_at(const double *rows, int32_t index)
{
    return rows + (size_t)index * TJ_FLEET_LANES;
}

/* eta of a cohort: a row, or NULL with the number in *value. */
TJ_INLINE const double *eta_of(const pass *p, const tj_burn *burn, int32_t cohort, double *value)
{
    if (cohort >= p->ages)
        return row_at(burn->eta, cohort - p->ages);
    if (burn->past_by_lane)
        return burn->past;
    *value = burn->past[cohort];
    return NULL;
}

/* What takes from cohorts beside their age. */
enum { NOTHING_TAKES, SURVIVAL_TAKES, SCRAPPAGE_TAKES };

/* Vectors that pass together, and loops over those of a pass. */
enum { SIDE = 4 };
#define EACH(i, count) _Pragma("GCC unroll 4") for (size_t i = 0; i < (count); i++)

/* `count` vectors from lane `at` on, at most SIDE. That, `takes` and the number of burners are known when this is
 * compiled, so that the sums stay in registers. Where no lane survives by more than 1, nothing is clamped. */
TJ_INLINE void age_wide(const pass *p, size_t at, size_t count, int takes, int burners)
{
    wide units[SIDE] = {{0}}, energy[ALONG][SIDE] = {{{0}}}, survival[SIDE], kept[SIDE], left[SIDE];
    EACH(i, count)
    survival[i] = takes != NOTHING_TAKES ? WIDE_AT(p->survival, at + i * WIDE) : (wide){0} + 1.0;
    EACH(i, count)
    kept[i] = takes == SCRAPPAGE_TAKES ? 1.0 - WIDE_AT(p->scrappage, at + i * WIDE) : (wide){0} + 1.0;
    for (int32_t v = p->newest - 1; v >= p->oldest; v--) {
        double *cohort = p->cohorts + (size_t)v * TJ_FLEET_LANES + at;
        const double *row = p->ratio_rows != NULL ? row_at(p->ratio_rows, p->newest - v) + at : NULL;
        double ratio = row != NULL ? 0.0 : p->ratio[p->newest - v];
        EACH(i, count) left[i] = WIDE_OR(row, ratio, i * WIDE);
        if (takes != NOTHING_TAKES) {
            EACH(i, count) left[i] *= survival[i];
        }
        if (takes != NOTHING_TAKES && (row != NULL || !(ratio * p->most <= 1.0))) {
            EACH(i, count) left[i] = WIDE_BELOW_1(left[i]);
        }
        EACH(i, count) left[i] = WIDE_AT(cohort, i * WIDE) * left[i];
        if (takes == SCRAPPAGE_TAKES) {
            EACH(i, count) left[i] *= kept[i];
        }
        EACH(i, count) left[i] = WIDE_ABOVE(left[i], NOTHING);
        EACH(i, count) WIDE_PUT(cohort, i * WIDE, left[i]);
        EACH(i, count) units[i] += left[i];
        for (int b = 0; b < burners; b++) {
            double value = 0.0;
            const double *eta = eta_of(p, &p->burns[b], v, &value);
            EACH(i, count) energy[b][i] += left[i] * WIDE_OR(eta, value, at + i * WIDE);
        }
    }
    EACH(i, count) WIDE_PUT(p->units, at + i * WIDE, units[i]);
    for (int b = 0; b < burners; b++)
        EACH(i, count) WIDE_PUT(p->burns[b].energy, at + i * WIDE, energy[b][i]);
}

static void age_lane(const pass *p, size_t at)
{
    double units = 0.0, energy[ALONG] = {0.0, 0.0},
           kept = p->scrappage != NULL ? 1.0 - p->scrappage[at] : 1.0;
    for (int32_t v = p->newest - 1; v >= p->oldest; v--) {
        double *cohort = p->cohorts + (size_t)v * TJ_FLEET_LANES + at;
        double ratio =
            p->ratio_rows != NULL ? row_at(p->ratio_rows, p->newest - v)[at] : p->ratio[p->newest - v];
        double survives = p->survival != NULL ? ratio * p->survival[at] : ratio;
        survives = survives > 0.0 ? survives : 0.0;
        survives = survives < 1.0 ? survives : 1.0;
        double left = *cohort * survives * kept;
        left = left > NOTHING ? left : 0.0;
        *cohort = left;
        units += left;
        for (int32_t b = 0; b < p->n_burns; b++) {
            double value = 0.0;
            const double *eta = eta_of(p, &p->burns[b], v, &value);
            energy[b] += left * (eta != NULL ? eta[at] : value);
        }
    }
    p->units[at] = units;
    for (int32_t b = 0; b < p->n_burns; b++)
        p->burns[b].energy[at] = energy[b];
}

#define AGE_LANES(n, p, takes, burners)                                                                      \
    do {                                                                                                     \
        size_t at_ = 0;                                                                                      \
        for (; at_ + SIDE * WIDE <= (n); at_ += SIDE * WIDE)                                                 \
            age_wide(p, at_, SIDE, takes, burners);                                                          \
        for (; at_ + WIDE <= (n); at_ += WIDE)                                                               \
            age_wide(p, at_, 1, takes, burners);                                                             \
        for (; at_ < (n); at_++)                                                                             \
            age_lane(p, at_);                                                                                \
    } while (0)

#define AGE_ALL(n, p, takes)                                                                                 \
    do {                                                                                                     \
        if ((p)->n_burns == 2)                                                                               \
            AGE_LANES(n, p, takes, 2);                                                                       \
        else if ((p)->n_burns == 1)                                                                          \
            AGE_LANES(n, p, takes, 1);                                                                       \
        else                                                                                                 \
            AGE_LANES(n, p, takes, 0);                                                                       \
    } while (0)

TJ_CLONES static void age_plain(size_t n, const pass *p)
{
    AGE_ALL(n, p, NOTHING_TAKES);
}

TJ_CLONES static void age_surviving(size_t n, const pass *p)
{
    AGE_ALL(n, p, SURVIVAL_TAKES);
}

TJ_CLONES static void age_scrapped(size_t n, const pass *p)
{
    AGE_ALL(n, p, SCRAPPAGE_TAKES);
}

/* The largest of n numbers not below 0. */
TJ_CLONES static double largest(size_t n, const double *x)
{
    double most = 0.0;
#pragma omp simd reduction(max : most)
    for (size_t i = 0; i < n; i++)
        most = x[i] > most ? x[i] : most;
    return most;
}

/* Energy of one burner alone. */
static void sum_burner(size_t n, const pass *p, const tj_burn *burn)
{
    tj_row_fill(n, 0.0, burn->energy);
    for (int32_t v = p->newest - 1; v >= p->oldest; v--) {
        double value = 0.0;
        const double *eta = eta_of(p, burn, v, &value), *units = row_at(p->cohorts, v);
        if (eta != NULL)
            tj_row_accumulate(n, units, eta, burn->energy);
        else
            tj_row_add(n, units, value, burn->energy);
    }
}

static pass pass_of(const tj_technology *technology, const tj_burn *burns, int32_t newest)
{
    return (pass){.cohorts = technology->cohorts,
                  .oldest = technology->oldest,
                  .newest = newest,
                  .ages = technology->lifetime->ages,
                  .ratio = technology->lifetime->ratio,
                  .ratio_rows = technology->ratio,
                  .units = technology->units,
                  .burns = burns,
                  .n_burns = technology->record->burners_count};
}

void tj_cohorts_age(size_t n, const tj_technology *technology, const tj_burn *burns, int32_t newest,
                    const double *survival, const double *scrappage)
{
    pass p = pass_of(technology, burns, newest);
    int32_t all = p.n_burns;
    p.survival = survival;
    p.scrappage = scrappage;
    p.most = survival != NULL ? largest(n, survival) : 1.0;
    p.n_burns = all < ALONG ? all : ALONG;
    assert(scrappage == NULL || survival != NULL);
    (scrappage != NULL ? age_scrapped : survival != NULL ? age_surviving : age_plain)(n, &p);
    for (int32_t b = ALONG; b < all; b++)
        sum_burner(n, &p, &burns[b]);
}

void tj_cohorts_sum(size_t n, const tj_technology *technology, const tj_burn *burns, int32_t newest)
{
    pass p = pass_of(technology, burns, newest);
    tj_row_fill(n, 0.0, technology->units);
    for (int32_t v = newest - 1; v >= p.oldest; v--)
        tj_row_add(n, row_at(p.cohorts, v), 1.0, technology->units);
    for (int32_t b = 0; b < p.n_burns; b++)
        sum_burner(n, &p, &burns[b]);
}
