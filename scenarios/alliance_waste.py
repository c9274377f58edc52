"""Landfills of scenarios/alliance: deposits since 1950 and what the waste sector emits besides.

Imported by make_alliance.py. A Swedish member's series is split by what fits it best: methane of deposits that
follow the nation's, by first-order decay (IPCC 2006, volume 5), and a constant. A French city's is its last value
less the nation's waste water and treatment a head. docs/data.md says how well that fits.
"""
import math

from alliance_fleets import FRENCH, LAST, MEMBERS, PERSONS, SWEDES, between, constant, country_of, follow, row, short, triangular

HALF_LIFE, DDOC = 7.5, 0.094  # years; of a tonne of mixed waste: DOC 0.19, half of it decomposes (sectors.yaml)
OXIDATION, METHANE_SHARE, CH4 = 0.1, 0.5, 28
FIRST, HORIZON = 1950, 2050
FIT_FROM = 2005  # gas was collected, and little was deposited

# t of mixed degradable and other waste deposited, a head and year; straight between.
DEPOSITED = {
    "SWE": {1950: 0.10, 1970: 0.30, 1980: 0.36, 1990: 0.32, 1994: 0.30, 2000: 0.19, 2002: 0.17, 2005: 0.05, 2010: 0.012,
            2024: 0.006, 2050: 0.003},
    "FRA": {1950: 0.10, 1970: 0.28, 1990: 0.45, 2000: 0.42, 2010: 0.31, 2016: 0.28, 2022: 0.24, 2035: 0.13, 2050: 0.10},
}
# Gas collected over gas made; the years after H are national paths (backgrounds.yaml).
COLLECTED = {
    "SWE": {1985: 0.0, 1990: 0.06, 2000: 0.25, 2005: 0.32, 2010: 0.32, 2024: 0.25},
    "FRA": {1990: 0.10, 2000: 0.30, 2010: 0.40, 2016: 0.45, 2023: 0.48},
}
FRENCH_BESIDES = 0.046  # t CO2e a head: waste water, composting, burning without use of the heat
DEPOSIT_SOURCE = {
    "SWE": "Judged from Avfall Sverige and SCB, waste to landfill: combustible banned in 2002, organic in 2005; scaled to "
           "the member's inventory of 2005 to 2024",
    "FRA": "Judged from ADEME, waste to landfill; scaled to the city's last inventory",
}
BESIDES_SOURCE = {
    "SWE": "What of the member's waste sector does not decay, fitted to 2005-2024; the change to 2050 is judged",
    "FRA": "Judged: a fifth of the nation's waste sector (14.5 Mt in 2016) is waste water, composting and burning, a head",
}
LATER = {"SWE": 0.85, "FRA": 0.85}  # of that, in 2050


def methane(country, last):
    """Year -> t CO2e a head of what the nation's deposits emit."""
    left, pile, out = math.exp(-math.log(2) / HALF_LIFE), 0.0, {}
    for year in range(FIRST, last + 1):
        gas = pile * (1 - left) * METHANE_SHARE * 16 / 12
        out[year] = gas * (1 - between(COLLECTED[country], year)) * (1 - OXIDATION) * CH4
        pile = pile * left + between(DEPOSITED[country], year) * DDOC
    return out


def fit(series):
    """Scale of the curve and constant of least squares, neither below 0."""
    curve = methane("SWE", max(series))
    pairs = [(curve[year], value) for year, value in series.items() if year >= FIT_FROM]
    n, sum_f, sum_x = len(pairs), sum(f for f, _ in pairs), sum(x for _, x in pairs)
    squares, products = sum(f * f for f, _ in pairs), sum(f * x for f, x in pairs)
    scale = max(0.0, (n * products - sum_f * sum_x) / (n * squares - sum_f**2))
    besides = (sum_x - scale * sum_f) / n
    return (products / squares, 0.0) if besides < 0 else (scale, besides)


def swedish(rows):
    """City -> (persons whose deposits it has, t CO2e besides)."""
    series = {}
    for r in rows("se_member_cities_ned2026.csv"):
        if r["sector"] == "waste_wastewater":
            series.setdefault(MEMBERS[r["municipality"]], {})[int(r["year"])] = float(r["tonnes_co2e"])
    return {city: fit(values) for city, values in series.items()}


def french(inventory):
    out = {}
    for city in FRENCH:
        besides = FRENCH_BESIDES * PERSONS[city]
        curve = methane("FRA", LAST[city])[LAST[city]]
        out[city] = (max(0.0, inventory[city, LAST[city]] - besides) / curve, besides)
    return out


def deposit_rows(city, scale):
    country, last = country_of(city), LAST[city]
    years = [y for y in DEPOSITED[country] if y < last] + [last]
    text = DEPOSIT_SOURCE[country]
    lines = [[city, "waste", "", "deposit", y, "", short(round(scale * between(DEPOSITED[country], y), 1)), "t", "assumed", text]
             for y in years]
    later = [last] + [y for y in DEPOSITED[country] if y > last]
    drivers = [row(city, "waste.deposit", "year", y, short(round(scale * between(DEPOSITED[country], y), 1)), "t/year", "",
                   triangular(0.5, 1, 1.4) if y == last else None, "assumed", text) for y in later]
    return lines, drivers


def waste(rows, inventory):
    """Rows of fleets.csv and of drivers.csv; `inventory` is t CO2e of the waste sector by (city, year)."""
    lines, drivers = [], []
    for city, (scale, besides) in (swedish(rows) | french(inventory)).items():
        more, paths = deposit_rows(city, scale)
        lines += more
        drivers += paths
        country = country_of(city)
        for year, value in ((LAST[city], besides), (HORIZON, besides * LATER[country])):
            drivers.append(row(city, "waste.other", "year", year, short(round(value)), "t CO2e/year", "",
                               1.2 if year == LAST[city] else None, "assumed", BESIDES_SOURCE[country]))
    for country in ("SWE", "FRA"):
        drivers.append(follow(country, "waste.recovery", "landfill-recovery", triangular(0.3, 1, 1.4)))
    drivers.append(constant("*", "waste.oxidation", 10, "%", "IPCC 2006, vol. 5, table 3.2: covered with soil"))
    return lines, drivers
