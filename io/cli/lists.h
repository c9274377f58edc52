/* What `trajekt list` can list: one record a kind, made from the lists that the program itself uses. */
#ifndef TJ_IO_CLI_LISTS_H
#define TJ_IO_CLI_LISTS_H

#include "io/cli/sheet.h"
#include "scenarios/compile.h"
#include "scenarios/study.h"
#include "scenarios/vocabulary.h"

typedef struct tj_list {
    const char *name, *sentence;
    int of_study; /* 1: needs a study */
    const tj_sheet_column *columns;
    size_t n_columns;
    void (*fill)(tj_sheet *table, const struct tj_list *list, const tj_study *study, const char *language);
    const tj_word *words; /* of a list of words */
    /* Instead of `fill`: of a study that is compiled first. */
    void (*fill_compiled)(tj_sheet *table, const tj_study *study, const tj_compiled *compiled);
} tj_list;

extern const tj_list tj_lists[]; /* ended by a NULL name */

/* A cell of names joined by commas; `otherwise` where there are none. */
void tj_list_names(tj_sheet *table, const tj_names *names, const char *otherwise);

/* list_measures.c */
enum { TJ_MEASURE_COLUMNS = 8 };
extern const tj_sheet_column tj_measure_columns[TJ_MEASURE_COLUMNS];
void tj_list_measures(tj_sheet *table, const tj_list *list, const tj_study *study, const char *language);

/* list_parameters.c */
enum { TJ_PARAMETER_COLUMNS = 4 };
extern const tj_sheet_column tj_parameter_columns[TJ_PARAMETER_COLUMNS];
void tj_list_parameters(tj_sheet *table, const tj_study *study, const tj_compiled *compiled);

#endif
