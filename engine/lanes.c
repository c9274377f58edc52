/* Elementary functions over lanes; see lanes.h.
 *
 * Invariant: each function exists once, as an inline form without branches on data; the scalar
 * function calls it and the lane function loops over it, so the two cannot differ. Only IEEE 754
 * basic operations, square roots, selections and bit patterns are used, and integers are turned
 * into doubles by adding 2^52-sized constants, which every instruction set vectorises. */
#include "engine/lanes.h"

#include "engine/kernel.h"

#include <math.h>
#include <string.h>

#define LN2_HIGH      0x1.62e42feep-1        /* 32 bits of ln 2: times an exponent it is exact */
#define LN2_LOW       0x1.a39ef35793c76p-33  /* ln 2 - LN2_HIGH */
#define TO_BITS       0x1p52                 /* x + 2^52 has the integer x >= 0 in its low bits */
#define ROUNDING      0x1.8p52               /* x + 3 2^51 is rounded to an integer */
#define ONE_BITS      ((uint64_t)1023 << 52) /* 1.0 */
#define ROOT_BITS     0x3fe6a09e667f3bcdu    /* sqrt(1/2) */
#define FRACTION_BITS 0x000fffffffffffffu

TJ_INLINE uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

TJ_INLINE double from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* 2^k for an integral k in [-1022, 1023]: k + 1023 moved into the exponent. */
TJ_INLINE double power_of_two(double k)
{
    return from_bits(bits_of(k + (ROUNDING + 1023)) << 52);
}

/* exp(x + tail), |tail| small against 1. x = k ln 2 + r, |r| <= ln 2 / 2; the series of exp(r) to the 13th
 * power leaves 4e-18. The factor 2^k is applied in two halves, so that only the last one rounds where
 * the result is subnormal. */
TJ_INLINE double exp_of(double x, double tail)
{
    x = x > 710.0 ? 710.0 : x; /* overflows to infinity below; NaN passes */
    x = x < -746.0 ? -746.0 : x;
    double k = (x * 0x1.71547652b82fep0 + ROUNDING) - ROUNDING;
    double r = (x - k * LN2_HIGH) - (k * LN2_LOW - tail);
    double p = 1.0 / 6227020800.0;
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    double one = 1.0 + r; /* what this sum rounds away goes into the small term */
    double value = one + ((r - (one - 1.0)) + r * r * p);
    double half = (k * 0.5 + ROUNDING) - ROUNDING;
    return value * power_of_two(half) * power_of_two(k - half);
}

/* x = 2^exponent * (1 + f), 1 + f in [sqrt(1/2), sqrt(2)); x > 0 and finite. */
typedef struct split {
    double exponent, f;
} split;

TJ_INLINE split split_of(double x)
{
    int tiny = x < 0x1p-1022;
    uint64_t bits = bits_of(tiny ? x * 0x1p54 : x) + (ONE_BITS - ROOT_BITS);
    double exponent = from_bits((bits >> 52) | bits_of(TO_BITS)) - (TO_BITS + 1023.0);
    double m = from_bits((bits & FRACTION_BITS) + ROOT_BITS);
    split s = {exponent - (tiny ? 54.0 : 0.0), m - 1.0};
    return s;
}

/* The series of (atanh(s)/s - 1 - z/3) / z^2 in z = s^2, for |s| <= 0.1716; leaves 1e-18. */
TJ_INLINE double atanh_rest(double z)
{
    double p = 1.0 / 23.0;
    p = p * z + 1.0 / 21.0;
    p = p * z + 1.0 / 19.0;
    p = p * z + 1.0 / 17.0;
    p = p * z + 1.0 / 15.0;
    p = p * z + 1.0 / 13.0;
    p = p * z + 1.0 / 11.0;
    p = p * z + 1.0 / 9.0;
    p = p * z + 1.0 / 7.0;
    return p * z + 1.0 / 5.0;
}

/* log x = e ln 2 + log(1 + f); log(1 + f) = 2 atanh(s), s = f/(2 + f), and with 2s = f - s f the
 * largest term is exact: log(1 + f) = f - (f^2/2 - s (f^2/2 + R)), R = 2 (atanh(s)/s - 1). */
TJ_INLINE double log_of(double x)
{
    split a = split_of(x);
    double f = a.f;
    double s = f / (2.0 + f);
    double z = s * s;
    double rest = 2.0 * z * (1.0 / 3.0 + z * atanh_rest(z));
    double half = 0.5 * f * f;
    double value = a.exponent * LN2_HIGH - ((half - (s * (half + rest) + a.exponent * LN2_LOW)) - f);
    value = x == (double)INFINITY ? x : value;
    double outside = x == 0.0 ? -(double)INFINITY : (double)NAN;
    return x > 0.0 ? value : outside;
}

TJ_INLINE double horner7(double x, double c0, double c1, double c2, double c3, double c4, double c5,
                         double c6, double c7)
{
    return ((((((c7 * x + c6) * x + c5) * x + c4) * x + c3) * x + c2) * x + c1) * x + c0;
}

/* The coefficients of Wichura (1988), AS 241, routine PPND16: three rational functions, of which the
 * second and third differ in their coefficients only. */
TJ_INLINE double normal_inverse_of(double u)
{
    double q = u - 0.5;
    double c = 0.180625 - q * q;
    double centre = horner7(c, 3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                            1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                            3.3430575583588128105e4, 2.5090809287301226727e3);
    double centre_under = horner7(c, 1.0, 4.2313330701600911252e1, 6.8718700749205790830e2,
                                  5.3941960214247511077e3, 2.1213794301586595867e4, 3.9307895800092710610e4,
                                  2.8729085735721942674e4, 5.2264952788528545610e3);
    double tail = q < 0.0 ? u : 1.0 - u;
    double root = sqrt(-log_of(tail));
    int near = root <= 5.0;
    double r = near ? root - 1.6 : root - 5.0;
#define PICK(a, b) (near ? (a) : (b))
    double outer = horner7(r, PICK(1.42343711074968357734e0, 6.65790464350110377720e0),
                           PICK(4.63033784615654529590e0, 5.46378491116411436990e0),
                           PICK(5.76949722146069140550e0, 1.78482653991729133580e0),
                           PICK(3.64784832476320460504e0, 2.96560571828504891230e-1),
                           PICK(1.27045825245236838258e0, 2.65321895265761230930e-2),
                           PICK(2.41780725177450611770e-1, 1.24266094738807843860e-3),
                           PICK(2.27238449892691845833e-2, 2.71155556874348757815e-5),
                           PICK(7.74545014278341407640e-4, 2.01033439929228813265e-7));
    double outer_under = horner7(r, 1.0, PICK(2.05319162663775882187e0, 5.99832206555887937690e-1),
                                 PICK(1.67638483018380384940e0, 1.36929880922735805310e-1),
                                 PICK(6.89767334985100004550e-1, 1.48753612908506148525e-2),
                                 PICK(1.48103976427480074590e-1, 7.86869131145613259100e-4),
                                 PICK(1.51986665636164571966e-2, 1.84631831751005468180e-5),
                                 PICK(5.47593808499534494600e-4, 1.42151175831644588870e-7),
                                 PICK(1.05075007164441684324e-9, 2.04426310338993978564e-15));
#undef PICK
    int inside = fabs(q) <= 0.425;
    double value = (inside ? q * centre : outer) / (inside ? centre_under : outer_under);
    return !inside && q < 0.0 ? -value : value;
}

/* Chebyshev fit, made for this file, of (z + 3) Q(z)/(sqrt(2 pi) phi(z)) in t = (z - 5)/(z + 5), z from 0 to 40:
 * Q the upper tail, phi the density. Largest error of the fit 6e-18. From the highest power down. */
static const double mills[] = {
    2.85609651743987e-10,    2.8334128373939e-09,    4.009519129725095e-09,  -2.0537961478184542e-08,
    -4.385492079415511e-08,  1.2044685083393234e-07, 2.7877107393742844e-07, -8.232186711649745e-07,
    -1.4189927520198314e-06, 6.521028110527535e-06,  3.3923204920797675e-06, -5.1685423946264335e-05,
    6.147925092956719e-05,   0.00027634537858424127, -0.001236970875827342,  0.0017643119426862255,
    0.0028123256988952855,   -0.022290837730906888,  0.06930966160203582,    -0.15176540214305045,
    0.26316799219797,        -0.37846739236203275,   0.6153544398000503,
};

/* Q(z) for 0 <= z <= 40. z^2 is split so that its rounding error reaches exp as a tail. */
static double normal_tail(double z)
{
    double t = (z - 5.0) / (z + 5.0);
    double g = mills[0];
    for (size_t i = 1; i < sizeof mills / sizeof mills[0]; i++)
        g = g * t + mills[i];
    double high = from_bits(bits_of(z) & ~(uint64_t)0x7ffffff);
    return g / (z + 3.0) * exp_of(-0.5 * high * high, -0.5 * (z - high) * (z + high));
}

double tj_normal_cdf(double z)
{
    double size = fabs(z);
    double tail = normal_tail(size > 40.0 ? 40.0 : size);
    return z < 0.0 ? tail : 1.0 - tail;
}

/* ---- powers, in doubles of twice the length: value = high + low ---- */

typedef struct twin {
    double high, low;
} twin;

/* a + b exactly, |a| >= |b| or a = 0. */
static twin sum_of(double a, double b)
{
    double high = a + b;
    twin t = {high, b - (high - a)};
    return t;
}

/* a b exactly (Dekker 1971), without a fused operation. */
static twin product_of(double a, double b)
{
    double ca = 134217729.0 * a, cb = 134217729.0 * b;
    double ah = ca - (ca - a), bh = cb - (cb - b);
    double al = a - ah, bl = b - bh;
    double high = a * b;
    twin t = {high, ((ah * bh - high) + ah * bl + al * bh) + al * bl};
    return t;
}

/* log x to about 65 bits for positive, finite x. */
static twin log_twin(double x)
{
    split a = split_of(x);
    twin d = sum_of(2.0, a.f);
    double s = a.f / d.high;
    twin back = product_of(s, d.high);
    double s_low = ((a.f - back.high) - back.low - s * d.low) / d.high;
    twin z = product_of(s, s);
    z.low += 2.0 * s * s_low;
    twin w = product_of(z.high, 0x1.5555555555555p-2);
    w.low += z.high * 0x1.5555555555555p-56 + z.low * 0x1.5555555555555p-2;
    twin v = sum_of(w.high, z.high * z.high * atanh_rest(z.high));
    v.low += w.low;
    twin q = product_of(s, v.high);
    q.low += s * v.low + s_low * v.high;
    twin m = sum_of(s, q.high);
    m.low += s_low + q.low;
    twin whole = sum_of(a.exponent * LN2_HIGH, 2.0 * m.high);
    return sum_of(whole.high, whole.low + (2.0 * m.low + a.exponent * LN2_LOW));
}

/* Powers of what has no logarithm, and the powers that need none. */
static double pow_special(double x, double y)
{
    if (x == 1.0 || y == 0.0)
        return 1.0;
    if (!(x >= 0.0) || isnan(y))
        return (double)NAN;
    int grows = (x > 1.0) == (y > 0.0);
    return grows ? (double)INFINITY : 0.0;
}

double tj_pow(double x, double y)
{
    if (!(x > 0.0) || x == 1.0 || y == 0.0 || !isfinite(x) || !isfinite(y))
        return pow_special(x, y);
    if (y == 1.0)
        return x;
    twin l = log_twin(x);
    if (fabs(y * l.high) > 800.0) /* far past overflow and underflow; y may be too large to split */
        return exp_of(y * l.high, 0.0);
    twin p = product_of(y, l.high);
    return exp_of(p.high, p.low + y * l.low);
}

/* ---- the forms that are called ---- */

double tj_exp(double x)
{
    return exp_of(x, 0.0);
}

double tj_log(double x)
{
    return log_of(x);
}

double tj_normal_inverse(double u)
{
    return normal_inverse_of(u);
}

TJ_CLONES void tj_exp_lanes(size_t n, const double *x, double *out)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        out[i] = exp_of(x[i], 0.0);
}

TJ_CLONES void tj_log_lanes(size_t n, const double *x, double *out)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        out[i] = log_of(x[i]);
}

TJ_CLONES void tj_normal_inverse_lanes(size_t n, const double *u, double *out)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        out[i] = normal_inverse_of(u[i]);
}
