/* Comparing two packages: paired differences of totals, draw by draw; see ensemble.h.
 *
 * Invariant: the same draws serve both packages, so a difference is taken before anything is summarised;
 * quantiles are never subtracted. */
#include "engine/ensemble.h"

#include "engine/ensemble_parts.h"
#include "engine/reduce.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* Statistics of a - b in one row; both are n draws and NaN together. work is 3 * n. */
static void put_difference(const tj_ranks *ranks, const double *a, const double *b, size_t row, double *work,
                           tj_paired *paired)
{
    size_t n = ranks->n, below = 0;
    for (size_t d = 0; d < n; d++) {
        work[d] = a[d] - b[d];
        below += a[d] < b[d];
    }
    tj_summary summary;
    tj_summarise(ranks, work, work + n, &summary, paired->quantile + row * ranks->count,
                 paired->quantile_se + row * ranks->count);
    paired->mean[row] = summary.mean;
    paired->mean_se[row] = summary.mean_se;
    paired->below[row] = summary.undefined == 0 ? (double)below / (double)n : NAN;
}

/* Rows: cities, then groups, by year. work is 5 * n. */
static void put_rows(const tj_ensemble *e, const tj_flight *a, const tj_flight *b, double *work,
                     tj_paired *paired)
{
    const tj_plan_settings *s = tj_plan_get_settings(e->plan);
    size_t n = e->draws.count, n_years = (size_t)s->n_years, cities = (size_t)s->n_cities * n_years;
    for (size_t row = 0; row < cities; row++)
        put_difference(&e->ranks, a->total + row * n, b->total + row * n, row, work, paired);
    for (size_t row = 0; row < (size_t)s->n_groups * n_years; row++) {
        int32_t group = (int32_t)(row / n_years), year = (int32_t)(row % n_years);
        tj_group_sum(e->plan, group, a->total, year, n, work);
        tj_group_sum(e->plan, group, b->total, year, n, work + n);
        put_difference(&e->ranks, work, work + n, cities + row, work + 2 * n, paired);
    }
}

static tj_status paired_init(tj_paired *paired, size_t rows, size_t nq)
{
    *paired = (tj_paired){.quantile = malloc(rows * nq * sizeof(double)),
                          .quantile_se = malloc(rows * nq * sizeof(double)),
                          .mean = malloc(rows * sizeof(double)),
                          .mean_se = malloc(rows * sizeof(double)),
                          .below = malloc(rows * sizeof(double))};
    int whole = paired->quantile != NULL && paired->quantile_se != NULL && paired->mean != NULL &&
                paired->mean_se != NULL && paired->below != NULL;
    return whole ? TJ_OK : TJ_ERR_MEMORY;
}

void tj_paired_free(tj_paired *paired)
{
    if (paired == NULL)
        return;
    free(paired->quantile);
    free(paired->quantile_se);
    free(paired->mean);
    free(paired->mean_se);
    free(paired->below);
    *paired = (tj_paired){0};
}

/* Simulates the two units and fills `paired`, whose arrays are there. */
static tj_status compare(tj_ensemble *e, tj_flight flights[2], tj_paired *paired)
{
    double *work = malloc(5 * e->draws.count * sizeof *work);
    tj_status status = work == NULL ? TJ_ERR_MEMORY : TJ_OK;
    for (int i = 0; i < 2 && status == TJ_OK; i++)
        status = tj_flight_init(e, &flights[i], 0, NULL);
    if (status == TJ_OK)
        status = tj_ensemble_wave(e, &(tj_wave){flights, 2, flights[0].background, flights[0].background + 1},
                                  NULL);
    if (status == TJ_OK)
        put_rows(e, &flights[0], &flights[1], work, paired);
    free(work);
    return status;
}

tj_status tj_ensemble_compare(const tj_run *run, int32_t background, int32_t a, int32_t b, tj_paired *paired)
{
    const tj_plan_settings *s = tj_plan_get_settings(run->plan);
    assert(background >= 0 && background < s->n_backgrounds);
    assert(a >= 0 && a < s->n_packages && b >= 0 && b < s->n_packages);
    size_t rows = (size_t)(s->n_cities + s->n_groups) * (size_t)s->n_years;
    tj_flight flights[2] = {{.background = background, .package = a},
                            {.background = background, .package = b}};
    tj_ensemble e;
    tj_status status = tj_ensemble_open(&e, run, 2);
    tj_status room = paired_init(paired, rows, (size_t)s->n_quantiles);
    if (status == TJ_OK)
        status = room;
    if (status == TJ_OK)
        status = compare(&e, flights, paired);
    tj_flight_free(&flights[0]);
    tj_flight_free(&flights[1]);
    tj_ensemble_close(&e);
    if (status != TJ_OK)
        tj_paired_free(paired);
    return status;
}
