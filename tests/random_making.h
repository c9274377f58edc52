/* A random plan while it is made: shared by random_plan.c and random_measures.c, private to them. */
#ifndef TJ_TESTS_RANDOM_MAKING_H
#define TJ_TESTS_RANDOM_MAKING_H

#include "tests/plan_maker.h"
#include "tests/random_plan.h"

enum {
    MAKING_PARAMS = 4096,
    MAKING_DRIVERS = 1024,
    MAKING_YEARS = 20,
    MAKING_BACKGROUNDS = 3,
    MAKING_CITIES = 8,
    MAKING_SECTORS = 4,
    MAKING_CELLS = 10, /* of a city, those with memory included */
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

/* Values of first .. H with gaps; all zero once in a while; absent in H once in a while. */
void tj_making_history(const making *m, tj_random *r, double *history);
/* Statuses and gases of a cell with this history. */
void tj_making_cell(making *m, tj_random *r, int32_t cell, const double *history);
/* A driver that is not a share: flat, a path with or without spread, or (may_grow) a growth rate. */
void tj_making_driver(making *m, tj_random *r, int32_t driver, double level, int may_grow);
/* A path that is `level` up to H and goes in a line to `level` times a factor, per background. */
void tj_making_drift(making *m, tj_random *r, int32_t driver, double level, double least, double most);
/* Shares that sum to one; the first is never zero, others may be; and n drivers that are such a whole. */
void tj_making_parts(tj_random *r, int32_t n, double *shares);
void tj_making_shares(making *m, tj_random *r, int32_t first, int32_t n);

/* Adds cells with memory and their rows to the city being made. */
void tj_making_physical(making *m);

/* Adds every package's effects; the cities are complete. */
void tj_making_packages(making *m);

#endif
