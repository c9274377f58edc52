/* What a driver is called in front of people, from the labels of the study.
 *
 * Place in the path of the data: names of drivers -> words. */
#ifndef TJ_IO_CLI_DRIVER_WORDS_H
#define TJ_IO_CLI_DRIVER_WORDS_H

#include "scenarios/compile.h"

/* "share of sales, Battery car" for the first `length` bytes of `sales.car-electric` in a sector (NULL: of none, as
 * `factor.diesel`). What the study gives no name is left as it is written. Returns text. */
const char *tj_driver_words(const tj_study *study, const tj_sector *sector, const char *driver, size_t length,
                            const char *language, char *text, size_t size);

#endif
