"""The model as analysts write it in NumPy: arrays over city, sector, year and draw, a loop over packages.

usage: analyst.py FOLDER, a folder of tj_bench dump; requests on stdin (tables.serve)
"""
import sys

import numpy as np

from tables import ADD, INTENSITY, SCALE, SHIFT, TERRITORIAL, Tables, serve

PROBABILITIES = (0.05, 0.25, 0.5, 0.75, 0.95)


class Analyst:
    def __init__(self, folder):
        t = self.t = Tables(folder)
        self.cell = {}
        for k in range(t.n_cells):
            if t.cells["account"][k] == TERRITORIAL:
                self.cell[int(t.cells["city"][k]), int(t.cells["sector"][k])] = k
        self.sectors = sorted({s for _, s in self.cell})
        self.carriers = max(int(t.cells["n_carriers"][k]) for k in self.cell.values())
        self.shape = (t.n_cities, len(self.sectors), t.n_projected, t.n_draws)
        self.levels = [np.asarray(t.lanes(t.cities["level"][c])) for c in range(t.n_cities)]
        self.scenarios = [self.scenario(b) for b in range(t.n_backgrounds)]
        self.packages = [self.library(p) for p in range(t.n_packages)]

    def scenario(self, background):
        """Arrays of one background: base, the references of activity, intensity and carriers."""
        t, (C, S, Y, D) = self.t, self.shape
        base, activity, intensity = np.zeros(self.shape), np.ones((C, S, Y, D)), np.ones((C, S, Y, D))
        share, factor = np.zeros((C, S, self.carriers, Y, 1)), np.zeros((C, S, self.carriers, Y, 1))
        for (c, s), k in self.cell.items():
            i, cell = self.sectors.index(s), t.cells[k]
            first, n = int(cell["drivers_first"]), int(cell["n_carriers"])
            if cell["method"] == INTENSITY:
                base[c, i] = t.constant[k, background] * self.levels[c]
                for f in range(n):
                    share[c, i, f, :, 0] = t.reference(first + 2 + f, background)
                    factor[c, i, f, :, 0] = t.reference(first + 2 + n + f, background)
            else:
                base[c, i] = np.nan_to_num(t.trend[k, t.years]) * t.ratio(k, background)[:, None]
            for to, d in ((activity, first), (intensity, first + 1)):
                path = t.reference(d, background)
                to[c, i] = path if path.ndim == 2 else path[:, None]
            base[c, i, : t.last[c] + 1 - t.first] = 0
        return base, activity, intensity, share, factor

    def target(self, driver):
        """(sector index, what: 0 activity, 1 intensity, 2 + f carrier f) of a driver, or None."""
        k = int(self.t.drivers["cell"][driver])
        s = int(self.t.cells["sector"][k])
        if self.t.cells["account"][k] != TERRITORIAL:
            return None
        return self.sectors.index(s), int(driver) - int(self.t.cells["drivers_first"][k])

    def library(self, package):
        """The package's effects, one for each (measure, operator, driver): arrays over cities."""
        t, (C, S, Y, D) = self.t, self.shape
        found = {}
        for c in range(C):
            for e in t.package_effects(package, c):
                place = self.target(e["driver"])
                if place is None or e["strength"] == 0:
                    continue
                to = self.target(e["to_driver"])[1] if e["op"] == SHIFT else -1
                key = (place, int(e["measure"]), int(e["op"]), to)
                if key not in found:
                    found[key] = {"magnitude": np.zeros((C, 1, D)), "strength": np.zeros((C, 1, D)),
                                  "ramp": np.zeros((C, Y, 1)), "group": int(e["overlap"])}
                effect = found[key]
                effect["magnitude"][c, 0] = t.lanes(e["magnitude"])
                effect["strength"][c, 0] = t.strength(e)
                effect["ramp"][c, :, 0] = t.row(int(e["ramp"]))
        for effect in found.values():
            if np.ptp(effect["strength"], axis=2).max() == 0:
                effect["strength"] = effect["strength"][:, :, :1].copy()
        return sorted(found.items())

    # ---- timed ----

    @staticmethod
    def contest(effects, reference):
        """Inside an overlap group only the largest effect on a driver counts."""
        pull = np.stack([e["magnitude"] * (e["strength"] * e["ramp"]) for e in effects])
        change = np.abs(reference * np.maximum(0, 1 - pull) - reference)
        best = change.argmax(axis=0)
        return [np.where(best == i, p, 0) for i, p in enumerate(pull)]

    def driver(self, x, effects):
        """Applies scales, then additions, to x [city, year, draw]."""
        groups = {}
        for _, effect in effects:
            groups.setdefault(effect["group"], []).append(effect)
        reference, plain = x.copy(), groups.pop(-1, [])
        for group in groups.values():
            if len(group) == 1:
                plain = plain + group
                continue
            for pull in self.contest(group, reference):
                x *= np.maximum(0, 1 - pull)
        for effect in plain:
            x *= np.maximum(0, 1 - effect["magnitude"] * (effect["strength"] * effect["ramp"]))

    def additions(self, x, effects):
        for _, effect in effects:
            x += effect["magnitude"] * (effect["strength"] * effect["ramp"])

    def shifts(self, share, effects):
        """share [city, carrier, year, draw]: all is taken before anything arrives."""
        taken = np.zeros_like(share)
        pulls = []
        for ((_, what), _, _, to), effect in effects:
            w = np.clip(effect["strength"] * effect["ramp"], 0, 1)
            pulls.append((what - 2, to - 2, effect["magnitude"] * w))
            taken[:, what - 2] += pulls[-1][2]
        moved = [(to, share[:, f] * (pull / np.maximum(1, taken[:, f]))) for f, to, pull in pulls]
        share *= np.maximum(0, 1 - taken)
        for to, amount in moved:
            share[:, to] += amount

    def emissions(self, background, package):
        """E [city, sector, year, draw] of one package."""
        base, activity, intensity, share, factor = self.scenarios[background]
        effects = self.packages[package]
        activity, intensity = activity.copy(), intensity.copy()
        for s in range(self.shape[1]):
            for what, x in ((0, activity), (1, intensity)):
                here = [e for e in effects if e[0][0] == (s, what)]
                self.driver(x[:, s], [e for e in here if e[0][2] == SCALE])
                self.additions(x[:, s], [e for e in here if e[0][2] == ADD])
        emissions = base * (activity * intensity)
        if self.carriers == 0:
            return emissions
        share = np.broadcast_to(share, share.shape[:-1] + (self.shape[3],)).copy()
        for s in range(self.shape[1]):
            here = [e for e in effects if e[0][0][0] == s and e[0][2] == SHIFT]
            if here:
                self.shifts(share[:, s], here)
        return emissions * (share * factor).sum(axis=2)

    def each(self):
        for b in range(self.t.n_backgrounds):
            for p in range(self.t.n_packages):
                yield self.emissions(b, p)

    def totals(self):
        for emissions in self.each():
            self.last = emissions.sum(axis=1)

    def statistics(self):
        for emissions in self.each():
            total = emissions.sum(axis=1)
            self.last = [(np.quantile(x, PROBABILITIES, axis=-1), x.mean(axis=-1), x.std(axis=-1, ddof=1))
                         for x in (emissions, total)]

    def write(self, path):
        with open(path, "wb") as file:
            for emissions in self.each():
                total = emissions.sum(axis=1)
                for c in range(self.t.n_cities):
                    total[c, self.t.last[c] + 1 - self.t.first :].tofile(file)


if __name__ == "__main__":
    serve(Analyst(sys.argv[1]))
