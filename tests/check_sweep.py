"""Holds a sweep's file and answers to a run of every combination, by other people's readers.

Usage: check_sweep.py PROGRAM. Exit code 77 where a reader is not installed.
"""

import csv
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings

try:
    import h5netcdf  # noqa: F401
    import h5py
    import netCDF4  # noqa: F401
    import numpy
    import xarray
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

# In the order of the bits. Over the 27 years after 2023, in two cities, MEUR: a charge of 2 a year, in steps of a half
# from 2027 to 2029: r is 0.5 in 2028, 1 from 2029 on -> 2 x (0.5 + 22) x 2 cities. Cycling, all from 2030 on (step),
# 1 a year -> 21 x 2. District heating, 30 for 30 years, all from 2041 on -> a third of 30 by 2050, 10 x 2.
MEASURES = ["congestion-charge", "cycling", "district-heating", "renovation"]
PRICES = {"congestion-charge": 90e6, "cycling": 42e6, "district-heating": 20e6, "renovation": 0.0}
COSTS = {
    "congestion-charge": "2 MEUR/year",
    "cycling": "{operation: 1 MEUR/year, ramp: {shape: step, start: 2030, years: 0}}",
    "district-heating": "{investment: 30 MEUR, lifetime: 30 years, ramp: {shape: step, start: 2041, years: 0}}",
    "renovation": "0 MEUR/year",
}
DRAWS = "200"


class Program:
    def __init__(self, path, folder):
        self.path, self.folder, self.checks = os.path.abspath(path), folder, 0

    def start(self, *words):
        return subprocess.Popen([self.path, *words], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *words, code=0):
        process = self.start(*words)
        out, err = process.communicate()
        assert process.returncode == code, f"{words}: exit code {process.returncode}, not {code}: {err}"
        self.checks += 1
        return out, err

    def refuses(self, code, message, *words):
        err = self.run("sweep", *words, code=code)[1]
        assert message in err, f"{words}: not said: {message}\nbut: {err}"


def make_study(program):
    """The template with costs and a package for each combination, in the order of its bits."""
    program.run("new", "study")
    path = os.path.join(program.folder, "study", "measures.yaml")
    text = open(path, encoding="utf-8").read()
    for name, cost in COSTS.items():
        text = re.sub(rf"(?m)^  {name}:\n", f"  {name}:\n    cost: {cost}\n", text)
    open(path, "w", encoding="utf-8").write(text)
    with open(os.path.join(program.folder, "study", "packages.yaml"), "w", encoding="utf-8") as file:
        file.write("packages:\n")
        for mask in range(1 << len(MEASURES)):
            held = [name for i, name in enumerate(MEASURES) if mask >> i & 1]
            file.write(f"  {package(mask)}:\n    label: {{en: p{mask}, fr: p{mask}, sv: p{mask}}}\n    measures: [{', '.join(held)}]\n")


def package(mask):
    return "reference" if mask == 0 else f"p{mask}"


def check_file(path):
    """Opens without a warning, in the form that netCDF expects; both engines see the same."""
    warnings.simplefilter("error")
    for words in (("ncdump", "-h", path), ("h5dump", path)):
        done = subprocess.run(words, capture_output=True, check=True)
        assert done.stderr == b"" and b"phony_dim" not in done.stdout, words
    with h5py.File(path) as file:
        for name, item in file.items():
            assert item.attrs["long_name"], f"{name} has no long_name"
            for axis in item.dims:
                assert len(axis) == 1 or h5py.h5ds.is_scale(item.id), f"an axis of {name} has no scale"
        assert file.attrs["draws"] == DRAWS.encode() or file.attrs["draws"] == DRAWS
    read = [xarray.load_dataset(path, engine=engine) for engine in ("netcdf4", "h5netcdf")]
    xarray.testing.assert_equal(*read)
    for name in ("target_probability", "emissions_mean", "cumulative_mean", "emissions_quantile", "cumulative_quantile"):
        assert read[0][name].dtype == numpy.float32 and read[0][name].attrs["units"], name
    return read[0]


def close(a, b, tolerance):
    a, b = numpy.asarray(a, dtype=float), numpy.asarray(b, dtype=float)
    assert a.shape == b.shape and numpy.isfinite(b).all()
    assert (numpy.abs(a - b) <= tolerance * numpy.abs(b) + 1e-30).all(), numpy.max(numpy.abs(a - b) / numpy.abs(b))


def compare(sweep, run):
    """Each combination with the package that is the same; the file's numbers are rounded to 6e-8 of themselves."""
    order = [package(mask) for mask in sweep.combination.values]
    at = [list(run.package_id.values).index(name) for name in order]
    cities = [list(run.city_id.values).index(name) for name in sweep.place.values[:-1]]
    targets = [list(run.target_id.values).index(name) for name in sweep.target.values]
    years = [int(y) for y in sweep.year.values]
    # xarray's coordinates of a run are labels; positions are the same by identifier
    run = run.isel(package=at)
    probability = run.target_probability.isel(target=targets).transpose("background", "target", "package")
    close(sweep.target_probability, probability, 1e-7)
    mean = run.emissions_total_mean.isel(city=cities).sel(year=years).transpose("background", "city", "year", "package")
    close(sweep.emissions_mean.isel(place=slice(0, -1)), mean, 1e-7)
    close(sweep.emissions_mean.isel(place=-1), run.group_total_mean.isel(group=0).sel(year=years).transpose("background", "year", "package"), 1e-7)
    close(sweep.cumulative_mean.isel(place=slice(0, -1)), run.cumulative_mean.isel(city=cities).transpose("background", "city", "package"), 1e-7)
    bound = sweep.emissions_quantile.attrs["maximum_relative_error"]
    assert 1e-8 < bound < 2e-6 and bound == sweep.cumulative_quantile.attrs["maximum_relative_error"]
    quantiles = [float(q) for q in sweep["quantile"].values]
    assert quantiles == [0.05, 0.5, 0.95]
    own = run.emissions_total_quantile.isel(city=cities).sel(year=years, quantile=quantiles)
    close(sweep.emissions_quantile.isel(place=slice(0, -1)), own.transpose("background", "city", "year", "quantile", "package"), bound)
    own = run.cumulative_quantile.isel(city=cities).sel(quantile=quantiles)
    close(sweep.cumulative_quantile.isel(place=slice(0, -1)), own.transpose("background", "city", "quantile", "package"), bound)
    for name in ("emissions_quantile", "cumulative_quantile"):
        assert numpy.isnan(sweep[name].isel(place=-1)).all(), "quantiles of the cities together are not known"
    for mask, cost in enumerate(sweep.cost.values):
        close([cost], [sum(PRICES[name] for i, name in enumerate(MEASURES) if mask >> i & 1) + 1e-30], 1e-12)


def check_answers(text, sweep):
    """The table's best and counts follow from the file."""
    rows = list(csv.DictReader(io.StringIO(text)))
    for b, background in enumerate(sweep.background.values):
        for t, target in enumerate(sweep.target.values):
            p = sweep.target_probability.values[b, t].astype(float)
            own = [r for r in rows if r["background"] == background and r["target"] == target]
            best = next(r for r in own if r["answer"] == "best")
            assert abs(float(best["probability"]) - p.max()) < 1e-6
            for answer, level in (("likely (50 %)", 0.5), ("sure (90 %)", 0.9)):
                count = next(r for r in own if r["answer"] == answer)["combinations"]
                assert int(count) == int((p >= level - 1e-7).sum()), (target, answer)
            front = [(float(r["cost_meur"]), float(r["probability"])) for r in own if r["answer"] == "front"]
            assert front == sorted(front) and len({q for _, q in front}) == len(front)


def check_messages(program):
    study = ("study", "--measures")
    program.refuses(2, "which measures? give --measures A,B,C or --measures all", "study")
    program.refuses(2, "unknown measure 'cyclng'; did you mean 'cycling'?", *study, "cyclng")
    program.refuses(2, "unknown city 'rivertwn'; did you mean 'rivertown'?", *study, "all", "--cities", "rivertwn")
    program.refuses(2, "unknown background 'current'; there is: current-policies, national-targets-met", *study, "all", "--background", "current")
    program.refuses(2, "--within: found '101', expected a whole number from 0 to 100", *study, "all", "--within", "101")
    program.refuses(2, "--top: found '0', expected a whole number from 1", *study, "all", "--top", "0")
    program.refuses(2, "--draws: found '0', expected a whole number from 1", *study, "all", "--draws", "0")
    program.refuses(2, "--memory: found 'much', expected a number from 0.001", *study, "all", "--memory", "much")
    program.refuses(2, "quantiles are only written to a file: name it with --output FILE", *study, "all", "--quantiles", "study")
    said = "expected study or shares from 0% to 100% with commas between them, e.g. 5%,50%,95%"
    for wrong in ("5", "half%", "101%", "-1%", "5%,,6%", ""):
        program.refuses(2, f"--quantiles: found '{wrong}', {said}", *study, "all", "-o", "x.h5", "--quantiles", wrong)
    program.refuses(4, "cannot write no-folder/x.h5: there is no folder no-folder", *study, "all", "-o", os.path.join("no-folder", "x.h5"))
    physical = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "scenarios", "alliance")
    message = program.run("sweep", physical, "--measures", "all", code=2)[1]
    found = re.search(r"(\d+) measures have 2\^(\d+) combinations, (\S+) GiB for one number each; at most 24 can be swept: "
                      r"name those that matter", message)
    assert found and found[1] == found[2] and float(found[3]) == float(f"{2.0 ** (int(found[1]) - 27):.3g}"), message
    together = "biogas-from-waste,charging-and-fleets,compact-city,cycling-network,electric-buses,fare-free,freight-logistics,parking-reform,public-transport,scrappage-premium"
    message = program.run("sweep", physical, "--measures", together, "--cities", "umea", "--memory", "0.001", code=6)[1]
    found = re.search(r"umea needs (\d+) MiB, and 1 may be taken: there 10 of the measures count together on one sector "
                      r"\(shifts, caps, overlaps, synergies\); sweep fewer of them, one city or fewer draws at a time, or allow "
                      r"more with --memory: all of it would then take about \d+ s on \d+ threads?$", message, re.MULTILINE)
    assert found and int(found[1]) > 1, message
    return physical, together


def check_interruption(program, study, measures):
    """Stopped in the middle it leaves nothing, neither the file nor its beginnings."""
    before = sorted(os.listdir(program.folder))
    process = program.start("sweep", study, "--measures", measures + ",social-fares,teleworking", "-o", "stopped.h5", "--quantiles", "study")
    deadline = time.monotonic() + 60
    while process.poll() is None and not any(".part-" in name for name in os.listdir(program.folder)):
        assert time.monotonic() < deadline, "nothing was begun"
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    err = process.communicate(timeout=60)[1]
    assert process.returncode == 130, (process.returncode, err)
    assert "stopped; nothing was written" in err, err
    assert sorted(os.listdir(program.folder)) == before
    program.checks += 1


def main(path):
    with tempfile.TemporaryDirectory(prefix="trajekt-sweep-") as folder:
        program = Program(path, folder)
        make_study(program)
        program.run("run", "study", "-q", "--draws", DRAWS, "-o", "run.h5")
        answers = program.run("sweep", "study", "--measures", ",".join(MEASURES), "--draws", DRAWS, "-o", "sweep.h5",
                              "--quantiles", "95%, 5 %,50%", "--format", "csv", "-q")[0]
        sweep = check_file(os.path.join(folder, "sweep.h5"))
        compare(sweep, xarray.load_dataset(os.path.join(folder, "run.h5")))
        check_answers(answers, sweep)
        shutil.copy(os.path.join(folder, "sweep.h5"), os.path.join(folder, "first.h5"))
        program.run("sweep", "study", "--measures", ",".join(MEASURES), "--draws", DRAWS, "-o", "sweep.h5",
                    "--quantiles", "95%, 5 %,50%", "-q", "--threads", "1")
        with open(os.path.join(folder, "first.h5"), "rb") as one, open(os.path.join(folder, "sweep.h5"), "rb") as two:
            assert one.read() == two.read(), "two sweeps differ in bytes"
        physical, together = check_messages(program)
        check_interruption(program, physical, together)
        print(f"{program.checks} commands, every combination as a run has it; read by ncdump, h5dump, h5py, netCDF4 and h5netcdf")


if __name__ == "__main__":
    main(*sys.argv[1:])
