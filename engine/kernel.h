/* Marks for kernels: functions whose inner loops run over lanes.
 *
 * TJ_CLONES compiles a function once per instruction set; the loader picks. The bits do not
 * depend on the choice: contraction is off and every operation is an IEEE 754 basic one.
 * It is empty where the loader cannot choose (other systems, WebAssembly), where a choice made
 * before main would run before the sanitizer is ready, and with clang, whose clones (as of 14)
 * cannot be called from another file. A function so marked has external linkage; its declaration
 * in a header needs no mark.
 */
#ifndef TJ_ENGINE_KERNEL_H
#define TJ_ENGINE_KERNEL_H

#include <stdint.h>

#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__) && !defined(__clang__) &&                \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#    define TJ_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#    define TJ_CLONES
#endif

/* A scalar form that lane loops take in whole. */
#define TJ_INLINE static inline __attribute__((always_inline))

#endif
