/* Components of a city and the blocks of measures within them; see variant.h. */
#include "engine/ties.h"
#include "engine/variant.h"

#include <assert.h>

typedef struct finding {
    const tj_library *library;
    const tj_plan *plan;
    const tj_plan_city *city;
    const tj_plan_effect *effects; /* of the library in the city */
    int32_t n_effects;
    int32_t *cell_set;    /* by number of the cell in the city */
    int32_t *measure_set; /* by rank */
    uint8_t *present;     /* by rank: its presence changes the component at hand */
} finding;

static int32_t cell_number(const finding *f, int32_t driver)
{
    return tj_plan_get_driver(f->plan, driver)->cell - f->city->cells_first;
}

/* ---- measures ---- */

static int within(const finding *f, const tj_plan_effect *effect, int32_t component)
{
    return f->cell_set[cell_number(f, effect->driver)] == component;
}

static int in_reference(const finding *f, int32_t measure)
{
    const uint8_t *held = f->library->in_reference;
    int32_t city = (int32_t)(f->city - tj_plan_get_city(f->plan, 0));
    return held != NULL && held[city * f->library->n_measures + measure] != 0;
}

/* Is the cell's emission without measures times a factor of each effect? Then the effect scales its activity or
 * intensity, and neither can be cut off but at zero. */
static int multiplies(const finding *f, const tj_plan_effect *effect)
{
    const tj_plan_driver *driver = tj_plan_get_driver(f->plan, effect->driver);
    const tj_plan_cell *cell = tj_plan_get_cell(f->plan, driver->cell);
    if (cell->method != TJ_METHOD_TREND && cell->method != TJ_METHOD_INTENSITY)
        return 0;
    if (in_reference(f, effect->measure) && (effect->overlap != TJ_NONE || effect->factors_count > 0))
        return 0;
    return effect->op == TJ_OP_SCALE && effect->driver - cell->drivers_first < 2 && driver->flags == 0;
}

static void tie_measures(const finding *f, int32_t component)
{
    const tj_term *terms = tj_plan_section(f->plan, TJ_SECTION_TERMS, NULL);
    for (int32_t m = 0; m < f->library->n_measures; m++) {
        f->measure_set[m] = m;
        f->present[m] = 0;
    }
    for (int32_t e = 0; e < f->n_effects; e++) {
        const tj_plan_effect *effect = &f->effects[e];
        if (!within(f, effect, component))
            continue;
        f->present[effect->measure] = 1;
        for (int32_t i = 0; i < effect->factors_count; i++) {
            f->present[terms[effect->factors_first + i].partner] = 1;
            tj_ties_unite(f->measure_set, effect->measure, terms[effect->factors_first + i].partner);
        }
        for (int32_t other = 0; other < e; other++)
            if (effect->overlap != TJ_NONE && f->effects[other].driver == effect->driver &&
                f->effects[other].overlap == effect->overlap)
                tj_ties_unite(f->measure_set, effect->measure, f->effects[other].measure);
    }
}

static int is_product(const finding *f, int32_t component)
{
    int32_t cells = 0;
    for (int32_t k = 0; k < f->city->cells_count; k++)
        cells += f->cell_set[k] == component;
    int product = cells == 1;
    for (int32_t e = 0; e < f->n_effects; e++)
        if (within(f, &f->effects[e], component))
            product = product && multiplies(f, &f->effects[e]);
    return product;
}

/* ---- laying out ---- */

static tj_status lay_out_cells(const finding *f, int32_t root, tj_arena *arena, tj_component *component)
{
    int32_t *cells = tj_arena_alloc(arena, (size_t)f->city->cells_count, sizeof *cells);
    if (cells == NULL)
        return TJ_ERR_MEMORY;
    for (int32_t k = 0; k < f->city->cells_count; k++)
        if (f->cell_set[k] == root)
            cells[component->n_cells++] = k;
    component->cells = cells;
    return TJ_OK;
}

/* Blocks are numbered by their least measures. */
static tj_status lay_out_measures(const finding *f, tj_arena *arena, tj_component *component)
{
    size_t most = (size_t)f->library->n_measures + 1;
    int32_t *measures = tj_arena_alloc(arena, most, sizeof *measures);
    int32_t *block = tj_arena_alloc(arena, most, sizeof *block);
    if (measures == NULL || block == NULL)
        return TJ_ERR_MEMORY;
    component->measures = measures;
    component->block = block;
    for (int32_t m = 0; m < f->library->n_measures; m++) {
        if (!f->present[m])
            continue;
        int32_t i = component->n_measures++, root = tj_ties_root(f->measure_set, m);
        measures[i] = m;
        block[i] = component->product ? component->n_blocks : 0;
        for (int32_t other = 0; other < i && component->product; other++)
            if (tj_ties_root(f->measure_set, measures[other]) == root)
                block[i] = block[other];
        component->n_blocks = block[i] >= component->n_blocks ? block[i] + 1 : component->n_blocks;
    }
    return TJ_OK;
}

static tj_status lay_out(const finding *f, int32_t root, tj_arena *arena, tj_component *component)
{
    tie_measures(f, root);
    *component = (tj_component){.product = is_product(f, root)};
    component->city = (int32_t)(f->city - tj_plan_get_city(f->plan, 0));
    tj_status status = lay_out_cells(f, root, arena, component);
    return status == TJ_OK ? lay_out_measures(f, arena, component) : status;
}

tj_status tj_components_find(const tj_library *library, int32_t city, tj_arena *arena,
                             tj_component **components, size_t *count)
{
    finding f = {.library = library, .plan = library->plan, .city = tj_plan_get_city(library->plan, city)};
    const tj_plan_effect *all = tj_plan_section(f.plan, TJ_SECTION_EFFECTS, NULL);
    size_t n_cells = (size_t)f.city->cells_count + 1, n_measures = (size_t)library->n_measures + 1;
    assert(library->slices != NULL);
    f.effects = all + library->slices[city].first;
    f.n_effects = library->slices[city].count;
    f.cell_set = tj_arena_alloc(arena, n_cells, sizeof *f.cell_set);
    f.measure_set = tj_arena_alloc(arena, n_measures, sizeof *f.measure_set);
    f.present = tj_arena_alloc(arena, n_measures, sizeof *f.present);
    *components = tj_arena_alloc(arena, n_cells, sizeof **components);
    *count = 0;
    if (f.cell_set == NULL || f.measure_set == NULL || f.present == NULL || *components == NULL)
        return TJ_ERR_MEMORY;
    tj_ties_start(f.plan, city, f.cell_set);
    tj_ties_add(f.plan, city, library->slices[city], f.cell_set);
    tj_ties_settle(f.city->cells_count, f.cell_set);
    tj_status status = TJ_OK;
    for (int32_t k = 0; k < f.city->cells_count && status == TJ_OK; k++)
        if (f.cell_set[k] == k)
            status = lay_out(&f, k, arena, &(*components)[(*count)++]);
    return status;
}
