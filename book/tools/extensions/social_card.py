"""What a shared link to the book shows: a picture of its own, and the site's address for it.

The tags on the pages are written by ``sphinxext.opengraph``.
"""

from pathlib import Path

import matplotlib.pyplot as plt
from sphinx.application import Sphinx
from sphinx.config import Config

from book.tools.extensions.repository import of_theme
from fpkit import plots
from fpkit.reproduce import results

CARD = "_static/card.png"
FRAMES = (1, 43, -1)  # of the staircase's kept outputs: a line, then steps, then sharp steps


def name_site(app: Sphinx, config: Config) -> None:
    """Tell where GitHub Pages serves the repository of ``_config.yml``."""
    config.ogp_site_url = of_theme(config.html_theme_options).site
    config.ogp_image = CARD


def draw_card(app: Sphinx, error: Exception | None) -> None:
    """Draw the staircase and three moments of the network that learns it."""
    if error or app.builder.format != "html":
        return
    result = results.load_or_run("staircase")
    figure, axes = plt.subplots(1, len(FRAMES), figsize=(12, 6.3), dpi=100, sharey=True)
    for ax, frame in zip(axes, FRAMES, strict=True):
        ax.plot(result.eval_x, result.y[0], color=plots.GREY, linewidth=2)
        ax.plot(result.eval_x, result.outputs[0, frame], color=plots.ORANGE, linewidth=4)
        ax.set_title(f"step {result.frames[frame]:,}", fontsize=20)
        ax.set_axis_off()
    figure.suptitle("Neural networks learn low frequencies first", fontsize=30, y=0.93)
    figure.text(0.5, 0.05, "The Frequency Principle: an executable book", ha="center", fontsize=22)
    figure.subplots_adjust(top=0.76, bottom=0.16, left=0.04, right=0.96)
    figure.savefig(Path(app.outdir, CARD), facecolor="white")
    plt.close(figure)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the above to the build."""
    app.connect("config-inited", name_site)
    app.connect("build-finished", draw_card)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
