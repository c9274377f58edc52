/* Hindcast: the driver above the engine. See hindcast.h. */
#include "scenarios/hindcast.h"

#include "engine/lanes.h"
#include "engine/parallel.h"
#include "engine/simulate.h"
#include "scenarios/hindcast_plan.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 8 }; /* places simulated together: bounds memory, and gives every thread something to do */

/* One country at one origin. */
typedef struct scene {
    const tj_study *study;
    const tj_hindcast_options *options;
    const tj_places *places;
    const tj_calibrator *own;    /* of the country's places: slopes */
    const tj_calibrator *lender; /* of the country whose noise is used, mostly the same */
    double national;             /* slope of the nation where the noise is borrowed, else NaN */
    int origin;
    size_t known, *subjects, n_subjects; /* years known; places that can be judged */
    tj_forecast *items;                  /* [n_subjects][n_years - known]; year 0 where there is none */
} scene;

static const double *history_of(const scene *s, size_t place, size_t sector)
{
    const tj_histories *h = &s->places->histories;
    return h->x + (place * h->n_sectors + sector) * h->n_years;
}

/* 1 where the place has the sector in a year that is known. */
static int belongs(const scene *s, size_t place, size_t sector)
{
    const double *x = history_of(s, place, sector);
    for (size_t y = 0; y < s->known; y++)
        if (!isnan(x[y]))
            return 1;
    return 0;
}

/* Sum over the sectors that belong to the place; NaN where one is absent or the sum is not positive. */
static double total_in(const scene *s, size_t place, size_t year)
{
    double sum = 0;
    for (size_t k = 0; k < s->places->histories.n_sectors; k++)
        if (belongs(s, place, k))
            sum += history_of(s, place, k)[year];
    return sum > 0 ? sum : NAN;
}

/* Index of the last known year with a total, or -1. */
static int start_of(const scene *s, size_t place)
{
    int y = (int)s->known - 1;
    while (y >= 0 && isnan(total_in(s, place, (size_t)y)))
        y--;
    return y;
}

/* ---- one place ---- */

/* What is estimated for a place without itself. */
static tj_status estimate(const scene *s, size_t place, tj_rate *rate, tj_noise *noise)
{
    int borrowed = s->lender != s->own;
    tj_status status = tj_calibrate(s->lender, borrowed ? TJ_NOBODY : place, rate, noise);
    if (borrowed)
        rate->rate = s->national;
    return status;
}

/* The place as it was known at the origin; memory from the arena. */
static tj_status subject_of(const scene *s, tj_arena *arena, size_t place, tj_subject *subject)
{
    size_t n = s->places->histories.n_sectors;
    int start = start_of(s, place);
    tj_rate rate;
    tj_noise *noise = tj_arena_alloc(arena, n + 1, sizeof *noise);
    *subject = (tj_subject){.name = s->places->names[place],
                            .start = s->places->histories.years[start],
                            .sectors = tj_arena_alloc(arena, n + 1, sizeof *subject->sectors),
                            .x = tj_arena_alloc(arena, n + 1, sizeof *subject->x),
                            .trends = tj_arena_alloc(arena, n + 1, sizeof *subject->trends)};
    if (noise == NULL || subject->sectors == NULL || subject->x == NULL || subject->trends == NULL ||
        estimate(s, place, &rate, noise) != TJ_OK)
        return TJ_ERR_MEMORY;
    for (size_t k = 0; k < n; k++) {
        double x = history_of(s, place, k)[start];
        if (!belongs(s, place, k))
            continue;
        subject->sectors[subject->n_cells] = s->study->sectors[s->places->sectors[k]].id.text;
        subject->x[subject->n_cells] = x;
        if (x > 0)
            subject->trends[subject->n_cells] =
                tj_trend_of(&rate, &noise[k], tj_calibrator_slope(s->own, place), x);
        subject->n_cells++;
    }
    return TJ_OK;
}

static void judge_plain(const scene *s, size_t place, tj_forecast *forecast)
{
    int years[512];
    double x[512];
    size_t n = 0;
    for (size_t y = 0; y < s->known && n < 512; y++) {
        x[n] = total_in(s, place, y);
        years[n] = s->places->histories.years[y];
        n += !isnan(x[n]);
    }
    for (int f = TJ_FORECAST_PERSISTENCE; f < TJ_FORECASTERS; f++) {
        double value = tj_plain_forecast((tj_forecaster)f, n, years, x, forecast->year);
        forecast->judged[f] = tj_judge_point(tj_log(value), forecast->judged[TJ_FORECAST_ENGINE].observed);
    }
}

/* Judges one city of a simulated plan; out[cell][year][draw], total[draws]. */
static void judge_place(const scene *s, const tj_plan *plan, int32_t city, size_t subject, const double *out,
                        double *total)
{
    const tj_histories *h = &s->places->histories;
    const tj_plan_settings *settings = tj_plan_get_settings(plan);
    size_t place = s->subjects[subject], draws = s->options->draws, later = h->n_years - s->known;
    size_t n_years = (size_t)settings->n_years, cells = (size_t)tj_plan_get_city(plan, city)->cells_count;
    for (size_t y = s->known; y < h->n_years; y++) {
        tj_forecast *forecast = &s->items[subject * later + (y - s->known)];
        double observed = total_in(s, place, y);
        size_t at = (size_t)(h->years[y] - settings->first_year);
        if (isnan(observed))
            continue;
        memset(total, 0, draws * sizeof *total);
        for (size_t k = 0; k < cells; k++)
            for (size_t d = 0; d < draws; d++)
                total[d] += out[(k * n_years + at) * draws + d];
        tj_log_lanes(draws, total, total);
        *forecast = (tj_forecast){.code = s->places->codes[place],
                                  .name = s->places->names[place],
                                  .origin = s->origin,
                                  .year = h->years[y]};
        forecast->judged[TJ_FORECAST_ENGINE] = tj_judge_draws(draws, total, tj_log(observed));
        judge_plain(s, place, forecast);
    }
}

/* ---- a chunk of places: plan, draws, trajectories, judgement ---- */

typedef struct simulation {
    tj_plan *plan;
    tj_draws draws;
    tj_prepared *prepared;
    tj_scratch *scratch;
    double *out, *total;
} simulation;

static tj_status simulation_open(const scene *s, const tj_subject *subjects, size_t n, simulation *sim)
{
    const tj_histories *h = &s->places->histories;
    const tj_backend *lanes = &tj_backend_lanes;
    size_t draws = s->options->draws;
    tj_status status = tj_hindcast_plan(s->places->country, s->options->seed, n, subjects,
                                        h->years[h->n_years - 1], &sim->plan);
    if (status == TJ_OK)
        status = tj_draws_init(&sim->draws, sim->plan, draws, 1);
    if (status == TJ_OK)
        status = lanes->prepare(sim->plan, &sim->draws, 1, &sim->prepared);
    if (status != TJ_OK)
        return status;
    sim->scratch = lanes->scratch_create(sim->plan, &sim->draws);
    sim->out =
        malloc(h->n_sectors * (size_t)tj_plan_get_settings(sim->plan)->n_years * draws * sizeof *sim->out);
    sim->total = malloc(draws * sizeof *sim->total);
    return sim->scratch == NULL || sim->out == NULL || sim->total == NULL ? TJ_ERR_MEMORY : TJ_OK;
}

static void simulation_close(simulation *sim)
{
    if (sim->scratch != NULL)
        tj_backend_lanes.scratch_free(sim->scratch);
    if (sim->prepared != NULL)
        tj_backend_lanes.prepared_free(sim->prepared);
    tj_draws_free(&sim->draws);
    tj_plan_free(sim->plan);
    free(sim->out);
    free(sim->total);
}

static tj_status judge_chunk(void *context, size_t chunk)
{
    const scene *s = context;
    size_t first = chunk * CHUNK, n = s->n_subjects - first < CHUNK ? s->n_subjects - first : CHUNK;
    tj_subject subjects[CHUNK];
    simulation sim = {0};
    tj_arena arena;
    tj_arena_init(&arena);
    tj_status status = TJ_OK;
    for (size_t i = 0; status == TJ_OK && i < n; i++)
        status = subject_of(s, &arena, s->subjects[first + i], &subjects[i]);
    if (status == TJ_OK)
        status = simulation_open(s, subjects, n, &sim);
    for (size_t i = 0; status == TJ_OK && i < n; i++) {
        const tj_block block = {.city = (int32_t)i, .n = s->options->draws};
        status = tj_backend_lanes.simulate(sim.plan, &sim.draws, sim.prepared, &block, sim.scratch,
                                           s->options->draws, sim.out, NULL);
        if (status == TJ_OK)
            judge_place(s, sim.plan, (int32_t)i, first + i, sim.out, sim.total);
    }
    simulation_close(&sim);
    tj_arena_free(&arena);
    return status;
}

/* ---- a country at an origin ---- */

/* Places with a total by the origin and one after it. */
static void choose_subjects(scene *s)
{
    const tj_histories *h = &s->places->histories;
    for (size_t place = 0; place < h->n_places; place++) {
        int later = 0;
        for (size_t y = s->known; y < h->n_years; y++)
            later |= !isnan(total_in(s, place, y));
        if (later && start_of(s, place) >= 0)
            s->subjects[s->n_subjects++] = place;
    }
}

/* 1 where the country can be calibrated at the origin. */
static int calibrated(const scene *s)
{
    tj_rate rate;
    tj_noise *noise = calloc(s->places->histories.n_sectors + 1, sizeof *noise);
    int can = noise != NULL && estimate(s, TJ_NOBODY, &rate, noise) == TJ_OK && !isnan(rate.rate) &&
              rate.places > TJ_FEWEST_PLACES;
    free(noise);
    return can;
}

static tj_status keep_items(tj_hindcast *hindcast, const tj_forecast *items, size_t n)
{
    tj_forecast *grown = realloc(hindcast->items, (hindcast->count + n + 1) * sizeof *grown);
    if (grown == NULL)
        return TJ_ERR_MEMORY;
    hindcast->items = grown;
    for (size_t i = 0; i < n; i++)
        if (items[i].year != 0)
            hindcast->items[hindcast->count++] = items[i];
    return TJ_OK;
}

static tj_status judge_scene(scene *s, tj_hindcast *hindcast)
{
    const tj_histories *h = &s->places->histories;
    size_t later = h->n_years - s->known;
    s->subjects = calloc(h->n_places + 1, sizeof *s->subjects);
    tj_status status = s->subjects == NULL ? TJ_ERR_MEMORY : TJ_OK;
    if (status == TJ_OK)
        choose_subjects(s);
    if (status == TJ_OK && s->n_subjects > 0 && !calibrated(s)) {
        hindcast->uncalibrated++;
        s->n_subjects = 0;
    }
    if (status == TJ_OK && s->n_subjects > 0) {
        s->items = calloc(s->n_subjects * later + 1, sizeof *s->items);
        status = s->items == NULL
                     ? TJ_ERR_MEMORY
                     : tj_parallel((s->n_subjects + CHUNK - 1) / CHUNK, s->options->threads, judge_chunk, s);
        if (status == TJ_OK)
            status = keep_items(hindcast, s->items, s->n_subjects * later);
    }
    free(s->items);
    free(s->subjects);
    return status;
}

/* The country and, where it borrows its noise, its lender. */
typedef struct pair {
    tj_places own, lender;
    int borrows;
} pair;

static tj_status judge_origin(const tj_study *study, const tj_hindcast_options *options, const pair *both,
                              int origin, tj_hindcast *hindcast)
{
    scene s = {.study = study, .options = options, .places = &both->own, .origin = origin, .national = NAN};
    const tj_histories *h = &both->own.histories;
    while (s.known < h->n_years && h->years[s.known] <= origin)
        s.known++;
    tj_calibrator *own = tj_calibrator_create(h, origin), *lender = NULL;
    if (both->borrows) {
        lender = tj_calibrator_create(&both->lender.histories, origin);
        s.national = tj_places_national_slope(study, both->own.country, origin);
    }
    s.own = own;
    s.lender = both->borrows ? lender : own;
    tj_status status = s.own == NULL || s.lender == NULL ? TJ_ERR_MEMORY : judge_scene(&s, hindcast);
    tj_calibrator_free(own);
    tj_calibrator_free(lender);
    return status;
}

static tj_status judge_country(const tj_study *study, const tj_hindcast_options *options,
                               const tj_country *country, tj_hindcast *hindcast)
{
    pair both = {.borrows = country->noise_from.text != NULL};
    tj_status status = tj_places_gather(study, country->id.text, &both.own);
    if (status == TJ_OK && both.borrows)
        status = tj_places_gather(study, country->noise_from.text, &both.lender);
    for (size_t i = 0; status == TJ_OK && i < options->n_origins; i++)
        status = judge_origin(study, options, &both, options->origins[i], hindcast);
    if (both.borrows)
        tj_places_free(&both.lender);
    tj_places_free(&both.own);
    return status;
}

tj_status tj_hindcast_run(const tj_study *study, const tj_hindcast_options *options, tj_hindcast *hindcast)
{
    tj_status status = TJ_OK;
    *hindcast = (tj_hindcast){0};
    assert(options->draws > 0);
    for (size_t c = 0; status == TJ_OK && c < study->countries_count; c++)
        status = judge_country(study, options, &study->countries[c], hindcast);
    if (status != TJ_OK)
        tj_hindcast_free(hindcast);
    return status;
}

void tj_hindcast_free(tj_hindcast *hindcast)
{
    if (hindcast == NULL)
        return;
    free(hindcast->items);
    *hindcast = (tj_hindcast){0};
}

tj_status tj_hindcast_scores(const tj_hindcast *hindcast, tj_forecaster forecaster, int origin, int horizon,
                             tj_scores *scores)
{
    tj_judged *judged = malloc((hindcast->count + 1) * sizeof *judged);
    double *work = malloc((hindcast->count + 1) * sizeof *work);
    size_t n = 0;
    for (size_t i = 0; judged != NULL && i < hindcast->count; i++) {
        const tj_forecast *f = &hindcast->items[i];
        if ((origin == 0 || f->origin == origin) && (horizon == 0 || f->year - f->origin == horizon))
            judged[n++] = f->judged[forecaster];
    }
    if (judged != NULL && work != NULL)
        *scores = tj_hindcast_score(n, judged, work);
    tj_status status = judged == NULL || work == NULL ? TJ_ERR_MEMORY : TJ_OK;
    free(judged);
    free(work);
    return status;
}
