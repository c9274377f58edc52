/* A study as docs/study-format.md shows it, and what folders can hold. */
#include "harness.h"
#include "read_texts.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void settings_are_read(void)
{
    tj_study s;
    SAYS(read_with(
             "study.yaml",
             "trajekt: 1  # format\ntitle: {en: Nine, fr: Neuf}\nbase_year: 1990\nhorizon: 2050\ngwp: AR5\n"
             "reference_package: reference\ndraws: 1000\nseed: 1990\ndesign: monte-carlo\n"
             "quantiles: [5 %, 50 %, 95 %]\nbackgrounds: [current-policies]\ncities: [umea]\n",
             &s),
         "");
    CU_ASSERT_STRING_EQUAL(s.title.en, "Nine");
    CU_ASSERT_STRING_EQUAL(s.title.fr, "Neuf");
    CU_ASSERT_PTR_NULL(s.title.sv);
    CU_ASSERT_EQUAL(s.base_year.value, 1990);
    CU_ASSERT_EQUAL(s.horizon.value, 2050);
    CU_ASSERT_EQUAL(s.draws.value, 1000);
    CU_ASSERT_EQUAL(s.seed.mark.line, 8);
    CU_ASSERT_STRING_EQUAL(s.gwp.text, "AR5");
    CU_ASSERT_STRING_EQUAL(s.design.text, "monte-carlo");
    CU_ASSERT_EQUAL(s.quantiles_count, 3);
    CU_ASSERT_EQUAL(s.quantiles[0].dist.p[0], 0.05);
    CU_ASSERT_EQUAL(s.cities_used.count, 1);
    CU_ASSERT_STRING_EQUAL(s.backgrounds_used.items[0].text, "current-policies");
    CU_ASSERT_EQUAL(s.texts_count, SMALL_FILES);
    tj_study_free(&s);
}

static void cities_and_sectors_are_read(void)
{
    tj_study s;
    SAYS(
        read_with(
            "cities.yaml",
            "countries:\n  SWE: {label: {en: Sweden, sv: Sverige}}\n  FRA: {label: France, noise_from: SWE}\n"
            "cities:\n  montpellier:\n    label: Montpellier\n    country: FRA\n    boundary: EPCI "
            "243400017\n"
            "    level: {lognormal: {mu: 0, sigma: 0.35}}\n    level_source: \"x: y\"\n",
            &s),
        "");
    CU_ASSERT_EQUAL(tj_study_country(&s, "FRA"), 1);
    CU_ASSERT_STRING_EQUAL(s.countries[1].noise_from.text, "SWE");
    CU_ASSERT_STRING_EQUAL(s.countries[1].label.sv, "France"); /* one text for all languages */
    CU_ASSERT_EQUAL(s.cities[0].level.dist.kind, TJ_DIST_LOGNORMAL);
    CU_ASSERT_EQUAL(s.cities[0].level.dist.p[1], 0.35);
    CU_ASSERT_STRING_EQUAL(s.cities[0].level.written, "{lognormal: {mu: 0, sigma: 0.35}}");
    CU_ASSERT_EQUAL(s.cities[0].mark.line, 5);
    tj_study_free(&s);
    SAYS(read_with(
             "sectors.yaml",
             "sectors:\n  transport:\n    gpc: [II.1, II.2]\n    account: territorial\n"
             "    method: {default: trend, umea: intensity}\n    national: {SWE: transport, FRA: Transport}\n"
             "    paths: [transport]\n    carriers: [diesel, electricity]\n    ets_share: {default: 0 %, "
             "umea: 95 %}\n",
             &s),
         "");
    const tj_sector *sector = &s.sectors[0];
    CU_ASSERT_STRING_EQUAL(sector->gpc.items[1].text, "II.2");
    CU_ASSERT_PTR_NULL(sector->method.items[0].place.text); /* everywhere */
    CU_ASSERT_STRING_EQUAL(sector->method.items[1].place.text, "umea");
    CU_ASSERT_STRING_EQUAL(sector->method.items[1].value.text, "intensity");
    CU_ASSERT_EQUAL(sector->ets_share.count, 2);
    CU_ASSERT_EQUAL(sector->ets_share.items[1].value.dist.p[0], 0.95);
    tj_study_free(&s);
}

static void inventories_are_read(void)
{
    tj_study s;
    SAYS(read_with("inventory.csv",
                   "city,year,sector,gas,scope,value,unit,quality,gwp,edition,boundary,source\n"
                   "umea,2024,transport,co2e,1,120.5,kt "
                   "CO2e/year,measured,AR5,2026,municipality,\"Authority, 2026\"\n"
                   "umea,2024,waste,CH4,1,NE,,,,,,\numea,2024,land,co2e,2,NO,t,,,,,\n",
                   &s),
         "");
    CU_ASSERT_EQUAL(s.inventory_count, 3);
    const tj_inventory_row *row = s.inventory;
    CU_ASSERT_EQUAL(row->notation, TJ_VALUE);
    CU_ASSERT_EQUAL(row->value.dist.p[0], 120500); /* t per year */
    CU_ASSERT_EQUAL(row->value.dimension.exponent[TJ_BASE_TIME], -1);
    CU_ASSERT_EQUAL(row->quality, TJ_QUALITY_MEASURED);
    CU_ASSERT_STRING_EQUAL(row->source, "Authority, 2026");
    CU_ASSERT_EQUAL(row[1].notation, TJ_NE);
    CU_ASSERT_PTR_NULL(row[1].value.mark.file); /* absent, not zero */
    CU_ASSERT_PTR_NULL(row[1].gwp.text);
    CU_ASSERT_EQUAL(row[2].notation, TJ_NO);
    CU_ASSERT_EQUAL(row[2].scope, 2);
    tj_study_free(&s);
}

static void drivers_and_backgrounds_are_read(void)
{
    tj_study s;
    SAYS(read_with("drivers.csv",
                   "city;driver;kind;year;value;unit;path;spread;quality;source\n"
                   "*;transport.activity;year;2030;1,5;MEUR;;;assumed;x\n"
                   "SWE;transport.activity;growth;;-0,5;%/year;;\"{normal: {mean: 1 1, sd: 20 %}}\";;\n"
                   "umea;power.factor;background;;;;electricity.factor;;;\n"
                   "umea;heat.code;constant;;\"{uniform: {low: 50 kWh/m2, high: 60 kWh/m2}}\";;;;;\n",
                   &s),
         "");
    CU_ASSERT_EQUAL(s.drivers_count, 4);
    CU_ASSERT_EQUAL(s.drivers[3].value.dist.kind, TJ_DIST_UNIFORM);
    CU_ASSERT_EQUAL(s.drivers[0].value.dist.p[0], 1.5e6);
    CU_ASSERT_STRING_EQUAL(s.drivers[0].city.text, "*");
    CU_ASSERT_EQUAL(s.drivers[1].kind, TJ_PATH_GROWTH);
    CU_ASSERT_EQUAL(s.drivers[1].value.dist.p[0], -0.005);
    CU_ASSERT_EQUAL(s.drivers[1].spread.dist.kind, TJ_DIST_NORMAL);
    CU_ASSERT_EQUAL(s.drivers[1].spread.dist.p[1], 0.2);
    CU_ASSERT_STRING_EQUAL(s.drivers[2].background.text, "electricity.factor");
    tj_study_free(&s);
    SAYS(read_with("backgrounds.yaml",
                   "backgrounds:\n  current-policies:\n    label: Current\n    paths:\n      SWE:\n        "
                   "transport:\n"
                   "          points: {2045: 35 %, 2024: 1 1, 2030: 0.78 1}\n          quality: assumed\n"
                   "        population: {points: {2024: 1 1}}\n      FRA: {electricity.factor: {points: "
                   "{2024: 1 1}}}\n",
                   &s),
         "");
    const tj_background *b = &s.backgrounds[0];
    CU_ASSERT_EQUAL(b->count, 3);
    CU_ASSERT_EQUAL(b->paths[0].count, 3);
    CU_ASSERT_EQUAL(b->paths[0].points[1].year.value, 2030); /* in the order of years */
    CU_ASSERT_EQUAL(b->paths[0].points[2].value.dist.p[0], 0.35);
    CU_ASSERT_STRING_EQUAL(b->paths[2].country.text, "FRA");
    CU_ASSERT_STRING_EQUAL(b->paths[2].name.text, "electricity.factor");
    tj_study_free(&s);
}

static void measures_are_read(void)
{
    tj_study s;
    SAYS(read_with(
             "measures.yaml",
             "measures:\n  charge:\n    label: {en: Charge, fr: Péage, sv: Avgift}\n    theme: transport\n"
             "    cities: [umea]\n    parameters: nation\n    requires: [bus]\n    overlaps: cars\n"
             "    synergy: [{with: cycling, factor: 1.1 1}]\n"
             "    ramp: {shape: bass, start: 2027, years: 2, p: 0.03, q: 0.4, until: 2040, fade: 3}\n"
             "    eligible: 60\u00a0%\n    rebound: 10 %\n    effects:\n"
             "      - {driver: t.activity, scale: {triangular: {low: 4 %, mode: 8 %, high: 12 %}}}\n"
             "      - {driver: t.activity, scale: {default: 8 %, umea: {uniform: {p5: 5 %, p95: 95 %}}}}\n"
             "      - {driver: b.gas, shift: 30 %, to: b.heat, ratio: 1 1, adherence: 90 %,\n"
             "         ramp: {shape: step, start: 2030}}\n"
             "      - {driver: t.intensity, toward: 0.4 1, side: down}\n"
             "      - {driver: r.removal, add: 12 kt CO2/year}\n"
             "    quality: assumed\n",
             &s),
         "");
    const tj_measure *m = &s.measures[0];
    CU_ASSERT_STRING_EQUAL(m->label.fr, "Péage");
    CU_ASSERT_STRING_EQUAL(m->synergies[0].with.text, "cycling");
    CU_ASSERT_EQUAL(m->synergies[0].factor.dist.p[0], 1.1);
    CU_ASSERT_EQUAL(m->ramp.until.value, 2040);
    CU_ASSERT_EQUAL(m->ramp.fade.value, 3);
    CU_ASSERT_EQUAL(m->ramp.q.dist.p[0], 0.4);
    CU_ASSERT_EQUAL(m->eligible.dist.p[0], 0.6); /* a no-break space before the sign is a space */
    CU_ASSERT_PTR_NULL(m->adherence.mark.file);  /* not given */
    CU_ASSERT_EQUAL(m->effects_count, 5);
    CU_ASSERT_STRING_EQUAL(m->effects[0].op.text, "scale");
    CU_ASSERT_EQUAL(m->effects[0].magnitude.count, 1);
    CU_ASSERT_EQUAL(m->effects[0].magnitude.items[0].value.dist.kind, TJ_DIST_TRIANGULAR);
    CU_ASSERT_EQUAL(m->effects[1].magnitude.count, 2);
    /* 5 % and 95 % are the 5th and 95th percentiles of 0 to 1 */
    CU_ASSERT_DOUBLE_EQUAL(m->effects[1].magnitude.items[1].value.dist.p[0], 0, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(m->effects[1].magnitude.items[1].value.dist.p[1], 1, 1e-12);
    CU_ASSERT_STRING_EQUAL(m->effects[2].to.text, "b.heat");
    CU_ASSERT_EQUAL(m->effects[2].ramp.start.value, 2030);
    CU_ASSERT_STRING_EQUAL(m->effects[3].side.text, "down");
    CU_ASSERT_PTR_NULL(m->effects[3].ramp.shape.text);
    CU_ASSERT_EQUAL(m->effects[4].magnitude.items[0].value.dist.p[0], 12000);
    CU_ASSERT_STRING_EQUAL(m->effects[4].magnitude.items[0].value.written, "12 kt CO2/year");
    tj_study_free(&s);
}

static void packages_and_targets_are_read(void)
{
    tj_study s;
    SAYS(
        read_with("packages.yaml",
                  "packages:\n  reference: {measures: []}\n  adopted:\n    label: Adopted\n    measures:\n"
                  "      - charge\n      - {measure: cycling, cities: [umea], strength: 60 %, start: 2028}\n",
                  &s),
        "");
    CU_ASSERT_EQUAL(s.packages[0].count, 0);
    CU_ASSERT_STRING_EQUAL(s.packages[1].items[0].measure.text, "charge");
    CU_ASSERT_PTR_NULL(s.packages[1].items[0].strength.mark.file);
    CU_ASSERT_EQUAL(s.packages[1].items[1].strength.dist.p[0], 0.6);
    CU_ASSERT_EQUAL(s.packages[1].items[1].start.value, 2028);
    tj_study_free(&s);
    SAYS(read_with(
             "targets.yaml",
             "targets:\n  sweden:\n    by: SWE\n    countries: [SWE]\n    kind: path\n    base_year: 1990\n"
             "    milestones: {2040: 75 %, 2030: 63 %}\n    removals_share: 15 %\n"
             "    coverage: {sectors: [transport], gases: [CO2], ets: outside}\n    active: no\n",
             &s),
         "");
    const tj_target *t = &s.targets[0];
    CU_ASSERT_STRING_EQUAL(t->kind.text, "path");
    CU_ASSERT_EQUAL(t->milestones_count, 2);
    CU_ASSERT_EQUAL(t->milestones[0].year.value, 2030);
    CU_ASSERT_EQUAL(t->milestones[1].value.dist.p[0], 0.75);
    CU_ASSERT_STRING_EQUAL(t->gases.items[0].text, "CO2");
    CU_ASSERT_STRING_EQUAL(t->ets.text, "outside");
    CU_ASSERT_PTR_NOT_NULL(t->active.mark.file);
    CU_ASSERT_EQUAL(t->active.value, 0);
    CU_ASSERT_EQUAL(t->mark.line, 2);
    tj_study_free(&s);
}

/* ---- folders ---- */

static char folder[64];

static void file_write(const char *name, const char *bytes, size_t size)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static void file_text(const char *name, const char *text)
{
    file_write(name, text, strlen(text));
}

/* A folder with the small study in it. */
static void folder_make(int with_study)
{
    strcpy(folder, "/tmp/tj-reader-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    for (size_t i = 0; with_study && i < SMALL_FILES; i++)
        file_write(small_study[i].name, small_study[i].bytes, small_study[i].size);
}

static void folder_remove(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    CU_ASSERT_EQUAL(system(command), 0);
}

/* The messages of reading a path; the folder's own name is written as DIR. */
static const char *folder_faults(const char *path, tj_status expected, tj_study *study)
{
    static char lines[4096];
    tj_diags diags;
    size_t used = 0;
    tj_diags_init(&diags);
    CU_ASSERT_EQUAL(tj_study_read(path, &diags, study), expected);
    tj_diags_sort(&diags);
    lines[0] = '\0';
    for (size_t i = 0; i < diags.count; i++) {
        char line[2100];
        tj_diag_format(&diags.items[i], line, sizeof line);
        int own = strncmp(line, folder, strlen(folder)) == 0;
        used += (size_t)snprintf(lines + used, sizeof lines - used, "%s%s%s", i == 0 ? "" : "\n",
                                 own ? "DIR" : "", line + (own ? strlen(folder) : 0));
    }
    tj_diags_free(&diags);
    return lines;
}

static const char *reads(const char *path, tj_status expected)
{
    tj_study study;
    const char *lines = folder_faults(path, expected, &study);
    tj_study_free(&study);
    return lines;
}

static void a_folder_is_read_whole(void)
{
    tj_study study;
    folder_make(1);
    SAYS(folder_faults(folder, TJ_OK, &study), "");
    CU_ASSERT_EQUAL(study.texts_count, SMALL_FILES);
    for (size_t i = 0; i < SMALL_FILES && i < study.texts_count; i++) {
        CU_ASSERT_STRING_EQUAL(study.texts[i].name, small_study[i].name);
        CU_ASSERT_STRING_EQUAL(study.texts[i].bytes, small_study[i].bytes);
    }
    tj_study_free(&study);
    folder_remove();
}

static void what_is_no_study_folder_is_said(void)
{
    char path[128];
    folder_make(0);
    SAYS(reads(folder, TJ_ERR_INPUT),
         "DIR: error: the folder holds no study; 'trajekt new FOLDER' writes a small one");
    file_text("x.yaml", "");
    snprintf(path, sizeof path, "%s/x.yaml", folder);
    SAYS(reads(path, TJ_ERR_IO),
         "DIR/x.yaml: error: found a file, expected a study folder: the one that holds study.yaml");
    snprintf(path, sizeof path, "%s/none", folder);
    SAYS(reads(path, TJ_ERR_IO), "DIR/none: error: there is no such study folder");
    folder_remove();
}

static void missing_and_foreign_files_are_named(void)
{
    char path[128];
    folder_make(1);
    snprintf(path, sizeof path, "%s/measures.yaml", folder);
    unlink(path);
    file_text("measure.yaml", "measures: {}\n");
    file_text("readme.md", "x");
    SAYS(reads(folder, TJ_ERR_INPUT),
         "measure.yaml: warning: this file is not read; did you mean 'measures.yaml'?\n"
         "measures.yaml: error: the file is missing; a study needs it");
    folder_remove();
}

static void files_can_lie_elsewhere(void)
{
    tj_study study;
    static const char text[] = "trajekt: 1\nbase_year: 1990\nhorizon: 2050\nreference_package: reference\n"
                               "files: {pool: data/p.csv, gwp: none.csv, pol: x}\n";
    char path[128];
    folder_make(1);
    snprintf(path, sizeof path, "%s/data", folder);
    mkdir(path, 0700);
    file_text("study.yaml", text);
    file_text("data/p.csv", "country,place,year,sector,value,unit\nSWE,Lund,2020,a,1,t\nSWE\n");
    SAYS(
        folder_faults(folder, TJ_ERR_INPUT, &study),
        "data/p.csv:3:1: error: found 1 cell, expected 6 as in the header\n"
        "study.yaml:5:32: error: the file 'none.csv' of 'gwp' does not exist\n"
        "study.yaml:5:42: error: unknown file 'pol' in files; did you mean 'pool'? allowed: cities, sectors, "
        "inventory, population, national, pool, trend, gwp, drivers, technologies, fleets, backgrounds, … "
        "(15 in all)");
    CU_ASSERT_EQUAL(study.pool_count, 1);
    tj_study_free(&study);
    folder_remove();
}

static void files_that_cannot_be_read_are_said(void)
{
    char path[128];
    folder_make(1);
    snprintf(path, sizeof path, "%s/pool.csv", folder);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/drivers.csv", folder);
    CU_ASSERT_EQUAL(mkfifo(path, 0600), 0);
    SAYS(reads(folder, TJ_ERR_IO), "drivers.csv: error: found a device or pipe, expected a file\n"
                                   "pool.csv: error: found a folder, expected a file");
    folder_remove();
}

static void a_huge_file_is_refused_without_being_read(void)
{
    char path[128];
    folder_make(1);
    const char *const names[] = {"pool.csv", "packages.yaml"};
    for (int i = 0; i < 2; i++) { /* 1 GiB of nothing, on a disk that stores only what is written */
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        int file = open(path, O_WRONLY | O_CREAT, 0600);
        CU_ASSERT_EQUAL(ftruncate(file, (off_t)1 << 30), 0);
        close(file);
    }
    SAYS(reads(folder, TJ_ERR_IO),
         "packages.yaml: error: the file holds 1024.0 MiB; at most 16 MiB are read\n"
         "pool.csv: error: the file holds 1024.0 MiB; at most 512 MiB are read");
    folder_remove();
}

static const tj_test tests[] = {
    {"settings are read", settings_are_read},
    {"cities and sectors are read", cities_and_sectors_are_read},
    {"inventories are read", inventories_are_read},
    {"drivers and backgrounds are read", drivers_and_backgrounds_are_read},
    {"measures are read", measures_are_read},
    {"packages and targets are read", packages_and_targets_are_read},
    {"a folder is read whole", a_folder_is_read_whole},
    {"what is no study folder is said", what_is_no_study_folder_is_said},
    {"missing and foreign files are named", missing_and_foreign_files_are_named},
    {"files can lie elsewhere", files_can_lie_elsewhere},
    {"files that cannot be read are said", files_that_cannot_be_read_are_said},
    {"a huge file is refused without being read", a_huge_file_is_refused_without_being_read},
};

int main(void)
{
    return TJ_RUN("study reader", tests);
}
