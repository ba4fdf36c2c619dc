"""What the page for teachers and the chapters' *Test yourself* are made from.

At its end a build also writes ``course.zip``, what students are handed.

``{questions} CHAPTER`` asks a chapter's concept questions, ``{lecture-plan}`` is the timetable of
the lecture, ``{projects}`` and ``{outcomes}`` list what students can do, and what shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from book.tools.course import handout, lecture, outcomes, projects, questions
from book.tools.repository import configured
from fpkit.reproduce import chapters

# By the name of a directive: the file that it depends on, and its text.
WRITTEN: dict[str, Callable[..., tuple[Path, str]]] = {
    "questions": lambda chapter: (
        questions.path(chapter),
        questions.on_page(questions.load(chapter)),
    ),
    "lecture-plan": lambda: (lecture.PLAN, lecture.timetable(lecture.plan())),
    "projects": lambda: (projects.PROJECTS, projects.on_page(projects.load())),
    "outcomes": lambda: (outcomes.OUTCOMES, outcomes.on_page(outcomes.load())),
}


class Written(SphinxDirective):
    """A directive whose content is MyST that is written elsewhere."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Read the text."""
        path, text = WRITTEN[self.name](*self.arguments)
        self.env.note_dependency(str(path))
        return self.parse_text_to_nodes(text)


def hand_out(app: Sphinx, error: Exception | None) -> None:
    """Write the students' notebooks beside the pages, unless no page has changed since."""
    target = Path(app.outdir, "course.zip")
    pages = chapters.book().glob("*/*.*")
    newest = max(path.stat().st_mtime for path in pages if path.suffix in {".md", ".yml", ".py"})
    if error or app.builder.format != "html":
        return
    if not target.exists() or target.stat().st_mtime < newest:
        handout.write(target, configured()[1])


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directives."""
    for name in WRITTEN:
        app.add_directive(name, Written)
    app.connect("build-finished", hand_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
