/* What `trajekt show` shows: pages for people, tidy tables for programs. */
#ifndef TJ_IO_CLI_SHOW_H
#define TJ_IO_CLI_SHOW_H

#include "io/cli/command.h"
#include "io/cli/view.h"

/* The pages of a result with everything at its default, on stdout; on stderr which fleets of the reference
 * path shrink faster than they wear out. */
tj_exit tj_show_summary(const char *path);

/* What is shown: chosen items of each axis. */
typedef struct tj_shown {
    tj_choice cities, packages, backgrounds;
    int errors; /* every median and bound of a page with its Monte Carlo standard error */
    int few;    /* targets in detail: of many packages three */
} tj_shown;

/* One page: where the city comes from and goes, each package's years and each target's probability. */
void tj_page_city(tj_view *view, const tj_shown *shown, size_t background, size_t city, FILE *out);

/* All cities and the first `groups` groups at one look: what is left to emit, and how often the main target of each
 * city is reached. */
void tj_page_table(tj_view *view, const tj_shown *shown, size_t background, size_t groups, FILE *out);

/* The judged targets of a city in detail, and why the others are not judged. */
void tj_page_detail(tj_view *view, const tj_shown *shown, size_t background, size_t city, FILE *out);

/* Parts of a page: the probability of each judged target by package; the others with the reason why not. */
void tj_page_targets(tj_view *view, const tj_shown *shown, size_t background, size_t city, FILE *out);
void tj_page_unjudged(tj_view *view, size_t city, FILE *out);

/* Why a target is not judged, in the language of the pages; NULL where the file does not say. May write to text. */
const char *tj_page_reason(const tj_view *view, size_t target, char *text, size_t size);

/* How much of the doubt about each judged target is its base year, under one package; nothing where the base
 * years are known. */
void tj_page_baseline(tj_view *view, size_t background, size_t package, size_t city, FILE *out);

/* The total of a group of cities, by package. */
void tj_page_group(tj_view *view, const tj_shown *shown, size_t background, size_t group, FILE *out);

/* One sentence a city: how often its main target is reached, under the adopted and under the best package. */
void tj_page_verdict(tj_view *view, const tj_shown *shown, size_t background, size_t city, FILE *out);

/* "64 %", "<1 %", with its standard error where that is half a point or more: "64±2". NaN: "–". */
const char *tj_page_percent(char *text, size_t size, double share, double se);

/* The physical results of a city under one package, in words and as a table; 0 where it has none. */
int tj_page_physical(tj_view *view, size_t background, size_t package, size_t city, FILE *out);

/* Every year's total, and every target's result, for all chosen cities, backgrounds and packages. */
void tj_tidy_totals(tj_view *view, const tj_shown *shown, tj_sheet *table);
void tj_tidy_targets(tj_view *view, const tj_shown *shown, tj_sheet *table);

/* Every physical row from the last inventory year on, likewise. */
void tj_tidy_physical(tj_view *view, const tj_shown *shown, tj_sheet *table);

#endif
