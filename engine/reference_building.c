/* Floor in the reference simulator: what is old in H, what is built later, and the heat they need.
 *
 * Old floor is demolished and renovated, new floor is neither; heating systems serve both alike, so that
 * renovation lowers the heat per m2 and never the m2 served (reference_stock.c). */
#include "engine/reference.h"

#include <math.h>

typedef struct floors {
    double old;       /* m2 that stood in H */
    double renovated; /* R, the fraction of it */
    double heat;      /* h, per m2 of it */
    double built;     /* m2 of all cohorts */
    double *cohorts;  /* m2 by the year they were built in */
} floors;

/* An increase of the new floor is a cohort of its year; a decrease shrinks all cohorts alike. */
static void build(floors *f, double needed, int32_t first, int32_t year)
{
    f->cohorts[year] = fmax(0, needed - f->built);
    for (int32_t y = first; y < year && needed < f->built; y++)
        f->cohorts[y] *= needed / f->built;
    f->built = needed;
}

/* R(t) = min(1, R(t-1) + rate(t)), h(t) = h(t-1) - h(H) (R(t) - R(t-1)) depth(t): what is renovated in t, as a
 * fraction of the old floor. */
static double renovate(floors *f, double first_heat, double rate, double depth)
{
    double share = fmin(1, f->renovated + rate) - f->renovated;
    f->renovated += share;
    f->heat -= first_heat * share * depth;
    return share;
}

/* heat = old h + sum of cohort code */
static double heat_of(const tj_reference_at *at, const tj_plan_fleet *fleet, const floors *f, int32_t year)
{
    double heat = f->old * f->heat;
    for (int32_t y = at->last_inventory + 1; y <= year; y++)
        heat += f->cohorts[y] * tj_reference_value(at, fleet->code, y);
    return heat;
}

void tj_reference_building(const tj_reference_at *at, int32_t index, tj_reference_found *found)
{
    const tj_plan_fleet *fleet =
        (const tj_plan_fleet *)tj_plan_section(at->plan, TJ_SECTION_FLEETS, NULL) + index;
    int32_t last = at->last_inventory, n_years = tj_plan_get_settings(at->plan)->n_years;
    double *activity = found->activity + tj_reference_row(at, index);
    double *renovated = found->renovated + tj_reference_row(at, index);
    double first_heat = tj_reference_value(at, fleet->activity, last);
    floors f = {.old = tj_reference_value(at, fleet->demand, last),
                .renovated = fleet->renovated,
                .heat = first_heat,
                .cohorts = found->floor};
    activity[last] = first_heat;
    renovated[last] = 0;
    for (int32_t y = last + 1; y < n_years; y++) {
        double area = tj_reference_value(at, fleet->demand, y);
        f.old = fmin(area, f.old * (1 - tj_reference_value(at, fleet->demolition, y)));
        build(&f, area - f.old, last + 1, y);
        double share = renovate(&f, first_heat, tj_reference_value(at, fleet->rate, y),
                                tj_reference_value(at, fleet->depth, y));
        renovated[y] = share * f.old;
        activity[y] = area > 0 ? heat_of(at, fleet, &f, y) / area : 0;
    }
}
