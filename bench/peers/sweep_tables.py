"""The inputs of a sweep that tj_bench_sweep dumps, and the order of the results; read for both peers, and not timed."""
import json
import os

import numpy as np


class City:
    """years, draws; parts: arrays [variant, year, draw] and their blocks; targets: (year, level by draw)."""

    def __init__(self, record, data, draws):
        self.years = record["years"]
        self.parts = []
        for part in record["parts"]:
            shape = (part["variants"], self.years, draws)
            values = data[part["offset"] : part["offset"] + int(np.prod(shape))].reshape(shape)
            self.parts.append((bool(part["product"]), values, [(b["first"], b["bits"]) for b in part["blocks"]]))
        self.targets = [(t["year"], data[t["offset"] : t["offset"] + draws]) for t in record["targets"]]


class Sweep:
    def __init__(self, folder):
        with open(os.path.join(folder, "index.json"), encoding="utf-8") as file:
            index = json.load(file)
        data = np.fromfile(os.path.join(folder, "data.bin"))
        self.draws, self.measures = index["draws"], index["measures"]
        self.cities = [City(record, data, self.draws) for record in index["cities"]]
        self.combinations = 1 << self.measures

    def rows(self):
        """An array [slot, combination] to fill: of each city its targets' probabilities, then its years' means."""
        return np.empty((sum(len(c.targets) + c.years for c in self.cities), self.combinations))

    def write(self, path):
        self.sweep().tofile(path)


def subset(mask, bits):
    return sum((mask >> bit & 1) << i for i, bit in enumerate(bits))
