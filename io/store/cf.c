/* netCDF-4 by plain HDF5; see cf.h.
 *
 * Invariant: `scales` holds every dimension made so far, and a variable's axes are scales of the
 * current group or of the root, looked up newest first. */
#include "io/store/cf_types.h"

#include <assert.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct scale {
    char name[64];
    hsize_t length;
    hid_t dataset;
} scale;

struct tj_cf {
    hid_t file, group, access, driver, text;
    scale *scales;
    size_t count;
    int failed;
};

enum { PACK_LEVEL = 1, CHUNK_BYTES = 1 << 20 };

static void check(tj_cf *cf, int64_t result)
{
    if (result < 0)
        cf->failed = 1;
}

/* Files are little-endian on every machine. */
static hid_t stored_type_of(const tj_cf *cf, tj_cf_type type)
{
    switch (type) {
    case TJ_CF_DOUBLE:
        return H5T_IEEE_F64LE;
    case TJ_CF_FLOAT:
        return H5T_IEEE_F32LE;
    case TJ_CF_INT:
        return H5T_STD_I32LE;
    case TJ_CF_BYTE:
        return H5T_STD_I8LE;
    case TJ_CF_OCTET:
        return H5T_STD_U8LE;
    case TJ_CF_TEXT:
        break;
    }
    return cf->text;
}

/* Creation order tracked and indexed for links and attributes, no times: what netCDF-4 expects. */
static hid_t file_list(void)
{
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    hid_t list = H5Pcreate(H5P_FILE_CREATE);
    if (list >= 0 && (H5Pset_link_creation_order(list, order) < 0 ||
                      H5Pset_attr_creation_order(list, order) < 0 || H5Pset_obj_track_times(list, 0) < 0)) {
        H5Pclose(list);
        return -1;
    }
    return list;
}

tj_cf *tj_cf_create(const tj_driver_target *target)
{
    tj_cf *cf = calloc(1, sizeof *cf);
    if (cf == NULL)
        return NULL;
    tj_hush hush = tj_hush_begin();
    hid_t list = file_list();
    cf->text = tj_cf_make_text_type();
    cf->access = tj_driver_access(target, &cf->driver);
    cf->file = H5Fcreate("result", H5F_ACC_TRUNC, list, cf->access);
    cf->group = cf->file;
    H5Pclose(list);
    tj_hush_end(hush);
    check(cf, cf->text);
    check(cf, cf->file);
    if (cf->failed) {
        tj_cf_close(cf);
        return NULL;
    }
    return cf;
}

int tj_cf_close(tj_cf *cf)
{
    if (cf == NULL)
        return 0;
    tj_hush hush = tj_hush_begin();
    if (cf->file >= 0)
        check(cf, H5Fclose(cf->file));
    if (cf->text >= 0)
        H5Tclose(cf->text);
    if (cf->access >= 0)
        tj_driver_free(cf->access, cf->driver);
    tj_hush_end(hush);
    int failed = cf->failed;
    free(cf->scales);
    free(cf);
    return failed ? -1 : 0;
}

int tj_cf_failed(const tj_cf *cf)
{
    return cf->failed;
}

tj_cf_id tj_cf_root(const tj_cf *cf)
{
    return cf->file;
}

/* ---- attributes ---- */

static void attribute(tj_cf *cf, hid_t id, const char *key, hid_t stored, hid_t memory, hid_t space,
                      const void *value)
{
    hid_t made = H5Acreate2(id, key, stored, space, H5P_DEFAULT, H5P_DEFAULT);
    check(cf, made);
    if (made >= 0) {
        check(cf, H5Awrite(made, memory, value));
        H5Aclose(made);
    }
}

/* Fixed length, scalar: readers that do not know variable-length attributes read it too. */
void tj_cf_text(tj_cf *cf, tj_cf_id id, const char *key, const char *value)
{
    if (cf->failed)
        return;
    size_t length = strlen(value);
    tj_hush hush = tj_hush_begin();
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    check(cf, H5Tset_size(type, length > 0 ? length : 1));
    check(cf, H5Tset_cset(type, H5T_CSET_UTF8));
    attribute(cf, id, key, type, type, space, value);
    H5Sclose(space);
    H5Tclose(type);
    tj_hush_end(hush);
}

static void numbers(tj_cf *cf, hid_t id, const char *key, tj_cf_type type, size_t count, const void *values)
{
    if (cf->failed)
        return;
    hsize_t length = count;
    tj_hush hush = tj_hush_begin();
    hid_t space = H5Screate_simple(1, &length, NULL);
    attribute(cf, id, key, stored_type_of(cf, type), tj_cf_memory_type(type, cf->text), space, values);
    H5Sclose(space);
    tj_hush_end(hush);
}

void tj_cf_int(tj_cf *cf, tj_cf_id id, const char *key, int32_t value)
{
    numbers(cf, id, key, TJ_CF_INT, 1, &value);
}

void tj_cf_double(tj_cf *cf, tj_cf_id id, const char *key, double value)
{
    numbers(cf, id, key, TJ_CF_DOUBLE, 1, &value);
}

void tj_cf_bytes(tj_cf *cf, tj_cf_id id, const char *key, const int8_t *values, size_t count)
{
    numbers(cf, id, key, TJ_CF_BYTE, count, values);
}

/* ---- dimensions ---- */

tj_cf_id tj_cf_group(tj_cf *cf, const char *name, const char *long_name)
{
    if (cf->failed)
        return -1;
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    tj_hush hush = tj_hush_begin();
    hid_t list = H5Pcreate(H5P_GROUP_CREATE);
    check(cf, H5Pset_link_creation_order(list, order));
    check(cf, H5Pset_attr_creation_order(list, order));
    check(cf, H5Pset_obj_track_times(list, 0));
    hid_t group = H5Gcreate2(cf->file, name, H5P_DEFAULT, list, H5P_DEFAULT);
    check(cf, group);
    H5Pclose(list);
    tj_hush_end(hush);
    if (cf->failed)
        return -1;
    cf->group = group;
    tj_cf_text(cf, group, "long_name", long_name);
    return group;
}

void tj_cf_leave(tj_cf *cf)
{
    cf->group = cf->file;
}

static void scale_add(tj_cf *cf, const char *name, size_t length, hid_t dataset)
{
    scale *larger = realloc(cf->scales, (cf->count + 1) * sizeof *larger);
    if (larger == NULL) {
        cf->failed = 1;
        return;
    }
    cf->scales = larger;
    scale *s = &cf->scales[cf->count++];
    *s = (scale){.length = length, .dataset = dataset};
    assert(strlen(name) < sizeof s->name);
    strcpy(s->name, name);
}

static const scale *scale_find(const tj_cf *cf, const char *name)
{
    for (size_t i = cf->count; i-- > 0;)
        if (strcmp(cf->scales[i].name, name) == 0)
            return &cf->scales[i];
    assert(!"a dimension is made before it is used");
    return NULL;
}

/* ---- variables ---- */

/* Whole inner dimensions up to CHUNK_BYTES, one index of the outer ones. */
static void set_chunks(hid_t list, int rank, const hsize_t *length, int block, size_t bytes, int pack)
{
    hsize_t chunk[TJ_CF_RANK], room = CHUNK_BYTES / bytes;
    for (int i = rank; i-- > 0;) {
        chunk[i] = i < block ? 1 : length[i] < room ? length[i] : room;
        room = chunk[i] < length[i] ? 1 : room / chunk[i];
        room = room > 0 ? room : 1;
    }
    H5Pset_chunk(list, rank, chunk);
    if (pack)
        H5Pset_shuffle(list);
    if (pack)
        H5Pset_deflate(list, PACK_LEVEL);
}

static hid_t dataset_list(const tj_cf_spec *spec, int rank, const hsize_t *length)
{
    const double no_value = NAN;
    const int32_t no_int = TJ_CF_NO_INT;
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    if (list < 0 || H5Pset_attr_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) < 0 ||
        H5Pset_obj_track_times(list, 0) < 0)
        return -1;
    if (spec->type == TJ_CF_DOUBLE || spec->type == TJ_CF_FLOAT)
        H5Pset_fill_value(list, H5T_NATIVE_DOUBLE, &no_value);
    if (spec->type == TJ_CF_INT)
        H5Pset_fill_value(list, H5T_NATIVE_INT32, &no_int);
    if ((spec->packed || spec->chunked) && rank > 0)
        set_chunks(list, rank, length, spec->block, spec->type == TJ_CF_OCTET ? 1 : sizeof(double),
                   spec->packed);
    return list;
}

/* The bare dataset with values, before any attribute. */
static hid_t dataset(tj_cf *cf, const tj_cf_spec *spec, int rank, const hsize_t *length, const void *values)
{
    if (cf->failed)
        return -1;
    tj_hush hush = tj_hush_begin();
    hid_t space = H5Screate_simple(rank, length, NULL);
    hid_t list = dataset_list(spec, rank, length);
    hid_t made = H5Dcreate2(cf->group, spec->name, stored_type_of(cf, spec->type), space, H5P_DEFAULT, list,
                            H5P_DEFAULT);
    check(cf, made);
    if (values != NULL && !cf->failed)
        check(cf,
              H5Dwrite(made, tj_cf_memory_type(spec->type, cf->text), H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
    H5Pclose(list);
    H5Sclose(space);
    tj_hush_end(hush);
    return made;
}

static void describe(tj_cf *cf, hid_t made, const tj_cf_spec *spec)
{
    const double no_value = NAN;
    const int32_t no_int = TJ_CF_NO_INT;
    if (spec->long_name != NULL)
        tj_cf_text(cf, made, "long_name", spec->long_name);
    if (spec->units != NULL)
        tj_cf_text(cf, made, "units", spec->units);
    if (spec->unit != NULL)
        tj_cf_text(cf, made, "unit", spec->unit);
    if (strcmp(spec->name, spec->dims[0] == NULL ? "" : spec->dims[0]) == 0)
        return; /* a coordinate has a value everywhere */
    if (spec->type == TJ_CF_DOUBLE || spec->type == TJ_CF_FLOAT)
        numbers(cf, made, "_FillValue", spec->type, 1, &no_value);
    if (spec->type == TJ_CF_INT)
        numbers(cf, made, "_FillValue", TJ_CF_INT, 1, &no_int);
}

/* Marks a dataset as a dimension; netCDF knows one without values by the name that it gives the scale. */
static void make_scale(tj_cf *cf, hid_t made, const char *scale_name)
{
    if (cf->failed)
        return;
    tj_hush hush = tj_hush_begin();
    check(cf, H5DSset_scale(made, scale_name));
    tj_hush_end(hush);
}

void tj_cf_dimension(tj_cf *cf, const char *name, size_t length)
{
    char scale_name[80];
    snprintf(scale_name, sizeof scale_name, "This is a netCDF dimension but not a netCDF variable.%10zu",
             length);
    hsize_t extent = length;
    tj_cf_spec spec = {.name = name, .type = TJ_CF_OCTET};
    hid_t made = dataset(cf, &spec, 1, &extent, NULL);
    make_scale(cf, made, scale_name);
    scale_add(cf, name, length, made);
}

tj_cf_id tj_cf_coordinate(tj_cf *cf, const tj_cf_spec *spec, size_t length, const void *values)
{
    hsize_t extent = length;
    hid_t made = dataset(cf, spec, 1, &extent, values);
    make_scale(cf, made, spec->name);
    scale_add(cf, spec->name, length, made);
    describe(cf, made, spec);
    return made;
}

tj_cf_id tj_cf_variable(tj_cf *cf, const tj_cf_spec *spec, const void *values)
{
    const scale *axis[TJ_CF_RANK];
    hsize_t length[TJ_CF_RANK] = {0};
    int rank = 0;
    if (cf->failed)
        return -1;
    for (; spec->dims[rank] != NULL; rank++) {
        axis[rank] = scale_find(cf, spec->dims[rank]);
        length[rank] = axis[rank]->length;
    }
    hid_t made = dataset(cf, spec, rank, length, values);
    tj_hush hush = tj_hush_begin();
    for (int i = 0; i < rank && !cf->failed; i++)
        check(cf, H5DSattach_scale(made, axis[i]->dataset, (unsigned)i));
    tj_hush_end(hush);
    describe(cf, made, spec);
    return made;
}

void tj_cf_write(tj_cf *cf, tj_cf_id variable, const size_t *at, int block, const double *values)
{
    if (cf->failed)
        return;
    hsize_t start[TJ_CF_RANK] = {0}, length[TJ_CF_RANK];
    tj_hush hush = tj_hush_begin();
    hid_t space = H5Dget_space(variable);
    int rank = H5Sget_simple_extent_dims(space, length, NULL);
    check(cf, rank);
    for (int i = 0; i < block && i < rank; i++) {
        start[i] = at[i];
        length[i] = 1;
    }
    check(cf, H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, length, NULL));
    hid_t memory = H5Screate_simple(rank, length, NULL);
    check(cf, H5Dwrite(variable, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, values));
    H5Sclose(memory);
    H5Sclose(space);
    tj_hush_end(hush);
}
