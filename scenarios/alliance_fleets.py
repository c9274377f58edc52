"""Fleets, floors and heat networks of scenarios/alliance: rows of fleets.csv and drivers.csv.

Imported by make_alliance.py. Swedish vehicles are counted; everything else is a national default, judged and
rounded, with its source beside it. docs/data.md gives the reasons and what the calibration factors say.
"""
import math

SWEDES = ["goteborg", "boras", "linkoping", "umea"]
FRENCH = ["grenoble", "la-rochelle", "montpellier", "saint-brieuc", "strasbourg"]
LAST = {**{c: 2024 for c in SWEDES}, "grenoble": 2021, "strasbourg": 2019,
        "la-rochelle": 2016, "montpellier": 2016, "saint-brieuc": 2016}
HORIZON = 2050
CAR_LIFE = (18.0, 3.3)  # Weibull lambda and beta, as technologies.yaml has them
OLDEST = 25  # a twentieth of the cars of that year are left
MUNICIPAL = {"0580": "linkoping", "1480": "goteborg", "1490": "boras", "2480": "umea"}
MEMBERS = {"Linköping": "linkoping", "Göteborg": "goteborg", "Borås": "boras", "Umeå": "umea"}
TRAFA = "Trafikanalys, vehicles in use on 31 December 2025"
EAFO = "New cars by drive: European Alternative Fuels Observatory; diesel judged; survival: technologies.yaml"

# Drive of the statistics -> technology of the study. Hybrids and ethanol burn petrol; gas cars are few and join petrol.
CARS = {"petrol": "car-petrol", "hybrid": "car-petrol", "ethanol": "car-petrol", "gas": "car-petrol",
        "other": "car-petrol", "diesel": "car-diesel", "phev": "car-plugin", "bev": "car-electric"}
VANS = {"bev": "van-electric"}
LORRIES = {"bev": "lorry-electric", "cng": "lorry-gas", "lng": "lorry-gas"}
BUSES = {"bev": "bus-electric", "gas": "bus-gas"}
KINDS = {"car_stock_31dec": ("cars", CARS, None), "light_truck_stock_31dec": ("vans", VANS, "van-diesel"),
         "heavy_truck_stock_31dec": ("lorries", LORRIES, "lorry-diesel"), "bus_stock_31dec": ("buses", BUSES, "bus-diesel")}

# Share of diesel in new cars, judged from national statistics; straight between.
DIESEL = {
    "SWE": {1997: 0.03, 2005: 0.10, 2008: 0.36, 2012: 0.66, 2015: 0.57, 2018: 0.37, 2020: 0.23, 2022: 0.13, 2024: 0.07},
    "FRA": {1990: 0.33, 2000: 0.49, 2008: 0.77, 2012: 0.73, 2014: 0.64, 2016: 0.52, 2018: 0.39, 2020: 0.31, 2021: 0.21},
}
# French vehicles per inhabitant, judged: SDES national 0.57 cars, 0.09 vans; fewer in the metropolitan authorities.
FRENCH_VEHICLES = {
    "grenoble": (0.44, 0.070, 0.0060, 0.0013), "strasbourg": (0.44, 0.070, 0.0065, 0.0013),
    "montpellier": (0.46, 0.070, 0.0055, 0.0013), "la-rochelle": (0.52, 0.085, 0.0070, 0.0013),
    "saint-brieuc": (0.57, 0.090, 0.0080, 0.0013),
}
FRENCH_PERSONS = {"grenoble": 449488, "strasbourg": 500510, "montpellier": 507526, "la-rochelle": 178217, "saint-brieuc": 153321}
SWEDISH_PERSONS = {"goteborg": 608993, "boras": 114872, "linkoping": 168035, "umea": 134249}
PERSONS = {**FRENCH_PERSONS, **SWEDISH_PERSONS}

# Floor by heating system in H.
HOMES = ["home-oil", "home-gas", "home-wood", "home-heat-pump", "home-electric", "home-district"]
OFFICES = ["office-boiler", "office-heat-pump", "office-district"]
HOME_SHARES = {
    "SWE": (0.3, 0.3, 3.4, 17, 9, 70), "goteborg": (0.3, 0.9, 2.3, 17, 9.5, 70),
    "umea": (0.4, 0.0, 3.6, 17, 7, 72), "boras": (0.8, 0.3, 5.0, 19, 8.9, 66), "linkoping": (0.5, 0.4, 4.0, 17, 8.1, 70),
    "FRA": (13, 40, 9, 9, 24, 5), "grenoble": (8, 46, 4, 7, 17, 18), "strasbourg": (9, 61, 3, 4, 13, 10),
    "montpellier": (5, 42, 4, 12, 34.5, 2.5), "la-rochelle": (10, 43, 7, 9, 26, 5), "saint-brieuc": (21, 35, 11, 8, 24, 1),
}
OFFICE_SHARES = {
    "SWE": (0.8, 14.2, 85), "goteborg": (1.2, 13.8, 85),
    "FRA": (62, 31, 7), "grenoble": (62, 20, 18), "strasbourg": (67, 21, 12), "montpellier": (54, 43, 3),
}
HEAT_SOURCE = "Judged: Energimyndigheten, heating by kind of building; SDES and CEREN, heating by energy; heat delivered by the network"
# m2 of homes and of premises per inhabitant, kWh of heat (hot water included) per m2 of each.
# French heat by degree days against the nation, a fifth of it hot water and cooking, which do not depend on them;
# Strasbourg's premises by its observatory (3.3 TWh in 2015, power included).
FLOOR = {"SWE": (42, 17), "FRA": (47, 15), "grenoble": (40, 20), "strasbourg": (41, 26)}
DEGREE_DAYS = {"grenoble": 1.10, "strasbourg": 1.20, "saint-brieuc": 1.02, "la-rochelle": 0.85, "montpellier": 0.70}
HEAT = {"SWE": (118, 110), "umea": (140, 130), "boras": (125, 115), "FRA": (115, 130)}
HEAT |= {city: tuple(round(x * (0.2 + 0.8 * days)) for x in HEAT["FRA"]) for city, days in DEGREE_DAYS.items()}

# Heat by source, percent: (H, later year, later). Judged from what each network tells of itself.
FUELS = ["waste", "wood", "gas", "oil", "coal", "recovered"]
NETWORKS = {
    "goteborg": ((32, 21, 13, 1, 0, 33), 2035, (33, 28, 4, 0, 0, 35)),
    "boras": ((36, 61, 0, 1.5, 0, 1.5), 2035, (36, 60, 0, 0.5, 0, 3.5)),
    "linkoping": ((80, 16, 0, 1, 0, 3), 2035, (79, 17, 0, 0.5, 0, 3.5)),
    "umea": ((42, 42, 0, 1, 0, 15), 2035, (41, 42, 0, 0.5, 0, 16.5)),
    "grenoble": ((34, 27, 11, 3, 13, 12), 2028, (34, 38, 10, 2, 0, 16)),
    "strasbourg": ((14, 29, 45, 2, 0, 10), 2030, (18, 38, 26, 0, 0, 18)),
}
NETWORK_SOURCE = {
    "goteborg": "Göteborg Energi: about two thirds recovered heat (2020), refineries and waste; the rest judged",
    "boras": "Borås Energi och Miljö: 2 % fossil fuel (2017), wood at Sobacken, 40 MW of waste at Ryaverket; shares judged",
    "linkoping": "Tekniska verken: 86.5 g/kWh of combustion (2022), nearly all from waste; shares judged",
    "umea": "Umeå Energi (2022): 57 % recovered, 42 % renewable, 1 % fossil; recovered split into waste and flue gas, judged",
    "grenoble": "Compagnie de chauffage: 27 % wood, 13 % coal (2021), 36 % waste (2016), 80 % renewable or recovered; coal ends by 2026",
    "strasbourg": "Eurométropole: 43 % renewable (2023), 75 % aimed at in 2030; split judged",
}


def spread(given):
    """A factor on the change since H: a standard deviation, or a distribution's text."""
    return given if isinstance(given, str) else f"{{normal: {{mean: 1 1, sd: {given} 1}}}}"


def between(table, year):
    years = sorted(table)
    if year <= years[0]:
        return table[years[0]]
    for a, b in zip(years, years[1:]):
        if year <= b:
            return table[a] + (table[b] - table[a]) * (year - a) / (b - a)
    return table[years[-1]]


def left(age):
    """Share of the cars of an age that are still there."""
    return math.exp(-((age / CAR_LIFE[0]) ** CAR_LIFE[1]))


def short(value):
    return f"{value:.4f}".rstrip("0").rstrip(".")


# New cars by drive ----------------------------------------------------------------------------------


def swedish_plugins(rows):
    """Year -> (electric, plug-in) shares of the members' new cars; 2020, not split by the source, from its neighbours."""
    sums = {}
    for r in rows("se_ev_new_registrations_members.csv"):
        cell = sums.setdefault(int(r["year"]), [0.0, 0.0, 0.0, 0.0])
        for k, name in enumerate(("all_new_cars", "bev_new", "phev_new", "plugin_new")):
            cell[k] += float(r[name] or 0)
    part = sum(sums[y][1] / sums[y][3] for y in (2019, 2021)) / 2
    return {y: (s[1] / s[0], s[2] / s[0]) if s[1] else (part * s[3] / s[0], (1 - part) * s[3] / s[0])
            for y, s in sums.items()}


def french_plugins(rows):
    """Year -> (electric, plug-in) shares of new cars in France, to three digits."""
    out = {}
    for r in rows("ev_shares_eafo.csv"):
        if r["country"] == "France" and r["kind"] == "new_registration_share" and r["powertrain"] in ("BEV", "PHEV"):
            pair = out.setdefault(int(r["year"]), [0.0, 0.0])
            pair[r["powertrain"] == "PHEV"] = round(float(r["share"]), 3)
    return out


def new_cars(plugins, country, year):
    electric, plugin = plugins.get(year, (0.0, 0.0))
    diesel = between(DIESEL[country], year)
    return {"car-electric": electric, "car-plugin": plugin, "car-diesel": diesel, "car-petrol": 1 - electric - plugin - diesel}


def car_ages(plugins, country, last):
    """Weights of ages by drive: sold that year and still there."""
    out = {}
    for age in range(OLDEST + 1):
        for drive, share in new_cars(plugins, country, last - age).items():
            out.setdefault(drive, []).append(share * left(age))
    return out


# Vehicles -------------------------------------------------------------------------------------------


def swedish_counts(rows):
    counts = {}
    for r in rows("se_vehicle_stock_2025_members.csv"):
        if r["kind"] in KINDS and r["fuel"] != "total":
            fleet, drives, rest = KINDS[r["kind"]]
            cell = counts.setdefault((MUNICIPAL[r["kommun_code"]], fleet), {})
            technology = drives.get(r["fuel"], rest)
            cell[technology] = cell.get(technology, 0) + int(r["count"])
    return counts


def shares_of(city, items, quality, source, sector="transport"):
    """Rows of shares that sum to exactly 100 %: the largest takes what rounding leaves."""
    total = sum(items.values())
    parts = {k: round(100 * v / total, 3) for k, v in items.items()}
    largest = max(parts, key=parts.get)
    parts[largest] = round(100 - sum(v for k, v in parts.items() if k != largest), 3)
    return [[city, sector, k, "share", "", "", short(v), "%", quality, source] for k, v in parts.items()]


AGES = {  # place -> country, last inventory year, source
    "SWE": ("SWE", 2024, "New plug-in cars of the four members, Trafikanalys 2015-2024; diesel judged; survival: technologies.yaml"),
    "FRA": ("FRA", 2016, EAFO), "grenoble": ("FRA", 2021, EAFO), "strasbourg": ("FRA", 2019, EAFO),
}
FRENCH_DRIVES = {  # percent of vans electric, of lorries electric and gas, of buses electric and gas
    "FRA": (0.6, 0, 0.2, 3, 10), "grenoble": (1.3, 0.1, 0.8, 6, 30), "strasbourg": (1.0, 0, 0.4, 3, 45),
}


def swedish_shares(counts):
    lines = []
    for (city, fleet), items in sorted(counts.items()):
        if fleet == "buses":
            items = {**items, "bus-gas": items.get("bus-gas", 0)}
        lines += shares_of(city, items, "measured", TRAFA)
    return lines


def car_rows(rows):
    plugins = {"SWE": swedish_plugins(rows), "FRA": french_plugins(rows)}
    lines = []
    for place, (country, last, source) in AGES.items():
        ages = car_ages(plugins[country], country, last)
        for drive, weights in ages.items():
            lines += [[place, "transport", drive, "age", "", age, short(weight), 1, "assumed", source]
                      for age, weight in enumerate(weights)]
        if country == "FRA":
            lines += shares_of(place, {drive: sum(weights) for drive, weights in ages.items()}, "assumed", EAFO)
    return lines


def other_shares():
    text = "Judged from SDES, vehicles by drive, and the fleets of the transport authorities"
    lines = []
    for place, (van, lorry, lorry_gas, bus, bus_gas) in FRENCH_DRIVES.items():
        for items in ({"van-electric": van, "van-diesel": 100 - van},
                      {"lorry-electric": lorry, "lorry-gas": lorry_gas, "lorry-diesel": 100 - lorry - lorry_gas},
                      {"bus-electric": bus, "bus-gas": bus_gas, "bus-diesel": 100 - bus - bus_gas}):
            lines += shares_of(place, items, "assumed", text)
    lines += shares_of("*", {"other-engine": 100}, "assumed", "One technology for what is not on the road")
    return lines + shares_of("SWE", {"machine-diesel": 98.5, "machine-electric": 1.5}, "assumed",
                             "Judged: few machines above 37 kW were electric in 2024", "machinery")


def vehicle_rows(rows):
    """Rows of fleets.csv, and (city, fleet, vehicles, quality, source)."""
    counts = swedish_counts(rows)
    fleets = [(city, fleet, sum(items.values()), "measured", TRAFA + ", taken for H")
              for (city, fleet), items in sorted(counts.items())]
    for city in FRENCH:
        for fleet, rate in zip(("cars", "vans", "lorries", "buses"), FRENCH_VEHICLES[city]):
            fleets.append((city, fleet, round(rate * FRENCH_PERSONS[city], -1), "assumed",
                           "Vehicles per inhabitant judged from SDES, national fleet and fleet by commune"))
    return swedish_shares(counts) + car_rows(rows) + other_shares(), fleets


# Rows of drivers.csv --------------------------------------------------------------------------------


def row(city, driver, kind, year, value, unit, path="", sd=None, quality="assumed", source="", pace=None):
    """`pace`: a distribution and the last year known."""
    paced = ("", "") if pace is None else pace
    return [city, driver, kind, year, value, unit, path, "" if sd is None else spread(sd), *paced, quality, source]


def constant(place, driver, value, unit, source):
    return row(place, driver, "constant", "", value, unit, source=source)


def normal(mean, sd, unit):
    return f"{{normal: {{mean: {mean} {unit}, sd: {sd} {unit}}}}}"


def triangular(low, mode, high, unit=1):
    return f"{{triangular: {{low: {low} {unit}, mode: {mode} {unit}, high: {high} {unit}}}}}"


def follow(place, driver, path, sd=None, source="backgrounds.yaml", pace=None):
    """A national path."""
    return row(place, driver, "background", "", "", "", path, sd, "assumed", source, pace)


def points(place, driver, pairs, unit, source, sd=None, pace=None):
    return [row(place, driver, "year", y, v, unit, "", sd if k == 0 else None, "assumed", source, pace if k == 0 else None)
            for k, (y, v) in enumerate(pairs)]


def survival(place, driver):
    """A yearly factor on survival: a lifetime that is a tenth shorter or longer."""
    return constant(place, driver, triangular(0.985, 1, 1.012), "",
                    "Lives are a tenth shorter or longer: France and Finland differ by as much about the mean in "
                    "Oguchi & Fuse (2015)")


def line(city, driver, last, now, then, unit, source, sd=None, quality="assumed"):
    """Two points: the last inventory year and the horizon."""
    return [row(city, driver, "year", last, now, unit, "", sd, quality, source),
            row(city, driver, "year", HORIZON, then, unit, "", None, "assumed", source)]


MORE = {"SWE": 1.04, "FRA": 1.01}  # persons in 2050 against now, as the population path has it
# Kilometres on the country's roads, foreign vehicles included, over vehicles in use there: now, in 2050, and the
# standard deviation in 2050.
KILOMETRES = {
    "SWE": {"cars": (13300, 13000, 1500), "vans": (15000, 15500, 2000), "lorries": (57000, 58000, 7000),
            "buses": (65000, 66000, 8000)},
    "FRA": {"cars": (11300, 11000, 1300), "vans": (13500, 14000, 1800), "lorries": (38000, 39000, 5000),
            "buses": (46000, 48000, 6000)},
}
KILOMETRE_SOURCE = {
    "SWE": "Trafikanalys, vehicle-kilometres on Swedish roads over vehicles in use, rounded; 2050 and its spread are judged",
    "FRA": "SDES, kilometres per vehicle, rounded, fewer in cities; 2050 and its spread are judged",
}
OTHER_TRANSPORT = {"SWE": (0.40, 0.36, 0.06), "FRA": (0.14, 0.13, 0.03)}
INTENSITY = {  # kWh per km of what is sold: (year, value) ...
    "car-petrol": ((2000, 0.76), (2012, 0.67), (2020, 0.62), (2050, 0.57)),
    "car-diesel": ((2000, 0.70), (2012, 0.61), (2020, 0.60), (2050, 0.56)),
    "car-electric": ((2012, 0.20), (2024, 0.19), (2050, 0.165)),
    "van-diesel": ((2000, 1.02), (2015, 0.92), (2050, 0.85)), "van-electric": ((2015, 0.30), (2050, 0.26)),
    "lorry-diesel": ((2000, 3.6), (2020, 3.2), (2050, 2.8)), "lorry-gas": ((2015, 3.7), (2050, 3.2)),
    "lorry-electric": ((2020, 1.35), (2050, 1.15)),
    "bus-diesel": ((2000, 3.3), (2020, 2.7), (2050, 2.5)), "bus-gas": ((2000, 4.2), (2020, 3.6), (2050, 3.4)),
    "bus-electric": ((2015, 1.35), (2050, 1.1)),
}
CATALOGUE = ("Danish Energy Agency, catalogue of commercial transport (lorries: between 2.5 of the solo and 3.6 of the long "
             "one; buses); cars and vans judged from real-world figures of ICCT")
PLUGIN = "Plötz et al. (2021), Environmental Research Letters 16: plug-ins drive less than half of their way electrically"
MARKETS = {"transport": ["car-petrol", "car-diesel", "car-plugin", "car-electric", "van-diesel", "van-electric", "lorry-diesel",
                         "lorry-gas", "lorry-electric", "bus-diesel", "bus-gas", "bus-electric"],
           "machinery": ["machine-diesel", "machine-electric"], "buildings": HOMES + OFFICES}
FACTORS = ["petrol", "diesel", "bus-fuel", "vehicle-gas", "electricity"]
# Years of a market path that go by in a year, from the last year known on. Plug-in cars went from 6 to 56 % of
# the members' new cars from 2018 to 2022 and stood still for two years: a market is foreseen to some years.
PACE = {"transport": triangular(0.5, 1, 1.5), "machinery": triangular(0.3, 1, 1.7), "buildings": triangular(0.4, 1, 1.6)}
KNOWN = {"SWE": 2024, "FRA": 2023}
# How much of what a nation foresees comes: less rather than more, and never what cannot be (no fossil carbon at all).
FORESEEN = {"renovation": triangular(0.4, 1, 1.5), "fossil": triangular(0.3, 1, 1.35), "fuel": triangular(0.4, 1, 1.1),
            "power": triangular(0.6, 1, 1.1)}
NETWORK_MARKET = ["grenoble", "strasbourg"]


NOT_ROAD = {"SWE": "Rail, ships, planes, mopeds, military: about 7 % of domestic transport",
            "FRA": "Rail, ships, planes, mopeds: about 4 % of domestic transport"}
MACHINES = ("17 machines above 37 kW to a thousand inhabitants, 600 hours a year: SMHI's model of working machinery, "
            "fewer than in the nation, which has more forest and farms")
FLOOR_SOURCE = ("SCB and INSEE, floor per inhabitant; Energimyndigheten and CEREN, heat per m2, rounded and set by "
                "climate")
HEATING = "One over the seasonal efficiency, Danish Energy Agency, catalogue of individual heating"
PUMPS = "One over the seasonal COP, Danish Energy Agency; premises hold some direct electric heat"
STATIONARY = "IPCC 2006, vol. 2, table 2.4/2.5"
EFFICIENCY = {"home-oil": 1.20, "home-gas": 1.12, "home-wood": 1.35, "home-electric": 1.0, "home-district": 1.02,
              "office-boiler.gas": 1.10, "office-boiler.oil": 1.18, "office-district": 1.02}
COP = {"home-heat-pump": ((2005, 0.40), (2024, 0.33), (2050, 0.28)),
       "office-heat-pump": ((2005, 0.50), (2024, 0.42), (2050, 0.34))}
BURNT = {
    "gas": (0.2025, STATIONARY),
    "oil": (0.268, STATIONARY + ", gas oil"),
    "other-fuel": (0.25, "Marine gas oil, kerosene and petrol, IPCC 2006; some electric rail"),
    "wood": (0.034, STATIONARY + ": methane and nitrous oxide of small stoves, AR5"),
}


def country_of(city):
    return "SWE" if city in SWEDES else "FRA"


def demand_drivers(fleets):
    lines = []
    for city, fleet, count, quality, source in fleets:
        more = MORE[country_of(city)]
        lines += line(city, f"transport.demand.{fleet}", LAST[city], short(count), short(round(count * more)),
                      "vehicles", source, round(0.1 / (more - 1), 1), quality)
    for city, persons in PERSONS.items():
        lines += line(city, "transport.demand.other", LAST[city], persons, round(persons * MORE[country_of(city)]),
                      "persons", "Inhabitants stand for the demand")
    return lines


def transport_drivers(fleets):
    lines = demand_drivers(fleets)
    for country, table in KILOMETRES.items():
        for fleet, (now, then, sd) in table.items():
            lines += line(country, f"transport.activity.{fleet}", 2024, now, then, "km/vehicle/year",
                          KILOMETRE_SOURCE[country], round(sd / abs(then - now), 1))
        now, then, sd = OTHER_TRANSPORT[country]
        lines += line(country, "transport.activity.other", 2024, now, then, "MWh/person/year", NOT_ROAD[country],
                      round(sd / abs(then - now), 1))
        lines += [survival(country, f"transport.survival.{fleet}") for fleet in ("cars", "vans", "lorries", "buses")]
    for technology, pairs in INTENSITY.items():
        lines += points("*", f"transport.tech.{technology}.intensity", pairs, "kWh/km", CATALOGUE, 1)
    lines.append(constant("*", "transport.tech.car-plugin.petrol.intensity", 0.58, "kWh/km", PLUGIN))
    lines.append(constant("*", "transport.tech.car-plugin.electricity.intensity", 0.22, "kWh/km", PLUGIN))
    return lines + points("*", "transport.tech.other-engine.intensity", ((2020, 1), (2050, 0.6)), 1,
                          "Judged: electric ferries and renewed rail diesel")


def machine_drivers():
    lines = []
    for city in SWEDES:
        count = round(0.017 * SWEDISH_PERSONS[city], -1)
        lines += line(city, "machinery.demand.machines", 2024, short(count), short(round(count * MORE["SWE"], -1)),
                      "vehicles", MACHINES, 2.5)
    lines += line("SWE", "machinery.activity.machines", 2024, 600, 590, "h/vehicle/year", MACHINES, 6)
    lines.append(survival("SWE", "machinery.survival.machines"))
    lines += points("SWE", "machinery.tech.machine-diesel.intensity", ((2000, 98), (2020, 90), (2050, 82)), "kWh/h",
                    MACHINES)
    lines.append(constant("SWE", "machinery.tech.machine-electric.intensity", 35, "kWh/h",
                          "Electric drive at 2.5 times the efficiency of a diesel engine"))
    return lines


def floor_drivers(fleet):
    lines = []
    for country, heat, text in (("SWE", 55, "Boverket, building rules of 2020"), ("FRA", 40, "RE2020")):
        lines += [
            constant(country, f"buildings.demolition.{fleet}", triangular(0.2, 0.4, 0.6, "%"), "",
                     "COM(2020) 662: 85 to 95 % of today's buildings stand in 2050"),
            constant(country, f"buildings.code.{fleet}", normal(heat, 6, "kWh/m2/year"), "",
                     f"{text}, judged as heat; buildings use more or less than planned"),
            survival(country, f"buildings.survival.{fleet}"),
        ]
        lines += [follow(country, f"buildings.renovation.{field}.{fleet}", f"renovation-{field}", FORESEEN["renovation"])
                  for field in ("rate", "depth")]
    return lines


def building_drivers():
    lines = []
    for city, persons in PERSONS.items():
        for k, (fleet, more) in enumerate((("homes", 1.10), ("premises", 1.06))):
            floor = FLOOR.get(city, FLOOR[country_of(city)])[k] * persons
            lines += line(city, f"buildings.demand.{fleet}", LAST[city], round(floor), round(floor * more), "m2",
                          FLOOR_SOURCE, 0.7)
    for place, values in HEAT.items():
        lines += [constant(place, f"buildings.activity.{fleet}", value, "kWh/m2/year", FLOOR_SOURCE)
                  for fleet, value in zip(("homes", "premises"), values)]
    lines += floor_drivers("homes") + floor_drivers("premises")
    lines += [constant("*", f"buildings.tech.{technology}.intensity", value, 1, HEATING)
              for technology, value in EFFICIENCY.items()]
    for technology, pairs in COP.items():
        lines += points("*", f"buildings.tech.{technology}.intensity", pairs, 1, PUMPS, 1)
    return lines


def supply_drivers():
    lines = []
    for city, (now, year, then) in NETWORKS.items():
        for k, fuel in enumerate(FUELS):
            lines += points(city, f"energy.source.{fuel}", ((LAST[city], now[k]), (year, then[k]), (HORIZON, then[k])),
                            "%", NETWORK_SOURCE[city], pace=(triangular(0.4, 1, 1.6), LAST[city]))
    for fuel, value in {"wood": 0, "gas": 100, "oil": 100, "coal": 100, "recovered": 0}.items():
        lines.append(constant("*", f"energy.fossil.{fuel}", value, "%",
                              "IPCC 2006, vol. 2: CO2 of wood is counted elsewhere"))
    return lines + [follow(country, "energy.fossil.waste", "waste-fossil", FORESEEN["fossil"]) for country in KNOWN]


def market_drivers():
    lines = []
    for country, known in KNOWN.items():
        for sector, technologies in MARKETS.items():
            if sector != "machinery" or country == "SWE":
                lines += [follow(country, f"{sector}.sales.{t}", f"sales-{t}", pace=(PACE[sector], known))
                          for t in technologies]
    for city in NETWORK_MARKET:
        lines += [follow(city, f"buildings.sales.{t}", f"network-sales-{t}", None,
                         "backgrounds.yaml: towns with a large network", (PACE["buildings"], KNOWN["FRA"]))
                  for t in HOMES + OFFICES]
    return lines


def factor_drivers():
    lines = [follow(country, f"factor.{carrier}", f"factor-{carrier}", FORESEEN["power" if carrier == "electricity" else "fuel"])
             for country in KNOWN for carrier in FACTORS]
    lines += [constant("*", f"factor.{carrier}", value, "t CO2e/MWh", text) for carrier, (value, text) in BURNT.items()]
    lines.append(constant("*", "buildings.factor.district-heat", 0.112, "t CO2e/MWh",
                          "Networks without a supply sector here: French networks of 2022 on average, life cycle"))
    return lines


def building_shares():
    lines = []
    for table, technologies in ((HOME_SHARES, HOMES), (OFFICE_SHARES, OFFICES)):
        for place, values in table.items():
            lines += shares_of(place, dict(zip(technologies, values)), "assumed", HEAT_SOURCE, "buildings")
    return lines


# How kappa wanders ----------------------------------------------------------------------------------

# Rows of trend.csv for sectors with memory: what the pool teaches is the noise of places whose plants and boilers are
# not known, so where they are known the members' own years and the nation's say it.
RETURN = 0.3  # share of a weather year, or of a plant that stands still, that is left the year after
HEAT_NOISE = {"SWE": (RETURN, 0.04, 0.02), "FRA": (RETURN, 0.05, 0.037)}
ROAD_SHOCK = {"FRA": 0.027}
NETWORK_SHOCK = 0.035
HEAT_TEXT = {
    "SWE": "Judged: degree days vary by 7 % a year; heat sold per m2 changed by 1 to 2 % a year beyond them",
    "FRA": "EDGAR v7.0, buildings of France: changes over 5 and 10 years less their trend, 0.037 to 0.041 a root year; "
           "weather of a year 0.05",
}
ROAD_TEXT = "EDGAR v7.0, transport of France: changes over 5 and 10 years less their trend, 0.025 to 0.028 a root year"
NETWORK_TEXT = ("NED 2025: the member's plants 2015-2023 about their mean; the shared part by how far the members moved "
                "from 2005 to 2023, a log of 0.15")
FRENCH_NETWORK_TEXT = "Judged: as Borås, Linköping and Umeå together"


def deviation(values):
    logs = [math.log(v) for v in values]
    mean = sum(logs) / len(logs)
    return math.sqrt(sum((x - mean) ** 2 for x in logs) / (len(logs) - 1))


def network_noise(rows):
    """City -> standard deviation of the logarithm of what its plants emitted, 2015 to 2023."""
    values = {}
    for r in rows("se_member_cities_ned2025.csv"):
        if r["sector"] == "electricity_district_heating" and int(r["year"]) >= 2015:
            values.setdefault(MEMBERS[r["municipality"]], []).append(float(r["tonnes_co2e"]))
    own = {city: deviation(v) for city, v in values.items()}
    calm = math.sqrt(sum(own[c] ** 2 for c in ("boras", "linkoping", "umea")) / 3)
    return own | {city: calm for city in NETWORK_MARKET}


def wander(rows, trends):
    """The rows of trend.csv with those of known plants, heat and French roads put in."""
    own = network_noise(rows)
    for r in trends:
        country = country_of(r["city"])
        if r["sector"] == "energy" and r["city"] in own:
            noise = (RETURN, own[r["city"]] * math.sqrt(1 - RETURN**2), NETWORK_SHOCK)
            text = NETWORK_TEXT if country == "SWE" else FRENCH_NETWORK_TEXT
        elif r["sector"] == "buildings":
            noise, text = HEAT_NOISE[country], HEAT_TEXT[country]
        elif r["sector"] == "transport" and country in ROAD_SHOCK:
            noise, text = (r["rho"], r["sigma"], ROAD_SHOCK[country]), ROAD_TEXT
        else:
            continue
        r["rho"], r["sigma"], r["shock"] = (x if isinstance(x, str) else short(x) for x in noise)
        r["observations"] = r["places"] = ""
        r["source"] = text
    return trends


def fleets(rows):
    """Rows of fleets.csv and of drivers.csv; `rows` reads a raw table by name."""
    lines, counts = vehicle_rows(rows)
    drivers = transport_drivers(counts) + machine_drivers() + building_drivers() + supply_drivers()
    return lines + building_shares(), drivers + market_drivers() + factor_drivers()
