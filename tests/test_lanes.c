/* The elementary functions against long doubles: their error in ulp, their special values, and the
 * lane forms against the scalar ones. The limits below are those that engine/lanes.h states. */
#include "engine/lanes.h"

#include "engine/threefry.h"
#include "tests/harness.h"

#include <math.h>
#include <string.h>

enum { SAMPLES = 200000 };

/* Distance of a double from a long double, in units of the last place of the nearest double. */
static double ulps(double got, long double want)
{
    double near = fabs((double)want);
    double unit = nextafter(near, INFINITY) - near;
    return (double)(fabsl((long double)got - want) / unit);
}

/* The i-th of a fixed sequence of numbers between low and high. */
static double between(uint32_t i, double low, double high)
{
    return low + (high - low) * tj_uniform(1, 2, i, 0);
}

static void exp_error(void)
{
    double worst = 0;
    for (uint32_t i = 0; i < SAMPLES; i++) {
        double wide = between(i, -708, 709.7), small = between(i, -1, 1);
        worst = fmax(worst, ulps(tj_exp(wide), expl(wide)));
        worst = fmax(worst, ulps(tj_exp(small), expl(small)));
    }
    CU_ASSERT(worst < 0.75);
    if (worst >= 0.75)
        printf("exp: %.3f ulp\n", worst);
}

static void log_error(void)
{
    double worst = 0;
    for (uint32_t i = 0; i < SAMPLES; i++) {
        double near = between(i, 0.5, 2), wide = tj_exp(between(i, -740, 709)), share = between(i, 0, 1);
        worst = fmax(worst, ulps(tj_log(near), logl(near)));
        worst = fmax(worst, ulps(tj_log(wide), logl(wide)));
        worst = fmax(worst, ulps(tj_log(share), logl(share)));
    }
    CU_ASSERT(worst < 0.80);
    if (worst >= 0.80)
        printf("log: %.3f ulp\n", worst);
}

static void pow_error(void)
{
    double worst = 0;
    for (uint32_t i = 0; i < SAMPLES; i++) {
        double x = between(i, 0, 4), y = between(i + 7, -300, 300);
        double rate = between(i, 0.9, 1.1), years = floor(between(i + 9, -60, 60));
        double one = 1 + ldexp(between(i, -1, 1), -40), large = between(i, -6e14, 6e14);
        if (fabsl(powl(x, y)) < 1e308L && powl(x, y) > 1e-300L)
            worst = fmax(worst, ulps(tj_pow(x, y), powl(x, y)));
        worst = fmax(worst, ulps(tj_pow(rate, years), powl(rate, years)));
        worst = fmax(worst, ulps(tj_pow(one, large), expl(large * log1pl((long double)one - 1))));
    }
    CU_ASSERT(worst < 0.90);
    if (worst >= 0.90)
        printf("pow: %.3f ulp\n", worst);
}

/* One Newton step in long doubles from z; |z| alone is refined, at the smaller of the two tails. */
static long double refined(double z, double u)
{
    long double tail = u < 0.5 ? u : 1.0L - u, size = fabsl((long double)z);
    long double excess = 0.5L * erfcl(size * sqrtl(0.5L)) - tail;
    long double density = expl(-0.5L * size * size) / sqrtl(2 * acosl(-1.0L));
    size += excess / density;
    return u < 0.5 ? -size : size;
}

static void inverse_error(void)
{
    double worst = 0, centre = 0;
    for (uint32_t i = 0; i < SAMPLES; i++) {
        double u = between(i, 0, 0.425), tail = tj_exp(between(i, -700, -1)), middle = between(i, 0.4, 0.499);
        worst = fmax(worst, ulps(tj_normal_inverse(u), refined(tj_normal_inverse(u), u)));
        worst = fmax(worst, ulps(tj_normal_inverse(1 - u), refined(tj_normal_inverse(1 - u), 1 - u)));
        worst = fmax(worst, ulps(tj_normal_inverse(tail), refined(tj_normal_inverse(tail), tail)));
        centre = fmax(centre,
                      fabs(tj_normal_inverse(middle) - (double)refined(tj_normal_inverse(middle), middle)));
    }
    CU_ASSERT(worst < 7);
    CU_ASSERT(centre < 2e-16);
    if (worst >= 7 || centre >= 2e-16)
        printf("normal inverse: %.3f ulp, centre %.3g\n", worst, centre);
}

static void cdf_error(void)
{
    double worst = 0;
    for (uint32_t i = 0; i < SAMPLES; i++) {
        double z = between(i, -37, 5), near = between(i, -2, 2);
        worst = fmax(worst, ulps(tj_normal_cdf(z), 0.5L * erfcl(-z * sqrtl(0.5L))));
        worst = fmax(worst, ulps(tj_normal_cdf(near), 0.5L * erfcl(-near * sqrtl(0.5L))));
    }
    CU_ASSERT(worst < 5);
    if (worst >= 5)
        printf("normal cdf: %.3f ulp\n", worst);
}

static void exp_specials(void)
{
    CU_ASSERT_EQUAL(tj_exp(0.0), 1.0);
    CU_ASSERT_EQUAL(tj_exp(-0.0), 1.0);
    CU_ASSERT_EQUAL(tj_exp(INFINITY), INFINITY);
    CU_ASSERT_EQUAL(tj_exp(-INFINITY), 0.0);
    CU_ASSERT(isnan(tj_exp(NAN)));
    CU_ASSERT(isfinite(tj_exp(709.78)));
    CU_ASSERT_EQUAL(tj_exp(709.79), INFINITY);
    CU_ASSERT_EQUAL(tj_exp(-745.13), 0x1p-1074);
    CU_ASSERT_EQUAL(tj_exp(-745.14), 0.0);
    /* subnormal results round once: within half of the smallest number */
    CU_ASSERT(fabsl(tj_exp(-720.5) - expl(-720.5L)) <= 0x1p-1074L);
}

static void log_specials(void)
{
    CU_ASSERT_EQUAL(tj_log(1.0), 0.0);
    CU_ASSERT_EQUAL(tj_log(0.0), -INFINITY);
    CU_ASSERT_EQUAL(tj_log(INFINITY), INFINITY);
    CU_ASSERT(isnan(tj_log(-1.0)));
    CU_ASSERT(isnan(tj_log(-INFINITY)));
    CU_ASSERT(isnan(tj_log(NAN)));
    CU_ASSERT(ulps(tj_log(0x1p-1074), logl(0x1p-1074L)) < 1);
    CU_ASSERT(ulps(tj_log(0x1.fffffffffffffp1023), logl(0x1.fffffffffffffp1023L)) < 1);
}

static void pow_specials(void)
{
    CU_ASSERT_EQUAL(tj_pow(0.0, 0.0), 1.0);
    CU_ASSERT_EQUAL(tj_pow(NAN, 0.0), 1.0);
    CU_ASSERT_EQUAL(tj_pow(1.0, NAN), 1.0);
    CU_ASSERT_EQUAL(tj_pow(0.0, 2.0), 0.0);
    CU_ASSERT_EQUAL(tj_pow(0.0, -2.0), INFINITY);
    CU_ASSERT_EQUAL(tj_pow(INFINITY, 2.0), INFINITY);
    CU_ASSERT_EQUAL(tj_pow(INFINITY, -2.0), 0.0);
    CU_ASSERT_EQUAL(tj_pow(0.5, INFINITY), 0.0);
    CU_ASSERT_EQUAL(tj_pow(2.0, INFINITY), INFINITY);
    CU_ASSERT(isnan(tj_pow(-1.0, 2.0)));
    CU_ASSERT(isnan(tj_pow(NAN, 2.0)));
    CU_ASSERT_EQUAL(tj_pow(2.0, 1e300), INFINITY);
    CU_ASSERT_EQUAL(tj_pow(2.0, -1e300), 0.0);
    CU_ASSERT_EQUAL(tj_pow(2.0, 10.0), 1024.0);
    CU_ASSERT_EQUAL(tj_pow(9.0, 0.5), 3.0);
    CU_ASSERT_EQUAL(tj_pow(0.7, 1.0), 0.7);
    CU_ASSERT_EQUAL(tj_pow(2.0, -1074.0), 0x1p-1074);
}

static void normal_specials(void)
{
    CU_ASSERT_EQUAL(tj_normal_inverse(0.5), 0.0);
    /* Tables: 97.5 % at 1.959963984540054, 99.9 % at 3.090232306167814. */
    CU_ASSERT_DOUBLE_EQUAL(tj_normal_inverse(0.975), 1.959963984540054, 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(tj_normal_inverse(0.999), 3.090232306167814, 2e-15);
    CU_ASSERT(isfinite(tj_normal_inverse(0x1p-54)));
    CU_ASSERT(isfinite(tj_normal_inverse(1 - 0x1p-53)));
    CU_ASSERT(isnan(tj_normal_inverse(NAN)));
    CU_ASSERT_EQUAL(tj_normal_cdf(0.0), 0.5);
    CU_ASSERT_EQUAL(tj_normal_cdf(INFINITY), 1.0);
    CU_ASSERT_EQUAL(tj_normal_cdf(-INFINITY), 0.0);
    CU_ASSERT(isnan(tj_normal_cdf(NAN)));
}

static double edges[] = {0.0,    -0.0, 1.0,   -1.0,     0.5,       1e-310, 0x1p-1074, 709.5, 710.5, -744.5,
                         -800.0, 1e5,  1e300, INFINITY, -INFINITY, NAN,    0.075,     0.925, 1e-13, 2e-11};

typedef struct form {
    double (*scalar)(double);
    void (*lanes)(size_t, const double *, double *);
} form;

static void same_bits(void)
{
    static const form forms[] = {
        {tj_exp, tj_exp_lanes}, {tj_log, tj_log_lanes}, {tj_normal_inverse, tj_normal_inverse_lanes}};
    enum { N = 1003, EDGES = sizeof edges / sizeof edges[0] };
    for (size_t f = 0; f < sizeof forms / sizeof forms[0]; f++) {
        double x[N], out[N];
        for (uint32_t i = 0; i < N; i++)
            out[i] = x[i] = i < EDGES ? edges[i] : between(i, 0, f == 0 && i % 2 ? 700 : 1);
        forms[f].lanes(N, out, out);
        size_t wrong = 0;
        for (size_t i = 0; i < N; i++) {
            double want = forms[f].scalar(x[i]);
            wrong += memcmp(&want, &out[i], sizeof want) != 0 && !(isnan(want) && isnan(out[i]));
        }
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

int main(void)
{
    static const tj_test tests[] = {
        {"exp is within 0.75 ulp", exp_error},
        {"log is within 0.80 ulp", log_error},
        {"pow is within 0.90 ulp", pow_error},
        {"the normal inverse is within 7 ulp, and 2e-16 about its centre", inverse_error},
        {"the normal cdf is within 5 ulp down to -37", cdf_error},
        {"exp overflows, underflows and passes NaN as it should", exp_specials},
        {"log knows zero, infinity and negatives", log_specials},
        {"pow knows its special cases", pow_specials},
        {"the normal functions know their ends and tables", normal_specials},
        {"lane forms give the bits of the scalar forms, in place too", same_bits},
    };
    return TJ_RUN("lanes", tests);
}
