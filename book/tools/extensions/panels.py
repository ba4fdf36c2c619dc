"""On a phone the panels of a wide figure stand below one another, and no text is under 10 pixels.

A figure is an SVG that Matplotlib drew for a wide page. One that is a little too wide shrinks as a
whole: its panels stay where its caption says that they are. Of a wider one the page says, beside
it, which parts of the same file a narrow page shows, each through a window of its own. Nothing is
loaded twice. A panel that shares its neighbour's scale gets a strip of that neighbour with the
numbers. A panel that is still too wide for its text scrolls in its box.

What is read of the SVG are the boxes of its axes and of what stands beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from sphinx.application import Sphinx

__all__ = ["Box", "Panel", "panels"]

SMALLEST = 10  # pixels that the smallest text of a figure has on a narrow page
NARROW = 358  # pixels that a page of 390 has for a figure
GROWN = 1.1  # how much larger than on a wide page a panel may be that has a row to itself
MARGIN = 3.0  # points around what is shown
IMAGE = re.compile(r'<img [^>]*src="(?P<src>[^"]*_images/[^"]+\.svg)"[^>]*>')
ALT = re.compile(r'alt="([^"]*)"')
NUMBER = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?")
TRANSFORM = re.compile(r"(\w+)\(([^)]*)\)")
SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
PIXELS = 4 / 3  # a point on a page

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True)
class Box:
    """A part of a drawing: its left, top, right and bottom, in points."""

    left: float
    top: float
    right: float
    bottom: float

    def join(self, other: Box) -> Box:
        """Return the smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def cut(self, other: Box) -> Box:
        """Return what lies in both; without area if nothing does."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        return Box(
            left,
            top,
            max(left, min(self.right, other.right)),
            max(top, min(self.bottom, other.bottom)),
        )


@dataclass(frozen=True)
class Panel:
    """What one window shows, and the strip of a neighbour that is shown at its left."""

    box: Box
    scale: Box | None = None


@dataclass(frozen=True)
class _Axes:
    """All of one pair of axes, its plot area if it has one, and if numbers stand at its left."""

    box: Box
    area: Box | None
    numbered: bool


def panels(svg: str) -> tuple[Box, float, list[Panel]]:
    """Return the box of a drawing, the size of its smallest text in points, and its panels."""
    root = ElementTree.fromstring(svg)
    whole = Box(0, 0, *map(float, root.attrib["viewBox"].split()[2:]))
    clips = {
        path.attrib["id"]: _rectangle(path[0])
        for path in root.iter(f"{SVG}clipPath")
        if path[0].tag == f"{SVG}rect"
    }
    marks = {
        path.attrib["id"]: _around(_boxes(path, IDENTITY, {}, {}))
        for defs in root.iter(f"{SVG}defs")
        for path in defs.iter(f"{SVG}path")
        if "id" in path.attrib and path.get("d")
    }
    sizes = [float(size) for size in re.findall(r"scale\((0\.\d+) -0", svg)]
    figure = next(group for group in root.iter(f"{SVG}g") if group.get("id") == "figure_1")
    axes, others = [], []
    for group in figure:
        boxes = list(_boxes(group, IDENTITY, clips, marks))
        name = group.get("id", "")
        if not boxes or name == "patch_1":  # the ground of the whole figure
            continue
        if name.startswith("axes_"):
            axes.append(_axes(group, _around(boxes), clips))
        else:
            others.append(_around(boxes))
    leaves = list(_split([*(one.box for one in axes), *others]))
    return whole, 100 * min(sizes, default=0.1), [_panel(leaf, axes, whole) for leaf in leaves]


def _axes(group: ElementTree.Element, box: Box, clips: dict[str, Box]) -> _Axes:
    ground, upright = _named(group, "patch_"), _named(group, "matplotlib.axis_")[1:]
    area = _around(_boxes(ground[0], IDENTITY, clips, {})) if ground and upright else None
    return _Axes(box, area, any(_named(axis.iter(), "text_") for axis in upright))


def _named(elements: Iterable[ElementTree.Element], name: str) -> list[ElementTree.Element]:
    return [element for element in elements if element.get("id", "").startswith(name)]


def _panel(leaf: Box, axes: list[_Axes], whole: Box) -> Panel:
    """Return a window with some margin, and the numbers of a neighbour that it shares."""
    wider = Box(leaf.left - MARGIN, leaf.top - MARGIN, leaf.right + MARGIN, leaf.bottom + MARGIN)
    shown = wider.cut(whole)
    inside = [one for one in axes if one.box.cut(leaf) == one.box]
    if not inside or any(one.numbered for one in inside):
        return Panel(shown)
    area, strip = inside[0].area, None
    for one in axes:
        if area and one.area and one.numbered and _beside(one.area, area):
            strip = Box(one.box.left - MARGIN, shown.top, one.area.left, shown.bottom).cut(whole)
    if not area or not strip:
        return Panel(shown)
    return Panel(Box(area.left - 1, shown.top, shown.right, shown.bottom), strip)


def _beside(left: Box, right: Box) -> bool:
    """Whether a plot area stands at the left of another, as high and as low."""
    rows = abs(left.top - right.top), abs(left.bottom - right.bottom)
    return left.right < right.left and max(rows) < 1


def _split(boxes: list[Box]) -> Iterator[Box]:
    """Yield groups of boxes with white lines between them: rows first, then columns."""
    for start, end in (("top", "bottom"), ("left", "right")):
        groups: list[list[Box]] = []
        reach = float("-inf")
        for box in sorted(boxes, key=lambda box: float(getattr(box, start))):
            if getattr(box, start) > reach:
                groups.append([])
            groups[-1].append(box)
            reach = max(reach, getattr(box, end))
        if len(groups) > 1:
            for group in groups:
                yield from _split(group)
            return
    yield _around(boxes)


def _around(boxes: Iterable[Box]) -> Box:
    first, *rest = boxes
    for box in rest:
        first = first.join(box)
    return first


def _rectangle(element: ElementTree.Element) -> Box:
    x, y, width, height = (float(element.get(name, 0)) for name in ("x", "y", "width", "height"))
    return Box(x, y, x + width, y + height)


def _boxes(
    element: ElementTree.Element, outer: Matrix, clips: dict[str, Box], marks: dict[str, Box]
) -> Iterator[Box]:
    """Yield the box of everything drawn in an element, cut where it is clipped."""
    matrix = _times(outer, _matrix(element.get("transform", "")))
    corners: list[tuple[float, float]] = []
    if element.tag == f"{SVG}path":
        numbers = [float(number) for number in NUMBER.findall(element.get("d", ""))]
        corners = list(zip(numbers[::2], numbers[1::2], strict=False))
    elif element.tag == f"{SVG}use":
        x, y = float(element.get("x", 0)), float(element.get("y", 0))
        if "x" in element.attrib:
            mark = marks.get(element.get(HREF, "")[1:], Box(0, 0, 0, 0))
            corners = [(x + mark.left, y + mark.top), (x + mark.right, y + mark.bottom)]
        else:  # a letter, in hundredths of its size
            corners = [(0, -20), (70, 80)]
    elif element.tag == f"{SVG}image":
        box = _rectangle(element)
        corners = [(box.left, box.top), (box.right, box.bottom)]
    if corners:
        places = [_apply(matrix, corner) for corner in corners]
        xs, ys = [x for x, _ in places], [y for _, y in places]
        box = Box(min(xs), min(ys), max(xs), max(ys))
        clip = element.get("clip-path", "")[5:-1]
        yield box.cut(clips[clip]) if clip in clips else box
    for child in element:
        if child.tag != f"{SVG}defs":
            yield from _boxes(child, matrix, clips, marks)


def _matrix(text: str) -> Matrix:
    found = IDENTITY
    for name, arguments in TRANSFORM.findall(text):
        values = [float(number) for number in NUMBER.findall(arguments)]
        found = _times(found, _one(name, values))
    return found


def _one(name: str, values: list[float]) -> Matrix:
    """Return the matrix of one of the transforms that Matplotlib writes."""
    match name:
        case "translate":
            return (1, 0, 0, 1, values[0], values[1] if len(values) > 1 else 0)
        case "scale":
            return (values[0], 0, 0, values[-1], 0, 0)
        case "matrix":
            return (values[0], values[1], values[2], values[3], values[4], values[5])
        case "rotate" if values[0] % 90 == 0:
            cosine, sine = ((1, 0), (0, 1), (-1, 0), (0, -1))[round(values[0] / 90) % 4]
            return (cosine, sine, -sine, cosine, 0, 0)
        case "rotate":
            return IDENTITY  # oblique text: where it begins is near enough
    raise ValueError(f"transform: expected one that Matplotlib writes, got {name!r}")


def _times(a: Matrix, b: Matrix) -> Matrix:
    return (
        a[0] * b[0] + a[2] * b[1],
        a[1] * b[0] + a[3] * b[1],
        a[0] * b[2] + a[2] * b[3],
        a[1] * b[2] + a[3] * b[3],
        a[0] * b[4] + a[2] * b[5] + a[4],
        a[1] * b[4] + a[3] * b[5] + a[5],
    )


def _apply(m: Matrix, place: tuple[float, float]) -> tuple[float, float]:
    x, y = place
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def html(source: str, words: str, svg: str) -> str:
    """Return the windows of a figure for narrow pages; none if it can be read there as it is."""
    whole, text, found = panels(svg)
    least = SMALLEST / (text * PIXELS)
    if whole.right * PIXELS * least <= NARROW:
        return ""
    windows, scrolls = [], False
    for number, panel in enumerate(found, 1):
        alt = words if len(found) == 1 else f"{words} Panel {number} of {len(found)}."
        parts = [(alt, panel.box)]
        if panel.scale:
            parts.insert(0, ("The scale of the panel.", panel.scale))
        wide = sum(box.right - box.left for _, box in parts)
        images = "".join(_window(source, told, box, whole, wide) for told, box in parts)
        scrolls = scrolls or wide * PIXELS * least > NARROW
        beside = max(1, min(len(found), int(NARROW / (wide * PIXELS * least))))  # in one row
        most = wide * PIXELS * (GROWN if beside == 1 else 1)
        size = f"clamp({wide * PIXELS * least:.0f}px, {100 / beside:.4g}%, {most:.0f}px)"
        windows.append(f'<span class="fp-window" style="width: {size}">{images}</span>')
    return f'<span class="fp-windows"{" tabindex=0" * scrolls}>{"".join(windows)}</span>'


def _window(source: str, alt: str, box: Box, whole: Box, wide: float) -> str:
    width, height = box.right - box.left, box.bottom - box.top
    style = (
        f"width: {100 * whole.right / width:.3f}%; left: {-100 * box.left / width:.3f}%; "
        f"top: {-100 * box.top / height:.3f}%"
    )
    shape = f"width: {100 * width / wide:.3f}%; aspect-ratio: {width:.2f} / {height:.2f}"
    return f'<span style="{shape}"><img src="{source}" alt="{escape(alt)}" style="{style}"></span>'


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def add_windows(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Put the windows of every drawn figure of a page behind it."""
    if "body" not in context:
        return
    images = app.env.images.items()
    files = {file: Path(app.srcdir, source) for source, (_, file) in images}

    def both(match: re.Match[str]) -> str:
        alt = ALT.search(match[0])
        svg = _read(files[Path(match["src"]).name])
        if "figure_1" not in svg:
            return match[0]
        windows = html(match["src"], unescape(alt[1]) if alt else "", svg)
        return f'<span class="fp-drawn">{match[0]}{windows}</span>' if windows else match[0]

    context["body"] = IMAGE.sub(both, context["body"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the above to the build."""
    app.connect("html-page-context", add_windows)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
