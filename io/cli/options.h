/* Options that several commands take, read the same way. */
#ifndef TJ_IO_CLI_OPTIONS_H
#define TJ_IO_CLI_OPTIONS_H

#include "io/cli/sheet.h"

#include <argp.h>
#include <stdint.h>

/* Keys of options without a letter. */
enum {
    TJ_OPT_FORMAT = 0x100,
    TJ_OPT_LANGUAGE,
    TJ_OPT_CITIES,
    TJ_OPT_PACKAGES,
    TJ_OPT_BACKGROUNDS,
    TJ_OPT_OWN /* the first free for a command */
};

/* Each reads an option's value; what is wrong ends the program with one sentence (exit code 2). */
const tj_format *tj_option_format(struct argp_state *state, const char *value);
const char *tj_option_language(struct argp_state *state, const char *value);
uint64_t tj_option_count(struct argp_state *state, const char *what, const char *value, uint64_t least,
                         uint64_t most);

double tj_option_number(struct argp_state *state, const char *what, const char *value, double least,
                        double most);

/* Names separated by commas. */
enum { TJ_MOST_NAMES = 64 };
typedef struct tj_name_list {
    const char *names[TJ_MOST_NAMES];
    size_t count;
} tj_name_list;

/* Splits `value` (changed in place) and adds its names. */
void tj_option_names(struct argp_state *state, char *value, tj_name_list *list);

#endif
