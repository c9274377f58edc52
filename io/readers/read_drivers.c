/* drivers.csv -> reference paths of drivers. */
#include "io/readers/files.h"
#include "io/readers/mapping.h"
#include "io/readers/table.h"

static const char *const kinds[] = {[TJ_PATH_YEAR] = "year",
                                    [TJ_PATH_LOGISTIC] = "logistic",
                                    [TJ_PATH_CONSTANT] = "constant",
                                    [TJ_PATH_GROWTH] = "growth",
                                    [TJ_PATH_BACKGROUND] = "background"};

static void kind_read(tj_table *table, const tj_cell *cell, const tj_column *column, void *to)
{
    int kind = tj_table_word(table, cell, column, "kind", kinds, sizeof kinds / sizeof kinds[0]);
    if (kind >= 0)
        *(tj_path_kind *)to = (tj_path_kind)kind;
}

/* A number with its unit in its own column, or a distribution, which carries it. */
static void value_read(tj_table *table, const tj_cell *cell, const tj_column *column, void *to)
{
    const tj_cell *unit = tj_table_cell(table, "unit");
    if (cell->length == 0 || cell->text[0] != '{')
        tj_cell_value(table, cell, column, to);
    else if (unit != NULL && unit->length > 0)
        tj_source_fault(table->source, unit->mark,
                        "unit: found %s beside a distribution, which carries its unit",
                        tj_show(unit->text, unit->length).text);
    else
        tj_cell_quantity(table, cell, column, to);
}

/* A point needs a year, a background the name of its path, the others a value. */
static void row_check(tj_table *table, void *to)
{
    const tj_driver_row *row = to;
    const char *lacking = NULL;
    if ((row->kind == TJ_PATH_YEAR || row->kind == TJ_PATH_LOGISTIC) && row->year.mark.file == NULL)
        lacking = "year";
    else if (row->kind == TJ_PATH_BACKGROUND && row->background.text == NULL)
        lacking = "path";
    else if (row->kind != TJ_PATH_BACKGROUND && row->value.mark.file == NULL)
        lacking = "value";
    tj_table_lacks(table, row->driver.mark, kinds[row->kind], lacking);
}

static const tj_column columns[] = {
    {"city", tj_cell_place, offsetof(tj_driver_row, city), TJ_FILLED},
    {"driver", tj_cell_id, offsetof(tj_driver_row, driver), TJ_FILLED},
    {"kind", kind_read, offsetof(tj_driver_row, kind), TJ_FILLED},
    {"year", tj_cell_year, offsetof(tj_driver_row, year), TJ_OPTIONAL},
    {"value", value_read, offsetof(tj_driver_row, value), TJ_OPTIONAL},
    {"unit", tj_cell_ignore, 0, TJ_OPTIONAL},
    {"path", tj_cell_id, offsetof(tj_driver_row, background), TJ_OPTIONAL},
    {"spread", tj_cell_quantity, offsetof(tj_driver_row, spread), TJ_OPTIONAL},
    {"pace", tj_cell_quantity, offsetof(tj_driver_row, pace), TJ_OPTIONAL},
    {"pace_from", tj_cell_year, offsetof(tj_driver_row, pace_from), TJ_OPTIONAL},
    {"quality", tj_cell_quality, offsetof(tj_driver_row, quality), TJ_OPTIONAL},
    {"source", tj_cell_text, offsetof(tj_driver_row, source), TJ_OPTIONAL},
};
static const tj_rows rows = {columns, sizeof columns / sizeof columns[0], sizeof(tj_driver_row),
                             offsetof(tj_driver_row, mark), row_check};

void tj_read_drivers(tj_source *source, const char *text, size_t size)
{
    tj_table_read(source, &rows, text, size, &source->study->drivers);
}
