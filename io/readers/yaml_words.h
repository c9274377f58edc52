/* Syntax errors of libyaml in the words of someone who edits a study. */
#ifndef TJ_IO_READERS_YAML_WORDS_H
#define TJ_IO_READERS_YAML_WORDS_H

#include <stddef.h>
#include <stdint.h>

/* Writes what is wrong into text[size]; `context` (NULL: none) began in line `line`. */
void tj_yaml_words(const char *problem, const char *context, uint32_t line, char *text, size_t size);

#endif
