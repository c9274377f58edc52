/* The estimators on functions whose indices are known, with the engine's own uniforms.
 *
 * Ishigami: f = sin x1 + a sin^2 x2 + b x3^4 sin x1, x in (-pi, pi), a = 7, b = 0.1:
 *   V1 = (1 + b pi^4 / 5)^2 / 2 = 4.34588,  V2 = a^2 / 8 = 6.125,  V13 = 8 b^2 pi^8 / 225 = 3.37372
 *   V = 13.84458;  S = 0.31390, 0.44241, 0;  T = 0.55759, 0.44241, 0.24368
 * Sobol g: f = prod (|4 x_i - 2| + a_i) / (1 + a_i), a = 0, 1, 4.5, 9, 99: V_i = 1 / (3 (1 + a_i)^2),
 *   V = prod (1 + V_i) - 1,  S_i = V_i / V,  T_i = V_i prod_{j != i} (1 + V_j) / V */
#include "engine/sensitivity.h"
#include "engine/threefry.h"
#include "tests/harness.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 6 };

typedef struct function {
    size_t n, columns;
    const uint8_t *group; /* input of each column; NULL: its own */
    double (*f)(const double *x);
    size_t calls;
} function;

static double uniform(size_t column, size_t draw, int from_b)
{
    const char name[] = {'x', (char)('0' + column), '\0'};
    return tj_uniform(from_b ? 12 : 11, tj_stream(name), (uint32_t)draw, 0);
}

static tj_status evaluate(void *context, const uint8_t *from_b, double *out)
{
    function *f = context;
    f->calls++;
    for (size_t d = 0; d < f->n; d++) {
        double x[MOST];
        for (size_t c = 0; c < f->columns; c++)
            x[c] = uniform(c, d, from_b[f->group != NULL ? f->group[c] : c]);
        out[d] = f->f(x);
    }
    return TJ_OK;
}

static void run(function *f, size_t inputs, tj_influence *influence)
{
    tj_resamples resamples;
    const tj_sensitivity_model model = {
        .n = f->n, .n_inputs = inputs, .n_outputs = 1, .evaluate = evaluate, .context = f};
    CU_ASSERT_EQUAL(tj_resamples_init(&resamples, 5, f->n, TJ_RESAMPLES), TJ_OK);
    CU_ASSERT_EQUAL(tj_sensitivity_run(&model, &resamples, NULL, influence), TJ_OK);
    CU_ASSERT_EQUAL(f->calls, inputs + 2);
    tj_resamples_free(&resamples);
}

/* Near the value, and the interval reaches to it (with a little room: one in ten does not). */
static void near(const tj_index *index, double value, double most)
{
    double width = index->high - index->low;
    CU_ASSERT_DOUBLE_EQUAL(index->value, value, most);
    CU_ASSERT(index->low <= index->value && index->value <= index->high);
    CU_ASSERT(index->low - width / 2 <= value && value <= index->high + width / 2);
}

static double ishigami_of(const double *x)
{
    double z[3];
    for (int i = 0; i < 3; i++)
        z[i] = M_PI * (2 * x[i] - 1);
    return sin(z[0]) + 7 * sin(z[1]) * sin(z[1]) + 0.1 * z[2] * z[2] * z[2] * z[2] * sin(z[0]);
}

static void ishigami(void)
{
    static const double first[] = {0.31390, 0.44241, 0}, total[] = {0.55759, 0.44241, 0.24368};
    function f = {.n = 16384, .columns = 3, .f = ishigami_of};
    tj_influence influence[3];
    run(&f, 3, influence);
    for (int i = 0; i < 3; i++) {
        near(&influence[i].first, first[i], 0.03);
        near(&influence[i].total, total[i], 0.02);
    }
    CU_ASSERT(tj_index_indistinct(&influence[2].first));
    CU_ASSERT_FALSE(tj_index_indistinct(&influence[2].total));
    CU_ASSERT_FALSE(tj_index_indistinct(&influence[0].first));
}

static const double g_a[] = {0, 1, 4.5, 9, 99};

static double g_of(const double *x)
{
    double product = 1;
    for (int i = 0; i < 5; i++)
        product *= (fabs(4 * x[i] - 2) + g_a[i]) / (1 + g_a[i]);
    return product;
}

static void sobol_g(void)
{
    function f = {.n = 16384, .columns = 5, .f = g_of};
    tj_influence influence[5];
    double part[5], all = 1;
    run(&f, 5, influence);
    for (int i = 0; i < 5; i++) {
        part[i] = 1 / (3 * (1 + g_a[i]) * (1 + g_a[i]));
        all *= 1 + part[i];
    }
    for (int i = 0; i < 5; i++) {
        near(&influence[i].first, part[i] / (all - 1), 0.02);
        near(&influence[i].total, part[i] * all / (1 + part[i]) / (all - 1), 0.02);
    }
    CU_ASSERT(influence[0].mu_star > influence[1].mu_star && influence[1].mu_star > influence[2].mu_star);
}

/* Columns 0 and 2 as one input: S = V1 + V3 + V13 and all with it, which is also its T: 0.55759. */
static void groups(void)
{
    static const uint8_t group[] = {0, 1, 0};
    function f = {.n = 16384, .columns = 3, .group = group, .f = ishigami_of};
    tj_influence influence[2];
    run(&f, 2, influence);
    near(&influence[0].first, 0.55759, 0.03);
    near(&influence[0].total, 0.55759, 0.02);
    near(&influence[1].first, 0.44241, 0.03);
}

static double sum_of(const double *x)
{
    return 3 * x[0] + x[1];
}

/* f = 3 x + y: drawing x anew changes f by 3 (x' - x), on average 3 / 3 in size; sd 3 / sqrt 6. */
static void elementary_effects(void)
{
    function f = {.n = 16384, .columns = 3, .f = sum_of};
    tj_influence influence[3];
    run(&f, 3, influence);
    CU_ASSERT_DOUBLE_EQUAL(influence[0].mu_star, 1, 0.02);
    CU_ASSERT_DOUBLE_EQUAL(influence[0].sigma, 3 / sqrt(6), 0.02);
    CU_ASSERT_DOUBLE_EQUAL(influence[1].mu_star, 1 / 3.0, 0.01);
    near(&influence[0].first, 0.9, 0.03);
    CU_ASSERT_EQUAL(influence[2].mu_star, 0);
    CU_ASSERT_EQUAL(influence[2].first.value, 0);
    CU_ASSERT_EQUAL(influence[2].total.high, 0);
    CU_ASSERT(tj_index_indistinct(&influence[2].first) && tj_index_indistinct(&influence[2].total));
}

/* a = 1, 3; b = 2, 6; ab = 2, 3. Mean 3, V = (4 + 0 + 1 + 9) / 4 = 3.5.
 * S = ((2 - 3)(2 - 1) + (6 - 3)(3 - 3)) / 2 / 3.5 = -1 / 7;  T = (1 + 0) / 2 / 7 = 1 / 14. */
static void by_hand(void)
{
    static const double a[] = {1, 3}, b[] = {2, 6}, ab[] = {2, 3};
    tj_resamples resamples;
    tj_influence influence;
    CU_ASSERT_EQUAL(tj_resamples_init(&resamples, 1, 2, TJ_RESAMPLES), TJ_OK);
    CU_ASSERT_EQUAL(tj_sensitivity_estimate(&resamples, a, b, ab, &influence), TJ_OK);
    CU_ASSERT_DOUBLE_EQUAL(influence.first.value, -1 / 7.0, 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(influence.total.value, 1 / 14.0, 1e-15);
    CU_ASSERT_EQUAL(influence.mu_star, 0.5);
    CU_ASSERT_DOUBLE_EQUAL(influence.sigma, sqrt(0.5), 1e-15);
    tj_resamples_free(&resamples);
}

static void undefined(void)
{
    static const double same[] = {0.1, 0.1, 0.1}, missing[] = {1, NAN, 2}, whole[] = {1, 2, 4};
    tj_resamples resamples;
    tj_influence influence;
    CU_ASSERT_EQUAL(tj_resamples_init(&resamples, 1, 3, TJ_RESAMPLES), TJ_OK);
    CU_ASSERT_EQUAL(tj_sensitivity_estimate(&resamples, same, same, same, &influence), TJ_OK);
    CU_ASSERT(isnan(influence.first.value) && isnan(influence.total.low));
    CU_ASSERT(tj_index_indistinct(&influence.first));
    CU_ASSERT_EQUAL(tj_sensitivity_estimate(&resamples, whole, missing, whole, &influence), TJ_OK);
    CU_ASSERT(isnan(influence.first.value) && isnan(influence.mu_star));
    CU_ASSERT_EQUAL(tj_sensitivity_estimate(&resamples, whole, whole, missing, &influence), TJ_OK);
    CU_ASSERT(isnan(influence.total.value));
    tj_resamples_free(&resamples);
}

static void addressed(void)
{
    tj_resamples small, large;
    CU_ASSERT_EQUAL(tj_resamples_init(&small, 3, 50, 4), TJ_OK);
    CU_ASSERT_EQUAL(tj_resamples_init(&large, 3, 50, 9), TJ_OK);
    CU_ASSERT_EQUAL(memcmp(small.index, large.index, 200 * sizeof *small.index), 0);
    CU_ASSERT_NOT_EQUAL(memcmp(large.index, large.index + 50, 50 * sizeof *large.index), 0);
    for (size_t i = 0; i < 450; i++)
        CU_ASSERT(large.index[i] < 50);
    tj_resamples_free(&small);
    tj_resamples_free(&large);
    tj_resamples_free(NULL);
}

/* Three outputs of four inputs: output o is x_o (o = 0 .. 2) plus x_3. */
static tj_status three(void *context, const uint8_t *from_b, double *out)
{
    function *f = context;
    f->calls++;
    for (size_t o = 0; o < 3; o++)
        for (size_t d = 0; d < f->n; d++)
            out[o * f->n + d] = uniform(o, d, from_b[o]) + uniform(3, d, from_b[3]);
    return TJ_OK;
}

static void rounds(void)
{
    static const uint8_t reach[] = {1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1};
    function f = {.n = 500}, apart = {.n = 500};
    tj_influence packed[12], single[12];
    tj_resamples resamples;
    double f_a[1500];
    size_t count;
    tj_sensitivity_model model = {
        .n = 500, .n_inputs = 4, .n_outputs = 3, .reach = reach, .evaluate = three, .context = &f};
    CU_ASSERT_EQUAL(tj_resamples_init(&resamples, 5, 500, TJ_RESAMPLES), TJ_OK);
    CU_ASSERT_EQUAL(tj_sensitivity_evaluations(&model, &count), TJ_OK);
    CU_ASSERT_EQUAL(count, 4); /* A, B, the first three together, the fourth */
    CU_ASSERT_EQUAL(tj_sensitivity_run(&model, &resamples, f_a, packed), TJ_OK);
    CU_ASSERT_EQUAL(f.calls, 4);
    CU_ASSERT_EQUAL(f_a[500 + 7], uniform(1, 7, 0) + uniform(3, 7, 0));
    model.reach = NULL;
    model.context = &apart;
    CU_ASSERT_EQUAL(tj_sensitivity_run(&model, &resamples, NULL, single), TJ_OK);
    CU_ASSERT_EQUAL(apart.calls, 6);
    for (size_t i = 0; i < 12; i++) {
        if (reach[i])
            CU_ASSERT_EQUAL(memcmp(&packed[i], &single[i], sizeof packed[i]), 0);
        CU_ASSERT_EQUAL(isnan(packed[i].total.value), !reach[i]);
    }
    tj_resamples_free(&resamples);
}

static tj_status refuse(void *context, const uint8_t *from_b, double *out)
{
    (void)from_b, (void)out;
    return --*(int *)context > 0 ? TJ_OK : TJ_ERR_UNDEFINED;
}

static void failure(void)
{
    for (int at = 1; at <= 3; at++) {
        int left = at;
        tj_resamples resamples;
        tj_influence influence;
        const tj_sensitivity_model model = {
            .n = 4, .n_inputs = 1, .n_outputs = 1, .evaluate = refuse, .context = &left};
        CU_ASSERT_EQUAL(tj_resamples_init(&resamples, 5, 4, 2), TJ_OK);
        CU_ASSERT_EQUAL(tj_sensitivity_run(&model, &resamples, NULL, &influence), TJ_ERR_UNDEFINED);
        tj_resamples_free(&resamples);
    }
}

int main(void)
{
    static const tj_test tests[] = {
        {"the Ishigami function has its analytic indices", ishigami},
        {"the Sobol g-function has its analytic indices", sobol_g},
        {"a group of columns is one input, interactions inside it included", groups},
        {"elementary effects are those of a sum, and an idle input has none", elementary_effects},
        {"two draws by hand", by_hand},
        {"without variance, or with a draw without value, nothing is said", undefined},
        {"resamples are addressed", addressed},
        {"inputs that share no output are exchanged together, to the same bits", rounds},
        {"a failing model ends the run", failure},
    };
    return TJ_RUN("sensitivity", tests);
}
