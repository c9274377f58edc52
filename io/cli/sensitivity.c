/* From a study to shares of variance; see sensitivity.h. */
#include "io/cli/sensitivity.h"
#include "io/cli/progress.h"

#include <stdlib.h>
#include <string.h>

void tj_findings_init(tj_findings *f, const tj_sensitivity_options *options)
{
    memset(f, 0, sizeof *f);
    f->options = options;
    tj_loaded_init(&f->loaded);
}

void tj_findings_free(tj_findings *f)
{
    free(f->targets);
    free(f->influence);
    free(f->gap);
    tj_plan_inputs_free(&f->inputs);
    tj_loaded_free(&f->loaded);
}

tj_exit tj_findings_read(tj_findings *f)
{
    tj_exit code = tj_loaded_read(&f->loaded, f->options->common.path);
    if (code == TJ_EXIT_OK)
        code = tj_loaded_compile(&f->loaded);
    tj_loaded_say(&f->loaded, TJ_WARNING);
    if (code == TJ_EXIT_OK && tj_plan_inputs_init(&f->inputs, f->loaded.compiled.plan) != TJ_OK)
        code = tj_fail(TJ_EXIT_MEMORY, "memory ran out");
    return code;
}

/* ---- names ---- */

static const tj_city *city_of(const tj_findings *f, int city)
{
    return &f->loaded.study.cities[f->loaded.compiled.cities[city]];
}

static const tj_target_info *info_of(const tj_findings *f, size_t target)
{
    return &f->loaded.compiled.targets[f->targets[target]];
}

const char *tj_findings_city(const tj_findings *f, size_t target)
{
    const tj_city *city = city_of(f, info_of(f, target)->city);
    return tj_label_in(&city->label, f->options->common.language, city->id.text);
}

const char *tj_findings_target(const tj_findings *f, size_t target)
{
    const tj_target *record = info_of(f, target)->target;
    return tj_label_in(&record->label, f->options->common.language, record->id.text);
}

const char *tj_findings_package(const tj_findings *f, int32_t package)
{
    const tj_package *record = &f->loaded.study.packages[f->loaded.compiled.packages[package]];
    return tj_label_in(&record->label, f->options->common.language, record->id.text);
}

const char *tj_findings_background(const tj_findings *f)
{
    const tj_background *record = &f->loaded.study.backgrounds[f->loaded.compiled.backgrounds[f->background]];
    return tj_label_in(&record->label, f->options->common.language, record->id.text);
}

/* ---- choosing ---- */

/* The place of `name` among names[count]; -1, and said, where it is unknown. */
static int place_of(const char *what, const char *name, const char *const *names, size_t count, tj_exit *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return (int)i;
    *code = tj_fail_unknown(what, name, names, count);
    return -1;
}

enum { MOST = 4096 };

/* The package named, or the first that is not the reference; the background named, or the first. */
static tj_exit choose_unit(tj_findings *f)
{
    const tj_study *study = &f->loaded.study;
    const tj_compiled *compiled = &f->loaded.compiled;
    const tj_plan_settings *s = tj_plan_get_settings(compiled->plan);
    const tj_sensitivity_options *o = f->options;
    const char *names[MOST];
    tj_exit code = TJ_EXIT_OK;
    f->package = s->reference_package == 0 && s->n_packages > 1 ? 1 : 0;
    for (int i = 0; i < s->n_packages && i < MOST; i++)
        names[i] = study->packages[compiled->packages[i]].id.text;
    if (o->common.packages.count > 0)
        f->package = place_of("package", o->common.packages.names[0], names, (size_t)s->n_packages, &code);
    for (int i = 0; i < s->n_backgrounds && i < MOST; i++)
        names[i] = study->backgrounds[compiled->backgrounds[i]].id.text;
    if (code == TJ_EXIT_OK && o->common.backgrounds.count > 0)
        f->background =
            place_of("background", o->common.backgrounds.names[0], names, (size_t)s->n_backgrounds, &code);
    return code;
}

static int is_named(const tj_name_list *list, const char *name)
{
    int found = list->count == 0;
    for (size_t i = 0; i < list->count; i++)
        found |= strcmp(list->names[i], name) == 0;
    return found;
}

/* Names that stand for nothing are said. */
static tj_exit check_names(const tj_findings *f)
{
    const tj_study *study = &f->loaded.study;
    const char *names[MOST];
    tj_exit code = TJ_EXIT_OK;
    int n_cities = tj_plan_get_settings(f->loaded.compiled.plan)->n_cities;
    for (int i = 0; i < n_cities && i < MOST; i++)
        names[i] = city_of(f, i)->id.text;
    for (size_t i = 0; i < f->options->common.cities.count && code == TJ_EXIT_OK; i++)
        place_of("city", f->options->common.cities.names[i], names, (size_t)n_cities, &code);
    size_t n_targets = study->targets_count < MOST ? study->targets_count : MOST;
    for (size_t i = 0; i < n_targets; i++)
        names[i] = study->targets[i].id.text;
    for (size_t i = 0; i < f->options->targets.count && code == TJ_EXIT_OK; i++)
        place_of("target", f->options->targets.names[i], names, n_targets, &code);
    return code;
}

static int is_wanted(const tj_findings *f, const tj_target_info *info)
{
    const tj_sensitivity_options *o = f->options;
    return is_named(&o->common.cities, city_of(f, info->city)->id.text) &&
           is_named(&o->targets, info->target->id.text) && (info->active || o->targets.count > 0);
}

tj_exit tj_findings_choose(tj_findings *f)
{
    size_t count;
    const tj_plan_target *targets = tj_plan_section(f->loaded.compiled.plan, TJ_SECTION_TARGETS, &count);
    const tj_target_info *infos = f->loaded.compiled.targets;
    tj_exit code = choose_unit(f);
    if (code == TJ_EXIT_OK)
        code = check_names(f);
    if (code != TJ_EXIT_OK)
        return code;
    f->targets = malloc((count + 1) * sizeof *f->targets);
    if (f->targets == NULL)
        return tj_fail(TJ_EXIT_MEMORY, "memory ran out");
    for (int c = 0; c < tj_plan_get_settings(f->loaded.compiled.plan)->n_cities; c++)
        for (size_t t = 0; t < count; t++)
            if (targets[t].assessable && targets[t].city == c && is_wanted(f, &infos[t]))
                f->targets[f->n_targets++] = (int32_t)t;
    if (f->n_targets == 0)
        return tj_fail(TJ_EXIT_USAGE, "none of these targets is assessable in these cities");
    return TJ_EXIT_OK;
}

/* ---- running ---- */

static tj_status run(tj_findings *f, const tj_plan_model *model)
{
    const tj_sensitivity_model *m = tj_plan_model_get(model);
    tj_resamples resamples;
    tj_status status = tj_resamples_init(&resamples, tj_plan_get_settings(f->loaded.compiled.plan)->seed,
                                         m->n, TJ_RESAMPLES);
    if (status != TJ_OK)
        return status;
    f->influence = malloc(m->n_outputs * m->n_inputs * sizeof *f->influence);
    f->gap = malloc(m->n_outputs * m->n * sizeof *f->gap);
    status = f->influence == NULL || f->gap == NULL ? TJ_ERR_MEMORY
                                                    : tj_sensitivity_evaluations(m, &f->evaluations);
    if (status == TJ_OK)
        status = tj_sensitivity_run(m, &resamples, f->gap, f->influence);
    tj_resamples_free(&resamples);
    return status;
}

tj_exit tj_findings_run(tj_findings *f)
{
    const tj_plan_question question = {.plan = f->loaded.compiled.plan,
                                       .backend = tj_backends[0],
                                       .background = f->background,
                                       .package = f->package,
                                       .targets = f->targets,
                                       .n_targets = f->n_targets,
                                       .of = f->options->of,
                                       .n = f->options->samples,
                                       .threads = f->options->common.threads};
    double begin = tj_seconds_now();
    tj_plan_model *model;
    tj_status status = tj_plan_model_create(&question, &f->inputs, &model);
    if (status == TJ_OK)
        status = run(f, model);
    tj_plan_model_free(model);
    f->seconds = tj_seconds_now() - begin;
    if (status == TJ_ERR_UNDEFINED)
        return tj_loaded_undefined(&f->loaded, f->options->samples, TJ_NONE, TJ_NONE);
    return status == TJ_OK ? TJ_EXIT_OK : tj_fail(tj_exit_of(status), "the package could not be simulated");
}
