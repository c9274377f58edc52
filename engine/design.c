/* The designs, one record each; see design.h. */
#include "engine/design.h"

#include "engine/sobol.h"
#include "engine/threefry.h"

#include <assert.h>

/* ---- plain Monte Carlo ---- */

static size_t any_draws(size_t at_least)
{
    return at_least;
}

static void independent(const tj_column_at *at, size_t n, double *u)
{
    tj_uniform_lanes(at->seed, at->stream, 0, 0, n, u);
}

/* ---- Latin hypercube ---- */

static size_t multiple_of_replicates(size_t at_least)
{
    size_t m = (at_least + TJ_REPLICATES - 1) / TJ_REPLICATES;
    return (m > 0 ? m : 1) * TJ_REPLICATES;
}

/* A place within a stratum, a little inside its edges so that rounding never crosses one. */
static double inside(double u)
{
    return u < 0x1p-24 ? 0x1p-24 : u > 1 - 0x1p-24 ? 1 - 0x1p-24 : u;
}

/* The strata 0 .. m - 1 in random order (Fisher and Yates), by the addressed numbers of draws first on. */
static void shuffle(const tj_column_at *at, uint32_t first, size_t m, double *stratum)
{
    for (size_t i = 0; i < m; i++)
        stratum[i] = (double)i;
    for (size_t i = m - 1; i > 0; i--) {
        double u = tj_uniform(at->seed, at->stream, first + (uint32_t)i, TJ_COUNTER_SHUFFLE);
        size_t k = (size_t)(u * (double)(i + 1));
        k = k < i ? k : i;
        double moved = stratum[k];
        stratum[k] = stratum[i];
        stratum[i] = moved;
    }
}

static void latin_column(const tj_column_at *at, size_t n, double *u)
{
    size_t m = n / TJ_REPLICATES;
    assert(m * TJ_REPLICATES == n && m > 0);
    for (size_t first = 0; first < n; first += m) {
        shuffle(at, (uint32_t)first, m, u + first);
        for (size_t d = first; d < first + m; d++)
            u[d] = (u[d] + inside(tj_uniform(at->seed, at->stream, (uint32_t)d, 0))) / (double)m;
    }
}

/* ---- Sobol ---- */

static size_t power_of_two(size_t at_least)
{
    size_t n = TJ_REPLICATES;
    while (n < at_least && n <= SIZE_MAX / 4)
        n *= 2;
    return n;
}

static void sobol_column(const tj_column_at *at, size_t n, double *u)
{
    size_t m = n / TJ_REPLICATES;
    assert(m * TJ_REPLICATES == n && m > 0);
    for (uint32_t r = 0; r < TJ_REPLICATES; r++)
        tj_sobol_scrambled(at->dimension, at->seed, at->stream, r, m, u + r * m);
}

/* ---- the list ---- */

const tj_design tj_designs[TJ_DESIGNS] = {
    [TJ_DESIGN_MONTE_CARLO] = {"monte-carlo",
                               "independent draws, each addressed by seed, parameter and number", 1, 0,
                               "any number", any_draws, independent},
    [TJ_DESIGN_LATIN] = {"latin-hypercube",
                         "16 Latin hypercubes: in each, every parameter has one draw in each of its strata",
                         TJ_REPLICATES, 0, "a multiple of 16", multiple_of_replicates, latin_column},
    [TJ_DESIGN_SOBOL] = {"sobol",
                         "16 scrambled Sobol nets: in each, the parameters fill their space together evenly",
                         TJ_REPLICATES, TJ_SOBOL_DIMENSIONS, "a power of two from 16 on", power_of_two,
                         sobol_column},
};

_Static_assert(TJ_REPLICATES == 16, "the sentences say 16");

const tj_design *tj_design_of(const tj_plan *plan)
{
    int32_t design = tj_plan_get_settings(plan)->design;
    assert(design >= 0 && design < TJ_DESIGNS);
    return &tj_designs[design];
}
