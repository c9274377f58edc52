"""Opens a result as other programs do: ncdump, h5dump, h5py, xarray with both engines.

Usage: check_results.py FILE [MAKER words...]: MAKER, if given, is run first to write FILE.
Any warning is an error. Exit code 77 where a reader is not installed.
"""

import hashlib
import subprocess
import sys
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

AXES = ["background", "package", "city", "group", "sector", "year", "quantile"]
AXES_OF = {"targets": ["target"], "sectors": ["gas"], "physical": ["row"], "draws": ["draw"], "sector-draws": ["draw"]}
LABELLED = ["background", "package", "city", "group", "sector", "target", "row"]
LEADING = ("background", "package")


def run_silent(*words):
    done = subprocess.run(words, capture_output=True, check=True)
    assert done.stderr == b"", f"{words[0]} complains: {done.stderr!r}"
    return done.stdout.decode()


def check_tools(path):
    head = run_silent("ncdump", "-h", path)
    for line in ('Conventions = "CF-1.8"', "group: study", "emissions_total_mean(background, package, city, year)"):
        assert line in head, f"ncdump does not show {line}"
    assert "phony_dim" not in head, "a dimension has no name"
    run_silent("h5dump", path)


def check_h5py(path):
    with h5py.File(path) as file:
        for name, item in file.items():
            if isinstance(item, h5py.Group):
                continue
            assert item.attrs["long_name"], f"{name} has an empty long_name"
            for axis in item.dims:
                assert len(axis) == 1 or h5py.h5ds.is_scale(item.id), f"an axis of {name} has no scale"
        for item in file["study"].values():
            if "sha256" in item.attrs:
                data = item[()].tobytes()[: int(item.attrs["size"])]
                assert hashlib.sha256(data).hexdigest().encode() == item.attrs["sha256"]
        assert file.attrs["trajekt_format"] == 1
        assert int(file.attrs["seed"]) >= 0


def check_variable(name, variable):
    assert variable.attrs["long_name"], f"{name} has no long_name"
    if variable.dims[:2] == LEADING:
        assert variable.dtype == numpy.float64, f"{name} is not double"
        assert variable.attrs["units"] and variable.attrs["unit"], f"{name} has no units"
        assert numpy.isnan(variable.encoding["_FillValue"]), f"{name} has no fill value"
    for beside in variable.attrs.get("ancillary_variables", "").split():
        yield beside


def check_engine(path, engine):
    with xarray.open_dataset(path, engine=engine) as data:
        data.load()
        asked = data.attrs["outputs"].split()
        axes = {*AXES, *(axis for output in asked for axis in AXES_OF.get(output, []))}
        assert set(data.sizes) == axes | {"quality_class"}, f"axes {sorted(data.sizes)} for {asked}"
        for axis in axes:
            assert axis in data.coords, f"no coordinate {axis}"
        for axis in axes.intersection(LABELLED):
            for suffix in ("id", "label_en", "label_fr", "label_sv"):
                names = data[f"{axis}_{suffix}"]
                assert names.dims == (axis,) and all(names.values), f"{axis}_{suffix} is not complete"
        beside = {b for name in data.data_vars for b in check_variable(name, data[name])}
        assert beside <= set(data.variables), f"missing {beside - set(data.variables)}"
        assert data.year.dtype.kind == "i" and "units" not in data.year.attrs
        assert set(data.emissions_total_status.attrs["flag_meanings"].split()) >= {"absent", "backcast"}
        return data


def check_selection(data):
    umea = data.emissions_total_quantile.sel(city="Umeå", quantile=0.5, year=2030)
    assert umea.dims == LEADING and umea.city_id == "umea"
    one = umea.sel(package="reference", background="current-policies")
    assert one.ndim == 0


def same(a, b):
    xarray.testing.assert_equal(a, b)
    for name in a.variables:
        assert a[name].dims == b[name].dims


def main(path, *maker):
    if maker:
        subprocess.run([maker[0], path, *maker[1:]], check=True)
    warnings.simplefilter("error")
    check_tools(path)
    check_h5py(path)
    first, second = (check_engine(path, engine) for engine in ("netcdf4", "h5netcdf"))
    check_selection(first)
    same(first, second)
    print(f"{path}: read by ncdump, h5dump, h5py, netCDF4 and h5netcdf without a warning")


if __name__ == "__main__":
    main(*sys.argv[1:])
