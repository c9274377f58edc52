/* Sweeping: background by background and city by city; see sweep.h.
 *
 * A city's targets are counted, its means summed and its quantiles picked while its variants are at hand; the
 * rows of means and of the network, which need only the small sums, come after the last city. */
#include "engine/sweep.h"

#include "engine/sweep_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>

size_t tj_sweep_combinations(const tj_sweep *sweep)
{
    return (size_t)1 << sweep->n_measures;
}

/* ---- years ---- */

static void note_year(int8_t *wanted, int32_t n_years, double year)
{
    if (year >= 0 && year < n_years)
        wanted[(int32_t)year] = 1;
}

int32_t tj_sweep_years(const tj_sweep *sweep, int32_t *years)
{
    const tj_plan *plan = sweep->library.plan;
    const tj_plan_settings *s = tj_plan_get_settings(plan);
    const tj_plan_target *targets = tj_plan_section(plan, TJ_SECTION_TARGETS, NULL);
    int32_t count = 0;
    int8_t *wanted = calloc((size_t)s->n_years + 1, 1);
    for (int32_t i = 0; i < s->n_targets && wanted != NULL; i++) {
        const tj_plan_target *t = &targets[i];
        if (!t->assessable || !sweep->cities[t->city])
            continue;
        note_year(wanted, s->n_years, t->kind == TJ_TARGET_PATH ? -1 : t->year);
        const double *pair = t->milestones_count > 0 ? tj_plan_numbers(plan, t->milestones_first) : NULL;
        for (int32_t m = 0; m < t->milestones_count; m++)
            note_year(wanted, s->n_years, pair[2 * m]);
    }
    for (int32_t y = 0; y < s->n_years && wanted != NULL; y++)
        if (wanted[y])
            years[count++] = y;
    free(wanted);
    return count;
}

/* ---- one background ---- */

static void close_whole(tj_sweep_whole *w)
{
    for (int32_t c = 0; c < tj_plan_get_settings(w->run->plan)->n_cities; c++) {
        for (int32_t p = 0; w->sums != NULL && w->sums[c] != NULL && p < w->run->cities[c].n_parts; p++)
            tj_sweep_sums_close(&w->sums[c][p]);
        if (w->sums != NULL)
            free(w->sums[c]);
        if (w->past != NULL)
            free(w->past[c]);
    }
    free(w->sums);
    free(w->past);
    free(w->years);
    free(w->row);
    tj_ranks_free(&w->ranks);
}

/* Which rows there will be. */
static tj_status open_axes(tj_sweep_whole *w)
{
    const tj_sweep *sweep = w->run->sweep;
    w->years = calloc((size_t)tj_plan_get_settings(w->run->plan)->n_years + 1, sizeof *w->years);
    if (w->years == NULL)
        return TJ_ERR_MEMORY;
    w->n_years = tj_sweep_years(sweep, w->years);
    return tj_ranks_init(&w->ranks, sweep->draws, sweep->n_quantiles, sweep->quantiles);
}

static tj_status open_whole(tj_sweep_whole *w)
{
    const tj_plan_settings *s = tj_plan_get_settings(w->run->plan);
    w->sums = calloc((size_t)s->n_cities, sizeof *w->sums);
    w->past = calloc((size_t)s->n_cities, sizeof *w->past);
    w->kept = tj_sweep_combinations(w->run->sweep) * sizeof *w->row;
    w->row = malloc(w->kept);
    if (w->sums == NULL || w->past == NULL || w->row == NULL)
        return TJ_ERR_MEMORY;
    return open_axes(w);
}

/* What is to be done in all, for the progress: every background takes about as long. */
static void weigh(const tj_sweep_whole *w)
{
    tj_sweep_run_state *run = w->run;
    size_t backgrounds = 0;
    for (int32_t b = 0; b < tj_plan_get_settings(run->plan)->n_backgrounds; b++)
        backgrounds += run->sweep->backgrounds[b] != 0;
    run->all = 0;
    for (int32_t c = 0; c < tj_plan_get_settings(run->plan)->n_cities; c++)
        if (run->sweep->cities[c])
            run->all += backgrounds * tj_sweep_city_weight(w, &run->cities[c]);
}

/* Of a sweep that is refused: how long its work would take, s, each city simulated once; 0 where that is not known. */
static double expect(tj_sweep_run_state *run)
{
    tj_sweep_whole w = {.run = run};
    tj_status status = open_axes(&w);
    if (status == TJ_OK)
        weigh(&w);
    close_whole(&w);
    return status == TJ_OK ? 1e-6 * (double)run->all / run->threads : 0;
}

static tj_status work_background(tj_sweep_run_state *run, int32_t background)
{
    tj_sweep_whole w = {.run = run, .background = background};
    tj_status status = open_whole(&w);
    if (status == TJ_OK)
        weigh(&w);
    for (int32_t c = 0; c < tj_plan_get_settings(run->plan)->n_cities && status == TJ_OK; c++)
        if (run->sweep->cities[c])
            status = tj_sweep_work_city(&w, &run->cities[c]);
    if (status == TJ_OK)
        status = tj_sweep_send_means(&w);
    close_whole(&w);
    return status;
}

double tj_sweep_now(void)
{
    struct timespec time;
    timespec_get(&time, TIME_UTC);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void count_left_out(const tj_sweep *sweep, tj_sweep_report *report)
{
    for (size_t mask = 0; sweep->n_rules > 0 && mask < tj_sweep_combinations(sweep); mask++)
        report->left_out += !tj_sweep_keeps(sweep, (uint32_t)mask);
}

tj_status tj_sweep_run(const tj_sweep *sweep, tj_sweep_report *report)
{
    const tj_plan_settings *s = tj_plan_get_settings(sweep->library.plan);
    double begun = tj_sweep_now();
    assert(sweep->n_measures >= 0 && sweep->n_measures <= TJ_SWEEP_MEASURES && sweep->row != NULL);
    *report = (tj_sweep_report){.fault_city = TJ_NONE, .fault_cell = TJ_NONE, .fault_year = TJ_NONE};
    tj_sweep_run_state run = {.sweep = sweep, .library = sweep->library, .report = report};
    tj_arena_init(&run.arena);
    tj_status status = tj_sweep_open(&run);
    if (status == TJ_ERR_MEMORY && report->fault_city != TJ_NONE)
        report->expected = expect(&run);
    report->simulating = tj_sweep_now() - begun;
    for (int32_t b = 0; b < s->n_backgrounds && status == TJ_OK; b++)
        if (sweep->backgrounds[b])
            status = work_background(&run, b);
    if (status == TJ_OK)
        count_left_out(sweep, report);
    report->threads = run.threads;
    tj_sweep_close(&run);
    report->seconds = tj_sweep_now() - begun;
    return status;
}
