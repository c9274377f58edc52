/* Which HDF5 type is meant by a tj_cf_type; what writing and reading agree on.
 *
 * Identifiers of HDF5 are int64_t here, so that the header stands alone. */
#ifndef TJ_IO_STORE_CF_TYPES_H
#define TJ_IO_STORE_CF_TYPES_H

#include "io/store/cf.h"

/* Text of any length in UTF-8; the caller closes it. */
int64_t tj_cf_make_text_type(void);

/* The type in memory; `text` where it is text. */
int64_t tj_cf_memory_type(tj_cf_type type, int64_t text);

#endif
