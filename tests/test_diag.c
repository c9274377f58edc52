#include "scenarios/diag.h"

#include "harness.h"

#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static const char *const keys[] = {"measure", "cities", "strength", "start"};

static const char *nearest(const char *name)
{
    const char *found = tj_nearest(name, keys, COUNT(keys));
    return found == NULL ? "none" : found;
}

static void the_nearest_name_is_a_few_edits_away(void)
{
    CU_ASSERT_STRING_EQUAL(nearest("strenght"), "strength"); /* one swap */
    CU_ASSERT_STRING_EQUAL(nearest("City"), "none");         /* City -> cities: 3 edits, 4 / 3 = 1 allowed */
    CU_ASSERT_STRING_EQUAL(nearest("MEASURE"), "measure");   /* case is folded */
    CU_ASSERT_STRING_EQUAL(nearest("strat"), "start");       /* one swap, 5 / 3 = 1 allowed */
    CU_ASSERT_STRING_EQUAL(nearest("mesures"), "measure");   /* two edits, 7 / 3 = 2 allowed */
    CU_ASSERT_STRING_EQUAL(nearest("overlaps"), "none");
    CU_ASSERT_STRING_EQUAL(nearest(""), "none");
}

static void a_name_of_any_length_is_compared_safely(void)
{
    char name[5000];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    CU_ASSERT_STRING_EQUAL(nearest(name), "none");
    const char *const longs[] = {name};
    CU_ASSERT_PTR_NULL(tj_nearest("aaaa", longs, 1));
    CU_ASSERT_PTR_NULL(tj_nearest("aaaa", NULL, 0));
}

/* The lines of all messages, joined by newlines. */
static const char *lines(const tj_diags *diags)
{
    static char text[8192];
    text[0] = '\0';
    for (size_t i = 0; i < diags->count; i++) {
        char line[2048];
        tj_diag_format(&diags->items[i], line, sizeof line);
        strcat(strcat(text, line), "\n");
    }
    return text;
}

static void a_message_shows_the_place_it_has(void)
{
    tj_diags diags;
    tj_diags_init(&diags);
    tj_diag_add(&diags, TJ_ERROR, (tj_mark){"a.yaml", 3, 9}, "found '%s'", "x");
    tj_diag_add(&diags, TJ_WARNING, (tj_mark){"a.csv", 3, 0}, "odd");
    tj_diag_add(&diags, TJ_NOTE, (tj_mark){"a.csv", 0, 0}, "empty");
    tj_diag_add(&diags, TJ_ERROR, (tj_mark){0}, "no place");
    CU_ASSERT_STRING_EQUAL(lines(&diags), "a.yaml:3:9: error: found 'x'\n"
                                          "a.csv:3: warning: odd\n"
                                          "a.csv: note: empty\n"
                                          "error: no place\n");
    CU_ASSERT_EQUAL(diags.errors, 2);
    CU_ASSERT_EQUAL(diags.warnings, 1);
    tj_diags_free(&diags);
    CU_ASSERT_EQUAL(diags.count, 0);
    tj_diags_free(NULL);
}

static void sorting_orders_by_place_and_keeps_equals(void)
{
    tj_diags diags;
    tj_diags_init(&diags);
    for (unsigned i = 0; i < 40; i++)
        tj_diag_add(&diags, TJ_ERROR, (tj_mark){i % 2 ? "b" : "a", 1 + i % 5, 1 + i % 3}, "%02u", i);
    tj_diag_add(&diags, TJ_ERROR, (tj_mark){0}, "40");
    tj_diags_sort(&diags);
    CU_ASSERT_EQUAL(diags.count, 41);
    CU_ASSERT_STRING_EQUAL(diags.items[0].text, "40"); /* what has no place comes first */
    for (size_t i = 2; i < diags.count; i++) {
        const tj_diag *a = &diags.items[i - 1], *b = &diags.items[i];
        int file = strcmp(a->mark.file, b->mark.file);
        long line = (long)a->mark.line - (long)b->mark.line,
             column = (long)a->mark.column - (long)b->mark.column;
        int before = file < 0 || (file == 0 && (line < 0 || (line == 0 && column < 0)));
        int same = file == 0 && line == 0 && column == 0;
        CU_ASSERT(before || (same && strcmp(a->text, b->text) < 0));
    }
    tj_diags_free(&diags);
}

static void an_unknown_name_lists_what_is_allowed(void)
{
    tj_diags diags;
    tj_diags_init(&diags);
    tj_mark mark = {"p.yaml", 12, 9};
    const char *many[] = {"a1", "b2", "c3", "d4", "e5", "f6", "g7", "h8", "i9", "j10", "k11", "l12", "m13"};
    tj_diag_unknown(&diags, mark, "key", "strenght", keys, COUNT(keys));
    tj_diag_unknown(&diags, mark, "key", "zzz", keys, 2);
    tj_diag_unknown(&diags, mark, "city", "zzz", keys, 0);
    tj_diag_unknown(&diags, mark, "city", "zzz", many, COUNT(many));
    CU_ASSERT_STRING_EQUAL(
        lines(&diags),
        "p.yaml:12:9: error: unknown key 'strenght'; did you mean 'strength'? allowed: measure, cities, "
        "strength, start\n"
        "p.yaml:12:9: error: unknown key 'zzz'; allowed: measure, cities\n"
        "p.yaml:12:9: error: unknown city 'zzz'; there are none\n"
        "p.yaml:12:9: error: unknown city 'zzz'; allowed: a1, b2, c3, d4, e5, f6, g7, h8, i9, j10, k11, l12, "
        "… "
        "(13 in all)\n");
    tj_diags_free(&diags);
}

static void a_message_cannot_steer_a_terminal(void)
{
    tj_diags diags;
    tj_diags_init(&diags);
    tj_diag_add(&diags, TJ_ERROR, (tj_mark){0}, "%s",
                "\x1b[2J\n\xC2\x9B"
                "é\xFFz\xE2\x82");
    CU_ASSERT_STRING_EQUAL(diags.items[0].text, "?[2J??é?z??");
    char long_text[5000];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    tj_diag_add(&diags, TJ_ERROR, (tj_mark){0}, "%s", long_text);
    CU_ASSERT_EQUAL(strlen(diags.items[1].text), 2047);
    tj_diags_free(&diags);
}

static const tj_test tests[] = {
    {"the nearest name is a few edits away", the_nearest_name_is_a_few_edits_away},
    {"a name of any length is compared safely", a_name_of_any_length_is_compared_safely},
    {"a message shows the place it has", a_message_shows_the_place_it_has},
    {"sorting orders by place and keeps equals", sorting_orders_by_place_and_keeps_equals},
    {"an unknown name lists what is allowed", an_unknown_name_lists_what_is_allowed},
    {"a message cannot steer a terminal", a_message_cannot_steer_a_terminal},
};

int main(void)
{
    return TJ_RUN("diagnostics", tests);
}
