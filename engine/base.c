/* Prepared base trajectories; see base.h.
 *
 * One allocation holds all cells; offset[cell] is where a cell's rows of `draws` doubles start, by year
 * after H or by background. Cells are independent, so they are filled in parallel. */
#include "engine/base.h"

#include "engine/cursor.h"
#include "engine/kernel.h"
#include "engine/lanes.h"
#include "engine/operators.h"
#include "engine/threefry.h"

#include <assert.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>

struct tj_prepared {
    size_t draws;
    double *values;   /* owned */
    size_t *offset;   /* [n_cells + 1], owned */
    int32_t *last;    /* [n_cells]: H of the cell's city, owned */
    uint8_t *wanders; /* [n_cells]: 1 where kappa does; its rows stand last, owned */
    int32_t n_backgrounds, n_years;
};

/* A stretch of draws of one cell being filled. */
typedef struct stretch {
    const tj_plan *plan;
    const tj_draws *draws;
    const tj_plan_cell *cell;
    const tj_plan_city *city;
    int32_t index, background;
    size_t first, n;
} stretch;

/* ---- trend ---- */

/* The noise of one step: u = rho * u + sigma * z, z addressed by the cell's stream and calendar year. */
TJ_CLONES static void add_noise(size_t n, const double *restrict rho, const double *restrict sigma,
                                const double *restrict z, double *restrict u)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        u[i] = rho[i] * u[i] + sigma[i] * z[i];
}

/* The shared shock of one step: n = n + shock * z. */
TJ_CLONES static void add_shock(size_t n, const double *restrict shock, const double *restrict z,
                                double *restrict shared)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        shared[i] = shared[i] + shock[i] * z[i];
}

/* v = rho^2 * v + sigma^2; exponent = exponent - v / 2: the noise keeps the mean. */
TJ_CLONES static void keep_mean(size_t n, const double *restrict rho, const double *restrict sigma,
                                double *restrict v, double *restrict exponent)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        v[i] = (rho[i] * rho[i]) * v[i] + sigma[i] * sigma[i];
        exponent[i] = exponent[i] - 0.5 * v[i];
    }
}

/* sum += power; power *= delta; exponent = growth * sum. */
TJ_CLONES static void add_growth(size_t n, const double *restrict growth, const double *restrict delta,
                                 double *restrict power, double *restrict sum, double *restrict exponent)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        sum[i] += power[i];
        power[i] *= delta[i];
        exponent[i] = growth[i] * sum[i];
    }
}

/* x = hist * exp * level */
TJ_CLONES static void level_path(size_t n, double start, const double *restrict e,
                                 const double *restrict level, double *restrict x)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] = (start * e[i]) * level[i];
}

/* The terms and the state of a trend cell, a stretch of draws wide. */
typedef struct trend {
    double buffer[6][TJ_LANES];
    const double *growth, *delta, *rho, *sigma, *shock, *level;
    double u[TJ_LANES], shared[TJ_LANES], variance[TJ_LANES], z[TJ_LANES];
    double power[TJ_LANES], sum[TJ_LANES], e[TJ_LANES];
    int noisy, shocked;
} trend;

static int is_zero(tj_term term)
{
    return term.param == TJ_NONE && term.value == 0.0;
}

static void trend_start(const stretch *s, trend *t)
{
    const tj_plan_cell *cell = s->cell;
    t->growth = tj_term_lanes(s->draws, cell->growth, s->first, s->n, t->buffer[0]);
    t->delta = tj_term_lanes(s->draws, cell->delta, s->first, s->n, t->buffer[1]);
    t->rho = tj_term_lanes(s->draws, cell->rho, s->first, s->n, t->buffer[2]);
    t->sigma = tj_term_lanes(s->draws, cell->sigma, s->first, s->n, t->buffer[3]);
    t->shock = tj_term_lanes(s->draws, cell->shock, s->first, s->n, t->buffer[4]);
    t->level = tj_term_lanes(s->draws, s->city->level, s->first, s->n, t->buffer[5]);
    t->noisy = !is_zero(cell->sigma);
    t->shocked = !is_zero(cell->shock);
    tj_row_fill(s->n, 0.0, t->u);
    tj_row_fill(s->n, 0.0, t->shared);
    tj_row_fill(s->n, 0.0, t->variance);
    tj_row_fill(s->n, 0.0, t->sum);
    tj_row_fill(s->n, 1.0, t->power);
}

/* Standard normal numbers of a stream and calendar year. */
static void normals(const stretch *s, uint64_t stream, uint32_t year, double *z)
{
    tj_uniform_lanes(s->draws->seed, stream, (uint32_t)s->first, year, s->n, z);
    tj_normal_inverse_lanes(s->n, z, z);
}

/* Own noise and shared shock of a year, added to the exponent. */
static void add_yearly(const stretch *s, uint32_t year, trend *t)
{
    if (t->noisy) {
        normals(s, s->cell->noise_stream, year, t->z);
        add_noise(s->n, t->rho, t->sigma, t->z, t->u);
        tj_row_add(s->n, t->u, 1.0, t->e);
    }
    if (t->shocked) {
        normals(s, s->cell->shock_stream, year, t->z);
        add_shock(s->n, t->shock, t->z, t->shared);
        tj_row_add(s->n, t->shared, 1.0, t->e);
    }
    if (s->cell->keeps_mean)
        keep_mean(s->n, t->rho, t->sigma, t->variance, t->e);
}

/* One year further: t->e is the exponent of the path. */
static void trend_step(const stretch *s, uint32_t year, trend *t)
{
    add_growth(s->n, t->growth, t->delta, t->power, t->sum, t->e);
    add_yearly(s, year, t);
}

/* Where what kappa is multiplied by begins; year index > H. */
static double *wander_of(const tj_prepared *prepared, int32_t cell, int32_t year)
{
    return prepared->values + prepared->offset[cell + 1] -
           (size_t)(prepared->n_years - year) * prepared->draws;
}

/* exp of the noise of every year, without a trend: what kappa of a cell with memory is multiplied by. */
static void fill_wander(const stretch *s, const tj_prepared *prepared)
{
    const tj_plan_settings *settings = tj_plan_get_settings(s->plan);
    trend t;
    trend_start(s, &t);
    for (int32_t y = s->city->last_inventory + 1; y < settings->n_years; y++) {
        tj_row_fill(s->n, 0.0, t.e);
        add_yearly(s, (uint32_t)(settings->first_year + y), &t);
        tj_exp_lanes(s->n, t.e, wander_of(prepared, s->index, y) + s->first);
    }
}

static void fill_trend(const stretch *s, tj_prepared *prepared)
{
    const tj_plan_settings *settings = tj_plan_get_settings(s->plan);
    int32_t last = s->city->last_inventory;
    double start = tj_plan_numbers(s->plan, s->cell->history)[last];
    trend t;
    trend_start(s, &t);
    for (int32_t y = last + 1; y < settings->n_years; y++) {
        double *x = prepared->values + prepared->offset[s->index] + (size_t)(y - last - 1) * prepared->draws +
                    s->first;
        if (start == 0.0) { /* a true zero stays zero, whatever the growth */
            tj_row_fill(s->n, 0.0, x);
            continue;
        }
        trend_step(s, (uint32_t)(settings->first_year + y), &t);
        tj_exp_lanes(s->n, t.e, t.e);
        level_path(s->n, start, t.e, t.level, x);
    }
}

/* ---- intensity and sink ---- */

/* The limited reference of driver k of the cell in year H. */
static void reference_at_last(const stretch *s, int32_t k, double *x)
{
    double rows[2 * TJ_LANES];
    tj_cursor cursor;
    tj_cursor_start(&cursor, s->plan, s->draws, s->background, s->cell->drivers_first + k,
                    s->city->last_inventory, s->first, s->n, rows);
    tj_cursor_copy_limited(&cursor, s->n, x);
}

/* kappa = start / modelled, 1 where both are zero; returns the number of lanes in which only the
 * modelled one is. */
TJ_CLONES static size_t calibrate(size_t n, double start, const double *restrict activity,
                                  const double *restrict intensity, const double *restrict factor,
                                  double *restrict kappa)
{
    size_t impossible = 0;
#pragma omp simd reduction(+ : impossible)
    for (size_t i = 0; i < n; i++) {
        double modelled = (activity[i] * intensity[i]) * factor[i];
        impossible += (size_t)((modelled == 0.0) & (start != 0.0));
        kappa[i] = modelled == 0.0 ? 1.0 : start / modelled;
    }
    return impossible;
}

static size_t fill_intensity(const stretch *s, double *kappa)
{
    double activity[TJ_LANES], intensity[TJ_LANES], share[TJ_LANES], factor[TJ_LANES], sum[TJ_LANES];
    double start = tj_plan_numbers(s->plan, s->cell->history)[s->city->last_inventory];
    reference_at_last(s, 0, activity);
    reference_at_last(s, 1, intensity);
    tj_row_fill(s->n, 0.0, sum);
    for (int32_t f = 0; f < s->cell->n_carriers; f++) {
        reference_at_last(s, 2 + f, share);
        reference_at_last(s, 2 + s->cell->n_carriers + f, factor);
        tj_row_accumulate(s->n, share, factor, sum);
    }
    return calibrate(s->n, start, activity, intensity, sum, kappa);
}

static void fill_sink(const stretch *s, double *difference)
{
    double start = tj_plan_numbers(s->plan, s->cell->history)[s->city->last_inventory];
    double removal[TJ_LANES];
    reference_at_last(s, 0, removal);
    tj_row_fill(s->n, start, difference);
    tj_row_add(s->n, removal, -1.0, difference);
}

/* ---- all cells ---- */

/* A cell without a value in H has no projection and is left out. */
static int projects(const tj_plan *plan, int32_t index)
{
    const tj_plan_cell *cell = tj_plan_get_cell(plan, index);
    int32_t last = tj_plan_get_city(plan, cell->city)->last_inventory;
    int32_t n_years = tj_plan_get_settings(plan)->n_years;
    const uint8_t *status = tj_plan_bytes(plan, cell->status);
    int any = 0;
    for (int32_t y = last + 1; y < n_years; y++)
        any |= status[y] != TJ_ABSENT;
    assert(!any || !isnan(tj_plan_numbers(plan, cell->history)[last]));
    return any;
}

/* Whether kappa of a cell with memory is another number every year. */
static int wanders(const tj_plan_cell *cell)
{
    return tj_base_has_memory(cell) && !(is_zero(cell->sigma) && is_zero(cell->shock));
}

static size_t rows_of(const tj_plan *plan, int32_t index)
{
    const tj_plan_settings *settings = tj_plan_get_settings(plan);
    const tj_plan_cell *cell = tj_plan_get_cell(plan, index);
    int32_t last = tj_plan_get_city(plan, cell->city)->last_inventory;
    if (tj_base_has_memory(cell))
        return (size_t)settings->n_backgrounds +
               (size_t)wanders(cell) * (size_t)(settings->n_years - last - 1);
    if (!projects(plan, index))
        return 0;
    return (size_t)(cell->method == TJ_METHOD_TREND ? settings->n_years - last - 1 : settings->n_backgrounds);
}

/* Fills one stretch of draws of a cell; returns the number of impossible lanes. */
static size_t fill_stretch(stretch *s, tj_prepared *prepared)
{
    size_t impossible = 0;
    if (s->cell->method == TJ_METHOD_TREND) {
        fill_trend(s, prepared);
        return 0;
    }
    if (prepared->wanders[s->index])
        fill_wander(s, prepared);
    if (tj_base_has_memory(s->cell))
        return 0;
    for (int32_t b = 0; b < tj_plan_get_settings(s->plan)->n_backgrounds; b++) {
        double *to = prepared->values + prepared->offset[s->index] + (size_t)b * prepared->draws + s->first;
        s->background = b;
        if (s->cell->method == TJ_METHOD_INTENSITY)
            impossible += fill_intensity(s, to);
        else {
            assert(s->cell->method == TJ_METHOD_SINK);
            fill_sink(s, to);
        }
    }
    return impossible;
}

static size_t fill_cell(const tj_plan *plan, const tj_draws *draws, int32_t index, tj_prepared *prepared)
{
    size_t impossible = 0;
    stretch s = {.plan = plan, .draws = draws, .index = index, .cell = tj_plan_get_cell(plan, index)};
    s.city = tj_plan_get_city(plan, s.cell->city);
    if (prepared->offset[index + 1] == prepared->offset[index])
        return 0;
    for (s.first = 0; s.first < draws->count; s.first += TJ_LANES) {
        s.n = draws->count - s.first < TJ_LANES ? draws->count - s.first : TJ_LANES;
        impossible += fill_stretch(&s, prepared);
    }
    return impossible;
}

static tj_status allocate(const tj_plan *plan, size_t draws, tj_prepared *prepared)
{
    int32_t n_cells = tj_plan_get_settings(plan)->n_cells;
    prepared->draws = draws;
    prepared->n_backgrounds = tj_plan_get_settings(plan)->n_backgrounds;
    prepared->n_years = tj_plan_get_settings(plan)->n_years;
    prepared->offset = calloc((size_t)n_cells + 1, sizeof *prepared->offset);
    prepared->last = calloc((size_t)n_cells + 1, sizeof *prepared->last);
    prepared->wanders = calloc((size_t)n_cells + 1, sizeof *prepared->wanders);
    if (prepared->offset == NULL || prepared->last == NULL || prepared->wanders == NULL)
        return TJ_ERR_MEMORY;
    for (int32_t k = 0; k < n_cells; k++) {
        prepared->wanders[k] = (uint8_t)wanders(tj_plan_get_cell(plan, k));
        prepared->offset[k + 1] = prepared->offset[k] + rows_of(plan, k) * draws;
        prepared->last[k] = tj_plan_get_city(plan, tj_plan_get_cell(plan, k)->city)->last_inventory;
    }
    prepared->values = malloc((prepared->offset[n_cells] + 1) * sizeof *prepared->values);
    return prepared->values == NULL ? TJ_ERR_MEMORY : TJ_OK;
}

tj_status tj_base_prepare(const tj_plan *plan, const tj_draws *draws, int threads, tj_prepared **prepared)
{
    int32_t n_cells = tj_plan_get_settings(plan)->n_cells;
    size_t impossible = 0;
    tj_prepared *made = calloc(1, sizeof *made);
    *prepared = NULL;
    if (made == NULL || allocate(plan, draws->count, made) != TJ_OK) {
        tj_base_free(made);
        return TJ_ERR_MEMORY;
    }
#pragma omp parallel for schedule(dynamic) num_threads(threads > 0 ? threads : omp_get_max_threads())          \
    reduction(+ : impossible)
    for (int32_t k = 0; k < n_cells; k++)
        impossible += fill_cell(plan, draws, k, made);
    if (impossible > 0) {
        tj_base_free(made);
        return TJ_ERR_UNDEFINED;
    }
    *prepared = made;
    return TJ_OK;
}

void tj_base_free(tj_prepared *prepared)
{
    if (prepared == NULL)
        return;
    free(prepared->values);
    free(prepared->offset);
    free(prepared->last);
    free(prepared->wanders);
    free(prepared);
}

const double *tj_base_trend(const tj_prepared *prepared, int32_t cell, int32_t year)
{
    assert(year > prepared->last[cell]);
    size_t row = (size_t)(year - prepared->last[cell] - 1);
    assert(prepared->offset[cell] + (row + 1) * prepared->draws <= prepared->offset[cell + 1]);
    return prepared->values + prepared->offset[cell] + row * prepared->draws;
}

int tj_base_has_memory(const tj_plan_cell *cell)
{
    return cell->method > TJ_METHOD_SINK || (cell->method == TJ_METHOD_INTENSITY && cell->carriers_count > 0);
}

double *tj_base_kappa(const tj_prepared *prepared, int32_t cell, int32_t background)
{
    assert(prepared->offset[cell] + ((size_t)background + 1) * prepared->draws <= prepared->offset[cell + 1]);
    return prepared->values + prepared->offset[cell] + (size_t)background * prepared->draws;
}

const double *tj_base_wander(const tj_prepared *prepared, int32_t cell, int32_t year)
{
    assert(year > prepared->last[cell] && year < prepared->n_years);
    return prepared->wanders[cell] ? wander_of(prepared, cell, year) : NULL;
}

const double *tj_base_constant(const tj_prepared *prepared, int32_t cell, int32_t background)
{
    return tj_base_kappa(prepared, cell, background);
}
