/* Fitting a stock: the estimate, how sure it is, and what to think of it; see fit.h. */
#include "scenarios/fit.h"

#include "engine/lanes.h"
#include "engine/threefry.h"
#include "scenarios/fit_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A root mean square error that is poor; the sensitivity and the relative standard error of lambda or beta at which
 * two numbers are not known apart. */
static const double POOR = 0.1, LEAST_SENSITIVITY = 1e-3, MOST_ERROR = 0.5;

const tj_word tj_fit_kind_words[] = {
    [TJ_FIT_COUNT] = {"count", "units in the fleet at the end of the year"},
    [TJ_FIT_SOLD] = {"sold", "units sold in the year"},
    [TJ_FIT_AGE] = {"age", "units of one age at the end of the year"},
    {NULL, NULL},
};

/* ---- how sure ---- */

/* Standard errors of the logarithms, and the sensitivity: the root of the smallest eigenvalue of J'J / n. */
static void judge_errors(const tj_fit_data *data, double squares, double log_error[2], double *sensitivity)
{
    double m[3];
    tj_fit_normal(data, m);
    double half = 0.5 * (m[0] + m[2]), apart = 0.5 * (m[0] - m[2]);
    double det = m[0] * m[2] - m[1] * m[1], largest = half + sqrt(apart * apart + m[1] * m[1]);
    *sensitivity = largest > 0 ? sqrt(fmax(det, 0.0) / largest / (double)data->n) : 0.0;
    double variance = data->n > 2 ? squares / (double)(data->n - 2) : NAN;
    log_error[0] = sqrt(variance * m[2] / det);
    log_error[1] = sqrt(variance * m[0] / det);
}

/* Replaces what was observed by what was fitted plus residuals drawn from all, spread as residuals of two numbers
 * fitted are. */
static void resample(const double *fitted, const double *residual, const tj_fit_options *options,
                     uint32_t draw, tj_fit_data *data)
{
    double n = (double)data->n, spread = sqrt(n / (n - 2));
    for (size_t i = 0; i < data->n; i++) {
        double u = tj_uniform(options->seed, options->stream, draw, (uint32_t)i);
        double drawn = residual[(size_t)(u * n)];
        data->observed[i] = fitted[i] + spread * drawn / data->weight[i];
    }
}

/* Standard deviations of lambda and beta over refits of resampled data. */
static void refit(const double *fitted, const double *residual, const tj_fit_options *options,
                  tj_fit_place best, tj_fit_data *data, double deviation[2])
{
    double centre[2] = {tj_exp(best.x[0]), tj_exp(best.x[1])}, sum[2] = {0}, squares[2] = {0};
    double n = (double)options->resamples;
    for (size_t r = 0; r < options->resamples; r++) {
        resample(fitted, residual, options, (uint32_t)r, data);
        tj_fit_place place = tj_fit_descend(data, best);
        for (int k = 0; k < 2; k++) {
            double off = tj_exp(place.x[k]) - centre[k];
            sum[k] += off;
            squares[k] += off * off;
        }
    }
    for (int k = 0; k < 2; k++)
        deviation[k] = sqrt(fmax(0.0, squares[k] - sum[k] * sum[k] / n) / (n - 1));
}

static tj_status bootstrap(tj_fit_data *data, tj_fit_place best, const tj_fit_options *options, tj_fit *fit)
{
    double *fitted = calloc(2 * data->n, sizeof *fitted);
    fit->bootstrap[0] = fit->bootstrap[1] = NAN;
    if (fitted == NULL)
        return TJ_ERR_MEMORY;
    double *residual = fitted + data->n;
    for (size_t i = 0; i < data->n; i++) {
        fitted[i] = data->observed[i] - data->residual[i] / data->weight[i];
        residual[i] = data->residual[i];
    }
    if (data->n > 2 && options->resamples > 1)
        refit(fitted, residual, options, best, data, fit->bootstrap);
    free(fitted);
    return TJ_OK;
}

/* ---- how well ---- */

static void fill_points(const tj_fit_data *data, tj_fit *fit)
{
    for (size_t i = 0; i < data->n; i++) {
        double residual = data->residual[i] / data->weight[i];
        fit->points[i].residual = residual;
        fit->points[i].fitted = tj_exp(data->observed[i] - residual);
    }
}

/* Weighted mean of the logarithms of one kind; counts and ages differ in size, which is nothing to explain. */
static double mean_of(const tj_fit_data *data, const tj_fit *fit, tj_fit_kind kind)
{
    double sum = 0.0, weights = 0.0;
    for (size_t i = 0; i < data->n; i++)
        if (fit->points[i].kind == kind) {
            sum += fit->points[i].weight * data->observed[i];
            weights += fit->points[i].weight;
        }
    return sum / weights;
}

static void judge_fit(const tj_fit_data *data, double squares, tj_fit *fit)
{
    double total = 0.0, weights = 0.0;
    double mean[] = {
        [TJ_FIT_COUNT] = mean_of(data, fit, TJ_FIT_COUNT), [TJ_FIT_AGE] = mean_of(data, fit, TJ_FIT_AGE)};
    for (size_t i = 0; i < data->n; i++) {
        double off = data->observed[i] - mean[fit->points[i].kind];
        total += fit->points[i].weight * off * off;
        weights += fit->points[i].weight;
    }
    fit->rms = sqrt(squares / weights);
    fit->r2 = total > 0 ? 1 - squares / total : NAN;
}

static int is_at_edge(const double x[2], int k)
{
    return x[k] <= tj_fit_least[k] || x[k] >= tj_fit_most[k];
}

/* A beta at its edge is what data without a say on it may end with; a lambda there is a finding. */
static tj_fit_verdict judge_verdict(const tj_fit *fit, const double x[2])
{
    const double best[2] = {fit->lambda, fit->beta};
    if (is_at_edge(x, 0))
        return TJ_FIT_EDGE;
    for (int k = 0; k < 2; k++)
        if (fit->error[k] > MOST_ERROR * best[k] || fit->bootstrap[k] > MOST_ERROR * best[k])
            return TJ_FIT_UNDETERMINED;
    if (fit->sensitivity < LEAST_SENSITIVITY)
        return TJ_FIT_UNDETERMINED;
    if (is_at_edge(x, 1))
        return TJ_FIT_EDGE;
    return fit->rms > POOR ? TJ_FIT_POOR : TJ_FIT_GOOD;
}

/* Where a direction is not known, or a bound holds, no error can be stated: residuals say nothing of it. */
static void drop_errors(tj_fit *fit)
{
    if (fit->sensitivity < LEAST_SENSITIVITY || fit->verdict == TJ_FIT_EDGE)
        fit->error[0] = fit->error[1] = fit->bootstrap[0] = fit->bootstrap[1] = NAN;
}

static tj_status solve(tj_fit_data *data, const tj_fit_options *options, tj_fit *fit)
{
    double log_error[2];
    tj_fit_place best = tj_fit_search(data);
    judge_errors(data, best.squares, log_error, &fit->sensitivity);
    fit->lambda = tj_exp(best.x[0]);
    fit->beta = tj_exp(best.x[1]);
    fit->error[0] = fit->lambda * log_error[0];
    fit->error[1] = fit->beta * log_error[1];
    fill_points(data, fit);
    judge_fit(data, best.squares, fit);
    tj_status status = bootstrap(data, best, options, fit);
    fit->verdict = judge_verdict(fit, best.x);
    drop_errors(fit);
    return status;
}

tj_status tj_fit_run(const tj_fit_row *rows, size_t count, const tj_fit_options *options, tj_fit *fit)
{
    tj_fit_data data = {0};
    *fit = (tj_fit){0};
    tj_status status = tj_fit_gather(rows, count, &data, fit);
    if (status == TJ_OK)
        status = solve(&data, options, fit);
    tj_fit_data_free(&data);
    return status;
}

void tj_fit_free(tj_fit *fit)
{
    if (fit == NULL)
        return;
    free(fit->points);
    *fit = (tj_fit){0};
}

/* ---- in words ---- */

static const tj_fit_point *worst_of(const tj_fit *fit)
{
    const tj_fit_point *worst = &fit->points[0];
    for (size_t i = 1; i < fit->n_points; i++)
        if (fabs(fit->points[i].residual) > fabs(worst->residual))
            worst = &fit->points[i];
    return worst;
}

static void say_fault(const tj_fit *fit, char *text, size_t size)
{
    const tj_fit_row *row = &fit->culprit;
    switch (fit->fault) {
    case TJ_FIT_NEGATIVE:
        snprintf(text, size, "%d: %s %.10g, expected a number not below 0", row->year,
                 tj_fit_kind_words[row->kind].name, row->units);
        break;
    case TJ_FIT_NO_SALES:
        snprintf(text, size, "no sales: rows of kind 'sold' are needed to tell who is left of how many");
        break;
    case TJ_FIT_TOO_MANY_COUNTED:
        snprintf(text, size,
                 "%d: %.10g units counted, but the fleet before and what was sold since make %.10g at most",
                 row->year, row->units, fit->most);
        break;
    case TJ_FIT_TOO_MANY_OF_AGE:
        snprintf(text, size, "%d: %.10g units of age %d, but %.10g were sold in %d", row->year, row->units,
                 row->age, fit->most, row->year - row->age);
        break;
    default:
        snprintf(
            text, size,
            "%zu count%s or age%s that can be used, but lambda and beta are two numbers: give more years",
            fit->n_points, fit->n_points == 1 ? "" : "s", fit->n_points == 1 ? "" : "s");
    }
}

/* Percent by which a residual is off, without decimals where they say nothing. */
static void say_within(double error, const char *before, char *text, size_t size)
{
    double percent = 100 * (tj_exp(error) - 1);
    snprintf(text, size, "%s%.*f %%", before, percent < 1 ? 2 : percent < 10 ? 1 : 0, percent);
}

void tj_fit_say(const tj_fit *fit, char *text, size_t size)
{
    if (fit->fault != TJ_FIT_FITTED) {
        say_fault(fit, text, size);
        return;
    }
    const tj_fit_point *worst = worst_of(fit);
    char within[64];
    switch (fit->verdict) {
    case TJ_FIT_GOOD:
        say_within(fit->rms, "fits within ", text, size);
        break;
    case TJ_FIT_POOR:
        say_within(fit->rms, "poor: errors of ", within, sizeof within);
        snprintf(text, size, "%s are typical, the largest is %+.0f %% in %d", within,
                 100 * (tj_exp(worst->residual) - 1), worst->year);
        break;
    case TJ_FIT_UNDETERMINED:
        snprintf(text, size, "%s",
                 fit->n_ages == 0 ? "sales and counts alone cannot tell lambda from beta: give ages"
                                  : "the data cannot tell lambda from beta: give ages of more years");
        break;
    case TJ_FIT_EDGE:
        snprintf(text, size,
                 "the best is at the edge of what is searched: too few units have gone, or another law than "
                 "Weibull's holds");
    }
}
