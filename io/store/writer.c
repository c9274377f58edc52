/* The writer: lays out a result, takes the units in order, and lands the file whole or not at all.
 *
 * Between the ensemble and the disk. Invariant: while `problem` is empty everything written so far is in
 * the temporary file. Fields are known by their records (engine/fields.h) only. */
#include "io/store/write.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tj_writer_no_memory(tj_writer *w)
{
    if (w->problem[0] == '\0')
        snprintf(w->problem, sizeof w->problem, "not enough memory to write '%s'", w->part.path);
}

/* TJ_OK, or the first failure, which is put into words once. */
static tj_status writer_check(tj_writer *w)
{
    if (w->problem[0] == '\0' && w->part.error != 0)
        snprintf(w->problem, sizeof w->problem, "cannot write '%s': %s", w->part.path,
                 strerror(w->part.error));
    if (w->problem[0] == '\0' && w->cf != NULL && tj_cf_failed(w->cf))
        snprintf(w->problem, sizeof w->problem, "cannot write '%s': HDF5 reports an error", w->part.path);
    return w->problem[0] == '\0' ? TJ_OK : TJ_ERR_IO;
}

/* ---- fields ---- */

static int has_axis(const tj_cf_spec *spec, const char *axis)
{
    for (int i = 0; spec->dims[i] != NULL; i++)
        if (strcmp(spec->dims[i], axis) == 0)
            return 1;
    return 0;
}

/* Labels that readers may show beside a field, over axes that it has. */
static void field_coordinates(tj_writer *w, tj_cf_id id, const tj_cf_spec *spec)
{
    static const char *const labelled[] = {"background", "package", "city", "group",
                                           "sector",     "target",  "row"};
    char text[256] = "";
    for (size_t i = 0; i < sizeof labelled / sizeof *labelled; i++) {
        if (!has_axis(spec, labelled[i]))
            continue;
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s_label_en", used > 0 ? " " : "", labelled[i]);
    }
    if (has_axis(spec, "city"))
        strcat(text, " city_id");
    tj_cf_text(w->cf, id, "coordinates", text);
}

static int ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);
    return n >= m && strcmp(name + n - m, end) == 0;
}

/* A field's Monte Carlo error is the field of its name with "_se"; a status covers the same axes. */
static void field_ancillary(tj_writer *w, tj_cf_id id, const tj_cf_spec *spec)
{
    char error[80], text[160] = "";
    snprintf(error, sizeof error, "%s_se", spec->name);
    for (int f = 0; f < TJ_FIELDS; f++)
        if (strcmp(tj_fields[f].name, error) == 0)
            strcat(text, error);
    const char *status = !has_axis(spec, "year") || has_axis(spec, "row") ? NULL
                         : has_axis(spec, "group")                        ? "group_status"
                         : has_axis(spec, "sector")                       ? "emissions_sector_status"
                                                                          : "emissions_total_status";
    if (status != NULL) {
        strcat(text, text[0] == '\0' ? "" : " ");
        strcat(text, status);
    }
    if (text[0] != '\0')
        tj_cf_text(w->cf, id, "ancillary_variables", text);
    if (ends_with(spec->name, "_mean"))
        tj_cf_text(w->cf, id, "cell_methods", "realization: mean");
}

static tj_cf_id define_field(tj_writer *w, tj_field_id number)
{
    const tj_field *field = &tj_fields[number];
    tj_cf_spec spec = {.name = field->name,
                       .dims = {"background", "package"},
                       .long_name = field->sentence,
                       .units = field->units,
                       .unit = field->unit,
                       .block = 2};
    if (!tj_field_asked(w->outputs, number))
        return -1;
    for (int i = 0; field->dims[i] != TJ_DIM_END; i++) {
        spec.dims[2 + i] = tj_dim_name(field->dims[i]);
        if (tj_writer_length(w, spec.dims[2 + i]) == 0)
            return -1;
        spec.packed |= field->dims[i] == TJ_DIM_DRAW;
    }
    tj_cf_id id = tj_cf_variable(w->cf, &spec, NULL);
    field_coordinates(w, id, &spec);
    field_ancillary(w, id, &spec);
    return id;
}

/* ---- opening ---- */

static void lay_out(tj_writer *w)
{
    tj_writer_axes(w);
    tj_writer_names(w);
    tj_writer_items(w);
    tj_writer_data(w);
    for (int f = 0; f < TJ_FIELDS; f++)
        w->field[f] = define_field(w, (tj_field_id)f);
    tj_writer_study(w);
}

tj_status tj_writer_open(const char *path, const tj_study *study, const tj_compiled *compiled, size_t draws,
                         tj_output_set outputs, tj_writer **writer, char *details, size_t size)
{
    tj_writer *w = calloc(1, sizeof *w);
    int8_t *run = calloc((size_t)tj_plan_get_settings(compiled->plan)->n_packages, 1);
    *writer = NULL;
    if (w == NULL || run == NULL) {
        free(run);
        free(w);
        snprintf(details, size, "not enough memory to write '%s'", path);
        return TJ_ERR_MEMORY;
    }
    *w = (tj_writer){
        .study = study, .compiled = compiled, .draws = draws, .outputs = outputs, .run = run, .part.fd = -1};
    tj_status status = tj_part_open(&w->part, path, details, size);
    if (status == TJ_OK) {
        tj_driver_target target = {.fd = w->part.fd, .error = &w->part.error};
        w->cf = tj_cf_create(&target);
        if (w->cf != NULL)
            lay_out(w);
        else
            tj_writer_no_memory(w);
        status = writer_check(w);
        if (status != TJ_OK)
            snprintf(details, size, "%s", w->problem);
    }
    if (status == TJ_OK)
        *writer = w;
    else
        tj_writer_abort(w);
    return status;
}

/* ---- units ---- */

tj_status tj_writer_unit(tj_writer *w, const tj_unit_result *result)
{
    size_t at[2] = {(size_t)result->background, (size_t)result->package};
    for (int f = 0; f < TJ_FIELDS; f++)
        if (w->field[f] >= 0 && result->field[f] != NULL)
            tj_cf_write(w->cf, w->field[f], at, 2, result->field[f]);
    w->run[result->package] = 1;
    return writer_check(w);
}

/* ---- closing ---- */

static void writer_free(tj_writer *w)
{
    free(w->run);
    free(w);
}

static const char *text_or(const char *text, const char *other)
{
    return text != NULL ? text : other;
}

/* "totals targets" */
static void write_outputs(tj_writer *w, tj_cf_id root)
{
    char names[TJ_OUTPUT_TEXT];
    tj_output_names(w->outputs, ' ', names);
    tj_cf_text(w->cf, root, "outputs", names);
}

static void write_provenance(tj_writer *w, const tj_provenance *p)
{
    const tj_study *study = w->study;
    const tj_plan_settings *settings = tj_plan_get_settings(w->compiled->plan);
    const tj_label *title = &study->title;
    tj_cf_id root = tj_cf_root(w->cf);
    char seed[32], text[128];
    snprintf(seed, sizeof seed, "%" PRIu64, p->seed);
    snprintf(text, sizeof text, "trajekt %s", p->version);
    tj_cf_text(w->cf, root, "Conventions", "CF-1.8");
    tj_cf_int(w->cf, root, "trajekt_format", TJ_RESULTS_FORMAT);
    tj_cf_text(w->cf, root, "title", text_or(title->en, text_or(title->fr, text_or(title->sv, "trajekt"))));
    if (title->fr != NULL)
        tj_cf_text(w->cf, root, "title_fr", title->fr);
    if (title->sv != NULL)
        tj_cf_text(w->cf, root, "title_sv", title->sv);
    tj_cf_text(w->cf, root, "source", text);
    snprintf(text, sizeof text, "trajekt %s: run, %zu draws, seed %s", p->version, p->draws, seed);
    tj_cf_text(w->cf, root, "history", text);
    tj_cf_text(w->cf, root, "version", p->version);
    tj_cf_text(w->cf, root, "build", p->build);
    tj_cf_text(w->cf, root, "engine", p->engine);
    tj_cf_text(w->cf, root, "seed", seed);
    tj_cf_int(w->cf, root, "draws", (int32_t)p->draws);
    tj_cf_text(w->cf, root, "design", text_or(study->design.text, "monte-carlo"));
    tj_cf_text(w->cf, root, "gwp", text_or(study->gwp.text, ""));
    tj_cf_int(w->cf, root, "base_year", settings->base_year);
    const tj_package *reference = &study->packages[w->compiled->packages[settings->reference_package]];
    tj_cf_text(w->cf, root, "reference_package", reference->id.text);
    write_outputs(w, root);
    if (p->reproducible)
        return;
    tj_cf_int(w->cf, root, "threads", p->threads);
    tj_cf_double(w->cf, root, "wall_seconds", p->seconds);
}

tj_status tj_writer_commit(tj_writer *w, const tj_provenance *provenance, char *details, size_t size)
{
    if (writer_check(w) == TJ_OK) {
        tj_writer_packages_run(w);
        write_provenance(w, provenance);
    }
    tj_status status = writer_check(w);
    int unclosed = tj_cf_close(w->cf) != 0;
    w->cf = NULL;
    if (status == TJ_OK && unclosed && w->part.error == 0) {
        snprintf(details, size, "cannot write '%s': HDF5 reports an error", w->part.path);
        status = TJ_ERR_IO;
        tj_part_abort(&w->part);
    } else if (status == TJ_OK) {
        status = tj_part_commit(&w->part, details, size); /* looks at part.error itself */
    } else {
        snprintf(details, size, "%s", w->problem);
        tj_part_abort(&w->part);
    }
    writer_free(w);
    return status;
}

void tj_writer_abort(tj_writer *w)
{
    if (w == NULL)
        return;
    tj_cf_close(w->cf);
    tj_part_abort(&w->part);
    writer_free(w);
}
