/* Progress of a run; see progress.h. */
#include "io/cli/progress.h"
#include "io/cli/terminal.h"

#include <math.h>
#include <time.h>

enum { BAR = 20 };
static const double BETWEEN_REDRAWS = 0.1, BETWEEN_LINES = 5.0;

double tj_seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

const char *tj_progress_rate(char *text, size_t size, double per_second)
{
    static const char *const prefix[] = {"", " k", " M", " G", " T"};
    size_t step = 0;
    while (per_second >= 1000 && step < 4) {
        per_second /= 1000;
        step++;
    }
    snprintf(text, size, "%.*f%s", per_second < 10 && step > 0 ? 1 : 0, per_second, prefix[step]);
    return text;
}

void tj_progress_begin(tj_progress *progress, FILE *out, double work, int quiet)
{
    *progress = (tj_progress){.out = out, .redraws = tj_terminal_redraws(out), .quiet = quiet, .work = work};
    progress->begun = progress->last = tj_seconds_now();
}

void tj_progress_line(char *text, size_t size, double done, size_t all, double seconds, double work, int bar)
{
    char cells[3 * BAR + 1] = "", rate[32], left[32] = "";
    double part = all > 0 ? done / (double)all : 1;
    size_t used = 0;
    for (int i = 0; bar && i < BAR; i++)
        used += (size_t)snprintf(cells + used, sizeof cells - used, "%s", i < (int)(part * BAR) ? "█" : "░");
    if (part > 0 && part < 1)
        snprintf(left, sizeof left, ", %.0f s left", ceil(seconds / part - seconds));
    double speed = seconds > 0 ? done * work / seconds : 0;
    snprintf(text, size, "%s%s%3.0f %%  %zu of %zu units, %s city-package-draw-years/s%s", cells,
             bar ? " " : "", floor(100 * part), (size_t)done, all, tj_progress_rate(rate, sizeof rate, speed),
             left);
}

void tj_progress_step(tj_progress *progress, double done, size_t all)
{
    double now = tj_seconds_now();
    double pause = progress->redraws ? BETWEEN_REDRAWS : BETWEEN_LINES;
    int last_bar = progress->redraws && progress->shown && done >= (double)all;
    if (progress->quiet || (now - progress->last < pause && !last_bar))
        return;
    char line[256];
    tj_progress_line(line, sizeof line, done, all, now - progress->begun, progress->work, progress->redraws);
    fprintf(progress->out, progress->redraws ? "\r\033[K%s" : "%s\n", line);
    fflush(progress->out);
    progress->last = now;
    progress->shown = 1;
}

void tj_progress_end(tj_progress *progress)
{
    if (progress->redraws && progress->shown)
        fputs("\r\033[K", progress->out);
    progress->shown = 0;
}
