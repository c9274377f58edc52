#!/usr/bin/env python3
"""Writes a study of any size, for bench/run: cities x 12 sectors x 10 carriers, 24 measures, random packages.

usage: make_study.py FOLDER CITIES PACKAGES DRAWS
"""
import os
import random
import sys

SECTORS, CARRIERS, MEASURES, LAST, HORIZON = 12, 10, 24, 2020, 2050


def study(cities, packages, draws):
    r = random.Random(2031)
    sectors = [f"s{i:02d}" for i in range(SECTORS)]
    carriers = [f"f{i}" for i in range(CARRIERS)]
    names = [f"c{i:03d}" for i in range(cities)]
    measures = [f"m{i:02d}" for i in range(MEASURES)]
    label = "{en: made}"
    yield "study.yaml", f"""trajekt: 1
title: {{en: made for measuring}}
base_year: 1990
horizon: {HORIZON}
gwp: AR5
reference_package: p0000
draws: {draws}
seed: 1
design: monte-carlo
quantiles: [5 %, 25 %, 50 %, 75 %, 95 %]
"""
    yield "cities.yaml", "countries:\n  ZZZ: {label: %s}\ncities:\n" % label + "".join(
        f"  {c}: {{label: {c}, country: ZZZ}}\n" for c in names)
    yield "sectors.yaml", "sectors:\n" + "".join(
        f"  {s}: {{label: {label}, account: territorial, method: intensity, carriers: [{', '.join(carriers)}]}}\n"
        for s in sectors)
    head = "city,year,sector,gas,scope,value,unit,quality,gwp,edition,boundary,source\n"
    yield "inventory.csv", head + "".join(
        f"{c},{y},{s},co2e,1,{r.uniform(20, 200):.3f},kt CO2e,measured,AR5,,,made\n"
        for c in names for s in sectors for y in (1990, LAST))
    rows = ["city,driver,kind,year,value,unit,path,spread,quality,source\n"]
    for s in sectors:
        for y in (LAST, HORIZON):
            later = y > LAST
            rows.append(f"*,{s}.activity,year,{y},{1.1 if later else 1},1,,,assumed,made\n")
            rows.append(f"*,{s}.intensity,year,{y},{0.8 if later else 1},MWh,,,assumed,made\n")
            for i, f in enumerate(carriers):
                share = 10 + (i - (CARRIERS - 1) / 2) * (0.4 if later else 0)
                rows.append(f"*,{s}.carrier.{f},year,{y},{share:.10g},%,,,assumed,made\n")
        for i, f in enumerate(carriers):
            rows.append(f"*,{s}.factor.{f},constant,,{0.35 - 0.035 * i:.4g},t CO2e/MWh,,,assumed,made\n")
    yield "drivers.csv", "".join(rows)
    yield "backgrounds.yaml", f"backgrounds:\n  current-policies: {{label: {label}, paths: {{}}}}\n"
    text = ["measures:\n"]
    for i, m in enumerate(measures):
        text.append(f"  {m}:\n    label: {label}\n    theme: made\n    ramp: {{shape: linear, start: "
                    f"{2021 + i % 5}, years: {5 + i % 9}}}\n    eligible: {40 + i} %\n    why: made\n"
                    "    quality: assumed\n    source: made\n    effects:\n")
        for s in r.sample(sectors, 3):
            size = r.uniform(5, 25)
            magnitude = f"{{triangular: {{low: {size / 2:.3f} %, mode: {size:.3f} %, high: {size * 1.5:.3f} %}}}}"
            if i % 3 == 2:
                a, b = sorted(r.sample(range(CARRIERS), 2))
                text.append(f"      - {{driver: {s}.carrier.f{a}, shift: {magnitude}, to: {s}.carrier.f{b}, "
                            "ratio: 1 1}\n")
            else:
                text.append(f"      - {{driver: {s}.{('activity', 'intensity')[i % 3]}, scale: {magnitude}}}\n")
    yield "measures.yaml", "".join(text)
    text = ["packages:\n", f"  p0000: {{label: {label}, measures: []}}\n"]
    for p in range(1, packages):
        chosen = [m for m in measures if r.random() < 0.5] or measures[:1]
        text.append(f"  p{p:04d}: {{label: {label}, measures: [{', '.join(chosen)}]}}\n")
    yield "packages.yaml", "".join(text)


def main():
    folder, cities, packages, draws = sys.argv[1], *map(int, sys.argv[2:])
    os.makedirs(folder, exist_ok=True)
    for name, text in study(cities, packages, draws):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
