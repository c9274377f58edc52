/* The reference backend: one draw at a time, straight from docs/model.md.
 *
 * Place in the path of the data: plan and draws in, trajectories of one city out (engine/simulate.h).
 * Slow and plain on purpose; every faster backend is compared with it. */
#include "engine/base.h"
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
    tj_reference_found found;
    double *drivers; /* n_years * drivers of the city: values with the package's measures */
    double *doubles; /* owned: all arrays of doubles here, in work and in found */
};

/* The drivers of one cell in one year. */
static const double *drivers_of(const tj_reference_at *at, const tj_plan_cell *cell, int32_t year)
{
    return at->drivers + (size_t)year * (size_t)at->drivers_count + (cell->drivers_first - at->drivers_first);
}

/* ---- sector methods: t CO2e per year from H on, without the level factor ---- */

/* One draw of the standard normal number of a stream and calendar year. */
static double normal_of(const tj_reference_at *at, uint64_t stream, uint32_t calendar)
{
    return tj_normal_inverse(tj_uniform(at->draws->seed, stream, (uint32_t)at->draw, calendar));
}

/* u(t) + n(t) - keeps_mean v(t) / 2: own noise u, its variance v and the shared shocks n of engine/plan.h. */
typedef struct noise {
    double u, n, v;
} noise;

static double yearly(const tj_reference_at *at, const tj_plan_cell *cell, int32_t year, noise *of)
{
    uint32_t calendar = (uint32_t)(tj_plan_get_settings(at->plan)->first_year + year);
    double rho = tj_reference_term(at, cell->rho), sigma = tj_reference_term(at, cell->sigma);
    of->u = rho * of->u + sigma * normal_of(at, cell->noise_stream, calendar);
    of->n = of->n + tj_reference_term(at, cell->shock) * normal_of(at, cell->shock_stream, calendar);
    of->v = rho * rho * of->v + sigma * sigma;
    return of->u + of->n - (cell->keeps_mean ? 0.5 * of->v : 0);
}

/* log x(t) = log x(H) + g sum(delta^i, i < t - H) + the noise of the years; E = x activity intensity, times the
 * background's ratio. A true zero stays zero. */
static int run_trend(const tj_reference_at *at, int32_t index, tj_reference_found *found)
{
    const tj_plan_cell *cell = tj_plan_get_cell(at->plan, index);
    const tj_plan_settings *settings = tj_plan_get_settings(at->plan);
    const double *ratio = tj_plan_numbers(at->plan, cell->ratio) + at->background * settings->n_years;
    double *emission = found->emission + tj_reference_row(at, index);
    double start = tj_plan_numbers(at->plan, cell->history)[at->last_inventory];
    double growth = tj_reference_term(at, cell->growth), delta = tj_reference_term(at, cell->delta);
    double damped = 0, power = 1;
    noise state = {0, 0, 0};
    emission[at->last_inventory] = start;
    for (int32_t y = at->last_inventory + 1; y < settings->n_years; y++) {
        const double *x = drivers_of(at, cell, y);
        damped += power;
        power *= delta;
        emission[y] = start * tj_exp(growth * damped + yearly(at, cell, y, &state)) * x[0] * x[1] * ratio[y];
    }
    return 0;
}

/* E = kappa A I sum(w_f EF_f); a cell that lists its carriers burns only some of them here. */
static int run_intensity(const tj_reference_at *at, int32_t index, tj_reference_found *found)
{
    const tj_plan_cell *cell = tj_plan_get_cell(at->plan, index);
    double *emission = found->emission + tj_reference_row(at, index);
    int32_t n = cell->n_carriers;
    for (int32_t y = at->last_inventory; y < tj_plan_get_settings(at->plan)->n_years; y++) {
        const double *x = drivers_of(at, cell, y);
        double mix = 0;
        for (int32_t f = 0; f < n; f++)
            mix += x[2 + f] * x[2 + n + f];
        emission[y] = x[0] * x[1] * mix;
        for (int32_t f = 0; f < cell->carriers_count; f++)
            found->use[tj_reference_row(at, cell->carriers_first + f) + (size_t)y] = x[0] * x[1] * x[2 + f];
    }
    return cell->carriers_count > 0 ? tj_reference_burn(at, index, found)
                                    : tj_reference_calibrate(at, index, found);
}

/* The difference between inventory and driver in H is added in every later year. */
static int run_sink(const tj_reference_at *at, int32_t index, tj_reference_found *found)
{
    const tj_plan_cell *cell = tj_plan_get_cell(at->plan, index);
    int32_t last = at->last_inventory;
    double inventory = tj_plan_numbers(at->plan, cell->history)[last];
    double difference = inventory - drivers_of(at, cell, last)[0];
    for (int32_t y = last; y < tj_plan_get_settings(at->plan)->n_years; y++)
        found->emission[tj_reference_row(at, index) + (size_t)y] = drivers_of(at, cell, y)[0] + difference;
    return 0;
}

/* Returns -1 where the calibration in H is undefined. */
static int (*const methods[TJ_METHODS])(const tj_reference_at *, int32_t, tj_reference_found *) = {
    [TJ_METHOD_TREND] = run_trend,
    [TJ_METHOD_INTENSITY] = run_intensity,
    [TJ_METHOD_SINK] = run_sink,
    [TJ_METHOD_STOCK] = tj_reference_stock,
    [TJ_METHOD_BUILDING] = tj_reference_stock,
    [TJ_METHOD_SUPPLY] = tj_reference_supply,
    [TJ_METHOD_LANDFILL] = tj_reference_landfill,
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

/* kappa of a cell with memory wanders: what it multiplies does so after H. Terms that are a fixed 0 leave it. */
static void wander(const tj_reference_at *at, int32_t index, tj_reference_found *found)
{
    const tj_plan_cell *cell = tj_plan_get_cell(at->plan, index);
    noise state = {0, 0, 0};
    if (!tj_base_has_memory(cell) || (cell->sigma.param == TJ_NONE && cell->sigma.value == 0 &&
                                      cell->shock.param == TJ_NONE && cell->shock.value == 0))
        return;
    for (int32_t y = at->last_inventory + 1; y < tj_plan_get_settings(at->plan)->n_years; y++) {
        double factor = tj_exp(yearly(at, cell, y, &state));
        size_t own = tj_reference_row(at, index) + (size_t)y;
        found->emission[own] *= factor;
        for (int32_t f = cell->carriers_first; f < cell->carriers_first + cell->carriers_count; f++)
            found->use[tj_reference_row(at, f) + (size_t)y] *= factor;
        if (cell->method == TJ_METHOD_SUPPLY) {
            found->factor[own] *= factor;
            found->captured[own] *= factor;
        }
        if (cell->method == TJ_METHOD_LANDFILL)
            found->methane[own] *= factor;
    }
}

/* The cells that supply others, or the others; an absent sector is not modelled and uses nothing. What is
 * captured is then added to the removals. */
static tj_status settle_cells(const tj_reference_at *at, tj_scratch *scratch, int supplies)
{
    const tj_plan_city *city = tj_plan_get_city(at->plan, at->city);
    for (int32_t c = city->cells_first; c < city->cells_first + city->cells_count; c++) {
        int32_t method = tj_plan_get_cell(at->plan, c)->method;
        if ((method == TJ_METHOD_SUPPLY) != supplies || !tj_reference_present(at, c))
            continue;
        assert(method >= 0 && method < TJ_METHODS);
        scratch->found.kappa[c] = 1;
        if (methods[method](at, c, &scratch->found) != 0) {
            scratch->fault_cell = c;
            scratch->fault_year = at->last_inventory;
            return TJ_ERR_UNDEFINED;
        }
        wander(at, c, &scratch->found);
    }
    return TJ_OK;
}

static void add_captured(const tj_reference_at *at, tj_reference_found *found)
{
    const tj_plan_city *city = tj_plan_get_city(at->plan, at->city);
    for (int32_t c = city->cells_first; c < city->cells_first + city->cells_count; c++) {
        const tj_plan_cell *cell = tj_plan_get_cell(at->plan, c);
        if (cell->method != TJ_METHOD_SUPPLY || cell->removal_cell == TJ_NONE || !tj_reference_present(at, c))
            continue;
        for (int32_t y = at->last_inventory + 1; y < tj_plan_get_settings(at->plan)->n_years; y++)
            found->emission[tj_reference_row(at, cell->removal_cell) + (size_t)y] +=
                found->captured[tj_reference_row(at, c) + (size_t)y];
    }
}

/* One cell, all its years: the inventory up to H, the method after it, there in its slot. A proxy's level factor
 * multiplies every year, the back-cast factor what was back-cast. */
static void write_cell(const tj_reference_at *at, int32_t k, const tj_reference_found *found, size_t stride,
                       double *out)
{
    const tj_plan_city *city = tj_plan_get_city(at->plan, at->city);
    int32_t index = city->cells_first + k, slot = at->slot != NULL ? at->slot[k] : k;
    const tj_plan_cell *cell = tj_plan_get_cell(at->plan, index);
    const double *history = tj_plan_numbers(at->plan, cell->history);
    const double *emission = found->emission + tj_reference_row(at, index);
    const uint8_t *status = tj_plan_bytes(at->plan, cell->status);
    double level = tj_reference_term(at, city->level), backcast = tj_reference_term(at, city->backcast);
    for (int32_t y = 0; y < tj_plan_get_settings(at->plan)->n_years; y++) {
        if (status[y] == TJ_ABSENT)
            continue;
        assert(y <= at->last_inventory || status[at->last_inventory] != TJ_ABSENT);
        double tonnes = y > at->last_inventory ? emission[y] : history[y];
        size_t row = tj_reference_row(at, y > at->last_inventory ? slot : k) + (size_t)y;
        out[row * stride] = tonnes * level * (status[y] == TJ_BACKCAST ? backcast : 1);
    }
}

static tj_status run_draw(tj_reference_at *at, tj_scratch *scratch, size_t stride, double *out, double *rows)
{
    const tj_plan_city *city = tj_plan_get_city(at->plan, at->city);
    tj_status status = settle_drivers(at, scratch);
    for (int supplies = 0; status == TJ_OK && supplies <= 1; supplies++)
        status = settle_cells(at, scratch, supplies);
    if (status != TJ_OK)
        return status;
    add_captured(at, &scratch->found);
    for (int32_t k = 0; k < city->cells_count; k++)
        write_cell(at, k, &scratch->found, stride, out);
    if (rows != NULL)
        tj_reference_rows(at, &scratch->found, stride, rows);
    return TJ_OK;
}

/* ---- the backend ---- */

static tj_reference_at place(const tj_plan *plan, const tj_draws *draws, const tj_block *block)
{
    const tj_plan_city *city = tj_plan_get_city(plan, block->city);
    const tj_plan_effect *effects = tj_plan_section(plan, TJ_SECTION_EFFECTS, NULL);
    tj_plan_slice slice = tj_plan_get_slice(plan, block->package, block->city);
    tj_plan_slice drivers = tj_plan_city_drivers(plan, block->city);
    tj_reference_at at = {.plan = plan,
                          .draws = draws,
                          .effects = effects + slice.first,
                          .n_effects = slice.count,
                          .slot = block->slot,
                          .row_slot = block->row_slot,
                          .rows_first = block->rows_first,
                          .background = block->background,
                          .city = block->city,
                          .drivers_first = drivers.first,
                          .drivers_count = drivers.count,
                          .last_inventory = city->last_inventory};
    return at;
}

static tj_status simulate(const tj_plan *plan, const tj_draws *draws, const tj_prepared *prepared,
                          const tj_block *block, tj_scratch *scratch, size_t stride, double *out,
                          double *rows)
{
    (void)prepared;
    assert(block->first + block->n <= draws->count && block->n <= stride);
    tj_reference_at at = place(plan, draws, block);
    at.drivers = scratch->drivers;
    tj_status status = TJ_OK;
    for (size_t d = 0; status == TJ_OK && d < block->n; d++) {
        at.draw = block->first + d;
        status = run_draw(&at, scratch, stride, out + d, rows != NULL ? rows + d : NULL);
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

/* Items of a section, and ages of the technology that may grow oldest. */
static size_t count_of(const tj_plan *plan, tj_section section)
{
    size_t count;
    tj_plan_section(plan, section, &count);
    return count;
}

static int32_t most_ages(const tj_plan *plan)
{
    const tj_plan_technology *technologies = tj_plan_section(plan, TJ_SECTION_TECHNOLOGIES, NULL);
    int32_t most = 0;
    for (size_t k = 0; k < count_of(plan, TJ_SECTION_TECHNOLOGIES); k++) {
        int32_t ages = tj_reference_ages(plan, &technologies[k]);
        most = ages > most ? ages : most;
    }
    return most;
}

/* Cuts all arrays off `next`; from NULL it only counts. Returns the number of doubles. Room for everything in
 * the plan: more than one city needs, and simple. */
static size_t lay_out(const tj_plan *plan, tj_scratch *scratch, double *next)
{
    size_t years = (size_t)tj_plan_get_settings(plan)->n_years, drivers = count_of(plan, TJ_SECTION_DRIVERS);
    size_t cells = count_of(plan, TJ_SECTION_CELLS), fleets = count_of(plan, TJ_SECTION_FLEETS);
    size_t technologies = count_of(plan, TJ_SECTION_TECHNOLOGIES), ages = (size_t)most_ages(plan);
    tj_reference_work *work = &scratch->work;
    tj_reference_found *found = &scratch->found;
    const struct {
        double **array;
        size_t count;
    } parts[] = {
        {&scratch->drivers, years * drivers},
        {&work->reference, drivers},
        {&work->scaled, drivers},
        {&work->set, drivers},
        {&work->key, drivers},
        {&work->held, drivers},
        {&work->w, count_of(plan, TJ_SECTION_EFFECTS)},
        {&found->kappa, cells},
        {&found->emission, cells * years},
        {&found->factor, cells * years},
        {&found->captured, cells * years},
        {&found->methane, cells * years},
        {&found->use, count_of(plan, TJ_SECTION_CARRIERS) * years},
        {&found->units, technologies * years},
        {&found->sales, technologies * years},
        {&found->activity, fleets * years},
        {&found->renovated, fleets * years},
        {&found->retired, fleets * years},
        {&found->n, technologies * ages},
        {&found->ratio, technologies * ages},
        {&found->floor, years},
    };
    size_t sum = 0;
    found->ages = (int32_t)ages;
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        if (next != NULL)
            *parts[k].array = next + sum;
        sum += parts[k].count;
    }
    return sum;
}

static tj_scratch *scratch_create(const tj_plan *plan, const tj_draws *draws)
{
    (void)draws;
    tj_scratch *scratch = calloc(1, sizeof *scratch);
    if (scratch == NULL)
        return NULL;
    scratch->fault_cell = scratch->fault_year = TJ_NONE;
    scratch->doubles = calloc(lay_out(plan, scratch, NULL), sizeof(double));
    scratch->work.kept = calloc(count_of(plan, TJ_SECTION_EFFECTS) + 1, 1);
    if (scratch->doubles == NULL || scratch->work.kept == NULL) {
        scratch_free(scratch);
        return NULL;
    }
    lay_out(plan, scratch, scratch->doubles);
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
