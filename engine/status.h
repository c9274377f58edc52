/* Status codes shared by every layer.
 *
 * Place in the path of the data: everywhere. A function that can fail returns
 * one of these (0 is success); what went wrong in words goes to the caller's
 * diagnostics. Programmer errors are asserts, never statuses. */
#ifndef TJ_ENGINE_STATUS_H
#define TJ_ENGINE_STATUS_H

typedef enum tj_status {
    TJ_OK = 0,
    TJ_ERR_MEMORY,      /* an allocation failed */
    TJ_ERR_INPUT,       /* the study is wrong; diagnostics say where */
    TJ_ERR_IO,          /* a file could not be read or written */
    TJ_ERR_FORMAT,      /* a result file is foreign, truncated or of another version */
    TJ_ERR_INTERRUPTED, /* the user asked to stop; nothing was left behind */
    TJ_ERR_UNDEFINED    /* a quantity is undefined for a draw (named in the details) */
} tj_status;

#endif
