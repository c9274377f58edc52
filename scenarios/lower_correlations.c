/* Phase 9: rank correlations become copulas.
 *
 * Correlated parameters form components. In each instance (a city, a country, the network) a component's
 * parameters become one copula, its rows in the order in which the study first names them. */
#include "scenarios/lower.h"
#include "scenarios/parameter.h"

#include "engine/copula.h"

#include <string.h>

/* A parameter that some correlation names. */
typedef struct stem {
    tj_name name;
    int sharing;   /* tj_sharing_words; -1 where the name is unknown */
    int component; /* index of the first stem of its component */
} stem;

typedef struct stems {
    stem *items;
    int count;
} stems;

/* ---- what can be judged as written ---- */

static int same_pair(const tj_names *a, const tj_names *b)
{
    const char *a0 = a->items[0].text, *a1 = a->items[1].text;
    const char *b0 = b->items[0].text, *b1 = b->items[1].text;
    return (strcmp(a0, b0) == 0 && strcmp(a1, b1) == 0) || (strcmp(a0, b1) == 0 && strcmp(a1, b0) == 0);
}

static void check_written(tj_lowering *low)
{
    const tj_correlation *all = low->study->correlations;
    for (size_t i = 0; i < low->study->correlations_count; i++) {
        const tj_name *names = all[i].parameters.items;
        if (!(all[i].rho.dist.p[0] >= -1 && all[i].rho.dist.p[0] <= 1))
            TJ_LOWER_ERROR(low, all[i].rho.mark, "rho: found '%s', expected -1 to 1", all[i].rho.written);
        for (size_t k = 0; k < i; k++)
            if (same_pair(&all[k].parameters, &all[i].parameters))
                TJ_LOWER_ERROR(low, all[i].parameters.mark,
                               "'%s' and '%s' are correlated twice; the first time in line %u, column %u",
                               names[0].text, names[1].text, all[k].parameters.mark.line,
                               all[k].parameters.mark.column);
    }
}

/* ---- names ---- */

static int stem_find(const stems *found, const char *name)
{
    int i = 0;
    while (i < found->count && strcmp(found->items[i].name.text, name) != 0)
        i++;
    return i;
}

/* First parameter with this stem, or TJ_NONE. */
static int param_of(const tj_lowering *low, const char *name)
{
    for (size_t i = 0; i < low->params_count; i++)
        if (tj_parameter_has_stem(low->params[i].name, name))
            return (int)i;
    return TJ_NONE;
}

static void unknown(tj_lowering *low, tj_name name)
{
    const char **names = tj_lower_alloc(low, low->params_count + 1, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; names != NULL && i < low->params_count; i++) {
        const char *full = low->params[i].name;
        const char *known = tj_lower_text(low, "%.*s", (int)tj_parameter_stem(full), full);
        size_t k = 0;
        while (k < count && strcmp(names[k], known) != 0)
            k++;
        if (k == count)
            names[count++] = known;
    }
    if (strchr(name.text, '@') != NULL)
        TJ_LOWER_ERROR(low, name.mark,
                       "parameter '%s': a correlation holds in every instance; leave out '%s'", name.text,
                       strchr(name.text, '@'));
    else if (names != NULL)
        tj_diag_unknown(low->diags, name.mark, "uncertain parameter", name.text, names, count);
}

/* The index of a name, added with its sharing where it is new. */
static int stem_add(tj_lowering *low, stems *found, tj_name name)
{
    int i = stem_find(found, name.text);
    if (i == found->count) {
        int param = param_of(low, name.text);
        if (param == TJ_NONE)
            unknown(low, name);
        int sharing = param == TJ_NONE ? -1 : tj_parameter_sharing(low->study, low->params[param].name);
        found->items[found->count++] = (stem){name, sharing, i};
    }
    return i;
}

/* Stems of two components form one from now on, named by its first. */
static void join(stems *found, int a, int b)
{
    int from = found->items[a].component, to = found->items[b].component;
    int first = from < to ? from : to;
    for (int i = 0; i < found->count; i++)
        if (found->items[i].component == from || found->items[i].component == to)
            found->items[i].component = first;
}

/* Every name of the correlations, in the order of the study. */
static void name_all(tj_lowering *low, stems *found)
{
    for (size_t i = 0; i < low->study->correlations_count; i++) {
        const tj_name *names = low->study->correlations[i].parameters.items;
        int a = stem_add(low, found, names[0]), b = stem_add(low, found, names[1]);
        int one = found->items[a].sharing, other = found->items[b].sharing;
        if (one >= 0 && other >= 0 && one != other)
            TJ_LOWER_ERROR(low, low->study->correlations[i].parameters.mark,
                           "'%s' is drawn by %s and '%s' by %s: only parameters that are shared alike can "
                           "be correlated",
                           names[0].text, tj_sharing_words[one].name, names[1].text,
                           tj_sharing_words[other].name);
        join(found, a, b);
    }
}

/* ---- copulas ---- */

/* One component in one instance: which stems it has there. */
typedef struct instance {
    const char *name;
    int *rows; /* stems, in order */
    int count;
} instance;

static int param_is(const tj_lowering *low, size_t param, const char *stem_name, const char *instance_name)
{
    const char *name = low->params[param].name;
    return tj_parameter_has_stem(name, stem_name) && strcmp(tj_parameter_instance(name), instance_name) == 0;
}

static void find_rows(const tj_lowering *low, const stems *found, int component, instance *at)
{
    at->count = 0;
    for (int s = 0; s < found->count; s++) {
        size_t i = 0;
        while (i < low->params_count && !param_is(low, i, found->items[s].name.text, at->name))
            i++;
        if (found->items[s].component == component && i < low->params_count)
            at->rows[at->count++] = s;
    }
}

/* The matrix of normal scores of an instance's rows. */
static void fill_matrix(const tj_lowering *low, const stems *found, const instance *at, double *matrix)
{
    size_t n = (size_t)at->count;
    for (size_t i = 0; i < n * n; i++)
        matrix[i] = i % (n + 1) == 0;
    for (size_t c = 0; c < low->study->correlations_count; c++) {
        const tj_correlation *correlation = &low->study->correlations[c];
        int a = stem_find(found, correlation->parameters.items[0].text);
        int b = stem_find(found, correlation->parameters.items[1].text);
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < n; k++)
                if (at->rows[i] == a && at->rows[k] == b)
                    matrix[i * n + k] = matrix[k * n + i] = tj_copula_pearson(correlation->rho.dist.p[0]);
    }
}

static void contradiction(tj_lowering *low, const stems *found, const instance *at, double least)
{
    const char *names = found->items[at->rows[0]].name.text;
    for (int i = 1; i < at->count; i++)
        names = tj_lower_text(low, "%s, %s", names, found->items[at->rows[i]].name.text);
    TJ_LOWER_ERROR(low, found->items[at->rows[0]].name.mark,
                   "the correlations of %s contradict one another: the smallest eigenvalue of their matrix "
                   "is %.3g, expected 0 or more",
                   names, least);
}

static void add_members(tj_lowering *low, const stems *found, const instance *at, double *factor)
{
    size_t n = (size_t)at->count, first;
    tj_plan_items(low->builder, TJ_SECTION_MEMBERS, &first);
    tj_plan_copula copula = {.size = at->count, .members_first = (int32_t)first};
    for (int row = 0; row < at->count; row++)
        for (size_t i = 0; i < low->params_count; i++) {
            tj_plan_member member = {.param = (int32_t)i, .row = row};
            if (!param_is(low, i, found->items[at->rows[row]].name.text, at->name))
                continue;
            tj_plan_add(low->builder, TJ_SECTION_MEMBERS, &member, 1);
            copula.members_count++;
        }
    tj_copula_factor(n, factor);
    copula.factor = tj_plan_add(low->builder, TJ_SECTION_NUMBERS, factor, n * n);
    tj_plan_add(low->builder, TJ_SECTION_COPULAS, &copula, 1);
}

/* Returns 0 after an error. */
static int add_copula(tj_lowering *low, const stems *found, const instance *at)
{
    size_t n = (size_t)at->count;
    double *matrix = tj_lower_alloc(low, 2 * n * n, sizeof *matrix);
    if (matrix == NULL)
        return 0;
    fill_matrix(low, found, at, matrix);
    memcpy(matrix + n * n, matrix, n * n * sizeof *matrix);
    double least = tj_copula_least_eigenvalue(n, matrix + n * n);
    if (least < TJ_COPULA_LEAST)
        contradiction(low, found, at, least);
    else
        add_members(low, found, at, matrix);
    return least >= TJ_COPULA_LEAST;
}

/* An instance is met at its first parameter that belongs to the component. */
static int first_of_instance(const tj_lowering *low, const stems *found, int component, size_t param)
{
    const char *name = tj_parameter_instance(low->params[param].name);
    for (size_t i = 0; i <= param; i++)
        for (int s = 0; s < found->count; s++)
            if (found->items[s].component == component && param_is(low, i, found->items[s].name.text, name))
                return i == param;
    return 0;
}

static void add_component(tj_lowering *low, const stems *found, int component)
{
    instance at = {.rows = tj_lower_alloc(low, (size_t)found->count, sizeof *at.rows)};
    for (size_t i = 0; at.rows != NULL && i < low->params_count; i++) {
        if (!first_of_instance(low, found, component, i))
            continue;
        at.name = tj_parameter_instance(low->params[i].name);
        find_rows(low, found, component, &at);
        if (at.count > 1 && !add_copula(low, found, &at))
            return;
    }
}

void tj_lower_correlations(tj_lowering *low)
{
    check_written(low);
    size_t most = 2 * low->study->correlations_count;
    stems found = {.items = tj_lower_alloc(low, most + 1, sizeof *found.items)};
    if (low->memory_short || low->diags->errors > 0)
        return;
    name_all(low, &found);
    for (int s = 0; low->diags->errors == 0 && s < found.count; s++)
        if (found.items[s].component == s)
            add_component(low, &found, s);
}
