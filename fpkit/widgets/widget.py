"""What every widget has: one ES module, for Jupyter and for a page without a kernel."""

from __future__ import annotations

import base64
import html
import inspect
import json
import os
import re
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from .. import validation

__all__ = ["FOLDER", "NEIGHBOUR", "Widget", "encode", "esm"]

# Has a folder NAME for each widget, with its NAME.py and NAME.js, and one that they share.
FOLDER = Path(__file__).parent

# How one module names another: to import it, or to run it as a worker.
NEIGHBOUR = r'(from |URL\()"(\.[\w./]+\.js)"'
LOADER = """\
const sources = %s;
const addresses = {};
for (const [path, source] of Object.entries(sources)) {
  const linked = source.replace(/%s/g, (_, before, other) =>
    `${before}"${addresses[new URL(other, `file://${path}`).pathname]}"`);
  addresses[path] = URL.createObjectURL(new Blob([linked], { type: "text/javascript" }));
}
export default (await import(addresses["%s"])).default;
"""


def esm(name: str, folder: Path | None = None) -> str:
    """Return the module ``NAME/NAME.js`` of a folder, of this one if None, and all it needs as one.

    A page loads modules by their addresses. A notebook is handed one text, so this one brings the
    others along and gives each an address of its own, those first that others import.
    """
    sources: dict[str, str] = {}  # by their paths, which begin with a slash

    def collect(path: str) -> None:
        source = _located(path[1:], folder or FOLDER).read_text(encoding="utf-8")
        for _, other in re.findall(NEIGHBOUR, source):
            if (needed := normpath(join(dirname(path), other))) not in sources:
                collect(needed)
        sources[path] = source

    collect(path := f"/{name}/{name}.js")
    return LOADER % (json.dumps(sources), NEIGHBOUR, path)


def _located(path: str, folder: Path) -> Path:
    """Return a file of a widget in ``folder``, or of those in `FOLDER` that it may need.

    A page has the files of all folders side by side, so that ``../shared/`` is found there too.
    """
    return file if (file := folder / path).exists() else FOLDER / path


def encode(values: ArrayLike, bits: int = 32) -> dict[str, Any]:
    """Pack an array for the page: little-endian base64 of float32, or of int16 with a scale.

    ``bits=16`` keeps 1 part in 65,534 of the range, which is finer than a pixel. Along the last
    axis each of these whole numbers but the first becomes its difference from the one before,
    modulo 2¹⁶: neighbours are alike, so that differences compress to half.
    """
    array = validation.real_array("values", values, ndim=(1, 2, 3)).astype(np.float64)
    scale, offset, raw = 1.0, 0.0, array.astype("<f4")
    if bits == 16:
        low, high = float(array.min()), float(array.max())
        scale, offset = (high - low) / 65_534 or 1.0, (high + low) / 2
        raw = np.round((array - offset) / scale).astype("<i2")
        raw[..., 1:] = np.diff(raw)
    return {
        "dtype": "int16" if bits == 16 else "float32",
        "shape": list(array.shape),
        "scale": scale,
        "offset": offset,
        "data": base64.b64encode(raw.tobytes()).decode(),
    }


def _static() -> bool:
    return "FPKIT_STATIC" in os.environ


class Widget(anywidget.AnyWidget):
    """A widget whose module also runs on a page without a kernel.

    Its ``module`` NAME is a folder that has this class in ``NAME.py`` and its drawing in
    ``NAME.js``.
    While the book is built (``FPKIT_STATIC`` is set) it shows itself as HTML that the page's
    loader brings to life; in Jupyter it is an ordinary widget.
    """

    module: str
    styles: tuple[str, ...] = ("shared/widgets",)
    fallback = (
        "This figure moves: it needs a browser with JavaScript, and the page must come from a web "
        "server."
    )
    data = traitlets.Dict().tag(sync=True)
    # Where a reader is, in a widget that moves through training.
    frame = traitlets.Int(0).tag(sync=True)
    member = traitlets.Int(0).tag(sync=True)

    # What a notebook is handed. A page loads these files by their addresses, so that while the book
    # is built they are not even read: a change of theirs is no reason to execute chapters again.
    @property
    def _esm(self) -> str:
        return "" if _static() else esm(self.module, self._folder)

    @property
    def _css(self) -> str:
        styles = () if _static() else self.styles
        files = (_located(f"{name}.css", self._folder) for name in styles)
        return "".join(file.read_text(encoding="utf-8") for file in files)

    @property
    def _folder(self) -> Path:
        return Path(inspect.getfile(type(self))).parents[1]

    def _repr_mimebundle_(self, **options: Any) -> Any:
        if not _static():
            return super()._repr_mimebundle_(**options)
        return {"text/html": self.to_html()}

    def to_html(self) -> str:
        """Return the widget as HTML for the static page."""
        # No "<" in the data, so that no label can end the script element or open another.
        data = json.dumps(self.data, separators=(",", ":")).replace("<", "\\u003c")
        places = {"frame": self.frame, "member": self.member}
        begin = "".join(f' data-{name}="{place}"' for name, place in places.items() if place)
        return (
            f'<div class="fp-widget" data-module="{html.escape(self.module)}"{begin}>'
            f'<p class="fp-fallback">{html.escape(self.fallback)}</p>'
            f'<script type="application/json">{data}</script></div>'
        )
