/* Selection by buckets; see select.h.
 *
 * Invariant: the bucket of a value, trunc((value - low) * scale), never falls as the value rises,
 * because each of its operations rounds monotonically. So buckets lie in order, and only those that
 * hold a wanted position are looked into: small ones are sorted, crowded ones divided again, a few
 * times, and then sorted by a heap. Linear time unless the values span very many powers of ten. */
#include "engine/select.h"

#include "engine/kernel.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { BUCKETS = 512, CHUNK = 512, FEW = 24, DEPTH = 6 };

void tj_select_buckets(size_t n, const double *restrict x, double low, double scale, int32_t last,
                       int32_t *restrict bucket);

/* bucket[i] of x[n]; the last bucket takes what rounding carries past it. */
TJ_CLONES void tj_select_buckets(size_t n, const double *restrict x, double low, double scale, int32_t last,
                                 int32_t *restrict bucket)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        int32_t b = (int32_t)((x[i] - low) * scale);
        bucket[i] = b < last ? b : last;
    }
}

/* How values are spread over buckets. */
typedef struct spread {
    double low, scale; /* scale 0: they are too close, too far apart or infinite */
    size_t buckets;
} spread;

/* About two values a bucket, where they lie evenly. */
static spread spread_for(size_t n, double low, double high)
{
    spread s = {.low = low, .buckets = 16};
    while (s.buckets < BUCKETS && 2 * s.buckets < n)
        s.buckets *= 2;
    double scale = (double)(s.buckets - 1) / (high - low);
    s.scale = isfinite(high - low) && isfinite(scale) ? scale : 0.0;
    return s;
}

/* Copies from[n] to to[n], bucket by bucket; end[b] is where bucket b ends. */
static void distribute(size_t n, const double *from, double *to, const spread *s, size_t end[BUCKETS])
{
    int32_t bucket[CHUNK], last = (int32_t)s->buckets - 1;
    memset(end, 0, s->buckets * sizeof *end);
    for (size_t first = 0; first < n; first += CHUNK) {
        size_t m = n - first < CHUNK ? n - first : CHUNK;
        tj_select_buckets(m, from + first, s->low, s->scale, last, bucket);
        for (size_t i = 0; i < m; i++)
            end[bucket[i]]++;
    }
    for (size_t b = 0, sum = 0; b < s->buckets; b++) {
        size_t count = end[b];
        end[b] = sum;
        sum += count;
    }
    for (size_t first = 0; first < n; first += CHUNK) {
        size_t m = n - first < CHUNK ? n - first : CHUNK;
        if (n > CHUNK) /* else the buckets are still there */
            tj_select_buckets(m, from + first, s->low, s->scale, last, bucket);
        for (size_t i = 0; i < m; i++)
            to[end[bucket[i]]++] = from[first + i];
    }
}

static void insertion_sort(size_t n, double *a)
{
    for (size_t i = 1; i < n; i++) {
        double x = a[i];
        size_t j = i;
        for (; j > 0 && a[j - 1] > x; j--)
            a[j] = a[j - 1];
        a[j] = x;
    }
}

static void sift_down(size_t n, double *a, size_t root)
{
    double x = a[root];
    for (size_t child = 2 * root + 1; child < n; child = 2 * root + 1) {
        if (child + 1 < n && a[child] < a[child + 1])
            child++;
        if (!(x < a[child]))
            break;
        a[root] = a[child];
        root = child;
    }
    a[root] = x;
}

static void heap_sort(size_t n, double *a)
{
    for (size_t i = n / 2; i-- > 0;)
        sift_down(n, a, i);
    for (size_t last = n; last-- > 1;) {
        double top = a[0];
        a[0] = a[last];
        a[last] = top;
        sift_down(last, a, 0);
    }
}

/* Positions wanted of a run that begins at position `base` of the whole. */
typedef struct wanted_run {
    const size_t *at;
    size_t count, base;
} wanted_run;

static void arrange(size_t n, double *a, double *spare, wanted_run wanted, int depth);

/* Arranges those buckets of a that hold a wanted position. */
static void arrange_buckets(const size_t *end, double *a, double *spare, wanted_run wanted, int depth)
{
    for (size_t i = 0, b = 0; i < wanted.count;) {
        while (wanted.base + end[b] <= wanted.at[i])
            b++;
        size_t begin = b > 0 ? end[b - 1] : 0, first = i;
        while (i < wanted.count && wanted.at[i] < wanted.base + end[b])
            i++;
        wanted_run inside = {wanted.at + first, i - first, wanted.base + begin};
        arrange(end[b] - begin, a + begin, spare + begin, inside, depth);
    }
}

/* Puts the order statistics of a[n] at the wanted positions, with spare[n] to work in. */
static void arrange(size_t n, double *a, double *spare, wanted_run wanted, int depth)
{
    if (n <= FEW) {
        insertion_sort(n, a);
        return;
    }
    double low = a[0], high = a[0];
    for (size_t i = 1; i < n; i++) {
        low = a[i] < low ? a[i] : low;
        high = a[i] > high ? a[i] : high;
    }
    if (low == high)
        return;
    spread s = spread_for(n, low, high);
    if (depth == 0 || s.scale == 0.0) {
        heap_sort(n, a);
        return;
    }
    size_t end[BUCKETS];
    memcpy(spare, a, n * sizeof *a);
    distribute(n, spare, a, &s, end);
    arrange_buckets(end, a, spare, wanted, depth - 1);
}

void tj_select(size_t n, const double *x, double low, double high, size_t n_wanted, const size_t *wanted,
               double *work)
{
    assert(n_wanted == 0 || wanted[n_wanted - 1] < n);
    spread s = spread_for(n, low, high);
    if (low == high || s.scale == 0.0) {
        memcpy(work, x, n * sizeof *x);
        if (low < high)
            heap_sort(n, work);
        return;
    }
    size_t end[BUCKETS];
    distribute(n, x, work, &s, end);
    wanted_run run = {wanted, n_wanted, 0};
    arrange_buckets(end, work, work + n, run, DEPTH);
}
