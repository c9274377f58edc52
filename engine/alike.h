/* Alike: which cells of a city two packages leave with the same emissions under the same background.
 *
 * Most packages of a study share most of their parts, so what one has computed serves the next. Cells are
 * compared by the effects in force on them, not by what was computed, and only where nothing but these
 * effects can make a difference. */
#ifndef TJ_ENGINE_ALIKE_H
#define TJ_ENGINE_ALIKE_H

#include "engine/plan.h"

/* alike[k] = 1 where cell k of the city (0 .. cells_count - 1) has the same emissions, and the same physical rows,
 * in every draw under packages a and b, 0 where it may not. Cells tied by a shift or by supply are alike together
 * or not at all. */
void tj_alike(const tj_plan *plan, int32_t city, int32_t a, int32_t b, unsigned char *alike);

#endif
