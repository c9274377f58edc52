/* trajekt plan: what of a study counts together, and how few distinct sub-scenarios its packages hold. */
#include "engine/variant.h"
#include "io/cli/load.h"
#include "io/cli/options.h"

#include <string.h>

typedef struct dump {
    const tj_study *study;
    const tj_compiled *compiled;
    tj_library library;
    tj_arena arena;
    tj_sheet sheet;
    size_t variants, plain;
} dump;

static const tj_sheet_column columns[] = {
    {"city", "City", 0, 0},         {"sectors", "Sectors", 0, 0},
    {"kind", "Kind", 0, 0},         {"variants", "Variants", 1, 0},
    {"packages", "Packages", 1, 0}, {"measures", "Measures; those in brackets count together", 0, 0},
};

enum { TEXT = 8192 };

static void append(char *text, const char *before, const char *more)
{
    size_t used = strlen(text);
    snprintf(text + used, TEXT - used, "%s%s", before, more);
}

static void sectors_of(const dump *d, const tj_component *component, char *text)
{
    const tj_plan *plan = d->compiled->plan;
    const tj_plan_city *city = tj_plan_get_city(plan, component->city);
    text[0] = '\0';
    for (int32_t i = 0; i < component->n_cells; i++) {
        int32_t sector = tj_plan_get_cell(plan, city->cells_first + component->cells[i])->sector;
        append(text, i > 0 ? ", " : "", d->study->sectors[d->compiled->sectors[sector]].id.text);
    }
}

static int block_size(const tj_component *component, int32_t block)
{
    int size = 0;
    for (int32_t i = 0; i < component->n_measures; i++)
        size += component->block[i] == block;
    return size;
}

static void measures_of(const dump *d, const tj_component *component, char *text)
{
    const int *study = d->compiled->library.measures;
    text[0] = '\0';
    for (int32_t b = 0; b < component->n_blocks; b++) {
        int several = block_size(component, b) > 1, said = 0;
        for (int32_t i = 0; i < component->n_measures; i++) {
            if (component->block[i] != b)
                continue;
            append(text, said > 0 || b > 0 ? ", " : "", said == 0 && several ? "[" : "");
            append(text, d->study->measures[study[component->measures[i]]].id.text, "");
            said++;
        }
        append(text, several ? "]" : "", "");
    }
}

static int add_component(dump *d, const tj_component *component)
{
    char text[TEXT];
    int32_t n_packages = tj_plan_get_settings(d->compiled->plan)->n_packages;
    int32_t *variant = tj_arena_alloc(&d->arena, (size_t)n_packages, sizeof *variant);
    if (variant == NULL)
        return -1;
    int32_t count = tj_component_variants(d->compiled->plan, component, variant);
    d->variants += (size_t)count;
    d->plain += (size_t)n_packages;
    tj_sheet_text(&d->sheet, d->study->cities[d->compiled->cities[component->city]].id.text);
    sectors_of(d, component, text);
    tj_sheet_text(&d->sheet, text);
    tj_sheet_text(&d->sheet, component->n_measures == 0 ? "fixed"
                             : component->product       ? "product"
                                                        : "coupled");
    tj_sheet_number(&d->sheet, count);
    tj_sheet_number(&d->sheet, n_packages);
    measures_of(d, component, text);
    tj_sheet_text(&d->sheet, text);
    return 0;
}

static tj_exit add_city(dump *d, int32_t city)
{
    tj_component *components;
    size_t count;
    tj_status status = tj_components_find(&d->library, city, &d->arena, &components, &count);
    for (size_t i = 0; i < count && status == TJ_OK; i++)
        status = add_component(d, &components[i]) == 0 ? TJ_OK : TJ_ERR_MEMORY;
    return status == TJ_OK ? TJ_EXIT_OK : tj_fail(tj_exit_of(status), "memory ran out");
}

static tj_exit dump_plan(const tj_common *o, tj_loaded *loaded)
{
    dump d = {.study = &loaded->study, .compiled = &loaded->compiled};
    const tj_plan *plan = loaded->compiled.plan;
    tj_exit code = TJ_EXIT_OK;
    d.library =
        tj_library_of(plan, loaded->compiled.library.n_measures, loaded->compiled.library.in_reference);
    tj_arena_init(&d.arena);
    tj_sheet_init(&d.sheet, columns, sizeof columns / sizeof *columns);
    for (int32_t c = 0; c < tj_plan_get_settings(plan)->n_cities && code == TJ_EXIT_OK; c++)
        code = add_city(&d, c);
    if (code == TJ_EXIT_OK)
        code = tj_exit_of(o->format->write(&d.sheet, stdout));
    if (code == TJ_EXIT_OK)
        fprintf(stderr,
                "%zu distinct variants of sectors stand for %zu in the study's %d packages, under each "
                "background: %.0f %% need not be evaluated again\n",
                d.variants, d.plain, tj_plan_get_settings(plan)->n_packages,
                d.plain > 0 ? 100 - 100 * (double)d.variants / (double)d.plain : 0.0);
    tj_sheet_free(&d.sheet);
    tj_arena_free(&d.arena);
    return code;
}

static tj_exit run(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"format", TJ_OPT_FORMAT, "FORMAT", 0, "table (default), csv or json", 0},
        {0},
    };
    const struct argp argp = {
        .options = options,
        .parser = tj_common_parser,
        .args_doc = "STUDY",
        .doc = "Shows which sectors and measures of a study count together, over the whole measure "
               "library, and how many variants of each the packages hold. In a product every measure (or "
               "bracket) is a factor of its own on the sector's emissions; in what is coupled all measures "
               "count together.\v"
               "Example:\n"
               "  trajekt plan scenarios/alliance"};
    tj_common o = TJ_COMMON(TJ_WHICH_STUDY);
    tj_loaded loaded;
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    tj_loaded_init(&loaded);
    tj_exit code = tj_loaded_read(&loaded, o.path);
    if (code == TJ_EXIT_OK)
        code = tj_exit_of(tj_compile_library(&loaded.study, &loaded.diags, &loaded.compiled));
    tj_loaded_say(&loaded, TJ_WARNING);
    if (code == TJ_EXIT_OK)
        code = dump_plan(&o, &loaded);
    tj_loaded_free(&loaded);
    return code;
}

const tj_command tj_cmd_plan = {"plan", "STUDY", "shows which sectors and measures count together", run};
