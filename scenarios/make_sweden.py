#!/usr/bin/env python3
"""Makes cities.yaml and inventory.csv of scenarios/sweden from a folder of raw tables.

    make_sweden.py RAW_FOLDER

Only the standard library. The municipalities are those of scenarios/pools/pool.csv; docs/data.md says where the
raw table comes from. Then trajekt calibrate scenarios/sweden -o scenarios/sweden/trend.csv.
"""
import csv
import re
import sys
import unicodedata
from pathlib import Path

STUDY = Path(__file__).resolve().parent / "sweden"
TABLE = "se_peer_municipalities_ned2025.csv"
SECTORS = {
    "transport": "transport",
    "own_heating_buildings": "buildings",
    "electricity_district_heating": "energy",
    "industry": "industry",
    "work_machinery": "machinery",
    "product_use": "product-use",
    "agriculture": "agriculture",
    "waste_wastewater": "waste",
}


def identifier(name):
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(Path(sys.argv[1]) / TABLE, encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["sector"] in SECTORS]
    names = {row["municipality_code"]: row["municipality"] for row in rows}
    ids = {code: identifier(name) for code, name in names.items()}
    assert len(set(ids.values())) == len(ids), "two municipalities have one identifier"
    STUDY.mkdir(exist_ok=True)
    with open(STUDY / "cities.yaml", "w", encoding="utf-8") as out:
        out.write("# Made by scenarios/make_sweden.py; sources and cautions: docs/data.md\ncountries:\n"
                  "  SWE: {label: {en: Sweden, fr: Suède, sv: Sverige}}\ncities:\n")
        for code in sorted(names):
            out.write(f"  {ids[code]}: {{label: {names[code]}, country: SWE, boundary: municipality {code}}}\n")
    with open(STUDY / "inventory.csv", "w", encoding="utf-8", newline="") as out:
        out.write("# Made by scenarios/make_sweden.py; sources and cautions: docs/data.md\n"
                  "# Nationella emissionsdatabasen, edition 2025\n"
                  "city,year,sector,gas,scope,value,unit,quality,gwp\n")
        for row in sorted(rows, key=lambda r: (r["municipality_code"], int(r["year"]), r["sector"])):
            out.write(f"{ids[row['municipality_code']]},{row['year']},{SECTORS[row['sector']]},co2e,1,"
                      f"{row['tonnes_co2e']},t CO2e,measured,AR5\n")


if __name__ == "__main__":
    main()
