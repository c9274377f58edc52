/* Tables as .npy files; see dump.h. */
#include "bench/dump.h"

#include "engine/base.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* A member of a record, by its place; members in ascending order of offset, what lies between is padding. */
typedef struct member {
    const char *name, *type;
    size_t offset, size;
} member;

#define MEMBER(record, name, type)                                                                           \
    {                                                                                                        \
#        name, type, offsetof(record, name), sizeof(((record *)0)->name)                                     \
    }
#define INTEGER(record, name) MEMBER(record, name, "'<i4'")
#define DOUBLE(record, name)  MEMBER(record, name, "'<f8'")
#define TERM(record, name)    MEMBER(record, name, "[('value', '<f8'), ('param', '<i4'), ('rest', '|V4')]")

_Static_assert(offsetof(tj_term, value) == 0 && offsetof(tj_term, param) == 8 && sizeof(tj_term) == 16,
               "TERM");

/* clang-format off */
static const member settings[] = {
    INTEGER(tj_plan_settings, n_years), INTEGER(tj_plan_settings, n_backgrounds), INTEGER(tj_plan_settings, n_packages),
    INTEGER(tj_plan_settings, n_cities), INTEGER(tj_plan_settings, n_cells), {0}};
static const member cities[] = {
    INTEGER(tj_plan_city, last_inventory), TERM(tj_plan_city, level), {0}};
static const member cells[] = {
    INTEGER(tj_plan_cell, city), INTEGER(tj_plan_cell, sector), INTEGER(tj_plan_cell, method), INTEGER(tj_plan_cell, account),
    INTEGER(tj_plan_cell, drivers_first), INTEGER(tj_plan_cell, n_carriers), INTEGER(tj_plan_cell, ratio), {0}};
static const member drivers[] = {
    INTEGER(tj_plan_driver, cell), INTEGER(tj_plan_driver, reference), INTEGER(tj_plan_driver, path),
    TERM(tj_plan_driver, spread), {0}};
static const member effects[] = {
    INTEGER(tj_plan_effect, driver), INTEGER(tj_plan_effect, to_driver), INTEGER(tj_plan_effect, op),
    INTEGER(tj_plan_effect, measure), INTEGER(tj_plan_effect, overlap), INTEGER(tj_plan_effect, ramp),
    INTEGER(tj_plan_effect, factors_first), INTEGER(tj_plan_effect, factors_count), DOUBLE(tj_plan_effect, strength),
    TERM(tj_plan_effect, magnitude), TERM(tj_plan_effect, ratio), TERM(tj_plan_effect, eligible),
    TERM(tj_plan_effect, adherence), TERM(tj_plan_effect, rebound), {0}};
static const member slices[] = {INTEGER(tj_plan_slice, first), INTEGER(tj_plan_slice, count), {0}};
static const member terms[] = {DOUBLE(tj_term, value), INTEGER(tj_term, param), {0}};
/* clang-format on */

/* A section as a table of records; members NULL: plain doubles. */
typedef struct table {
    const char *name;
    tj_section section;
    size_t size;
    const member *members;
} table;

static const table tables[] = {
    {"settings", TJ_SECTION_SETTINGS, sizeof(tj_plan_settings), settings},
    {"cities", TJ_SECTION_CITIES, sizeof(tj_plan_city), cities},
    {"cells", TJ_SECTION_CELLS, sizeof(tj_plan_cell), cells},
    {"drivers", TJ_SECTION_DRIVERS, sizeof(tj_plan_driver), drivers},
    {"effects", TJ_SECTION_EFFECTS, sizeof(tj_plan_effect), effects},
    {"slices", TJ_SECTION_SLICES, sizeof(tj_plan_slice), slices},
    {"terms", TJ_SECTION_TERMS, sizeof(tj_term), terms},
    {"numbers", TJ_SECTION_NUMBERS, sizeof(double), NULL},
};

static size_t put_padding(char *text, size_t size, size_t used, size_t from, size_t to)
{
    int length = to > from ? snprintf(text + used, size - used, "('pad%zu', '|V%zu'), ", from, to - from) : 0;
    return used + (size_t)length;
}

/* The dtype of a table's records. */
static void describe(const table *t, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, t->members != NULL ? "[" : "'<f8'"), at = 0;
    for (const member *m = t->members; m != NULL && m->name != NULL; m++) {
        used = put_padding(text, size, used, at, m->offset);
        used += (size_t)snprintf(text + used, size - used, "('%s', %s), ", m->name, m->type);
        at = m->offset + m->size;
    }
    if (t->members == NULL)
        return;
    used = put_padding(text, size, used, at, t->size);
    snprintf(text + used, size - used, "]");
}

/* An .npy file of format 1.0, open behind its header; NULL on failure. */
static FILE *npy_open(const char *folder, const char *name, const char *record, const char *shape)
{
    char path[4096], head[4096];
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
    char shape[64], record[2048];
    const void *items = tj_plan_section(bench->plan, t->section, &count);
    snprintf(shape, sizeof shape, "%zu,", count);
    describe(t, record, sizeof record);
    return put(folder, t->name, record, shape, count * t->size, items);
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
