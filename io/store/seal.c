/* Sealing and checking; see seal.h.
 *
 * The sum is FNV-1a over 64-bit words in four lanes: it is not against malice but against disks, and it
 * must be much faster than they are. Any change within one word changes it for certain. */
#include "io/store/seal.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SEAL_BYTES = 24, LANES = 4, STRIP = LANES * 8, BUFFER = 1 << 20 };

static const char magic[8] = {'t', 'r', 'a', 'j', 's', 'e', 'a', 'l'};
static const uint64_t prime = 1099511628211u, offset_basis = 14695981039346656037u;

/* Reads exactly `size` bytes at `at`; 0, or errno (EIO where the file ends). */
static int read_at(int fd, void *bytes, size_t size, uint64_t at)
{
    char *to = bytes;
    while (size > 0) {
        ssize_t n = pread(fd, to, size, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0 ? EIO : errno;
        to += n, at += (uint64_t)n, size -= (size_t)n;
    }
    return 0;
}

/* Adds whole strips; a shorter tail is padded with zeros (the length is in the seal beside the sum). */
static void sum_strips(uint64_t lane[LANES], unsigned char *bytes, size_t size)
{
    size_t padded = (size + STRIP - 1) / STRIP * STRIP;
    memset(bytes + size, 0, padded - size);
    for (size_t at = 0; at < padded; at += STRIP)
        for (int k = 0; k < LANES; k++) {
            uint64_t word;
            memcpy(&word, bytes + at + 8 * (size_t)k, sizeof word);
            lane[k] = (lane[k] ^ le64toh(word)) * prime;
        }
}

/* Sum of the first `length` bytes of the file; 0 or errno. */
static int sum_file(int fd, uint64_t length, uint64_t *sum)
{
    uint64_t lane[LANES] = {offset_basis, offset_basis + 1, offset_basis + 2, offset_basis + 3};
    unsigned char *buffer = malloc(BUFFER);
    int error = buffer == NULL ? ENOMEM : 0;
    for (uint64_t at = 0; error == 0 && at < length; at += BUFFER) {
        size_t size = length - at < BUFFER ? (size_t)(length - at) : BUFFER;
        error = read_at(fd, buffer, size, at);
        if (error == 0)
            sum_strips(lane, buffer, size);
    }
    free(buffer);
    *sum = offset_basis;
    for (int k = 0; k < LANES; k++)
        *sum = (*sum ^ lane[k]) * prime;
    return error;
}

int tj_seal_write(int fd)
{
    unsigned char seal[SEAL_BYTES];
    uint64_t sum;
    off_t end = lseek(fd, 0, SEEK_END);
    int error = end < 0 ? errno : sum_file(fd, (uint64_t)end, &sum);
    if (error != 0)
        return error;
    uint64_t length = htole64((uint64_t)end);
    sum = htole64(sum);
    memcpy(seal, magic, 8);
    memcpy(seal + 8, &length, 8);
    memcpy(seal + 16, &sum, 8);
    for (size_t done = 0; done < SEAL_BYTES;) {
        ssize_t n = pwrite(fd, seal + done, SEAL_BYTES - done, end + (off_t)done);
        if (n < 0 && errno != EINTR)
            return errno;
        done += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

/* HDF5's own account: the end-of-file address of a superblock of version 2 or 3 (byte 28). Others are not
 * ours, and HDF5 judges them. */
static tj_seal unsealed(int fd, uint64_t length, uint64_t *expected)
{
    unsigned char start[36];
    *expected = sizeof start;
    if (length < sizeof start)
        return TJ_SEAL_TRUNCATED;
    int error = read_at(fd, start, sizeof start, 0);
    if (error != 0) {
        errno = error;
        return TJ_SEAL_UNREADABLE;
    }
    if (start[8] != 2 && start[8] != 3)
        return TJ_SEAL_NONE;
    memcpy(expected, start + 28, sizeof *expected);
    *expected = le64toh(*expected);
    return *expected == length ? TJ_SEAL_NONE : *expected > length ? TJ_SEAL_TRUNCATED : TJ_SEAL_DAMAGED;
}

tj_seal tj_seal_check(int fd, uint64_t length, uint64_t *expected)
{
    unsigned char seal[SEAL_BYTES] = {0};
    uint64_t written, sum;
    int error = length < SEAL_BYTES ? 0 : read_at(fd, seal, SEAL_BYTES, length - SEAL_BYTES);
    if (error == 0 && memcmp(seal, magic, sizeof magic) != 0)
        return unsealed(fd, length, expected);
    memcpy(expected, seal + 8, 8);
    memcpy(&written, seal + 16, 8);
    *expected = le64toh(*expected) + SEAL_BYTES;
    if (error == 0 && *expected == length)
        error = sum_file(fd, length - SEAL_BYTES, &sum);
    if (error != 0) {
        errno = error;
        return TJ_SEAL_UNREADABLE;
    }
    return *expected == length && le64toh(written) == sum ? TJ_SEAL_SOUND : TJ_SEAL_DAMAGED;
}
