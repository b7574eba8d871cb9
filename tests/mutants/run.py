#!/usr/bin/env python3
"""Tests of the tests: changes one operator, constant or body at a time, and sees whether a unit test notices.

    python3 tests/mutants/run.py [OPTIONS] [FOLDER ...]     (standard library and cargo-mutants)

The changes are those that cargo-mutants lists. It would build the tests once for each, which takes hours; here all changes of a
folder are compiled into one program, each in its own copy of the function it is in, and an environment variable says which copy is
taken. Prints the table of docs/mutants.md and what nobody noticed and survivors.txt does not explain, and ends with status 1 if
there is any. What every change came to stands in target/mutants/FOLDER.json.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys

import package

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLACE = ROOT / "target" / "mutants"
TOOL = "27.1.0"
ACCEPTED = pathlib.Path(__file__).with_name("survivors.txt")
QUIET = {"RUST_BACKTRACE": "0", "RUST_MIN_STACK": "67108864", "PROPTEST_RNG_SEED": "1", "PROPTEST_MAX_SHRINK_ITERS": "0"}
QUIET |= {"PROPTEST_DISABLE_FAILURE_PERSISTENCE": "1"}
CAUGHT, TIMEOUT, MISSED, UNVIABLE = "caught", "timed out", "missed", "unviable"


def mutants_of(folder):
    """What cargo-mutants would change."""
    version = subprocess.run(["cargo", "mutants", "--version"], capture_output=True, text=True).stdout.split()
    if version[-1:] != [TOOL]:
        sys.exit(f"needs cargo-mutants {TOOL}: cargo install --locked cargo-mutants --version {TOOL}")
    command = ["cargo", "mutants", "--list", "--json", "--dir", PLACE / "plain" / folder]
    command += ["--file", package.WHOLE[folder]] if folder in package.WHOLE else []
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    mutants = json.loads(listed.stdout)
    for number, mutant in enumerate(mutants, 1):
        mutant["number"] = number
        mutant["what"] = mutant["name"].split(": ", 1)[1]
        mutant["file"] = mutant["file"].removeprefix(f"{folder}/")
        mutant["key"] = key_of(mutant, (PLACE / "plain" / folder / mutant["file"]).read_text().split("\n"))
    return mutants


def key_of(mutant, lines):
    """A change by what stays when lines move: file, change, and the text of its line with the place marked."""
    start, end = mutant["span"]["start"], mutant["span"]["end"]
    line = lines[start["line"] - 1]
    if start["line"] == end["line"] and mutant["genre"] != "FnValue":
        line = f"{line[: start['column'] - 1]}«{line[start['column'] - 1 : end['column'] - 1]}»{line[end['column'] - 1 :]}"
    return f"{mutant['file']} | {mutant['what']} | {line.strip()}"


def explained():
    """The changes that no test can notice, or none needs to, with the reason."""
    reason, found = "", {}
    for line in ACCEPTED.read_text().splitlines():
        if line.startswith("# "):
            reason = line[2:]
        elif line.strip():
            found[line.strip()] = reason
    return found


def build(home, folder):
    """Builds the tests of a package; the program, and the errors as (file, line)."""
    which = ["--test", "it"] if folder in package.WHOLE else ["--lib"]
    command = ["cargo", "test", *which, "--no-run", "--message-format", "json", "--manifest-path", home / "Cargo.toml"]
    # The whole crate takes the dependencies that ordinary test builds have made.
    shared = {"CARGO_TARGET_DIR": str(ROOT / "target")}
    environment = shared if folder in package.WHOLE else {"RUSTFLAGS": "-A warnings", "CARGO_TARGET_DIR": str(PLACE / "target")}
    environment = os.environ | environment
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    program, errors = None, []
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message["reason"] == "compiler-artifact" and message.get("executable"):
            program = message["executable"]
        if message["reason"] == "compiler-message" and message["message"]["level"] == "error":
            spans = message["message"]["spans"]
            errors += [(span["file_name"], span["line_start"], message["message"]["rendered"]) for span in spans[:1]]
    return program, errors


def build_all(folder, mutants):
    """The program that holds all changes; those that do not compile are marked and left out."""
    while True:
        wanted = [mutant for mutant in mutants if mutant.get("outcome") is None and package.can_switch(mutant)]
        where = package.assemble_switched(PLACE / "switched" / folder, folder, wanted)
        program, errors = build(PLACE / "switched" / folder, folder)
        if not errors:
            return program, wanted
        broken = {number for file, line, _ in errors for number in where.get(file.split("src/", 1)[-1], {}).get(line, [])}
        if not broken:
            sys.exit("the unchanged code does not compile in this form:\n" + errors[0][2])
        for mutant in wanted:
            if mutant["number"] in broken:
                mutant["outcome"] = UNVIABLE


def limits(seconds):
    """Limits of one test, by its processor time, so that a busy machine catches nothing."""

    def set_limits():
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (1 << 32, 1 << 32))

    return set_limits


def run_test(program, directory, test, seconds, **environment):
    """The status of one test and the processor time it took."""
    child = subprocess.Popen(
        [program, "--exact", test, "--test-threads", "1"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | QUIET | environment,
        cwd=directory, preexec_fn=limits(seconds),
    )  # fmt: skip
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, used.ru_utime + used.ru_stime


def tests_of(program, directory, only, without):
    """Each test with its time and the functions it comes to, the quickest first."""
    listed = subprocess.run([program, "--list"], capture_output=True, text=True, check=True).stdout
    names = [line.removesuffix(": test") for line in listed.splitlines() if line.endswith(": test")]
    tests = []
    for name in names:
        if not re.search(only, name) or without and re.search(without, name):
            continue
        log = PLACE / f"reached-{os.getpid()}.txt"
        log.write_text("")
        status, took = run_test(program, directory, name, 600, MUTANT="cover", MUTANT_LOG=str(log))
        if status != 0:
            sys.exit(f"{name} fails without any change")
        tests.append((took, name, set(map(int, log.read_text().split()))))
    return sorted(tests, key=lambda test: test[0])


def judge(program, directory, tests, mutant):
    for took, name, reached in tests:
        # The slow tests are not asked about what is known to be missed.
        if mutant["function_number"] not in reached or (mutant["reason"] and took > 0.3):
            continue
        status, _ = run_test(program, directory, name, int(3 + 10 * took), MUTANT=str(mutant["number"]))
        if status != 0:
            return (TIMEOUT if status in (-24, -9) else CAUGHT), name
    return MISSED, None


def judge_alone(folder, mutant):
    """A change outside of functions, or that cannot be switched, in a build of its own."""
    home = PLACE / "alone" / folder
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(PLACE / "plain" / folder, home)
    manifest = home / "Cargo.toml"
    manifest.write_text(manifest.read_text().replace(f'"plain-{folder}"', f'"alone-{folder}"'))
    package.change(home / mutant["file"], mutant)
    program, errors = build(home, folder)
    if errors:
        return UNVIABLE, None
    child = subprocess.Popen(
        [program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ | QUIET, preexec_fn=limits(120)
    )
    for line in child.stdout:
        if line.endswith("FAILED\n"):
            child.kill()
            child.wait()
            return CAUGHT, line.split()[1]
    status = child.wait()
    return (MISSED if status == 0 else TIMEOUT if status in (-24, -9) else CAUGHT), None


def folder_run(folder, options):
    package.assemble(PLACE / "plain" / folder, folder)
    mutants = mutants_of(folder)
    result = PLACE / f"{folder}.json"
    before = {}
    if options.missed:
        before = {old["key"]: old["outcome"] for old in json.loads(result.read_text())}
    reasons = explained()
    chosen = [m for m in mutants if re.search(options.only, m["name"]) and before.get(m["key"], MISSED) == MISSED]
    for mutant in mutants:
        mutant["reason"] = reasons.get(mutant["key"])
        if mutant not in chosen:
            mutant["outcome"] = before.get(mutant["key"], "not tried")
    home = PLACE / "switched" / folder
    program, switched = build_all(folder, mutants)
    tests = tests_of(program, home, options.tests, options.without)
    print(f"{folder}: {len(switched)} changes in one program, {len(tests)} tests of {sum(t[0] for t in tests):.1f} s", flush=True)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for mutant, (outcome, by) in zip(switched, pool.map(lambda m: judge(program, home, tests, m), switched)):
            settle(mutant, outcome, by)
    for mutant in [mutant for mutant in chosen if mutant.get("outcome") is None]:
        save(result, mutants)
        # A build of the whole crate for a single change takes too long.
        settle(mutant, *(("not tried", None) if folder in package.WHOLE else judge_alone(folder, mutant)))
    save(result, mutants)
    return mutants


def save(path, mutants):
    """Writes what is known; a change that has not been tried yet counts as missed."""
    kept = [{key: value for key, value in mutant.items() if key != "diff"} for mutant in mutants]
    path.write_text(json.dumps([mutant | {"outcome": mutant.get("outcome") or MISSED} for mutant in kept], indent=1))


def settle(mutant, outcome, by):
    mutant["outcome"], mutant["by"] = outcome, by
    if outcome == MISSED and not mutant["reason"]:
        print(f"  missed {mutant['name'].split(': ')[0]}: {mutant['key']}", flush=True)


def table(folders):
    print("\n| folder | changes | do not compile | caught | timed out | missed | of these explained | score |")
    print("|---|---|---|---|---|---|---|---|")
    for folder, mutants in folders.items():
        count = collections.Counter(mutant["outcome"] for mutant in mutants)
        killed = count[CAUGHT] + count[TIMEOUT]
        score = 100 * killed / max(killed + count[MISSED], 1)
        missed = [mutant for mutant in mutants if mutant["outcome"] == MISSED]
        known = sum(mutant["reason"] is not None for mutant in missed)
        cells = [len(mutants), count[UNVIABLE], count[CAUGHT], count[TIMEOUT], len(missed), known, f"{score:.1f} %"]
        print(f"| `{folder}/` | " + " | ".join(map(str, cells)) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", metavar="FOLDER", default=[], help="contract, measure, draw (without it these), or engine")
    parser.add_argument("--only", default="", metavar="REGEX", help="only changes whose name matches")
    parser.add_argument("--tests", default="", metavar="REGEX", help="only tests whose name matches")
    parser.add_argument("--without", default="", metavar="REGEX", help="leaves out tests whose name matches")
    parser.add_argument("--missed", action="store_true", help="only what the last run missed")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    os.nice(19)
    folders = {folder: folder_run(folder, options) for folder in options.folders or package.MODULES}
    table(folders)
    sys.exit(any(m["outcome"] == MISSED and not m["reason"] for mutants in folders.values() for m in mutants))


if __name__ == "__main__":
    main()
