/* Expected values of information; see decision.h.
 *
 * Invariant: sums run over the draws in their order. Only differences of losses from those of the best option
 * are fitted: what options have in common is no reason to choose. */
#include "engine/decision.h"

#include "engine/threefry.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static double mean(size_t n, const double *x)
{
    double sum = 0;
    for (size_t d = 0; d < n; d++)
        sum += x[d];
    return sum / (double)n;
}

double tj_loss_mean(const tj_losses *losses, size_t option)
{
    return mean(losses->n, losses->loss + option * losses->n);
}

static size_t best_of(const tj_losses *losses)
{
    size_t best = 0;
    for (size_t p = 1; p < losses->options; p++)
        if (tj_loss_mean(losses, p) < tj_loss_mean(losses, best))
            best = p;
    return best;
}

/* What could be saved in one draw by choosing the option that is best there. */
static double saved(const tj_losses *losses, size_t best, size_t draw)
{
    double chosen = losses->loss[best * losses->n + draw], most = 0;
    for (size_t p = 0; p < losses->options; p++) {
        double less = chosen - losses->loss[p * losses->n + draw];
        most = less > most || isnan(less) ? less : most;
    }
    return most;
}

void tj_evpi_of(const tj_losses *losses, tj_evpi *evpi)
{
    size_t n = losses->n;
    double sum = 0, squares = 0;
    assert(n > 0 && losses->options > 0);
    evpi->best = best_of(losses);
    for (size_t d = 0; d < n; d++)
        sum += saved(losses, evpi->best, d);
    evpi->value = sum / (double)n;
    for (size_t d = 0; d < n; d++) {
        double off = saved(losses, evpi->best, d) - evpi->value;
        squares += off * off;
    }
    evpi->se = n > 1 ? sqrt(squares / (double)(n - 1) / (double)n) : NAN;
}

/* ---- the spline ---- */

static double cube_above(double u, double knot)
{
    return u > knot ? (u - knot) * (u - knot) * (u - knot) : 0;
}

/* Column k of the natural cubic spline with TJ_SPLINE knots spread evenly over (0, 1) (Hastie, Tibshirani &
 * Friedman 2009, 5.2.1): 1, u, then differences of scaled truncated cubes. */
static double spline(size_t k, double u)
{
    if (k < 2)
        return k == 0 ? 1 : u;
    double last = (TJ_SPLINE - 0.5) / TJ_SPLINE, before = (TJ_SPLINE - 1.5) / TJ_SPLINE;
    double knot = ((double)k - 2 + 0.5) / TJ_SPLINE;
    double own = (cube_above(u, knot) - cube_above(u, last)) / (last - knot);
    double end = (cube_above(u, before) - cube_above(u, last)) / (last - before);
    return own - end;
}

static double product(size_t n, const double *x, const double *y)
{
    double sum = 0;
    for (size_t d = 0; d < n; d++)
        sum += x[d] * y[d];
    return sum;
}

/* Gram-Schmidt, each column twice against those before it; a column that they make up becomes zero. */
static void make_basis(size_t n, const double *u, double *basis)
{
    for (size_t k = 0; k < TJ_SPLINE; k++) {
        double *column = basis + k * n;
        for (size_t d = 0; d < n; d++)
            column[d] = spline(k, u[d]);
        double before = product(n, column, column);
        for (size_t i = 0; i < 2 * k; i++) {
            const double *other = basis + i % k * n;
            double weight = product(n, column, other);
            for (size_t d = 0; d < n; d++)
                column[d] -= weight * other[d];
        }
        double left = product(n, column, column);
        double scale = left > 1e-20 * before ? 1 / sqrt(left) : 0;
        for (size_t d = 0; d < n; d++)
            column[d] *= scale;
    }
}

/* ---- one input ---- */

/* A fit of all options' savings, in an order of the draws. */
typedef struct fitting {
    size_t n, options, best;
    const double *basis;
    const double *saving; /* options * n: loss of the best less loss of the option */
    size_t *order;        /* the draw whose savings stand at place d */
    double *fitted;       /* n */
    double *most;         /* n */
} fitting;

/* mean(max_p fitted saving) - max_p mean(saving): what knowing the input would save. */
static double value_of(const fitting *f)
{
    for (size_t d = 0; d < f->n; d++)
        f->most[d] = 0; /* the best option's own saving */
    for (size_t p = 0; p < f->options; p++) {
        const double *saving = f->saving + p * f->n;
        if (p == f->best)
            continue;
        for (size_t d = 0; d < f->n; d++)
            f->fitted[d] = 0;
        for (size_t k = 0; k < TJ_SPLINE; k++) {
            const double *column = f->basis + k * f->n;
            double weight = 0;
            for (size_t d = 0; d < f->n; d++)
                weight += column[d] * saving[f->order[d]];
            for (size_t d = 0; d < f->n; d++)
                f->fitted[d] += weight * column[d];
        }
        for (size_t d = 0; d < f->n; d++)
            f->most[d] = f->fitted[d] > f->most[d] || isnan(f->fitted[d]) ? f->fitted[d] : f->most[d];
    }
    return mean(f->n, f->most);
}

/* Fisher and Yates, from addressed uniforms. */
static void shuffle(size_t n, uint64_t seed, uint32_t number, double *u, size_t *order)
{
    tj_uniform_lanes(seed, tj_stream("decision.shuffle"), 0, number, n, u);
    for (size_t d = n - 1; d > 0; d--) {
        size_t other = (size_t)(u[d] * (double)(d + 1)), held = order[d];
        order[d] = order[other];
        order[other] = held;
    }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static tj_status fit(fitting *f, uint64_t seed, size_t shuffles, double *chance, tj_evppi *evppi)
{
    for (size_t d = 0; d < f->n; d++)
        f->order[d] = d;
    evppi->value = value_of(f);
    for (size_t s = 0; s < shuffles; s++) {
        shuffle(f->n, seed, (uint32_t)s, f->fitted, f->order);
        chance[s] = value_of(f);
    }
    qsort(chance, shuffles, sizeof *chance, ascending);
    evppi->chance = shuffles > 0 ? chance[(size_t)(0.95 * (double)(shuffles - 1))] : NAN;
    return TJ_OK;
}

tj_status tj_evppi_of(const tj_losses *losses, const double *u, uint64_t seed, size_t shuffles,
                      tj_evppi *evppi)
{
    size_t n = losses->n, length = losses->options * n;
    assert(n >= 3 && shuffles <= UINT32_MAX);
    double *basis = malloc(TJ_SPLINE * n * sizeof *basis), *saving = malloc(length * sizeof *saving);
    double *lanes = malloc(2 * n * sizeof *lanes), *chance = malloc((shuffles + 1) * sizeof *chance);
    fitting f = {.n = n,
                 .options = losses->options,
                 .best = best_of(losses),
                 .basis = basis,
                 .saving = saving,
                 .order = malloc(n * sizeof *f.order),
                 .fitted = lanes,
                 .most = lanes == NULL ? NULL : lanes + n};
    tj_status status = TJ_ERR_MEMORY;
    if (basis != NULL && saving != NULL && lanes != NULL && chance != NULL && f.order != NULL) {
        make_basis(n, u, basis);
        for (size_t i = 0; i < length; i++)
            saving[i] = losses->loss[f.best * n + i % n] - losses->loss[i];
        status = fit(&f, seed, shuffles, chance, evppi);
    }
    free(basis);
    free(saving);
    free(lanes);
    free(chance);
    free(f.order);
    return status;
}
