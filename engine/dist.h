/* Distributions: one record each, drawn by inverse cumulative distribution.
 *
 * Parameters as in docs/model.md ("Uncertainty"): normal mean, sd; lognormal mu, sigma of the
 * logarithm; uniform low, high; triangular and pert low, mode, high (pert with lambda = 4);
 * beta a, b, low, high; discrete values ascending with weights. */
#ifndef TJ_ENGINE_DIST_H
#define TJ_ENGINE_DIST_H

#include <stddef.h>
#include <stdint.h>

typedef enum tj_dist_kind {
    TJ_DIST_FIXED = 0, /* p[0] is the value */
    TJ_DIST_NORMAL,
    TJ_DIST_LOGNORMAL,
    TJ_DIST_UNIFORM,
    TJ_DIST_TRIANGULAR,
    TJ_DIST_PERT,
    TJ_DIST_BETA,
    TJ_DIST_DISCRETE,
    TJ_DIST_KINDS
} tj_dist_kind;

/* p[4] by kind as above; values[count] and weights[count] only for discrete. */
typedef struct tj_dist {
    tj_dist_kind kind;
    double p[4];
    const double *values;
    const double *weights;
    size_t count;
} tj_dist;

typedef struct tj_dist_record {
    tj_dist_kind kind;
    const char *name;          /* key in a study, e.g. "triangular" */
    const char *sentence;      /* one line of help */
    const char *parameters[4]; /* names in order, NULL-filled */
    unsigned has_unit;         /* bit i set: parameter i carries the quantity's unit */
    unsigned by_quantiles;     /* 1: may be given by two quantiles */
    /* NULL if the parameters are possible, else one sentence saying what must hold. */
    const char *(*fault)(const tj_dist *dist);
    /* Quantile function at u[n] in (0, 1), to x[n]; x may be u. */
    void (*inverse)(const tj_dist *dist, size_t n, const double *u, double *x);
    double (*mean)(const tj_dist *dist);
} tj_dist_record;

/* The list, indexed by kind; tj_dist_find returns NULL for an unknown name. */
extern const tj_dist_record tj_dists[TJ_DIST_KINDS];
const tj_dist_record *tj_dist_find(const char *name);

/* Fits normal, lognormal or uniform to two quantiles x0 at probability q0 and x1 at q1,
 * 0 < q0 < q1 < 1, x0 < x1 (both positive for lognormal). Returns NULL or what must hold. */
const char *tj_dist_from_quantiles(tj_dist_kind kind, double q0, double x0, double q1, double x1,
                                   tj_dist *dist);

/* Smallest and largest possible value (infinite where unbounded): for range checks. */
void tj_dist_range(const tj_dist *dist, double *low, double *high);

#endif
