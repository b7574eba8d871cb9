"""Opens what a results folder holds for other programs in those programs, and compares it with the CSV files.

    python tests/office/check.py RESULTS [--danish RESULTS] [--shots DIR]

RESULTS is a folder of `udfald run --report workbook,json,sipmath --trial-columns ...`; --danish one that was run with
`--csv excel-da`. See README.md in this folder.
"""

import argparse
import csv
import glob
import json
import math
import os
import subprocess
import sys
import tempfile

import duckdb
import openpyxl
import pandas
import polars

SOFFICE = os.environ.get("SOFFICE", "soffice")
faults = []


def check(holds, told):
    print(("ok   " if holds else "FAIL ") + told)
    if not holds:
        faults.append(told)


def office(place, kind, file, *more):
    """Converts a file with LibreOffice, under a profile of its own."""
    profile = f"-env:UserInstallation=file://{place}/profile"
    command = [SOFFICE, profile, "--headless", *more, "--convert-to", kind, "--outdir", place, file]
    subprocess.run(command, check=True, capture_output=True, timeout=300)


def rows(folder, name):
    with open(f"{folder}/{name}", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def workbook(folder, place):
    """Formulas without the values they were written with: what LibreOffice computes must be what was stated."""
    stated = openpyxl.load_workbook(f"{folder}/report.xlsx", data_only=True)
    formulas = openpyxl.load_workbook(f"{folder}/report.xlsx")
    formulas.save(f"{place}/bare.xlsx")  # openpyxl writes no values beside formulas
    office(place, "ods", f"{place}/bare.xlsx")
    office(place, "xlsx:Calc MS Excel 2007 XML", f"{place}/bare.ods")
    computed = openpyxl.load_workbook(f"{place}/bare.xlsx", data_only=True)
    count, worst = 0, 0.0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type == "f":
                    count += 1
                    found = computed[sheet.title][cell.coordinate].value
                    expected = stated[sheet.title][cell.coordinate].value
                    if not isinstance(found, (int, float)):
                        check(False, f"{sheet.title} {cell.coordinate} is {found!r}")
                        continue
                    worst = max(worst, abs(found - expected))
    check(count > 0 and worst < 0.005, f"{count} formulas computed by LibreOffice give what is stated (to {worst:.1e})")
    frozen = [sheet.title for sheet in stated if sheet.freeze_panes]
    check(len(frozen) >= 3, f"headers stay in sight on {', '.join(frozen)}")
    check(all(sheet.print_area for sheet in stated), "every sheet has a print area")
    charts = sum(len(sheet._charts) for sheet in stated)
    check(charts >= 2, f"{charts} charts")


def parquet(folder):
    path = f"{folder}/trials.parquet"
    summary = rows(folder, "summary.csv")
    means = {(r["investment"], r["party"], r["flow"], r["year"]): float(r["value"]) for r in summary if r["statistic"] == "mean"}
    frames = {"pandas": pandas.read_parquet(path).mean().to_dict(), "polars": polars.read_parquet(path).mean().to_dicts()[0]}
    names = [name for name in frames["polars"] if name != "trial"]
    averages = ", ".join(f'avg("{name}")' for name in names)
    frames["DuckDB"] = dict(zip(names, duckdb.sql(f"select {averages} from '{path}'").fetchall()[0]))
    count = duckdb.sql(f"select count(*), min(trial), max(trial) from '{path}'").fetchall()[0]
    check(count[1:] == (0, count[0] - 1), f"{count[0]} trials, numbered from 0")
    for reader, found in frames.items():
        for name in names:
            parts = name.split(":")
            key = tuple(parts if len(parts) == 4 else ["all", *parts])
            off = abs(found[name] - means[key])
            check(off <= 0.00501, f"{reader}: the mean of {name} is that of summary.csv ({found[name]:.2f})")


def as_json(folder):
    with open(f"{folder}/summary.json", encoding="utf-8") as file:
        summary = json.load(file)
    stated = {}
    for row in rows(folder, "summary.csv"):
        stated[tuple(row[k] for k in ("investment", "party", "flow", "year", "statistic"))] = row["value"]
    count, wrong = 0, 0
    for figure in summary["figures"]:
        for statistic, found in figure["statistics"].items():
            cell = stated[(figure["investment"], figure["party"], figure["flow"], figure["year"], statistic)]
            count += 1
            wrong += (cell == "") != (found is None) or (found is not None and float(cell) != found["value"])
    check(count > 0 and wrong == 0, f"{count} figures of summary.json are those of summary.csv")


def metalog(sip, y):
    """Keelin (2016), (6) and (8)."""
    logit, centre = math.log(y / (1 - y)), y - 0.5
    terms = [1, logit, centre * logit, centre]
    k = 5
    a = sip["arguments"]["aCoefficients"]
    while len(terms) < len(a):
        terms.append(centre ** ((k - 1) // 2) if k % 2 else centre ** (k // 2 - 1) * logit)
        k += 1
    m = sum(t * c for t, c in zip(terms, a))
    low, high = sip["arguments"]["lowerBound"], sip["arguments"]["upperBound"]
    return low + (high - low) / (1 + math.exp(-m)) if m > -700 else low


def sipmath(folder):
    with open(f"{folder}/sipmath.json", encoding="utf-8") as file:
        library = json.load(file)
    check(library["libraryType"] == "SIPmath_3_0" and library["objectType"] == "sipModel", "a SIPmath 3.0 library")
    names = [sip["name"] for sip in library["sips"]]
    check(len(set(names)) == len(names) == len(library["U01"]["rng"]), f"{len(names)} distributions, each with a stream")
    matrix = library["globalVariables"][0]["value"]["matrix"]
    full = pandas.DataFrame(0.0, names, names)
    for cell in matrix:
        full.loc[cell["row"], cell["col"]] = full.loc[cell["col"], cell["row"]] = cell["value"]
    import numpy
    numpy.linalg.cholesky(full.to_numpy())
    check(True, "correlations have a Cholesky decomposition")
    points = [(i + 0.5) / 2000 for i in range(2000)]
    for sip in library["sips"]:
        values = [metalog(sip, y) for y in points]
        mean, about = sum(values) / len(values), sip["metadata"]
        off = abs(mean - about["mean"]) / (about["max"] - about["min"])
        rises = all(a <= b for a, b in zip(values, values[1:]))
        check(off < 0.02 and rises, f"{sip['name']}: the metalog's mean is {off:.2%} of the range off")


def danish(folder, place):
    """The Danish CSV as a double click opens it in a Danish LibreOffice: numbers are numbers, letters are right."""
    office(place, "xlsx:Calc MS Excel 2007 XML", f"{folder}/exposure.csv", "--infilter=CSV:59,34,76,1,,1030,false,true")
    sheet = openpyxl.load_workbook(f"{place}/exposure.xlsx").active
    found = list(sheet.iter_rows(values_only=True))
    head, body = found[0], found[1:]
    numbers = [row[head.index(name)] for row in body for name in ("mean", "p90", "contract_max", "prob_cut")]
    check(all(isinstance(number, (int, float)) for number in numbers), f"{len(numbers)} cells of the Danish CSV are numbers")
    with open(f"{folder}/exposure.csv", encoding="utf-8-sig", newline="") as file:
        stated = list(csv.DictReader(file, delimiter=";"))
    off = max(abs(row[head.index("mean")] - float(line["mean"].replace(",", "."))) for row, line in zip(body, stated))
    check(off < 0.005, "and have the values that are written")
    with open(f"{place}/letters.csv", "w", encoding="utf-8-sig", newline="") as file:
        file.write("navn;kr\r\nRødovre Æbelø Ålborg;1234,50\r\n")
    office(place, "xlsx:Calc MS Excel 2007 XML", f"{place}/letters.csv", "--infilter=CSV:59,34,76,1,,1030,false,true")
    cells = [cell.value for cell in openpyxl.load_workbook(f"{place}/letters.xlsx").active[2]]
    check(cells == ["Rødovre Æbelø Ålborg", 1234.5], "æ, ø and å are right")


def shots(folder, place, out):
    import pypdfium2

    office(place, "pdf", f"{folder}/report.xlsx")
    os.makedirs(out, exist_ok=True)
    pdf = pypdfium2.PdfDocument(f"{place}/report.pdf")
    for index in range(len(pdf)):
        pdf[index].render(scale=1.3).to_pil().save(f"{out}/workbook-{index + 1:02}.png")
    print(f"{len(pdf)} sides of paper in {out}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("results")
    parser.add_argument("--danish")
    parser.add_argument("--shots")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        there = {os.path.basename(path) for path in glob.glob(f"{options.results}/*")}
        if "report.xlsx" in there:
            workbook(options.results, place)
        if "trials.parquet" in there:
            parquet(options.results)
        if "summary.json" in there:
            as_json(options.results)
        if "sipmath.json" in there:
            sipmath(options.results)
        if options.danish:
            danish(options.danish, place)
        if options.shots:
            shots(options.results, place, options.shots)
    print(f"{len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
