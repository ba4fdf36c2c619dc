"""Draw the figure of README.md: ``python -m book.tools.draw_readme``.

From the stored run of chapter one. Thinned and rounded, since every reader of the README loads it.
"""

from __future__ import annotations

import io
import re

import matplotlib.pyplot as plt
import numpy as np

import fpkit as fp
from fpkit import plots
from fpkit.reproduce import chapters

SHOWN = (1_000, 9_000, 16_000)  # steps
# Points of a line, to more digits than an eye sees.
POINT = re.compile(r"L (\d+\.\d)\d* (\d+\.\d)\d*")


def main() -> None:
    """Draw a network's output at three steps, and how each frequency is learned."""
    plots.use_style()
    result = fp.load_or_run("staircase")
    fig, (left, right) = plt.subplots(1, 2, figsize=(8, 2.9), layout="constrained")
    left.plot(result.x, result.y[0], **plots.TARGET)
    for step, shade in zip(SHOWN, plots.frequency_colors(SHOWN), strict=True):
        place = result.frame_near(step)
        label = f"step {result.frames[place]:,}"
        left.plot(result.x[::2], result.outputs[0, place, ::2], color=shade, label=label)
    left.set(xlabel="x", title="The output of a network")
    left.legend(loc="upper left")
    thin = np.linspace(0, len(result.steps) - 1, 150).astype(int)
    plots.convergence(right, result.steps[thin], result.errors[0, thin], result.peaks)
    right.set(title="How wrong each frequency is")
    drawn = io.StringIO()
    fig.savefig(drawn, format="svg", facecolor="white", metadata={"Date": None})
    lines = [line.rstrip() for line in POINT.sub(r"L \1 \2", drawn.getvalue()).splitlines()]
    target = chapters.book() / "assets" / "staircase.svg"
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
