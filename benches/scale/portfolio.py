"""Writes a synthetic portfolio of so many different investments, drawn by a seeded rule; standard library only.

python3.11 benches/scale/portfolio.py --investments N --out FOLDER [--seed S]

Investment i of a seed is the same in every portfolio that holds it, so that a larger one holds the smaller. Contracts
are like the shipped ones: one to three payers out of 98 municipalities and 5 regions, one to four intakes, one to four
outcomes with a rate or a measured level, prices and scales, limits of payers, years and the contract, return caps; half
of the rates depend on one factor. None is a real contract.
"""

import argparse
from datetime import date
from pathlib import Path
from random import Random

YEARS = range(2026, 2035)
MUNICIPALITIES, REGIONS = 98, 5
FOLDER_FILE = "portfolio.toml"


def split(rng: Random, payers: list[str]) -> str:
    """Who pays a term: one of them, or all by shares of whole per cent."""
    if len(payers) == 1 or rng.random() < 0.4:
        return f'"{rng.choice(payers)}"'
    shares = [rng.randrange(10, 40) for _ in payers[1:]]
    rest = ", ".join(f"{payer} = 0.{share}" for payer, share in zip(payers[1:], shares, strict=True))
    return f'{{ {payers[0]} = "rest", {rest} }}'


def rate(rng: Random) -> str:
    """A distribution of a rate; every second one depends on the factor."""
    mean = rng.randrange(15, 85) / 100
    law = rng.choice((
        f"beta = {{ mean = {mean}, n = {rng.randrange(8, 60)} }}",
        f"beta = {{ a = {rng.randrange(3, 20)}, b = {rng.randrange(3, 20)} }}",
        f"pert = {{ low = {mean * 0.6:.3f}, mode = {mean}, high = {min(mean * 1.3, 0.98):.3f} }}",
        f"range = {{ low = {mean * 0.7:.3f}, mid = {mean}, high = {(1 + mean) / 2:.3f} }}",
    ))
    return law + (f"\nloads = {{ labour_market = {rng.randrange(-2, 7) / 10} }}" if rng.random() < 0.5 else "")


def measured(rng: Random, at: int, intakes: int, paid_by: str) -> tuple[list[str], float]:
    """A measured level with its input and a sliding scale, and what it earns at most."""
    base = rng.randrange(2, 40) * 100_000 // intakes
    level = f"""[outcome.level_{at}]
of = "enrolled"
at = "{6 * at} months"
level = "effect_{at}"
noise = {{ sd = 0.7, people = "enrolled", matched = {rng.randrange(1, 12)} }}"""
    term = f"""[term.level-{at}]
for = "level_{at}"
measured = "each intake"
base = {base}
price = [{{ from = 0.02, pay = 0, rise_to = 1 }}, {{ from = 0.12, pay = 1 }}]
paid_by = {paid_by}"""
    effect = f"[input.effect_{at}]\nnormal = {{ mean = 0.{rng.randrange(5, 15):02}, sd = 0.05 }}"
    return [effect, level, term], base * intakes


def counted(rng: Random, at: int, of: str, people: int, paid_by: str) -> tuple[list[str], float]:
    """People who reach a goal, with their rate and a price, and about what they earn at most."""
    price = rng.randrange(4, 240) * 500
    outcome = f'[outcome.reached_{at}]\nof = "{of}"\nat = "{6 * at} months"\nrate = "rate_{at}"'
    term = f'[term.reached-{at}]\nfor = "reached_{at}"\nprice = {price}\npaid_by = {paid_by}'
    return [f"[input.rate_{at}]\n{rate(rng)}", outcome, term], price * people * 0.6


def outcomes(rng: Random, payers: list[str], intakes: int, people: int) -> tuple[list[str], float]:
    """Outcomes with their inputs and terms, and about what they earn together at most."""
    tables: list[str] = []
    most, of = 0.0, "enrolled"
    for at in range(1, rng.randrange(1, 5) + 1):
        paid_by = split(rng, payers)
        if rng.random() < 0.2:
            more, earned = measured(rng, at, intakes, paid_by)
        else:
            more, earned = counted(rng, at, of, people, paid_by)
            of = rng.choice((of, f"reached_{at}"))
        tables += more
        most += earned
    return tables, most


def limits(rng: Random, payers: list[str], most: float) -> list[str]:
    """Limits that bind now and then: of the contract, of the year, of each payer."""
    tables = []
    if rng.random() < 0.5:
        tables.append(f'[limit.lifetime]\nper = "contract"\nat_most = {round(most * 0.8, -4):.0f}\nexcess = "lost"')
    if rng.random() < 0.3:
        excess = rng.choice(("lost", "rolls"))
        tables.append(f'[limit.yearly]\nper = "year"\nat_most = {round(most * 0.4, -4):.0f}\nexcess = "{excess}"')
    for payer in payers:
        if rng.random() < 0.6:
            amount = round(most / len(payers) * rng.randrange(5, 12) / 10, -4)
            tables.append(
                f'[limit.{payer}]\npayer = "{payer}"\nper = "contract"\nat_most = {amount:.0f}\nexcess = "lost"'
            )
    return tables


def investment(seed: int, number: int) -> str:
    """The file of one investment."""
    rng = Random(f"{seed}/{number}")
    payers = [f"municipality-{rng.randrange(MUNICIPALITIES):02}"]
    payers += [f"region-{rng.randrange(REGIONS)}"] if rng.random() < 0.5 else []
    payers += ["foundation"] if rng.random() < 0.2 else []
    starts = date(rng.randrange(2026, 2030), rng.choice((1, 4, 7)), 1)
    intakes, people = rng.randrange(1, 5), rng.choice((rng.randrange(30, 120), rng.randrange(120, 900)))
    tables, most = outcomes(rng, payers, intakes, people)
    earned = max(most, 100_000)
    returns = rng.choice((
        "",
        "return_cap = { balance = 0.06 }",
        "return_cap = { multiple = 1.15 }",
        "return_cap = { average = 0.05 }",
    ))
    head = f"""# Made up by benches/scale/portfolio.py, seed {seed}.
udfald       = 1
investment   = "synthetic-{number:04}"
name         = "Synthetic investment {number}"
currency     = "DKK"
budget_years = {list(YEARS)}
starts       = {starts}
ends         = {starts.year + 5}-12-31
assumed      = "drawn by a rule, to measure time and memory"

[payment]
due = {{ after = "3 months" }}

[factor.labour_market]

[fund.investor]
party  = "investor"
amount = {round(earned * 0.4, -4):.0f}
{returns}

[cohort]
people  = {people}
intakes = {{ from = {starts}, every = "6 months", times = {intakes} }}"""
    parties = [f"[party.{party}]" for party in [*payers, "investor"]]
    return "\n\n".join([head, *parties, *tables, *limits(rng, payers, earned)]) + "\n"


def write(folder: Path, investments: int, seed: int) -> Path:
    """Write the portfolio; the path of its file."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{number:04}.toml" for number in range(1, investments + 1)]
    for number, name in enumerate(names, start=1):
        (folder / name).write_text(investment(seed, number), encoding="utf-8")
    include = "".join(f'    "{name}",\n' for name in names)
    path = folder / FOLDER_FILE
    path.write_text(
        f'udfald       = 1\nportfolio    = "synthetic-{investments}"\nname         = "{investments} synthetic '
        f'investments"\nbudget_years = {list(YEARS)}\ninclude      = [\n{include}]\n',
        encoding="utf-8",
    )
    return path


def main() -> None:
    """Write one portfolio and print its path."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--investments", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    options = parser.parse_args()
    print(write(options.out, options.investments, options.seed))


if __name__ == "__main__":
    main()
