#!/usr/bin/python3
"""The pages say what is true: check_docs.py ROOT PROGRAM.

Every field, word, key, column and variable that the program knows occurs in the page that documents it; every
option that a page shows exists; every link leads somewhere.
"""

import csv
import os
import re
import subprocess
import sys
import tempfile

from tally import finish, that

try:
    import h5py
except ImportError:
    h5py = None

root, program = sys.argv[1], os.path.abspath(sys.argv[2])


def page(name):
    with open(os.path.join(root, name), encoding="utf-8") as file:
        return file.read()


def run(*arguments):
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout


def listed(kind):
    return [row[0] for row in csv.reader(run("list", kind, "--format", "csv").splitlines())][1:]


def has_word(text, word):
    return re.search(r"(?<![\w-])" + re.escape(word) + r"(?![\w-])", text) is not None


def fields_are_documented():
    text = page("docs/results-file.md")
    for field in listed("fields"):
        that(f"docs/results-file.md has `{field}`", f"`{field}`" in text)


def words_are_documented():
    text = page("docs/study-format.md")
    for kind in ("ramps", "operators", "sides", "methods", "accounts", "sharing", "target-kinds", "ets", "designs", "outputs",
                 "gwp-sets", "distributions", "units"):
        for word in listed(kind):
            that(f"docs/study-format.md has '{word}' of {kind}", word == "fixed" or has_word(text, word))


def keys_are_documented():
    text = page("docs/study-format.md")
    folder = os.path.join(root, "io", "readers")
    keys = set()
    for name in sorted(os.listdir(folder)):
        if name.startswith("read_") and name.endswith(".c"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                keys.update(re.findall(r'^\s*\{"(\w+)", \w+,', file.read(), re.MULTILINE))
    that(f"the readers have keys ({len(keys)})", len(keys) > 60)
    for key in sorted(keys):
        that(f"docs/study-format.md has the key or column '{key}'", has_word(text, key))


def variables_are_documented():
    if h5py is None:
        return
    text = page("docs/results-file.md")
    with tempfile.TemporaryDirectory() as folder:
        run("new", folder + "/study")
        run("run", folder + "/study", "-o", folder + "/r.h5", "--draws", "20", "--keep-draws", "--quiet")
        with h5py.File(folder + "/r.h5", "r") as results:
            for name in results:
                if not re.search(r"_(id|label_(en|fr|sv))$", name):
                    that(f"docs/results-file.md has `{name}`", f"`{name}`" in text)
            for name in results.attrs:
                if not name.startswith("_"):
                    that(f"docs/results-file.md has the attribute `{name}`", f"`{name}`" in text)


def commands_and_pages_are_listed():
    text = page("README.md")
    for command in listed("commands"):
        that(f"README.md lists `trajekt {command}`", re.search(rf"^\| `trajekt {command}\b", text, re.MULTILINE))
    for name in sorted(os.listdir(os.path.join(root, "docs"))):
        if name.endswith(".md"):
            that(f"README.md names docs/{name}", f"](docs/{name})" in text)


def options_exist(names):
    known = run("--help") + "".join(run(command, "--help") for command in listed("commands"))
    for name in names:
        for line in page(name).splitlines():
            if "trajekt " in line:
                for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", line):
                    that(f"{name}: {option} is an option", option in known)


def links_lead_somewhere(names):
    for name in names:
        for link in re.findall(r"\]\(([^)\s]+)\)", page(name)):
            target = link.split("#")[0]
            if target and "://" not in link:
                that(f"{name}: {link} is there", os.path.exists(os.path.join(root, os.path.dirname(name), target)))


def pages():
    names = [name for name in os.listdir(root) if name.endswith(".md")]
    for folder, _, files in os.walk(os.path.join(root, "docs")):
        names += [os.path.relpath(os.path.join(folder, file), root) for file in files if file.endswith(".md")]
    return sorted(names)


fields_are_documented()
words_are_documented()
keys_are_documented()
variables_are_documented()
commands_and_pages_are_listed()
options_exist(pages())
links_lead_somewhere(pages())
finish()
