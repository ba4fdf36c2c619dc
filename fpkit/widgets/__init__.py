"""Controls: the same ES module is an anywidget in Jupyter and mounted by the static page.

A control NAME is a folder: ``NAME/NAME.py`` makes its data, ``NAME/NAME.js`` draws them.
"""

from ..extras import needed_from

with needed_from("widgets"):
    from .control import FOLDER, NEIGHBOUR, Control, encode, esm
    from .curves.curves import Curves, curves
    from .images.images import Images, images
    from .lines.lines import Lines, lines
    from .playground.playground import Playground, playground
    from .scrubber.scrubber import Scrubber, scrubber
    from .splines.splines import Splines, splines

__all__ = [
    "FOLDER",
    "NEIGHBOUR",
    "Control",
    "Curves",
    "Images",
    "Lines",
    "Playground",
    "Scrubber",
    "Splines",
    "curves",
    "encode",
    "esm",
    "images",
    "lines",
    "playground",
    "scrubber",
    "splines",
]
