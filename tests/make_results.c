/* Writes a result made by hand: make_results FILE [small|full] [OUTPUT ...], all outputs where none is named. For
 * tests/check_results.py. */
#include "io/store/results.h"
#include "tests/made_study.h"

#include <stdio.h>
#include <string.h>

int main(int count, char **words)
{
    if (count < 2)
        return 2;
    int full = count > 2 && strcmp(words[2], "full") == 0;
    tj_output_set outputs = count > 3 ? 0 : TJ_OUTPUTS_ALL;
    for (int i = 3; i < count; i++)
        outputs |= TJ_OUTPUT_BIT(tj_output_find(words[i]));
    tj_made made;
    tj_writer *writer;
    char details[256] = "";
    const size_t draws = full ? 1000 : 20;
    tj_made_init(&made, full ? tj_made_full : tj_made_small);
    const tj_plan_settings *settings = tj_plan_get_settings(made.compiled.plan);
    tj_status status = tj_writer_open(words[1], &made.study, &made.compiled, draws, outputs, &writer, details,
                                      sizeof details);
    for (int u = 0; status == TJ_OK && u < settings->n_backgrounds * settings->n_packages; u++) {
        tj_unit_result unit =
            tj_made_unit(&made, u / settings->n_packages, u % settings->n_packages, draws, outputs);
        status = tj_writer_unit(writer, &unit);
    }
    tj_provenance provenance = {.version = "0.0.0",
                                .build = "made by hand",
                                .engine = "none",
                                .draws = draws,
                                .seed = UINT64_MAX,
                                .reproducible = 1};
    if (status == TJ_OK)
        status = tj_writer_commit(writer, &provenance, details, sizeof details);
    tj_made_free(&made);
    if (status != TJ_OK)
        fprintf(stderr, "%s\n", details);
    return status != TJ_OK;
}
