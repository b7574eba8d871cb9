#!/usr/bin/env python3
"""Faults: a program that is killed, has no room, reads what changes or was cut short, or is not alone.

    python3 tests/faults/check.py [--short] [PROGRAM]      (standard library only; some minutes, or one)

Whatever happens, a final name holds complete results or nothing: all files of a passport, by their digests. Prints the table of
docs/faults.md and ends with status 1 when anything was lost.
"""
import collections
import hashlib
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
# With --short so many times fewer of every fault.
FEWER = 5 if "--short" in sys.argv else 1
GIVEN = [argument for argument in sys.argv[1:] if argument != "--short"]
PROGRAM = str(pathlib.Path(GIVEN[0] if GIVEN else ROOT / "target/release/udfald").resolve())
SMALL = ROOT / "tests/fixtures/small.toml"
OPTIONS = ["--threads", "2", "--keep-every", "0.03"]
lost = []
table = []


def start(arguments, **more):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "cwd": ROOT} | more
    return subprocess.Popen([PROGRAM, *map(str, arguments)], **quiet)


def run(arguments, **more):
    child = start(arguments, **more)
    try:
        said = child.communicate(timeout=300)[1] or b""
    except subprocess.TimeoutExpired:
        child.kill()
        said = child.communicate()[1] or b""
        lost.append(f"{arguments} did not end")
    if child.returncode not in (0, 1, 2) or b"panicked" in said:
        lost.append(f"status {child.returncode} of {arguments}: {said[-300:]!r}")
    return child.returncode, said.decode(errors="replace")


def state(folder):
    """`nothing`, `complete` with its digest of the passport, or `partial`."""
    if not folder.exists():
        return "nothing", None
    try:
        passport = json.loads((folder / "passport.json").read_bytes())
    except (OSError, ValueError):
        return "partial", None
    names = {file["name"]: file["sha256"] for file in passport["files"]}
    for name, digest in names.items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            return "partial", None
    return "complete", hashlib.sha256((folder / "passport.json").read_bytes()).hexdigest()


def expect(condition, what):
    if not condition:
        lost.append(what)


def phase(place, before):
    """How far a run was, from what it left."""
    staging = [path for path in place.iterdir() if path.name.startswith(".out.udfald-") and path.suffix != ".old"]
    if state(place / "out")[1] not in (None, before):
        return "6 results in place"
    if not staging:
        return "5 between the folders" if not (place / "out").exists() and before else "1 reading the scenario"
    if any(staging[0].iterdir()):
        return "4 writing files"
    return "3 trials, some kept" if (place / "out.unfinished").exists() else "2 trials"


def killed(place):
    """200 instants over a run that begins anew, and over one that replaces results."""
    phases, resumed, tries = collections.Counter(), 0, 0
    out, saved = place / "out", place.parent / "saved"
    arguments = ["run", SMALL, "--trials", 3_000_000, "--out", out, *OPTIONS]
    for replace in (False, True):
        before = earlier_results(place, saved) if replace else None
        begun = time.monotonic()
        run(arguments)
        length = time.monotonic() - begun
        expected = state(out)[1]
        for instant in range(0, 100, FEWER):
            tries += 1
            begin(place, saved if replace else None)
            share = killed_once(arguments, instant, length)
            phases[phase(place, before)] += 1
            found, digest = state(out)
            old = [path for path in place.iterdir() if path.suffix == ".old"]
            expect(found != "partial", f"partial results after a kill at {share:.3f}")
            expect(digest in (None, before, expected), f"other results after a kill at {share:.3f}")
            expect(found == "complete" or not replace or old, f"earlier results lost at {share:.3f}")
            if instant % 10 == 0:
                status, said = run([*arguments, "--resume"])
                resumed += 1
                expect(status == 0 and state(out)[1] == expected, f"not resumed after {share:.3f}: {said}")
    for name, count in sorted(phases.items()):
        print(f"  killed while {name[2:]:<24} {count:>4} {'#' * count}")
    table.append(("killed (SIGKILL)", tries, f"nothing or complete results, old or new; {resumed} of {resumed} resumed to the same bytes"))


def earlier_results(place, saved):
    """Results of another seed, kept to begin with; their digest."""
    begin(place)
    run(["run", SMALL, "--trials", 5_000, "--seed", 9, "--out", place / "out"])
    shutil.copytree(place, saved)
    return state(place / "out")[1]


def killed_once(arguments, instant, length):
    """Kills a run at one of a hundred instants, more of them near both ends, where phases are short; at which share of its length."""
    child = start(arguments)
    share = instant / 99
    share = share if instant % 2 else (0.04 * share if instant % 4 else 0.9 + 0.2 * share)
    time.sleep(length * share)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    return share


# System calls that change names or remove, and those that make, fill and flush files.
CALLS = (
    "rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir", "link", "linkat", "mkdir", "mkdirat", "fsync", "fdatasync",
    "copy_file_range", "sendfile", "openat", "write",
)


def killed_at_calls(place):
    """Before every call that a run makes to make, fill, rename or remove a file, one after another.

    strace kills a process at a call that it is told of, before the call does anything: what is missed is only a call that is itself cut
    short, in the middle of a page that is written.
    """
    if not shutil.which("strace"):
        print("skipped: kills at every change of a file: there is no strace")
        return
    found = collections.Counter()
    out, part = place / "out", place / "1.part"
    # How many pieces are kept depends on the time it takes, so that a call may be missed: others run without.
    few, pieces = ["--trials", 20_000, "--threads", "1"], ["--trials", 300_000, "--threads", "1", "--keep-every", "0.01"]
    for kind, target, into in (
        ("nothing there", out, [*few, "--out", out]),
        ("results there", out, [*few, "--out", out]),
        ("results there, pieces", out, [*pieces, "--out", out]),
        # Whoever works in the folder keeps it: what is in it is replaced file by file.
        ("results worked in", out, [*few, "--out", out]),
        ("a part there, pieces", part, [*pieces, "--shard", "1/2", "--part", part]),
    ):
        for name in killed_at_every_call(place, kind, target, ["run", SMALL, *into]):
            found[kind, name] += 1
    for (kind, name), count in sorted(found.items()):
        print(f"  {kind}, killed at a change of a file: {name:<24} {count:>4} {'#' * count}")
    between = found["results there", "between"] + found["results there, pieces", "between"]
    over = found["results worked in", "being overwritten"]
    expect(found["results there", "between"] == 1, "no kill between the two renames")
    told = f"old or new results, whole; {between} times neither, told of; {over} times new ones beside the folder, told of"
    table.append(("killed before every change of a file", sum(found.values()), told))


def killed_at_every_call(place, kind, target, arguments):
    """Which results are there after each kill of such a run."""
    saved = place.parent / kind
    begin(place)
    run(arguments)
    expected, earlier = digest(target), None
    begin(place)
    if kind != "nothing there":
        run([*arguments, "--seed", 9])
        earlier = digest(target)
    shutil.copytree(place, saved)
    for call in CALLS:
        for number in range(1, 1_000):
            begin(place, saved)
            status = killed_at(call, number, arguments, place / "out" if kind == "results worked in" else ROOT)
            if status == 0:
                break
            what = f"{kind}, killed at {call} {number}"
            expect(status == -signal.SIGKILL, f"{what}: status {status}")
            yield left(what, place, target, arguments, expected, earlier)


def begin(place, saved=None):
    shutil.rmtree(place)
    shutil.copytree(saved, place) if saved else place.mkdir()


def killed_at(call, number, arguments, folder):
    """The status of a run that is killed before it makes a system call for that time; one that does not exist is never made."""
    killing = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"inject=?{call}:signal=KILL:when={number}"]
    child = subprocess.Popen(
        [*killing, PROGRAM, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
    )
    return child.wait(timeout=300)


def left(what, place, target, arguments, expected, earlier):
    """Which results are there after a kill. The next run says what to do, or goes on to the same bytes."""
    now = digest(target)
    beside = whole_beside(place)
    if now == "partial" and "results worked in" in what:
        expect(not (target / "passport.json").exists() and expected in beside, f"{what}: lost")
        empty = not any(target.iterdir())
        status, said = run([*arguments, "--resume"])
        if empty:
            expect(status == 0 and digest(target) == expected, f"{what}: not resumed: {status} {said}")
        else:
            expect(status == 2 and "left `" in said, f"{what}: not told of: {said}")
        return "being overwritten"
    name = {earlier: "earlier", None: "nothing", expected: "new"}.get(now, "partial")
    if now is None and earlier is not None:
        name = "between"
        expect({expected, earlier} <= beside, f"{what}: lost")
        status, said = run(["verify", target])
        expect(status == 2 and "left `" in said, f"{what}: not told of: {said}")
        # Who only asks changes nothing.
        status, said = run([*arguments, "--resume", "--dry-run"])
        expect(status == 0 and digest(target) is None and {expected, earlier} <= whole_beside(place), f"{what}: changed: {said}")
    expect(name != "partial", f"{what}: partial or other results")
    status, said = run([*arguments, "--resume"])
    expect(status == 0 and digest(target) == expected, f"{what}: not resumed: {status} {said}")
    expect(not target.with_name(f"{target.name}.unfinished").exists(), f"{what}: pieces are left")
    return name


def whole_beside(place):
    return {digest(path) for path in place.iterdir() if path.name.startswith(".out.udfald-")}


def digest(path):
    """Of complete results or of a part; `None` where there is nothing, `partial` where it is not whole."""
    if path.is_dir():
        found, digest_ = state(path)
        return digest_ if found == "complete" else "partial"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def no_room(place):
    """Files that cannot grow beyond a size, which a full disk looks like."""
    statuses = collections.Counter()
    sizes = sorted({int(400 * 1.12 ** step) for step in range(0, 60, FEWER)})

    def limit(size):
        def set_limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        return set_limit

    for size in sizes:
        out = place / f"full-{size}"
        status, said = run(["run", SMALL, "--trials", 2_000, "--out", out], preexec_fn=limit(size))
        statuses[status] += 1
        found = state(out)[0]
        expect(found == ("complete" if status == 0 else "nothing"), f"{found} with room for {size}")
        expect(status == 0 or "cannot be written" in said, f"unclear: {said}")
    table.append(("no room left", len(sizes), f"status 1 and nothing written {statuses[1]} times, else complete"))


def unwritable(place):
    file = place / "file"
    file.write_text("x")
    targets = [file, file / "below", "/proc/none/out", "/sys/out", place / ("n" * 300)]
    for target in targets:
        status, said = run(["run", SMALL, "--trials", 1_000, "--out", target])
        expect(status in (1, 2) and said.startswith("error"), f"{target}: status {status}: {said}")
    expect(file.read_text() == "x", "a file was overwritten")
    table.append(("output that cannot be written", len(targets), "refused before the first trial"))


def changing(place):
    """A scenario that is rewritten in place while it is read."""
    one = SMALL.read_text()
    other = one.replace("people", "people", 1) + "\n# " + "x" * 5_000 + "\n"
    scenario, statuses = place / "changing.toml", collections.Counter()
    for turn in range(60 // FEWER):
        scenario.write_text(one)
        out = place / "changing"
        child = start(["run", scenario, "--trials", 20_000, "--out", out])
        for write in range(40):
            scenario.write_text((one, other)[write % 2])
        said = child.communicate()[1]
        statuses[child.returncode] += 1
        if child.returncode == 0:
            expect(run(["verify", out])[0] == 0, "results of a changing file do not verify")
        else:
            expect(child.returncode == 2, f"status {child.returncode}: {said}")
        shutil.rmtree(out, ignore_errors=True)
    table.append(("scenario rewritten while read", 60 // FEWER, f"what was read is what was run and verifies ({statuses[0]}), or is refused ({statuses[2]})"))


def cut_short(place):
    """Every kind of input, cut at every 1 %."""
    out, part = place / "results", place / "whole.part"
    run(["run", SMALL, "--trials", 3_000, "--out", out])
    run(["run", SMALL, "--trials", 3_000, "--shard", "1/1", "--part", part])
    tries = 0
    for kind, source in (("scenario", SMALL), ("part", part), ("passport", out / "passport.json"), ("table", out / "summary.csv")):
        whole = source.read_bytes()
        for percent in range(0, 100, FEWER):
            tries += 1
            bytes_ = whole[: len(whole) * percent // 100]
            target = place / "cut"
            if kind == "scenario":
                (place / "cut.toml").write_bytes(bytes_)
                status, said = run(["run", place / "cut.toml", "--trials", 500, "--out", target])
            elif kind == "part":
                (place / "cut.part").write_bytes(bytes_)
                status, said = run(["merge", place / "cut.part", "--out", target])
                expect(status == 2, f"a part of {percent} % is taken")
            else:
                shutil.copytree(out, target)
                (target / source.name).write_bytes(bytes_)
                status, said = run(["verify", target])
                expect(status in (1, 2), f"a {kind} of {percent} % verifies")
                shutil.rmtree(target)
            expect(status == 0 or said or kind == "table", f"a {kind} of {percent} %: status {status} without a word")
            expect(state(target)[0] != "partial", f"partial results of a {kind} of {percent} %")
            shutil.rmtree(target, ignore_errors=True)
    table.append((f"inputs cut at every {FEWER} %", tries, "scenario, part, passport, table: refused or told of, never a panic"))


def closed(place):
    for arguments in (["run", SMALL, "--trials", 1_000], ["check", SMALL, "--plan"], ["explain", SMALL, "--trial", 1]) * (10 // FEWER):
        reader, writer = os.pipe()
        os.close(reader)
        child = start(arguments, stdout=writer)
        os.close(writer)
        said = child.communicate()[1]
        expect(child.returncode == 0 and not said.startswith(b"error"), f"closed output: {child.returncode} {said}")
    table.append(("reader of the output gone", 30 // FEWER, "status 0, files as ever"))


def together(place):
    """Two runs into one folder at the same time."""
    statuses, out = collections.Counter(), place / "together"
    expected = set()
    for seed in (1, 2):
        run(["run", SMALL, "--trials", 30_000, "--seed", seed, "--out", place / f"alone-{seed}"])
        expected.add(state(place / f"alone-{seed}")[1])
    for turn in range(60 // FEWER):
        if turn % 2:
            shutil.rmtree(out, ignore_errors=True)
        both = [start(["run", SMALL, "--trials", 30_000, "--seed", seed, "--out", out]) for seed in (1, 2)]
        for child in both:
            child.communicate()
            statuses[child.returncode] += 1
        found, digest = state(out)
        expect(found == "complete" and digest in expected, f"{found} after two runs")
    table.append(("two runs into one folder", 60 // FEWER, f"the results of one of them, whole; status 0 {statuses[0]} times, 1 {statuses[1]} times"))


def absurd(place):
    for arguments in (
        ["run", SMALL, "--trials", 2_000_000_000_000],
        ["run", SMALL, "--precision", 0],
        ["run", SMALL, "--shard", "1/2000000", "--part", "part"],
        ["run", SMALL, "--threads", 100_000],
    ):
        status, said = run(arguments)
        expect(status == 2 and said.startswith("error"), f"{arguments}: {status} {said}")
    table.append(("absurd sizes", 4, "refused before the first trial"))


def main():
    with tempfile.TemporaryDirectory() as folder:
        for check in (killed, killed_at_calls, no_room, unwritable, changing, cut_short, closed, together, absurd):
            place = pathlib.Path(folder) / check.__name__ / "place"
            place.mkdir(parents=True)
            begun = time.monotonic()
            check(place)
            print(f"{check.__name__}: {time.monotonic() - begun:.0f} s, {len(lost)} lost", flush=True)
    print("\n| fault | tries | what happened |\n|---|---|---|")
    for fault, tries, what in table:
        print(f"| {fault} | {tries} | {what} |")
    print(*lost, sep="\n")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
