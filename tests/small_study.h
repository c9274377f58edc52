/* A small study in memory, whole and right, for tests that break it in one place.
 *
 * Two countries: Aland with a pool and two cities, Bland without one (it borrows Aland's) and one city
 * whose 1990 is back-cast. Numbers are round so that results can be worked by hand. */
#ifndef TJ_TESTS_SMALL_STUDY_H
#define TJ_TESTS_SMALL_STUDY_H

#include "io/readers/study_reader.h"
#include "scenarios/compile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const small_files[][2] = {
    {"study.yaml", "trajekt: 1\n"
                   "title: Small\n"
                   "base_year: 1990\n"
                   "horizon: 2030\n"
                   "gwp: AR5\n"
                   "reference_package: reference\n"
                   "draws: 100\n"
                   "seed: 7\n"
                   "design: monte-carlo\n"},
    {"cities.yaml", "countries:\n"
                    "  AAA: {label: Aland}\n"
                    "  BBB: {label: Bland, noise_from: AAA}\n"
                    "cities:\n"
                    "  north: {label: North, country: AAA, boundary: municipality 1}\n"
                    "  south: {label: South, country: AAA, boundary: municipality 2}\n"
                    "  west: {label: West, country: BBB, boundary: authority 3}\n"},
    {"sectors.yaml", "sectors:\n"
                     "  transport:\n"
                     "    label: Transport\n"
                     "    gpc: [II.1]\n"
                     "    national: {AAA: transport, BBB: transport}\n"
                     "    paths: [transport]\n"
                     "    ets_share: 0 %\n"
                     "  heat:\n"
                     "    label: Heat\n"
                     "    gpc: [I.1]\n"
                     "    national: {AAA: heat, BBB: heat}\n"
                     "    paths: []\n"
                     "  removals:\n"
                     "    label: Removals\n"
                     "    account: removals\n"
                     "    method: sink\n"},
    {"inventory.csv", "city,year,sector,gas,scope,value,unit,quality,gwp,edition,boundary,source\n"
                      "north,1990,transport,co2e,1,100,t CO2e,measured,AR5,e,b,s\n"
                      "north,2000,transport,co2e,1,200,t CO2e,measured,AR5,e,b,s\n"
                      "north,2010,transport,co2e,1,400,t CO2e,measured,AR5,e,b,s\n"
                      "north,1990,heat,co2e,1,60,t CO2e,measured,AR5,e,b,s\n"
                      "north,2000,heat,co2e,1,50,t CO2e,measured,AR5,e,b,s\n"
                      "north,2010,heat,co2e,1,40,t CO2e,measured,AR5,e,b,s\n"
                      "north,2010,removals,co2e,1,NO,,measured,AR5,e,b,s\n"
                      "south,1990,transport,co2e,1,300,t CO2e,measured,AR5,e,b,s\n"
                      "south,2010,transport,co2e,1,300,t CO2e,measured,AR5,e,b,s\n"
                      "south,1990,heat,co2e,1,10,t CO2e,measured,AR5,e,b,s\n"
                      "south,2010,heat,co2e,1,NO,,measured,AR5,e,b,s\n"
                      "west,2000,transport,co2e,1,80,t CO2e,assumed,AR5,e,b,s\n"
                      "west,2000,heat,co2e,1,30,t CO2e,assumed,AR5,e,b,s\n"},
    {"population.csv", "place,year,value,unit,quality,source\n"
                       "north,2010,1000,persons,measured,s\n"},
    {"national.csv", "country,year,series,value,unit,source\n"
                     "AAA,1990,transport,100,kt,s\n"
                     "AAA,2000,transport,100,kt,s\n"
                     "AAA,2010,transport,100,kt,s\n"
                     "AAA,1990,heat,100,kt,s\n"
                     "AAA,2000,heat,100,kt,s\n"
                     "BBB,1990,transport,50,kt,s\n"
                     "BBB,1995,transport,50,kt,s\n"
                     "BBB,2000,transport,100,kt,s\n"
                     "BBB,1990,heat,90,kt,s\n"
                     "BBB,1995,heat,45,kt,s\n"
                     "BBB,2000,heat,45,kt,s\n"},
    {"pool.csv", "country,place,year,sector,value,unit\n"
                 "AAA,p1,1990,transport,100,t\nAAA,p1,2000,transport,100,t\nAAA,p1,2010,transport,100,t\n"
                 "AAA,p2,1990,transport,100,t\nAAA,p2,2000,transport,200,t\nAAA,p2,2010,transport,400,t\n"
                 "AAA,p3,1990,transport,100,t\nAAA,p3,2000,transport,400,t\nAAA,p3,2010,transport,1600,t\n"
                 "AAA,p1,1990,heat,100,t\nAAA,p1,2000,heat,50,t\nAAA,p1,2010,heat,25,t\n"
                 "AAA,p2,1990,heat,100,t\nAAA,p2,2000,heat,50,t\nAAA,p2,2010,heat,25,t\n"
                 "AAA,p3,1990,heat,100,t\nAAA,p3,2000,heat,80,t\nAAA,p3,2010,heat,25,t\n"},
    {"drivers.csv", "city,driver,kind,year,value,unit,path,spread,quality,source\n"
                    "*,removals.removal,constant,,0,t CO2/year,,,assumed,s\n"},
    {"backgrounds.yaml",
     "backgrounds:\n"
     "  current-policies:\n"
     "    label: Current\n"
     "    paths:\n"
     "      AAA: {transport: {points: {2010: 1 1, 2020: 0.8 1}, quality: assumed, source: s}}\n"
     "      BBB: {transport: {points: {2000: 1 1, 2020: 0.8 1}, quality: assumed, source: s}}\n"
     "  met:\n"
     "    label: Met\n"
     "    paths:\n"
     "      AAA: {transport: {points: {2010: 1 1, 2020: 0.4 1}, quality: assumed, source: s}}\n"
     "      BBB: {transport: {points: {2000: 1 1, 2020: 0.4 1}, quality: assumed, source: s}}\n"},
    {"measures.yaml", "measures:\n"
                      "  charge:\n"
                      "    label: Charge\n"
                      "    ramp: {shape: linear, start: 2010, years: 10}\n"
                      "    effects:\n"
                      "      - {driver: transport.activity, scale: 50 %}\n"
                      "    source: s\n"
                      "  buses:\n"
                      "    label: Buses\n"
                      "    ramp: {shape: step, start: 2015, years: 0}\n"
                      "    effects:\n"
                      "      - {driver: transport.intensity, scale: {uniform: {low: 10 %, high: 30 %}}}\n"
                      "    source: s\n"},
    {"packages.yaml", "packages:\n"
                      "  reference: {label: Reference, measures: []}\n"
                      "  both: {label: Both, measures: [charge, buses]}\n"},
    {"targets.yaml", "targets:\n"
                     "  half:\n"
                     "    label: Half\n"
                     "    by: AAA\n"
                     "    countries: [AAA, BBB]\n"
                     "    kind: reduction\n"
                     "    base_year: 1990\n"
                     "    year: 2030\n"
                     "    value: 50 %\n"
                     "    source: s\n"},
};

enum { SMALL_FILES = sizeof small_files / sizeof small_files[0], SMALL_FILES_MOST = 20 };

/* The study, its plan and what was said, made together and freed together. */
typedef struct small {
    char *changed; /* the text with the change, or NULL */
    tj_text texts[SMALL_FILES_MOST];
    tj_study study;
    tj_diags diags;
    tj_compiled compiled;
    tj_status status;
} small;

/* Reads and compiles the first `count` texts. */
static inline void small_compile(small *s, size_t count)
{
    tj_diags_init(&s->diags);
    s->status = tj_study_read_texts(s->texts, count, &s->diags, &s->study);
    if (s->status == TJ_OK)
        s->status = tj_compile(&s->study, &s->diags, &s->compiled);
    tj_diags_sort(&s->diags);
}

/* Compiles a study of `count` files with the first `from` in `file` replaced by `to` (file NULL: as it is). */
static inline void small_open_files(small *s, const char *const (*files)[2], size_t count, const char *file,
                                    const char *from, const char *to)
{
    memset(s, 0, sizeof *s);
    for (size_t i = 0; i < count; i++) {
        const char *bytes = files[i][1];
        const char *at = file != NULL && strcmp(file, files[i][0]) == 0 ? strstr(bytes, from) : NULL;
        if (at != NULL) {
            size_t size = strlen(bytes) + strlen(to) + 1;
            s->changed = malloc(size);
            snprintf(s->changed, size, "%.*s%s%s", (int)(at - bytes), bytes, to, at + strlen(from));
            bytes = s->changed;
        }
        s->texts[i] = (tj_text){files[i][0], bytes, strlen(bytes)};
    }
    small_compile(s, count);
}

/* The `all` files of a study with whole files given as {name, bytes}, each in the place of its namesake or beside the
 * others. */
static inline void small_open_over(small *s, const char *const (*base)[2], size_t all,
                                   const char *const (*files)[2], size_t count)
{
    memset(s, 0, sizeof *s);
    for (size_t i = 0; i < all; i++)
        s->texts[i] = (tj_text){base[i][0], base[i][1], strlen(base[i][1])};
    for (size_t k = 0; k < count; k++) {
        size_t at = 0;
        while (at < all && strcmp(s->texts[at].name, files[k][0]) != 0)
            at++;
        all += at == all;
        s->texts[at] = (tj_text){files[k][0], files[k][1], strlen(files[k][1])};
    }
    small_compile(s, all);
}

static inline void small_open_with(small *s, const char *const (*files)[2], size_t count)
{
    small_open_over(s, small_files, SMALL_FILES, files, count);
}

/* The small study itself. */
static inline void small_open(small *s, const char *file, const char *from, const char *to)
{
    small_open_files(s, small_files, SMALL_FILES, file, from, to);
}

static inline void small_close(small *s)
{
    tj_compiled_free(&s->compiled);
    tj_study_free(&s->study);
    tj_diags_free(&s->diags);
    free(s->changed);
}

/* 1 where one of the errors and warnings reads exactly `line`. */
static inline int small_says(const small *s, const char *line)
{
    char found[1024];
    for (size_t i = 0; i < s->diags.count; i++) {
        tj_diag_format(&s->diags.items[i], found, sizeof found);
        if (strcmp(found, line) == 0)
            return 1;
    }
    return 0;
}

#endif
