/* The reader: opens a result, checks that it is one and whole, and hands out blocks of fields.
 *
 * Between the disk and every report. Invariant of an open result: every axis, name and field was checked
 * against the axes' lengths, so later reads fail only when the disk does. */
#include "io/store/read.h"
#include "io/store/seal.h"
#include "io/store/write.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* No axis is longer; more is damage. */
enum { AXIS_MOST = 1 << 24 };

tj_status tj_results_refuse(tj_results *r, const char *format, ...)
{
    int used = snprintf(r->details, r->size, "'%s' is not a trajekt result: ", r->path);
    if (used >= 0 && (size_t)used < r->size) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(r->details + used, r->size - (size_t)used, format, arguments);
        va_end(arguments);
    }
    return TJ_ERR_FORMAT;
}

tj_status tj_results_no_memory(tj_results *r)
{
    snprintf(r->details, r->size, "not enough memory to read '%s'", r->path);
    return TJ_ERR_MEMORY;
}

static tj_status unreadable(tj_results *r, const char *why)
{
    snprintf(r->details, r->size, "cannot read '%s': %s", r->path, why);
    return TJ_ERR_IO;
}

/* ---- the file ---- */

/* Before HDF5 sees the file. */
static tj_status check_seal(tj_results *r, uint64_t length)
{
    uint64_t expected;
    switch (tj_seal_check(r->fd, length, &expected)) {
    case TJ_SEAL_SOUND:
    case TJ_SEAL_NONE:
        return TJ_OK;
    case TJ_SEAL_TRUNCATED:
        return tj_results_refuse(r, "it is truncated: %" PRIu64 " of %" PRIu64 " bytes are there", length,
                                 expected);
    case TJ_SEAL_DAMAGED:
        return tj_results_refuse(r, "it is damaged: its checksum does not match its bytes");
    case TJ_SEAL_UNREADABLE:
        break;
    }
    return unreadable(r, strerror(errno));
}

static tj_status open_file(tj_results *r)
{
    static const char signature[8] = {'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};
    char first[8];
    struct stat found;
    r->fd = open(r->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (r->fd < 0 || fstat(r->fd, &found) != 0)
        return unreadable(r, strerror(errno));
    if (S_ISDIR(found.st_mode))
        return unreadable(r, "it is a folder");
    if (!S_ISREG(found.st_mode))
        return unreadable(r, "it is not a plain file");
    if (found.st_size == 0)
        return tj_results_refuse(r, "it is empty");
    ssize_t n = pread(r->fd, first, sizeof first, 0);
    if (n < 0)
        return unreadable(r, strerror(errno));
    if (n != sizeof first || memcmp(first, signature, sizeof first) != 0)
        return tj_results_refuse(r, "it is not an HDF5 file");
    return check_seal(r, (uint64_t)found.st_size);
}

static tj_status open_source(tj_results *r)
{
    tj_driver_target target = {.fd = r->fd, .error = &r->error};
    double format;
    r->source = tj_cf_open(&target);
    if (r->source == NULL)
        return tj_results_refuse(r, "it is truncated or damaged");
    if (tj_cf_number_of(r->source, "/", "trajekt_format", &format) != 0)
        return tj_results_refuse(r, "trajekt did not write it, or not to its end");
    if (format != TJ_RESULTS_FORMAT)
        return tj_results_refuse(r, "its format is %g, and this program reads format %d%s", format,
                                 TJ_RESULTS_FORMAT,
                                 format > TJ_RESULTS_FORMAT ? "; a newer one is needed" : "");
    return TJ_OK;
}

/* ---- axes ---- */

typedef struct axis_rule {
    const char *name;
    tj_cf_type type;
    int needed;
} axis_rule;

/* In the order of tj_dim, which has no place for the first two. */
static const axis_rule axis_rules[] = {
    {"background", TJ_CF_TEXT, 1}, {"package", TJ_CF_TEXT, 1}, {"city", TJ_CF_TEXT, 1},
    {"group", TJ_CF_TEXT, 0},      {"sector", TJ_CF_TEXT, 1},  {"gas", TJ_CF_TEXT, 0},
    {"year", TJ_CF_INT, 1},        {"target", TJ_CF_TEXT, 0},  {"quantile", TJ_CF_DOUBLE, 1},
    {"draw", TJ_CF_INT, 0},        {"row", TJ_CF_TEXT, 0},
};

enum { AXES = sizeof axis_rules / sizeof *axis_rules };
_Static_assert(AXES == TJ_DIMS + 1, "every dimension has a rule, TJ_DIM_END has none, and two more");

/* Where the length of an axis is kept. */
static size_t *axis_length(tj_results *r, int axis)
{
    return axis == 0 ? &r->backgrounds : axis == 1 ? &r->packages : &r->length[axis - 1];
}

size_t tj_results_axis(const tj_results *r, const char *name)
{
    for (int a = 0; a < AXES; a++)
        if (strcmp(axis_rules[a].name, name) == 0)
            return *axis_length((tj_results *)r, a);
    return 0;
}

static tj_status load_axes(tj_results *r)
{
    for (int a = 0; a < AXES; a++) {
        const axis_rule *rule = &axis_rules[a];
        tj_cf_shape shape;
        assert(a < 2 || strcmp(rule->name, tj_dim_name((tj_dim)(a - 1))) == 0);
        if (tj_cf_shape_of(r->source, rule->name, &shape) != 0) {
            if (rule->needed)
                return tj_results_refuse(r, "the axis '%s' is missing or damaged", rule->name);
            continue;
        }
        if (shape.type != rule->type || shape.rank != 1 || shape.length[0] == 0 ||
            shape.length[0] > AXIS_MOST)
            return tj_results_refuse(r, "the axis '%s' has another type or shape", rule->name);
        *axis_length(r, a) = shape.length[0];
    }
    return TJ_OK;
}

/* Reads a whole variable that must have the type and the axes given; absent only if not needed. */
static tj_status load(tj_results *r, const char *name, tj_cf_type type, const char *const *axes, int needed,
                      size_t item, void **values)
{
    tj_cf_shape shape;
    size_t count = 1;
    *values = NULL;
    if (tj_cf_shape_of(r->source, name, &shape) != 0)
        return needed ? tj_results_refuse(r, "'%s' is missing or damaged", name) : TJ_OK;
    int rank = 0;
    for (; axes[rank] != NULL; rank++) {
        if (rank >= shape.rank || shape.length[rank] != tj_results_axis(r, axes[rank]))
            return tj_results_refuse(r, "'%s' does not fit the axes", name);
        count *= shape.length[rank];
    }
    if (shape.type != type || shape.rank != rank)
        return tj_results_refuse(r, "'%s' has another type or shape", name);
    *values = tj_arena_alloc(&r->arena, count, item);
    if (*values == NULL)
        return tj_results_no_memory(r);
    if (tj_cf_read(r->source, name, &shape, *values) != 0)
        return tj_results_refuse(r, "'%s' cannot be read; the file is damaged", name);
    return TJ_OK;
}

static tj_status load_numbers(tj_results *r)
{
    static const char *const year[] = {"year", NULL}, *const quantile[] = {"quantile", NULL},
                             *const city[] = {"city", "year", NULL}, *const group[] = {"group", "year", NULL};
    void *years, *quantiles, *cities = NULL, *groups = NULL;
    tj_status status = load(r, "year", TJ_CF_INT, year, 1, sizeof(int32_t), &years);
    if (status == TJ_OK)
        status = load(r, "quantile", TJ_CF_DOUBLE, quantile, 1, sizeof(double), &quantiles);
    if (status == TJ_OK)
        status = load(r, "emissions_total_status", TJ_CF_BYTE, city, 0, 1, &cities);
    if (status == TJ_OK)
        status = load(r, "group_status", TJ_CF_BYTE, group, 0, 1, &groups);
    if (status != TJ_OK)
        return status;
    r->years = years;
    r->quantiles = quantiles;
    r->city_status = cities;
    r->group_status = groups;
    return TJ_OK;
}

/* ---- fields ---- */

/* Number of doubles of a field in one unit; 0 where one of its axes is absent. */
static size_t field_length(const tj_results *r, const tj_field *field)
{
    size_t length = 1;
    for (const tj_dim *dim = field->dims; *dim != TJ_DIM_END; dim++)
        length *= r->length[*dim];
    return length;
}

static int field_fits(const tj_results *r, const tj_field *field, const tj_cf_shape *shape)
{
    int rank = 2;
    int fits = shape->type == TJ_CF_DOUBLE && shape->rank >= 2 && shape->length[0] == r->backgrounds &&
               shape->length[1] == r->packages;
    for (const tj_dim *dim = field->dims; fits && *dim != TJ_DIM_END; dim++, rank++)
        fits = rank < shape->rank && shape->length[rank] == r->length[*dim];
    return fits && rank == shape->rank;
}

/* A file without the attribute is from before there was one: it holds the default, and draws where these have an axis. */
static tj_status load_outputs(tj_results *r)
{
    const char *names = tj_results_attribute(r, "outputs");
    r->outputs = TJ_OUTPUTS_DEFAULT;
    if (names == NULL && r->length[TJ_DIM_DRAW] > 0)
        r->outputs |= TJ_OUTPUT_BIT(TJ_OUTPUT_DRAWS) | TJ_OUTPUT_BIT(TJ_OUTPUT_SECTOR_DRAWS);
    if (names == NULL)
        return TJ_OK;
    r->outputs = 0;
    for (size_t length; *names != '\0'; names += length + (names[length] == ' ')) {
        char name[32];
        length = strcspn(names, " ");
        snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), names);
        int found = tj_output_find(name);
        if (found < 0)
            return tj_results_refuse(r, "its attribute 'outputs' names '%s', which is none", name);
        r->outputs |= TJ_OUTPUT_BIT(found);
    }
    if (!(r->outputs & TJ_OUTPUT_BIT(TJ_OUTPUT_TOTALS)))
        return tj_results_refuse(r, "its attribute 'outputs' leaves out '%s'",
                                 tj_outputs[TJ_OUTPUT_TOTALS].name);
    return TJ_OK;
}

/* 0 where the file holds no such field: its group was not asked for, or one of its axes has no items. */
static size_t held_length(const tj_results *r, tj_field_id field)
{
    return tj_field_asked(r->outputs, field) ? field_length(r, &tj_fields[field]) : 0;
}

static tj_status check_fields(tj_results *r)
{
    for (int f = 0; f < TJ_FIELDS; f++) {
        tj_cf_shape shape;
        if (held_length(r, (tj_field_id)f) == 0)
            continue;
        if (tj_cf_shape_of(r->source, tj_fields[f].name, &shape) != 0)
            return tj_results_refuse(r, "the field '%s' is missing or damaged", tj_fields[f].name);
        if (!field_fits(r, &tj_fields[f], &shape))
            return tj_results_refuse(r, "the field '%s' does not fit the axes", tj_fields[f].name);
    }
    return TJ_OK;
}

tj_status tj_results_field(const tj_results *r, tj_field_id field, size_t background, size_t package,
                           double **values)
{
    assert((unsigned)field < TJ_FIELDS && background < r->backgrounds && package < r->packages);
    size_t length = held_length(r, field), at[2] = {background, package};
    *values = NULL;
    if (length == 0)
        return TJ_ERR_FORMAT;
    *values = malloc(length * sizeof **values);
    if (*values == NULL)
        return TJ_ERR_MEMORY;
    if (tj_cf_read_block(r->source, tj_fields[field].name, at, 2, *values) == 0)
        return TJ_OK;
    free(*values);
    *values = NULL;
    return TJ_ERR_IO;
}

/* ---- opening and closing ---- */

tj_status tj_results_open(const char *path, tj_results **results, char *details, size_t size)
{
    static tj_status (*const steps[])(tj_results *) = {
        open_file,    open_source,           load_axes,
        load_numbers, tj_results_load_items, tj_results_load_attributes,
        load_outputs, check_fields,          tj_results_load_study,
    };
    tj_results *r = calloc(1, sizeof *r);
    *results = NULL;
    if (r == NULL) {
        snprintf(details, size, "not enough memory to read '%s'", path);
        return TJ_ERR_MEMORY;
    }
    r->fd = -1;
    r->path = path;
    r->details = details;
    r->size = size;
    tj_arena_init(&r->arena);
    tj_status status = TJ_OK;
    for (size_t s = 0; status == TJ_OK && s < sizeof steps / sizeof *steps; s++)
        status = steps[s](r);
    if (status == TJ_ERR_FORMAT && r->error != 0)
        status = unreadable(r, strerror(r->error)); /* the disk failed, not the file */
    r->path = r->details = NULL;
    if (status == TJ_OK)
        *results = r;
    else
        tj_results_close(r);
    return status;
}

void tj_results_close(tj_results *r)
{
    if (r == NULL)
        return;
    tj_cf_source_close(r->source);
    if (r->fd >= 0)
        close(r->fd);
    tj_arena_free(&r->arena);
    free(r);
}

/* ---- what is known without reading ---- */

size_t tj_results_length(const tj_results *r, tj_dim dim)
{
    assert((unsigned)dim < TJ_DIMS);
    return r->length[dim];
}

size_t tj_results_backgrounds(const tj_results *r)
{
    return r->backgrounds;
}

size_t tj_results_packages(const tj_results *r)
{
    return r->packages;
}

tj_output_set tj_results_outputs(const tj_results *r)
{
    return r->outputs;
}

const int *tj_results_years(const tj_results *r)
{
    return r->years;
}

const double *tj_results_quantiles(const tj_results *r)
{
    return r->quantiles;
}

const unsigned char *tj_results_total_status(const tj_results *r, const char *axis, size_t index)
{
    const uint8_t *status = strcmp(axis, "city") == 0    ? r->city_status
                            : strcmp(axis, "group") == 0 ? r->group_status
                                                         : NULL;
    assert(status == NULL || index < tj_results_axis(r, axis));
    return status != NULL ? status + index * r->length[TJ_DIM_YEAR] : NULL;
}
