/* Loading the files of a study; see texts.h. Only regular files are read: a pipe or a device never ends. */
#include "io/readers/texts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int has_ending(const char *name, const char *ending)
{
    size_t length = strlen(name), part = strlen(ending);
    return length > part && strcmp(name + length - part, ending) == 0;
}

static tj_status fail(tj_diags *diags, const char *name, const char *sentence)
{
    tj_diag_add(diags, TJ_ERROR, (tj_mark){name, 0, 0}, "%s", sentence);
    return TJ_ERR_IO;
}

tj_status tj_text_size_check(tj_diags *diags, const char *name, uint64_t size)
{
    uint64_t most = has_ending(name, ".csv") ? TJ_CSV_BYTES_MOST : TJ_YAML_BYTES_MOST;
    if (size <= most)
        return TJ_OK;
    tj_diag_add(diags, TJ_ERROR, (tj_mark){name, 0, 0}, "the file holds %.1f MiB; at most %d MiB are read",
                (double)size / (1 << 20), (int)(most >> 20));
    return TJ_ERR_IO;
}

tj_status tj_folder_check(tj_diags *diags, const char *folder)
{
    struct stat status;
    if (stat(folder, &status) != 0)
        return fail(diags, folder, errno == ENOENT ? "there is no such study folder" : strerror(errno));
    if (!S_ISDIR(status.st_mode))
        return fail(diags, folder, "found a file, expected a study folder: the one that holds study.yaml");
    if (access(folder, R_OK | X_OK) != 0)
        return fail(diags, folder, "the folder cannot be read: permission denied");
    return TJ_OK;
}

/* Reads what is left of the file, `size` bytes or fewer. */
static tj_status bytes_read(int file, const char *name, tj_diags *diags, char *bytes, size_t *size)
{
    size_t used = 0;
    while (used < *size) {
        ssize_t count = read(file, bytes + used, *size - used);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(diags, name, strerror(errno));
        if (count == 0)
            break;
        used += (size_t)count;
    }
    *size = used;
    return TJ_OK;
}

static tj_status file_load(int file, tj_arena *arena, tj_diags *diags, tj_text *text)
{
    struct stat status;
    if (fstat(file, &status) != 0)
        return fail(diags, text->name, strerror(errno));
    if (S_ISDIR(status.st_mode))
        return fail(diags, text->name, "found a folder, expected a file");
    if (!S_ISREG(status.st_mode))
        return fail(diags, text->name, "found a device or pipe, expected a file");
    tj_status result = tj_text_size_check(diags, text->name, (uint64_t)status.st_size);
    if (result != TJ_OK)
        return result;
    size_t size = (size_t)status.st_size;
    char *bytes = tj_arena_alloc(arena, size + 1, 1);
    if (bytes == NULL) {
        diags->memory_short = 1;
        return TJ_ERR_MEMORY;
    }
    result = bytes_read(file, text->name, diags, bytes, &size);
    if (result == TJ_OK) {
        text->bytes = bytes;
        text->size = size;
    }
    return result;
}

tj_status tj_text_load(tj_arena *arena, tj_diags *diags, const char *folder, const char *name, tj_text *text)
{
    char path[PATH_MAX];
    *text = (tj_text){name, NULL, 0};
    int length = name[0] == '/' ? snprintf(path, sizeof path, "%s", name)
                                : snprintf(path, sizeof path, "%s/%s", folder, name);
    if (length >= (int)sizeof path)
        return fail(diags, name, "the path of the file is too long");
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return errno == ENOENT || errno == ENOTDIR ? TJ_OK : fail(diags, name, strerror(errno));
    tj_status status = file_load(file, arena, diags, text);
    close(file);
    return status;
}

static int listed(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return 1;
    return 0;
}

void tj_folder_strangers(tj_diags *diags, const char *folder, const char *const *names, size_t count)
{
    DIR *directory = opendir(folder);
    if (directory == NULL)
        return;
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        const char *name = entry->d_name;
        int kind = has_ending(name, ".csv") || has_ending(name, ".yaml") || has_ending(name, ".yml");
        if (!kind || name[0] == '.' || listed(name, names, count))
            continue;
        const char *nearest = tj_nearest(name, names, count);
        if (nearest == NULL)
            tj_diag_add(diags, TJ_WARNING, (tj_mark){name, 0, 0}, "this file is not read");
        else
            tj_diag_add(diags, TJ_WARNING, (tj_mark){name, 0, 0}, "this file is not read; did you mean '%s'?",
                        nearest);
    }
    closedir(directory);
}
