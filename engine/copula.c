/* Correlation matrices and their factors; see copula.h.
 *
 * Place in the path of the data: the compiler makes factors, draws.c applies them. */
#include "engine/copula.h"

#include <assert.h>
#include <math.h>

enum { SWEEPS_MOST = 60 };

/* Pivots below this are zero but for rounding. */
static const double PIVOT_LEAST = 1e-10;

double tj_copula_pearson(double rho)
{
    assert(rho >= -1 && rho <= 1);
    if (fabs(rho) == 1)
        return rho;
    /* Taylor's series to x^15: the rest is below 1e-18 for x up to pi / 6. */
    double x = rho * 0.52359877559829887, s = x * x;
    double sum = 1 - s / 210;
    for (double k = 12; k >= 2; k -= 2)
        sum = 1 - s / (k * (k + 1)) * sum;
    return 2 * x * sum;
}

/* One rotation that makes element (p, q) zero (Golub & Van Loan, Matrix Computations, 8.5). */
static void rotate(size_t n, double *a, size_t p, size_t q)
{
    if (a[p * n + q] == 0)
        return;
    double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
    double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
    double c = 1 / sqrt(t * t + 1), s = t * c;
    for (size_t k = 0; k < n; k++) {
        double x = a[k * n + p], y = a[k * n + q];
        a[k * n + p] = c * x - s * y;
        a[k * n + q] = s * x + c * y;
    }
    for (size_t k = 0; k < n; k++) {
        double x = a[p * n + k], y = a[q * n + k];
        a[p * n + k] = c * x - s * y;
        a[q * n + k] = s * x + c * y;
    }
    a[p * n + q] = a[q * n + p] = 0;
}

double tj_copula_least_eigenvalue(size_t n, double *a)
{
    assert(n > 0);
    double off = 1;
    for (int sweep = 0; sweep < SWEEPS_MOST && off > 1e-28; sweep++) {
        off = 0;
        for (size_t p = 0; p + 1 < n; p++)
            for (size_t q = p + 1; q < n; q++) {
                off += a[p * n + q] * a[p * n + q];
                rotate(n, a, p, q);
            }
    }
    double least = a[0];
    for (size_t i = 1; i < n; i++)
        least = fmin(least, a[i * n + i]);
    return least;
}

void tj_copula_factor(size_t n, double *a)
{
    for (size_t j = 0; j < n; j++) {
        double pivot = a[j * n + j];
        for (size_t k = 0; k < j; k++)
            pivot -= a[j * n + k] * a[j * n + k];
        double root = pivot < PIVOT_LEAST ? 0 : sqrt(pivot);
        for (size_t i = j + 1; i < n; i++) {
            double sum = a[i * n + j];
            for (size_t k = 0; k < j; k++)
                sum -= a[i * n + k] * a[j * n + k];
            a[i * n + j] = root > 0 ? sum / root : 0;
        }
        a[j * n + j] = root;
        for (size_t i = 0; i < j; i++)
            a[i * n + j] = 0;
    }
}

int tj_copula_alone(const double *factor, size_t n, size_t row)
{
    for (size_t k = 0; k < row; k++)
        if (factor[row * n + k] != 0)
            return 0;
    return 1;
}
