/* Why a target cannot be judged, in the compiler's words: one record a reason, in the three languages.
 *
 * A result holds the English sentence, so that programs read one thing. Who shows it to people finds the record that
 * the sentence was made from, and says it in their language. */
#ifndef TJ_SCENARIOS_REASON_H
#define TJ_SCENARIOS_REASON_H

#include <stddef.h>

typedef enum tj_reason {
    TJ_REASON_QUANTITY,     /* the quantity's word */
    TJ_REASON_BASIS,        /* the basis's word */
    TJ_REASON_GASES,        /* - */
    TJ_REASON_HORIZON,      /* role, year, last year */
    TJ_REASON_NO_INVENTORY, /* role, year */
    TJ_REASON_PARTIAL,      /* role, year */
    TJ_REASON_NOT_YET,      /* role, year */
    TJ_REASON_ZERO,         /* - */
    TJ_REASON_ETS,          /* sector */
    TJ_REASON_UNCOVERED,    /* - */
    TJ_REASON_FEW_PLACES,   /* sector, places, fewest */
    TJ_REASON_UNCERTAIN,    /* sector, sigma */
    TJ_REASONS
} tj_reason;

/* What a year is to a target: the first argument where `role` stands above. */
typedef enum tj_role { TJ_ROLE_BASE, TJ_ROLE_YEAR, TJ_ROLE_MILESTONE, TJ_ROLE_BUDGET, TJ_ROLES } tj_role;

enum { TJ_REASON_ARGUMENTS = 3 };

/* The role's English words, as an argument. */
const char *tj_reason_role(tj_role role);

/* The English sentence of a reason; what does not fit is cut. */
void tj_reason_write(tj_reason reason, const char *const arguments[TJ_REASON_ARGUMENTS], char *text,
                     size_t size);

/* An English sentence of tj_reason_write in "fr" or "sv", written to `text`; the sentence itself in other languages
 * and where it is the modeller's own. */
const char *tj_reason_say(const char *sentence, const char *language, char *text, size_t size);

#endif
