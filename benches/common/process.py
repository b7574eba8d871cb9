"""Runs programs and says what they cost: seconds of the clock, of all processors, and the most memory they occupied."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from common.environment import WORK


@dataclass(frozen=True)
class Cost:
    """Seconds that a run took: of the clock, and of all its processors."""

    wall: float
    cpu: float


def variables(command: list[str], threads: int) -> dict[str, str]:
    """The environment of a run: libraries keep to the threads; each program has a cache of compiled code."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENTURNS_NUM_THREADS")
    compiled = hashlib.sha256(" ".join([*command[1:4], str(threads)]).encode()).hexdigest()[:12]
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return inherited | dict.fromkeys(names, str(threads)) | {"NUMBA_CACHE_DIR": str(WORK / "numba" / compiled)}


def run(command: list[str], threads: int) -> Cost:
    """Run a whole process."""
    environment = variables(command, threads)
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"stopped with status {process.returncode}: {' '.join(command)}")
    return Cost(wall, usage.ru_utime + usage.ru_stime)


def observe(command: list[str], threads: int) -> tuple[Cost, float | None]:
    """Run a whole process; also the most memory it occupied, in MiB, where the system says so (Linux).

    Memory is asked for while the process runs, since what the system says afterwards includes the Python that started
    it: 200 times in a long run, so that asking costs nothing.
    """
    environment = variables(command, threads)
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    highest = None
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        wall = time.perf_counter() - start
        if pid != 0:
            break
        highest = occupied(process.pid) or highest
        time.sleep(max(0.0005, wall / 200))
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"stopped with status {process.returncode}: {' '.join(command)}")
    return Cost(wall, usage.ru_utime + usage.ru_stime), highest


def occupied(pid: int) -> float | None:
    """The most memory a running process has occupied so far, in MiB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return None
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(found[0]) / 1024 if found else None


class Warm:
    """A program that stays in memory and runs again when told to."""

    def __init__(self, command: list[str], threads: int) -> None:
        """Start it; nothing is computed yet."""
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            [*command, "--serve"], env=variables(command, threads), stdin=pipe, stdout=pipe, text=True
        )

    def run(self) -> Cost:
        """One more run in the same process."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("again\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"stopped: {self.process.args!r}")
        return Cost(**json.loads(answer))


@contextmanager
def warm(command: list[str], threads: int) -> Generator[Warm, None, None]:
    """A warm program that ends with the block."""
    peer = Warm(command, threads)
    try:
        yield peer
    finally:
        assert peer.process.stdin is not None
        peer.process.stdin.close()
        peer.process.wait()
