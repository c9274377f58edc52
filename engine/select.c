/* Selection by buckets; see select.h.
 *
 * Invariant: the bucket of a value, trunc((value - low) * scale), never falls as the value rises,
 * because each of its operations rounds monotonically. So buckets lie in order; all values are counted, and only those
 * in buckets that hold a wanted position are put in place: small buckets are sorted, crowded ones divided again, a few
 * times, and then sorted by a heap. Linear time unless the values span very many powers of ten. */
#include "engine/select.h"

#include "engine/kernel.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { BUCKETS = 512, STRIDE = 16, CHUNK = 1024, FEW = 24, DEPTH = 6 };

void tj_select_buckets(size_t n, const double *restrict x, double low, double scale, int32_t last,
                       uint16_t *restrict bucket);

/* bucket[i] of x[n]; the last bucket takes what rounding carries past it. */
TJ_CLONES void tj_select_buckets(size_t n, const double *restrict x, double low, double scale, int32_t last,
                                 uint16_t *restrict bucket)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        int32_t b = (int32_t)((x[i] - low) * scale);
        bucket[i] = (uint16_t)(b < last ? b : last);
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

/* A bucket that holds wanted positions: where it lies in the run, and which these are. */
typedef struct hit {
    size_t begin, end;
    uint32_t bucket, first, count;
} hit;

/* What a division needs room for. */
typedef struct division {
    uint32_t count[BUCKETS], place[BUCKETS]; /* values; where the next one goes, of hits */
    unsigned char holds[BUCKETS];            /* 1: a hit */
    uint16_t bucket[CHUNK], list[CHUNK];
    hit hits[BUCKETS];
    size_t n_hits;
} division;

static void count_values(division *d, size_t n, const double *from, const spread *s)
{
    memset(d->count, 0, s->buckets * sizeof *d->count);
    for (size_t first = 0; first < n; first += CHUNK) {
        size_t m = n - first < CHUNK ? n - first : CHUNK;
        tj_select_buckets(m, from + first, s->low, s->scale, (int32_t)s->buckets - 1, d->bucket);
        for (size_t i = 0; i < m; i++)
            d->count[d->bucket[i]]++;
    }
}

/* Values of the STRIDE buckets from b on. */
static uint32_t count_stride(const division *d, size_t b)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < STRIDE; i++)
        sum += d->count[b + i];
    return sum;
}

static void find_hits(division *d, const spread *s, wanted_run wanted)
{
    size_t b = 0, begin = 0;
    d->n_hits = 0;
    memset(d->holds, 0, s->buckets);
    for (size_t i = 0; i < wanted.count;) {
        size_t at = wanted.at[i] - wanted.base, first = i;
        while (begin + d->count[b] <= at) {
            size_t stride = b % STRIDE == 0 ? count_stride(d, b) : 0;
            int skips = stride > 0 && begin + stride <= at;
            begin += skips ? stride : d->count[b];
            b += skips ? STRIDE : 1;
        }
        size_t end = begin + d->count[b];
        while (i < wanted.count && wanted.at[i] - wanted.base < end)
            i++;
        d->hits[d->n_hits++] = (hit){begin, end, (uint32_t)b, (uint32_t)first, (uint32_t)(i - first)};
        d->holds[b] = 1;
        d->place[b] = (uint32_t)begin;
        begin = end;
        b++;
    }
}

/* Copies the values of hits to where they lie in the run. */
static void place_hits(division *d, size_t n, const double *from, double *to, const spread *s)
{
    for (size_t first = 0; first < n; first += CHUNK) {
        size_t m = n - first < CHUNK ? n - first : CHUNK, found = 0;
        if (n > CHUNK) /* else the buckets are still there */
            tj_select_buckets(m, from + first, s->low, s->scale, (int32_t)s->buckets - 1, d->bucket);
        for (size_t i = 0; i < m; i++) {
            d->list[found] = (uint16_t)i;
            found += d->holds[d->bucket[i]];
        }
        for (size_t i = 0; i < found; i++)
            to[d->place[d->bucket[d->list[i]]]++] = from[first + d->list[i]];
    }
}

static void arrange(size_t n, double *a, double *spare, wanted_run wanted, int depth);

/* Puts the order statistics of from[n] at the wanted positions of to[n], with spare[n] to work in. */
static void divide(size_t n, const double *from, double *to, double *spare, const spread *s,
                   wanted_run wanted, int depth)
{
    division d;
    assert(n <= UINT32_MAX);
    count_values(&d, n, from, s);
    find_hits(&d, s, wanted);
    place_hits(&d, n, from, to, s);
    for (size_t i = 0; i < d.n_hits; i++) {
        const hit *h = &d.hits[i];
        wanted_run inside = {wanted.at + h->first, h->count, wanted.base + h->begin};
        arrange(h->end - h->begin, to + h->begin, spare + h->begin, inside, depth);
    }
}

/* The same in a[n]. */
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
    memcpy(spare, a, n * sizeof *a);
    divide(n, spare, a, spare, &s, wanted, depth - 1);
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
    divide(n, x, work, work + n, &s, (wanted_run){wanted, n_wanted, 0}, DEPTH);
}
