"""What the page for teachers and the chapters' *Test yourself* are made from.

At its end a build also writes ``course.zip``, what students are handed.

``{questions} CHAPTER`` asks a chapter's concept questions, ``{lecture-plan}`` is the timetable of
the lecture, ``{projects}`` and ``{outcomes}`` list what students can do, and what shows it.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from book.tools.course import handout, lecture, outcomes, projects, questions
from book.tools.repository import configured
from fpkit.reproduce import chapters


class _Written(SphinxDirective):
    """A directive whose content is MyST that is written elsewhere."""

    def written(self) -> tuple[Path, str]:
        """Return the file that it depends on, and the text."""
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        """Read the text."""
        path, text = self.written()
        self.env.note_dependency(str(path))
        return self.parse_text_to_nodes(text)


class Questions(_Written):
    """The concept questions of the chapter that is named; nothing is sent."""

    required_arguments = 1

    def written(self) -> tuple[Path, str]:
        """Return them with answers that open."""
        chapter = self.arguments[0]
        return questions.path(chapter), questions.on_page(questions.load(chapter))


class LecturePlan(_Written):
    """The timetable of the lecture."""

    def written(self) -> tuple[Path, str]:
        """Return it as a table."""
        return lecture.PLAN, lecture.timetable(lecture.plan())


class Projects(_Written):
    """The projects, and the questions with a seed."""

    def written(self) -> tuple[Path, str]:
        """Return them, each folded."""
        return projects.PROJECTS, projects.on_page(projects.load())


class Outcomes(_Written):
    """The map from objectives to sections and exercises."""

    def written(self) -> tuple[Path, str]:
        """Return it, a table for each chapter."""
        return outcomes.OUTCOMES, outcomes.on_page(outcomes.load())


DIRECTIVES: dict[str, type[SphinxDirective]] = {
    "questions": Questions,
    "lecture-plan": LecturePlan,
    "projects": Projects,
    "outcomes": Outcomes,
}


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
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    app.connect("build-finished", hand_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
