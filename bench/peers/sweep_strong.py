"""A sweep as strong as we could make it in NumPy.

Parts of a city that share measures are tabulated together, each subset once, by outer products and sums; means are sums
of the tables' means. A total is a high row plus a low row. In each draw the low rows are ranked once, so that a verdict
is the comparison of two 16-bit numbers: the rank of the low row and the number of low rows that the high row leaves room for.

usage: sweep_strong.py FOLDER, a folder of tj_bench_sweep's dump; requests on stdin (tables.serve)
"""
import sys

import numpy as np

from sweep_tables import Sweep, subset
from tables import serve

LOW = 8  # bits


class Strong(Sweep):
    def __init__(self, folder):
        super().__init__(folder)
        masks = np.arange(self.combinations)
        self.groups = [self.group(city) for city in self.cities]
        self.number = {}  # positions of a set of bits in every combination
        for groups in self.groups:
            for bits, _ in groups:
                self.number[tuple(bits)] = subset(masks, bits)

    @staticmethod
    def group(city):
        """Parts that share measures: (bits, parts), the bits of each ascending."""
        groups = []
        for part in city.parts:
            bits = {bit for _, own in part[2] for bit in own}
            joined = [g for g in groups if g[0] & bits]
            groups = [g for g in groups if not g[0] & bits]
            groups.append((bits.union(*(g[0] for g in joined)), [p for g in joined for p in g[1]] + [part]))
        fixed = [p for bits, parts in groups if not bits for p in parts]
        groups = [(sorted(bits), parts) for bits, parts in groups if bits]
        if groups:
            groups[0][1].extend(fixed)
        else:
            groups = [([], fixed)]
        return groups

    # ---- timed ----

    @staticmethod
    def table(part, year):
        """[2^bits, draw] of one part over its own bits, and the bits: every product has a common beginning."""
        product, values, blocks = part
        if not blocks:
            return [], values[:1, year]
        if not product:
            return blocks[0][1], values[:, year]
        bits, result = [], values[:1, year]
        for first, own in blocks:
            factors = values[first : first + (1 << len(own)) - 1, year]
            result = np.concatenate([result, (factors[:, None] * result[None]).reshape(-1, result.shape[1])])
            bits = bits + own
        return bits, result

    def tabulate(self, bits, parts, year):
        """The sum of the parts for every subset of the group's bits."""
        total = np.zeros((1 << len(bits), self.draws))
        order = np.arange(1 << len(bits))
        for part in parts:
            own, table = self.table(part, year)
            total += table[subset(order, [bits.index(bit) for bit in own])]
        return total

    def split(self, tables):
        """(bits, [2^n, draw]) of the high and of the low part, sums by outer addition."""
        sides = [[], np.zeros((1, self.draws))], [[], np.zeros((1, self.draws))]
        for bits, table in sorted(tables, key=lambda t: len(t[0])):
            side = sides[1] if len(sides[1][0]) + len(bits) <= LOW else sides[0]
            side[1] = (table[:, None] + side[1][None]).reshape(-1, self.draws)
            side[0] = side[0] + list(bits)
        return sides

    def probabilities(self, tables, level):
        (high_bits, high), (low_bits, low) = self.split(tables)
        order = np.argsort(low, axis=0, kind="stable")
        rank = np.empty(low.shape, np.int16)
        np.put_along_axis(rank, order, np.arange(len(low), dtype=np.int16)[:, None], axis=0)
        ascending = np.ascontiguousarray(np.take_along_axis(low, order, axis=0).T)
        room = np.subtract(level, high)
        number = np.empty(high.shape, np.int16)
        for d in range(self.draws):
            number[:, d] = np.searchsorted(ascending[d], room[:, d], side="right")
        counts, met = np.empty((len(high), len(low))), np.empty(rank.shape, bool)
        for a in range(len(high)):
            np.less(rank, number[a], out=met)
            counts[a] = np.count_nonzero(met, axis=1)
        return low_bits + high_bits, counts.ravel() / self.draws

    def sweep(self):
        rows, at, masks = self.rows(), 0, np.arange(self.combinations)
        for city, groups in zip(self.cities, self.groups):
            tables = [[(bits, self.tabulate(bits, parts, year)) for bits, parts in groups] for year in range(city.years)]
            for year, level in city.targets:
                bits, p = self.probabilities(tables[year], level)
                rows[at] = p[subset(masks, bits)]
                at += 1
            for year in range(city.years):
                rows[at] = sum(table.mean(axis=1)[self.number[tuple(bits)]] for bits, table in tables[year])
                at += 1
        self.last = rows
        return rows


if __name__ == "__main__":
    serve(Strong(sys.argv[1]))
