/* results.h5: a valid netCDF-4 file with CF metadata, written whole or not at all. */
#ifndef TJ_IO_STORE_RESULTS_H
#define TJ_IO_STORE_RESULTS_H

#include "engine/ensemble.h"
#include "scenarios/compile.h"

/* What a result says of its run. */
typedef struct tj_provenance {
    const char *version; /* of the program */
    const char *build;   /* compiler and flags that matter to numbers */
    const char *engine;  /* backend */
    size_t draws;
    uint64_t seed;
    int threads;
    double seconds; /* wall time; left out of a reproducible file, as are the threads */
    int reproducible;
} tj_provenance;

typedef struct tj_writer tj_writer;

/* Opens "<path>.part-<pid>" for writing and lays out axes, labels, history and the study, and room for the fields of
 * `outputs`; an axis that only other fields lie over is left out.
 * On failure nothing is left and details[size] says why in one sentence. */
tj_status tj_writer_open(const char *path, const tj_study *study, const tj_compiled *compiled, size_t draws,
                         tj_output_set outputs, tj_writer **writer, char *details, size_t size);

/* Writes one unit; units come in index order. */
tj_status tj_writer_unit(tj_writer *writer, const tj_unit_result *result);

/* Writes the provenance, closes, syncs and renames to `path`. The writer is freed in every case; on
 * failure the temporary file is removed. */
tj_status tj_writer_commit(tj_writer *writer, const tj_provenance *provenance, char *details, size_t size);

/* Closes and removes the temporary file. NULL is fine. */
void tj_writer_abort(tj_writer *writer);

/* ---- reading a result: reports read results.h5 and nothing else ---- */

typedef struct tj_results tj_results;

tj_status tj_results_open(const char *path, tj_results **results, char *details, size_t size);
void tj_results_close(tj_results *results); /* NULL is fine */

size_t tj_results_length(const tj_results *results, tj_dim dim); /* 0 where the axis is absent */
size_t tj_results_backgrounds(const tj_results *results);
size_t tj_results_packages(const tj_results *results);

/* Identifier and label of an item of an axis; languages en, fr, sv. Axis names as in the file:
 * "city", "group", "sector", "gas", "target", "background", "package". */
const char *tj_results_id(const tj_results *results, const char *axis, size_t index);
const char *tj_results_label(const tj_results *results, const char *axis, size_t index, const char *language);

const int *tj_results_years(const tj_results *results);
const double *tj_results_quantiles(const tj_results *results);

/* A text or number kept beside an axis item, e.g. ("target", i, "reason"); NULL / NaN where none. */
const char *tj_results_item_text(const tj_results *results, const char *axis, size_t index, const char *key);
double tj_results_item_number(const tj_results *results, const char *axis, size_t index, const char *key);

/* What the total of an item of "city" or "group" rests on, a tj_cell_status a year; NULL where the file has
 * none. Belongs to the results. */
const unsigned char *tj_results_total_status(const tj_results *results, const char *axis, size_t index);

/* A text attribute of the file: "title", "version", "engine", "seed" … NULL where none. */
const char *tj_results_attribute(const tj_results *results, const char *key);

/* What the file holds; never 0. */
tj_output_set tj_results_outputs(const tj_results *results);

/* One unit's block of a field, tj_field layout; freed by the caller. TJ_ERR_FORMAT where absent. */
tj_status tj_results_field(const tj_results *results, tj_field_id field, size_t background, size_t package,
                           double **values);

/* The study inside the file; texts belong to the results. */
tj_status tj_results_texts(const tj_results *results, const tj_text **texts, size_t *count);

#endif
