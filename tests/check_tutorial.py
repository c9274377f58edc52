#!/usr/bin/python3
"""What the first page and the tutorial quote is what the program says: check_tutorial.py ROOT PROGRAM [--rewrite].

The pages are read from top to bottom, as a person follows them. Commands of an `sh` block are run in a folder of
their own, on copies of the studies; what a `text` block quotes must stand in what the commands before it said, in
this order and without a gap but where the page has […]. Where the page asks for a change of a file, `CHANGES` makes
it. With --rewrite the quoted lines are replaced by those that now stand in their place: the same words with other
numbers. What no line resembles is left as it is and told. Numbers in sentences are not looked at.
"""

import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile

PAGES = ["README.md", "docs/tutorial.md"]
GAP = "[…]"
ALIKE = 0.6  # of two lines without their numbers: they say the same thing


# ---- the changes that the tutorial asks for ----

def edit(path, *changes):
    """Each change: a text that stands there, and what comes in its place."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for old, new in changes:
        if old not in text:
            sys.exit(f"{path} has no longer: {old}")
        text = text.replace(old, new, 1)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def append(path, text):
    with open(path, "a", encoding="utf-8") as file:
        file.write("\n" + text)


def block_of(path, key):
    """The lines of an item of a mapping, two spaces in."""
    with open(path, encoding="utf-8") as file:
        found = re.search(rf"^  {key}:\n(?:(?:    .*)?\n)+", file.read(), re.MULTILINE)
    return found.group(0) if found else sys.exit(f"{path} has no longer the item {key}")


def without(path, *starts):
    with open(path, encoding="utf-8") as file:
        kept = [line for line in file if not line.startswith(starts)]
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(kept)


def more_renovation(_):
    item = block_of("scenarios/mine/measures.yaml", "deep-renovation")
    edit("scenarios/mine/measures.yaml", (item, item.replace("rebound: 15 %", "rebound: 40 %")))


def add_package(quoted):
    append("scenarios/mine/packages.yaml", quoted)


def own_inventory(quoted):
    shutil.copytree("scenarios/mine", "scenarios/half")
    append("scenarios/half/inventory.csv", quoted.splitlines()[0] + "\n")
    without("scenarios/mine/inventory.csv", "la-rochelle,2016")
    append("scenarios/mine/inventory.csv", quoted)
    item = block_of("scenarios/mine/cities.yaml", "la-rochelle")
    kept = "".join(line for line in item.splitlines(True) if not line.lstrip().startswith("level"))
    edit("scenarios/mine/cities.yaml", (item, kept))


def add_faults(_):
    shutil.copytree("scenarios/alliance", "scenarios/faulty")
    item = block_of("scenarios/faulty/measures.yaml", "deep-renovation")
    wrong = item.replace("overlaps:", "overlap:").replace("rebound: 15 %", "rebound: 0.15").replace(
        "buildings.renovation.rate.homes", "building.renovation.rate.homes")
    edit("scenarios/faulty/measures.yaml", (item, wrong))
    edit("scenarios/faulty/packages.yaml", ("- compact-city", "- compact-cities"))
    edit("scenarios/faulty/inventory.csv", (",572393.96,", ",572 393.96,"))


def check(study):
    return f"trajekt check scenarios/{study}"


# By page, section and the block's place in it: what is done with the block's text, and what is run then.
CHANGES = {
    ("docs/tutorial.md", "4", "yaml", 1): (more_renovation, None),
    ("docs/tutorial.md", "5", "yaml", 1): (add_package, None),
    ("docs/tutorial.md", "6", "csv", 1): (own_inventory, check("mine")),
    ("docs/tutorial.md", "6", "text", 2): (None, check("half")),
    ("docs/tutorial.md", "7", "text", 1): (add_faults, check("faulty")),
}

# What a page calls that is more than a command of the program.
MEANS = {"./dev run": "trajekt run scenarios/alliance"}
NOT_RUN = ("./dev", "alias")


# ---- pages ----

def blocks(page, lines):
    """(kind, section, place in it, first line, line after the last) of each fenced block."""
    section, counts, start = "", {}, None
    for i, line in enumerate(lines):
        if start is None and line.startswith("## "):
            section, counts = line.split()[1], {}
        elif start is None and re.match(r"```\w+$", line):
            start, kind = i + 1, line[3:]
        elif start is not None and line.startswith("```"):
            counts[kind] = counts.get(kind, 0) + 1
            yield kind, section, counts[kind], start, i
            start = None


def commands(lines):
    """Commands of a block, without remarks, continued lines joined."""
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        line = re.sub(r"\s+#.*", "", line).replace("build/io/cli/", "").strip()
        line = MEANS.get(line, line)
        if line.strip() and not line.startswith(NOT_RUN):
            yield line


def run(command, folder, path):
    """What a command says, also where it goes into a file; spaces that do not break are spaces."""
    command = re.sub(r" > (\S+)$", r" | tee \1", command)
    done = subprocess.run(["bash", "-c", command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"})
    return [line.rstrip().replace("\u00a0", " ") for line in done.stdout.splitlines()]


# ---- what is quoted against what was said ----

def matches(quoted, said):
    """Equal, or where the quote leaves something out, with the same pieces in the same order."""
    pattern = ".*".join(re.escape(piece.strip()) for piece in quoted.split(GAP))
    return re.fullmatch(r"\s*" + pattern + r"\s*", said) is not None if GAP in quoted else quoted.replace("\u00a0", " ").rstrip() == said


def plain(line):
    """A line without its numbers and curves."""
    return re.sub(r"[\u2800-\u28ff\u2581-\u2588]+", "~", re.sub(r"[−+]?\d[\d .,]*", "#", line))


def likeness(quoted, said):
    if GAP in quoted:
        quoted, said = quoted.split(GAP)[0], said[:len(quoted.split(GAP)[0])]
    a, b = plain(quoted), plain(said)
    return 1 if a == b else difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()


def segments(lines):
    """Runs of quoted lines, as their numbers, between gaps and blank lines."""
    found = [[]]
    for i, line in enumerate(lines):
        if line.strip() == GAP:
            found.append([])
        elif line.strip():
            found[-1].append(i)
    return [segment for segment in found if segment]


def find(quoted, said, start):
    """Where the lines stand without a gap in what was said (blank lines aside); None: nowhere."""
    for at in range(start, len(said) - len(quoted) + 1):
        if all(matches(line, said[at + i]) for i, line in enumerate(quoted)):
            return at
    return None


def replace(quoted, line):
    """The new line in place of a quoted one; what was left out stays left out."""
    if GAP not in quoted:
        return line
    head = quoted.split(GAP)[0]
    return line[:len(head)] + GAP if quoted.rstrip().endswith(GAP) else quoted


def nearest(quoted, said, start):
    """Where the lines stand with other numbers."""
    best, where = ALIKE, None
    for at in range(start, len(said) - len(quoted) + 1):
        like = sum(likeness(line, said[at + i]) for i, line in enumerate(quoted)) / len(quoted)
        if like > best:
            best, where = like, at
    return where


def compare(page, first, lines, said, rewrite):
    """Faults of a text block; with rewrite its lines are set anew."""
    faults, at = [], 0
    said = [line for line in said if line]
    for segment in segments(lines):
        quoted = [lines[i] for i in segment]
        where = find(quoted, said, at)
        if where is None:
            where = nearest(quoted, said, at)
            if rewrite and where is not None:
                for i, number in enumerate(segment):
                    lines[number] = replace(lines[number], said[where + i])
            else:
                now = said[where] if where is not None else "nothing like it"
                for i, line in enumerate(quoted):
                    if where is None or not matches(line, said[where + i]):
                        now = said[where + i] if where is not None else now
                        faults.append(f"{page}:{first + segment[i] + 1}: quoted: {line}\n    the program says: {now}")
                        break
        at = (where if where is not None else at - len(segment)) + len(segment)
    return faults


def follow(root, page, path, rewrite):
    """One page from top to bottom in a folder of its own; returns its faults."""
    with open(os.path.join(root, page), encoding="utf-8") as file:
        lines = file.read().split("\n")
    faults, said, quotes = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(os.path.join(root, "scenarios"), os.path.join(folder, "scenarios"),
                        ignore=shutil.ignore_patterns("*.c", "*.h"))
        os.chdir(folder)
        for kind, section, place, start, end in blocks(page, lines):
            change, command = CHANGES.get((page, section, kind, place), (None, None))
            if change is not None:
                change("\n".join(lines[start:end]) + "\n")
            wanted = list(commands(lines[start:end])) if kind == "sh" else []
            wanted += [command] if command is not None else []
            if wanted:
                said = [line for one in wanted for line in run(one, folder, path)]
            if kind == "text":
                quoted = lines[start:end]
                quotes += 1
                faults += compare(page, start, quoted, said, rewrite)
                lines[start:end] = quoted
        os.chdir("/")
    if rewrite:
        with open(os.path.join(root, page), "w", encoding="utf-8") as file:
            file.write("\n".join(lines))
    return faults, quotes


def main(root, program, rewrite):
    root, faults, quotes = os.path.abspath(root), [], 0
    with tempfile.TemporaryDirectory() as tools:
        os.symlink(os.path.abspath(program), os.path.join(tools, "trajekt"))
        for page in PAGES:
            found, count = follow(root, page, tools + ":" + os.environ["PATH"], rewrite)
            faults += found
            quotes += count
    for fault in faults:
        print(fault)
    if faults:
        print("what moved with the numbers is set anew by: ./dev docs")
    print(f"{max(quotes - len(faults), 0)} passed, {len(faults)} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4) or sys.argv[3:] not in ([], ["--rewrite"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2], len(sys.argv) == 4))
