"""Checks that udfald and its Python peers give the same answers, then times them in turn; standard library only.

python3.11 benches/peers/run.py [--trials N] [--rounds R] [--udfald PATH]
"""

import argparse
import csv
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / "target" / "peers"
STANDARD_ERRORS = 5.0  # how far apart two programs may be
BUCKET = 1 / 4096  # a quantile of an amount with very many values may be so much too high (docs/model.md, section 15)
QUANTILES = ("p10", "p50", "p80", "p90", "p95", "p99")

Cell = tuple[str, str, str]
Table = dict[Cell, dict[str, float]]


@dataclass(frozen=True)
class Peer:
    """A Python program, and the numbers of threads it runs with."""

    name: str
    program: str
    variant: str
    threads: tuple[int, ...] = (1, 2)


@dataclass(frozen=True)
class Contract:
    """What is computed by all: a scenario, its peers, and means that are known exactly."""

    name: str
    scenario: str
    peers: tuple[Peer, ...]
    exact: dict[Cell, float] = field(default_factory=dict)


G1 = Contract(
    name="G1",
    scenario="scenarios/gallery/g1-quarterly-cap.toml",
    peers=(
        Peer("NumPy", "g1_numpy.py", "library"),
        Peer("NumPy, draws by hand", "g1_numpy.py", "by-hand"),
        Peer("numba", "g1_numba.py", "serial", (1,)),
        Peer("numba, prange", "g1_numba.py", "parallel", (2,)),
        Peer("numba, all by hand", "g1_numba.py", "by-hand"),
    ),
    exact={  # docs/facts.md, section 5
        ("g1-quarterly-cap", "municipality", "total"): 587_060.286,
        ("g1-quarterly-cap", "region", "total"): 374_821.818,
        ("g1-quarterly-cap", "foundation", "total"): 249_881.212,
        ("g1-quarterly-cap", "all", "total"): 1_249_406.061 - 37_642.745,
    },
)
NORDDJURS = Contract(
    name="norddjurs.toml",
    scenario="scenarios/norddjurs.toml",
    peers=(
        Peer("NumPy and SciPy", "norddjurs_numpy.py", "exact"),
        Peer("NumPy, rates from tables", "norddjurs_numpy.py", "tabulated"),
        Peer("numba, rates from tables", "norddjurs_numba.py", "tabulated"),
    ),
)
CONTRACTS = (G1, NORDDJURS)


@dataclass(frozen=True)
class Cost:
    """Seconds that a run took: of the clock, and of all its processors."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Settings:
    """What the command line asks for."""

    trials: int
    rounds: int
    threads: tuple[int, ...]
    udfald: Path
    python: Path


# --- What is run ----------------------------------------------------------------------------------------------------


def environment() -> Path:
    """A virtual environment with the pinned packages; the path of its Python."""
    venv = WORK / "venv"
    python = venv / "bin" / "python"
    stamp = venv / "requirements.sha256"
    digest = hashlib.sha256((HERE / "requirements.txt").read_bytes()).hexdigest()
    if not (stamp.exists() and stamp.read_text() == digest):
        print("Making a virtual environment with the pinned packages ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        pinned = ["--require-hashes", "--only-binary", ":all:", "-r", str(HERE / "requirements.txt")]
        subprocess.run([*pip, *pinned], check=True)
        stamp.write_text(digest)
    return python


def build() -> Path:
    """The release binary of this repository."""
    subprocess.run(["cargo", "build", "--release"], cwd=ROOT, check=True)
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "release" / "udfald"


def udfald_command(settings: Settings, contract: Contract, threads: int) -> list[str]:
    """One run of the product, from start of process to files."""
    out = WORK / f"udfald-{Path(contract.scenario).stem}"
    arguments = ["--trials", str(settings.trials), "--threads", str(threads), "--out", str(out)]
    return [str(settings.udfald), "run", str(ROOT / contract.scenario), *arguments]


def peer_file(peer: Peer) -> Path:
    """Where a peer writes its figures."""
    return WORK / f"{Path(peer.program).stem}-{peer.variant}.csv"


def peer_command(settings: Settings, peer: Peer, threads: int) -> list[str]:
    """One run of a peer, from start of process to file."""
    arguments = ["--variant", peer.variant, "--trials", str(settings.trials), "--threads", str(threads)]
    return [str(settings.python), str(HERE / peer.program), *arguments, "--out", str(peer_file(peer))]


def variables(command: list[str], threads: int) -> dict[str, str]:
    """The environment of a run: libraries keep to the threads; each program has a cache of compiled code."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
    compiled = hashlib.sha256(" ".join([*command[1:4], str(threads)]).encode()).hexdigest()[:12]
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return inherited | dict.fromkeys(names, str(threads)) | {"NUMBA_CACHE_DIR": str(WORK / "numba" / compiled)}


def run(command: list[str], threads: int) -> Cost:
    """Run a whole process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=variables(command, threads), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"stopped with status {process.returncode}: {' '.join(command)}")
    return Cost(wall, usage.ru_utime + usage.ru_stime)


def peak_memory(command: list[str], threads: int) -> float | None:
    """The most memory a run occupied, in MiB, where the system says so (Linux)."""
    process = subprocess.Popen(command, env=variables(command, threads), stdout=subprocess.DEVNULL)
    highest = None
    while process.poll() is None:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        except OSError:
            break
        occupied = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
        highest = int(occupied[0]) / 1024 if occupied else highest
        time.sleep(0.0005)
    process.wait()
    return highest


class Warm:
    """A peer that stays in memory and runs again when told to."""

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
    """A warm peer that ends with the block."""
    peer = Warm(command, threads)
    try:
        yield peer
    finally:
        assert peer.process.stdin is not None
        peer.process.stdin.close()
        peer.process.wait()


# --- The same answers -----------------------------------------------------------------------------------------------


def read_udfald(folder: Path) -> tuple[Table, Table]:
    """Payments by cell and statistic, and the standard errors of those that have an interval."""
    values: Table = {}
    errors: Table = {}
    with (folder / "summary.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["flow"] == "payment":
                cell = (row["investment"], row["party"], row["year"])
                values.setdefault(cell, {})[row["statistic"]] = float(row["value"] or "nan")
                if row["ci_low"]:
                    width = float(row["ci_high"]) - float(row["ci_low"])
                    errors.setdefault(cell, {})[row["statistic"]] = width / (2 * 1.96)
    return values, errors


def read_peer(path: Path) -> Table:
    """Figures by cell and statistic."""
    with path.open(newline="", encoding="utf-8") as file:
        return {
            (row.pop("investment"), row.pop("party"), row.pop("year")): {name: float(x) for name, x in row.items()}
            for row in csv.DictReader(file)
        }


def distance(difference: float, error: float, smallest: float) -> float:
    """A difference in standard errors; what is printed the same is the same."""
    if abs(difference) <= smallest:
        return 0.0
    return abs(difference) / error if error > 0 else float("inf")


def distances(
    ours: dict[str, float], errors: dict[str, float], theirs: dict[str, float], trials: int
) -> dict[str, float]:
    """How far mean, spread and probabilities are apart, in standard errors of the difference."""
    error = ((ours["sd"] ** 2 + theirs["sd"] ** 2) / trials) ** 0.5
    apart = {"mean": distance(ours["mean"] - theirs["mean"], error, 0.01)}
    apart["sd"] = distance(ours["sd"] - theirs["sd"], 2**0.5 * errors.get("sd", 0.0), 0.01)
    for name in ("prob_cut", "prob_zero"):
        pooled = (ours[name] + theirs[name]) / 2
        apart[name] = distance(ours[name] - theirs[name], (2 * pooled * (1 - pooled) / trials) ** 0.5, 1e-9)
    return apart


def outside(ours: dict[str, float], theirs: dict[str, float]) -> list[str]:
    """Quantiles that lie outside the peer's interval."""
    return [
        name
        for name in QUANTILES
        if not theirs[f"{name}_low"] - 0.02 <= ours[name] <= theirs[f"{name}_high"] * (1 + BUCKET) + 0.02
    ]


def from_exact(contract: Contract, table: Table, trials: int) -> str:
    """How far the means are from the exact ones: in per cent of the total, and the worst in standard errors."""
    if not contract.exact:
        return ""
    worst = max(
        distance(table[cell]["mean"] - exact, table[cell]["sd"] / trials**0.5, 0.0)
        for cell, exact in contract.exact.items()
    )
    cell, exact = list(contract.exact.items())[-1]
    return f"{100 * (table[cell]['mean'] / exact - 1):+.4f} %; {worst:.1f}"


def check(settings: Settings, contract: Contract) -> bool:
    """Run every program once, compare all figures, and print a table of it."""
    threads = settings.threads[-1]
    command = udfald_command(settings, contract, threads)
    run(command, threads)
    ours, errors = read_udfald(Path(command[-1]))
    total = ours[list(ours)[-1]]
    print(f"\n**{contract.name}: the same answers.** {settings.trials:,} trials each. The mean of all payments has a")
    print(f"standard error of {100 * total['sd'] / settings.trials**0.5 / total['mean']:.4f} % in every program.\n")
    print("| program | figures | farthest, standard errors | quantiles outside | from exact; standard errors |")
    print("|---|---|---|---|---|")
    print(f"| udfald | | | | {from_exact(contract, ours, settings.trials)} |")
    failures: list[str] = []
    for peer in contract.peers:
        run([*peer_command(settings, peer, threads), "--intervals", str(STANDARD_ERRORS)], threads)
        theirs = read_peer(peer_file(peer))
        apart = {
            cell: distances(ours[cell], errors.get(cell, {}), one, settings.trials) for cell, one in theirs.items()
        }
        missed = [(cell, name) for cell, one in theirs.items() for name in outside(ours[cell], one)]
        worst = max(one for by_name in apart.values() for one in by_name.values())
        figures = len(theirs) * (len(QUANTILES) + 4)
        exact = from_exact(contract, theirs, settings.trials)
        print(f"| {peer.name} | {figures} | {worst:.2f} | {len(missed)} | {exact} |")
        missed += [(cell, name) for cell, one in apart.items() for name, far in one.items() if far > STANDARD_ERRORS]
        failures += [
            f"{peer.name}: {'/'.join(cell)} {name}: udfald {ours[cell][name]}, peer {theirs[cell][name]}"
            for cell, name in missed
        ]
    for failure in failures:
        print(f"DIFFERENT: {failure}", file=sys.stderr)
    return not failures


# --- The time -------------------------------------------------------------------------------------------------------


@dataclass
class Pairs:
    """Runs of a program, each with the run of udfald just before it."""

    label: str
    threads: int
    theirs: list[Cost] = field(default_factory=list)
    ours: list[Cost] = field(default_factory=list)

    def row(self, first: float | None, memory: float | None) -> str:
        """The row of the table."""
        walls = [one.wall for one in self.theirs]
        ratios = [theirs.wall / ours.wall for theirs, ours in zip(self.theirs, self.ours, strict=True)]
        cpu = [theirs.cpu / max(ours.cpu, 1e-3) for theirs, ours in zip(self.theirs, self.ours, strict=True)]
        cells = (
            self.label,
            str(self.threads),
            f"{median(walls):.3f}",
            f"{min(walls):.3f} .. {max(walls):.3f}",
            f"**{median(ratios):.1f}**",
            f"{min(ratios):.1f} .. {max(ratios):.1f}",
            f"{median(cpu):.1f}",
            "" if first is None else f"{first:.2f}",
            "" if memory is None else f"{memory:.0f}",
        )
        return f"| {' | '.join(cells)} |"


def measure(settings: Settings, contract: Contract) -> None:
    """Time udfald and all peers in turn, and print a table of it."""
    plan = [(peer, threads) for peer in contract.peers for threads in peer.threads if threads in settings.threads]
    whole = [Pairs(f"{peer.name}: whole process", threads) for peer, threads in plan]
    again = [Pairs(f"{peer.name}: warm", threads) for peer, threads in plan]
    alone = {threads: Pairs("udfald: whole process, to files", threads) for threads in settings.threads}
    before = os.getloadavg()[0]
    shutil.rmtree(WORK / "numba", ignore_errors=True)  # so that the first run of a warm peer compiles

    def pair(pairs: Pairs, theirs: Cost, ours: Cost) -> None:
        pairs.theirs.append(theirs)
        pairs.ours.append(ours)
        alone[pairs.threads].theirs.append(ours)
        alone[pairs.threads].ours.append(ours)

    with ExitStack() as stack:
        resident = [stack.enter_context(warm(peer_command(settings, peer, threads), threads)) for peer, threads in plan]
        first = [one.run().wall for one in resident]
        for at in range(settings.rounds):
            print(f"{contract.name}: round {at + 1} of {settings.rounds}", file=sys.stderr)
            for i in range(len(plan)):
                peer, threads = plan[i]
                ours = run(udfald_command(settings, contract, threads), threads)
                pair(whole[i], run(peer_command(settings, peer, threads), threads), ours)
                ours = run(udfald_command(settings, contract, threads), threads)
                pair(again[i], resident[i].run(), ours)
    load = f"load {before:.2f} at the start and {os.getloadavg()[0]:.2f} at the end"
    print(f"\n**{contract.name}: the time.** {settings.trials:,} trials, rounds: {settings.rounds}, {load}.\n")
    print("| program | threads | s | spread | x udfald | spread | CPU x udfald | first run, s | peak MiB |")
    print("|---|---|---|---|---|---|---|---|---|")
    for threads, pairs in alone.items():
        print(pairs.row(None, peak_memory(udfald_command(settings, contract, threads), threads)))
    for i, (peer, threads) in enumerate(plan):
        print(whole[i].row(None, peak_memory(peer_command(settings, peer, threads), threads)))
        print(again[i].row(first[i], None))


# --- The command ----------------------------------------------------------------------------------------------------


def machine() -> str:
    """Processor, system and load."""
    model = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        lines = dict(line.split("\t", 1) for line in text.splitlines() if "\t" in line)
        named = {name: value.split(":", 1)[-1].strip() for name, value in lines.items()}
        model = f"{named.get('model name', model)}, family {named.get('cpu family')}, model {named.get('model')}"
    load = ", ".join(f"{one:.2f}" for one in os.getloadavg())
    return f"{os.cpu_count()} processors ({model}), {platform.system()} {platform.release()}, load {load}"


def versions(settings: Settings) -> str:
    """Versions of everything that runs."""
    ours = subprocess.run([settings.udfald, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    pinned = [line.split()[0] for line in (HERE / "requirements.txt").read_text().splitlines() if "==" in line]
    return f"{ours}, Python {platform.python_version()}, {', '.join(pinned)}"


def main() -> int:
    """Check, then measure; status 1 if the answers differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--udfald", type=Path, help="a release binary; without it, cargo builds one")
    parser.add_argument("--contract", choices=[one.name for one in CONTRACTS], help="only this one")
    options = parser.parse_args()
    if sys.version_info[:2] != (3, 11):
        parser.error("the pinned packages are for Python 3.11: run this file with python3.11")
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    WORK.mkdir(parents=True, exist_ok=True)
    threads = (1, 2) if (os.cpu_count() or 1) > 1 else (1,)
    udfald = options.udfald.resolve() if options.udfald else build()
    settings = Settings(options.trials, options.rounds, threads, udfald, environment())
    contracts = [one for one in CONTRACTS if options.contract in {None, one.name}]
    print(f"{machine()}.\n{versions(settings)}.")
    if not all([check(settings, contract) for contract in contracts]):
        return 1
    for contract in contracts:
        measure(settings, contract)
    return 0


if __name__ == "__main__":
    sys.exit(main())
