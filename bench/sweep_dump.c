/* Dumping a sweep's inputs; see sweep_dump.h. It looks into the sweep, so that everyone begins with the same. */
#include "bench/sweep_dump.h"

#include "engine/sweep_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct dumping {
    tj_sweep_run_state run;
    FILE *index, *data;
    size_t written; /* doubles */
    bench_slots *slots;
    int32_t years[512], n_years; /* of one city, projected */
    tj_sweep_verdict total[512];
} dumping;

static void put(dumping *d, size_t count, const double *values)
{
    d->written += fwrite(values, sizeof *values, count, d->data);
}

static void add_slot(dumping *d, tj_sweep_kind kind, int32_t item, int32_t year)
{
    if (d->slots->count < BENCH_SLOTS)
        d->slots->slot[d->slots->count++] = (bench_slot){kind, item, year};
}

static void choose_years(dumping *d, const tj_sweep_city *city)
{
    int32_t all[512], n = tj_sweep_years(d->run.sweep, all);
    const uint8_t *status =
        tj_plan_bytes(d->run.plan, tj_plan_get_city(d->run.plan, city->city)->total_status);
    d->n_years = 0;
    for (int32_t i = 0; i < n; i++)
        if (all[i] >= city->first_year && status[all[i]] != TJ_ABSENT)
            d->years[d->n_years++] = all[i];
}

static int settle_totals(dumping *d, tj_sweep_city *city)
{
    for (int32_t y = 0; y < d->n_years; y++)
        if (tj_sweep_total_make(&d->run, city, d->years[y], &d->total[y]) != TJ_OK ||
            tj_sweep_settle(city, &d->total[y].condition[0]) != TJ_OK)
            return 0;
    return tj_sweep_values_open(city) == TJ_OK;
}

/* The row of the part in the total of year y; TJ_NONE: it adds nothing. */
static int32_t row_in(const dumping *d, int32_t part, int32_t y)
{
    const tj_sweep_condition *c = &d->total[y].condition[0];
    for (size_t i = 0; i < c->n_terms; i++)
        if (c->terms[i].part == part)
            return c->terms[i].row;
    return TJ_NONE;
}

/* [variant][year][draw] of each part, gathered from the stretches. */
static int put_values(dumping *d, int32_t background, tj_sweep_city *city)
{
    size_t n = d->run.draws.count, years = (size_t)d->n_years;
    double **part = calloc((size_t)city->n_parts + 1, sizeof *part);
    int good = part != NULL;
    for (int32_t p = 0; p < city->n_parts && good; p++)
        good = (part[p] = calloc((size_t)city->parts[p].n_variants * years * n + 1, sizeof **part)) != NULL;
    for (size_t at = 0; at < n && good; at += TJ_SWEEP_LANES) {
        good = tj_sweep_stretch(&d->run, background, city, at, NULL, 0, NULL) == TJ_OK;
        for (int32_t p = 0; p < city->n_parts && good; p++)
            for (int32_t v = 0; v < city->parts[p].n_variants; v++)
                for (int32_t y = 0; y < d->n_years; y++)
                    if (row_in(d, p, y) != TJ_NONE)
                        memcpy(part[p] + ((size_t)v * years + (size_t)y) * n + at,
                               tj_sweep_row_of(&city->parts[p], v, row_in(d, p, y)), city->n * sizeof **part);
    }
    for (int32_t p = 0; p < city->n_parts && good; p++)
        put(d, (size_t)city->parts[p].n_variants * years * n, part[p]);
    for (int32_t p = 0; p < city->n_parts && part != NULL; p++)
        free(part[p]);
    free(part);
    return good;
}

static void put_parts(dumping *d, const tj_sweep_city *city)
{
    size_t at = d->written;
    for (int32_t p = 0; p < city->n_parts; p++) {
        const tj_sweep_part *part = &city->parts[p];
        fprintf(d->index, "%s{\"product\": %d, \"variants\": %d, \"offset\": %zu, \"blocks\": [",
                p > 0 ? ", " : "", part->component->product, part->n_variants, at);
        for (int32_t b = 0; b < part->n_blocks; b++) {
            fprintf(d->index, "%s{\"first\": %d, \"bits\": [", b > 0 ? ", " : "", part->blocks[b].first);
            for (int i = 0; i < part->blocks[b].n_bits; i++)
                fprintf(d->index, "%s%d", i > 0 ? ", " : "", part->blocks[b].bit[i]);
            fprintf(d->index, "]}");
        }
        fprintf(d->index, "]}");
        at += (size_t)part->n_variants * (size_t)d->n_years * d->run.draws.count;
    }
}

static int same_terms(const tj_sweep_condition *a, const tj_sweep_condition *b)
{
    int same = a->n_terms == b->n_terms;
    for (size_t i = 0; same && i < a->n_terms; i++)
        same = a->terms[i].part == b->terms[i].part && a->terms[i].row == b->terms[i].row &&
               a->terms[i].weight == b->terms[i].weight;
    return same;
}

/* Targets that ask for the total of one year. */
static int put_targets(dumping *d, tj_sweep_city *city)
{
    const tj_plan_target *targets = tj_plan_section(d->run.plan, TJ_SECTION_TARGETS, NULL);
    const char *comma = "";
    for (int32_t i = 0; i < tj_plan_get_settings(d->run.plan)->n_targets; i++) {
        tj_sweep_verdict v;
        if (targets[i].city != city->city || !targets[i].assessable)
            continue;
        if (tj_sweep_verdict_make(&d->run, city, i, &v) != TJ_OK)
            return 0;
        int simple = v.n_conditions == 1 && v.known == d->run.draws.count && v.condition[0].n_terms > 0;
        if (simple && tj_sweep_settle(city, &v.condition[0]) != TJ_OK)
            return 0;
        for (int32_t y = 0; simple && y < d->n_years; y++) {
            if (!same_terms(&v.condition[0], &d->total[y].condition[0]))
                continue;
            fprintf(d->index, "%s{\"year\": %d, \"offset\": %zu}", comma, y, d->written);
            comma = ", ";
            put(d, d->run.draws.count, v.condition[0].level);
            add_slot(d, TJ_SWEEP_PROBABILITY, i, TJ_NONE);
            break;
        }
        tj_sweep_verdict_free(&v);
    }
    return 1;
}

static int put_city(dumping *d, int32_t background, tj_sweep_city *city)
{
    size_t n_years = (size_t)tj_plan_get_settings(d->run.plan)->n_years;
    size_t cells = (size_t)tj_plan_get_city(d->run.plan, city->city)->cells_count;
    choose_years(d, city);
    city->history = calloc(cells * n_years * d->run.draws.count + 1, sizeof *city->history);
    int good = city->history != NULL && settle_totals(d, city) &&
               tj_sweep_history(&d->run, background, city) == TJ_OK;
    fprintf(d->index, "{\"years\": %d, \"parts\": [", d->n_years);
    put_parts(d, city);
    good = good && put_values(d, background, city);
    fprintf(d->index, "], \"targets\": [");
    good = good && put_targets(d, city);
    fprintf(d->index, "]}");
    for (int32_t y = 0; y < d->n_years; y++) {
        add_slot(d, TJ_SWEEP_MEAN, city->city, d->years[y]);
        tj_sweep_verdict_free(&d->total[y]);
    }
    tj_sweep_values_close(city);
    free(city->history);
    city->history = NULL;
    return good;
}

static FILE *open_in(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        perror(path);
    return file;
}

int bench_sweep_dump(const tj_sweep *sweep, int32_t background, const char *folder, bench_slots *slots)
{
    tj_sweep_report report = {.fault_city = TJ_NONE};
    dumping *d = calloc(1, sizeof *d);
    if (d == NULL)
        return 0;
    d->run = (tj_sweep_run_state){.sweep = sweep, .library = sweep->library, .report = &report};
    d->slots = slots;
    d->index = open_in(folder, "index.json");
    d->data = open_in(folder, "data.bin");
    tj_arena_init(&d->run.arena);
    int good = tj_sweep_open(&d->run) == TJ_OK && d->index != NULL && d->data != NULL;
    const char *comma = "";
    if (good)
        fprintf(d->index, "{\"draws\": %zu, \"measures\": %d, \"cities\": [", sweep->draws,
                sweep->n_measures);
    for (int32_t c = 0; good && c < tj_plan_get_settings(d->run.plan)->n_cities; c++) {
        if (!sweep->cities[c])
            continue;
        fprintf(d->index, "%s", comma);
        comma = ", ";
        good = put_city(d, background, &d->run.cities[c]);
    }
    if (d->index != NULL) {
        fprintf(d->index, "]}\n");
        good &= fclose(d->index) == 0;
    }
    if (d->data != NULL)
        good &= fclose(d->data) == 0;
    tj_sweep_close(&d->run);
    free(d);
    return good;
}
