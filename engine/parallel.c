/* Independent pieces of work over threads; see parallel.h. */
#include "engine/parallel.h"

#include <omp.h>

tj_status tj_parallel(size_t n, int threads, tj_status (*work)(void *context, size_t i), void *context)
{
    size_t failed = n;
    tj_status first = TJ_OK;
#pragma omp parallel for schedule(dynamic) num_threads(threads > 0 ? threads : omp_get_max_threads())
    for (size_t i = 0; i < n; i++) {
        tj_status status = work(context, i);
#pragma omp critical
        if (status != TJ_OK && i < failed) {
            failed = i;
            first = status;
        }
    }
    return first;
}
