"""The tables that tj_bench dumps, read for the peers: what both need and neither times."""
import os
import sys
import time

import numpy as np

SCALE, SHIFT, ADD = 0, 1, 3
TREND, INTENSITY = 0, 1
TERRITORIAL = 0
FACTORS = ("eligible", "adherence")


class Tables:
    """A plan's tables; lanes(term) is a term's value in every draw, or one number."""

    def __init__(self, folder):
        for name in ("cities", "cells", "drivers", "effects", "slices", "terms", "numbers", "draws", "trend", "constant"):
            setattr(self, name, np.load(os.path.join(folder, name + ".npy"), mmap_mode=None))
        settings = np.load(os.path.join(folder, "settings.npy"))[0]
        for name in ("n_years", "n_backgrounds", "n_packages", "n_cities", "n_cells"):
            setattr(self, name, int(settings[name]))
        self.n_draws = self.draws.shape[1] if self.draws.size else self.trend.shape[2]
        self.last = self.cities["last_inventory"].astype(int)
        self.first = int(self.last.min()) + 1  # first year index that any city projects
        self.years = slice(self.first, self.n_years)
        self.n_projected = self.n_years - self.first
        used = np.unique(self.effects["op"])
        if not set(used) <= {SCALE, SHIFT, ADD}:
            raise SystemExit("the peers know the operators scale, shift and add only")

    def lanes(self, term):
        return self.draws[term["param"]] if term["param"] >= 0 else float(term["value"])

    def row(self, at):
        """A table by year that begins at number `at`, in the projected years."""
        return self.numbers[at + self.first : at + self.n_years]

    def reference(self, driver, background):
        """A driver's path without measures: [year] or [year, draw]."""
        d = self.drivers[driver]
        if d["reference"] != 0:
            raise SystemExit("the peers know reference paths by table only")
        city = self.cells["city"][d["cell"]]
        at = int(d["path"]) + background * self.n_years
        path, start = self.row(at), self.numbers[at + self.last[city]]
        spread = self.lanes(d["spread"])
        if isinstance(spread, float):
            return path if spread == 1 else start + (path - start) * spread
        return start + (path - start)[:, None] * spread

    def ratio(self, cell, background):
        return self.row(int(self.cells["ratio"][cell]) + background * self.n_years)

    def strength(self, effect):
        """strength * eligible * adherence * (1 - rebound) * synergies: a number or [draw]."""
        k = effect["strength"]
        for name in FACTORS:
            k = k * self.lanes(effect[name])
        k = k * (1 - self.lanes(effect["rebound"]))
        for i in range(effect["factors_first"], effect["factors_first"] + effect["factors_count"]):
            k = k * self.lanes(self.terms[i])
        return k

    def package_effects(self, package, city):
        s = self.slices[package * self.n_cities + city]
        return self.effects[s["first"] : s["first"] + s["count"]]


def serve(peer):
    """Answers bench/run's requests, one a line, as tj_bench serve does."""
    for line in sys.stdin:
        verb, *rest = line.split()
        begin = time.perf_counter()
        if verb == "write":
            peer.write(rest[0])
        else:
            getattr(peer, verb)()
        print(f"{time.perf_counter() - begin:.9f}", flush=True)
