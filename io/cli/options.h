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
    TJ_OPT_THREADS,
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

/* What most commands ask for. */
typedef struct tj_common {
    const char *path, *missing; /* the one argument; the question where it is missing, NULL: it may be */
    const char *language;
    const tj_format *format;
    tj_name_list cities, packages, backgrounds;
    int threads; /* 0: as many as there are cores */
} tj_common;

/* Its defaults; the question is one of these, or NULL. */
#define TJ_COMMON(question)                                                                                  \
    {                                                                                                        \
        .missing = (question), .language = "en", .format = &tj_formats[0]                                    \
    }
#define TJ_WHICH_STUDY  "which study? give its folder"
#define TJ_WHICH_RESULT "which result? give the file, e.g. results.h5"

/* Where the parser of a command ends up with every key that is not its own. Only what the command lists among its
 * options comes here, so that it takes no option that it would ignore. */
error_t tj_common_parse(tj_common *common, int key, char *argument, struct argp_state *state);

/* The parser of a command that has nothing of its own; its input is a tj_common. */
error_t tj_common_parser(int key, char *argument, struct argp_state *state);

#endif
