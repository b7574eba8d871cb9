"""Draws time and memory against trials and investments; the same data give the same bytes.

python picture.py POINTS.json PICTURE.svg, with the pinned packages.
"""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot
from matplotlib.axes import Axes

STYLE: dict[Any, Any] = {
    "svg.hashsalt": "udfald",  # ids in the file come from it; without it they are random
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
COLOURS = ("#1f4e79", "#c55a11")  # told apart without seeing colours, as the markers are
MARKERS = ("o", "s")


def panel(axes: Axes, points: list[dict], axis: str, figure: str, label: str) -> None:
    """One figure against one size, both on logarithmic scales; a grey line rises with the size."""
    names = list(dict.fromkeys(point["series"] for point in points if point["axis"] == axis))
    for name, colour, marker in zip(names, COLOURS, MARKERS, strict=False):
        own = [point for point in points if point["series"] == name]
        sizes, values = [point["size"] for point in own], [point[figure] for point in own]
        axes.plot(sizes, values, color=colour, marker=marker, markersize=4, linewidth=1.2, label=name)
    lowest = min(point[figure] for point in points if point["axis"] == axis)
    sizes = sorted({point["size"] for point in points if point["axis"] == axis})
    axes.plot(sizes, [lowest * size / sizes[0] for size in sizes], color="0.7", linewidth=0.8, label="linear")
    axes.set(xscale="log", yscale="log", xlabel=axis, ylabel=label)
    axes.set_ylim(bottom=lowest / 2, top=4 * max(point[figure] for point in points if point["axis"] == axis))
    axes.legend(frameon=False)


def main(data: Path, picture: Path) -> None:
    """Draw all panels."""
    points = json.loads(data.read_text(encoding="utf-8"))
    mpl.use("svg")
    with pyplot.rc_context(STYLE):
        figure, panels = pyplot.subplots(2, 2, figsize=(9, 6.5), layout="constrained")
        for column, axis in enumerate(("trials", "investments")):
            panel(panels[0][column], points, axis, "cpu", "processor seconds")
            panel(panels[1][column], points, axis, "mib", "peak memory, MiB")
        picture.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(picture, format="svg", metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
