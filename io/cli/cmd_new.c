/* trajekt new: writes the template study into a folder that is not there yet, or empty. */
#include "io/cli/command.h"
#include "io/cli/template.h"

#include <argp.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static error_t parse(int key, char *argument, struct argp_state *state)
{
    const char **folder = state->input;
    if (key == ARGP_KEY_ARG && *folder == NULL) {
        *folder = argument;
        return 0;
    }
    if (key == ARGP_KEY_ARG || key == ARGP_KEY_NO_ARGS)
        argp_usage(state);
    return ARGP_ERR_UNKNOWN;
}

/* 1: the folder is there and has something in it. */
static int holds_something(const char *folder)
{
    DIR *dir = opendir(folder);
    int found = 0;
    if (dir == NULL)
        return 0;
    for (struct dirent *entry = readdir(dir); entry != NULL && !found; entry = readdir(dir))
        found = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(dir);
    return found;
}

static tj_exit write_file(const char *folder, const tj_template_file *file)
{
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, file->name) >= sizeof path)
        return tj_fail(TJ_EXIT_IO, "the folder's name is too long");
    FILE *out = fopen(path, "wbx");
    if (out == NULL)
        return tj_fail(TJ_EXIT_IO, "cannot write %s: %s", path, strerror(errno));
    size_t written = fwrite(file->bytes, 1, file->size, out);
    if (fclose(out) != 0 || written != file->size) {
        remove(path);
        return tj_fail(TJ_EXIT_IO, "cannot write %s: %s", path, strerror(errno));
    }
    return TJ_EXIT_OK;
}

static tj_exit run(int argc, char **argv)
{
    const struct argp argp = {
        .parser = parse,
        .args_doc = "DIR",
        .doc = "Writes a small commented study that runs into the new or empty folder DIR.\v"
               "Example:\n"
               "  trajekt new my-study\n"
               "  trajekt check my-study\n"
               "  trajekt run my-study -o my-results.h5"};
    const char *folder = NULL;
    argp_parse(&argp, argc, argv, 0, NULL, &folder);
    if (holds_something(folder))
        return tj_fail(TJ_EXIT_IO, "%s is not empty; nothing was written", folder);
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return tj_fail(TJ_EXIT_IO, "cannot make the folder %s: %s", folder, strerror(errno));
    for (const tj_template_file *file = tj_template_files; file->name != NULL; file++) {
        tj_exit code = write_file(folder, file);
        if (code != TJ_EXIT_OK)
            return code;
    }
    fprintf(stderr,
            "Wrote a small study to %s. Next:\n"
            "  trajekt check %s    lists every fault, and the quality of the data\n"
            "  trajekt run %s      simulates and shows the summary\n",
            folder, folder, folder);
    return TJ_EXIT_OK;
}

const tj_command tj_cmd_new = {"new", "DIR", "writes a small commented study to begin with", run};
