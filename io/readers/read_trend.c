/* trend.csv -> rows of calibrated trends. */
#include "io/readers/files.h"
#include "io/readers/table.h"

/* A number and the range that it must lie in. */
typedef struct range {
    const char *column;
    size_t offset;
    double least, most;
} range;

static const range ranges[] = {
    {"growth", offsetof(tj_trend_row, growth), -1, 1}, {"growth_sd", offsetof(tj_trend_row, growth_sd), 0, 1},
    {"delta", offsetof(tj_trend_row, delta), 0, 1},    {"rho", offsetof(tj_trend_row, rho), 0, 1},
    {"sigma", offsetof(tj_trend_row, sigma), 0, 10},   {"shock", offsetof(tj_trend_row, shock), 0, 10},
};

static void check(tj_table *table, void *row)
{
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        double value = *(const double *)(const void *)((const char *)row + ranges[i].offset);
        const tj_cell *cell = tj_table_cell(table, ranges[i].column);
        if (value < ranges[i].least || value > ranges[i].most)
            tj_source_fault(table->source, cell->mark, "%s: found %.6g, expected a number from %g to %g",
                            ranges[i].column, value, ranges[i].least, ranges[i].most);
    }
}

static const tj_column columns[] = {
    {"city", tj_cell_id, offsetof(tj_trend_row, city), TJ_FILLED},
    {"sector", tj_cell_id, offsetof(tj_trend_row, sector), TJ_FILLED},
    {"growth", tj_cell_number, offsetof(tj_trend_row, growth), TJ_FILLED},
    {"growth_sd", tj_cell_number, offsetof(tj_trend_row, growth_sd), TJ_FILLED},
    {"delta", tj_cell_number, offsetof(tj_trend_row, delta), TJ_FILLED},
    {"rho", tj_cell_number, offsetof(tj_trend_row, rho), TJ_FILLED},
    {"sigma", tj_cell_number, offsetof(tj_trend_row, sigma), TJ_FILLED},
    {"shock", tj_cell_number, offsetof(tj_trend_row, shock), TJ_FILLED},
    {"observations", tj_cell_ignore, 0, TJ_OPTIONAL},
    {"places", tj_cell_ignore, 0, TJ_OPTIONAL},
    {"source", tj_cell_text, offsetof(tj_trend_row, source), TJ_OPTIONAL},
};
static const tj_rows rows = {columns, sizeof columns / sizeof columns[0], sizeof(tj_trend_row),
                             offsetof(tj_trend_row, mark), check};

void tj_read_trend(tj_source *source, const char *text, size_t size)
{
    tj_table_read(source, &rows, text, size, &source->study->trends);
}
