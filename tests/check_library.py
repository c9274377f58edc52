#!/usr/bin/python3
"""The library serves programs of others: check_library.py ROOT BUILD COMPILER...

The build is installed into a folder of its own. Every installed header compiles alone, with no other header of the
source tree in reach; the program of docs/library.md is built as the page says and run on the study that the page
makes: it prints what the page quotes, and what `trajekt show` has for the year. Exit code 77 where a tool is not there.
"""

import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile

from tally import finish, that

root, build, compiler = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3:]
PAGE = "docs/library.md"
GAP = "[…]"


def run(*command, env=None):
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **(env or {})}, check=False)


def blocks(kind):
    with open(os.path.join(root, PAGE), encoding="utf-8") as file:
        return re.findall(rf"^```{kind}\n(.*?)^```$", file.read(), re.MULTILINE | re.DOTALL)


def found(folder, name):
    for here, _, files in os.walk(folder):
        if name in files:
            return os.path.join(here, name)
    sys.exit(f"{name} was not installed")


def install(folder):
    result = run("meson", "install", "-C", build, "--no-rebuild", "--destdir", folder)
    that(f"the build is installed\n{result.stdout}{result.stderr}", result.returncode == 0)


def headers_compile_alone(include):
    headers = [os.path.relpath(os.path.join(here, name), include)
               for here, _, files in os.walk(include) for name in files]
    that(f"headers are installed ({len(headers)})", len(headers) > 10)
    for header in sorted(headers):
        result = run(*compiler, "-std=c17", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", "-I", include,
                     "-include", header, "-x", "c", "/dev/null")
        that(f"{header} compiles alone\n{result.stderr}", result.returncode == 0)
        with open(os.path.join(root, PAGE), encoding="utf-8") as page:
            that(f"{PAGE} names {header}", header in page.read() or header in UNDERNEATH)


# What only serves others: not named on the page.
UNDERNEATH = ("engine/arena.h", "engine/status.h", "engine/variant.h", "scenarios/unit.h")


def flags(folder):
    path = os.path.dirname(found(folder, "trajekt.pc"))
    result = run("pkg-config", "--cflags", "--libs", "trajekt",
                 env={"PKG_CONFIG_PATH": path, "PKG_CONFIG_SYSROOT_DIR": folder})
    that(f"pkg-config knows the library\n{result.stderr}", result.returncode == 0)
    return result.stdout.split()


def build_medians(folder):
    source, program = os.path.join(folder, "medians.c"), os.path.join(folder, "medians")
    with open(source, "w", encoding="utf-8") as file:
        file.write(blocks("c")[0])
    result = run(*compiler, "-std=c17", "-O2", "-Wall", "-Wextra", "-Werror", source, "-o", program, *flags(folder))
    that(f"the program of {PAGE} is built\n{result.stderr}", result.returncode == 0)
    return program


def fragments_compile(include, folder):
    """The page's other C is not a program, yet C."""
    for number, text in enumerate(blocks("c")[1:]):
        if "#include" not in text:
            continue
        source = os.path.join(folder, f"fragment{number}.c")
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
        result = run(*compiler, "-std=c17", "-Wall", "-Wextra", "-Werror", "-I", include, "-fsyntax-only", source)
        that(f"fragment {number} of {PAGE} compiles\n{result.stderr}", result.returncode == 0)


def shown(trajekt, study, results):
    """(city, background, package) -> the median of 2045, from the file of a run."""
    run(trajekt, "run", study, "-o", results, "--quiet")
    rows = csv.DictReader(run(trajekt, "show", results, "--format", "csv").stdout.splitlines())
    return {(row["city"], row["background"], row["package"]): row["median_t"] for row in rows if row["year"] == "2045"}


def medians_are_those_of_the_program(medians, trajekt, folder):
    study = os.path.join(folder, "my-study")
    run(trajekt, "new", study)
    said = [run(medians, study, env={"OMP_NUM_THREADS": threads}) for threads in ("1", "3")]
    that(f"it says nothing on stderr\n{said[0].stderr}", said[0].returncode == 0 and said[0].stderr == "")
    that("threads change nothing", said[0].stdout == said[1].stdout)
    lines = said[0].stdout.splitlines()
    own = {tuple(line.split(",")[:3]): line.split(",")[3] for line in lines}
    truth = shown(trajekt, study, os.path.join(folder, "results.h5"))
    that("it prints each city under each background and package once", len(own) == len(lines) and own.keys() == truth.keys())
    for key, value in own.items():
        that(f"{key}: {value} is {truth.get(key)}", key in truth and value == f"{float(truth[key]):.3f}")
    quoted = blocks("text")[0].splitlines()
    that("the page quotes several lines", len(quoted) > 3)
    for line in quoted:
        that(f"{PAGE} quotes what it prints: {line}", line == GAP or line in lines)


def faults_are_told(medians, folder):
    packages = os.path.join(folder, "my-study", "packages.yaml")
    with open(packages, encoding="utf-8") as file:
        text = file.read()
    with open(packages, "w", encoding="utf-8") as file:
        file.write(text.replace("- cycling", "- cycleing"))
    faulty = run(medians, os.path.join(folder, "my-study"))
    that("a faulty study ends it with 1 and no numbers", faulty.returncode == 1 and faulty.stdout == "")
    that(f"with place and nearest name\n{faulty.stderr}",
         re.search(r"^packages\.yaml:\d+:\d+: error: .*'cycleing'.*'cycling'", faulty.stderr, re.MULTILINE) is not None)
    absent = run(medians, os.path.join(folder, "nowhere"))
    that(f"an absent study too\n{absent.stderr}", absent.returncode == 1 and "nowhere" in absent.stderr)


if shutil.which("meson") is None or shutil.which("pkg-config") is None:
    print("skipped: meson or pkg-config is not there")
    sys.exit(77)
with tempfile.TemporaryDirectory() as place:
    install(place)
    headers_root = os.path.dirname(os.path.dirname(found(place, "ensemble.h")))
    headers_compile_alone(headers_root)
    fragments_compile(headers_root, place)
    own_program, whole = build_medians(place), found(place, "trajekt")
    medians_are_those_of_the_program(own_program, whole, place)
    faults_are_told(own_program, place)
finish()
