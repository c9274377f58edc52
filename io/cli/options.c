/* Options that several commands take; see options.h. */
#include "io/cli/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THREADS = 4096 };

const tj_format *tj_option_format(struct argp_state *state, const char *value)
{
    const tj_format *format = tj_format_find(value);
    if (format == NULL)
        argp_error(state, "unknown format '%s'; there is: table, csv, json", value);
    return format;
}

const char *tj_option_language(struct argp_state *state, const char *value)
{
    if (strcmp(value, "en") != 0 && strcmp(value, "fr") != 0 && strcmp(value, "sv") != 0)
        argp_error(state, "unknown language '%s'; there is: en, fr, sv", value);
    return value;
}

uint64_t tj_option_count(struct argp_state *state, const char *what, const char *value, uint64_t least,
                         uint64_t most)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end != '\0' || errno != 0 || number < least || number > most)
        argp_error(state, "%s: found '%s', expected a whole number from %llu to %llu", what, value,
                   (unsigned long long)least, (unsigned long long)most);
    return number;
}

double tj_option_number(struct argp_state *state, const char *what, const char *value, double least,
                        double most)
{
    char *end;
    double number = strtod(value, &end);
    if (end == value || *end != '\0' || !(number >= least && number <= most))
        argp_error(state, "%s: found '%s', expected a number from %g to %g", what, value, least, most);
    return number;
}

void tj_option_names(struct argp_state *state, char *value, tj_name_list *list)
{
    char *rest;
    for (char *name = strtok_r(value, ",", &rest); name != NULL; name = strtok_r(NULL, ",", &rest)) {
        if (list->count == TJ_MOST_NAMES)
            argp_error(state, "more than %d names", TJ_MOST_NAMES);
        list->names[list->count++] = name;
    }
    if (list->count == 0)
        argp_error(state, "a name is missing");
}

error_t tj_common_parse(tj_common *common, int key, char *argument, struct argp_state *state)
{
    switch (key) {
    case TJ_OPT_FORMAT:
        common->format = tj_option_format(state, argument);
        return 0;
    case TJ_OPT_LANGUAGE:
        common->language = tj_option_language(state, argument);
        return 0;
    case TJ_OPT_CITIES:
        tj_option_names(state, argument, &common->cities);
        return 0;
    case TJ_OPT_PACKAGES:
        tj_option_names(state, argument, &common->packages);
        return 0;
    case TJ_OPT_BACKGROUNDS:
        tj_option_names(state, argument, &common->backgrounds);
        return 0;
    case TJ_OPT_THREADS:
        common->threads = (int)tj_option_count(state, "--threads", argument, 1, MOST_THREADS);
        return 0;
    case ARGP_KEY_ARG:
        if (common->path != NULL)
            argp_usage(state);
        common->path = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        if (common->missing == NULL)
            return ARGP_ERR_UNKNOWN;
        argp_error(state, "%s", common->missing);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

error_t tj_common_parser(int key, char *argument, struct argp_state *state)
{
    return tj_common_parse(state->input, key, argument, state);
}
