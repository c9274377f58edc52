/* Tables as .npy files; see dump.h. */
#include "bench/dump.h"

#include "engine/base.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TERM(name) "('" name "', [('value', '<f8'), ('param', '<i4'), ('pad', '<i4')])"

/* A section as a table of records. */
typedef struct table {
    const char *name;
    tj_section section;
    size_t size;
    const char *record; /* dtype */
} table;

static const table tables[] = {
    {"settings", TJ_SECTION_SETTINGS, sizeof(tj_plan_settings),
     "[('seed', '<u8'), ('first_year', '<i4'), ('last_year', '<i4'), ('base_year', '<i4'), ('n_years', "
     "'<i4'), "
     "('n_backgrounds', '<i4'), ('n_packages', '<i4'), ('n_cities', '<i4'), ('n_cells', '<i4'), ('rest', "
     "'<i4', "
     "(10,))]"},
    {"cities", TJ_SECTION_CITIES, sizeof(tj_plan_city),
     "[('last', '<i4'), ('first', '<i4'), ('count', '<i4'), ('rest', '<i4', (5,)), " TERM("level") ", " TERM(
         "backcast") "]"},
    {"cells", TJ_SECTION_CELLS, sizeof(tj_plan_cell),
     "[('city', '<i4'), ('sector', '<i4'), ('method', '<i4'), ('account', '<i4'), ('drivers', '<i4'), "
     "('n_drivers', "
     "'<i4'), ('n_carriers', '<i4'), ('history', '<i4'), ('status', '<i4'), ('ratio', '<i4'), ('rest', "
     "'<i4', (4,)), "
     "('terms', '<i4', (16,))]"},
    {"drivers", TJ_SECTION_DRIVERS, sizeof(tj_plan_driver),
     "[('cell', '<i4'), ('flags', '<i4'), ('group', '<i4'), ('kind', '<i4'), ('path', '<i4'), ('pad', "
     "'<i4'), " TERM("start") ", " TERM("rate") ", " TERM("spread") "]"},
    {"effects", TJ_SECTION_EFFECTS, sizeof(tj_plan_effect),
     "[('driver', '<i4'), ('to', '<i4'), ('op', '<i4'), ('side', '<i4'), ('measure', '<i4'), ('overlap', "
     "'<i4'), "
     "('ramp', '<i4'), ('factors', '<i4'), ('n_factors', '<i4'), ('pad', '<i4'), ('strength', "
     "'<f8'), " TERM("magnitude") ", " TERM("ratio") ", " TERM("eligible") ", " TERM("adherence") ", " TERM(
         "rebound") "]"},
    {"slices", TJ_SECTION_SLICES, sizeof(tj_plan_slice), "[('first', '<i4'), ('count', '<i4')]"},
    {"terms", TJ_SECTION_TERMS, sizeof(tj_term), "[('value', '<f8'), ('param', '<i4'), ('pad', '<i4')]"},
    {"numbers", TJ_SECTION_NUMBERS, sizeof(double), "'<f8'"},
};

/* An .npy file of format 1.0, open behind its header; NULL on failure. */
static FILE *npy_open(const char *folder, const char *name, const char *record, const char *shape)
{
    char path[4096], head[2048];
    snprintf(path, sizeof path, "%s/%s.npy", folder, name);
    int length =
        snprintf(head, sizeof head, "{'descr': %s, 'fortran_order': False, 'shape': (%s), }", record, shape);
    size_t padded = (10 + (size_t)length + 1 + 63) / 64 * 64 - 10;
    const unsigned char lead[10] = {
        0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (unsigned char)padded, (unsigned char)(padded >> 8)};
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        perror(path);
        return NULL;
    }
    fwrite(lead, 1, sizeof lead, file);
    fprintf(file, "%-*s\n", (int)padded - 1, head);
    return file;
}

static int npy_close(FILE *file)
{
    int bad = ferror(file);
    bad |= fclose(file);
    return bad == 0;
}

static int put(const char *folder, const char *name, const char *record, const char *shape, size_t bytes,
               const void *items)
{
    FILE *file = npy_open(folder, name, record, shape);
    if (file == NULL)
        return 0;
    if (bytes > 0)
        fwrite(items, 1, bytes, file);
    return npy_close(file);
}

static int put_section(const bench_case *bench, const char *folder, const table *t)
{
    size_t count;
    char shape[64];
    const void *items = tj_plan_section(bench->plan, t->section, &count);
    snprintf(shape, sizeof shape, "%zu,", count);
    return put(folder, t->name, t->record, shape, count * t->size, items);
}

/* Does a year of a cell have a projection? */
static int projected(const bench_case *bench, int32_t cell, int32_t year)
{
    const tj_plan_cell *record = tj_plan_get_cell(bench->plan, cell);
    return year > tj_plan_get_city(bench->plan, record->city)->last_inventory &&
           tj_plan_bytes(bench->plan, record->status)[year] != TJ_ABSENT;
}

static int put_trends(const bench_case *bench, const char *folder, double *row)
{
    const tj_plan_settings *s = tj_plan_get_settings(bench->plan);
    size_t n = bench->draws.count;
    char shape[96];
    snprintf(shape, sizeof shape, "%d, %d, %zu", s->n_cells, s->n_years, n);
    FILE *file = npy_open(folder, "trend", "'<f8'", shape);
    for (int32_t i = 0; file != NULL && i < s->n_cells * s->n_years; i++) {
        int32_t cell = i / s->n_years, year = i % s->n_years;
        int known =
            tj_plan_get_cell(bench->plan, cell)->method == TJ_METHOD_TREND && projected(bench, cell, year);
        fwrite(known ? tj_base_trend(bench->prepared, cell, year) : row, sizeof *row, n, file);
    }
    return file != NULL && npy_close(file);
}

static int put_constants(const bench_case *bench, const char *folder, double *row)
{
    const tj_plan_settings *s = tj_plan_get_settings(bench->plan);
    size_t n = bench->draws.count;
    char shape[96];
    snprintf(shape, sizeof shape, "%d, %d, %zu", s->n_cells, s->n_backgrounds, n);
    FILE *file = npy_open(folder, "constant", "'<f8'", shape);
    for (int32_t i = 0; file != NULL && i < s->n_cells * s->n_backgrounds; i++) {
        int32_t cell = i / s->n_backgrounds, background = i % s->n_backgrounds;
        int known = tj_plan_get_cell(bench->plan, cell)->method != TJ_METHOD_TREND &&
                    projected(bench, cell, s->n_years - 1);
        fwrite(known ? tj_base_constant(bench->prepared, cell, background) : row, sizeof *row, n, file);
    }
    return file != NULL && npy_close(file);
}

int bench_dump(const bench_case *bench, const char *folder)
{
    size_t n = bench->draws.count;
    char shape[96];
    double *row = malloc(n * sizeof *row);
    int good = row != NULL;
    for (size_t i = 0; i < n && good; i++)
        row[i] = NAN;
    for (size_t i = 0; i < sizeof tables / sizeof *tables && good; i++)
        good = put_section(bench, folder, &tables[i]);
    snprintf(shape, sizeof shape, "%zu, %zu", bench->draws.n_params, n);
    good =
        good &&
        put(folder, "draws", "'<f8'", shape, bench->draws.n_params * n * sizeof *row, bench->draws.value) &&
        put_trends(bench, folder, row) && put_constants(bench, folder, row);
    free(row);
    return good;
}
