/* The beta distribution on [0, 1]: cumulative and inverse; a private part of engine/dist.h. */
#ifndef TJ_ENGINE_DIST_BETA_H
#define TJ_ENGINE_DIST_BETA_H

/* What the calculations need of one shape, made once for all draws. */
typedef struct tj_beta {
    double a, b;
    double log_a, log_b;
    double log_complete; /* log of the complete beta function B(a, b) */
} tj_beta;

/* Shapes that the inverse is made for: outside, it would lose digits or time. */
#define TJ_BETA_SHAPE_LEAST 0.01
#define TJ_BETA_SHAPE_MOST  100000.0

/* log of the gamma function, x > 0; absolute error about 2e-16 max(1, result). */
double tj_log_gamma(double x);

tj_beta tj_beta_make(double a, double b);

/* Regularised incomplete beta function I_x(a, b), 0 <= x <= 1. */
double tj_beta_cdf(const tj_beta *beta, double x);

/* x with I_x(a, b) = u, 0 < u < 1. Deterministic: depends on the shape and u alone. */
double tj_beta_inverse(const tj_beta *beta, double u);

#endif
