#!/usr/bin/python3
"""A file with fewer outputs has the bits of the whole one: check_outputs.py ROOT PROGRAM.

The small study and the shipped one, with its physical results, are run for random sets of outputs. Exit code 77 where
h5py is not installed.
"""

import os
import random
import subprocess
import sys
import tempfile

try:
    import h5py
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

from tally import finish, that

root, program = sys.argv[1], os.path.abspath(sys.argv[2])
OUTPUTS = ["totals", "targets", "sectors", "physical", "draws", "sector-draws"]
DRAWS = "20"


def call(*arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True)


def run(study, path, *options):
    done = call("run", study, "-o", path, "--draws", DRAWS, "--reproducible", "--quiet", *options)
    that(f"a run with {' '.join(options)} succeeds", done.returncode == 0)
    return path


def catalogue():
    """The output that each field belongs to."""
    rows = call("list", "fields", "--format", "csv").stdout.splitlines()
    columns = rows[0].split(",")
    return {row.split(",")[0]: row.split(",")[columns.index("output")] for row in rows[1:]}


def content(path):
    """Each variable's shape and values."""
    with h5py.File(path, "r") as file:
        return {name: (item.shape, item.asstr()[()].tolist() if item.dtype == object else item[()].tobytes())
                for name, item in file.items() if isinstance(item, h5py.Dataset)}


def is_subset(few, whole, asked, of):
    """What the smaller file has is what the whole one has, and of the fields it has those asked for."""
    here, there = content(few), content(whole)
    fields = {name for name in there if name in of}
    that(f"fields of {asked}", {name for name in here if name in of} == {f for f in fields if of[f] in asked})
    for name in here:
        that(f"{name} of {asked} has the bits of the whole file", here[name] == there.get(name))


def bytes_of(path):
    with open(path, "rb") as file:
        return file.read()


def subsets_have_the_bits_of_the_whole(study, folder, of, turns, *options):
    whole = run(study, f"{folder}/whole.h5", "--outputs", ",".join(OUTPUTS), *options)
    chance = random.Random(1990)
    for turn in range(turns):
        asked = ["totals", *(output for output in OUTPUTS[1:] if chance.random() < 0.5)]
        chance.shuffle(asked)
        engine = ["--engine", "reference"] if turn == 0 else []
        few = run(study, f"{folder}/few.h5", "--outputs", ",".join(asked), *engine, *options)
        if engine:
            is_subset(few, run(study, f"{folder}/slow.h5", "--outputs", ",".join(OUTPUTS), *engine, *options), asked, of)
        else:
            is_subset(few, whole, asked, of)


def the_study_says_it_as_the_option_does(study, folder):
    with open(f"{study}/study.yaml", encoding="utf-8") as file:
        text = file.read()
    for name, line in (("one", "outputs: [totals, targets, draws]\n"), ("two", "outputs: [draws, targets, totals]\n")):
        with open(f"{study}/study.yaml", "w", encoding="utf-8") as file:
            file.write(text + line)
        run(study, f"{folder}/{name}.h5")
    that("the order of the names does not matter", content(f"{folder}/one.h5") == content(f"{folder}/two.h5"))
    run(study, f"{folder}/over.h5", "--outputs", "totals,physical,sectors,targets")
    with open(f"{study}/study.yaml", "w", encoding="utf-8") as file:
        file.write(text)
    run(study, f"{folder}/none.h5")
    that("the option goes over the study", content(f"{folder}/over.h5") == content(f"{folder}/none.h5"))
    run(study, f"{folder}/four.h5", "--outputs", "physical,sectors,targets,totals")
    that("the four are the default", bytes_of(f"{folder}/four.h5") == bytes_of(f"{folder}/none.h5"))
    run(study, f"{folder}/all.h5", "--outputs", ",".join(OUTPUTS))
    run(study, f"{folder}/kept.h5", "--keep-draws")
    that("kept draws are outputs too", bytes_of(f"{folder}/all.h5") == bytes_of(f"{folder}/kept.h5"))


def with_attribute(path, value):
    with h5py.File(path, "r+") as file:
        del file.attrs["outputs"]
        if value is not None:
            file.attrs.create("outputs", value.encode(), dtype=h5py.string_dtype("utf-8", max(1, len(value))))
    return call("show", path, "--targets", "--format", "csv")


def a_file_says_what_it_holds(study, folder):
    path = run(study, f"{folder}/attribute.h5")
    before = call("show", path, "--targets", "--format", "csv")
    that("a file from before the attribute is read", with_attribute(path, None).stdout == before.stdout != "")
    kept = run(study, f"{folder}/attribute.h5", "--keep-draws")
    that("with draws too", with_attribute(kept, None).stdout == before.stdout)
    for value, words in (("totals tragets", "names 'tragets', which is none"), ("targets", "leaves out 'totals'"),
                         ("", "leaves out 'totals'")):
        run(study, path)
        done = with_attribute(path, value)
        that(f"outputs '{value}' are refused", done.returncode == 5)
        that(f"outputs '{value}': {words}", done.stderr == f"trajekt: '{path}' is not a trajekt result: "
             f"its attribute 'outputs' {words}\n")


fields = catalogue()
that("every output has fields", set(fields.values()) == set(OUTPUTS))
with tempfile.TemporaryDirectory() as place:
    small = f"{place}/study"
    that("a study is written", call("new", small).returncode == 0)
    subsets_have_the_bits_of_the_whole(small, place, fields, 6)
    subsets_have_the_bits_of_the_whole(f"{root}/scenarios/alliance", place, fields, 3, "--packages", "everything")
    the_study_says_it_as_the_option_does(small, place)
    a_file_says_what_it_holds(small, place)
finish()
