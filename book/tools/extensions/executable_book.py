"""What the book asks of Sphinx beyond its settings in ``_config.yml``.

1. While the book is built, kernels see ``FPKIT_STATIC=1``: widgets then are plain HTML, which
   works on a page without a kernel, and nothing draws a progress bar.
2. The download button hands over the executed chapter as a notebook (``.ipynb``) and as a script
   (``.py``); the links to Binder and Colab open the notebook.
3. The theme sends all of Font Awesome with every page, 0.8 MB compressed. Only the icons that
   occur in the built pages are kept.
4. The list of references is no ARIA list: docutils calls it one, but not its entries.
5. The role ``{run-time}`` says how long the cells of its chapter ran when they were last executed,
   and the directive ``{run-times}`` says it of all pages, by their titles.
6. Formulas are set when they come into view, by the parts of MathJax that this needs, and pages
   without formulas do not load it: all at once would block a long chapter for a second.
7. Neither pages nor notebooks keep the state of a kernel's widgets: these have brought their
   data already, so that this would be a second copy of them and of their program.
8. The theme loads the search index with every page, though only the search page reads it.
9. No line breaks within a date.
"""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from docutils import nodes
from docutils.parsers.rst.states import Inliner
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont
from jupyter_cache import get_cache
from myst_nb.ext.execution_tables import METADATA_KEY
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from book.tools.course.notebooks import handed_out
from book.tools.course.plain import Plain
from book.tools.extensions.repository import of_theme
from book.tools.repository import NOBODY

logger = logging.getLogger(__name__)


def offer_notebook(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Write the executed chapter as a notebook and as a script; point the buttons at them.

    Binder makes the notebooks beside the chapters (``binder/postBuild``); Colab, which runs
    nothing of ours, opens the one published with the pages on the branch ``gh-pages``.
    """
    if "ipynb_source" not in context:  # the theme sets it for notebooks only
        return
    repository = of_theme(app.config.html_theme_options)
    # What MyST-NB writes has the outputs only of chapters that ran in this build.
    written = Path(app.outdir).parent / "jupyter_execute" / f"{pagename}.ipynb"
    cache = get_cache(app.config.nb_execution_cache_path)
    _, notebook = cache.merge_match_into_notebook(nbformat.read(written, as_version=4))
    target = Path(app.outdir, "_sources", pagename)
    plain = Plain()
    notebook = handed_out(notebook, repository, plain)
    notebook.metadata.pop("widgets", None)
    nbformat.write(notebook, target.with_suffix(".ipynb"))
    del notebook.cells[0]  # a script is run where fpkit is
    jupytext.write(notebook, target.with_suffix(".py"), fmt="py:percent")

    groups = {button.get("label"): button for button in context["header_buttons"]}
    script = {
        "type": "link",
        "url": f"{context['pathto']('_sources', 1)}/{pagename}.py",
        "text": ".py",
        "tooltip": "Download as a script",
        "icon": "fas fa-code",
        "label": "download-script-button",
    }
    groups["download-buttons"]["buttons"].insert(1, script)
    if repository.owner == NOBODY:
        context["header_buttons"].remove(groups["launch-buttons"])
    for button in groups["launch-buttons"]["buttons"]:
        url = button["url"].replace(f"{pagename}.md", f"{pagename}.ipynb")
        if button["text"] == "Colab":
            url = url.replace(f"/blob/{repository.branch}/", "/blob/gh-pages/_sources/")
        button["url"] = url


# A rule of the theme's style sheet that draws icons: .fa-name:before{content:"code point"}
ICON_RULE = re.compile(r'((?:\.fa-[a-z0-9-]+:before,?)+)\{content:"[^"]+"\}')


def trim_icons(app: Sphinx, error: Exception | None) -> None:
    """Serve only the icons that the built pages use.

    The theme draws icons twice: with fonts, and with a script that replaces them by SVG. The fonts
    do by themselves, so the script becomes a comment. Style rules and glyphs of icons whose names
    occur in no page are removed. Sphinx puts the originals back whenever it writes a page.
    """
    static = Path(app.outdir, "_static")
    script = static / "scripts" / "fontawesome.js"
    note = "// Icons are drawn with fonts: see book/tools/extensions/executable_book.py\n"
    if error or app.builder.format != "html" or script.read_text(encoding="utf-8") == note:
        return

    used: set[str] = set()
    for path in (*Path(app.outdir).rglob("*.html"), static / "scripts" / "pydata-sphinx-theme.js"):
        used.update(re.findall(r"\bfa-[a-z0-9-]+", path.read_text(encoding="utf-8")))

    sheet = static / "styles" / "pydata-sphinx-theme.css"
    style = sheet.read_text(encoding="utf-8")
    style, rules = ICON_RULE.subn(
        lambda rule: rule[0] if used & set(re.findall(r"fa-[a-z0-9-]+", rule[1])) else "", style
    )
    style, sources = re.subn(r'url\([^)]*\.woff2\) format\("woff2"\),', "", style)
    fonts = sorted(static.glob("vendor/fontawesome/webfonts/*.ttf"))
    if rules < 1000 or sources != len(fonts):
        logger.warning("trim_icons does not know the icons of this version of the theme")
        return
    if missing := {name for name in used if f".{name}" not in style}:
        logger.warning("no such icons: %s", ", ".join(sorted(missing)))

    # Keep the glyphs of all characters that any style sheet mentions, plainly or as \f0c9.
    sheet.write_text(style, encoding="utf-8")
    styles = "".join(path.read_text(encoding="utf-8") for path in static.rglob("*.css"))
    codes = {int(code, 16) for code in re.findall(r"\\([ef][0-9a-f]{3})\b", styles)}
    codes |= {ord(character) for character in set(styles)}
    for path in fonts:
        font = TTFont(path)
        subsetter = Subsetter()
        subsetter.populate(unicodes=codes)
        subsetter.subset(font)
        font.save(path)
        path.with_suffix(".woff2").unlink()
    script.write_text(note, encoding="utf-8")


def leave_widget_states(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Let MyST-NB find no state of widgets that it could add to the page."""
    NbMetadataCollector.get_js_files(app.env, pagename).pop("ipywidgets_state", None)


# What the theme's layout loads for a search field that answers while one types; ours is none.
SEARCH_TOOLS = re.compile(
    r'\s*<script src="[^"]*(?:/searchtools|/language_data|searchindex)\.js"></script>'
)


def leave_search_tools(app: Sphinx, error: Exception | None) -> None:
    """Load what searches on the search page alone. No setting of the theme does this."""
    if error or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        page, scripts = SEARCH_TOOLS.subn("", path.read_text(encoding="utf-8"))
        if scripts and path.name != "search.html":
            path.write_text(page, encoding="utf-8")


def unlist_references(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Take the role away that a screen reader cannot make sense of."""
    if "body" in context:
        wrong = '<div role="list" class="citation-list">'
        context["body"] = context["body"].replace(wrong, '<div class="citation-list">')


def lighten_mathjax(app: Sphinx, config: Config) -> None:
    """Load MathJax in parts, without its menu; let it set formulas as they are scrolled to.

    It would enlarge them until an x is as high as in the text, by a fifth in the theme's font.
    """
    parts = ["core", "input/tex", "output/chtml", "a11y/assistive-mml", "ui/lazy"]
    config.mathjax_path = "mathjax/startup.js"
    config.mathjax3_config = {"loader": {"load": parts}, "chtml": {"matchFontHeight": False}}


def prepare_formulas(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Do without MathJax where nothing is a formula; let keys scroll what is too wide."""
    body = context.get("body", "")
    if 'class="math' in body:
        context["body"] = re.sub(r'<div (class="(?:\w+ )?math )', r'<div tabindex="0" \1', body)
    else:
        scripts = context["script_files"]
        context["script_files"] = [
            script for script in scripts if "mathjax" not in str(script.filename)
        ]


class RunTime(nodes.inline):
    """Stands for the run time of the page it is on, which is known once all pages are read."""


def run_time(
    name: str, rawtext: str, text: str, lineno: int, inliner: Inliner, **_: object
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """Parse the role; its text names the page for those who read the source."""
    return [RunTime(rawtext, text)], []


def fill_run_times(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the seconds that the build measured where the role stands."""
    for node in list(doctree.findall(RunTime)):
        data = NbMetadataCollector.get_exec_data(app.env, docname)
        if data is None or not data["runtime"]:
            logger.warning("no run time: the cells were not executed", location=node)
            continue
        node.replace_self(nodes.Text(f"{data['runtime']:.0f} seconds"))


class RunTimes(nodes.General, nodes.Element):
    """Stands for the run times of all pages."""


class RunTimesDirective(SphinxDirective):
    """Put the table of all run times where the directive stands."""

    def run(self) -> list[nodes.Node]:
        """Return the placeholder; MyST-NB updates the page whenever another one was executed."""
        NbMetadataCollector.set_doc_data(self.env, self.env.docname, METADATA_KEY, True)
        return [RunTimes()]


def fill_tables_of_run_times(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace the placeholders by tables: title, seconds, the day, and whether it went well."""
    for node in list(doctree.findall(RunTimes)):
        rows = []
        for page, kept in sorted(NbMetadataCollector.get_doc_data(app.env).items()):
            data = kept.get("exec_data")
            if not data:
                continue
            address = app.builder.get_relative_uri(docname, page)
            title = nodes.reference("", app.env.titles[page].astext(), refuri=address)
            day = datetime.fromtimestamp(data["mtime"], UTC).date().isoformat()
            seconds = "–" if data["runtime"] is None else f"{data['runtime']:.1f}"
            ended = "ok" if data["succeeded"] else "failed"
            rows.append([title, *map(nodes.Text, (seconds, day, ended))])
        node.replace_self(_table([nodes.Text(t) for t in RUN_TIMES], rows))


RUN_TIMES = ("page", "seconds", "executed on", "ended")


def _table(head: list[nodes.Node], rows: list[list[nodes.Node]]) -> nodes.table:
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in head), cols=len(head))
    for part, lines in ((nodes.thead(), [head]), (nodes.tbody(), rows)):
        for line in lines:
            part += nodes.row("", *(nodes.entry("", nodes.paragraph("", "", n)) for n in line))
        group += part
    return nodes.table("", group, classes=["colwidths-auto", "fp-run-times"])


DATE = re.compile(r"(\d{4}-\d\d-\d\d)")


def keep_dates_whole(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Mark dates in running text: the book's sheet keeps each in one line."""
    for text in list(doctree.findall(nodes.Text)):
        parts = DATE.split(text.astext())
        plain = isinstance(text.parent, nodes.paragraph | nodes.emphasis | nodes.strong)
        if len(parts) > 1 and plain:
            marked = [
                nodes.inline("", part, classes=["fp-date"]) if i % 2 else nodes.Text(part)
                for i, part in enumerate(parts)
                if part
            ]
            text.parent.replace(text, marked)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the above to the build."""
    os.environ["FPKIT_STATIC"] = "1"
    app.add_role("run-time", run_time)
    app.add_node(RunTimes)
    app.add_directive("run-times", RunTimesDirective)
    app.connect("config-inited", lighten_mathjax, priority=400)  # MyST adds to the settings
    app.connect("doctree-resolved", fill_run_times)
    app.connect("doctree-resolved", fill_tables_of_run_times)
    app.connect("doctree-resolved", keep_dates_whole)
    app.connect("html-page-context", offer_notebook, priority=900)  # after the theme's buttons
    app.connect("html-page-context", leave_widget_states, priority=400)  # before MyST-NB
    app.connect("html-page-context", unlist_references)
    app.connect("html-page-context", prepare_formulas, priority=900)
    app.connect("build-finished", trim_icons)
    app.connect("build-finished", leave_search_tools)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
