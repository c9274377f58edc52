"""The same model as strong as we could make NumPy.

Cells are grouped by equal measure sets: whatever the packages, each cell is computed once for each distinct list of
effects. Shifts between carriers become one matrix product for a cell (BLAS); sums over sectors share their beginnings
between packages. Blocks of years keep every temporary in the second-level cache, and all operations are in place.

usage: strong.py FOLDER [PROCESSES]; requests on stdin (tables.serve)
"""
import multiprocessing
import sys

import numpy as np

from tables import ADD, INTENSITY, SCALE, SHIFT, TERRITORIAL, Tables, serve

PROBABILITIES = np.array((0.05, 0.25, 0.5, 0.75, 0.95))
BLOCK = 4  # years: a row of 1000 draws is 8 kB


class Variant:
    """One cell under one list of effects: factors on its base, by driver."""

    def __init__(self, strong, cell, effects):
        t = strong.t
        first = int(t.cells["drivers_first"][cell])
        self.plain, self.contests, self.added = {0: [], 1: []}, {0: [], 1: []}, {0: [], 1: []}
        groups = {}
        shifts = [e for e in effects if e["op"] == SHIFT]
        for e in effects:
            what = int(e["driver"]) - first
            if e["op"] == ADD:
                self.added[what].append(strong.pull(e))
            elif e["op"] == SCALE:
                groups.setdefault((what, int(e["overlap"])), []).append(strong.pull(e))
        for (what, group), pulls in groups.items():
            if group >= 0 and len(pulls) > 1:
                self.contests[what].append(pulls)
            else:
                self.plain[what] += pulls
        self.shifts = strong.shift_matrix(cell, shifts) if shifts else None


class City:
    """Cells, their variants, and which variant each package has."""

    def __init__(self, strong, city):
        t = strong.t
        self.city, self.first = city, int(t.last[city]) + 1 - t.first
        self.cells = [k for k in range(t.n_cells)
                      if t.cells["city"][k] == city and t.cells["account"][k] == TERRITORIAL]
        self.variants, chosen = [], []
        for k in self.cells:
            found, of_package = {}, []
            for p in range(t.n_packages):
                e = t.package_effects(p, city)
                e = e[(t.drivers["cell"][e["driver"]] == k) & (e["strength"] != 0)] if len(e) else e
                key = e.tobytes()
                if key not in found:
                    found[key] = (len(found), e)
                of_package.append(found[key][0])
            self.variants.append([Variant(strong, k, e) for _, e in found.values()])
            chosen.append(of_package)
        order = sorted(range(len(self.cells)), key=lambda i: len(self.variants[i]))
        self.cells = [self.cells[i] for i in order]
        self.variants = [self.variants[i] for i in order]
        self.chosen = [chosen[i] for i in order]
        self.sums()
        self.references = [[strong.references(k, b) for k in self.cells] for b in range(t.n_backgrounds)]

    def sums(self):
        """A program of additions: (to, from, cell, variant); packages end at self.end[package]."""
        nodes, self.steps, self.end = {}, [], []
        for p in range(len(self.chosen[0])):
            path, node = (), None
            for i, of_package in enumerate(self.chosen):
                path += (of_package[p],)
                if path not in nodes:
                    nodes[path] = len(nodes)
                    self.steps.append((nodes[path], node, i, of_package[p]))
                node = nodes[path]
            self.end.append(node)
        self.n_nodes = len(nodes)


class Strong:
    def __init__(self, folder):
        t = self.t = Tables(folder)
        self.cities = [City(self, c) for c in range(t.n_cities)]
        D = t.n_draws
        most = max(max(sum(map(len, c.variants)) for c in self.cities), 1)
        self.cell = np.empty((most, BLOCK, D))
        self.node = np.empty((max(c.n_nodes for c in self.cities), BLOCK, D))
        self.tmp, self.base = np.empty((BLOCK, D)), np.empty((BLOCK, D))
        self.x = np.empty((2, BLOCK, D))

    def pull(self, effect):
        """(ramp [year], magnitude * strength [draw] or a number, may it take more than there is?)"""
        t = self.t
        m = t.lanes(effect["magnitude"]) * t.strength(effect)
        r = t.row(int(effect["ramp"]))
        return r[:, None], m, bool(np.max(m) * r.max() > 1)

    def shift_matrix(self, cell, shifts):
        """Shifts as a matrix product: change of sum share * factor = coefficients [year, shift] @ m [shift, draw]."""
        t = self.t
        first, n = int(t.cells["drivers_first"][cell]), int(t.cells["n_carriers"][cell])
        share = [t.reference(first + 2 + f, 0) for f in range(n)]
        factor = [t.reference(first + 2 + n + f, 0) for f in range(n)]
        columns, rows, taken = [], [], {}
        for e in shifts:
            a, b = int(e["driver"]) - first - 2, int(e["to_driver"]) - first - 2
            ramp, m, _ = self.pull(e)
            columns.append(share[a] * ramp[:, 0] * (factor[b] * t.lanes(e["ratio"]) - factor[a]))
            rows.append(np.broadcast_to(m, t.n_draws))
            taken[a] = taken.get(a, 0) + np.max(m)
        if max(taken.values()) > 1 or t.n_backgrounds > 1 or share[0].ndim > 1:
            raise SystemExit("the strong peer knows shifts that leave something, under one background")
        return np.stack(columns, axis=1), np.ascontiguousarray(np.stack(rows))

    def references(self, cell, background):
        """(base [year or 1, draw], factor [year, 1], activity, intensity) without measures."""
        t = self.t
        record = t.cells[cell]
        first, n = int(record["drivers_first"]), int(record["n_carriers"])
        column = lambda x: x if x.ndim == 2 else x[:, None]
        drivers = [column(t.reference(first + i, background)) for i in (0, 1)]
        if record["method"] == INTENSITY:
            base = (t.constant[cell, background] * t.lanes(t.cities["level"][record["city"]]))[None]
            factor = sum(t.reference(first + 2 + f, background) * t.reference(first + 2 + n + f, background)
                         for f in range(n))
            return base, factor[:, None], *drivers
        return t.trend[cell, t.years], t.ratio(cell, background)[:, None], *drivers

    # ---- timed ----

    def apply(self, x, pulls, at, n):
        """x *= max(0, 1 - ramp * m) for each pull."""
        tmp = self.tmp[:n]
        for ramp, m, past in pulls:
            r = ramp[at : at + n]
            if not r.any():
                continue
            np.multiply(r, m, out=tmp)
            np.subtract(1, tmp, out=tmp)
            if past:
                np.maximum(tmp, 0, out=tmp)
            np.multiply(x, tmp, out=x)

    @staticmethod
    def contest(reference, pulls, at, n):
        sizes = np.stack([ramp[at : at + n] * m for ramp, m, _ in pulls])
        change = np.abs(reference * np.maximum(0, 1 - sizes) - reference)
        best = change.argmax(axis=0)
        return np.maximum(0, 1 - np.take_along_axis(sizes, best[None], axis=0)[0])

    def driver(self, x, reference, variant, what, at, n):
        """One driver under the variant's effects; returns x, or the reference where nothing acts."""
        if not (variant.plain[what] or variant.contests[what] or variant.added[what]):
            return reference
        np.copyto(x, reference)
        for pulls in variant.contests[what]:
            np.multiply(x, self.contest(reference, pulls, at, n), out=x)
        self.apply(x, variant.plain[what], at, n)
        for ramp, m, _ in variant.added[what]:
            np.add(x, ramp[at : at + n] * m, out=x)
        return x

    def emissions(self, city, background, at, n, out):
        """All variants of all cells in years at .. at + n - 1, to out[index, year, draw]."""
        index = 0
        for variants, (base, factor, *drivers) in zip(city.variants, city.references[background]):
            base = base if base.shape[0] == 1 else base[at : at + n]
            f = factor[at : at + n]
            scaled = np.multiply(base, f, out=self.base[:n])
            references = [d[at : at + n] for d in drivers]
            for v in variants:
                a, i = (self.driver(self.x[w, :n], references[w], v, w, at, n) for w in (0, 1))
                to = out[index, :n]
                if v.shifts is None:
                    np.multiply(scaled, a, out=to)
                else:
                    np.dot(v.shifts[0][at : at + n], v.shifts[1], out=to)
                    np.add(to, f, out=to)
                    np.multiply(to, base, out=to)
                    np.multiply(to, a, out=to)
                np.multiply(to, i, out=to)
                index += 1

    def add(self, city, n):
        """Totals of all packages, from the variants of their cells."""
        offset = np.cumsum([0] + [len(v) for v in city.variants])
        for to, parent, i, v in city.steps:
            x = self.cell[offset[i] + v, :n]
            if parent is None:
                np.copyto(self.node[to, :n], x)
            else:
                np.add(self.node[parent, :n], x, out=self.node[to, :n])

    def blocks(self, part=slice(None)):
        """Computes block after block; yields (city, background, first year, years)."""
        for city in self.cities[part]:
            for b in range(self.t.n_backgrounds):
                for at in range(city.first, self.t.n_projected, BLOCK):
                    n = min(BLOCK, self.t.n_projected - at)
                    self.emissions(city, b, at, n, self.cell)
                    self.add(city, n)
                    yield city, b, at, n

    def totals(self, part=slice(None)):
        for _ in self.blocks(part):
            pass

    def summarise(self, x):
        """Quantiles, mean and deviation of rows [.., draw]; each distinct row once."""
        D = x.shape[-1]
        h = (D - 1) * PROBABILITIES
        low = np.floor(h).astype(int)
        high = np.minimum(low + 1, D - 1)
        y = np.partition(x, np.unique(np.concatenate((low, high))), axis=-1)
        quantiles = y[..., low] + (h - low) * (y[..., high] - y[..., low])
        mean = x.mean(axis=-1)
        y = x - mean[..., None]
        return quantiles, mean, np.sqrt(np.einsum("...i,...i->...", y, y) / (D - 1))

    def statistics(self, part=slice(None)):
        for city, _, _, n in self.blocks(part):
            self.last = self.summarise(self.cell[: sum(map(len, city.variants)), :n])
            self.last = self.summarise(self.node[sorted(set(city.end)), :n])

    def write(self, path):
        t = self.t
        sizes = [t.n_projected - c.first for c in self.cities]
        begin = np.cumsum([0] + sizes)
        out = np.memmap(path, "<f8", "w+", shape=(t.n_backgrounds, t.n_packages, int(begin[-1]), t.n_draws))
        for city, b, at, n in self.blocks():
            y = begin[city.city] + at - city.first
            for p, node in enumerate(city.end):
                out[b, p, y : y + n] = self.node[node, :n]


class Processes:
    """The cities shared out over processes, each with the tables it inherits."""

    def __init__(self, strong, count):
        self.pipes = []
        parts = [slice(i, None, count) for i in range(count)]
        for part in parts:
            here, there = multiprocessing.Pipe()
            multiprocessing.get_context("fork").Process(target=self.work, args=(strong, part, there), daemon=True).start()
            self.pipes.append(here)

    @staticmethod
    def work(strong, part, pipe):
        while True:
            getattr(strong, pipe.recv())(part)
            pipe.send(None)

    def ask(self, verb):
        for pipe in self.pipes:
            pipe.send(verb)
        for pipe in self.pipes:
            pipe.recv()

    def totals(self):
        self.ask("totals")

    def statistics(self):
        self.ask("statistics")


if __name__ == "__main__":
    peer = Strong(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    serve(peer if count == 1 else Processes(peer, count))
