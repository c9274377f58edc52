/* Numbers with units; see quantity.h. Distributions are in distribution.c. */
#include "io/readers/quantity.h"

#include "io/readers/distribution.h"
#include "io/readers/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { UNIT_MOST = 80 };

/* Copies a unit with no-break spaces (U+00A0, U+202F), as French typography puts them, made plain; returns the
 * length, or 0 where it is too long to be one. */
static size_t spaces_plain(const char *text, size_t length, char *plain)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        size_t wide = length - i >= 2 && memcmp(text + i, "\xC2\xA0", 2) == 0       ? 2
                      : length - i >= 3 && memcmp(text + i, "\xE2\x80\xAF", 3) == 0 ? 3
                                                                                    : 0;
        if (used == UNIT_MOST)
            return 0;
        plain[used++] = wide > 0 || text[i] == '\t' ? ' ' : text[i];
        i += wide > 0 ? wide - 1 : 0;
    }
    while (used > 0 && plain[used - 1] == ' ')
        used--;
    return used;
}

int tj_unit_read(tj_source *source, tj_mark mark, const char *text, size_t length, const char *whole,
                 tj_unit *unit)
{
    const char *bad;
    size_t bad_length;
    char symbol[UNIT_MOST + 1];
    if (tj_unit_parse(text, length, unit, &bad, &bad_length) == 0)
        return 0;
    snprintf(symbol, sizeof symbol, "%.*s", (int)(bad_length < UNIT_MOST ? bad_length : UNIT_MOST), bad);
    const char *nearest = tj_nearest(symbol, tj_unit_symbols, tj_unit_symbols_count);
    tj_shown shown = tj_show(symbol, strlen(symbol));
    if (symbol[0] >= '0' && symbol[0] <= '9')
        tj_source_fault(source, mark, "unknown unit %s in %s; write thousands without spaces", shown.text,
                        whole);
    else if (nearest != NULL)
        tj_source_fault(source, mark, "unknown unit %s in %s; did you mean '%s'?", shown.text, whole,
                        nearest);
    else
        tj_source_fault(source, mark,
                        "unknown unit %s in %s; allowed are products and quotients of those that "
                        "'trajekt list units' shows",
                        shown.text, whole);
    return -1;
}

/* "such as '35 %'": the example, or what a bare number may have been meant as. */
static void bare_fault(tj_source *source, tj_mark mark, const char *found, const char *example, double value)
{
    char percent[48];
    snprintf(percent, sizeof percent, "%.10g %%", fabs(value) <= 1 ? value * 100 : value);
    tj_source_fault(source, mark, "found %s, expected a number with a unit, such as '%s'", found,
                    example == NULL ? percent : example);
}

/* 3,5 % */
static int comma_fault(tj_source *source, tj_mark mark, const char *text, size_t length, size_t comma)
{
    if (comma + 1 >= length || text[comma] != ',' || text[comma + 1] < '0' || text[comma + 1] > '9')
        return 0;
    tj_source_fault(source, mark, "found %s, expected a decimal point: '%.*s.%.*s'",
                    tj_show(text, length).text, (int)comma, text,
                    (int)(length - comma - 1 < 40 ? length - comma - 1 : 40), text + comma + 1);
    return -1;
}

static int quantity_text(tj_source *source, tj_mark mark, const char *text, size_t length,
                         const char *example, tj_quantity *quantity)
{
    double value = 0;
    char unit_text[UNIT_MOST];
    tj_unit unit;
    tj_shown shown = tj_show(text, length);
    size_t number = tj_number_read(text, length, '.', &value);
    if (number == 0) {
        tj_source_fault(source, mark, "found %s, expected a number with a unit, such as '%s'", shown.text,
                        example == NULL ? "35 %" : example);
        return -1;
    }
    if (comma_fault(source, mark, text, length, number) != 0)
        return -1;
    size_t rest = spaces_plain(text + number, length - number, unit_text);
    if (rest == 0) {
        bare_fault(source, mark, shown.text, example, value);
        return -1;
    }
    if (tj_unit_read(source, mark, unit_text, rest, shown.text, &unit) != 0)
        return -1;
    value = tj_unit_convert(&unit, value);
    if (!isfinite(value)) {
        tj_source_fault(source, mark, "found %s, which is too large a number", shown.text);
        return -1;
    }
    *quantity = (tj_quantity){{.p = {value}}, unit.dimension, tj_source_text(source, text, length), mark};
    return 0;
}

int tj_quantity_node(tj_source *source, const tj_node *node, const char *example, tj_quantity *quantity)
{
    if (!tj_source_visit(source, node->mark))
        return -1;
    if (node->kind == TJ_NODE_MAP)
        return tj_distribution_read(source, node, example, quantity);
    if (node->kind == TJ_NODE_SCALAR && !tj_node_empty(node))
        return quantity_text(source, node->mark, node->text, node->length, example, quantity);
    tj_source_fault(source, node->mark, "found %s, expected a number with a unit, such as '%s'",
                    tj_node_show(node).text, example == NULL ? "35 %" : example);
    return -1;
}

int tj_number_node(tj_source *source, const tj_node *node, double *value)
{
    size_t length = node->kind == TJ_NODE_SCALAR ? node->length : 0;
    size_t number = length == 0 ? 0 : tj_number_read(node->text, length, '.', value);
    if (number > 0 && number == length && isfinite(*value))
        return 0;
    if (number > 0 && comma_fault(source, node->mark, node->text, length, number) != 0)
        return -1;
    tj_source_fault(source, node->mark, "found %s, expected a bare number%s", tj_node_show(node).text,
                    number > 0 && number < length ? " without a unit" : "");
    return -1;
}
