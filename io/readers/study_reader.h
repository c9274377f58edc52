/* Read: a folder (or the study stored in a result file) -> tj_study.
 *
 * Syntax only: keys, types, units, numbers; meaning is the compiler's. Every fault is added to the
 * diagnostics with file, line and column; reading goes on after a fault, so that all are seen at once. */
#ifndef TJ_IO_READERS_STUDY_READER_H
#define TJ_IO_READERS_STUDY_READER_H

#include "engine/status.h"
#include "scenarios/diag.h"
#include "scenarios/study.h"

/* Reads the study in folder `path`. The study is filled as far as it could be and belongs to the caller
 * (tj_study_free) in every case. TJ_ERR_IO: the folder or a file cannot be read; TJ_ERR_INPUT: faults. */
tj_status tj_study_read(const char *path, tj_diags *diags, tj_study *study);

/* The same from texts already in memory (names as they were stored; "study.yaml" among them). */
tj_status tj_study_read_texts(const tj_text *texts, size_t count, tj_diags *diags, tj_study *study);

#endif
