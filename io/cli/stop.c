/* Stopping by a signal; see stop.h. The state is the process's own: a signal has no other place to leave word. */
#include "io/cli/stop.h"
#include "io/cli/command.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t asked;
static char removed[4096];
static const int watched[] = {SIGINT, SIGTERM, SIGHUP};

static void on_signal(int signal)
{
    (void)signal;
    if (asked) {
        if (removed[0] != '\0')
            unlink(removed);
        _exit(TJ_EXIT_INTERRUPTED);
    }
    asked = 1;
}

static void handle(void (*handler)(int))
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    for (size_t i = 0; i < sizeof watched / sizeof watched[0]; i++)
        sigaction(watched[i], &action, NULL);
}

void tj_stop_watch(const char *temporary)
{
    asked = 0;
    snprintf(removed, sizeof removed, "%s", temporary);
    handle(on_signal);
}

void tj_stop_release(void)
{
    handle(SIG_DFL);
    removed[0] = '\0';
}

int tj_stop_asked(void)
{
    return asked != 0;
}
