/* fleets.csv -> what is known of fleets, floors and landfills. */
#include "io/readers/files.h"
#include "io/readers/mapping.h"
#include "io/readers/table.h"

static const char *const kinds[TJ_DATA] = {[TJ_DATUM_SHARE] = "share",
                                           [TJ_DATUM_AGE] = "age",
                                           [TJ_DATUM_RENOVATED] = "renovated",
                                           [TJ_DATUM_DEPOSIT] = "deposit",
                                           [TJ_DATUM_PILE] = "pile"};

static void kind_read(tj_table *table, const tj_cell *cell, const tj_column *column, void *to)
{
    int kind = tj_table_word(table, cell, column, "kind", kinds, TJ_DATA);
    if (kind >= 0)
        *(tj_datum *)to = (tj_datum)kind;
}

/* A deposit needs its year, an age its years, everything but a deposit the thing that it is of; tonnes deposited are
 * not negative. */
static void row_check(tj_table *table, void *to)
{
    const tj_fleet_row *row = to;
    const char *lacking = NULL;
    if (row->kind == TJ_DATUM_DEPOSIT && row->year.mark.file == NULL)
        lacking = "year";
    else if (row->kind == TJ_DATUM_AGE && row->age.mark.file == NULL)
        lacking = "age";
    else if (row->kind != TJ_DATUM_DEPOSIT && row->item.text == NULL)
        lacking = "item";
    tj_table_lacks(table, row->sector.mark, kinds[row->kind], lacking);
    if (row->kind == TJ_DATUM_DEPOSIT && row->value.dist.kind == TJ_DIST_FIXED && row->value.dist.p[0] < 0)
        tj_source_fault(table->source, row->value.mark, "deposit: '%s' is below 0", row->value.written);
}

static const tj_column columns[] = {
    {"city", tj_cell_place, offsetof(tj_fleet_row, city), TJ_FILLED},
    {"sector", tj_cell_id, offsetof(tj_fleet_row, sector), TJ_FILLED},
    {"item", tj_cell_id, offsetof(tj_fleet_row, item), TJ_OPTIONAL},
    {"kind", kind_read, offsetof(tj_fleet_row, kind), TJ_FILLED},
    {"year", tj_cell_year, offsetof(tj_fleet_row, year), TJ_OPTIONAL},
    {"age", tj_cell_count, offsetof(tj_fleet_row, age), TJ_OPTIONAL},
    {"value", tj_cell_value, offsetof(tj_fleet_row, value), TJ_FILLED},
    {"unit", tj_cell_ignore, 0, TJ_COLUMN},
    {"quality", tj_cell_quality, offsetof(tj_fleet_row, quality), TJ_OPTIONAL},
    {"source", tj_cell_text, offsetof(tj_fleet_row, source), TJ_OPTIONAL},
};
static const tj_rows rows = {columns, sizeof columns / sizeof columns[0], sizeof(tj_fleet_row),
                             offsetof(tj_fleet_row, mark), row_check};

void tj_read_fleets(tj_source *source, const char *text, size_t size)
{
    tj_table_read(source, &rows, text, size, &source->study->fleets);
}
