"""The time of every program, each run paired with runs of udfald just before it."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

from common.environment import WORK, load
from common.page import Section
from common.process import Cost, Warm, observe, run, warm
from contracts import Contract, Peer, Settings, peer_command, udfald_command

ALIKE = ("x udfald", "spread", "CPU x udfald")
HEADER = ("program", "threads", "s", "spread", *ALIKE, "x udfald on all", "spread", "first run, s", "peak MiB")


@dataclass
class Pairs:
    """Runs of a program, each with runs of udfald just before it: on as many threads, and on all; the middle of three."""

    label: str
    threads: int
    theirs: list[Cost] = field(default_factory=list)
    ours: list[Cost] = field(default_factory=list)
    on_all: list[Cost] = field(default_factory=list)

    def row(self, first: float | None, memory: float | None) -> list[str]:
        """The row of the table."""
        walls = [one.wall for one in self.theirs]
        cpu = [theirs.cpu / max(ours.cpu, 1e-3) for theirs, ours in zip(self.theirs, self.ours, strict=True)]
        return [
            self.label,
            str(self.threads),
            f"{median(walls):.3f}",
            f"{min(walls):.3f} .. {max(walls):.3f}",
            *self.ratios(self.ours),
            f"{median(cpu):.1f}",
            *self.ratios(self.on_all),
            "" if first is None else f"{first:.2f}",
            "" if memory is None else f"{memory:.0f}",
        ]

    def ratios(self, ours: list[Cost]) -> tuple[str, str]:
        """How many times as long as runs of udfald, and the spread."""
        ratios = [theirs.wall / ours.wall for theirs, ours in zip(self.theirs, ours, strict=True)]
        return f"**{median(ratios):.1f}**", f"{min(ratios):.1f} .. {max(ratios):.1f}"


@dataclass
class Timed:
    """A peer with its whole processes and its warm runs."""

    peer: Peer
    threads: int
    whole: Pairs
    again: Pairs
    first: float = 0.0


def first(command: list[str], threads: int) -> Cost:
    """A run that is the first to write its results: to put them in place of others is no part of what is compared."""
    out = Path(command[-1])
    if out.is_dir():
        shutil.rmtree(out)
    else:
        out.unlink(missing_ok=True)
    return run(command, threads)


def middle(command: list[str], threads: int) -> Cost:
    """The middle one of three runs: some milliseconds are disturbed by what seconds do not notice."""
    return sorted((first(command, threads) for _ in range(3)), key=lambda cost: cost.wall)[1]


def rounds(settings: Settings, contract: Contract, timed: list[Timed], alone: dict[int, Pairs]) -> None:
    """Run everything in turn, as often as asked for."""

    def pair(pairs: Pairs, theirs: Callable[[], Cost]) -> None:
        ours = {threads: middle(udfald_command(settings, contract, threads), threads) for threads in settings.threads}
        pairs.theirs.append(theirs())
        pairs.ours.append(ours[pairs.threads])
        pairs.on_all.append(ours[max(ours)])
        for threads, cost in ours.items():
            for costs in (alone[threads].theirs, alone[threads].ours):
                costs.append(cost)
            alone[threads].on_all.append(ours[max(ours)])

    def whole(peer: Peer, threads: int) -> Cost:
        return first(peer_command(settings, peer, threads), threads)

    def again(peer: Peer, program: Warm) -> Cost:
        peer.file().unlink(missing_ok=True)
        return program.run()

    with ExitStack() as stack:
        resident = [
            stack.enter_context(warm(peer_command(settings, one.peer, one.threads), one.threads)) for one in timed
        ]
        for one, program in zip(timed, resident, strict=True):
            one.first = program.run().wall
        for at in range(settings.rounds):
            print(f"{contract.name}: round {at + 1} of {settings.rounds}", file=sys.stderr)
            for one, program in zip(timed, resident, strict=True):
                pair(one.whole, partial(whole, one.peer, one.threads))
                pair(one.again, partial(again, one.peer, program))


def measure(settings: Settings, contract: Contract, section: Section) -> None:
    """Time udfald and all peers in turn, and print a table of it."""
    timed = [
        Timed(peer, threads, Pairs(f"{peer.name}: whole process", threads), Pairs(f"{peer.name}: warm", threads))
        for peer in contract.peers
        for threads in peer.threads
        if threads in settings.threads
    ]
    alone = {threads: Pairs("udfald: whole process, to files", threads) for threads in settings.threads}
    before = load()
    shutil.rmtree(WORK / "numba", ignore_errors=True)  # so that the first run of a warm peer compiles
    rounds(settings, contract, timed, alone)
    loads = f"load {before} at the start and {load()} at the end"
    section.say(f"**{contract.name}: the time.** {settings.trials:,} trials, rounds: {settings.rounds}, {loads}.")

    def rows() -> Iterator[list[str]]:
        for threads, pairs in alone.items():
            yield pairs.row(None, observe(udfald_command(settings, contract, threads), threads)[1])
        for one in timed:
            yield one.whole.row(None, observe(peer_command(settings, one.peer, one.threads), one.threads)[1])
            yield one.again.row(one.first, None)

    section.table(HEADER, rows())
