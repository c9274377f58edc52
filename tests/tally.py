"""Counts what the checks of pages and of the library claim, and ends them as tests end."""

import sys

held = broken = 0


def that(sentence, holds):
    global held, broken
    if holds:
        held += 1
    else:
        broken += 1
        print("not so:", sentence)


def finish():
    print(f"{held} passed, {broken} failed")
    sys.exit(broken > 0)
