/* The reference backend: one draw at a time, straight from docs/model.md.
 *
 * Place in the path of the data: plan and draws in, trajectories of one city out (engine/simulate.h).
 * Slow and plain on purpose; every faster backend is compared with it. */
#include "engine/lanes.h"
#include "engine/reference.h"
#include "engine/simulate.h"
#include "engine/threefry.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

struct tj_scratch {
    int32_t fault_cell, fault_year;
    tj_reference_work work;
    double *drivers;  /* n_years * drivers of the city: values with the package's measures */
    double *emission; /* n_years: one cell's projection in one draw */
    double *doubles;  /* owned: all arrays of doubles here and in work */
};

/* The drivers of one cell in one year. */
static const double *drivers_of(const tj_reference_at *at, const tj_scratch *scratch,
                                const tj_plan_cell *cell, int32_t year)
{
    return scratch->drivers + (size_t)year * (size_t)at->drivers_count +
           (cell->drivers_first - at->drivers_first);
}

/* ---- sector methods: t CO2e per year after H, without the level factor ---- */

/* One draw of the standard normal number of a stream and calendar year. */
static double normal_of(const tj_reference_at *at, uint64_t stream, uint32_t calendar)
{
    return tj_normal_inverse(tj_uniform(at->draws->seed, stream, (uint32_t)at->draw, calendar));
}

/* log x(t) = log x(H) + g sum(delta^i, i < t - H) + u(t) + n(t) - keeps_mean v(t) / 2 with the noise u, its
 * variance v and the shared shocks n of engine/plan.h; E = x activity intensity, times the background's
 * ratio. A true zero stays zero. */
static int run_trend(const tj_reference_at *at, const tj_plan_cell *cell, tj_scratch *scratch)
{
    const tj_plan_settings *settings = tj_plan_get_settings(at->plan);
    const double *ratio = tj_plan_numbers(at->plan, cell->ratio) + at->background * settings->n_years;
    double start = tj_plan_numbers(at->plan, cell->history)[at->last_inventory];
    double growth = tj_reference_term(at, cell->growth), delta = tj_reference_term(at, cell->delta);
    double rho = tj_reference_term(at, cell->rho), sigma = tj_reference_term(at, cell->sigma);
    double shock = tj_reference_term(at, cell->shock);
    double damped = 0, power = 1, u = 0, n = 0, v = 0;
    for (int32_t y = at->last_inventory + 1; y < settings->n_years; y++) {
        const double *x = drivers_of(at, scratch, cell, y);
        uint32_t calendar = (uint32_t)(settings->first_year + y);
        damped += power;
        power *= delta;
        u = rho * u + sigma * normal_of(at, cell->noise_stream, calendar);
        n = n + shock * normal_of(at, cell->shock_stream, calendar);
        v = rho * rho * v + sigma * sigma;
        double exponent = growth * damped + u + n - (cell->keeps_mean ? 0.5 * v : 0);
        scratch->emission[y] = start * tj_exp(exponent) * x[0] * x[1] * ratio[y];
    }
    return 0;
}

/* A I sum(w_f EF_f), without kappa. */
static double burnt(const double *x, int32_t n_carriers)
{
    double mix = 0;
    for (int32_t f = 0; f < n_carriers; f++)
        mix += x[2 + f] * x[2 + n_carriers + f];
    return x[0] * x[1] * mix;
}

/* E = kappa A I sum(w_f EF_f); kappa makes the reference of H equal the inventory, in every draw.
 * 0 against 0: kappa = 1; a modelled 0 against an inventory that is not: undefined. */
static int run_intensity(const tj_reference_at *at, const tj_plan_cell *cell, tj_scratch *scratch)
{
    int32_t last = at->last_inventory;
    double inventory = tj_plan_numbers(at->plan, cell->history)[last];
    double modelled = burnt(drivers_of(at, scratch, cell, last), cell->n_carriers);
    if (modelled == 0 && inventory != 0)
        return -1;
    double kappa = modelled == 0 ? 1 : inventory / modelled;
    for (int32_t y = last + 1; y < tj_plan_get_settings(at->plan)->n_years; y++)
        scratch->emission[y] = kappa * burnt(drivers_of(at, scratch, cell, y), cell->n_carriers);
    return 0;
}

/* The difference between inventory and driver in H is added in every later year. */
static int run_sink(const tj_reference_at *at, const tj_plan_cell *cell, tj_scratch *scratch)
{
    int32_t last = at->last_inventory;
    double inventory = tj_plan_numbers(at->plan, cell->history)[last];
    double difference = inventory - drivers_of(at, scratch, cell, last)[0];
    for (int32_t y = last + 1; y < tj_plan_get_settings(at->plan)->n_years; y++)
        scratch->emission[y] = drivers_of(at, scratch, cell, y)[0] + difference;
    return 0;
}

/* Returns -1 where the calibration in H is undefined. */
static int (*const methods[TJ_METHODS])(const tj_reference_at *, const tj_plan_cell *, tj_scratch *) = {
    [TJ_METHOD_TREND] = run_trend,
    [TJ_METHOD_INTENSITY] = run_intensity,
    [TJ_METHOD_SINK] = run_sink,
};

/* ---- one draw ---- */

/* Drivers of every year from H on; reach is 0 in H, so H holds the reference. */
static tj_status settle_drivers(tj_reference_at *at, tj_scratch *scratch)
{
    const tj_reference_at whole = *at;
    for (at->year = whole.last_inventory; at->year < tj_plan_get_settings(at->plan)->n_years; at->year++) {
        at->n_effects = at->year > whole.last_inventory ? whole.n_effects : 0;
        double *x = scratch->drivers + (size_t)at->year * (size_t)at->drivers_count;
        int32_t fault = tj_reference_drivers(at, &scratch->work, x);
        if (fault != TJ_NONE) {
            scratch->fault_cell = tj_plan_get_driver(at->plan, fault)->cell;
            scratch->fault_year = at->year;
            return TJ_ERR_UNDEFINED;
        }
    }
    *at = whole;
    return TJ_OK;
}

/* One cell, all its years: the inventory up to H, the method after it. A proxy's level factor multiplies
 * every year, the back-cast factor what was back-cast. out steps by `stride` from year to year. */
static int write_cell(const tj_reference_at *at, const tj_plan_cell *cell, tj_scratch *scratch, size_t stride,
                      double *out)
{
    const tj_plan_city *city = tj_plan_get_city(at->plan, at->city);
    const double *history = tj_plan_numbers(at->plan, cell->history);
    const uint8_t *status = tj_plan_bytes(at->plan, cell->status);
    double level = tj_reference_term(at, city->level), backcast = tj_reference_term(at, city->backcast);
    int32_t last = at->last_inventory, n_years = tj_plan_get_settings(at->plan)->n_years;
    for (int32_t y = 0; y <= last; y++)
        if (status[y] != TJ_ABSENT)
            out[(size_t)y * stride] = history[y] * level * (status[y] == TJ_BACKCAST ? backcast : 1);
    if (last + 1 >= n_years || status[last + 1] == TJ_ABSENT)
        return 0;
    assert(status[last] != TJ_ABSENT && cell->method >= 0 && cell->method < TJ_METHODS);
    assert(methods[cell->method] != NULL);
    if (methods[cell->method](at, cell, scratch) != 0)
        return -1;
    for (int32_t y = last + 1; y < n_years; y++)
        out[(size_t)y * stride] = scratch->emission[y] * level;
    return 0;
}

static tj_status run_draw(tj_reference_at *at, tj_scratch *scratch, size_t stride, double *out)
{
    const tj_plan_city *city = tj_plan_get_city(at->plan, at->city);
    size_t n_years = (size_t)tj_plan_get_settings(at->plan)->n_years;
    tj_status status = settle_drivers(at, scratch);
    for (int32_t k = 0; status == TJ_OK && k < city->cells_count; k++) {
        const tj_plan_cell *cell = tj_plan_get_cell(at->plan, city->cells_first + k);
        if (write_cell(at, cell, scratch, stride, out + (size_t)k * n_years * stride) != 0) {
            scratch->fault_cell = city->cells_first + k;
            scratch->fault_year = at->last_inventory;
            status = TJ_ERR_UNDEFINED;
        }
    }
    return status;
}

/* ---- the backend ---- */

static tj_reference_at place(const tj_plan *plan, const tj_draws *draws, const tj_block *block)
{
    const tj_plan_city *city = tj_plan_get_city(plan, block->city);
    const tj_plan_effect *effects = tj_plan_section(plan, TJ_SECTION_EFFECTS, NULL);
    tj_plan_slice slice = tj_plan_get_slice(plan, block->package, block->city);
    tj_reference_at at = {.plan = plan,
                          .draws = draws,
                          .effects = effects + slice.first,
                          .n_effects = slice.count,
                          .background = block->background,
                          .city = block->city,
                          .last_inventory = city->last_inventory};
    for (int32_t k = 0; k < city->cells_count; k++) {
        const tj_plan_cell *cell = tj_plan_get_cell(plan, city->cells_first + k);
        at.drivers_first = k == 0 ? cell->drivers_first : at.drivers_first;
        at.drivers_count += cell->drivers_count;
    }
    return at;
}

static tj_status simulate(const tj_plan *plan, const tj_draws *draws, const tj_prepared *prepared,
                          const tj_block *block, tj_scratch *scratch, size_t stride, double *out,
                          double *rows)
{
    (void)prepared;
    (void)rows;
    assert(block->first + block->n <= draws->count && block->n <= stride);
    tj_reference_at at = place(plan, draws, block);
    tj_status status = TJ_OK;
    for (size_t d = 0; status == TJ_OK && d < block->n; d++) {
        at.draw = block->first + d;
        status = run_draw(&at, scratch, stride, out + d);
    }
    return status;
}

static tj_status prepare(const tj_plan *plan, const tj_draws *draws, int threads, tj_prepared **prepared)
{
    (void)plan, (void)draws, (void)threads;
    *prepared = NULL;
    return TJ_OK;
}

static void prepared_free(tj_prepared *prepared)
{
    assert(prepared == NULL);
    (void)prepared;
}

static void scratch_free(tj_scratch *scratch)
{
    if (scratch == NULL)
        return;
    free(scratch->work.kept);
    free(scratch->doubles);
    free(scratch);
}

/* Cuts the next `count` doubles off the scratch's block. */
static double *cut(double **next, size_t count)
{
    double *start = *next;
    *next += count;
    return start;
}

/* Room for every driver and effect of the plan: more than one city needs, and simple. */
static tj_scratch *scratch_create(const tj_plan *plan, const tj_draws *draws)
{
    (void)draws;
    size_t years = (size_t)tj_plan_get_settings(plan)->n_years, drivers, effects;
    tj_plan_section(plan, TJ_SECTION_DRIVERS, &drivers);
    tj_plan_section(plan, TJ_SECTION_EFFECTS, &effects);
    tj_scratch *scratch = calloc(1, sizeof *scratch);
    if (scratch == NULL)
        return NULL;
    scratch->fault_cell = scratch->fault_year = TJ_NONE;
    scratch->doubles = calloc((years + 5) * drivers + effects + years, sizeof(double));
    scratch->work.kept = calloc(effects + 1, 1);
    if (scratch->doubles == NULL || scratch->work.kept == NULL) {
        scratch_free(scratch);
        return NULL;
    }
    double *next = scratch->doubles;
    scratch->drivers = cut(&next, years * drivers);
    scratch->work.reference = cut(&next, drivers);
    scratch->work.scaled = cut(&next, drivers);
    scratch->work.set = cut(&next, drivers);
    scratch->work.key = cut(&next, drivers);
    scratch->work.held = cut(&next, drivers);
    scratch->work.w = cut(&next, effects);
    scratch->emission = cut(&next, years);
    return scratch;
}

static void fault(const tj_scratch *scratch, int32_t *cell, int32_t *year)
{
    *cell = scratch->fault_cell;
    *year = scratch->fault_year;
}

const tj_backend tj_backend_reference = {
    .name = "reference",
    .sentence = "scalar, one draw at a time, straight from the model's equations; the truth, and slow",
    .prepare = prepare,
    .prepared_free = prepared_free,
    .scratch_create = scratch_create,
    .scratch_free = scratch_free,
    .simulate = simulate,
    .fault = fault,
};
