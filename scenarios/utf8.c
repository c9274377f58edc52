/* UTF-8 as RFC 3629 defines it; see utf8.h. */
#include "scenarios/utf8.h"

static int within(unsigned char c, unsigned char low, unsigned char high)
{
    return c >= low && c <= high;
}

size_t tj_utf8_length(const char *text, size_t left)
{
    const unsigned char *c = (const unsigned char *)text;
    if (left == 0)
        return 0;
    if (c[0] < 0x80)
        return 1;
    size_t length = within(c[0], 0xC2, 0xDF)   ? 2
                    : within(c[0], 0xE0, 0xEF) ? 3
                    : within(c[0], 0xF0, 0xF4) ? 4
                                               : 0;
    if (length == 0 || left < length)
        return 0;
    /* the second byte excludes overlong forms, surrogates and what lies past U+10FFFF */
    unsigned char low = c[0] == 0xE0 ? 0xA0 : c[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char high = c[0] == 0xED ? 0x9F : c[0] == 0xF4 ? 0x8F : 0xBF;
    if (!within(c[1], low, high))
        return 0;
    for (size_t i = 2; i < length; i++)
        if (!within(c[i], 0x80, 0xBF))
            return 0;
    return length;
}
