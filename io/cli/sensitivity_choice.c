/* trajekt sensitivity --choice: what knowing would be worth; see sensitivity.h and engine/decision.h.
 *
 * A package's loss in a draw, in the target's year: what its measures cost in the city then, and the price of
 * each tonne above what the target allows. For a budget both are summed over its years. */
#include "engine/decision.h"
#include "io/cli/input_words.h"
#include "io/cli/sensitivity.h"
#include "io/cli/terminal.h"
#include "io/cli/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 1024, SHUFFLES = 100, MOST_ROWS = 8 };

typedef enum phrase { SAY_HEAD, SAY_LEGEND, SAY_NOW, SAY_ALL, SAY_NONE, SAY_UNDEFINED, PHRASES } phrase;

static const tj_label phrases[PHRASES] = {
    [SAY_HEAD] = {"What knowing would be worth: %s, %s EUR per tonne over the target, %s draws",
                  "Ce que vaudrait de savoir : %s, %s EUR par tonne au-dessus de l'objectif, %s tirages",
                  "Vad det vore värt att veta: %s, %s EUR per ton över målet, %s dragningar"},
    [SAY_LEGEND] =
        {"Loss of a package: the cost of its measures in the city in the target's year, and the price of the "
         "tonnes over the target (budgets: over their years). Worth of knowing one number: by regression.",
         "Perte d'un programme : coût de ses mesures dans la ville l'année de l'objectif, et prix des tonnes "
         "au-dessus de l'objectif (budgets : sur leurs années). Valeur d'un nombre : par régression.",
         "Ett pakets förlust: vad dess åtgärder kostar i staden under målåret, och priset på tonnen över "
         "målet (budgetar: under deras år). Värdet av ett tal: genom regression."},
    [SAY_NOW] = {"choose now: %s", "à choisir aujourd'hui : %s", "välj nu: %s"},
    [SAY_ALL] = {"knowing everything: %s ± %s EUR", "tout savoir : %s ± %s EUR",
                 "att veta allt: %s ± %s EUR"},
    [SAY_NONE] = {"no single number is worth more than chance would make it seem",
                  "aucun nombre seul ne vaut plus que ce que le hasard ferait croire",
                  "inget enskilt tal är värt mer än slumpen får det att verka"},
    [SAY_UNDEFINED] = {"the gap is undefined in some futures",
                       "l'écart n'est pas défini dans certains futurs",
                       "gapet är odefinierat i några framtider"},
};

/* The choice of one run. */
typedef struct choice {
    const tj_findings *of;
    const tj_decision_info *decision;
    size_t n;
    double *gap;    /* packages * targets * n */
    double *loss;   /* packages * n, of the target at hand */
    double *u;      /* n */
    uint8_t *reach; /* targets * inputs: under any of the packages */
    tj_sheet table; /* for programs */
} choice;

/* A number that knowing is asked of. */
typedef struct worth {
    size_t input;
    tj_evppi evppi;
} worth;

static const char *say(const tj_findings *f, phrase what)
{
    return tj_label_in(&phrases[what], f->options->common.language, "");
}

/* ---- losses ---- */

static tj_status take_package(choice *c, size_t p)
{
    const tj_findings *f = c->of;
    const tj_plan_question question = {.plan = f->loaded.compiled.plan,
                                       .backend = tj_backends[0],
                                       .background = f->background,
                                       .package = c->decision->packages[p],
                                       .targets = f->targets,
                                       .n_targets = f->n_targets,
                                       .n = c->n,
                                       .threads = f->options->common.threads};
    tj_plan_model *model;
    tj_status status = tj_plan_model_create(&question, &f->inputs, &model);
    uint8_t *from_a = calloc(f->inputs.count + 1, 1);
    if (status == TJ_OK) {
        const tj_sensitivity_model *m = tj_plan_model_get(model);
        for (size_t i = 0; i < f->n_targets * f->inputs.count; i++)
            c->reach[i] |= m->reach[i];
        status = from_a == NULL ? TJ_ERR_MEMORY
                                : m->evaluate(m->context, from_a, c->gap + p * f->n_targets * c->n);
    }
    free(from_a);
    tj_plan_model_free(model);
    return status;
}

/* What package p costs for a target: in its year, for a budget from its first year after H on. */
static double cost_of(const choice *c, size_t p, const tj_plan_target *target)
{
    const tj_plan *plan = c->of->loaded.compiled.plan;
    const tj_plan_settings *s = tj_plan_get_settings(plan);
    const double *cost =
        c->decision->cost + (p * (size_t)s->n_cities + (size_t)target->city) * (size_t)s->n_years;
    int32_t from = target->kind == TJ_TARGET_BUDGET ? target->first : target->year;
    double sum = target->year >= 0 && target->year < s->n_years && from >= 0 ? 0 : NAN;
    for (int32_t y = from; y <= target->year && !isnan(sum); y++)
        sum += cost[y];
    return sum;
}

static tj_losses losses_of(choice *c, size_t target)
{
    const tj_findings *f = c->of;
    const tj_plan_target *all = tj_plan_section(f->loaded.compiled.plan, TJ_SECTION_TARGETS, NULL);
    size_t packages = (size_t)c->decision->n_packages;
    for (size_t p = 0; p < packages; p++) {
        const double *gap = c->gap + (p * f->n_targets + target) * c->n;
        double cost = cost_of(c, p, &all[f->targets[target]]);
        for (size_t d = 0; d < c->n; d++)
            c->loss[p * c->n + d] = cost + c->decision->price * (gap[d] > 0 || isnan(gap[d]) ? gap[d] : 0);
    }
    return (tj_losses){c->n, packages, c->loss};
}

/* ---- inputs ---- */

/* Inputs that are one number and are worth more than chance, the dearest first. */
static tj_status rank(choice *c, const tj_losses *losses, size_t target, worth *found, size_t *count)
{
    const tj_findings *f = c->of;
    const tj_plan *plan = f->loaded.compiled.plan;
    tj_status status = TJ_OK;
    *count = 0;
    for (size_t i = 1; i < f->inputs.count && status == TJ_OK; i++) {
        worth w = {.input = i};
        if (f->inputs.items[i].streams != 1 || !c->reach[target * f->inputs.count + i])
            continue;
        tj_plan_input_uniforms(plan, &f->inputs, i, c->n, c->u);
        status = tj_evppi_of(losses, c->u, tj_plan_get_settings(plan)->seed, SHUFFLES, &w.evppi);
        size_t at = (*count)++;
        for (; at > 0 && found[at - 1].evppi.value < w.evppi.value; at--)
            found[at] = found[at - 1];
        found[at] = w;
    }
    return status;
}

static int beats_chance(const worth *w)
{
    return w->evppi.value > w->evppi.chance;
}

/* ---- for people ---- */

static const tj_sheet_column option_columns[] = {{"package", "package", 0, 0},
                                                 {"cost", "cost, EUR", 1, 0},
                                                 {"over", "over the target, EUR", 1, 0},
                                                 {"loss", "mean loss, EUR", 1, 0}};
static const tj_sheet_column worth_columns[] = {
    {"worth", "worth, EUR", 1, 0}, {"chance", "by chance", 1, 0}, {"input", "knowing", 0, 0}};

static void print_options(const choice *c, const tj_losses *losses, size_t target)
{
    const tj_plan_target *all = tj_plan_section(c->of->loaded.compiled.plan, TJ_SECTION_TARGETS, NULL);
    tj_sheet table;
    tj_sheet_init(&table, option_columns, sizeof option_columns / sizeof option_columns[0]);
    table.language = c->of->options->common.language;
    for (size_t p = 0; p < losses->options; p++) {
        double cost = cost_of(c, p, &all[c->of->targets[target]]), mean = tj_loss_mean(losses, p);
        tj_sheet_text(&table, tj_findings_package(c->of, c->decision->packages[p]));
        tj_sheet_number(&table, cost);
        tj_sheet_number(&table, mean - cost);
        tj_sheet_number(&table, mean);
    }
    tj_sheet_print(&table, stdout, 4);
    tj_sheet_free(&table);
}

static void print_worths(const choice *c, const worth *found, size_t count)
{
    const tj_findings *f = c->of;
    tj_sheet table;
    char name[NAME];
    tj_sheet_init(&table, worth_columns, sizeof worth_columns / sizeof worth_columns[0]);
    table.language = f->options->common.language;
    for (size_t i = 0; i < count && tj_sheet_rows(&table) < MOST_ROWS; i++) {
        if (!beats_chance(&found[i]))
            continue;
        tj_sheet_number(&table, found[i].evppi.value);
        tj_sheet_number(&table, found[i].evppi.chance);
        tj_sheet_text(&table, tj_input_label(&f->loaded.study, &f->loaded.compiled, &f->inputs,
                                             found[i].input, f->options->common.language, name, sizeof name));
    }
    if (tj_sheet_rows(&table) > 0)
        tj_sheet_print(&table, stdout, 4);
    else
        printf("    %s\n", say(f, SAY_NONE));
    tj_sheet_free(&table);
}

static void print_target(const choice *c, const tj_losses *losses, size_t target, const tj_evpi *evpi,
                         const worth *found, size_t count)
{
    const tj_findings *f = c->of;
    char value[64], se[64];
    printf("\n%s%s · %s%s\n", tj_style_begin(stdout, TJ_BOLD), tj_findings_city(f, target),
           tj_findings_target(f, target), tj_style_begin(stdout, TJ_PLAIN));
    if (isnan(evpi->value)) {
        printf("  %s\n", say(f, SAY_UNDEFINED));
        return;
    }
    print_options(c, losses, target);
    fputs("  ", stdout);
    printf(say(f, SAY_NOW), tj_findings_package(f, c->decision->packages[evpi->best]));
    fputs("\n  ", stdout);
    printf(say(f, SAY_ALL), tj_text_number(value, sizeof value, evpi->value, 0),
           tj_text_number(se, sizeof se, evpi->se, 0));
    fputc('\n', stdout);
    print_worths(c, found, count);
}

/* ---- for programs ---- */

static const tj_sheet_column columns[] = {
    {"city", NULL, 0, 0},     {"background", NULL, 0, 0}, {"target", NULL, 0, 0}, {"best", NULL, 0, 0},
    {"input", NULL, 0, 0},    {"worth_eur", NULL, 1, 2},  {"se_eur", NULL, 1, 2}, {"chance_eur", NULL, 1, 2},
    {"distinct", NULL, 0, 0}, {"label", NULL, 0, 0}};

static void begin_row(choice *c, size_t target, const tj_evpi *evpi)
{
    const tj_study *study = &c->of->loaded.study;
    const tj_compiled *compiled = &c->of->loaded.compiled;
    const tj_target_info *info = &compiled->targets[c->of->targets[target]];
    tj_sheet_text(&c->table, study->cities[compiled->cities[info->city]].id.text);
    tj_sheet_text(&c->table, study->backgrounds[compiled->backgrounds[c->of->background]].id.text);
    tj_sheet_text(&c->table, info->target->id.text);
    tj_sheet_text(&c->table, study->packages[compiled->packages[c->decision->packages[evpi->best]]].id.text);
}

static void add_target(choice *c, size_t target, const tj_evpi *evpi, const worth *found, size_t count)
{
    const tj_findings *f = c->of;
    const tj_compiled *compiled = &f->loaded.compiled;
    char name[NAME];
    begin_row(c, target, evpi);
    tj_sheet_text(&c->table, "everything");
    tj_sheet_number(&c->table, evpi->value);
    tj_sheet_number(&c->table, evpi->se);
    for (int i = 0; i < 3; i++)
        tj_sheet_text(&c->table, NULL);
    for (size_t i = 0; i < count; i++) {
        begin_row(c, target, evpi);
        tj_sheet_text(&c->table, tj_input_name(compiled, &f->inputs, found[i].input, name, sizeof name));
        tj_sheet_number(&c->table, found[i].evppi.value);
        tj_sheet_number(&c->table, NAN);
        tj_sheet_number(&c->table, found[i].evppi.chance);
        tj_sheet_text(&c->table, beats_chance(&found[i]) ? "yes" : "no");
        tj_sheet_text(&c->table, tj_input_label(&f->loaded.study, compiled, &f->inputs, found[i].input,
                                                f->options->common.language, name, sizeof name));
    }
}

/* ---- all targets ---- */

static void print_head(const choice *c)
{
    const tj_findings *f = c->of;
    char price[64], draws[64];
    printf(say(f, SAY_HEAD), tj_findings_background(f),
           tj_text_number(price, sizeof price, c->decision->price, 0),
           tj_text_number(draws, sizeof draws, (double)c->n, 0));
    fputc('\n', stdout);
    tj_text_wrap(stdout, say(f, SAY_LEGEND), 0, 0, 100);
}

static tj_status weigh(choice *c, worth *found, int page)
{
    tj_status status = TJ_OK;
    for (size_t p = 0; p < (size_t)c->decision->n_packages && status == TJ_OK; p++)
        status = take_package(c, p);
    if (status == TJ_OK && page)
        print_head(c);
    for (size_t t = 0; t < c->of->n_targets && status == TJ_OK; t++) {
        size_t count;
        tj_losses losses = losses_of(c, t);
        tj_evpi evpi;
        tj_evpi_of(&losses, &evpi);
        status = rank(c, &losses, t, found, &count);
        if (status == TJ_OK && page)
            print_target(c, &losses, t, &evpi, found, count);
        else if (status == TJ_OK)
            add_target(c, t, &evpi, found, count);
    }
    return status;
}

static tj_exit refuse(const tj_findings *f)
{
    const tj_decision_info *decision = &f->loaded.compiled.decision;
    if (decision->n_packages == 0)
        return tj_fail(TJ_EXIT_STUDY, "study.yaml states no choice; it needs "
                                      "'decision: {price: 120 EUR/t, packages: [a, b]}'");
    if (decision->uncosted != NULL)
        return tj_fail(TJ_EXIT_STUDY, "what is not known is not nothing: measures.yaml gives no cost for %s",
                       decision->uncosted);
    return TJ_EXIT_OK;
}

tj_exit tj_findings_choice(const tj_findings *f)
{
    tj_exit code = refuse(f);
    if (code != TJ_EXIT_OK)
        return code;
    int page = strcmp(f->options->common.format->name, "table") == 0;
    choice c = {.of = f, .decision = &f->loaded.compiled.decision, .n = f->options->samples};
    size_t packages = (size_t)c.decision->n_packages;
    worth *found = malloc((f->inputs.count + 1) * sizeof *found);
    c.gap = malloc(packages * f->n_targets * c.n * sizeof *c.gap);
    c.loss = malloc(packages * c.n * sizeof *c.loss);
    c.u = malloc(c.n * sizeof *c.u);
    c.reach = calloc(f->n_targets * f->inputs.count + 1, 1);
    tj_sheet_init(&c.table, columns, sizeof columns / sizeof columns[0]);
    tj_status status = TJ_ERR_MEMORY;
    if (found != NULL && c.gap != NULL && c.loss != NULL && c.u != NULL && c.reach != NULL)
        status = weigh(&c, found, page);
    if (status == TJ_OK && !page)
        status = f->options->common.format->write(&c.table, stdout);
    tj_sheet_free(&c.table);
    free(found);
    free(c.gap);
    free(c.loss);
    free(c.u);
    free(c.reach);
    if (status == TJ_ERR_UNDEFINED)
        return tj_loaded_undefined(&f->loaded, c.n, TJ_NONE, TJ_NONE);
    return status == TJ_OK
               ? TJ_EXIT_OK
               : tj_fail(tj_exit_of(status), "the packages could not be weighed against each other");
}
