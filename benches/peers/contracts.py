"""What is computed by all: the contracts, their programs, and means that are known exactly."""

from dataclasses import dataclass, field
from pathlib import Path

from common.environment import ROOT, WORK

HERE = Path(__file__).resolve().parent

Cell = tuple[str, str, str]
"""Investment, party and budget year."""


@dataclass(frozen=True)
class Peer:
    """A Python program, and the numbers of threads it runs with; not every one draws trials."""

    name: str
    program: str
    variant: str
    threads: tuple[int, ...] = (1, 2)
    sampled: bool = True

    def file(self) -> Path:
        """Where it writes its figures."""
        return WORK / f"{Path(self.program).stem}-{self.variant}.csv"


@dataclass(frozen=True)
class Contract:
    """A scenario, its peers, and means that are known exactly."""

    name: str
    scenario: str
    peers: tuple[Peer, ...]
    exact: dict[Cell, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    """What the command line asks for."""

    trials: int
    rounds: int
    threads: tuple[int, ...]
    udfald: Path
    python: Path


G1 = Contract(
    name="G1",
    scenario="scenarios/gallery/g1-quarterly-cap.toml",
    peers=(
        Peer("NumPy", "g1_numpy.py", "library"),
        Peer("NumPy, draws by hand", "g1_numpy.py", "by-hand"),
        Peer("numba", "g1_numba.py", "serial", (1,)),
        Peer("numba, prange", "g1_numba.py", "parallel", (2,)),
        Peer("numba, all by hand", "g1_numba.py", "by-hand"),
        Peer("OpenTURNS", "g1_openturns.py", "mixture", (1,)),
        Peer("aggregate, half of the figures", "g1_aggregate.py", "exact", (1,), sampled=False),
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


def udfald_command(settings: Settings, contract: Contract, threads: int) -> list[str]:
    """One run of the product, from start of process to files; the last word is their folder."""
    out = WORK / f"udfald-{Path(contract.scenario).stem}"
    arguments = ["--trials", str(settings.trials), "--threads", str(threads), "--out", str(out)]
    return [str(settings.udfald), "run", str(ROOT / contract.scenario), *arguments]


def peer_command(settings: Settings, peer: Peer, threads: int) -> list[str]:
    """One run of a peer, from start of process to file."""
    arguments = ["--variant", peer.variant, "--trials", str(settings.trials), "--threads", str(threads)]
    return [str(settings.python), str(HERE / peer.program), *arguments, "--out", str(peer.file())]
