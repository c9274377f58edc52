/* Text as a person sees it: UTF-8 measured in terminal columns, numbers grouped in threes.
 *
 * Place in the path of the data: the last step, between results and the terminal. */
#ifndef TJ_IO_CLI_TEXT_H
#define TJ_IO_CLI_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* Columns that UTF-8 text takes on a terminal; a byte that is not UTF-8 counts as one. */
size_t tj_text_width(const char *text);

/* Length in bytes of the longest start of `text` that fits into `columns`. */
size_t tj_text_fit(const char *text, size_t columns);

/* Prints text in exactly `columns` columns, padded on the right (or on the left), cut with an ellipsis. */
void tj_text_pad(FILE *out, const char *text, size_t columns, int right);

/* Prints text wrapped at spaces: the first line after `first` spaces, the others after `indent`, none longer than
 * `columns`. */
void tj_text_wrap(FILE *out, const char *text, size_t first, size_t indent, size_t columns);

/* "12 345.6" into text[size]; a number that is not finite becomes "". Returns text. */
const char *tj_text_number(char *text, size_t size, double value, int decimals);

/* The same as the language writes it, "en", "fr" or "sv": "12 345,6" in the last two. */
const char *tj_text_number_in(char *text, size_t size, double value, int decimals, const char *language);

/* Groups of three digits in number[size] are not torn apart where lines are wrapped: spaces that do not break. */
void tj_text_tie(char *number, size_t size);

/* The shortest decimal that reads back as the same double, for files. */
const char *tj_text_exact(char *text, size_t size, double value);

#endif
