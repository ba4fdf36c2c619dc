"""Docstrings are written to be read as they are; Sphinx reads some of their signs as markup.

Formulas hold bars and stars, as in |F[f]|² and a*: they are escaped, outside of `code` and *words*.
"""

import re

from sphinx.application import Sphinx

SIGNS = re.compile(r"(``.*?``|`.*?`|\*[a-z ]+\*)|([|*]|(?<=\w)_(?!\w))", re.DOTALL)


def escape(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """Escape signs of formulas in a docstring, which is changed in place."""
    text = SIGNS.sub(lambda sign: sign[1] or f"\\{sign[2]}", "\n".join(lines))
    lines[:] = text.split("\n")


def setup(app: Sphinx) -> dict[str, bool]:
    """Escape before napoleon reads the sections."""
    app.connect("autodoc-process-docstring", escape, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
