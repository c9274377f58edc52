/* A result is read back as it was written, whole, and the same bytes each time.
 *
 * Values tell where they belong (tests/made_study.c), so a block in a wrong place is seen. */
#include "io/store/cf_read.h"
#include "io/store/results.h"
#include "io/store/sha256.h"
#include "tests/harness.h"
#include "tests/made_study.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DRAWS = 20 };

static char folder[64], path[96], other[96];
static char details[256];

static tj_provenance made_provenance(int reproducible)
{
    return (tj_provenance){.version = "1.2.3",
                           .build = "gcc, -O2",
                           .engine = "reference",
                           .draws = DRAWS,
                           .seed = UINT64_MAX,
                           .threads = 2,
                           .seconds = 0.5,
                           .reproducible = reproducible};
}

/* Writes all units but those of `left_out` (-1: none). */
static tj_status write_result(tj_made *made, const char *to, tj_output_set outputs, int reproducible,
                              int left_out)
{
    tj_writer *writer;
    const tj_plan_settings *settings = tj_plan_get_settings(made->compiled.plan);
    tj_status status =
        tj_writer_open(to, &made->study, &made->compiled, DRAWS, outputs, &writer, details, sizeof details);
    for (int b = 0; b < settings->n_backgrounds; b++)
        for (int p = 0; p < settings->n_packages && status == TJ_OK; p++) {
            tj_unit_result unit = tj_made_unit(made, b, p, DRAWS, outputs);
            if (p != left_out)
                status = tj_writer_unit(writer, &unit);
        }
    tj_provenance provenance = made_provenance(reproducible);
    return status == TJ_OK ? tj_writer_commit(writer, &provenance, details, sizeof details) : status;
}

/* A made study, its result and the result opened. */
static tj_results *written_and_opened(tj_made *made, tj_output_set outputs, int reproducible, int left_out)
{
    tj_results *results = NULL;
    tj_made_init(made, tj_made_small);
    CU_ASSERT_EQUAL_FATAL(write_result(made, path, outputs, reproducible, left_out), TJ_OK);
    tj_status status = tj_results_open(path, &results, details, sizeof details);
    if (status != TJ_OK)
        printf("%s\n", details);
    CU_ASSERT_EQUAL_FATAL(status, TJ_OK);
    return results;
}

static void close_all(tj_made *made, tj_results *results)
{
    tj_results_close(results);
    tj_made_free(made);
    unlink(path);
}

static int same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static size_t wrong_values(const tj_results *results, const tj_plan *plan, int f, int b, int p, size_t draws)
{
    double *values;
    size_t wrong = 0;
    CU_ASSERT_EQUAL_FATAL(tj_results_field(results, (tj_field_id)f, (size_t)b, (size_t)p, &values), TJ_OK);
    for (size_t i = 0; i < tj_field_length(plan, (tj_field_id)f, draws); i++)
        wrong += !same(values[i], tj_made_value((tj_field_id)f, b, p, i));
    free(values);
    return wrong;
}

static void every_field_of_every_unit_is_read_back(void)
{
    tj_made made;
    tj_results *results = written_and_opened(&made, TJ_OUTPUTS_ALL, 1, -1);
    CU_ASSERT_EQUAL(tj_results_backgrounds(results), 2);
    CU_ASSERT_EQUAL(tj_results_packages(results), 3);
    for (int f = 0; f < TJ_FIELDS; f++)
        for (int b = 0; b < 2; b++)
            for (int p = 0; p < 3; p++)
                CU_ASSERT_EQUAL(wrong_values(results, made.compiled.plan, f, b, p, DRAWS), 0);
    for (int d = TJ_DIM_END + 1; d < TJ_DIMS; d++)
        CU_ASSERT_EQUAL(tj_results_length(results, (tj_dim)d),
                        tj_dim_length(made.compiled.plan, (tj_dim)d, DRAWS));
    close_all(&made, results);
}

static void draws_are_absent_unless_kept(void)
{
    tj_made made;
    double *values;
    tj_results *results = written_and_opened(&made, TJ_OUTPUTS_DEFAULT, 1, -1);
    CU_ASSERT_EQUAL(tj_results_length(results, TJ_DIM_DRAW), 0);
    CU_ASSERT_EQUAL(tj_results_field(results, TJ_FIELD_TOTAL_DRAW, 0, 0, &values), TJ_ERR_FORMAT);
    CU_ASSERT_PTR_NULL(values);
    CU_ASSERT_EQUAL(wrong_values(results, made.compiled.plan, TJ_FIELD_TOTAL_MEAN, 1, 2, DRAWS), 0);
    close_all(&made, results);
}

/* With each output alone beside the totals, and without each: the fields as they are, no other field, and no axis
 * that only others lie over. */
static void fewer_outputs_hold_their_fields_and_nothing_else(void)
{
    static const tj_dim optional[] = {TJ_DIM_TARGET, TJ_DIM_GAS, TJ_DIM_ROW, TJ_DIM_DRAW};
    for (int i = 0; i < 2 * TJ_OUTPUTS; i++) {
        const tj_output_set totals = TJ_OUTPUT_BIT(TJ_OUTPUT_TOTALS), one = TJ_OUTPUT_BIT(i / 2);
        const tj_output_set set = totals | (i % 2 == 0 ? one : TJ_OUTPUTS_ALL & ~one);
        tj_made made;
        tj_results *results = written_and_opened(&made, set, 1, -1);
        CU_ASSERT_EQUAL(tj_results_outputs(results), set);
        for (int f = 0; f < TJ_FIELDS; f++) {
            double *values;
            if (tj_field_asked(set, (tj_field_id)f)) {
                CU_ASSERT_EQUAL(wrong_values(results, made.compiled.plan, f, 1, 2, DRAWS), 0);
            } else {
                CU_ASSERT_EQUAL(tj_results_field(results, (tj_field_id)f, 1, 2, &values), TJ_ERR_FORMAT);
            }
        }
        for (size_t k = 0; k < sizeof optional / sizeof *optional; k++)
            CU_ASSERT_EQUAL(tj_results_length(results, optional[k]) > 0, tj_dim_asked(set, optional[k]));
        CU_ASSERT_EQUAL(tj_results_length(results, TJ_DIM_SECTOR), 3); /* of the inventory */
        CU_ASSERT_EQUAL(tj_results_item_text(results, "target", 0, "status") != NULL,
                        tj_dim_asked(set, TJ_DIM_TARGET));
        close_all(&made, results);
    }
}

static void the_file_names_its_outputs(void)
{
    tj_made made;
    tj_results *results = written_and_opened(&made, TJ_OUTPUTS_DEFAULT, 1, -1);
    CU_ASSERT_STRING_EQUAL(tj_results_attribute(results, "outputs"), "totals targets sectors physical");
    close_all(&made, results);
    results = written_and_opened(
        &made, TJ_OUTPUT_BIT(TJ_OUTPUT_SECTOR_DRAWS) | TJ_OUTPUT_BIT(TJ_OUTPUT_TOTALS), 1, -1);
    CU_ASSERT_STRING_EQUAL(tj_results_attribute(results, "outputs"), "totals sector-draws");
    close_all(&made, results);
}

static void a_package_left_out_has_no_values(void)
{
    tj_made made;
    double *values, some = 0;
    tj_results *results = written_and_opened(&made, TJ_OUTPUTS_DEFAULT, 1, 1);
    CU_ASSERT_EQUAL(tj_results_item_number(results, "package", 0, "run"), 1);
    CU_ASSERT_EQUAL(tj_results_item_number(results, "package", 1, "run"), 0);
    CU_ASSERT_EQUAL_FATAL(tj_results_field(results, TJ_FIELD_TOTAL_MEAN, 0, 1, &values), TJ_OK);
    for (size_t i = 0; i < tj_field_length(made.compiled.plan, TJ_FIELD_TOTAL_MEAN, DRAWS); i++)
        some += !isnan(values[i]);
    CU_ASSERT_EQUAL(some, 0);
    free(values);
    close_all(&made, results);
}

static void axes_have_identifiers_and_labels_in_three_languages(void)
{
    tj_made made;
    tj_results *results = written_and_opened(&made, TJ_OUTPUTS_DEFAULT, 1, -1);
    CU_ASSERT_STRING_EQUAL(tj_results_id(results, "city", 0), "umea");
    CU_ASSERT_STRING_EQUAL(tj_results_label(results, "city", 0, "fr"), "Umeå");
    CU_ASSERT_STRING_EQUAL(tj_results_label(results, "sector", 0, "fr"), "Transports");
    CU_ASSERT_STRING_EQUAL(tj_results_label(results, "sector", 0, "sv"), "Transporter");
    CU_ASSERT_STRING_EQUAL(tj_results_label(results, "sector", 0, "de"), "Transport");
    CU_ASSERT_STRING_EQUAL(tj_results_label(results, "sector", 1, "sv"), "sector-1");
    CU_ASSERT_STRING_EQUAL(tj_results_label(results, "target", 0, "fr"), "Net zero 2045");
    CU_ASSERT_STRING_EQUAL(tj_results_id(results, "target", 1), "energy-2030@grenoble");
    CU_ASSERT_STRING_EQUAL(tj_results_id(results, "group", 1), "SWE");
    CU_ASSERT_STRING_EQUAL(tj_results_id(results, "gas", 0), "co2e");
    CU_ASSERT_STRING_EQUAL(tj_results_id(results, "background", 1), "national-targets-met");
    CU_ASSERT_EQUAL(tj_results_years(results)[0], 1990);
    CU_ASSERT_EQUAL(tj_results_years(results)[40], 2030);
    CU_ASSERT_EQUAL(tj_results_quantiles(results)[2], 0.5);
    close_all(&made, results);
}

static void items_carry_what_is_known_and_nothing_else(void)
{
    tj_made made;
    tj_results *r = written_and_opened(&made, TJ_OUTPUTS_DEFAULT, 1, -1);
    CU_ASSERT_STRING_EQUAL(tj_results_item_text(r, "city", 0, "boundary"), "municipality 2480");
    CU_ASSERT_PTR_NULL(tj_results_item_text(r, "city", 2, "boundary"));
    CU_ASSERT_PTR_NULL(tj_results_item_text(r, "city", 0, "no_such_key"));
    CU_ASSERT_EQUAL(tj_results_item_number(r, "city", 0, "last_inventory_year"), 2023);
    CU_ASSERT(isnan(tj_results_item_number(r, "city", 0, "backcast_sigma")));
    CU_ASSERT(isnan(tj_results_item_number(r, "city", 0, "backcast_pairs")));
    CU_ASSERT_EQUAL(tj_results_item_number(r, "city", 1, "backcast_sigma"), 0.2);
    CU_ASSERT_EQUAL(tj_results_item_number(r, "city", 1, "backcast_pairs"), 280);
    CU_ASSERT_STRING_EQUAL(tj_results_item_text(r, "package", 1, "measures"), "cycling, congestion-charge");
    CU_ASSERT_PTR_NULL(tj_results_item_text(r, "package", 0, "measures"));
    CU_ASSERT_STRING_EQUAL(tj_results_item_text(r, "sector", 2, "account"), "removals");
    CU_ASSERT_STRING_EQUAL(tj_results_item_text(r, "target", 0, "city"), "umea");
    CU_ASSERT_EQUAL(tj_results_item_number(r, "target", 0, "year"), 2045);
    CU_ASSERT_EQUAL(tj_results_item_number(r, "target", 0, "value"), 0.85);
    CU_ASSERT_PTR_NULL(tj_results_item_text(r, "target", 0, "reason"));
    CU_ASSERT_STRING_EQUAL(tj_results_item_text(r, "target", 1, "status"), "not assessable");
    CU_ASSERT_STRING_EQUAL(tj_results_item_text(r, "target", 1, "reason"), "final-energy is not modelled");
    CU_ASSERT(isnan(tj_results_item_number(r, "target", 1, "year")));
    CU_ASSERT_EQUAL(tj_results_item_number(r, "target", 2, "year"), 2030); /* of the last milestone */
    CU_ASSERT_EQUAL(tj_results_item_number(r, "target", 2, "value"), 0.625);
    CU_ASSERT_EQUAL(tj_results_item_number(r, "target", 2, "active"), 0);
    close_all(&made, r);
}

static void physical_results_say_whose_they_are(void)
{
    tj_made made;
    tj_results *r = written_and_opened(&made, TJ_OUTPUTS_ALL, 0, -1);
    CU_ASSERT_EQUAL_FATAL(tj_results_length(r, TJ_DIM_ROW), 4);
    CU_ASSERT_STRING_EQUAL(tj_results_id(r, "row", 1), "transport.kappa@umea");
    CU_ASSERT_STRING_EQUAL(tj_results_item_text(r, "row", 2, "city"), "grenoble");
    CU_ASSERT_STRING_EQUAL(tj_results_item_text(r, "row", 2, "sector"), "transport");
    CU_ASSERT_STRING_EQUAL(tj_results_item_text(r, "row", 0, "kind"), "energy");
    CU_ASSERT_STRING_EQUAL(tj_results_item_text(r, "row", 0, "item"), "diesel");
    CU_ASSERT_PTR_NULL(tj_results_item_text(r, "row", 1, "item"));
    CU_ASSERT_STRING_EQUAL(tj_results_item_text(r, "row", 0, "unit"), "MWh/year");
    CU_ASSERT_STRING_EQUAL(tj_results_label(r, "row", 0, "fr"), "Gazole");
    close_all(&made, r);
}

static void a_study_without_targets_has_no_such_axis(void)
{
    tj_made made;
    double *values;
    tj_results *results = NULL;
    tj_made_size size = tj_made_small;
    size.targets = 0;
    tj_made_init(&made, size);
    CU_ASSERT_EQUAL_FATAL(write_result(&made, path, TJ_OUTPUTS_ALL, 1, -1), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(tj_results_open(path, &results, details, sizeof details), TJ_OK);
    CU_ASSERT_EQUAL(tj_results_length(results, TJ_DIM_TARGET), 0);
    CU_ASSERT_EQUAL(tj_results_field(results, TJ_FIELD_TARGET_PROBABILITY, 0, 0, &values), TJ_ERR_FORMAT);
    CU_ASSERT_EQUAL(wrong_values(results, made.compiled.plan, TJ_FIELD_TOTAL_MEAN, 1, 2, DRAWS), 0);
    close_all(&made, results);
}

/* Opens the file that was written, below the reader. */
static tj_cf_source *below(int *fd, int *error)
{
    *fd = open(path, O_RDONLY);
    *error = 0;
    tj_driver_target target = {.fd = *fd, .error = error};
    tj_cf_source *source = tj_cf_open(&target);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    return source;
}

static int coordinate_is(tj_made *made, const char *first)
{
    int fd, error;
    const char *cities[3];
    tj_cf_shape shape;
    CU_ASSERT_EQUAL_FATAL(write_result(made, path, TJ_OUTPUTS_DEFAULT, 1, -1), TJ_OK);
    tj_cf_source *source = below(&fd, &error);
    CU_ASSERT_EQUAL_FATAL(tj_cf_shape_of(source, "city", &shape), 0);
    CU_ASSERT_EQUAL_FATAL(tj_cf_read_texts(source, "city", &shape, &made->study.arena, cities), 0);
    tj_cf_source_close(source);
    close(fd);
    return strcmp(cities[0], first) == 0;
}

static void cities_are_selected_by_their_own_names_while_these_differ(void)
{
    tj_made made;
    tj_made_init(&made, tj_made_small);
    made.study.cities[0].label = (tj_label){"Umea", "Uméa", "Umeå"};
    CU_ASSERT(coordinate_is(&made, "Umeå"));
    made.study.cities[1].label = (tj_label){"Umea", "Umeå", NULL};
    CU_ASSERT(coordinate_is(&made, "umea"));
    close_all(&made, NULL);
}

/* 1990 is back-cast in sectors 0 and 1; 1991 to 1999 have no inventory; after 2023 all is projected. */
static void a_total_says_what_it_rests_on(void)
{
    tj_made made;
    tj_results *results = written_and_opened(&made, TJ_OUTPUTS_DEFAULT, 1, -1);
    const tj_plan *plan = made.compiled.plan;
    size_t years = tj_results_length(results, TJ_DIM_YEAR);
    for (int32_t c = 0; c < 3; c++)
        CU_ASSERT(memcmp(tj_results_total_status(results, "city", (size_t)c),
                         tj_plan_bytes(plan, tj_plan_get_city(plan, c)->total_status), years) == 0);
    CU_ASSERT_EQUAL(tj_results_total_status(results, "city", 0)[1], TJ_ABSENT);
    CU_ASSERT_EQUAL(tj_results_total_status(results, "city", 0)[40], TJ_PROJECTED);
    CU_ASSERT_EQUAL(tj_results_total_status(results, "group", 1)[40], TJ_PROJECTED);
    CU_ASSERT_PTR_NULL(tj_results_total_status(results, "sector", 0));
    close_all(&made, results);
}

static void the_study_is_inside_byte_for_byte(void)
{
    tj_made made;
    const tj_text *texts;
    size_t count;
    tj_results *results = written_and_opened(&made, TJ_OUTPUTS_DEFAULT, 1, -1);
    CU_ASSERT_EQUAL(tj_results_texts(results, &texts, &count), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(count, made.study.texts_count);
    for (size_t i = 0; i < count; i++) {
        CU_ASSERT_STRING_EQUAL(texts[i].name, made.study.texts[i].name);
        CU_ASSERT_EQUAL_FATAL(texts[i].size, made.study.texts[i].size);
        CU_ASSERT(memcmp(texts[i].bytes, made.study.texts[i].bytes, texts[i].size) == 0);
    }
    close_all(&made, results);
}

static void attributes_tell_of_the_run(void)
{
    tj_made made;
    tj_results *results = written_and_opened(&made, TJ_OUTPUTS_DEFAULT, 0, -1);
    CU_ASSERT_STRING_EQUAL(tj_results_attribute(results, "Conventions"), "CF-1.8");
    CU_ASSERT_STRING_EQUAL(tj_results_attribute(results, "seed"), "18446744073709551615");
    CU_ASSERT_STRING_EQUAL(tj_results_attribute(results, "title"), "A study made by hand");
    CU_ASSERT_STRING_EQUAL(tj_results_attribute(results, "engine"), "reference");
    CU_ASSERT_STRING_EQUAL(tj_results_attribute(results, "draws"), "20");
    CU_ASSERT_STRING_EQUAL(tj_results_attribute(results, "base_year"), "1990");
    CU_ASSERT_STRING_EQUAL(tj_results_attribute(results, "threads"), "2");
    CU_ASSERT_STRING_EQUAL(tj_results_attribute(results, "wall_seconds"), "0.5");
    CU_ASSERT_PTR_NULL(tj_results_attribute(results, "no_such_attribute"));
    close_all(&made, results);
    results = written_and_opened(&made, TJ_OUTPUTS_DEFAULT, 1, -1);
    CU_ASSERT_PTR_NULL(tj_results_attribute(results, "threads"));
    CU_ASSERT_PTR_NULL(tj_results_attribute(results, "wall_seconds"));
    close_all(&made, results);
}

static char *file_bytes(const char *name, size_t *size)
{
    FILE *file = fopen(name, "rb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*size);
    CU_ASSERT_EQUAL_FATAL(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}

static void two_reproducible_files_are_the_same_bytes(void)
{
    tj_made made;
    size_t a, b;
    tj_made_init(&made, tj_made_small);
    CU_ASSERT_EQUAL_FATAL(write_result(&made, path, TJ_OUTPUTS_ALL, 1, -1), TJ_OK);
    CU_ASSERT_EQUAL_FATAL(write_result(&made, other, TJ_OUTPUTS_ALL, 1, -1), TJ_OK);
    char *first = file_bytes(path, &a), *second = file_bytes(other, &b);
    CU_ASSERT_EQUAL(a, b);
    CU_ASSERT(a == b && memcmp(first, second, a) == 0);
    free(first);
    free(second);
    unlink(other);
    close_all(&made, NULL);
}

static void statuses_and_inventory_never_show_zero_for_absent(void)
{
    tj_made made;
    tj_results *results = written_and_opened(&made, TJ_OUTPUTS_DEFAULT, 1, -1);
    int fd, error;
    tj_cf_source *source = below(&fd, &error);
    tj_cf_shape shape;
    CU_ASSERT_EQUAL_FATAL(tj_cf_shape_of(source, "inventory", &shape), 0);
    CU_ASSERT_EQUAL_FATAL(shape.rank, 3);
    double inventory[3][3][41];
    int8_t status[3][3][41];
    CU_ASSERT_EQUAL(tj_cf_read(source, "inventory", &shape, inventory), 0);
    CU_ASSERT_EQUAL_FATAL(tj_cf_shape_of(source, "emissions_sector_status", &shape), 0);
    CU_ASSERT_EQUAL(tj_cf_read(source, "emissions_sector_status", &shape, status), 0);
    CU_ASSERT_EQUAL(inventory[0][0][0], 1000); /* 1000 (c + 1) + 10 s + y */
    CU_ASSERT_EQUAL(inventory[2][1][33], 3043);
    CU_ASSERT(isnan(inventory[0][0][1]) && isnan(inventory[0][0][34]) && isnan(inventory[1][1][0]));
    CU_ASSERT_EQUAL(status[0][0][0], TJ_BACKCAST);
    CU_ASSERT_EQUAL(status[0][0][1], TJ_ABSENT);
    CU_ASSERT_EQUAL(status[1][1][20], TJ_ABSENT); /* the sector that this city does not have */
    tj_cf_source_close(source);
    close(fd);
    close_all(&made, results);
}

/* FIPS 180-4's own examples, and lengths around the padding's edges by counting. */
static void digests_are_sha256(void)
{
    char digest[65];
    static const char long_text[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    tj_sha256("abc", 3, digest);
    CU_ASSERT_STRING_EQUAL(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    tj_sha256(long_text, sizeof long_text - 1, digest);
    CU_ASSERT_STRING_EQUAL(digest, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    tj_sha256("", 0, digest);
    CU_ASSERT_STRING_EQUAL(digest, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

int main(void)
{
    static const tj_test tests[] = {
        {"every field of every unit is read back", every_field_of_every_unit_is_read_back},
        {"draws are absent unless kept", draws_are_absent_unless_kept},
        {"fewer outputs hold their fields and nothing else",
         fewer_outputs_hold_their_fields_and_nothing_else},
        {"the file names its outputs", the_file_names_its_outputs},
        {"a package left out has no values", a_package_left_out_has_no_values},
        {"axes have identifiers and labels in three languages",
         axes_have_identifiers_and_labels_in_three_languages},
        {"items carry what is known and nothing else", items_carry_what_is_known_and_nothing_else},
        {"physical results say whose they are", physical_results_say_whose_they_are},
        {"a study without targets has no such axis", a_study_without_targets_has_no_such_axis},
        {"cities are selected by their own names while these differ",
         cities_are_selected_by_their_own_names_while_these_differ},
        {"a total says what it rests on", a_total_says_what_it_rests_on},
        {"the study is inside, byte for byte", the_study_is_inside_byte_for_byte},
        {"attributes tell of the run", attributes_tell_of_the_run},
        {"two reproducible files are the same bytes", two_reproducible_files_are_the_same_bytes},
        {"statuses and inventory never show zero for absent",
         statuses_and_inventory_never_show_zero_for_absent},
        {"digests are SHA-256", digests_are_sha256},
    };
    strcpy(folder, "/tmp/test_store-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/results.h5", folder);
    snprintf(other, sizeof other, "%s/other.h5", folder);
    int bad = TJ_RUN("store", tests);
    return rmdir(folder) != 0 || bad; /* a file left behind fails */
}
