#include "io/readers/number.h"
#include "io/readers/yaml_tree.h"

#include "harness.h"
#include "read_texts.h"

#include <math.h>
#include <stdlib.h>

/* The tree of a text in one line, or the messages. */
static const char *tree_of(const char *text)
{
    static char line[4096];
    tj_arena arena;
    tj_diags diags;
    tj_study study;
    tj_arena_init(&arena);
    tj_diags_init(&diags);
    tj_study_init(&study);
    tj_source source = {"a.yaml", &study, &diags, 0, 0};
    const tj_node *root = tj_yaml_read(&source, (tj_mark){"a.yaml", 1, 1}, text, strlen(text), &arena);
    snprintf(line, sizeof line, "no tree");
    if (root != NULL)
        tj_node_write(root, line, sizeof line);
    if (diags.count > 0)
        tj_diag_format(&diags.items[0], line, sizeof line);
    tj_study_free(&study);
    tj_diags_free(&diags);
    tj_arena_free(&arena);
    return line;
}

static void a_tree_is_what_was_written(void)
{
    SAYS(tree_of("a: 1 % # one\nb: [x, 'y: z']\nc:\n  - {d: e}\n"), "{a: 1 %, b: [x, y: z], c: [{d: e}]}");
    SAYS(tree_of("a: &x {b: c}\nd: *x\n"), "{a: {b: c}, d: {b: c}}");
    SAYS(tree_of(""), "no tree");
    SAYS(tree_of("# only a comment\n"), "no tree");
    SAYS(tree_of("a: 1\r\nb: 2\r\n"), "{a: 1, b: 2}");
}

static void nodes_know_their_place_in_characters(void)
{
    tj_arena arena;
    tj_diags diags;
    tj_study study;
    tj_arena_init(&arena);
    tj_diags_init(&diags);
    tj_study_init(&study);
    tj_source source = {"a.yaml", &study, &diags, 0, 0};
    const char *text = "{é: b,\n c: d}";
    const tj_node *root = tj_yaml_read(&source, (tj_mark){"a.csv", 7, 20}, text, strlen(text), &arena);
    CU_ASSERT_PTR_NOT_NULL_FATAL(root);
    const tj_node *b = tj_node_value(root, 0), *d = tj_node_value(root, 1);
    CU_ASSERT_STRING_EQUAL(b->mark.file, "a.csv");
    CU_ASSERT_EQUAL(b->mark.line, 7); /* inside a cell that begins in line 7, column 20 */
    CU_ASSERT_EQUAL(b->mark.column, 24);
    CU_ASSERT_EQUAL(d->mark.line, 8);
    CU_ASSERT_EQUAL(d->mark.column, 5);
    tj_study_free(&study);
    tj_diags_free(&diags);
    tj_arena_free(&arena);
}

static void a_key_may_stand_once(void)
{
    SAYS(tree_of("a: 1\nb: 2\nc: {b: 1}\nb: 3\n"),
         "a.yaml:4:1: error: key 'b' stands twice; it stands in line 2, column 1 already");
    SAYS(tree_of("{[a]: 1}\n"), "a.yaml:1:2: error: found a list, expected a key: a text before ':'");
}

static void aliases_cannot_run_in_circles_or_explode(void)
{
    SAYS(tree_of("&a [*a]"), "a.yaml:1:5: error: the alias '*a' stands inside what it refers to");
    SAYS(tree_of("[*a]"), "a.yaml:1:2: error: the alias '*a' refers to no anchor '&a' above it");
    /* 1000 measures that are one, which holds 2000 effects: 2 million effects of 3 values each */
    size_t size = 100000, used = 0;
    char *text = malloc(size);
    used +=
        (size_t)sprintf(text, "measures:\n  m: &m\n    effects:\n      - &e {driver: a.b, scale: 1 %%}\n");
    for (int i = 0; i < 2000; i++)
        used += (size_t)sprintf(text + used, "      - *e\n");
    for (int i = 0; i < 1000; i++)
        used += (size_t)sprintf(text + used, "  m%d: *m\n", i);
    CU_ASSERT(used < size);
    const char *said = faults("measures.yaml", text);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(said, "error: more than 1000000 values, aliases counted at each use; the rest is not read"));
    CU_ASSERT(strlen(said) < 10000);
    free(text);
}

static void nesting_is_bounded(void)
{
    char text[200], expected[] = "a.yaml:1:65: error: nested more than 64 deep";
    memset(text, '[', 100);
    memset(text + 100, ']', 99);
    text[199] = '\0';
    SAYS(tree_of(text), expected);
}

static void other_documents_and_tags_are_refused(void)
{
    SAYS(tree_of("a: 1\n---\nb: 1\n"), "a.yaml:2:1: error: a second document begins here; a file holds one");
    SAYS(tree_of("a: !!int 1\n"),
         "a.yaml:1:4: error: found the tag 'tag:yaml.org,2002:int'; tags are not read here");
    SAYS(tree_of("a: \"x\\0y\"\n"), "a.yaml:1:4: error: found a NUL character in a text");
}

static void broken_syntax_is_told_in_plain_words(void)
{
    SAYS(tree_of("a: b: c\n"),
         "a.yaml:1:5: error: a ':' cannot stand here; check the indentation, and put quotes "
         "around a text that contains ': '");
    SAYS(tree_of("a:\n  - b\n  c: d\n"),
         "a.yaml:3:3: error: expected '- ', an item of the list that began in line "
         "2; check the indentation");
    SAYS(tree_of("a:\n   b: 1\n  c: 2\n"),
         "a.yaml:3:3: error: expected a key of the mapping that began in line 1; "
         "check the indentation and brackets");
    SAYS(tree_of("a: {b: 1\nc: 2\n"),
         "a.yaml:2:2: error: the '{' opened in line 1 needs a ',' or '}' before this");
    SAYS(tree_of("a: [1\nc: 2\n"),
         "a.yaml:2:2: error: the '[' opened in line 1 needs a ',' or ']' before this");
    SAYS(tree_of("a: 1\nb: 'x\nc: 2\n"), "a.yaml:4:1: error: the quote opened in line 2 is not closed");
    SAYS(tree_of("a:\n\tb: 1\n"),
         "a.yaml:2:1: error: this character cannot begin a value; indent with spaces, and "
         "put quotes around a text that begins with one of @ ` %");
    SAYS(tree_of("a: \"\\q\"\n"),
         "a.yaml:1:5: error: unknown '\\' escape in double quotes; use single quotes for a "
         "text with '\\'");
}

static double number(const char *text, char point, size_t expected)
{
    double value = NAN;
    CU_ASSERT_EQUAL(tj_number_read(text, strlen(text), point, &value), expected);
    return value;
}

static void numbers_are_rounded_as_the_compiler_rounds_them(void)
{
    CU_ASSERT_EQUAL(number("0.1", '.', 3), 0.1);
    CU_ASSERT_EQUAL(number("-12,5 kt", ',', 5), -12.5);
    CU_ASSERT_EQUAL(number("+1e3", '.', 4), 1000);
    CU_ASSERT_EQUAL(number(".5", '.', 2), 0.5);
    CU_ASSERT_EQUAL(number("5 e", '.', 1), 5);
    CU_ASSERT_EQUAL(number("5e", '.', 1), 5);
    CU_ASSERT_EQUAL(number("3.", '.', 1), 3);
    CU_ASSERT_EQUAL(number("123456789012345.6789", '.', 20), 123456789012345.6789);
    CU_ASSERT_EQUAL(number("0,30000000000000000000004", ',', 25), 0.3);
    CU_ASSERT_EQUAL(number("2.2250738585072014e-308", '.', 23), 2.2250738585072014e-308);
    CU_ASSERT(isinf(number("1e999", '.', 5)));
    CU_ASSERT(isnan(number("nan", '.', 0)));
    CU_ASSERT(isnan(number("-", '.', 0)));
    CU_ASSERT(isnan(number("0x10", '.', 1)) == 0);
}

static const tj_test tests[] = {
    {"a tree is what was written", a_tree_is_what_was_written},
    {"nodes know their place in characters", nodes_know_their_place_in_characters},
    {"a key may stand once", a_key_may_stand_once},
    {"aliases cannot run in circles or explode", aliases_cannot_run_in_circles_or_explode},
    {"nesting is bounded", nesting_is_bounded},
    {"other documents and tags are refused", other_documents_and_tags_are_refused},
    {"broken syntax is told in plain words", broken_syntax_is_told_in_plain_words},
    {"numbers are rounded as the compiler rounds them", numbers_are_rounded_as_the_compiler_rounds_them},
};

int main(void)
{
    return TJ_RUN("yaml", tests);
}
