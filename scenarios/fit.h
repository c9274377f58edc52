/* Fitting a stock: which Weibull survival S(a) = exp(-(a/lambda)^beta) explains the counts of a fleet?
 *
 * Pure estimates on numbers of one technology; docs/fleets.md gives the formulas. A unit has age 0 at the end of
 * the year it was sold in, as in the engine. The estimate minimises the weighted squares of log observed - log
 * fitted over (log lambda, log beta), in a fixed order of sums with the engine's own exp, log and pow.
 * Place in the path of the data: rows of a file of counts in, what `trajekt fit` shows out. */
#ifndef TJ_SCENARIOS_FIT_H
#define TJ_SCENARIOS_FIT_H

#include "engine/status.h"
#include "scenarios/vocabulary.h"

#include <stddef.h>
#include <stdint.h>

enum { TJ_FIT_OLDEST = 200 }; /* years: sales longer ago than this before the first are not assumed */

typedef enum tj_fit_kind { TJ_FIT_COUNT, TJ_FIT_SOLD, TJ_FIT_AGE } tj_fit_kind;
extern const tj_word tj_fit_kind_words[]; /* by tj_fit_kind, ended by NULL */

/* What is known of a year: units in the fleet at its end, units sold in it, or units of one age at its end. */
typedef struct tj_fit_row {
    tj_fit_kind kind;
    int year, age; /* age 0 but for TJ_FIT_AGE */
    double units;
} tj_fit_row;

/* Why nothing was fitted. */
typedef enum tj_fit_fault {
    TJ_FIT_FITTED,
    TJ_FIT_NEGATIVE,
    TJ_FIT_NO_SALES,
    TJ_FIT_TOO_MANY_COUNTED, /* more units than there were and were sold since */
    TJ_FIT_TOO_MANY_OF_AGE,  /* more units of an age than were sold */
    TJ_FIT_TOO_FEW
} tj_fit_fault;

typedef enum tj_fit_verdict {
    TJ_FIT_GOOD,
    TJ_FIT_POOR,
    TJ_FIT_UNDETERMINED, /* the data cannot tell lambda from beta */
    TJ_FIT_EDGE          /* the best is at the edge of what is searched */
} tj_fit_verdict;

/* A datum and what the fit says of it. */
typedef struct tj_fit_point {
    tj_fit_kind kind;
    int year, age;
    double observed, fitted, weight;
    double residual; /* log observed - log fitted */
} tj_fit_point;

typedef struct tj_fit {
    tj_fit_fault fault;
    tj_fit_row culprit;       /* the row at fault */
    double most;              /* what was possible there */
    double lambda, beta;      /* years, 1 */
    double error[2];          /* standard errors of lambda, beta by the Jacobian; NaN where unknown */
    double bootstrap[2];      /* the same by resampling residuals */
    double sensitivity;       /* root mean square change of log units along the direction known least */
    double rms, r2;           /* of logarithms; r2 NaN where nothing varies */
    tj_fit_point *points;     /* [n_points], in the order of the rows; owned */
    size_t n_points, n_ages;  /* n_ages of them are ages */
    int start;                /* year of the age structure that the fleet starts from; 0: sales */
    int first_sold, averaged; /* first year of sales; how many from there give `assumed` */
    double assumed;           /* units sold in each year before the first */
    size_t filled;            /* years of sales between others, filled by a straight line */
    size_t early, late;       /* data left out: before the start, after the last sales */
    size_t zeros, unknown;    /* without a logarithm; of units whose sales are not known */
    tj_fit_verdict verdict;
} tj_fit;

typedef struct tj_fit_options {
    size_t resamples; /* of the bootstrap */
    uint64_t seed, stream;
} tj_fit_options;

/* Fits rows[count], in which no (kind, year, age) stands twice and no age is above TJ_FIT_OLDEST. TJ_ERR_UNDEFINED:
 * the data are impossible, fit->fault says why. The caller frees the fit in every case. */
tj_status tj_fit_run(const tj_fit_row *rows, size_t count, const tj_fit_options *options, tj_fit *fit);
void tj_fit_free(tj_fit *fit); /* NULL is fine */

/* One sentence: what is wrong with the data, or how well they are explained. */
void tj_fit_say(const tj_fit *fit, char *text, size_t size);

#endif
