/* A list of what libyaml says and what it means to a person; what is not listed is passed on. */
#include "io/readers/yaml_words.h"

#include <stdio.h>
#include <string.h>

typedef struct phrase {
    const char *problem, *context; /* context NULL: any */
    const char *words;             /* may hold one %u: the line in which the context began */
} phrase;

static const phrase phrases[] = {
    {"found unexpected end of stream", "while scanning a quoted scalar",
     "the quote opened in line %u is not closed"},
    {"found unexpected document indicator", "while scanning a quoted scalar",
     "the quote opened in line %u is not closed"},
    {"mapping values are not allowed in this context", NULL,
     "a ':' cannot stand here; check the indentation, and put quotes around a text that contains ': '"},
    {"did not find expected key", "while parsing a block mapping",
     "expected a key of the mapping that began in line %u; check the indentation and brackets"},
    {"did not find expected '-' indicator", NULL,
     "expected '- ', an item of the list that began in line %u; check the indentation"},
    {"could not find expected ':'", NULL, "a ':' is missing after the key in line %u"},
    {"did not find expected ',' or '}'", NULL, "the '{' opened in line %u needs a ',' or '}' before this"},
    {"did not find expected ',' or ']'", NULL, "the '[' opened in line %u needs a ',' or ']' before this"},
    {"found character that cannot start any token", NULL,
     "this character cannot begin a value; indent with spaces, and put quotes around a text that begins "
     "with one of @ ` %"},
    {"found a tab character that violates indentation", NULL, "found a tab; indent with spaces"},
    {"found a tab character where an indentation space is expected", NULL, "found a tab; indent with spaces"},
    {"did not find expected node content", NULL, "a value is missing before this"},
    {"did not find expected <document start>", NULL,
     "found more after the end of the mapping; check the indentation"},
    {"block sequence entries are not allowed in this context", NULL,
     "a list item '- ' cannot stand here; begin the list on its own line"},
    {"did not find expected alphabetic or numeric character", NULL,
     "'*' and '&' begin an alias or anchor; put quotes around a text that begins with one"},
    {"found unknown escape character", NULL,
     "unknown '\\' escape in double quotes; use single quotes for a text with '\\'"},
};

void tj_yaml_words(const char *problem, const char *context, uint32_t line, char *text, size_t size)
{
    const char *found = problem == NULL ? "cannot be read as YAML" : problem;
    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++) {
        const phrase *p = &phrases[i];
        int same = strcmp(p->problem, found) == 0 &&
                   (p->context == NULL || (context != NULL && strcmp(p->context, context) == 0));
        if (!same)
            continue;
        const char *gap = strstr(p->words, "%u");
        if (gap == NULL)
            snprintf(text, size, "%s", p->words);
        else
            snprintf(text, size, "%.*s%u%s", (int)(gap - p->words), p->words, line, gap + 2);
        return;
    }
    snprintf(text, size, "broken YAML: %s%s%s", found, context == NULL ? "" : ", ",
             context == NULL ? "" : context);
}
