/* Pick-freeze estimators and their bootstrap; see sensitivity.h.
 *
 * Invariant: sums run over the draws in their order, so an index depends on the sample and the seed of the
 * bootstrap alone. Nothing but f_A and f_B is kept from one evaluation to the next. */
#include "engine/sensitivity.h"

#include "engine/quantile.h"
#include "engine/threefry.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- resamples ---- */

tj_status tj_resamples_init(tj_resamples *resamples, uint64_t seed, size_t n, size_t count)
{
    uint64_t stream = tj_stream("sensitivity.bootstrap");
    assert(n > 0 && n <= UINT32_MAX && count <= UINT32_MAX);
    *resamples = (tj_resamples){.n = n, .count = count};
    double *uniform = malloc(n * sizeof *uniform);
    if (count <= SIZE_MAX / sizeof *resamples->index / n)
        resamples->index = malloc(n * count * sizeof *resamples->index);
    if (uniform == NULL || resamples->index == NULL) {
        free(uniform);
        tj_resamples_free(resamples);
        return TJ_ERR_MEMORY;
    }
    for (size_t r = 0; r < count; r++) {
        tj_uniform_lanes(seed, stream, 0, (uint32_t)r, n, uniform);
        for (size_t j = 0; j < n; j++)
            resamples->index[r * n + j] = (uint32_t)(uniform[j] * (double)n);
    }
    free(uniform);
    return TJ_OK;
}

void tj_resamples_free(tj_resamples *resamples)
{
    if (resamples == NULL)
        return;
    free(resamples->index);
    *resamples = (tj_resamples){0};
}

/* ---- estimators ---- */

/* Sums over a sample, of values less a constant that is near their mean. */
typedef struct sums {
    double f, squares; /* of f_A and f_B together */
    double b_change;   /* f_B (f_AB - f_A) */
    double change, change_squares;
} sums;

static void add(sums *s, double a, double b, double ab, double centre)
{
    double change = ab - a;
    a -= centre;
    b -= centre;
    s->f += a + b;
    s->squares += a * a + b * b;
    s->b_change += b * change;
    s->change += change;
    s->change_squares += change * change;
}

/* Indices from the sums of a sample of n draws; what is left of the mean is taken out here. */
static void indices(const sums *s, size_t n, double *first, double *total)
{
    double count = (double)n, mean = s->f / (2 * count);
    double variance = s->squares / (2 * count) - mean * mean;
    int defined = variance > 0;
    *first = defined ? (s->b_change - mean * s->change) / count / variance : NAN;
    *total = defined ? s->change_squares / count / (2 * variance) : NAN;
}

static int all_equal(size_t n, const double *a, const double *b)
{
    int equal = 1;
    for (size_t j = 0; j < n; j++)
        equal &= a[j] == a[0] && b[j] == a[0];
    return equal;
}

/* Ends of the interval that holds 90 % of x. */
static tj_status interval(size_t count, const double *x, tj_index *index)
{
    static const double p[] = {0.05, 0.95};
    tj_ranks ranks;
    tj_summary summary;
    double ends[2];
    double *work = malloc(2 * count * sizeof *work);
    tj_status status = work == NULL ? TJ_ERR_MEMORY : tj_ranks_init(&ranks, count, 2, p);
    if (status == TJ_OK) {
        tj_summarise(&ranks, x, work, &summary, ends, NULL);
        tj_ranks_free(&ranks);
        index->low = ends[0];
        index->high = ends[1];
    }
    free(work);
    return status;
}

static void resample(const tj_resamples *resamples, size_t r, const double *a, const double *b,
                     const double *ab, double centre, double *first, double *total)
{
    const uint32_t *index = resamples->index + r * resamples->n;
    sums s = {0};
    for (size_t j = 0; j < resamples->n; j++)
        add(&s, a[index[j]], b[index[j]], ab[index[j]], centre);
    indices(&s, resamples->n, first, total);
}

static void elementary(size_t n, const double *a, const double *ab, tj_influence *influence)
{
    double sum = 0, size = 0, squares = 0;
    for (size_t j = 0; j < n; j++) {
        sum += ab[j] - a[j];
        size += fabs(ab[j] - a[j]);
    }
    double mean = sum / (double)n;
    for (size_t j = 0; j < n; j++)
        squares += (ab[j] - a[j] - mean) * (ab[j] - a[j] - mean);
    influence->mu_star = size / (double)n;
    influence->sigma = n > 1 ? sqrt(squares / (double)(n - 1)) : NAN;
}

static const tj_influence undefined = {{NAN, NAN, NAN}, {NAN, NAN, NAN}, NAN, NAN};

tj_status tj_sensitivity_estimate(const tj_resamples *resamples, const double *a, const double *b,
                                  const double *ab, tj_influence *influence)
{
    size_t n = resamples->n, count = resamples->count;
    double centre = 0;
    sums s = {0};
    *influence = undefined;
    for (size_t j = 0; j < n; j++)
        centre += (a[j] + b[j]) / (double)(2 * n);
    for (size_t j = 0; j < n; j++)
        add(&s, a[j], b[j], ab[j], centre);
    if (isnan(s.squares + s.change_squares) || all_equal(n, a, b))
        return TJ_OK;
    elementary(n, a, ab, influence);
    indices(&s, n, &influence->first.value, &influence->total.value);
    double *drawn = malloc(2 * count * sizeof *drawn);
    if (drawn == NULL)
        return TJ_ERR_MEMORY;
    for (size_t r = 0; r < count; r++)
        resample(resamples, r, a, b, ab, centre, &drawn[r], &drawn[count + r]);
    tj_status status = interval(count, drawn, &influence->first);
    if (status == TJ_OK)
        status = interval(count, drawn + count, &influence->total);
    free(drawn);
    return status;
}

int tj_index_indistinct(const tj_index *index)
{
    return !(index->low > 0);
}

/* ---- all inputs of a model ---- */

static int reaches(const tj_sensitivity_model *model, size_t output, size_t input)
{
    return model->reach == NULL || model->reach[output * model->n_inputs + input];
}

static int share_output(const tj_sensitivity_model *model, size_t i, size_t j)
{
    for (size_t o = 0; o < model->n_outputs; o++)
        if (reaches(model, o, i) && reaches(model, o, j))
            return 1;
    return 0;
}

/* Gives each input the first round that holds none of its outputs' other inputs; an input that reaches
 * nothing has none, SIZE_MAX. Returns the number of rounds. */
static size_t make_rounds(const tj_sensitivity_model *model, size_t *round)
{
    size_t rounds = 0;
    for (size_t i = 0; i < model->n_inputs; i++) {
        size_t r = 0;
        round[i] = SIZE_MAX;
        for (size_t j = 0; j < i; j++) {
            if (round[j] == r && share_output(model, i, j)) {
                r++;
                j = SIZE_MAX; /* from the first again */
            }
        }
        if (share_output(model, i, i))
            round[i] = r;
        rounds = round[i] != SIZE_MAX && r + 1 > rounds ? r + 1 : rounds;
    }
    return rounds;
}

tj_status tj_sensitivity_evaluations(const tj_sensitivity_model *model, size_t *count)
{
    size_t *round = malloc((model->n_inputs + 1) * sizeof *round);
    *count = round == NULL ? 0 : make_rounds(model, round) + 2;
    free(round);
    return *count == 0 ? TJ_ERR_MEMORY : TJ_OK;
}

/* What a run holds. */
typedef struct running {
    const tj_sensitivity_model *model;
    const tj_resamples *resamples;
    size_t *round;   /* n_inputs */
    uint8_t *from_b; /* n_inputs */
    double *a, *b, *ab;
} running;

static tj_status run_round(running *run, size_t round, tj_influence *influence)
{
    const tj_sensitivity_model *model = run->model;
    for (size_t i = 0; i < model->n_inputs; i++)
        run->from_b[i] = run->round[i] == round;
    tj_status status = model->evaluate(model->context, run->from_b, run->ab);
    for (size_t i = 0; i < model->n_inputs; i++) {
        for (size_t o = 0; o < model->n_outputs && status == TJ_OK && run->from_b[i]; o++) {
            size_t at = o * model->n;
            if (reaches(model, o, i))
                status = tj_sensitivity_estimate(run->resamples, run->a + at, run->b + at, run->ab + at,
                                                 &influence[o * model->n_inputs + i]);
        }
    }
    return status;
}

static tj_status run_all(running *run, tj_influence *influence)
{
    const tj_sensitivity_model *model = run->model;
    memset(run->from_b, 0, model->n_inputs);
    tj_status status = model->evaluate(model->context, run->from_b, run->a);
    memset(run->from_b, 1, model->n_inputs);
    if (status == TJ_OK)
        status = model->evaluate(model->context, run->from_b, run->b);
    size_t rounds = make_rounds(model, run->round);
    for (size_t r = 0; r < rounds && status == TJ_OK; r++)
        status = run_round(run, r, influence);
    return status;
}

tj_status tj_sensitivity_run(const tj_sensitivity_model *model, const tj_resamples *resamples, double *f_a,
                             tj_influence *influence)
{
    size_t length = model->n * model->n_outputs;
    assert(resamples->n == model->n && model->n_outputs > 0);
    running run = {.model = model,
                   .resamples = resamples,
                   .round = malloc((model->n_inputs + 1) * sizeof *run.round),
                   .from_b = malloc(model->n_inputs + 1),
                   .a = malloc(length * sizeof *run.a),
                   .b = malloc(length * sizeof *run.b),
                   .ab = malloc(length * sizeof *run.ab)};
    tj_status status = TJ_ERR_MEMORY;
    for (size_t i = 0; i < model->n_outputs * model->n_inputs; i++)
        influence[i] = undefined;
    if (run.round != NULL && run.from_b != NULL && run.a != NULL && run.b != NULL && run.ab != NULL)
        status = run_all(&run, influence);
    if (status == TJ_OK && f_a != NULL)
        memcpy(f_a, run.a, length * sizeof *f_a);
    free(run.round);
    free(run.from_b);
    free(run.a);
    free(run.b);
    free(run.ab);
    return status;
}
