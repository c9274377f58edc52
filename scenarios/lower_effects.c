/* Phase 7b: the measures in use in one city of one package become the plan's effects. */
#include "scenarios/lower.h"

#include <stdlib.h>
#include <string.h>

/* An effect with its place in the order written, for a stable sort. */
typedef struct draft {
    tj_plan_effect effect;
    int order;
} draft;

static int by_driver_measure_order(const void *a, const void *b)
{
    const draft *x = a, *y = b;
    if (x->effect.driver != y->effect.driver)
        return x->effect.driver < y->effect.driver ? -1 : 1;
    if (x->effect.measure != y->effect.measure)
        return x->effect.measure < y->effect.measure ? -1 : 1;
    return x->order - y->order;
}

/* Canonical name of a measure's parameter with its scope instance: "<measure>.<field>[@instance]". */
static const char *scoped(tj_lowering *low, const tj_measure *measure, int city, const char *field)
{
    int sharing = measure->parameters.text == NULL ? TJ_SHARING_NETWORK
                                                   : tj_word_find(tj_sharing_words, measure->parameters.text);
    if (sharing == TJ_SHARING_CITY)
        return tj_lower_text(low, "%s.%s@%s", measure->id.text, field, tj_lower_city_id(low, city));
    if (sharing == TJ_SHARING_NATION && tj_lower_country(low, city) != NULL)
        return tj_lower_text(low, "%s.%s@%s", measure->id.text, field, tj_lower_country(low, city)->id.text);
    return tj_lower_text(low, "%s.%s", measure->id.text, field);
}

/* "<driver>.<op>", numbered from the second effect with the same driver and operator on. */
static const char *effect_field(tj_lowering *low, const tj_measure *measure, size_t index)
{
    const tj_effect *effect = &measure->effects[index];
    int before = 0;
    for (size_t i = 0; i < index; i++)
        before += strcmp(measure->effects[i].driver.text, effect->driver.text) == 0 &&
                  strcmp(measure->effects[i].op.text, effect->op.text) == 0;
    if (before == 0)
        return tj_lower_text(low, "%s.%s", effect->driver.text, effect->op.text);
    return tj_lower_text(low, "%s.%s.%d", effect->driver.text, effect->op.text, before + 1);
}

/* A share: the effect's own, else the measure's, else `fallback`. */
static tj_term share_term(tj_lowering *low, const tj_measure *measure, int city, const tj_quantity *own,
                          const char *own_name, const tj_quantity *common, const char *common_name,
                          double fallback)
{
    if (own != NULL && own->mark.file != NULL)
        return tj_lower_term(low, own, scoped(low, measure, city, own_name));
    if (common->mark.file != NULL)
        return tj_lower_term(low, common, scoped(low, measure, city, common_name));
    return tj_lower_fixed(fallback);
}

/* Overlap groups are numbered by the first measure that names them. */
static int overlap_of(const tj_lowering *low, const tj_measure *measure)
{
    if (measure->overlaps.text == NULL)
        return TJ_NONE;
    size_t m = 0;
    while (low->study->measures[m].overlaps.text == NULL ||
           strcmp(low->study->measures[m].overlaps.text, measure->overlaps.text) != 0)
        m++;
    return (int)m;
}

/* Factors of the synergies whose partners are in use here. */
static void synergy_factors(tj_lowering *low, const tj_measure *measure, int city, const tj_use *uses,
                            size_t count, tj_plan_effect *effect)
{
    effect->factors_first = TJ_NONE;
    for (size_t i = 0; i < measure->synergies_count; i++) {
        const tj_synergy *synergy = &measure->synergies[i];
        int partner = tj_study_measure(low->study, synergy->with.text);
        for (size_t u = 0; u < count; u++) {
            if (uses[u].measure != partner)
                continue;
            tj_term term = tj_lower_term(
                low, &synergy->factor,
                scoped(low, measure, city, tj_lower_text(low, "synergy.%s", synergy->with.text)));
            term.partner = low->measure_rank[partner];
            int32_t at = tj_plan_add(low->builder, TJ_SECTION_TERMS, &term, 1);
            effect->factors_first = effect->factors_count++ == 0 ? at : effect->factors_first;
        }
    }
}

/* The effect's own ramp moves by as many years as the measure's start does. */
static int32_t effect_ramp(tj_lowering *low, const tj_measure *measure, const tj_effect *effect, int start,
                           int city)
{
    const tj_ramp *ramp = effect->ramp.mark.file != NULL ? &effect->ramp : &measure->ramp;
    int moved = measure->ramp.mark.file != NULL ? start - measure->ramp.start.value : 0;
    int from = ramp == &measure->ramp ? start : ramp->start.value + moved;
    if (tj_lower_ramp_ends(low, ramp, from, city))
        tj_diag_add(low->diags, TJ_WARNING, ramp->until.mark,
                    "measure '%s' was complete in '%s' in %d: its end after that year is not modelled",
                    measure->id.text, tj_lower_city_id(low, city), low->first_year + low->city_last[city]);
    return tj_lower_ramp(low, ramp, from, city);
}

/* Fills one effect; returns 0 where the city has no such driver. */
static int fill_effect(tj_lowering *low, const tj_use *use, size_t index, int city, tj_plan_effect *plan)
{
    const tj_measure *measure = &low->study->measures[use->measure];
    const tj_effect *effect = &measure->effects[index];
    int driver = tj_lower_find_driver(low, city, effect->driver.text);
    int to = effect->to.text == NULL ? TJ_NONE : tj_lower_find_driver(low, city, effect->to.text);
    if (driver < 0 || (effect->to.text != NULL && to < 0))
        return 0;
    const char *field = effect_field(low, measure, index), *name = effect->driver.text;
    const tj_quantity *magnitude = tj_lower_local(low, &effect->magnitude, city);
    if (magnitude == NULL)
        return 0; /* magnitudes for other places only */
    *plan = (tj_plan_effect){
        .driver = driver,
        .to_driver = to,
        .op = tj_word_find(tj_operator_words, effect->op.text),
        .side = effect->side.text == NULL ? TJ_SIDE_BOTH : tj_word_find(tj_side_words, effect->side.text),
        .measure = low->measure_rank[use->measure],
        .overlap = overlap_of(low, measure),
        .strength = use->strength};
    plan->ramp = effect_ramp(low, measure, effect, use->start, city);
    plan->magnitude = tj_lower_term(low, magnitude, scoped(low, measure, city, field));
    plan->ratio =
        share_term(low, measure, city, NULL, "", &effect->ratio, tj_lower_text(low, "%s.ratio", field), 1.0);
    plan->eligible = share_term(low, measure, city, &effect->eligible,
                                tj_lower_text(low, "%s.eligible", name), &measure->eligible, "eligible", 1.0);
    plan->adherence =
        share_term(low, measure, city, &effect->adherence, tj_lower_text(low, "%s.adherence", name),
                   &measure->adherence, "adherence", 1.0);
    plan->rebound = share_term(low, measure, city, NULL, "", &measure->rebound, "rebound", 0.0);
    return 1;
}

/* ---- what a measure comes to, settled once for each way in which packages use it ---- */

/* The effects of a measure in a city with one strength and start, and some partners of its synergies. */
struct tj_effects_memo {
    tj_effects_memo *next;
    double strength;
    int start;
    const unsigned char *partners; /* by synergy: 1 where the partner is in use */
    draft *drafts;
    size_t count;
};

static int in_use(const tj_lowering *low, const char *measure, const tj_use *uses, size_t count)
{
    int partner = tj_study_measure(low->study, measure);
    for (size_t u = 0; u < count; u++)
        if (uses[u].measure == partner)
            return 1;
    return 0;
}

/* Settles the effects of one use and keeps them; NULL when memory is short. */
static const tj_effects_memo *settle(tj_lowering *low, int city, const tj_use *use, const tj_use *uses,
                                     size_t count, const unsigned char *partners)
{
    const tj_measure *measure = &low->study->measures[use->measure];
    tj_effects_memo *memo = tj_lower_alloc(low, 1, sizeof *memo);
    draft *drafts = tj_lower_alloc(low, measure->effects_count + 1, sizeof *drafts);
    if (memo == NULL || drafts == NULL)
        return NULL;
    *memo = (tj_effects_memo){
        .strength = use->strength, .start = use->start, .partners = partners, .drafts = drafts};
    for (size_t i = 0; i < measure->effects_count; i++) {
        draft *next = &drafts[memo->count];
        next->order = (int)i;
        if (!fill_effect(low, use, i, city, &next->effect))
            continue;
        synergy_factors(low, measure, city, uses, count, &next->effect);
        memo->count++;
    }
    tj_effects_memo **head = &low->memos[city * (int)low->study->measures_count + use->measure];
    memo->next = *head;
    *head = memo;
    return memo;
}

/* The effects of one use among all uses of a package: those kept, or settled now. */
static const tj_effects_memo *effects_of(tj_lowering *low, int city, const tj_use *use, const tj_use *uses,
                                         size_t count)
{
    const tj_measure *measure = &low->study->measures[use->measure];
    size_t cells = (size_t)low->n_cities * low->study->measures_count;
    size_t n = measure->synergies_count;
    unsigned char partners[64] = {0}, *kept;
    if (low->memos == NULL)
        low->memos = tj_lower_alloc(low, cells + 1, sizeof *low->memos);
    if (low->memos == NULL)
        return NULL;
    for (size_t i = 0; i < n && i < sizeof partners; i++)
        partners[i] = (unsigned char)in_use(low, measure->synergies[i].with.text, uses, count);
    const tj_effects_memo *memo = low->memos[city * (int)low->study->measures_count + use->measure];
    for (; memo != NULL && n <= sizeof partners; memo = memo->next)
        if (memo->strength == use->strength && memo->start == use->start &&
            memcmp(memo->partners, partners, n) == 0)
            return memo;
    kept = tj_lower_alloc(low, sizeof partners, 1);
    if (kept == NULL)
        return NULL;
    memcpy(kept, partners, sizeof partners);
    return settle(low, city, use, uses, count, kept);
}

tj_plan_slice tj_lower_slice(tj_lowering *low, int city, const tj_use *uses, size_t count)
{
    tj_plan_slice slice = {0};
    size_t most = 0, n = 0, held;
    for (size_t u = 0; u < count; u++)
        most += low->study->measures[uses[u].measure].effects_count;
    draft *drafts = calloc(most + 1, sizeof *drafts);
    if (drafts == NULL)
        low->memory_short = 1;
    for (size_t u = 0; drafts != NULL && u < count; u++) {
        const tj_effects_memo *memo = effects_of(low, city, &uses[u], uses, count);
        for (size_t i = 0; memo != NULL && i < memo->count; i++)
            drafts[n++] = memo->drafts[i];
    }
    if (n > 0)
        qsort(drafts, n, sizeof *drafts, by_driver_measure_order);
    tj_plan_items(low->builder, TJ_SECTION_EFFECTS, &held);
    slice.first = (int32_t)held;
    for (size_t i = 0; i < n; i++)
        tj_plan_add(low->builder, TJ_SECTION_EFFECTS, &drafts[i].effect, 1);
    slice.count = (int32_t)n;
    free(drafts);
    return slice;
}
