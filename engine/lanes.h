/* Elementary functions over lanes, the engine's own.
 *
 * libm differs between machines; these do not: polynomials and IEEE 754 basic operations
 * only, contraction off, so native code, WebAssembly, old and new CPUs give the same bits.
 * Each function states its largest error in ulp, as tests/test_lanes.c measures and enforces it.
 * The scalar forms are bit-identical to the lane forms. `out` may equal `x`. */
#ifndef TJ_ENGINE_LANES_H
#define TJ_ENGINE_LANES_H

#include <stddef.h>

double tj_exp(double x);            /* 0.75 ulp; overflows to infinity, underflows to 0 */
double tj_log(double x);            /* 0.80 ulp; 0 gives -inf, a negative NaN */
double tj_pow(double x, double y);  /* 0.90 ulp for x > 0, by a logarithm of 65 bits; x < 0 gives NaN */
double tj_normal_inverse(double u); /* 7 ulp, 2e-16 about 0; NaN outside 0 < u < 1 (Wichura 1988, AS 241) */
double tj_normal_cdf(double z);     /* 5 ulp, in the lower tail too */

void tj_exp_lanes(size_t n, const double *x, double *out);
void tj_log_lanes(size_t n, const double *x, double *out);
void tj_normal_inverse_lanes(size_t n, const double *u, double *out);

#endif
