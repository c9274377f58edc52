#!/usr/bin/env python3
"""Makes the CSV files of scenarios/alliance, scenarios/alliance-trend and scenarios/pools/pool.csv from raw tables.

    make_alliance.py RAW_FOLDER

Only the standard library. The YAML files of the study are written by hand. docs/data.md says where each
raw table comes from and why each step is taken; nothing here draws a number at random, so running it
again on the same tables gives the same files.
"""
import csv
import math
import sys
from functools import partial
from pathlib import Path

from alliance_fleets import DEGREE_DAYS, fleets, wander
from alliance_waste import waste

HERE = Path(__file__).resolve().parent
STUDY = HERE / "alliance"
TREND = HERE / "alliance-trend"  # takes what it can from STUDY
POOLS = HERE / "pools"

NED_SECTORS = {
    "transport": "transport",
    "own_heating_buildings": "buildings",
    "electricity_district_heating": "energy",
    "industry": "industry",
    "work_machinery": "machinery",
    "product_use": "product-use",
    "agriculture": "agriculture",
    "waste_wastewater": "waste",
    "international_transport": "international-transport",
}
NED_FIRST_INTERNATIONAL = 2023  # before, the source prints zeros: the series was not kept

SWEDISH = {  # name in the tables -> identifier, boundary
    "Göteborg": ("goteborg", "municipality 1480"),
    "Borås": ("boras", "municipality 1490"),
    "Linköping": ("linkoping", "municipality 0580"),
    "Umeå": ("umea", "municipality 2480"),
}
SWEDISH_ASCII = {"Goteborg": "goteborg", "Boras": "boras", "Linkoping": "linkoping", "Umea": "umea"}
FRENCH = {
    "Grenoble": ("grenoble", "Grenoble-Alpes Métropole (EPCI 200040715)"),
    "La Rochelle": ("la-rochelle", "CA de La Rochelle (EPCI 241700434)"),
    "Montpellier": ("montpellier", "Montpellier Méditerranée Métropole (EPCI 243400017)"),
    "Saint-Brieuc": ("saint-brieuc", "Saint-Brieuc Armor Agglomération (EPCI 200069409)"),
    "Strasbourg": ("strasbourg", "Eurométropole de Strasbourg (EPCI 246700488)"),
}
FRENCH_ORDER = ["transport", "buildings", "energy", "industry", "agriculture", "waste"]
RARE_SECTORS = {  # regional observatory -> sectors of the study
    "road_transport": "transport",
    "other_transport": "transport",
    "residential": "buildings",
    "tertiary": "buildings",
    "energy_branch": "energy",
    "industry_excl_energy": "industry",
    "agriculture": "agriculture",
    "waste": "waste",
}
IGT_SECTORS = {  # ADEME's territorial inventory 2016 -> sectors of the study
    "routier": "transport",
    "autres_transports": "transport",
    "residentiel": "buildings",
    "tertiaire": "buildings",
    "energie": "energy",
    "industrie_hors_energie": "industry",
    "agriculture": "agriculture",
    "dechets": "waste",
}
EDGAR_SERIES = {
    "Transport": "transport",
    "Buildings": "buildings",
    "Power Industry": "power-industry",
    "Other industrial combustion": "industrial-combustion",
    "Other sectors": "other",
}
EDGAR_OF = {
    "transport": "transport",
    "buildings": "buildings",
    "energy": "power-industry",
    "industry": "industrial-combustion",
    "agriculture": "other",
    "waste": "other",
}
# Metropolitan France, INSEE, rounded to the precision that a proxy deserves.
FRANCE_PERSONS = {2016: 64.5e6, 2017: 64.6e6, 2021: 65.5e6}

INVENTORY = "city year sector gas scope value unit quality gwp edition boundary source".split()


def rows(raw, name):
    with open(raw / name, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path, header, lines, comments):
    with open(path, "w", encoding="utf-8", newline="") as file:
        for comment in comments:
            file.write(f"# {comment}\n")
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(lines)


def tonnes(value):
    return f"{value:.2f}".rstrip("0").rstrip(".")


def line(city, year, sector, value, quality, gwp, edition, boundary, source):
    text = value if isinstance(value, str) else tonnes(value)
    return [city, year, sector, "co2e", 1, text, "t CO2e", quality, gwp, edition, boundary, source]


# Sweden ---------------------------------------------------------------------------------------------


def swedish_inventory(raw):
    source = "Nationella emissionsdatabasen (SMHI for the county administrative boards)"
    lines = []
    for r in rows(raw, "se_member_cities_ned2026.csv"):
        city, boundary = SWEDISH[r["municipality"]]
        sector, year = NED_SECTORS[r["sector"]], int(r["year"])
        value = float(r["tonnes_co2e"])
        if sector == "international-transport" and year < NED_FIRST_INTERNATIONAL:
            value = "NE"
        lines.append(line(city, year, sector, value, "measured", "AR5", "NED 2026", boundary, source))
    return lines


def swedish_national(raw):
    """The 2025 edition: the one of the pool, and the one that has 2016, from which French members back-cast."""
    source = "Nationella emissionsdatabasen, edition 2025, national sum"
    return [
        ["SWE", int(r["year"]), NED_SECTORS[r["sector"]], tonnes(float(r["tonnes_co2e"])), "t CO2e", source]
        for r in rows(raw, "se_national_sectors_ned.csv")
        if r["vintage"] == "NED2025" and r["sector"] != "international_transport"
    ]


def pool(raw):
    return [
        ["SWE", r["municipality"], int(r["year"]), NED_SECTORS[r["sector"]], tonnes(float(r["tonnes_co2e"])), "t CO2e"]
        for r in rows(raw, "se_peer_municipalities_ned2025.csv")
        if r["sector"] != "international_transport"
    ]


# France ---------------------------------------------------------------------------------------------


def edgar(raw):
    return {
        (EDGAR_SERIES[r["sector"]], int(r["year"])): float(r["mt_co2e"]) * 1e6
        for r in rows(raw, "national_ghg_sectors_edgar7.csv")
        if r["gwp"] == "AR5" and r["iso3"] == "FRA"
    }


def summed(table, names):
    out = {}
    for key, value in table:
        if key in names:
            out[names[key]] = out.get(names[key], 0.0) + value
    return out


def strasbourg(raw):
    """Sector values by year, t CO2e."""
    table = rows(raw, "fr_strasbourg_sectors_rare.csv")
    return {
        year: summed(
            [(r["sector"], float(r["value"]) * 1e3) for r in table if r["quantity"] == "ghg" and int(r["year"]) == year],
            RARE_SECTORS,
        )
        for year in (2015, 2019)
    }


def persons(raw, city, year):
    for r in rows(raw, "population_cities.csv"):
        if r["city"] == city and int(r["year"]) == year and r["boundary"] in ("EPCI", "EPCI_2026_perimeter"):
            return float(r["population"])
    raise SystemExit(f"no EPCI population of {city} in {year}")


def finding(raw, city, sector, year=""):
    for r in rows(raw, "fr_cities_found.csv"):
        if r["city"] == city and r["sector"] == sector and r["year"] == str(year):
            return float(r["value"])
    raise SystemExit(f"nothing found on {city}, {sector}, {year}")


def share_of_nation(raw, city, year):
    return persons(raw, city, year) / FRANCE_PERSONS[year]


def strasbourg_factors(raw, national, inventory):
    """Known over proxy for each sector in 2016, between the observatory's 2015 and 2019."""
    share = share_of_nation(raw, "Strasbourg", 2016)
    return {
        s: (0.75 * inventory[2015][s] + 0.25 * inventory[2019][s]) / (national[s] * share) for s in FRENCH_ORDER
    }


def grenoble(raw, national, factors, series):
    """Sectors of 2005, 2016 and 2021.

    Known: the totals, transport of 2016, the changes 2005-2016 of the total and of four sectors. Energy,
    agriculture and waste are Strasbourg-like (small) and held constant before 2016. That leaves two unknowns,
    industry and buildings in 2016, and two equations: the totals of 2016 and of 2005.
    """
    place = "Grenoble"
    now = finding(raw, place, "total", 2016)
    before = now / (1 + finding(raw, place, "change_2005_2016_total", 2016) / 100)
    change = {s: 1 + finding(raw, place, f"change_2005_2016_{s}", 2016) / 100
              for s in ("industry", "residential", "tertiary", "transport")}
    houses, offices = national["_residential"], national["_tertiary"]
    change["buildings"] = (houses + offices) / (houses / change["residential"] + offices / change["tertiary"])
    share = share_of_nation(raw, place, 2017)
    y16 = {s: national[s] * share * factors[s] for s in ("energy", "agriculture", "waste")}
    small = sum(y16.values())
    y16["transport"] = now * finding(raw, place, "transport_per_capita", 2016) / finding(raw, place, "total_per_capita", 2016)
    rest16 = now - y16["transport"] - small
    rest05 = before - y16["transport"] / change["transport"] - small
    a, b = 1 / change["buildings"], 1 / change["industry"]
    y16["industry"] = (rest05 - a * rest16) / (b - a)
    y16["buildings"] = rest16 - y16["industry"]
    y05 = {s: v / change.get(s, 1.0) for s, v in y16.items()}
    y21 = {s: v * series[EDGAR_OF[s], 2021] / series[EDGAR_OF[s], 2016] for s, v in y16.items()}
    fit = finding(raw, place, "total", 2021) * 1e3 / sum(y21.values())
    return {2005: y05, 2016: y16, 2021: {s: v * fit for s, v in y21.items()}}


def shared_factors(raw, national, strasbourg_f, grenoble_2016):
    """Geometric mean of the two known cities where both are known, and the spread of their logarithms."""
    share = share_of_nation(raw, "Grenoble", 2017)
    factors, squares = dict(strasbourg_f), []
    for s in ("transport", "buildings", "industry"):
        other = grenoble_2016[s] / (national[s] * share)
        factors[s] = math.sqrt(strasbourg_f[s] * other)
        squares.append(math.log(strasbourg_f[s] / other) ** 2 / 2)
    return factors, math.sqrt(sum(squares) / len(squares))


def warmth(city):
    """Heat of a city's buildings against that of the two whose factor it takes: a fifth does not depend on the climate."""
    heat = {c: 0.2 + 0.8 * days for c, days in DEGREE_DAYS.items()}
    return heat[FRENCH[city][0]] / math.sqrt(heat["grenoble"] * heat["strasbourg"])


def proxies(raw, national, factors):
    """Sectors of 2016 for the members without an inventory."""
    out = {}
    for city in ("La Rochelle", "Montpellier", "Saint-Brieuc"):
        share = share_of_nation(raw, city, 2021)
        out[city] = {s: national[s] * share * factors[s] for s in FRENCH_ORDER}
        out[city]["buildings"] *= warmth(city)
    farm = finding(raw, "Saint-Brieuc", "share_agriculture") / 100
    town = out["Saint-Brieuc"]
    town["agriculture"] = farm / (1 - farm) * sum(v for s, v in town.items() if s != "agriculture")
    # La Rochelle: farmland around a town; between the metropolis and Saint-Brieuc for want of a figure.
    rural = town["agriculture"] / (national["agriculture"] * share_of_nation(raw, "Saint-Brieuc", 2021))
    out["La Rochelle"]["agriculture"] *= math.sqrt(rural / factors["agriculture"])
    # Montpellier: buildings and transport are 76 % of its emissions; industry is what that leaves.
    south = out["Montpellier"]
    part = finding(raw, "Montpellier", "share_buildings_plus_transport") / 100
    rest = (south["buildings"] + south["transport"]) * (1 / part - 1)
    south["industry"] = rest - south["energy"] - south["agriculture"] - south["waste"]
    return out


def french_tables(raw):
    igt = [(r["sector"], float(r["t_co2e"])) for r in rows(raw, "fr_igt2016_national_sector_totals.csv")]
    national = summed(igt, IGT_SECTORS)
    national["_residential"], national["_tertiary"] = dict(igt)["residentiel"], dict(igt)["tertiaire"]
    known = strasbourg(raw)
    own = strasbourg_factors(raw, national, known)
    alps = grenoble(raw, national, own, edgar(raw))
    factors, spread = shared_factors(raw, national, own, alps[2016])
    tables = {"Strasbourg": known, "Grenoble": alps}
    tables |= {city: {2016: values} for city, values in proxies(raw, national, factors).items()}
    return tables, factors, spread


FRENCH_SOURCES = {
    "Strasbourg": ("RARE 2015/2019", "Regional observatory of Grand Est, second-hand"),
    "Grenoble": ("application and observatory letters",
                 "Totals, transport and changes stated by the metropolis; other sectors inferred (docs/data.md)"),
    "La Rochelle": ("proxy 2016", "ADEME IGT 2016 by population with factors of two cities (docs/data.md)"),
    "Montpellier": ("proxy 2016", "ADEME IGT 2016 by population with factors of two cities (docs/data.md)"),
    "Saint-Brieuc": ("proxy 2016", "ADEME IGT 2016 by population with factors of two cities (docs/data.md)"),
}


AR5_CH4 = 28
ENTERIC = {"Saint-Brieuc": 0.42}  # of farm emissions; manure (29 %) is methane and nitrous oxide in parts not stated


def enteric(name, sector):
    """Share of a sector's emissions that is known to be methane."""
    return ENTERIC.get(name, 0.0) if sector == "agriculture" else 0.0


def french_inventory(tables):
    lines = []
    for name in FRENCH:
        city, boundary = FRENCH[name]
        edition, source = FRENCH_SOURCES[name]
        for year, values in sorted(tables[name].items()):
            for sector in FRENCH_ORDER:
                apart = enteric(name, sector) * values[sector]
                if apart > 0:
                    lines.append([city, year, sector, "CH4", 1, tonnes(apart / AR5_CH4), "t CH4", "assumed", "AR5", edition,
                                  boundary, "Enteric fermentation: 42 % of the emissions of its farms (Paysan breton, April 2018)"])
                lines.append(line(city, year, sector, values[sector] - apart, "assumed", "", edition, boundary, source))
            for sector in ("machinery", "product-use"):
                where = "French sectors hold it in industry, buildings and agriculture"
                lines.append(line(city, year, sector, "IE", "assumed", "", edition, boundary, where))
    return lines


def removals(lines):
    """No removal is counted in the last inventory year of any city: measures bring them."""
    last = {}
    for l in lines:
        last[l[0]] = max(last.get(l[0], 0), l[1])
    boundary = {l[0]: l[10] for l in lines}
    why = "Account opened at zero: land and biogenic CO2 of the past are not counted"
    return [line(c, y, "removals", "NO", "assumed", "", "", boundary[c], why) for c, y in last.items()]


def french_national(raw):
    source = "EDGAR v7.0 (JRC, European Commission), AR5"
    return [["FRA", y, s, tonnes(v), "t CO2e", source] for (s, y), v in sorted(edgar(raw).items())]


# Population -----------------------------------------------------------------------------------------


def population(raw):
    out = {}
    for r in rows(raw, "population_cities.csv"):
        place, year, source = r["city"], int(r["year"]), r["source"]
        if place in SWEDISH_ASCII and r["boundary"] == "municipality" and source.startswith(("SCB", "UNdata")):
            origin = "SCB" if source.startswith("SCB") else "UNdata Demographic Yearbook"
            out[SWEDISH_ASCII[place], year] = (int(r["population"]), origin)
        if place in FRENCH and r["boundary"] in ("EPCI", "EPCI_2026_perimeter"):
            out[FRENCH[place][0], year] = (int(r["population"]), "INSEE, municipal population of the EPCI")
    for r in rows(raw, "fr_epci_population_2026edition.csv"):
        text = "INSEE, municipal population of the EPCI, edition 2026 (reference year 2023)"
        out[FRENCH[r["city"]][0], 2023] = (int(r["population_municipal"]), text)
    return [[c, y, n, "persons", "measured", s] for (c, y), (n, s) in sorted(out.items())]


def gwp(raw):
    """Potentials over 100 years of the gases that an inventory keeps apart or a landfill makes."""
    names = {"AR4GWP100": "AR4", "AR5GWP100": "AR5", "AR6GWP100": "AR6"}
    text = "IPCC assessment reports, by way of globalwarmingpotentials (CC0)"
    lines = [[names[r["metric"]], r["gas"], r["value"], 1, text] for r in rows(raw, "gwp.csv")
             if r["metric"] in names and r["gas"] in ("CH4", "N2O")]
    return sorted(lines)


def drivers():
    header = "city driver kind year value unit path spread pace pace_from quality source".split()
    oil = "IPCC 2006, vol. 2, residual and distillate fuel oil, about 77 kg CO2/GJ"
    flat = "Memo item, held at its last value: two years of data carry no trend"
    zero = "Removals come only from measures"
    at = "international-transport"
    lines = [
        ["*", "removals.removal", "constant", "", 0, "t CO2/year", "", "", "", "", "assumed", zero],
        ["SWE", f"{at}.activity", "constant", "", 1, "1", "", "", "", "", "assumed", flat],
        ["SWE", f"{at}.intensity", "constant", "", 1, "MWh", "", "", "", "", "assumed", flat],
        ["SWE", f"{at}.carrier.fuel-oil", "constant", "", 100, "%", "", "", "", "", "assumed", flat],
        ["SWE", f"{at}.factor.fuel-oil", "constant", "", 0.277, "t CO2e/MWh", "", "", "", "", "assumed", oil],
    ]
    return header, lines


def calibrated():
    """The rows that `trajekt calibrate` wrote, and the file's comment."""
    with open(STUDY / "trend.csv", encoding="utf-8", newline="") as file:
        lines = [line for line in file]
    made = ["Made by `trajekt calibrate` and, where plants, heat and French roads are known, by scenarios/make_alliance.py",
            "Meaning and method: docs/calibration.md, docs/data.md"]
    return list(csv.DictReader(line for line in lines if not line.startswith("#"))), made


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    raw = Path(sys.argv[1])
    STUDY.mkdir(exist_ok=True)
    POOLS.mkdir(exist_ok=True)
    made = "Made by scenarios/make_alliance.py; sources and cautions: docs/data.md"
    tables, factors, spread = french_tables(raw)
    inventory = swedish_inventory(raw) + french_inventory(tables)
    write(STUDY / "inventory.csv", INVENTORY, inventory + removals(inventory), [made])
    write(STUDY / "population.csv", "place year value unit quality source".split(), population(raw), [made])
    write(STUDY / "national.csv", "country year series value unit source".split(),
          swedish_national(raw) + french_national(raw), [made])
    header, few = drivers()
    write(TREND / "drivers.csv", header, few, [made])
    stock, physical = fleets(partial(rows, raw))
    buried = {(FRENCH[name][0], year): v["waste"] for name, years in tables.items() for year, v in years.items()}
    deposits, decay = waste(partial(rows, raw), buried)
    stock, physical = stock + deposits, physical + decay
    write(STUDY / "gwp.csv", "set gas value unit source".split(), gwp(raw), [made])
    write(STUDY / "drivers.csv", header, few + physical, [made])
    write(STUDY / "fleets.csv", "city sector item kind year age value unit quality source".split(), stock, [made])
    trends, comments = calibrated()
    write(STUDY / "trend.csv", list(trends[0]), [list(r.values()) for r in wander(partial(rows, raw), trends)], comments)
    write(POOLS / "pool.csv", "country place year sector value unit".split(), pool(raw),
          [made, "Nationella emissionsdatabasen, edition 2025: 139 Swedish municipalities other than the members"])
    print("factors of the proxy:", {s: round(f, 3) for s, f in factors.items()}, "log spread", round(spread, 3))
    for city, years in tables.items():
        for year, values in sorted(years.items()):
            print(city, year, round(sum(values.values()) / 1e3), "kt", {s: round(v / 1e3, 1) for s, v in values.items()})


if __name__ == "__main__":
    main()
