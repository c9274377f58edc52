/* Shares of variance for people and for programs; see sensitivity.h. */
#include "io/cli/input_words.h"
#include "io/cli/sensitivity.h"
#include "io/cli/terminal.h"
#include "io/cli/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 100, MOST_ROWS = 8, NAME = 1024 };
static const double LEAST_SHARE = 0.01, LEAST_ADVICE = 0.05; /* of the variance: to be shown, to be advised */

typedef enum phrase {
    SAY_HEAD,    /* package, background, draws */
    SAY_LEGEND,  /* */
    SAY_MEAN,    /* mean, standard deviation, unit */
    SAY_MET,     /* */
    SAY_OTHERS,  /* number */
    SAY_CERTAIN, /* */
    SAY_NEXT,    /* city, input, percent, target */
    SAY_NOISE,   /* percent */
    SAY_NOTHING, /* city, target */
    PHRASES
} phrase;

static const tj_label phrases[PHRASES] = {
    [SAY_HEAD] = {"Where the doubt about each target comes from: %s, %s (%s draws, %zu simulations)",
                  "D'où vient le doute sur chaque objectif : %s, %s (%s tirages, %zu simulations)",
                  "Varifrån osäkerheten om varje mål kommer: %s, %s (%s dragningar, %zu simuleringar)"},
    [SAY_LEGEND] =
        {"% of the variance, with 90 % bootstrap intervals: alone (first-order Sobol index), and "
         "with all it does together with others (total index). ≈0: not distinguishable from 0.",
         "% de la variance, avec intervalles bootstrap à 90 % : seul (indice de Sobol du premier "
         "ordre), et avec tout ce qu'il fait avec d'autres (indice total). ≈0 : indiscernable de 0.",
         "% av variansen, med 90-procentiga bootstrapintervall: ensamt (Sobolindex av första ordningen) "
         "och med allt det gör ihop med andra (totalt index). ≈0: går inte att skilja från 0."},
    [SAY_MEAN] = {"mean %s, standard deviation %s %s", "moyenne %s, écart type %s %s",
                  "medel %s, standardavvikelse %s %s"},
    [SAY_MET] = {"(1: met)", "(1 : atteint)", "(1: uppnått)"},
    [SAY_OTHERS] = {"(%zu more, below 1 %% each or not shown)", "(%zu autres, moins de 1 %% ou non montrés)",
                    "(%zu till, under 1 %% var eller inte visade)"},
    [SAY_CERTAIN] = {"the gap is the same in every future, or undefined in some",
                     "l'écart est le même dans tous les futurs, ou non défini dans certains",
                     "gapet är lika i alla framtider, eller odefinierat i några"},
    [SAY_NEXT] = {"%1$s: Measure next: %2$s; it has a part in %3$s %% of the doubt about “%4$s”.",
                  "%1$s : à mesurer d'abord : %2$s ; part dans %3$s %% du doute sur « %4$s ».",
                  "%1$s: mät härnäst: %2$s; det har del i %3$s %% av osäkerheten om ”%4$s”."},
    [SAY_NOISE] = {" Year-to-year change, which no measurement of today removes, has a part in %s %%.",
                   " Les variations annuelles, qu'aucune mesure d'aujourd'hui ne lève, ont part dans %s %%.",
                   " Förändringar från år till år, som ingen mätning i dag tar bort, har del i %s %%."},
    [SAY_NOTHING] = {"%s: no single number to measure stands out for “%s”.",
                     "%s : aucune donnée à mesurer ne se distingue pour « %s ».",
                     "%s: inget enskilt tal att mäta sticker ut för ”%s”."},
};

static const char *say(const tj_findings *f, phrase what)
{
    return tj_label_in(&phrases[what], f->options->common.language, "");
}

static const tj_influence *influence_of(const tj_findings *f, size_t target, size_t input)
{
    return &f->influence[target * f->inputs.count + input];
}

/* Inputs of a target with an index, the largest total first; returns how many. */
static size_t rank(const tj_findings *f, size_t target, size_t *order)
{
    size_t count = 0;
    for (size_t i = 0; i < f->inputs.count; i++) {
        double total = influence_of(f, target, i)->total.value;
        size_t at = count;
        if (isnan(total))
            continue;
        for (; at > 0 && influence_of(f, target, order[at - 1])->total.value < total; at--)
            order[at] = order[at - 1];
        order[at] = i;
        count++;
    }
    return count;
}

/* "62 [58–66]" in percent, "≈0" where it cannot be told from nothing. */
static void index_cell(tj_sheet *table, const tj_index *index)
{
    if (tj_index_indistinct(index))
        tj_sheet_text(table, "≈0");
    else
        tj_sheet_format(table, "%.0f [%.0f–%.0f]", 100 * index->value, 100 * index->low, 100 * index->high);
}

/* Unit and decimals of what is analysed. */
static const char *unit_of(const tj_findings *f, int *decimals)
{
    *decimals = f->options->of == TJ_OF_MET ? 3 : f->options->of == TJ_OF_GAP_PERCENT ? 1 : 0;
    return f->options->of == TJ_OF_MET           ? say(f, SAY_MET)
           : f->options->of == TJ_OF_GAP_PERCENT ? "%"
                                                 : "t CO2e";
}

static void print_mean(const tj_findings *f, size_t target)
{
    size_t n = f->options->samples;
    const double *gap = f->gap + target * n;
    double mean = 0, squares = 0;
    char first[64], second[64];
    int decimals;
    const char *unit = unit_of(f, &decimals);
    for (size_t d = 0; d < n; d++)
        mean += gap[d] / (double)n;
    for (size_t d = 0; d < n; d++)
        squares += (gap[d] - mean) * (gap[d] - mean);
    fputs("  ", stdout);
    const char *language = f->options->common.language;
    printf(say(f, SAY_MEAN), tj_text_number_in(first, sizeof first, mean, decimals, language),
           tj_text_number_in(second, sizeof second, sqrt(squares / (double)n), decimals, language), unit);
    fputc('\n', stdout);
}

static const tj_sheet_column page_columns[] = {
    {"alone", "alone, %", 1, 0}, {"total", "in all, %", 1, 0}, {"input", "due to", 0, 0}};

static tj_exit print_target(const tj_findings *f, size_t target, size_t *order)
{
    size_t count = rank(f, target, order), shown = 0;
    printf("\n%s%s · %s%s\n", tj_style_begin(stdout, TJ_BOLD), tj_findings_city(f, target),
           tj_findings_target(f, target), tj_style_begin(stdout, TJ_PLAIN));
    if (count == 0) {
        printf("  %s\n", say(f, SAY_CERTAIN));
        return TJ_EXIT_OK;
    }
    print_mean(f, target);
    tj_sheet table;
    tj_sheet_init(&table, page_columns, sizeof page_columns / sizeof page_columns[0]);
    table.language = f->options->common.language;
    for (; shown < count && shown < MOST_ROWS; shown++) {
        const tj_influence *of = influence_of(f, target, order[shown]);
        char name[NAME];
        if (shown > 0 && of->total.value < LEAST_SHARE)
            break;
        index_cell(&table, &of->first);
        index_cell(&table, &of->total);
        tj_sheet_text(&table, tj_input_label(&f->loaded.study, &f->loaded.compiled, &f->inputs, order[shown],
                                             f->options->common.language, name, sizeof name));
    }
    tj_sheet_print(&table, stdout, 2);
    int broken = table.memory_short;
    tj_sheet_free(&table);
    if (shown < count) {
        fputs("  ", stdout);
        printf(say(f, SAY_OTHERS), count - shown);
        fputc('\n', stdout);
    }
    return broken ? tj_fail(TJ_EXIT_MEMORY, "memory ran out") : TJ_EXIT_OK;
}

/* One sentence: the largest input that can be told from 0 and is a number to measure. */
static void print_verdict(const tj_findings *f, size_t target, size_t *order)
{
    size_t count = rank(f, target, order), best = 0;
    char text[2 * NAME], name[NAME], percent[32];
    while (best < count &&
           (order[best] == 0 || tj_index_indistinct(&influence_of(f, target, order[best])->total)))
        best++;
    int used = 0;
    if (best < count && influence_of(f, target, order[best])->total.value >= LEAST_ADVICE) {
        tj_text_number(percent, sizeof percent,
                       100 * fmin(1, influence_of(f, target, order[best])->total.value), 0);
        tj_input_label(&f->loaded.study, &f->loaded.compiled, &f->inputs, order[best],
                       f->options->common.language, name, sizeof name);
        used = snprintf(text, sizeof text, say(f, SAY_NEXT), tj_findings_city(f, target), name, percent,
                        tj_findings_target(f, target));
    } else {
        used = snprintf(text, sizeof text, say(f, SAY_NOTHING), tj_findings_city(f, target),
                        tj_findings_target(f, target));
    }
    double noise = influence_of(f, target, 0)->total.value;
    if (noise >= LEAST_SHARE && used >= 0 && (size_t)used < sizeof text) {
        tj_text_number(percent, sizeof percent, 100 * fmin(1, noise), 0);
        snprintf(text + used, sizeof text - (size_t)used, say(f, SAY_NOISE), percent);
    }
    tj_text_wrap(stdout, text, 2, 4, PAGE);
}

/* The first target of a city, in the order of the study, stands for it. */
static int is_first_of_city(const tj_findings *f, size_t target)
{
    return target == 0 || strcmp(tj_findings_city(f, target), tj_findings_city(f, target - 1)) != 0;
}

static tj_exit print_pages(const tj_findings *f)
{
    char draws[32];
    size_t *order = malloc((f->inputs.count + 1) * sizeof *order);
    if (order == NULL)
        return tj_fail(TJ_EXIT_MEMORY, "memory ran out");
    printf(say(f, SAY_HEAD), tj_findings_package(f, f->package), tj_findings_background(f),
           tj_text_number(draws, sizeof draws, (double)f->options->samples, 0), f->evaluations);
    fputc('\n', stdout);
    tj_text_wrap(stdout, say(f, SAY_LEGEND), 0, 0, PAGE);
    tj_exit code = TJ_EXIT_OK;
    for (size_t t = 0; t < f->n_targets && code == TJ_EXIT_OK; t++)
        code = print_target(f, t, order);
    fputc('\n', stdout);
    for (size_t t = 0; t < f->n_targets && code == TJ_EXIT_OK; t++)
        if (is_first_of_city(f, t))
            print_verdict(f, t, order);
    free(order);
    return code;
}

static const tj_sheet_column columns[] = {
    {"city", NULL, 0, 0},           {"background", NULL, 0, 0}, {"package", NULL, 0, 0},
    {"target", NULL, 0, 0},         {"input", NULL, 0, 0},      {"first", NULL, 1, 4},
    {"first_low", NULL, 1, 4},      {"first_high", NULL, 1, 4}, {"first_distinct", NULL, 0, 0},
    {"total", NULL, 1, 4},          {"total_low", NULL, 1, 4},  {"total_high", NULL, 1, 4},
    {"total_distinct", NULL, 0, 0}, {"mu_star", NULL, 1, 2},    {"sigma", NULL, 1, 2},
    {"label", NULL, 0, 0}};

static void add_index(tj_sheet *table, const tj_index *index)
{
    tj_sheet_number(table, index->value);
    tj_sheet_number(table, index->low);
    tj_sheet_number(table, index->high);
    tj_sheet_text(table, tj_index_indistinct(index) ? "no" : "yes");
}

static void add_row(tj_sheet *table, const tj_findings *f, size_t target, size_t input)
{
    const tj_influence *of = influence_of(f, target, input);
    const tj_study *study = &f->loaded.study;
    const tj_compiled *compiled = &f->loaded.compiled;
    const tj_target_info *info = &compiled->targets[f->targets[target]];
    char name[NAME];
    tj_sheet_text(table, study->cities[compiled->cities[info->city]].id.text);
    tj_sheet_text(table, study->backgrounds[compiled->backgrounds[f->background]].id.text);
    tj_sheet_text(table, study->packages[compiled->packages[f->package]].id.text);
    tj_sheet_text(table, info->target->id.text);
    tj_sheet_text(table, tj_input_name(compiled, &f->inputs, input, name, sizeof name));
    add_index(table, &of->first);
    add_index(table, &of->total);
    tj_sheet_number(table, of->mu_star);
    tj_sheet_number(table, of->sigma);
    tj_sheet_text(table, tj_input_label(study, compiled, &f->inputs, input, f->options->common.language, name,
                                        sizeof name));
}

static tj_exit write_rows(const tj_findings *f)
{
    size_t *order = malloc((f->inputs.count + 1) * sizeof *order);
    if (order == NULL)
        return tj_fail(TJ_EXIT_MEMORY, "memory ran out");
    tj_sheet table;
    tj_sheet_init(&table, columns, sizeof columns / sizeof columns[0]);
    for (size_t t = 0; t < f->n_targets; t++) {
        size_t count = rank(f, t, order);
        for (size_t i = 0; i < count; i++)
            add_row(&table, f, t, order[i]);
    }
    tj_status status = f->options->common.format->write(&table, stdout);
    tj_sheet_free(&table);
    free(order);
    return tj_exit_of(status);
}

tj_exit tj_findings_print(const tj_findings *f)
{
    return strcmp(f->options->common.format->name, "table") == 0 ? print_pages(f) : write_rows(f);
}
