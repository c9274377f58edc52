/* inventory.csv -> rows of emissions, each a value or a notation key. */
#include "io/readers/files.h"
#include "io/readers/table.h"

#include <string.h>

static void scope_read(tj_table *table, const tj_cell *cell, const tj_column *column, void *to)
{
    (void)column;
    if (cell->length == 1 && (cell->text[0] == '1' || cell->text[0] == '2'))
        *(int *)to = cell->text[0] - '0';
    else
        tj_source_fault(table->source, cell->mark, "found %s, expected scope 1 or 2",
                        tj_show(cell->text, cell->length).text);
}

/* Fills value and notation, so it takes the whole row. */
static void value_read(tj_table *table, const tj_cell *cell, const tj_column *column, void *to)
{
    static const char *const keys[] = {[TJ_NO] = "NO", [TJ_NE] = "NE", [TJ_IE] = "IE", [TJ_C] = "C"};
    tj_inventory_row *row = to;
    for (int key = TJ_NO; key <= TJ_C; key++)
        if (cell->length == strlen(keys[key]) && memcmp(cell->text, keys[key], cell->length) == 0) {
            row->notation = (tj_notation)key;
            return;
        }
    char first = cell->text[0];
    if ((first >= '0' && first <= '9') || first == '+' || first == '-' || first == '.' || first == ',')
        tj_cell_value(table, cell, column, &row->value);
    else
        tj_source_fault(table->source, cell->mark, "found %s, expected a number or one of NO, NE, IE, C",
                        tj_show(cell->text, cell->length).text);
}

static const tj_column columns[] = {
    {"city", tj_cell_id, offsetof(tj_inventory_row, city), TJ_FILLED},
    {"year", tj_cell_year, offsetof(tj_inventory_row, year), TJ_FILLED},
    {"sector", tj_cell_id, offsetof(tj_inventory_row, sector), TJ_FILLED},
    {"gas", tj_cell_id, offsetof(tj_inventory_row, gas), TJ_FILLED},
    {"scope", scope_read, offsetof(tj_inventory_row, scope), TJ_FILLED},
    {"value", value_read, 0, TJ_FILLED},
    {"unit", tj_cell_ignore, 0, TJ_COLUMN},
    {"quality", tj_cell_quality, offsetof(tj_inventory_row, quality), TJ_OPTIONAL},
    {"gwp", tj_cell_word, offsetof(tj_inventory_row, gwp), TJ_OPTIONAL},
    {"edition", tj_cell_text, offsetof(tj_inventory_row, edition), TJ_OPTIONAL},
    {"boundary", tj_cell_text, offsetof(tj_inventory_row, boundary), TJ_OPTIONAL},
    {"source", tj_cell_text, offsetof(tj_inventory_row, source), TJ_OPTIONAL},
};
static const tj_rows rows = {columns, sizeof columns / sizeof columns[0], sizeof(tj_inventory_row),
                             offsetof(tj_inventory_row, mark), NULL};

void tj_read_inventory(tj_source *source, const char *text, size_t size)
{
    tj_table_read(source, &rows, text, size, &source->study->inventory);
}
