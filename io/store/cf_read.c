/* Reading netCDF-4 by plain HDF5; see cf_read.h. */
#include "io/store/cf_read.h"
#include "io/store/cf_types.h"

#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

struct tj_cf_source {
    hid_t file, access, driver, text;
};

/* No text of an attribute is longer; more is damage. */
enum { TEXT_MOST = 1 << 20 };

tj_cf_source *tj_cf_open(const tj_driver_target *target)
{
    tj_cf_source *source = calloc(1, sizeof *source);
    if (source == NULL)
        return NULL;
    tj_hush hush = tj_hush_begin();
    source->access = tj_driver_access(target, &source->driver);
    source->text = tj_cf_make_text_type();
    source->file = H5Fopen("result", H5F_ACC_RDONLY, source->access);
    tj_hush_end(hush);
    if (source->file < 0) {
        tj_cf_source_close(source);
        return NULL;
    }
    return source;
}

void tj_cf_source_close(tj_cf_source *source)
{
    if (source == NULL)
        return;
    tj_hush hush = tj_hush_begin();
    if (source->file >= 0)
        H5Fclose(source->file);
    if (source->text >= 0)
        H5Tclose(source->text);
    if (source->access >= 0)
        tj_driver_free(source->access, source->driver);
    tj_hush_end(hush);
    free(source);
}

/* ---- shapes ---- */

static int type_of(hid_t type, tj_cf_type *kind)
{
    H5T_class_t class = H5Tget_class(type);
    size_t size = H5Tget_size(type);
    if (class == H5T_FLOAT && size == sizeof(double))
        *kind = TJ_CF_DOUBLE;
    else if (class == H5T_INTEGER && size == sizeof(int32_t))
        *kind = TJ_CF_INT;
    else if (class == H5T_INTEGER && size == 1)
        *kind = H5Tget_sign(type) == H5T_SGN_NONE ? TJ_CF_OCTET : TJ_CF_BYTE;
    else if (class == H5T_STRING && H5Tis_variable_str(type) > 0)
        *kind = TJ_CF_TEXT;
    else
        return -1;
    return 0;
}

static int extents_of(hid_t dataset, tj_cf_shape *shape)
{
    hsize_t length[H5S_MAX_RANK];
    hid_t space = H5Dget_space(dataset);
    int rank = H5Sget_simple_extent_dims(space, length, NULL);
    H5Sclose(space);
    if (rank < 0 || rank > TJ_CF_RANK)
        return -1;
    shape->rank = rank;
    for (int i = 0; i < rank; i++)
        shape->length[i] = (size_t)length[i];
    return 0;
}

int tj_cf_shape_of(const tj_cf_source *source, const char *path, tj_cf_shape *shape)
{
    tj_hush hush = tj_hush_begin();
    hid_t dataset = H5Dopen2(source->file, path, H5P_DEFAULT);
    int result = -1;
    if (dataset >= 0) {
        hid_t type = H5Dget_type(dataset);
        result = type_of(type, &shape->type) == 0 ? extents_of(dataset, shape) : -1;
        H5Tclose(type);
        H5Dclose(dataset);
    }
    tj_hush_end(hush);
    return result;
}

/* ---- values ---- */

int tj_cf_read(const tj_cf_source *source, const char *path, const tj_cf_shape *shape, void *values)
{
    tj_hush hush = tj_hush_begin();
    hid_t dataset = H5Dopen2(source->file, path, H5P_DEFAULT);
    herr_t result = -1;
    if (dataset >= 0) {
        result = H5Dread(dataset, tj_cf_memory_type(shape->type, source->text), H5S_ALL, H5S_ALL, H5P_DEFAULT,
                         values);
        H5Dclose(dataset);
    }
    tj_hush_end(hush);
    return result < 0 ? -1 : 0;
}

int tj_cf_read_block(const tj_cf_source *source, const char *path, const size_t *at, int block,
                     double *values)
{
    hsize_t start[H5S_MAX_RANK] = {0}, length[H5S_MAX_RANK];
    tj_hush hush = tj_hush_begin();
    hid_t dataset = H5Dopen2(source->file, path, H5P_DEFAULT);
    hid_t space = H5Dget_space(dataset);
    int rank = H5Sget_simple_extent_dims(space, length, NULL);
    for (int i = 0; i < block && i < rank; i++) {
        start[i] = at[i];
        length[i] = 1;
    }
    herr_t result = -1;
    if (rank >= block && H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, length, NULL) >= 0) {
        hid_t memory = H5Screate_simple(rank, length, NULL);
        result = H5Dread(dataset, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, values);
        H5Sclose(memory);
    }
    H5Sclose(space);
    H5Dclose(dataset);
    tj_hush_end(hush);
    return result < 0 ? -1 : 0;
}

int tj_cf_read_texts(const tj_cf_source *source, const char *path, const tj_cf_shape *shape, tj_arena *arena,
                     const char **values)
{
    size_t count = 1;
    for (int i = 0; i < shape->rank; i++)
        count *= shape->length[i];
    char **read = calloc(count + 1, sizeof *read);
    int result = read != NULL ? tj_cf_read(source, path, shape, read) : -1;
    for (size_t i = 0; result == 0 && i < count; i++) {
        const char *text = read[i] != NULL ? read[i] : "";
        values[i] = tj_arena_text(arena, text, strlen(text));
        if (values[i] == NULL)
            result = -1;
    }
    for (size_t i = 0; read != NULL && i < count; i++)
        H5free_memory(read[i]);
    free(read);
    return result;
}

/* ---- names ---- */

typedef struct name_list {
    tj_arena *arena;
    const char **names;
    size_t count, capacity;
} name_list;

static herr_t name_add(name_list *list, const char *name)
{
    const char **grown =
        tj_arena_grow(list->arena, list->names, list->count, &list->capacity, sizeof *list->names);
    char *copy = tj_arena_text(list->arena, name, strlen(name));
    if (grown == NULL || copy == NULL)
        return -1;
    list->names = grown;
    list->names[list->count++] = copy;
    return 0;
}

/* Only what lies in the file itself: a soft or external link is none of ours. */
static herr_t link_visit(hid_t group, const char *name, const H5L_info_t *info, void *context)
{
    H5O_info_t object;
    if (info->type != H5L_TYPE_HARD)
        return 0;
    if (H5Oget_info_by_name2(group, name, &object, H5O_INFO_BASIC, H5P_DEFAULT) < 0)
        return -1;
    return object.type == H5O_TYPE_DATASET ? name_add(context, name) : 0;
}

static herr_t attribute_visit(hid_t object, const char *name, const H5A_info_t *info, void *context)
{
    (void)object, (void)info;
    return name_add(context, name);
}

static int names_result(herr_t result, const name_list *list, const char ***names, size_t *count)
{
    *names = list->names;
    *count = list->count;
    return result < 0 ? -1 : 0;
}

/* Native order, because in any other HDF5 1.10 builds a table first, and on damage frees it unfilled. */
int tj_cf_variables(const tj_cf_source *source, tj_arena *arena, const char ***names, size_t *count)
{
    name_list list = {.arena = arena};
    tj_hush hush = tj_hush_begin();
    herr_t result = H5Literate(source->file, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, link_visit, &list);
    tj_hush_end(hush);
    return names_result(result, &list, names, count);
}

int tj_cf_attributes(const tj_cf_source *source, tj_arena *arena, const char ***names, size_t *count)
{
    name_list list = {.arena = arena};
    tj_hush hush = tj_hush_begin();
    herr_t result = H5Aiterate2(source->file, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, attribute_visit, &list);
    tj_hush_end(hush);
    return names_result(result, &list, names, count);
}

/* ---- attributes ---- */

static char *text_value(hid_t attribute, hid_t type, tj_arena *arena)
{
    size_t size = H5Tget_size(type);
    if (H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0 || size == 0 || size > TEXT_MOST)
        return NULL;
    hid_t space = H5Aget_space(attribute);
    hssize_t points = H5Sget_simple_extent_npoints(space);
    H5Sclose(space);
    char *text = points == 1 ? tj_arena_alloc(arena, size + 1, 1) : NULL;
    return text != NULL && H5Aread(attribute, type, text) >= 0 ? text : NULL;
}

const char *tj_cf_text_of(const tj_cf_source *source, const char *path, const char *key, tj_arena *arena)
{
    tj_hush hush = tj_hush_begin();
    hid_t attribute = H5Aopen_by_name(source->file, path, key, H5P_DEFAULT, H5P_DEFAULT);
    char *text = NULL;
    if (attribute >= 0) {
        hid_t type = H5Aget_type(attribute);
        text = text_value(attribute, type, arena);
        H5Tclose(type);
        H5Aclose(attribute);
    }
    tj_hush_end(hush);
    return text;
}

static int number_value(hid_t attribute, double *value)
{
    hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    H5T_class_t class = H5Tget_class(type);
    hssize_t points = H5Sget_simple_extent_npoints(space);
    H5Tclose(type);
    H5Sclose(space);
    if ((class != H5T_FLOAT && class != H5T_INTEGER) || points != 1)
        return -1;
    return H5Aread(attribute, H5T_NATIVE_DOUBLE, value) < 0 ? -1 : 0;
}

int tj_cf_number_of(const tj_cf_source *source, const char *path, const char *key, double *value)
{
    tj_hush hush = tj_hush_begin();
    hid_t attribute = H5Aopen_by_name(source->file, path, key, H5P_DEFAULT, H5P_DEFAULT);
    int result = -1;
    if (attribute >= 0) {
        result = number_value(attribute, value);
        H5Aclose(attribute);
    }
    tj_hush_end(hush);
    return result;
}
