/* Compile: the phases in order, then the image. See compile.h and lower.h. */
#include "scenarios/compile.h"
#include "scenarios/lower.h"

#include <string.h>

#include "engine/design.h"
#include "engine/threefry.h"

static const double QUANTILES[] = {0.05, 0.25, 0.5, 0.75, 0.95};
enum { DRAWS_DEFAULT = 1000, DRAWS_MOST = 100000000 };

/* Every parameter with its stream; two names of one stream would be one draw, so they are an error. */
static void add_params(tj_lowering *low)
{
    low->out->params = tj_lower_alloc(low, low->params_count + 1, sizeof *low->out->params);
    for (size_t i = 0; !low->memory_short && i < low->params_count; i++) {
        const tj_param_work *work = &low->params[i];
        tj_plan_param param = {.stream = tj_stream(work->name), .kind = (int32_t)work->dist.kind};
        memcpy(param.p, work->dist.p, sizeof param.p);
        if (work->dist.kind == TJ_DIST_DISCRETE) {
            param.values_first =
                tj_plan_add(low->builder, TJ_SECTION_NUMBERS, work->dist.values, work->dist.count);
            tj_plan_add(low->builder, TJ_SECTION_NUMBERS, work->dist.weights, work->dist.count);
            param.values_count = (int32_t)work->dist.count;
        }
        for (size_t k = 0; k < i; k++)
            if (tj_stream(low->params[k].name) == param.stream &&
                strcmp(low->params[k].name, work->name) != 0)
                TJ_LOWER_ERROR(low, low->study->mark,
                               "the parameters '%s' and '%s' have the same hash: rename one",
                               low->params[k].name, work->name);
        low->out->params[i] = work->name;
        tj_plan_add(low->builder, TJ_SECTION_PARAMS, &param, 1);
    }
}

static void add_quantiles(tj_lowering *low)
{
    const tj_study *study = low->study;
    int median = study->quantiles_count == 0;
    for (size_t i = 0; i < study->quantiles_count; i++) {
        const tj_quantity *q = &study->quantiles[i];
        if (!tj_lower_check(low, q, (tj_dimension){{0}}, 0, 1, "quantile"))
            continue;
        double p = q->dist.p[0];
        if (q->dist.kind != TJ_DIST_FIXED || p <= 0 || p >= 1)
            TJ_LOWER_ERROR(low, q->mark, "quantile '%s' is not between 0 and 100 %%", q->written);
        else if (i > 0 && p <= study->quantiles[i - 1].dist.p[0])
            TJ_LOWER_ERROR(low, q->mark, "quantile '%s' does not come after '%s'", q->written,
                           study->quantiles[i - 1].written);
        median = median || p == 0.5;
        tj_plan_add(low->builder, TJ_SECTION_QUANTILES, &p, 1);
    }
    if (study->quantiles_count == 0)
        tj_plan_add(low->builder, TJ_SECTION_QUANTILES, QUANTILES, sizeof QUANTILES / sizeof *QUANTILES);
    if (!median)
        TJ_LOWER_ERROR(low, study->quantiles[0].mark, "the quantiles leave out 50 %%, the median");
}

static size_t items(const tj_lowering *low, tj_section section)
{
    size_t count;
    tj_plan_items(low->builder, section, &count);
    return count;
}

/* What the design asks of the number of draws and of parameters. */
static void check_design(tj_lowering *low, size_t draws)
{
    const tj_design *design = &tj_designs[low->design];
    tj_name name = low->study->design;
    size_t next = design->draws(draws), streams = 0;
    if (next != draws)
        TJ_LOWER_ERROR(low, low->study->draws.mark.file != NULL ? low->study->draws.mark : name.mark,
                       "draws: found %zu; the design '%s' needs %s: the next is %zu", draws, design->name,
                       design->draws_rule, next);
    for (size_t i = 0; i < low->params_count && design->dimensions > 0; i++) {
        size_t k = 0;
        while (strcmp(low->params[k].name, low->params[i].name) != 0)
            k++;
        streams += k == i;
    }
    if (streams > design->dimensions)
        TJ_LOWER_ERROR(
            low, name.mark,
            "the design '%s' has room for %zu uncertain parameters; the study has %zu ('%s' has no "
            "limit)",
            design->name, design->dimensions, streams, tj_designs[TJ_DESIGN_LATIN].name);
}

static void add_settings(tj_lowering *low)
{
    const tj_study *study = low->study;
    int64_t draws = study->draws.mark.file == NULL ? DRAWS_DEFAULT : study->draws.value;
    if (draws < 1 || draws > DRAWS_MOST)
        TJ_LOWER_ERROR(low, study->draws.mark, "draws: found %lld, expected 1 to %d", (long long)draws,
                       DRAWS_MOST);
    else
        check_design(low, (size_t)draws);
    tj_plan_settings settings = {.seed = study->seed.value,
                                 .first_year = low->first_year,
                                 .last_year = low->last_year,
                                 .base_year = low->base_year,
                                 .n_years = low->n_years,
                                 .n_backgrounds = low->n_backgrounds,
                                 .n_packages = low->n_packages,
                                 .n_cities = low->n_cities,
                                 .n_cells = low->n_cells,
                                 .n_sectors = low->n_sectors,
                                 .n_drivers = (int32_t)low->drivers_count,
                                 .n_groups = low->n_groups,
                                 .n_views = (int32_t)items(low, TJ_SECTION_VIEWS),
                                 .n_targets = (int32_t)items(low, TJ_SECTION_TARGETS),
                                 .n_quantiles = (int32_t)items(low, TJ_SECTION_QUANTILES),
                                 .n_gases = low->n_gases,
                                 .n_rows = (int32_t)low->rows_count,
                                 .n_carriers = (int32_t)study->carriers_count,
                                 .reference_package = low->reference_package,
                                 .current_policies = TJ_NONE,
                                 .draws = (int32_t)draws,
                                 .design = low->design};
    for (int b = 0; b < low->n_backgrounds; b++)
        if (low->out->backgrounds[b] == low->current_policies)
            settings.current_policies = b;
    tj_plan_add(low->builder, TJ_SECTION_SETTINGS, &settings, 1);
}

/* Share groups follow their drivers, which follow their cells, which follow their cities. */
static void span_shares(tj_lowering *low)
{
    size_t count;
    const tj_plan_shares *shares = tj_plan_items(low->builder, TJ_SECTION_SHARES, &count);
    for (size_t i = 0; i < count; i++) {
        tj_plan_city *city = &low->cities[low->drivers[shares[i].drivers_first].city];
        city->shares_first = city->shares_count++ == 0 ? (int32_t)i : city->shares_first;
    }
}

static void add_places(tj_lowering *low)
{
    span_shares(low);
    for (int c = 0; c < low->n_cities; c++)
        low->cities[c].last_inventory = low->city_last[c];
    tj_plan_add(low->builder, TJ_SECTION_CITIES, low->cities, (size_t)low->n_cities);
    tj_plan_add(low->builder, TJ_SECTION_CELLS, low->plan_cells, (size_t)low->n_cells);
}

/* Runs the phases; each stage needs what the one before settled. */
static void lower(tj_lowering *low)
{
    tj_lower_axes(low);
    if (low->memory_short || low->n_cities == 0 || low->n_sectors == 0 || low->n_backgrounds == 0)
        return;
    low->out->quality = tj_lower_alloc(low, (size_t)low->n_cities, sizeof *low->out->quality);
    tj_lower_paths(low);
    tj_lower_history(low);
    if (low->memory_short)
        return;
    tj_lower_base(low);
    tj_lower_population(low);
    tj_lower_growth(low);
    tj_lower_drivers(low);
    tj_lower_effects(low);
    tj_lower_decision(low);
    tj_lower_targets(low);
    tj_lower_totals(low);
    tj_lower_correlations(low);
    if (low->memory_short || low->diags->errors > 0)
        return;
    add_places(low);
    add_params(low);
    add_quantiles(low);
    add_settings(low);
}

static tj_status compile(const tj_study *study, int with_library, tj_diags *diags, tj_compiled *compiled)
{
    memset(compiled, 0, sizeof *compiled);
    tj_arena_init(&compiled->arena);
    tj_lowering low = {.study = study,
                       .diags = diags,
                       .out = compiled,
                       .arena = &compiled->arena,
                       .with_library = with_library};
    low.builder = tj_plan_builder_create();
    tj_status status = TJ_ERR_MEMORY;
    if (low.builder != NULL) {
        lower(&low);
        if (!low.memory_short)
            status = diags->errors > 0 ? TJ_ERR_INPUT : tj_plan_finish(low.builder, &compiled->plan);
    }
    tj_plan_builder_free(low.builder);
    if (status != TJ_OK)
        tj_compiled_free(compiled);
    return status;
}

tj_status tj_compile(const tj_study *study, tj_diags *diags, tj_compiled *compiled)
{
    return compile(study, 0, diags, compiled);
}

tj_status tj_compile_library(const tj_study *study, tj_diags *diags, tj_compiled *compiled)
{
    return compile(study, 1, diags, compiled);
}

void tj_compiled_free(tj_compiled *compiled)
{
    if (compiled == NULL)
        return;
    tj_plan_free(compiled->plan);
    tj_arena_free(&compiled->arena);
    memset(compiled, 0, sizeof *compiled);
}

const char *tj_label_in(const tj_label *label, const char *language, const char *id)
{
    const char *text = strcmp(language, "fr") == 0   ? label->fr
                       : strcmp(language, "sv") == 0 ? label->sv
                                                     : label->en;
    text = text == NULL ? label->en : text;
    return text == NULL ? id : text;
}
