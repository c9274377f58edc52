/* A plan of places whose later years are hidden; see hindcast_plan.h. */
#include "scenarios/hindcast_plan.h"

#include "engine/threefry.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { NAME_MOST = 1024, YEARS_MOST = 400 };

typedef struct making {
    tj_plan_builder *builder;
    tj_plan_settings settings;
    const char *country;
    int32_t ones; /* n_years numbers, all 1 */
} making;

static tj_term fixed(double value)
{
    return (tj_term){.value = value, .param = TJ_NONE};
}

__attribute__((format(printf, 1, 2))) static uint64_t stream_of(const char *format, ...)
{
    char name[NAME_MOST];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    return tj_stream(name);
}

static tj_term growth_term(making *m, const tj_subject *subject, const tj_trend *trend)
{
    if (!(trend->growth_sd > 0))
        return fixed(trend->growth);
    tj_plan_param param = {.stream = stream_of("growth@%s", subject->name), .kind = TJ_DIST_NORMAL};
    param.p[0] = trend->growth;
    param.p[1] = trend->growth_sd;
    int32_t at = tj_plan_add(m->builder, TJ_SECTION_PARAMS, &param, 1);
    return (tj_term){.value = trend->growth, .param = at};
}

static int32_t repeat(making *m, double value)
{
    double values[YEARS_MOST];
    for (int32_t y = 0; y < m->settings.n_years; y++)
        values[y] = value;
    return tj_plan_add(m->builder, TJ_SECTION_NUMBERS, values, (size_t)m->settings.n_years);
}

/* Activity and intensity, both 1. */
static void add_drivers(making *m, int32_t cell)
{
    tj_plan_driver driver = {.cell = cell,
                             .share_group = TJ_NONE,
                             .reference = TJ_REF_PATH,
                             .path = m->ones,
                             .start = fixed(1),
                             .rate = fixed(0),
                             .spread = fixed(1)};
    for (int k = 0; k < 2; k++)
        tj_plan_add(m->builder, TJ_SECTION_DRIVERS, &driver, 1);
    m->settings.n_drivers += 2;
}

/* Statuses of a place: nothing before its last known year, projected after it. */
static int32_t add_statuses(making *m, int32_t last)
{
    uint8_t status[YEARS_MOST];
    for (int32_t y = 0; y < m->settings.n_years; y++)
        status[y] = y < last ? TJ_ABSENT : y == last ? TJ_MEASURED : TJ_PROJECTED;
    return tj_plan_add(m->builder, TJ_SECTION_BYTES, status, (size_t)m->settings.n_years);
}

static void add_cell(making *m, const tj_subject *subject, size_t k, int32_t status, const tj_trend *trend,
                     tj_term growth)
{
    double history[YEARS_MOST];
    int32_t last = subject->start - m->settings.first_year;
    for (int32_t y = 0; y < m->settings.n_years; y++)
        history[y] = y == last ? subject->x[k] : NAN;
    tj_plan_cell cell = {.city = m->settings.n_cities,
                         .sector = (int32_t)k,
                         .method = TJ_METHOD_TREND,
                         .account = TJ_TERRITORIAL,
                         .drivers_first = m->settings.n_drivers,
                         .drivers_count = 2,
                         .status = status,
                         .ratio = m->ones,
                         .gas_shares = m->ones,
                         .keeps_mean = 1,
                         .noise_stream = stream_of("%s.noise@%s", subject->sectors[k], subject->name),
                         .shock_stream = stream_of("%s.shock@%s", subject->sectors[k], m->country),
                         .growth = growth,
                         .delta = fixed(trend->delta),
                         .rho = fixed(trend->rho),
                         .sigma = fixed(trend->sigma),
                         .shock = fixed(trend->shock)};
    cell.history = tj_plan_add(m->builder, TJ_SECTION_NUMBERS, history, (size_t)m->settings.n_years);
    tj_plan_add(m->builder, TJ_SECTION_CELLS, &cell, 1);
    add_drivers(m, m->settings.n_cells++);
}

static void add_subject(making *m, const tj_subject *subject)
{
    static const tj_trend none = {.delta = 1, .rho = 1}; /* a true zero stays zero */
    int32_t last = subject->start - m->settings.first_year, status = add_statuses(m, last);
    tj_term growth = fixed(0);
    tj_plan_city city = {.last_inventory = last,
                         .cells_first = m->settings.n_cells,
                         .cells_count = (int32_t)subject->n_cells,
                         .total_status = status,
                         .population = m->ones,
                         .level = fixed(1),
                         .backcast = fixed(1)};
    for (size_t k = 0; k < subject->n_cells; k++)
        if (subject->x[k] > 0 && growth.param == TJ_NONE)
            growth = growth_term(m, subject, &subject->trends[k]);
    for (size_t k = 0; k < subject->n_cells; k++)
        add_cell(m, subject, k, status, subject->x[k] > 0 ? &subject->trends[k] : &none,
                 subject->x[k] > 0 ? growth : fixed(0));
    const tj_plan_slice slice = {0};
    tj_plan_add(m->builder, TJ_SECTION_SLICES, &slice, 1);
    tj_plan_add(m->builder, TJ_SECTION_CITIES, &city, 1);
    m->settings.n_cities++;
    if ((int32_t)subject->n_cells > m->settings.n_sectors)
        m->settings.n_sectors = (int32_t)subject->n_cells;
}

tj_status tj_hindcast_plan(const char *country, uint64_t seed, size_t n, const tj_subject *subjects,
                           int last_year, tj_plan **plan)
{
    int first = last_year;
    for (size_t i = 0; i < n; i++)
        first = subjects[i].start < first ? subjects[i].start : first;
    assert(last_year - first < YEARS_MOST);
    making m = {.builder = tj_plan_builder_create(), .country = country};
    m.settings = (tj_plan_settings){.seed = seed,
                                    .first_year = first,
                                    .last_year = last_year,
                                    .base_year = first,
                                    .n_years = last_year - first + 1,
                                    .n_backgrounds = 1,
                                    .n_packages = 1,
                                    .n_gases = 1,
                                    .draws = 1};
    *plan = NULL;
    if (m.builder == NULL)
        return TJ_ERR_MEMORY;
    m.ones = repeat(&m, 1);
    for (size_t i = 0; i < n; i++)
        add_subject(&m, &subjects[i]);
    tj_plan_add(m.builder, TJ_SECTION_SETTINGS, &m.settings, 1);
    tj_status status = tj_plan_finish(m.builder, plan);
    tj_plan_builder_free(m.builder);
    return status;
}
