"""Counts what the suites said: python3 count.py testlog.json

meson hides a suite's own count; this adds them up. A suite that ended badly without saying so counts as one failed."""
import json
import re
import sys


def counts(test):
    said = re.findall(r"(\d+) passed, (\d+) failed", test.get("stdout", ""))
    passed, failed = map(int, said[-1]) if said else (0, 0)
    if test["result"] == "SKIP":
        return 0, 0
    if test["result"] != "OK":
        return passed, max(failed, 1)
    return (passed, failed) if said else (1, 0)


def main(path):
    with open(path, encoding="utf-8") as file:
        tests = [json.loads(line) for line in file if line.strip()]
    suites, passed, failed, skipped = {}, 0, 0, []
    for test in tests:
        good, bad = counts(test)
        name = test.get("name", "?")
        suite = name.split(" / ")[0].split(":")[-1]
        suites[suite] = suites.get(suite, 0) + good + bad
        passed, failed = passed + good, failed + bad
        if test["result"] == "SKIP":
            skipped.append(name)
        elif bad:
            print(f"failed: {name} ({test['result']})")
    print(f"{len(tests)} suites: " + ", ".join(f"{name} {count}" for name, count in sorted(suites.items())))
    for name in skipped:
        print(f"skipped: {name}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
