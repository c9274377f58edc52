/* Units that leave before they are worn out; see early.h. */
#include "io/cli/early.h"
#include "engine/design.h"
#include "engine/ensemble.h"
#include "io/cli/text.h"
#include "io/cli/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Fewer a year than this are none: what rounding leaves of a difference of sums. */
static const double LEAST = 0.05;

/* Enough to know in which years half of the draws have it. */
enum { CHECK_DRAWS = 64 };

/* ---- the sentence ---- */

static int counts(const tj_early *e, size_t year)
{
    return e->median[year * e->stride] >= LEAST; /* not where it is NaN */
}

/* "2031–2034, 2040" */
static void tell_years(const tj_early *e, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t y = 0; y < e->n_years && used < size; y++) {
        size_t end = y;
        if (!counts(e, y))
            continue;
        while (end + 1 < e->n_years && counts(e, end + 1))
            end++;
        used += (size_t)snprintf(text + used, size - used, "%s%d", used > 0 ? ", " : "", e->years[y]);
        if (end > y && used < size)
            used += (size_t)snprintf(text + used, size - used, "–%d", e->years[end]);
        y = end;
    }
}

int tj_early_tell(char *text, size_t size, const char *language, const tj_early *e)
{
    char years[256], number[48];
    double sum = 0, count = 0;
    for (size_t y = 0; y < e->n_years; y++)
        if (counts(e, y)) {
            sum += e->mean[y];
            count++;
        }
    if (count == 0)
        return 0;
    tell_years(e, years, sizeof years);
    tj_text_number_in(number, sizeof number, sum / count, sum / count < 10 ? 1 : 0, language);
    tj_text_tie(number, sizeof number);
    snprintf(text, size, tj_say(TJ_SAY_EARLY, language), e->where, years, number);
    return 1;
}

static void say(const tj_early *e, const char *language, FILE *out)
{
    char text[1024];
    if (tj_early_tell(text, sizeof text, language, e))
        fprintf(out, "%s\n", text);
}

/* ---- of a result ---- */

/* Index of the reference package; none where the file does not say. */
static size_t reference_of(const tj_view *view)
{
    const char *id = tj_results_attribute(view->results, "reference_package");
    size_t p = 0;
    while (p < view->n_packages &&
           (id == NULL || strcmp(tj_results_id(view->results, "package", p), id) != 0))
        p++;
    return p;
}

static size_t item_of(const tj_view *view, const char *axis, size_t length, size_t row)
{
    const char *id = tj_results_item_text(view->results, "row", row, axis);
    size_t i = 0;
    while (i < length && (id == NULL || strcmp(tj_results_id(view->results, axis, i), id) != 0))
        i++;
    return i < length ? i : 0;
}

/* The fleet's label, else its identifier. */
static const char *fleet_of(const tj_view *view, size_t row)
{
    const char *label = tj_results_label(view->results, "row", row, view->language);
    const char *item = tj_results_item_text(view->results, "row", row, "item");
    return label != NULL && strcmp(label, tj_results_id(view->results, "row", row)) != 0 ? label
           : item != NULL                                                                ? item
                                                                                         : "";
}

static void say_row(tj_view *view, size_t row, size_t background, size_t package, FILE *out)
{
    const double *quantiles = tj_view_block(view, TJ_FIELD_PHYSICAL_QUANTILE, background, package);
    const double *means = tj_view_block(view, TJ_FIELD_PHYSICAL_MEAN, background, package);
    char where[512];
    if (quantiles == NULL || means == NULL)
        return;
    snprintf(where, sizeof where, "%s, %s, %s (%s)",
             tj_view_label(view, "city", item_of(view, "city", view->n_cities, row)),
             tj_view_label(view, "sector",
                           item_of(view, "sector", tj_results_length(view->results, TJ_DIM_SECTOR), row)),
             fleet_of(view, row), tj_view_label(view, "background", background));
    const tj_early early = {.where = where,
                            .years = view->years,
                            .n_years = view->n_years,
                            .stride = view->n_quantiles,
                            .median = quantiles + row * view->n_years * view->n_quantiles + view->mid,
                            .mean = means + row * view->n_years};
    say(&early, view->language, out);
}

void tj_early_say_results(tj_view *view, FILE *out)
{
    size_t package = reference_of(view), rows = tj_results_length(view->results, TJ_DIM_ROW);
    for (size_t row = 0; package < view->n_packages && row < rows; row++) {
        const char *kind = tj_results_item_text(view->results, "row", row, "kind");
        for (size_t b = 0; b < view->n_backgrounds; b++)
            if (kind != NULL && strcmp(kind, "retired") == 0)
                say_row(view, row, b, package, out);
    }
}

/* ---- of a study ---- */

typedef struct study_check {
    const tj_loaded *loaded;
    const char *language;
    const int *years;
    size_t n_years;
    FILE *out;
} study_check;

static size_t median_of(const tj_plan *plan)
{
    size_t count, best = 0;
    const double *q = tj_plan_section(plan, TJ_SECTION_QUANTILES, &count);
    for (size_t i = 1; i < count; i++)
        best = fabs(q[i] - 0.5) < fabs(q[best] - 0.5) ? i : best;
    return best;
}

static const char *row_where(const study_check *c, const tj_row_info *row, int32_t background, char *text,
                             size_t size)
{
    const tj_study *study = &c->loaded->study;
    const tj_compiled *compiled = &c->loaded->compiled;
    const tj_city *city = &study->cities[compiled->cities[row->city]];
    const tj_sector *sector = &study->sectors[compiled->sectors[row->sector]];
    const tj_background *path = &study->backgrounds[compiled->backgrounds[background]];
    snprintf(text, size, "%s, %s, %s (%s)", tj_label_in(&city->label, c->language, city->id.text),
             tj_label_in(&sector->label, c->language, sector->id.text),
             tj_label_in(&row->label, c->language, row->item),
             tj_label_in(&path->label, c->language, path->id.text));
    return text;
}

static tj_status say_unit(void *context, const tj_unit_result *result)
{
    const study_check *c = context;
    const tj_plan *plan = c->loaded->compiled.plan;
    size_t nq = (size_t)tj_plan_get_settings(plan)->n_quantiles;
    char where[512];
    for (size_t i = 0; i < (size_t)tj_plan_get_settings(plan)->n_rows; i++) {
        const tj_row_info *row = &c->loaded->compiled.rows[i];
        if (strcmp(row->kind, "retired") != 0)
            continue;
        const tj_early early = {.where = row_where(c, row, result->background, where, sizeof where),
                                .years = c->years,
                                .n_years = c->n_years,
                                .stride = nq,
                                .median = result->field[TJ_FIELD_PHYSICAL_QUANTILE] + i * c->n_years * nq +
                                          median_of(plan),
                                .mean = result->field[TJ_FIELD_PHYSICAL_MEAN] + i * c->n_years};
        say(&early, c->language, c->out);
    }
    return TJ_OK;
}

tj_exit tj_early_say_study(const tj_loaded *loaded, const char *language, FILE *out)
{
    enum { MOST_YEARS = 1024 };
    const tj_plan *plan = loaded->compiled.plan;
    const tj_plan_settings *settings = tj_plan_get_settings(plan);
    int years[MOST_YEARS];
    study_check check = {loaded, language, years, (size_t)settings->n_years, out};
    if (settings->n_rows == 0 || check.n_years > MOST_YEARS)
        return TJ_EXIT_OK;
    for (int y = 0; y < settings->n_years; y++)
        years[y] = settings->first_year + y;
    tj_run_report report;
    const int32_t reference = settings->reference_package;
    const tj_run run = {.plan = plan,
                        .backend = tj_backends[0],
                        .draws = tj_design_of(plan)->draws(CHECK_DRAWS),
                        .outputs = TJ_OUTPUT_BIT(TJ_OUTPUT_TOTALS) | TJ_OUTPUT_BIT(TJ_OUTPUT_PHYSICAL),
                        .packages = &reference,
                        .n_packages = 1,
                        .unit = say_unit,
                        .context = &check};
    tj_status status = tj_ensemble_run(&run, &report);
    return status == TJ_OK ? TJ_EXIT_OK : tj_loaded_fail(loaded, status, run.draws, &report);
}
