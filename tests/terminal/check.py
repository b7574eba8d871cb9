"""A terminal of its own: is the first table there at once, and is the last one all that stays?

python3.11 tests/terminal/check.py PROGRAM [SCENARIO] [--rounds N]

Plays the bytes that a terminal of 100 columns and 60 lines gets into lines, as far as the program uses them (move up, clear
line), and compares what stays with what a pipe gets. Prints the median time from start to the first table, and to the end.
"""

import argparse
import fcntl
import os
import pty
import re
import statistics
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

ROWS, COLUMNS = 60, 100
CONTROL = re.compile(r"\x1b\[(\d*)([A-Za-z])|\r|\n")


def main() -> int:
    options = parse()
    command = [options.program, "run", options.scenario]
    piped = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    seen = [watch(command) for _ in range(options.rounds)]
    for name, times in (("first table", [s[0] for s in seen]), ("last table", [s[1] for s in seen])):
        print(f"{name}: {1000 * statistics.median(times):.1f} ms ({1000 * min(times):.1f} to {1000 * max(times):.1f})")
    for _, _, text in seen:
        first, last = text.split("all of them follow.", 1)
        assert "P90" in first, "the first table has figures"
        stays = screen(text)
        assert stays == piped.rstrip("\n").split("\n"), difference(stays, piped)
        assert "follow." not in "\n".join(stays) and "P90" in last
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("program")
    parser.add_argument("scenario", nargs="?", default="scenarios/norddjurs.toml")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    options.program = str(Path(options.program).resolve())
    return options


def watch(command: list[str]) -> tuple[float, float, str]:
    """Seconds to the first table and to the end, and all that the terminal got."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    begun, first, got = time.perf_counter(), None, b""
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE)
    os.close(theirs)
    while chunk := read(ours):
        got += chunk
        if first is None and b"all of them follow." in got:
            first = time.perf_counter() - begun
    status = process.wait()
    os.close(ours)
    assert status == 0, process.stderr.read().decode()
    assert first is not None, "no first table"
    return first, time.perf_counter() - begun, got.decode()


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:
        return b""  # the other end is closed


def screen(text: str) -> list[str]:
    """The lines that stay."""
    lines, row, at = [""], 0, 0
    for control in CONTROL.finditer(text):
        lines[row] += text[at : control.start()]
        at = control.end()
        number, letter = int(control[1] or 1), control[2]
        if control[0] == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif letter == "A":
            row = max(row - number, 0)
        elif letter == "B":
            row += number
        elif letter == "K":
            lines[row] = ""
        else:
            assert control[0] == "\r", f"a control that is not known: {control[0]!r}"
    return "\n".join(lines).rstrip("\n").split("\n")


def difference(stays: list[str], piped: str) -> str:
    other = piped.rstrip("\n").split("\n")
    at = next((i for i, (a, b) in enumerate(zip(stays, other)) if a != b), min(len(stays), len(other)))
    return f"line {at + 1}: {stays[at : at + 3]} instead of {other[at : at + 3]}"


if __name__ == "__main__":
    sys.exit(main())
