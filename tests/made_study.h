/* A study and its compiled form made by hand, for the suites of the store: small, but with every kind of
 * thing that a result holds (labels outside ASCII, a target that is not assessable, an absent sector,
 * partial totals, an empty file). Unit results are filled with numbers that tell where they belong. */
#ifndef TJ_TESTS_MADE_STUDY_H
#define TJ_TESTS_MADE_STUDY_H

#include "engine/ensemble.h"
#include "scenarios/compile.h"

typedef struct tj_made_size {
    int cities, sectors, packages, first_year, last_year;
    int targets; /* 0 or 3 */
} tj_made_size;

typedef struct tj_made {
    tj_study study;
    tj_compiled compiled;
    double *block; /* of the unit result handed out last */
} tj_made;

extern const tj_made_size tj_made_small; /* 3 cities, 3 sectors, 3 packages, 1990 to 2030 */
extern const tj_made_size tj_made_full;  /* as the shipped study: 9 cities, 10 sectors, 9 packages, to 2050 */

/* Two backgrounds; cities 0, 1, 2 are Umeå, Grenoble, Saint-Brieuc. Sector 1 is absent in city 1. */
void tj_made_init(tj_made *made, tj_made_size size);
void tj_made_free(tj_made *made);

/* The number at `index` of a field's block in (background, package); every seventh is NaN. */
double tj_made_value(tj_field_id field, int background, int package, size_t index);

/* A whole unit, with the fields of `outputs`; valid until the next call. */
tj_unit_result tj_made_unit(tj_made *made, int background, int package, size_t draws, tj_output_set outputs);

#endif
