/* A random plan while it is made: shared by random_plan.c and random_measures.c, private to them. */
#ifndef TJ_TESTS_RANDOM_MAKING_H
#define TJ_TESTS_RANDOM_MAKING_H

#include "tests/plan_maker.h"
#include "tests/random_plan.h"

enum {
    MAKING_PARAMS = 1024,
    MAKING_DRIVERS = 256,
    MAKING_YEARS = 20,
    MAKING_BACKGROUNDS = 3,
    MAKING_CITIES = 8,
    MAKING_SECTORS = 4,
    MAKING_CARRIERS = 4
};

typedef struct making {
    tj_random_shape shape;
    tj_maker *maker;
    int32_t first_year, n_years, n_backgrounds, n_packages, n_cities, n_measures, n_gases;
    int32_t ids[MAKING_CITIES];          /* city of the plan -> identity */
    int32_t city_id, city_drivers, last; /* the city being made: identity, first driver, year index H */
    double typical[MAKING_DRIVERS];      /* a driver's size in H */
    struct {
        char name[48];
        tj_term term;
    } params[MAKING_PARAMS];
    int n_params;
} making;

/* The parameter of that name, made on first use; `wide` allows the unbounded kinds. */
tj_term tj_making_param(making *m, const char *name, double low, double high, int wide);
/* The same, or a fixed value, as the name decides. */
tj_term tj_making_term(making *m, const char *name, double low, double high, int wide);

/* Adds every package's effects; the cities are complete. */
void tj_making_packages(making *m);

#endif
