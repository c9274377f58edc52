/* Summaries of an ensemble; see quantile.h.
 *
 * Invariant: sums run in LANES partial sums, value i to sum i mod LANES, folded in one fixed order, so
 * the bits are those of one addition order whatever the vector width. Values are taken relative to
 * the first one: a quantity that does not vary has its own value as mean and exactly no error. */
#include "engine/quantile.h"

#include "engine/kernel.h"
#include "engine/select.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { LANES = 16 };

/* ---- ranks ---- */

/* Positions (from 0) of the ranks Q(0.025) and Q(0.975) + 1 of the binomial (n, p), clamped to 1 .. n.
 * Probabilities are relative to the mode's, by the ratio of neighbours, and walked twice upwards:
 * once for their sum, once to the two shares of it. What is left out is below 1e-30 of the mode. */
static void binomial_ranks(size_t n, double p, tj_rank *rank)
{
    if (p <= 0.0 || p >= 1.0) {
        rank->lower = rank->upper = p <= 0.0 ? 0 : n - 1;
        return;
    }
    double odds = p / (1.0 - p), size = (double)n;
    double first = floor((size + 1.0) * p), start = 1.0;
    first = first < size ? first : size;
    for (; first > 0 && start > 1e-30; first--)
        start *= first / ((size - first + 1.0) * odds);
    double total = 0, weight = start;
    for (double k = first; k <= size && weight > start * 1e-3; k++) {
        total += weight;
        weight *= (size - k) / (k + 1.0) * odds;
    }
    double below = 0, k = first, low = -1;
    for (weight = start;; k++) {
        below += weight;
        if (low < 0 && below >= 0.025 * total)
            low = k;
        if (below >= 0.975 * total || k >= size)
            break;
        weight *= (size - k) / (k + 1.0) * odds;
    }
    rank->lower = low < 1 ? 0 : (size_t)low - 1;
    rank->upper = k + 1 < size ? (size_t)k : n - 1;
}

static tj_rank rank_of(size_t n, double p)
{
    double h = (double)(n - 1) * p, below = floor(h);
    tj_rank rank = {.p = p, .fraction = h - below, .below = (size_t)below};
    rank.above = rank.below + 1 < n ? rank.below + 1 : rank.below;
    binomial_ranks(n, p, &rank);
    return rank;
}

/* Inserts a position into the ascending list, once. */
static void want(tj_ranks *ranks, size_t position)
{
    size_t at = ranks->n_wanted;
    while (at > 0 && ranks->wanted[at - 1] > position)
        at--;
    if (at > 0 && ranks->wanted[at - 1] == position)
        return;
    for (size_t i = ranks->n_wanted++; i > at; i--)
        ranks->wanted[i] = ranks->wanted[i - 1];
    ranks->wanted[at] = position;
}

tj_status tj_ranks_init(tj_ranks *ranks, size_t n, size_t count, const double *p)
{
    assert(n > 0);
    *ranks = (tj_ranks){.n = n, .count = count, .replicates = 1};
    ranks->rank = calloc(count + 1, sizeof *ranks->rank);
    ranks->wanted = calloc(4 * count + 1, sizeof *ranks->wanted);
    if (ranks->rank == NULL || ranks->wanted == NULL) {
        tj_ranks_free(ranks);
        return TJ_ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        assert(p[i] >= 0 && p[i] <= 1 && (i == 0 || p[i - 1] <= p[i]));
        tj_rank rank = ranks->rank[i] = rank_of(n, p[i]);
        want(ranks, rank.lower);
        want(ranks, rank.below);
        want(ranks, rank.above);
        want(ranks, rank.upper);
    }
    return TJ_OK;
}

void tj_ranks_free(tj_ranks *ranks)
{
    if (ranks == NULL)
        return;
    free(ranks->rank);
    free(ranks->wanted);
    if (ranks->each != NULL) {
        free(ranks->each->rank);
        free(ranks->each->wanted);
        free(ranks->each);
    }
    *ranks = (tj_ranks){0};
}

tj_status tj_ranks_replicate(tj_ranks *ranks, size_t replicates)
{
    assert(replicates > 1 && ranks->each == NULL && ranks->n % replicates == 0);
    double *p = malloc((ranks->count + 1) * sizeof *p);
    tj_ranks *each = malloc(sizeof *each);
    tj_status status = p == NULL || each == NULL ? TJ_ERR_MEMORY : TJ_OK;
    for (size_t i = 0; status == TJ_OK && i < ranks->count; i++)
        p[i] = ranks->rank[i].p;
    if (status == TJ_OK)
        status = tj_ranks_init(each, ranks->n / replicates, ranks->count, p);
    free(p);
    if (status != TJ_OK) {
        free(each);
        return status;
    }
    ranks->replicates = replicates;
    ranks->each = each;
    return TJ_OK;
}

/* ---- sums ---- */

typedef struct survey {
    double sum; /* of x - x[0] */
    double low, high;
} survey;

void tj_quantile_survey(size_t n, const double *x, survey *result);
double tj_quantile_squares(size_t n, const double *x, double mean);

static double fold(double part[LANES])
{
    for (size_t half = LANES / 2; half > 0; half /= 2)
        for (size_t j = 0; j < half; j++)
            part[j] += part[j + half];
    return part[0];
}

TJ_CLONES void tj_quantile_survey(size_t n, const double *x, survey *result)
{
    double sum[LANES] = {0}, low[LANES], high[LANES];
    double origin = x[0];
    for (size_t j = 0; j < LANES; j++)
        low[j] = high[j] = origin;
    size_t whole = n - n % LANES;
    for (size_t i = 0; i < whole; i += LANES) {
#pragma omp simd
        for (size_t j = 0; j < LANES; j++) {
            double v = x[i + j];
            sum[j] += v - origin;
            low[j] = v < low[j] ? v : low[j];
            high[j] = v > high[j] ? v : high[j];
        }
    }
    for (size_t j = 0; j < n - whole; j++) {
        double v = x[whole + j];
        sum[j] += v - origin;
        low[j] = v < low[j] ? v : low[j];
        high[j] = v > high[j] ? v : high[j];
    }
    for (size_t j = 1; j < LANES; j++) {
        low[0] = low[j] < low[0] ? low[j] : low[0];
        high[0] = high[j] > high[0] ? high[j] : high[0];
    }
    *result = (survey){fold(sum), low[0], high[0]};
}

/* Sum of the squared distances from the mean. */
TJ_CLONES double tj_quantile_squares(size_t n, const double *x, double mean)
{
    double sum[LANES] = {0};
    size_t whole = n - n % LANES;
    for (size_t i = 0; i < whole; i += LANES) {
#pragma omp simd
        for (size_t j = 0; j < LANES; j++)
            sum[j] += (x[i + j] - mean) * (x[i + j] - mean);
    }
    for (size_t j = 0; j < n - whole; j++)
        sum[j] += (x[whole + j] - mean) * (x[whole + j] - mean);
    return fold(sum);
}

static size_t count_undefined(size_t n, const double *x)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += isnan(x[i]) != 0;
    return count;
}

/* Mean and error; low and high of the values where none is NaN. */
static survey mean_of(size_t n, const double *x, tj_summary *summary)
{
    assert(n > 0);
    survey s;
    tj_quantile_survey(n, x, &s);
    summary->undefined = isnan(s.sum) ? count_undefined(n, x) : 0;
    summary->mean = x[0] + s.sum / (double)n;
    double squares = tj_quantile_squares(n, x, summary->mean);
    summary->mean_se = n < 2 ? (double)NAN : sqrt(squares / (double)(n - 1) / (double)n);
    return s;
}

void tj_mean(size_t n, const double *x, tj_summary *summary)
{
    mean_of(n, x, summary);
}

double tj_spread_error(size_t count, const double *x)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++)
        sum += x[i] - x[0];
    double mean = sum / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += (x[i] - x[0] - mean) * (x[i] - x[0] - mean);
    return count < 2 ? (double)NAN : sqrt(squares / (double)(count - 1) / (double)count);
}

/* ---- replicates ---- */

enum { REPLICATES_MOST = 64, QUANTILES_AT_ONCE = 16 };

void tj_mean_of(const tj_ranks *ranks, const double *x, tj_summary *summary)
{
    mean_of(ranks->n, x, summary);
    if (ranks->each == NULL)
        return;
    double means[REPLICATES_MOST];
    assert(ranks->replicates <= REPLICATES_MOST);
    for (size_t r = 0; r < ranks->replicates; r++) {
        survey s;
        tj_quantile_survey(ranks->each->n, x + r * ranks->each->n, &s);
        means[r] = x[r * ranks->each->n] + s.sum / (double)ranks->each->n;
    }
    summary->mean_se = tj_spread_error(ranks->replicates, means);
}

/* The type 7 quantile from order statistics. */
static double quantile_at(const tj_rank *rank, const double *sorted)
{
    double below = sorted[rank->below], above = sorted[rank->above];
    return above > below && rank->fraction > 0 ? below + rank->fraction * (above - below) : below;
}

/* Errors of the quantiles first .. first + count - 1, from each replicate's own. */
static void replicated_errors(const tj_ranks *ranks, size_t first, size_t count, const double *x,
                              double *work, double *se)
{
    const tj_ranks *each = ranks->each;
    double own[QUANTILES_AT_ONCE][REPLICATES_MOST];
    assert(count <= QUANTILES_AT_ONCE && ranks->replicates <= REPLICATES_MOST);
    for (size_t r = 0; r < ranks->replicates; r++) {
        const double *part = x + r * each->n;
        survey s;
        tj_quantile_survey(each->n, part, &s);
        tj_select(each->n, part, s.low, s.high, each->n_wanted, each->wanted, work);
        for (size_t i = 0; i < count; i++)
            own[i][r] = quantile_at(&each->rank[first + i], work);
    }
    for (size_t i = 0; i < count; i++)
        se[first + i] = tj_spread_error(ranks->replicates, own[i]);
}

/* ---- summaries ---- */

void tj_summarise(const tj_ranks *ranks, const double *x, double *work, tj_summary *summary, double *quantile,
                  double *se)
{
    survey s = mean_of(ranks->n, x, summary);
    int known = summary->undefined == 0;
    if (known)
        tj_select(ranks->n, x, s.low, s.high, ranks->n_wanted, ranks->wanted, work);
    for (size_t i = 0; i < ranks->count; i++) {
        const tj_rank *r = &ranks->rank[i];
        quantile[i] = known ? quantile_at(r, work) : (double)NAN;
        if (se != NULL)
            se[i] = known ? (work[r->upper] - work[r->lower]) / (2.0 * 1.959964) : (double)NAN;
    }
    if (ranks->each == NULL)
        return;
    tj_mean_of(ranks, x, summary);
    for (size_t i = 0; i < ranks->count && known && se != NULL; i += QUANTILES_AT_ONCE) {
        size_t left = ranks->count - i;
        replicated_errors(ranks, i, left < QUANTILES_AT_ONCE ? left : QUANTILES_AT_ONCE, x, work, se);
    }
}
