"""Controls: the same ES module is an anywidget in Jupyter and mounted by the static page."""

from ..extras import needed_from

with needed_from("widgets"):
    from .control import ASSETS, NEIGHBOUR, Control, encode, esm
    from .dragging import Splines, splines
    from .families import Curves, curves
    from .moving import Lines, lines
    from .painting import Images, images
    from .scrubbing import Scrubber, scrubber

__all__ = [
    "ASSETS",
    "NEIGHBOUR",
    "Control",
    "Curves",
    "Images",
    "Lines",
    "Scrubber",
    "Splines",
    "curves",
    "encode",
    "esm",
    "images",
    "lines",
    "scrubber",
    "splines",
]
