#!/usr/bin/python3
"""Draws docs/images/nine-cities.svg from a result of scenarios/alliance.

    trajekt run scenarios/alliance -o results.h5
    python3 docs/images/make_pictures.py results.h5 docs/images

Needs h5py only. Every city is drawn as a share of its own base year, draw by draw, so that a base that is not
measured widens the bands as it should. Years without an inventory have no point: a gap stays a gap.
"""

import math
import sys
from xml.sax.saxutils import escape

import h5py

BACKGROUND = "current-policies"
PACKAGES = [("everything", "#00796b", True), ("reference", "#555555", False)]  # a filled band, or dashed edges
TARGETS = ["sweden-2045", "france-law-2015"]  # one national benchmark a city, on all of its emissions
MEASURED, BACKCAST, ASSUMED = 1, 2, 3  # values of emissions_total_status

COLUMNS, PANEL_W, PANEL_H = 3, 300, 190
LEFT, TOP, GAP_X, GAP_Y = 52, 92, 26, 52
Y_MAX = 1.5  # of the base year; what is above is cut, and the caption says so
FONT = "font-family='Helvetica, Arial, sans-serif'"


def words(dataset):
    return [text.decode() for text in dataset[:]]


class Panel:
    """One city: a plot area that knows its scales and collects its SVG."""

    def __init__(self, x, y, years):
        self.x, self.y, self.first, self.last = x, y, years[0], years[-1]
        self.out = []
        self.cut = False  # something lies above the panel

    def px(self, year):
        return self.x + (year - self.first) / (self.last - self.first) * PANEL_W

    def py(self, share):
        self.cut = self.cut or share > Y_MAX
        return self.y + PANEL_H * (1 - min(share, Y_MAX) / Y_MAX)

    def points(self, pairs):
        return " ".join(f"{self.px(year):.1f},{self.py(share):.1f}" for year, share in pairs)

    def text(self, x, y, text, size=11, anchor="start", fill="#444", weight="normal"):
        self.out.append(f"<text x='{x:.1f}' y='{y:.1f}' {FONT} font-size='{size}' text-anchor='{anchor}' "
                        f"font-weight='{weight}' fill='{fill}'>{escape(text)}</text>")

    def frame(self, label, note):
        for percent in (0, 50, 100, 150):
            y = self.py(percent / 100)
            self.out.append(f"<line x1='{self.x}' x2='{self.x + PANEL_W}' y1='{y:.1f}' y2='{y:.1f}' "
                            f"stroke='{'#999' if percent in (0, 100) else '#ddd'}' stroke-width='0.8'/>")
            self.text(self.x - 6, y + 4, f"{percent} %", 10, "end", "#777")
        for year in (1990, 2010, 2030, 2050):
            self.text(self.px(year), self.y + PANEL_H + 14, str(year), 10, "middle", "#777")
        self.text(self.x, self.y - 9, label, 14, weight="bold", fill="#111")
        self.text(self.x + PANEL_W, self.y - 9, note, 10, "end", "#777")

    def edge(self, years, values, colour):
        """A dashed line, left out where it is above the panel."""
        run = []
        self.cut = self.cut or any(1 + value > Y_MAX for value in values)
        for year, value in list(zip(years, values)) + [(None, math.inf)]:
            if 1 + value <= Y_MAX:
                run.append((year, 1 + value))
            elif len(run) > 1:
                self.out.append(f"<polyline points='{self.points(run)}' fill='none' stroke='{colour}' "
                                "stroke-dasharray='3 3'/>")
                run = []

    def band(self, years, low, high, colour):
        up = [(year, 1 + value) for year, value in zip(years, high)]
        down = [(year, 1 + value) for year, value in zip(years, low)]
        self.out.append(f"<polygon points='{self.points(up + down[::-1])}' fill='{colour}' fill-opacity='0.22'/>")

    def line(self, years, middle, colour):
        pairs = [(year, 1 + value) for year, value in zip(years, middle)]
        self.out.append(f"<polyline points='{self.points(pairs)}' fill='none' stroke='{colour}' stroke-width='2.2'/>")

    def history(self, year, low, middle, high, status):
        x, y = self.px(year), self.py(1 + middle)
        if high - low > 0.005:
            self.out.append(f"<line x1='{x:.1f}' x2='{x:.1f}' y1='{self.py(1 + low):.1f}' "
                            f"y2='{self.py(1 + high):.1f}' stroke='#111' stroke-width='1'/>")
        fill = "#111" if status == MEASURED else "#fff"
        if status == BACKCAST:
            self.out.append(f"<path d='M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5-5z' fill='{fill}' stroke='#111' "
                            "stroke-width='1.3'/>")
        else:
            self.out.append(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='3.4' fill='{fill}' stroke='#111' "
                            "stroke-width='1.3'/>")

    def target(self, year, share):
        x, y = self.px(year), self.py(share)
        self.out.append(f"<path d='M{x - 7:.1f} {y:.1f}h14M{x:.1f} {y - 7:.1f}v14' stroke='#c62828' stroke-width='2.4'/>")


def draw_city(results, city, panel):
    years = [int(year) for year in results["year"][:]]
    quantile = [round(float(q), 6) for q in results["quantile"][:]]
    low, middle, high = (quantile.index(q) for q in (0.05, 0.5, 0.95))
    background = words(results["background_id"]).index(BACKGROUND)
    change = results["change_since_base_quantile"]
    status = results["emissions_total_status"][city]
    last = int(results["city_last_inventory_year"][city])
    base_year = int(results.attrs["base_year"])
    packages = words(results["package_id"])

    base = results["emissions_total_quantile"][background, 0, city, years.index(base_year), middle] / 1000
    about = "" if status[years.index(base_year)] == MEASURED else "about "
    tonnes = f"{base:,.0f}".replace(",", "\u202f")
    panel.frame(results["city_label_en"][city].decode(), f"{base_year}: {about}{tonnes} kt CO2e")
    after = [i for i, year in enumerate(years) if year >= last]
    for name, colour, filled in PACKAGES:
        q = change[background, packages.index(name), city]
        if filled:
            panel.band([years[i] for i in after], q[after, low], q[after, high], colour)
        else:
            panel.edge([years[i] for i in after], q[after, low], colour)
            panel.edge([years[i] for i in after], q[after, high], colour)
    for name, colour, _ in PACKAGES:
        panel.line([years[i] for i in after], change[background, packages.index(name), city][after, middle], colour)
    for i, year in enumerate(years):
        if status[i] in (MEASURED, BACKCAST, ASSUMED):
            q = change[background, 0, city, i]
            panel.history(year, q[low], q[middle], q[high], status[i])
    for t, name in enumerate(words(results["target_name"])):
        value = float(results["target_value"][t])
        if name in TARGETS and results["target_city"][t] == results["city_id"][city] and not math.isnan(value):
            panel.target(int(results["target_year"][t]), 1 - value)


def legend(results, height, cut):
    panel = Panel(LEFT, 0, [0, 1])
    labels = dict(zip(words(results["package_id"]), words(results["package_label_en"])))
    panel.text(LEFT, 24, "Emissions of nine cities against their own 1990, under current national policies", 17,
               fill="#111", weight="bold")
    x = LEFT
    for name, colour, filled in PACKAGES:
        panel.out.append(f"<line x1='{x}' x2='{x + 30}' y1='47' y2='47' stroke='{colour}' stroke-width='2.2'/>")
        panel.out.append(f"<rect x='{x}' y='39' width='30' height='16' fill='{colour}' fill-opacity='0.22'/>" if filled
                         else f"<path d='M{x} 40h30M{x} 54h30' stroke='{colour}' stroke-dasharray='3 3'/>")
        panel.text(x + 36, 51, f"{labels[name]}: median, 90 % of futures", 11)
        x += 300 if filled else 260
    marks = [(lambda p, x: p.out.append(f"<circle cx='{x}' cy='47' r='3.4' fill='#111'/>"), "measured", 74),
             (lambda p, x: p.out.append(f"<circle cx='{x}' cy='47' r='3.4' fill='#fff' stroke='#111' "
                                        "stroke-width='1.3'/>"), "assumed", 72),
             (lambda p, x: p.out.append(f"<path d='M{x} 42l5 5l-5 5l-5-5z' fill='#fff' stroke='#111' "
                                        "stroke-width='1.3'/>"), "back-cast", 80),
             (lambda p, x: p.out.append(f"<path d='M{x - 7} 47h14M{x} 40v14' stroke='#c62828' "
                                        "stroke-width='2.4'/>"), "national target", 90)]
    for mark, text, step in marks:
        mark(panel, x)
        panel.text(x + 12, 51, text, 11)
        x += step + 10
    draws, seed = int(results.attrs["draws"]), results.attrs["seed"]
    seed = seed.decode() if isinstance(seed, bytes) else seed
    panel.text(LEFT, height - 12, f"scenarios/alliance, background {BACKGROUND}, {draws} draws, seed {seed}. Points are "
               "inventories, with the 90 % interval where 1990 itself is uncertain." +
               (f" Bands above {100 * Y_MAX:.0f} % are cut." if cut else ""), 10, fill="#777")
    return panel.out


def main(result, folder):
    with h5py.File(result, "r") as results:
        years = [int(year) for year in results["year"][:]]
        cities = len(results["city_id"])
        rows = -(-cities // COLUMNS)
        width = LEFT + COLUMNS * (PANEL_W + GAP_X + 28)
        height = TOP + rows * (PANEL_H + GAP_Y) + 16
        body, cut = [], False
        for city in range(cities):
            x = LEFT + city % COLUMNS * (PANEL_W + GAP_X + 28)
            panel = Panel(x, TOP + city // COLUMNS * (PANEL_H + GAP_Y) + 8, years)
            draw_city(results, city, panel)
            body += panel.out
            cut = cut or panel.cut
        body = legend(results, height, cut) + body
    with open(f"{folder}/nine-cities.svg", "w", encoding="utf-8") as out:
        out.write(f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{width}' "
                  f"height='{height}'>\n<rect width='100%' height='100%' fill='#fff'/>\n" + "\n".join(body) + "\n</svg>\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
