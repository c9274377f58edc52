/* Whatever is wrong with a file or a disk: one clear sentence, nothing left behind, nothing printed.
 *
 * Full disks are made with a limit on the size of files, permissions with another effective user. */
#include "io/store/cf.h"
#include "io/store/results.h"
#include "tests/harness.h"
#include "tests/made_study.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DRAWS = 5, NOBODY = 65534, SUPERBLOCK = 36, SEAL = 24 };

static char folder[64], path[96], details[512];
static tj_made made;
static unsigned char *whole; /* bytes of a sound result */
static size_t whole_size;

static void put(const char *name, const void *bytes, size_t size)
{
    FILE *file = fopen(name, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL_FATAL(fwrite(bytes, 1, size, file), size);
    CU_ASSERT_EQUAL_FATAL(fclose(file), 0);
}

/* Number of files in the folder; *last is one's name. */
static int files(char *last, size_t size)
{
    int count = 0;
    DIR *dir = opendir(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir))
        if (entry->d_name[0] != '.') {
            snprintf(last, size, "%s/%s", folder, entry->d_name);
            count++;
        }
    closedir(dir);
    return count;
}

static int folder_is_empty(void)
{
    char last[400];
    return files(last, sizeof last) == 0;
}

static tj_status write_result(const char *to)
{
    tj_writer *writer;
    tj_status status = tj_writer_open(to, &made.study, &made.compiled, DRAWS, TJ_OUTPUTS_ALL, &writer,
                                      details, sizeof details);
    if (status != TJ_OK)
        return status;
    for (int u = 0; u < 6 && status == TJ_OK; u++) {
        tj_unit_result unit = tj_made_unit(&made, u / 3, u % 3, DRAWS, TJ_OUTPUTS_ALL);
        status = tj_writer_unit(writer, &unit);
    }
    tj_provenance provenance = {
        .version = "1", .build = "b", .engine = "e", .draws = DRAWS, .reproducible = 1};
    return tj_writer_commit(writer, &provenance, details, sizeof details);
}

/* Opens, reads all fields if that works, closes. */
static tj_status read_result(const char *from)
{
    tj_results *results;
    tj_status status = tj_results_open(from, &results, details, sizeof details);
    for (int f = 0; status == TJ_OK && f < TJ_FIELDS; f++) {
        double *values;
        status = tj_results_field(results, (tj_field_id)f, 1, 2, &values);
        free(values);
    }
    tj_results_close(results);
    return status;
}

static void refused(tj_status expected, const char *sentence)
{
    char line[700];
    tj_status status = read_result(path);
    snprintf(line, sizeof line, sentence, path);
    CU_ASSERT_EQUAL(status, expected);
    CU_ASSERT_STRING_EQUAL(details, line);
    if (status == TJ_OK || strcmp(details, line) != 0)
        printf("expected: %s\ngot:      %s\n", line, details);
}

/* ---- reading ---- */

static void what_is_no_result_is_refused_by_name(void)
{
    refused(TJ_ERR_IO, "cannot read '%s': No such file or directory");
    put(path, "", 0);
    refused(TJ_ERR_FORMAT, "'%s' is not a trajekt result: it is empty");
    put(path, "city,year\n", 10);
    refused(TJ_ERR_FORMAT, "'%s' is not a trajekt result: it is not an HDF5 file");
    put(path, whole, 4);
    refused(TJ_ERR_FORMAT, "'%s' is not a trajekt result: it is not an HDF5 file");
    unlink(path);
    CU_ASSERT_EQUAL(mkdir(path, 0700), 0);
    refused(TJ_ERR_IO, "cannot read '%s': it is a folder");
    rmdir(path);
    CU_ASSERT_EQUAL(mkfifo(path, 0600), 0);
    refused(TJ_ERR_IO, "cannot read '%s': it is not a plain file");
    unlink(path);
}

static void a_truncated_result_is_refused_at_every_length(void)
{
    for (size_t length = 8; length < whole_size - SEAL; length += length < 2048 ? 97 : 8191) {
        char sentence[200];
        put(path, whole, length);
        snprintf(sentence, sizeof sentence,
                 "'%%s' is not a trajekt result: it is truncated: %zu of %zu bytes are there", length,
                 length < SUPERBLOCK ? (size_t)SUPERBLOCK : whole_size - SEAL);
        refused(TJ_ERR_FORMAT, sentence);
    }
    unlink(path);
}

static void a_cut_seal_is_damage_and_a_missing_one_is_not(void)
{
    for (size_t cut = 1; cut < SEAL; cut++) {
        put(path, whole, whole_size - cut);
        refused(TJ_ERR_FORMAT,
                "'%s' is not a trajekt result: it is damaged: its checksum does not match its bytes");
    }
    put(path, whole, whole_size - SEAL);
    CU_ASSERT_EQUAL(read_result(path), TJ_OK);
    unlink(path);
}

/* In a label, a number, a structure of HDF5 or the seal itself. */
static void a_changed_byte_anywhere_is_refused(void)
{
    uint32_t random = 1;
    for (int i = 0; i < 120; i++) {
        random = random * 1664525u + 1013904223u;
        size_t at = 8 + random % (whole_size - 8);
        whole[at] ^= (unsigned char)(1u << i % 8);
        put(path, whole, whole_size);
        whole[at] ^= (unsigned char)(1u << i % 8);
        CU_ASSERT_EQUAL(read_result(path), TJ_ERR_FORMAT);
    }
    unlink(path);
}

static void a_damaged_file_of_the_study_is_seen(void)
{
    static const char text[] = "trajekt: 1\n";
    unsigned char *found = memmem(whole, whole_size, text, sizeof text - 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    found[9] = '2';
    put(path, whole, whole_size - SEAL); /* as another program leaves it after a change */
    found[9] = '1';
    refused(TJ_ERR_FORMAT,
            "'%s' is not a trajekt result: the study's file 'study.yaml' was damaged or changed");
    unlink(path);
}

/* A netCDF file with the given format number (0: none) and a city axis of integers. */
static void put_foreign(int format)
{
    static const int32_t cities[2] = {1, 2};
    static const char *const one[] = {"one"};
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600), error = 0;
    tj_driver_target target = {.fd = fd, .error = &error};
    tj_cf *cf = tj_cf_create(&target);
    CU_ASSERT_PTR_NOT_NULL_FATAL(cf);
    if (format > 0)
        tj_cf_int(cf, tj_cf_root(cf), "trajekt_format", format);
    tj_cf_spec axis = {.name = "background", .type = TJ_CF_TEXT, .dims = {"background"}};
    tj_cf_coordinate(cf, &axis, 1, one);
    axis = (tj_cf_spec){.name = "package", .type = TJ_CF_TEXT, .dims = {"package"}};
    tj_cf_coordinate(cf, &axis, 1, one);
    axis = (tj_cf_spec){.name = "city", .type = TJ_CF_INT, .dims = {"city"}};
    tj_cf_coordinate(cf, &axis, 2, cities);
    CU_ASSERT_EQUAL(tj_cf_close(cf), 0);
    CU_ASSERT_EQUAL(error, 0);
    close(fd);
}

static void a_foreign_hdf5_file_is_refused(void)
{
    put_foreign(0);
    refused(TJ_ERR_FORMAT, "'%s' is not a trajekt result: trajekt did not write it, or not to its end");
    put_foreign(2);
    refused(TJ_ERR_FORMAT, "'%s' is not a trajekt result: its format is 2, and this program reads format "
                           "1; a newer one is needed");
    put_foreign(1);
    refused(TJ_ERR_FORMAT, "'%s' is not a trajekt result: the axis 'city' has another type or shape");
    unlink(path);
}

/* ---- writing ---- */

/* Every byte of the way: the limit falls into the layout, the units and the closing. */
static void a_full_disk_leaves_nothing_and_says_so(void)
{
    struct rlimit before, limit;
    char sentence[256];
    CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    snprintf(sentence, sizeof sentence, "cannot write '%s': %s", path, strerror(EFBIG));
    for (size_t size = 0; size < whole_size; size += 1 + whole_size / 80) {
        limit = before;
        limit.rlim_cur = size;
        CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_FSIZE, &limit), 0);
        tj_status status = write_result(path);
        CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_FSIZE, &before), 0);
        CU_ASSERT_EQUAL(status, TJ_ERR_IO);
        CU_ASSERT_STRING_EQUAL(details, sentence);
        CU_ASSERT(folder_is_empty());
    }
    CU_ASSERT_EQUAL(write_result(path), TJ_OK);
    CU_ASSERT_EQUAL(read_result(path), TJ_OK);
    unlink(path);
}

static void a_failed_run_leaves_the_older_result_alone(void)
{
    char last[400];
    struct stat found;
    tj_writer *writer;
    CU_ASSERT_EQUAL(write_result(path), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(tj_writer_open(path, &made.study, &made.compiled, DRAWS, TJ_OUTPUTS_DEFAULT,
                                         &writer, details, sizeof details),
                          TJ_OK);
    CU_ASSERT_EQUAL(files(last, sizeof last), 2);
    tj_writer_abort(writer);
    CU_ASSERT_EQUAL(files(last, sizeof last), 1);
    CU_ASSERT_EQUAL(stat(path, &found), 0);
    CU_ASSERT_EQUAL((size_t)found.st_size, whole_size);
    CU_ASSERT_EQUAL(read_result(path), TJ_OK);
    tj_writer_abort(NULL);
    unlink(path);
}

static void a_place_that_cannot_be_written_is_refused_at_once(void)
{
    char line[700], missing[128];
    snprintf(missing, sizeof missing, "%s/no/results.h5", folder);
    CU_ASSERT_EQUAL(write_result(missing), TJ_ERR_IO);
    snprintf(line, sizeof line, "cannot write '%s': No such file or directory", missing);
    CU_ASSERT_STRING_EQUAL(details, line);
    CU_ASSERT_EQUAL(write_result(folder), TJ_ERR_IO);
    snprintf(line, sizeof line, "cannot write '%s': it is a folder; give the name of a file", folder);
    CU_ASSERT_STRING_EQUAL(details, line);
    CU_ASSERT_EQUAL(write_result("/dev/null"), TJ_ERR_IO);
    CU_ASSERT_STRING_EQUAL(details, "cannot write '/dev/null': it is not a plain file");
    CU_ASSERT(folder_is_empty());
}

static void without_permission_nothing_is_written_or_read(void)
{
    char line[700];
    put(path, whole, whole_size);
    CU_ASSERT_EQUAL(chmod(path, 0), 0);
    CU_ASSERT_EQUAL(chmod(folder, 0555), 0);
    int root = geteuid() == 0;
    if (root)
        CU_ASSERT_EQUAL_FATAL(seteuid(NOBODY), 0);
    tj_status status = write_result(path);
    snprintf(line, sizeof line, "cannot write '%s': Permission denied", path);
    CU_ASSERT_EQUAL(status, TJ_ERR_IO);
    CU_ASSERT_STRING_EQUAL(details, line);
    refused(TJ_ERR_IO, "cannot read '%s': Permission denied");
    if (root)
        CU_ASSERT_EQUAL_FATAL(seteuid(0), 0);
    CU_ASSERT_EQUAL(chmod(folder, 0700), 0);
    unlink(path);
}

/* The temporary file of a killed run stays, has another name, and is not taken for a result. */
static void a_killed_run_leaves_no_result(void)
{
    char last[400];
    int how;
    pid_t child = fork();
    if (child == 0) {
        tj_writer *writer;
        if (tj_writer_open(path, &made.study, &made.compiled, DRAWS, TJ_OUTPUTS_ALL, &writer, details,
                           sizeof details) == TJ_OK) {
            tj_unit_result unit = tj_made_unit(&made, 0, 0, DRAWS, TJ_OUTPUTS_ALL);
            tj_writer_unit(writer, &unit);
        }
        kill(getpid(), SIGKILL);
    }
    CU_ASSERT_EQUAL_FATAL(waitpid(child, &how, 0), child);
    CU_ASSERT(WIFSIGNALED(how));
    CU_ASSERT_EQUAL_FATAL(files(last, sizeof last), 1);
    CU_ASSERT(strstr(last, "/results.h5.part-") != NULL);
    CU_ASSERT_EQUAL(read_result(last), TJ_ERR_FORMAT);
    unlink(last);
}

/* ---- the frame ---- */

static int read_whole(void)
{
    struct stat found;
    if (write_result(path) != TJ_OK || stat(path, &found) != 0)
        return -1;
    whole_size = (size_t)found.st_size;
    whole = malloc(whole_size);
    FILE *file = fopen(path, "rb");
    int bad = file == NULL || whole == NULL || fread(whole, 1, whole_size, file) != whole_size;
    if (file != NULL)
        fclose(file);
    unlink(path);
    return bad ? -1 : 0;
}

static const tj_test tests[] = {
    {"what is no result is refused by name", what_is_no_result_is_refused_by_name},
    {"a truncated result is refused at every length", a_truncated_result_is_refused_at_every_length},
    {"a cut seal is damage and a missing one is not", a_cut_seal_is_damage_and_a_missing_one_is_not},
    {"a changed byte anywhere is refused", a_changed_byte_anywhere_is_refused},
    {"a damaged file of the study is seen", a_damaged_file_of_the_study_is_seen},
    {"a foreign HDF5 file is refused", a_foreign_hdf5_file_is_refused},
    {"a full disk leaves nothing and says so", a_full_disk_leaves_nothing_and_says_so},
    {"a failed run leaves the older result alone", a_failed_run_leaves_the_older_result_alone},
    {"a place that cannot be written is refused at once", a_place_that_cannot_be_written_is_refused_at_once},
    {"without permission nothing is written or read", without_permission_nothing_is_written_or_read},
    {"a killed run leaves no result", a_killed_run_leaves_no_result},
};

int main(void)
{
    char errors[96];
    struct stat printed;
    strcpy(folder, "/tmp/test_store_damage-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/results.h5", folder);
    snprintf(errors, sizeof errors, "%s.stderr", folder);
    tj_made_init(&made, (tj_made_size){3, 3, 3, 2015, 2026, 3});
    int bad = read_whole();
    if (freopen(errors, "w", stderr) == NULL)
        return 1;
    bad |= TJ_RUN("store_damage", tests);
    fflush(stderr);
    bad |= fstat(fileno(stderr), &printed) != 0 || printed.st_size > 0; /* HDF5 talks to nobody */
    unlink(errors);
    free(whole);
    tj_made_free(&made);
    return rmdir(folder) != 0 || bad;
}
