"""A small book is built again and again; only what must is executed again."""

import io
from pathlib import Path

import pytest
from myst_nb.core.execute import ExecutionError
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

CONF = """\
extensions = ["myst_nb", "kept_outputs"]
exclude_patterns = ["_build"]
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
"""
CHAPTER = """\
---
jupytext: {{text_representation: {{extension: .md, format_name: myst}}}}
kernelspec: {{name: python3, display_name: Python 3}}
---

# Chapter

```{{code-cell}} ipython3
{code}
```

```{{code-cell}} ipython3
open("../names", "a").write("{name} ")
```
"""
# What each chapter does, in the folder of the book.
CODE = {
    "module": "from tools import tool\ntool.use()",
    "data": "open('data/numbers.txt').read()",
    "folder": "import os\nos.listdir('data')",
    "missing": "import contextlib\nwith contextlib.suppress(OSError):\n    open('to come')",
    "forked": "import os\nif os.fork():\n    os.wait()\nelse:\n    open('aside')\n    os._exit(0)",
}
FILES = {
    "tools/__init__.py": "",
    "tools/tool.py": "def use():\n    from . import inner",
    "tools/inner.py": "",
    "tools/other.py": "",
    "data/numbers.txt": "1",
    "aside": "",
    "requirements.txt": "",
    "conf.py": CONF,
    "index.md": "# Book\n\n```{toctree}\n" + "\n".join(CODE) + "\n```",
    **{f"{name}.md": CHAPTER.format(name=name, code=code) for name, code in CODE.items()},
}

pytestmark = pytest.mark.xdist_group("kept outputs")  # one book, built once


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Return the folder of a book that is built."""
    root = tmp_path_factory.mktemp("project") / "book"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", "")  # the build sets it, and it is put back
        assert ran(root) == set(CODE)
        yield root


def ran(root):
    """Build the book; return the names of the chapters that were executed."""
    names, built, warnings = root.parent / "names", root / "_build", io.StringIO()
    names.write_text("")
    folders = root, root, built / "html", built / "trees"
    with docutils_namespace():
        Sphinx(*folders, "dummy", status=io.StringIO(), warning=warnings).build()
    assert warnings.getvalue() == ""
    return set(names.read_text().split())


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("tools/tool.py", {"module"}),
        ("tools/inner.py", {"module"}),  # imported late
        ("tools/other.py", set()),
        ("tools/new.py", set()),
        ("data/numbers.txt", {"data"}),
        ("data/new.txt", {"folder"}),
        ("to come", {"missing"}),
        ("aside", {"forked"}),
        ("requirements.txt", set(CODE)),
        ("data.md", set()),  # its text
    ],
)
def test_chapters_run_again_that_used_what_changed(book, changed, again):
    assert ran(book) == set()
    with (book / changed).open("a") as file:
        file.write("\n# changed\n")
    assert ran(book) == again
    assert ran(book) == set()


def test_a_chapter_runs_again_whose_code_changes(book):
    (book / "data.md").write_text(FILES["data.md"].replace("read()", "read(1)"))
    assert ran(book) == {"data"}


def test_a_chapter_runs_again_that_used_what_is_gone(book):
    (book / "to come").write_text("It came.")
    assert ran(book) == {"missing"}
    (book / "to come").unlink()
    assert ran(book) == {"missing"}


def cut(path):
    path.write_text(path.read_text()[:-40])


@pytest.mark.parametrize("damage", [cut, Path.unlink, lambda path: path.write_text("[1]\n")])
def test_a_chapter_runs_again_whose_list_is_damaged_or_gone(book, damage):
    used = book / "_build" / "executed" / "used"
    [of_data] = [path for path in used.iterdir() if "numbers.txt" in path.read_text()]
    damage(of_data)
    assert ran(book) == {"data"}
    assert len(list(used.iterdir())) == len(CODE)


def test_what_was_finished_is_kept_when_a_build_ends_early(book):
    (book / "data" / "numbers.txt").write_text("2")
    (book / "tools" / "inner.py").write_text("raise ValueError")
    with pytest.raises(ExecutionError):
        ran(book)
    (book / "tools" / "inner.py").write_text("")
    assert ran(book) == {"module"}
