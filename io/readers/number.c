/* Numbers: up to 15 digits and a small power of ten are exact in doubles, so that one multiplication or
 * division rounds rightly; the rare rest goes to strtod with the locale's own decimal point. */
#include "io/readers/number.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { EXACT_DIGITS = 15, EXACT_POWER = 22, DIGITS_MOST = 400 };

static int digit(const char *text, size_t length, size_t at)
{
    return at < length && text[at] >= '0' && text[at] <= '9';
}

typedef struct parts {
    size_t end;
    uint64_t mantissa;
    int significant, exponent, negative;
} parts;

static size_t exponent_read(const char *text, size_t length, size_t at, int *exponent)
{
    size_t start = at;
    int value = 0, negative = 0;
    if (at >= length || (text[at] != 'e' && text[at] != 'E'))
        return start;
    at++;
    if (at < length && (text[at] == '+' || text[at] == '-'))
        negative = text[at++] == '-';
    if (!digit(text, length, at))
        return start; /* "5 e…" is a unit's affair */
    for (; digit(text, length, at); at++)
        value = value > 9999 ? value : 10 * value + (text[at] - '0');
    *exponent += negative ? -value : value;
    return at;
}

static parts split(const char *text, size_t length, char point)
{
    parts p = {0};
    size_t at = 0, digits = 0;
    int fraction = 0;
    if (at < length && (text[at] == '+' || text[at] == '-'))
        p.negative = text[at++] == '-';
    for (;; at++) {
        if (!fraction && at < length && text[at] == point && digit(text, length, at + 1)) {
            fraction = 1;
            continue;
        }
        if (!digit(text, length, at))
            break;
        digits++;
        p.significant += p.significant > 0 || text[at] != '0';
        if (p.significant <= EXACT_DIGITS)
            p.mantissa = 10 * p.mantissa + (uint64_t)(text[at] - '0');
        p.exponent -= fraction;
    }
    p.end = digits == 0 ? 0 : exponent_read(text, length, at, &p.exponent);
    return p;
}

static double slow(const char *text, size_t length, char point)
{
    char copy[DIGITS_MOST + 16];
    const char *local = localeconv()->decimal_point;
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        if (used >= DIGITS_MOST)
            return NAN;
        if (text[i] == point)
            for (const char *c = local; *c != '\0' && used < DIGITS_MOST; c++)
                copy[used++] = *c;
        else
            copy[used++] = text[i];
    }
    copy[used] = '\0';
    return strtod(copy, NULL);
}

size_t tj_number_read(const char *text, size_t length, char point, double *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    parts p = split(text, length, point);
    if (p.end == 0)
        return 0;
    if (p.significant > EXACT_DIGITS || p.exponent < -EXACT_POWER || p.exponent > EXACT_POWER) {
        *value = slow(text, p.end, point);
        return p.end;
    }
    double x = (double)p.mantissa;
    x = p.exponent < 0 ? x / powers[-p.exponent] : x * powers[p.exponent];
    *value = p.negative ? -x : x;
    return p.end;
}
