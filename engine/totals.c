/* Totals in flight; see totals.h.
 *
 * Packages are worked on some at a time, so that what they share is computed once (engine/batch.h) and memory does not grow
 * with them. Of these, cities are readied side by side, then blocks of draws of all cities are shared out: by the backend's
 * tally where it has one for the city, else by way of the cells of a block. */
#include "engine/totals.h"

#include "engine/ensemble_parts.h"
#include "engine/reduce.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_PACKAGES = 32 };

/* What does not depend on draws, of one city and the packages at hand. */
typedef struct city_case {
    tj_batch batch;
    tj_tally *tally; /* NULL: by way of its cells */
} city_case;

/* What a thread has besides its worker. */
typedef struct hand {
    double *totals; /* of a tile, or of units that are summed together */
    double *room;   /* the tally's */
    size_t totals_capacity, room_capacity;
} hand;

struct tj_totals {
    tj_totals_run wanted;
    tj_run run; /* without statistics */
    tj_ensemble e;
    city_case *cities;
    hand *hands;
    unsigned char *uncounted; /* cells of the plan: parts that no total counts */
    int32_t packages[MOST_PACKAGES], n_packages;
    size_t before; /* packages before these */
};

/* ---- failures ---- */

/* Keys order blocks by packages, city and draws. */
static size_t key_of(const tj_totals *f, int32_t city, size_t block)
{
    size_t cities = (size_t)tj_plan_get_settings(f->e.plan)->n_cities;
    return 1 + (f->before * cities + (size_t)city) * f->e.n_blocks + block;
}

/* ---- handing over ---- */

static int32_t first_year(const tj_totals *f, int32_t city)
{
    return f->wanted.history ? 0 : tj_plan_get_city(f->e.plan, city)->last_inventory + 1;
}

/* Years of the axis that parts of the city have. */
static size_t years_of(const tj_totals *f, int32_t city)
{
    return (size_t)(tj_plan_get_settings(f->e.plan)->n_years - first_year(f, city));
}

static tj_status give(tj_totals *f, tj_totals_part *part, int32_t city)
{
    part->city = city;
    part->first_year = first_year(f, city);
    part->end_year = tj_plan_get_settings(f->e.plan)->n_years;
    return f->wanted.part(f->wanted.context, tj_ensemble_thread(), part);
}

/* ---- by tally ---- */

/* The lanes of a tile that no tile before it had. */
static tj_status give_tile(tj_totals *f, int32_t city, int32_t background, size_t first, size_t n,
                           const double *totals)
{
    size_t years = years_of(f, city);
    tj_status status = TJ_OK;
    for (int32_t i = 0; i < f->n_packages && status == TJ_OK; i++) {
        tj_totals_part part = {.background = background,
                               .package = f->packages[i],
                               .first = first,
                               .n = n,
                               .total = totals + (size_t)i * years * TJ_TALLY_LANES,
                               .stride = TJ_TALLY_LANES};
        status = give(f, &part, city);
    }
    return status;
}

/* The last tile begins where it still has all its lanes. */
static tj_status run_tiles(tj_totals *f, int32_t city, size_t first, size_t n, hand *h)
{
    const tj_tally_methods *methods = f->e.run->backend->tally;
    const tj_tally *tally = f->cities[city].tally;
    size_t unit = (size_t)f->n_packages * years_of(f, city) * TJ_TALLY_LANES;
    tj_status status = TJ_OK;
    for (size_t done = 0; done < n; done += TJ_TALLY_LANES) {
        size_t left = n - done, at = left >= TJ_TALLY_LANES || n < TJ_TALLY_LANES ? done : n - TJ_TALLY_LANES;
        left = left < TJ_TALLY_LANES ? left : TJ_TALLY_LANES;
        for (int32_t b = f->wanted.background_first, end; b < f->wanted.background_end; b = end) {
            end = methods->together(tally, b);
            methods->write(tally, h->room, b, at, h->totals);
            for (int32_t i = b; i < end && status == TJ_OK; i++)
                status = give_tile(f, city, i, first + done, left,
                                   h->totals + (size_t)(i - b) * unit + (done - at));
        }
    }
    return status;
}

static tj_status run_tally(tj_totals *f, int32_t city, size_t first, size_t n, hand *h,
                           const tj_worker *worker)
{
    const tj_tally_methods *methods = f->e.run->backend->tally;
    const tj_tally *tally = f->cities[city].tally;
    tj_status status =
        tj_room_reserve(&h->room, &h->room_capacity, methods->room(tally) / sizeof *h->room + 1);
    if (status == TJ_OK)
        status = tj_room_reserve(&h->totals, &h->totals_capacity,
                                 TJ_TALLY_BACKGROUNDS * (size_t)f->n_packages * years_of(f, city) *
                                     TJ_TALLY_LANES);
    for (size_t done = 0; done < n && status == TJ_OK; done += TJ_TALLY_BLOCK) {
        size_t stretch = n - done < TJ_TALLY_BLOCK ? n - done : TJ_TALLY_BLOCK;
        methods->start(tally, worker->scratch, first + done, stretch, h->room);
        status = run_tiles(f, city, first + done, stretch, h);
    }
    return status;
}

/* ---- by way of cells ---- */

/* Parts of cells that nothing ties together, none of which is territorial, are never summed. */
static void find_uncounted(tj_totals *f)
{
    const tj_ensemble *e = &f->e;
    for (int32_t c = 0; c < tj_plan_get_settings(e->plan)->n_cities; c++) {
        const tj_plan_city *city = tj_plan_get_city(e->plan, c);
        const int32_t *part = e->part + city->cells_first;
        unsigned char *uncounted = f->uncounted + city->cells_first;
        memset(uncounted, 1, (size_t)city->cells_count);
        for (int32_t k = 0; k < city->cells_count; k++)
            for (int32_t j = 0; j < city->cells_count; j++)
                if (part[j] == part[k] &&
                    tj_plan_get_cell(e->plan, city->cells_first + j)->account == TJ_TERRITORIAL)
                    uncounted[k] = 0;
    }
}

/* What cells hold of package i before it is simulated, and those that nobody asks for. */
static void tell_held(const tj_totals *f, int32_t city, int32_t i, tj_worker *worker)
{
    const tj_batch *batch = &f->cities[city].batch;
    const unsigned char *uncounted = f->uncounted + tj_plan_get_city(f->e.plan, city)->cells_first;
    tj_worker_tell_held(worker, batch, i, f->wanted.history ? TJ_HELD_NOTHING : TJ_HELD_HISTORY);
    for (int32_t k = 0; k < batch->n_cells; k++)
        if (uncounted[k])
            worker->held[k] = TJ_HELD_ALL;
}

static tj_status simulate(tj_totals *f, const tj_reduction *r, int32_t i, size_t n, tj_worker *worker)
{
    const tj_batch *batch = &f->cities[r->city].batch;
    const tj_kept_uses uses = {.rows = worker->uses,
                               .stride = r->stride,
                               .at = batch->use_at + i * batch->n_fleets,
                               .held = worker->fleet_held};
    const tj_block block = {.background = r->background,
                            .package = f->packages[i],
                            .city = r->city,
                            .first = r->cells_first,
                            .n = n,
                            .slot = r->slot,
                            .held = worker->held,
                            .uses = batch->n_fleets > 0 ? &uses : NULL};
    tell_held(f, r->city, i, worker);
    return f->e.run->backend->simulate(f->e.plan, &f->e.draws, f->e.prepared, &block, worker->scratch,
                                       r->stride, worker->cells, NULL);
}

static tj_reduction reduction_of(const tj_totals *f, int32_t city, int32_t background, int32_t i,
                                 size_t first, const tj_worker *worker, double *total)
{
    const tj_batch *batch = &f->cities[city].batch;
    return (tj_reduction){.plan = f->e.plan,
                          .draws = &f->e.draws,
                          .background = background,
                          .city = city,
                          .cells = worker->cells,
                          .stride = f->e.block,
                          .cells_first = first,
                          .slot = batch->slot + i * batch->n_cells,
                          .total = total,
                          .total_stride = f->e.block,
                          .total_first = first,
                          .past_known = !f->wanted.history};
}

static tj_status give_sums(tj_totals *f, int32_t i, const tj_reduction *units, size_t count, size_t n)
{
    tj_status status = TJ_OK;
    tj_reduce_totals(units, count, units->cells_first, n);
    for (size_t u = 0; u < count && status == TJ_OK; u++) {
        int32_t city = units[u].city;
        tj_totals_part part = {.background = units[u].background,
                               .package = f->packages[(size_t)i + u],
                               .first = units[u].cells_first,
                               .n = n,
                               .total = units[u].total + (size_t)first_year(f, city) * f->e.block,
                               .stride = f->e.block};
        status = give(f, &part, city);
    }
    return status;
}

/* All packages under one background; a few of them are summed together. */
static tj_status run_background(tj_totals *f, int32_t city, int32_t background, size_t first, size_t n,
                                hand *h, tj_worker *worker)
{
    tj_reduction units[TJ_REDUCE_UNITS];
    size_t series = (size_t)tj_plan_get_settings(f->e.plan)->n_years * f->e.block, count = 0;
    tj_status status = TJ_OK;
    for (int32_t i = 0; i < f->n_packages && status == TJ_OK; i++) {
        units[count] = reduction_of(f, city, background, i, first, worker, h->totals + count * series);
        status = simulate(f, &units[count++], i, n, worker);
        if (status != TJ_OK || (count < TJ_REDUCE_UNITS && i + 1 < f->n_packages))
            continue;
        status = give_sums(f, i + 1 - (int32_t)count, units, count, n);
        count = 0;
    }
    return status;
}

static tj_status run_cells(tj_totals *f, int32_t city, size_t first, size_t n, hand *h, tj_worker *worker)
{
    const tj_batch *batch = &f->cities[city].batch;
    size_t years = (size_t)tj_plan_get_settings(f->e.plan)->n_years, block = f->e.block;
    tj_status status =
        tj_worker_reserve(worker, (size_t)batch->n_slots * years * block, (size_t)batch->n_uses * block);
    if (status == TJ_OK)
        status = tj_room_reserve(&h->totals, &h->totals_capacity, TJ_REDUCE_UNITS * years * block);
    for (int32_t b = f->wanted.background_first; b < f->wanted.background_end && status == TJ_OK; b++)
        status = run_background(f, city, b, first, n, h, worker);
    return status;
}

/* ---- packages, some at a time ---- */

static void ready_city(tj_totals *f, int32_t city)
{
    const tj_tally_methods *methods = f->e.run->backend->tally;
    city_case *c = &f->cities[city];
    tj_worker *worker = &f->e.workers[tj_ensemble_thread()];
    tj_batch_sort(&c->batch, f->e.plan, f->e.part, city, f->packages, (size_t)f->n_packages);
    if (methods == NULL || f->wanted.history)
        return;
    methods->free(c->tally);
    const tj_tally_case wanted = {.city = city,
                                  .background_first = f->wanted.background_first,
                                  .background_end = f->wanted.background_end,
                                  .packages = f->packages,
                                  .n_packages = f->n_packages,
                                  .first = c->batch.first,
                                  .slot = c->batch.slot,
                                  .n_slots = c->batch.n_slots};
    tj_status status = methods->create(f->e.prepared, worker->scratch, &wanted, &c->tally);
    if (status != TJ_OK)
        tj_ensemble_fail(&f->e, key_of(f, city, 0), status, NULL);
}

static void run_block(tj_totals *f, int32_t city, size_t block)
{
    int thread = tj_ensemble_thread();
    tj_worker *worker = &f->e.workers[thread];
    size_t first = block * f->e.block, n = tj_ensemble_draws(&f->e, block), key = key_of(f, city, block);
    if (key > tj_ensemble_failed(&f->e))
        return;
    tj_status status = f->cities[city].tally != NULL
                           ? run_tally(f, city, first, n, &f->hands[thread], worker)
                           : run_cells(f, city, first, n, &f->hands[thread], worker);
    if (status != TJ_OK)
        tj_ensemble_fail(&f->e, key, status, worker->scratch);
}

static void run_packages(tj_totals *f)
{
    int32_t cities = tj_plan_get_settings(f->e.plan)->n_cities;
    int64_t blocks = (int64_t)f->e.n_blocks;
#pragma omp parallel num_threads(f->e.threads)
    {
#pragma omp for schedule(dynamic)
        for (int32_t c = 0; c < cities; c++)
            ready_city(f, c);
#pragma omp for schedule(dynamic)
        for (int64_t i = 0; i < cities * blocks; i++)
            run_block(f, f->e.cities[i / blocks], (size_t)(i % blocks));
    }
}

/* ---- a run ---- */

static tj_status reserve(tj_totals *f)
{
    const tj_plan_settings *s = tj_plan_get_settings(f->e.plan);
    f->cities = calloc((size_t)s->n_cities, sizeof *f->cities);
    f->hands = calloc((size_t)f->e.threads, sizeof *f->hands);
    f->uncounted = malloc((size_t)s->n_cells + 1);
    tj_status status = f->cities == NULL || f->hands == NULL || f->uncounted == NULL ? TJ_ERR_MEMORY : TJ_OK;
    for (int32_t c = 0; c < s->n_cities && status == TJ_OK; c++)
        status = tj_batch_init(&f->cities[c].batch, f->e.plan, MOST_PACKAGES);
    if (status == TJ_OK)
        find_uncounted(f);
    return status;
}

tj_status tj_totals_open(const tj_totals_run *wanted, tj_totals **totals)
{
    tj_totals *f = calloc(1, sizeof *f);
    *totals = f;
    if (f == NULL)
        return TJ_ERR_MEMORY;
    f->wanted = *wanted;
    f->run = *wanted->run;
    f->run.outputs = TJ_OUTPUT_BIT(TJ_OUTPUT_TOTALS);
    tj_status status = tj_ensemble_open(&f->e, &f->run, 0);
    return status == TJ_OK ? reserve(f) : status;
}

void tj_totals_close(tj_totals *f)
{
    if (f == NULL)
        return;
    for (int32_t c = 0; f->cities != NULL && c < tj_plan_get_settings(f->e.plan)->n_cities; c++) {
        tj_batch_free(&f->cities[c].batch);
        if (f->cities[c].tally != NULL)
            f->e.run->backend->tally->free(f->cities[c].tally);
    }
    for (int t = 0; f->hands != NULL && t < f->e.threads; t++) {
        free(f->hands[t].totals);
        free(f->hands[t].room);
    }
    free(f->cities);
    free(f->hands);
    free(f->uncounted);
    tj_ensemble_close(&f->e);
    free(f);
}

tj_status tj_totals_give(tj_totals *f)
{
    const tj_run *run = f->e.run;
    size_t count = tj_run_packages(run);
    for (f->before = 0; f->before < count && tj_ensemble_failed(&f->e) == SIZE_MAX;
         f->before += MOST_PACKAGES) {
        size_t left = count - f->before;
        f->n_packages = (int32_t)(left < MOST_PACKAGES ? left : MOST_PACKAGES);
        for (int32_t i = 0; i < f->n_packages; i++)
            f->packages[i] = tj_run_package(run, f->before + (size_t)i);
        run_packages(f);
    }
    return tj_ensemble_failed(&f->e) == SIZE_MAX ? TJ_OK : f->e.status;
}

void tj_totals_fault(const tj_totals *f, int32_t *cell, int32_t *year)
{
    *cell = f->e.fault_cell;
    *year = f->e.fault_year;
}
