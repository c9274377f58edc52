/* Robust statistics; see robust.h. */
#include "scenarios/robust.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static const double MAD_TO_SIGMA = 1.4826; /* of a normal distribution (Hampel 1974) */

static void swap(double *a, double *b)
{
    double kept = *a;
    *a = *b;
    *b = kept;
}

/* Puts the k-th smallest at x[k] with nothing larger before it (Hoare 1961). Each partition leaves
 * x[low .. j] <= pivot <= x[j + 1 .. high] with low <= j < high. */
static double select_kth(size_t n, double *x, size_t k)
{
    size_t low = 0, high = n - 1;
    while (low < high) {
        double pivot = x[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;; i++, j--) {
            while (x[i] < pivot)
                i++;
            while (x[j] > pivot)
                j--;
            if (i >= j)
                break;
            swap(&x[i], &x[j]);
        }
        if (k <= j)
            high = j;
        else
            low = j + 1;
    }
    return x[k];
}

double tj_robust_median(size_t n, double *x)
{
    assert(n > 0);
    double upper = select_kth(n, x, n / 2);
    if (n % 2 == 1)
        return upper;
    double lower = x[0];
    for (size_t i = 1; i < n / 2; i++)
        lower = x[i] > lower ? x[i] : lower;
    return 0.5 * (lower + upper);
}

double tj_robust_scale(size_t n, double *x, double centre)
{
    for (size_t i = 0; i < n; i++)
        x[i] = fabs(x[i] - centre);
    return MAD_TO_SIGMA * tj_robust_median(n, x);
}

static int by_value(const void *a, const void *b)
{
    const tj_weighted *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return (x->weight > y->weight) - (x->weight < y->weight);
}

double tj_robust_weighted_median(size_t n, tj_weighted *x)
{
    assert(n > 0);
    double all = 0, below = 0;
    qsort(x, n, sizeof *x, by_value);
    for (size_t i = 0; i < n; i++)
        all += x[i].weight;
    for (size_t i = 0; i + 1 < n; i++) {
        below += x[i].weight;
        if (below >= 0.5 * all)
            return x[i].value;
    }
    return x[n - 1].value;
}

double tj_robust_clip(double x, double centre, double width)
{
    return fmin(fmax(x, centre - width), centre + width);
}
