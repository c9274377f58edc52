/* The search for a fault; see fault.h. */
#include "engine/fault.h"
#include "engine/simulate.h"

#include <stdlib.h>

enum { BLOCK = 64 };

typedef struct search {
    const tj_plan *plan;
    const tj_draws *draws;
    tj_scratch *scratch;
    double *out; /* of the largest city, BLOCK draws */
    int32_t package;
} search;

static tj_status try_block(const search *s, int32_t item, size_t first, size_t n)
{
    int32_t backgrounds = tj_plan_get_settings(s->plan)->n_backgrounds;
    const tj_block block = {.background = item % backgrounds,
                            .package = s->package,
                            .city = item / backgrounds,
                            .first = first,
                            .n = n};
    return tj_backend_reference.simulate(s->plan, s->draws, NULL, &block, s->scratch, BLOCK, s->out, NULL);
}

/* Draws first .. end - 1 of every city and background. */
static tj_status try_draws(const search *s, size_t first, size_t end)
{
    const tj_plan_settings *settings = tj_plan_get_settings(s->plan);
    tj_status status = TJ_OK;
    for (int32_t item = 0; item < settings->n_cities * settings->n_backgrounds; item++)
        for (size_t d = first; d < end && status == TJ_OK; d += BLOCK)
            status = try_block(s, item, d, end - d < BLOCK ? end - d : BLOCK);
    return status;
}

tj_status tj_fault_find(const tj_plan *plan, int32_t package, size_t draws, int32_t *cell, int32_t *year)
{
    tj_draws made;
    tj_status status = tj_draws_init(&made, plan, draws, 1);
    if (status != TJ_OK)
        return status;
    size_t length = tj_plan_most_cells(plan) * (size_t)tj_plan_get_settings(plan)->n_years * BLOCK;
    search s = {.plan = plan,
                .draws = &made,
                .scratch = tj_backend_reference.scratch_create(plan, &made),
                .out = malloc((length + 1) * sizeof(double)),
                .package = package};
    status = s.scratch != NULL && s.out != NULL ? try_draws(&s, 0, draws > 0) : TJ_ERR_MEMORY;
    if (status == TJ_OK)
        status = try_draws(&s, 1, draws);
    if (status == TJ_ERR_UNDEFINED)
        tj_backend_reference.fault(s.scratch, cell, year);
    free(s.out);
    tj_backend_reference.scratch_free(s.scratch);
    tj_draws_free(&made);
    return status;
}
