/* What the pages say; see words.h. */
#include "io/cli/words.h"

#include <assert.h>
#include <string.h>

typedef struct phrase {
    const char *en, *fr, *sv;
} phrase;

static const phrase phrases[TJ_PHRASES] = {
    [TJ_SAY_PACKAGE] = {"Package", "Programme", "Åtgärdspaket"},
    [TJ_SAY_TARGETS] = {"Probability of each target, in % of futures, ± its standard error",
                        "Probabilité d'atteindre chaque objectif, en % des futurs, ± son erreur type",
                        "Sannolikhet att nå varje mål, i % av framtiderna, ± standardfel"},
    [TJ_SAY_NOT_ASSESSED] = {"Not assessable:", "Non évaluables :", "Kan inte bedömas:"},
    [TJ_SAY_SINCE] = {"since %d", "depuis %d", "sedan %d"},
    [TJ_SAY_LINE] = {"Curves: years that have data, then the median under %s; dots: %.0f %% of futures.",
                     "Courbes : années renseignées, puis médiane avec %s ; points : %.0f %% des futurs.",
                     "Kurvor: år med data, sedan median med %s; punkter: %.0f %% av framtiderna."},
    [TJ_SAY_LEGEND] =
        {"Medians, with the %.0f %% interval in brackets.  ° back-cast  ~ assumed  † partial: "
         "something that belongs to the total is absent",
         "Médianes, et intervalle à %.0f %% entre crochets.  ° rétropolé  ~ supposé  † partiel : "
         "il manque une partie du total",
         "Medianer, med %.0f-procentigt intervall inom klammer.  ° bakåträknat  ~ antaget  "
         "† ofullständigt: något som hör till summan saknas"},
    [TJ_SAY_IN_SHORT] = {"In short (%s)", "En bref (%s)", "I korthet (%s)"},
    [TJ_SAY_VERDICT] = {"%1$s: reaches %2$s in %3$s of futures under %4$s",
                        "%1$s : atteint %2$s dans %3$s des futurs avec %4$s",
                        "%1$s: når %2$s i %3$s av framtiderna med %4$s"},
    [TJ_SAY_BEST] = {"; the best package, %s, in %s.", " ; le meilleur programme, %s, dans %s.",
                     "; det bästa paketet, %s, i %s."},
    [TJ_SAY_BEST_SAME] = {"; no package does better.", " ; aucun programme ne fait mieux.",
                          "; inget paket når längre."},
    [TJ_SAY_NO_VERDICT] = {"%s: no target that the data can judge.",
                           "%s : aucun objectif que les données permettent d'évaluer.",
                           "%s: inget mål som kan bedömas med data."},
    [TJ_SAY_REDUCTION] = {"−%s %% by %d", "−%s %% en %d", "−%s %% till %d"},
    [TJ_SAY_REMAINING] = {"%1$s %% of %3$d by %2$d", "%1$s %% de %3$d en %2$d", "%1$s %% av %3$d till %2$d"},
    [TJ_SAY_NEUTRAL] = {"net zero (at least −%1$s %%) by %2$d", "la neutralité (au moins −%1$s %%) en %2$d",
                        "nettonoll (minst −%1$s %%) till %2$d"},
    [TJ_SAY_BACKGROUND] = {"Background: %s", "Contexte : %s", "Bakgrund: %s"},
    [TJ_SAY_OTHER] = {"Other backgrounds in the file (--background): %s",
                      "Autres contextes dans le fichier (--background) : %s",
                      "Andra bakgrunder i filen (--background): %s"},
    [TJ_SAY_RUN] = {"%s draws, seed %s", "%s tirages, graine %s", "%s dragningar, frö %s"},
    [TJ_SAY_BASELINE] = {"Part of the doubt about a target that is not knowing its base year (%s):",
                         "Part du doute sur un objectif due à l'année de référence mal connue (%s) :",
                         "Del av osäkerheten om ett mål som beror på att basåret inte är känt (%s):"},
    [TJ_SAY_SHARPNESS] =
        {"Monte Carlo standard errors: medians up to ±%s %%, interval ends ±%s %%, change ±%s points.",
         "Erreurs types de Monte-Carlo : médianes jusqu'à ±%s %%, bornes ±%s %%, évolution ±%s point.",
         "Monte Carlo-fel: medianer upp till ±%s %%, intervallgränser ±%s %%, förändring ±%s enheter."},
    [TJ_SAY_UNITS] = {"In use at the end of the year", "En service en fin d'année", "I bruk vid årets slut"},
    [TJ_SAY_SALES] = {"New in the year", "Nouveaux dans l'année", "Nya under året"},
    [TJ_SAY_RENOVATED] = {"Floor renovated", "Surface rénovée", "Renoverad yta"},
    [TJ_SAY_RETIRED] = {"Left before worn out", "Retirés avant l'usure", "Ur bruk i förtid"},
    [TJ_SAY_ENERGY] = {"Energy", "Énergie", "Energi"},
    [TJ_SAY_SCOPE2] = {"Emissions of networks that are used (scope 2)",
                       "Émissions des réseaux utilisés (scope 2)",
                       "Utsläpp från de nät som används (scope 2)"},
    [TJ_SAY_FACTOR] = {"Emissions of what the network delivers", "Émissions de la chaleur livrée",
                       "Utsläpp från det som nätet levererar"},
    [TJ_SAY_METHANE_ROW] = {"Methane", "Méthane", "Metan"},
    [TJ_SAY_KAPPA] = {"κ: inventory over model in the last inventory year",
                      "κ : inventaire sur modèle, dernière année d'inventaire",
                      "κ: inventering genom modell, senaste inventeringsår"},
    [TJ_SAY_MEDIANS] = {"Medians; behind the last year its %.0f %% interval.",
                        "Médianes ; après la dernière année, son intervalle à %.0f %%.",
                        "Medianer; efter sista året dess intervall på %.0f %%."},
    [TJ_SAY_EACH_YEAR] = {"Each year from %d to %d, on average:", "Chaque année de %d à %d, en moyenne :",
                          "Varje år från %d till %d, i genomsnitt:"},
    [TJ_SAY_NEW] = {"new:", "nouveaux :", "nya:"},
    [TJ_SAY_FLOOR_RENOVATED] = {"Renovated:", "Rénovés :", "Renoverat:"},
    [TJ_SAY_EARLY] =
        {"%1$s: demand falls faster than they wear out in %2$s; about %3$s a year leave early.",
         "%1$s : la demande baisse plus vite qu'ils ne s'usent en %2$s ; environ %3$s par an sont "
         "retirés avant l'heure.",
         "%1$s: efterfrågan faller snabbare än de slits ut %2$s; omkring %3$s om året tas ur bruk "
         "i förtid."},
    [TJ_SAY_NO_PHYSICAL] = {"No sector of these cities has physical results.",
                            "Aucun secteur de ces villes n'a de résultats physiques.",
                            "Ingen sektor i dessa städer har fysiska resultat."},
    [TJ_SAY_COUNTS] =
        {"No errors. %d cities, %d sectors, %zu measures, %d packages, %d backgrounds, %d to %d, %d "
         "draws;\ntargets applied to cities: %d assessed, %d not assessable.",
         "Aucune erreur. %d villes, %d secteurs, %zu mesures, %d programmes, %d contextes, %d à %d, %d "
         "tirages ;\nobjectifs appliqués aux villes : %d évalués, %d non évaluables.",
         "Inga fel. %d städer, %d sektorer, %zu åtgärder, %d paket, %d bakgrunder, %d till %d, %d "
         "dragningar;\nmål tillämpade på städer: %d bedömda, %d kan inte bedömas."},
    [TJ_SAY_ORIGIN] =
        {"Where the emissions come from, %% of CO2e in the base year %d, and in the last inventory year:",
         "D'où viennent les émissions, %% du CO2e l'année de référence %d, et la dernière année "
         "d'inventaire :",
         "Varifrån utsläppen kommer, %% av CO2e under basåret %d och under senaste inventeringsår:"},
    [TJ_SAY_MINUS] =
        {"%s minus %s, t CO2e a year, draw by draw: %.0f %% interval, mean, share of futures in which "
         "the first is lower",
         "%s moins %s, t CO2e par an, tirage par tirage : intervalle à %.0f %%, moyenne, part des futurs "
         "où le premier est plus bas",
         "%s minus %s, t CO2e om året, dragning för dragning: intervall på %.0f %%, medel, andel "
         "framtider där det första är lägre"},
    [TJ_SAY_SCORES] =
        {"Errors of the logarithm of the total: 0.1 is about 10 %. CRPS is the mean error of a whole "
         "distribution;\nof what happened, 50 and 90 % should lie in the intervals.",
         "Erreurs du logarithme du total : 0,1 fait environ 10 %. Le CRPS est l'erreur moyenne d'une "
         "distribution entière ;\nde ce qui s'est produit, 50 et 90 % devraient tomber dans les intervalles.",
         "Fel i summans logaritm: 0,1 är omkring 10 %. CRPS är det genomsnittliga felet för en hel "
         "fördelning;\nav det som hände bör 50 och 90 % ligga i intervallen."},
    [TJ_SAY_SCORES_AHEAD] = {"By years ahead.", "Par échéance, en années.", "Efter antal år framåt."},
    [TJ_SAY_PINBALL] = {"Pinball loss by quantile.", "Perte quantile (pinball), par quantile.",
                        "Kvantilförlust (pinball), per kvantil."},
    [TJ_SAY_PLACES_HIT] =
        {"Where in its distribution each value fell (a tenth in each is right).",
         "Où chaque valeur est tombée dans sa distribution (un dixième dans chaque classe est juste).",
         "Var i sin fördelning varje värde hamnade (en tiondel i varje är rätt)."},
    [TJ_SAY_LEFT_OUT] =
        {"Origins left out, since too few places of a country (or no national series) were known: %zu.",
         "Origines laissées de côté, trop peu de lieux d'un pays (ou aucune série nationale) étant connus : "
         "%zu.",
         "Utgångsår som utelämnats, då för få platser i ett land (eller ingen nationell serie) var kända: "
         "%zu."},
    [TJ_SAY_CHANCES] =
        {"Probability of each city's main target, in %% of futures (standard errors up to ±%s)",
         "Probabilité d'atteindre l'objectif principal, en %% des futurs (erreurs types jusqu'à ±%s)",
         "Sannolikhet att nå varje stads huvudmål, i %% av framtiderna (standardfel upp till ±%s)"},
    [TJ_SAY_IN_FULL] =
        {"A city in full, with its curve and all its targets: --city NAME; every city: --full",
         "Une ville en entier, avec sa courbe et tous ses objectifs : --city NOM ; toutes : --full",
         "En stad i sin helhet, med kurva och alla mål: --city NAMN; alla städer: --full"},
    [TJ_SAY_IN_FULL_BARE] = {"A city in full, with its curve: --city NAME; every city: --full",
                             "Une ville en entier, avec sa courbe : --city NOM ; toutes : --full",
                             "En stad i sin helhet, med kurva: --city NAMN; alla städer: --full"},
    [TJ_SAY_INTERVALS] = {"Medians, with the %.0f %% interval in brackets. Of more than three packages: the "
                          "reference, the first, and "
                          "the one that reaches the city's main target most often, or that leaves least.  ° "
                          "back-cast  ~ assumed  "
                          "† partial: something that belongs to the total is absent",
                          "Médianes, et intervalle à %.0f %% entre crochets. Au-delà de trois programmes : "
                          "la référence, le premier, et "
                          "celui qui atteint le plus souvent l'objectif principal de la ville, ou qui laisse "
                          "le moins.  ° rétropolé  "
                          "~ supposé  † partiel : il manque une partie du total",
                          "Medianer, med %.0f-procentigt intervall inom klammer. Av fler än tre paket: "
                          "referensen, det första, och det "
                          "som oftast når stadens huvudmål, eller lämnar minst kvar.  ° bakåträknat  ~ "
                          "antaget  † ofullständigt: något "
                          "som hör till summan saknas"},
    [TJ_SAY_DETAIL] =
        {"Gap: median of what is emitted in the target's year above what it allows (below 0: met), with the "
         "%.0f %% interval in brackets, and in %% of the base year; of a budget in all, in %% of the budget; "
         "of a path at its last milestone, though all must be met. Met from: the median first year from "
         "which it is met for good, in the futures in which it ever is; never: in how many it is not. "
         "Overshoot: mean of what is emitted until the target's year above its path (of net zero: above the "
         "path of the cut that it asks for at least), in all.",
         "Écart : médiane de ce qui est émis l'année visée au-delà de ce que l'objectif permet (sous 0 : "
         "atteint), avec l'intervalle à %.0f %% entre crochets, et en %% de l'année de référence ; d'un "
         "budget "
         "en tout, en %% du budget ; d'une trajectoire à sa dernière étape, bien que toutes doivent être "
         "tenues. Atteint dès : médiane de la première année à partir de laquelle il l'est durablement, dans "
         "les futurs où il l'est ; jamais : part des futurs où il ne l'est pas. Excédent : moyenne de ce qui "
         "est émis jusqu'à l'année visée au-delà de sa trajectoire (neutralité : de celle de la baisse "
         "minimale), en tout.",
         "Gap: median av utsläppen under målåret utöver vad målet tillåter (under 0: nått), med "
         "%.0f-procentigt intervall inom klammer, och i %% av basåret; för en budget totalt, i %% av "
         "budgeten; "
         "för en bana vid dess sista delmål, fast alla ska nås. Nås från: median av det första år från "
         "vilket "
         "målet nås varaktigt, i de framtider där det nås; aldrig: andel framtider där det inte nås. "
         "Överskott: medel av utsläppen fram till målåret över målets bana (nettonoll: över banan för den "
         "minsta minskningen), totalt."},
    [TJ_SAY_DETAIL_FEW] = {"Of more than three packages: the reference, the first, and the one that meets "
                           "the target most often, or comes "
                           "nearest; all of them: --full, or --city NAME.",
                           "Au-delà de trois programmes : la référence, le premier, et celui qui atteint le "
                           "plus souvent l'objectif, ou s'en "
                           "approche le plus ; tous : --full, ou --city NOM.",
                           "Av fler än tre paket: referensen, det första, och det som oftast når målet, "
                           "eller kommer närmast; alla: "
                           "--full eller --city NAMN."},
    [TJ_SAY_ERRORS] = {"± is the Monte Carlo standard error: how far another seed would move the number.",
                       "± est l'erreur type de Monte-Carlo : ce dont une autre graine déplacerait le nombre.",
                       "± är Monte Carlo-felet: hur mycket ett annat frö skulle flytta talet."},
};

const char *tj_say(tj_phrase what, const char *language)
{
    assert((unsigned)what < TJ_PHRASES);
    const phrase *p = &phrases[what];
    return strcmp(language, "fr") == 0 ? p->fr : strcmp(language, "sv") == 0 ? p->sv : p->en;
}

/* Headings of tables and words in their cells. */
static const phrase headings[] = {
    {"City", "Ville", "Stad"},
    {"Background", "Contexte", "Bakgrund"},
    {"Package", "Programme", "Paket"},
    {"Target", "Objectif", "Mål"},
    {"Year", "Année", "År"},
    {"measured", "mesuré", "uppmätt"},
    {"back-cast", "rétropolé", "bakåträknat"},
    {"assumed", "supposé", "antaget"},
    {"last", "dernière", "senaste"},
    {"rows", "lignes", "rader"},
    {"from", "depuis", "från"},
    {"pairs", "paires", "par"},
    {"low, t", "bas, t", "låg, t"},
    {"median, t", "médiane, t", "median, t"},
    {"high, t", "haut, t", "hög, t"},
    {"mean, t", "moyenne, t", "medel, t"},
    {"± s.e.", "± err. type", "± medelfel"},
    {"lower in", "plus bas dans", "lägre i"},
    {"alone, %", "seul, %", "ensamt, %"},
    {"in all, %", "en tout, %", "totalt, %"},
    {"due to", "dû à", "på grund av"},
    {"package", "programme", "paket"},
    {"cost, EUR", "coût, EUR", "kostnad, EUR"},
    {"over the target, EUR", "au-dessus de l'objectif, EUR", "över målet, EUR"},
    {"mean loss, EUR", "perte moyenne, EUR", "medelförlust, EUR"},
    {"worth, EUR", "valeur, EUR", "värde, EUR"},
    {"by chance", "par hasard", "av slump"},
    {"knowing", "savoir", "att veta"},
    {"probability", "probabilité", "sannolikhet"},
    {"gap", "écart", "gap"},
    {"gap, %", "écart, %", "gap, %"},
    {"met from", "atteint dès", "nås från"},
    {"never", "jamais", "aldrig"},
    {"overshoot", "excédent", "överskott"},
    {"of budget", "du budget", "av budget"},
    {"Origin", "Origine", "Utgångsår"},
    {"ahead", "échéance", "år framåt"},
    {"Forecast", "Prévision", "Prognos"},
    {"all", "toutes", "alla"},
    {"mean |e|", "|e| moyen", "medel |e|"},
    {"median", "médiane", "median"},
    {"bias", "biais", "bias"},
    {"in 50 %", "dans 50 %", "i 50 %"},
    {"in 90 %", "dans 90 %", "i 90 %"},
    {"width 50", "larg. 50", "bredd 50"},
    {"width 90", "larg. 90", "bredd 90"},
    {"persistence", "persistance", "oförändrat"},
    {"linear", "linéaire", "linjär"},
    {"exponential", "exponentielle", "exponentiell"},
    {"exponential-all", "expon., tout", "expon., alla"},
};

const char *tj_say_heading(const char *heading, const char *language)
{
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        if (strcmp(headings[i].en, heading) == 0)
            return strcmp(language, "fr") == 0   ? headings[i].fr
                   : strcmp(language, "sv") == 0 ? headings[i].sv
                                                 : heading;
    return heading;
}
