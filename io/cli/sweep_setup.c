/* Setting a sweep up; see sweep_setup.h. */
#include "io/cli/sweep_setup.h"

#include "engine/design.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct making {
    tj_sweep_setup *setup;
    const tj_sweep_options *options;
    const tj_study *study;
    const tj_compiled *compiled;
    const tj_plan_settings *settings;
    int memory_short;
} making;

static void *room(making *m, size_t count, size_t size)
{
    void *made = tj_arena_alloc(&m->setup->arena, count + 1, size);
    m->memory_short |= made == NULL;
    return made;
}

/* Marks the wanted ones of `count` things; all where none is named. */
static tj_exit choose(making *m, const char *what, const tj_name_list *wanted, const char *const *ids,
                      size_t count, uint8_t *chosen)
{
    for (size_t i = 0; i < count; i++)
        chosen[i] = wanted->count == 0;
    for (size_t k = 0; k < wanted->count; k++) {
        int found = 0;
        for (size_t i = 0; i < count; i++)
            if (strcmp(ids[i], wanted->names[k]) == 0)
                found = chosen[i] = 1;
        if (!found)
            return tj_fail_unknown(what, wanted->names[k], ids, count);
    }
    (void)m;
    return TJ_EXIT_OK;
}

static tj_exit choose_places(making *m)
{
    size_t n_cities = (size_t)m->settings->n_cities, n_backgrounds = (size_t)m->settings->n_backgrounds;
    const char **cities = room(m, n_cities, sizeof *cities),
               **backgrounds = room(m, n_backgrounds, sizeof *backgrounds);
    uint8_t *city = room(m, n_cities, 1), *background = room(m, n_backgrounds, 1);
    if (m->memory_short)
        return TJ_EXIT_MEMORY;
    for (size_t i = 0; i < n_cities; i++)
        cities[i] = m->study->cities[m->compiled->cities[i]].id.text;
    for (size_t i = 0; i < n_backgrounds; i++)
        backgrounds[i] = m->study->backgrounds[m->compiled->backgrounds[i]].id.text;
    m->setup->sweep.cities = city;
    m->setup->sweep.backgrounds = background;
    tj_exit code = choose(m, "city", &m->options->common.cities, cities, n_cities, city);
    if (code == TJ_EXIT_OK)
        code =
            choose(m, "background", &m->options->common.backgrounds, backgrounds, n_backgrounds, background);
    return code;
}

/* ---- measures ---- */

static tj_exit choose_measures(making *m)
{
    const tj_library_info *library = &m->compiled->library;
    size_t count = (size_t)library->n_measures, n = 0;
    const tj_name_list *wanted = &m->options->measures;
    static const tj_name_list nothing;
    int all = wanted->count == 1 && strcmp(wanted->names[0], "all") == 0;
    const char **ids = room(m, count, sizeof *ids);
    uint8_t *chosen = room(m, count, 1);
    int32_t *ranks = room(m, count, sizeof *ranks);
    if (m->memory_short)
        return TJ_EXIT_MEMORY;
    for (size_t r = 0; r < count; r++)
        ids[r] = m->study->measures[library->measures[r]].id.text;
    tj_exit code = choose(m, "measure", all ? &nothing : wanted, ids, count, chosen);
    for (size_t k = 0; code == TJ_EXIT_OK && k < (all ? count : wanted->count); k++)
        for (size_t r = 0; r < count; r++) {
            int named = all ? r == k : strcmp(ids[r], wanted->names[k]) == 0;
            if (!named || !chosen[r])
                continue;
            ranks[n++] = (int32_t)r;
            chosen[r] = 0; /* once */
        }
    if (code == TJ_EXIT_OK && n > TJ_SWEEP_MEASURES)
        return tj_fail(
            TJ_EXIT_USAGE,
            "%zu measures have 2^%zu combinations, %.3g GiB for one number each; at most %d can be "
            "swept: name those that matter",
            n, n, ldexp(8, (int)n - 30), TJ_SWEEP_MEASURES);
    m->setup->sweep.measures = ranks;
    m->setup->sweep.n_measures = (int32_t)n;
    return code;
}

static int bit_of(const making *m, int rank)
{
    for (int32_t i = 0; i < m->setup->sweep.n_measures; i++)
        if (m->setup->sweep.measures[i] == rank)
            return i;
    return -1;
}

static int rank_of(const making *m, const char *id)
{
    for (int r = 0; r < m->compiled->library.n_measures; r++)
        if (strcmp(m->study->measures[m->compiled->library.measures[r]].id.text, id) == 0)
            return r;
    return -1;
}

/* What one measure is in one city. */
typedef struct presence {
    uint32_t bit; /* 0: not swept here */
    int always;   /* the reference package holds it */
} presence;

static presence presence_of(const making *m, int city, int rank)
{
    size_t at = (size_t)city * (size_t)m->compiled->library.n_measures + (size_t)rank;
    int bit = bit_of(m, rank);
    return (presence){bit >= 0 && m->compiled->library.reaches[at] ? 1u << bit : 0,
                      m->compiled->library.in_reference[at]};
}

static void add_rule(making *m, tj_sweep_rule rule)
{
    tj_sweep_rule *rules = (tj_sweep_rule *)(uintptr_t)m->setup->sweep.rules;
    for (size_t i = 0; i < m->setup->sweep.n_rules; i++)
        if (rules[i].all == rule.all && rules[i].none == rule.none)
            return;
    rules[m->setup->sweep.n_rules++] = rule;
}

/* The rules that a measure's requires and excludes make in one city; as in packages. */
static void rules_in(making *m, int city, int rank)
{
    const tj_measure *measure = &m->study->measures[m->compiled->library.measures[rank]];
    presence own = presence_of(m, city, rank);
    for (size_t i = 0; i < measure->requires.count; i++) {
        presence other = presence_of(m, city, rank_of(m, measure->requires.items[i].text));
        if (own.bit != 0 && !own.always && !other.always)
            add_rule(m, (tj_sweep_rule){own.bit, other.bit});
    }
    for (size_t i = 0; i < measure->excludes.count; i++) {
        presence other = presence_of(m, city, rank_of(m, measure->excludes.items[i].text));
        int possible = (own.always || own.bit != 0) && (other.always || other.bit != 0);
        uint32_t all = (own.always ? 0 : own.bit) | (other.always ? 0 : other.bit);
        if (possible && all != 0)
            add_rule(m, (tj_sweep_rule){all, 0});
    }
}

static tj_exit make_rules(making *m)
{
    const tj_library_info *library = &m->compiled->library;
    size_t most = 0;
    for (int r = 0; r < library->n_measures; r++)
    most += m->study->measures[library->measures[r]].requires.count +
            m->study->measures[library->measures[r]].excludes.count;
    m->setup->sweep.rules = room(m, most * (size_t)m->settings->n_cities, sizeof(tj_sweep_rule));
    if (m->memory_short)
        return TJ_EXIT_MEMORY;
    for (int c = 0; c < m->settings->n_cities; c++)
        for (int r = 0; r < library->n_measures; r++)
            rules_in(m, c, r);
    return TJ_EXIT_OK;
}

static tj_exit price_measures(making *m)
{
    const tj_library_info *library = &m->compiled->library;
    m->setup->price = room(m, (size_t)m->setup->sweep.n_measures, sizeof *m->setup->price);
    if (m->memory_short)
        return TJ_EXIT_MEMORY;
    for (int32_t i = 0; i < m->setup->sweep.n_measures; i++)
        for (int c = 0; c < m->settings->n_cities; c++)
            if (m->setup->sweep.cities[c])
                m->setup->price[i] += library->cost[c * library->n_measures + m->setup->sweep.measures[i]];
    return TJ_EXIT_OK;
}

/* ---- quantiles ---- */

/* Reads "5%" or "5 %"; the end of it, or NULL. */
static const char *read_percent(const char *text, double *p)
{
    char *end;
    *p = strtod(text, &end) / 100;
    if (end == text || !(*p >= 0 && *p <= 1))
        return NULL;
    while (*end == ' ')
        end++;
    if (*end++ != '%')
        return NULL;
    while (*end == ' ')
        end++;
    return *end == '\0' || *end == ',' ? end : NULL;
}

/* Ascending, each once; 0 where there is no room for it. */
static int insert(double *list, size_t *count, double p)
{
    size_t at = *count;
    for (size_t i = 0; i < *count; i++)
        if (list[i] == p)
            return 1;
    if (*count == TJ_SWEEP_QUANTILES)
        return 0;
    for (; at > 0 && list[at - 1] > p; at--)
        list[at] = list[at - 1];
    list[at] = p;
    ++*count;
    return 1;
}

static tj_exit read_quantiles(const making *m, double *list, size_t *count)
{
    const char *text = m->options->quantiles;
    for (;;) {
        double p;
        const char *end = read_percent(text, &p);
        if (end == NULL)
            return tj_fail(TJ_EXIT_USAGE,
                           "--quantiles: found '%s', expected study or shares from 0%% to 100%% with commas "
                           "between them, e.g. 5%%,50%%,95%%",
                           m->options->quantiles);
        if (!insert(list, count, p))
            return tj_fail(TJ_EXIT_USAGE, "--quantiles: more than %d", TJ_SWEEP_QUANTILES);
        if (*end == '\0')
            return TJ_EXIT_OK;
        text = end + 1;
    }
}

static tj_exit choose_quantiles(making *m)
{
    size_t count;
    const double *own = tj_plan_section(m->compiled->plan, TJ_SECTION_QUANTILES, &count);
    double *list = room(m, TJ_SWEEP_QUANTILES, sizeof *list);
    size_t *n = &m->setup->sweep.n_quantiles;
    tj_exit code = TJ_EXIT_OK;
    if (m->memory_short)
        return TJ_EXIT_MEMORY;
    if (m->options->quantiles == NULL)
        return TJ_EXIT_OK;
    if (m->options->output == NULL)
        return tj_fail(TJ_EXIT_USAGE, "quantiles are only written to a file: name it with --output FILE");
    if (strcmp(m->options->quantiles, "study") != 0)
        code = read_quantiles(m, list, n);
    for (size_t i = 0; i < count && strcmp(m->options->quantiles, "study") == 0; i++)
        if (!insert(list, n, own[i]))
            return tj_fail(TJ_EXIT_USAGE, "--quantiles: the study has more than %d", TJ_SWEEP_QUANTILES);
    m->setup->sweep.quantiles = m->setup->axes.quantiles = list;
    m->setup->axes.n_quantiles = *n;
    return code;
}

/* ---- axes ---- */

static void axis_of_backgrounds(making *m, const char **ids)
{
    for (int b = 0; b < m->settings->n_backgrounds; b++) {
        if (!m->setup->sweep.backgrounds[b])
            continue;
        m->setup->background_at[b] = m->setup->axes.n_backgrounds;
        ids[m->setup->axes.n_backgrounds++] = m->study->backgrounds[m->compiled->backgrounds[b]].id.text;
    }
}

static void axis_of_places(making *m, const char **ids)
{
    for (int c = 0; c < m->settings->n_cities; c++) {
        if (!m->setup->sweep.cities[c])
            continue;
        m->setup->place_at[c] = m->setup->axes.n_places;
        ids[m->setup->axes.n_places++] = m->study->cities[m->compiled->cities[c]].id.text;
    }
    m->setup->place_at[m->settings->n_cities] = m->setup->axes.n_places;
    ids[m->setup->axes.n_places++] = "all";
}

static void axis_of_targets(making *m, const char **ids)
{
    const tj_plan_target *targets = tj_plan_section(m->compiled->plan, TJ_SECTION_TARGETS, NULL);
    for (int t = 0; t < m->settings->n_targets; t++) {
        if (!targets[t].assessable || !m->setup->sweep.cities[targets[t].city])
            continue;
        m->setup->target_at[t] = m->setup->axes.n_targets;
        ids[m->setup->axes.n_targets++] = m->compiled->targets[t].id;
    }
}

static tj_exit make_axes(making *m)
{
    tj_sweep_setup *s = m->setup;
    size_t n_cities = (size_t)m->settings->n_cities, n_targets = (size_t)m->settings->n_targets;
    size_t n_backgrounds = (size_t)m->settings->n_backgrounds;
    const char **backgrounds = room(m, n_backgrounds, sizeof *backgrounds),
               **places = room(m, n_cities + 1, sizeof *places),
               **targets = room(m, n_targets, sizeof *targets),
               **measures = room(m, (size_t)s->sweep.n_measures, sizeof *measures);
    int32_t *years = room(m, (size_t)m->settings->n_years, sizeof *years);
    s->background_at = room(m, n_backgrounds, sizeof *s->background_at);
    s->place_at = room(m, n_cities + 1, sizeof *s->place_at);
    s->target_at = room(m, n_targets, sizeof *s->target_at);
    if (m->memory_short)
        return TJ_EXIT_MEMORY;
    axis_of_backgrounds(m, backgrounds);
    axis_of_places(m, places);
    axis_of_targets(m, targets);
    for (int32_t i = 0; i < s->sweep.n_measures; i++)
        measures[i] = m->study->measures[m->compiled->library.measures[s->sweep.measures[i]]].id.text;
    s->axes.n_measures = (size_t)s->sweep.n_measures;
    s->axes.n_years = (size_t)tj_sweep_years(&s->sweep, years);
    for (size_t y = 0; y < s->axes.n_years; y++)
        years[y] += m->settings->first_year;
    s->axes.backgrounds = backgrounds;
    s->axes.places = places;
    s->axes.targets = targets;
    s->axes.measures = measures;
    s->axes.years = years;
    s->first_year = m->settings->first_year;
    return TJ_EXIT_OK;
}

/* ---- all of it ---- */

static size_t most_of_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? (size_t)pages / 4 * 3 * (size_t)size : 0;
}

tj_exit tj_sweep_setup_make(tj_sweep_setup *setup, const tj_sweep_options *options, tj_loaded *loaded)
{
    static tj_exit (*const steps[])(making *) = {choose_places,  choose_measures,  make_rules,
                                                 price_measures, choose_quantiles, make_axes};
    tj_status status = tj_compile_library(&loaded->study, &loaded->diags, &loaded->compiled);
    tj_arena_init(&setup->arena);
    if (status != TJ_OK)
        return tj_exit_of(status);
    const tj_plan *plan = loaded->compiled.plan;
    making m = {setup, options, &loaded->study, &loaded->compiled, tj_plan_get_settings(plan), 0};
    setup->sweep.library =
        tj_library_of(plan, loaded->compiled.library.n_measures, loaded->compiled.library.in_reference);
    setup->sweep.threads = options->common.threads;
    setup->sweep.memory = options->memory > 0 ? options->memory : most_of_memory();
    setup->sweep.draws = options->draws > 0 ? options->draws : (size_t)m.settings->draws;
    const tj_design *design = tj_design_of(plan);
    if (design->draws(setup->sweep.draws) != setup->sweep.draws)
        return tj_fail(TJ_EXIT_USAGE, "%zu draws: the design '%s' needs %s", setup->sweep.draws, design->name,
                       design->draws_rule);
    tj_exit code = TJ_EXIT_OK;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && code == TJ_EXIT_OK; i++)
        code = steps[i](&m);
    return m.memory_short ? tj_fail(TJ_EXIT_MEMORY, "memory ran out") : code;
}

void tj_sweep_setup_free(tj_sweep_setup *setup)
{
    tj_arena_free(&setup->arena);
}
