/* The search for the survival that explains the data best: damped Gauss-Newton steps in (log lambda, log beta), down
 * from the best lambda of each beta of a coarse grid, as there may be several minima; see fit_parts.h. Every step that
 * is kept lowers the sum of squares. */
#include "engine/lanes.h"
#include "scenarios/fit_parts.h"

#include <math.h>
#include <string.h>

/* Logarithms of 0.5 and 150 years, 0.3 and 20. */
const double tj_fit_least[2] = {-0.6931471805599453, -1.2039728043259361};
const double tj_fit_most[2] = {5.0106352940962555, 2.995732273553991};

enum { GRID_LAMBDA = 16, GRID_BETA = 10, STEPS_MOST = 200 };
static const double DAMPING_FIRST = 1e-3, DAMPING_LEAST = 1e-12, DAMPING_MOST = 1e12;
static const double STEP_LEAST = 1e-14;

static void fill_hazard(tj_fit_data *data, const double x[2])
{
    double lambda = tj_exp(x[0]), beta = tj_exp(x[1]);
    double *h = data->hazard[0];
    h[0] = h[2] = h[3] = 0.0;
    h[1] = 1.0;
    for (int a = 1; a < data->ages; a++) {
        h = data->hazard[a];
        h[0] = tj_pow(a / lambda, beta);
        h[1] = tj_exp(-h[0]);
        h[2] = -beta * h[0];
        h[3] = beta * h[0] * (tj_log(a) - x[0]);
    }
}

/* Units of a datum, and their slopes. */
static double sum_terms(const tj_fit_data *data, size_t i, double slope[2])
{
    double sum = 0.0;
    slope[0] = slope[1] = 0.0;
    for (size_t k = data->first[i]; k < data->first[i + 1]; k++) {
        const tj_fit_term *term = &data->terms[k];
        const double *h = data->hazard[term->age], *h0 = data->hazard[term->from];
        double left = term->units * (term->from == 0 ? h[1] : tj_exp(h0[0] - h[0]));
        sum += left;
        slope[0] += left * (h0[2] - h[2]);
        slope[1] += left * (h0[3] - h[3]);
    }
    return sum;
}

double tj_fit_evaluate(tj_fit_data *data, const double x[2])
{
    double squares = 0.0;
    fill_hazard(data, x);
    for (size_t i = 0; i < data->n; i++) {
        double w = data->weight[i], slope[2], units = sum_terms(data, i, slope);
        data->residual[i] = w * (data->observed[i] - tj_log(units));
        data->slope[i][0] = w * slope[0] / units;
        data->slope[i][1] = w * slope[1] / units;
        squares += data->residual[i] * data->residual[i];
    }
    return squares;
}

void tj_fit_normal(const tj_fit_data *data, double m[3])
{
    m[0] = m[1] = m[2] = 0.0;
    for (size_t i = 0; i < data->n; i++) {
        const double *s = data->slope[i];
        m[0] += s[0] * s[0];
        m[1] += s[0] * s[1];
        m[2] += s[1] * s[1];
    }
}

static double along(int k, double part)
{
    return tj_fit_least[k] + (tj_fit_most[k] - tj_fit_least[k]) * part;
}

/* The best lambda of the grid for a beta of the grid. */
static tj_fit_place begin_at(tj_fit_data *data, int row)
{
    tj_fit_place best = {{0.0, 0.0}, INFINITY};
    for (int i = 0; i < GRID_LAMBDA; i++) {
        tj_fit_place place = {{along(0, (i + 0.5) / GRID_LAMBDA), along(1, (row + 0.5) / GRID_BETA)}, 0.0};
        place.squares = tj_fit_evaluate(data, place.x);
        if (place.squares < best.squares)
            best = place;
    }
    return best;
}

/* A coordinate that stands at its bound and is pulled over it stays there. */
static int is_held(double x, double pull, int k)
{
    return (x <= tj_fit_least[k] && pull < 0) || (x >= tj_fit_most[k] && pull > 0);
}

/* One step from `from`, where the data were evaluated: (J'J + damping diag) step = J'r. */
static void take_step(const tj_fit_data *data, const double from[2], double damping, double to[2])
{
    double m[3], g[2] = {0.0, 0.0};
    tj_fit_normal(data, m);
    for (size_t i = 0; i < data->n; i++)
        for (int k = 0; k < 2; k++)
            g[k] += data->slope[i][k] * data->residual[i];
    for (int k = 0; k < 2; k++)
        if (is_held(from[k], g[k], k)) {
            m[1] = 0.0;
            g[k] = 0.0;
        }
    double a = m[0] * (1 + damping), b = m[2] * (1 + damping), det = a * b - m[1] * m[1];
    double step[2] = {(b * g[0] - m[1] * g[1]) / det, (a * g[1] - m[1] * g[0]) / det};
    for (int k = 0; k < 2; k++)
        to[k] = fmin(fmax(from[k] + (isfinite(step[k]) ? step[k] : 0.0), tj_fit_least[k]), tj_fit_most[k]);
}

tj_fit_place tj_fit_descend(tj_fit_data *data, tj_fit_place from)
{
    double damping = DAMPING_FIRST;
    from.squares = tj_fit_evaluate(data, from.x);
    for (int steps = 0; steps < STEPS_MOST && damping < DAMPING_MOST; steps++) {
        tj_fit_place to;
        take_step(data, from.x, damping, to.x);
        double moved = fmax(fabs(to.x[0] - from.x[0]), fabs(to.x[1] - from.x[1]));
        if (moved < STEP_LEAST)
            break;
        to.squares = tj_fit_evaluate(data, to.x);
        if (to.squares < from.squares) {
            from = to;
            damping = fmax(damping * 0.1, DAMPING_LEAST);
        } else {
            damping *= 10;
            tj_fit_evaluate(data, from.x);
        }
    }
    from.squares = tj_fit_evaluate(data, from.x);
    return from;
}

tj_fit_place tj_fit_search(tj_fit_data *data)
{
    tj_fit_place best = {{0.0, 0.0}, INFINITY};
    for (int row = 0; row < GRID_BETA; row++) {
        tj_fit_place place = begin_at(data, row);
        if (place.squares < INFINITY)
            place = tj_fit_descend(data, place);
        if (place.squares < best.squares)
            best = place;
    }
    best.squares = tj_fit_evaluate(data, best.x);
    return best;
}
