/* Eight lanes at a time: the vectors that kernels with many operands a lane keep in registers.
 *
 * A row is read and written anywhere, aligned to its numbers alone. These are macros, not functions that return a
 * vector: the convention of such a function would depend on the instruction set, and kernels are compiled for
 * several (engine/kernel.h). Included by kernels only. */
#ifndef TJ_ENGINE_WIDE_H
#define TJ_ENGINE_WIDE_H

#include <stddef.h>
#include <stdint.h>

enum { WIDE = 8 };

typedef double wide __attribute__((vector_size(WIDE * sizeof(double))));
typedef wide loose __attribute__((aligned(sizeof(double)), may_alias)); /* in a row, anywhere */
typedef int64_t mask __attribute__((vector_size(WIDE * sizeof(int64_t))));

/* Lanes at .. at + 7 of a row; of a row or, where it is NULL, of a number; and what puts them there. */
#define WIDE_AT(row, at)          ((wide) * (const loose *)((row) + (at)))
#define WIDE_OR(row, value, at)   ((row) != NULL ? WIDE_AT(row, at) : (wide){0} + (value))
#define WIDE_PUT(row, at, vector) (*(loose *)((row) + (at)) = (vector))

/* x where it is above the limit, else 0; x where it is below 1, else 1. Vectors compare to masks. */
#define WIDE_ABOVE(x, limit) ((wide)((mask)(x) & ((x) > (limit))))
#define WIDE_BELOW_1(x)      ((wide)(((mask)(x) & ((x) < 1.0)) | ((mask)((wide){0} + 1.0) & ~(mask)((x) < 1.0))))

/* a where the mask says so, else b. */
#define WIDE_CHOOSE(which, a, b) ((wide)(((mask)(a) & (which)) | ((mask)(b) & ~(which))))

/* What a scale leaves: max(0, 1 - m * r). */
#define WIDE_REST(m, r)                                                                                      \
    __extension__({                                                                                          \
        wide rest_ = 1.0 - (m) * (r);                                                                        \
        WIDE_ABOVE(rest_, 0.0);                                                                              \
    })

#endif
