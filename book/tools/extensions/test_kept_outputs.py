"""A small book is built again and again; only what must is executed again.

It takes a minute, since every build is one and starts kernels. All tests share the book.
"""

import io
from pathlib import Path
from unittest import mock

import pytest
from jupyter_cache import get_cache
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from book.tools.extensions import kept_outputs

# One book, built once.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kept outputs")]

CONF = """\
extensions = ["myst_nb", "book.tools.extensions.kept_outputs"]
exclude_patterns = ["_build"]
nb_execution_mode = "cache"
nb_output_stderr = "error"
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
    names = root.parent / "names"
    names.write_text("")
    built(root)
    return set(names.read_text().split())


def built(root):
    """Build the book, in which MyST-NB executes nothing; return its environment."""
    folders, warnings = (root, root, root / "_build/html", root / "_build/trees"), io.StringIO()
    with (
        docutils_namespace(),
        mock.patch("myst_nb.core.execute.cache.single_nb_execution", side_effect=AssertionError),
    ):
        app = Sphinx(*folders, "dummy", status=io.StringIO(), warning=warnings)
        app.build()
    assert warnings.getvalue() == ""
    return app.env


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


def test_the_longest_chapter_begins_first(book):
    """Which it is, the build before tells; of chapters that are new, the longest text may be."""
    records = get_cache(book / "_build" / "executed").list_cache_records()
    seconds = {Path(record.uri).stem: record.data["execution_seconds"] for record in records}
    new = {f"new_{size}": FILES["data.md"] + size * "a long text\n" for size in (1, 3, 2)}
    for name, text in new.items():
        (book / f"{name}.md").write_text(text)
    (book / "data" / "numbers.txt").write_text("3")
    (book / "tools" / "inner.py").write_text("# changed")
    with (
        mock.patch.object(kept_outputs, "execute", side_effect=KeyboardInterrupt) as execute,
        pytest.raises(KeyboardInterrupt),
    ):
        built(book)
    for name in new:
        (book / f"{name}.md").unlink()
    pages = [execution.page for execution in execute.call_args.args[0]]
    old = sorted(("data", "module"), key=seconds.get, reverse=True)
    assert pages == ["new_3", "new_2", "new_1", *old]
    assert ran(book) == {"data", "module"}


def test_what_was_finished_is_kept_and_shown_though_another_chapter_failed(book):
    (book / "data" / "numbers.txt").write_text("9")
    (book / "tools" / "inner.py").write_text("raise ValueError('a faulty tool')")
    with pytest.raises(SystemExit) as stopped:
        ran(book)
    log = book / "_build" / "failed" / "module.log"
    assert stopped.value.code.splitlines()[-2:] == [
        "module, line 9, code cell 1: ValueError: a faulty tool",
        f"    the whole log: {log}",
    ]
    assert "inner.py" in log.read_text()
    (book / "tools" / "inner.py").write_text("")
    assert ran(book) == {"module"}
    assert "'9'" in built(book).get_doctree("data").astext()
    assert not log.exists()


def test_what_is_written_to_stderr_is_an_error_every_time(book):
    (book / "tools" / "inner.py").write_text("import sys\nprint('Beware', file=sys.stderr)")
    for _ in range(2):
        with pytest.raises(SystemExit, match=r"module, .* cell 1: .* written to stderr: Beware"):
            ran(book)
    (book / "tools" / "inner.py").write_text("")
    assert ran(book) == {"module"}
