/* Comparing two packages: paired differences of totals, draw by draw; see ensemble.h.
 *
 * Invariant: the same draws serve both packages, so a difference is taken before anything is summarised;
 * quantiles are never subtracted. */
#include "engine/ensemble.h"

#include "engine/quantile.h"
#include "engine/reduce.h"
#include "engine/totals.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* The totals of both packages, n_cities * n_years * n each, and what is made of them. */
typedef struct pair {
    const tj_plan *plan;
    int32_t package[2];
    double *total[2];
    double *work; /* 5 * n */
    tj_ranks ranks;
} pair;

/* Rows: cities, then groups, by year. */
static void put_rows(const pair *p, tj_paired *paired)
{
    const tj_plan_settings *s = tj_plan_get_settings(p->plan);
    size_t n = p->ranks.n, n_years = (size_t)s->n_years, cities = (size_t)s->n_cities * n_years;
    double *work = p->work;
    for (size_t row = 0; row < cities; row++)
        put_difference(&p->ranks, p->total[0] + row * n, p->total[1] + row * n, row, work, paired);
    for (size_t row = 0; row < (size_t)s->n_groups * n_years; row++) {
        int32_t group = (int32_t)(row / n_years), year = (int32_t)(row % n_years);
        tj_group_sum(p->plan, group, p->total[0], year, n, work);
        tj_group_sum(p->plan, group, p->total[1], year, n, work + n);
        put_difference(&p->ranks, work, work + n, cities + row, work + 2 * n, paired);
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

static tj_status keep(void *context, int thread, const tj_totals_part *part)
{
    const pair *p = context;
    size_t n = p->ranks.n, n_years = (size_t)tj_plan_get_settings(p->plan)->n_years;
    (void)thread;
    for (int i = 0; i < 2; i++)
        for (int32_t y = part->first_year; y < part->end_year && part->package == p->package[i]; y++)
            memcpy(p->total[i] + ((size_t)part->city * n_years + (size_t)y) * n + part->first,
                   part->total + (size_t)(y - part->first_year) * part->stride, part->n * sizeof(double));
    return TJ_OK;
}

/* Simulates both packages into the pair, whose room is there. */
static tj_status simulate(const tj_run *run, int32_t background, pair *p)
{
    int32_t packages[2] = {p->package[0], p->package[1]};
    tj_run both = *run;
    both.packages = packages;
    both.n_packages = packages[0] == packages[1] ? 1 : 2;
    const tj_totals_run wanted = {.run = &both,
                                  .background_first = background,
                                  .background_end = background + 1,
                                  .history = 1,
                                  .part = keep,
                                  .context = p};
    tj_totals *totals;
    tj_status status = tj_totals_open(&wanted, &totals);
    if (status == TJ_OK)
        status = tj_totals_give(totals);
    tj_totals_close(totals);
    return status;
}

static tj_status pair_init(pair *p, const tj_run *run)
{
    const tj_plan_settings *s = tj_plan_get_settings(p->plan);
    size_t length = (size_t)s->n_cities * (size_t)s->n_years * run->draws;
    for (int i = 0; i < 2; i++)
        p->total[i] = malloc(length * sizeof *p->total[i]);
    p->work = malloc(5 * run->draws * sizeof *p->work);
    tj_status status = tj_ranks_of(&p->ranks, p->plan, run->draws);
    return p->total[0] != NULL && p->total[1] != NULL && p->work != NULL ? status : TJ_ERR_MEMORY;
}

static void pair_free(pair *p)
{
    free(p->total[0]);
    free(p->total[1]);
    free(p->work);
    tj_ranks_free(&p->ranks);
}

tj_status tj_ensemble_compare(const tj_run *run, int32_t background, int32_t a, int32_t b, tj_paired *paired)
{
    const tj_plan_settings *s = tj_plan_get_settings(run->plan);
    assert(background >= 0 && background < s->n_backgrounds);
    assert(a >= 0 && a < s->n_packages && b >= 0 && b < s->n_packages);
    pair p = {.plan = run->plan, .package = {a, b}};
    tj_status status =
        paired_init(paired, (size_t)(s->n_cities + s->n_groups) * (size_t)s->n_years, (size_t)s->n_quantiles);
    tj_status room = pair_init(&p, run);
    if (status == TJ_OK)
        status = room;
    if (status == TJ_OK)
        status = simulate(run, background, &p);
    if (status == TJ_OK)
        put_rows(&p, paired);
    else
        tj_paired_free(paired);
    pair_free(&p);
    return status;
}
