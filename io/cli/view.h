/* A result file as the pages look at it: axes, the interval shown, chosen items, blocks read once.
 *
 * Invariant: a block stays valid until tj_view_close. Place in the path of the data: after results.h5;
 * everything shown comes from the file. Not thread-safe. */
#ifndef TJ_IO_CLI_VIEW_H
#define TJ_IO_CLI_VIEW_H

#include "io/cli/command.h"
#include "io/cli/options.h"
#include "io/store/results.h"

typedef struct tj_choice {
    size_t *items; /* indexes on the axis, in its order; owned */
    size_t count;
} tj_choice;

typedef struct tj_view {
    tj_results *results;
    const char *language;
    size_t n_cities, n_groups, n_years, n_targets, n_quantiles, n_backgrounds, n_packages;
    const int *years;
    size_t low, mid, high; /* quantiles shown: the interval's ends and the median */
    double interval;       /* in percent: 90 */
    int base_year;
    double **blocks; /* [field][background][package], NULL until read */
} tj_view;

/* Says what is wrong with the file, if anything. close is fine after a failed open. */
tj_exit tj_view_open(tj_view *view, const char *path, const char *language);
void tj_view_close(tj_view *view);

/* The items of an axis ("city", "package", "background") that are named by identifier or label; all that
 * were simulated where the list is empty. Says an unknown name, with the nearest. */
tj_exit tj_view_choose(const tj_view *view, const char *axis, const tj_name_list *names, tj_choice *choice);

/* A unit's block of a field, in tj_field layout; NULL where the file has none or memory is short. */
const double *tj_view_block(tj_view *view, tj_field_id field, size_t background, size_t package);

/* Refuses a page of what the file was not asked to hold, and says how to get it. */
tj_exit tj_view_needs(const tj_view *view, tj_output output, const char *path);

const char *tj_view_label(const tj_view *view, const char *axis, size_t index);

/* Index of a calendar year, or -1. */
int tj_view_year(const tj_view *view, int year);

/* The target that says most about a city: judged, active, the nation's before its own, then the latest;
 * n_targets where there is none. */
size_t tj_view_main_target(const tj_view *view, size_t city);

/* 1: target is applied to the city and not off by default; and whether it was judged. */
int tj_view_target_of(const tj_view *view, size_t target, size_t city);
int tj_view_assessed(const tj_view *view, size_t target);

/* The first chosen package in the study's order that is not the reference (the first where there is no other). */
size_t tj_view_headline(const tj_view *view, const tj_choice *packages);

#endif
