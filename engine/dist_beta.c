/* The beta distribution by its continued fraction; see dist_beta.h.
 *
 * Invariant: everything is computed in logarithms of the lower tail, so that small probabilities
 * keep their relative precision; the upper tail is the lower tail of the mirrored shape. */
#include "engine/dist_beta.h"

#include "engine/lanes.h"

#include <assert.h>
#include <math.h>

enum { MOST_TERMS = 20000, MOST_STEPS = 200 };

double tj_log_gamma(double x)
{
    assert(x > 0);
    double shift = 1.0;
    for (; x < 10.0; x += 1.0) /* the series below is for large arguments: Gamma(x) = Gamma(x + 1) / x */
        shift *= x;
    double y = 1.0 / x, z = y * y; /* Stirling's series; the first term left out is below 3e-17 */
    double s = z * (1.0 / 156.0) - 691.0 / 360360.0;
    s = z * s + 1.0 / 1188.0;
    s = z * s - 1.0 / 1680.0;
    s = z * s + 1.0 / 1260.0;
    s = z * s - 1.0 / 360.0;
    s = z * s + 1.0 / 12.0;
    return (x - 0.5) * tj_log(x) - x + 0.91893853320467274178 + y * s - tj_log(shift);
}

tj_beta tj_beta_make(double a, double b)
{
    assert(a > 0 && b > 0);
    tj_beta beta = {a, b, tj_log(a), tj_log(b), tj_log_gamma(a) + tj_log_gamma(b) - tj_log_gamma(a + b)};
    return beta;
}

static tj_beta mirrored(const tj_beta *beta)
{
    tj_beta m = {beta->b, beta->a, beta->log_b, beta->log_a, beta->log_complete};
    return m;
}

/* h in I_x(a, b) = x^a (1 - x)^b / (a B(a, b)) h: the continued fraction 8.17.22 of the NIST Digital
 * Library of Mathematical Functions, by the recurrence of its convergents. Each pair of terms is one
 * turn; numerator and denominator are kept near 1 by dividing both by the newest denominator. */
static double fraction(double a, double b, double x)
{
    double n0 = 1.0, n1 = 1.0, d0 = 0.0, d1 = 1.0; /* of 1 + d_1/(1 + d_2/(1 + ...)) */
    double before = 0.0;
    for (int m = 0; m < MOST_TERMS && fabs(n1 - before) > 1e-16 * fabs(n1); m++) {
        before = n1;
        double even = a + 2 * m;
        double odd_term = -(a + m) * (a + b + m) * x / (even * (even + 1));
        double even_term = (m + 1) * (b - m - 1) * x / ((even + 1) * (even + 2));
        double n2 = n1 + odd_term * n0, d2 = d1 + odd_term * d0;
        double n3 = n2 + even_term * n1, d3 = d2 + even_term * d1;
        double by = 1.0 / d3;
        n0 = n2 * by;
        d0 = d2 * by;
        n1 = n3 * by;
        d1 = 1.0;
    }
    return 1.0 / n1;
}

/* log I_x(a, b) and the step of its logarithm by that of x: I_x / (x density). */
typedef struct point {
    double log_value, inverse_slope;
} point;

static point tail_at(const tj_beta *s, double x)
{
    double log_weight = s->a * tj_log(x) + s->b * tj_log(1.0 - x) - s->log_complete;
    if (x <= (s->a + 1.0) / (s->a + s->b + 2.0)) { /* the fraction converges fast on this side */
        double h = fraction(s->a, s->b, x);
        point p = {log_weight - s->log_a + tj_log(h), h * (1.0 - x) / s->a};
        return p;
    }
    double weight = tj_exp(log_weight);
    double value = 1.0 - weight * fraction(s->b, s->a, 1.0 - x) / s->b;
    point p = {tj_log(value), value * (1.0 - x) / weight};
    return p;
}

double tj_beta_cdf(const tj_beta *beta, double x)
{
    assert(x >= 0 && x <= 1);
    if (x == 0.0 || x == 1.0)
        return x;
    return tj_exp(tail_at(beta, x).log_value);
}

/* A first guess at the quantile of probability p <= 1/2: for shapes with a mode the normal approximation
 * 26.5.22 of Abramowitz and Stegun, else the power law of whichever end is nearer. */
static double first_guess(const tj_beta *s, double p)
{
    double a = s->a, b = s->b;
    if (a >= 1.0 && b >= 1.0 && a + b > 2.0) {
        double z = -tj_normal_inverse(p), l = (z * z - 3.0) / 6.0;
        double ra = 1.0 / (2.0 * a - 1.0), rb = 1.0 / (2.0 * b - 1.0), h = 2.0 / (ra + rb);
        double w = z * sqrt(h + l > 0 ? h + l : 0.0) / h - (rb - ra) * (l + 5.0 / 6.0 - 2.0 / (3.0 * h));
        return a / (a + b * tj_exp(2.0 * w));
    }
    double left = tj_exp(a * tj_log(a / (a + b))) / a, right = tj_exp(b * tj_log(b / (a + b))) / b;
    if (p < left / (left + right))
        return tj_pow(a * (left + right) * p, 1.0 / a);
    return 1.0 - tj_pow(b * (left + right) * (1.0 - p), 1.0 / b);
}

/* Halley's step in log x towards excess = 0: with slope g of log I against log x, its derivative over
 * g^2 is (1 + x f'/f - g)/g, f the density. The bend is kept from turning or doubling the step. */
static double halley_step(const tj_beta *s, double x, point at, double excess)
{
    double bend = (s->a - (s->b - 1.0) * x / (1.0 - x)) * at.inverse_slope - 1.0;
    double share = 1.0 - 0.5 * fmax(-1.0, fmin(1.0, excess * bend));
    return -excess * at.inverse_slope / share;
}

/* Halley steps on log I against log x, which is a straight line near 0, kept inside a bracket. */
static double lower_quantile(const tj_beta *s, double p)
{
    double log_p = tj_log(p);
    if (log_p + s->log_a + s->log_complete < -700.0 * s->a)
        return 0.0; /* x^a / (a B) = p lies below the smallest numbers */
    double low = 0.0, high = 1.0, x = first_guess(s, p);
    for (int i = 0; i < MOST_STEPS; i++) {
        if (!(x > low && x < high))
            x = low > 0.0 ? 0.5 * (low + high) : 0.0625 * high;
        point at = tail_at(s, x);
        double excess = at.log_value - log_p;
        if (excess > 0.0)
            high = x;
        else
            low = x;
        double step = halley_step(s, x, at, excess);
        double next = x * tj_exp(step);
        /* cubic: what is left is below the last place; the curve bends most near 1 */
        if (fabs(step) < 2e-6 * (1.0 - x) && next < 1.0)
            return next;
        if (high - low <= 2e-16 * high)
            return x;
        x = next;
    }
    return x;
}

double tj_beta_inverse(const tj_beta *beta, double u)
{
    assert(u > 0 && u < 1);
    if (u <= 0.5)
        return lower_quantile(beta, u);
    tj_beta upper = mirrored(beta);
    return 1.0 - lower_quantile(&upper, 1.0 - u);
}
