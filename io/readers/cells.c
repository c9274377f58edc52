/* Readers of single cells; see table.h. */
#include "io/readers/mapping.h"
#include "io/readers/number.h"
#include "io/readers/quantity.h"
#include "io/readers/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void tj_cell_ignore(tj_table *table, const tj_cell *cell, const tj_column *column, void *to)
{
    (void)table, (void)cell, (void)column, (void)to;
}

void tj_cell_text(tj_table *table, const tj_cell *cell, const tj_column *column, void *to)
{
    *(const char **)to = tj_table_text(table, cell, column);
}

void tj_cell_word(tj_table *table, const tj_cell *cell, const tj_column *column, void *to)
{
    *(tj_name *)to = (tj_name){tj_table_text(table, cell, column), cell->mark};
}

void tj_cell_id(tj_table *table, const tj_cell *cell, const tj_column *column, void *to)
{
    if (tj_id_check(table->source, cell->mark, cell->text, cell->length) == 0)
        tj_cell_word(table, cell, column, to);
}

void tj_cell_place(tj_table *table, const tj_cell *cell, const tj_column *column, void *to)
{
    if (cell->length == 1 && cell->text[0] == '*')
        tj_cell_word(table, cell, column, to);
    else
        tj_cell_id(table, cell, column, to);
}

void tj_cell_count(tj_table *table, const tj_cell *cell, const tj_column *column, void *to)
{
    int64_t value = 0;
    size_t i = 0;
    (void)column;
    for (; i < cell->length && i < 9 && cell->text[i] >= '0' && cell->text[i] <= '9'; i++)
        value = 10 * value + (cell->text[i] - '0');
    if (i == cell->length && i > 0)
        *(tj_integer *)to = (tj_integer){value, cell->mark};
    else
        tj_source_fault(table->source, cell->mark, "found %s, expected a whole number from 0",
                        tj_show(cell->text, cell->length).text);
}

void tj_cell_year(tj_table *table, const tj_cell *cell, const tj_column *column, void *to)
{
    (void)column;
    tj_year_text(table->source, cell->mark, cell->text, cell->length, to);
}

void tj_cell_quality(tj_table *table, const tj_cell *cell, const tj_column *column, void *to)
{
    tj_quality_text(table->source, cell->mark, tj_table_text(table, cell, column), to);
}

/* The whole cell as a number with the file's decimal sign. */
static int number_read(tj_table *table, const tj_cell *cell, double *value)
{
    char decimal = table->csv.decimal, other = decimal == '.' ? ',' : '.';
    size_t taken = tj_number_read(cell->text, cell->length, decimal, value);
    if (taken == cell->length && isfinite(*value))
        return 0;
    tj_shown shown = tj_show(cell->text, cell->length);
    double ignored;
    if (tj_number_read(cell->text, cell->length, other, &ignored) == cell->length)
        tj_source_fault(table->source, cell->mark,
                        "found %s, expected a decimal %s, as the file is separated by %s", shown.text,
                        decimal == '.' ? "point" : "comma", decimal == '.' ? "commas" : "semicolons");
    else if (taken == cell->length)
        tj_source_fault(table->source, cell->mark, "found %s, which is too large a number", shown.text);
    else if (taken > 0)
        tj_source_fault(table->source, cell->mark,
                        "found %s, expected a number alone: no unit, no spaces between thousands",
                        shown.text);
    else
        tj_source_fault(table->source, cell->mark, "found %s, expected a number", shown.text);
    return -1;
}

void tj_cell_number(tj_table *table, const tj_cell *cell, const tj_column *column, void *to)
{
    double value;
    (void)column;
    if (number_read(table, cell, &value) == 0)
        *(double *)to = value;
}

/* The unit beside a value; the last one is remembered, as a column mostly holds one unit. */
static int unit_read(tj_table *table, const tj_cell *value)
{
    const tj_cell *cell = tj_table_cell(table, "unit");
    if (cell == NULL || cell->length == 0) {
        tj_source_fault(table->source, value->mark, "the value %s has no unit",
                        tj_show(value->text, value->length).text);
        return -1;
    }
    if (cell->length == table->unit_length && memcmp(cell->text, table->unit_text, cell->length) == 0)
        return 0;
    tj_shown shown = tj_show(cell->text, cell->length);
    tj_unit unit;
    if (tj_unit_read(table->source, cell->mark, cell->text, cell->length, shown.text, &unit) != 0)
        return -1;
    table->unit = unit;
    table->unit_length = cell->length <= sizeof table->unit_text ? cell->length : 0;
    memcpy(table->unit_text, cell->text, table->unit_length);
    return 0;
}

/* "12.5 kt" */
static const char *written(tj_table *table, const tj_cell *value)
{
    const tj_cell *unit = tj_table_cell(table, "unit");
    size_t length = value->length + 1 + unit->length;
    char text[128];
    if (length > sizeof text)
        return tj_source_text(table->source, value->text, value->length);
    memcpy(text, value->text, value->length);
    text[value->length] = ' ';
    memcpy(text + value->length + 1, unit->text, unit->length);
    return tj_source_text(table->source, text, length);
}

void tj_cell_value(tj_table *table, const tj_cell *cell, const tj_column *column, void *to)
{
    double value;
    (void)column;
    if (number_read(table, cell, &value) != 0 || unit_read(table, cell) != 0)
        return;
    value = tj_unit_convert(&table->unit, value);
    if (isfinite(value))
        *(tj_quantity *)to =
            (tj_quantity){{.p = {value}}, table->unit.dimension, written(table, cell), cell->mark};
    else
        tj_source_fault(table->source, cell->mark, "found %s, which is too large a number",
                        tj_show(cell->text, cell->length).text);
}

void tj_cell_quantity(tj_table *table, const tj_cell *cell, const tj_column *column, void *to)
{
    tj_arena arena;
    (void)column;
    tj_arena_init(&arena);
    tj_mark mark = cell->mark;
    mark.column += (uint32_t)cell->quoted;
    const tj_node *node = tj_yaml_read(table->source, mark, cell->text, cell->length, &arena);
    if (node != NULL)
        tj_quantity_node(table->source, node, "1 1", to);
    tj_arena_free(&arena);
}
