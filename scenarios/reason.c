/* Why a target cannot be judged; see reason.h.
 *
 * In a sentence %s is any text and %r a role, in the order of the arguments in every language. */
#include "scenarios/reason.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { ENGLISH, FRENCH, SWEDISH, LANGUAGES };

static const char *const sentences[TJ_REASONS][LANGUAGES] = {
    [TJ_REASON_QUANTITY] = {"the quantity '%s' is not modelled", "la grandeur « %s » n'est pas modélisée",
                            "storheten '%s' modelleras inte"},
    [TJ_REASON_BASIS] = {"the basis '%s' is not modelled, only territorial emissions are",
                         "le périmètre « %s » n'est pas modélisé, seules les émissions territoriales le sont",
                         "grunden '%s' modelleras inte, bara territoriella utsläpp"},
    [TJ_REASON_GASES] = {"it covers some gases only, and CO2e is judged",
                         "il ne couvre que certains gaz, or c'est le CO2e qui est évalué",
                         "det omfattar bara vissa gaser, men CO2e är det som bedöms"},
    [TJ_REASON_HORIZON] = {"%r %s is past the horizon %s", "%r %s dépasse l'horizon %s",
                           "%r %s ligger bortom horisonten %s"},
    [TJ_REASON_NO_INVENTORY] = {"there is no inventory of %r %s", "il n'y a pas d'inventaire pour %r %s",
                                "det finns ingen inventering för %r %s"},
    [TJ_REASON_PARTIAL] = {"the inventory of %r %s is partial", "l'inventaire pour %r %s est partiel",
                           "inventeringen för %r %s är ofullständig"},
    [TJ_REASON_NOT_YET] = {"%r %s is not in the inventory", "%r %s n'est pas dans l'inventaire",
                           "%r %s finns inte i inventeringen"},
    [TJ_REASON_ZERO] = {"the emissions of its base year are zero",
                        "les émissions de son année de référence sont nulles",
                        "utsläppen under dess basår är noll"},
    [TJ_REASON_ETS] = {"the ETS share of '%s' is not known", "la part de « %s » dans le SEQE est inconnue",
                       "andelen av '%s' inom EU ETS är inte känd"},
    [TJ_REASON_UNCOVERED] = {"no sector of the city is covered", "aucun secteur de la ville n'est couvert",
                             "ingen av stadens sektorer omfattas"},
    [TJ_REASON_FEW_PLACES] = {"the error of back-casting '%s' alone rests on %s places, fewer than %s",
                              "l'erreur de rétropolation de « %s » seul repose sur %s lieux, moins de %s",
                              "felet i bakåträkningen av enbart '%s' vilar på %s platser, färre än %s"},
    [TJ_REASON_UNCERTAIN] = {"the back-cast of '%s' alone is too uncertain (log sigma %s)",
                             "la rétropolation de « %s » seul est trop incertaine (sigma log %s)",
                             "bakåträkningen av enbart '%s' är för osäker (log sigma %s)"},
};
static const char *const roles[TJ_ROLES][LANGUAGES] = {
    [TJ_ROLE_BASE] = {"its base year", "son année de référence", "dess basår"},
    [TJ_ROLE_YEAR] = {"its year", "son année", "dess år"},
    [TJ_ROLE_MILESTONE] = {"its milestone", "son jalon", "dess delmål"},
    [TJ_ROLE_BUDGET] = {"its budget's year", "son année de budget", "dess budgetår"},
};

/* A piece of a sentence, not terminated. */
typedef struct piece {
    const char *text;
    size_t length;
} piece;

static piece piece_of(const char *text)
{
    return (piece){text, strlen(text)};
}

static size_t add(char *text, size_t size, size_t used, piece more)
{
    size_t room = size - 1 - used;
    size_t length = more.length < room ? more.length : room;
    memcpy(text + used, more.text, length);
    text[used + length] = '\0';
    return used + length;
}

/* An argument in a language: numbers of others than English have a decimal comma. */
static size_t add_argument(char *text, size_t size, size_t used, piece argument, int language)
{
    size_t end = add(text, size, used, argument);
    for (size_t i = used + 1; language != ENGLISH && i + 1 < end; i++)
        if (text[i] == '.' && text[i - 1] >= '0' && text[i - 1] <= '9' && text[i + 1] >= '0' &&
            text[i + 1] <= '9')
            text[i] = ',';
    return end;
}

static void fill(const char *pattern, int language, const piece arguments[TJ_REASON_ARGUMENTS], char *text,
                 size_t size)
{
    size_t used = 0;
    assert(size > 0);
    text[0] = '\0';
    for (int a = 0; *pattern != '\0'; a++) {
        size_t plain = strcspn(pattern, "%");
        used = add(text, size, used, (piece){pattern, plain});
        pattern += plain;
        if (*pattern == '\0')
            return;
        assert(a < TJ_REASON_ARGUMENTS);
        used = add_argument(text, size, used, arguments[a], language);
        pattern += 2;
    }
}

static int begins(const char *text, piece with)
{
    return strncmp(text, with.text, with.length) == 0;
}

/* The role that `text` begins with, TJ_ROLES: none. */
static int role_at(const char *text)
{
    int role = 0;
    while (role < TJ_ROLES && !begins(text, piece_of(roles[role][ENGLISH])))
        role++;
    return role;
}

/* 1 where the sentence was made from the English pattern; its arguments, roles in `language`. */
static int is_made_from(const char *sentence, const char *pattern, int language,
                        piece arguments[TJ_REASON_ARGUMENTS])
{
    for (int a = 0;; a++) {
        size_t plain = strcspn(pattern, "%");
        if (!begins(sentence, (piece){pattern, plain}))
            return 0;
        sentence += plain;
        pattern += plain;
        if (*pattern == '\0')
            return *sentence == '\0';
        assert(a < TJ_REASON_ARGUMENTS);
        int role = pattern[1] == 'r' ? role_at(sentence) : TJ_ROLES;
        if (pattern[1] == 'r' && role == TJ_ROLES)
            return 0;
        pattern += 2;
        arguments[a] = (piece){sentence, strcspn(sentence, (char[]){*pattern, '\0'})};
        if (role < TJ_ROLES)
            arguments[a].length = strlen(roles[role][ENGLISH]);
        sentence += arguments[a].length;
        if (role < TJ_ROLES)
            arguments[a] = piece_of(roles[role][language]);
    }
}

const char *tj_reason_role(tj_role role)
{
    assert((unsigned)role < TJ_ROLES);
    return roles[role][ENGLISH];
}

void tj_reason_write(tj_reason reason, const char *const arguments[TJ_REASON_ARGUMENTS], char *text,
                     size_t size)
{
    piece pieces[TJ_REASON_ARGUMENTS];
    for (int a = 0; a < TJ_REASON_ARGUMENTS; a++)
        pieces[a] = piece_of(arguments[a] != NULL ? arguments[a] : "");
    assert((unsigned)reason < TJ_REASONS);
    fill(sentences[reason][ENGLISH], ENGLISH, pieces, text, size);
}

const char *tj_reason_say(const char *sentence, const char *language, char *text, size_t size)
{
    int to = strcmp(language, "fr") == 0 ? FRENCH : strcmp(language, "sv") == 0 ? SWEDISH : ENGLISH;
    for (int r = 0; r < TJ_REASONS && to != ENGLISH; r++) {
        piece arguments[TJ_REASON_ARGUMENTS];
        if (is_made_from(sentence, sentences[r][ENGLISH], to, arguments)) {
            fill(sentences[r][to], to, arguments, text, size);
            return text;
        }
    }
    return sentence;
}
