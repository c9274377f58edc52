/* Text as a person sees it; see text.h. */
#include "io/cli/text.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Decodes one character; returns its length in bytes (1 and the byte itself where it is not UTF-8). */
static size_t decode(const char *text, uint32_t *code)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t length = s[0] < 0x80 ? 1 : s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : s[0] >= 0xc0 ? 2 : 1;
    *code = s[0];
    if (length == 1)
        return 1;
    uint32_t value = s[0] & (0x7fU >> length);
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 1;
        value = value << 6 | (s[i] & 0x3fU);
    }
    *code = value;
    return length;
}

static size_t columns_of(uint32_t code)
{
    if ((code >= 0x300 && code <= 0x36f) || (code >= 0x200b && code <= 0x200f) || code == 0xfeff)
        return 0;
    int wide = (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
               (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
               (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
               (code >= 0x1f300 && code <= 0x1faff);
    return wide ? 2 : 1;
}

size_t tj_text_width(const char *text)
{
    size_t width = 0;
    uint32_t code;
    for (; *text != '\0'; text += decode(text, &code)) {
        decode(text, &code);
        width += columns_of(code);
    }
    return width;
}

size_t tj_text_fit(const char *text, size_t columns)
{
    size_t width = 0, bytes = 0;
    while (text[bytes] != '\0') {
        uint32_t code;
        size_t length = decode(text + bytes, &code);
        width += columns_of(code);
        if (width > columns)
            break;
        bytes += length;
    }
    return bytes;
}

void tj_text_pad(FILE *out, const char *text, size_t columns, int right)
{
    size_t width = tj_text_width(text);
    if (width > columns) {
        size_t kept = columns > 0 ? tj_text_fit(text, columns - 1) : 0;
        fprintf(out, "%.*s%s", (int)kept, text, columns > 0 ? "…" : "");
        return;
    }
    int gap = (int)(columns - width);
    if (right)
        fprintf(out, "%*s%s", gap, "", text);
    else
        fprintf(out, "%s%*s", text, gap, "");
}

void tj_text_wrap(FILE *out, const char *text, size_t first, size_t indent, size_t columns)
{
    size_t used = 0; /* columns of the line at hand */
    for (size_t start = first; *text != '\0';) {
        size_t bytes = strcspn(text, " \n");
        char word[512];
        snprintf(word, sizeof word, "%.*s", (int)bytes, text);
        size_t width = tj_text_width(word);
        if (used > 0 && used + 1 + width > columns) {
            fputc('\n', out);
            used = 0;
            start = indent;
        }
        size_t gap = used == 0 ? start : 1;
        fprintf(out, "%*s%.*s", (int)gap, "", (int)bytes, text);
        used += gap + width;
        text += bytes + strspn(text + bytes, " \n");
    }
    fputc('\n', out);
}

const char *tj_text_number(char *text, size_t size, double value, int decimals)
{
    text[0] = '\0';
    if (!isfinite(value))
        return text;
    char plain[400];
    snprintf(plain, sizeof plain, "%.*f", decimals, fabs(value));
    size_t whole = strcspn(plain, "."), used = 0;
    int zero = strspn(plain, "0.") == strlen(plain);
    const char *sign = value < 0 && !zero ? "−" : "";
    used += (size_t)snprintf(text, size, "%s", sign);
    for (size_t i = 0; plain[i] != '\0' && used + 2 < size; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            text[used++] = ' ';
        text[used++] = plain[i];
    }
    text[used < size ? used : size - 1] = '\0';
    return text;
}

const char *tj_text_number_in(char *text, size_t size, double value, int decimals, const char *language)
{
    tj_text_number(text, size, value, decimals);
    char *point = strchr(text, '.');
    if (point != NULL && strcmp(language, "en") != 0)
        *point = ',';
    return text;
}

void tj_text_tie(char *number, size_t size)
{
    static const char tied[2] = {'\xc2', '\xa0'}; /* U+00A0 */
    for (char *space = strchr(number, ' '); space != NULL && strlen(number) + 2 < size;
         space = strchr(space, ' ')) {
        memmove(space + 2, space + 1, strlen(space + 1) + 1);
        memcpy(space, tied, sizeof tied);
    }
}

const char *tj_text_exact(char *text, size_t size, double value)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, size, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return text;
}
