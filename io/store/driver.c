/* A virtual file driver over a file descriptor; see driver.h. */
#include "io/store/driver.h"

#include <assert.h>
#include <errno.h>
#include <hdf5.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Static_assert(sizeof(hid_t) == sizeof(int64_t), "identifiers are 64 bits wide");

typedef struct file {
    H5FD_t public; /* first: HDF5's own part */
    tj_driver_target target;
    haddr_t eoa, eof; /* end of what HDF5 allocated; end of the file */
} file;

/* The largest address that fits off_t. */
#define MAX_ADDRESS ((haddr_t)INT64_MAX)

static H5FD_t *file_open(const char *name, unsigned flags, hid_t access, haddr_t max_address)
{
    (void)name, (void)flags, (void)max_address;
    const tj_driver_target *target = H5Pget_driver_info(access);
    file *f = calloc(1, sizeof *f);
    if (target == NULL || f == NULL) {
        free(f);
        return NULL;
    }
    f->target = *target;
    off_t end = lseek(f->target.fd, 0, SEEK_END);
    f->eof = end < 0 ? 0 : (haddr_t)end;
    return &f->public;
}

static herr_t file_close(H5FD_t *f)
{
    free(f);
    return 0;
}

static int file_compare(const H5FD_t *a, const H5FD_t *b)
{
    int fa = ((const file *)a)->target.fd, fb = ((const file *)b)->target.fd;
    return (fa > fb) - (fa < fb);
}

static herr_t file_query(const H5FD_t *f, unsigned long *flags)
{
    (void)f;
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
    return 0;
}

static haddr_t file_get_eoa(const H5FD_t *f, H5FD_mem_t type)
{
    (void)type;
    return ((const file *)f)->eoa;
}

static herr_t file_set_eoa(H5FD_t *f, H5FD_mem_t type, haddr_t address)
{
    (void)type;
    ((file *)f)->eoa = address;
    return 0;
}

static haddr_t file_get_eof(const H5FD_t *f, H5FD_mem_t type)
{
    (void)type;
    return ((const file *)f)->eof;
}

/* Bytes past the end of the file read as zero, as HDF5 expects of a driver. */
static herr_t file_read(H5FD_t *f, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t size,
                        void *buffer)
{
    (void)type, (void)transfer;
    const tj_driver_target *target = &((file *)f)->target;
    char *to = buffer;
    while (size > 0) {
        ssize_t n = pread(target->fd, to, size, (off_t)address);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            if (*target->error == 0)
                *target->error = errno;
            return -1;
        }
        if (n == 0) {
            memset(to, 0, size);
            return 0;
        }
        to += n, address += (haddr_t)n, size -= (size_t)n;
    }
    return 0;
}

static herr_t file_write(H5FD_t *f, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t size,
                         const void *buffer)
{
    (void)type, (void)transfer;
    file *own = (file *)f;
    const char *from = buffer;
    while (size > 0 && *own->target.error == 0) {
        ssize_t n = pwrite(own->target.fd, from, size, (off_t)address);
        if (n < 0 && errno != EINTR)
            *own->target.error = errno;
        if (n > 0)
            from += n, address += (haddr_t)n, size -= (size_t)n;
    }
    if (address > own->eof)
        own->eof = address;
    return 0;
}

/* Only while writing does HDF5 ask for the file to be as long as what it allocated. */
static herr_t file_truncate(H5FD_t *f, hid_t transfer, hbool_t closing)
{
    (void)transfer, (void)closing;
    file *own = (file *)f;
    if (own->eoa == own->eof)
        return 0;
    if (*own->target.error == 0 && ftruncate(own->target.fd, (off_t)own->eoa) != 0)
        *own->target.error = errno;
    own->eof = own->eoa;
    return 0;
}

static const H5FD_class_t driver_class = {
#if H5_VERSION_GE(1, 13, 2)
    .version = H5FD_CLASS_VERSION,
    .value = 513, /* in the range that HDF5 leaves to programs */
#endif
    .name = "trajekt",
    .maxaddr = MAX_ADDRESS,
    .fc_degree = H5F_CLOSE_STRONG,
    .fapl_size = sizeof(tj_driver_target),
    .open = file_open,
    .close = file_close,
    .cmp = file_compare,
    .query = file_query,
    .get_eoa = file_get_eoa,
    .set_eoa = file_set_eoa,
    .get_eof = file_get_eof,
    .read = file_read,
    .write = file_write,
    .truncate = file_truncate,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

int64_t tj_driver_access(const tj_driver_target *target, int64_t *driver)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    *driver = H5FDregister(&driver_class);
    if (access >= 0 && *driver >= 0 && H5Pset_driver(access, *driver, target) >= 0 &&
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0 &&
        H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V110) >= 0)
        return access;
    tj_driver_free(access, *driver);
    return -1;
}

void tj_driver_free(int64_t access, int64_t driver)
{
    if (access >= 0)
        H5Pclose(access);
    if (driver >= 0)
        H5FDunregister(driver);
}

tj_hush tj_hush_begin(void)
{
    tj_hush hush;
    H5Eget_auto2(H5E_DEFAULT, &hush.print, &hush.data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return hush;
}

void tj_hush_end(tj_hush hush)
{
    H5Eset_auto2(H5E_DEFAULT, hush.print, hush.data);
}
