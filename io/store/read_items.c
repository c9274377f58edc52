/* What a result says of the items of its axes, and its attributes.
 *
 * A variable over one axis named "<axis>_<key>" is a column of that axis, whatever its key: a column
 * added to the writer needs no line here. */
#include "io/store/read.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const axes[] = {"background", "package", "city",   "group",
                                   "sector",     "gas",     "target", "row"};

enum { AXES = sizeof axes / sizeof *axes };

/* The axis of a column by the column's name, and where its key begins; NULL for no column. */
static const char *axis_of(const char *name, const char **key)
{
    for (size_t a = 0; a < AXES; a++) {
        size_t length = strlen(axes[a]);
        if (strncmp(name, axes[a], length) == 0 && name[length] == '_') {
            *key = name + length + 1;
            return axes[a];
        }
    }
    return NULL;
}

/* Numbers become doubles, NaN where there is none. */
static int read_numbers(tj_results *r, const char *name, const tj_cf_shape *shape, double *numbers)
{
    size_t count = shape->length[0];
    if (shape->type == TJ_CF_DOUBLE)
        return tj_cf_read(r->source, name, shape, numbers);
    int32_t *whole = tj_arena_alloc(&r->arena, count, sizeof *whole);
    if (whole == NULL || tj_cf_read(r->source, name, shape, whole) != 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        numbers[i] = whole[i] == TJ_CF_NO_INT ? NAN : whole[i];
    return 0;
}

static tj_status read_column(tj_results *r, const char *name, const tj_cf_shape *shape, tj_column *column)
{
    int failed;
    column->count = shape->length[0];
    if (shape->type == TJ_CF_TEXT) {
        column->texts = tj_arena_alloc(&r->arena, column->count, sizeof *column->texts);
        if (column->texts == NULL)
            return tj_results_no_memory(r);
        failed = tj_cf_read_texts(r->source, name, shape, &r->arena, column->texts);
    } else {
        column->numbers = tj_arena_alloc(&r->arena, column->count, sizeof *column->numbers);
        if (column->numbers == NULL)
            return tj_results_no_memory(r);
        failed = read_numbers(r, name, shape, column->numbers);
    }
    return failed ? tj_results_refuse(r, "'%s' cannot be read; the file is damaged", name) : TJ_OK;
}

static tj_status load_column(tj_results *r, const char *name)
{
    const char *key, *axis = axis_of(name, &key);
    tj_cf_shape shape;
    if (axis == NULL || tj_cf_shape_of(r->source, name, &shape) != 0 || shape.rank != 1)
        return TJ_OK;
    if (shape.length[0] != tj_results_axis(r, axis) || shape.type == TJ_CF_BYTE || shape.type == TJ_CF_OCTET)
        return tj_results_refuse(r, "'%s' does not fit its axis", name);
    tj_column *columns =
        tj_arena_grow(&r->arena, r->columns, r->columns_count, &r->columns_capacity, sizeof *r->columns);
    if (columns == NULL)
        return tj_results_no_memory(r);
    r->columns = columns;
    tj_column *column = &columns[r->columns_count];
    *column = (tj_column){.axis = axis, .key = key};
    tj_status status = read_column(r, name, &shape, column);
    r->columns_count += status == TJ_OK;
    return status;
}

static const tj_column *column_find(const tj_results *r, const char *axis, const char *key)
{
    for (size_t i = 0; i < r->columns_count; i++)
        if (strcmp(r->columns[i].axis, axis) == 0 && strcmp(r->columns[i].key, key) == 0)
            return &r->columns[i];
    return NULL;
}

tj_status tj_results_load_items(tj_results *r)
{
    const char **names;
    size_t count;
    if (tj_cf_variables(r->source, &r->arena, &names, &count) != 0)
        return tj_results_refuse(r, "its variables cannot be listed; the file is damaged");
    for (size_t i = 0; i < count; i++) {
        tj_status status = load_column(r, names[i]);
        if (status != TJ_OK)
            return status;
    }
    for (size_t a = 0; a < AXES; a++) {
        const tj_column *id = column_find(r, axes[a], "id");
        if (tj_results_axis(r, axes[a]) > 0 && (id == NULL || id->texts == NULL))
            return tj_results_refuse(r, "'%s_id' is missing", axes[a]);
    }
    return TJ_OK;
}

/* ---- attributes of the file ---- */

static const char *attribute_value(tj_results *r, const char *key)
{
    double number;
    const char *text = tj_cf_text_of(r->source, "/", key, &r->arena);
    if (text != NULL || tj_cf_number_of(r->source, "/", key, &number) != 0)
        return text;
    char digits[40];
    snprintf(digits, sizeof digits, "%.15g", number);
    return tj_arena_text(&r->arena, digits, strlen(digits));
}

tj_status tj_results_load_attributes(tj_results *r)
{
    const char **names;
    size_t count;
    if (tj_cf_attributes(r->source, &r->arena, &names, &count) != 0)
        return tj_results_refuse(r, "its attributes cannot be listed; the file is damaged");
    r->attributes = tj_arena_alloc(&r->arena, count, sizeof *r->attributes);
    if (r->attributes == NULL)
        return tj_results_no_memory(r);
    for (size_t i = 0; i < count; i++)
        r->attributes[i] = (tj_pair){names[i], attribute_value(r, names[i])};
    r->attributes_count = count;
    return TJ_OK;
}

const char *tj_results_attribute(const tj_results *r, const char *key)
{
    for (size_t i = 0; i < r->attributes_count; i++)
        if (strcmp(r->attributes[i].key, key) == 0)
            return r->attributes[i].value;
    return NULL;
}

/* ---- items ---- */

const char *tj_results_item_text(const tj_results *r, const char *axis, size_t index, const char *key)
{
    const tj_column *column = column_find(r, axis, key);
    if (column == NULL || column->texts == NULL)
        return NULL;
    assert(index < column->count);
    return column->texts[index][0] != '\0' ? column->texts[index] : NULL;
}

double tj_results_item_number(const tj_results *r, const char *axis, size_t index, const char *key)
{
    const tj_column *column = column_find(r, axis, key);
    if (column == NULL || column->numbers == NULL)
        return NAN;
    assert(index < column->count);
    return column->numbers[index];
}

const char *tj_results_id(const tj_results *r, const char *axis, size_t index)
{
    const tj_column *column = column_find(r, axis, "id");
    assert(column != NULL && index < column->count);
    return column->texts[index];
}

const char *tj_results_label(const tj_results *r, const char *axis, size_t index, const char *language)
{
    char key[32];
    snprintf(key, sizeof key, "label_%s", language);
    const char *label = tj_results_item_text(r, axis, index, key);
    if (label == NULL)
        label = tj_results_item_text(r, axis, index, "label_en");
    return label != NULL ? label : tj_results_id(r, axis, index);
}
