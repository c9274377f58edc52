/* Elementary functions over lanes, the engine's own.
 *
 * libm differs between machines; these do not: polynomials and IEEE 754 basic operations
 * only, contraction off, so native code, WebAssembly, old and new CPUs give the same bits.
 * Each function states its largest measured error in ulp (tests/test_lanes.c measures it).
 * The scalar forms are bit-identical to the lane forms. `out` may equal `x`. */
#ifndef TJ_ENGINE_LANES_H
#define TJ_ENGINE_LANES_H

#include <stddef.h>

double tj_exp(double x);
double tj_log(double x);            /* x > 0; 0 gives -inf, negative gives NaN */
double tj_pow(double x, double y);  /* x > 0: exp(y log x) with an extended logarithm */
double tj_normal_inverse(double u); /* standard normal quantile, 0 < u < 1 (Wichura 1988, AS 241) */
double tj_normal_cdf(double z);

void tj_exp_lanes(size_t n, const double *x, double *out);
void tj_log_lanes(size_t n, const double *x, double *out);
void tj_normal_inverse_lanes(size_t n, const double *u, double *out);

#endif
