/* A study on its way into the program; see load.h. */
#include "io/cli/load.h"
#include "engine/fault.h"
#include "io/cli/terminal.h"
#include "io/readers/study_reader.h"

#include <stdio.h>
#include <string.h>

void tj_loaded_init(tj_loaded *loaded)
{
    memset(loaded, 0, sizeof *loaded);
    tj_diags_init(&loaded->diags);
    tj_study_init(&loaded->study);
}

void tj_loaded_free(tj_loaded *loaded)
{
    tj_compiled_free(&loaded->compiled);
    tj_study_free(&loaded->study);
    tj_diags_free(&loaded->diags);
}

void tj_loaded_say(tj_loaded *loaded, tj_severity least)
{
    static const tj_style styles[] = {TJ_DIM, TJ_YELLOW, TJ_RED};
    tj_diags *diags = &loaded->diags;
    tj_diags_sort(diags);
    for (size_t i = 0; i < diags->count; i++) {
        char line[2048];
        if (diags->items[i].severity < least)
            continue;
        tj_diag_format(&diags->items[i], line, sizeof line);
        fprintf(stderr, "%s%s%s\n", tj_style_begin(stderr, styles[diags->items[i].severity]), line,
                tj_style_begin(stderr, TJ_PLAIN));
    }
    if (diags->errors > 0)
        fprintf(stderr, "%zu error%s, %zu warning%s\n", diags->errors, diags->errors == 1 ? "" : "s",
                diags->warnings, diags->warnings == 1 ? "" : "s");
    tj_diags_free(diags);
    tj_diags_init(diags);
}

static tj_exit end_of(tj_loaded *loaded, tj_status status)
{
    if (status == TJ_ERR_MEMORY || loaded->diags.memory_short)
        return tj_fail(TJ_EXIT_MEMORY, "memory ran out while the study was read");
    return tj_exit_of(status);
}

tj_exit tj_loaded_read(tj_loaded *loaded, const char *path)
{
    tj_status status = tj_study_read(path, &loaded->diags, &loaded->study);
    /* Faults of meaning are told with those of form, so that one look shows all; a plan made of what is left
     * is not for use. */
    if (status == TJ_ERR_INPUT && tj_study_settle(&loaded->study)) {
        tj_compile(&loaded->study, &loaded->diags, &loaded->compiled);
        tj_compiled_free(&loaded->compiled);
    }
    return end_of(loaded, status);
}

tj_exit tj_loaded_read_texts(tj_loaded *loaded, const tj_text *texts, size_t count)
{
    return end_of(loaded, tj_study_read_texts(texts, count, &loaded->diags, &loaded->study));
}

tj_exit tj_loaded_compile(tj_loaded *loaded)
{
    return end_of(loaded, tj_compile(&loaded->study, &loaded->diags, &loaded->compiled));
}

/* The sentence of a place that has no value: in the last inventory year a sector cannot be fitted to its inventory,
 * later its shares cannot be made whole. */
static tj_exit say_place(const tj_loaded *loaded, int32_t cell_index, int32_t year_index)
{
    const tj_compiled *compiled = &loaded->compiled;
    const tj_plan_cell *cell = tj_plan_get_cell(compiled->plan, cell_index);
    const char *sector = loaded->study.sectors[compiled->sectors[cell->sector]].id.text;
    const char *city = loaded->study.cities[compiled->cities[cell->city]].id.text;
    int year = tj_plan_get_settings(compiled->plan)->first_year + year_index;
    if (year_index == tj_plan_get_city(compiled->plan, cell->city)->last_inventory)
        return tj_fail(TJ_EXIT_STUDY,
                       "'%s' of '%s': the drivers give no emissions in %d, but the inventory has %g t CO2e",
                       sector, city, year, tj_plan_numbers(compiled->plan, cell->history)[year_index]);
    return tj_fail(TJ_EXIT_STUDY, "the shares of sector %s in %s cannot be made to sum to one in %d", sector,
                   city, year);
}

tj_exit tj_loaded_undefined(const tj_loaded *loaded, size_t draws, int32_t cell, int32_t year)
{
    const tj_plan *plan = loaded->compiled.plan;
    if (cell == TJ_NONE && tj_fault_find(plan, tj_plan_get_settings(plan)->reference_package, draws, &cell,
                                         &year) != TJ_ERR_UNDEFINED)
        return tj_fail(TJ_EXIT_STUDY, "a sector has no value in some draw; nothing was written");
    return say_place(loaded, cell, year);
}

tj_exit tj_loaded_fail(const tj_loaded *loaded, tj_status status, size_t draws, const tj_run_report *report)
{
    if (status == TJ_ERR_INTERRUPTED)
        return tj_fail(TJ_EXIT_INTERRUPTED, "stopped; nothing was written");
    if (status == TJ_ERR_MEMORY)
        return tj_fail(TJ_EXIT_MEMORY, "memory ran out; fewer draws (--draws) need less");
    if (status == TJ_ERR_UNDEFINED)
        return tj_loaded_undefined(loaded, draws, report->fault_cell, report->fault_year);
    return tj_fail(tj_exit_of(status), "the run ended early; nothing was written");
}
