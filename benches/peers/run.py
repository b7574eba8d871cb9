"""Checks that udfald and its Python peers give the same answers, then times them in turn.

python3.11 benches/peers/run.py [--trials N] [--rounds R] [--udfald PATH] [--contract NAME] [--write]
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from answers import check
from common.environment import ask_for_udfald, machine, python, threads, udfald, versions
from common.page import Section, ask_to_write
from contracts import CONTRACTS, Settings
from timing import measure

PACKAGES = ("aggregate", "llvmlite", "numba", "numpy", "openturns", "scipy")


def main() -> int:
    """Check, then measure; status 1 if the answers differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--contract", choices=[one.name for one in CONTRACTS], help="only this one")
    ask_for_udfald(parser)
    ask_to_write(parser)
    options = parser.parse_args()
    settings = Settings(options.trials, options.rounds, threads(), udfald(options), python())
    contracts = [one for one in CONTRACTS if options.contract in {None, one.name}]
    section = Section("peers")
    section.say(f"{machine()}.\n{versions(settings.udfald, PACKAGES)}.")
    if not all([check(settings, contract, section) for contract in contracts]):
        return 1
    for contract in contracts:
        measure(settings, contract, section)
    if options.write:
        section.write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
