/* The files of scenarios/template, put into the program when it is built (embed.py). */
#ifndef TJ_IO_CLI_TEMPLATE_H
#define TJ_IO_CLI_TEMPLATE_H

#include <stddef.h>

typedef struct tj_template_file {
    const char *name; /* NULL ends the list */
    const unsigned char *bytes;
    size_t size;
} tj_template_file;

extern const tj_template_file tj_template_files[];

#endif
