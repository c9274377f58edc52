/* Writing a sweep; see sweep_file.h. One record each quantity; a row is one chunk or a few. */
#include "io/store/sweep_file.h"

#include "io/store/cf.h"
#include "io/store/part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tj_sweep_file {
    tj_part part;
    tj_cf *cf;
    tj_cf_id field[TJ_SWEEP_KINDS];
};

typedef struct quantity {
    const char *name, *units, *unit, *sentence;
    const char *dims[4]; /* after background, before combination */
} quantity;

static const quantity quantities[TJ_SWEEP_KINDS] = {
    [TJ_SWEEP_PROBABILITY] = {"target_probability",
                              "1",
                              "fraction",
                              "Share of the draws with a verdict in which the combination meets the target.",
                              {"target"}},
    [TJ_SWEEP_MEAN] = {"emissions_mean",
                       "t year-1",
                       "t CO2-equiv/yr",
                       "Mean over the draws of territorial emissions under the combination.",
                       {"place", "year"}},
    [TJ_SWEEP_CUMULATIVE] = {"cumulative_mean",
                             "t",
                             "t CO2-equiv",
                             "Mean of territorial emissions summed over the projected years.",
                             {"place"}},
    [TJ_SWEEP_QUANTILE] = {"emissions_quantile",
                           "t year-1",
                           "t CO2-equiv/yr",
                           "Quantile over the draws of a city's territorial emissions under the combination.",
                           {"place", "year", "quantile"}},
    [TJ_SWEEP_CUMULATIVE_QUANTILE] = {"cumulative_quantile",
                                      "t",
                                      "t CO2-equiv",
                                      "Quantile over the draws of a city's territorial emissions summed over "
                                      "the projected years.",
                                      {"place", "quantile"}},
};

/* Has an axis of the file no members? Then what lies over it is not written. */
static int is_empty(const tj_sweep_axes *axes, const char *dim)
{
    return (strcmp(dim, "target") == 0 && axes->n_targets == 0) ||
           (strcmp(dim, "year") == 0 && axes->n_years == 0) ||
           (strcmp(dim, "quantile") == 0 && axes->n_quantiles == 0);
}

static size_t shape_of(const quantity *q)
{
    size_t dims = 0;
    while (q->dims[dims] != NULL)
        dims++;
    return dims;
}

/* ---- opening ---- */

static void text_axis(tj_cf *cf, const char *name, const char *sentence, size_t count, const char *const *ids)
{
    tj_cf_spec spec = {.name = name, .type = TJ_CF_TEXT, .dims = {name}, .long_name = sentence};
    tj_cf_coordinate(cf, &spec, count, ids);
}

static int combination_axis(tj_cf *cf, size_t count)
{
    int32_t *mask = malloc(count * sizeof *mask);
    if (mask == NULL)
        return -1;
    for (size_t i = 0; i < count; i++)
        mask[i] = (int32_t)i;
    tj_cf_spec spec = {.name = "combination",
                       .type = TJ_CF_INT,
                       .dims = {"combination"},
                       .long_name = "bit mask of the measures held, the first measure being bit 0"};
    tj_cf_coordinate(cf, &spec, count, mask);
    free(mask);
    return 0;
}

static void define(tj_sweep_file *file, const tj_sweep_axes *axes, tj_sweep_kind kind)
{
    const quantity *q = &quantities[kind];
    size_t n = shape_of(q);
    tj_cf_spec spec = {.name = q->name,
                       .type = TJ_CF_FLOAT,
                       .dims = {"background"},
                       .long_name = q->sentence,
                       .units = q->units,
                       .unit = q->unit,
                       .block = 1 + (int)n,
                       .chunked = 1};
    for (size_t i = 0; i < n; i++) {
        if (is_empty(axes, q->dims[i]))
            return;
        spec.dims[1 + i] = q->dims[i];
    }
    spec.dims[1 + n] = "combination";
    file->field[kind] = tj_cf_variable(file->cf, &spec, NULL);
    if (kind == TJ_SWEEP_MEAN || kind == TJ_SWEEP_CUMULATIVE)
        tj_cf_text(file->cf, file->field[kind], "cell_methods", "realization: mean");
}

static int lay_out(tj_sweep_file *file, const tj_sweep_axes *axes, const double *cost)
{
    tj_cf *cf = file->cf;
    text_axis(cf, "background", "national background", axes->n_backgrounds, axes->backgrounds);
    text_axis(cf, "measure", "measure swept, in the order of the bits", axes->n_measures, axes->measures);
    text_axis(cf, "place", "city; the last is the cities together", axes->n_places, axes->places);
    if (axes->n_targets > 0)
        text_axis(cf, "target", "target applied to a city", axes->n_targets, axes->targets);
    tj_cf_spec year = {.name = "year", .type = TJ_CF_INT, .dims = {"year"}, .long_name = "year of a target"};
    if (axes->n_years > 0)
        tj_cf_coordinate(cf, &year, axes->n_years, axes->years);
    tj_cf_spec quantile = {.name = "quantile",
                           .type = TJ_CF_DOUBLE,
                           .dims = {"quantile"},
                           .long_name = "probability of the quantile over the draws"};
    if (axes->n_quantiles > 0)
        tj_cf_coordinate(cf, &quantile, axes->n_quantiles, axes->quantiles);
    if (combination_axis(cf, (size_t)1 << axes->n_measures) != 0)
        return -1;
    tj_cf_spec spec = {.name = "cost",
                       .type = TJ_CF_DOUBLE,
                       .dims = {"combination"},
                       .long_name = "Cost over the projected years of all cities, undiscounted; none where a "
                                    "measure's cost is unknown.",
                       .unit = "EUR"};
    tj_cf_variable(cf, &spec, cost);
    for (int kind = 0; kind < TJ_SWEEP_KINDS; kind++)
        define(file, axes, (tj_sweep_kind)kind);
    tj_cf_text(cf, tj_cf_root(cf), "Conventions", "CF-1.8");
    return 0;
}

static tj_status check(const tj_sweep_file *file)
{
    return file->part.error != 0 || (file->cf != NULL && tj_cf_failed(file->cf)) ? TJ_ERR_IO : TJ_OK;
}

tj_status tj_sweep_file_open(const char *path, const tj_sweep_axes *axes, const double *cost,
                             tj_sweep_file **opened, char *details, size_t size)
{
    tj_sweep_file *file = calloc(1, sizeof *file);
    *opened = NULL;
    if (file == NULL) {
        snprintf(details, size, "not enough memory to write '%s'", path);
        return TJ_ERR_MEMORY;
    }
    for (int kind = 0; kind < TJ_SWEEP_KINDS; kind++)
        file->field[kind] = -1;
    tj_status status = tj_part_open(&file->part, path, details, size);
    if (status == TJ_OK) {
        tj_driver_target target = {.fd = file->part.fd, .error = &file->part.error};
        file->cf = tj_cf_create(&target);
        status = file->cf == NULL || lay_out(file, axes, cost) != 0 ? TJ_ERR_MEMORY : check(file);
        if (status != TJ_OK)
            snprintf(details, size, "cannot write '%s': %s", path,
                     status == TJ_ERR_MEMORY ? "not enough memory" : strerror(file->part.error));
    }
    if (status == TJ_OK)
        *opened = file;
    else
        tj_sweep_file_abort(file);
    return status;
}

/* ---- rows and closing ---- */

tj_status tj_sweep_file_row(tj_sweep_file *file, tj_sweep_kind kind, const size_t *at, const double *values)
{
    if (file->field[kind] >= 0)
        tj_cf_write(file->cf, file->field[kind], at, 1 + (int)shape_of(&quantities[kind]), values);
    return check(file);
}

void tj_sweep_file_bound(tj_sweep_file *file, double error)
{
    static const tj_sweep_kind kinds[] = {TJ_SWEEP_QUANTILE, TJ_SWEEP_CUMULATIVE_QUANTILE};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (file->field[kinds[i]] >= 0)
            tj_cf_double(file->cf, file->field[kinds[i]], "maximum_relative_error", error);
}

void tj_sweep_file_say(tj_sweep_file *file, const char *key, const char *value)
{
    tj_cf_text(file->cf, tj_cf_root(file->cf), key, value);
}

tj_status tj_sweep_file_commit(tj_sweep_file *file, char *details, size_t size)
{
    tj_status status = check(file);
    int unclosed = tj_cf_close(file->cf) != 0;
    if (file->part.error == 0 && (status != TJ_OK || unclosed)) {
        snprintf(details, size, "cannot write '%s': HDF5 reports an error", file->part.path);
        tj_part_abort(&file->part);
        status = TJ_ERR_IO;
    } else {
        status = tj_part_commit(&file->part, details, size); /* looks at part.error itself */
    }
    free(file);
    return status;
}

void tj_sweep_file_abort(tj_sweep_file *file)
{
    if (file == NULL)
        return;
    tj_cf_close(file->cf);
    tj_part_abort(&file->part);
    free(file);
}
