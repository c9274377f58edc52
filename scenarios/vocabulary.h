/* The words of a study: every kind of thing a key may name, one record each, one list a kind.
 *
 * From these lists come validation, nearest-name hints, `trajekt list …` and the documentation. */
#ifndef TJ_SCENARIOS_VOCABULARY_H
#define TJ_SCENARIOS_VOCABULARY_H

#include "scenarios/diag.h"
#include "scenarios/study.h"

typedef struct tj_word {
    const char *name, *sentence;
} tj_word;

/* Each list ends with a NULL name; the index of a word is the engine's enumeration where it has one. */
extern const tj_word tj_ramp_words[];     /* step … bass */
extern const tj_word tj_operator_words[]; /* tj_op */
extern const tj_word tj_side_words[];     /* tj_side: both, up, down */
extern const tj_word tj_method_words[];   /* tj_method */
extern const tj_word tj_account_words[];  /* tj_account */
extern const tj_word tj_target_words[];   /* tj_target_kind */
extern const tj_word tj_carrier_words[];  /* tj_carrier_account */
extern const tj_word tj_ets_words[];      /* all, outside, inside */
extern const tj_word tj_sharing_words[];  /* network, nation, city */
extern const tj_word tj_gwp_words[];      /* AR4, AR5, AR6 */

enum { TJ_RAMP_STEP, TJ_RAMP_LINEAR, TJ_RAMP_SMOOTH, TJ_RAMP_LOGISTIC, TJ_RAMP_BASS };
enum { TJ_ETS_ALL, TJ_ETS_OUTSIDE, TJ_ETS_INSIDE };
enum { TJ_SHARING_NETWORK, TJ_SHARING_NATION, TJ_SHARING_CITY };

/* Index of `name` in a list, or -1. */
int tj_word_find(const tj_word *words, const char *name);

/* The same for a name of a study: `fallback` where it was not written, and an error with the
 * nearest right word (returning `fallback`) where it is unknown. `what` names the kind. */
int tj_word_resolve(const tj_word *words, tj_name name, int fallback, const char *what, tj_diags *diags);

#endif
