/* Why a target cannot be judged: the English sentences of the compiler, and what people read in French and Swedish. */
#include "scenarios/reason.h"
#include "tests/harness.h"

#include <string.h>

static const char *const none[TJ_REASON_ARGUMENTS];

static const char *said(tj_reason reason, const char *a, const char *b, const char *c, const char *language)
{
    static char english[512], text[512];
    tj_reason_write(reason, (const char *const[TJ_REASON_ARGUMENTS]){a, b, c}, english, sizeof english);
    return tj_reason_say(english, language, text, sizeof text);
}

/* Every sentence is found again by its own record, whatever stands in it. */
static void every_reason_has_three_languages(void)
{
    for (int r = 0; r < TJ_REASONS; r++)
        for (int role = 0; role < TJ_ROLES; role++) {
            const char *first = r >= TJ_REASON_HORIZON && r <= TJ_REASON_NOT_YET
                                    ? tj_reason_role((tj_role)role)
                                    : "district-heat";
            char en[512], fr[512], sv[512];
            strcpy(en, said((tj_reason)r, first, "2031", "20", "en"));
            strcpy(fr, said((tj_reason)r, first, "2031", "20", "fr"));
            strcpy(sv, said((tj_reason)r, first, "2031", "20", "sv"));
            CU_ASSERT(en[0] != '\0' && strchr(en, '%') == NULL);
            CU_ASSERT(strcmp(en, fr) != 0 && strchr(fr, '%') == NULL && strstr(fr, "its ") == NULL);
            CU_ASSERT(strcmp(en, sv) != 0 && strchr(sv, '%') == NULL && strstr(sv, "its ") == NULL);
            CU_ASSERT_EQUAL(strstr(en, "2031") == NULL, strstr(fr, "2031") == NULL);
            CU_ASSERT_EQUAL(strstr(en, "2031") == NULL, strstr(sv, "2031") == NULL);
        }
}

static void arguments_keep_their_place(void)
{
    const char *base = tj_reason_role(TJ_ROLE_BASE), *budget = tj_reason_role(TJ_ROLE_BUDGET);
    CU_ASSERT_STRING_EQUAL(said(TJ_REASON_HORIZON, base, "2060", "2050", "en"),
                           "its base year 2060 is past the horizon 2050");
    CU_ASSERT_STRING_EQUAL(said(TJ_REASON_HORIZON, base, "2060", "2050", "fr"),
                           "son année de référence 2060 dépasse l'horizon 2050");
    CU_ASSERT_STRING_EQUAL(said(TJ_REASON_NO_INVENTORY, budget, "2019", NULL, "sv"),
                           "det finns ingen inventering för dess budgetår 2019");
    CU_ASSERT_STRING_EQUAL(said(TJ_REASON_FEW_PLACES, "waste", "7", "20", "sv"),
                           "felet i bakåträkningen av enbart 'waste' vilar på 7 platser, färre än 20");
}

static void numbers_are_written_as_the_language_does(void)
{
    CU_ASSERT_STRING_EQUAL(said(TJ_REASON_UNCERTAIN, "waste.2", "0.45", NULL, "en"),
                           "the back-cast of 'waste.2' alone is too uncertain (log sigma 0.45)");
    CU_ASSERT_STRING_EQUAL(said(TJ_REASON_UNCERTAIN, "waste.2", "0.45", NULL, "fr"),
                           "la rétropolation de « waste.2 » seul est trop incertaine (sigma log 0,45)");
    CU_ASSERT_STRING_EQUAL(said(TJ_REASON_UNCERTAIN, "waste.2", "0.45", NULL, "sv"),
                           "bakåträkningen av enbart 'waste.2' är för osäker (log sigma 0,45)");
}

static void a_modellers_words_stay(void)
{
    static const char *const own[] = {"", "vehicle-kilometres are not modelled", "the quantity 'x' is not",
                                      "its summer 2030 is past the horizon 2050",
                                      "no sector of the city is covered by it"};
    char text[64];
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        CU_ASSERT_PTR_EQUAL(tj_reason_say(own[i], "fr", text, sizeof text), own[i]);
}

static void what_does_not_fit_is_cut(void)
{
    char text[8];
    tj_reason_write(TJ_REASON_ZERO, none, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "the emi");
}

int main(void)
{
    static const tj_test tests[] = {
        {"every reason is said in three languages", every_reason_has_three_languages},
        {"arguments keep their place", arguments_keep_their_place},
        {"numbers are written as the language does", numbers_are_written_as_the_language_does},
        {"a modeller's own words stay as they are", a_modellers_words_stay},
        {"what does not fit is cut", what_does_not_fit_is_cut},
    };
    return TJ_RUN("reason", tests);
}
