"""``{questions} CHAPTER``: the concept questions of a chapter, on its page."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from book.tools.course import questions


class Questions(SphinxDirective):
    """Ask the questions of the chapter that is named; an answer opens, and nothing is sent."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Read the questions, as MyST."""
        chapter = self.arguments[0]
        self.env.note_dependency(str(questions.path(chapter)))
        return self.parse_text_to_nodes(questions.on_page(questions.load(chapter)))


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("questions", Questions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
