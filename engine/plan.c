/* The plan image: building, laying out and reading; see plan.h.
 *
 * Invariant of a finished image: sections lie in order after the head, each at a multiple of
 * ALIGN bytes, and the gaps are zero, so equal plans are equal bytes. */
#include "engine/plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = 64, PLAN_VERSION = 2 };

static const size_t item_size[TJ_SECTIONS] = {
    [TJ_SECTION_SETTINGS] = sizeof(tj_plan_settings),
    [TJ_SECTION_PARAMS] = sizeof(tj_plan_param),
    [TJ_SECTION_CITIES] = sizeof(tj_plan_city),
    [TJ_SECTION_CELLS] = sizeof(tj_plan_cell),
    [TJ_SECTION_DRIVERS] = sizeof(tj_plan_driver),
    [TJ_SECTION_SHARES] = sizeof(tj_plan_shares),
    [TJ_SECTION_EFFECTS] = sizeof(tj_plan_effect),
    [TJ_SECTION_SLICES] = sizeof(tj_plan_slice),
    [TJ_SECTION_GROUPS] = sizeof(tj_plan_group),
    [TJ_SECTION_VIEWS] = sizeof(tj_plan_view),
    [TJ_SECTION_TARGETS] = sizeof(tj_plan_target),
    [TJ_SECTION_TERMS] = sizeof(tj_term),
    [TJ_SECTION_NUMBERS] = sizeof(double),
    [TJ_SECTION_BYTES] = sizeof(uint8_t),
    [TJ_SECTION_QUANTILES] = sizeof(double),
    [TJ_SECTION_COPULAS] = sizeof(tj_plan_copula),
    [TJ_SECTION_MEMBERS] = sizeof(tj_plan_member),
    [TJ_SECTION_FLEETS] = sizeof(tj_plan_fleet),
    [TJ_SECTION_TECHNOLOGIES] = sizeof(tj_plan_technology),
    [TJ_SECTION_BURNERS] = sizeof(tj_plan_burner),
    [TJ_SECTION_CARRIERS] = sizeof(tj_plan_carrier),
    [TJ_SECTION_SOURCES] = sizeof(tj_plan_source),
    [TJ_SECTION_WASTES] = sizeof(tj_plan_waste),
    [TJ_SECTION_ROWS] = sizeof(tj_plan_row),
    [TJ_SECTION_LIBRARY] = sizeof(tj_plan_slice),
};

struct tj_plan_builder {
    struct {
        unsigned char *items;
        size_t count, capacity;
    } section[TJ_SECTIONS];
    int memory_short;
};

/* ---- reading ---- */

size_t tj_plan_most_cells(const tj_plan *plan)
{
    int32_t most = 1;
    for (int32_t c = 0; c < tj_plan_get_settings(plan)->n_cities; c++) {
        int32_t count = tj_plan_get_city(plan, c)->cells_count;
        most = count > most ? count : most;
    }
    return (size_t)most;
}

tj_plan_slice tj_plan_city_drivers(const tj_plan *plan, int32_t city)
{
    const tj_plan_city *c = tj_plan_get_city(plan, city);
    tj_plan_slice drivers = {0, 0};
    if (c->cells_count == 0)
        return drivers;
    drivers.first = tj_plan_get_cell(plan, c->cells_first)->drivers_first;
    for (int32_t k = 0; k < c->cells_count; k++)
        drivers.count += tj_plan_get_cell(plan, c->cells_first + k)->drivers_count;
    return drivers;
}

size_t tj_plan_size(const tj_plan *plan)
{
    return plan->head.size;
}

/* ---- building ---- */

tj_plan_builder *tj_plan_builder_create(void)
{
    return calloc(1, sizeof(tj_plan_builder));
}

void tj_plan_builder_free(tj_plan_builder *builder)
{
    if (builder == NULL)
        return;
    for (int s = 0; s < TJ_SECTIONS; s++)
        free(builder->section[s].items);
    free(builder);
}

int32_t tj_plan_add(tj_plan_builder *builder, tj_section section, const void *items, size_t count)
{
    size_t size = item_size[section], held = builder->section[section].count;
    assert(held + count <= INT32_MAX);
    if (held + count > builder->section[section].capacity) {
        size_t capacity = 2 * (held + count) + 16;
        unsigned char *larger = realloc(builder->section[section].items, capacity * size);
        if (larger == NULL) {
            builder->memory_short = 1;
            return TJ_NONE;
        }
        builder->section[section].items = larger;
        builder->section[section].capacity = capacity;
    }
    if (count > 0)
        memcpy(builder->section[section].items + held * size, items, count * size);
    builder->section[section].count = held + count;
    return (int32_t)held;
}

void *tj_plan_items(tj_plan_builder *builder, tj_section section, size_t *count)
{
    if (count != NULL)
        *count = builder->section[section].count;
    return builder->section[section].items;
}

static size_t aligned(size_t bytes)
{
    return (bytes + ALIGN - 1) / ALIGN * ALIGN;
}

tj_status tj_plan_finish(tj_plan_builder *builder, tj_plan **plan)
{
    if (builder->memory_short)
        return TJ_ERR_MEMORY;
    tj_plan_head head = {
        .magic = {'t', 'r', 'a', 'j', 'p', 'l', 'a', 'n'}, .version = PLAN_VERSION, .byte_order = 0x01020304};
    size_t offset = aligned(sizeof head);
    for (int s = 0; s < TJ_SECTIONS; s++) {
        head.section[s].offset = offset;
        head.section[s].count = builder->section[s].count;
        offset = aligned(offset + builder->section[s].count * item_size[s]);
    }
    head.size = offset;
    unsigned char *image = aligned_alloc(ALIGN, offset);
    if (image == NULL)
        return TJ_ERR_MEMORY;
    memset(image, 0, offset);
    memcpy(image, &head, sizeof head);
    for (int s = 0; s < TJ_SECTIONS; s++)
        if (builder->section[s].count > 0)
            memcpy(image + head.section[s].offset, builder->section[s].items,
                   builder->section[s].count * item_size[s]);
    *plan = (tj_plan *)image;
    return TJ_OK;
}

void tj_plan_free(tj_plan *plan)
{
    free(plan);
}
