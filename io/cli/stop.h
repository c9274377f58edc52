/* Stopping by Ctrl-C or a signal: a flag, looked at between units; a second signal ends at once. Either way the
 * file in the making is removed. */
#ifndef TJ_IO_CLI_STOP_H
#define TJ_IO_CLI_STOP_H

/* From now on SIGINT, SIGTERM and SIGHUP ask to stop; a second one removes `temporary` (copied) and exits. */
void tj_stop_watch(const char *temporary);

/* Gives the signals back. */
void tj_stop_release(void);

int tj_stop_asked(void);

#endif
