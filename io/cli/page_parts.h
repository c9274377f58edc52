/* What the pages (io/cli/page*.c) share: whose numbers are shown, and each as text. */
#ifndef TJ_IO_CLI_PAGE_PARTS_H
#define TJ_IO_CLI_PAGE_PARTS_H

#include "io/cli/show.h"

enum { TJ_KEY_YEARS = 2 };

/* A city or a group, and where its rows lie in the blocks. */
typedef struct tj_subject {
    tj_view *view;
    const char *axis; /* "city" or "group" */
    size_t index, background;
    tj_field_id total, change;
    const unsigned char *status; /* by year; NULL: unknown */
    size_t last;                 /* year index of the last inventory; for a group the latest of all cities */
    int key[TJ_KEY_YEARS];       /* years shown for each package */
    size_t n_keys;
    double unit; /* tonnes in one of what is shown: 1000 for kt */
    int decimals;
    const char *unit_name;
    int errors;
} tj_subject;

typedef enum tj_place { TJ_PLACE_CITY, TJ_PLACE_GROUP } tj_place;

/* A city or group by its index. The unit is chosen by the package's emissions. */
tj_subject tj_subject_of(tj_view *view, tj_place place, size_t background, size_t index, size_t package);

/* Its name, boundary and unit. */
void tj_page_title(const tj_subject *subject, FILE *out);

/* All packages where they are few, else the first, the headline and `third`, into rows; returns how many. */
enum { TJ_FEW_PACKAGES = 3 };
size_t tj_page_few(const tj_view *view, const tj_choice *packages, size_t third,
                   size_t rows[TJ_FEW_PACKAGES]);

/* "1 805 [1 650–1 990]": median, and the interval where it is wider than what is shown; "–": none. */
void tj_subject_value(const tj_subject *subject, size_t package, size_t year, char *text, size_t size);

/* "−57 %" since the base year; "–": none. */
void tj_subject_change(const tj_subject *subject, size_t package, size_t year, char *text, size_t size);

/* The package that reaches the target most often; the first of equals. */
size_t tj_page_best(tj_view *view, const tj_choice *packages, size_t background, size_t target);

/* "−85 % by 2045"; the target's label where its kind is not a level in a year. */
void tj_page_goal(const tj_view *view, size_t target, char *text, size_t size);

#endif
