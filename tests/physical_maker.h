/* Physical maker: cells with memory for plan_maker.h, and plans played through for the suites that look at them.
 *
 * As there, everything belongs to the city and cell added last, and what is not said is neutral: survival 1, no
 * scrappage, demolition, renovation, losses or capture. Factors of carriers and eta are 1. */
#ifndef TJ_TESTS_PHYSICAL_MAKER_H
#define TJ_TESTS_PHYSICAL_MAKER_H

#include "tests/plan_maker.h"
#include "tests/runner.h"

/* A stock or building cell with carriers burnt here, each with a factor of 1. */
int32_t tj_maker_users(tj_maker *maker, int32_t sector, const double *history, tj_method method,
                       int32_t carriers);
/* Lists the carriers of an intensity cell, burnt here. */
void tj_maker_list_carriers(tj_maker *maker, int32_t cell);
tj_plan_carrier *tj_maker_get_carrier(tj_maker *maker, int32_t cell, int32_t f);
/* The carrier comes by a network: from a supply cell, or with the factor it has where supply is TJ_NONE. */
void tj_maker_network(tj_maker *maker, int32_t cell, int32_t f, int32_t supply);

/* A fleet of `count` technologies with equal shares of units and sales, each with lambda 10, beta 2, sold since
 * 1900. Their burners are added in order. */
int32_t tj_maker_fleet(tj_maker *maker, int32_t cell, tj_fleet_kind kind, double demand, double activity,
                       int32_t count);
tj_plan_fleet *tj_maker_get_fleet(tj_maker *maker, int32_t fleet);
tj_plan_technology *tj_maker_get_technology(tj_maker *maker, int32_t fleet, int32_t k);
/* eta of a technology on a carrier of the cell, and its part of the activity; returns the driver. */
int32_t tj_maker_burner(tj_maker *maker, int32_t fleet, int32_t k, int32_t carrier, double eta, double share);

/* A supply cell: sources with equal shares, factor 0.2, efficiency 1, wholly fossil; made in the city. */
int32_t tj_maker_supply(tj_maker *maker, int32_t sector, const double *history, int32_t sources);
tj_plan_source *tj_maker_get_source(tj_maker *maker, int32_t cell, int32_t k);

/* A landfill cell: classes of waste with equal shares, ddoc 0.1, decay 0.1; an empty pile, no deposits, nothing
 * recovered or oxidised, gwp 28, half of the gas methane. */
int32_t tj_maker_landfill(tj_maker *maker, int32_t sector, const double *history, int32_t wastes);
tj_plan_waste *tj_maker_get_waste(tj_maker *maker, int32_t cell, int32_t k);

/* A physical row of the last city; returns its slot. */
int32_t tj_maker_row(tj_maker *maker, tj_row_kind kind, int32_t cell, int32_t item);
/* Every row that the last city can have; its cells are complete. */
void tj_maker_rows(tj_maker *maker);

/* A city of a plan simulated with all draws. */
typedef struct tj_played {
    const tj_plan *plan;
    size_t draws;
    double *out, *rows; /* owned */
} tj_played;

/* `block` draws at a time; rows are asked for where `with_rows`. Asserts success. */
void tj_play(tj_played *played, tj_runner *runner, int32_t background, int32_t package, int32_t city,
             size_t block, int with_rows);
void tj_played_free(tj_played *played);
/* Finishes the plan and plays city 0 in background 0 by the lanes backend, `draws` draws in one block, with rows.
 * tj_played_end frees the plan too. */
void tj_play_made(tj_played *played, tj_maker *maker, int32_t package, size_t draws);
void tj_played_end(tj_played *played);
/* Cell k of the city, or a row by its slot, in a year index and draw. */
double tj_played_cell(const tj_played *played, int32_t k, int year, size_t draw);
double tj_played_row(const tj_played *played, int32_t slot, int year, size_t draw);

#endif
