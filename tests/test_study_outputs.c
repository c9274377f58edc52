/* The key `outputs` of study.yaml: what it compiles to, and the exact message of each fault. */
#include "tests/harness.h"
#include "tests/small_study.h"

static const char *const at = "seed: 7\n"; /* line 8; what is put after it is line 9 */

static tj_status compiled_to(const char *text, tj_output_set *outputs)
{
    small s;
    small_open(&s, "study.yaml", at, text);
    tj_status status = s.status;
    *outputs = s.compiled.outputs;
    small_close(&s);
    return status;
}

static void outputs_are(const char *text, tj_output_set expected)
{
    tj_output_set outputs;
    CU_ASSERT_EQUAL(compiled_to(text, &outputs), TJ_OK);
    CU_ASSERT_EQUAL(outputs, expected);
}

static void a_study_asks_for_all_but_draws_unless_it_says_so(void)
{
    const tj_output_set totals = TJ_OUTPUT_BIT(TJ_OUTPUT_TOTALS);
    outputs_are("seed: 7\n", TJ_OUTPUTS_DEFAULT);
    outputs_are("seed: 7\noutputs:\n", TJ_OUTPUTS_DEFAULT);
    outputs_are("seed: 7\noutputs: [totals, targets, sectors, physical]\n", TJ_OUTPUTS_DEFAULT);
    outputs_are("seed: 7\noutputs: totals\n", totals);
    outputs_are("seed: 7\noutputs: [totals, sector-draws]\n", totals | TJ_OUTPUT_BIT(TJ_OUTPUT_SECTOR_DRAWS));
    outputs_are("seed: 7\noutputs: [totals, targets, sectors, physical, draws, sector-draws]\n",
                TJ_OUTPUTS_ALL);
}

static void their_order_does_not_matter(void)
{
    tj_output_set one, other;
    CU_ASSERT_EQUAL(compiled_to("seed: 7\noutputs: [totals, targets, draws]\n", &one), TJ_OK);
    CU_ASSERT_EQUAL(compiled_to("seed: 7\noutputs: [draws, totals, targets]\n", &other), TJ_OK);
    CU_ASSERT_EQUAL(one, other);
}

/* The one thing that is said. */
static void refused(const char *text, const char *line)
{
    small s;
    char said[1024] = "nothing";
    small_open(&s, "study.yaml", at, text);
    CU_ASSERT_EQUAL(s.diags.errors, 1);
    for (size_t i = 0; i < s.diags.count; i++)
        if (s.diags.items[i].severity == TJ_ERROR)
            tj_diag_format(&s.diags.items[i], said, sizeof said);
    CU_ASSERT_STRING_EQUAL(said, line);
    if (strcmp(said, line) != 0)
        fprintf(stderr, "expected: %s\nsaid:     %s\n", line, said);
    small_close(&s);
}

static void faults_are_told_once_and_exactly(void)
{
    refused(
        "seed: 7\noutputs: [totals, tragets]\n",
        "study.yaml:9:19: error: unknown output 'tragets'; did you mean 'targets'? allowed: totals, targets, "
        "sectors, physical, draws, sector-draws");
    refused(
        "seed: 7\noutputs: [totls]\n",
        "study.yaml:9:11: error: unknown output 'totls'; did you mean 'totals'? allowed: totals, targets, "
        "sectors, physical, draws, sector-draws");
    refused("seed: 7\noutputs: [targets, sectors]\n",
            "study.yaml:9:10: error: the outputs leave out 'totals', which every result holds");
    refused("seed: 7\noutputs: targets\n",
            "study.yaml:9:10: error: the outputs leave out 'totals', which every result holds");
    refused("seed: 7\noutputs: []\n",
            "study.yaml:9:10: error: the outputs leave out 'totals', which every result holds");
    refused("seed: 7\noutputs: [totals, targets, totals]\n",
            "study.yaml:9:28: error: 'totals' stands twice; it stands in line 9, column 11 already");
    refused("seed: 7\noutputs: {totals: yes}\n",
            "study.yaml:9:10: error: found a mapping, expected a list of names: [a, b]");
}

int main(void)
{
    static const tj_test tests[] = {
        {"a study asks for all but draws unless it says so",
         a_study_asks_for_all_but_draws_unless_it_says_so},
        {"their order does not matter", their_order_does_not_matter},
        {"faults are told once, and exactly", faults_are_told_once_and_exactly},
    };
    return TJ_RUN("study outputs", tests);
}
