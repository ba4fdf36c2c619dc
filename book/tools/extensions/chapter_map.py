"""The map of the chapters, and each chapter's line on what it needs and where it leads.

``{chapter-map}`` draws one row for each chapter under the captions of the parts. Its content has a
paragraph for each part, as YAML. The lines at the left are drawn by the page's own SVG, one piece
for each row, so that rows may be as high as their text.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from book.tools.contents import Part, lanes, leads_to, needs, parts, with_links

STEP = 18  # pixels from lane to lane
DOT = 14  # pixels from the top of a row to its dot


class ChapterMap(nodes.General, nodes.Element):
    """Stands for the map until all titles are known."""


class ChapterMapDirective(SphinxDirective):
    """Read the paragraphs of the parts."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the placeholder; an error if the captions are not those of the contents."""
        words = yaml.safe_load("\n".join(self.content))
        drawn = [part for part in parts() if set(part.chapters) & needs().keys()]
        if list(words) != [part.caption for part in drawn]:
            raise self.error(f"expected the parts {[part.caption for part in drawn]}")
        node = ChapterMap()
        node["words"] = words
        return [node]


def name_neighbours(app: Sphinx) -> None:
    """Fill in the line of each chapter; what all of them need is read once in a build."""
    needed = needs()

    def fill_in(app: Sphinx, docname: str, source: list[str]) -> None:
        source[0] = with_links(source[0], Path(docname).name, needed)

    app.connect("source-read", fill_in)


def draw_maps(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Draw each map as HTML."""
    for node in list(doctree.findall(ChapterMap)):
        node.replace_self(nodes.raw("", _html(app, docname, node["words"]), format="html"))


def _html(app: Sphinx, docname: str, words: dict[str, str]) -> str:
    drawn = [part for part in parts() if part.caption in words]
    rows: list[Part | str] = []
    for part in drawn:
        rows += [part, *part.chapters]
    order = [row.caption if isinstance(row, Part) else row for row in rows]
    needed = needs()
    lane = lanes(order, needed)
    width = STEP * (max(lane.values()) + 2)
    html = []
    for row, name in zip(rows, order, strict=True):
        lines = _lines(name, order, needed, lane, width)
        text = _part(row, words) if isinstance(row, Part) else _chapter(app, docname, row, needed)
        html.append(
            f'<li class="{"fp-map-part" if isinstance(row, Part) else "fp-map-chapter"}">'
            f'<svg width="{width}" aria-hidden="true">{lines}</svg>'
            f'<div style="margin-left: {width + 8}px">{text}</div></li>'
        )
    return f'<ol class="fp-map">{"".join(html)}</ol>'


def _part(part: Part, words: dict[str, str]) -> str:
    return f"<h2>{escape(part.caption)}</h2><p>{escape(words[part.caption])}</p>"


def _chapter(app: Sphinx, docname: str, name: str, needed: dict[str, tuple[str, ...]]) -> str:
    def link(other: str) -> str:
        target = f"book/{other}/{other}"
        if target not in app.env.titles:
            raise ExtensionError(f"the map needs the page {target}")
        number = app.env.toc_secnumbers.get(target, {}).get("")
        title = escape(app.env.titles[target].astext())
        shown = f"{number[0]}. {title}" if number else title
        return f'<a href="{app.builder.get_relative_uri(docname, target)}">{shown}</a>'

    before = ", ".join(app.env.titles[f"book/{other}/{other}"].astext() for other in needed[name])
    after = f'<small class="fp-map-needs">after: {escape(before)}</small>' if before else ""
    return f"{link(name)} {after}"


def _lines(
    name: str,
    order: list[str],
    needed: dict[str, tuple[str, ...]],
    lane: dict[str, int],
    width: int,
) -> str:
    """Return the lines of one row: lanes that pass, those that end or branch off, and the dot."""
    here, dot = order.index(name), width - STEP / 2
    drawn = []
    for source, number in lane.items():
        later = [order.index(other) for other in leads_to(source, needed)]
        first, last, x = order.index(source), max(later), STEP * (number + 0.5)
        if first < here < last:
            drawn.append(f'<line x1="{x}" x2="{x}" y1="0" y2="100%"/>')
        if here == last:
            drawn.append(f'<line x1="{x}" x2="{x}" y1="0" y2="{DOT - 8}"/>')
        if here in later:
            curve = f"M{x},{DOT - 8}Q{x},{DOT} {x + 8},{DOT}H{dot}"
            drawn.append(f'<path d="{curve}"/>')
        if here == first:
            drawn.append(f'<path d="M{dot},{DOT}H{x + 8}Q{x},{DOT} {x},{DOT + 8}"/>')
            drawn.append(f'<line x1="{x}" x2="{x}" y1="{DOT + 8}" y2="100%"/>')
    if name in needed:
        drawn.append(f'<circle cx="{dot}" cy="{DOT}" r="5"/>')
    return "".join(drawn)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the above to the build."""
    app.add_node(ChapterMap)
    app.add_directive("chapter-map", ChapterMapDirective)
    app.connect("builder-inited", name_neighbours)
    app.connect("doctree-resolved", draw_maps)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
