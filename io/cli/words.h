/* What the pages say, in the three languages of the project: one record a phrase. */
#ifndef TJ_IO_CLI_WORDS_H
#define TJ_IO_CLI_WORDS_H

/* Arguments of a phrase are numbered where languages order them differently. */
typedef enum tj_phrase {
    TJ_SAY_PACKAGE,
    TJ_SAY_TARGETS,      /* heading of the probabilities */
    TJ_SAY_NOT_ASSESSED, /* before a list */
    TJ_SAY_SINCE,        /* year: heading of a column with changes */
    TJ_SAY_LINE,         /* what the curve shows: package, interval */
    TJ_SAY_LEGEND,       /* interval */
    TJ_SAY_IN_SHORT,     /* heading of the verdicts: background */
    TJ_SAY_VERDICT,      /* city, target, probability, package */
    TJ_SAY_BEST,         /* package, probability */
    TJ_SAY_BEST_SAME,    /* no package is better */
    TJ_SAY_NO_VERDICT,   /* city */
    TJ_SAY_REDUCTION,    /* percent, year */
    TJ_SAY_REMAINING,    /* percent, base, year */
    TJ_SAY_NEUTRAL,      /* percent, year */
    TJ_SAY_BACKGROUND,   /* label */
    TJ_SAY_OTHER,        /* other backgrounds: names */
    TJ_SAY_RUN,          /* draws, seed */
    TJ_SAY_BASELINE,     /* before a list: package */
    TJ_SAY_CHANCES,      /* heading of the probabilities of all cities: largest standard error */
    TJ_SAY_IN_FULL,      /* how to see the pages that a table stands for */
    TJ_SAY_IN_FULL_BARE, /* the same where these have no targets */
    TJ_SAY_INTERVALS,    /* what a table of medians and intervals shows: interval */
    TJ_SAY_DETAIL,       /* what the columns of targets in detail show: interval */
    TJ_SAY_DETAIL_FEW,   /* of which packages, and how to see all */
    TJ_SAY_ERRORS,       /* what ± means */
    TJ_SAY_SHARPNESS,    /* largest standard errors: percent of medians, of interval ends, points of change */
    TJ_SAY_UNITS,        /* headings of physical results, by kind */
    TJ_SAY_SALES,
    TJ_SAY_RENOVATED,
    TJ_SAY_RETIRED,
    TJ_SAY_ENERGY,
    TJ_SAY_SCOPE2,
    TJ_SAY_FACTOR,
    TJ_SAY_METHANE_ROW,
    TJ_SAY_KAPPA,
    TJ_SAY_MEDIANS,         /* what a table of medians shows: interval */
    TJ_SAY_EACH_YEAR,       /* first and last year; begins a sentence */
    TJ_SAY_NEW,             /* before what is sold in a year */
    TJ_SAY_FLOOR_RENOVATED, /* before the floor that is renovated in a year */
    TJ_SAY_EARLY,           /* where, years, how many a year */
    TJ_SAY_NO_PHYSICAL,     /* nothing to show */
    TJ_SAY_COUNTS, /* cities, sectors, measures, packages, backgrounds, first, last year, draws, targets */
    TJ_SAY_ORIGIN, /* before the table of data quality: base year */
    TJ_SAY_MINUS,  /* heading of a comparison: two packages, interval */
    TJ_SAY_SCORES, /* headings of a hindcast's tables: of all scores */
    TJ_SAY_SCORES_AHEAD,
    TJ_SAY_PINBALL,
    TJ_SAY_PLACES_HIT,
    TJ_SAY_LEFT_OUT, /* how many origins of a country were not known well enough */
    TJ_PHRASES
} tj_phrase;

/* The phrase in "en", "fr" or "sv". */
const char *tj_say(tj_phrase phrase, const char *language);

/* The heading of a table's column, or a word in its cells, that is English in the code; itself where it is not in
 * the list. */
const char *tj_say_heading(const char *heading, const char *language);

#endif
