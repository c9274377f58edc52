/* The reader's parts: what read_items.c and read_study.c load after reader.c has checked the file. */
#ifndef TJ_IO_STORE_READ_H
#define TJ_IO_STORE_READ_H

#include "io/store/cf_read.h"
#include "io/store/results.h"

/* One variable beside an axis: values of `key`, as texts or as numbers. */
typedef struct tj_column {
    const char *axis, *key;
    const char **texts; /* NULL: numbers */
    double *numbers;
    size_t count;
} tj_column;

typedef struct tj_pair {
    const char *key, *value;
} tj_pair;

struct tj_results {
    int fd, error;
    tj_cf_source *source;
    tj_arena arena;
    size_t length[TJ_DIMS], backgrounds, packages;
    int32_t *years;
    double *quantiles;
    tj_column *columns;
    size_t columns_count, columns_capacity;
    tj_pair *attributes;
    size_t attributes_count;
    tj_output_set outputs;
    uint8_t *city_status, *group_status;
    tj_text *texts;
    size_t texts_count;
    const char *path; /* path and details are the caller's, only while opening */
    char *details;
    size_t size;
};

/* TJ_ERR_FORMAT with "'results.h5' is not a trajekt result: <reason>" in the caller's details. */
tj_status tj_results_refuse(tj_results *results, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
tj_status tj_results_no_memory(tj_results *results);

/* Length of an axis of the file by name; 0 where absent or unknown. */
size_t tj_results_axis(const tj_results *results, const char *axis);

tj_status tj_results_load_items(tj_results *results);
tj_status tj_results_load_attributes(tj_results *results);
tj_status tj_results_load_study(tj_results *results);

#endif
