/* Phase 7a: every measure by itself: its words, drivers, ranges and references to other measures. */
#include "scenarios/lower.h"

#include <string.h>

int tj_lower_reaches(const tj_lowering *low, const tj_measure *measure, int city)
{
    if (measure->cities.count == 0 && measure->countries.count == 0)
        return 1;
    for (size_t i = 0; i < measure->cities.count; i++)
        if (strcmp(measure->cities.items[i].text, tj_lower_city_id(low, city)) == 0)
            return 1;
    const tj_country *country = tj_lower_country(low, city);
    for (size_t i = 0; country != NULL && i < measure->countries.count; i++)
        if (strcmp(measure->countries.items[i].text, country->id.text) == 0)
            return 1;
    return 0;
}

/* ---- references ---- */

static void check_references(tj_lowering *low, const tj_measure *measure, const tj_name *names, size_t count,
                             size_t stride)
{
    const tj_study *study = low->study;
    for (size_t i = 0; i < count; i++) {
        tj_name name = *(const tj_name *)(const void *)((const char *)names + i * stride);
        if (strcmp(name.text, measure->id.text) == 0) {
            TJ_LOWER_ERROR(low, name.mark, "measure '%s' names itself", name.text);
        } else if (tj_study_measure(study, name.text) < 0) {
            const char **ids = tj_lower_alloc(low, study->measures_count, sizeof *ids);
            for (size_t m = 0; ids != NULL && m < study->measures_count; m++)
                ids[m] = study->measures[m].id.text;
            tj_diag_unknown(low->diags, name.mark, "measure", name.text, ids,
                            ids == NULL ? 0 : study->measures_count);
        }
    }
}

static void check_places(tj_lowering *low, const tj_measure *measure)
{
    for (size_t i = 0; i < measure->cities.count; i++)
        if (tj_study_city(low->study, measure->cities.items[i].text) < 0)
            tj_lower_unknown_place(low, measure->cities.items[i]);
    for (size_t i = 0; i < measure->countries.count; i++)
        if (tj_study_country(low->study, measure->countries.items[i].text) < 0)
            tj_lower_unknown_place(low, measure->countries.items[i]);
}

/* ---- effects ---- */

/* The first city that the measure reaches and that has the driver; TJ_NONE without one. */
static int city_with(const tj_lowering *low, const tj_measure *measure, const char *driver, int *reached)
{
    *reached = 0;
    int found = TJ_NONE;
    for (int c = 0; c < low->n_cities; c++) {
        if (!tj_lower_reaches(low, measure, c))
            continue;
        ++*reached;
        if (found == TJ_NONE && tj_lower_find_driver(low, c, driver) >= 0)
            found = c;
    }
    return found;
}

static void unknown_driver(tj_lowering *low, const tj_measure *measure, tj_name driver)
{
    size_t count;
    const char **names = tj_lower_driver_names(low, measure, &count);
    tj_diag_unknown(low->diags, driver.mark, "driver", driver.text, names, count);
}

/* Names the cities that a measure reaches without finding its driver there. */
static void note_without(tj_lowering *low, const tj_measure *measure, tj_name driver)
{
    const char *list = "";
    for (int c = 0; c < low->n_cities; c++)
        if (tj_lower_reaches(low, measure, c) && tj_lower_find_driver(low, c, driver.text) < 0)
            list = tj_lower_text(low, "%s%s%s", list, *list == '\0' ? "" : ", ", tj_lower_city_id(low, c));
    if (*list != '\0')
        tj_diag_add(low->diags, TJ_NOTE, driver.mark,
                    "measure '%s' does nothing to '%s' in %s: not in the inventory", measure->id.text,
                    driver.text, list);
}

/* Finds an effect's driver; reports an unknown one, and cities where the measure has nothing to act on. */
static const tj_driver_work *effect_driver(tj_lowering *low, const tj_measure *measure, tj_name name)
{
    int reached, city = city_with(low, measure, name.text, &reached);
    if (city == TJ_NONE) {
        if (reached > 0 && !low->unsettled && !tj_lower_elsewhere(low, name.text))
            unknown_driver(low, measure, name);
        return NULL;
    }
    const tj_driver_work *driver = &low->drivers[tj_lower_find_driver(low, city, name.text)];
    if (!driver->for_measures) {
        TJ_LOWER_ERROR(low, name.mark, "driver '%s' is not for measures: it follows its background",
                       name.text);
        return NULL;
    }
    note_without(low, measure, name);
    return driver;
}

static void check_share(tj_lowering *low, const tj_quantity *quantity, const char *what)
{
    if (quantity->mark.file != NULL)
        tj_lower_check(low, quantity, (tj_dimension){{0}}, 0, 1, what);
}

static void check_magnitude(tj_lowering *low, const tj_effect *effect, int op, const tj_driver_work *driver,
                            const char *what)
{
    int level = op == TJ_OP_TOWARD || op == TJ_OP_CAP || op == TJ_OP_FLOOR;
    tj_dimension dimension = level || op == TJ_OP_ADD ? driver->dimension : (tj_dimension){{0}};
    double least = -INFINITY, most = INFINITY;
    if (op == TJ_OP_SHIFT || (level && !(driver->flags & TJ_DRIVER_SIGNED)))
        least = 0;
    if (op == TJ_OP_SCALE || (level && (driver->flags & TJ_DRIVER_FRACTION)))
        most = 1;
    for (size_t i = 0; i < effect->magnitude.count; i++)
        tj_lower_check(low, &effect->magnitude.items[i].value, dimension, least, most, what);
    if (effect->magnitude.count == 0)
        TJ_LOWER_ERROR(low, effect->mark, "%s: it has no magnitude", what);
    tj_lower_check_places(low, &effect->magnitude);
}

static void check_shift(tj_lowering *low, const tj_measure *measure, const tj_effect *effect,
                        const tj_driver_work *from, const char *what)
{
    if (effect->to.text == NULL) {
        TJ_LOWER_ERROR(low, effect->mark, "%s: a shift needs 'to', the driver that receives", what);
        return;
    }
    const tj_driver_work *to = effect_driver(low, measure, effect->to);
    if (to == NULL)
        return;
    if (strcmp(to->name, from->name) == 0)
        TJ_LOWER_ERROR(low, effect->to.mark, "%s: it shifts '%s' to itself", what, to->name);
    if (from->flags & TJ_DRIVER_SIGNED)
        TJ_LOWER_ERROR(low, effect->driver.mark,
                       "%s: '%s' may be negative; a shift needs a driver that is not", what, from->name);
    const tj_quantity *ratio = &effect->ratio;
    int one = ratio->mark.file == NULL || (ratio->dist.kind == TJ_DIST_FIXED && ratio->dist.p[0] == 1.0);
    if (!one && to->share_group != TJ_NONE && from->share_group != TJ_NONE)
        TJ_LOWER_ERROR(low, ratio->mark, "%s: inside shares of a whole the ratio is 1, found '%s'", what,
                       ratio->written);
    if (ratio->mark.file != NULL && to->share_group == TJ_NONE)
        tj_lower_check(low, ratio, ratio->dimension, 0, INFINITY, what);
}

static void check_effect(tj_lowering *low, const tj_measure *measure, const tj_effect *effect)
{
    const char *what =
        tj_lower_text(low, "measure '%s', effect on '%s'", measure->id.text, effect->driver.text);
    int op = tj_word_resolve(tj_operator_words, effect->op, TJ_OP_SCALE, "operator", low->diags);
    tj_word_resolve(tj_side_words, effect->side, TJ_SIDE_BOTH, "side", low->diags);
    check_share(low, &effect->eligible, "eligible");
    check_share(low, &effect->adherence, "adherence");
    if (effect->ramp.mark.file != NULL)
        tj_lower_ramp_check(low, &effect->ramp, what);
    if (op == TJ_OP_TOWARD && effect->side.text == NULL)
        TJ_LOWER_ERROR(low, effect->mark, "%s: toward needs 'side': up, down or both", what);
    const tj_driver_work *driver = effect_driver(low, measure, effect->driver);
    if (driver == NULL)
        return;
    check_magnitude(low, effect, op, driver, what);
    if (op == TJ_OP_SHIFT)
        check_shift(low, measure, effect, driver, what);
}

static void check_measure(tj_lowering *low, const tj_measure *measure)
{
    const char *what = tj_lower_text(low, "measure '%s'", measure->id.text);
    int limited = 0; /* rebound above 1 has no meaning where reach is a share */
    tj_word_resolve(tj_sharing_words, measure->parameters, 0, "sharing of parameters", low->diags);
    check_places(low, measure);
    check_references(low, measure, measure->requires.items, measure->requires.count, sizeof(tj_name));
    check_references(low, measure, measure->excludes.items, measure->excludes.count, sizeof(tj_name));
    if (measure->synergies_count > 0)
        check_references(low, measure, &measure->synergies->with, measure->synergies_count,
                         sizeof(tj_synergy));
    for (size_t i = 0; i < measure->synergies_count; i++)
        tj_lower_check(low, &measure->synergies[i].factor, (tj_dimension){{0}}, 0, INFINITY,
                       "synergy factor");
    check_share(low, &measure->eligible, "eligible");
    check_share(low, &measure->adherence, "adherence");
    if (measure->effects_count == 0)
        TJ_LOWER_ERROR(low, measure->mark, "%s has no effect", what);
    tj_lower_check_cost(low, measure, what);
    int own_ramps = measure->effects_count > 0;
    for (size_t i = 0; i < measure->effects_count; i++) {
        const tj_effect *effect = &measure->effects[i];
        check_effect(low, measure, effect);
        own_ramps = own_ramps && effect->ramp.mark.file != NULL;
        int op = effect->op.text == NULL ? -1 : tj_word_find(tj_operator_words, effect->op.text);
        limited = limited || (op >= 0 && op != TJ_OP_SCALE && op != TJ_OP_ADD);
    }
    if (measure->rebound.mark.file != NULL)
        tj_lower_check(low, &measure->rebound, (tj_dimension){{0}}, -INFINITY, limited ? 1 : INFINITY,
                       "rebound");
    if (measure->ramp.mark.file != NULL)
        tj_lower_ramp_check(low, &measure->ramp, what);
    else if (!own_ramps)
        TJ_LOWER_ERROR(low, measure->mark, "%s has no ramp", what);
}

void tj_lower_measures(tj_lowering *low)
{
    for (size_t m = 0; m < low->study->measures_count; m++)
        check_measure(low, &low->study->measures[m]);
}
