/* Fault: where a plan has no value, found by the reference backend.
 *
 * A backend that prepares a whole run at once may only learn that some lane has none. Place in the path of the data:
 * after TJ_ERR_UNDEFINED, for the sentence that the user gets. */
#ifndef TJ_ENGINE_FAULT_H
#define TJ_ENGINE_FAULT_H

#include "engine/plan.h"

/* The first place at which draws 0 .. draws - 1 of a package have no value: the sector of a city (its cell's index in
 * the plan) and the year index. The first draw of every city and background is tried before the others, since most
 * faults are in all. TJ_OK where there is none; TJ_ERR_UNDEFINED with cell and year; TJ_ERR_MEMORY. */
tj_status tj_fault_find(const tj_plan *plan, int32_t package, size_t draws, int32_t *cell, int32_t *year);

#endif
