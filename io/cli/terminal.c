/* What the place we write to can show; see terminal.h. */
#include "io/cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int tj_terminal_redraws(FILE *stream)
{
    const char *term = getenv("TERM");
    return isatty(fileno(stream)) && term != NULL && strcmp(term, "dumb") != 0;
}

static int has_colours(FILE *stream)
{
    const char *no = getenv("NO_COLOR");
    return (no == NULL || no[0] == '\0') && tj_terminal_redraws(stream);
}

const char *tj_style_begin(FILE *stream, tj_style style)
{
    static const char *const codes[] = {"\033[0m", "\033[1m", "\033[2m", "\033[31m", "\033[33m"};
    return has_colours(stream) ? codes[style] : "";
}
