/* The share of a gap's variance that is the base year's; see baseline.h.
 *
 * Invariant: sums run over the draws in their order. */
#include "engine/baseline.h"

#include <math.h>

static double regressor(const double *base, const double *level, size_t d)
{
    return base != NULL ? level[d] / base[d] : level[d];
}

/* Sums about the means. */
typedef struct moments {
    double gaps, bases, products;
    int gap_varies, base_varies;
} moments;

static moments take(size_t n, const double *gap, const double *base, const double *level)
{
    moments m = {0};
    double gap_mean = 0, base_mean = 0, first = regressor(base, level, 0);
    for (size_t d = 0; d < n; d++) {
        gap_mean += gap[d] / (double)n;
        base_mean += regressor(base, level, d) / (double)n;
        m.gap_varies |= gap[d] != gap[0];
        m.base_varies |= regressor(base, level, d) != first;
    }
    for (size_t d = 0; d < n; d++) {
        double x = regressor(base, level, d) - base_mean, y = gap[d] - gap_mean;
        m.gaps += y * y;
        m.bases += x * x;
        m.products += x * y;
    }
    return m;
}

void tj_baseline_share(size_t n, const double *gap, const double *base, const double *level, double *share,
                       double *se)
{
    moments m = take(n, gap, base, level);
    *share = *se = NAN;
    if (isnan(m.gaps) || !m.gap_varies || n < 3)
        return;
    *share = *se = 0;
    if (!m.base_varies)
        return;
    double square = fmin(1, m.products / m.gaps * (m.products / m.bases));
    double adjusted = 1 - (1 - square) * ((double)(n - 1) / (double)(n - 2));
    *share = fmax(0, adjusted);
    *se = 2 * sqrt(square) * (1 - square) / sqrt((double)n);
}
