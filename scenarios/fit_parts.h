/* Fitting a stock, inside: data as sums over cohorts, and the search for the best survival; see fit.h.
 *
 * The units of a datum are the sum over its terms of units S(age)/S(from): `from` is 0 for units sold in a known
 * year, and the age they had in the year of the age structure that the fleet starts from. */
#ifndef TJ_SCENARIOS_FIT_PARTS_H
#define TJ_SCENARIOS_FIT_PARTS_H

#include "scenarios/fit.h"

typedef struct tj_fit_term {
    double units;
    int age, from;
} tj_fit_term;

/* Terms of datum i are terms[first[i]] ... terms[first[i + 1] - 1]. All owned. */
typedef struct tj_fit_data {
    size_t n, n_terms, capacity;
    size_t *first;       /* [n + 1] */
    tj_fit_term *terms;  /* [n_terms] */
    double *observed;    /* [n]: logarithms */
    double *weight;      /* [n]: square roots of the weights */
    double *residual;    /* [n]: weighted, where the survival was evaluated last */
    double (*slope)[2];  /* [n]: of the weighted log fitted by log lambda, log beta */
    double (*hazard)[4]; /* [ages]: -ln S, S, slopes of -ln S by log lambda and log beta */
    int ages;
} tj_fit_data;

/* Where the search ends: logarithms of lambda and beta, and the sum of squared weighted residuals. */
typedef struct tj_fit_place {
    double x[2], squares;
} tj_fit_place;

extern const double tj_fit_least[2], tj_fit_most[2]; /* of x */

/* Gathers the data of the rows and notes in `fit` what was assumed and left out. */
tj_status tj_fit_gather(const tj_fit_row *rows, size_t count, tj_fit_data *data, tj_fit *fit);
void tj_fit_data_free(tj_fit_data *data);

/* Fills residual and slope at x; returns the sum of squares. */
double tj_fit_evaluate(tj_fit_data *data, const double x[2]);

/* The lowest minimum found; and the one down from a place. The data stand evaluated there. */
tj_fit_place tj_fit_search(tj_fit_data *data);
tj_fit_place tj_fit_descend(tj_fit_data *data, tj_fit_place from);

/* J'J = {m[0], m[1]; m[1], m[2]} at the place evaluated last. */
void tj_fit_normal(const tj_fit_data *data, double m[3]);

#endif
