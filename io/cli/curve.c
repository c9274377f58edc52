/* Small curves in a terminal; see curve.h. */
#include "io/cli/curve.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void tj_spark(char *text, const double *x, size_t n, double low, double high)
{
    static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    text[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        const char *bar = " ";
        if (!isnan(x[i])) {
            double part = high > low ? (x[i] - low) / (high - low) : 0;
            bar = bars[(int)fmin(7, fmax(0, floor(part * 8)))];
        }
        size_t length = strlen(bar);
        memcpy(text, bar, length + 1);
        text += length;
    }
}

void tj_canvas_init(tj_canvas *canvas, size_t columns, size_t rows)
{
    assert(columns >= 1 && columns <= TJ_CANVAS_COLUMNS && rows >= 1 && rows <= TJ_CANVAS_ROWS);
    *canvas = (tj_canvas){.columns = columns, .rows = rows};
}

static void dot(tj_canvas *canvas, long x, long y)
{
    static const unsigned char bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    if (x >= 0 && y >= 0 && x < 2 * (long)canvas->columns && y < 4 * (long)canvas->rows)
        canvas->dots[y / 4][x / 2] |= bit[y % 4][x % 2];
}

/* The value at a column of dots: straight between two neighbouring values; a value without a neighbour
 * stands alone, half a step wide to either side; a gap stays a gap. */
static double value_at(const double *y, size_t n, double at)
{
    size_t left = (size_t)floor(at), right = left + 1 < n ? left + 1 : left;
    double part = at - (double)left;
    if (isnan(y[left]) || isnan(y[right]))
        return part < 0.5 ? y[left] : y[right];
    return y[left] + (y[right] - y[left]) * part;
}

static double place(const tj_canvas *canvas, size_t n, size_t x)
{
    return n > 1 ? (double)x * (double)(n - 1) / (double)(2 * canvas->columns - 1) : 0;
}

static long height(const tj_canvas *canvas, double value, double low, double high)
{
    double top = (double)(4 * canvas->rows - 1);
    double part = high > low ? (value - low) / (high - low) : 0;
    return lround(top - fmin(1, fmax(0, part)) * top);
}

void tj_canvas_line(tj_canvas *canvas, const double *y, size_t n, double low, double high)
{
    long before = -1;
    for (size_t x = 0; n > 0 && x < 2 * canvas->columns; x++) {
        double value = value_at(y, n, place(canvas, n, x));
        if (isnan(value)) {
            before = -1;
            continue;
        }
        long h = height(canvas, value, low, high);
        long from = before < 0 ? h : before < h ? before + 1 : before > h ? before - 1 : h;
        for (long step = from; step != h; step += step < h ? 1 : -1)
            dot(canvas, (long)x, step);
        dot(canvas, (long)x, h);
        before = h;
    }
}

void tj_canvas_band(tj_canvas *canvas, const double *y0, const double *y1, size_t n, double low, double high)
{
    for (size_t x = 0; n > 0 && x < 2 * canvas->columns; x++) {
        size_t at = (size_t)lround(place(canvas, n, x));
        if (isnan(y0[at]) || isnan(y1[at]))
            continue;
        long top = height(canvas, y1[at], low, high), bottom = height(canvas, y0[at], low, high);
        for (long y = top; y <= bottom; y++)
            if ((y + 2 * ((long)x % 2)) % 4 == 0)
                dot(canvas, (long)x, y);
    }
}

void tj_canvas_row(const tj_canvas *canvas, size_t row, char *text)
{
    assert(row < canvas->rows);
    for (size_t c = 0; c < canvas->columns; c++) {
        unsigned code = 0x2800U + canvas->dots[row][c];
        *text++ = (char)(0xe0U | code >> 12);
        *text++ = (char)(0x80U | (code >> 6 & 0x3fU));
        *text++ = (char)(0x80U | (code & 0x3fU));
    }
    *text = '\0';
}
