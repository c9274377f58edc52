/* Temporary name, sync and rename; see part.h. */
#include "io/store/part.h"

#include "io/store/seal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void part_clear(tj_part *part)
{
    free(part->path);
    free(part->temporary);
    *part = (tj_part){.fd = -1};
}

static tj_status fail(const tj_part *part, int error, char *details, size_t size)
{
    snprintf(details, size, "cannot write '%s': %s", part->path, strerror(error));
    return TJ_ERR_IO;
}

/* A rename would replace a device or fail on a folder only at the end of a long run. */
static tj_status refuse_special(const char *path, char *details, size_t size)
{
    struct stat found;
    if (stat(path, &found) != 0 || S_ISREG(found.st_mode))
        return TJ_OK;
    snprintf(details, size, "cannot write '%s': it is %s", path,
             S_ISDIR(found.st_mode) ? "a folder; give the name of a file" : "not a plain file");
    return TJ_ERR_IO;
}

/* A file of this name can only be left by a process that is gone: its number is ours now. */
static int create_new(const char *name)
{
    const int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
    int fd = open(name, flags, 0666);
    if (fd < 0 && errno == EEXIST && unlink(name) == 0)
        fd = open(name, flags, 0666);
    return fd;
}

tj_status tj_part_open(tj_part *part, const char *path, char *details, size_t size)
{
    *part = (tj_part){.fd = -1};
    tj_status status = refuse_special(path, details, size);
    if (status != TJ_OK)
        return status;
    size_t length = strlen(path) + 32;
    part->path = strdup(path);
    part->temporary = malloc(length);
    if (part->path == NULL || part->temporary == NULL) {
        part_clear(part);
        snprintf(details, size, "not enough memory");
        return TJ_ERR_MEMORY;
    }
    snprintf(part->temporary, length, "%s.part-%ld", path, (long)getpid());
    part->fd = create_new(part->temporary);
    if (part->fd < 0) {
        status = fail(part, errno, details, size);
        part_clear(part);
    }
    return status;
}

/* Makes the new name itself durable. A file system that cannot sync a folder (EINVAL) keeps no promise here. */
static int sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL ? strdup(".") : strndup(path, slash == path ? 1 : (size_t)(slash - path));
    if (folder == NULL)
        return ENOMEM;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), error = 0;
    free(folder);
    if (fd < 0)
        return errno == EACCES ? 0 : errno; /* a folder one may write into but not read */
    if (fsync(fd) != 0 && errno != EINVAL)
        error = errno;
    close(fd);
    return error;
}

tj_status tj_part_commit(tj_part *part, char *details, size_t size)
{
    assert(part->fd >= 0);
    if (part->error == 0)
        part->error = tj_seal_write(part->fd);
    if (part->error == 0 && fsync(part->fd) != 0)
        part->error = errno;
    if (close(part->fd) != 0 && part->error == 0)
        part->error = errno;
    part->fd = -1;
    if (part->error == 0 && rename(part->temporary, part->path) != 0)
        part->error = errno;
    tj_status status = TJ_OK;
    if (part->error != 0) {
        status = fail(part, part->error, details, size);
        unlink(part->temporary);
    } else {
        int error = sync_folder(part->path);
        if (error != 0)
            status = fail(part, error, details, size);
    }
    part_clear(part);
    return status;
}

void tj_part_abort(tj_part *part)
{
    if (part->fd >= 0)
        close(part->fd);
    if (part->temporary != NULL)
        unlink(part->temporary);
    part_clear(part);
}
