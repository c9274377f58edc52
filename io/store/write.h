/* The writer's parts: what write_axes.c and write_study.c lay out before the units come. */
#ifndef TJ_IO_STORE_WRITE_H
#define TJ_IO_STORE_WRITE_H

#include "io/store/cf.h"
#include "io/store/part.h"
#include "io/store/results.h"

/* Version of the layout: attribute `trajekt_format` of the file. */
enum { TJ_RESULTS_FORMAT = 1 };

struct tj_writer {
    tj_part part;
    tj_cf *cf;
    const tj_study *study;
    const tj_compiled *compiled;
    size_t draws;
    tj_output_set outputs;
    tj_cf_id field[TJ_FIELDS]; /* -1: not in this file */
    int8_t *run;               /* by package: 1 once a unit of it was written */
    char problem[512];         /* the first failure in words; "" while all is well */
};

/* Length of an axis of the file by name; "background" and "package" included. */
size_t tj_writer_length(const tj_writer *writer, const char *axis);

/* Notes that memory is short; the writer then fails at its next check. */
void tj_writer_no_memory(tj_writer *writer);

/* All dimensions with their coordinates; then identifiers and labels; then what is known of each item. */
void tj_writer_axes(tj_writer *writer);
void tj_writer_names(tj_writer *writer);
void tj_writer_items(tj_writer *writer);

/* Which packages were simulated; after the last unit. */
void tj_writer_packages_run(tj_writer *writer);

/* Inventory, population, statuses and data quality. */
void tj_writer_data(tj_writer *writer);

/* The study's files, in the group "study". */
void tj_writer_study(tj_writer *writer);

#endif
