"""Widgets: the same ES module is an anywidget in Jupyter and mounted by the static page.

A widget NAME is a folder: ``NAME/NAME.py`` makes its data, ``NAME/NAME.js`` draws them.
"""

from ..extras import needed_from

with needed_from("widgets"):
    import anywidget  # noqa: F401, first, else who lacks all is told to get the plots alone

    from .curves.curves import Curves, curves
    from .playground.playground import Playground, playground
    from .scrubber.scrubber import Scrubber, scrubber
    from .widget import FOLDER, NEIGHBOUR, Widget, encode, esm

__all__ = [
    "FOLDER",
    "NEIGHBOUR",
    "Curves",
    "Playground",
    "Scrubber",
    "Widget",
    "curves",
    "encode",
    "esm",
    "playground",
    "scrubber",
]
