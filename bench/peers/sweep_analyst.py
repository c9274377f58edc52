"""A sweep as analysts write it in NumPy: a loop over combinations, arrays over year and draw.

usage: sweep_analyst.py FOLDER, a folder of tj_bench_sweep's dump; requests on stdin (tables.serve)
"""
import sys

import numpy as np

from sweep_tables import Sweep, subset
from tables import serve


class Analyst(Sweep):
    def emissions(self, part, mask):
        product, values, blocks = part
        held = [first + s - 1 for first, s in ((first, subset(mask, bits)) for first, bits in blocks) if s]
        if not product:
            return values[held[0]] if held else values[0]
        result = values[0].copy()
        for variant in held:
            result *= values[variant]
        return result

    def sweep(self):
        rows = self.rows()
        for mask in range(self.combinations):
            at = 0
            for city in self.cities:
                total = sum(self.emissions(part, mask) for part in city.parts)
                for year, level in city.targets:
                    rows[at, mask] = (total[year] <= level).mean()
                    at += 1
                rows[at : at + city.years, mask] = total.mean(axis=-1)
                at += city.years
        self.last = rows
        return rows


if __name__ == "__main__":
    serve(Analyst(sys.argv[1]))
