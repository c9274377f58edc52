/* The words of a study; see vocabulary.h. */
#include "scenarios/vocabulary.h"

#include <string.h>

const tj_word tj_ramp_words[] = {
    {"step", "nothing before start + years, everything from then on"},
    {"linear", "in equal steps from the start year over the given years"},
    {"smooth", "slow, fast, slow: 3u^2 - 2u^3"},
    {"logistic", "an S-curve with steepness k (10), exactly 0 at the start and 1 at the end"},
    {"bass", "diffusion with innovation p and imitation q per year, reaching 1 at the end"},
    {NULL, NULL},
};

const tj_word tj_operator_words[] = {
    {"scale", "removes a fraction of the driver; a negative fraction adds"},
    {"shift", "moves a fraction of one driver to another, times a ratio"},
    {"toward", "moves the driver towards a level, only upwards, only downwards or both"},
    {"add", "adds an amount to the driver"},
    {"cap", "lowers the driver to a level where it is above it"},
    {"floor", "raises the driver to a level where it is below it"},
    {NULL, NULL},
};

const tj_word tj_side_words[] = {
    {"both", "approaches the level from either side"},
    {"up", "only raises the driver"},
    {"down", "only lowers the driver"},
    {NULL, NULL},
};

const tj_word tj_method_words[] = {
    {"trend", "tonnes follow a damped growth rate with yearly noise; measures act on activity and intensity"},
    {"intensity", "activity x intensity x carrier mix x emission factors (ASIF), fitted to the inventory"},
    {"sink", "t CO2 a year taken out, following its own path"},
    {"stock", "vehicles or machines by technology and age, bought, worn out and replaced"},
    {"building", "floor, renovation and the heating systems that serve it"},
    {"supply", "a network's heat or power by source, for the carriers that others use"},
    {"landfill", "methane of deposited waste by first-order decay (IPCC 2006, vol. 5)"},
    {NULL, NULL},
};

const tj_word tj_account_words[] = {
    {"territorial", "in the city's total"},
    {"memo", "reported beside the total and never added"},
    {"removals", "t CO2 taken out, positive, reported apart from reductions"},
    {NULL, NULL},
};

const tj_word tj_target_words[] = {
    {"reduction", "percent below the base year by a year"},
    {"remaining", "percent of the base year left by a year"},
    {"neutral", "a least reduction, the rest balanced by removals up to an allowed share"},
    {"path", "milestones in percent below the base year"},
    {"budget", "tonnes over a span of years"},
    {NULL, NULL},
};

const tj_word tj_carrier_words[] = {
    {"burnt", "burnt where it is used: scope 1"},
    {"network", "brought by a network: scope 2, never in the territorial total of its user"},
    {NULL, NULL},
};

const tj_word tj_ets_words[] = {
    {"all", "with and without EU ETS installations"},
    {"outside", "only what is outside the EU ETS"},
    {"inside", "only what is inside the EU ETS"},
    {NULL, NULL},
};

const tj_word tj_sharing_words[] = {
    {"network", "one draw for all cities"},
    {"nation", "one draw for each country"},
    {"city", "one draw for each city"},
    {NULL, NULL},
};

const tj_word tj_gwp_words[] = {
    {"AR4", "global warming potentials over 100 years, IPCC 2007"},
    {"AR5", "global warming potentials over 100 years, IPCC 2013, without feedbacks"},
    {"AR6", "global warming potentials over 100 years, IPCC 2021"},
    {NULL, NULL},
};

int tj_word_find(const tj_word *words, const char *name)
{
    for (int i = 0; words[i].name != NULL; i++)
        if (strcmp(words[i].name, name) == 0)
            return i;
    return -1;
}

int tj_word_resolve(const tj_word *words, tj_name name, int fallback, const char *what, tj_diags *diags)
{
    if (name.text == NULL)
        return fallback;
    int found = tj_word_find(words, name.text);
    if (found >= 0)
        return found;
    const char *names[16];
    size_t count = 0;
    for (; words[count].name != NULL && count < 16; count++)
        names[count] = words[count].name;
    tj_diag_unknown(diags, name.mark, what, name.text, names, count);
    return fallback;
}
