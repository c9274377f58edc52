/* population.csv, national.csv, pool.csv, gwp.csv -> rows of values. */
#include "io/readers/files.h"
#include "io/readers/table.h"

#define ROWS(columns, T)                                                                                     \
    {                                                                                                        \
        (columns), sizeof(columns) / sizeof((columns)[0]), sizeof(T), offsetof(T, mark), NULL                \
    }

static const tj_column population_columns[] = {
    {"place", tj_cell_id, offsetof(tj_population_row, place), TJ_FILLED},
    {"year", tj_cell_year, offsetof(tj_population_row, year), TJ_FILLED},
    {"value", tj_cell_value, offsetof(tj_population_row, value), TJ_FILLED},
    {"unit", tj_cell_ignore, 0, TJ_COLUMN},
    {"quality", tj_cell_quality, offsetof(tj_population_row, quality), TJ_OPTIONAL},
    {"source", tj_cell_text, offsetof(tj_population_row, source), TJ_OPTIONAL},
};
static const tj_rows population_rows = ROWS(population_columns, tj_population_row);

void tj_read_population(tj_source *source, const char *text, size_t size)
{
    tj_table_read(source, &population_rows, text, size, &source->study->population);
}

static const tj_column national_columns[] = {
    {"country", tj_cell_id, offsetof(tj_national_row, country), TJ_FILLED},
    {"year", tj_cell_year, offsetof(tj_national_row, year), TJ_FILLED},
    {"series", tj_cell_word, offsetof(tj_national_row, series), TJ_FILLED},
    {"value", tj_cell_value, offsetof(tj_national_row, value), TJ_FILLED},
    {"unit", tj_cell_ignore, 0, TJ_COLUMN},
    {"source", tj_cell_text, offsetof(tj_national_row, source), TJ_OPTIONAL},
};
static const tj_rows national_rows = ROWS(national_columns, tj_national_row);

void tj_read_national(tj_source *source, const char *text, size_t size)
{
    tj_table_read(source, &national_rows, text, size, &source->study->national);
}

static const tj_column pool_columns[] = {
    {"country", tj_cell_id, offsetof(tj_pool_row, country), TJ_FILLED},
    {"place", tj_cell_text, offsetof(tj_pool_row, place), TJ_FILLED},
    {"year", tj_cell_year, offsetof(tj_pool_row, year), TJ_FILLED},
    {"sector", tj_cell_id, offsetof(tj_pool_row, sector), TJ_FILLED},
    {"value", tj_cell_value, offsetof(tj_pool_row, value), TJ_FILLED},
    {"unit", tj_cell_ignore, 0, TJ_COLUMN},
};
static const tj_rows pool_rows = ROWS(pool_columns, tj_pool_row);

void tj_read_pool(tj_source *source, const char *text, size_t size)
{
    tj_table_read(source, &pool_rows, text, size, &source->study->pool);
}

static const tj_column gwp_columns[] = {
    {"set", tj_cell_word, offsetof(tj_gwp_row, set), TJ_FILLED},
    {"gas", tj_cell_id, offsetof(tj_gwp_row, gas), TJ_FILLED},
    {"value", tj_cell_value, offsetof(tj_gwp_row, value), TJ_FILLED},
    {"unit", tj_cell_ignore, 0, TJ_COLUMN},
    {"source", tj_cell_text, offsetof(tj_gwp_row, source), TJ_OPTIONAL},
};
static const tj_rows gwp_rows = ROWS(gwp_columns, tj_gwp_row);

void tj_read_gwp(tj_source *source, const char *text, size_t size)
{
    tj_table_read(source, &gwp_rows, text, size, &source->study->gwps);
}
