/* The calibration of a study; see calibrate_table.h. */
#include "scenarios/calibrate_table.h"

#include "engine/plan.h"
#include "scenarios/calibrate_places.h"
#include "scenarios/vocabulary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A country: its places, and those that its noise is learned from (the same ones unless it borrows). */
typedef struct learner {
    const tj_study *study;
    tj_places own, lent;
    int borrows;
    tj_calibrator *own_estimates, *lent_estimates;
} learner;

static const tj_places *teachers(const learner *l)
{
    return l->borrows ? &l->lent : &l->own;
}

/* The method of a sector in a city: the city's own word, its country's, the one for everywhere. */
static const char *method_of(const tj_sector *sector, const tj_city *city)
{
    const char *found[3] = {NULL};
    for (size_t i = 0; i < sector->method.count; i++) {
        const tj_local_name *local = &sector->method.items[i];
        const char *place = local->place.text;
        int rank = place == NULL                            ? 2
                   : strcmp(place, city->id.text) == 0      ? 0
                   : strcmp(place, city->country.text) == 0 ? 1
                                                            : -1;
        if (rank >= 0)
            found[rank] = local->value.text;
    }
    const char *word = found[0] != NULL ? found[0] : found[1] != NULL ? found[1] : found[2];
    return word == NULL ? "trend" : word;
}

/* Sectors that have a rate and noise, and those that have noise alone. */
static int is_trend(const char *method)
{
    return tj_word_find(tj_method_words, method) == TJ_METHOD_TREND;
}

static int only_wanders(const char *method)
{
    return tj_word_find(tj_method_words, method) > TJ_METHOD_SINK;
}

/* The sector's value in the last year in which the place has any value; NaN where it has none then. */
static double last_value(const tj_histories *h, size_t place, size_t sector)
{
    const double *x = h->x + place * h->n_sectors * h->n_years;
    for (size_t y = h->n_years; y-- > 0;)
        for (size_t s = 0; s < h->n_sectors; s++)
            if (!isnan(x[s * h->n_years + y]))
                return x[sector * h->n_years + y];
    return NAN;
}

static int last_year(const tj_histories *h)
{
    return h->n_years == 0 ? 0 : h->years[h->n_years - 1];
}

/* Rows of one city; returns TJ_ERR_INPUT where nothing can be learned. */
static tj_status add_city(const learner *l, size_t place, tj_noise *noise, tj_calibrated_table *table)
{
    const tj_histories *h = &l->own.histories;
    const tj_city *city = &l->study->cities[l->own.cities[place]];
    tj_rate rate;
    tj_status status = tj_calibrate(l->lent_estimates, l->borrows ? TJ_NOBODY : place, &rate, noise);
    if (status != TJ_OK)
        return status;
    if (rate.places < TJ_FEWEST_PLACES)
        return TJ_ERR_INPUT;
    if (l->borrows)
        rate.rate = tj_places_national_slope(l->study, l->own.country, last_year(h));
    if (isnan(rate.rate))
        return TJ_ERR_INPUT;
    for (size_t s = 0; s < h->n_sectors; s++) {
        const tj_sector *sector = &l->study->sectors[l->own.sectors[s]];
        const char *method = method_of(sector, city);
        double x = last_value(h, place, s);
        if (!(x > 0) || noise[s].places == 0 || !(is_trend(method) || only_wanders(method)))
            continue;
        tj_trend trend = tj_trend_of(&rate, &noise[s], tj_calibrator_slope(l->own_estimates, place), x);
        if (only_wanders(method)) {
            trend.growth = trend.growth_sd = 0;
            trend.delta = 1;
        }
        table->rows[table->count++] = (tj_calibrated){.city = city->id.text,
                                                      .sector = sector->id.text,
                                                      .trend = trend,
                                                      .observations = noise[s].observations,
                                                      .places = noise[s].places,
                                                      .lender = teachers(l)->country,
                                                      .last = last_year(&teachers(l)->histories)};
    }
    return TJ_OK;
}

static tj_status open_learner(const tj_study *study, const tj_country *country, learner *l)
{
    *l = (learner){.study = study, .borrows = country->noise_from.text != NULL};
    tj_status status = tj_places_gather(study, country->id.text, &l->own);
    if (status == TJ_OK && l->borrows)
        status = tj_places_gather(study, country->noise_from.text, &l->lent);
    if (status != TJ_OK)
        return status;
    l->own_estimates = tj_calibrator_create(&l->own.histories, last_year(&l->own.histories));
    l->lent_estimates = tj_calibrator_create(&teachers(l)->histories, last_year(&teachers(l)->histories));
    return l->own_estimates == NULL || l->lent_estimates == NULL ? TJ_ERR_MEMORY : TJ_OK;
}

static void close_learner(learner *l)
{
    tj_calibrator_free(l->own_estimates);
    tj_calibrator_free(l->lent_estimates);
    tj_places_free(&l->own);
    tj_places_free(&l->lent);
}

static tj_status add_country(const tj_study *study, const tj_country *country, tj_calibrated_table *table)
{
    learner l;
    tj_status status = open_learner(study, country, &l);
    tj_noise *noise = calloc(study->sectors_count + 1, sizeof *noise);
    if (status == TJ_OK && noise == NULL)
        status = TJ_ERR_MEMORY;
    for (size_t p = 0; status == TJ_OK && p < l.own.histories.n_places && l.own.cities[p] >= 0; p++)
        status = add_city(&l, p, noise, table);
    if (status == TJ_ERR_INPUT) {
        table->poor = table->poor == NULL ? country->id.text : table->poor;
        status = TJ_OK;
    }
    free(noise);
    close_learner(&l);
    return status;
}

tj_status tj_calibrate_study(const tj_study *study, tj_calibrated_table *table)
{
    *table = (tj_calibrated_table){0};
    table->rows = calloc(study->cities_count * study->sectors_count + 1, sizeof *table->rows);
    tj_status status = table->rows == NULL ? TJ_ERR_MEMORY : TJ_OK;
    for (size_t c = 0; status == TJ_OK && c < study->countries_count; c++)
        status = add_country(study, &study->countries[c], table);
    if (status != TJ_OK)
        tj_calibrated_free(table);
    return status;
}

void tj_calibrated_free(tj_calibrated_table *table)
{
    if (table == NULL)
        return;
    free(table->rows);
    *table = (tj_calibrated_table){0};
}
