/* UTF-8: whether bytes are text. Used where text comes in and where it goes out to a person. */
#ifndef TJ_SCENARIOS_UTF8_H
#define TJ_SCENARIOS_UTF8_H

#include <stddef.h>

/* Bytes (1 to 4) of the well-formed character at `text`, of which `left` bytes exist; 0 where the bytes
 * are no character: stray or missing continuation, overlong form, surrogate, past U+10FFFF. */
size_t tj_utf8_length(const char *text, size_t left);

#endif
