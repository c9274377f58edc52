/* Where a result will go; see output.h. */
#include "io/cli/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* The folder of a path: "." where it has none. -1 where it does not fit. */
static int folder_of(const char *path, char *folder, size_t size)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return snprintf(folder, size, ".") < (int)size ? 0 : -1;
    size_t length = slash == path ? 1 : (size_t)(slash - path);
    return snprintf(folder, size, "%.*s", (int)length, path) < (int)size ? 0 : -1;
}

/* A file that is there is replaced only if it is an HDF5 file or empty: a slip of the keyboard must not cost a
 * study. */
static int replaceable(const char *path, off_t length)
{
    static const unsigned char signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    unsigned char head[8];
    if (length == 0)
        return 1;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return 0;
    size_t got = fread(head, 1, sizeof head, file);
    fclose(file);
    return got == sizeof head && memcmp(head, signature, sizeof head) == 0;
}

static int check_file(const char *path, char *details, size_t size)
{
    struct stat there;
    if (stat(path, &there) != 0)
        return 0;
    if (S_ISDIR(there.st_mode))
        snprintf(details, size, "%s is a folder; give a file name, e.g. -o %s/results.h5", path, path);
    else if (!S_ISREG(there.st_mode))
        snprintf(details, size, "%s is not a plain file", path);
    else if (!replaceable(path, there.st_size))
        snprintf(details, size, "%s is there and is not a result file; choose another name", path);
    else
        return 0;
    return -1;
}

int tj_output_check(const char *path, uint64_t bytes, char *details, size_t size)
{
    char folder[4096];
    struct stat there;
    struct statvfs disk;
    if (path[0] == '\0' || folder_of(path, folder, sizeof folder) != 0) {
        snprintf(details, size, "the name of the result file is empty or too long");
        return -1;
    }
    if (check_file(path, details, size) != 0)
        return -1;
    if (stat(folder, &there) != 0 || !S_ISDIR(there.st_mode))
        snprintf(details, size, "cannot write %s: there is no folder %s", path, folder);
    else if (access(folder, W_OK | X_OK) != 0)
        snprintf(details, size, "cannot write %s: folder %s: %s", path, folder, strerror(errno));
    else if (statvfs(folder, &disk) == 0 && (uint64_t)disk.f_bavail * disk.f_frsize < bytes)
        snprintf(details, size, "cannot write %s: the disk has %.1f MB free, the result needs about %.1f MB",
                 path, (double)disk.f_bavail * (double)disk.f_frsize / 1e6, (double)bytes / 1e6);
    else
        return 0;
    return -1;
}
